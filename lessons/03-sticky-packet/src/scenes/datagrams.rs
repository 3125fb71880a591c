//! `udp-command-server` and `udp-run`: the same over UDP.

use std::io::ErrorKind;

use super::DEFAULT_ADDR;
use super::trace::Trace;
use common::{
    BackOff, ClientLog, Fault, Flags, Output, announce, bind_udp_loopback, log, short_line,
};
use runner::Runner;

use super::commands::{Patience, no_answer, rules, say_what_shell_means};
use crate::run_lines::{Ran, RunArgs};
use crate::tcp_commands::sendable;
use crate::udp_commands::{UdpClient, serve_one};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson03 -- udp-command-server";

/// Runs commands for anybody on this machine, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn udp_command_server(flags: &Flags, shell: bool) -> Result<(), Fault> {
    let socket = bind_udp_loopback(&flags.addr_or(DEFAULT_ADDR)?)?;
    let addr = socket
        .local_addr()
        .map_err(|error| Fault::io("socket", &error))?;
    say_what_shell_means(shell);
    let runner = Runner::new(rules(shell));
    let trace = Trace::new(flags);
    announce(addr);
    log(
        "wrong on purpose: an answer is two datagrams whose order is hoped for, and what is too big for one is never \
         sent, as in the tutorials; loopback only",
    );
    let (mut backoff, mut ran, mut unsent) = (
        BackOff::new("receive"),
        ClientLog::default(),
        ClientLog::default(),
    );
    loop {
        let recorder = trace.every_call();
        let tap = recorder.datagram("server", &socket);
        let run = |command: &[u8], peer| {
            let answer = runner.run(command, &|| false);
            ran.line(format_args!(
                "{peer}: run {}: status {}",
                short_line(command),
                answer.status
            ));
            answer
        };
        match serve_one(&tap, run, &mut |line| _ = unsent.line(line)) {
            Ok(()) => backoff.reset(),
            // News of an earlier datagram, or a signal: neither says anything about this socket.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::Interrupted
                        | ErrorKind::ConnectionRefused
                        | ErrorKind::ConnectionReset
                ) => {}
            Err(error) => backoff.wait(&error),
        }
        trace.log(&recorder, "server");
    }
}

/// Runs one command over there, or each line of stdin; prints stderr's datagram, then stdout's.
///
/// # Errors
/// A datagram was missing or a command could not be sent (the others were), or the name does not resolve.
pub fn udp_run(flags: &Flags, args: &RunArgs, patience: Patience) -> Result<(), Fault> {
    let address = flags.addr_or(DEFAULT_ADDR)?;
    if address.port() == 0 {
        let hint = "port 0 is only for binding; name the port the server printed";
        return Err(Fault::Usage(format!("{address}: {hint}")));
    }
    let trace = Trace::new(flags);
    let recorder = trace.every_call();
    let mut client = UdpClient::new(address.resolve()?, patience.timeout, &recorder);
    log(
        "wrong on purpose: the first datagram is taken for stderr, the second for stdout, as in the tutorials",
    );
    let mut out = Output::default();
    let ending = args.each(|line| {
        let sent = match args.encoding.encode(line).and_then(sendable) {
            Ok(sent) => sent,
            Err(why) => return Ok(Ran::Missing(Fault::failed(short_line(line), why))),
        };
        let (came, missing) = client.ask(&sent);
        for part in [came.errors, came.output].into_iter().flatten() {
            args.encoding.show(&mut out, &part)?;
        }
        let Err(error) = missing else {
            return Ok(Ran::Done);
        };
        Ok(Ran::Missing(match error.kind() {
            ErrorKind::TimedOut => no_answer(&address, patience),
            // Windows calls the same news a reset.
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => Fault::failed(
                &address,
                format!("refused: is the server running? try {START}"),
            ),
            _ => Fault::io(&address, &error),
        }))
    });
    trace.show(&recorder, "client")?;
    ending
}
