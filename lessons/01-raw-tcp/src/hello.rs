//! One shot: the client says `hello!`, the server answers `hi`, both go home.

use std::io::{self, ErrorKind, Write};
use std::net::TcpStream;
use std::time::Duration;

use common::{Fault, Flags, Output, Timeouts, announce, bind, log};
use timeline::Tap;

use crate::client::Link;
use crate::exchange::one_read;
use crate::trace::Trace;
use crate::{DEFAULT_ADDR, ONE_READ};

/// What the client says.
pub const HELLO: &[u8] = b"hello!";
/// What the server answers.
pub const HI: &[u8] = b"hi";

/// The scene `hello-server`: serves one client, then ends.
///
/// # Errors
/// The address cannot be bound, or the client failed.
pub fn hello_server(flags: &Flags) -> Result<(), Fault> {
    let own = |error: io::Error| Fault::io("listener", &error);
    let listener = bind(&flags.addr_or(DEFAULT_ADDR)?)?;
    announce(listener.local_addr().map_err(own)?);
    let (stream, peer) = listener.accept().map_err(own)?;
    drop(listener); // the next client is refused at once, instead of waiting in a queue that nobody empties

    let trace = Trace::new(flags);
    let recorder = trace.recorder();
    let tap = recorder.stream("server", stream);
    let ending = answer_one(&tap, flags.idle);
    tap.close();
    trace.log(&recorder, peer);
    match ending {
        Ok(true) => {}
        Ok(false) => log(format_args!("{peer}: closed without a word")),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            return Err(Fault::failed(
                peer,
                format!("silent for {} s", flags.idle.as_secs_f64()),
            ));
        }
        Err(error) => return Err(Fault::io(peer, &error)),
    }
    Ok(())
}

/// Whether the client said something, and so was answered.
fn answer_one(stream: &Tap<TcpStream>, idle: Duration) -> io::Result<bool> {
    stream.set_read_timeout(Some(idle))?;
    let said = one_read(stream, ONE_READ)?;
    if said.is_empty() {
        return Ok(false);
    }
    let _ = Output::default().message(&said); // nobody reads our stdout: no reason not to answer
    (&*stream).write_all(HI)?;
    Ok(true)
}

/// The scene `hello`.
///
/// # Errors
/// No connection, or no answer.
pub fn hello(flags: &Flags) -> Result<(), Fault> {
    let link = Link::open(
        &flags.addr_or(DEFAULT_ADDR)?,
        flags.idle,
        Trace::new(flags),
        "hello-server",
    )?;
    let ending = one_question(&link);
    link.close(ending)
}

fn one_question(link: &Link) -> Result<(), Fault> {
    (&link.stream)
        .write_all(HELLO)
        .map_err(|error| link.fault(&error))?;
    let answer = one_read(&link.stream, ONE_READ).map_err(|error| link.fault(&error))?;
    if answer.is_empty() {
        return Err(link.ended(0, 1));
    }
    Output::default().message(&answer)
}
