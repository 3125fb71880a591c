//! Lesson 03: count, characters.

use tests::exercises::{Exercise, Judge};

#[test]
fn exercise_03_1() {
    Exercise {
        number: "03_1",
        example: "l03_count",
        arguments: "{port}",
        check: count,
    }
    .judge();
}

#[test]
fn exercise_03_2() {
    Exercise {
        number: "03_2",
        example: "l03_characters",
        arguments: "{port}",
        check: characters,
    }
    .judge();
}

fn count(judge: &mut Judge) -> Result<(), String> {
    let mut client = judge.connect()?;
    client.send(b"count")?;
    client.wants(b"0\n", "nothing came before the first count")?;
    client.send(b"hello")?;
    client.send(b"count")?;
    client.wants(b"1\n", "one message, then count, in a write each")?;
    client.send(b"worldthirdcount")?;
    client.wants(b"3\n", "two messages and count, glued together")?;
    client.send_cut(b"cut 1cut 2count")?;
    client.wants(b"5\n", "two messages and count, byte by byte")?;
    client.send(b"a cou")?;
    client.send(b"nt,cocount")?;
    client.wants(b"7\n", "`count` across two messages is none")?;
    client.send(&[&b"12345".repeat(20_000), &b"countcount"[..]].concat())?;
    client.wants(
        b"20007\n20007\n",
        "twenty thousand messages and two counts in one write",
    )?;
    client.send(b"hel")?;
    client.wants_the_end("in the middle of a message")?;
    let mut next = judge.connect()?;
    next.send(b"firstcount")?;
    next.wants(b"1\n", "the next client begins anew")
}

fn characters(judge: &mut Judge) -> Result<(), String> {
    let mut client = judge.connect()?;
    client.send(b"hello\n")?;
    client.wants(b"5\n", "a line in one write")?;
    client.send("粘包\n".as_bytes())?;
    client.wants(b"2\n", "two Chinese characters in one write")?;
    client.send_cut("粘包 sticks\n".as_bytes())?;
    client.wants(b"9\n", "the same with more, byte by byte")?;
    client.send("\n一\n二三\n".as_bytes())?;
    client.wants(
        b"0\n1\n2\n",
        "three lines in one write, the first one empty",
    )?;
    client.send_cut("é👩x\n".as_bytes())?;
    client.wants(
        b"3\n",
        "characters of two, four and one byte, cut everywhere",
    )?;
    let long = "包".repeat(50_000) + "\n";
    client.send(long.as_bytes())?;
    client.wants(b"50000\n", "a line longer than any buffer")?;
    client.wants_the_end("after the last line")?;
    let mut next = judge.connect()?;
    next.send("下\n".as_bytes())?;
    next.wants(b"1\n", "the next client")
}
