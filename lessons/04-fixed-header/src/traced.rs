//! One side of a connection with a recorder in between: what `--trace` and `--trace-svg` ask for, and how a client
//! begins.

use std::io;
use std::net::TcpStream;

use common::{Address, Fault, Flags, connect, log, plain_line, why};
use timeline::{Layout, Outputs, Tap};

/// Where servers listen and clients connect, if nothing else is said.
pub const DEFAULT: &str = "127.0.0.1:8080";

/// What `--trace` and `--trace-svg` ask for.
pub fn outputs(flags: &Flags) -> Outputs {
    Outputs::new(flags.trace, flags.trace_svg.clone())
}

/// Runs one side's part of a connection on a tapped stream and writes its timeline, however the part ends.
///
/// Two results, because they have nothing to do with each other: the part's own, and whether the trace could be written.
pub fn traced<T>(
    outputs: &Outputs,
    layout: Layout,
    side: &str,
    stream: &TcpStream,
    part: impl FnOnce(Tap<&TcpStream>) -> T,
) -> (T, io::Result<()>) {
    // A length is a small write with a body behind it: where the two leave apart, Nagle's algorithm holds the second
    // back until the first is acknowledged, and a delayed ACK makes that 40 ms. Where it fails the peer has gone, and
    // the first read or write says so.
    let _ = stream.set_nodelay(true);
    let recorder = outputs.recorder().with_layout(layout);
    let result = part(recorder.stream(side, stream));
    let written = if recorder.is_on() {
        outputs.write(&recorder.take(), side)
    } else {
        Ok(())
    };
    (result, written)
}

/// A server's part. A trace that cannot be written is a line in its log; what the part says about the client stays.
pub fn traced_server<T>(
    outputs: &Outputs,
    layout: Layout,
    stream: &TcpStream,
    part: impl FnOnce(Tap<&TcpStream>) -> T,
) -> T {
    let (result, written) = traced(outputs, layout, "server", stream, part);
    if let Err(error) = written {
        log(format_args!(
            "trace: {}",
            plain_line(why(&error).as_bytes())
        ));
    }
    result
}

/// A client's part: connect, run it, write its timeline. `server` is the command that starts the other end.
///
/// # Errors
/// Nobody answers at the address; a trace file cannot be written; those of the part.
pub fn as_client<T>(
    flags: &Flags,
    layout: Layout,
    server: &str,
    part: impl FnOnce(&Address, Tap<&TcpStream>) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let address = flags.addr_or(DEFAULT)?;
    let stream = connect(&address, server)?;
    let (result, written) = traced(&outputs(flags), layout, "client", &stream, |tap| {
        part(&address, tap)
    });
    if let Err(error) = written {
        // The part's own failure is told first, and not lost.
        let _ = result.map_err(Fault::report);
        return Err(Fault::io("trace", &error));
    }
    result
}
