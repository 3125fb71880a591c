//! Runs a stranger's command: what may run, for how long, with how much output, and what Ctrl-C has to tidy up.
//!
//! A remote command is the course's favourite example, because its answer is longer than one read. It is also the most
//! dangerous one: whoever can connect can make us run things. So all of it is decided here, once, for lessons 03 to 06.
//!
//! ```text
//! request --> a command? --> words --> on the list? --> own process group --> Answer
//! ls -l 'a b'  or HTTP ...   ls|-l|a b   126 if not      10 s, 1 MiB          status, stdout, stderr
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `runner.rs` | what runs: the rules, the limits, the environment. Read this first |
//! | `group.rs` | how it runs: the clock, the client, the end of the whole group (Unix) |
//! | `pipes.rs` | both outputs, read as they fill (Unix) |
//! | `words.rs` | a command line cut into words: blanks and quotes, nothing else |
//! | `allowlist.rs` | the harmless programs, the options each may be given, how a command is judged |
//! | `answer.rs` | status, stdout, stderr, and how they are cut to fit a message |
//! | `guard.rs` | a request that a browser wrote is not a command |
//! | `reset_watch.rs` | whether the client is still there |
//! | `interrupt.rs` | what has to be tidied up when somebody presses Ctrl-C |
//!
//! It knows no socket but in `reset_watch.rs`, no framing, no log. How many commands run at once is the server's affair:
//! those of lessons 03 to 05 serve one client after the other, so it is one.
#![forbid(unsafe_code)]

mod allowlist;
mod answer;
#[cfg(unix)]
mod group;
pub mod guard;
pub mod interrupt;
#[cfg(unix)]
mod pipes;
mod reset_watch;
mod runner;
#[cfg(all(test, unix))]
mod tests;
mod words;

pub use allowlist::allowed_words;
pub use answer::{Answer, NOT_ALLOWED, NOT_FOUND, OVER_LIMIT, TIMED_OUT, cut_line};
pub use reset_watch::reset_watch;
pub use runner::{Limits, Rules, Runner, run_in_group};
