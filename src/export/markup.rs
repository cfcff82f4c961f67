//! Texts within HTML and XML.

/// A text that HTML shows as it stands, in content and in attributes.
pub(crate) fn html(text: &str) -> String {
    escape(text, |c| (c == '\'').then_some("&#39;"))
}

/// The same for XML 1.0, in content and in attributes. The characters that XML has not are left out:
/// texts of records have no control characters, so these are the two that Unicode has not either.
pub(super) fn xml(text: &str) -> String {
    escape(text, |c| match c {
        // Attributes would turn them into spaces.
        '\t' => Some("&#9;"),
        '\n' => Some("&#10;"),
        '\r' => Some("&#13;"),
        '\u{fffe}' | '\u{ffff}' => Some(""),
        _ => None,
    })
}

/// Escapes what both have a meaning for, and what `further` does.
fn escape(text: &str, further: impl Fn(char) -> Option<&'static str>) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => match further(c) {
                Some(reference) => escaped.push_str(reference),
                None => escaped.push(c),
            },
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_text() {
        let text = "<b onclick='x'>\"R&D\"</b>";
        assert_eq!(
            html(text),
            "&lt;b onclick=&#39;x&#39;&gt;&quot;R&amp;D&quot;&lt;/b&gt;"
        );
        assert_eq!(xml("<a>\n&\u{ffff}\"'"), "&lt;a&gt;&#10;&amp;&quot;'");
    }
}
