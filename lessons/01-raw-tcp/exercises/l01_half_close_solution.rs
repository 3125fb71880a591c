//! Exercise 01.2, a solution: a client that sends all of its stdin and prints all that the server answers.
//!
//! What the start forgets: the server cannot know that stdin has ended unless the client says so (FIN), and both wait for
//! ever; and a server that answers while it still reads fills the client's buffer until nobody moves. The other way
//! round, a server that has said its last word may still be listening: its end is no reason to stop sending.
#![forbid(unsafe_code)]

use std::io;
use std::net::{Shutdown, TcpStream};
use std::thread;

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let stream = TcpStream::connect(("127.0.0.1", port))?;
    thread::scope(|scope| {
        let sending = scope.spawn(|| {
            io::copy(&mut io::stdin(), &mut &stream)?;
            stream.shutdown(Shutdown::Write)
        });
        io::copy(&mut &stream, &mut io::stdout())?;
        sending
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("the sending thread panicked")))
    })
}
