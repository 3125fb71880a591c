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

use common::interrupt::{self, Protected};
use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process_group, waitid};

use crate::answer::{Answer, OVER_LIMIT, TIMED_OUT};
use crate::pipes::Pipes;
use crate::runner::Limits;

/// The longest pause between two looks at the leader, the clock and the client. Output wakes us at once.
const LONGEST_PAUSE: Duration = Duration::from_millis(5);
/// The first pause; each one doubles. A short command ends within the first few.
const FIRST_PAUSE: Duration = Duration::from_micros(50);
/// How long a killed leader may take to end before somebody else waits for it.
const KILL_PATIENCE: Duration = Duration::from_secs(1);

/// Starts `command` in its own group and returns when the group has ended.
pub(crate) fn run(
    command: &mut Command,
    limits: Limits,
    gone: &dyn Fn() -> bool,
) -> io::Result<Answer> {
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
        let left = deadline.map_or(LONGEST_PAUSE, |deadline| {
            deadline.saturating_duration_since(Instant::now())
        });
        if left.is_zero() {
            break TIMED_OUT;
        }
        if gone() {
            break OVER_LIMIT; // the same signal ends it; nobody reads this
        }
        // A pipe that closes usually means that the program is ending: look again soon.
        pause = if pipes.open() < before {
            FIRST_PAUSE
        } else {
            (pause * 2).min(LONGEST_PAUSE)
        };
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
        command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (mut leader, protected) = interrupt::protect(|| {
            let leader = command.spawn()?;
            let id = Pid::from_child(&leader);
            Ok((leader, move || kill(id)))
        })?;
        let (stdout, stderr) = (leader.stdout.take(), leader.stderr.take());
        // From here on a failure ends the group.
        let group = Self {
            id: Pid::from_child(&leader),
            leader: Some(leader),
            protected: Some(protected),
        };
        let pipes = Pipes::new(stdout, stderr, limit)?;
        Ok((group, pipes))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leader_that_has_ended_can_be_looked_at_twice_because_it_is_not_collected() {
        let (group, _pipes) = Group::start(Command::new("sh").args(["-c", "exit 3"]), 0).unwrap();
        while group.leader_status().unwrap().is_none() {
            thread::yield_now();
        }
        assert_eq!(group.leader_status().unwrap(), Some(3));
        let id = group.id;
        drop(group);
        assert!(
            waitid(
                WaitId::Pid(id),
                WaitIdOptions::EXITED | WaitIdOptions::NOHANG
            )
            .is_err(),
            "collected"
        );
    }

    #[test]
    fn a_leader_that_cannot_be_killed_is_collected_by_somebody_else() {
        // `cat` ends when its stdin ends, and that is in our hand.
        let mut cat = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let (id, stdin) = (Pid::from_child(&cat), cat.stdin.take());
        let start = Instant::now();
        collect(cat, Duration::from_millis(10));
        assert!(
            start.elapsed() < Duration::from_secs(5),
            "did not wait for its end"
        );
        drop(stdin);
        // ECHILD: it has been collected.
        while waitid(
            WaitId::Pid(id),
            WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT,
        )
        .is_ok()
        {
            thread::yield_now();
        }
    }
}
