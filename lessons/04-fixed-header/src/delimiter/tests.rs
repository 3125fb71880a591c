//! The delimiter: its bytes, what it cannot carry, its limit, and how much it looks at.

use super::*;
use common::law;

const COURSE: Delimiter = Delimiter { limit: LIMIT };

fn encoded(framing: Delimiter, message: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    framing.encode(message, &mut wire).unwrap();
    wire
}

#[test]
fn the_bytes_are_those_of_the_contract() {
    assert_eq!(encoded(COURSE, b"hi"), b"hi\n");
    assert_eq!(encoded(COURSE, b""), b"\n");
    assert_eq!(encoded(COURSE, b"\0\r \xff"), b"\0\r \xff\n");
    assert_eq!(Delimiter::default().limit, 65_536);
}

#[test]
fn read_whole_byte_by_byte_and_with_bytes_to_spare() {
    let frame = Frame {
        payload: 0..6,
        consumed: 7,
    };
    assert_eq!(COURSE.decode(b"hello\r\n"), Ok(Some(frame.clone())));
    for length in 0..7 {
        assert_eq!(
            COURSE.decode(&b"hello\r\n"[..length]),
            Ok(None),
            "{length} bytes"
        );
    }
    assert_eq!(COURSE.decode(b"hello\r\n\nmore\n"), Ok(Some(frame.clone())));
    assert_eq!(
        COURSE.decode(b"\n\n"),
        Ok(Some(Frame {
            payload: 0..0,
            consumed: 1
        }))
    );
}

#[test]
fn a_message_with_the_delimiter_in_it_cannot_be_sent_and_leaves_what_was_there() {
    let mut out = vec![7];
    for message in [&b"\n"[..], b"two\nlines", b"end\n"] {
        let error = COURSE.encode(message, &mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a message with a line feed in it cannot be sent as one line"
        );
    }
    assert_eq!(out, [7]);
}

#[test]
fn the_limit_is_the_last_length_allowed_both_ways() {
    for limit in [0, 1, 5, LIMIT] {
        let framing = Delimiter { limit };
        let wire = encoded(framing, &vec![b'x'; limit]);
        assert_eq!(framing.decode(&wire).unwrap().unwrap().payload.len(), limit);
        assert_eq!(framing.decode(&wire[..limit]), Ok(None));

        let over = FrameError::TooLong {
            announced: limit as u64 + 1,
            limit,
        };
        assert_eq!(
            framing.encode(&vec![b'x'; limit + 1], &mut Vec::new()),
            Err(over.clone())
        );
        // Refused as soon as one byte too many is there; a delimiter that comes later does not help.
        assert_eq!(framing.decode(&vec![b'x'; limit + 1]), Err(over.clone()));
        assert_eq!(
            framing.decode(&encoded(
                Delimiter { limit: limit + 1 },
                &vec![b'x'; limit + 1]
            )),
            Err(over)
        );
    }
    assert_eq!(Delimiter { limit: usize::MAX }.decode(b"x"), Ok(None));
}

#[test]
fn any_cutting_gives_the_same_messages_and_more_bytes_change_nothing() {
    let wire = "hello\n\n粘包\r\n123456\n1234567\nx\n".as_bytes();
    for limit in [6, 7, 100] {
        law::same_messages_however_cut(&Delimiter { limit }, wire).unwrap();
        law::more_bytes_change_nothing(&Delimiter { limit }, wire).unwrap();
    }
}

#[test]
fn the_end_inside_a_message_says_how_much_of_it_came() {
    assert_eq!(
        COURSE.ended_inside(b"hel").to_string(),
        "the stream ended inside a body, after 3 bytes"
    );
}
