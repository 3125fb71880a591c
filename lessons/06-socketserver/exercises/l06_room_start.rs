//! Exercise 06.1, the start: a chat room. Whatever line a client sends, everybody in the room gets, the sender too.
//!
//! Run it: `cargo run -p lesson06 --example l06_room_start -- 8080`
//! Judge it: `cargo run -p check 06.1 cargo run -q -p lesson06 --example l06_room_start {port}`
#![forbid(unsafe_code)]

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, PoisonError};

use lesson06::ThreadingTcpServer;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let room = Mutex::new(Vec::new());
    let server = ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)?;
    server.serve_forever(&|stream: &TcpStream, _: SocketAddr| chat(stream, &room));
    Ok(())
}

fn chat(stream: &TcpStream, room: &Mutex<Vec<TcpStream>>) -> io::Result<()> {
    let members = || room.lock().unwrap_or_else(PoisonError::into_inner);
    members().push(stream.try_clone()?);
    let (mut lines, mut line) = (BufReader::new(stream), Vec::new());
    while lines.read_until(b'\n', &mut line)? > 0 {
        for mut member in members().iter() {
            member.write_all(&line)?;
        }
        line.clear();
    }
    Ok(())
}
