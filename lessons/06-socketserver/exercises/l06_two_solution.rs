//! Exercise 06.3, a solution: an echo for two clients of each address at once. A third one gets the line `full` and the end.
//!
//! A place is given back by `Drop`, so it comes back however the handler ends: at the end, with an error, in a panic, and when the
//! place was never granted. An address without clients is not kept: a million addresses would be a million entries.
#![forbid(unsafe_code)]

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};

use lesson06::ThreadingTcpServer;

type Clients = BTreeMap<IpAddr, usize>;

struct Place<'a>(&'a Mutex<Clients>, IpAddr);

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let clients = Mutex::new(Clients::new());
    let server = ThreadingTcpServer::bind(([127, 0, 0, 1], port).into(), 64)?;
    server.serve_forever(&|mut stream: &TcpStream, peer: SocketAddr| {
        let Some(_place) = take_a_place(&clients, peer.ip()) else {
            return stream.write_all(b"full\n");
        };
        io::copy(&mut &*stream, &mut &*stream).map(drop)
    });
    Ok(())
}

fn take_a_place(clients: &Mutex<Clients>, ip: IpAddr) -> Option<Place<'_>> {
    let mut all = locked(clients);
    let count = all.entry(ip).or_default();
    if *count == 2 {
        return None;
    }
    *count += 1;
    Some(Place(clients, ip))
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut all = locked(self.0);
        match all.get_mut(&self.1) {
            Some(count) if *count > 1 => *count -= 1,
            _ => drop(all.remove(&self.1)),
        }
    }
}

fn locked(clients: &Mutex<Clients>) -> MutexGuard<'_, Clients> {
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}
