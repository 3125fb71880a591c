//! Exercise 01.3, a solution: a client that says how a connection ended, and how much had come.
//!
//! What the start forgets: a refused connection is an answer too; silence lasts for ever without a timeout, and a timeout
//! has two names; and an interrupted read is no ending at all.
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const SILENCE: Duration = Duration::from_secs(2);

fn main() -> io::Result<()> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let ending = match TcpStream::connect(("127.0.0.1", port)) {
        Ok(stream) => listen_to(stream)?,
        Err(error) if error.kind() == ErrorKind::ConnectionRefused => "refused".to_owned(),
        Err(error) => return Err(error),
    };
    writeln!(io::stdout(), "{ending}")
}

fn listen_to(mut stream: TcpStream) -> io::Result<String> {
    stream.set_read_timeout(Some(SILENCE))?;
    let mut total = 0;
    let mut room = [0; 4096];
    loop {
        let ending = match stream.read(&mut room) {
            Ok(0) => "end",
            Ok(count) => {
                total += count;
                continue;
            }
            Err(error) => match error.kind() {
                ErrorKind::Interrupted => continue,
                ErrorKind::ConnectionReset => "reset",
                ErrorKind::WouldBlock | ErrorKind::TimedOut => "silent",
                _ => return Err(error),
            },
        };
        return Ok(format!("{ending} after {total}"));
    }
}
