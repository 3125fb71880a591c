//! The client: connects, sends a line, waits for the answer, shows it, asks for the next line.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use common::{Address, Entries, Fault, Flags, Output, connect, why};
use timeline::{Call, Recorder, Tap};

use crate::DEFAULT_ADDR;
use crate::exchange::ask;
use crate::trace::Trace;

/// The scene `client`.
///
/// # Errors
/// No connection, no answer in time, or the server has gone.
pub fn client(flags: &Flags) -> Result<(), Fault> {
    let link = Link::open(
        &flags.addr_or(DEFAULT_ADDR)?,
        flags.idle,
        Trace::new(flags),
        "server",
    )?;
    let ending = conversation(&link);
    link.close(ending)
}

fn conversation(link: &Link) -> Result<(), Fault> {
    let mut entries = Entries::new("message (q quits): ");
    let mut output = Output::default();
    while let Some(line) = entries
        .next_entry()
        .map_err(|error| Fault::io("stdin", &error))?
    {
        if line == b"q" {
            break;
        }
        if line.is_empty() {
            continue; // no bytes: nothing would be sent, and both ends would wait for ever
        }
        let answer = ask(&link.stream, &line).map_err(|error| link.fault(&error))?;
        if !answer.is_empty() {
            output.message(&answer)?;
        }
        if answer.len() < line.len() {
            return Err(link.ended(answer.len(), line.len()));
        }
    }
    Ok(())
}

/// A connection of a client, with what it takes to tell a person how it ended.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) stream: Tap<TcpStream>,
    peer: SocketAddr,
    idle: Duration,
    recorder: Recorder,
    trace: Trace,
}

impl Link {
    /// Connects within 10 s; from then on each wait for the server is at most `idle`. `scene` is the other end's.
    pub(crate) fn open(
        addr: &Address,
        idle: Duration,
        trace: Trace,
        scene: &str,
    ) -> Result<Self, Fault> {
        let recorder = trace.recorder();
        recorder.call("client", Call::Connect);
        let stream = connect(addr, &format!("cargo run -p lesson01 -- {scene}"))?;
        let fault = |error: io::Error| Fault::io(addr, &error);
        stream.set_read_timeout(Some(idle)).map_err(fault)?;
        stream.set_write_timeout(Some(idle)).map_err(fault)?;
        let peer = stream.peer_addr().map_err(fault)?;
        Ok(Self {
            stream: recorder.stream("client", stream),
            peer,
            idle,
            recorder,
            trace,
        })
    }

    /// An error of the connection, as a line that names the server.
    pub(crate) fn fault(&self, error: &io::Error) -> Fault {
        match error.kind() {
            ErrorKind::WouldBlock | ErrorKind::TimedOut => Fault::failed(
                self.peer,
                format!("no answer in {} s", self.idle.as_secs_f64()),
            ),
            _ => Fault::failed(self.peer, why(error)),
        }
    }

    /// The stream ended when `asked` bytes of answer were due and `came` had come.
    pub(crate) fn ended(&self, came: usize, asked: usize) -> Fault {
        Fault::failed(
            self.peer,
            match came {
                0 => "the server closed the connection without an answer".to_owned(),
                _ => format!("the server closed the connection after {came} of {asked} bytes"),
            },
        )
    }

    /// Closes (the server reads `Ok(0)`), shows the trace, and passes `ending` on.
    pub(crate) fn close(self, ending: Result<(), Fault>) -> Result<(), Fault> {
        self.stream.close();
        let shown = self.trace.show(&self.recorder, self.peer);
        ending.and(shown)
    }
}
