//! What a program has printed so far. A thread drains the pipe, so that the program never blocks on us; whoever tests
//! waits for what must come, with a deadline.

use std::io::{self, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The bytes that came out of one pipe.
#[derive(Debug, Clone)]
pub struct Collected {
    shared: Arc<(Mutex<Pipe>, Condvar)>,
}

#[derive(Debug, Default)]
struct Pipe {
    bytes: Vec<u8>,
    ended: bool,
}

impl Collected {
    /// Drains `reader` in a thread of its own until its end.
    pub fn from(mut reader: impl Read + Send + 'static) -> Self {
        let collected = Self {
            shared: Arc::default(),
        };
        let ours = collected.clone();
        thread::spawn(move || {
            let mut piece = [0; 8192];
            loop {
                match reader.read(&mut piece) {
                    Ok(0) => break,
                    Ok(read) => ours.change(|pipe| pipe.bytes.extend(piece.iter().take(read))),
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(_) => break,
                }
            }
            ours.change(|pipe| pipe.ended = true);
        });
        collected
    }

    /// What has come until now.
    pub fn so_far(&self) -> Vec<u8> {
        self.lock().bytes.clone()
    }

    /// What has come until now, as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.lock().bytes).into_owned()
    }

    /// Waits until `look` sees what it wants in (everything that came, whether that was all); `None` when `limit` is
    /// over, or when the pipe has ended without it.
    pub fn wait<T>(
        &self,
        limit: Duration,
        mut look: impl FnMut(&[u8], bool) -> Option<T>,
    ) -> Option<T> {
        let deadline = Instant::now() + limit;
        let mut pipe = self.lock();
        loop {
            let seen = look(&pipe.bytes, pipe.ended);
            let left = deadline.saturating_duration_since(Instant::now());
            if seen.is_some() || pipe.ended || left.is_zero() {
                return seen;
            }
            pipe = self
                .shared
                .1
                .wait_timeout(pipe, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until more comes than there is now; `false` when none did within `limit`, or the pipe has ended.
    pub fn wait_for_more(&self, limit: Duration) -> bool {
        let length = self.lock().bytes.len();
        self.wait(limit, |bytes, _| (bytes.len() > length).then_some(()))
            .is_some()
    }

    /// Waits for a whole line that begins with `start`, and gives what stands behind `start`.
    pub fn line(&self, limit: Duration, start: &str) -> Option<String> {
        self.wait(limit, |bytes, _| {
            let mut lines = bytes
                .split_inclusive(|&byte| byte == b'\n')
                .filter_map(|line| line.strip_suffix(b"\n"));
            lines
                .find_map(|line| line.strip_prefix(start.as_bytes()))
                .map(|rest| String::from_utf8_lossy(rest).into_owned())
        })
    }

    /// Waits for the pipe's end, and gives what came until it, or until `limit` was over: a grandchild that left its
    /// group may hold the pipe for ever.
    pub fn until_the_end(&self, limit: Duration) -> Vec<u8> {
        self.wait(limit, |_, ended| ended.then_some(()));
        self.so_far()
    }

    fn change(&self, change: impl FnOnce(&mut Pipe)) {
        change(&mut self.lock());
        self.shared.1.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Pipe> {
        self.shared.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::sync::mpsc;

    use crate::deadline::PATIENCE;

    #[test]
    fn only_a_whole_line_counts() {
        let (reader, mut writer) = io::pipe().unwrap();
        let collected = Collected::from(reader);
        writer.write_all(b"noise\nlistening on 1").unwrap();
        assert_eq!(
            collected.line(Duration::from_millis(30), "listening on "),
            None
        );
        writer.write_all(b"27\n").unwrap();
        assert_eq!(
            collected.line(PATIENCE, "listening on ").as_deref(),
            Some("127")
        );
    }

    #[test]
    fn more_is_only_what_comes_later() {
        let (reader, mut writer) = io::pipe().unwrap();
        let collected = Collected::from(reader);
        writer.write_all(b"first").unwrap();
        assert!(
            collected
                .wait(PATIENCE, |bytes, _| (bytes == b"first").then_some(()))
                .is_some()
        );
        assert!(!collected.wait_for_more(Duration::from_millis(20)));
        let (enough, is_enough) = mpsc::channel::<()>();
        let typing = thread::spawn(move || {
            while is_enough.try_recv() == Err(mpsc::TryRecvError::Empty) {
                writer.write_all(b".").unwrap();
            }
        });
        assert!(collected.wait_for_more(PATIENCE));
        drop(enough);
        typing.join().unwrap();
        collected.until_the_end(PATIENCE);
        assert!(
            !collected.wait_for_more(PATIENCE),
            "nothing comes behind the end"
        );
    }

    #[test]
    fn a_pipe_that_ended_without_it_is_known_at_once() {
        let collected = Collected::from(&b"all there is"[..]);
        let begin = Instant::now();
        assert_eq!(collected.line(PATIENCE, "listening"), None);
        assert!(begin.elapsed() < PATIENCE);
        assert_eq!(collected.until_the_end(PATIENCE), b"all there is");
    }
}
