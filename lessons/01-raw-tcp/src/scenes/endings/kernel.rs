//! What the kernel says about a connection, where it can be read without privileges: Linux' `/proc`.

use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

/// The kernel acts on its own time: looks again and again, for up to a second.
pub(super) fn soon<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + Duration::from_secs(1);
    loop {
        let seen = look();
        if seen.is_some() || Instant::now() >= deadline {
            return seen;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

/// States of a connection by their numbers in include/net/tcp_states.h of Linux.
pub(super) const TIME_WAIT: &str = "06";

/// The state in which the kernel holds a connection, seen from `local`. `None`: it has none, or this system cannot be
/// asked.
pub(super) fn state(local: SocketAddr, remote: SocketAddr) -> Option<String> {
    let file = if local.is_ipv4() { "tcp" } else { "tcp6" };
    let table = fs::read_to_string(format!("/proc/net/{file}")).ok()?;
    table.lines().skip(1).find_map(|line| {
        // sl  local_address rem_address   st
        //  0: 0100007F:1F90 0100007F:C350 06 ...
        let mut fields = line.split_whitespace().skip(1);
        let (here, there, state) = (fields.next()?, fields.next()?, fields.next()?);
        (port(here)? == local.port() && port(there)? == remote.port()).then(|| state.to_owned())
    })
}

fn port(field: &str) -> Option<u16> {
    u16::from_str_radix(field.rsplit_once(':')?.1, 16).ok()
}

/// What this process does about SIGPIPE, the signal that a write to a broken pipe sends.
pub(super) fn sigpipe() -> String {
    // SIGPIPE has the number 13; the mask is hexadecimal, its lowest bit is signal 1.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let Some(bits) = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()) else {
        return "SIGPIPE: this system does not say what becomes of it.".to_owned();
    };
    let ignored = bits >> 12 & 1 == 1;
    let does = if ignored { "ignores" } else { "dies of" };
    format!("SIGPIPE: this process {does} it (SigIgn {bits:016x} in /proc/self/status, bit 13).")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

    const ESTABLISHED: &str = "01";
    const FIN_WAIT2: &str = "05";
    const CLOSE_WAIT: &str = "08";

    #[test]
    #[cfg(target_os = "linux")]
    fn both_ends_of_a_connection_are_seen_in_their_states() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (server, from) = listener.accept().unwrap();
        let (here, there) = (client.local_addr().unwrap(), client.peer_addr().unwrap());
        assert_eq!((here, there), (from, server.local_addr().unwrap()));
        assert_eq!(
            (state(here, there), state(there, here)),
            (Some(ESTABLISHED.to_owned()), Some(ESTABLISHED.to_owned()))
        );
        drop(server);
        let becomes = |local, remote, wanted| {
            soon(|| state(local, remote).filter(|state| state == wanted)).is_some()
        };
        assert!(becomes(here, there, CLOSE_WAIT), "{:?}", state(here, there));
        assert!(becomes(there, here, FIN_WAIT2), "{:?}", state(there, here));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn rust_ignores_sigpipe_so_that_it_can_be_an_error() {
        assert!(sigpipe().contains("ignores"), "{}", sigpipe());
    }
}
