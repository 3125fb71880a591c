//! Lesson 02: the patient clock, no strangers, gaps.

use std::time::{Duration, Instant};

use tests::datagram_exercises::Post;
use tests::exercises::{Exercise, Judge, shown};

#[test]
fn exercise_02_1() {
    Exercise {
        number: "02_1",
        example: "l02_clock",
        arguments: "{port}",
        check: clock,
    }
    .judge();
}

#[test]
fn exercise_02_2() {
    Exercise {
        number: "02_2",
        example: "l02_strangers",
        arguments: "{port}",
        check: strangers,
    }
    .judge();
}

#[test]
fn exercise_02_3() {
    Exercise {
        number: "02_3",
        example: "l02_gaps",
        arguments: "{port}",
        check: gaps,
    }
    .judge();
}

fn clock(judge: &mut Judge) -> Result<(), String> {
    let stranger = Post::open()?;

    let server = judge.post(b"")?;
    let first = server.take("the first question")?;
    if !first.bytes.is_empty() {
        return Err(format!(
            "the first question: wanted an empty datagram, came {}",
            shown(&first.bytes)
        ));
    }
    stranger.send(b"25:00", first.from)?;
    let second =
        server.take_soon("the second question, because only a stranger had answered the first")?;
    // The 300 ms go on while a stranger writes.
    let begin = Instant::now();
    let third = loop {
        stranger.send(b"26:00", second.from)?;
        match server.look(Duration::from_millis(50))? {
            Some(third) => break third,
            None if begin.elapsed() > Duration::from_secs(5) => {
                return Err(
                    "the third question: none came in 5 s, while a stranger wrote every 50 ms"
                        .into(),
                );
            }
            None => {}
        }
    };
    server.send("12:34 粘".as_bytes(), third.from)?;
    ended(judge, true, "12:34 粘\n", "an answer to the third question")?;

    let server = judge.post(b"")?;
    let question = server.take("the question")?;
    server.send(b"12:35", question.from)?;
    ended(judge, true, "12:35\n", "an answer at once")?;
    server.wants_silence(Duration::from_millis(1), "after the answer")?;

    let server = judge.post(b"")?;
    server.take("the first question, nobody answers")?;
    server.take_soon("the second question, nobody answers")?;
    server.take_soon("the third question, nobody answers")?;
    ended(judge, false, "", "no answer to three questions")?;
    server.wants_silence(Duration::from_millis(1), "after three questions")
}

fn strangers(judge: &mut Judge) -> Result<(), String> {
    let stranger = Post::open()?;
    let friend = judge.post("one\n二\nthree\n".as_bytes())?;
    for (message, answer) in [
        ("one", "1"),
        ("二", "zw\x1b[2Jei\n\r2\x07"),
        ("three", "é 粘包 👩"),
    ] {
        let letter = friend.take(&format!("the message {message:?}"))?;
        if letter.bytes != message.as_bytes() {
            return Err(format!(
                "the message {message:?}: came {}",
                shown(&letter.bytes)
            ));
        }
        stranger.send(b"send me your password", letter.from)?;
        friend.send(answer.as_bytes(), letter.from)?;
    }
    ended(
        judge,
        true,
        "1\nzw?[2Jei??2?\né 粘包 👩\n",
        "three answers, and a stranger before each",
    )
}

fn gaps(judge: &mut Judge) -> Result<(), String> {
    let series: [(&[(u32, &str)], &str); 3] = [
        (
            &[(0, "a"), (1, "b"), (2, "粘")],
            "a\nb\n粘\nmissing: none\n",
        ),
        (
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
        (
            &[(1, "b"), (4_000_000_000, "z")],
            "b\nz\nmissing: 0 2-3999999999\n",
        ),
    ];
    for (letters, wanted) in series {
        let addr = judge.listening()?;
        let sender = Post::open()?;
        for (number, text) in letters {
            sender.send(&[&number.to_be_bytes(), text.as_bytes()].concat(), addr)?;
        }
        sender.send(b"no", addr)?; // shorter than a number
        sender.send(b"", addr)?;
        let what = format!(
            "the numbers {:?}",
            letters.iter().map(|letter| letter.0).collect::<Vec<_>>()
        );
        ended(
            judge,
            true,
            &format!("listening on {addr}\n{wanted}"),
            &what,
        )?;
    }
    Ok(())
}

/// The program has ended, well or not, and printed this.
fn ended(judge: &mut Judge, well: bool, stdout: &str, what: &str) -> Result<(), String> {
    let finished = judge.end().map_err(|why| format!("{what}: {why}"))?;
    if finished.status.success() != well {
        let wanted = if well {
            "status 0"
        } else {
            "another status than 0"
        };
        return Err(format!("{what}: wanted {wanted}, came\n{finished}"));
    }
    if finished.out() != stdout {
        let (wanted, came) = (shown(stdout.as_bytes()), shown(&finished.stdout));
        return Err(format!("{what}: wanted on stdout {wanted}, came {came}"));
    }
    Ok(())
}
