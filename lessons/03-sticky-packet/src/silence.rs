//! `silence`: there is no "ack = 0, please send again". What was not received is answered by silence, and a timer runs.
//!
//! To see it on one machine without losing a packet on purpose: a listener whose queue is full drops the handshake of
//! the next client without a word (Linux, tcp(7)). The client's kernel hears nothing, so it sends again when its timer
//! runs out, and again, until a place in the queue is free.
//!
//! ```text
//! client  SYN ──▶ (dropped)                        0 s
//!         SYN ──▶ (dropped)      timer: sent again
//!         SYN ──▶ (dropped)      timer: sent again
//!                                  accept: a place is free
//!         SYN ──▶ SYN+ACK        connected
//! ```

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use common::why;
use socket2::{Domain, Socket, Type};

use crate::ss;

/// How often the kernel shall have sent again before we make room.
const RESENT: u64 = 2;
/// The second time is after three seconds at the latest (RFC 6298: one second, doubled).
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Plays the scene on a [`full_listener`], which takes a few seconds, and gives each line to `say`.
///
/// # Errors
/// A socket failed. Where the kernel's side cannot be seen, a line says what is missing.
pub(crate) fn silence(listener: &TcpListener, say: &mut dyn FnMut(String)) -> io::Result<()> {
    let addr = listener.local_addr()?;
    let first = TcpStream::connect(addr)?; // takes the only place
    let waiting = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    waiting.bind(&SocketAddr::new(addr.ip(), 0).into())?;
    let local = waiting
        .local_addr()?
        .as_socket()
        .ok_or(io::ErrorKind::AddrNotAvailable)?;
    let started = Instant::now();
    let second = thread::spawn(move || waiting.connect_timeout(&addr.into(), PATIENCE * 2));

    say("a client connects to a listener whose queue is full".to_owned());
    let mut told = None;
    while started.elapsed() < PATIENCE && told != Some(RESENT) {
        thread::sleep(LOOK_EVERY);
        let end = match ss::ask(local, addr) {
            Ok(end) => end,
            Err(missing) => {
                say(format!("the kernel's side cannot be seen here: {missing}"));
                return Ok(());
            }
        };
        if told != Some(end.resent()) {
            told = Some(end.resent());
            let timer = end.timer().unwrap_or("none");
            let (at, sent) = (started.elapsed().as_secs_f64(), times(1 + end.resent()));
            say(format!(
                "{at:.1} s: no answer; sent {sent} so far; timer {timer}"
            ));
        }
    }
    drop((first, listener.accept()?));
    say("the server accepts: a place in its queue is free".to_owned());
    let connected = second
        .join()
        .map_err(|_| io::Error::other("the client's thread panicked"))?;
    say(match connected {
        Ok(()) => {
            format!(
                "{:.1} s: connected, with the next one",
                started.elapsed().as_secs_f64()
            )
        }
        Err(error) => format!("{:.1} s: {}", started.elapsed().as_secs_f64(), why(&error)),
    });
    Ok(())
}

fn times(count: u64) -> String {
    if count == 1 {
        "once".to_owned()
    } else {
        format!("{count} times")
    }
}

/// `listen(0)`: on Linux there is room for one connection that nobody has accepted.
///
/// # Errors
/// The address cannot be bound.
pub(crate) fn full_listener(addr: SocketAddr) -> io::Result<TcpListener> {
    let listener = Socket::new(Domain::for_address(addr), Type::STREAM, None)?;
    // As std's listeners do: a port with connections in TIME_WAIT (lesson 01, `endings`) may be bound again. On Windows
    // the option of this name means something else.
    #[cfg(unix)]
    listener.set_reuse_address(true)?;
    listener.bind(&addr.into())?;
    listener.listen(0)?;
    Ok(TcpListener::from(listener))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_port_that_was_used_just_before_can_be_used_again() {
        let listener = common::listener_on_a_free_port().unwrap();
        let addr = listener.local_addr().unwrap();
        let mut client = TcpStream::connect(addr).unwrap();
        drop(listener.accept().unwrap()); // who closes first keeps the port in TIME_WAIT
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
        drop((client, listener));
        assert_eq!(full_listener(addr).unwrap().local_addr().unwrap(), addr);
    }
}
