//! `chancery dyad`: what there is between two actors, over time, and in two windows.

use std::str::FromStr;

use clap::ValueEnum;

use super::exit::CliError;
use super::question::{self, RecordArgs, ScopeArgs};
use super::table::Table;
use super::terminal;
use crate::graph::{Term, View};
use crate::model::{Date, Window};
use crate::query::answer::{CompareAnswer, DirectionAnswer, DyadAnswer, QuadCounts, SeriesAnswer};
use crate::query::{
    Bin, CompareQuestion, DyadQuestion, HALF_LIFE_DEFAULT, HALF_LIFE_MAX, OfLinks, Scope,
    SeriesQuestion, compare, dyad, series,
};

/// How wide the bins of a series are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum BinChoice {
    /// Days
    Day,
    /// Weeks from Monday to Sunday
    Week,
    /// Calendar months
    Month,
    /// Quarters of a year
    Quarter,
    /// Calendar years
    Year,
}

impl From<BinChoice> for Bin {
    fn from(choice: BinChoice) -> Self {
        match choice {
            BinChoice::Day => Self::Day,
            BinChoice::Week => Self::Week,
            BinChoice::Month => Self::Month,
            BinChoice::Quarter => Self::Quarter,
            BinChoice::Year => Self::Year,
        }
    }
}

/// The window compared with: two dates with a comma between.
#[derive(Clone, Debug)]
struct Base(Window);

impl FromStr for Base {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (from, to) = text
            .split_once(',')
            .ok_or("is not a pair of dates such as 2023-02,2023-02")?;
        let date = |text: &str| Date::parse_bound(text).map_err(|error| error.to_string());
        let window = Window::new(Some(&date(from)?), Some(&date(to)?));
        window.map(Self).map_err(|error| error.to_string())
    }
}

/// Show the records between two actors: in total, over time, or compared in two windows
#[derive(Debug, clap::Args)]
pub(super) struct DyadArgs {
    /// The first actor: an id, code, name, alias or office
    a: String,
    /// The second actor: an id, code, name, alias or office
    b: String,
    #[command(flatten)]
    record: RecordArgs,
    #[command(flatten)]
    scope: ScopeArgs<OfLinks>,
    /// Show counts over time, in bins of this width
    #[arg(long, env = "CHANCERY_SERIES", value_enum, value_name = "WIDTH")]
    series: Option<BinChoice>,
    /// The half-life of the intensity of a series: the number of days after which the weight of a record is
    /// halved
    #[arg(long, env = "CHANCERY_HALF_LIFE", value_name = "DAYS", default_value_t = HALF_LIFE_DEFAULT,
          value_parser = half_life)]
    half_life: usize,
    /// Compare the window from --from to --to with this base window: two dates (EDTF), separated by a comma
    #[arg(
        long,
        env = "CHANCERY_COMPARE",
        value_name = "FROM,TO",
        conflicts_with = "series"
    )]
    compare: Option<Base>,
}

pub(super) fn run(args: &DyadArgs) -> Result<(), CliError> {
    let scope = args.scope.scope();
    let view = args.record.view()?;
    let a = question::actor(&view, scope.window, &args.a)?;
    let b = question::actor(&view, scope.window, &args.b)?;
    match (&args.compare, args.series) {
        (Some(base), _) => run_compare(args, &view, (a, b), scope, base.0),
        (None, Some(bin)) => run_series(args, &view, (a, b), scope, bin.into()),
        (None, None) => {
            let answer = dyad(&view, &DyadQuestion { a, b, scope });
            question::print(args.scope.format, &answer, || summary(&answer))?;
            question::say_left_out(&answer.meta);
            Ok(())
        }
    }
}

fn run_series(
    args: &DyadArgs,
    view: &View,
    (a, b): (Term, Term),
    scope: Scope,
    bin: Bin,
) -> Result<(), CliError> {
    let question = SeriesQuestion {
        a,
        b,
        scope,
        bin,
        half_life: args.half_life,
    };
    let answer = series(view, &question).map_err(|error| CliError::Usage {
        problem: error.to_string(),
        remedy: "ask for wider bins with --series, or give --from and --to".into(),
    })?;
    question::print(args.scope.format, &answer, || bins(&answer))?;
    for change in &answer.change_points {
        terminal::say(format_args!(
            "{}: {} from {} to {} records a day",
            change.day, change.direction, change.before, change.after
        ));
    }
    question::say_left_out(&answer.meta);
    Ok(())
}

fn run_compare(
    args: &DyadArgs,
    view: &View,
    (a, b): (Term, Term),
    scope: Scope,
    base: Window,
) -> Result<(), CliError> {
    if scope.window.lo() == Window::ALL.lo() || scope.window.hi() == Window::ALL.hi() {
        return Err(CliError::Usage {
            problem: "--compare compares two windows, and one of them has no end".into(),
            remedy: "also give --from and --to".into(),
        });
    }
    let answer = compare(view, &CompareQuestion { a, b, scope, base });
    question::print(args.scope.format, &answer, || items(&answer))?;
    question::say_left_out(&answer.meta);
    Ok(())
}

fn half_life(text: &str) -> Result<usize, String> {
    let days = text.parse().ok();
    days.filter(|days| (1..=HALF_LIFE_MAX).contains(days))
        .ok_or_else(|| format!("is not a number from 1 to {HALF_LIFE_MAX}"))
}

fn quads(quad: &QuadCounts) -> [String; 5] {
    [
        quad.verbal_cooperation,
        quad.material_cooperation,
        quad.verbal_conflict,
        quad.material_conflict,
        quad.uncoded,
    ]
    .map(|count| count.to_string())
}

/// A mean; of nothing an empty cell.
fn mean(mean: Option<f64>) -> String {
    mean.map(|mean| mean.to_string()).unwrap_or_default()
}

/// A row for each direction.
fn summary(answer: &DyadAnswer<'_>) -> Table<9> {
    let mut table = Table::new([
        "direction",
        "records",
        "verbal coop.",
        "material coop.",
        "verbal confl.",
        "material confl.",
        "uncoded",
        "goldstein",
        "types",
    ]);
    let mut push = |from: &str, to: &str, sign: &str, of: &DirectionAnswer| {
        let [cooperation, aid, words, force, uncoded] = quads(&of.quad);
        let types = of
            .types
            .by_word()
            .into_iter()
            .map(|(name, count)| format!("{name} {count}"));
        table.push([
            format!("{from} {sign} {to}"),
            of.records.to_string(),
            cooperation,
            aid,
            words,
            force,
            uncoded,
            mean(of.goldstein_mean),
            types.collect::<Vec<_>>().join(", "),
        ]);
    };
    let (a, b) = (&answer.a.id, &answer.b.id);
    push(a, b, "→", &answer.a_to_b);
    push(b, a, "→", &answer.b_to_a);
    push(a, b, "–", &answer.together);
    table
}

/// A row for each bin.
fn bins(answer: &SeriesAnswer<'_>) -> Table<11> {
    let mut table = Table::new([
        "from",
        "to",
        "records",
        "verbal coop.",
        "material coop.",
        "verbal confl.",
        "material confl.",
        "a → b",
        "b → a",
        "together",
        "intensity",
    ]);
    for bin in &answer.bins {
        let [a, b, c, d, _] = quads(&bin.quad);
        table.push([
            bin.from.to_string(),
            bin.to.to_string(),
            bin.count.to_string(),
            a,
            b,
            c,
            d,
            bin.a_to_b.count.to_string(),
            bin.b_to_a.count.to_string(),
            bin.together.count.to_string(),
            bin.intensity.to_string(),
        ]);
    }
    table
}

/// A row for each number in the two windows.
fn items(answer: &CompareAnswer<'_>) -> Table<7> {
    let mut table = Table::new([
        "key",
        "value",
        "base",
        "window",
        "base/day",
        "window/day",
        "change",
    ]);
    for item in &answer.items {
        table.push([
            item.key.to_owned(),
            // Counts of all have no value.
            item.value.as_deref().unwrap_or_default().to_owned(),
            item.base.count.to_string(),
            item.window.count.to_string(),
            item.base.per_day.to_string(),
            item.window.per_day.to_string(),
            item.change.to_owned(),
        ]);
    }
    table
}
