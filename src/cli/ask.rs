//! `chancery ask`: every question of the service, with flags made of what the `OpenAPI` document says.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Arg, ArgMatches, Command, FromArgMatches, value_parser};
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr as _;

use super::exit::CliError;
use super::flags::{Flag, Form};
use super::terminal::{self, harmless};
use crate::engine::Engine;
use crate::http::{Question, QuestionParameter, Reply, questions};

/// The parameter that names the form of an answer, which is also that of this command.
const FORMAT: &str = "format";
/// The form for people.
const TABLE: &str = "table";
/// The bytes of the service.
const JSON: &str = "json";
/// Columns that a cell takes at most; JSON has everything.
const CELL_MAX_COLUMNS: usize = 60;

/// Ask any question of the REST API without running the service; the JSON is, byte for byte, that
/// of the service
#[derive(Debug)]
pub(super) struct Args {
    question: Question,
    data: PathBuf,
    format: String,
    segments: Vec<String>,
    pairs: Vec<(String, String)>,
}

impl clap::Args for Args {
    fn augment_args(command: Command) -> Command {
        let command = command.about(
            "Ask any question of the REST API without running the service; the JSON is, byte for \
             byte, that of the service",
        );
        // The document of the service takes some time to make: only this command waits for it.
        command
            .subcommand_required(true)
            .arg_required_else_help(true)
            .subcommand_value_name("QUESTION")
            .subcommand_help_heading("Questions")
            .defer(|command| {
                let all = questions().unwrap_or_default();
                command.subcommands(all.iter().map(subcommand))
            })
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Args {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let unknown = || clap::Error::new(ErrorKind::InvalidSubcommand);
        let (name, matches) = matches.subcommand().ok_or_else(unknown)?;
        let all = questions().unwrap_or_default();
        let found = all.into_iter().find(|question| question.name == name);
        let question = found.ok_or_else(unknown)?;
        let one = |name: &str| matches.get_one::<String>(name).cloned();
        let mut pairs = Vec::new();
        for parameter in question.parameters.iter().filter(|one| one.name != FORMAT) {
            let texts = flag(parameter).texts(matches).into_iter();
            pairs.extend(texts.map(|text| (parameter.name.clone(), text)));
        }
        let segments = question.segments.iter();
        let segments = segments.filter_map(|segment| one(&segment.name)).collect();
        Ok(Self {
            data: matches.get_one("data").cloned().unwrap_or_default(),
            format: one(FORMAT).unwrap_or_else(|| TABLE.to_owned()),
            segments,
            pairs,
            question,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

fn flag(parameter: &QuestionParameter) -> Flag {
    Flag {
        name: parameter.name.clone(),
        about: parameter.about.clone(),
        form: if parameter.is_flag {
            Form::Switch
        } else if parameter.words.is_empty() {
            Form::Text("VALUE")
        } else {
            Form::Words(parameter.words.clone())
        },
        is_repeated: parameter.is_repeated,
        default: parameter.default.clone(),
        aliases: Vec::new(),
    }
}

fn subcommand(question: &Question) -> Command {
    let segments = question.segments.iter().map(|segment| {
        Arg::new(segment.name.clone())
            .help(segment.about.clone())
            .required(true)
    });
    let others = question.parameters.iter().filter(|one| one.name != FORMAT);
    let flags = others.map(|parameter| flag(parameter).arg().required(parameter.is_required));
    let data = Arg::new("data")
        .long("data")
        .env("CHANCERY_DATA")
        .value_name("DIR")
        .help("The data directory")
        .required(true)
        .value_parser(value_parser!(PathBuf));
    let mut words = vec![TABLE.to_owned(), JSON.to_owned()];
    let of_route = question.parameters.iter().find(|one| one.name == FORMAT);
    let of_route = of_route.into_iter().flat_map(|one| &one.words);
    words.extend(of_route.filter(|word| *word != JSON).cloned());
    let format = Flag {
        name: FORMAT.to_owned(),
        about: "The output format: a readable table, or the JSON of the service".to_owned(),
        form: Form::Words(words),
        is_repeated: false,
        default: Some(TABLE.to_owned()),
        aliases: Vec::new(),
    };
    Command::new(question.name.clone())
        .about(question.about.clone())
        .args(segments)
        .arg(data)
        .args(flags)
        .arg(format.arg())
}

pub(super) fn run(args: Args) -> Result<(), CliError> {
    let (engine, _) = Engine::open_existing(&args.data)?;
    let mut pairs = args.pairs;
    if ![TABLE, JSON].contains(&args.format.as_str()) {
        pairs.push((FORMAT.to_owned(), args.format.clone()));
    }
    let reply = args.question.ask(engine, &args.segments, &pairs);
    let Reply { status, body } = reply.map_err(|error| CliError::Internal(error.to_string()))?;
    if status != 200 {
        return Err(refused(status, &body));
    }
    if args.format == TABLE {
        let answer: Value = serde_json::from_slice(&body)?;
        return terminal::print(|out| {
            let table = table(&answer);
            out.write_all(table.as_bytes()).map_err(CliError::Stdout)
        });
    }
    terminal::print(|out| {
        out.write_all(&body).map_err(CliError::Stdout)?;
        // A prompt starts on a line of its own; a file has the bytes of the service and no more.
        if args.format == JSON && std::io::stdout().is_terminal() {
            writeln!(out).map_err(CliError::Stdout)?;
        }
        Ok(())
    })
}

/// What the service said against a question.
fn refused(status: u16, problem: &[u8]) -> CliError {
    let problem: Value = serde_json::from_slice(problem).unwrap_or_default();
    let text = |member: &str| {
        problem
            .get(member)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let said = text("detail").unwrap_or_else(|| format!("the service answered with {status}"));
    let remedy = text("suggestion").map(|better| format!("try {better}"));
    CliError::Refused {
        is_usage: status == 400,
        problem: said,
        remedy,
    }
}

/// A row for each item of the first list of the answer, or one for each of its members.
fn table(answer: &Value) -> String {
    let members = answer.as_object();
    let lists = members
        .into_iter()
        .flatten()
        .filter_map(|(_, member)| member.as_array());
    let list = answer.get("items").and_then(Value::as_array).or_else(|| {
        lists
            .into_iter()
            .find(|list| list.iter().any(Value::is_object))
    });
    let member = |(name, value)| vec![("member".to_owned(), name), ("value".to_owned(), value)];
    let rows: Vec<Vec<(String, String)>> = list.map_or_else(
        || row(answer).into_iter().map(member).collect(),
        |list| list.iter().map(row).collect(),
    );
    let mut head: Vec<&str> = Vec::new();
    for (name, _) in rows.iter().flatten() {
        if !head.contains(&name.as_str()) {
            head.push(name);
        }
    }
    let cells = |row: &Vec<(String, String)>| -> Vec<String> {
        let cell = |name: &&str| row.iter().find(|(known, _)| known == name);
        head.iter()
            .map(|name| cell(name).map_or(String::new(), |(_, value)| shown(value)))
            .collect()
    };
    let titles = head.iter().map(|name| name.to_uppercase()).collect();
    let lines: Vec<Vec<String>> = [titles].into_iter().chain(rows.iter().map(cells)).collect();
    aligned(&lines)
}

fn aligned(lines: &[Vec<String>]) -> String {
    let mut widths: Vec<usize> = Vec::new();
    for line in lines {
        widths.resize(widths.len().max(line.len()), 0);
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.width());
        }
    }
    let mut text = String::new();
    for line in lines {
        let mut written = String::new();
        for (width, cell) in widths.iter().zip(line) {
            written.push_str(cell);
            written.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
        }
        text.push_str(written.trim_end());
        text.push('\n');
    }
    text
}

/// The members of an object that a cell can show, those of objects in it under both names.
fn row(item: &Value) -> Vec<(String, String)> {
    let mut cells = Vec::new();
    if let Some(members) = item.as_object() {
        gather("", members, &mut cells);
    }
    cells
}

fn gather(above: &str, members: &Map<String, Value>, cells: &mut Vec<(String, String)>) {
    for (name, value) in members {
        let name = format!("{above}{name}");
        let inner = value.as_object();
        if let Some(inner) = inner.filter(|inner| !inner.contains_key("id")) {
            gather(&format!("{name}."), inner, cells);
        } else if !name.ends_with("records_url") {
            // Where its records are listed is for programs.
            cells.push((name, words(value)));
        }
    }
}

/// A value in words: of a thing with an id that, of a list all of them.
fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(members) => {
            let id = members.get("id").and_then(Value::as_str);
            id.map_or_else(|| value.to_string(), str::to_owned)
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// A cell on one line, cut where it is too long.
fn shown(cell: &str) -> String {
    let cell = harmless(cell);
    if cell.width() <= CELL_MAX_COLUMNS {
        return cell.into_owned();
    }
    let mut cut = String::new();
    for c in cell.chars() {
        if cut.width() + 2 > CELL_MAX_COLUMNS {
            break;
        }
        cut.push(c);
    }
    format!("{}…", cut.trim_end())
}
