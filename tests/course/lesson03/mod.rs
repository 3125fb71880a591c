//! Lesson 03's programs, from outside: the flaw itself, raw bytes, command lines, what must never run, and Python.

mod datagrams;
mod local;
mod python;
#[cfg(unix)]
mod signals;
mod stream;
mod traces;

use std::process::Command;

use tests::programs::{Server, program};

fn server(scene: &str, args: &[&str]) -> Server {
    let here = std::path::Path::new(".");
    Server::start("lesson03", &[&[scene], args].concat(), here)
}

/// `lesson03 SCENE --addr SERVER`, then the other arguments.
fn client(args: &[&str], server: &Server) -> Command {
    let mut command = Command::new(program("lesson03"));
    let (scene, more) = args.split_first().unwrap();
    command
        .args([scene, "--addr", &server.addr().to_string()])
        .args(more);
    command
}
