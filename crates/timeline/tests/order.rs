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
    json.lines()
        .map(|line| format!("{} {}", value(line, "side"), value(line, "call")))
        .collect()
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
        [
            "server write",
            "server note",
            "client read",
            "server close",
            "client read"
        ]
    );
}

#[test]
fn what_arrives_is_drawn_before_what_leaves_at_the_same_depth() {
    let recorder = two_sides();
    on_a_thread(|| {
        let mut client = recorder.stream("client", Cursor::new(Vec::new()));
        client.write_all(b"hello").unwrap();
        client.close();
    });
    on_a_thread(|| {
        recorder
            .stream("server", Cursor::new([0; 5]))
            .read_exact(&mut [0; 5])
            .unwrap()
    });
    assert_eq!(
        calls(&recorder),
        ["client write", "server read", "client close"]
    );
}

#[test]
fn the_end_of_the_stream_is_drawn_behind_the_close() {
    let recorder = two_sides();
    let client = recorder.stream("client", Cursor::new([0; 0]));
    let mut server = recorder.stream("server", Cursor::new([0; 0]));
    on_a_thread(|| {
        recorder.call("client", Call::Other("wait"));
        client.close();
    });
    on_a_thread(|| assert_eq!(server.read(&mut [0; 5]).unwrap(), 0));
    assert_eq!(
        calls(&recorder),
        ["client wait", "client close", "server read"]
    );
}

#[test]
fn bytes_that_nobody_wrote_are_drawn_where_they_were_seen() {
    let recorder = two_sides();
    on_a_thread(|| {
        let mut client = recorder.stream("client", Cursor::new(Vec::new()));
        client.write_all(b"hello").unwrap();
        client.close();
    });
    on_a_thread(|| {
        recorder
            .stream("server", Cursor::new([0; 9]))
            .read_exact(&mut [0; 9])
            .unwrap()
    });
    assert_eq!(
        calls(&recorder),
        ["client write", "client close", "server read"]
    );
}

#[test]
fn what_cannot_be_is_drawn_as_it_was_seen() {
    // Each reads what the other writes only afterwards: these cannot be the two ends of one connection.
    for sides in [["server", "client"], ["client", "server"]] {
        let recorder = two_sides();
        for side in sides {
            on_a_thread(|| {
                let mut tap = recorder.stream(side, Cursor::new(b"hello".to_vec()));
                tap.read_exact(&mut [0; 5]).unwrap();
                recorder.call(side, Call::Other("think"));
                tap.write_all(b"world").unwrap();
            });
        }
        on_a_thread(|| recorder.call("client", Call::Other("seen last")));
        let both = sides
            .iter()
            .flat_map(|side| ["read", "think", "write"].map(|call| format!("{side} {call}")));
        let expected: Vec<String> = both.chain(["client seen last".to_owned()]).collect();
        assert_eq!(calls(&recorder), expected);
    }
}

#[test]
fn an_accept_is_drawn_behind_the_first_connect_whoever_it_was() {
    let recorder = Recorder::joined().with_sides(&["late", "early", "server"]);
    on_a_thread(|| {
        for name in ["one", "two"] {
            recorder.call("late", Call::Other(name));
        }
        recorder.call("late", Call::Connect);
    });
    on_a_thread(|| recorder.call("early", Call::Connect));
    on_a_thread(|| {
        recorder.call("server", Call::Accept);
        recorder.call("server", Call::Accept);
    });
    // Depths: 0 for the first of each client; 1 for what follows; the late connect is at 2, and its accept at 3.
    let expected = [
        "late one",
        "early connect",
        "late two",
        "server accept",
        "late connect",
        "server accept",
    ];
    assert_eq!(calls(&recorder), expected);
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
    assert_eq!(
        calls(&recorder),
        ["client one", "client two", "client write", "client write"]
    );
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
    assert_eq!(
        calls(&recorder).last().map(String::as_str),
        Some("server note")
    );
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
fn a_lost_datagram_and_one_received_already_feed_no_later_receive() {
    let recorder = two_sides();
    let bind = || UdpSocket::bind("127.0.0.1:0").unwrap();
    let (client, server) = (
        recorder.datagram("client", bind()),
        recorder.datagram("server", bind()),
    );
    let silent = bind(); // what goes there is never received
    let (nobody, there) = (
        silent.local_addr().unwrap(),
        server.get_ref().local_addr().unwrap(),
    );
    on_a_thread(|| {
        client.send_to(b"lost!", nobody).unwrap();
        for _ in 0..2 {
            recorder.call("client", Call::Other("wait"));
            client.send_to(b"hello", there).unwrap();
        }
    });
    on_a_thread(|| {
        for _ in 0..2 {
            assert_eq!(server.recv_from(&mut [0; 9]).unwrap().0, 5);
        }
    });
    let drawn = calls(&recorder);
    let drawn: Vec<&str> = drawn
        .iter()
        .filter_map(|call| call.split(' ').nth(1))
        .collect();
    let place = |call: &str, n: usize| {
        drawn
            .iter()
            .enumerate()
            .filter(|(_, drawn)| **drawn == call)
            .nth(n)
            .unwrap()
            .0
    };
    assert!(place("receive", 0) > place("send", 1), "{drawn:?}");
    assert!(place("receive", 1) > place("send", 2), "{drawn:?}");
}

#[test]
fn every_call_is_drawn_in_the_order_seen() {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    on_a_thread(|| {
        recorder
            .stream("server", Cursor::new(Vec::new()))
            .write_all(b"hello")
            .unwrap()
    });
    on_a_thread(|| recorder.call("client", Call::Other("wait")));
    on_a_thread(|| {
        recorder
            .stream("client", Cursor::new(b"hello"))
            .read_exact(&mut [0; 5])
            .unwrap()
    });
    assert_eq!(
        calls(&recorder),
        ["server write", "client wait", "client read"]
    );
}
