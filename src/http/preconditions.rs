//! Conditions of requests (RFC 9110, section 13): `If-Match` and `If-None-Match`.
//!
//! One tag is read and compared by actix-web's [`EntityTag`]. Its typed headers of lists (`IfMatch`,
//! `IfNoneMatch`) are not used: they drop in silence what they can't read, so that an `If-Match` with a
//! fault in it would guard nothing, and they cut tags at commas, which may stand in them.

use std::iter;

use actix_web::http::header::{EntityTag, HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};

use super::problem::{Problem, ProblemKind};

/// The encodings that an `ETag` may end with, since each has a tag of its own.
pub(super) const ENCODINGS: [&str; 3] = ["gzip", "br", "deflate"];

/// A condition on the `ETag`s under which a record can be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Preconditions {
    /// One of these is there; with `*`, anything is.
    matches: Option<EntityTags>,
    /// None of these is there; with `*`, nothing is.
    matches_none: Option<EntityTags>,
}

/// Tags in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EntityTags {
    /// `*`
    Any,
    /// These tags.
    These(Vec<EntityTag>),
}

impl Preconditions {
    /// The condition that the headers set, if any.
    ///
    /// # Errors
    ///
    /// When a header can't be read: it must not be passed over, since it guards a write.
    pub(super) fn read(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let condition = Self {
            matches: tags(headers, &IF_MATCH)?,
            matches_none: tags(headers, &IF_NONE_MATCH)?,
        };
        Ok((condition != Self::default()).then_some(condition))
    }

    /// Whether it holds for a record with these `ETag`s; none, when it is not there.
    pub(super) fn holds(&self, current: &[String]) -> bool {
        let is_there = |tags: &EntityTags, weak: bool| match tags {
            EntityTags::Any => !current.is_empty(),
            EntityTags::These(tags) => {
                let mut tags = tags.iter().filter(|tag| weak || !tag.weak);
                tags.any(|tag| current.iter().any(|etag| is_of(tag, etag)))
            }
        };
        let matches = self.matches.as_ref();
        let matches_none = self.matches_none.as_ref();
        matches.is_none_or(|tags| is_there(tags, false))
            && matches_none.is_none_or(|tags| !is_there(tags, true))
    }
}

/// Whether a tag is that of an answer, in whatever encoding it was sent. Answers have strong tags, so
/// this is the weak comparison.
fn is_of(tag: &EntityTag, etag: &str) -> bool {
    let tag = tag.tag();
    let plain = ENCODINGS
        .iter()
        .find_map(|encoding| tag.strip_suffix(encoding)?.strip_suffix('-'));
    etag.trim_matches('"') == plain.unwrap_or(tag)
}

/// The answers that a client which reads has already.
#[derive(Clone, Debug)]
pub(super) struct IfNoneMatch(Option<EntityTags>);

impl IfNoneMatch {
    /// What `If-None-Match` says.
    pub(super) fn from_headers(headers: &HeaderMap) -> Self {
        // A header that can't be read only costs the answer being sent again.
        Self(tags(headers, &IF_NONE_MATCH).unwrap_or_default())
    }

    /// Whether the answer with this `ETag` is one of them.
    pub(super) fn has(&self, tag: &str) -> bool {
        match &self.0 {
            None => false,
            Some(EntityTags::Any) => true,
            Some(EntityTags::These(tags)) => tags.iter().any(|one| is_of(one, tag)),
        }
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<EntityTags>, Problem> {
    let mut found = None;
    for value in headers.get_all(name) {
        let bad = || {
            let detail =
                format!("{name} must contain ETags such as \"0a1b\", separated by commas, or *");
            let value = String::from_utf8_lossy(value.as_bytes());
            Problem::new(ProblemKind::BadHeader, detail)
                .at(name.as_str())
                .value(&value)
        };
        let text = value.to_str().map_err(|_opaque| bad())?;
        // Lines of one header are one list.
        found = match (found, list(text).ok_or_else(bad)?) {
            (None, tags) => Some(tags),
            (Some(EntityTags::These(mut before)), EntityTags::These(tags)) => {
                before.extend(tags);
                Some(EntityTags::These(before))
            }
            (Some(_), _) => return Err(bad()),
        };
    }
    Ok(found)
}

/// What a list says; `None` when it can't be read, or says nothing.
fn list(text: &str) -> Option<EntityTags> {
    if text.trim() == "*" {
        return Some(EntityTags::Any);
    }
    let mut rest = text;
    let tags = iter::from_fn(|| {
        // Elements that are empty are passed over (RFC 9110, section 5.6.1.2).
        let start = rest.trim_start_matches([',', ' ', '\t']);
        (!start.is_empty()).then(|| {
            let (tag, after) = first(start)?;
            rest = after;
            Some(tag)
        })
    });
    let tags: Vec<EntityTag> = tags.collect::<Option<_>>()?;
    (!tags.is_empty()).then_some(EntityTags::These(tags))
}

/// The tag that a list begins with, and what follows.
fn first(text: &str) -> Option<(EntityTag, &str)> {
    let mark = text.strip_prefix("W/").unwrap_or(text);
    let (_, rest) = mark.strip_prefix('"')?.split_once('"')?;
    let is_parted = rest.trim_start().is_empty() || rest.trim_start().starts_with(',');
    let tag = text.strip_suffix(rest)?.parse().ok()?;
    is_parted.then_some((tag, rest))
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn condition(
        name: HeaderName,
        value: &'static str,
    ) -> Result<Option<Preconditions>, ProblemKind> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        Preconditions::read(&headers).map_err(|problem| problem.kind())
    }

    #[test]
    fn conditions_hold_for_the_tags_that_they_name() {
        let holds = |name: &HeaderName, value: &'static str, current: &[&str]| {
            let current: Vec<String> = current.iter().map(|c| format!("\"{c}\"")).collect();
            condition(name.clone(), value)
                .unwrap()
                .unwrap()
                .holds(&current)
        };
        assert!(holds(&IF_MATCH, "\"a\"", &["a"]));
        assert!(holds(&IF_MATCH, "\"b\", \"a-gzip\"", &["a"]));
        assert!(!holds(&IF_MATCH, "\"b\"", &["a"]));
        assert!(
            !holds(&IF_MATCH, "W/\"a\"", &["a"]),
            "weak tags match no strong ones"
        );
        assert!(holds(&IF_MATCH, "*", &["a"]));
        assert!(!holds(&IF_MATCH, "*", &[]));
        assert!(holds(&IF_NONE_MATCH, "*", &[]));
        assert!(!holds(&IF_NONE_MATCH, "*", &["a"]));
        assert!(!holds(&IF_NONE_MATCH, "W/\"a-br\"", &["a"]));
        assert!(holds(&IF_NONE_MATCH, "\"b\"", &["a"]));
        assert!(holds(&IF_MATCH, "\"b\", , \"a\",", &["a"]));
    }

    #[test]
    fn lists_are_read_as_the_standard_says() {
        let has = |values: &[&'static str], tag: &str| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(IF_NONE_MATCH, HeaderValue::from_static(value));
            }
            IfNoneMatch::from_headers(&headers).has(tag)
        };
        for there in [
            &["\"a\""][..],
            &["W/\"a\""],
            &["\"a-gzip\""],
            &["W/\"a-br\""],
            &["\"b\",\"a\""],
            &["\"b\" , \"a\" "],
            &["\"b\", \"a\""],
            &["\"b\",, \"a\""],
            &["\"a\", "],
            &[", \"a\""],
            &[",\t,\"a\",,"],
            &["\"b\"", "\"a\""],
            &["\"x,y\", \"a\""],
            &["\"\", \"a\""],
            &["*"],
            &[" * "],
        ] {
            assert!(has(there, "\"a\""), "{there:?}");
        }
        for missing in [
            &[][..],
            &["\"b\""],
            &["\"A\""],
            &["\"a-zstd\""],
            &["\"x,\"a\""],
            &["w/\"a\""],
            &["a"],
            &[""],
            &[","],
            &["*, \"a\""],
            &["*", "\"a\""],
        ] {
            assert!(!has(missing, "\"a\""), "{missing:?}");
        }
        assert!(has(&["\"a,b\""], "\"a,b\""), "commas may stand in a tag");
    }

    #[test]
    fn a_condition_that_can_not_be_read_is_no_condition_to_pass_over() {
        for wrong in [
            "a",
            "\"a",
            "\"a\" \"b\"",
            "\"a\"\"b\"",
            "\"a\", b",
            "\"a b\"",
            "w/\"a\"",
            "*, \"a\"",
            ",",
            "",
        ] {
            assert_eq!(
                condition(IF_MATCH, wrong),
                Err(ProblemKind::BadHeader),
                "{wrong}"
            );
        }
        assert_eq!(
            Preconditions::read(&HeaderMap::new()).map_err(|p| p.kind()),
            Ok(None)
        );
    }
}
