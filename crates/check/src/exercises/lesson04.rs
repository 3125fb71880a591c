//! Lesson 04: four receivers with one mistake each, `read_exact` by hand, a decoder, and a length that lies.

use super::Step::Pause;
use super::{Case, Exercise, Starts, case, cut, framed, send, talk, wants};

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "04.1",
        title: "Four receivers, one mistake each",
        starts: Starts::Server,
        line_feed: "no, length and message",
        examples: &[
            "l04_receiver_a",
            "l04_receiver_b",
            "l04_receiver_c",
            "l04_receiver_d",
        ],
        cases: receiver,
    },
    Exercise {
        number: "04.2",
        title: "read_exact by hand",
        starts: Starts::Server,
        line_feed: "no, ten bytes for ten",
        examples: &["l04_read_exact"],
        cases: read_exact,
    },
    Exercise {
        number: "04.3",
        title: "Two bytes of length",
        starts: Starts::Filter,
        line_feed: "yes",
        examples: &["l04_two_bytes"],
        cases: two_bytes,
    },
    Exercise {
        number: "04.4",
        title: "Two gibibytes",
        starts: Starts::Server,
        line_feed: "no, length and message",
        examples: &["l04_announcement"],
        cases: announcement,
    },
];

/// The same right behaviour for all four: one mistake is enough to miss some of it.
fn receiver() -> Vec<Case> {
    // Half a header, and the other half when the program has gone on to read. Without the pause a busy machine let it
    // come too late a hundred times in a row. A right program does not notice.
    let again = framed("again");
    let (front, back) = again.split_at(2);
    let mut halves = vec![send(front)];
    for _ in 0..20 {
        halves.extend([Pause, send([back, front].concat()), wants(framed("AGAIN"))]);
    }
    halves.extend([send(back), wants(framed("AGAIN"))]);
    vec![
        talk(
            "a message in one write",
            [send(framed("hello")), wants(framed("HELLO"))],
        ),
        talk(
            "a message that comes byte by byte",
            [cut(framed("hello 粘包")), wants(framed("HELLO 粘包"))],
        ),
        talk("messages whose header comes in two halves", halves),
        talk(
            "three in one write, one of them empty",
            [
                send([framed("one"), framed(""), framed("three")].concat()),
                wants([framed("ONE"), framed(""), framed("THREE")].concat()),
            ],
        ),
        talk(
            "a message of 10,000 bytes",
            [send(framed([b'x'; 10_000])), wants(framed([b'X'; 10_000]))],
        ),
        talk(
            "the next client",
            [send(framed("next")), wants(framed("NEXT"))],
        ),
    ]
}

fn read_exact() -> Vec<Case> {
    vec![
        talk(
            "ten bytes one by one",
            [cut("ten bytes!"), wants("TEN BYTES!")],
        ),
        talk(
            "two questions in one write",
            [send("ten bytes?and ten mo"), wants("TEN BYTES?AND TEN MO")],
        ),
        // Half a question is none: it is not answered, and not filled up with what stood there before.
        talk(
            "a question and a half in two writes, then the end",
            [send("ten b"), send("ytes again"), wants("TEN BYTES ")],
        ),
        talk("a client that says nothing", []),
        talk("the next client", [send("once again"), wants("ONCE AGAIN")]),
    ]
}

fn two_bytes() -> Vec<Case> {
    let stdin = |name: &str, input: &[u8], wanted: &str| {
        let (input, wanted) = (input.to_vec(), wanted.to_owned());
        case(name, move |judge| judge.prints(&input, wanted.as_bytes()))
    };
    let long = [&[1, 2][..], &[b'x'; 258]].concat();
    let most = [&[3, 0xe8][..], &[b'y'; 1000]].concat();
    vec![
        stdin(
            "three messages, one of them empty",
            b"\0\x02hi\0\0\0\x03you",
            "hi\n\nyou\nend\n",
        ),
        stdin("nothing", b"", "end\n"),
        stdin("half a header", b"\0\x01a\0", "a\nheader: 1 of 2 bytes\n"),
        stdin("half a body", b"\0\x05hel", "body: 3 of 5 bytes\n"),
        stdin("no body", b"\0\x05", "body: 0 of 5 bytes\n"),
        stdin("258 bytes", &long, &format!("{}\nend\n", "x".repeat(258))),
        stdin(
            "1,000 bytes",
            &most,
            &format!("{}\nend\n", "y".repeat(1000)),
        ),
        stdin(
            "1,001 bytes announced",
            b"\0\x02hi\x03\xe9",
            "hi\nrefused: 1001 bytes, the limit is 1000\n",
        ),
        stdin(
            "65,535 bytes announced",
            b"\xff\xff\0\x02hi",
            "refused: 65535 bytes, the limit is 1000\n",
        ),
        stdin(
            "bytes that are not printable",
            b"\0\x02\n\xff",
            "\\n\\xff\nend\n",
        ),
    ]
}

/// The most that a message may have.
const LIMIT: u32 = 1_048_576;

fn announcement() -> Vec<Case> {
    // Read with a sign, the first two are -1 and the least number there is.
    let lies = [u32::MAX, i32::MIN as u32, i32::MAX as u32, LIMIT + 1];
    let longest = "x".repeat(LIMIT as usize);
    let mut cases: Vec<Case> = lies.into_iter().map(lie).collect();
    cases.push(talk(
        format!("a message of exactly {LIMIT} bytes, which is allowed, and an empty one"),
        [
            send(framed(&longest)),
            wants(framed(longest.to_ascii_uppercase())),
            send(framed("")),
            wants(framed("")),
        ],
    ));
    cases
}

/// The next client is in the queue already when the server meets the lie.
fn lie(announced: u32) -> Case {
    let name = format!("{announced} bytes announced (the limit is {LIMIT}), and the next client");
    case(name, move |judge| {
        let (mut liar, mut next) = (judge.connect()?, judge.connect()?);
        liar.send(announced.to_be_bytes())?;
        liar.wants_to_be_cut_off()?;
        next.send(framed("still there?"))?;
        next.wants(framed("STILL THERE?"))
    })
}
