//! Two addresses: the same network, yes or no?
//!
//! It is the question a machine asks before every packet. Yes: ask for the neighbour's MAC address (ARP) and hand it
//! the frame. No: hand the frame to the gateway. Each machine asks it with *its own* mask, so two machines with
//! different masks may disagree; then one of them is set up wrongly, and this says so.
//!
//! Left out: an IPv6 router may tell its hosts that not even neighbours are to be asked directly (RFC 5942).

use std::io::{self, Write};
use std::net::IpAddr;

use crate::network::{Network, to_bits, width};
use crate::place::Place;
use crate::purpose::ipv4_inside;
use crate::report::example_prefix;

/// Whether two addresses are neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Both find the other in their own network.
    Yes,
    /// At least one does not.
    No,
    /// Neither came with a prefix.
    Unknown,
}

/// Writes the reasoning bit by bit, then `same network: yes` or `same network: no`.
///
/// An address without a prefix is taken to have the prefix of the other.
///
/// # Errors
/// Those of `out`.
pub fn same_network(out: &mut impl Write, a: &Place, b: &Place) -> io::Result<Answer> {
    let (four, six) = if a.address().is_ipv4() {
        (a, b)
    } else {
        (b, a)
    };
    if four.address().is_ipv4() != six.address().is_ipv4() {
        writeln!(
            out,
            "{four} has 32 bits and {six} has 128: they share no network."
        )?;
        if let Some(inside) = ipv4_inside(six.address()) {
            writeln!(out, "{} stands for {inside}: ask with that.", six.address())?;
        }
        return conclude(out, Answer::No);
    }
    let (with_prefix_a, with_prefix_b) = (a.or_prefix_of(b), b.or_prefix_of(a));
    for (given, taken) in [(a, with_prefix_a), (b, with_prefix_b)] {
        if *given != taken {
            writeln!(
                out,
                "{given} came without a prefix; it is taken to be {taken}.\n"
            )?;
        }
    }
    let (a, b) = (with_prefix_a, with_prefix_b);
    let (Some(of_a), Some(of_b)) = (a.network(), b.network()) else {
        writeln!(
            out,
            "Neither has a prefix, so nobody can say where a network ends."
        )?;
        writeln!(
            out,
            "Give one of them, for instance {a}/{}.",
            example_prefix(a.address())
        )?;
        return conclude(out, Answer::Unknown);
    };
    let a_says = ask(out, &a, &of_a, b.address())?;
    let b_says = if of_a.prefix() == of_b.prefix() {
        a_says // the same mask gives both the same answer
    } else {
        writeln!(out)?;
        ask(out, &b, &of_b, a.address())?
    };
    writeln!(out)?;
    if a_says != b_says {
        writeln!(
            out,
            "They disagree: one mask is wrong. Answers will go another way than the questions came."
        )?;
    }
    conclude(
        out,
        if a_says && b_says {
            Answer::Yes
        } else {
            Answer::No
        },
    )
}

/// What `place` finds when it wants to send to `other`.
fn ask(out: &mut impl Write, place: &Place, network: &Network, other: IpAddr) -> io::Result<bool> {
    let inside = network.contains(other);
    let theirs = Network::around(other, network.prefix());
    writeln!(
        out,
        "{place} wants to send to {other} and looks at the first {} bits:",
        network.prefix()
    )?;
    draw(out, place.address(), other, network)?;
    writeln!(
        out,
        "{} AND {} = {}",
        place.address(),
        network.mask(),
        network.address()
    )?;
    writeln!(out, "{other} AND {} = {}", network.mask(), theirs.address())?;
    let ask_for_mac = if other.is_ipv4() {
        "ARP"
    } else {
        "neighbour discovery"
    };
    if inside {
        writeln!(
            out,
            "equal: a neighbour. Ask for its MAC address ({ask_for_mac}), send the frame to it."
        )?;
    } else {
        writeln!(out, "not equal: elsewhere. Send the frame to the gateway.")?;
    }
    Ok(inside)
}

/// One line for each byte (IPv4) or group (IPv6): both parts, the mask, and what the comparison finds.
fn draw(out: &mut impl Write, a: IpAddr, b: IpAddr, network: &Network) -> io::Result<()> {
    let (name, bits) = if a.is_ipv4() {
        ("byte", 8_u8)
    } else {
        ("group", 16)
    };
    let column = usize::from(bits);
    for part in 0..width(a) / bits {
        let from = part * bits;
        let cut = |address| part_of(address, from, bits);
        let (ours, theirs, mask) = (cut(a), cut(b), cut(network.mask()));
        writeln!(
            out,
            "  {name} {}  {ours:0column$b}  {theirs:0column$b}  mask {mask:0column$b}  {}",
            part + 1,
            finding((ours ^ theirs) & mask, mask, from, bits),
        )?;
    }
    Ok(())
}

/// The bits `from .. from + count` of an address, counted from the front.
fn part_of(address: IpAddr, from: u8, count: u8) -> u128 {
    let behind = width(address) - from - count;
    (to_bits(address) >> behind) & ((1 << count) - 1)
}

/// What the comparison of one part finds. `differing`: the bits that differ and count.
fn finding(differing: u128, mask: u128, from: u8, count: u8) -> String {
    if mask == 0 {
        return "host, not compared".to_owned();
    }
    if differing == 0 {
        return if mask.count_ones() < count.into() {
            format!(
                "same in its first {} bits, the rest is host",
                mask.count_ones()
            )
        } else {
            "same".to_owned()
        };
    }
    // Bits are counted from 1, from the left, over the whole address.
    let first = differing.leading_zeros() - (128 - u32::from(count)) + u32::from(from) + 1;
    format!("differs, first at bit {first}")
}

fn conclude(out: &mut impl Write, answer: Answer) -> io::Result<Answer> {
    let word = match answer {
        Answer::Yes => "yes",
        Answer::No => "no",
        Answer::Unknown => "unknown without a prefix",
    };
    writeln!(out, "same network: {word}")?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(a: &str, b: &str) -> (Answer, String) {
        let mut out = Vec::new();
        let answer = same_network(
            &mut out,
            &Place::parse(a).unwrap(),
            &Place::parse(b).unwrap(),
        )
        .unwrap();
        (answer, String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_bits_of_the_mask_decide_and_no_others() {
        for (a, b, expected) in [
            ("192.168.1.20/24", "192.168.1.200/24", Answer::Yes),
            ("192.168.1.20/24", "192.168.2.20/24", Answer::No),
            ("192.168.1.20/25", "192.168.1.200/25", Answer::No),
            ("10.0.0.2/31", "10.0.0.3/31", Answer::Yes),
            ("10.0.0.1/31", "10.0.0.2/31", Answer::No),
            ("10.0.0.1/32", "10.0.0.1/32", Answer::Yes),
            ("1.2.3.4/0", "200.1.1.1/0", Answer::Yes),
            ("2001:db8::1/64", "2001:db8::ffff:2/64", Answer::Yes),
            ("2001:db8::1/64", "2001:db8:0:1::1/64", Answer::No),
            ("2001:db8::2/127", "2001:db8::3/127", Answer::Yes),
            ("::1/0", "ffff::/0", Answer::Yes),
            ("192.168.1.20/24", "::ffff:192.168.1.20/120", Answer::No),
        ] {
            assert_eq!(asked(a, b).0, expected, "{a} {b}");
            assert_eq!(asked(b, a).0, expected, "{b} {a}");
        }
    }

    #[test]
    fn one_prefix_does_for_both() {
        assert_eq!(asked("192.168.1.20/24", "192.168.1.9").0, Answer::Yes);
        assert_eq!(asked("192.168.1.9", "192.168.2.20/24").0, Answer::No);
        assert!(
            asked("192.168.1.9", "192.168.2.20/24")
                .1
                .starts_with("192.168.1.9 came without a prefix")
        );
        assert_eq!(asked("192.168.1.9", "192.168.1.9").0, Answer::Unknown);
        assert!(asked("::1", "::2").1.contains("for instance ::1/64"));
    }

    #[test]
    fn a_mapped_address_is_pointed_at_its_ipv4_form() {
        let (answer, text) = asked("::ffff:192.168.1.20/120", "192.168.1.20/24");
        assert_eq!(answer, Answer::No);
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
        assert_eq!(answer, Answer::No);
        assert!(text.contains("They disagree"), "{text}");
        // Both masks agree here, although the networks differ in size.
        let (answer, text) = asked("192.168.1.20/24", "192.168.1.30/25");
        assert_eq!(answer, Answer::Yes);
        assert!(!text.contains("disagree"), "{text}");
    }
}
