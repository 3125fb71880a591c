//! What the command line starts. `two_ends.rs` and `talk.rs` need a second terminal; the others are both ends themselves,
//! and what they print goes to stdout.

pub(crate) mod demo;
mod endings;
mod options;
mod talk;
mod two_ends;
#[cfg(unix)]
mod unix;

use std::io;
use std::net::SocketAddr;

use cli::{FailedAt, Flags, Output, Result};

pub use endings::{endings_recording, endings_svg};
pub use talk::{talk, talk_server};
pub use two_ends::{client, hello, hello_server, server};

use crate::backlog::{Queue, measure, somaxconn};

/// The demo: both ends in one process, the same output every time.
///
/// # Errors
/// A socket failed, or a drawing cannot be written.
pub fn demo(flags: &Flags) -> Result {
    cli::demo(flags, "lesson 01", demo::text_and_recording)
}

/// Every socket call with its value now.
///
/// # Errors
/// The address cannot be bound, or a socket failed.
pub fn options(flags: &Flags) -> Result {
    shown(flags, options::options)
}

/// Every way in which a connection ends.
///
/// # Errors
/// A socket failed in a way that is not part of the story.
pub fn endings(flags: &Flags) -> Result {
    let ip = local(flags)?.ip();
    let drawn = endings::endings(ip).failed_at(ip)?;
    cli::demo(flags, "lesson 01", || Ok(drawn))
}

/// How many connects complete while nobody accepts.
///
/// # Errors
/// The address cannot be bound.
pub fn backlog(flags: &Flags) -> Result {
    shown(flags, |addr| {
        let mut text = "listen(n)  connected  the next one\n".to_owned();
        for n in [0, 1, 3, 5, 128] {
            let Queue { connected, next } = measure(addr, n)?;
            let next = match next {
                Ok(_) => "would be connected too".to_owned(),
                Err(error) => format!("{:?}", error.kind()),
            };
            text += &format!("{n:>9}  {connected:>9}  {next}\n");
        }
        let limit = somaxconn().map_or("cannot be read here".to_owned(), |n| n.to_string());
        Ok(text + &format!("\nsomaxconn, the system's own limit: {limit}\n"))
    })
}

/// What writes take while nobody reads.
///
/// # Errors
/// The address cannot be bound, or a socket failed.
pub fn short_writes(flags: &Flags) -> Result {
    shown(flags, crate::short_writes::short_writes)
}

/// The echo over AF_UNIX.
///
/// # Errors
/// No socket file can be made here, or this system has no such sockets.
pub fn unix(flags: &Flags) -> Result {
    #[cfg(unix)]
    let drawn = unix::unix().failed_at("unix")?;
    #[cfg(not(unix))]
    let drawn = Err(io::Error::from(io::ErrorKind::Unsupported)).failed_at("unix")?;
    cli::demo(flags, "lesson 01", || Ok(drawn))
}

/// Where a local scene listens: any free port, unless somebody says otherwise.
fn local(flags: &Flags) -> Result<SocketAddr> {
    flags.addr_or("127.0.0.1:0")?.to_bind()
}

/// Prints the text of a scene that needs an address to listen at.
fn shown(flags: &Flags, scene: impl FnOnce(SocketAddr) -> io::Result<String>) -> Result {
    let addr = local(flags)?;
    Output.raw(scene(addr).failed_at(addr)?.as_bytes())
}
