//! A client's scene: connect, hand the stream over, draw what happened.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use timeline::{Layout, Tap};

use crate::address::{Address, connect_error};
use crate::exit::{ExitError, Result};
use crate::flags::Flags;
use crate::trace::Trace;

/// How long a client waits for all addresses of a name together.
const CONNECT: Duration = Duration::from_secs(10);

/// Connects to the address of the flags and runs `session` on the stream; then `--trace` shows what it did.
///
/// `server` is the command that starts the other end: a refused client is told to try it.
///
/// # Errors
/// No connection; those of the session; the trace cannot be written.
pub fn client<T>(
    flags: &Flags,
    default: &str,
    layout: Option<Layout>,
    server: &str,
    session: impl FnOnce(&Tap<TcpStream>, &Address) -> Result<T>,
) -> Result<T> {
    let address = flags.addr_or(default)?;
    let stream = connect(&address, server)?;
    Trace::new(flags, layout).show("client", |recorder| {
        session(&recorder.stream("client", stream), &address)
    })
}

/// Connects to the first address of the name that answers, within 10 s altogether.
///
/// # Errors
/// One line with the last address tried and why.
pub fn connect(address: &Address, server: &str) -> Result<TcpStream> {
    let found = address.resolve_to_connect()?;
    let deadline = Instant::now() + CONNECT;
    let mut last = ExitError::failed(address, "no address");
    for (tried, &addr) in found.iter().enumerate() {
        // An address that swallows our packets must not eat the time of those after it.
        let left = deadline.saturating_duration_since(Instant::now());
        let share = left / u32::try_from(found.len() - tried).unwrap_or(u32::MAX);
        match connect_one(addr, share) {
            Ok(stream) => return Ok(stream),
            Err(error) if error.kind() == ErrorKind::TimedOut => {
                let why = format!("no answer to connect in {} s", CONNECT.as_secs());
                last = ExitError::failed(addr, why);
            }
            Err(error) => last = connect_error(addr, &error, server),
        }
    }
    Err(last)
}

fn connect_one(addr: SocketAddr, timeout: Duration) -> io::Result<TcpStream> {
    if timeout.is_zero() {
        return Err(ErrorKind::TimedOut.into()); // std refuses a timeout of zero
    }
    let stream = TcpStream::connect_timeout(&addr, timeout)?;
    // Nobody listens, and our own port happened to be the one we asked for: TCP then connects us to ourselves.
    if stream.local_addr()? == stream.peer_addr()? {
        return Err(ErrorKind::ConnectionRefused.into());
    }
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_port_without_a_server_is_refused_with_the_next_step() {
        let addr = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let error = connect(&addr.to_string().parse().unwrap(), "the server").unwrap_err();
        let wanted = format!("{addr}: refused: is the server running? try the server");
        assert!(
            matches!(&error, ExitError::Failed(line) if *line == wanted),
            "{error:?}"
        );
    }

    #[test]
    fn port_0_is_wrong_usage() {
        let error = connect(&"127.0.0.1:0".parse().unwrap(), "").unwrap_err();
        assert!(matches!(error, ExitError::Usage(_)), "{error:?}");
    }
}
