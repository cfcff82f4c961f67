//! What a reader is shown of an actor while he matches a table: a small page, or a piece of one.

use std::fmt::Write as _;

use super::frame::FrameAncestors;
use crate::export::html;
use crate::query::ActorPreview;

/// Values of a property that are shown.
const SHOWN_MAX: usize = 8;
/// The width and the height of the frame that clients give the page, in pixels.
pub(super) const PREVIEW_PIXELS: [u16; 2] = [430, 220];

/// What the page may load: nothing, and no text of it becomes a script.
pub(super) fn policy(ancestors: &FrameAncestors) -> String {
    format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {}",
        ancestors.as_policy()
    )
}

/// The page.
pub(super) fn page(shown: &ActorPreview) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{}</title></head>\n\
         <body>\n{}</body>\n</html>\n",
        html(&shown.name),
        piece(shown)
    )
}

/// The same without what is around it.
pub(super) fn piece(shown: &ActorPreview) -> String {
    let mut markup = format!(
        "<p><strong>{}</strong> ({})</p>\n<p>{}</p>\n",
        html(&shown.name),
        html(&shown.kind),
        html(&shown.description)
    );
    if shown.properties.is_empty() {
        return markup;
    }
    markup.push_str("<dl>\n");
    for (name, values) in &shown.properties {
        let mut texts: Vec<String> = values.iter().map(|value| html(value)).collect();
        let more = texts.len().saturating_sub(SHOWN_MAX);
        texts.truncate(SHOWN_MAX);
        if more > 0 {
            texts.push(format!("and {more} more"));
        }
        let texts = texts.join(", ");
        // Writing to a text does not fail.
        _ = writeln!(markup, "<dt>{}</dt><dd>{texts}</dd>", html(name));
    }
    markup.push_str("</dl>\n");
    markup
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_becomes_markup_and_long_lists_are_cut() {
        let shown = ActorPreview {
            name: "<script>alert(1)</script>".into(),
            kind: "Person".into(),
            description: "a & \"b\" 'c'".into(),
            properties: vec![
                ("Code <b>".into(), vec!["<i>".into()]),
                ("Other name".into(), vec!["x".into(); SHOWN_MAX]),
                ("Office".into(), vec!["y".into(); SHOWN_MAX + 1]),
            ],
        };
        let html = page(&shown);
        let tags = html
            .split('<')
            .skip(1)
            .map(|rest| rest.split(['>', ' ']).next());
        let known = [
            "!DOCTYPE", "html", "head", "meta", "title", "/title", "/head", "body", "p", "strong",
            "/strong", "/p", "dl", "dt", "/dt", "dd", "/dd", "/dl", "/body", "/html",
        ];
        for tag in tags {
            assert!(
                tag.is_some_and(|tag| known.contains(&tag)),
                "{tag:?}: {html}"
            );
        }
        assert!(html.contains("a &amp; &quot;b&quot; &#39;c&#39;"));
        assert_eq!(html.matches(" more").count(), 1);
        assert!(html.contains("and 1 more"));
    }
}
