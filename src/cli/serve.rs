//! `chancery serve`: the REST service.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use clap::builder::BoolishValueParser;
use clap::parser::ValueSource;

use super::exit::CliError;
use super::{migrate, terminal};
use crate::engine::{Engine, ImportOptions, ImportStatus, KnownAt, OnError, Progress, defaults};
use crate::http::{self, AllowedHost, BasePath, FrameAncestor, FrameAncestors, ServeOptions};
use crate::ingest::Input;

/// The record of one news article, coded by hand.
const DEMO: &str = include_str!("../../examples/blinken-2023.json");

/// Start the HTTP service; stop it with Ctrl-C
#[derive(Debug, clap::Args)]
pub(super) struct ServeArgs {
    /// Serve the records of one news article from a temporary directory
    #[arg(long, env = "CHANCERY_DEMO", value_parser = BoolishValueParser::new())]
    demo: bool,
    /// The data directory; created if it does not exist
    #[arg(long, env = "CHANCERY_DATA", value_name = "DIR")]
    data: Option<PathBuf>,
    /// The address to listen on; with port 0, a free port is chosen
    #[arg(long, env = "CHANCERY_BIND", value_name = "ADDR:PORT", default_value = "127.0.0.1:8080",
          value_parser = address)]
    bind: SocketAddr,
    /// The sites that may embed the dashboard: self, none, or the origins of other sites;
    /// repeatable
    #[arg(
        long,
        env = "CHANCERY_FRAME_ANCESTORS",
        value_name = "ORIGIN",
        value_parser = words::<FrameAncestor>,
        default_value = "self"
    )]
    frame_ancestors: Vec<SpacedWords<FrameAncestor>>,
    /// An additional host name that requests may use, such as the name of a reverse proxy: NAME, or NAME:PORT
    /// to allow only one port; repeatable. The environment variable takes several names separated by spaces;
    /// the flag takes precedence over it
    #[arg(
        long = "allowed-host",
        env = "CHANCERY_ALLOWED_HOST",
        value_name = "NAME",
        value_parser = words::<AllowedHost>
    )]
    allowed_hosts: Vec<SpacedWords<AllowedHost>>,
    /// The path under which a proxy serves the service, such as /chancery. It is prepended to the paths of
    /// links in answers. The proxy must remove it from the paths of forwarded requests
    #[arg(
        long,
        env = "CHANCERY_BASE_PATH",
        value_name = "PATH",
        default_value = ""
    )]
    base_path: BasePath,
}

/// Values with white space between them, as an environment variable holds several.
#[derive(Clone, Debug)]
struct SpacedWords<T>(Vec<T>);

/// Reads one value or several; an empty text holds none.
fn words<T: FromStr<Err = String>>(text: &str) -> Result<SpacedWords<T>, String> {
    let each = text.split_whitespace();
    let read = each.map(|word| word.parse().map_err(|why| format!("{word:?} {why}")));
    read.collect::<Result<_, _>>().map(SpacedWords)
}

fn all<T: Clone>(words: &[SpacedWords<T>]) -> Vec<T> {
    words
        .iter()
        .flat_map(|SpacedWords(some)| some)
        .cloned()
        .collect()
}

/// What is served.
enum ServedDirectory {
    Demo,
    In(PathBuf),
}

pub(super) fn run(
    args: ServeArgs,
    source: impl Fn(&str) -> Option<ValueSource>,
) -> Result<(), CliError> {
    refuse_strangers(args.bind)?;
    let bind = args.bind;
    let mut options = ServeOptions::new(bind);
    options.frame_ancestors =
        FrameAncestors::new(all(&args.frame_ancestors)).map_err(|problem| CliError::Usage {
            problem: format!("--frame-ancestors: {problem}"),
            remedy: "give self, none, or origins such as https://example.org".into(),
        })?;
    options.allowed_hosts = all(&args.allowed_hosts);
    options.base_path = args.base_path.clone();
    let record = which(args, source)?;
    let (engine, curl) = match &record {
        ServedDirectory::Demo => (demo()?, "paths?source=Park+Jin&target=DPRK"),
        ServedDirectory::In(dir) => (open(dir)?, "timeline?limit=5"),
    };
    let engine = Arc::new(engine);
    let known = engine
        .view(KnownAt::Now)?
        .mark()
        .map_or(0, |mark| mark.commit);
    let announce = |address: SocketAddr| {
        let what = match &record {
            ServedDirectory::Demo => "the demo data (deleted when the service stops)".to_owned(),
            ServedDirectory::In(dir) => format!("the data in {}, commit {known}", dir.display()),
        };
        terminal::say(format_args!(
            "Serving {what}\n  \
             http://{address}/\n  \
             http://{address}/docs\n  \
             curl 'http://{address}/api/v1/{curl}'\n\
             Ctrl-C stops it."
        ));
    };
    http::serve(engine, &options, announce).map_err(|source| CliError::Listen { bind, source })
}

/// Exactly one of the two. A flag goes before what the environment says of the other.
fn which(
    args: ServeArgs,
    source: impl Fn(&str) -> Option<ValueSource>,
) -> Result<ServedDirectory, CliError> {
    let typed = |flag: &str| source(flag) == Some(ValueSource::CommandLine);
    let usage = |problem: &str| CliError::Usage {
        problem: problem.to_owned(),
        remedy: "give --demo to try the service, or --data DIR to store records".into(),
    };
    match (args.demo, args.data) {
        (true, None) => Ok(ServedDirectory::Demo),
        (false, Some(dir)) => Ok(ServedDirectory::In(dir)),
        (true, Some(_)) if typed("demo") && !typed("data") => Ok(ServedDirectory::Demo),
        (true, Some(dir)) if typed("data") && !typed("demo") => Ok(ServedDirectory::In(dir)),
        (true, Some(_)) => Err(usage("--demo and --data exclude each other")),
        (false, None) => Err(usage("there is nothing to serve")),
    }
}

/// Whoever reaches the service may write: it has no users and no passwords.
fn refuse_strangers(bind: SocketAddr) -> Result<(), CliError> {
    if bind.ip().is_loopback() {
        return Ok(());
    }
    Err(CliError::Usage {
        problem: format!(
            "{bind} can be reached from other machines, and the service has no authentication: \
             anyone who reaches it can write"
        ),
        remedy: format!(
            "listen on 127.0.0.1:{}, put a proxy with authentication in front of it, and name the \
             proxy's host with --allowed-host",
            bind.port()
        ),
    })
}

fn open(dir: &std::path::Path) -> Result<Engine, CliError> {
    let (engine, opened) = Engine::open(dir)?;
    if opened.created {
        terminal::say(format_args!(
            "created a data directory in {}",
            dir.display()
        ));
    }
    if opened.rolled_back_blocks > 0 {
        terminal::say(format_args!(
            "removed what an unfinished import left behind"
        ));
    }
    migrate::say_old(&engine)?;
    Ok(engine)
}

fn demo() -> Result<Engine, CliError> {
    let engine = Engine::temporary()?;
    let options = ImportOptions {
        id: engine.import_id(),
        dataset: defaults(None).dataset,
        format: None,
        on_error: OnError::Reject,
        dry_run: false,
    };
    let report = engine.import(Input::bytes(DEMO), options, Arc::new(Progress::default()))?;
    if report.status == ImportStatus::Committed {
        return Ok(engine);
    }
    let why = report.rejects.first().map_or("", |reject| &reject.problem);
    Err(CliError::Internal(format!(
        "the demo record was rejected: {why}"
    )))
}

fn address(text: &str) -> Result<SocketAddr, String> {
    // What is no port is no address either, and that is said.
    if let Some(port) = text
        .strip_prefix("localhost:")
        .and_then(|port| port.parse().ok())
    {
        return Ok(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    }
    let example = "is not an address and port such as 127.0.0.1:8080";
    text.parse().map_err(|_none| example.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_holds_several_names_or_none() {
        let names = |text| words::<AllowedHost>(text).map(|SpacedWords(all)| all.len());
        assert_eq!(names(""), Ok(0));
        assert_eq!(names(" \t\n"), Ok(0));
        assert_eq!(names("a.example"), Ok(1));
        assert_eq!(names(" a.example\tb.example:8443  c.example\n"), Ok(3));
        let why = names("a.example,b.example").unwrap_err();
        assert!(
            why.starts_with("\"a.example,b.example\" is not a host"),
            "{why}"
        );
    }
}
