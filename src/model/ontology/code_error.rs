//! Why a text is no code or name of an ontology, and what may have been meant.

/// How much of a refused text is repeated in the message, in characters.
const SHOWN_CHARS: usize = 40;

/// How many letters a refused name must share with a known one for that to be suggested.
const SUGGEST_LETTERS: usize = 3;

/// A text that is no code or name of an ontology.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{problem}{}", did_you_mean(suggestion.as_deref()))]
pub struct CodeError {
    /// What is wrong, with the text at fault (shortened when it is long).
    pub problem: String,
    /// What to write instead, when that is clear.
    pub suggestion: Option<String>,
}

impl CodeError {
    /// `text` is none of the `known` names of `what` ("PLOVER event type").
    pub(super) fn unknown_name(what: &str, text: &str, known: &[&str]) -> Self {
        Self {
            problem: format!(
                "`{}` is not a {what}: expected one of {}",
                shortened(text),
                known.join(", ")
            ),
            suggestion: nearest_name(text.trim(), known).map(str::to_owned),
        }
    }
}

/// The first characters of `text`, so that a message stays a line long.
pub(super) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN_CHARS).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion.map_or_else(String::new, |s| format!("; did you mean `{s}`?"))
}

/// The one name that begins like `text` for longest; none when two do.
fn nearest_name<'a>(text: &str, known: &[&'a str]) -> Option<&'a str> {
    let shared = |name: &str| {
        let letters = text.bytes().zip(name.bytes());
        letters
            .take_while(|(a, b)| a.eq_ignore_ascii_case(b))
            .count()
    };
    let most = known.iter().map(|name| shared(name)).max()?;
    let mut nearest = known.iter().filter(|name| shared(name) == most);
    let first = nearest.next()?;
    (most >= SUGGEST_LETTERS && nearest.next().is_none()).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: [&str; 3] = ["CONSULT", "CONCEDE", "AID"];

    #[test]
    fn the_name_that_begins_alike_is_suggested() {
        let error = CodeError::unknown_name("type", "Consultation", &KNOWN);
        assert_eq!(
            error.to_string(),
            "`Consultation` is not a type: expected one of CONSULT, CONCEDE, AID; \
             did you mean `CONSULT`?"
        );
    }

    #[test]
    fn nothing_is_suggested_when_two_names_are_as_near_or_none_is() {
        assert_eq!(nearest_name("contact", &KNOWN), None);
        assert_eq!(nearest_name("ai", &KNOWN), None);
        assert_eq!(nearest_name("", &KNOWN), None);
        assert_eq!(nearest_name("x", &[]), None);
    }

    #[test]
    fn a_long_text_is_shortened_at_a_character() {
        assert_eq!(shortened(&"é".repeat(40)), "é".repeat(40));
        assert_eq!(shortened(&"é".repeat(41)), format!("{}…", "é".repeat(40)));
    }
}
