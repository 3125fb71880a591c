//! What had to come first is drawn first; where that cannot be known, the order seen stands.
//!
//! Each thread is joined before the next begins, so that the order seen is certain; what is drawn must follow from more
//! than that, or be just that.
#![cfg(test)]
#![forbid(unsafe_code)]

use std::io::{Cursor, Read, Write};
use std::net::UdpSocket;
use std::thread;

use timeline::{Call, Recorder};

/// `client write`, `server note`: who did what, line by line.
fn calls(recorder: &Recorder) -> Vec<String> {
    let json = recorder.recording().json_lines();
    let value = |line: &str, key: &str| {
        let rest = line.split_once(&format!("\"{key}\":\"")).unwrap().1;
        rest.split_once('"').unwrap().0.to_owned()
    };
    json.lines().map(|line| format!("{} {}", value(line, "side"), value(line, "call"))).collect()
}

/// Does it on a thread of its own, and waits for the end.
fn on_a_thread(work: impl FnOnce() + Send) {
    thread::scope(|scope| scope.spawn(work).join()).unwrap();
}

fn two_sides() -> Recorder {
    Recorder::joined().with_sides(&["client", "server"])
}

#[test]
fn a_read_that_was_seen_late_is_drawn_behind_its_write_and_before_the_close() {
    let recorder = two_sides();
    on_a_thread(|| {
        let mut server = recorder.stream("server", Cursor::new(Vec::new()));
        server.write_all(b"hi").unwrap();
        recorder.note("server", "has said all");
        server.close();
    });
    on_a_thread(|| {
        let mut client = recorder.stream("client", Cursor::new(b"hi"));
        client.read_exact(&mut [0; 2]).unwrap();
        assert_eq!(client.read(&mut [0; 2]).unwrap(), 0);
    });
    assert_eq!(
        calls(&recorder),
        ["server write", "server note", "client read", "server close", "client read"]
    );
}

#[test]
fn bytes_that_nobody_wrote_are_drawn_where_they_were_seen() {
    let recorder = two_sides();
    on_a_thread(|| recorder.stream("client", Cursor::new(Vec::new())).write_all(b"hello").unwrap());
    on_a_thread(|| {
        recorder.stream("server", Cursor::new([0; 9])).read_exact(&mut [0; 9]).unwrap();
    });
    assert_eq!(calls(&recorder), ["client write", "server read"]);
}

#[test]
fn what_cannot_be_is_drawn_as_it_was_seen() {
    // Each reads what the other writes only afterwards: these cannot be the two ends of one connection.
    let recorder = two_sides();
    for side in ["server", "client"] {
        on_a_thread(|| {
            let mut tap = recorder.stream(side, Cursor::new(b"hello".to_vec()));
            tap.read_exact(&mut [0; 5]).unwrap();
            tap.write_all(b"world").unwrap();
        });
    }
    assert_eq!(calls(&recorder), ["server read", "server write", "client read", "client write"]);
}

#[test]
fn the_calls_of_two_threads_on_one_tap_keep_their_order() {
    let recorder = two_sides();
    let mut tap = recorder.stream("client", Cursor::new(Vec::new()));
    on_a_thread(|| {
        recorder.call("client", Call::Other("one"));
        recorder.call("client", Call::Other("two"));
        tap.write_all(b"a").unwrap();
    });
    on_a_thread(|| tap.write_all(b"b").unwrap());
    assert_eq!(calls(&recorder), ["client one", "client two", "client write", "client write"]);
}

#[test]
fn who_spoke_for_another_side_until_now_looks_back_on_what_this_side_did() {
    let recorder = two_sides();
    recorder.note("client", "begins");
    on_a_thread(|| {
        for name in ["one", "two", "three"] {
            recorder.call("server", Call::Other(name));
        }
    });
    recorder.note("server", "has done all");
    assert_eq!(calls(&recorder).last().map(String::as_str), Some("server note"));
}

#[test]
fn a_turn_parts_what_the_recorder_cannot_order() {
    let drawn = |turn: bool| {
        let recorder = two_sides();
        on_a_thread(|| {
            recorder.call("server", Call::Other("one"));
            recorder.call("server", Call::Other("two"));
        });
        if turn {
            recorder.turn();
        }
        on_a_thread(|| recorder.call("client", Call::Other("three")));
        calls(&recorder)
    };
    assert_eq!(drawn(false), ["client three", "server one", "server two"]);
    assert_eq!(drawn(true), ["server one", "server two", "client three"]);
}

#[test]
fn a_lost_datagram_does_not_feed_a_later_receive() {
    let recorder = two_sides();
    let bind = || UdpSocket::bind("127.0.0.1:0").unwrap();
    let (client, server) = (recorder.datagram("client", bind()), recorder.datagram("server", bind()));
    let (nobody, there) = (bind().local_addr().unwrap(), server.get_ref().local_addr().unwrap());
    on_a_thread(|| {
        client.send_to(b"lost", nobody).unwrap();
        recorder.call("client", Call::Other("wait"));
        client.send_to(b"hello", there).unwrap();
    });
    on_a_thread(|| {
        server.recv_from(&mut [0; 9]).unwrap();
    });
    assert_eq!(calls(&recorder), ["client send", "client wait", "client send", "server receive"]);
}

#[test]
fn every_call_is_drawn_in_the_order_seen() {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    on_a_thread(|| recorder.stream("server", Cursor::new(Vec::new())).write_all(b"hello").unwrap());
    on_a_thread(|| recorder.call("client", Call::Other("wait")));
    on_a_thread(|| recorder.stream("client", Cursor::new(b"hello")).read_exact(&mut [0; 5]).unwrap());
    assert_eq!(calls(&recorder), ["server write", "client wait", "client read"]);
}
