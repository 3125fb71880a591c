//! The promise: a request means one host and one path, to us and to every proxy before us. A target has the form that its
//! method asks for, and there is one Host, with a name that needs no decoding.
//!
//! The price: clients that send something else (a second Host, a name in Unicode) are refused and not guessed at; a scan over
//! the names of the fields, and over the bytes of the Host, for each request.

use std::net::Ipv6Addr;

use crate::error::{HttpError, Refused};
use crate::head::{Fields, Table, Version, run, table};

/// Has the target the form that goes with the method?
///
/// ```text
/// request-target = origin-form / absolute-form / authority-form / asterisk-form      (RFC 9112, section 3.2)
/// origin-form    = absolute-path [ "?" query ]
/// absolute-form  = scheme "://" authority absolute-path [ "?" query ]
/// authority-form = uri-host ":" port                                                  only of CONNECT
/// asterisk-form  = "*"                                                                only of OPTIONS
/// ```
pub(crate) fn is_target(method: &str, target: &str) -> bool {
    match (method, target) {
        ("CONNECT", _) => port_after_host(target).is_some_and(|port| !port.is_empty()),
        ("OPTIONS", "*") => true,
        _ if target.starts_with('/') => true,
        _ => target.split_once("://").is_some_and(|(scheme, rest)| {
            let authority = rest.split(['/', '?']).next().unwrap_or_default();
            is_scheme(scheme) && port_after_host(authority).is_some()
        }),
    }
}

/// ```text
/// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )      (RFC 3986, section 3.1)
/// ```
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b))
}

/// Exactly one valid Host in HTTP/1.1, at most one in HTTP/1.0 (RFC 9112, section 3.2). One that is missing shows at `end`.
pub(crate) fn check_host(
    fields: &Fields<'_>,
    version: Version,
    end: usize,
) -> Result<(), HttpError> {
    let mut hosts = fields.named("Host");
    let Some(host) = hosts.next() else {
        return match version {
            Version::Http10 => Ok(()),
            Version::Http11 => Err(Refused::HOST.at(end)),
        };
    };
    if let Some(second) = hosts.next() {
        return Err(Refused::HOST.at(second.at));
    }
    match str::from_utf8(host.value).is_ok_and(|host| port_after_host(host).is_some()) {
        true => Ok(()),
        false => Err(Refused::HOST.at(host.at)),
    }
}

/// The port after a valid host, possibly none. An empty name is a host by the grammar, but no URL of the web has one
/// (RFC 9110, section 4.2.1).
///
/// ```text
/// Host       = uri-host [ ":" port ]                          (RFC 9110, section 7.2)
/// uri-host   = IP-literal / IPv4address / reg-name            (RFC 3986, section 3.2.2)
/// IP-literal = "[" IPv6address "]"                            (of later versions of IP there is none)
/// reg-name   = *( unreserved / pct-encoded / sub-delims )
/// ```
fn port_after_host(text: &str) -> Option<&str> {
    let (valid, port) = match text.strip_prefix('[') {
        Some(literal) => {
            let (address, port) = literal.split_once(']')?;
            (address.parse::<Ipv6Addr>().is_ok(), port)
        }
        None => {
            let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
            (
                !name.is_empty() && run(name.as_bytes(), 0, &HOST) == name.len(),
                port,
            )
        }
    };
    let digits = match port {
        "" => "",
        _ => port.strip_prefix(':')?,
    };
    (valid && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

/// `reg-name` without `pct-encoded`: no name of a host has it, and two programs might decode it differently.
const HOST: Table =
    table(b"-._~!$&'()*+,;=0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");
