//! The length in text: its bytes, one spelling for each number, its limit, and what the header alone says.

use super::*;
use common::law;

const COURSE: TextLength = TextLength { limit: LIMIT };

fn encoded(framing: TextLength, message: &[u8]) -> Vec<u8> {
    let mut wire = Vec::new();
    framing.encode(message, &mut wire).unwrap();
    wire
}

#[test]
fn the_bytes_are_those_of_the_contract() {
    assert_eq!(encoded(COURSE, b"hi"), b"2\nhi");
    assert_eq!(encoded(COURSE, b""), b"0\n");
    assert_eq!(encoded(COURSE, b"line\nline\n"), b"10\nline\nline\n");
    assert!(encoded(COURSE, &vec![b'x'; 1_048_576]).starts_with(b"1048576\nxx"));
    assert_eq!(TextLength::default(), COURSE);
}

#[test]
fn read_whole_byte_by_byte_and_with_bytes_to_spare() {
    let frame = Frame {
        payload: 3..14,
        consumed: 14,
    };
    assert_eq!(COURSE.decode(b"11\nhello\nhello"), Ok(Some(frame.clone())));
    for length in 0..14 {
        assert_eq!(
            COURSE.decode(&b"11\nhello\nhello"[..length]),
            Ok(None),
            "{length} bytes"
        );
    }
    assert_eq!(
        COURSE.decode(b"11\nhello\nhello5\nx"),
        Ok(Some(frame.clone()))
    );
    assert_eq!(
        COURSE.decode(b"0\n0\n"),
        Ok(Some(Frame {
            payload: 2..2,
            consumed: 2
        }))
    );
}

#[test]
fn a_number_has_one_spelling() {
    for wrong in [
        "\n",
        "-\n",
        "--1\n",
        "-x",
        "+1\n",
        " 1\n",
        "1 \n",
        "1\r\n",
        "0x1\n",
        "1a\n",
        "one\n",
        "GET / HTTP/1.1\r\n",
        "\0",
        "00\n",
        "01\nx",
        "007",
        "0000000",
        "00",
        "-0\n",
        "-0",
        "-01\n",
        "-1\n",
        "-2147483648\n",
    ] {
        let error = COURSE.decode(wrong.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), GRAMMAR, "{wrong:?}");
    }
}

const GRAMMAR: &str =
    "a length is 1 to 7 decimal digits and a line feed, without sign or leading zero";

#[test]
fn a_lying_length_is_refused_from_the_header_alone() {
    for (header, announced) in [("1048577\n", 1_048_577), ("9999999\n", 9_999_999)] {
        let refused = Err(FrameError::TooLong {
            announced,
            limit: LIMIT,
        });
        assert_eq!(COURSE.decode(header.as_bytes()), refused, "{header}");
    }
    assert_eq!(
        COURSE.decode(b"9999999"),
        Ok(None),
        "its line feed may come, and then it has a name"
    );
    // An eighth digit is refused at once.
    for header in [
        "10000000",
        "10000000\n",
        "2147483647\n",
        "4294967295\n",
        "999999999999999999\n",
        "99999999999999999999999999\n",
    ] {
        let error = COURSE.decode(header.as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), GRAMMAR, "{header}");
        assert_eq!(COURSE.decode(&header.as_bytes()[..8]), Err(error));
    }
}

#[test]
fn the_limit_is_the_last_length_allowed_both_ways() {
    for limit in [0, 1, 9, 10, LIMIT] {
        let framing = TextLength { limit };
        let wire = encoded(framing, &vec![b'x'; limit]);
        assert_eq!(framing.decode(&wire).unwrap().unwrap().payload.len(), limit);

        let over = FrameError::TooLong {
            announced: limit as u64 + 1,
            limit,
        };
        assert_eq!(
            framing.encode(&vec![b'x'; limit + 1], &mut Vec::new()),
            Err(over.clone())
        );
        assert_eq!(
            framing.decode(format!("{}\n", limit + 1).as_bytes()),
            Err(over)
        );
    }
}

#[test]
fn a_limit_beyond_seven_digits_is_the_greatest_number_they_can_say() {
    let framing = TextLength { limit: usize::MAX };
    assert_eq!(framing.judge(9_999_999), Ok(9_999_999));
    let over = FrameError::TooLong {
        announced: 10_000_000,
        limit: 9_999_999,
    };
    assert_eq!(framing.judge(10_000_000), Err(over));
    assert!(framing.judge(usize::MAX).is_err());
}

#[test]
fn any_cutting_gives_the_same_messages_and_more_bytes_change_nothing() {
    for bad in [
        "",
        "1",
        "11\nx",
        "01",
        "1048577\n",
        "99999999",
        "1x",
        "\n",
        "-",
        "-1\n",
        "12345678901\n",
        "1234567890123456789",
    ] {
        let wire = format!("5\nhello0\n3\n4\n\n{bad}");
        for limit in [2, 5, LIMIT, usize::MAX] {
            law::same_messages_however_cut(&TextLength { limit }, wire.as_bytes()).unwrap();
            law::more_bytes_change_nothing(&TextLength { limit }, wire.as_bytes()).unwrap();
            law::more_bytes_change_nothing(&TextLength { limit }, bad.as_bytes()).unwrap();
        }
    }
}

#[test]
fn the_end_inside_a_message_says_which_part_and_how_much() {
    let end = |rest: &str| COURSE.ended_inside(rest.as_bytes()).to_string();
    assert_eq!(end("1"), "the stream ended inside a header, after 1 bytes");
    assert_eq!(end("12"), "the stream ended inside a header, after 2 bytes");
    assert_eq!(
        end("12\n"),
        "the stream ended inside a body, after 0 of 12 bytes"
    );
    assert_eq!(
        end("12\nhello"),
        "the stream ended inside a body, after 5 of 12 bytes"
    );
}
