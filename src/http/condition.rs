//! Conditions of requests (RFC 9110, section 13): `If-Match` and `If-None-Match`.

use actix_web::http::header::{HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH};

use super::problem::{Code, Problem};

/// The encodings that an `ETag` may end with, since each has a tag of its own.
pub(super) const ENCODINGS: [&str; 3] = ["gzip", "br", "deflate"];

/// A condition on the `ETag`s under which a record can be had.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Condition {
    /// One of these is there; with `*`, anything is.
    matches: Option<Tags>,
    /// None of these is there; with `*`, nothing is.
    matches_none: Option<Tags>,
}

/// Tags in a header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tags {
    /// `*`
    Any,
    /// These tags.
    These(Vec<Tag>),
}

/// One tag of a header, without its quotes and the ending of its encoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tag {
    weak: bool,
    opaque: String,
}

impl Condition {
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
        let is_there = |tags: &Tags, weak: bool| match tags {
            Tags::Any => !current.is_empty(),
            Tags::These(tags) => {
                let mut tags = tags.iter().filter(|tag| weak || !tag.weak);
                tags.any(|tag| tag.is_one_of(current))
            }
        };
        let matches = self.matches.as_ref();
        let matches_none = self.matches_none.as_ref();
        matches.is_none_or(|tags| is_there(tags, false))
            && matches_none.is_none_or(|tags| !is_there(tags, true))
    }
}

impl Tag {
    fn is_one_of(&self, etags: &[impl AsRef<str>]) -> bool {
        etags
            .iter()
            .any(|etag| etag.as_ref().trim_matches('"') == self.opaque)
    }
}

/// The answers that a client which reads has already.
#[derive(Clone, Debug)]
pub(super) struct Known(Option<Tags>);

impl Known {
    /// What `If-None-Match` says.
    pub(super) fn of(headers: &HeaderMap) -> Self {
        // A header that can't be read only costs the answer being sent again.
        Self(tags(headers, &IF_NONE_MATCH).unwrap_or_default())
    }

    /// Whether the answer with this `ETag` is one of them.
    pub(super) fn has(&self, tag: &str) -> bool {
        match &self.0 {
            None => false,
            Some(Tags::Any) => true,
            Some(Tags::These(tags)) => tags.iter().any(|one| one.is_one_of(&[tag])),
        }
    }
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Result<Option<Tags>, Problem> {
    let mut found = Vec::new();
    let mut is_there = false;
    for value in headers.get_all(name) {
        is_there = true;
        let bad = || {
            let detail = format!("{name} holds ETags such as \"0a1b\", parted by commas, or is *");
            let value = String::from_utf8_lossy(value.as_bytes());
            Problem::new(Code::BadHeader, detail)
                .at(name.as_str())
                .value(&value)
        };
        let text = value.to_str().map_err(|_opaque| bad())?.trim();
        if text == "*" {
            return Ok(Some(Tags::Any));
        }
        found.extend(list(text).ok_or_else(bad)?);
    }
    Ok(is_there.then_some(Tags::These(found)))
}

/// The tags of a list, with the endings of encodings taken off.
fn list(mut text: &str) -> Option<Vec<Tag>> {
    let mut tags = Vec::new();
    loop {
        let strong = text.strip_prefix("W/");
        let (opaque, rest) = strong.unwrap_or(text).strip_prefix('"')?.split_once('"')?;
        let plain = ENCODINGS
            .iter()
            .find_map(|e| opaque.strip_suffix(e)?.strip_suffix('-'));
        tags.push(Tag {
            weak: strong.is_some(),
            opaque: plain.unwrap_or(opaque).to_owned(),
        });
        let rest = rest.trim_start();
        if rest.is_empty() {
            return Some(tags);
        }
        text = rest.strip_prefix(',')?.trim_start();
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn condition(name: HeaderName, value: &'static str) -> Result<Option<Condition>, Code> {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        Condition::read(&headers).map_err(|problem| problem.kind())
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
    }

    #[test]
    fn a_condition_that_can_not_be_read_is_no_condition_to_pass_over() {
        for wrong in ["a", "\"a", "\"a\" \"b\"", "\"a\",", ""] {
            assert_eq!(condition(IF_MATCH, wrong), Err(Code::BadHeader), "{wrong}");
        }
        assert_eq!(
            Condition::read(&HeaderMap::new()).map_err(|p| p.kind()),
            Ok(None)
        );
    }
}
