//! Two addresses: the same network, yes or no? The reasoning of `next_hop.rs` as text, bit by bit.
//!
//! Each machine asks with *its own* mask, so two machines with different masks may disagree; then one of them is set up
//! wrongly, and this says so.

use std::net::IpAddr;

use super::report::example_prefix;
use crate::address::Address;
use crate::network::{Network, to_bits, width};
use crate::next_hop::{NextHop, next_hop};
use crate::purpose::ipv4_inside;

/// The reasoning bit by bit, then `same network: yes` or `same network: no`.
///
/// An address without a prefix is taken to have the prefix of the other.
pub fn same_network(a: &Address, b: &Address) -> String {
    let (four, six) = if a.ip().is_ipv4() { (a, b) } else { (b, a) };
    if four.ip().is_ipv4() != six.ip().is_ipv4() {
        let inside = ipv4_inside(six.ip()).map_or(String::new(), |inside| {
            format!("{} stands for {inside}: ask with that.\n", six.ip())
        });
        return format!(
            "{four} has 32 bits and {six} has 128: they share no network.\n{inside}same network: no\n"
        );
    }
    let mut text = String::new();
    for (given, other) in [(a, b), (b, a)] {
        let taken = given.or_prefix_of(other);
        if *given != taken {
            text += &format!("{given} came without a prefix; it is taken to be {taken}.\n\n");
        }
    }
    let (a, b) = (a.or_prefix_of(b), b.or_prefix_of(a));
    let (Some(of_a), Some(of_b)) = (a.network(), b.network()) else {
        let example = example_prefix(a.ip());
        return format!(
            "\
Neither has a prefix, so nobody can say where a network ends.
Give one of them, for instance {a}/{example}.
same network: unknown without a prefix
"
        );
    };
    text += &ask(&a, &of_a, b.ip());
    if of_a.prefix() != of_b.prefix() {
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
    let (own, mask, prefix) = (machine.ip(), network.mask(), network.prefix());
    let (ours, theirs) = (network.address(), Network::around(other, prefix).address());
    let bits = compare(own, other, network);
    let equal = if ours == theirs { "equal" } else { "not equal" };
    let ask_for_mac = if other.is_ipv4() {
        "ARP"
    } else {
        "neighbour discovery"
    };
    let step = match next_hop(own, network, other) {
        NextHop::ThisMachine => "this machine itself. No frame leaves it.".to_owned(),
        NextHop::Nowhere => "no address yet, so not a destination. Nothing is sent.".to_owned(),
        NextHop::EveryCard => {
            "everybody on this cable. Send the frame to ff:ff:ff:ff:ff:ff, without ARP.".to_owned()
        }
        NextHop::Group(mac) => {
            format!("a group. Send the frame to {mac}, without {ask_for_mac} and gateway.")
        }
        NextHop::Neighbour => {
            let who = if ours == theirs {
                "a neighbour"
            } else {
                "link-local, so on this cable too"
            };
            format!("{who}. Ask for its MAC address ({ask_for_mac}), send the frame to it.")
        }
        NextHop::Gateway => "elsewhere. Send the frame to the gateway.".to_owned(),
    };
    format!(
        "\
{machine} wants to send to {other} and looks at the first {prefix} bits:
{bits}{own} AND {mask} = {ours}
{other} AND {mask} = {theirs}
{equal}: {step}
"
    )
}

/// One line for each byte (IPv4) or group (IPv6): both parts, the mask, and what the comparison finds.
fn compare(a: IpAddr, b: IpAddr, network: &Network) -> String {
    let (name, bits) = if a.is_ipv4() {
        ("byte", 8)
    } else {
        ("group", 16)
    };
    let wide = usize::from(bits);
    let mut text = String::new();
    for part in 1..=width(a) / bits {
        let after = width(a) - part * bits;
        let cut = |address| to_bits(address) >> after & ((1 << bits) - 1);
        let (ours, theirs, mask) = (cut(a), cut(b), cut(network.mask()));
        let differing = (ours ^ theirs) & mask;
        let finding = match mask.count_ones() {
            0 => "host, not compared".to_owned(),
            // Bits are counted from 1, from the left, over the whole address.
            _ if differing != 0 => {
                let first = u32::from(width(a) - after) - differing.ilog2();
                format!("differs, first at bit {first}")
            }
            ones if ones == bits.into() => "same".to_owned(),
            ones => format!("same in its first {ones} bits, the rest is host"),
        };
        text += &format!(
            "  {name} {part}  {ours:0wide$b}  {theirs:0wide$b}  mask {mask:0wide$b}  {finding}\n"
        );
    }
    text
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
                "equal: everybody on this cable. Send the frame to ff:ff:ff:ff:ff:ff, without ARP.",
            ),
            (
                "255.255.255.255",
                "not equal: everybody on this cable. Send the frame to ff:ff:ff:ff:ff:ff, without ARP.",
            ),
            (
                "224.0.0.251",
                "not equal: a group. Send the frame to 01:00:5e:00:00:fb, without ARP and gateway.",
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
                "not equal: no address yet, so not a destination. Nothing is sent.",
            ),
            (
                "169.254.1.1",
                "not equal: link-local, so on this cable too. Ask for its MAC address (ARP), send the frame to it.",
            ),
        ] {
            let (_, text) = asked("192.168.1.20/24", b);
            assert!(text.lines().any(|told| told == line), "{text}");
        }
        let (_, text) = asked("2001:db8::1/64", "ff02::fb");
        let line = "not equal: a group. Send the frame to 33:33:00:00:00:fb, without neighbour discovery and gateway.";
        assert!(text.lines().any(|told| told == line), "{text}");
    }
}
