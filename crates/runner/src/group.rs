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

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::answer::{Answer, OVER_LIMIT, TIMED_OUT};
use crate::interrupt::{Protected, protect};
use crate::pipes::Pipes;
use crate::runner::Limits;

/// The pause between two looks at the leader, the clock and the client. Output wakes us at once.
const PAUSE: Duration = Duration::from_millis(1);
/// How long a killed leader may take to end before somebody else waits for it.
const KILL_TIME: Duration = Duration::from_secs(1);

/// Starts `command` in its own group and returns when the group has ended.
pub(crate) fn run(
    command: &mut Command,
    limits: Limits,
    disconnected: &dyn Fn() -> bool,
) -> io::Result<Answer> {
    // A limit too large for the clock is no limit.
    let deadline = Instant::now().checked_add(limits.time);
    let (group, mut pipes) = Group::start(command, limits.output)?;
    let status = loop {
        if let Some(status) = group.leader_status()? {
            kill(group.id);
            pipes.read_the_rest(deadline)?;
            break status;
        }
        pipes.read_some()?;
        if pipes.over_limit() {
            break OVER_LIMIT;
        }
        if deadline.is_some_and(|end| Instant::now() >= end) {
            break TIMED_OUT;
        }
        if disconnected() {
            break OVER_LIMIT; // the same signal ends it; nobody reads this
        }
        pipes.wait(PAUSE)?;
    };
    drop(group);
    Ok(pipes.into_answer(status))
}

/// A leader that has not been collected yet, so that its number still means this group.
struct Group {
    id: Pid,
    /// `None` once it is being collected, and so is the next.
    leader: Option<Child>,
    protected: Option<Protected>,
}

impl Group {
    fn start(command: &mut Command, limit: usize) -> io::Result<(Self, Pipes)> {
        command
            .process_group(0)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (mut leader, protected) = protect(|| {
            let leader = command.spawn()?;
            let id = Pid::from_child(&leader);
            Ok((leader, move || kill(id)))
        })?;
        let pipes = Pipes::of(&mut leader, limit);
        // From here on a failure ends the group.
        let group = Self {
            id: Pid::from_child(&leader),
            leader: Some(leader),
            protected: Some(protected),
        };
        Ok((group, pipes?))
    }

    /// The exit code, or -N for signal N; `None` while the leader runs. Leaves it uncollected.
    fn leader_status(&self) -> io::Result<Option<i32>> {
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(self.id), look) {
            Ok(None) | Err(Errno::INTR) => Ok(None),
            Ok(Some(end)) => Ok(end
                .exit_status()
                .or_else(|| end.terminating_signal().map(|signal| -signal))),
            // The system collects for us, status unseen, if this process was started that way.
            Err(Errno::CHILD) => Err(io::Error::other(
                "its status is lost, because SIGCHLD is ignored here",
            )),
            Err(error) => Err(error.into()),
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        kill(self.id);
        // Before the number is free for others, Ctrl-C must have forgotten it.
        self.protected = None;
        if let Some(leader) = self.leader.take() {
            collect(leader, KILL_TIME);
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
fn collect(mut leader: Child, limit: Duration) {
    let start = Instant::now();
    while matches!(leader.try_wait(), Ok(None)) {
        if start.elapsed() >= limit {
            // No thread to be had: the zombie remains until this process ends.
            let _ = thread::Builder::new().spawn(move || leader.wait());
            return;
        }
        thread::sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests;
