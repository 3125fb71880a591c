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
    if text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
    {
        return why_no_ipv4(text);
    }
    "neither an address nor a scene of --help; a name has to be looked up first: getent hosts NAME"
        .to_owned()
}

/// What is wrong with this text of digits and dots.
fn why_no_ipv4(text: &str) -> String {
    let parts: Vec<&str> = text.split('.').collect();
    if parts.len() != 4 {
        return format!(
            "{} numbers between the dots; an IPv4 address has 4",
            parts.len()
        );
    }
    for part in parts {
        if part.is_empty() {
            return "a number is missing between two dots".to_owned();
        }
        if part.parse::<u8>().is_err() {
            return format!("{part} is over 255, the largest number in 8 bits");
        }
        if part.len() > 1 && part.starts_with('0') {
            return format!(
                "{part} has a leading zero, which some programs read as octal; write it without"
            );
        }
    }
    "not an IPv4 address".to_owned()
}

/// What is wrong with this text with a colon in it.
fn why_no_ipv6(text: &str) -> String {
    let (groups, embedded) = match text.rsplit_once(':') {
        Some((front, tail)) if tail.contains('.') => (front, Some(tail)),
        _ => (text, None),
    };
    if let Some(tail) = embedded.filter(|tail| tail.parse::<Ipv4Addr>().is_err()) {
        return format!(
            "`{tail}` at its end is not an IPv4 address: {}",
            why_no_address(tail)
        );
    }
    if let Some(strange) = groups.chars().find(|c| !c.is_ascii_hexdigit() && *c != ':') {
        return format!("`{strange}` is not a hex digit");
    }
    if let Some(long) = groups.split(':').find(|group| group.len() > 4) {
        return format!("the group `{long}` has over 4 hex digits, that is over 16 bits");
    }
    if text.contains(":::") || text.matches("::").count() > 1 {
        return "`::` stands for as many zero groups as fit, so it can stand only once".to_owned();
    }
    // An IPv4 address at the end stands for two groups.
    let count =
        groups.split(':').filter(|group| !group.is_empty()).count() + embedded.map_or(0, |_| 2);
    match count {
        0..8 if !text.contains("::") => {
            format!("{count} groups; an IPv6 address has 8, or a `::` for those left out")
        }
        8 if text.contains("::") => {
            "8 groups and a `::`, which stands for at least one more".to_owned()
        }
        9.. => format!("{count} groups; an IPv6 address has 8"),
        _ => "a lone `:` at its beginning or end".to_owned(),
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
            ("1:2:3", "3 groups; an IPv6 address has 8"),
            ("1:2:3:4:5:6:7:8:9", "9 groups; an IPv6 address has 8"),
            (
                "1:2:3:4:5:6:7::8",
                "a `::`, which stands for at least one more",
            ),
            ("1::2::3", "only once"),
            (":::", "only once"),
            ("12345::", "`12345` has over 4 hex digits"),
            ("::g", "`g` is not a hex digit"),
            ("::ffff:1.2.3.256", "256 is over 255"),
            ("1:2:3:4:5:6:7:1.2.3.4", "9 groups"),
            ("1:2:3:4:5:6:7:8:", "a lone `:`"),
        ] {
            let why = Address::parse(text).unwrap_err();
            assert!(why.contains(reason), "{text}: {why}");
        }
    }
}
