//! The client's half: send a message, collect the answer.
//!
//! TCP does not say where an answer ends. For an echo there is a way to know: it is as long as the question.

use std::io::{self, ErrorKind, Read, Write};

use crate::promises::second_thread::ask_both_ways;

/// The most that one read takes where one read is all: 64 KiB.
pub const ONE_READ: usize = 65_536;

/// What the send buffer takes even if nobody reads: Linux begins with 16 KiB (`tcp_wmem`, second number).
const FITS_ANYWHERE: usize = 16 * 1024;

/// Sends `message` and collects as many bytes as were sent, or fewer if the stream ends before.
///
/// # Errors
/// Those of writing and reading.
// ANCHOR: ask
pub fn ask<S: Read + Write + Copy + Send>(mut stream: S, message: &[u8]) -> io::Result<Vec<u8>> {
    if message.len() > FITS_ANYWHERE {
        return ask_both_ways(stream, message); // write-then-read would come to stand
    }
    stream.write_all(message)?; // Python: sendall
    as_many_bytes(stream, message.len())
}

pub(crate) fn as_many_bytes(stream: impl Read, count: usize) -> io::Result<Vec<u8>> {
    let mut answer = Vec::with_capacity(count);
    // A loop around read, which takes care of short reads, EINTR and the end.
    stream.take(count as u64).read_to_end(&mut answer)?;
    Ok(answer)
}
// ANCHOR_END: ask

/// What one read gives, up to `capacity` bytes; nothing means the end.
///
/// One read is *not* one message: lesson 03 is about that. Where a person waits for the answer before typing on, it
/// mostly looks as if it were.
///
/// # Errors
/// Those of reading.
// ANCHOR: one_read
pub fn one_read(mut stream: impl Read, capacity: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; capacity];
    loop {
        match stream.read(&mut bytes) {
            Ok(count) => {
                bytes.truncate(count);
                return Ok(bytes);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
// ANCHOR_END: one_read

#[cfg(test)]
mod tests {
    use super::*;
    use crate::echo::echo;
    use std::net::{Shutdown, TcpListener, TcpStream};
    use std::thread;
    use std::time::Duration;

    /// A client connected to `serve`, which runs in a thread of its own.
    fn asking<T>(serve: impl FnOnce(TcpStream) + Send, ask: impl FnOnce(&TcpStream) -> T) -> T {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, _) = listener.accept().unwrap();
        for stream in [&client, &server] {
            stream
                .set_read_timeout(Some(Duration::from_secs(20)))
                .unwrap(); // who hangs has failed
            stream
                .set_write_timeout(Some(Duration::from_secs(20)))
                .unwrap();
        }
        thread::scope(|scope| {
            scope.spawn(|| serve(server));
            let result = ask(&client);
            client.shutdown(Shutdown::Both).ok();
            result
        })
    }

    #[test]
    fn a_message_that_no_buffer_holds_comes_back_whole() {
        let message: Vec<u8> = (0..20_000_000_u32).map(|n| (n % 251) as u8).collect();
        let answer = asking(|server| drop(echo(&server)), |client| ask(client, &message)).unwrap();
        assert!(answer == message.to_ascii_uppercase());
    }

    #[test]
    fn an_answer_in_many_pieces_is_one_answer() {
        let slow = |mut server: TcpStream| {
            let said = one_read(&server, 64).unwrap();
            server.set_nodelay(true).unwrap();
            for byte in &said {
                server.write_all(&[*byte]).unwrap();
            }
        };
        assert_eq!(
            asking(slow, |client| ask(client, b"hello")).unwrap(),
            b"hello"
        );
    }

    #[test]
    fn bytes_beyond_the_answer_stay_in_the_stream() {
        let talkative = |mut server: TcpStream| {
            one_read(&server, 64).unwrap();
            server.write_all(b"hello, and more").unwrap();
        };
        let (answer, rest) = asking(talkative, |client| {
            (
                ask(client, b"hello").unwrap(),
                one_read(client, 64).unwrap(),
            )
        });
        assert_eq!(
            (answer.as_slice(), rest.as_slice()),
            (&b"hello"[..], &b", and more"[..])
        );
    }

    #[test]
    fn an_answer_that_ends_early_is_what_came() {
        let brief = |mut server: TcpStream| {
            one_read(&server, 64).unwrap();
            server.write_all(b"hi").unwrap();
        };
        assert_eq!(
            asking(brief, |client| ask(client, b"hello!")).unwrap(),
            b"hi"
        );
        let mute = |server: TcpStream| drop(one_read(&server, 64));
        assert_eq!(asking(mute, |client| ask(client, b"hello!")).unwrap(), b"");
    }

    #[test]
    fn an_interrupted_read_is_made_again() {
        struct Interrupted(bool);
        impl Read for Interrupted {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                if std::mem::replace(&mut self.0, true) {
                    buffer[0] = b'x';
                    return Ok(1);
                }
                Err(ErrorKind::Interrupted.into())
            }
        }
        assert_eq!(one_read(Interrupted(false), 64).unwrap(), b"x");
    }
}
