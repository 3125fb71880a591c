//! `http://HOST[:PORT][/PATH][?QUERY]`: what a client connects to, and what it asks for (RFC 9110, section 4.2.1).
//!
//! What is left out: names and passwords (they would travel in plain text), and `https` (TLS). What is typed is asked for as it
//! stands, `..` too, so that one can see what a server makes of it.

use std::fmt;
use std::str::FromStr;

use cli::Address;

/// A place on a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Url {
    /// `127.0.0.1:8080`, as it goes into the field `Host`: without the port if it is 80.
    pub host: String,
    /// Where to connect.
    pub address: Address,
    /// Path and query, as they go into the request line. What is not ASCII is percent-encoded.
    pub target: String,
}

impl Url {
    /// Where a redirect from here leads.
    ///
    /// # Errors
    /// A sentence: it leads to something else than `http`.
    pub(super) fn join(&self, location: &[u8]) -> Result<Self, String> {
        let location = escaped(location);
        let (host, path) = (&self.host, self.path());
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let first = location.split(['/', '?', '#']).next();
        let mut next: Self = match location.as_bytes() {
            _ if first.unwrap_or_default().contains(':') => location,
            [b'/', b'/', ..] => format!("http:{location}"),
            [b'/', ..] => format!("http://{host}{location}"),
            [b'?' | b'#', ..] | [] => format!("http://{host}{path}{location}"),
            _ => format!("http://{host}{folder}/{location}"),
        }
        .parse()?;
        next.target = without_dots(&next.target);
        Ok(next)
    }

    fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The last segment of the path, still encoded.
    pub(super) fn last_segment(&self) -> &str {
        self.path().rsplit('/').next().unwrap_or_default()
    }
}

/// Percent-encodes what may not stand in a target as it is. `%` stays: the one who types it means an escape.
fn escaped(text: &[u8]) -> String {
    let stays = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte);
    let escaped = |&byte: &u8| match stays(byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    text.iter().map(escaped).collect()
}

/// `/a/./b/../c?d` is `/a/c?d` (RFC 3986, section 5.2.4).
fn without_dots(target: &str) -> String {
    let end = target.find('?').unwrap_or(target.len());
    let (path, query) = target.split_at(end);
    let mut kept = Vec::new();
    for segment in path.split('/') {
        match segment {
            "." => {}
            ".." => kept.truncate(kept.len().saturating_sub(1).max(1)), // the first is what stands before the root
            segment => kept.push(segment),
        }
    }
    if path.ends_with("/.") || path.ends_with("/..") {
        kept.push(""); // a folder
    }
    kept.join("/") + query
}

impl FromStr for Url {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = |why: &str| format!("{why}; want http://HOST[:PORT][/PATH]");
        let (scheme, rest) = text.split_once("://").ok_or(wrong("no http://"))?;
        match scheme.to_ascii_lowercase().as_str() {
            "http" => {}
            "https" => {
                return Err("https is HTTP inside TLS, which this client does not speak".into());
            }
            _ => return Err(wrong("not http")),
        }
        let rest = rest.split('#').next().unwrap_or_default(); // the fragment stays here: no server sees it
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        if authority.contains('@') {
            return Err(wrong("a name or a password would travel in plain text"));
        }
        let port = match authority.rfind(':') > authority.rfind(']') {
            true => "",
            false => ":80",
        };
        let address: Address = format!("{authority}{port}").parse()?;
        let host = address.to_string();
        let host = host.strip_suffix(":80").unwrap_or(&host).to_owned();
        let slash = if target.starts_with('/') { "" } else { "/" };
        let target = format!("{slash}{}", escaped(target.as_bytes()));
        Ok(Self {
            host,
            address,
            target,
        })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}{}", self.host, self.target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn a_url_is_a_host_and_a_target() {
        for (text, host, address, target) in [
            ("http://a", "a", "a:80", "/"),
            ("HTTP://a:8080/x/y?q=1#f", "a:8080", "a:8080", "/x/y?q=1"),
            ("http://[::1]/", "[::1]", "[::1]:80", "/"),
            ("http://[::1]:81?q", "[::1]:81", "[::1]:81", "/?q"),
            (
                "http://a/粘包 b%20",
                "a",
                "a:80",
                "/%E7%B2%98%E5%8C%85%20b%20",
            ),
            ("http://a:80/", "a", "a:80", "/"),
        ] {
            let Url {
                host: got,
                address: addr,
                target: asked,
            } = url(text);
            assert_eq!(
                (got.as_str(), addr.to_string().as_str(), asked.as_str()),
                (host, address, target),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_such_url_is_said() {
        for (text, why) in [
            ("127.0.0.1:8080/x", "no http://"),
            ("https://a/", "TLS"),
            ("ftp://a/", "not http"),
            ("http://me:secret@a/", "plain text"),
            ("http://", "not a host"),
            ("http://a:x/", "not a number"),
            ("http://::1/", "brackets"),
            ("http://a b/", "not a host"),
        ] {
            let error = text.parse::<Url>().unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }

    #[test]
    fn a_redirect_is_resolved_against_where_it_came_from() {
        let base = url("http://a:8080/x/y?q");
        for (location, wanted) in [
            ("http://b/z", "http://b/z"),
            ("//b/z", "http://b/z"),
            ("/z?w#f", "http://a:8080/z?w"),
            ("z", "http://a:8080/x/z"),
            ("?w", "http://a:8080/x/y?w"),
            ("", "http://a:8080/x/y"),
            ("/a:b", "http://a:8080/a:b"),
            ("/粘", "http://a:8080/%E7%B2%98"),
            ("./z", "http://a:8080/x/z"),
            ("../z?w/../v", "http://a:8080/z?w/../v"),
            ("../../../z/..", "http://a:8080/"),
            ("z/.", "http://a:8080/x/z/"),
            ("..", "http://a:8080/"),
            ("/a/.../b..", "http://a:8080/a/.../b.."),
            ("/login?to=http://b/", "http://a:8080/login?to=http://b/"),
        ] {
            assert_eq!(
                base.join(location.as_bytes()).unwrap().to_string(),
                wanted,
                "{location}"
            );
        }
        assert!(base.join(b"https://b/").is_err());
        assert!(base.join(b"file:///etc/passwd").is_err());
    }
}
