//! The promise: who typed something that is not an address reads why (`error: WHAT: WHY`).
//!
//! The price: the standard library says only `invalid IPv4 address syntax`, so what it has refused is looked at once
//! more here. Nothing is accepted in this file, so a mistake in it costs a sentence and never an address.

use std::net::SocketAddr;

/// Why the standard library said no.
pub(crate) fn why_no_address(text: &str) -> String {
    if text.parse::<SocketAddr>().is_ok() {
        return "this is an address with a port; leave the port out".to_owned();
    }
    if let Some((_, zone)) = text.split_once('%') {
        return format!("`%{zone}` is a zone: it names a card of one machine; leave it out");
    }
    // Numbers with dots between; they may stand at the end of an IPv6 address too.
    let tail = text.rsplit(':').next().unwrap_or(text);
    let dotted = tail.contains('.') && tail.chars().all(|c| c.is_ascii_digit() || c == '.');
    let numbers = tail.split('.').filter(|number| !number.is_empty());
    for number in numbers.filter(|_| dotted) {
        if number.parse::<u8>().is_err() {
            return format!("{number} is over 255, the largest number in 8 bits");
        }
        if number.len() > 1 && number.starts_with('0') {
            return format!("{number} has a leading zero, which some programs read as octal");
        }
    }
    let is_strange = |c: &char| !c.is_ascii_hexdigit() && !":.".contains(*c);
    let why = match text.chars().find(is_strange) {
        Some(strange) if text.contains(':') => return format!("`{strange}` is not a hex digit"),
        _ if text.contains(':') => {
            "an IPv6 address has 8 groups of at most 4 hex digits; one `::` stands for those left out"
        }
        _ if dotted => "an IPv4 address has 4 numbers, with dots between",
        _ => {
            "neither an address nor a scene of --help; a name has to be looked up first: getent hosts NAME"
        }
    };
    why.to_owned()
}

#[cfg(test)]
mod tests {
    use crate::address::Address;

    #[test]
    fn what_is_no_address_is_refused_with_its_reason() {
        for (text, reason) in [
            ("", "neither an address nor a scene"),
            ("fe80::1%eth0", "`%eth0` is a zone"),
            ("fe80::1%eth0/64", "is a zone"),
            ("192.168.1.20:8080", "with a port"),
            ("[::1]:8080", "with a port"),
            ("[::1]", "`[` is not a hex digit"),
            ("192.168.1", "an IPv4 address has 4 numbers"),
            ("192.168.1.20.5", "an IPv4 address has 4 numbers"),
            ("192.168..20", "an IPv4 address has 4 numbers"),
            ("192.168.1.256", "256 is over 255"),
            ("192.168.1.99999999999999999999", "over 255"),
            ("192.168.01.20", "01 has a leading zero"),
            ("0.0.0.256", "256 is over 255"),
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
