//! Lesson 04: four receivers with one mistake each, `read_exact` by hand, a decoder, and a length that lies.

use std::time::Duration;

use tests::deadline::until;
use tests::exercises::{Exercise, Judge, shown};

#[test]
fn exercise_04_1a() {
    Exercise {
        number: "04_1a",
        example: "l04_receiver_a",
        arguments: "{port}",
        check: receiver,
    }
    .judge();
}

#[test]
fn exercise_04_1b() {
    Exercise {
        number: "04_1b",
        example: "l04_receiver_b",
        arguments: "{port}",
        check: receiver,
    }
    .judge();
}

#[test]
fn exercise_04_1c() {
    Exercise {
        number: "04_1c",
        example: "l04_receiver_c",
        arguments: "{port}",
        check: receiver,
    }
    .judge();
}

#[test]
fn exercise_04_1d() {
    Exercise {
        number: "04_1d",
        example: "l04_receiver_d",
        arguments: "{port}",
        check: receiver,
    }
    .judge();
}

#[test]
fn exercise_04_2() {
    Exercise {
        number: "04_2",
        example: "l04_read_exact",
        arguments: "{port}",
        check: read_exact,
    }
    .judge();
}

#[test]
fn exercise_04_3() {
    Exercise {
        number: "04_3",
        example: "l04_two_bytes",
        arguments: "",
        check: two_bytes,
    }
    .judge();
}

#[test]
fn exercise_04_4() {
    Exercise {
        number: "04_4",
        example: "l04_announcement",
        arguments: "{port}",
        check: announcement,
    }
    .judge();
}

fn framed(message: &[u8]) -> Vec<u8> {
    [
        &u32::try_from(message.len()).unwrap().to_be_bytes(),
        message,
    ]
    .concat()
}

/// The same right behaviour for all four: one mistake is enough to miss some of it.
fn receiver(judge: &mut Judge) -> Result<(), String> {
    let mut client = judge.connect()?;
    client.send_cut(&framed("hello 粘包".as_bytes()))?;
    client.wants(
        &framed("HELLO 粘包".as_bytes()),
        "a message that came byte by byte",
    )?;
    // Half a header, and the other half when the program has gone on to read: the answer before is here, and it had time.
    // Without that time a busy machine let it come too late a hundred times in a row. A right program does not notice.
    let (front, back) = (&framed(b"again")[..2], &framed(b"again")[2..]);
    client.send(front)?;
    for _ in 0..20 {
        until(Duration::from_millis(10), || None::<()>);
        client.send(&[back, front].concat())?;
        client.wants(
            &framed(b"AGAIN"),
            "a message whose header came in two halves",
        )?;
    }
    client.send(back)?;
    client.wants(&framed(b"AGAIN"), "the last of them")?;
    client.send(&[framed(b"one"), framed(b""), framed(b"three")].concat())?;
    client.wants(
        &[framed(b"ONE"), framed(b""), framed(b"THREE")].concat(),
        "three in one write, one of them empty",
    )?;
    client.send(&framed(&vec![b'x'; 10_000]))?;
    client.wants(&framed(&vec![b'X'; 10_000]), "a message of 10,000 bytes")?;
    client.wants_the_end("after the half-close")?;
    let mut client = judge.connect()?;
    client.send(&framed(b"next"))?;
    client.wants(&framed(b"NEXT"), "the next client")
}

fn read_exact(judge: &mut Judge) -> Result<(), String> {
    let mut client = judge.connect()?;
    client.send_cut(b"ten bytes!")?;
    client.wants(b"TEN BYTES!", "ten bytes one by one")?;
    client.send(b"ten bytes?and ten mo")?;
    client.wants(b"TEN BYTES?AND TEN MO", "two questions in one write")?;
    client.send(b"ten b")?;
    client.send(b"ytes again")?;
    client.wants(b"TEN BYTES ", "a question and a half in two writes")?;
    // Half a question is none: it is not answered, and not filled up with what stood there before.
    client.wants_the_end("after half a question")?;
    judge.connect()?.wants_the_end("a client that says nothing")
}

fn two_bytes(judge: &mut Judge) -> Result<(), String> {
    let long = [&[1, 2][..], &[b'x'; 258]].concat();
    let most = [&[3, 0xe8][..], &[b'y'; 1000]].concat();
    for (input, last) in [
        (&b"\0\x02hi\0\0\0\x03you"[..], "hi\n\nyou\nend\n".to_owned()),
        (b"", "end\n".to_owned()),
        (b"\0\x01a\0", "a\nheader: 1 of 2 bytes\n".to_owned()),
        (b"\0\x05hel", "body: 3 of 5 bytes\n".to_owned()),
        (b"\0\x05", "body: 0 of 5 bytes\n".to_owned()),
        (&long, format!("{}\nend\n", "x".repeat(258))),
        (&most, format!("{}\nend\n", "y".repeat(1000))),
        (
            b"\0\x02hi\x03\xe9",
            "hi\nrefused: 1001 bytes, the limit is 1000\n".to_owned(),
        ),
        (
            b"\xff\xff\0\x02hi",
            "refused: 65535 bytes, the limit is 1000\n".to_owned(),
        ),
        (b"\0\x02\n\xff", "\\n\\xff\nend\n".to_owned()),
    ] {
        let out = judge.filter(input)?;
        if out != last.as_bytes() {
            return Err(format!(
                "{}: wanted {}, came {}",
                shown(input),
                shown(last.as_bytes()),
                shown(&out)
            ));
        }
    }
    Ok(())
}

/// The most that a message may have.
const LIMIT: u32 = 1_048_576;

fn announcement(judge: &mut Judge) -> Result<(), String> {
    // Read with a sign, the first two are -1 and the least number there is.
    for announced in [u32::MAX, i32::MIN as u32, i32::MAX as u32, LIMIT + 1] {
        // The next client is in the queue already when the server meets the lie.
        let (mut liar, mut next) = (judge.connect()?, judge.connect()?);
        liar.send(&announced.to_be_bytes())?;
        liar.wants_to_be_cut_off(format_args!(
            "after {announced} was announced (the limit is {LIMIT})"
        ))?;
        next.send(&framed(b"still there?"))?;
        next.wants(
            &framed(b"STILL THERE?"),
            format_args!("the client behind the one that announced {announced}"),
        )?;
    }
    let mut client = judge.connect()?;
    let longest = vec![b'x'; LIMIT as usize];
    client.send(&framed(&longest))?;
    client.wants(
        &framed(&longest.to_ascii_uppercase()),
        format_args!("a message of exactly {LIMIT} bytes, which is allowed"),
    )?;
    client.send(&framed(b""))?;
    client.wants(&framed(b""), "an empty message")
}
