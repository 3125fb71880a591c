//! Slow clients beside a good one.

use std::time::Instant;

use super::{Connection, Site, request};

/// A connection whose request is never whole, as slowloris makes them.
fn slow(site: &Site) -> Connection {
    let mut connection = site.connect();
    connection.send(b"GET /hello.txt HTTP/1.1\r\nHost: localhost\r\nX-a: ");
    connection
}

#[test]
fn a_hundred_slow_clients_hold_up_nobody() {
    let site = Site::new(&[]);
    let slow: Vec<_> = (0..100).map(|_| slow(&site)).collect();
    assert_eq!(site.get("/hello.txt", &[]).status, 200);
    drop(slow);
}

/// `cargo test --release -p tests -- --ignored --nocapture a_thousand_slow_clients`
#[test]
#[ignore = "takes half a minute, and measures"]
fn a_thousand_slow_clients_hold_up_nobody_and_are_all_let_go() {
    let mut site = Site::new(&[]);
    let mut clients: Vec<_> = (0..1000).map(|_| slow(&site)).collect();
    let began = Instant::now();
    let mut good = site.connect();
    let mut times = Vec::new();
    while began.elapsed().as_secs_f64() < 4.0 {
        for client in &mut clients {
            client.send(b"b"); // one more byte of a head
        }
        for _ in 0..100 {
            let asked = Instant::now();
            good.send(&request("GET", "/hello.txt", &[], b""));
            assert_eq!(good.answer("GET").status, 200);
            times.push(asked.elapsed());
        }
    }
    times.sort();
    let status = std::fs::read_to_string(format!("/proc/{}/status", site.server.running().id()));
    let memory = status.unwrap_or_default();
    let memory = memory
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .unwrap_or_default();
    let (median, p99) = (times[times.len() / 2], times[times.len() * 99 / 100]);
    cli::log(format_args!(
        "{} requests: median {median:?}, p99 {p99:?}, {memory}",
        times.len()
    ));
    for mut client in clients {
        let text = client.rest();
        assert!(text.starts_with("HTTP/1.1 408 "), "{text}");
    }
    let seconds = began.elapsed().as_secs_f64();
    cli::log(format_args!("all let go after {seconds:.1} s"));
    assert!(seconds < 10.0);
}
