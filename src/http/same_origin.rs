//! Who may ask and who may write: only requests to a host that is this service's own are answered, and
//! no page of another origin writes.
//!
//! A browser sends requests for any page that it shows, to loopback addresses too. Two headers that no
//! page can set tell them apart: `Host` names where the browser thought it was going, so that a foreign
//! name that was made to resolve to this machine (DNS rebinding) is noticed; `Origin` and
//! `Sec-Fetch-Site` say which page a write comes from. Programs such as curl send neither of the latter.

use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::sync::Arc;

use actix_web::ResponseError as _;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    CROSS_ORIGIN_RESOURCE_POLICY, HOST, HeaderMap, HeaderName, HeaderValue, ORIGIN,
};
use actix_web::http::{Method, uri};
use actix_web::middleware::Next;

use super::problem::{Problem, ProblemKind};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// What `Sec-Fetch-Site` says of requests that no page of another origin has made (Fetch Metadata
/// Request Headers, section 2.3).
const OWN_SITES: [&[u8]; 2] = [b"same-origin", b"none"];
/// The path that is answered under any host: load balancers ask by address, and it tells nothing.
pub(super) const ANY_HOST: &str = "/healthz";
/// No page of another origin takes an answer up, as an image or a script (Fetch, section 3.7).
const OWN_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
/// Characters of a host's name (RFC 1035, section 2.3.4).
const NAME_MAX_CHARS: usize = 253;
const HTTP_PORT: u16 = 80;
const HTTPS_PORT: u16 = 443;

/// A host and perhaps its port, as a URI has them (RFC 3986, section 3.2). The name is in lower case
/// and without the full stop that may end it; an address of version 6 is in its shortest form.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Authority {
    host: String,
    port: Option<u16>,
}

impl Authority {
    /// Reads `name`, `name:port`, `192.0.2.1:port`, `[::1]:port`. `None` for anything else: user
    /// names, blanks, letters outside ASCII, ports that are none.
    fn parse(text: &str) -> Option<Self> {
        let (host, port) = match text.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (text, None),
        };
        let port = match port {
            // `u16` would take a sign.
            Some(port) if port.bytes().all(|b| b.is_ascii_digit()) => Some(port.parse().ok()?),
            Some(_) => return None,
            None => None,
        };
        let inside = host.strip_prefix('[').and_then(|h| h.strip_suffix(']'));
        let host = if let Some(inside) = inside {
            format!("[{}]", inside.parse::<Ipv6Addr>().ok()?)
        } else {
            let name = host.strip_suffix('.').unwrap_or(host);
            let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
            let mut labels = name.split('.');
            let is_name = name.len() <= NAME_MAX_CHARS
                && labels.all(|label| !label.is_empty() && label.bytes().all(allowed));
            is_name.then(|| name.to_ascii_lowercase())?
        };
        Some(Self { host, port })
    }

    /// The address that the host is, if it is one and no name.
    fn address(&self) -> Option<IpAddr> {
        let inside = self.host.strip_prefix('[');
        let inside = inside.and_then(|host| host.strip_suffix(']'));
        let address: IpAddr = inside.unwrap_or(&self.host).parse().ok()?;
        Some(address.to_canonical())
    }

    fn is_loopback(&self) -> bool {
        self.host == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    /// Whether both mean the same place where `default` is the port of what names none.
    fn is_same(&self, other: &Self, default: u16) -> bool {
        self.host == other.host && self.port.unwrap_or(default) == other.port.unwrap_or(default)
    }
}

/// A name under which the service may be asked beside its own addresses, such as that of the proxy
/// before it: `chancery.example.org`, or with the only port that it may be asked at,
/// `chancery.example.org:8443`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedHost(Authority);

impl FromStr for AllowedHost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let example = "is not a host such as chancery.example.org or chancery.example.org:8443";
        if text.contains("://") {
            return Err(format!("{example}: leave the scheme out, both are allowed"));
        }
        if text.contains('*') {
            return Err(format!("{example}: name each host, there are no wildcards"));
        }
        if !text.is_ascii() {
            return Err(format!(
                "{example}: write it as browsers send it (xn--…, Punycode)"
            ));
        }
        Authority::parse(text)
            .filter(|authority| authority.port != Some(0))
            .map(Self)
            .ok_or_else(|| example.to_owned())
    }
}

impl AllowedHost {
    /// Whether the header `Host` may say this. A port that it does not name is that of HTTP or of
    /// HTTPS: a proxy may end TLS before the service.
    fn is_host(&self, host: &Authority) -> bool {
        let is_default = |port| [HTTP_PORT, HTTPS_PORT].contains(&port);
        self.0.host == host.host
            && self.0.port.is_none_or(|port| match host.port {
                Some(named) => named == port,
                None => is_default(port),
            })
    }

    /// Whether a page of this origin is the service's own.
    fn is_origin(&self, default_port: u16, origin: &Authority) -> bool {
        self.0.host == origin.host
            && self
                .0
                .port
                .is_none_or(|port| origin.port.unwrap_or(default_port) == port)
    }
}

/// Where the service may be asked, and whose pages may write.
#[derive(Debug)]
pub(super) struct OwnHosts {
    /// The address that connections are taken on.
    bound: IpAddr,
    allowed: Vec<AllowedHost>,
}

impl OwnHosts {
    /// The hosts of a service that listens on `bound`, and `allowed` besides.
    pub(super) fn new(bound: IpAddr, allowed: Vec<AllowedHost>) -> Self {
        Self { bound, allowed }
    }

    /// Whether it is an address or name of the machine itself.
    fn is_local(&self, host: &Authority) -> bool {
        // Who listens on all addresses has none of its own.
        let is_bound =
            !self.bound.is_unspecified() && host.address() == Some(self.bound.to_canonical());
        host.is_loopback() || is_bound
    }

    fn has_host(&self, host: &Authority) -> bool {
        self.is_local(host) || self.allowed.iter().any(|own| own.is_host(host))
    }

    /// Whether a page of `origin` is this service's own, when it is asked at `host`.
    fn has_origin(&self, origin: &str, host: &Authority) -> bool {
        let Some((default_port, origin)) = page(origin) else {
            return false;
        };
        // The service itself speaks HTTP. Under a name it is asked through a proxy, which may end TLS:
        // there the names alone decide.
        let is_same = default_port == HTTP_PORT && origin.is_same(host, HTTP_PORT);
        let mut allowed = self.allowed.iter();
        (is_same && self.is_local(host)) || allowed.any(|own| own.is_origin(default_port, &origin))
    }

    /// The host that is asked.
    ///
    /// # Errors
    ///
    /// When it is none of the service's own, or several are named.
    fn check_host(&self, request: &ServiceRequest) -> Result<Authority, Problem> {
        // A request line with a whole URI goes before the header (RFC 9112, section 3.2.2): all count.
        let in_line = request.uri().authority().map(uri::Authority::as_str);
        let in_headers = request.headers().get_all(HOST).map(as_text);
        let mut own: Option<Authority> = None;
        for text in in_line.into_iter().chain(in_headers) {
            let host = Authority::parse(text).filter(|host| self.has_host(host));
            let Some(host) = host else {
                return Err(foreign_host(text));
            };
            let differs = |before: &Authority| !before.is_same(&host, HTTP_PORT);
            if own.as_ref().is_some_and(differs) {
                let detail = "the request line and the header Host name different hosts, or \
                              there are several Host headers: send one";
                return Err(Problem::new(ProblemKind::MisdirectedRequest, detail).at("Host"));
            }
            own = Some(host);
        }
        own.ok_or_else(|| {
            let detail = "the request has no host: send the header Host, for example Host: \
                          127.0.0.1:8080";
            Problem::new(ProblemKind::MisdirectedRequest, detail).at("Host")
        })
    }

    /// That a request is for this service, and that no page of another origin writes by it.
    ///
    /// # Errors
    ///
    /// As [`OwnHosts::check_host`] and [`OwnHosts::check_origin`].
    fn check(&self, request: &ServiceRequest) -> Result<(), Problem> {
        let reads = [Method::GET, Method::HEAD, Method::OPTIONS];
        if !reads.contains(request.method()) {
            let host = self.check_host(request)?;
            return self.check_origin(request.headers(), &host);
        }
        if request.path() != ANY_HOST {
            self.check_host(request)?;
        }
        Ok(())
    }

    /// That a page of another origin has not sent this.
    ///
    /// # Errors
    ///
    /// When `Origin` or `Sec-Fetch-Site` says that it has.
    fn check_origin(&self, headers: &HeaderMap, host: &Authority) -> Result<(), Problem> {
        for origin in headers.get_all(ORIGIN).map(as_text) {
            if !self.has_origin(origin, host) {
                return Err(foreign_origin(origin, host));
            }
        }
        for site in headers.get_all(SEC_FETCH_SITE) {
            if !OWN_SITES.contains(&site.as_bytes()) {
                let site = as_text(site);
                let detail = format!(
                    "Sec-Fetch-Site is {site:?}: a page of another origin sent this request, and \
                     only the service's own pages may write. Open the page that the service \
                     serves, or write from a program, which does not send this header"
                );
                let problem = Problem::new(ProblemKind::CrossOriginWrite, detail);
                return Err(problem.at("Sec-Fetch-Site").value(site));
            }
        }
        Ok(())
    }
}

/// The port of the scheme of a web page's origin, and its authority; `None` for any other origin.
fn page(origin: &str) -> Option<(u16, Authority)> {
    let (port, rest) = match origin.split_once("://")? {
        ("http", rest) => (HTTP_PORT, rest),
        ("https", rest) => (HTTPS_PORT, rest),
        _ => return None,
    };
    Some((port, Authority::parse(rest)?))
}

/// The text of a header; what is not ASCII is no host, no origin and no site.
fn as_text(value: &HeaderValue) -> &str {
    value.to_str().unwrap_or("(not ASCII)")
}

fn foreign_host(text: &str) -> Problem {
    let name = Authority::parse(text).map_or("NAME".to_owned(), |host| host.host);
    let detail = format!(
        "the request names the host {:?}, which is not a name of this service: it answers to \
         localhost, to loopback addresses, to the address that it listens on and to each \
         --allowed-host. If a proxy uses this name for it, add --allowed-host {name} (or {name} \
         to CHANCERY_ALLOWED_HOST)",
        text.chars().take(NAME_MAX_CHARS).collect::<String>()
    );
    let problem = Problem::new(ProblemKind::MisdirectedRequest, detail);
    problem.at("Host").value(text)
}

fn foreign_origin(origin: &str, host: &Authority) -> Problem {
    let remedy = match page(origin) {
        Some((default_port, page)) => {
            // Of the pages of this machine, only those of that port.
            let port = page.port.unwrap_or(default_port);
            let name = if page.is_loopback() {
                format!("{}:{port}", page.host)
            } else {
                page.host
            };
            format!(
                "If a proxy serves the service's page there, add --allowed-host {name} (or \
                 {name} to CHANCERY_ALLOWED_HOST)"
            )
        }
        None => "Open the page that the service serves, or write from a program, which does not \
                 send this header"
            .to_owned(),
    };
    let port = host.port.map_or(String::new(), |port| format!(":{port}"));
    let detail = format!(
        "Origin is {:?}, and only pages of the service's own origin may write: here that is \
         http://{}{port} or a page of an --allowed-host. {remedy}",
        origin.chars().take(NAME_MAX_CHARS).collect::<String>(),
        host.host
    );
    let problem = Problem::new(ProblemKind::CrossOriginWrite, detail);
    problem.at("Origin").value(origin)
}

/// Refuses what is not meant for this service, and what a page of another origin would write: with a
/// problem that says what was refused and how to allow it.
///
/// # Errors
///
/// When the service below fails.
pub(super) async fn same_origin<B: MessageBody + 'static>(
    own: Arc<OwnHosts>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let mut response = match own.check(&request) {
        Ok(()) => next.call(request).await?.map_into_left_body(),
        Err(problem) => request
            .into_response(problem.error_response())
            .map_into_right_body(),
    };
    let headers = response.headers_mut();
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, OWN_ORIGIN);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn own(allowed: &[&str]) -> OwnHosts {
        let allowed = allowed.iter().map(|text| text.parse().unwrap()).collect();
        OwnHosts::new(Ipv4Addr::LOCALHOST.into(), allowed)
    }

    fn has_host(own: &OwnHosts, host: &str) -> bool {
        Authority::parse(host).is_some_and(|host| own.has_host(&host))
    }

    #[test]
    fn hosts_are_loopback_or_allowed() {
        let plain = own(&[]);
        for good in [
            "localhost",
            "LOCALHOST:8080",
            "localhost.",
            "127.0.0.1",
            "127.0.0.1:1",
            "127.8.9.1:80",
            "[::1]",
            "[::1]:8080",
            "[0:0:0:0:0:0:0:1]:8080",
            "[::ffff:127.0.0.1]:8080",
        ] {
            assert!(has_host(&plain, good), "{good}");
        }
        for bad in [
            "",
            ":8080",
            "evil.test",
            "localhost.evil.test",
            "evil.localhost",
            "127.0.0.1.nip.io",
            "127.1",
            "2130706433",
            "0.0.0.0:8080",
            "[::]",
            "192.168.0.1",
            "127.0.0.1:",
            "127.0.0.1:+80",
            "127.0.0.1:80:80",
            "127.0.0.1:65536",
            "localhost@evil.test",
            "evil.test@localhost",
            "localhost evil.test",
            "localhost,evil.test",
            "localhost/",
            "[::1",
            "::1",
            "[::1]]",
            "[127.0.0.1]",
            "localhost..",
            "lócalhost",
            "\u{212a}localhost",
        ] {
            assert!(!has_host(&plain, bad), "{bad}");
        }
        let named = own(&[
            "a.example",
            "b.example:8443",
            "c.example:443",
            "[2001:db8::1]",
        ]);
        for good in [
            "A.example",
            "a.example:9",
            "a.example.",
            "[2001:DB8:0::1]",
            "b.example:8443",
            "c.example",
            "c.example:443",
            "[2001:db8::1]:80",
            "localhost",
        ] {
            assert!(has_host(&named, good), "{good}");
        }
        for bad in [
            "x.a.example",
            "example",
            "b.example",
            "b.example:443",
            "c.example:80",
        ] {
            assert!(!has_host(&named, bad), "{bad}");
        }
        let bound = OwnHosts::new([192, 0, 2, 7].into(), vec![]);
        assert!(has_host(&bound, "192.0.2.7:80") && !has_host(&bound, "192.0.2.8:80"));
        let anywhere = OwnHosts::new(Ipv4Addr::UNSPECIFIED.into(), vec![]);
        assert!(!has_host(&anywhere, "0.0.0.0"));
    }

    #[test]
    fn origins_are_of_the_host_asked_or_allowed() {
        let own = own(&["a.example", "b.example:8443", "c.example:443"]);
        let has =
            |origin: &str, host: &str| own.has_origin(origin, &Authority::parse(host).unwrap());
        for (origin, host) in [
            ("http://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://localhost", "localhost:80"),
            ("http://[::1]:8080", "[::1]:8080"),
            ("https://a.example", "127.0.0.1:8080"),
            ("http://a.example:9", "a.example"),
            ("https://b.example:8443", "localhost"),
            ("https://c.example", "localhost"),
        ] {
            assert!(has(origin, host), "{origin} {host}");
        }
        for (origin, host) in [
            ("", "localhost"),
            ("null", "localhost"),
            ("http://127.0.0.1:8081", "127.0.0.1:8080"),
            ("https://127.0.0.1:8080", "127.0.0.1:8080"),
            ("http://localhost:8080", "127.0.0.1:8080"),
            ("http://localhost:8080/", "localhost:8080"),
            ("http://evil.test", "localhost"),
            ("file://", "localhost"),
            ("http://localhost:8080, http://evil.test", "localhost:8080"),
            ("https://b.example", "localhost"),
            ("http://c.example", "localhost"),
            ("https://evil.a.example", "localhost"),
            // The proxy that ends TLS passes on a host without a port.
            ("http://c.example", "c.example"),
            ("http://c.example:80", "c.example"),
            ("http://b.example", "b.example:8443"),
            ("chrome-extension://a.example", "localhost"),
            ("ftp://a.example", "localhost"),
        ] {
            assert!(!has(origin, host), "{origin} {host}");
        }
    }

    #[test]
    fn names_are_taken_as_browsers_send_them() {
        let long = [
            "a".repeat(63),
            "b".repeat(63),
            "c".repeat(63),
            "d".repeat(61),
        ]
        .join(".");
        assert_eq!(long.len(), NAME_MAX_CHARS);
        long.parse::<AllowedHost>().unwrap();
        for bad in [
            "",
            "https://a.example",
            "*.example",
            "bücher.example",
            "a.example:0",
            "a.example/x",
            "a.example:x",
            "a..example",
            "a b",
            "a,b",
            &format!("{long}a"),
        ] {
            bad.parse::<AllowedHost>().unwrap_err();
        }
    }
}
