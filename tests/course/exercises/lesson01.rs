//! Lesson 01: reversed, half-close, endings.

use tests::exercises::{Exercise, Judge, shown};

#[test]
fn exercise_01_1() {
    Exercise {
        number: "01_1",
        example: "l01_reversed",
        arguments: "{port}",
        check: reversed,
    }
    .judge();
}

#[test]
fn exercise_01_2() {
    Exercise {
        number: "01_2",
        example: "l01_half_close",
        arguments: "{port}",
        check: half_close,
    }
    .judge();
}

#[test]
fn exercise_01_3() {
    Exercise {
        number: "01_3",
        example: "l01_ending",
        arguments: "{port}",
        check: endings,
    }
    .judge();
}

fn reversed(judge: &mut Judge) -> Result<(), String> {
    let mut client = judge.connect()?;
    client.send(b"hello\n")?;
    client.wants(b"olleh\n", "a line")?;
    client.send(b"one\n\ntwo\n")?;
    client.wants(
        b"eno\n\nowt\n",
        "three lines in one write, the second empty",
    )?;
    client.send_cut(b"byte by byte\n")?;
    client.wants(b"etyb yb etyb\n", "a line sent byte by byte")?;
    client.send("你好, grüß dich\n".as_bytes())?;
    client.wants("hcid ßürg ,好你\n".as_bytes(), "Chinese and German")?;
    let long = "abc".repeat(30_000);
    client.send(format!("{long}\n").as_bytes())?;
    client.wants(
        format!("{}\n", "cba".repeat(30_000)).as_bytes(),
        "a long line",
    )?;
    judge.connect()?.reset()?;
    client.send(b"last, without a line end")?;
    client.half_close()?;
    let last = client.take_all("a last line, behind a half-close")?;
    if last != b"dne enil a tuohtiw ,tsal" {
        return Err(format!(
            "a last line, behind a half-close: came {}",
            shown(&last)
        ));
    }
    let mut next = judge.connect()?;
    next.send(b"next\n")?;
    next.wants(b"txen\n", "the client after one that was reset")
}

fn half_close(judge: &mut Judge) -> Result<(), String> {
    // More than the buffers of both ends hold together.
    let typed = b"all work and no play makes a dull boy\n".repeat(600_000);
    let printed = |judge: &mut Judge, wanted: &[u8], what: &str| {
        let printed = judge.printed().map_err(|why| format!("{what}: {why}"))?;
        if printed == wanted {
            return Ok(());
        }
        Err(format!(
            "{what}: wanted {} on stdout, came {}",
            shown(wanted),
            shown(&printed)
        ))
    };

    let mut server = judge.accept()?;
    judge.types(b"one two three");
    if server.take_all("a server that reads to the end")? != b"one two three" {
        return Err("a server that reads to the end: wanted what was typed".into());
    }
    server.send(b"3 words")?;
    drop(server);
    printed(
        judge,
        b"3 words",
        "an answer behind the end of the question",
    )?;

    let mut server = judge.accept()?;
    judge.types(&typed);
    for piece in typed.chunks(100_000) {
        if server.take(piece.len(), "a server that answers while it reads")? != piece {
            return Err("a server that answers while it reads: wanted what was typed".into());
        }
        server.send(piece)?;
    }
    server.wants_the_end("a server that answers while it reads")?;
    printed(judge, &typed, "20 MB there and back")?;

    let mut server = judge.accept()?;
    server.send(b"said")?;
    server.half_close()?; // and goes on listening
    judge.types(&typed);
    if server.take_all("a server that has said all, and still reads")? != typed {
        return Err(
            "a server that has said all, and still reads: wanted all that was typed".into(),
        );
    }
    drop(server);
    printed(
        judge,
        b"said",
        "a server that has said all, and still reads",
    )
}

fn endings(judge: &mut Judge) -> Result<(), String> {
    let wants = |printed: Vec<u8>, wanted: &str| {
        if printed == format!("{wanted}\n").as_bytes() {
            return Ok(());
        }
        Err(format!("wanted `{wanted}`, came {}", shown(&printed)))
    };
    wants(judge.filter(b"")?, "refused")?; // nobody has bound the port yet
    for (said, wanted) in [(&b""[..], "end after 0"), (b"hello", "end after 5")] {
        let mut server = judge.accept()?;
        server.send(said)?;
        drop(server);
        wants(judge.printed()?, wanted)?;
    }
    judge.accept()?.reset()?;
    wants(judge.printed()?, "reset after 0")?;
    let mut server = judge.accept()?;
    server.send(b"abc")?;
    wants(judge.printed()?, "silent after 3")?;
    drop(server);
    let mut server = judge.accept()?;
    server.send(&[b'x'; 100_000])?;
    drop(server);
    wants(judge.printed()?, "end after 100000")
}
