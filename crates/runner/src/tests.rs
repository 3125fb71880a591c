//! What the tests of `runner.rs` and `group.rs` share.
//!
//! Processes are looked for by a marker that occurs in no other command line: a number of seconds that nobody else
//! sleeps. What a command has to tell (its number, that it has started) it tells through files and pipes of the test.
// clippy.toml allows these in functions marked as tests; here the helpers are part of the tests too.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Answer, Limits, Rules, Runner};

pub(crate) const STILL_THERE: &dyn Fn() -> bool = &|| false;
/// Long enough for a slow machine, far shorter than what the commands would sleep.
pub(crate) const LONG: Duration = Duration::from_secs(8);
pub(crate) const MIB: usize = 1 << 20;

pub(crate) fn shell(line: &str) -> Answer {
    Runner::new(Rules::Shell).run(line.as_bytes(), STILL_THERE)
}

pub(crate) fn listed(line: &str) -> Answer {
    Runner::new(Rules::Listed).run(line.as_bytes(), STILL_THERE)
}

pub(crate) fn runner(rules: Rules, limits: Limits) -> Runner {
    Runner { rules, limits }
}

pub(crate) fn within(milliseconds: u64) -> Limits {
    Limits {
        time: Duration::from_millis(milliseconds),
        ..Limits::default()
    }
}

pub(crate) fn stdout(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.stdout).into_owned()
}

pub(crate) fn stderr(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.stderr).into_owned()
}

/// `1000.` and digits that belong to this test run and this call: as an argument of `sleep`, a findable process.
pub(crate) fn marker() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(100);
    format!(
        "1000.{}{}",
        std::process::id(),
        NEXT.fetch_add(1, Ordering::SeqCst)
    )
}

/// How many processes (zombies have no command line) carry the marker as an argument of their own.
pub(crate) fn alive(marker: &str) -> usize {
    if !Path::new("/proc/self/cmdline").exists() {
        println!(
            "skipped: no /proc on this system, so nobody looked for processes that were left behind"
        );
        return 0;
    }
    let processes = fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
    lines
        .filter(|line| {
            line.split(|&byte| byte == 0)
                .any(|word| word == marker.as_bytes())
        })
        .count()
}

/// A killed process is not there any more a moment after the kill.
pub(crate) fn nobody_left(marker: &str) -> bool {
    eventually(|| alive(marker) == 0)
}

/// A collected process has no entry in /proc, a zombie still has one.
pub(crate) fn collected(id: &str) -> bool {
    !Path::new("/proc").join(id.trim()).exists()
}

pub(crate) fn eventually(condition: impl Fn() -> bool) -> bool {
    let end = Instant::now() + LONG;
    while Instant::now() < end {
        if condition() {
            return true;
        }
        thread::yield_now();
    }
    false
}
