//! Both pipes of a command, read as they fill, in one loop.
//!
//! Reading one pipe to its end and then the other is a bug in many a tutorial: a pipe holds 64 KiB on Linux, so a program that
//! fills the other one first waits for us while we wait for it. A reader thread for each is no cure here: a grandchild
//! that left the group may hold a pipe open for ever, and the thread with it. So both are non-blocking, `poll` waits for
//! either, and whoever calls decides when it is enough.
//!
//! It knows no process but the one it takes the pipes from.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::process::Child;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};

use crate::answer::{Answer, OVER_LIMIT};

/// What a pipe holds on Linux (pipe(7)): one read can empty it.
const PIPE: usize = 64 << 10;

/// Both pipes of one command, and the limit they share.
pub(crate) struct Pipes {
    stdout: Pipe,
    stderr: Pipe,
    buffer: Vec<u8>,
    limit: usize,
}

impl Pipes {
    /// Our ends of a command's two pipes.
    pub(crate) fn of(leader: &mut Child, limit: usize) -> io::Result<Self> {
        Ok(Self {
            stdout: Pipe::new(leader.stdout.take().map(OwnedFd::from))?,
            stderr: Pipe::new(leader.stderr.take().map(OwnedFd::from))?,
            buffer: vec![0; PIPE],
            limit,
        })
    }

    pub(crate) fn over_limit(&self) -> bool {
        self.stdout.bytes.len() + self.stderr.bytes.len() > self.limit
    }

    /// One read from each; whether either gave something.
    pub(crate) fn read_some(&mut self) -> io::Result<bool> {
        Ok(self.stdout.read(&mut self.buffer)? | self.stderr.read(&mut self.buffer)?)
    }

    /// What the pipes hold now. Somebody who left the group may hold them open and go on writing: the end of the bytes
    /// that are there, the limit and the clock all end this, the end of the pipe need not come.
    pub(crate) fn read_the_rest(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        while self.read_some()?
            && !self.over_limit()
            && deadline.is_none_or(|end| Instant::now() < end)
        {}
        Ok(())
    }

    /// Until a pipe has something (or has ended), or the pause is over.
    pub(crate) fn wait(&self, pause: Duration) -> io::Result<()> {
        let open = [&self.stdout.source, &self.stderr.source].into_iter();
        let mut open: Vec<_> = open
            .flatten()
            .map(|pipe| PollFd::new(pipe, PollFlags::IN))
            .collect();
        let pause = Timespec::try_from(pause).unwrap_or_default();
        match poll(&mut open, Some(&pause)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Too much output counts as ended at the limit also when the program was quicker than we were.
    pub(crate) fn into_answer(self, status: i32) -> Answer {
        let cut = self.over_limit();
        let (mut stdout, mut stderr) = (self.stdout.bytes, self.stderr.bytes);
        stdout.truncate(self.limit);
        stderr.truncate(self.limit - stdout.len());
        Answer {
            status: if cut { OVER_LIMIT } else { status },
            stdout,
            stderr,
            cut,
        }
    }
}

/// Our end of one pipe, non-blocking, and what came out of it.
struct Pipe {
    /// `None`: it has ended.
    source: Option<File>,
    bytes: Vec<u8>,
}

impl Pipe {
    fn new(source: Option<OwnedFd>) -> io::Result<Self> {
        if let Some(source) = &source {
            ioctl_fionbio(source, true)?;
        }
        let source = source.map(File::from);
        let bytes = Vec::new();
        Ok(Self { source, bytes })
    }

    /// One read; whether it gave something. An empty pipe is no error, and neither is one that has ended.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<bool> {
        let Some(source) = &mut self.source else {
            return Ok(false);
        };
        match source.read(buffer) {
            Ok(0) => {
                self.source = None;
                Ok(false)
            }
            Ok(count) => {
                let came = buffer.get(..count).unwrap_or_default();
                self.bytes.extend_from_slice(came);
                Ok(true)
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(true), // nothing yet, but worth another try
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    fn pipes_of(script: &str, limit: usize) -> Pipes {
        let mut child = Command::new("sh")
            .args(["-c", script])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let pipes = Pipes::of(&mut child, limit).unwrap();
        child.wait().unwrap();
        pipes
    }

    /// How many are still open.
    fn open(pipes: &Pipes) -> usize {
        usize::from(pipes.stdout.source.is_some()) + usize::from(pipes.stderr.source.is_some())
    }

    /// Other tests start programs too; between fork and exec those hold our pipes for a moment.
    fn until_all_ended(pipes: &mut Pipes) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while open(pipes) > 0 {
            assert!(!pipes.read_some().unwrap(), "more bytes");
            assert!(Instant::now() < deadline, "never ended");
        }
    }

    #[test]
    fn a_pipe_that_has_ended_is_closed_and_the_others_stay_open() {
        let mut pipes = pipes_of("echo a; echo b >&2", 100);
        assert!(pipes.read_some().unwrap(), "the bytes");
        assert_eq!(open(&pipes), 2);
        until_all_ended(&mut pipes);
        let answer = pipes.into_answer(0);
        assert_eq!(
            (answer.stdout.as_slice(), answer.stderr.as_slice()),
            (b"a\n".as_slice(), b"b\n".as_slice())
        );
    }

    #[test]
    fn reading_the_rest_ends_at_the_deadline_even_if_there_is_more() {
        let mut late = pipes_of("echo a; echo b >&2", 100);
        late.read_the_rest(Some(Instant::now())).unwrap();
        assert_eq!(open(&late), 2, "one read each, so nobody has seen the ends");
        until_all_ended(&mut late);
    }

    #[test]
    fn output_over_the_limit_has_one_status_also_when_the_program_was_quicker_than_we_were() {
        for (limit, status, cut) in [(5, 3, false), (4, OVER_LIMIT, true), (0, OVER_LIMIT, true)] {
            let mut pipes = pipes_of("printf abc; printf de >&2", limit);
            pipes.read_the_rest(None).unwrap();
            let answer = pipes.into_answer(3);
            assert_eq!((answer.status, answer.cut), (status, cut), "limit {limit}");
            assert_eq!(
                [answer.stdout, answer.stderr].concat(),
                b"abcde".get(..limit).unwrap()
            );
        }
    }
}
