//! Lesson 06's servers as a library (`servers/`), and its programs from outside: many clients at once, ones that are slow, silent or broken, and a clean stop.

mod files;
mod many;
mod python;
mod servers;
mod stop;
mod usage;
mod wire;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use tests::deadline::{self, PATIENCE};
use tests::programs::{Finished, Server, program, run};

/// The three models.
const MODELS: [&str; 3] = ["sequential", "threads", "pool"];

/// The handler's answer to `hi`, as a frame of the course wire.
fn answer_to_hi() -> Vec<u8> {
    framed("我已收到您的请求[hi],感谢您的关注!".as_bytes())
}

fn framed(message: &[u8]) -> Vec<u8> {
    [
        &u32::try_from(message.len()).unwrap().to_be_bytes()[..],
        message,
    ]
    .concat()
}

fn serve(args: &[&str]) -> Server {
    Server::start("lesson06", args, Path::new("."))
}

fn connect(server: &Server) -> TcpStream {
    let stream = deadline::connect(server.addr(), PATIENCE).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

/// Says `hi` and reads the whole answer.
fn greet(stream: &mut TcpStream) {
    stream.write_all(&framed(b"hi")).unwrap();
    let mut answer = answer_to_hi();
    let wanted = answer.clone();
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(answer, wanted);
}

/// A scene against `server`, to its end.
fn scene(server: &Server, args: &[&str], stdin: &[u8]) -> Finished {
    let mut command = Command::new(program("lesson06"));
    // Before the scene: what stands after `--` is a command's words.
    command
        .args(["--addr", &server.addr().to_string()])
        .args(args);
    run(command, stdin)
}

/// What Linux knows of a running program; `None` elsewhere.
#[cfg(target_os = "linux")]
fn descriptors_and_threads(server: &mut Server) -> Option<(usize, usize)> {
    let proc = format!("/proc/{}", server.running().id());
    let count = |folder: &str| Some(std::fs::read_dir(format!("{proc}/{folder}")).ok()?.count());
    Some((count("fd")?, count("task")?))
}

#[cfg(not(target_os = "linux"))]
fn descriptors_and_threads(_: &mut Server) -> Option<(usize, usize)> {
    None
}

/// Waits until the server has no more of either than it had.
fn back_to(base: Option<(usize, usize)>, server: &mut Server) {
    let Some((descriptors, threads)) = base else {
        return;
    };
    let mut now = None;
    let back = deadline::until(PATIENCE, || {
        now = descriptors_and_threads(server);
        now.filter(|now| now.0 <= descriptors && now.1 <= threads)
    });
    assert!(back.is_some(), "{now:?}, not back to {base:?}");
}
