//! The demo: a request and its answer taken apart; then a real connection with three requests, whose server gets every one of
//! them a byte at a time.
//!
//! It prints the same every time: the two threads read by turns, the clock stands still, and how a stream falls into reads
//! is not drawn.

use std::io::{self, IoSlice, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, SystemTime};

use common::Timeouts;
use timeline::{Call, Recorder, Recording, Tap};

use super::layout::layout;
use super::parse::taken_apart;
use crate::connection::{ToClient, ToServer};
use crate::{Request, Response, Server};

const HOST: &str = "Host: a\r\n";

/// Two that are answered, and one that is refused: it says in two ways where its body ends.
fn requests() -> [String; 3] {
    [
        format!("GET /hello.txt HTTP/1.1\r\n{HOST}\r\n"),
        format!("POST /shout HTTP/1.1\r\n{HOST}Content-Length: 5\r\n\r\nhello"),
        format!(
            "POST /shout HTTP/1.1\r\n{HOST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
        ),
    ]
}

/// What answers them.
fn answer(request: &Request, body: &mut dyn Read) -> io::Result<Response> {
    match (request.method.as_str(), request.path()) {
        ("GET", "/hello.txt") => Ok(Response::text(200, "hello\n")),
        ("POST", "/shout") => {
            let mut said = String::new();
            body.read_to_string(&mut said)?;
            Ok(Response::text(200, said.to_uppercase()))
        }
        _ => Ok(Response::status(404)),
    }
}

/// Runs the demo and draws it.
///
/// # Errors
/// A socket failed.
pub fn demo_svg() -> io::Result<String> {
    let description = "A client sends three requests over one connection. The server reads each of them a byte at a time. It \
                       answers the first two with 200. The third has a length and chunks: it is refused with 400, and the \
                       connection ends.";
    let (_, recording) = demo_recording()?;
    Ok(recording.svg("Three requests, one connection", description))
}

/// Runs the demo: its text, and the recording itself.
///
/// # Errors
/// A socket failed.
pub fn demo_recording() -> io::Result<(String, Recording)> {
    let recorder = Recorder::joined()
        .by_turns()
        .with_layout(layout)
        .with_sides(&["client", "server"]);
    let mut server = Server::new(answer);
    server.now = || SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);

    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let answers = thread::scope(|scope| {
        let client = recorder.calling("client", Call::Connect, || {
            TcpStream::connect(listener.local_addr()?)
        })?;
        let (accepted, _) = recorder.calling("server", Call::Accept, || listener.accept())?;
        recorder.turn();
        let tap = recorder.stream("server", accepted);
        let server = &server;
        let serve = move || {
            let mut stream = ByteByByte(tap);
            let result = server.serve(&mut stream, &mut |_| {});
            stream.0.close();
            result
        };
        let served = thread::Builder::new().spawn_scoped(scope, serve)?;
        let mut tap = recorder.stream("client", &client);
        let mut answers = Vec::new();
        for request in requests() {
            tap.write_all(request.as_bytes())?;
            answers.push(one_answer(&mut tap)?);
            recorder.turn();
        }
        // The server has closed; nothing comes any more.
        tap.read_to_end(&mut Vec::new())?;
        served
            .join()
            .map_err(|_| io::Error::other("the server's thread panicked"))??;
        Ok::<_, io::Error>(answers)
    })?;

    let [request, ..] = requests();
    let wrong = |_| io::Error::other("a message of the demo is none");
    let first = answers.first().map(Vec::as_slice).unwrap_or_default();
    let text = format!(
        "A request: where each part begins, in bytes.\n\n{}And its answer.\n\n{}The same over a connection that stays open. \
         The server reads every request a byte at a time.\n\n{}",
        taken_apart::<ToServer>(request.as_bytes()).map_err(wrong)?,
        taken_apart::<ToClient>(first).map_err(wrong)?,
        recorder.recording().text()
    );
    Ok((text, recorder.recording()))
}

/// One answer: the head, and as much as it says. Which bytes an answer has we know here; the real client is `client.rs`.
fn one_answer(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let (mut answer, mut block) = (Vec::new(), [0; 1024]);
    loop {
        let whole: usize = layout(&answer).iter().map(|part| part.len).sum();
        if whole > 0 && answer.len() >= whole {
            return Ok(answer);
        }
        match stream.read(&mut block)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => answer.extend_from_slice(block.get(..count).unwrap_or_default()),
        }
    }
}

/// A stream of which a read gives one byte at most.
struct ByteByByte(Tap<TcpStream>);

impl Read for ByteByByte {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let one = out.len().min(1);
        self.0.read(out.get_mut(..one).unwrap_or_default())
    }
}

impl Write for ByteByByte {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.write_vectored(pieces)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Timeouts for ByteByByte {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.0.set_read_timeout(left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.0.set_write_timeout(left)
    }
}
