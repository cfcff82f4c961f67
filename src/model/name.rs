//! Names as people write them, and how they are compared.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::limits::NAME_MAX_BYTES;
use super::text::Text;

/// How the author of a record named an actor: an id, a code, a name, an alias or an office.
pub type Name = Text<NAME_MAX_BYTES>;

/// The form in which names are compared: without case, accents, full stops, quotes and doubled
/// white space; dashes and underscores count as spaces. `U.S.` and `us`, `Kim Jong-Un` and
/// `kim jong un`, `Müller` and `muller` are each one name. Letters of other scripts stay.
pub fn fold(name: &str) -> String {
    let mut folded = String::with_capacity(name.len());
    let mut gap = false;
    for c in name
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        match c {
            '.' | '\'' | '’' | '‘' | '"' | '“' | '”' => {}
            c if c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '_') => {
                gap = true;
            }
            c => {
                if gap && !folded.is_empty() {
                    folded.push(' ');
                }
                gap = false;
                folded.push(c);
            }
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_meet_across_case_accents_and_dashes() {
        for (a, b) in [
            ("U.S.", "us"),
            ("Kim Jong-Un", "kim  jong_un"),
            ("Müller", "MULLER"),
            ("Cote d'Ivoire", "Côte d’Ivoire"),
            ("Ministry\u{a0}(Japan) ", "ministry (japan)"),
        ] {
            assert_eq!(fold(a), fold(b), "{a} and {b}");
        }
        assert_ne!(fold("Kim Jong-Un"), fold("Kim Jong-Il"));
        assert_eq!(fold("박진"), fold("박진"));
        assert_eq!(fold("—"), "");
    }
}
