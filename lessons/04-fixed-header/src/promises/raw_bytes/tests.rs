//! Bodies after messages, and requests without a framing.

use super::*;
use crate::fixed_header::FixedHeader;
use crate::message_stream::Times;
use crate::message_stream::tests::scripted_peer::{ScriptedPeer, Step};
use std::io::ErrorKind;

const SECOND: Duration = Duration::from_secs(1);
const NONE: Duration = Duration::ZERO;

fn course(peer: ScriptedPeer) -> MessageStream<ScriptedPeer, FixedHeader> {
    MessageStream::new(peer, FixedHeader::course(), Times::default())
}

#[test]
fn a_body_between_two_messages_is_read_however_the_stream_is_cut() {
    let body: Vec<u8> = (0..10_000_u32).map(|n| n as u8).collect();
    let wire = [b"\0\0\0\x02hi".as_slice(), &body, b"\0\0\0\x03you"].concat();
    for size in [1, 2, 3, 4, 5, 6, 7, 4096, wire.len()] {
        let mut stream = course(ScriptedPeer::in_pieces(&wire, size, NONE));
        assert_eq!(stream.read_message().unwrap(), Some(b"hi".as_slice()));
        let mut got = vec![0; body.len()];
        stream.read_raw_exact(&mut got).unwrap();
        assert!(got == body, "pieces of {size}");
        assert_eq!(stream.read_message().unwrap(), Some(b"you".as_slice()));
        assert_eq!(stream.read_message().unwrap(), None);
    }
}

#[test]
fn a_body_of_a_size_is_read_to_its_last_byte_and_not_beyond() {
    let wire = [b"\0\0\0\x02hi".as_slice(), &[7; 10_000], b"\0\0\0\x03you"].concat();
    for size in [1, 4096, wire.len()] {
        let mut stream = course(ScriptedPeer::in_pieces(&wire, size, NONE));
        stream.read_message().unwrap();
        assert!(
            stream.read_body(10_000).unwrap() == [7; 10_000],
            "pieces of {size}"
        );
        assert_eq!(stream.read_body(0).unwrap(), b"");
        assert_eq!(stream.read_message().unwrap(), Some(b"you".as_slice()));
        let error = stream.read_body(1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the stream ended inside a body, after 0 of 1 bytes"
        );
    }
}

#[test]
fn what_waits_comes_first_and_then_the_stream_straight_into_the_block() {
    let steps = [
        Step::Send(NONE, b"\0\0\0\x02hi12".to_vec()),
        Step::Send(NONE, vec![b'3'; 50_000]),
    ];
    let mut stream = course(ScriptedPeer::new(steps));
    stream.read_message().unwrap();
    let mut block = vec![0; 100_000];
    assert_eq!(stream.read_raw(&mut block[..1]).unwrap(), 1);
    assert_eq!(stream.read_raw(&mut block[1..]).unwrap(), 1);
    assert_eq!(&block[..2], b"12");
    assert_eq!(stream.read_raw(&mut block).unwrap(), 50_000);
    assert_eq!(
        stream.read_raw(&mut []).unwrap(),
        0,
        "no room is no question"
    );
    assert_eq!(stream.read_raw(&mut block).unwrap(), 0);
    assert_eq!(
        stream.received.size(),
        4096,
        "the body did not pass through the buffer"
    );
}

#[test]
fn a_body_that_ends_too_early_says_how_much_came() {
    let mut stream = course(ScriptedPeer::in_pieces(b"\0\0\0\x02hi123", 4, NONE));
    stream.read_message().unwrap();
    let error = stream.read_raw_exact(&mut [0; 10]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    assert_eq!(
        error.to_string(),
        "the stream ended inside a body, after 3 of 10 bytes"
    );
}

#[test]
fn a_body_may_take_long_as_long_as_it_moves() {
    let slow = |pause| {
        let times = Times {
            progress: SECOND * 7,
            ..Times::default()
        };
        let peer = ScriptedPeer::in_pieces(&[7; 100], 1, pause).then_silent();
        MessageStream::new(peer, FixedHeader::course(), times)
    };
    let mut stream = slow(SECOND * 6);
    stream.read_raw_exact(&mut [0; 100]).unwrap();
    assert_eq!(stream.get_ref().elapsed(), SECOND * 600);

    let error = slow(SECOND * 8).read_raw_exact(&mut [0; 100]).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::TimedOut, "no progress for 7 s")
    );
}

#[test]
fn an_unframed_request_is_what_one_read_gave_and_may_come_late() {
    let steps = [
        Step::Send(SECOND * 299, b"dateecho".to_vec()),
        Step::Interrupt(NONE),
    ];
    let mut stream = course(ScriptedPeer::new(steps).then_silent());
    let mut request = [0; 1024];
    assert_eq!(stream.read_unframed(&mut request[..4]).unwrap(), 4);
    assert_eq!(&request[..4], b"date");
    assert_eq!(stream.read_unframed(&mut request).unwrap(), 4);
    assert_eq!(&request[..4], b"echo");
    assert_eq!(
        stream.read_unframed(&mut request).unwrap_err().to_string(),
        "silent for 300 s"
    );
    assert_eq!(stream.get_ref().elapsed(), SECOND * 599);

    let mut ended = course(ScriptedPeer::new([]));
    assert_eq!(ended.read_unframed(&mut request).unwrap(), 0);
}

#[test]
fn a_message_whose_size_was_said_has_one_deadline_however_it_trickles() {
    for (bytes, pause, whole) in [
        (10, SECOND, true),
        (11, SECOND, false),
        (3, 4 * SECOND, false),
    ] {
        let mut stream = course(ScriptedPeer::in_pieces(&vec![7; bytes], 1, pause));
        let start = stream.get_ref().now();
        match stream.read_sized_message(bytes) {
            Ok(message) => assert!(whole && message == vec![7; bytes], "{bytes} bytes"),
            Err(error) => {
                assert!(
                    !whole && error.to_string() == "a message was not whole after 10 s",
                    "{error}"
                );
                assert_eq!((stream.get_ref().now() - start).as_secs(), 10);
            }
        }
    }
    let mut stream = course(ScriptedPeer::in_pieces(b"recv", 2, NONE));
    assert_eq!(
        stream.read_sized_message(10).unwrap_err().to_string(),
        "the stream ended inside a body, after 4 of 10 bytes"
    );
}
