//! A server that takes one client after the other, and closes so that its last words arrive.

use std::io::{self, ErrorKind, Read};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::log::{ClientLog, SeldomLog};
use crate::plain_text::plain_line;
use crate::program::why;

/// How long, and how much, a closing server still reads what nobody will look at.
const LAST_WORDS: Duration = Duration::from_secs(1);
const LAST_BYTES: usize = 1024 * 1024;

/// Accepts for ever and gives each connection to `handler`, one after the other.
///
/// One client's error ends that client and is one line in the log (see [`ClientLog`]). When `accept` itself fails (no
/// descriptors left, a connection aborted in the queue) it is logged at most once a second and tried again after 10 ms,
/// doubling to 1 s: a loop without that pause was seen to burn a core on millions of failing calls.
pub fn serve_in_turn(
    listener: &TcpListener,
    mut handler: impl FnMut(&TcpStream, SocketAddr) -> io::Result<()>,
) -> ! {
    let (mut backoff, mut clients) = (BackOff::new("accept"), ClientLog::default());
    loop {
        match listener.accept() {
            Ok((stream, peer)) => {
                backoff.reset();
                let result = handler(&stream, peer);
                if let Err(error) = &result {
                    clients.line(format_args!(
                        "{peer}: {}",
                        plain_line(why(error).as_bytes())
                    ));
                }
                close_politely(&stream, &result);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => backoff.wait(&error),
        }
    }
}

/// Half-closes, then reads on for a moment before closing.
///
/// Closing a socket whose receive buffer still holds bytes sends a reset, and a reset may destroy the refusal that we
/// have sent before the peer has read it (RFC 9112, section 9.6 tells the same story for HTTP). A peer that was silent
/// or already gone gets no such patience.
pub fn close_politely(stream: &TcpStream, result: &io::Result<()>) {
    if stream.shutdown(Shutdown::Write).is_err() {
        return; // the peer is gone
    }
    if !matches!(result, Err(error) if error.kind() == ErrorKind::InvalidData) {
        return;
    }
    let deadline = Instant::now() + LAST_WORDS;
    let mut unread = LAST_BYTES;
    let mut buffer = [0; 8192];
    while unread > 0 {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() || stream.set_read_timeout(Some(left)).is_err() {
            return;
        }
        match (&mut &*stream).read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => unread = unread.saturating_sub(count),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

/// The pause after a call that failed and is tried again: 10 ms, doubling to 1 s.
#[derive(Debug)]
pub struct BackOff {
    what: &'static str,
    pause: Duration,
    log: SeldomLog,
}

impl BackOff {
    const FIRST: Duration = Duration::from_millis(10);
    const LONGEST: Duration = Duration::from_secs(1);

    /// For a call of this name, which the log line begins with.
    pub fn new(what: &'static str) -> Self {
        Self {
            what,
            pause: Self::FIRST,
            log: SeldomLog::default(),
        }
    }

    /// Logs the failure and waits.
    pub fn wait(&mut self, error: &io::Error) {
        self.log
            .line(format_args!("{}: {}; trying again", self.what, why(error)));
        thread::sleep(self.pause);
        self.pause = (self.pause * 2).min(Self::LONGEST);
    }

    /// The call has succeeded: the next failure waits the first pause again.
    pub fn reset(&mut self) {
        self.pause = Self::FIRST;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listener_on_a_free_port;
    use std::io::Write;

    #[test]
    fn the_last_words_arrive_although_the_peer_went_on_sending() {
        let listener = listener_on_a_free_port().unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        client.write_all(&[b'x'; 10_000]).unwrap();
        server.write_all(b"refused").unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                close_politely(&server, &Err(ErrorKind::InvalidData.into()));
                drop(server);
            });
            client.shutdown(Shutdown::Write).unwrap();
            let mut said = String::new();
            client.read_to_string(&mut said).unwrap();
            assert_eq!(said, "refused");
        });
    }
}
