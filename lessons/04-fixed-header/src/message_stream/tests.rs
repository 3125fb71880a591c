//! The loop that reads, against a peer with a script and a clock of its own, and against a real one.

pub(crate) mod scripted_peer;
mod sending;

use super::*;
use crate::fixed_header::FixedHeader;
use common::law;
use scripted_peer::{ScriptedPeer, Step};
use std::io::{Cursor, ErrorKind};

const SECOND: Duration = Duration::from_secs(1);
const NONE: Duration = Duration::ZERO;

fn course(peer: ScriptedPeer) -> MessageStream<ScriptedPeer, FixedHeader> {
    MessageStream::new(peer, FixedHeader::course(), Times::default())
}

fn encoded(messages: &[&[u8]]) -> Vec<u8> {
    let mut wire = Vec::new();
    messages
        .iter()
        .for_each(|message| FixedHeader::course().encode(message, &mut wire).unwrap());
    wire
}

/// All messages until the stream ends, and how it ended.
fn read_all<S: Read + Write + Timeouts>(
    stream: &mut MessageStream<S, FixedHeader>,
) -> (Vec<Vec<u8>>, io::Result<()>) {
    let mut messages = Vec::new();
    loop {
        match stream.read_message() {
            Ok(Some(message)) => messages.push(message.to_vec()),
            Ok(None) => return (messages, Ok(())),
            Err(error) => return (messages, Err(error)),
        }
    }
}

#[test]
fn the_same_messages_come_out_however_the_stream_is_cut() {
    let long = vec![b'x'; 20_000];
    let messages: [&[u8]; 6] = [b"hello", b"", &long, b"x", "哪吒".as_bytes(), b"last"];
    let wire = encoded(&messages);
    for size in [1, 2, 3, 4, 5, 7, 4095, 4096, 4097, wire.len()] {
        let (got, end) = read_all(&mut course(ScriptedPeer::in_pieces(&wire, size, NONE)));
        assert_eq!(got, messages, "pieces of {size}");
        end.unwrap();
    }
}

#[test]
fn the_loop_gives_what_the_plain_one_gives() {
    let messages: Vec<Vec<u8>> = (0..300)
        .map(|length| vec![length as u8; length * 7])
        .collect();
    let wire = encoded(&messages.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let (got, end) = read_all(&mut course(ScriptedPeer::in_pieces(&wire, 1000, NONE)));
    end.unwrap();
    let mut plain = Cursor::new(&wire);
    for message in got {
        let mut header = [0; 4];
        plain.read_exact(&mut header).unwrap();
        let mut payload = vec![0; u32::from_be_bytes(header) as usize];
        plain.read_exact(&mut payload).unwrap();
        assert_eq!(payload, message);
    }
    assert_eq!(plain.position(), wire.len() as u64);
}

#[test]
fn the_loop_gives_what_the_law_gives_for_every_beginning() {
    let wire = [encoded(&[b"one", b"", b"three"]).as_slice(), &[0xff; 5]].concat();
    for length in 0..=wire.len() {
        let beginning = &wire[..length];
        let expected = law::decode_pieces(&FixedHeader::course(), [beginning]);
        for size in [1, 3, 100] {
            let (got, end) = read_all(&mut course(ScriptedPeer::in_pieces(beginning, size, NONE)));
            assert_eq!(got, expected.messages);
            let kind = end.err().map(|error| error.kind());
            assert_eq!(
                kind,
                match &expected.end {
                    law::End::Clean => None,
                    law::End::Unfinished(_) => Some(ErrorKind::UnexpectedEof),
                    law::End::Refused(_) => Some(ErrorKind::InvalidData),
                }
            );
        }
    }
}

#[test]
fn the_three_ends_are_three_results() {
    let wire = encoded(&[b"hello"]);
    for (length, end) in [
        (0, None),
        (
            1,
            Some("the stream ended inside a header, after 1 of 4 bytes"),
        ),
        (
            3,
            Some("the stream ended inside a header, after 3 of 4 bytes"),
        ),
        (
            4,
            Some("the stream ended inside a body, after 0 of 5 bytes"),
        ),
        (
            8,
            Some("the stream ended inside a body, after 4 of 5 bytes"),
        ),
        (9, None),
    ] {
        let (got, result) = read_all(&mut course(ScriptedPeer::in_pieces(
            &wire[..length],
            1,
            NONE,
        )));
        assert_eq!(result.err().map(|error| error.to_string()).as_deref(), end);
        assert_eq!(got.len(), usize::from(length == 9));
    }
}

#[test]
fn messages_before_a_bad_frame_are_served_and_none_behind_it() {
    let wire = [
        encoded(&[b"good", b"too"]).as_slice(),
        &[0xff; 4],
        &encoded(&[b"never"]),
    ]
    .concat();
    for size in [1, wire.len()] {
        let mut stream = course(ScriptedPeer::in_pieces(&wire, size, NONE));
        let (got, end) = read_all(&mut stream);
        assert_eq!(got, [b"good".as_slice(), b"too"]);
        for error in [end.unwrap_err(), stream.read_message().unwrap_err()] {
            assert_eq!(error.kind(), ErrorKind::InvalidData);
            assert_eq!(
                error.to_string(),
                "frame of 4294967295 bytes is over the limit of 1048576"
            );
        }
    }
}

#[test]
fn a_trickling_peer_meets_one_deadline_for_the_whole_message() {
    // A byte every second keeps any timeout of 10 s for each read happy.
    let mut stream = course(ScriptedPeer::in_pieces(&encoded(&[&[7; 100]]), 1, SECOND));
    let error = stream.read_message().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert_eq!(error.to_string(), "a message was not whole after 10 s");
    assert_eq!(
        stream.get_ref().elapsed(),
        SECOND * 11,
        "one second to the first byte, ten from there"
    );
}

#[test]
fn the_clock_of_a_message_starts_at_its_first_byte_and_anew_for_each_message() {
    let message = encoded(&[b"12345"]);
    let steps = (0..3).flat_map(|_| {
        [
            Step::Send(SECOND * 299, message[..1].to_vec()),
            Step::Send(SECOND * 4, message[1..4].to_vec()),
            Step::Send(SECOND * 5, message[4..].to_vec()),
        ]
    });
    let (got, end) = read_all(&mut course(ScriptedPeer::new(steps)));
    end.unwrap();
    assert_eq!(got, [b"12345"; 3]);
}

#[test]
fn what_we_did_before_is_not_the_peers_time() {
    let wire = encoded(&[b"one", b"two"]);
    let (front, back) = wire.split_at(9); // all of the first, two bytes of the second
    let steps = [
        Step::Send(NONE, front.to_vec()),
        Step::Send(SECOND * 9, back.to_vec()),
    ];
    let mut stream = course(ScriptedPeer::new(steps));
    assert_eq!(stream.read_message().unwrap(), Some(b"one".as_slice()));
    stream.get_ref().pass(SECOND * 60);
    assert_eq!(stream.read_message().unwrap(), Some(b"two".as_slice()));
}

#[test]
fn a_silent_peer_is_told_so_after_the_idle_time() {
    let mut stream = course(ScriptedPeer::new([]).then_silent());
    let error = stream.read_message().unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::TimedOut, "silent for 300 s")
    );
    assert_eq!(stream.get_ref().elapsed(), SECOND * 300);

    let times = Times::with_idle(Duration::from_millis(1500));
    let peer = ScriptedPeer::in_pieces(&encoded(&[b"x"]), 5, SECOND).then_silent();
    let mut stream = MessageStream::new(peer, FixedHeader::course(), times);
    let (got, end) = read_all(&mut stream);
    assert_eq!(
        (got.len(), end.unwrap_err().to_string().as_str()),
        (1, "silent for 1.5 s")
    );
    assert_eq!(stream.get_ref().elapsed(), Duration::from_millis(2500));
}

#[test]
fn a_deadline_is_never_early_and_nothing_left_is_no_call() {
    let silent_for = |idle| {
        let times = Times::with_idle(Duration::from_millis(idle));
        let mut stream = MessageStream::new(
            ScriptedPeer::new([]).then_silent(),
            FixedHeader::course(),
            times,
        );
        let said = stream.read_message().unwrap_err().to_string();
        (
            said,
            stream.get_ref().elapsed().as_millis(),
            stream.get_ref().reads,
        )
    };
    assert_eq!(
        silent_for(15),
        ("silent for 0.015 s".into(), 20, 1),
        "late by 10 ms at most"
    );
    assert_eq!(silent_for(5), ("silent for 0.005 s".into(), 10, 1));
    assert_eq!(silent_for(0), ("silent for 0 s".into(), 0, 0));
}

#[test]
fn a_time_without_end_is_a_year_and_no_overflow() {
    let peer = ScriptedPeer::in_pieces(&encoded(&[b"x"]), 5, SECOND).then_silent();
    let times = Times::with_idle(Duration::MAX);
    let (got, end) = read_all(&mut MessageStream::new(peer, FixedHeader::course(), times));
    assert_eq!(got, [b"x"]);
    assert_eq!(end.unwrap_err().to_string(), "silent for 31536000 s");
}

#[test]
fn a_header_without_its_message_is_cut_and_costs_no_memory() {
    let mut announced = Vec::new();
    announced.extend_from_slice(&1_048_576_u32.to_be_bytes());
    let mut stream = course(ScriptedPeer::in_pieces(&announced, 4, NONE).then_silent());
    assert_eq!(
        stream.read_message().unwrap_err().to_string(),
        "a message was not whole after 10 s"
    );
    assert_eq!(stream.get_ref().elapsed(), SECOND * 10);
    assert!(
        stream.received.size() <= 4096,
        "{} bytes for an announcement",
        stream.received.size()
    );
}

#[test]
fn a_large_message_arrives_whole() {
    let large = vec![9; 1_048_576];
    let steps = [
        Step::Send(NONE, encoded(&[&large])),
        Step::Send(SECOND * 200, encoded(&[b"x"])),
    ];
    let mut stream = course(ScriptedPeer::new(steps));
    assert!(stream.read_message().unwrap().unwrap() == large);
    assert_eq!(stream.read_message().unwrap(), Some(b"x".as_slice()));
    assert_eq!(stream.get_ref().elapsed(), SECOND * 200);
}

#[test]
fn a_peer_that_rests_between_messages_is_served_on() {
    let mut steps = Vec::new();
    for pause in [0, 2, 0, 200] {
        steps.push(Step::Send(SECOND * pause, encoded(&[&[5; 9000], b"x"])));
    }
    let (got, end) = read_all(&mut course(ScriptedPeer::new(steps)));
    end.unwrap();
    assert_eq!(got.len(), 8);
}

#[test]
fn interrupted_reads_are_asked_again_but_do_not_move_the_deadline() {
    let wire = encoded(&[b"hello"]);
    let mut steps = vec![Step::Interrupt(NONE)];
    for &byte in &wire {
        steps.extend([
            Step::Interrupt(NONE),
            Step::Send(SECOND, vec![byte]),
            Step::Interrupt(NONE),
        ]);
    }
    let (got, end) = read_all(&mut course(ScriptedPeer::new(steps)));
    end.unwrap();
    assert_eq!(got, [b"hello"]);

    let storm = (0..1000).map(|_| Step::Interrupt(SECOND));
    let mut stream = course(ScriptedPeer::new(
        [Step::Send(NONE, vec![0])].into_iter().chain(storm),
    ));
    assert_eq!(
        stream.read_message().unwrap_err().to_string(),
        "a message was not whole after 10 s"
    );
    assert_eq!(stream.get_ref().elapsed(), SECOND * 10);
}

#[test]
fn a_reset_is_passed_on_as_it_is() {
    let mut stream = course(ScriptedPeer::new([
        Step::Send(NONE, vec![0, 0]),
        Step::Reset,
    ]));
    assert_eq!(
        stream.read_message().unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
}

#[test]
fn many_messages_of_one_read_cost_one_read_and_the_timeout_is_not_set_each_time() {
    let wire = encoded(&[b"0123456789abcdef".as_slice(); 200]); // 4,000 bytes: one read of the first block
    let pauses = (0..50).map(|_| Step::Send(SECOND, wire.clone()));
    let mut stream = course(ScriptedPeer::new(pauses));
    let (got, end) = read_all(&mut stream);
    end.unwrap();
    assert_eq!(got.len(), 200 * 50);
    assert_eq!(stream.get_ref().reads, 51);
    assert_eq!(stream.get_ref().limits_set.get(), 1);
}

#[test]
fn a_stream_that_never_waits_is_no_reason_to_spin() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let ours = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    ours.set_nonblocking(true).unwrap();
    let mut stream = MessageStream::new(&ours, FixedHeader::course(), Times::default());
    assert_eq!(
        stream.read_message().unwrap_err().kind(),
        ErrorKind::TimedOut
    );
    let block = vec![0; 1_048_576];
    let error = (0..1000)
        .find_map(|_| stream.write_message(&block).err())
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[test]
fn over_a_real_connection_the_deadline_holds_and_the_ends_are_told() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let ours = listener.accept().unwrap().0;
    let times = Times {
        message: Duration::from_millis(100),
        ..Times::with_idle(Duration::from_millis(100))
    };
    let mut stream = MessageStream::new(ours, FixedHeader::course(), times);
    peer.write_all(&encoded(&[b"hello", b"you"])).unwrap();
    assert_eq!(stream.read_message().unwrap(), Some(b"hello".as_slice()));
    assert_eq!(stream.read_message().unwrap(), Some(b"you".as_slice()));
    assert_eq!(
        stream.read_message().unwrap_err().to_string(),
        "silent for 0.1 s"
    );
    peer.write_all(&[0, 0]).unwrap();
    assert_eq!(
        stream.read_message().unwrap_err().to_string(),
        "a message was not whole after 0.1 s"
    );
    drop(peer);
    let end = stream.read_message().unwrap_err();
    assert_eq!(
        end.to_string(),
        "the stream ended inside a header, after 2 of 4 bytes"
    );
}

#[test]
fn answers_that_were_queued_leave_before_a_bad_frame_ends_the_stream() {
    let wire = [encoded(&[b"one"]).as_slice(), &[0xff; 4]].concat();
    let mut stream = course(ScriptedPeer::in_pieces(&wire, wire.len(), NONE));
    assert_eq!(stream.read_message().unwrap(), Some(b"one".as_slice()));
    stream.queue_message(b"ONE").unwrap();
    assert_eq!(stream.get_ref().writes, 0);
    assert_eq!(
        stream.read_message().unwrap_err().kind(),
        ErrorKind::InvalidData
    );
    assert_eq!(stream.get_ref().sent, encoded(&[b"ONE"]));
}

/// A framing that breaks its law in one way.
struct Lawless(fn(&[u8]) -> Frame);

impl Framing for Lawless {
    fn encode(&self, _message: &[u8], _out: &mut Vec<u8>) -> Result<(), FrameError> {
        Ok(())
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        Ok((!input.is_empty()).then(|| (self.0)(input)))
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        FrameError::EndedInBody {
            got: rest.len(),
            of: None,
        }
    }
}

#[test]
#[expect(clippy::reversed_empty_ranges, reason = "the law that is broken")]
fn a_framing_that_breaks_its_law_is_an_error_and_neither_a_loop_nor_a_panic() {
    let lawless: [fn(&[u8]) -> Frame; 5] = [
        |_| Frame {
            payload: 0..0,
            consumed: 0,
        },
        |input| Frame {
            payload: 0..input.len(),
            consumed: input.len() + 1,
        },
        |input| Frame {
            payload: 0..input.len(),
            consumed: 1,
        },
        |input| Frame {
            payload: 1..input.len() + 1,
            consumed: input.len(),
        },
        |input| Frame {
            payload: 3..2,
            consumed: input.len(),
        },
    ];
    for framing in lawless {
        let peer = ScriptedPeer::in_pieces(b"hello", 5, NONE);
        let mut stream = MessageStream::new(peer, Lawless(framing), Times::default());
        let error = stream.read_message().unwrap_err();
        assert!(
            error.to_string().starts_with("the framing broke its law"),
            "{error}"
        );
    }
    // An empty message may lie anywhere in its frame.
    let peer = ScriptedPeer::in_pieces(b"hello", 5, NONE);
    let nothing = Lawless(|input| Frame {
        payload: 3..3,
        consumed: input.len(),
    });
    let mut stream = MessageStream::new(peer, nothing, Times::default());
    assert_eq!(stream.read_message().unwrap(), Some(b"".as_slice()));
    assert_eq!(stream.read_message().unwrap(), None);
}

#[test]
fn memory_is_a_stream_too() {
    let mut wire = Vec::new();
    FixedHeader::course().encode(b"hi", &mut wire).unwrap();
    let memory = io::Cursor::new(wire);
    let mut stream = MessageStream::new(memory, FixedHeader::course(), Times::default());
    assert_eq!(stream.read_message().unwrap(), Some(b"hi".as_slice()));
    assert_eq!(stream.read_message().unwrap(), None);
}
