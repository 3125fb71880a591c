//! `udp-command-server` and `udp-run`: the same over UDP.

use runner::Answer;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};
use std::time::Instant;
use timeline::DatagramTap;

use super::DEFAULT_ADDR;
use super::commands::{RunScene, ShellFlag, logged};
use crate::reader_writer::again;
use crate::udp_commands::{CAPACITY, answer, two_datagrams};
use cli::{
    BackOff, ExitError, FailedAt, Flags, Ran, Result, Trace, announce, bind_error, log, why,
};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson03 -- udp-command-server";

/// Runs commands for anybody on this machine, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn udp_command_server(flags: &Flags, shell: ShellFlag) -> Result {
    let runner = shell.runner();
    let addr = flags.addr_or(DEFAULT_ADDR)?.to_bind_on_loopback()?;
    let socket = UdpSocket::bind(addr).map_err(|error| bind_error(addr, &error))?;
    let own = socket.local_addr().failed_at(addr)?;
    announce(own);
    log(
        "wrong on purpose: an answer is two datagrams whose order is hoped for, and what is too big for one is never \
         sent, as in the tutorials; loopback only",
    );
    let trace = Trace::new(flags, None);
    let (mut back_off, mut buffer) = (BackOff::default(), vec![0; CAPACITY]);
    loop {
        let recorder = trace.recorder();
        let tap = recorder.datagram("server", &socket);
        let run = |peer, command: &[u8]| logged(peer, command, runner.run(command, &|| false));
        match serve_one(&tap, &mut buffer, run) {
            Ok(()) => back_off.reset(),
            // News of an earlier datagram, or a signal: neither says anything about this socket.
            Err(error) if is_refused(&error) || error.kind() == ErrorKind::Interrupted => {}
            Err(error) => back_off.wait("receive", &error),
        }
        trace.log(&recorder, "server");
    }
}

/// Receives one command and answers it.
fn serve_one(
    tap: &DatagramTap<&UdpSocket>,
    buffer: &mut [u8],
    run: impl FnOnce(SocketAddr, &[u8]) -> Answer,
) -> io::Result<()> {
    let (size, peer) = tap.recv_from(buffer)?;
    // A forged source: our answer would be our next command, for ever.
    if peer == tap.get_ref().local_addr()? {
        return Ok(());
    }
    let command = buffer.get(..size).unwrap_or_default();
    let send = |bytes: &[u8]| again(|| tap.send_to(bytes, peer));
    let say = |what: &str, error: &io::Error| log(format!("{peer}: {what}: {}", why(error)));
    answer(command, |command| run(peer, command), send, say);
    Ok(())
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
    Trace::new(flags, None).show("client", |recorder| {
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

/// A socket on a free port that hears `addr` and nobody else.
fn hearing_only(addr: SocketAddr) -> io::Result<UdpSocket> {
    let any = if addr.is_ipv4() {
        "0.0.0.0:0"
    } else {
        "[::]:0"
    };
    only(UdpSocket::bind(any)?, addr)
}

/// `connect` sends nothing: it tells the kernel whom we talk to.
fn only(socket: UdpSocket, addr: SocketAddr) -> io::Result<UdpSocket> {
    socket.connect(addr)?;
    // Nobody listens, and our free port happened to be the one asked: the command would be its own answer.
    if socket.local_addr()? == addr {
        return Err(ErrorKind::ConnectionRefused.into());
    }
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;
    use timeline::Recorder;

    #[test]
    fn a_command_from_our_own_address_is_not_run_and_not_answered() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let client = UdpSocket::bind("127.0.0.1:0").unwrap();
        let own = socket.local_addr().unwrap();
        let tap = Recorder::off().datagram("server", &socket);
        let mut ran = Vec::new();
        for from in [&socket, &client] {
            from.send_to(b"date", own).unwrap();
            serve_one(&tap, &mut [0; CAPACITY], |peer, _| {
                ran.push(peer);
                Answer::line(0, "it", "ran")
            })
            .unwrap();
        }
        assert_eq!(ran, [client.local_addr().unwrap()]);
        socket.set_nonblocking(true).unwrap();
        let nothing = socket.recv_from(&mut [0]).unwrap_err();
        assert_eq!(nothing.kind(), ErrorKind::WouldBlock);
    }

    #[test]
    fn who_would_ask_itself_is_refused() {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let own = socket.local_addr().unwrap();
        assert!(only(socket, own).is_err_and(|error| is_refused(&error)));
    }
}
