//! Lesson 02's programs: every scene from its command line, and every line it says when something is wrong.

mod chat;
mod endurance;
mod many;
mod python;
mod talks;
mod wrong_use;

use std::io::Write;
use std::net::{SocketAddr, UdpSocket};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use tests::deadline::PATIENCE;
use tests::programs::{Finished, Running, Server, program, run, workspace};
use tests::unheard::Unheard;

const LARGEST: usize = lesson02::LARGEST;

fn lesson02(args: &[&str]) -> Command {
    let mut command = Command::new(program("lesson02"));
    command.args(args);
    command
}

fn server(args: &[&str]) -> Server {
    Server::start("lesson02", args, workspace())
}

/// A client of `addr` with `stdin`, to its end.
fn client(args: &[&str], addr: SocketAddr, stdin: &[u8]) -> Finished {
    let mut command = lesson02(args);
    command.args(["--addr", &addr.to_string()]);
    run(command, stdin)
}

#[track_caller]
fn ended(finished: &Finished, status: i32, stdout: &str, stderr: &str) {
    let was = (finished.status.code(), finished.out(), finished.err());
    assert_eq!(was, (Some(status), stdout.to_owned(), stderr.to_owned()));
}

/// A socket of the test's own, which no program can wait for in vain.
fn socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_read_timeout(Some(PATIENCE)).unwrap();
    let addr = socket.local_addr().unwrap();
    (socket, addr)
}

/// A port that refuses and that nobody takes meanwhile: its socket hears itself only.
fn nobody() -> (UdpSocket, SocketAddr) {
    let (socket, addr) = socket();
    socket.connect(addr).unwrap();
    (socket, addr)
}

/// One exchange of the test's own.
fn ask(addr: SocketAddr, question: &[u8]) -> Vec<u8> {
    let (socket, _) = socket();
    socket.connect(addr).unwrap();
    socket.send(question).unwrap();
    let mut buffer = vec![0; lesson02::CAPACITY];
    let size = socket.recv(&mut buffer).unwrap();
    buffer.truncate(size);
    buffer
}
