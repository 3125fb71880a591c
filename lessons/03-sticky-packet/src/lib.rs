//! Running a command for somebody at the other end of a connection.
//!
//! A remote command is the course's favourite example, because its answer is longer than one read. It is also the most
//! dangerous one: whoever can connect can make us run things. So what runs, for how long and with how much output is
//! decided here, once, for lessons 03 to 06.
//!
//! ```text
//! command line --> words --> on the list? --> a free slot --> own process group --> Answer
//! ls -l 'a b'      ls|-l|a b  126 if not      16 at once      10 s, 1 MiB          status, stdout, stderr
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `naive_runner.rs` | the plain version: read this first |
//! | `runner.rs` | what runs: the rules, the limits, the environment |
//! | `group.rs` | how it runs: the clock, the client, the end of the whole group (Unix) |
//! | `pipes.rs` | both outputs, read as they fill (Unix) |
//! | `slots.rs` | 16 at once, the next waits its turn |
//! | `words.rs` | a command line cut into words: blanks and quotes, nothing else |
//! | `list.rs` | the harmless programs and the options each may be given |
//! | `allowed.rs` | how a command is judged by that list |
//! | `answer.rs` | status, stdout, stderr, and how they are cut to fit a message |
//! | `http_guard.rs` | a request that a browser wrote is not a command |
//! | `reset_watch.rs` | whether the client is still there |
#![forbid(unsafe_code)]

mod allowed;
mod answer;
#[cfg(unix)]
mod group;
mod http_guard;
mod list;
mod naive_runner;
#[cfg(unix)]
mod pipes;
mod reset_watch;
mod runner;
mod slots;
mod words;

pub use allowed::{NotAllowed, check, programs};
pub use answer::{Answer, NOT_ALLOWED, NOT_FOUND, OVER_LIMIT, TIMED_OUT};
pub use http_guard::is_http;
pub use naive_runner::run_plainly;
pub use reset_watch::reset_watch;
pub use runner::{Limits, Rules, Runner};
pub use words::{WordsError, split};
