//! The periods of ties and of names: on which days they hold because a source says so, and on which
//! nobody says that they ended, or had begun.
//!
//! `api-docs/names.md` has the table of all forms of `since` and `until`.

use super::date::{Date, Day};

/// Days from a first to a last, both included.
pub type DayRange = (Day, Day);

/// On which days a tie or a name holds. Three answers, each surer than the one before:
///
/// - *assumed*: no source speaks of the day, and none says that the tie had ended or not begun;
/// - it *may* hold: the day lies within what the source gives;
/// - it *certainly* holds, however imprecise the ends are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The days on which it may hold; `None` when no source dates it.
    may: Option<DayRange>,
    /// The days on which it certainly holds, among those.
    certain: Option<DayRange>,
    /// Whether it is assumed before these days.
    before: bool,
    /// The last day on which it is assumed afterwards; `None` when it is not.
    after: Option<Day>,
}

/// How a period holds on some days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tenure {
    /// On none of them by a source, but none says otherwise.
    Assumed,
    /// On some of them, by a source.
    Known,
}

impl Tenure {
    /// The word of the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Known => "known",
        }
    }
}

impl Period {
    /// The period of a tie from `since` to `until`. In `since`, `../X` and `[..X]` mean "no later than
    /// X": a source shows the tie on X, none before. In `until`, `X/..` and `[X..]` mean "no earlier than
    /// X".
    pub fn new(since: Option<&Date>, until: Option<&Date>) -> Self {
        let Some(first) = since.or(until) else {
            return Self {
                may: None,
                certain: None,
                before: true,
                after: Some(Day::MAX),
            };
        };
        let last = until.or(since).unwrap_or(first);
        let from = first.earliest();
        let to = last.latest().max(from);
        // No end is known where none is given, and where it is only known not to be earlier.
        let has_end = until.is_some_and(|until| !until.open_end());
        Self {
            may: Some((from, to)),
            certain: certain(since, until),
            before: since.is_none(),
            after: (!has_end).then_some(Day::MAX),
        }
    }

    /// The same, assumed no longer than up to the day before `successor`: the first day on which another
    /// holds what only one can hold. One that begins no later than this does no harm.
    #[must_use]
    pub fn until_successor(self, successor: Day) -> Self {
        match (self.after, self.may) {
            (Some(after), Some((from, to))) if from < successor => Self {
                after: Some(after.min(successor.pred().unwrap_or(Day::MIN)).max(to)),
                ..self
            },
            _ => self,
        }
    }

    /// The days on which it may hold by a source; `None` when no source dates it.
    pub const fn may(&self) -> Option<DayRange> {
        self.may
    }

    /// The days on which it certainly holds.
    pub const fn certain(&self) -> Option<DayRange> {
        self.certain
    }

    /// Whether a source says when it ended.
    pub const fn has_end(&self) -> bool {
        self.after.is_none()
    }

    /// All days on which it may hold or is assumed to: from the first to the last.
    pub fn widest(&self) -> DayRange {
        let Some((from, to)) = self.may else {
            return (Day::MIN, Day::MAX);
        };
        let first = if self.before { Day::MIN } else { from };
        (first, self.after.unwrap_or(to))
    }

    /// How it holds on some day from `first` to `last`; `None` when it does not on any.
    pub fn on(&self, (first, last): DayRange) -> Option<Tenure> {
        let (from, to) = self.widest();
        if from > last || to < first {
            return None;
        }
        let is_known = self
            .may
            .is_some_and(|(from, to)| from <= last && to >= first);
        Some(if is_known {
            Tenure::Known
        } else {
            Tenure::Assumed
        })
    }
}

/// The days on which a tie certainly held: from the last day that its start names to the first that its
/// end does.
fn certain(since: Option<&Date>, until: Option<&Date>) -> Option<DayRange> {
    let first = since.or(until)?;
    let last = until.or(since)?;
    // What is in doubt, and a start or an end that may lie anywhere, leaves no day certain.
    let is_sure = |date: &Date| !date.is_uncertain() && !date.is_approximate();
    let starts_late = since.is_some_and(Date::open_end);
    if starts_late || !is_sure(first) || !is_sure(last) {
        return None;
    }
    let from = match since {
        Some(since) => since.latest(),
        // With an end alone, it held on the day of that.
        None => last.earliest(),
    };
    let to = match until {
        // It may have ended on any day up to then: of what a source shows, only a single day is sure.
        Some(until) if until.open_start() => {
            let is_day = since.is_some_and(|since| since.earliest() == since.latest());
            (is_day && from <= until.latest()).then_some(from)?
        }
        Some(until) => until.earliest(),
        None => from,
    };
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Date::parse(text).unwrap().earliest()
    }

    fn period(since: &str, until: &str) -> Period {
        let date = |text: &str| (!text.is_empty()).then(|| Date::parse(text).unwrap());
        Period::new(date(since).as_ref(), date(until).as_ref())
    }

    /// How a period holds on the first of some months.
    fn on(period: Period, months: &[&str]) -> String {
        let each = months.iter().map(|month| {
            let first = day(&format!("{month}-01"));
            match period.on((first, first)) {
                None => '-',
                Some(Tenure::Assumed) => 'a',
                Some(Tenure::Known) => 'k',
            }
        });
        each.collect()
    }

    const MONTHS: [&str; 6] = [
        "1950-01", "2020-01", "2020-06", "2021-01", "2021-06", "2030-01",
    ];

    #[test]
    fn every_form_of_a_start_and_an_end() {
        for (since, until, expected, certain) in [
            // No source dates it.
            ("", "", "aaaaaa", None),
            // A start alone: shown on its days, assumed afterwards.
            (
                "2020-01-01",
                "",
                "-kaaaa",
                Some(("2020-01-01", "2020-01-01")),
            ),
            ("2020", "", "-kkaaa", Some(("2020-12-31", "2020-12-31"))),
            (
                "[..2020-01-01]",
                "",
                "-kaaaa",
                Some(("2020-01-01", "2020-01-01")),
            ),
            (
                "../2020-01-01",
                "",
                "-kaaaa",
                Some(("2020-01-01", "2020-01-01")),
            ),
            ("[2020-01-01..]", "", "-kaaaa", None),
            ("2020-01-01?", "", "-kaaaa", None),
            // An end alone: assumed before.
            (
                "",
                "2021-01-01",
                "aaak--",
                Some(("2021-01-01", "2021-01-01")),
            ),
            ("", "2021", "aaakk-", Some(("2021-01-01", "2021-01-01"))),
            ("", "[..2021-01-01]", "aaak--", None),
            (
                "",
                "[2021-01-01..]",
                "aaakaa",
                Some(("2021-01-01", "2021-01-01")),
            ),
            // Both.
            (
                "2020-01-01",
                "2021-01-01",
                "-kkk--",
                Some(("2020-01-01", "2021-01-01")),
            ),
            ("2020", "2021", "-kkkk-", Some(("2020-12-31", "2021-01-01"))),
            (
                "[..2020-01-01]",
                "2021-01-01",
                "-kkk--",
                Some(("2020-01-01", "2021-01-01")),
            ),
            (
                "[..2020-01-01]",
                "[..2021-01-01]",
                "-kkk--",
                Some(("2020-01-01", "2020-01-01")),
            ),
            (
                "2020-01-01",
                "[..2021-01-01]",
                "-kkk--",
                Some(("2020-01-01", "2020-01-01")),
            ),
            ("2020-01", "[..2021-01-01]", "-kkk--", None),
            (
                "2020-01-01",
                "[2021-01-01..]",
                "-kkkaa",
                Some(("2020-01-01", "2021-01-01")),
            ),
            (
                "2020-01-01",
                "2021-01-01/..",
                "-kkkaa",
                Some(("2020-01-01", "2021-01-01")),
            ),
            ("[2020-01-01..]", "2021-01-01", "-kkk--", None),
            ("2020-01-01", "2021-01-01~", "-kkk--", None),
            ("2020", "2020", "-kk---", None),
            (
                "2020-06-01T10:00:00Z",
                "2021-01-01",
                "--kk--",
                Some(("2020-06-01", "2021-01-01")),
            ),
        ] {
            let period = period(since, until);
            assert_eq!(on(period, &MONTHS), expected, "{since} to {until}");
            let days = certain.map(|(from, to)| (day(from), day(to)));
            assert_eq!(period.certain(), days, "{since} to {until}");
        }
    }

    #[test]
    fn a_successor_ends_what_is_assumed_and_nothing_else() {
        let open = period("2020-01-01", "");
        assert_eq!(
            on(open.until_successor(day("2021-01-01")), &MONTHS),
            "-ka---"
        );
        assert_eq!(
            on(open.until_successor(day("2020-01-02")), &MONTHS),
            "-k----"
        );
        // One who began no later succeeds to nobody.
        assert_eq!(open.until_successor(day("2020-01-01")), open);
        let ended = period("2020-01-01", "2021-01-01");
        assert_eq!(ended.until_successor(day("2020-06-01")), ended);
        let undated = period("", "");
        assert_eq!(undated.until_successor(day("2020-06-01")), undated);
        // What the source shows is not taken away.
        let month = period("2020", "");
        assert_eq!(
            on(month.until_successor(day("2020-03-01")), &MONTHS),
            "-kk---"
        );
    }
}
