//! Taps change nothing, and see everything: in-memory streams that give what a test tells them to.
use std::cell::Cell;
use std::collections::VecDeque;
use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::time::{Duration, Instant};

use common::Timeouts;

use crate::{Call, Recorder, Recording};

/// Gives the answers it was told to give, one a call.
#[derive(Default)]
struct Scripted {
    reads: VecDeque<Result<Vec<u8>, ErrorKind>>,
    /// How much each write takes.
    writes: VecDeque<Result<usize, ErrorKind>>,
    written: Vec<u8>,
}

impl Read for Scripted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.reads.pop_front().unwrap_or(Ok(Vec::new()))?;
        buffer[..bytes.len()].copy_from_slice(&bytes);
        Ok(bytes.len())
    }
}

impl Write for Scripted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let size = self
            .writes
            .pop_front()
            .unwrap_or(Ok(usize::MAX))?
            .min(bytes.len());
        self.written.extend_from_slice(&bytes[..size]);
        Ok(size)
    }

    fn write_vectored(&mut self, pieces: &[IoSlice<'_>]) -> io::Result<usize> {
        let all = pieces
            .iter()
            .flat_map(|piece| piece.iter().copied())
            .collect::<Vec<u8>>();
        self.write(&all)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn reads(script: &[Result<&[u8], ErrorKind>]) -> Scripted {
    let reads = script.iter().map(|read| read.map(<[u8]>::to_vec)).collect();
    Scripted {
        reads,
        ..Scripted::default()
    }
}

fn writes(script: &[Result<usize, ErrorKind>]) -> Scripted {
    Scripted {
        writes: script.iter().copied().collect(),
        ..Scripted::default()
    }
}

/// What stands in the drawing, without the head and the lanes.
fn rows(recorder: &Recorder) -> Vec<String> {
    rows_of(&recorder.recording())
}

fn rows_of(recording: &Recording) -> Vec<String> {
    let text = recording.text();
    let words = |line: &str| {
        let shown = line
            .split_whitespace()
            .filter(|word| !word.chars().all(|c| "│─▶◀●·┼".contains(c)));
        shown.skip(1).collect::<Vec<_>>().join(" ")
    };
    text.lines()
        .skip(1)
        .filter(|line| !line.is_empty())
        .map(words)
        .collect()
}

#[test]
fn a_run_of_reads_is_one_event_with_the_sum() {
    let recorder = Recorder::joined();
    let mut tap = recorder.stream("client", reads(&[Ok(b"he"), Ok(b"l"), Ok(b"lo"), Ok(b"")]));
    let mut got = Vec::new();
    tap.read_to_end(&mut got).unwrap();
    assert_eq!(got, b"hello");
    assert_eq!(
        rows(&recorder),
        [
            "client read 5 bytes, in pieces “hello”",
            "client read 0 bytes end of the stream"
        ]
    );
}

#[test]
fn each_read_stands_for_itself_when_asked_for_every_call() {
    let recorder = Recorder::every_call();
    let mut tap = recorder.stream("client", reads(&[Ok(b"he"), Ok(b"llo")]));
    for _ in 0..3 {
        let _ = tap.read(&mut [0; 1024]).unwrap();
    }
    assert_eq!(
        rows(&recorder),
        [
            "client read(1,024) 2 bytes “he”",
            "client read(1,024) 3 bytes “llo”",
            "client read(1,024) 0 bytes end of the stream"
        ]
    );
}

#[test]
fn a_run_ends_when_the_side_does_anything_else() {
    let recorder = Recorder::joined();
    let mut tap = recorder.stream("client", reads(&[Ok(b"a"), Ok(b"b"), Ok(b"c"), Ok(b"d")]));
    let mut one = [0; 1];
    tap.write_all(b"1").unwrap();
    tap.write_all(b"2").unwrap();
    tap.read_exact(&mut one).unwrap();
    tap.read_exact(&mut one).unwrap();
    recorder.note("client", "thinks");
    tap.read_exact(&mut one).unwrap();
    recorder.call("client", Call::Other("poll"));
    tap.read_exact(&mut one).unwrap();
    tap.write_all(b"3").unwrap();
    let expected = [
        "write 1 byte “1”",
        "write 1 byte “2”",
        "read 2 bytes, in pieces “ab”",
        "thinks",
        "read 1 byte “c”",
        "poll",
        "read 1 byte “d”",
        "write 1 byte “3”",
    ];
    assert_eq!(rows(&recorder), expected.map(|row| format!("client {row}")));
}

#[test]
fn two_streams_of_one_side_are_two_runs() {
    let recorder = Recorder::joined();
    let (mut one, mut two) = (
        recorder.stream("server", writes(&[])),
        recorder.stream("server", writes(&[])),
    );
    one.write_all(b"a").unwrap();
    two.write_all(b"b").unwrap();
    assert_eq!(
        rows(&recorder),
        ["server write 1 byte “a”", "server write 1 byte “b”"]
    );
}

#[test]
fn an_error_passes_through_and_stands_for_itself() {
    let recorder = Recorder::joined();
    let script = [
        Ok(&b"ab"[..]),
        Err(ErrorKind::WouldBlock),
        Ok(b"c"),
        Err(ErrorKind::ConnectionReset),
    ];
    let mut tap = recorder.stream("client", reads(&script));
    let mut buffer = [0; 10];
    assert_eq!(tap.read(&mut buffer).unwrap(), 2);
    assert_eq!(
        tap.read(&mut buffer).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    assert_eq!(tap.read(&mut buffer).unwrap(), 1);
    assert_eq!(
        tap.read(&mut buffer).unwrap_err().kind(),
        ErrorKind::ConnectionReset
    );
    assert_eq!(
        rows(&recorder),
        [
            "client read 2 bytes “ab”",
            "client read failed: timed out",
            "client read 1 byte “c”",
            "client read failed: reset by the peer"
        ]
    );
}

#[test]
fn a_call_that_a_signal_interrupted_leaves_no_trace_in_a_run() {
    let recorder = Recorder::joined();
    let mut tap = recorder.stream(
        "client",
        Scripted {
            reads: [
                Ok(b"a".to_vec()),
                Err(ErrorKind::Interrupted),
                Ok(b"b".to_vec()),
            ]
            .into(),
            writes: [
                Err(ErrorKind::Interrupted),
                Ok(1),
                Err(ErrorKind::Interrupted),
                Ok(9),
            ]
            .into(),
            written: Vec::new(),
        },
    );
    tap.write_all(b"xyz").unwrap(); // tries again by itself
    tap.read_exact(&mut [0; 2]).unwrap();
    assert_eq!(
        rows(&recorder),
        [
            "client write 1 byte “x” short: 2 bytes not taken",
            "client write 2 bytes “yz”",
            "client read 2 bytes, in pieces “ab”"
        ]
    );
}

#[test]
fn a_short_write_passes_through_and_is_seen() {
    let recorder = Recorder::every_call();
    let mut tap = recorder.stream("client", writes(&[Ok(2)]));
    assert_eq!(tap.write(b"hello").unwrap(), 2);
    assert_eq!(tap.get_ref().written, b"he");
    assert_eq!(
        rows(&recorder),
        ["client write 2 bytes “he” short: 3 bytes not taken"]
    );
}

#[test]
fn a_vectored_write_is_vectored_underneath_and_seen_as_one() {
    let recorder = Recorder::every_call();
    let mut tap = recorder.stream("client", writes(&[Ok(4)]));
    assert_eq!(
        tap.write_vectored(&[IoSlice::new(b"he"), IoSlice::new(b"llo")])
            .unwrap(),
        4
    );
    assert_eq!(
        rows(&recorder),
        ["client write 4 bytes “hell” short: 1 byte not taken"]
    );
}

#[test]
fn a_recorder_that_is_off_passes_everything_through_and_knows_nothing() {
    let recorder = Recorder::off();
    let mut tap = recorder
        .stream("client", reads(&[Ok(b"a"), Err(ErrorKind::TimedOut)]))
        .facing("server");
    assert_eq!(tap.read(&mut [0; 9]).unwrap(), 1);
    assert_eq!(
        tap.read(&mut [0; 9]).unwrap_err().kind(),
        ErrorKind::TimedOut
    );
    tap.write_all(b"xyz").unwrap();
    assert_eq!(tap.into_inner().written, b"xyz");
    recorder.note("client", "x");
    recorder.call("client", Call::Close);
    recorder.turn();
    let refused = || Err::<(), _>(ErrorKind::ConnectionRefused.into());
    assert!(recorder.calling("client", Call::Connect, refused).is_err());
    assert!(!recorder.is_on() && recorder.recording().is_empty() && recorder.take().is_empty());
    assert_eq!(recorder.recording().text(), "nothing was recorded\n");
}

#[test]
fn only_the_first_thousand_events_are_kept_and_the_others_counted() {
    let recorder = Recorder::every_call();
    let mut tap = recorder.stream("client", writes(&[]));
    for _ in 0..1003 {
        tap.write_all(b"x").unwrap();
    }
    let recording = recorder.recording();
    assert!(
        recording.text().ends_with("\n\n... 3 more\n"),
        "{}",
        recording.text()
    );
    assert_eq!(recording.text().matches("write").count(), 1000);
    assert!(recording.svg("b", "c").contains(">… 3 more</text>"));

    let recorder = Recorder::joined();
    let mut tap = recorder.stream("client", reads(&[Ok(&b"y"[..]); 5]));
    for _ in 0..1000 {
        recorder.note("client", "x");
    }
    for _ in 0..5 {
        tap.read_exact(&mut [0]).unwrap(); // a run counts once, kept or not
    }
    recorder.note("client", "x");
    assert!(recorder.recording().text().ends_with("... 2 more\n"));

    // Whoever takes them has space again, for a read that went on all the time, too.
    let mut tap = recorder.stream("client", reads(&[Ok(&b"z"[..]); 2]));
    tap.read_exact(&mut [0]).unwrap();
    assert!(recorder.take().text().ends_with("... 3 more\n"));
    tap.read_exact(&mut [0]).unwrap();
    assert_eq!(rows_of(&recorder.take()), ["client read 1 byte “z”"]);
}

#[test]
fn taking_begins_anew_and_a_call_that_was_under_way_spoils_nothing() {
    struct Slow<'r>(&'r Recorder);
    impl Write for Slow<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // While this call is under way somebody takes the recording, and something else happens.
            assert_eq!(rows(self.0), ["client write not back yet"]);
            assert!(!self.0.take().is_empty());
            self.0
                .stream("client", Vec::new())
                .write_all(b"new")
                .unwrap();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let recorder = Recorder::joined();
    recorder
        .stream("client", Slow(&recorder))
        .write_all(b"old")
        .unwrap();
    assert_eq!(rows(&recorder), ["client write 3 bytes “new”"]);
}

#[test]
fn a_program_that_invents_names_for_ever_fills_no_memory() {
    let recorder = Recorder::joined().with_sides(&["third"]);
    for client in 0..5000 {
        let tap = recorder.stream(&format!("client {client}"), writes(&[]));
        let mut tap = tap.facing("server");
        tap.write_all(b"x").unwrap();
        let text = recorder.take().text();
        assert!(
            text.contains("●───") || text.contains("───●"),
            "client {client}: {text}"
        );
    }
    recorder.note("client 0", "an old name");
    recorder.note("client 4999", "a late one");
    let text = recorder.recording().text();
    assert!(
        text.contains("client 0") && text.contains("others"),
        "{text}"
    );
}

#[test]
fn of_more_than_eight_writes_in_a_row_a_trace_makes_one_row_that_says_how_many() {
    for (writes_made, expected) in [(8, 8), (9, 1), (400, 1)] {
        let recorder = Recorder::folded();
        let mut tap = recorder.stream("client", writes(&[]));
        for number in 0..writes_made {
            tap.write_all(&[b'a' + (number % 26) as u8]).unwrap();
        }
        let rows = rows(&recorder);
        assert_eq!(rows.len(), expected, "{rows:?}");
        let told = format!("{writes_made} bytes, in {writes_made} calls “abcdefghi");
        assert_eq!(rows[0].contains(&told), expected == 1, "{rows:?}");
    }
    let recorder = Recorder::folded();
    let (mut one, mut two) = (
        recorder.stream("client", writes(&[])),
        recorder.stream("client", writes(&[])),
    );
    for _ in 0..20 {
        one.write_all(b"x").unwrap();
        two.write_all(b"x").unwrap();
    }
    assert_eq!(rows(&recorder).len(), 40, "others stand between them");
    let demo = Recorder::joined();
    let mut tap = demo.stream("client", writes(&[]));
    for _ in 0..20 {
        tap.write_all(b"x").unwrap();
    }
    assert_eq!(rows(&demo).len(), 20, "in a demo a write is a write");
}

#[test]
fn beyond_the_limit_a_trace_counts_on() {
    let recorder = Recorder::folded();
    for _ in 0..995 {
        recorder.note("client", "x");
    }
    let mut tap = recorder.stream("client", writes(&[]));
    for _ in 0..50 {
        tap.write_all(b"x").unwrap();
    }
    let text = recorder.recording().text();
    assert!(text.contains("in ") || text.contains("more"), "{text}");
    assert!(text.lines().count() < 1010);
}

/// A stream with a clock of its own that remembers what was set.
struct Remembers(Cell<[Option<Duration>; 2]>, Instant);

impl Timeouts for Remembers {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.0.set([left, self.0.get()[1]]);
        Ok(())
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.0.set([self.0.get()[0], left]);
        Ok(())
    }

    fn now(&self) -> Instant {
        self.1
    }
}

#[test]
fn a_tap_obeys_a_deadline_and_has_the_clock_of_its_stream() {
    let now = Instant::now() + Duration::from_secs(1000);
    let tap = Recorder::every_call().stream("client", Remembers(Cell::default(), now));
    let (read, write) = (Some(Duration::from_secs(1)), Some(Duration::from_secs(2)));
    tap.set_read_timeout(read).unwrap();
    tap.set_write_timeout(write).unwrap();
    assert_eq!(tap.get_ref().0.get(), [read, write]);
    assert_eq!(tap.now(), now);
}

#[test]
fn after_a_broken_pipe_a_close_sends_no_fin() {
    for (kind, fins) in [(ErrorKind::BrokenPipe, 0), (ErrorKind::TimedOut, 1)] {
        let recorder = Recorder::every_call();
        let mut tap = recorder.stream("client", writes(&[Err(kind)]));
        assert!(tap.write(b"x").is_err());
        tap.close();
        assert_eq!(recorder.recording().text().matches("FIN").count(), fins);
    }
}

#[test]
fn short_writes_say_so_on_their_line_and_in_a_trace_with_their_sum() {
    for given in [50, 75] {
        let recorder = Recorder::every_call();
        let mut tap = recorder.stream("client", writes(&[Ok(given)]));
        assert_eq!(tap.write(&[b'x'; 90]).unwrap(), given);
        let text = recorder.recording().text();
        let row = text.lines().last().unwrap();
        assert!(
            text.lines().count() == 2 && row.chars().count() <= 100,
            "{text}"
        );
        let remark = format!("” …  short: {} bytes not taken", 90 - given);
        assert!(row.ends_with(&remark), "{text}");
    }

    let recorder = Recorder::folded();
    let mut tap = recorder.stream("client", writes(&[Ok(1); 9]));
    for _ in 0..9 {
        assert_eq!(tap.write(b"xy").unwrap(), 1);
    }
    let told = "client write 9 bytes, in 9 calls “xxxxxxxxx” short: 9 bytes not taken";
    assert_eq!(rows(&recorder), [told]);
}
