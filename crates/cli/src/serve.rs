//! A server's scene: bind, announce, one client after the other, and a close after which the last words arrive.
//!
//! Lesson 01 teaches this loop and has its own; from lesson 03 on it is here. It decides nothing about a connection:
//! timeouts and `TCP_NODELAY` are set in the handler, where a lesson explains them.

use std::io::{self, ErrorKind, Read};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use timeline::{Layout, Tap};

use crate::address::bind_error;
use crate::escaped::escaped_line;
use crate::exit::{FailedAt, Result, why};
use crate::flags::Flags;
use crate::log::{BackOff, announce, log};
use crate::trace::Trace;

/// How long, and how much, a closing server still reads what nobody will look at.
const LAST_WORDS: Duration = Duration::from_secs(1);
const LAST_BYTES: usize = 1024 * 1024;

/// Binds `addr` and says so on stdout.
///
/// # Errors
/// One line that names the address, and the next step where there is one.
pub fn listen(addr: SocketAddr) -> Result<TcpListener> {
    let listener = TcpListener::bind(addr).map_err(|error| bind_error(addr, &error))?;
    announce(listener.local_addr().failed_at(addr)?);
    Ok(listener)
}

/// Accepts for ever and gives each connection to `handler`, one after the other.
///
/// One client's error ends that client and is one line in the log. When `accept` itself fails (no descriptors left, a
/// connection aborted in the queue) that is logged, and tried again after a pause.
pub fn serve(
    listener: &TcpListener,
    flags: &Flags,
    layout: Option<Layout>,
    mut handler: impl FnMut(&Tap<TcpStream>, SocketAddr) -> io::Result<()>,
) -> ! {
    let (trace, mut back_off) = (Trace::new(flags, layout), BackOff::default());
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                back_off.reset();
                let recorder = trace.recorder();
                let stream = recorder.stream("server", stream);
                let result = handler(&stream, peer);
                if let Err(error) = &result {
                    log(format_args!(
                        "{peer}: {}",
                        escaped_line(why(error).as_bytes())
                    ));
                }
                trace.log(&recorder, peer);
                close_politely(stream.get_ref(), &result);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => back_off.wait("accept", &error),
        }
    }
}

/// Half-closes; after a refusal it reads on for a moment before the stream is closed.
///
/// Closing a socket whose receive buffer still holds bytes sends a reset, and a reset may destroy the refusal that we
/// have sent before the peer has read it (RFC 9112, section 9.6 tells the same story for HTTP). A peer that was silent
/// or has already left is not waited for.
pub fn close_politely(mut stream: &TcpStream, result: &io::Result<()>) {
    let refused = matches!(result, Err(error) if error.kind() == ErrorKind::InvalidData);
    if stream.shutdown(Shutdown::Write).is_err() || !refused {
        return;
    }
    let deadline = Instant::now() + LAST_WORDS;
    // On the heap: what is on the stack costs each connection two pages, used or not.
    let (mut unread, mut buffer) = (LAST_BYTES, vec![0; 8192]);
    while unread > 0 {
        let left = deadline.saturating_duration_since(Instant::now());
        // When nothing is left this ends it: std refuses a timeout of zero.
        let waits = stream.set_read_timeout(Some(left));
        match waits.and_then(|()| stream.read(&mut buffer)) {
            Ok(count) if count > 0 => unread = unread.saturating_sub(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            _ => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use std::thread;

    #[test]
    fn the_last_words_arrive_although_the_peer_went_on_sending() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        client.write_all(&[b'x'; 10_000]).unwrap();
        server.write_all(b"refused").unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                close_politely(&server, &Err(ErrorKind::InvalidData.into()));
                assert_eq!(server.read(&mut [0]).unwrap(), 0, "all was read");
                drop(server);
            });
            client.shutdown(Shutdown::Write).unwrap();
            let mut heard = String::new();
            client.read_to_string(&mut heard).unwrap();
            assert_eq!(heard, "refused");
        });
    }
}
