//! Who may show the dashboard within a page of theirs.

use std::str::FromStr;

/// Characters of a host and its port.
const HOST_MAX_CHARS: usize = 253 + 6;

/// One origin that may embed the dashboard: `self`, `none`, or an origin such as
/// `https://example.org`, whose host may begin with `*.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameAncestor(String);

impl FromStr for FrameAncestor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "self" || text == "none" {
            return Ok(Self(format!("'{text}'")));
        }
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let example = "is neither self nor none nor an origin such as https://example.org";
        let host = host.ok_or(example)?;
        let (name, port) = match host.rsplit_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        };
        let is_label = |label: &str| {
            !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        let is_port = |port: &str| port.parse::<u16>().is_ok_and(|port| port > 0);
        let mut labels = name.strip_prefix("*.").unwrap_or(name).split('.');
        if host.len() > HOST_MAX_CHARS || !labels.all(is_label) || !port.is_none_or(is_port) {
            return Err(example.into());
        }
        Ok(Self(text.to_owned()))
    }
}

/// All that may embed the dashboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameAncestors(Vec<FrameAncestor>);

impl Default for FrameAncestors {
    /// Pages of the same origin.
    fn default() -> Self {
        Self(vec![FrameAncestor("'self'".into())])
    }
}

impl FrameAncestors {
    /// These.
    ///
    /// # Errors
    ///
    /// When there are none, or `none` stands beside others.
    pub fn new(ancestors: Vec<FrameAncestor>) -> Result<Self, String> {
        if ancestors.is_empty() {
            return Err("name the sites that may embed the dashboard, or give none".into());
        }
        if ancestors.len() > 1 && ancestors.iter().any(|one| one.0 == "'none'") {
            return Err("none can't be combined with others".into());
        }
        Ok(Self(ancestors))
    }

    /// The value of `frame-ancestors` in a content security policy.
    pub(super) fn as_policy(&self) -> String {
        let all: Vec<&str> = self.0.iter().map(|one| one.0.as_str()).collect();
        all.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read() {
        let port_edge = "https://example.org:65535";
        for good in [
            "https://example.org",
            "http://localhost:3000",
            "https://*.example.org",
            port_edge,
        ] {
            assert_eq!(good.parse(), Ok(FrameAncestor(good.into())));
        }
        for bad in [
            "",
            "example.org",
            "ftp://example.org",
            "https://",
            "https://a b",
            "https://a;script-src *",
            "https://example.org/path",
            "https://example.org:65536",
            "https://example.org:0",
            "https://a..b",
            "*",
            "'self'",
        ] {
            let read = bad.parse::<FrameAncestor>();
            assert_eq!(read.ok(), None, "{bad}");
        }
        let long = format!("https://{}", "a".repeat(HOST_MAX_CHARS));
        assert_eq!(long.parse(), Ok(FrameAncestor(long.clone())));
        format!("{long}a").parse::<FrameAncestor>().unwrap_err();
    }

    #[test]
    fn none_stands_alone() {
        let read = |all: &[&str]| {
            FrameAncestors::new(all.iter().map(|one| one.parse().unwrap()).collect())
        };
        assert_eq!(read(&["none"]).unwrap().as_policy(), "'none'");
        let two = read(&["self", "https://a.org"]).unwrap();
        assert_eq!(two.as_policy(), "'self' https://a.org");
        read(&["none", "self"]).unwrap_err();
        read(&[]).unwrap_err();
        assert_eq!(FrameAncestors::default().as_policy(), "'self'");
    }
}
