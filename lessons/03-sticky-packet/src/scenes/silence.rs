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

use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use cli::{FailedAt, Flags, Output, Result, why};
use socket2::SockRef;

use super::{local_listener, ss, together};

/// How often the kernel shall have sent again before we make room.
const RESENT: usize = 2;
const SENT: [&str; RESENT + 1] = ["once", "2 times", "3 times"];
/// The second time is after three seconds at the latest (RFC 6298: one second, doubled).
const LIMIT: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// Plays the scene, which takes a few seconds.
///
/// # Errors
/// The address cannot be bound, or a socket failed. Where the kernel's side cannot be seen, a line says what is missing.
pub fn silence(flags: &Flags) -> Result {
    flags.without_timeline("silence")?;
    let listener = local_listener(flags)?;
    // `listen` once more, with 0: on Linux there is then a place for one connection that nobody has accepted.
    SockRef::from(&listener).listen(0).failed_at("silence")?;
    let addr = listener.local_addr().failed_at("silence")?;
    let first = TcpStream::connect(addr).failed_at("silence")?; // takes the only place

    let (started, mut out) = (Instant::now(), Output);
    out.raw(b"a client connects to a listener whose queue is full\n")?;
    let second = || TcpStream::connect_timeout(&addr, 2 * LIMIT);
    let (connected, shown) = together(second, || {
        let shown = show_timer(addr, started, &mut out);
        drop((first, listener.accept()));
        shown
    })
    .failed_at("silence")?;
    shown?;
    let at = started.elapsed().as_secs_f64();
    let end = match connected {
        Ok(_) => "connected, with the next one".to_owned(),
        Err(error) => why(&error),
    };
    let told = format!("the server accepts: a place in its queue is free\n{at:.1} s: {end}\n");
    out.raw(told.as_bytes())
}

/// One line each time the handshake was sent again.
fn show_timer(addr: SocketAddr, started: Instant, out: &mut Output) -> Result {
    let mut next = 0;
    while started.elapsed() < LIMIT && next <= RESENT {
        thread::sleep(LOOK_EVERY);
        let end = match ss::connecting(addr) {
            Ok(end) => end,
            Err(missing) => {
                let line = format!("the kernel's side cannot be seen here: {missing}\n");
                return out.raw(line.as_bytes());
            }
        };
        let (at, resent) = (started.elapsed().as_secs_f64(), end.resent());
        if let Some(sent) = SENT.get(resent).filter(|_| resent >= next) {
            let timer = end.timer().unwrap_or("none");
            let line = format!("{at:.1} s: no answer; sent {sent} so far; timer {timer}\n");
            out.raw(line.as_bytes())?;
        }
        next = next.max(resent + 1);
    }
    Ok(())
}
