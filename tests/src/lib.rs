//! Helpers of the tests that hold across lessons. The tests themselves are the modules of `course/`.
//!
//! | file | knows |
//! |---|---|
//! | `deadline.rs` | how to wait for something that another process does: the one place that may pause |
//! | `collected.rs` | what a program has printed so far, and how to wait for more |
//! | `demos.rs` | a lesson's demo against what is committed beside its chapter |
//! | `programs.rs` | the workspace's programs: built once, started, ended whatever happens |
//! | `python.rs` | Python, where there is one |
//! | `session/` | the shell sessions of the chapters; its head tells authors how to write them |
//! | `sources.rs` | rules on the source: unsafe, sleeping, ports |
//! | `tree.rs` | the repository's files by their paths |
//! | `unheard.rs` | a program whose output nobody reads |
//! | `book/` | checks on the sources of the book: blocks, links, headings, contents, widths, words, glossary |
#![forbid(unsafe_code)]

pub mod book;
mod collected;
pub mod deadline;
pub mod demos;
pub mod programs;
pub mod python;
pub mod session;
pub mod sources;
pub mod tree;
pub mod unheard;

pub use collected::Collected;

/// Whether this run was asked to rewrite what is committed: `UPDATE_DEMOS=1`, `UPDATE_SESSIONS=1`.
pub fn update(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|value| value != "0" && !value.is_empty())
}

/// Fails the test that called the helper.
#[track_caller]
#[allow(
    clippy::panic,
    reason = "a helper of tests reports a failure as a test does"
)]
pub fn fail(why: impl std::fmt::Display) -> ! {
    panic!("{why}")
}

/// A listener on 127.0.0.1 with a port that the system chose, so that tests never collide.
#[track_caller]
pub fn listener() -> std::net::TcpListener {
    match std::net::TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)) {
        Ok(listener) => listener,
        Err(error) => fail(format_args!("no free port on 127.0.0.1: {error}")),
    }
}
