//! Lesson 01's programs: every scene from its command line, every ending a client can think of, and Python at the other
//! end.

mod bad_clients;
mod committed;
mod echo;
mod local;
mod people;
mod python;
mod wrong_use;

use std::io::Read;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;

use tests::deadline::{self, PATIENCE};
use tests::programs::{Finished, Running, Server, program, run, workspace};
use tests::unheard::Unheard;

fn lesson01(args: &[&str]) -> Command {
    let mut command = Command::new(program("lesson01"));
    command.args(args);
    command
}

fn server(args: &[&str]) -> Server {
    Server::start("lesson01", args, workspace())
}

fn client_of(args: &[&str], addr: SocketAddr) -> Command {
    let mut command = lesson01(args);
    command.args(["--addr", &addr.to_string()]);
    command
}

/// A client of `addr` with `stdin`, to its end.
fn client(args: &[&str], addr: SocketAddr, stdin: &[u8]) -> Finished {
    run(client_of(args, addr), stdin)
}

#[track_caller]
fn ended(finished: &Finished, status: i32, stdout: &str, stderr: &str) {
    let was = (finished.status.code(), finished.out(), finished.err());
    assert_eq!(was, (Some(status), stdout.to_owned(), stderr.to_owned()));
}

/// A client of the test's own, which waits for nothing in vain.
fn connect(addr: SocketAddr) -> TcpStream {
    let stream = deadline::connect(addr, PATIENCE).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

/// A listener of the test's own.
fn listener() -> (TcpListener, SocketAddr) {
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap();
    (listener, addr)
}

/// Takes the client that is on its way.
fn accept(listener: &TcpListener) -> TcpStream {
    let stream = deadline::accept(listener, PATIENCE).unwrap().unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream
}

fn read(stream: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).unwrap();
    bytes
}

/// Everything until the peer's end.
fn read_all(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    bytes
}
