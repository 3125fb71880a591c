//! What every server of this lesson does around its handler: descriptors, bind, Ctrl-C, and the log.

use std::fmt::Display;
use std::io::{self, IoSlice, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use clap::ValueEnum;
use cli::{
    FailedAt, Flags, RateLimitedLog, Result, Trace, announce, bind_error, close_politely,
    escaped_line, log, parse_whole, why,
};
use common::Timeouts;
use runner::interrupt::on_interrupt;
use timeline::{Layout, Tap};

use crate::{
    Handler, MAX_CLIENTS, Notice, PoolServer, Stopper, TcpServer, ThreadingTcpServer,
    give_memory_back, raise_descriptor_limit,
};

/// The pool's threads, whatever the machine.
const POOL: usize = 16;

/// Who serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Model {
    /// One client after the other
    Sequential,
    /// A thread for each client
    Threads,
    /// Sixteen threads that all accept
    Pool,
}

/// Options of every server that takes many clients.
#[derive(Debug, clap::Args)]
pub struct ManyArgs {
    /// How many clients to serve at once; the next one waits [default: 1024]
    #[arg(long, value_name = "N", value_parser = parse_clients, allow_negative_numbers = true)]
    pub(super) max_clients: Option<usize>,
}

fn parse_clients(text: &str) -> std::result::Result<usize, String> {
    match parse_whole(text)? {
        0 => Err("a server that takes nobody; at least 1 belongs here".to_owned()),
        clients => Ok(clients),
    }
}

/// The stream that a handler of a scene gets: recorded if asked for, and counted.
pub type Stream<'a> = Counted<Tap<&'a TcpStream>>;

/// Serves at `addr` until Ctrl-C. `handle` gets each connection twice: to talk through, and as the socket that it is.
///
/// # Errors
/// The address cannot be used, or nobody can hear Ctrl-C.
pub(super) fn serve(
    flags: &Flags,
    addr: SocketAddr,
    model: Model,
    many: &ManyArgs,
    layout: Option<Layout>,
    handle: impl Fn(&mut Stream<'_>, &TcpStream, SocketAddr) -> io::Result<()> + Sync,
) -> Result {
    give_memory_back();
    raise_descriptor_limit();
    let trace = Trace::new(flags, layout);
    let handler = Logged {
        trace,
        handle,
        ends: true,
        notices: Notices::default(),
    };
    let bound = |error: io::Error| bind_error(addr, &error);
    match model {
        Model::Sequential => {
            let server = TcpServer::bind(addr).map_err(bound)?;
            ready(server.local_addr(), server.stopper())?;
            server.serve_forever(&handler);
        }
        Model::Threads => {
            let max_clients = many.max_clients.unwrap_or(MAX_CLIENTS);
            let server = ThreadingTcpServer::bind(addr, max_clients).map_err(bound)?;
            ready(server.local_addr(), server.stopper())?;
            server.serve_forever(&handler);
        }
        Model::Pool => {
            let server = PoolServer::bind(addr, POOL).map_err(bound)?;
            ready(server.local_addr(), server.stopper())?;
            server.serve_forever(&handler);
        }
    }
    Ok(())
}

/// The same with threads, for a handler that logs by itself, request by request: a connection's end is no line. Each thread
/// gets a stack of this size.
///
/// # Errors
/// The address cannot be used, or nobody can hear Ctrl-C.
pub fn serve_requests(
    flags: &Flags,
    addr: SocketAddr,
    many: &ManyArgs,
    stack: usize,
    layout: Layout,
    handle: impl Fn(&mut Stream<'_>, &TcpStream, SocketAddr) -> io::Result<()> + Sync,
) -> Result {
    give_memory_back();
    raise_descriptor_limit();
    let handler = Logged {
        trace: Trace::new(flags, Some(layout)),
        handle,
        ends: false,
        notices: Notices::default(),
    };
    let max_clients = many.max_clients.unwrap_or(MAX_CLIENTS);
    let server = ThreadingTcpServer::bind(addr, max_clients);
    let server = server
        .map_err(|error| bind_error(addr, &error))?
        .with_stack(stack);
    ready(server.local_addr(), server.stopper())?;
    server.serve_forever(&handler);
    Ok(())
}

/// From now on Ctrl-C stops the server, and somebody may connect.
pub(super) fn ready(addr: SocketAddr, stopper: Stopper) -> Result {
    on_interrupt(move || stopper.stop()).failed_at("Ctrl-C")?;
    announce(addr);
    Ok(())
}

/// A handler with a log.
struct Logged<H> {
    trace: Trace,
    handle: H,
    /// Each connection's end is a line.
    ends: bool,
    notices: Notices,
}

impl<H> Handler for Logged<H>
where
    H: Fn(&mut Stream<'_>, &TcpStream, SocketAddr) -> io::Result<()> + Sync,
{
    fn handle(&self, stream: &TcpStream, peer: SocketAddr) -> io::Result<()> {
        stream.set_nodelay(true)?; // an answer is a small write, and the next one must not wait for its ACK (lesson 03)
        let (recorder, began) = (self.trace.recorder(), Instant::now());
        let mut counted = Counted::new(recorder.stream("server", stream));
        let result = (self.handle)(&mut counted, stream, peer);
        if self.ends {
            log_end(peer, &counted, began.elapsed(), &result);
        }
        self.trace.log(&recorder, peer);
        close_politely(stream, &result);
        Ok(()) // it has been told
    }

    /// What `handle` could not tell: it panicked, or there was no thread for it.
    fn on_error(&self, peer: SocketAddr, error: &io::Error) {
        log(format_args!("{peer}: {}", shown(error)));
    }

    fn on_notice(&self, notice: &Notice) {
        self.notices.log(notice);
    }
}

/// One line for each connection: who, how much, how long, and why it ended.
fn log_end<S>(peer: SocketAddr, stream: &Counted<S>, time: Duration, result: &io::Result<()>) {
    let end = match result {
        Ok(()) => "closed by the client".to_owned(),
        Err(error) => shown(error),
    };
    let (read, written, seconds) = (stream.read, stream.written, time.as_secs_f64());
    log(format_args!(
        "{peer}: {end} ({read} bytes in, {written} out, {seconds:.1} s)"
    ));
}

fn shown(error: &io::Error) -> String {
    escaped_line(why(error).as_bytes())
}

/// What a server says of itself, each kind once a second at most.
#[derive(Default)]
pub(super) struct Notices {
    failing: Mutex<RateLimitedLog>,
    others: Mutex<RateLimitedLog>,
}

impl Notices {
    pub(super) fn log(&self, notice: &Notice) {
        match notice {
            Notice::Failing(error) => {
                let why = shown(error);
                line(&self.failing, format_args!("accept: {why}; trying again"));
            }
            Notice::Full(clients) => line(
                &self.others,
                format_args!("full: {clients} clients are served, the next one waits"),
            ),
            Notice::FewThreads(threads) => {
                line(&self.others, format_args!("only {threads} threads"));
            }
        }
    }
}

fn line(log: &Mutex<RateLimitedLog>, line: impl Display) {
    log.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .line(line);
}

/// A stream, and how many bytes went through it.
pub struct Counted<S> {
    stream: S,
    read: u64,
    written: u64,
}

impl<S> Counted<S> {
    fn new(stream: S) -> Self {
        Self {
            stream,
            read: 0,
            written: 0,
        }
    }
}

impl<S: Read> Read for Counted<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.stream.read(buffer)?;
        self.read += count as u64;
        Ok(count)
    }
}

impl<S: Write> Write for Counted<S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.stream.write(bytes)?;
        self.written += count as u64;
        Ok(count)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let count = self.stream.write_vectored(pieces)?;
        self.written += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

impl<S: Timeouts> Timeouts for Counted<S> {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.stream.set_read_timeout(left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.stream.set_write_timeout(left)
    }

    fn now(&self) -> Instant {
        self.stream.now()
    }
}
