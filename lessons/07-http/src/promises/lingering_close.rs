//! The promise: the last answer arrives, although the client went on sending.
//!
//! Closing a socket whose receive buffer still holds bytes sends a reset, and a reset may destroy the answer before the
//! client has read it. So the server closes its own direction, and reads on what nobody will look at (RFC 9112, section 9.6).
//!
//! The price: up to 1 s, or 1 MiB, of a thread for each connection that the server ends.

use std::io;
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use lesson04::DeadlineStream;

use crate::server::End;

const TIME: Duration = Duration::from_secs(1);
const BYTES: usize = 1024 * 1024;

/// Ends a connection as [`Server::serve`](crate::Server::serve) says that it ended.
// ANCHOR: linger
pub fn lingering_close(stream: &TcpStream, end: &io::Result<End>) {
    if stream.shutdown(Shutdown::Write).is_err() || !matches!(end, Ok(End::Answered)) {
        return;
    }
    let mut stream = DeadlineStream::new(stream);
    let deadline = stream.deadline(TIME, "");
    // On the heap: what is on the stack costs each connection two pages, used or not.
    let (mut unread, mut block) = (BYTES, vec![0; 8192]);
    while let Ok(count @ 1..) = stream.read(&mut block, deadline)
        && unread > 0
    {
        unread = unread.saturating_sub(count);
    }
}
// ANCHOR_END: linger

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    #[test]
    fn the_last_answer_arrives_although_the_client_went_on_sending() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (mut server, _) = listener.accept().unwrap();
        client.write_all(&[b'x'; 10_000]).unwrap();
        server.write_all(b"refused").unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                lingering_close(&server, &Ok(End::Answered));
                drop(server);
            });
            client.shutdown(Shutdown::Write).unwrap();
            let mut heard = String::new();
            client.read_to_string(&mut heard).unwrap();
            assert_eq!(heard, "refused");
        });
    }
}
