//! Servers and clients: where they listen and connect, what they print, and `--trace`.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use cli::{
    Address, ExitError, FailedAt, Flags, Output, RateLimitedLog, Result, Trace, announce,
    bind_error, connect_error, escaped_line, log, next_entry, why,
};
use timeline::{Call, Tap};

use crate::exchange::ask;
use crate::hello::{answer_hello, say_hello};
use crate::server::{NEVER_READS, limit_silence, serve_one};

/// Where servers listen and clients connect if nobody says otherwise.
const DEFAULT_ADDR: &str = "127.0.0.1:8080";

/// How long a client waits for all addresses of a name together.
const CONNECT: Duration = Duration::from_secs(10);

/// The scene `server`.
///
/// # Errors
/// The address cannot be bound. Once it listens it never ends by itself.
pub fn server(flags: &Flags) -> Result {
    let (idle, listener) = (flags.idle, listen(flags)?);
    serve(&listener, flags, |stream| serve_one(stream, idle))
}

/// Binds the address of the flags and says so on stdout.
pub(super) fn listen(flags: &Flags) -> Result<TcpListener> {
    let addr = flags.addr_or(DEFAULT_ADDR)?.to_bind()?;
    let listener = crate::server::listen(addr).map_err(|error| bind_error(addr, &error))?;
    announce(listener.local_addr().failed_at(addr)?);
    Ok(listener)
}

/// Gives each client to `conversation`; then its drawing and a line in the log, which says how it ended.
pub(super) fn serve(
    listener: &TcpListener,
    flags: &Flags,
    mut conversation: impl FnMut(&mut Tap<TcpStream>) -> io::Result<u64>,
) -> ! {
    let (trace, mut failures) = (Trace::new(flags, None), RateLimitedLog::default());
    crate::server::serve(
        listener,
        |stream, peer| {
            let recorder = trace.recorder(); // --trace listens here; otherwise the tap passes everything through
            let mut stream = recorder.stream("server", stream);
            let ending = conversation(&mut stream);
            stream.close(); // this client only; dropping it would do the same
            trace.log(&recorder, peer);
            let ended = how_it_ended(&ending, flags.idle);
            log(format_args!("{peer}: {ended}"));
        },
        |error| failures.line(format_args!("accept: {}; trying again", why(error))),
    )
}

fn how_it_ended(ending: &io::Result<u64>, idle: Duration) -> String {
    match ending {
        Ok(1) => "closed after 1 byte".to_owned(),
        Ok(count) => format!("closed after {count} bytes"),
        Err(error) if timed_out(error) => {
            let idle = idle.as_secs_f64();
            let write = idle.min(NEVER_READS.as_secs_f64());
            format!("silent for {idle} s, or not reading for {write} s; closed by us")
        }
        Err(error) => escaped_line(why(error).as_bytes()),
    }
}

/// A timeout has two names: WouldBlock on Unix, TimedOut on Windows.
fn timed_out(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut)
}

/// An error of the connection; `silence` are the words for a timeout.
fn failed(peer: SocketAddr, error: &io::Error, silence: &str, idle: Duration) -> ExitError {
    match timed_out(error) {
        true => ExitError::failed(peer, format!("{silence} {} s", idle.as_secs_f64())),
        false => ExitError::io(peer, error),
    }
}

/// The scene `hello-server`: serves one client, then ends.
///
/// # Errors
/// The address cannot be bound, or the client failed.
pub fn hello_server(flags: &Flags) -> Result {
    let listener = listen(flags)?;
    let (stream, peer) = listener.accept().failed_at("listener")?;
    drop(listener); // the next client is refused at once, instead of waiting in a queue that nobody empties
    let said = Trace::new(flags, None).show(&peer.to_string(), |recorder| {
        let stream = recorder.stream("server", stream);
        let said = limit_silence(&stream, flags.idle).and_then(|()| answer_hello(&stream));
        stream.close();
        said.map_err(|error| failed(peer, &error, "silent for", flags.idle))
    })?;
    if said.is_empty() {
        log(format_args!("{peer}: closed without a word"));
    } else {
        let _ = Output.message(&said); // a closed stdout is no reason to fail
    }
    Ok(())
}

/// The scene `client`: a person's lines, one after the other.
///
/// # Errors
/// No connection, no answer in time, or the server has left.
pub fn client(flags: &Flags) -> Result {
    let mut output = Output;
    connected(flags, "server", |link| {
        while let Some(line) = next_entry("> ")? {
            if line == b"q" {
                break;
            }
            if line.is_empty() {
                continue; // no bytes: nothing would be sent, and both ends would wait for ever
            }
            let answer = link.heard(ask(&link.stream, &line))?;
            if !answer.is_empty() {
                output.message(&answer)?;
            }
            link.whole(answer.len(), line.len())?;
        }
        Ok(())
    })
}

/// The scene `hello`.
///
/// # Errors
/// No connection, or no answer.
pub fn hello(flags: &Flags) -> Result {
    connected(flags, "hello-server", |link| {
        let answer = link.heard(say_hello(&link.stream))?;
        link.whole(answer.len(), 1)?;
        Output.message(&answer)
    })
}

/// A client's connection, and what it takes to tell a person how it ended.
pub(super) struct Link {
    pub(super) stream: Tap<TcpStream>,
    peer: SocketAddr,
    idle: Duration,
}

/// Connects, and from then on waits at most `--idle` for the server. `scene` is the one at the other end.
pub(super) fn connected(flags: &Flags, scene: &str, talk: impl FnOnce(&Link) -> Result) -> Result {
    let (address, idle) = (flags.addr_or(DEFAULT_ADDR)?, flags.idle);
    Trace::new(flags, None).show("client", |recorder| {
        recorder.call("client", Call::Connect);
        let stream = connect(&address, scene)?;
        stream.set_read_timeout(Some(idle)).failed_at(&address)?;
        stream.set_write_timeout(Some(idle)).failed_at(&address)?;
        let peer = stream.peer_addr().failed_at(&address)?;
        let stream = recorder.stream("client", stream);
        let link = Link { stream, peer, idle };
        let ending = talk(&link);
        link.stream.close(); // the server reads `Ok(0)`
        ending
    })
}

fn connect(address: &Address, scene: &str) -> Result<TcpStream> {
    let found = address.resolve_to_connect()?;
    let server = format!("cargo run -p lesson01 -- {scene}");
    crate::client::connect(&found, CONNECT).map_err(|mut failures| match failures.pop() {
        Some((addr, error)) if timed_out(&error) => {
            let limit = CONNECT.as_secs();
            ExitError::failed(addr, format!("no answer to connect in {limit} s"))
        }
        Some((addr, error)) => connect_error(addr, &error, &server),
        None => ExitError::failed(address, "no address"),
    })
}

impl Link {
    /// An error of the connection becomes a line that names the server.
    pub(super) fn heard<T>(&self, result: io::Result<T>) -> Result<T> {
        result.map_err(|error| failed(self.peer, &error, "no answer in", self.idle))
    }

    /// An error if the stream ended when `due` bytes of answer were due and only `came` had come.
    pub(super) fn whole(&self, came: usize, due: usize) -> Result {
        let when = match came {
            0 => "without an answer".to_owned(),
            _ if came < due => format!("after {came} of {due} bytes"),
            _ => return Ok(()),
        };
        let why = format!("the server closed the connection {when}");
        Err(ExitError::failed(self.peer, why))
    }
}
