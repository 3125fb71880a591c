//! `udp-command-server` and `udp-run`: the same over UDP.

use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

use cli::{
    BackOff, ExitError, FailedAt, Flags, Ran, Result, Trace, announce, bind_udp, log, traced, why,
};
use timeline::Recorder;

use super::DEFAULT_ADDR;
use super::commands::{RunScene, ShellFlag, logged};
use crate::reader_writer::again;
use crate::udp_commands::{CAPACITY, answer, two_datagrams};

/// Runs commands for anybody on this machine, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn udp_command_server(flags: &Flags, shell: ShellFlag) -> Result {
    let runner = shell.runner();
    let tunnel = "UDP has no tunnel in ssh: use command-server";
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
            Err(error) => match error.kind() {
                // News of an earlier datagram, or a signal: neither says anything about this socket.
                ErrorKind::Interrupted
                | ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionReset => {}
                _ => back_off.wait(&error),
            },
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
        let start = "cargo run -p lesson03 -- udp-command-server";
        Ok(Ran::Missing(match error.kind() {
            // Windows calls the same news a reset.
            ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset => ExitError::failed(
                &address,
                format!("refused: is the server running? try {start}"),
            ),
            _ => ExitError::io(&address, &error),
        }))
    };
    traced(flags, "client", |recorder| {
        let ask = |command: &[u8]| {
            let deadline = Instant::now() + scene.timeout;
            let mut missing = Err(ErrorKind::AddrNotAvailable.into());
            for (tried, &addr) in candidates.clone().iter().enumerate() {
                let others = u32::try_from(candidates.len() - tried).unwrap_or(u32::MAX);
                let left = deadline.saturating_duration_since(Instant::now());
                let (came, result) = ask_at(recorder, addr, command, left / others);
                if result.is_ok() || !came.is_empty() {
                    candidates = vec![addr];
                    return (came, result);
                }
                missing = result;
            }
            (Vec::new(), missing)
        };
        scene.each(&address, ask, failed)
    })
}

/// One command at one address: what came, and what was wrong with the rest. Each has a socket of its own, so that what comes
/// late is not taken for the next answer.
fn ask_at(
    recorder: &Recorder,
    addr: SocketAddr,
    command: &[u8],
    timeout: Duration,
) -> (Vec<Vec<u8>>, io::Result<()>) {
    let deadline = Instant::now() + timeout;
    let socket = match hearing_only(addr) {
        Ok(socket) => recorder.datagram("client", socket),
        Err(error) => return (Vec::new(), Err(error)),
    };
    if let Err(error) = again(|| socket.send(command)) {
        return (Vec::new(), Err(error));
    }
    two_datagrams(deadline, |left, buffer| {
        socket.get_ref().set_read_timeout(Some(left))?;
        socket.recv(buffer)
    })
}

/// A socket that hears `addr` and nobody else: `connect` sends nothing, it tells the kernel whom we talk to.
fn hearing_only(addr: SocketAddr) -> io::Result<UdpSocket> {
    let socket = match addr {
        SocketAddr::V4(_) => UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?,
        SocketAddr::V6(_) => UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0))?,
    };
    socket.connect(addr)?;
    // Nobody listens, and our free port happened to be the one asked: the command would be its own answer.
    if socket.local_addr()? == addr {
        return Err(ErrorKind::ConnectionRefused.into());
    }
    Ok(socket)
}
