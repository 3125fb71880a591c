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

/// The state in which the kernel holds a connection, seen from `local`. `None`: it has none, or this system cannot be
/// asked.
pub(super) fn state(local: SocketAddr, remote: SocketAddr) -> Option<&'static str> {
    let file = if local.is_ipv4() {
        "/proc/net/tcp"
    } else {
        "/proc/net/tcp6"
    };
    let table = fs::read_to_string(file).ok()?;
    table.lines().skip(1).find_map(|line| {
        // sl  local_address rem_address   st
        //  0: 0100007F:1F90 0100007F:C350 06 ...
        let mut fields = line.split_whitespace().skip(1);
        let (here, there, state) = (fields.next()?, fields.next()?, fields.next()?);
        (port(here)? == local.port() && port(there)? == remote.port()).then(|| name(state))
    })
}

fn port(field: &str) -> Option<u16> {
    u16::from_str_radix(field.rsplit_once(':')?.1, 16).ok()
}

/// The names of include/net/tcp_states.h.
fn name(state: &str) -> &'static str {
    match state {
        "01" => "ESTABLISHED",
        "02" => "SYN_SENT",
        "03" => "SYN_RECV",
        "04" => "FIN_WAIT1",
        "05" => "FIN_WAIT2",
        "06" => "TIME_WAIT",
        "07" => "CLOSE",
        "08" => "CLOSE_WAIT",
        "09" => "LAST_ACK",
        "0A" => "LISTEN",
        "0B" => "CLOSING",
        _ => "another state",
    }
}

/// What this process does about SIGPIPE, the signal that a write to a broken pipe sends.
pub(super) fn sigpipe() -> String {
    // SIGPIPE has the number 13; the mask is hexadecimal, its lowest bit is signal 1.
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status
        .lines()
        .find_map(|line| line.strip_prefix("SigIgn:"))
        .map(str::trim);
    match mask.and_then(|mask| u64::from_str_radix(mask, 16).ok()) {
        Some(bits) => {
            let does = if bits >> 12 & 1 == 1 {
                "ignores"
            } else {
                "dies of"
            };
            format!(
                "SIGPIPE: this process {does} it (SigIgn {bits:016x} in /proc/self/status, bit 13)."
            )
        }
        None => "SIGPIPE: this system does not say what becomes of it.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, TcpStream};

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
            (Some("ESTABLISHED"), Some("ESTABLISHED"))
        );
        drop(server);
        let becomes = |local, remote, wanted| {
            soon(|| state(local, remote).filter(|state| *state == wanted)).is_some()
        };
        assert!(
            becomes(here, there, "CLOSE_WAIT"),
            "{:?}",
            state(here, there)
        );
        assert!(
            becomes(there, here, "FIN_WAIT2"),
            "{:?}",
            state(there, here)
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn rust_ignores_sigpipe_so_that_it_can_be_an_error() {
        assert!(sigpipe().contains("ignores"), "{}", sigpipe());
    }
}
