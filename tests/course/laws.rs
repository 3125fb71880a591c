//! Every framing of the course is held to the same laws, with random messages, random cuts and random garbage.
//!
//! 1. Cut the wire bytes anywhere: the same messages come out, and they are the ones that went in.
//! 2. More bytes never change an answer already given.
//! 3. Garbage is refused or waited for, never a panic, and cutting it changes nothing.
//! 4. A message that cannot be carried leaves the output untouched; a stream that ends early is told as such.
//! 5. The longest message goes both ways. One byte more is refused both ways, and from the header alone.
//!
//! A lesson adds its framings to [`framings`], one row each. At the end stand framings that are wrong on purpose: each
//! must be caught, or these laws would be worth nothing.

use common::law::{
    Decoded, End, decode_pieces, more_bytes_change_nothing, same_messages_however_cut, same_messages_when_cut,
};
use common::{Frame, FrameError, Framing};
use lesson04::{EndMarker, FixedHeader, FixedSize, TextLength};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use tests::programs::workspace;

/// One framing under the laws.
struct Row {
    name: &'static str,
    framing: Box<dyn Framing>,
    /// Messages that it can carry.
    messages: BoxedStrategy<Vec<u8>>,
    /// The most bytes of a message.
    most: usize,
    /// The first bytes of a message with one byte more: a reader has seen enough. Empty where no bytes can say that.
    one_more: Vec<u8>,
}

/// The table: one row for each framing of the course.
fn framings() -> Vec<Row> {
    let (no_line_feed, no_zero) = (prop_oneof![0..b'\n', b'\n' + 1..=u8::MAX], 1..=u8::MAX);
    vec![
        row("two bytes of length", TwoBytes { bug: None }, LIMIT, [1, 45]),
        row("fixed header, course wire", FixedHeader::course(), 1_048_576, [0, 16, 0, 1]),
        row("fixed header, python wire", FixedHeader::python(), 1_048_576, [1, 0, 16, 0]),
        row(
            "fixed header, no more than the longest message here",
            FixedHeader::course().with_limit(79),
            79,
            [0, 0, 0, 80],
        ),
        row("text length", TextLength::default(), 1_048_576, *b"1048577\n"),
        row("text length, no more than the longest message here", TextLength { limit: 79 }, 79, *b"80\n"),
        Row {
            messages: vec(no_line_feed.clone(), 0..80).boxed(),
            ..row("end marker", EndMarker::default(), 65_536, [b'x'; 65_537])
        },
        Row {
            messages: vec(no_line_feed, 0..80).boxed(),
            ..row(
                "end marker, no more than the longest message here",
                EndMarker { limit: 79 },
                79,
                [b'x'; 80],
            )
        },
        Row {
            messages: vec(no_zero.clone(), 0..=64).boxed(),
            ..row("fixed size", FixedSize::default(), 64, [])
        },
        Row {
            messages: vec(no_zero, 0..=9).boxed(),
            ..row("fixed size, 9 bytes", FixedSize { size: 9 }, 9, [])
        },
    ]
}

/// A framing that carries any bytes, `most` of them at most.
fn row<const N: usize>(
    name: &'static str,
    framing: impl Framing + 'static,
    most: usize,
    one_more: [u8; N],
) -> Row {
    let (framing, messages) = (Box::new(framing), vec(any::<u8>(), 0..80).boxed());
    Row { name, framing, messages, most, one_more: one_more.to_vec() }
}

#[test]
fn every_framing_keeps_the_laws() {
    for row in framings() {
        let held = keeps_the_laws(&row);
        assert!(held.is_ok(), "{}: {}", row.name, held.unwrap_err());
    }
}

#[test]
fn every_framing_keeps_them_for_all_pairs_of_cuts_of_a_short_stream() {
    for row in framings() {
        let wire =
            encoded(&*row.framing, &[b"hello".to_vec(), vec![], b"a".to_vec(), vec![b'w'; 9]]).unwrap();
        assert_eq!(same_messages_however_cut(&*row.framing, &wire), Ok(()), "{}", row.name);
        assert_eq!(more_bytes_change_nothing(&*row.framing, &wire), Ok(()), "{}", row.name);
    }
}

fn keeps_the_laws(row: &Row) -> Result<(), String> {
    let framing = &*row.framing;
    let cuts = || vec(any::<prop::sample::Index>(), 0..12);
    let messages = || vec(row.messages.clone(), 0..8);

    cases((messages(), cuts(), 0..40usize), |(messages, cuts, missing)| {
        let wire = encoded(framing, &messages)?;
        let told = decode_pieces(framing, [&wire[..]]);
        if told != (Decoded { messages: messages.clone(), end: End::Clean }) {
            return Err(format!("{messages:?} became {told:?}"));
        }
        let every: Vec<usize> = (0..wire.len()).collect();
        same_messages_when_cut(framing, &wire, &every)?;
        // The stream need not end between two messages.
        let wire = &wire[..wire.len().saturating_sub(missing)];
        same_messages_when_cut(framing, wire, &places(&cuts, wire.len()))?;
        an_early_end_is_told(framing, wire)
    })?;
    cases((messages(), garbage()), |(messages, garbage)| {
        let mut wire = encoded(framing, &messages)?;
        wire.extend(garbage);
        more_bytes_change_nothing(framing, &wire)
    })?;
    cases((garbage(), cuts()), |(garbage, cuts)| {
        same_messages_when_cut(framing, &garbage, &places(&cuts, garbage.len()))?;
        more_bytes_change_nothing(framing, &garbage)
    })?;
    cases((vec(any::<u8>(), 0..400), vec(any::<u8>(), 0..5)), |(message, before)| {
        let mut out = before.clone();
        match framing.encode(&message, &mut out) {
            Err(_) if out != before => Err(format!("refused {message:?} and left {out:?}")),
            Err(_) => Ok(()),
            Ok(()) if !out.starts_with(&before) => Err("what stood in the output was changed".into()),
            Ok(()) => match framing.decode(&out[before.len()..]) {
                Ok(Some(Frame { payload, consumed }))
                    if payload == message && consumed == out.len() - before.len() =>
                {
                    Ok(())
                }
                other => Err(format!("{message:?} alone became {other:?}")),
            },
        }
    })?;
    the_limit_is_where_it_is_said_to_be(row)
}

/// The longest message goes both ways, one byte more is refused both ways: reading, before its payload is there.
fn the_limit_is_where_it_is_said_to_be(row: &Row) -> Result<(), String> {
    let Row { framing, most, one_more, .. } = row;
    let longest = vec![b'x'; *most];
    let wire = encoded(&**framing, std::slice::from_ref(&longest))?;
    let told = decode_pieces(&**framing, [&wire[..]]);
    if told != (Decoded { messages: vec![longest], end: End::Clean }) {
        return Err(format!("a message of {most} bytes became {:?}", told.end));
    }
    if framing.encode(&vec![b'x'; most + 1], &mut Vec::new()).is_ok() {
        return Err(format!("a message of {} bytes was sent", most + 1));
    }
    match framing.decode(one_more) {
        Err(_) => Ok(()),
        Ok(_) if one_more.is_empty() => Ok(()),
        Ok(_) => Err(format!("a message of {} bytes was waited for", most + 1)),
    }
}

/// Random cases for each of the four laws that take some.
const CASES: u32 = 200;

/// Runs `law` for random values of `strategy`; the error shows the smallest case that was found.
fn cases<S: Strategy>(strategy: S, law: impl Fn(S::Value) -> Result<(), String>) -> Result<(), String> {
    // No file with old failures: a failing case becomes a unit test.
    let config = Config { cases: CASES, failure_persistence: None, ..Config::default() };
    let result = TestRunner::new(config).run(&strategy, |value| law(value).map_err(TestCaseError::fail));
    result.map_err(|error| match error {
        TestError::Fail(why, smallest) => format!("{why}\nfor {smallest:?}"),
        TestError::Abort(why) => why.to_string(),
    })
}

/// Bytes that come close to a header more often than dice would: small numbers, digits, ends of lines.
fn garbage() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![4 => Just(0), 2 => 0..10u8, 2 => b'0'..=b'9', 2 => Just(b'\n'), 1 => Just(0xff), 2 => any::<u8>()];
    vec(byte, 0..60)
}

fn encoded(framing: &dyn Framing, messages: &[Vec<u8>]) -> Result<Vec<u8>, String> {
    let mut wire = Vec::new();
    for message in messages {
        framing.encode(message, &mut wire).map_err(|error| format!("{message:?} was refused: {error}"))?;
    }
    Ok(wire)
}

fn places(cuts: &[prop::sample::Index], length: usize) -> Vec<usize> {
    cuts.iter().map(|cut| cut.index(length + 1)).collect()
}

/// Where a stream ends inside a message, the framing says in which part, and never something else.
fn an_early_end_is_told(framing: &dyn Framing, wire: &[u8]) -> Result<(), String> {
    let End::Unfinished(length) = decode_pieces(framing, [wire]).end else { return Ok(()) };
    match framing.ended_inside(&wire[wire.len() - length..]) {
        FrameError::EndedInHeader { .. } | FrameError::EndedInBody { .. } => Ok(()),
        other => Err(format!("an early end was told as {other:?}")),
    }
}

/// Lesson 03's mistake is a framing too, and it is the one of the course that is none.
mod one_read_is_no_message {
    use common::law::pieces;
    use lesson03::WhateverReadGave;

    use super::*;

    const WIRE: &[u8] = b"helloegg";

    fn told(cuts: &[usize]) -> Vec<Vec<u8>> {
        let arrived: Vec<&[u8]> = pieces(WIRE, cuts).into_iter().filter(|piece| !piece.is_empty()).collect();
        decode_pieces(&WhateverReadGave, arrived).messages
    }

    #[test]
    fn cutting_changes_the_messages_at_every_place() {
        assert_eq!(encoded(&WhateverReadGave, &[b"hello".to_vec(), b"egg".to_vec()]).unwrap(), WIRE);
        assert_eq!(told(&[]), [b"helloegg"]);
        for cut in 1..WIRE.len() {
            let (before, behind) = WIRE.split_at(cut);
            assert_eq!(told(&[cut]), [before, behind]);
            let law = same_messages_when_cut(&WhateverReadGave, WIRE, &[cut]).unwrap_err();
            assert!(law.starts_with(&format!("cut at [{cut}]: whole gave ")), "{law}");
        }
        assert_eq!(told(&[5]), [&b"hello"[..], b"egg"], "what was written comes out of one cut in seven");
    }

    #[test]
    fn more_bytes_change_an_answer_already_given() {
        let law = more_bytes_change_nothing(&WhateverReadGave, WIRE).unwrap_err();
        assert!(law.starts_with("1 bytes gave "), "{law}");
    }

    #[test]
    fn the_table_of_all_framings_would_refuse_it() {
        assert!(same_messages_however_cut(&WhateverReadGave, WIRE).is_err());
        let messages = vec(vec(any::<u8>(), 1..80).boxed(), 2..8);
        let held = cases(messages, |messages| {
            let wire = encoded(&WhateverReadGave, &messages)?;
            let whole = decode_pieces(&WhateverReadGave, [&wire[..]]).messages;
            if whole == messages { Ok(()) } else { Err("other messages came out".into()) }
        });
        assert!(held.is_err());
    }
}

/// A length in digits without an end, as a tutorial sends it and waits for `recv_ready`: the number is what has come.
struct DigitsWithoutAnEnd;

impl Framing for DigitsWithoutAnEnd {
    fn encode(&self, digits: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        out.extend(digits);
        Ok(())
    }

    fn decode<'a>(&self, input: &'a [u8]) -> Result<Option<Frame<'a>>, FrameError> {
        let digits = input.iter().take_while(|byte| byte.is_ascii_digit()).count();
        Ok((digits > 0).then(|| Frame { payload: &input[..digits], consumed: digits }))
    }

    fn ended_inside(&self, _: &[u8]) -> FrameError {
        FrameError::Malformed("a number has digits")
    }
}

#[test]
fn a_length_in_digits_without_an_end_breaks_both_laws() {
    let law = same_messages_when_cut(&DigitsWithoutAnEnd, b"12", &[1]).unwrap_err();
    assert!(law.starts_with("cut at [1]: whole gave "), "{law}");
    let law = more_bytes_change_nothing(&DigitsWithoutAnEnd, b"60").unwrap_err();
    assert!(law.starts_with("1 bytes gave "), "{law}");
    // The cure is one byte.
    let lines = EndMarker::default();
    assert_eq!(same_messages_however_cut(&lines, b"12\n60\n"), Ok(()));
    assert_eq!(more_bytes_change_nothing(&lines, b"12\n60\n"), Ok(()));
}

/// The smallest framing that can be wrong in every way that matters: two bytes of length, then the payload.
struct TwoBytes {
    bug: Option<Bug>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Bug {
    WhateverReadGaveIsAMessage,
    OtherByteOrder,
    HeaderNotConsumed,
    OneByteTooFewConsumed,
    ShortPayloadAccepted,
    EatsWhatFollows,
    EmptyMessageIsNotYet,
    PanicsInsideAHeader,
    RefusedButWritten,
    OverwritesTheOutput,
    EarlyEndIsMalformed,
    LimitJudgedWhenAllIsThere,
    OneOverTheLimitIsSent,
    OneOverTheLimitIsTaken,
    TheLimitItselfIsRefused,
}

/// All of them.
const BUGS: [Bug; 15] = [
    Bug::WhateverReadGaveIsAMessage,
    Bug::OtherByteOrder,
    Bug::HeaderNotConsumed,
    Bug::OneByteTooFewConsumed,
    Bug::ShortPayloadAccepted,
    Bug::EatsWhatFollows,
    Bug::EmptyMessageIsNotYet,
    Bug::PanicsInsideAHeader,
    Bug::RefusedButWritten,
    Bug::OverwritesTheOutput,
    Bug::EarlyEndIsMalformed,
    Bug::LimitJudgedWhenAllIsThere,
    Bug::OneOverTheLimitIsSent,
    Bug::OneOverTheLimitIsTaken,
    Bug::TheLimitItselfIsRefused,
];

const LIMIT: usize = 300;

impl Framing for TwoBytes {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let limit = if self.bug == Some(Bug::OneOverTheLimitIsSent) { LIMIT + 1 } else { LIMIT };
        let refused = message.len() > limit;
        if !refused || self.bug == Some(Bug::RefusedButWritten) {
            if self.bug == Some(Bug::OverwritesTheOutput) && message.len() == 1 {
                out.clear();
            }
            let length = u16::try_from(message.len()).unwrap();
            out.extend(if self.bug == Some(Bug::OtherByteOrder) {
                length.to_le_bytes()
            } else {
                length.to_be_bytes()
            });
            out.extend(message);
        }
        if refused {
            return Err(FrameError::TooLong { announced: message.len() as u64, limit: LIMIT });
        }
        Ok(())
    }

    fn decode<'a>(&self, input: &'a [u8]) -> Result<Option<Frame<'a>>, FrameError> {
        if self.bug == Some(Bug::WhateverReadGaveIsAMessage) && !input.is_empty() {
            return Ok(Some(Frame { payload: input, consumed: input.len() }));
        }
        if input.len() < 2 && !(self.bug == Some(Bug::PanicsInsideAHeader) && input.len() == 1) {
            return Ok(None);
        }
        let length = usize::from(u16::from_be_bytes([input[0], input[1]]));
        let limit = match self.bug {
            Some(Bug::OneOverTheLimitIsTaken) => LIMIT + 1,
            Some(Bug::TheLimitItselfIsRefused) => LIMIT - 1,
            Some(Bug::LimitJudgedWhenAllIsThere) if input.len() < 2 + length => usize::MAX,
            _ => LIMIT,
        };
        if length > limit {
            return Err(FrameError::TooLong { announced: length as u64, limit: LIMIT });
        }
        if self.bug == Some(Bug::EmptyMessageIsNotYet) && length == 0 {
            return Ok(None);
        }
        let there = &input[2..];
        let payload = match self.bug {
            Some(Bug::ShortPayloadAccepted) => &there[..length.min(there.len())],
            Some(Bug::EatsWhatFollows) if there.len() > length => &there[..length + 1],
            _ if there.len() < length => return Ok(None),
            _ => &there[..length],
        };
        let consumed = match self.bug {
            Some(Bug::HeaderNotConsumed) => payload.len().max(1),
            Some(Bug::OneByteTooFewConsumed) => payload.len() + 1,
            _ => payload.len() + 2,
        };
        Ok(Some(Frame { payload, consumed }))
    }

    fn ended_inside(&self, rest: &[u8]) -> FrameError {
        match self.bug {
            Some(Bug::EarlyEndIsMalformed) => FrameError::Malformed("ended"),
            _ if rest.len() < 2 => FrameError::EndedInHeader { got: rest.len(), of: Some(2) },
            _ => FrameError::EndedInBody { got: rest.len() - 2, of: None },
        }
    }
}

#[test]
fn every_framing_that_is_wrong_on_purpose_is_caught() {
    for bug in BUGS {
        let wrong = row("wrong", TwoBytes { bug: Some(bug) }, LIMIT, [1, 45]);
        assert!(keeps_the_laws(&wrong).is_err(), "{bug:?} was not seen");
    }
}

#[test]
fn the_chapter_says_how_much_was_tried() {
    let chapter = workspace().join("lessons/04-fixed-header/README.md");
    let chapter = std::fs::read_to_string(chapter).unwrap().replace('\n', " ");
    let tried = [
        format!("{} framings, each with {} random cases", framings().len(), 4 * CASES),
        format!("{} that are wrong on purpose", BUGS.len()),
    ];
    for tried in tried {
        assert!(chapter.contains(&tried), "the chapter does not say: {tried}");
    }
}
