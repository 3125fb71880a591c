//! Lesson 04's programs, from outside: raw bytes, command lines, broken peers, and Python at the other end.

mod commands;
mod echo;
mod figures;
mod flood;
mod library;
mod pack;
mod python;
mod refusals;
mod usage;
mod wire;

use std::path::Path;
use std::process::Command;

use tests::programs::{Finished, Server, program, run};

/// A server scene of lesson 04.
fn serve(args: &[&str]) -> Server {
    Server::start("lesson04", args, Path::new("."))
}

/// `lesson04 ARGS`, not started yet.
fn lesson04(args: &[&str]) -> Command {
    let mut command = Command::new(program("lesson04"));
    command.args(args);
    command
}

/// A client scene that talks to `server`; `more` stands behind its `--addr`.
fn talk(server: &Server, scene: &[&str], more: &[&str], stdin: &[u8]) -> Finished {
    let addr = server.addr().to_string();
    run(lesson04(&[scene, &["--addr", &addr], more].concat()), stdin)
}
