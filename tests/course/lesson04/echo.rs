//! `server` and `client`: the bytes of each framing, whatever the cutting.

use super::wire::{Peer, framed, meet, padded};
use super::{serve, talk};

/// Framing, wire, the bytes of `hi`, of nothing, and of `粘x`, and of their answers.
fn rows() -> Vec<(&'static str, &'static str, Vec<u8>, Vec<u8>)> {
    let (asked, answered) = (["hi", "", "粘x"], ["HI", "", "粘X"]);
    let all = |frame: fn(&[u8]) -> Vec<u8>| {
        let join = |words: [&str; 3]| words.map(|word| frame(word.as_bytes())).concat();
        (join(asked), join(answered))
    };
    let little = |bytes: &[u8]| [&(bytes.len() as i32).to_le_bytes(), bytes].concat();
    [
        ("marker", "course", all(|bytes| [bytes, b"\n"].concat())),
        (
            "text",
            "course",
            all(|bytes| [format!("{}\n", bytes.len()).as_bytes(), bytes].concat()),
        ),
        ("size", "course", all(padded)),
        ("header", "course", all(framed)),
        ("header", "python", all(little)),
    ]
    .map(|(framing, wire, (asked, answered))| (framing, wire, asked, answered))
    .into()
}

#[test]
fn a_server_answers_in_the_bytes_of_its_framing_however_it_is_asked() {
    for (framing, wire, asked, answered) in rows() {
        let server = serve(&["server", "--framing", framing, "--wire", wire]);
        let mut whole = Peer::connect(&server);
        assert_eq!(
            whole.send(&asked).take(answered.len()),
            answered,
            "{framing} {wire}"
        );
        assert_eq!(whole.half_close().rest(), b"");
        let mut cut = Peer::connect(&server);
        for byte in &asked {
            cut.send(&[*byte]);
        }
        assert_eq!(
            cut.half_close().rest(),
            answered,
            "{framing} {wire}, byte by byte"
        );
        assert_eq!(
            server.stop().err(),
            "",
            "two clean ends are no line in the log"
        );
    }
}

#[test]
fn a_client_sends_one_entry_as_one_frame_and_shows_one_line_for_each_answer() {
    for (framing, wire, asked, answered) in rows() {
        let finished = meet(
            &["client", "--framing", framing, "--wire", wire],
            "hi\r\n\n粘x".as_bytes(),
            |mut peer| {
                // One question at a time: the next comes when the last is answered.
                let mut left = asked.as_slice();
                let mut answers = answered.as_slice();
                for length in [2, 0, 4] {
                    let size = frame_size(framing, length);
                    assert_eq!(peer.take(size), left[..size], "{framing} {wire}");
                    peer.send(&answers[..size]);
                    (left, answers) = (&left[size..], &answers[size..]);
                }
                assert_eq!(peer.rest(), b"");
            },
        );
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("HI\n\n粘X\n", Some(0)),
            "{finished}"
        );
        assert_eq!(finished.err(), "");
    }
}

fn frame_size(framing: &str, length: usize) -> usize {
    match framing {
        "marker" => length + 1,
        "text" => length + 2,
        "size" => 64,
        _ => length + 4,
    }
}

#[test]
fn our_two_ends_understand_each_other_under_every_framing_and_every_byte_survives() {
    let entry: Vec<u8> = (1..=255)
        .filter(|byte| !b"\n".contains(byte))
        .take(60)
        .collect();
    for (framing, wire, ..) in rows() {
        let scene = |name| [name, "--framing", framing, "--wire", wire];
        let server = serve(&scene("server"));
        let finished = talk(
            &server,
            &scene("client"),
            &[],
            &[&entry[..], b"\nb\n"].concat(),
        );
        assert_eq!(finished.status.code(), Some(0), "{finished}");
        let mut lines = finished.stdout.split(|&byte| byte == b'\n');
        let shown = String::from_utf8_lossy(lines.next().unwrap());
        assert!(
            shown.starts_with(r"\u{1}\u{2}") && shown.contains("!\"#$%&'()*+,-./012"),
            "{shown}"
        );
        assert_eq!(lines.next(), Some(&b"B"[..]));
    }
}

#[test]
fn an_entry_that_a_framing_cannot_carry_is_told_and_the_others_still_go() {
    for (framing, entry, why) in [
        (
            "marker",
            vec![b'x'; 65_537],
            "frame of 65537 bytes is over the limit of 65536",
        ),
        (
            "text",
            vec![b'x'; 1_048_577],
            "frame of 1048577 bytes is over the limit of 1048576",
        ),
        (
            "header",
            vec![b'x'; 1_048_577],
            "frame of 1048577 bytes is over the limit of 1048576",
        ),
        (
            "size",
            vec![b'x'; 65],
            "frame of 65 bytes is over the limit of 64",
        ),
        (
            "size",
            b"a\0b".to_vec(),
            "a message with a zero byte in it cannot be told from its padding",
        ),
    ] {
        let server = serve(&["server", "--framing", framing]);
        let input = [b"one\n", &entry[..], b"\nthree\n"].concat();
        let finished = talk(&server, &["client", "--framing", framing], &[], &input);
        assert_eq!(
            (finished.out().as_str(), finished.status.code()),
            ("ONE\nTHREE\n", Some(1))
        );
        assert_eq!(finished.err(), format!("error: entry 2: {why}\n"));
    }
}

#[test]
fn the_largest_message_of_each_framing_comes_back_whole() {
    for (framing, size) in [
        ("marker", 65_536),
        ("text", 1_048_576),
        ("size", 64),
        ("header", 1_048_576),
    ] {
        let server = serve(&["server", "--framing", framing]);
        let finished = talk(
            &server,
            &["client", "--framing", framing],
            &[],
            &vec![b'x'; size],
        );
        assert_eq!(finished.stdout.len(), size + 1, "{framing}");
        assert!(finished.stdout[..size].iter().all(|&byte| byte == b'X'));
    }
}

#[test]
fn two_ends_with_different_framings_find_out_and_say_so() {
    let server = serve(&["server", "--framing", "header"]);
    let finished = talk(
        &server,
        &["client", "--framing", "marker"],
        &[],
        b"GET me something\n",
    );
    assert_eq!(finished.status.code(), Some(1));
    let (addr, why) = (
        server.addr(),
        "the server closed the connection without an answer",
    );
    assert_eq!(finished.err(), format!("error: {addr}: {why}\n"));
    assert!(
        server
            .stop()
            .err()
            .contains("frame of 1195725856 bytes is over the limit of 1048576")
    );
}
