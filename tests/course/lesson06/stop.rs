//! Ctrl-C: status 0, what runs may finish, what does not is ended after 2 s.
#![cfg(unix)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use super::{MODELS, connect, framed, greet, serve};

#[test]
fn an_idle_server_stops_at_once_with_status_0() {
    for model in MODELS {
        let server = serve(&["server", "--model", model]);
        greet(&mut connect(&server));
        let (addr, began) = (server.addr(), Instant::now());
        let finished = server.stop();
        assert_eq!(finished.status.code(), Some(0), "{finished}");
        assert!(began.elapsed() < Duration::from_secs(2));
        TcpListener::bind(addr).unwrap();
    }
    let finished = serve(&["udp-server"]).stop();
    assert_eq!(finished.status.code(), Some(0), "{finished}");
}

#[test]
fn silent_clients_are_ended_after_the_grace_time() {
    for model in MODELS {
        let server = serve(&["server", "--model", model]);
        let mut silent = connect(&server);
        greet(&mut silent);
        let began = Instant::now();
        let finished = server.stop();
        assert_eq!(finished.status.code(), Some(0), "{finished}");
        assert!(began.elapsed() >= Duration::from_secs(2));
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{:?}",
            began.elapsed()
        );
        assert!(matches!(silent.read(&mut [0]), Ok(0) | Err(_)));
        let last = finished.err().lines().last().unwrap_or_default().to_owned();
        assert!(
            last.contains(" bytes in, "),
            "its end is in the log: {finished}"
        );
    }
}

#[test]
fn a_command_that_runs_may_finish_and_one_that_runs_on_is_ended() {
    let mut server = serve(&["command-server", "--shell"]);
    let (mut quick, mut slow) = (connect(&server), connect(&server));
    slow.write_all(&framed(b"exec sleep 9")).unwrap();
    quick.write_all(&framed(b"sleep 0.5; echo done")).unwrap();
    // Both have been started when a third, sent later, has been answered.
    let mut third = connect(&server);
    third.write_all(&framed(b"sleep 0.2")).unwrap();
    third.read_exact(&mut [0; 12]).unwrap();
    drop(third);
    server.running().interrupt();
    let mut answer = Vec::new();
    let _ = quick.read_to_end(&mut answer);
    assert_eq!(answer, [framed(&[0; 4]), framed(b"done\n")].concat());
    let mut nothing = Vec::new();
    let _ = slow.read_to_end(&mut nothing);
    assert_eq!(nothing, b"");
    let finished = server.stop();
    assert_eq!(finished.status.code(), Some(0), "{finished}");
}
