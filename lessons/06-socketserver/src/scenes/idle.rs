//! `idle`: opens a thousand connections that say nothing, and shows what they cost a server with a thread for each.
//!
//! Client and server are one process here, so that everything can be read in one place: `/proc/self/status` on Linux.

use std::fs;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use cli::{FailedAt, Flags, Output, Result, parse_whole};
use lesson04::Times;

use crate::{ThreadingTcpServer, raise_descriptor_limit, serve_replies};

/// Options of `idle`.
#[derive(Debug, clap::Args)]
pub struct IdleArgs {
    /// How many clients to open
    #[arg(long, value_name = "N", value_parser = parse_whole::<usize>, default_value = "1000", allow_negative_numbers = true)]
    clients: usize,
}

/// Shows what silent clients cost.
///
/// # Errors
/// The system has not enough descriptors or threads, or does not tell what a process uses.
pub fn idle(flags: &Flags, args: &IdleArgs) -> Result {
    flags.without_timeline("idle")?;
    raise_descriptor_limit();
    let addr = flags.addr_or("127.0.0.1:0")?.to_bind()?;
    let server = ThreadingTcpServer::bind(addr, args.clients + 1).failed_at(addr)?;
    let (times, served) = (Times::with_idle(flags.idle), AtomicUsize::new(0));
    let handler = |stream: &TcpStream, _| {
        served.fetch_add(1, Ordering::SeqCst);
        serve_replies(stream, times)
    };
    let text = thread::scope(|scope| {
        scope.spawn(|| server.serve_forever(&handler));
        let text = measure(&server, args.clients, &served);
        server.stopper().stop();
        text
    })
    .failed_at(server.local_addr())?;
    Output.raw(text.as_bytes())
}

fn measure(
    server: &ThreadingTcpServer,
    clients: usize,
    served: &AtomicUsize,
) -> io::Result<String> {
    let before = Usage::now()?;
    let mut open = Vec::new();
    for _ in 0..clients {
        open.push(TcpStream::connect(server.local_addr())?);
    }
    // Each one has its thread when its handler has begun. (Or the system has no more threads: then its connection ends.)
    while served.load(Ordering::SeqCst) < clients && server.counts().failed == 0 {
        thread::yield_now();
    }
    let after = Usage::now()?;
    // One more is served as if the others were not there.
    let mut one_more = TcpStream::connect(server.local_addr())?;
    one_more.write_all(b"\0\0\0\x02hi")?;
    one_more.read_exact(&mut [0; 4])?;
    let each = (after.resident - before.resident) * 1024 / clients.max(1) as i64;
    let refused = server.counts().failed;
    Ok(format!(
        "                 threads   resident memory\n\
         no client      {:>9}  {:>9} KiB\n\
         {clients:>5} clients  {:>9}  {:>9} KiB\n\
         \n\
         {each} bytes and one thread for each client that says nothing. One more was answered.\n\
         Connections that got no thread: {refused}.\n",
        before.threads, before.resident, after.threads, after.resident,
    ))
}

/// What this process uses.
struct Usage {
    threads: i64,
    /// KiB.
    resident: i64,
}

impl Usage {
    fn now() -> io::Result<Self> {
        let status = fs::read_to_string("/proc/self/status").map_err(|_| {
            let why = "only Linux tells what a process uses in /proc/self/status";
            io::Error::new(io::ErrorKind::Unsupported, why)
        })?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
            number.ok_or_else(|| io::Error::other(format!("no {name} in /proc/self/status")))
        };
        Ok(Self {
            threads: number("Threads:")?,
            resident: number("VmRSS:")?,
        })
    }
}
