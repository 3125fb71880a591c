//! `udp-command-server` and `udp-run`: the same over UDP.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;

use super::DEFAULT_ADDR;
use super::commands::{RunScene, ShellFlag, logged};
use crate::reader_writer::again;
use crate::udp_commands::{CAPACITY, answer, two_datagrams};
use cli::{
    BackOff, ExitError, FailedAt, Flags, Ran, Result, Trace, announce, bind_udp, log, traced, why,
};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson03 -- udp-command-server";

/// Runs commands for anybody on this machine, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn udp_command_server(flags: &Flags, shell: ShellFlag) -> Result {
    let runner = shell.runner();
    let tunnel = "an ssh tunnel carries TCP only, so to reach another machine run both ends over there: ssh THAT-MACHINE";
    let addr = flags.addr_or(DEFAULT_ADDR)?.to_bind_on_loopback(tunnel)?;
    let socket = bind_udp(addr)?;
    let own = socket.local_addr().failed_at(addr)?;
    announce(own);
    log(
        "wrong on purpose: an answer is two datagrams whose order is hoped for, and what is too big for one is never \
         sent, as in the tutorials; loopback only",
    );
    let trace = Trace::new(flags, None);
    let (mut back_off, mut buffer) = (BackOff::new("receive"), vec![0; CAPACITY]);
    loop {
        let recorder = trace.recorder();
        let tap = recorder.datagram("server", &socket);
        match tap.recv_from(&mut buffer) {
            // A forged source: our answer would be our next command, for ever.
            Ok((_, peer)) if peer == own => {}
            Ok((size, peer)) => {
                back_off.reset();
                let run = |command: &[u8]| logged(peer, command, runner.run(command, &|| false));
                let send = |bytes: &[u8]| again(|| tap.send_to(bytes, peer));
                let say = |what: &str, error: &io::Error| {
                    log(format_args!("{peer}: {what}: {}", why(error)));
                };
                answer(buffer.get(..size).unwrap_or_default(), run, send, say);
            }
            // News of an earlier datagram, or a signal: neither says anything about this socket.
            Err(error) if is_refused(&error) || error.kind() == ErrorKind::Interrupted => {}
            Err(error) => back_off.wait(&error),
        }
        trace.log(&recorder, "server");
    }
}

/// Runs one command over there, or each line of stdin; prints stderr's datagram, then stdout's.
///
/// # Errors
/// A datagram was missing or a command could not be sent (the others were), or the name does not resolve.
pub fn udp_run(flags: &Flags, scene: &RunScene) -> Result {
    let address = flags.addr_or(DEFAULT_ADDR)?;
    // What the name stands for; after an answer only the address that gave it.
    let mut candidates = address.resolve_to_connect()?;
    log(
        "wrong on purpose: the first datagram is taken for stderr, the second for stdout, as in the tutorials",
    );
    let failed = |error: io::Error| {
        let why = match is_refused(&error) {
            true => format!("refused: is the server running? try {START}"),
            false => why(&error),
        };
        Ok(Ran::Missing(ExitError::failed(&address, why)))
    };
    traced(flags, "client", |recorder| {
        let ask = |command: &[u8], came: &mut Vec<Vec<u8>>| {
            let deadline = Instant::now() + scene.timeout;
            let mut asked = Ok(());
            for (tried, &addr) in candidates.clone().iter().enumerate() {
                let others = u32::try_from(candidates.len() - tried).unwrap_or(u32::MAX);
                let now = Instant::now();
                let share = now + deadline.saturating_duration_since(now) / others;
                // A socket for each command: what comes late to this one is not the next answer.
                asked = hearing_only(addr).and_then(|socket| {
                    let socket = recorder.datagram("client", socket);
                    again(|| socket.send(command))?;
                    two_datagrams(came, share, |left, buffer| {
                        socket.get_ref().set_read_timeout(Some(left))?;
                        socket.recv(buffer)
                    })
                });
                if asked.is_ok() || !came.is_empty() {
                    candidates = vec![addr];
                    break;
                }
            }
            asked
        };
        scene.each(&address, ask, failed)
    })
}

/// News of an earlier datagram: nobody listens there. Windows calls it a reset.
fn is_refused(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionRefused | ConnectionReset)
}

/// A socket that hears `addr` and nobody else: `connect` sends nothing, it tells the kernel whom we talk to.
fn hearing_only(addr: SocketAddr) -> io::Result<UdpSocket> {
    let any = if addr.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(addr)?;
    // Nobody listens, and our free port happened to be the one asked: the command would be its own answer.
    if socket.local_addr()? == addr {
        return Err(ErrorKind::ConnectionRefused.into());
    }
    Ok(socket)
}
