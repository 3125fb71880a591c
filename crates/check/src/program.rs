//! The program under judgement: started in a process group of its own, heard on both pipes, and ended whatever happens.
//!
//! Its end is SIGKILL to the whole group, so a program that ignores SIGTERM and a child that it left behind end too. What
//! left the group on purpose (`setsid`) is out of reach. Where there are no process groups, only the program is ended.

use std::io::{self, Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use runner::interrupt::{Protected, protect};

/// What a program may print: more than any exercise asks for (20 MB in 01.2). The rest is read and dropped.
const LIMIT: usize = 32 * 1024 * 1024;
/// What a dead program wrote is in the pipe; what left the group may hold the pipe for ever.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// A program that runs. Dropping it ends it and all that it started.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    status: Option<ExitStatus>,
    protected: Option<Protected>,
    pub(crate) stdout: Output,
    stderr: Output,
}

impl Program {
    /// Starts it; what it says on stderr is added to `stderr`.
    pub(crate) fn start(mut command: Command, stderr: &Output) -> io::Result<Self> {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let (mut child, protected) = protect(|| {
            #[cfg(unix)]
            std::os::unix::process::CommandExt::process_group(&mut command, 0);
            let child = command.spawn()?;
            let end = group_end(&child);
            Ok((child, end))
        })?;
        let stdout = Output::new(LIMIT);
        if let Some(pipe) = child.stdout.take() {
            stdout.drain(pipe);
        }
        if let Some(pipe) = child.stderr.take() {
            stderr.drain(pipe);
        }
        Ok(Self {
            child,
            status: None,
            protected: Some(protected),
            stdout,
            stderr: stderr.clone(),
        })
    }

    /// Types all of it and ends its stdin, beside the check: a program need not read.
    pub(crate) fn types(&mut self, bytes: Vec<u8>) {
        if let Some(mut stdin) = self.child.stdin.take() {
            thread::spawn(move || stdin.write_all(&bytes));
        }
    }

    /// Whether it has ended by itself. It is not collected yet, so that its number still means its group.
    pub(crate) fn has_ended(&mut self) -> bool {
        #[cfg(unix)]
        {
            use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
            let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
            let id = WaitId::Pid(Pid::from_child(&self.child));
            self.status.is_some()
                || !matches!(waitid(id, look), Ok(None) | Err(rustix::io::Errno::INTR))
        }
        #[cfg(not(unix))]
        {
            self.status = self.status.or(self.child.try_wait().ok().flatten());
            self.status.is_some()
        }
    }

    /// Ends it and all that it started, and waits for its last words; gives how it ended.
    pub(crate) fn end(&mut self) -> Option<ExitStatus> {
        if self.status.is_none() {
            if !self.has_ended() {
                self.stderr.until_quiet(); // it may be in the middle of a line
            }
            group_end(&self.child)();
            self.protected = None; // before the number is free for others
            // Not `wait`: what became another user (`sudo`) is not ours to end.
            let deadline = Instant::now() + LAST_WORDS;
            while self.status.is_none() && Instant::now() < deadline {
                self.status = self.child.try_wait().ok().flatten();
                thread::sleep(Duration::from_millis(u64::from(self.status.is_none())));
            }
            self.stdout.wait(LAST_WORDS, |_, over| over.then_some(()));
            self.stderr.wait(LAST_WORDS, |_, over| over.then_some(()));
        }
        self.status
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}

/// How this child and all that it started are ended.
#[cfg(unix)]
fn group_end(child: &Child) -> impl Fn() + Send + use<> {
    use rustix::process::{Pid, Signal, kill_process_group};
    let group = Pid::from_child(child);
    move || {
        let _ = kill_process_group(group, Signal::KILL); // nobody left in it is what we want
    }
}

/// The program alone.
#[cfg(not(unix))]
fn group_end(child: &Child) -> impl Fn() + Send + use<> {
    let id = child.id().to_string();
    move || {
        let _ = Command::new("taskkill")
            .args(["/F", "/T", "/PID", &id])
            .output();
    }
}

/// What came out of a pipe, or of one after the other, up to a limit. Threads drain them, so that the program never
/// waits for us.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    limit: usize,
    shared: Arc<(Mutex<Pipe>, Condvar)>,
}

#[derive(Debug, Default)]
struct Pipe {
    bytes: Vec<u8>,
    open: usize,
    cut: bool,
}

impl Output {
    pub(crate) fn new(limit: usize) -> Self {
        let shared = Arc::default();
        Self { limit, shared }
    }

    fn drain(&self, mut pipe: impl Read + Send + 'static) {
        let ours = self.clone();
        self.change(|output| output.open += 1);
        thread::spawn(move || {
            let mut piece = [0; 64 * 1024];
            loop {
                match pipe.read(&mut piece) {
                    Ok(0) => break,
                    Ok(count) => ours.keep(piece.get(..count).unwrap_or_default()),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
            ours.change(|output| output.open -= 1);
        });
    }

    fn keep(&self, piece: &[u8]) {
        self.change(|output| {
            let most = self.limit.saturating_sub(output.bytes.len());
            output.cut |= piece.len() > most;
            output
                .bytes
                .extend_from_slice(piece.get(..most).unwrap_or(piece));
        });
    }

    /// What came, at most the first bytes of it.
    pub(crate) fn start(&self, most: usize) -> Vec<u8> {
        let output = self.lock();
        output.bytes.get(..most).unwrap_or(&output.bytes).to_vec()
    }

    /// Whether more came than is kept.
    pub(crate) fn is_cut(&self) -> bool {
        self.lock().cut
    }

    /// Looks at what came, and whether that was all, each time there is more; `None` when `limit` is over.
    fn wait<T>(
        &self,
        limit: Duration,
        mut look: impl FnMut(&[u8], bool) -> Option<T>,
    ) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut output = self.lock();
        loop {
            let seen = look(&output.bytes, output.open == 0);
            let left = deadline.saturating_duration_since(Instant::now());
            if seen.is_some() || left.is_zero() {
                return seen;
            }
            let waited = self.shared.1.wait_timeout(output, left);
            output = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until nothing has come for 20 ms, at most for 200 ms.
    fn until_quiet(&self) {
        let deadline = Instant::now() + Duration::from_millis(200);
        let more = |length| {
            self.wait(Duration::from_millis(20), |bytes, _| {
                (bytes.len() > length).then_some(bytes.len())
            })
        };
        let mut length = self.lock().bytes.len();
        while let Some(now) = more(length).filter(|_| Instant::now() < deadline) {
            length = now;
        }
    }

    fn change(&self, change: impl FnOnce(&mut Pipe)) {
        change(&mut self.lock());
        self.shared.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Pipe> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
