//! The fixed size: its bytes, what it cannot carry, and padding that is padding.

use super::*;
use common::law;

const COURSE: FixedSize = FixedSize { size: SIZE };
const EIGHT: FixedSize = FixedSize { size: 8 };

fn encoded(framing: FixedSize, message: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    framing.encode(message, &mut wire).unwrap();
    wire
}

#[test]
fn the_bytes_are_those_of_the_contract() {
    let hi = encoded(COURSE, b"hi");
    assert_eq!((hi.len(), &hi[..3]), (64, b"hi\0".as_slice()));
    assert!(hi[2..].iter().all(|&byte| byte == 0));
    assert_eq!(encoded(COURSE, b""), [0; 64]);
    assert_eq!(encoded(COURSE, &[b'\n'; 64]), [b'\n'; 64]);
    assert_eq!(FixedSize::default(), COURSE);
}

#[test]
fn read_whole_byte_by_byte_and_with_bytes_to_spare() {
    let frame = Frame {
        payload: 0..5,
        consumed: 8,
    };
    assert_eq!(EIGHT.decode(b"hello\0\0\0"), Ok(Some(frame.clone())));
    for length in 0..8 {
        assert_eq!(
            EIGHT.decode(&b"hello\0\0\0"[..length]),
            Ok(None),
            "{length} bytes"
        );
    }
    assert_eq!(EIGHT.decode(b"hello\0\0\0more"), Ok(Some(frame.clone())));
    assert_eq!(
        EIGHT.decode(b"all of 8"),
        Ok(Some(Frame {
            payload: 0..8,
            consumed: 8
        }))
    );
    assert_eq!(
        EIGHT.decode(&[0; 9]),
        Ok(Some(Frame {
            payload: 0..0,
            consumed: 8
        }))
    );
}

#[test]
fn what_is_longer_or_holds_a_zero_byte_cannot_be_sent() {
    let mut out = vec![7];
    let long = COURSE.encode(&[b'x'; 65], &mut out).unwrap_err();
    assert_eq!(
        long.to_string(),
        "frame of 65 bytes is over the limit of 64"
    );
    for message in [&b"\0"[..], b"a\0b", b"end\0"] {
        let error = COURSE.encode(message, &mut out).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a message with a zero byte in it cannot be told from its padding"
        );
    }
    assert_eq!(out, [7]);
}

#[test]
fn what_stands_in_the_padding_is_refused_and_not_dropped() {
    for wrong in [&b"ab\0\0\0\0\0c"[..], b"\0x\0\0\0\0\0\0", b"ab\0cd\0ef"] {
        let error = EIGHT.decode(wrong).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a zero byte inside a message: only padding may follow it"
        );
    }
}

#[test]
fn any_cutting_gives_the_same_messages_and_more_bytes_change_nothing() {
    let wire = [
        encoded(EIGHT, b"hello"),
        encoded(EIGHT, b""),
        encoded(EIGHT, b"12345678"),
    ]
    .concat();
    for bad in [&b""[..], b"x", b"\0\0\0\0\0\0\0x", b"\0x\0"] {
        let wire = [&wire, bad].concat();
        law::same_messages_however_cut(&EIGHT, &wire).unwrap();
        law::more_bytes_change_nothing(&EIGHT, &wire).unwrap();
        law::more_bytes_change_nothing(&EIGHT, bad).unwrap();
    }
}

#[test]
fn a_size_of_nothing_never_gives_a_message() {
    assert_eq!(FixedSize { size: 0 }.decode(b"x"), Ok(None));
}

#[test]
fn the_end_inside_a_message_says_how_much_of_it_came() {
    assert_eq!(
        COURSE.ended_inside(b"hel").to_string(),
        "the stream ended inside a body, after 3 of 64 bytes"
    );
}
