//! The rule: its bytes, its limits, the laws, each both ways round.

use super::*;
use common::law::{self, End};

const BOTH: [FixedHeader; 2] = [
    FixedHeader {
        order: Order::BigEndianUnsigned,
        limit: LIMIT,
        min: 0,
    },
    FixedHeader {
        order: Order::LittleEndianSigned,
        limit: LIMIT,
        min: 0,
    },
];

fn encoded(framing: FixedHeader, messages: &[&[u8]]) -> Vec<u8> {
    let mut wire = Vec::new();
    for message in messages {
        framing.encode(message, &mut wire).unwrap();
    }
    wire
}

#[test]
fn the_bytes_are_those_of_the_contract() {
    assert_eq!(
        encoded(FixedHeader::course(), &[b"hi", b""]),
        b"\0\0\0\x02hi\0\0\0\0"
    );
    assert_eq!(
        encoded(FixedHeader::python(), &[b"hi", b""]),
        b"\x02\0\0\0hi\0\0\0\0"
    );
    let long = vec![7; 258];
    assert_eq!(encoded(FixedHeader::course(), &[&long])[..4], [0, 0, 1, 2]);
    assert_eq!(encoded(FixedHeader::python(), &[&long])[..4], [2, 1, 0, 0]);
    assert_eq!(BOTH, [FixedHeader::course(), FixedHeader::python()]);
}

#[test]
fn read_whole_byte_by_byte_and_with_bytes_to_spare() {
    for framing in BOTH {
        let wire = encoded(framing, &[b"hello"]);
        let frame = Frame {
            payload: 4..9,
            consumed: 9,
        };
        assert_eq!(framing.decode(&wire), Ok(Some(frame.clone())));
        for length in 0..wire.len() {
            assert_eq!(framing.decode(&wire[..length]), Ok(None), "{length} bytes");
        }
        let spare = [wire.as_slice(), b"\xff\xff\xff\xff and more"].concat();
        assert_eq!(framing.decode(&spare), Ok(Some(frame.clone())));
    }
}

#[test]
fn an_empty_message_is_a_message() {
    for framing in BOTH {
        assert_eq!(
            framing.decode(&[0; 4]),
            Ok(Some(Frame {
                payload: 4..4,
                consumed: 4
            }))
        );
        let refused = FrameError::TooShort {
            announced: 0,
            limit: LIMIT,
        };
        assert_eq!(
            framing.at_least(1).decode(&[0; 4]),
            Err(refused.clone()),
            "unless one byte is the least"
        );
        let mut out = vec![1];
        assert_eq!(framing.at_least(1).encode(b"", &mut out), Err(refused));
        assert_eq!(out, [1], "a refused message leaves what was there");
    }
}

#[test]
fn a_lying_length_is_refused_from_the_header_alone() {
    let course = FixedHeader::course();
    let python = FixedHeader::python();
    for (framing, header, error) in [
        (
            course,
            u32::MAX.to_be_bytes(),
            "frame of 4294967295 bytes is over the limit of 1048576",
        ),
        (
            course,
            1_048_577_u32.to_be_bytes(),
            "frame of 1048577 bytes is over the limit of 1048576",
        ),
        (
            course.with_limit(65_536),
            65_537_u32.to_be_bytes(),
            "frame of 65537 bytes is over the limit of 65536",
        ),
        (
            course,
            i32::MIN.to_be_bytes(),
            "frame of 2147483648 bytes is over the limit of 1048576",
        ),
        (
            course,
            *b"POST",
            "frame of 1347375956 bytes is over the limit of 1048576",
        ),
        (
            course,
            *b"GET ",
            "frame of 1195725856 bytes is over the limit of 1048576",
        ),
        (
            python,
            i32::MAX.to_le_bytes(),
            "frame of 2147483647 bytes is over the limit of 1048576",
        ),
        (
            python.with_limit(65_536),
            65_537_i32.to_le_bytes(),
            "frame of 65537 bytes is over the limit of 65536",
        ),
        (
            python,
            (-1_i32).to_le_bytes(),
            "frame of -1 bytes is under the least allowed (the limit is 1048576)",
        ),
        (
            python,
            i32::MIN.to_le_bytes(),
            "frame of -2147483648 bytes is under the least allowed (the limit is 1048576)",
        ),
    ] {
        assert_eq!(framing.decode(&header).unwrap_err().to_string(), error);
        assert_eq!(
            framing.decode(&header[..3]),
            Ok(None),
            "three bytes lie about nothing"
        );
    }
}

#[test]
fn the_limit_is_the_last_length_allowed_both_ways() {
    for framing in BOTH {
        for limit in [0, 1, 255, 256, 65_536, LIMIT] {
            let framing = framing.with_limit(limit);
            let wire = encoded(framing, &[&vec![b'x'; limit]]);
            assert_eq!(framing.decode(&wire).unwrap().unwrap().consumed, 4 + limit);
            assert_eq!(framing.decode(&wire[..4]).unwrap().is_some(), limit == 0);

            let over = FrameError::TooLong {
                announced: limit as u64 + 1,
                limit,
            };
            let mut out = Vec::new();
            assert_eq!(
                framing.encode(&vec![b'x'; limit + 1], &mut out),
                Err(over.clone())
            );
            assert!(out.is_empty());
            let more = framing.with_limit(limit + 1);
            assert_eq!(
                framing.decode(&encoded(more, &[&vec![b'x'; limit + 1]])[..4]),
                Err(over)
            );
        }
    }
}

#[test]
fn a_limit_beyond_four_bytes_is_the_greatest_number_they_can_say() {
    assert_eq!(
        FixedHeader::course()
            .with_limit(usize::MAX)
            .judge(i64::from(u32::MAX)),
        Ok(u32::MAX as usize)
    );
    let limit = i32::MAX as usize;
    assert_eq!(
        FixedHeader::python()
            .with_limit(usize::MAX)
            .judge(i64::from(i32::MAX)),
        Ok(limit)
    );
    assert_eq!(
        FixedHeader::python().with_limit(usize::MAX).judge(1 << 31),
        Err(FrameError::TooLong {
            announced: 1 << 31,
            limit
        })
    );
}

#[test]
fn any_cutting_gives_the_same_messages_and_more_bytes_change_nothing() {
    let messages: [&[u8]; 5] = [b"hello", b"", b"\0\0\0\x05", b"x", "哪吒".as_bytes()];
    for framing in BOTH {
        let good = encoded(framing, &messages);
        for bad in [
            &[][..],
            b"\0",
            &[0xff; 4],
            &[0xff; 6],
            &[0x7f; 5],
            b"\x01\0\0\x01",
        ] {
            let wire = [good.as_slice(), bad].concat();
            for framing in [
                framing,
                framing.with_limit(6),
                framing.with_limit(5),
                framing.at_least(1),
            ] {
                law::same_messages_however_cut(&framing, &wire).unwrap();
                law::more_bytes_change_nothing(&framing, &wire).unwrap();
                law::more_bytes_change_nothing(&framing, bad).unwrap();
            }
        }
        let all = law::decode_pieces(&framing, [good.as_slice()]);
        assert_eq!(all.messages, messages);
        assert_eq!(all.end, End::Clean);
    }
}

#[test]
fn the_end_inside_a_message_says_which_part_and_how_much() {
    for framing in BOTH {
        let wire = encoded(framing, &[b"hello"]);
        let end = |length: usize| framing.ended_inside(&wire[..length]).to_string();
        assert_eq!(
            end(1),
            "the stream ended inside a header, after 1 of 4 bytes"
        );
        assert_eq!(
            end(3),
            "the stream ended inside a header, after 3 of 4 bytes"
        );
        assert_eq!(end(4), "the stream ended inside a body, after 0 of 5 bytes");
        assert_eq!(end(8), "the stream ended inside a body, after 4 of 5 bytes");
    }
}
