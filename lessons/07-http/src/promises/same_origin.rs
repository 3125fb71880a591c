//! The promise: a page of somebody else cannot store files here through the browser of whoever reads it.
//!
//! A page from anywhere may send a form to `http://127.0.0.1:8080/upload`; the browser only hides the answer from it. But the
//! browser says where the page is from (`Origin`), and what name it thinks it is talking to (`Host`): a page of `evil.test`,
//! which its owner lets point to 127.0.0.1 once it is loaded (DNS rebinding), has that name in both.
//!
//! The price: whoever gave this machine's loopback address another name cannot upload under that name.

use std::net::Ipv4Addr;

use crate::service::Headers;

/// Whether a request that changes something comes from a page of ours, or from no page at all (curl has no `Origin`).
pub(crate) fn same_origin(headers: &Headers, on_loopback: bool) -> bool {
    let host = headers.first("Host").unwrap_or_default();
    let own_name = !on_loopback || names_loopback(host);
    let ours = |origin: &[u8]| {
        let origin = origin.strip_prefix(b"http://");
        origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
    };
    own_name && headers.all("Origin").all(ours)
}

/// `localhost`, `127.0.0.1`, `[::1]`, with or without a port.
fn names_loopback(host: &[u8]) -> bool {
    let host = std::str::from_utf8(host).unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost")
        || name == "[::1]"
        || name.parse().is_ok_and(|ip: Ipv4Addr| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(host: &str, origins: &[&str], on_loopback: bool) -> bool {
        let mut headers = Headers::default();
        headers.add("host", host).unwrap();
        for origin in origins {
            headers.add("origin", origin).unwrap();
        }
        same_origin(&headers, on_loopback)
    }

    #[test]
    fn on_loopback_only_its_own_names_are_served() {
        for host in [
            "localhost",
            "LOCALHOST:8080",
            "127.0.0.1",
            "127.0.0.1:1",
            "127.1.2.3:1",
            "[::1]",
            "[::1]:8080",
        ] {
            assert!(judged(host, &[], true), "{host}");
            assert!(judged(host, &[&format!("http://{host}")], true), "{host}");
        }
        for host in [
            "",
            "evil.test",
            "evil.test:8080",
            "localhost.evil.test",
            "127.0.0.1.evil.test",
            "192.168.1.1",
            "localhost:80:80",
            "[::2]",
            "0.0.0.0",
            "::1",
        ] {
            assert!(!judged(host, &[], true), "{host}");
            assert!(!judged(host, &[&format!("http://{host}")], true), "{host}");
        }
    }

    #[test]
    fn a_foreign_origin_is_refused_everywhere() {
        for on_loopback in [true, false] {
            for origin in [
                "null",
                "http://evil.test",
                "https://localhost:1",
                "http://localhost",
                "http://localhost:2",
                "",
            ] {
                assert!(!judged("localhost:1", &[origin], on_loopback), "{origin}");
                assert!(!judged(
                    "localhost:1",
                    &["http://localhost:1", origin],
                    on_loopback
                ));
            }
        }
        assert!(judged("files.test", &["http://files.test"], false));
        assert!(!same_origin(&Headers::default(), true));
    }
}
