//! Lesson 06: a chat room, a sum that survives a panic, two clients of each address, a leak.

use super::{Case, Exercise, Starts, case};
use crate::judge::Judge;
use crate::peers::Client;
use crate::report::{Checked, Failure, shown};

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "06.1",
        title: "A chat room",
        starts: Starts::Server,
        line_feed: "yes, the line as it was sent",
        examples: &["l06_room"],
        cases: room,
    },
    Exercise {
        number: "06.2",
        title: "A sum that survives a panic",
        starts: Starts::Server,
        line_feed: "yes",
        examples: &["l06_sum"],
        cases: sum,
    },
    Exercise {
        number: "06.3",
        title: "Two of each address",
        starts: Starts::Server,
        line_feed: "the echo as it came; full: yes",
        examples: &["l06_two"],
        cases: two,
    },
    Exercise {
        number: "06.4",
        title: "The handler that leaks",
        starts: Starts::Server,
        line_feed: "the first line: yes; then the echo as it came",
        examples: &["l06_leak"],
        cases: leak,
    },
];

/// The first of them says it, and everybody hears it.
fn says(room: &mut [(&str, &mut Client)], line: &str) -> Checked {
    let line = format!("{line}\n");
    if let Some((_, sender)) = room.first_mut() {
        sender.send(&line)?;
    }
    for (name, member) in room {
        member
            .wants(&line)
            .map_err(|failure| failure.with("note", format!("heard by {name}")))?;
    }
    Ok(())
}

fn room() -> Vec<Case> {
    /// Ann and Ben, who know of each other.
    fn two(judge: &mut Judge) -> Checked<(Client, Client)> {
        judge.fresh(); // nobody of the case before is left
        let mut ann = judge.connect()?;
        says(&mut [("Ann", &mut ann)], "Ann is here")?;
        let mut ben = judge.connect()?;
        says(&mut [("Ben", &mut ben), ("Ann", &mut ann)], "Ben is here")?;
        Ok((ann, ben))
    }
    vec![
        case("what one says, three hear", |judge| {
            let (mut ann, mut ben) = two(judge)?;
            let mut cem = judge.connect()?;
            says(
                &mut [("Cem", &mut cem), ("Ann", &mut ann), ("Ben", &mut ben)],
                "Cem 在这里",
            )
        }),
        case(
            "a member who was reset, and one who left politely",
            |judge| {
                let (mut ann, mut ben) = two(judge)?;
                let mut cem = judge.connect()?;
                says(
                    &mut [("Cem", &mut cem), ("Ann", &mut ann), ("Ben", &mut ben)],
                    "Cem is here",
                )?;
                cem.reset()?;
                for _ in 0..10 {
                    says(&mut [("Ann", &mut ann), ("Ben", &mut ben)], "Cem was reset")?;
                }
                let mut dan = judge.connect()?;
                says(
                    &mut [("Dan", &mut dan), ("Ben", &mut ben), ("Ann", &mut ann)],
                    "Dan is here",
                )?;
                dan.wants_to_the_end("")?;
                for _ in 0..10 {
                    says(&mut [("Ben", &mut ben), ("Ann", &mut ann)], "Dan has left")?;
                }
                Ok(())
            },
        ),
        // One read is not one line: what is not yet a line must not mix with another member's.
        case(
            "a line in two pieces, another member's between them",
            |judge| {
                let (mut ann, mut ben) = two(judge)?;
                ann.send("half a li")?;
                ann.pause();
                says(&mut [("Ben", &mut ben), ("Ann", &mut ann)], "between")?;
                ann.send("ne\n")?;
                ann.wants("half a line\n")?;
                ben.wants("half a line\n")
            },
        ),
    ]
}

fn sum() -> Vec<Case> {
    fn adds(client: &mut Client, number: &str, sum: &str) -> Checked {
        client.send(format!("{number}\n"))?;
        client.wants(format!("{sum}\n"))
    }
    vec![
        case("two clients, one sum", |judge| {
            judge.fresh();
            let (mut ann, mut ben) = (judge.connect()?, judge.connect()?);
            adds(&mut ann, "5", "5")?;
            adds(&mut ben, "7", "12")?;
            adds(&mut ann, "1", "13")
        }),
        case(
            "ten lines that are not numbers, and the sum is right for all",
            |judge| {
                judge.fresh();
                let (mut ann, mut ben) = (judge.connect()?, judge.connect()?);
                adds(&mut ann, "5", "5")?;
                adds(&mut ben, "7", "12")?;
                for _ in 0..10 {
                    let mut wrong = judge.connect()?;
                    wrong.send("seven\n")?;
                    wrong.wants_to_the_end("")?;
                }
                adds(&mut ann, "1", "13")?;
                let mut cem = judge.connect()?;
                adds(&mut cem, "2", "15")?;
                adds(&mut ben, "3", "18")
            },
        ),
    ]
}

fn two() -> Vec<Case> {
    fn echoes(client: &mut Client) -> Checked {
        client.send("hello")?;
        client.wants("hello")
    }
    fn ann_and_ben(judge: &mut Judge) -> Checked<(Client, Client)> {
        judge.fresh();
        let (mut ann, mut ben) = (judge.connect()?, judge.connect()?);
        echoes(&mut ann)?;
        echoes(&mut ben)?;
        Ok((ann, ben))
    }
    /// A client that is served: the program may need a moment to notice that somebody has left.
    fn gets_a_place(judge: &mut Judge) -> Checked<Client> {
        loop {
            let mut client = judge.connect()?;
            match echoes(&mut client) {
                Ok(()) => return Ok(client),
                Err(failure) if judge.is_late() => return Err(failure),
                Err(_) => {}
            }
        }
    }
    fn full(judge: &mut Judge) -> Checked {
        for _ in 0..5 {
            judge.connect()?.reads_to_the_end("full\n")?;
        }
        Ok(())
    }
    vec![
        case(
            "two are served, a third is told `full` and sees the end",
            |judge| {
                let _both = ann_and_ben(judge)?;
                full(judge)
            },
        ),
        case(
            "a place is free again after a reset, and after a half-close",
            |judge| {
                let (ann, mut ben) = ann_and_ben(judge)?;
                full(judge)?;
                // Each leaves in its own way, and the place is free, if not in the same moment.
                ann.reset()?;
                let mut cem = gets_a_place(judge)?;
                echoes(&mut ben)?;
                cem.wants_to_the_end("")?;
                let mut dan = gets_a_place(judge)?;
                echoes(&mut dan)
            },
        ),
    ]
}

/// How many the program says are here, this client among them.
fn here(client: &mut Client) -> Checked<usize> {
    let (mut line, wanted) = (Vec::new(), "a line like \"3 here\"");
    while line.last() != Some(&b'\n') && line.len() < 100 {
        line.extend(client.take(1, wanted)?);
    }
    let text = String::from_utf8_lossy(&line);
    let count = text
        .strip_suffix(" here\n")
        .and_then(|count| count.parse().ok());
    count.ok_or_else(|| Failure::new(wanted, shown(&line)))
}

fn leak() -> Vec<Case> {
    /// One after the other they come and leave. The program may be late in noticing, but not by fifty.
    fn come_and_go(judge: &mut Judge, by_force: bool) -> Checked {
        judge.fresh();
        let mut ann = judge.connect()?;
        if here(&mut ann)? != 1 {
            return Err(Failure::new(
                "\"1 here\"",
                "another number for the first client",
            ));
        }
        for round in 0..100 {
            let mut client = judge.connect()?;
            let count = here(&mut client)?;
            if !(2..50).contains(&count) {
                let came = format!("{count} here, after {round} have come and left");
                return Err(Failure::new("about 2 here", came));
            }
            if by_force {
                client.reset()?;
            }
        }
        ann.send("hello")?;
        ann.wants("hello")?;
        ann.wants_to_the_end("")
    }
    vec![
        case("a hundred come and leave politely", |judge| {
            come_and_go(judge, false)
        }),
        case("a hundred come and leave by force", |judge| {
            come_and_go(judge, true)
        }),
    ]
}
