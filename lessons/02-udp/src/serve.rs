//! The loop of a server. One socket serves everybody: each datagram brings its sender's address along, and the answer
//! goes there. Nothing is remembered from one datagram to the next.
//!
//! Nothing that arrives ends the server, and no failure does: an answer that cannot be sent is one line in the log.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

use common::{BackOff, Fault, Output, SeldomLog, log, why};
use timeline::{Outputs, Recorder};

use crate::datagram::ROOM;
use crate::shown::shown;

/// Answers each datagram with one datagram, for ever.
///
/// Each exchange is a drawing of its own if `outputs` asks for one.
// ANCHOR: serve
pub fn answer_each(
    socket: &UdpSocket,
    outputs: &Outputs,
    mut answer: impl FnMut(&[u8]) -> Vec<u8>,
) -> ! {
    let mut room = vec![0; ROOM];
    let mut failures = SeldomLog::default();
    loop {
        let recorder = outputs.recorder();
        let tap = recorder.datagram("server", socket);
        let (question, peer) = receive(|room| tap.recv_from(room), &mut room);
        let reply = answer(question);
        if let Err(error) = again(|| tap.send_to(&reply, peer)) {
            failures.line(format_args!("{peer}: answer not sent: {}", why(&error)));
        }
        draw(outputs, &recorder, peer);
    }
}
// ANCHOR_END: serve

/// Receives one message and shows it, for servers that people read. Nobody reading is no reason to end.
///
/// `heard` learns who wrote before anything is shown: whoever reads the line may answer at once.
pub(crate) fn show_next(
    socket: &UdpSocket,
    outputs: &Outputs,
    room: &mut [u8],
    heard: impl FnOnce(SocketAddr),
) {
    let recorder = outputs.recorder();
    let tap = recorder.datagram("server", socket);
    let (message, peer) = receive(|room| tap.recv_from(room), room);
    heard(peer);
    let mut out = Output::default();
    let _ = out.raw(shown(peer, message, out.is_terminal()).as_bytes());
    draw(outputs, &recorder, peer);
}

/// Writes the drawings that were asked for; a server goes on without them.
pub(crate) fn draw(outputs: &Outputs, recorder: &Recorder, peer: SocketAddr) {
    if let Err(error) = outputs.write(&recorder.recording(), &format!("datagrams, {peer}")) {
        log(format_args!("trace: {}", why(&error)));
    }
}

/// Answers one datagram with `hi`, says what it was, and is done.
///
/// # Errors
/// The answer cannot be sent.
pub(crate) fn answer_one(socket: &UdpSocket, recorder: &Recorder) -> Result<(), Fault> {
    let tap = recorder.datagram("server", socket);
    let mut room = vec![0; ROOM];
    let (question, peer) = receive(|room| tap.recv_from(room), &mut room);
    again(|| tap.send_to(b"hi", peer)).map_err(|error| Fault::io(peer, &error))?;
    Output::default().message(question)
}

/// Waits for the next datagram, whatever errors come in between.
///
/// An error here is news of an *earlier* datagram (the other machine answered "nobody listens there", Windows and
/// connected sockets tell it) or a signal: neither says anything about this socket. Anything else is tried again after
/// a pause.
pub fn receive(
    mut recv_from: impl FnMut(&mut [u8]) -> io::Result<(usize, SocketAddr)>,
    room: &mut [u8],
) -> (&[u8], SocketAddr) {
    let mut backoff = BackOff::new("receive");
    loop {
        match recv_from(room) {
            Ok((size, peer)) => return (room.get(..size).unwrap_or_default(), peer),
            Err(error) if is_old_news(&error) => {}
            Err(error) => backoff.wait(&error),
        }
    }
}

fn is_old_news(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Interrupted
            | ErrorKind::ConnectionRefused
            | ErrorKind::ConnectionReset
            | ErrorKind::HostUnreachable
            | ErrorKind::NetworkUnreachable
    )
}

/// Makes a call again when a signal cut it short (EINTR). std does that for `write_all`, not for datagrams.
pub(crate) fn again<T>(mut call: impl FnMut() -> io::Result<T>) -> io::Result<T> {
    loop {
        match call() {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn news_of_earlier_datagrams_and_failures_do_not_end_a_server() {
        let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
        let mut script = [
            Err(ErrorKind::ConnectionRefused),
            Err(ErrorKind::Interrupted),
            Err(ErrorKind::ConnectionReset),
            Err(ErrorKind::OutOfMemory),
            Ok((2, peer)),
        ]
        .into_iter();
        let mut room = *b"hi...";
        let got = receive(
            |_| script.next().unwrap().map_err(io::Error::from),
            &mut room,
        );
        assert_eq!(got, (&b"hi"[..], peer));
    }

    #[test]
    fn a_hundred_clients_that_have_gone_do_not_make_a_server_pause() {
        let peer: SocketAddr = "127.0.0.1:9".parse().unwrap();
        let mut news = 0;
        let begin = Instant::now();
        let got = receive(
            |_| {
                news += 1;
                if news > 100 {
                    Ok((0, peer))
                } else {
                    Err(ErrorKind::ConnectionReset.into())
                }
            },
            &mut [],
        );
        assert_eq!(got.1, peer);
        // With a pause after each it would be more than a minute.
        assert!(begin.elapsed() < Duration::from_secs(10));
    }

    #[test]
    fn a_refusal_that_the_kernel_reports_late_is_no_end() {
        let closed = UdpSocket::bind("127.0.0.1:0").unwrap();
        let (socket, addr) = (
            UdpSocket::bind("127.0.0.1:0").unwrap(),
            closed.local_addr().unwrap(),
        );
        socket.connect(addr).unwrap(); // only a connected socket hears of it on Linux
        drop(closed);
        socket.send(b"anybody?").unwrap();
        // Whoever opens that port now may be another test: it does not matter who sends.
        let again = UdpSocket::bind(addr).unwrap();
        again
            .send_to(b"here", socket.local_addr().unwrap())
            .unwrap();
        let mut room = [0; 9];
        let mut errors = 0;
        let (message, _) = receive(
            |room| {
                let result = socket.recv_from(room);
                errors += u32::from(result.is_err());
                result
            },
            &mut room,
        );
        assert_eq!(message, b"here");
        if cfg!(target_os = "linux") {
            assert_eq!(errors, 1);
        }
    }

    #[test]
    fn a_signal_is_no_error() {
        let mut script = [
            Err(ErrorKind::Interrupted),
            Err(ErrorKind::Interrupted),
            Ok(1),
        ]
        .into_iter();
        assert_eq!(
            again(|| script.next().unwrap().map_err(io::Error::from)).unwrap(),
            1
        );
    }
}
