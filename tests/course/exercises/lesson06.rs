//! Lesson 06: a chat room, a sum that survives a panic, two clients of each address, a leak.

use tests::deadline::{PATIENCE, until};
use tests::exercises::{Client, Exercise, Judge};

#[test]
fn exercise_06_1() {
    Exercise {
        number: "06_1",
        example: "l06_room",
        arguments: "{port}",
        check: room,
    }
    .judge();
}

#[test]
fn exercise_06_2() {
    Exercise {
        number: "06_2",
        example: "l06_sum",
        arguments: "{port}",
        check: sum,
    }
    .judge();
}

#[test]
fn exercise_06_3() {
    Exercise {
        number: "06_3",
        example: "l06_two",
        arguments: "{port}",
        check: two,
    }
    .judge();
}

#[test]
fn exercise_06_4() {
    Exercise {
        number: "06_4",
        example: "l06_leak",
        arguments: "{port}",
        check: leak,
    }
    .judge();
}

/// `sender` says it, and everybody hears it.
fn says(room: &mut [&mut Client], line: &str) -> Result<(), String> {
    let line = format!("{line}\n");
    if let Some(sender) = room.first_mut() {
        sender.send(line.as_bytes())?;
    }
    room.iter_mut()
        .enumerate()
        .try_for_each(|(number, member)| {
            let what = format!("{line:?}, heard by the sender (0) and others: {number}");
            member.wants(line.as_bytes(), what)
        })
}

fn room(judge: &mut Judge) -> Result<(), String> {
    let mut ann = judge.connect()?;
    says(&mut [&mut ann], "Ann is here")?;
    let mut ben = judge.connect()?;
    says(&mut [&mut ben, &mut ann], "Ben is here")?;
    let mut cem = judge.connect()?;
    says(&mut [&mut cem, &mut ann, &mut ben], "Cem 在这里")?;
    cem.reset()?;
    for _ in 0..10 {
        says(&mut [&mut ann, &mut ben], "Cem was reset")?;
    }
    let mut dan = judge.connect()?;
    says(&mut [&mut dan, &mut ben, &mut ann], "Dan is here")?;
    dan.wants_the_end("Dan has left")?; // after a half-close
    for _ in 0..10 {
        says(&mut [&mut ben, &mut ann], "Dan has left")?;
    }
    Ok(())
}

fn sum(judge: &mut Judge) -> Result<(), String> {
    let adds = |client: &mut Client, number: &str, sum: &str| {
        client.send(format!("{number}\n").as_bytes())?;
        client.wants(format!("{sum}\n").as_bytes(), format!("{number} is added"))
    };
    let (mut ann, mut ben) = (judge.connect()?, judge.connect()?);
    adds(&mut ann, "5", "5")?;
    adds(&mut ben, "7", "12")?;
    for _ in 0..10 {
        let mut wrong = judge.connect()?;
        wrong.send(b"seven\n")?;
        wrong.wants_the_end("a line that is no number ends its connection")?;
    }
    adds(&mut ann, "1", "13")?;
    let mut cem = judge.connect()?;
    adds(&mut cem, "2", "15")?;
    adds(&mut ben, "3", "18")
}

fn two(judge: &mut Judge) -> Result<(), String> {
    let echoes = |client: &mut Client| {
        client.send(b"hello")?;
        client.wants(b"hello", "an echo")
    };
    let (mut ann, mut ben) = (judge.connect()?, judge.connect()?);
    echoes(&mut ann)?;
    echoes(&mut ben)?;
    for _ in 0..5 {
        let mut third = judge.connect()?;
        third.wants(b"full\n", "a third client of this address")?;
        third.wants_the_end("after `full`")?;
    }
    // Each leaves in its own way, and the place is free, if not in the same moment.
    ann.reset()?;
    let cem = gets_a_place(judge, "after a reset")?;
    echoes(&mut ben)?;
    cem.wants_the_end("after a half-close")?; // which is how it asks for it
    let mut dan = gets_a_place(judge, "after a half-close")?;
    echoes(&mut dan)
}

/// A client that is served: the program may need a moment to notice that somebody has left.
fn gets_a_place(judge: &mut Judge, when: &str) -> Result<Client, String> {
    let served = until(PATIENCE, || {
        let mut client = match judge.connect() {
            Ok(client) => client,
            Err(why) => return Some(Err(why)),
        };
        let echo = client.send(b"hello").and_then(|()| client.take(5, when));
        matches!(echo.as_deref(), Ok(b"hello")).then_some(Ok(client))
    });
    served.unwrap_or_else(|| Err(format!("nobody gets a place {when}")))
}

/// How many the program says are here, this client among them.
fn here(client: &mut Client) -> Result<usize, String> {
    let (mut line, what) = (Vec::new(), "how many are here");
    while line.last() != Some(&b'\n') {
        line.extend(client.take(1, what)?);
    }
    let line = String::from_utf8_lossy(&line).into_owned();
    let count = line
        .strip_suffix(" here\n")
        .and_then(|count| count.parse().ok());
    count.ok_or_else(|| format!("{what}: wanted a line like \"3 here\", came {line:?}"))
}

fn leak(judge: &mut Judge) -> Result<(), String> {
    let mut ann = judge.connect()?;
    match here(&mut ann)? {
        1 => {}
        count => return Err(format!("the first client: wanted \"1 here\", came {count}")),
    }
    // One after the other they come and leave, some by force. The program may be late in noticing, but not by fifty.
    for round in 0..200 {
        let mut client = judge.connect()?;
        let count = here(&mut client)?;
        if !(2..50).contains(&count) {
            let gone = format!("two are here, and {round} have come and left");
            return Err(format!("{gone}; the program counts {count}"));
        }
        if round % 2 == 0 {
            client.reset()?;
        }
    }
    ann.send(b"hello")?;
    ann.wants(b"hello", "an echo")?;
    ann.wants_the_end("after a half-close")
}
