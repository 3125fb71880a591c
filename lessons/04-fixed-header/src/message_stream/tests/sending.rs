//! How many writes, which bytes, and how long a peer may take nothing.

use super::*;
use crate::fixed_header::FixedHeader;
use crate::message_stream::Times;
use crate::message_stream::tests::scripted_peer::{ScriptedPeer, Step};
use std::io::ErrorKind;
use std::time::Duration;

fn to(peer: ScriptedPeer) -> MessageStream<ScriptedPeer, FixedHeader> {
    MessageStream::new(peer, FixedHeader::course(), Times::default())
}

#[test]
fn header_and_payload_are_one_write() {
    let mut stream = to(ScriptedPeer::new([]));
    stream.write_message(b"hi").unwrap();
    stream.write_message(b"").unwrap();
    stream.write_message_with(b"{}", b"body").unwrap();
    stream.write_message_with(b"{}", &[b'x'; 5000]).unwrap();
    stream.write_raw(b"raw").unwrap();
    let peer = stream.get_ref();
    assert_eq!(peer.writes, 5);
    let expected = [
        b"\0\0\0\x02hi\0\0\0\0\0\0\0\x02{}body\0\0\0\x02{}".as_slice(),
        &[b'x'; 5000],
        b"raw",
    ]
    .concat();
    assert_eq!(peer.sent, expected);
}

#[test]
fn a_peer_that_takes_a_few_bytes_at_once_gets_all_of_them() {
    let mut stream = to(ScriptedPeer {
        at_once: 3,
        ..ScriptedPeer::new([])
    });
    stream.write_message(b"hello").unwrap();
    stream.write_message_with(b"{}", &[b'x'; 5000]).unwrap();
    let expected = [b"\0\0\0\x05hello\0\0\0\x02{}".as_slice(), &[b'x'; 5000]].concat();
    assert_eq!(stream.get_ref().sent, expected);
}

#[test]
fn queued_messages_go_together_when_256_kib_are_there_or_when_a_read_would_wait() {
    let mut stream = to(ScriptedPeer::new([Step::Send(
        Duration::ZERO,
        b"\0\0\0\x01a".to_vec(),
    )]));
    for _ in 0..13_107 {
        stream.queue_message(&[1; 16]).unwrap();
    }
    assert_eq!(stream.get_ref().writes, 0, "262,140 bytes wait");
    stream.queue_message(&[1; 16]).unwrap();
    assert_eq!(
        (stream.get_ref().writes, stream.get_ref().sent.len()),
        (1, 13_108 * 20)
    );

    stream.queue_message(b"q").unwrap();
    assert_eq!(stream.get_ref().writes, 1);
    assert_eq!(stream.read_message().unwrap(), Some(b"a".as_slice()));
    assert_eq!(stream.get_ref().writes, 2);

    stream.queue_message(b"q").unwrap();
    assert_eq!(stream.read_raw(&mut [0; 9]).unwrap(), 0);
    assert_eq!(stream.get_ref().writes, 3);

    stream.queue_message(b"q").unwrap();
    stream.write_message(b"r").unwrap();
    assert_eq!(stream.get_ref().writes, 4);
    assert!(stream.get_ref().sent.ends_with(b"\0\0\0\x01q\0\0\0\x01r"));
}

#[test]
fn a_message_that_cannot_be_carried_sends_nothing_and_harms_nothing() {
    let mut stream = to(ScriptedPeer::new([]));
    stream.queue_message(b"q").unwrap();
    let error = stream.write_message(&vec![0; 1_048_577]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidData);
    assert_eq!(
        error.to_string(),
        "frame of 1048577 bytes is over the limit of 1048576"
    );
    assert_eq!(stream.get_ref().writes, 0);
    stream.flush().unwrap();
    assert_eq!(stream.get_ref().sent, b"\0\0\0\x01q");
}

#[test]
fn a_peer_that_stops_reading_is_cut_a_tenth_after_its_time_at_the_latest() {
    for takes in [0, 1, 5000] {
        let mut stream = to(ScriptedPeer {
            takes,
            ..ScriptedPeer::new([])
        });
        let error = stream
            .write_message_with(b"{}", &[b'x'; 100_000])
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(error.to_string(), "no progress for 10 s");
        let passed = stream.get_ref().elapsed().as_secs();
        assert!(
            (10..=11).contains(&passed),
            "{takes} bytes taken: cut after {passed} s"
        );
        assert_eq!(stream.get_ref().sent.len(), takes);
        assert_eq!(stream.get_ref().limits_set.get(), 1, "the step is set once");
    }
}

#[test]
fn a_peer_that_goes_on_taking_is_not_cut_however_long_it_takes() {
    let slow = |pause| {
        let pause = Duration::from_secs(pause);
        to(ScriptedPeer {
            at_once: 1,
            pause_before_taking: pause,
            ..ScriptedPeer::new([])
        })
    };
    let mut stream = slow(9);
    stream.write_raw(&[7; 100]).unwrap();
    assert_eq!(stream.get_ref().sent, [7; 100]);
    assert_eq!(stream.get_ref().elapsed(), Duration::from_secs(900));
    assert_eq!(
        slow(11).write_raw(&[7; 100]).unwrap_err().to_string(),
        "no progress for 10 s"
    );
}

#[test]
fn interrupted_writes_are_asked_again_but_do_not_move_the_deadline() {
    let peer = ScriptedPeer {
        interrupts: 3,
        ..ScriptedPeer::new([])
    };
    let mut stream = to(peer);
    stream.write_message(b"hi").unwrap();
    assert_eq!(stream.get_ref().sent, b"\0\0\0\x02hi");

    let mut stream = to(ScriptedPeer {
        interrupts: usize::MAX,
        ..ScriptedPeer::new([])
    });
    assert_eq!(
        stream.write_message(b"hi").unwrap_err().to_string(),
        "no progress for 10 s"
    );
    assert_eq!(stream.get_ref().elapsed(), Duration::from_secs(10));
}

#[test]
fn a_stream_that_never_waits_is_no_reason_to_spin() {
    let mut stream = to(ScriptedPeer {
        takes: 0,
        never_waits: true,
        ..ScriptedPeer::new([])
    });
    assert_eq!(
        stream.write_message(b"hi").unwrap_err().kind(),
        ErrorKind::TimedOut
    );
    assert_eq!(stream.get_ref().writes, 10);
}

#[test]
fn a_stream_that_is_full_is_an_error() {
    let memory = io::Cursor::new([0; 6]);
    let mut stream = MessageStream::new(memory, FixedHeader::course(), Times::default());
    assert_eq!(
        stream.write_message(b"hello").unwrap_err().kind(),
        ErrorKind::WriteZero
    );
    assert_eq!(stream.get_ref().get_ref(), b"\0\0\0\x05he");
}

#[test]
fn over_a_real_connection_a_peer_that_never_reads_is_cut() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let _peer = listener.accept().unwrap();
    let times = Times {
        progress: Duration::from_millis(100),
        ..Times::default()
    };
    let mut stream = MessageStream::new(ours, FixedHeader::course(), times);
    let block = vec![0; 1_048_576];
    // The kernel's buffers take some megabytes before a write waits.
    let error = (0..1000)
        .find_map(|_| stream.write_message(&block).err())
        .unwrap();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::TimedOut, "no progress for 0.1 s")
    );
}

#[test]
fn after_a_write_that_failed_nothing_of_it_is_sent_again() {
    let mut stream = to(ScriptedPeer {
        takes: 5,
        ..ScriptedPeer::new([])
    });
    assert_eq!(
        stream.write_message(b"hello").unwrap_err().kind(),
        ErrorKind::TimedOut
    );
    assert_eq!(stream.get_ref().sent, b"\0\0\0\x05h");
    stream.flush().unwrap();
    assert_eq!(
        stream.get_ref().sent,
        b"\0\0\0\x05h",
        "a second half behind a first one would be another message"
    );
}
