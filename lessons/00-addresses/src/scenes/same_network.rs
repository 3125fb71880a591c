//! Two addresses: the same network, yes or no? The reasoning of `next_hop.rs` as text, bit by bit.
//!
//! Each machine asks with *its own* mask, so two machines with different masks may disagree; then one of them is set up
//! wrongly, and this says so.

use std::net::IpAddr;

use super::report::example_prefix;
use crate::address::Address;
use crate::network::{Network, to_bits, width};
use crate::next_hop::{NextHop, next_hop};

/// The reasoning bit by bit, then `same network: yes` or `same network: no`.
///
/// An address without a prefix is taken to have the prefix of the other.
pub fn same_network(a: &Address, b: &Address) -> String {
    let mut text = String::new();
    let (four, six) = if a.ip().is_ipv4() { (a, b) } else { (b, a) };
    if width(four.ip()) != width(six.ip()) {
        text += &format!("{four} has 32 bits and {six} has 128: they share no network.\n");
        let (whole, inside) = (six.ip(), six.ip().to_canonical());
        if inside.is_ipv4() {
            text += &format!("{whole} stands for {inside}: ask with that.\n");
        }
        return text + "same network: no\n";
    }
    for (given, other) in [(a, b), (b, a)] {
        let taken = given.or_prefix_of(other);
        if *given != taken {
            text += &format!("{given} came without a prefix; it is taken to be {taken}.\n\n");
        }
    }
    let (a, b) = (a.or_prefix_of(b), b.or_prefix_of(a));
    let (Some(of_a), Some(of_b)) = (a.network(), b.network()) else {
        let example = example_prefix(a.ip());
        text += &format!("Neither has a prefix: give one of them, for instance {a}/{example}.\n");
        return text + "same network: unknown without a prefix\n";
    };
    text += &ask(&a, &of_a, b.ip());
    if of_a.prefix != of_b.prefix {
        text += "\n"; // the same mask would give both the same answer
        text += &ask(&b, &of_b, a.ip());
    }
    text += "\n";
    let answers = (of_a.contains(b.ip()), of_b.contains(a.ip()));
    if answers.0 != answers.1 {
        text += "They disagree: one mask is wrong. Answers will go another way than the questions came.\n";
    }
    let answer = if answers == (true, true) { "yes" } else { "no" };
    text + &format!("same network: {answer}\n")
}

/// What a machine finds when it wants to send to `other`.
fn ask(machine: &Address, network: &Network, other: IpAddr) -> String {
    let (own, mask, prefix) = (machine.ip(), network.mask(), network.prefix);
    let (ours, theirs) = (network.address, Network::around(other, prefix).address);
    let (part, bits, asking) = match other {
        IpAddr::V4(_) => ("byte", 8, "ARP"),
        IpAddr::V6(_) => ("group", 16, "neighbour discovery"),
    };
    let equal = if ours == theirs { "equal" } else { "not equal" };
    let ask = format!("Ask for its MAC address ({asking})");
    let next = match next_hop(own, network, other) {
        NextHop::ThisMachine => "this machine itself. No frame leaves it.".to_owned(),
        NextHop::Group(mac) => {
            let mac = mac.and_whom();
            format!("more than one machine. No {asking}, no gateway: the frame goes to {mac}.")
        }
        NextHop::Neighbour if ours == theirs => {
            format!("a neighbour. {ask}, send the frame to it.")
        }
        NextHop::Neighbour => format!("link-local, so a neighbour. {ask}."),
        NextHop::Gateway => "elsewhere. Send the frame to the gateway.".to_owned(),
    };
    let mut text =
        format!("{machine} wants to send to {other} and looks at the first {prefix} bits:\n");
    for number in 1..=width(own) / bits {
        let found = compare(own, other, mask, number, bits);
        text += &format!("  {part} {number}  {found}\n");
    }
    text + &format!("{own} AND {mask} = {ours}\n{other} AND {mask} = {theirs}\n{equal}: {next}\n")
}

/// One byte (IPv4) or group (IPv6), counted from 1: both parts, the mask, and what the comparison finds.
fn compare(a: IpAddr, b: IpAddr, mask: IpAddr, number: u8, bits: u8) -> String {
    let (wide, after) = (usize::from(bits), width(a) - number * bits);
    let cut = |address| to_bits(address) >> after & ((1 << bits) - 1);
    let (a, b, mask) = (cut(a), cut(b), cut(mask));
    let differing = (a ^ b) & mask;
    let finding = match (differing.checked_ilog2(), mask.count_ones()) {
        // Bits are counted from 1, from the left, over the whole address.
        (Some(bit), _) => format!("differs, first at bit {}", u32::from(number * bits) - bit),
        (None, 0) => "host, not compared".to_owned(),
        (None, ones) if ones == bits.into() => "same".to_owned(),
        (None, ones) => format!("same in its first {ones} bits, the rest is host"),
    };
    format!("{a:0wide$b}  {b:0wide$b}  mask {mask:0wide$b}  {finding}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The last line and the whole text.
    fn asked(a: &str, b: &str) -> (String, String) {
        let text = same_network(&Address::parse(a).unwrap(), &Address::parse(b).unwrap());
        let answer = text.lines().last().unwrap();
        (
            answer.strip_prefix("same network: ").unwrap().to_owned(),
            text.clone(),
        )
    }

    #[test]
    fn the_bits_of_the_mask_decide_and_no_others() {
        for (a, b, expected) in [
            ("192.168.1.20/24", "192.168.1.200/24", "yes"),
            ("192.168.1.20/24", "192.168.2.20/24", "no"),
            ("192.168.1.20/25", "192.168.1.200/25", "no"),
            ("10.0.0.2/31", "10.0.0.3/31", "yes"),
            ("10.0.0.1/31", "10.0.0.2/31", "no"),
            ("10.0.0.1/32", "10.0.0.1/32", "yes"),
            ("1.2.3.4/0", "200.1.1.1/0", "yes"),
            ("2001:db8::1/64", "2001:db8::ffff:2/64", "yes"),
            ("2001:db8::1/64", "2001:db8:0:1::1/64", "no"),
            ("2001:db8::2/127", "2001:db8::3/127", "yes"),
            ("::1/0", "ffff::/0", "yes"),
            ("192.168.1.20/24", "::ffff:192.168.1.20/120", "no"),
        ] {
            assert_eq!(asked(a, b).0, expected, "{a} {b}");
            assert_eq!(asked(b, a).0, expected, "{b} {a}");
        }
    }

    #[test]
    fn one_prefix_does_for_both() {
        assert_eq!(asked("192.168.1.20/24", "192.168.1.9").0, "yes");
        assert_eq!(asked("192.168.1.9", "192.168.2.20/24").0, "no");
        assert!(
            asked("192.168.1.9", "192.168.2.20/24")
                .1
                .starts_with("192.168.1.9 came without a prefix")
        );
        assert_eq!(
            asked("192.168.1.9", "192.168.1.9").0,
            "unknown without a prefix"
        );
        assert!(asked("::1", "::2").1.contains("for instance ::1/64"));
    }

    #[test]
    fn a_mapped_address_is_pointed_at_its_ipv4_form() {
        let (answer, text) = asked("::ffff:192.168.1.20/120", "192.168.1.20/24");
        assert_eq!(answer, "no");
        assert!(
            text.contains("stands for 192.168.1.20: ask with that"),
            "{text}"
        );
    }

    #[test]
    fn the_first_differing_bit_is_named() {
        let (_, text) = asked("192.168.1.20/24", "192.168.2.20/24");
        assert!(
            text.contains("byte 3  00000001  00000010  mask 11111111  differs, first at bit 23\n"),
            "{text}"
        );
        assert!(
            text.contains("byte 4  00010100  00010100  mask 00000000  host, not compared\n"),
            "{text}"
        );
        assert!(text.ends_with("\nsame network: no\n"), "{text}");
        let (_, text) = asked("2001:db8::1/64", "2001:db8:0:1::1/64");
        assert!(text.contains("differs, first at bit 64\n"), "{text}");
    }

    #[test]
    fn a_part_that_is_half_network_says_so() {
        let (_, text) = asked("10.0.0.200/26", "10.0.0.201/26");
        assert!(
            text.contains("mask 11000000  same in its first 2 bits, the rest is host\n"),
            "{text}"
        );
    }

    #[test]
    fn two_masks_that_disagree_are_called_a_mistake() {
        let (answer, text) = asked("192.168.1.20/24", "192.168.2.20/16");
        assert_eq!(answer, "no");
        assert!(text.contains("They disagree"), "{text}");
        // Both masks agree here, although the networks differ in size.
        let (answer, text) = asked("192.168.1.20/24", "192.168.1.30/25");
        assert_eq!(answer, "yes");
        assert!(!text.contains("disagree"), "{text}");
    }

    #[test]
    fn what_the_mask_does_not_decide_is_said_too() {
        for (b, line) in [
            (
                "192.168.1.255",
                "equal: more than one machine. No ARP, no gateway: the frame goes to ff:ff:ff:ff:ff:ff, broadcast: every card on this cable.",
            ),
            (
                "255.255.255.255",
                "not equal: more than one machine. No ARP, no gateway: the frame goes to ff:ff:ff:ff:ff:ff, broadcast: every card on this cable.",
            ),
            (
                "224.0.0.251",
                "not equal: more than one machine. No ARP, no gateway: the frame goes to 01:00:5e:00:00:fb, multicast: cards that listen to this group.",
            ),
            (
                "192.168.1.20",
                "equal: this machine itself. No frame leaves it.",
            ),
            (
                "127.0.0.1",
                "not equal: this machine itself. No frame leaves it.",
            ),
            (
                "0.0.0.0",
                "not equal: this machine itself. No frame leaves it.",
            ),
            (
                "169.254.1.1",
                "not equal: link-local, so a neighbour. Ask for its MAC address (ARP).",
            ),
        ] {
            let (_, text) = asked("192.168.1.20/24", b);
            assert!(text.lines().any(|told| told == line), "{text}");
        }
        let (_, text) = asked("2001:db8::1/64", "ff02::fb");
        let line = "not equal: more than one machine. No neighbour discovery, no gateway: the frame goes to 33:33:00:00:00:fb, multicast: cards that listen to this group.";
        assert!(text.lines().any(|told| told == line), "{text}");
    }
}
