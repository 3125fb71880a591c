//! `command-server` and `run`.

use common::{
    ClientLog, Fault, Flags, Output, Wire, announce, bind_loopback, log, serve_in_turn, short_line,
};
use lesson03::{RunArgs, not_sent, outcome};
use runner::{Rules, Runner, reset_watch};
use timeline::Layout;

use crate::commands::{CommandClient, CommandFraming, serve_commands};
use crate::layout::no_layout;
use crate::traced::{DEFAULT, as_client, outputs, traced_server};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson04 -- command-server";

/// Runs commands for clients of this machine, one client after the other, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, framing: CommandFraming, shell: bool) -> Result<(), Fault> {
    let listener = bind_loopback(&flags.addr_or(DEFAULT)?)?;
    let addr = listener
        .local_addr()
        .map_err(|error| Fault::io("listener", &error))?;
    if shell {
        log(
            "--shell: whoever connects can run ANY command as you, delete your files included. Never leave it running.",
        );
    }
    let runner = Runner::new(if shell { Rules::Shell } else { Rules::Listed });
    let (outputs, mut ran) = (outputs(flags), ClientLog::default());
    announce(addr);
    serve_in_turn(&listener, |stream, peer| {
        let disconnected = reset_watch(stream);
        let run = |command: &[u8]| {
            let answer = runner.run(command, &disconnected);
            ran.line(format_args!(
                "{peer}: run {}: status {}",
                short_line(command),
                answer.status
            ));
            answer
        };
        traced_server(&outputs, layout(flags.wire, framing), stream, |tap| {
            serve_commands(flags.wire, framing, tap, flags.idle, run)
        })
    })
}

/// Runs one command over there, or each line of stdin.
///
/// # Errors
/// The last command failed or could not be sent, or the connection failed.
pub fn run(flags: &Flags, framing: CommandFraming, args: &RunArgs) -> Result<(), Fault> {
    as_client(flags, layout(flags.wire, framing), START, |address, tap| {
        let mut client = CommandClient::new(flags.wire, framing, tap, flags.idle);
        let mut out = Output::default();
        args.each(|line| {
            let ran = match args.encoding.encode(line) {
                Ok(sent) => client
                    .run(&sent)
                    .map_err(|error| Fault::io(address, &error))?,
                Err(why) => Err(why),
            };
            match ran {
                Ok(output) => {
                    args.encoding.show(&mut out, &output.body)?;
                    Ok(outcome(line, output.status.map(i64::from)))
                }
                Err(why) => Ok(not_sent(flags.wire, line, why)),
            }
        })
    })
}

/// A length in text without an end has no parts that bytes alone could show.
fn layout(wire: Wire, framing: CommandFraming) -> Layout {
    match (wire, framing) {
        (Wire::Python, CommandFraming::Text) => no_layout,
        _ => framing.choice().layout(wire),
    }
}
