//! What an exercise is: a row, and a list of cases. A case is short; where data is enough it is data.

mod lesson00;
mod lesson01;
mod lesson02;
mod lesson03;
mod lesson04;
mod lesson05;
mod lesson06;
mod lesson07;

use std::fmt;

use crate::judge::Judge;
use crate::report::{Checked, Failure, shown};

/// One exercise.
#[derive(Debug, Clone, Copy)]
pub struct Exercise {
    /// `03.1`.
    pub number: &'static str,
    /// `Count`.
    pub title: &'static str,
    /// What the program has to be.
    pub starts: Starts,
    /// Whether its answers end with a line feed, in a few words for the list.
    pub line_feed: &'static str,
    /// `l03_count`: in the lesson's `exercises/` are `l03_count_start.rs` and `l03_count_solution.rs`.
    pub examples: &'static [&'static str],
    /// What it has to do.
    pub cases: fn() -> Vec<Case>,
}

/// What a program has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Starts {
    /// stdin to stdout.
    Filter,
    /// It listens on the port.
    Server,
    /// It connects to the port.
    Client,
    /// It binds the port and says `listening on` it.
    UdpServer,
    /// It sends to the port.
    UdpClient,
}

impl fmt::Display for Starts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Filter => "filter",
            Self::Server | Self::UdpServer => "server on {port}",
            Self::Client | Self::UdpClient => "client",
        })
    }
}

/// All of them, in the order of their numbers.
pub fn exercises() -> impl Iterator<Item = &'static Exercise> {
    let lessons = [
        lesson00::EXERCISES,
        lesson01::EXERCISES,
        lesson02::EXERCISES,
        lesson03::EXERCISES,
        lesson04::EXERCISES,
        lesson05::EXERCISES,
        lesson06::EXERCISES,
        lesson07::EXERCISES,
    ];
    lessons.into_iter().flatten()
}

/// The exercise with this number, `03.1`.
pub fn find(number: &str) -> Option<&'static Exercise> {
    exercises().find(|exercise| exercise.number == number)
}

/// One thing that a program has to do.
pub struct Case {
    /// What it is, for the report.
    pub name: String,
    pub(crate) check: Box<dyn Fn(&mut Judge) -> Checked>,
}

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.name.fmt(f)
    }
}

/// A case that needs more than data.
pub(crate) fn case(
    name: impl Into<String>,
    check: impl Fn(&mut Judge) -> Checked + 'static,
) -> Case {
    let (name, check) = (name.into(), Box::new(check));
    Case { name, check }
}

/// One step of a [`talk`].
pub(crate) enum Step {
    Send(Vec<u8>),
    Cut(Vec<u8>),
    Pause,
    Wants(Vec<u8>),
    Ends(Vec<u8>),
    /// This client leaves by force, and the next one comes.
    Reset,
}

/// Sent in one write.
fn send(bytes: impl AsRef<[u8]>) -> Step {
    Step::Send(bytes.as_ref().to_vec())
}

/// Sent byte by byte, each in a write of its own.
fn cut(bytes: impl AsRef<[u8]>) -> Step {
    Step::Cut(bytes.as_ref().to_vec())
}

/// The next bytes that have to come.
fn wants(bytes: impl AsRef<[u8]>) -> Step {
    Step::Wants(bytes.as_ref().to_vec())
}

/// What has to come when we have said that this was all.
fn ends(bytes: impl AsRef<[u8]>) -> Step {
    Step::Ends(bytes.as_ref().to_vec())
}

/// One client of a server, from its connect on. At the end it says that this was all, and the program has to close,
/// without another byte; unless the last step is an end of its own.
pub(crate) fn talk(name: impl Into<String>, steps: impl IntoIterator<Item = Step>) -> Case {
    let steps: Vec<Step> = steps.into_iter().collect();
    case(name, move |judge| {
        let mut client = judge.connect()?;
        for step in &steps {
            match step {
                Step::Send(bytes) => client.send(bytes)?,
                Step::Cut(bytes) => client.send_cut(bytes)?,
                Step::Pause => client.pause(),
                Step::Wants(bytes) => client.wants(bytes)?,
                Step::Ends(bytes) => return client.wants_to_the_end(bytes),
                Step::Reset => {
                    client.reset()?;
                    client = judge.connect()?; // which shows whether the program has lived on
                }
            }
        }
        client.wants_to_the_end("")
    })
}

/// Lines typed into a filter, and the line that it has to print for each.
pub(crate) fn lines<L, W>(name: &str, lines: impl IntoIterator<Item = (L, W)>) -> Case
where
    L: AsRef<[u8]>,
    W: AsRef<str>,
{
    let owned = lines.into_iter();
    let owned = owned.map(|(line, wanted)| (line.as_ref().to_vec(), wanted.as_ref().to_owned()));
    let lines: Vec<(Vec<u8>, String)> = owned.collect();
    case(name, move |judge| {
        let typed: Vec<u8> = lines
            .iter()
            .flat_map(|(line, _)| [line, &b"\n"[..]].concat())
            .collect();
        let out = judge.filter(&typed)?;
        let out = String::from_utf8_lossy(&out);
        let mut out = out.lines();
        for (line, wanted) in &lines {
            let came = out.next();
            if came != Some(wanted) {
                let came = came.unwrap_or_default().as_bytes();
                return Err(Failure::differ(wanted.as_bytes(), came).after(line));
            }
        }
        match out.next() {
            None => Ok(()),
            Some(more) => Err(Failure::new(
                format!("{} lines", lines.len()),
                format!("more: {}", shown(more.as_bytes())),
            )),
        }
    })
}

/// Four bytes of length, most significant first, and the message.
fn framed(message: impl AsRef<[u8]>) -> Vec<u8> {
    let message = message.as_ref();
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), message].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_in_order_and_each_exercise_has_cases_with_names_of_their_own() {
        let numbers: Vec<&str> = exercises().map(|exercise| exercise.number).collect();
        assert!(numbers.is_sorted_by(|one, next| one < next), "{numbers:?}");
        for exercise in exercises() {
            let mut names: Vec<String> = (exercise.cases)()
                .into_iter()
                .map(|case| case.name)
                .collect();
            let count = names.len();
            names.sort();
            names.dedup();
            assert!(count > 0 && names.len() == count, "{}", exercise.number);
        }
    }
}
