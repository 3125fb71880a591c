//! Lesson 03: count, characters.

use super::{Case, Exercise, Starts, cut, send, talk, wants};

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "03.1",
        title: "Count",
        starts: Starts::Server,
        line_feed: "yes",
        examples: &["l03_count"],
        cases: count,
    },
    Exercise {
        number: "03.2",
        title: "Characters",
        starts: Starts::Server,
        line_feed: "yes",
        examples: &["l03_characters"],
        cases: characters,
    },
];

fn count() -> Vec<Case> {
    vec![
        talk(
            "nothing came before the first count",
            [send("count"), wants("0\n")],
        ),
        talk(
            "one message, then count, in a write each",
            [send("hello"), send("count"), wants("1\n")],
        ),
        talk(
            "two messages and count, glued together",
            [send("worldthirdcount"), wants("2\n")],
        ),
        talk(
            "two messages and count, byte by byte",
            [cut("cut 1cut 2count"), wants("2\n")],
        ),
        talk(
            "`count` across two messages is none",
            [send("a cou"), send("nt,cocount"), wants("2\n")],
        ),
        talk(
            "twenty thousand messages and two counts in one write",
            [
                send("12345".repeat(20_000) + "countcount"),
                wants("20000\n20000\n"),
            ],
        ),
        talk(
            "one connection, all of these",
            [
                send("count"),
                wants("0\n"),
                send("hello"),
                send("count"),
                wants("1\n"),
                send("worldthirdcount"),
                wants("3\n"),
                cut("cut 1cut 2count"),
                wants("5\n"),
                send("a cou"),
                send("nt,cocount"),
                wants("7\n"),
            ],
        ),
        talk(
            "an end in the middle of a message",
            [send("firstcount"), wants("1\n"), send("hel")],
        ),
        talk(
            "the next client begins anew",
            [send("firstcount"), wants("1\n")],
        ),
    ]
}

fn characters() -> Vec<Case> {
    vec![
        talk("a line in one write", [send("hello\n"), wants("5\n")]),
        talk(
            "two Chinese characters in one write",
            [send("粘包\n"), wants("2\n")],
        ),
        talk(
            "the same with more, byte by byte",
            [cut("粘包 sticks\n"), wants("9\n")],
        ),
        talk(
            "three lines in one write, the first one empty",
            [send("\n一\n二三\n"), wants("0\n1\n2\n")],
        ),
        talk(
            "characters of two, four and one byte, cut everywhere",
            [cut("é👩x\n"), wants("3\n")],
        ),
        talk(
            "a line longer than any buffer",
            [send("包".repeat(50_000) + "\n"), wants("50000\n")],
        ),
        talk(
            "one connection, many lines",
            [
                send("hello\n粘"),
                send("包\n"),
                wants("5\n2\n"),
                cut("下一\n"),
                wants("2\n"),
                send("\n"),
                wants("0\n"),
            ],
        ),
        talk("the next client", [send("下\n"), wants("1\n")]),
    ]
}
