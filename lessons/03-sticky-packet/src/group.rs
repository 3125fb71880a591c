//! One command in a process group of its own: both pipes, the clock, and the end of all of it.
//!
//! ```text
//!            +--- group ----------------+        leader: the program we started; the group has its number
//!            | leader --- child ...     |        child:  started by the leader, same group, same pipes
//!            +---|------------|---------+
//!   stdout ======+============+====> one loop with `poll`; no thread that a held pipe could keep for ever
//!   stderr ======+============+====>
//! ```
//!
//! The order of the steps is the point:
//! 1. has the leader ended? (`waitid` with NOWAIT: it stays a zombie, so that its number cannot be given to others)
//! 2. if so, end the rest of the group: SIGKILL to the whole group, whose number is certainly still ours;
//! 3. read what is in the pipes; what the leader wrote is there, because it wrote before it ended;
//! 4. collect the leader (`wait`): only now is its number free again.
//!
//! Whatever happens in between, a panic too, [`Group`]'s drop does 2 and 4. It knows no list of programs and no socket.

use std::io::{self, Read};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use common::interrupt::{self, Protected};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::answer::{Answer, OVER_LIMIT, TIMED_OUT};
use crate::runner::Limits;

/// The longest pause between two looks at the leader, the clock and the client. Output wakes us at once.
const LONGEST_PAUSE: Duration = Duration::from_millis(5);
/// The first pause; each one doubles. A short command ends within the first few.
const FIRST_PAUSE: Duration = Duration::from_micros(50);
/// What a pipe holds on Linux (pipe(7)): one read can empty it.
const PIPE: usize = 64 << 10;
/// How long a killed leader may take to end before somebody else waits for it.
const KILL_PATIENCE: Duration = Duration::from_secs(1);

/// Starts `command` in its own group and returns when the group has ended.
pub(crate) fn run(command: &mut Command, limits: Limits, gone: &dyn Fn() -> bool) -> io::Result<Answer> {
    // A limit too large for the clock is no limit.
    let deadline = Instant::now().checked_add(limits.time);
    let (group, mut pipes) = Group::start(command, limits.output)?;
    let mut pause = FIRST_PAUSE;
    let status = loop {
        if let Some(status) = group.leader_status()? {
            group.kill();
            pipes.read_the_rest(deadline)?;
            break status;
        }
        let before = pipes.open();
        pipes.read_some()?;
        if pipes.over_limit() {
            break OVER_LIMIT;
        }
        let left =
            deadline.map_or(LONGEST_PAUSE, |deadline| deadline.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            break TIMED_OUT;
        }
        if gone() {
            break OVER_LIMIT; // the same signal ends it; nobody reads this
        }
        // A pipe that closes usually means that the program is ending: look again soon.
        pause = if pipes.open() < before { FIRST_PAUSE } else { (pause * 2).min(LONGEST_PAUSE) };
        pipes.wait(pause.min(left))?;
    };
    drop(group);
    Ok(pipes.into_answer(status))
}

/// A leader that has not been collected yet, so that its number still means this group.
struct Group {
    leader: Option<Child>,
    id: Pid,
    protected: Option<Protected>,
}

impl Group {
    fn start(command: &mut Command, limit: usize) -> io::Result<(Self, Pipes)> {
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let (mut leader, protected) = interrupt::protect(|| {
            let leader = command.spawn()?;
            let id = Pid::from_child(&leader);
            Ok((leader, move || kill(id)))
        })?;
        let (id, stdout, stderr) = (Pid::from_child(&leader), leader.stdout.take(), leader.stderr.take());
        // From here on a failure ends the group.
        let group = Self { leader: Some(leader), id, protected: Some(protected) };
        let (stdout, stderr) = (Pipe::new(stdout)?, Pipe::new(stderr)?);
        let pipes = Pipes { stdout, stderr, buffer: vec![0; PIPE], limit };
        Ok((group, pipes))
    }

    /// The exit code, or -N for signal N; `None` while the leader runs. Leaves it uncollected.
    fn leader_status(&self) -> io::Result<Option<i32>> {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(self.id), look) {
            Ok(None) | Err(Errno::INTR) => Ok(None),
            Ok(Some(end)) => Ok(end.exit_status().or_else(|| end.terminating_signal().map(|signal| -signal))),
            // The system collects for us, status unseen, if this process was started that way.
            Err(Errno::CHILD) => Err(io::Error::other("its status is lost, because SIGCHLD is ignored here")),
            Err(error) => Err(error.into()),
        }
    }

    fn kill(&self) {
        kill(self.id);
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        // Before the number is free for others, Ctrl-C must have forgotten it.
        self.protected = None;
        if let Some(leader) = self.leader.take() {
            collect(leader, KILL_PATIENCE);
        }
    }
}

/// Ends a group. Nobody left in it is what we want, so that is no error.
fn kill(group: Pid) {
    let _ = kill_process_group(group, Signal::KILL);
}

/// Waits for a leader that was killed, so that no zombie remains.
///
/// Nearly always that is a matter of microseconds. But a program that became another user (`sudo`, through a shell) is
/// not ours to kill, and one that hangs inside the kernel ends late: a thread of its own waits for those.
fn collect(mut leader: Child, patience: Duration) {
    let patience = Instant::now().checked_add(patience);
    let mut pause = FIRST_PAUSE;
    while matches!(leader.try_wait(), Ok(None)) {
        if patience.is_none_or(|end| Instant::now() >= end) {
            // No thread to be had: the zombie remains until this process ends.
            let _ = thread::Builder::new().spawn(move || leader.wait());
            return;
        }
        thread::sleep(pause);
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Both pipes of one command, and the limit they share.
struct Pipes {
    stdout: Pipe<ChildStdout>,
    stderr: Pipe<ChildStderr>,
    buffer: Vec<u8>,
    limit: usize,
}

impl Pipes {
    /// How many are still open.
    fn open(&self) -> usize {
        usize::from(self.stdout.source.is_some()) + usize::from(self.stderr.source.is_some())
    }

    fn over_limit(&self) -> bool {
        self.stdout.bytes.len().saturating_add(self.stderr.bytes.len()) > self.limit
    }

    /// One read from each; whether either gave something.
    fn read_some(&mut self) -> io::Result<bool> {
        Ok(self.stdout.read(&mut self.buffer)? | self.stderr.read(&mut self.buffer)?)
    }

    /// What the pipes hold now. Somebody who left the group may hold them open and go on writing: the end of the bytes
    /// that are there, the limit and the clock all end this, the end of the pipe need not come.
    fn read_the_rest(&mut self, deadline: Option<Instant>) -> io::Result<()> {
        while self.read_some()? && !self.over_limit() && deadline.is_none_or(|end| Instant::now() < end) {}
        Ok(())
    }

    /// Until a pipe has something (or has ended), or the pause is over.
    fn wait(&self, pause: Duration) -> io::Result<()> {
        let sources =
            [self.stdout.source.as_ref().map(AsFd::as_fd), self.stderr.source.as_ref().map(AsFd::as_fd)];
        let mut list: Vec<_> =
            sources.into_iter().flatten().map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN)).collect();
        let pause = Timespec::try_from(pause).unwrap_or_default();
        match poll(&mut list, Some(&pause)) {
            Ok(_) | Err(Errno::INTR) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Too much output counts as ended at the limit also when the program was quicker than we were.
    fn into_answer(mut self, status: i32) -> Answer {
        let cut = self.over_limit();
        self.stdout.bytes.truncate(self.limit);
        self.stderr.bytes.truncate(self.limit.saturating_sub(self.stdout.bytes.len()));
        let status = if cut { OVER_LIMIT } else { status };
        Answer { status, stdout: self.stdout.bytes, stderr: self.stderr.bytes, cut }
    }
}

/// Our end of one pipe, non-blocking, and what came out of it.
struct Pipe<R> {
    /// `None`: it has ended.
    source: Option<R>,
    bytes: Vec<u8>,
}

impl<R: Read + AsFd> Pipe<R> {
    fn new(source: Option<R>) -> io::Result<Self> {
        if let Some(source) = &source {
            ioctl_fionbio(source, true)?;
        }
        Ok(Self { source, bytes: Vec::new() })
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
                self.bytes.extend_from_slice(buffer.get(..count).unwrap_or_default());
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
    use super::*;

    #[test]
    fn a_leader_that_cannot_be_killed_is_collected_by_somebody_else() {
        // `cat` ends when its stdin ends, and that is in our hand.
        let mut cat = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let (id, stdin) = (Pid::from_child(&cat), cat.stdin.take());
        let start = Instant::now();
        collect(cat, Duration::from_millis(10));
        assert!(start.elapsed() < Duration::from_secs(5), "did not wait for its end");
        drop(stdin);
        // ECHILD: it has been collected.
        while waitid(WaitId::Pid(id), WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT)
            .is_ok()
        {
            thread::yield_now();
        }
    }
}
