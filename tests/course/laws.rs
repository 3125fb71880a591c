//! Every framing of the course is held to the same laws, with random messages, random cuts and random garbage: see
//! [`Law`].
//!
//! A lesson adds its framings to [`framings`], one row each. At the end stand framings that are wrong on purpose: each
//! must be caught by the laws that it breaks and by no other, or these laws would be worth nothing. Which bug breaks
//! which law is a table in chapter 04; `UPDATE_DEMOS=1 cargo test -p tests laws` rewrites it.

use std::fmt;

use common::law::{
    Decoded, End, decode_pieces, more_bytes_change_nothing, same_messages_however_cut,
    same_messages_when_cut,
};
use common::{Frame, FrameError, Framing};
use lesson03::WhateverReadGave;
use lesson04::{Delimiter, FixedHeader, FixedSize, TextLength};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestError, TestRunner};
use tests::demos::rewrite;
use tests::programs::workspace;

/// What a right framing keeps. The first two are those of `common::law`; the numbers are those of chapter 04.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Law {
    CutAnywhere = 1,
    MoreBytes,
    WhatWentIn,
    Garbage,
    Sending,
    EarlyEnd,
    Limit,
}

const LAWS: [Law; 7] = [
    Law::CutAnywhere,
    Law::MoreBytes,
    Law::WhatWentIn,
    Law::Garbage,
    Law::Sending,
    Law::EarlyEnd,
    Law::Limit,
];

impl fmt::Display for Law {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let law = match self {
            Law::CutAnywhere => "cut anywhere, the same messages come out",
            Law::MoreBytes => "more bytes never change an answer already given",
            Law::WhatWentIn => "what went in comes out",
            Law::Garbage => "garbage is refused or waited for, however it is cut",
            Law::Sending => "sending adds one whole message, or nothing at all",
            Law::EarlyEnd => "an early end is told as one",
            Law::Limit => "the limit passes, one byte more does not, and at once",
        };
        write!(f, "{} {law}", number(*self))
    }
}

fn number(law: Law) -> String {
    (law as u8).to_string()
}

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
        row(
            "two bytes of length",
            TwoBytes { bug: None },
            LIMIT,
            [1, 45],
        ),
        row(
            "fixed header, course wire",
            FixedHeader::course(),
            1_048_576,
            [0, 16, 0, 1],
        ),
        row(
            "fixed header, python wire",
            FixedHeader::python(),
            1_048_576,
            [1, 0, 16, 0],
        ),
        row(
            "fixed header, no more than the longest message here",
            FixedHeader::course().with_limit(79),
            79,
            [0, 0, 0, 80],
        ),
        row(
            "text length",
            TextLength::default(),
            1_048_576,
            *b"1048577\n",
        ),
        row(
            "text length, no more than the longest message here",
            TextLength { limit: 79 },
            79,
            *b"80\n",
        ),
        Row {
            messages: mixed(no_line_feed.clone(), 79),
            ..row("end marker", Delimiter::default(), 65_536, [b'x'; 65_537])
        },
        Row {
            messages: mixed(no_line_feed, 79),
            ..row(
                "end marker, no more than the longest message here",
                Delimiter { limit: 79 },
                79,
                [b'x'; 80],
            )
        },
        Row {
            messages: mixed(no_zero.clone(), 64),
            ..row("fixed size", FixedSize::default(), 64, [])
        },
        Row {
            messages: mixed(no_zero, 9),
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
    let framing = Box::new(framing);
    Row {
        name,
        framing,
        messages: mixed(any::<u8>(), 79),
        most,
        one_more: one_more.to_vec(),
    }
}

/// Messages of up to `most` bytes. Mistakes live at the edge: each third one has two bytes at most.
fn mixed(byte: impl Strategy<Value = u8> + Clone + 'static, most: usize) -> BoxedStrategy<Vec<u8>> {
    prop_oneof![1 => vec(byte.clone(), 0..=2), 2 => vec(byte, 0..=most)].boxed()
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
        let wire = encoded(
            &*row.framing,
            &[b"hello".to_vec(), vec![], b"a".to_vec(), vec![b'w'; 9]],
        )
        .unwrap();
        assert_eq!(
            same_messages_however_cut(&*row.framing, &wire),
            Ok(()),
            "{}",
            row.name
        );
        assert_eq!(
            more_bytes_change_nothing(&*row.framing, &wire),
            Ok(()),
            "{}",
            row.name
        );
    }
}

/// All laws; the first that is broken, by its name.
fn keeps_the_laws(row: &Row) -> Result<(), String> {
    LAWS.iter()
        .try_for_each(|law| law.holds(row).map_err(|why| format!("{law}: {why}")))
}

impl Law {
    fn holds(self, row: &Row) -> Result<(), String> {
        let framing = &*row.framing;
        let messages = || vec(row.messages.clone(), 0..8);
        let cuts = || vec(any::<prop::sample::Index>(), 0..12);
        let missing = || prop_oneof![0..4usize, 0..40usize];
        match self {
            // The stream need not end between two messages.
            Self::CutAnywhere => cases(
                (messages(), cuts(), missing()),
                |(messages, cuts, missing)| {
                    let wire = encoded(framing, &messages)?;
                    let every: Vec<usize> = (0..wire.len()).collect();
                    same_messages_when_cut(framing, &wire, &every)?;
                    let wire = &wire[..wire.len().saturating_sub(missing)];
                    same_messages_when_cut(framing, wire, &places(&cuts, wire.len()))
                },
            ),
            Self::MoreBytes => cases((messages(), garbage()), |(messages, garbage)| {
                let mut wire = encoded(framing, &messages)?;
                wire.extend(garbage);
                more_bytes_change_nothing(framing, &wire)
            }),
            Self::WhatWentIn => cases(messages(), |messages| {
                let told = decode_pieces(framing, [&encoded(framing, &messages)?[..]]);
                let went_in = Decoded {
                    messages,
                    end: End::Clean,
                };
                if told == went_in {
                    Ok(())
                } else {
                    Err(format!("{went_in:?} became {told:?}"))
                }
            }),
            Self::Garbage => cases((garbage(), cuts()), |(garbage, cuts)| {
                same_messages_when_cut(framing, &garbage, &places(&cuts, garbage.len()))?;
                more_bytes_change_nothing(framing, &garbage)
            }),
            Self::Sending => {
                cases(
                    (mixed(any::<u8>(), 400), vec(any::<u8>(), 0..5)),
                    |(message, before)| {
                        let mut out = before.clone();
                        match framing.encode(&message, &mut out) {
                            Err(_) if out != before => {
                                Err(format!("refused {message:?} and left {out:?}"))
                            }
                            Err(_) => Ok(()),
                            Ok(()) if !out.starts_with(&before) => {
                                Err("what stood in the output was changed".into())
                            }
                            Ok(()) if message.len() >= row.most => Ok(()), // the limit has a law of its own
                            Ok(()) => alone(framing, &out[before.len()..], &message),
                        }
                    },
                )
            }
            Self::EarlyEnd => cases((messages(), missing()), |(messages, missing)| {
                let wire = encoded(framing, &messages)?;
                an_early_end_is_told(framing, &wire[..wire.len().saturating_sub(missing)])
            }),
            Self::Limit => the_limit_is_where_it_is_said_to_be(row),
        }
    }
}

/// The laws that try random cases; the limit is a case of its own.
const RANDOM_LAWS: usize = LAWS.len() - 1;

/// These bytes are this message, and all of them are.
fn alone(framing: &dyn Framing, wire: &[u8], message: &[u8]) -> Result<(), String> {
    match framing.decode(wire) {
        Ok(Some(frame))
            if wire.get(frame.payload.clone()) == Some(message) && frame.consumed == wire.len() =>
        {
            Ok(())
        }
        other => Err(format!("{message:?} alone became {other:?}")),
    }
}

/// The longest message goes both ways, one byte more is refused both ways: reading, before its payload is there.
fn the_limit_is_where_it_is_said_to_be(row: &Row) -> Result<(), String> {
    let Row {
        framing,
        most,
        one_more,
        ..
    } = row;
    let longest = vec![b'x'; *most];
    let wire = encoded(&**framing, std::slice::from_ref(&longest))?;
    let told = decode_pieces(&**framing, [&wire[..]]);
    if told
        != (Decoded {
            messages: vec![longest],
            end: End::Clean,
        })
    {
        return Err(format!("a message of {most} bytes became {:?}", told.end));
    }
    if framing
        .encode(&vec![b'x'; most + 1], &mut Vec::new())
        .is_ok()
    {
        return Err(format!("a message of {} bytes was sent", most + 1));
    }
    match framing.decode(one_more) {
        Err(_) => Ok(()),
        Ok(_) if one_more.is_empty() => Ok(()),
        Ok(_) => Err(format!("a message of {} bytes was waited for", most + 1)),
    }
}

/// Random cases for each of the laws that take some.
const CASES: u32 = 200;

/// Runs `law` for random values of `strategy`; the error shows the smallest case that was found.
fn cases<S: Strategy>(
    strategy: S,
    law: impl Fn(S::Value) -> Result<(), String>,
) -> Result<(), String> {
    // No file with old failures: a failing case becomes a unit test.
    let config = Config {
        cases: CASES,
        failure_persistence: None,
        ..Config::default()
    };
    let result =
        TestRunner::new(config).run(&strategy, |value| law(value).map_err(TestCaseError::fail));
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
        framing
            .encode(message, &mut wire)
            .map_err(|error| format!("{message:?} was refused: {error}"))?;
    }
    Ok(wire)
}

fn places(cuts: &[prop::sample::Index], length: usize) -> Vec<usize> {
    cuts.iter().map(|cut| cut.index(length + 1)).collect()
}

/// Where a stream ends inside a message, the framing says in which part, and never something else.
fn an_early_end_is_told(framing: &dyn Framing, wire: &[u8]) -> Result<(), String> {
    let End::Unfinished(length) = decode_pieces(framing, [wire]).end else {
        return Ok(());
    };
    match framing.ended_inside(&wire[wire.len() - length..]) {
        FrameError::EndedInHeader { .. } | FrameError::EndedInBody { .. } => Ok(()),
        other => Err(format!("an early end was told as {other:?}")),
    }
}

/// Lesson 03's mistake is a framing too, and it is the one of the course that is none.
mod one_read_is_no_message {
    use common::law::pieces;

    use super::*;

    const WIRE: &[u8] = b"helloegg";

    fn told(cuts: &[usize]) -> Vec<Vec<u8>> {
        let arrived: Vec<&[u8]> = pieces(WIRE, cuts)
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .collect();
        decode_pieces(&WhateverReadGave, arrived).messages
    }

    #[test]
    fn cutting_changes_the_messages_at_every_place() {
        assert_eq!(
            encoded(&WhateverReadGave, &[b"hello".to_vec(), b"egg".to_vec()]).unwrap(),
            WIRE
        );
        assert_eq!(told(&[]), [b"helloegg"]);
        for cut in 1..WIRE.len() {
            let (before, behind) = WIRE.split_at(cut);
            assert_eq!(told(&[cut]), [before, behind]);
            let law = same_messages_when_cut(&WhateverReadGave, WIRE, &[cut]).unwrap_err();
            assert!(
                law.starts_with(&format!("cut at [{cut}]: whole gave ")),
                "{law}"
            );
        }
        assert_eq!(
            told(&[5]),
            [&b"hello"[..], b"egg"],
            "what was written comes out of one cut in seven"
        );
    }

    #[test]
    fn more_bytes_change_an_answer_already_given() {
        let law = more_bytes_change_nothing(&WhateverReadGave, WIRE).unwrap_err();
        assert!(law.starts_with("1 bytes gave "), "{law}");
    }

    #[test]
    fn the_table_of_all_framings_would_refuse_it() {
        // A row like the others, with messages that it can carry: an empty one would be no bytes at all.
        let row = Row {
            messages: vec(any::<u8>(), 1..80).boxed(),
            ..row("whatever one read gave", WhateverReadGave, LIMIT, [])
        };
        let told = keeps_the_laws(&row).unwrap_err();
        assert!(told.starts_with(&Law::CutAnywhere.to_string()), "{told}");
        assert_eq!(
            broken_by(&row),
            [
                Law::CutAnywhere,
                Law::MoreBytes,
                Law::WhatWentIn,
                Law::Garbage,
                Law::Limit
            ]
        );
    }
}

/// A length in digits without an end, as a tutorial sends it and waits for `recv_ready`: the number is what has come.
struct DigitsWithoutAnEnd;

impl Framing for DigitsWithoutAnEnd {
    fn encode(&self, digits: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        out.extend(digits);
        Ok(())
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        let digits = input
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        Ok((digits > 0).then_some(Frame {
            payload: 0..digits,
            consumed: digits,
        }))
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
    let lines = Delimiter::default();
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

/// All of them, in words, with the law that is there to catch it. It breaks others too: the table has them.
const BUGS: [(Bug, &str, Law); 15] = [
    (
        Bug::WhateverReadGaveIsAMessage,
        "what one read gave is a message",
        Law::CutAnywhere,
    ),
    (Bug::OtherByteOrder, "the other byte order", Law::WhatWentIn),
    (
        Bug::HeaderNotConsumed,
        "the header is not taken away",
        Law::WhatWentIn,
    ),
    (
        Bug::OneByteTooFewConsumed,
        "one byte too few is taken away",
        Law::WhatWentIn,
    ),
    (
        Bug::ShortPayloadAccepted,
        "a short payload counts as a whole one",
        Law::MoreBytes,
    ),
    (
        Bug::EatsWhatFollows,
        "a message takes the next byte too",
        Law::MoreBytes,
    ),
    (
        Bug::EmptyMessageIsNotYet,
        "an empty message is waited for",
        Law::WhatWentIn,
    ),
    (
        Bug::PanicsInsideAHeader,
        "half a header is a panic",
        Law::CutAnywhere,
    ),
    (
        Bug::RefusedButWritten,
        "refused, and sent all the same",
        Law::Sending,
    ),
    (
        Bug::OverwritesTheOutput,
        "a message overwrites the one before it",
        Law::Sending,
    ),
    (
        Bug::EarlyEndIsMalformed,
        "an early end is told as garbage",
        Law::EarlyEnd,
    ),
    (
        Bug::LimitJudgedWhenAllIsThere,
        "the limit is judged when all is there",
        Law::Limit,
    ),
    (
        Bug::OneOverTheLimitIsSent,
        "one byte over the limit is sent",
        Law::Limit,
    ),
    (
        Bug::OneOverTheLimitIsTaken,
        "one byte over the limit is taken",
        Law::Limit,
    ),
    (
        Bug::TheLimitItselfIsRefused,
        "the limit itself is refused",
        Law::Limit,
    ),
];

const LIMIT: usize = 300;

impl Framing for TwoBytes {
    fn encode(&self, message: &[u8], out: &mut Vec<u8>) -> Result<(), FrameError> {
        let limit = if self.bug == Some(Bug::OneOverTheLimitIsSent) {
            LIMIT + 1
        } else {
            LIMIT
        };
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
            return Err(FrameError::TooLong {
                announced: message.len() as u64,
                limit: LIMIT,
            });
        }
        Ok(())
    }

    fn decode(&self, input: &[u8]) -> Result<Option<Frame>, FrameError> {
        if self.bug == Some(Bug::WhateverReadGaveIsAMessage) && !input.is_empty() {
            return Ok(Some(Frame {
                payload: 0..input.len(),
                consumed: input.len(),
            }));
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
            return Err(FrameError::TooLong {
                announced: length as u64,
                limit: LIMIT,
            });
        }
        if self.bug == Some(Bug::EmptyMessageIsNotYet) && length == 0 {
            return Ok(None);
        }
        let there = input.len() - 2;
        let payload = match self.bug {
            Some(Bug::ShortPayloadAccepted) => 2..2 + length.min(there),
            Some(Bug::EatsWhatFollows) if there > length => 2..2 + length + 1,
            _ if there < length => return Ok(None),
            _ => 2..2 + length,
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
            _ if rest.len() < 2 => FrameError::EndedInHeader {
                got: rest.len(),
                of: Some(2),
            },
            _ => FrameError::EndedInBody {
                got: rest.len() - 2,
                of: None,
            },
        }
    }
}

/// The laws that this framing does not keep.
fn broken_by(row: &Row) -> Vec<Law> {
    LAWS.into_iter()
        .filter(|law| law.holds(row).is_err())
        .collect()
}

#[test]
fn every_framing_that_is_wrong_on_purpose_is_caught_by_its_law() {
    let mut table = format!("{:<40}  breaks the laws\n", "wrong on purpose");
    for (bug, words, law) in BUGS {
        let broken = broken_by(&row(words, TwoBytes { bug: Some(bug) }, LIMIT, [1, 45]));
        assert!(broken.contains(&law), "{bug:?} was not seen by law {law}");
        let numbers = LAWS.map(|law| {
            if broken.contains(&law) {
                number(law)
            } else {
                ".".to_owned()
            }
        });
        table += &format!("{words:<40}  {}\n", numbers.join(" "));
    }
    table += "\n";
    for law in LAWS {
        table += &format!("{law}\n");
    }
    let file = workspace().join("lessons/04-fixed-header/tables/wrong-on-purpose.txt");
    if rewrite() {
        std::fs::write(&file, &table).unwrap();
    }
    let committed = std::fs::read_to_string(file).unwrap();
    assert_eq!(
        committed, table,
        "UPDATE_DEMOS=1 cargo test -p tests laws rewrites wrong-on-purpose.txt"
    );
}

#[test]
fn the_chapter_says_how_much_was_tried() {
    let chapter = workspace().join("lessons/04-fixed-header/README.md");
    let chapter = std::fs::read_to_string(chapter).unwrap().replace('\n', " ");
    let tried = [
        format!(
            "{} framings, each with {} random cases",
            framings().len(),
            RANDOM_LAWS * CASES as usize
        ),
        format!("{} that are wrong on purpose", BUGS.len()),
    ];
    for tried in tried {
        assert!(
            chapter.contains(&tried),
            "the chapter does not say: {tried}"
        );
    }
}
