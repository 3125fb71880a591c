//! Lesson 01: reversed, half-close, endings.

use super::Step::Reset;
use super::{Case, Exercise, Starts, case, cut, ends, send, talk, wants};
use crate::peers::Client;
use crate::report::Checked;

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "01.1",
        title: "Reversed",
        starts: Starts::Server,
        line_feed: "as its line had one",
        examples: &["l01_reversed"],
        cases: reversed,
    },
    Exercise {
        number: "01.2",
        title: "Half-close",
        starts: Starts::Client,
        line_feed: "no, the bytes that came",
        examples: &["l01_half_close"],
        cases: half_close,
    },
    Exercise {
        number: "01.3",
        title: "How did it end?",
        starts: Starts::Client,
        line_feed: "yes",
        examples: &["l01_ending"],
        cases: endings,
    },
];

fn reversed() -> Vec<Case> {
    vec![
        talk("a line", [send("hello\n"), wants("olleh\n")]),
        talk(
            "three lines in one write, the second empty, then one more",
            [
                send("one\n\ntwo\n"),
                wants("eno\n\nowt\n"),
                send("three\n"),
                wants("eerht\n"),
            ],
        ),
        talk(
            "a line sent byte by byte",
            [cut("byte by byte\n"), wants("etyb yb etyb\n")],
        ),
        talk(
            "Chinese and German",
            [send("你好, grüß dich\n"), wants("hcid ßürg ,好你\n")],
        ),
        talk(
            "a long line",
            [
                send("abc".repeat(30_000) + "\n"),
                wants("cba".repeat(30_000) + "\n"),
            ],
        ),
        talk(
            "a client that is reset, and the one after it, whose last line has no line feed",
            [
                Reset,
                send("one\n"),
                wants("eno\n"),
                send("last, without a line end"),
                ends("dne enil a tuohtiw ,tsal"),
            ],
        ),
        talk("the next client", [send("next\n"), wants("txen\n")]),
    ]
}

fn half_close() -> Vec<Case> {
    // More than the buffers of both ends hold together.
    let typed = b"all work and no play makes a dull boy\n".repeat(600_000);
    let the_same = typed.clone();
    vec![
        case(
            "a server that reads to the end before it answers",
            |judge| {
                let mut server = judge.accept()?;
                judge.types(b"one two three");
                server.reads_to_the_end("one two three")?;
                server.send("3 words")?;
                drop(server);
                judge.ends(true, b"3 words")
            },
        ),
        case(
            "a server that answers while it reads, 20 MB",
            move |judge| {
                let mut server = judge.accept()?;
                judge.types(&typed);
                for piece in typed.chunks(100_000) {
                    server.wants(piece)?;
                    server.send(piece)?;
                }
                server.wants_to_the_end("")?;
                judge.ends(true, &typed)
            },
        ),
        case(
            "a server that has sent all before, and still reads",
            move |judge| {
                let mut server = judge.accept()?;
                server.send("said")?;
                server.half_close()?; // and goes on listening
                judge.types(&the_same);
                server.reads_to_the_end(&the_same)?;
                drop(server);
                judge.ends(true, b"said")
            },
        ),
    ]
}

fn endings() -> Vec<Case> {
    /// A server that does this once the program has connected.
    fn server(
        name: &str,
        does: fn(Client) -> Checked<Option<Client>>,
        wanted: &'static str,
    ) -> Case {
        case(name, move |judge| {
            let _still_open = does(judge.accept()?)?;
            judge.ends(true, wanted.as_bytes())
        })
    }
    fn sends(mut server: Client, bytes: &[u8]) -> Checked<Client> {
        server.send(bytes).map(|()| server)
    }
    vec![
        // First, because from the next case on somebody listens.
        case("nobody listens", |judge| judge.prints(b"", b"refused\n")),
        server("an end at once", |_| Ok(None), "end after 0\n"),
        server(
            "an end after five bytes",
            |server| sends(server, b"hello").map(|_| None),
            "end after 5\n",
        ),
        server(
            "a reset",
            |server| server.reset().map(|()| None),
            "reset after 0\n",
        ),
        server(
            "silence after three bytes",
            |server| sends(server, b"abc").map(Some),
            "silent after 3\n",
        ),
        server(
            "an end after 100,000 bytes",
            |server| sends(server, &[b'x'; 100_000]).map(|_| None),
            "end after 100000\n",
        ),
    ]
}
