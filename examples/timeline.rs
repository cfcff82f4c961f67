//! Reads the timeline of an actor from a running service over HTTP, page by page.
//!
//! ```sh
//! cargo run --release -- serve --demo &
//! cargo run --example timeline -- http://127.0.0.1:8080 Blinken
//! ```

use std::error::Error;
use std::io::{self, Write};

use serde_json::Value;

/// Records of one page. The service gives at most 1,000.
const PAGE: &str = "3";

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let service = arguments.next();
    let service = service.unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
    let actor = arguments.next().unwrap_or_else(|| "Blinken".to_owned());
    print(&service, &actor, &mut io::stdout().lock())
}

/// Writes to `out` one line for each record of the actor: the date as the source gives it, the kind
/// of record and the id.
pub(crate) fn print(
    service: &str,
    actor: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    // Problems are answers, too: they say what was wrong and what to do.
    let config = ureq::Agent::config_builder().http_status_as_error(false);
    let agent = ureq::Agent::from(config.build());
    let mut cursor: Option<String> = None;
    loop {
        let request = agent
            .get(format!("{service}/api/v1/timeline"))
            .query("actor", actor)
            .query("limit", PAGE);
        // A cursor holds the commit of the first page, so pages fit together while others write.
        let request = match &cursor {
            Some(cursor) => request.query("cursor", cursor),
            None => request,
        };
        let mut response = request.call()?;
        let status = response.status();
        let answer: Value = serde_json::from_str(&response.body_mut().read_to_string()?)?;
        if !status.is_success() {
            return Err(format!("{status}: {answer}").into());
        }
        let items = answer.get("items").and_then(Value::as_array);
        for record in items.into_iter().flatten() {
            let word = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or("–");
            writeln!(out, "{} {} {}", word("date"), word("record"), word("id"))?;
        }
        match answer.get("next").and_then(Value::as_str) {
            Some(next) => cursor = Some(next.to_owned()),
            None => return Ok(()),
        }
    }
}
