//! The promise: who typed something that is not an address reads why (CONTRACT: `error: WHAT: WHY`).
//!
//! The price: the standard library says only `invalid IPv4 address syntax`, so what it has refused is looked at once
//! more here. Nothing is accepted in this file, so a mistake in it costs a sentence and never an address.

use std::net::{Ipv4Addr, SocketAddr};

/// Why the standard library said no.
pub(crate) fn why_no_address(text: &str) -> String {
    if text.is_empty() {
        return "no address".to_owned();
    }
    if let Some((_, zone)) = text.split_once('%') {
        return format!(
            "`%{zone}` is a zone: it names a network card of one machine and is no part of the address; leave it out"
        );
    }
    if text.parse::<SocketAddr>().is_ok() {
        return "this is an address with a port; the network is found from the address alone, leave the port out"
            .to_owned();
    }
    if text.starts_with('[') {
        return "brackets belong around an IPv6 address only when a port follows".to_owned();
    }
    if text.contains(':') {
        return why_no_ipv6(text);
    }
    if text.chars().all(|c| c.is_ascii_digit() || c == '.') {
        return why_no_ipv4(text);
    }
    "neither an address nor a scene of --help; a name has to be looked up first: getent hosts NAME"
        .to_owned()
}

/// What is wrong with this text of digits and dots.
fn why_no_ipv4(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    let count = parts.len();
    if count != 4 {
        return format!("{count} numbers between the dots; an IPv4 address has 4");
    }
    for part in parts {
        if part.is_empty() {
            return "a number is missing between two dots".to_owned();
        }
        if part.parse::<u8>().is_err() {
            return format!("{part} is over 255, the largest number in 8 bits");
        }
        if part.len() > 1 && part.starts_with('0') {
            return format!("{part} has a leading zero, which some programs read as octal");
        }
    }
    "not an IPv4 address".to_owned()
}

/// What is wrong with this text with a colon in it.
fn why_no_ipv6(text: &str) -> String {
    // An IPv4 address may stand at its end.
    let (groups, tail) = text.rsplit_once(':').unwrap_or((text, ""));
    if tail.contains('.') && tail.parse::<Ipv4Addr>().is_err() {
        return format!("`{tail}` at its end: {}", why_no_address(tail));
    }
    match groups.chars().chain(tail.chars()).find(|c| !c.is_ascii_hexdigit() && !":.".contains(*c)) {
        Some(strange) => format!("`{strange}` is not a hex digit"),
        None => "an IPv6 address has 8 groups of at most 4 hex digits; one `::` stands for those left out".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use crate::address::Address;

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "no address"),
            ("fe80::1%eth0", "`%eth0` is a zone"),
            ("fe80::1%eth0/64", "is a zone"),
            ("192.168.1.20:8080", "with a port"),
            ("[::1]:8080", "with a port"),
            ("[::1]", "brackets"),
            ("192.168.1", "3 numbers between the dots"),
            ("192.168.1.20.5", "5 numbers"),
            ("192.168..20", "missing between two dots"),
            ("192.168.1.256", "256 is over 255"),
            ("192.168.1.99999999999999999999", "over 255"),
            ("192.168.01.20", "01 has a leading zero"),
            ("localhost", "has to be looked up first"),
            ("192.168.1.x", "looked up"),
            ("192.168.1.20 ", "looked up"),
            ("1:2:3", "8 groups of at most 4 hex digits"),
            ("1:2:3:4:5:6:7:8:9", "8 groups"),
            ("1:2:3:4:5:6:7::8", "`::` stands for those left out"),
            ("1::2::3", "one `::`"),
            (":::", "one `::`"),
            ("12345::", "at most 4 hex digits"),
            ("::g", "`g` is not a hex digit"),
            ("::ffff:1.2.3.256", "256 is over 255"),
            ("1:2:3:4:5:6:7:1.2.3.4", "8 groups"),
            ("1:2:3:4:5:6:7:8:", "8 groups"),
        ] {
            let why = Address::parse(text).unwrap_err();
            assert!(why.contains(reason), "{text}: {why}");
        }
    }
}
