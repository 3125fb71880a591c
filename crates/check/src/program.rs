//! The program under judgement, run by `runner`: in a process group of its own, both outputs drained, and ended with all
//! that it started. What left the group on purpose (`setsid`) is out of reach, and cannot hang the check.

use std::io::{self, PipeWriter, Write};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use runner::{Answer, Limits, run_in_group};

/// How long it runs is decided here; the most that it may print is more than any exercise asks for (20 MB in 01.2).
const LIMITS: Limits = Limits {
    time: Duration::MAX,
    output: 32 * 1024 * 1024,
};
/// A program that is ended may be in the middle of its last words: the traceback that explains what we saw.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// A program that runs.
#[derive(Debug)]
pub(crate) struct Program {
    run: JoinHandle<io::Result<Answer>>,
    over: Arc<AtomicBool>,
    stdin: Option<PipeWriter>,
}

impl Program {
    /// Starts it, in a thread. That there is no such program is known when it has ended.
    pub(crate) fn start(mut command: Command) -> io::Result<Self> {
        let (stdin, ours) = io::pipe()?;
        command.stdin(stdin);
        let over = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&over);
        let run = thread::Builder::new()
            .spawn(move || run_in_group(&mut command, LIMITS, &|| stop.load(Ordering::Relaxed)))?;
        let stdin = Some(ours);
        Ok(Self { run, over, stdin })
    }

    /// Types all of it and ends its stdin, beside the check: a program need not read.
    pub(crate) fn types(&mut self, bytes: Vec<u8>) {
        if let Some(mut stdin) = self.stdin.take() {
            thread::spawn(move || stdin.write_all(&bytes));
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.run.is_finished()
    }

    /// Ends it and all that it started: what it printed, and how it ended.
    ///
    /// # Errors
    /// It could not be started.
    pub(crate) fn end(self) -> io::Result<Answer> {
        if !self.has_ended() {
            thread::sleep(LAST_WORDS);
        }
        self.over.store(true, Ordering::Relaxed);
        let ended = self.run.join();
        ended.unwrap_or_else(|_| Err(io::Error::other("the thread that ran it has failed")))
    }
}
