//! Exercise 06.1, a solution: a chat room. Whatever line a client sends, everybody in the room gets, the sender too.
//!
//! Who leaves, leaves the room, however he does it; and a member to whom nothing can be written is that member's misfortune and
//! not the sender's.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lesson06::ThreadingTcpServer;

#[derive(Default)]
struct Room(Mutex<BTreeMap<SocketAddr, TcpStream>>);

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let room = Room::default();
    let server = ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)?;
    server.serve_forever(&|stream: &TcpStream, peer: SocketAddr| {
        // Somebody who does not read must not keep the others waiting for long.
        stream.set_write_timeout(Some(Duration::from_millis(100)))?;
        room.members().insert(peer, stream.try_clone()?);
        let result = room.chat(stream);
        room.members().remove(&peer); // after an error too: no `?` above
        result
    });
    Ok(())
}

impl Room {
    fn chat(&self, stream: &TcpStream) -> io::Result<()> {
        let (mut lines, mut line) = (BufReader::new(stream), Vec::new());
        while lines.read_until(b'\n', &mut line)? > 0 {
            for mut member in self.members().values() {
                let _ = member.write_all(&line); // its own thread sees that it has left
            }
            line.clear();
        }
        Ok(())
    }

    fn members(&self) -> MutexGuard<'_, BTreeMap<SocketAddr, TcpStream>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
