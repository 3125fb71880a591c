//! Exercise 02.1, a solution: asks up to three times, each time with a deadline of its own, and believes one address.
//!
//! The deadline is a moment: `left` shrinks while strangers write, so they cannot make us wait longer. Asking for the time
//! twice does no harm. A question that must not be done twice ("send 100 yuan") would need a number, so that the
//! server can see that it is the same question.
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind, Write};
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const TRIES: usize = 3;
const WAIT: Duration = Duration::from_millis(300);

fn main() -> io::Result<ExitCode> {
    let port: u16 = std::env::args()
        .nth(1)
        .and_then(|port| port.parse().ok())
        .unwrap_or(9000);
    let server = SocketAddr::from(([127, 0, 0, 1], port));
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    for _ in 0..TRIES {
        socket.send_to(b"", server)?;
        if let Some(answer) = answer_from(&socket, server)? {
            writeln!(io::stdout(), "{}", String::from_utf8_lossy(&answer))?;
            return Ok(ExitCode::SUCCESS);
        }
    }
    writeln!(io::stderr(), "{server}: no answer to {TRIES} questions")?;
    Ok(ExitCode::FAILURE)
}

fn answer_from(socket: &UdpSocket, server: SocketAddr) -> io::Result<Option<Vec<u8>>> {
    let deadline = Instant::now() + WAIT;
    let mut room = [0; 1024];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        match socket.recv_from(&mut room) {
            Ok((size, peer)) if peer == server => {
                return Ok(Some(room.get(..size).unwrap_or_default().to_vec()));
            }
            Ok(_) => {} // a stranger
            Err(error) => match error.kind() {
                // Windows reports a refusal here, of an earlier question. The next one may be answered.
                ErrorKind::WouldBlock
                | ErrorKind::TimedOut
                | ErrorKind::Interrupted
                | ErrorKind::ConnectionReset => {}
                _ => return Err(error),
            },
        }
    }
}
