//! What is printed: data to stdout, talk to stderr, and nothing that could do something to a
//! terminal.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal as _, Write};

use clap::builder::styling::{AnsiColor, Style};

use super::exit::CliError;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default();

/// Whether colours may be written to stderr: it is a terminal, and the environment says nothing
/// against it (`NO_COLOR`, `TERM=dumb`).
pub(super) fn stderr_has_colours() -> bool {
    anstream::AutoStream::choice(&io::stderr()) != anstream::ColorChoice::Never
}

/// The columns of the terminal that stdout is; `None` when it is none (a pipe, a file).
pub(super) fn stdout_columns() -> Option<u16> {
    let size = console::Term::stdout().size_checked();
    size.map(|(_, columns)| columns)
        .filter(|_| io::stdout().is_terminal())
}

/// Says something on stderr.
pub(super) fn say(line: fmt::Arguments<'_>) {
    write_to_stderr(format_args!("{line}\n"));
}

/// Says what went wrong, and what to do about it.
pub(super) fn complain(problem: &str, remedy: Option<&str>) {
    say(format_args!("{ERROR}error:{ERROR:#} {}", harmless(problem)));
    if let Some(remedy) = remedy {
        hint("", remedy);
    }
}

/// Says what to do.
pub(super) fn hint(indent: &str, remedy: &str) {
    say(format_args!(
        "{indent}{HINT}hint:{HINT:#} {}",
        harmless(remedy)
    ));
}

fn write_to_stderr(text: fmt::Arguments<'_>) {
    if anstream::stderr().write_fmt(text).is_err() {
        // There is nobody to tell.
    }
}

/// Writes data to stdout.
pub(super) fn print(
    write: impl FnOnce(&mut dyn Write) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut out = BufWriter::with_capacity(64 << 10, io::stdout().lock());
    write(&mut out)?;
    out.flush().map_err(CliError::Stdout)
}

/// Writes a text to stdout.
pub(super) fn print_text(text: &str) -> Result<(), CliError> {
    print(|out| out.write_all(text.as_bytes()).map_err(CliError::Stdout))
}

/// The text on one line, with all that is not shown but acted upon (control characters, marks that
/// turn the direction of writing) as visible escapes.
pub(super) fn harmless(text: &str) -> Cow<'_, str> {
    if !text
        .chars()
        .any(|c| acts(c) || c.is_whitespace() && c != ' ')
    {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\n' | '\t') || c.is_whitespace() && !acts(c) {
            shown.push(' ');
        } else if acts(c) {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Whether a terminal acts on a character instead of showing it.
fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{61c}' | '\u{200e}' | '\u{200f}'       // marks of direction
            | '\u{202a}'..='\u{202e}'                 // embeddings and overrides of direction
            | '\u{2066}'..='\u{2069}'                 // isolates of direction
            | '\u{2028}' | '\u{2029}'                 // separators of lines and paragraphs
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'    // byte order mark, annotations
            | '\u{e0000}'..='\u{e007f}') // tags, which are not seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_on_a_terminal_is_shown_instead() {
        assert_eq!(harmless("박진 — Ō"), "박진 — Ō");
        assert_eq!(harmless("a\nb\tc"), "a b c");
        assert_eq!(harmless("\x1b[2J"), "\\u{1b}[2J");
        assert_eq!(harmless("\u{202e}gnp.exe"), "\\u{202e}gnp.exe");
        assert_eq!(harmless("a\u{2028}b\u{85}c"), "a\\u{2028}b\\u{85}c");
        assert!(matches!(harmless("plain text"), Cow::Borrowed(_)));
    }
}
