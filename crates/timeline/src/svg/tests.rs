//! What the drawings promise: the same every time, escaped, bounded, and read without a picture.
use std::io::{Cursor, Read, Write};

use crate::{Part, Recorder};

/// One write of `bytes` by the client, drawn.
fn written(bytes: &[u8]) -> String {
    let recorder = Recorder::every_call();
    recorder
        .stream("client", Cursor::new(Vec::new()))
        .write_all(bytes)
        .unwrap();
    recorder.recording().text()
}

#[test]
fn what_a_peer_sent_cannot_command_the_terminal() {
    let text = written("a\u{1b}]0;x\u{7}\u{202e}\n粘".as_bytes());
    assert!(text.contains(r"a\u{1b}]0;x\u{7}\u{202e}\n粘"), "{text}");
    assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'));
    assert!(written(&[0xff, 0x00, 0x80, 0x01]).contains("ff 00 80 01"));
}

#[test]
fn after_a_thousand_events_the_rest_is_counted() {
    let recorder = Recorder::every_call();
    let mut tap = recorder.stream("client", Cursor::new(Vec::new()));
    for _ in 0..1234 {
        tap.write_all(b"x").unwrap();
    }
    let recording = recorder.recording();
    assert!(
        recording.text().ends_with("\n... 234 more\n"),
        "{}",
        recording.text()
    );
}

#[test]
fn a_read_of_what_was_just_written_part_by_part_is_not_told_twice() {
    let layout = |first: &[u8]| match first {
        [_, _, _, length, ..] => vec![
            Part::big_endian("length", 4),
            Part::new("header", usize::from(*length)),
        ],
        _ => Vec::new(),
    };
    for (came, line) in [
        (&b"\0\0\0\x02hi"[..], "the same 6 bytes"),
        (b"\0\0\0\x02ho", "“ho”"),
        (b"\0\0\0\x01h", "“h”"),
    ] {
        let recorder = Recorder::joined()
            .with_layout(layout)
            .with_sides(&["client", "server"]);
        recorder
            .stream("client", Cursor::new(Vec::new()))
            .write_all(b"\0\0\0\x02hi")
            .unwrap();
        recorder
            .stream("server", Cursor::new(came))
            .read_exact(&mut vec![0; came.len()])
            .unwrap();
        let text = recorder.recording().text();
        assert!(text.contains("“hi”") && text.contains(line), "{text}");
    }
}

#[test]
fn parts_are_named_as_far_as_bytes_came_and_the_rest_is_more() {
    let layout = |first: &[u8]| match first {
        [0xca, ..] => vec![Part::hex("magic", 2), Part::little_endian_signed("size", 4)],
        _ => Vec::new(),
    };
    let drawn = |bytes: &[u8]| {
        let recorder = Recorder::joined().with_layout(layout);
        recorder
            .stream("client", Cursor::new(Vec::new()))
            .write_all(bytes)
            .unwrap();
        recorder.recording().text()
    };
    let whole = drawn(b"\xca\xfe\xff\xff\xff\xff+rest");
    assert!(
        whole.contains("ca fe") && whole.contains("= -1") && whole.contains("“+rest”"),
        "{whole}"
    );
    assert!(
        drawn(b"\xca\xfe\x01").contains("1 of 4  01\n"),
        "{}",
        drawn(b"\xca\xfe\x01")
    );
}

#[test]
fn four_lanes_fit_beside_each_other() {
    let recorder =
        Recorder::every_call().with_sides(&["client A", "client B", "client C", "server"]);
    for side in ["client A", "client B", "client C"] {
        recorder
            .stream(side, Cursor::new(Vec::new()))
            .facing("server")
            .write_all(b"hello")
            .unwrap();
    }
    let text = recorder.recording().text();
    let arrows: Vec<&str> = text.lines().filter(|line| line.contains('▶')).collect();
    assert_eq!(arrows.len(), 3, "{text}");
    assert!(
        text.lines().all(|line| line.chars().count() <= 108),
        "{text}"
    );
}

#[test]
fn the_picture_is_escaped_named_and_has_no_blank_line() {
    let recorder = Recorder::joined().with_sides(&["client", "server"]);
    recorder
        .stream("client", Cursor::new(Vec::new()))
        .write_all(b"<script>&\"\x01")
        .unwrap();
    let svg = recorder.recording().svg("A <title>", "what & why");
    assert!(svg.starts_with("<svg ") && svg.trim_end().ends_with("</svg>"));
    assert!(svg.contains("role=\"img\"") && svg.contains("aria-labelledby=\"title desc\""));
    assert!(svg.contains("&lt;script&gt;&amp;") && !svg.contains("<script"));
    assert!(svg.contains("A &lt;title&gt;") && svg.contains("what &amp; why"));
    assert!(!svg.contains("\n\n") && !svg.contains('\u{1}'));
}

#[test]
fn a_recorder_that_is_off_passes_everything_through_and_keeps_nothing() {
    let recorder = Recorder::off();
    let mut tap = recorder.stream("client", Cursor::new(Vec::new()));
    tap.write_all(b"hello").unwrap();
    recorder.note("client", "nothing");
    assert_eq!(tap.into_inner().into_inner(), b"hello");
    assert!(recorder.recording().is_empty() && !recorder.is_on());
}

#[test]
fn taking_a_recording_begins_a_new_one() {
    let recorder = Recorder::joined();
    let mut tap = recorder.stream("server", Cursor::new(Vec::new()));
    tap.write_all(b"one").unwrap();
    assert!(recorder.take().text().contains("“one”"));
    tap.write_all(b"two").unwrap();
    let second = recorder.take().text();
    assert!(
        second.contains("“two”") && !second.contains("one"),
        "{second}"
    );
}
