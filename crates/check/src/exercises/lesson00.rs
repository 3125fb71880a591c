//! Lesson 00: networks, lengths, frames. All three are filters: lines in, lines out.

use super::{Case, Exercise, Starts, lines};

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "00.1",
        title: "Networks",
        starts: Starts::Filter,
        line_feed: "yes",
        examples: &["l00_network"],
        cases: networks,
    },
    Exercise {
        number: "00.2",
        title: "Lengths",
        starts: Starts::Filter,
        line_feed: "yes",
        examples: &["l00_lengths"],
        cases: lengths,
    },
    Exercise {
        number: "00.3",
        title: "Frames",
        starts: Starts::Filter,
        line_feed: "yes",
        examples: &["l00_frame"],
        cases: frames,
    },
];

fn networks() -> Vec<Case> {
    let refused = |line| (line, "refused");
    vec![
        lines(
            "prefixes of whole bytes",
            [
                ("192.168.1.20/24", "192.168.1.0/24"),
                ("10.1.2.3/8", "10.0.0.0/8"),
                ("127.0.0.1/8", "127.0.0.0/8"),
            ],
        ),
        lines(
            "prefixes that end inside a byte",
            [
                ("10.1.2.200/26", "10.1.2.192/26"),
                ("172.31.255.255/12", "172.16.0.0/12"),
                ("192.168.1.21/31", "192.168.1.20/31"),
                ("255.255.255.255/1", "128.0.0.0/1"),
            ],
        ),
        lines(
            "all bits, and none",
            [
                ("192.168.1.20/32", "192.168.1.20/32"),
                ("203.0.113.7/0", "0.0.0.0/0"),
            ],
        ),
        lines(
            "IPv6",
            [
                ("2001:db8::20/64", "2001:db8::/64"),
                ("2001:db8:ffff::1/33", "2001:db8:8000::/33"),
                ("fe80::1:2/127", "fe80::1:2/127"),
                ("fe80::1:3/127", "fe80::1:2/127"),
                ("2001:db8::1/128", "2001:db8::1/128"),
                ("2001:db8::1/0", "::/0"),
            ],
        ),
        lines(
            "what is not a prefix",
            [
                "192.168.1.20",
                "192.168.1.20/33",
                "192.168.1.20/-1",
                "192.168.1.20/+8",
                "192.168.1.20/x",
                "::1/129",
            ]
            .map(refused),
        ),
        lines(
            "what is not an address",
            [
                "192.168.1.256/24",
                "192.168.1/24",
                "::1::/64",
                "/24",
                "",
                "hello",
            ]
            .map(refused),
        ),
        lines(
            "a right line after a wrong one",
            [refused("hello"), ("127.0.0.1/8", "127.0.0.0/8")],
        ),
    ]
}

fn lengths() -> Vec<Case> {
    vec![
        lines(
            "Chinese and ASCII",
            [
                ("粘包", "6 4"),
                ("hi", "2 2"),
                ("a粘b", "5 4"),
                ("，。", "6 4"),
            ],
        ),
        lines("an empty line", [("", "0 0"), ("last", "4 4")]),
        lines(
            "letters of two bytes in either",
            [("мир", "6 6"), ("é", "2 2")],
        ),
        // `e` and an accent: the same to the eye as `é`, another text.
        lines(
            "what GBK does not have",
            [("e\u{301}", "3 -"), ("naïve", "6 -"), ("👩", "4 -")],
        ),
    ]
}

/// `# NAME` begins a case; a line is a frame in hex, a blank, and what is wanted.
fn frames() -> Vec<Case> {
    let cases = include_str!("frames.txt").split("# ").skip(1);
    cases
        .map(|case| {
            let (name, rest) = case.split_once('\n').unwrap_or((case, ""));
            lines(name, rest.lines().filter_map(|line| line.split_once(' ')))
        })
        .collect()
}
