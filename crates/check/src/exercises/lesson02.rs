//! Lesson 02: the patient clock, no strangers, gaps.

use std::net::UdpSocket;
use std::time::Duration;

use super::{Case, Exercise, Starts, case};
use crate::judge::{ANY, Judge};
use crate::peers::{Letter, next_letter, wants_silence};
use crate::report::{Checked, Failure, shown};

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "02.1",
        title: "The patient clock",
        starts: Starts::UdpClient,
        line_feed: "yes, on stdout",
        examples: &["l02_clock"],
        cases: clock,
    },
    Exercise {
        number: "02.2",
        title: "No strangers",
        starts: Starts::UdpClient,
        line_feed: "yes, on stdout",
        examples: &["l02_strangers"],
        cases: strangers,
    },
    Exercise {
        number: "02.3",
        title: "Gaps",
        starts: Starts::UdpServer,
        line_feed: "yes, on stdout",
        examples: &["l02_gaps"],
        cases: gaps,
    },
];

fn clock() -> Vec<Case> {
    vec![
        case("an answer at once", |judge| {
            let server = judge.post(b"")?;
            let question = judge.letter(&server)?;
            if !question.bytes.is_empty() {
                return Err(Failure::new("an empty datagram", shown(&question.bytes)));
            }
            server.send_to(b"12:35", question.from)?;
            judge.ends(true, b"12:35\n")?;
            wants_silence(&server)
        }),
        case(
            "an answer to the third question, and strangers before it",
            |judge| {
                let (stranger, server) = (UdpSocket::bind(ANY)?, judge.post(b"")?);
                let first = judge.letter(&server)?;
                stranger.send_to(b"25:00", first.from)?;
                let second = soon(
                    judge,
                    &server,
                    "only a stranger has answered the first question",
                )?;
                // The 300 ms go on while a stranger writes.
                judge.hurry(SOON);
                let third = loop {
                    stranger.send_to(b"26:00", second.from)?;
                    match next_letter(&server, Duration::from_millis(50))? {
                        Some(third) => break third,
                        None if judge.is_late() => {
                            let wanted = "a third question, while a stranger writes every 50 ms";
                            return Err(Failure::new(wanted, "none in 3 s"));
                        }
                        None => {}
                    }
                };
                server.send_to("12:34 粘".as_bytes(), third.from)?;
                judge.ends(true, "12:34 粘\n".as_bytes())
            },
        ),
        case("no answer to three questions", |judge| {
            let server = judge.post(b"")?;
            judge.letter(&server)?;
            soon(judge, &server, "the first question was not answered")?;
            soon(judge, &server, "the second question was not answered")?;
            judge.ends(false, b"")?;
            wants_silence(&server)
        }),
    ]
}

/// Ten times what the exercise grants.
const SOON: Duration = Duration::from_secs(3);

/// The next datagram of a program that runs already: it need not start an interpreter any more.
fn soon(judge: &mut Judge, server: &UdpSocket, why: &str) -> Checked<Letter> {
    judge.hurry(SOON);
    judge
        .letter(server)
        .map_err(|failure| failure.with("note", why))
}

fn strangers() -> Vec<Case> {
    /// The friend answers each message, after a stranger has; this is wanted on stdout.
    fn chat(name: &str, talk: &'static [(&str, &str)], wanted: &'static str) -> Case {
        case(name, move |judge| {
            let typed: String = talk
                .iter()
                .map(|(message, _)| format!("{message}\n"))
                .collect();
            let (stranger, friend) = (UdpSocket::bind(ANY)?, judge.post(typed.as_bytes())?);
            for (message, answer) in talk {
                let letter = judge.letter(&friend)?;
                if letter.bytes != message.as_bytes() {
                    return Err(Failure::differ(message.as_bytes(), &letter.bytes));
                }
                stranger.send_to(b"send me your password", letter.from)?;
                friend.send_to(answer.as_bytes(), letter.from)?;
            }
            judge.ends(true, wanted.as_bytes())
        })
    }
    vec![
        chat(
            "an answer, and a stranger before it",
            &[("one", "1")],
            "1\n",
        ),
        chat(
            "control characters",
            &[("二", "zw\x1b[2Jei\n\r2\x07")],
            "zw?[2Jei??2?\n",
        ),
        chat(
            "three answers, and a stranger before each",
            &[
                ("one", "1"),
                ("二", "zw\x1b[2Jei\n\r2\x07"),
                ("three", "é 粘包 👩"),
            ],
            "1\nzw?[2Jei??2?\né 粘包 👩\n",
        ),
    ]
}

fn gaps() -> Vec<Case> {
    /// One that is too short for a number, these datagrams, and the empty one.
    fn series(name: &str, letters: &'static [(u32, &str)], wanted: &'static str) -> Case {
        case(name, move |judge| {
            let (addr, sender) = (judge.receives(b"no")?, UdpSocket::bind(ANY)?);
            for (number, text) in letters {
                sender.send_to(&[&number.to_be_bytes(), text.as_bytes()].concat(), addr)?;
            }
            sender.send_to(b"", addr)?;
            let wanted = format!("listening on {addr}\n{wanted}");
            let numbers = letters.iter().map(|(number, _)| number.to_string());
            let numbers = numbers.collect::<Vec<_>>().join(" ");
            judge.ends(true, wanted.as_bytes()).map_err(|failure| {
                failure.with(
                    "note",
                    format!("sent were `no`, too short for a number, and then {numbers}"),
                )
            })
        })
    }
    vec![
        series(
            "nothing is missing",
            &[(0, "a"), (1, "b"), (2, "粘")],
            "a\nb\n粘\nmissing: none\n",
        ),
        series(
            "late, twice, missing, and one without text",
            &[
                (2, "two"),
                (0, "zero"),
                (2, "again"),
                (5, "five"),
                (1, "one"),
                (9, "nine"),
                (7, ""),
            ],
            "zero\none\ntwo\nfive\n\nnine\nmissing: 3-4 6 8\n",
        ),
        series(
            "a gap of four thousand million",
            &[(1, "b"), (4_000_000_000, "z")],
            "b\nz\nmissing: 0 2-3999999999\n",
        ),
    ]
}
