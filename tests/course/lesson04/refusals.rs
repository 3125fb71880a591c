//! Peers that lie, stop in the middle, or say nothing: each is told apart, and the next one is served.

use super::serve;
use super::wire::{Peer, framed, meet, padded};

#[test]
fn an_announcement_over_the_limit_is_refused_at_once_with_number_and_limit() {
    let course: [(u32, &str); 4] = [
        (
            i32::MAX as u32,
            "frame of 2147483647 bytes is over the limit of 1048576",
        ),
        (
            u32::MAX,
            "frame of 4294967295 bytes is over the limit of 1048576",
        ),
        (
            i32::MIN as u32,
            "frame of 2147483648 bytes is over the limit of 1048576",
        ),
        (
            1_048_577,
            "frame of 1048577 bytes is over the limit of 1048576",
        ),
    ];
    for scene in ["server", "command-server", "flood-server"] {
        let server = serve(&[scene]);
        for (announced, told) in course {
            let mut peer = Peer::connect(&server);
            // At once: nothing follows the four bytes, and the connection is still open on our side.
            assert_eq!(peer.send(&announced.to_be_bytes()).rest(), b"");
            assert_eq!(peer.logged(&server), told, "{scene}");
        }
    }
}

#[test]
fn on_the_python_wire_a_length_can_be_negative_and_is_refused_too() {
    let lies = [
        (
            i32::MAX,
            "frame of 2147483647 bytes is over the limit of 1048576",
        ),
        (
            -1,
            "frame of -1 bytes is under the least allowed (the limit is 1048576)",
        ),
        (
            i32::MIN,
            "frame of -2147483648 bytes is under the least allowed (the limit is 1048576)",
        ),
    ];
    for scene in ["server", "flood-server"] {
        let server = serve(&[scene, "--wire", "python"]);
        for (announced, told) in lies {
            let mut peer = Peer::connect(&server);
            assert_eq!(peer.send(&announced.to_le_bytes()).rest(), b"");
            assert_eq!(peer.logged(&server), told, "{scene}");
        }
    }
    for (announced, told) in lies {
        let finished = meet(
            &["run", "--wire", "python", "--", "date"],
            b"",
            |mut peer| {
                assert_eq!(peer.take(4), b"date");
                peer.send(&announced.to_le_bytes()).rest();
            },
        );
        assert_eq!(finished.status.code(), Some(1));
        assert!(
            finished.err().starts_with("error: 127.0.0.1:") && finished.err().contains(told),
            "{finished}"
        );
    }
}

/// What is said of digits that break their rule.
const GRAMMAR: &str =
    "a length is 1 to 7 decimal digits and a line feed, without sign or leading zero";

#[test]
fn digits_lines_and_padding_that_break_their_rule_are_refused_at_once() {
    for (framing, bytes, told) in [
        (
            "text",
            &b"1048577\n"[..],
            "frame of 1048577 bytes is over the limit of 1048576",
        ),
        (
            "text",
            b"9999999\n",
            "frame of 9999999 bytes is over the limit of 1048576",
        ),
        ("text", b"10000000", GRAMMAR),
        ("text", b"2147483647\n", GRAMMAR),
        ("text", b"4294967295\n", GRAMMAR),
        ("text", b"-", GRAMMAR),
        ("text", b"-1\n", GRAMMAR),
        ("text", &[b'9'; 19], GRAMMAR),
        ("text", b"1;", GRAMMAR),
        ("text", b"05", GRAMMAR),
        ("text", b"\n", GRAMMAR),
        (
            "marker",
            &[b'x'; 65_537],
            "frame of 65537 bytes is over the limit of 65536",
        ),
        (
            "size",
            &padded(b"a\0b"),
            "a zero byte inside a message: only padding may follow it",
        ),
    ] {
        let server = serve(&["server", "--framing", framing]);
        let mut peer = Peer::connect(&server);
        assert_eq!(peer.send_what_is_taken(bytes).rest(), b"", "{framing}");
        assert_eq!(peer.logged(&server), told, "{framing}");
        drop(peer);
        assert_eq!(
            Peer::connect(&server)
                .send(&good(framing))
                .half_close()
                .rest(),
            good(framing)
        );
    }
}

/// `A`, which is its own answer.
fn good(framing: &str) -> Vec<u8> {
    match framing {
        "text" => b"1\nA".to_vec(),
        "marker" => b"A\n".to_vec(),
        "size" => padded(b"A"),
        _ => framed(b"A"),
    }
}

#[test]
fn the_first_bad_frame_ends_the_connection_and_what_stood_before_it_is_answered() {
    let server = serve(&["server"]);
    let wire = [framed(b"a"), framed(b"b"), vec![0xff; 4], framed(b"c")].concat();
    for size in [1, wire.len()] {
        let mut peer = Peer::connect(&server);
        for piece in wire.chunks(size) {
            peer.send_what_is_taken(piece);
        }
        assert_eq!(
            peer.rest(),
            [framed(b"A"), framed(b"B")].concat(),
            "pieces of {size}"
        );
    }
}

#[test]
fn each_of_the_three_ends_has_its_own_words() {
    for (framing, bytes, told) in [
        (
            "header",
            &b"\0\0"[..],
            "the stream ended inside a header, after 2 of 4 bytes",
        ),
        (
            "header",
            b"\0\0\0\x05hel",
            "the stream ended inside a body, after 3 of 5 bytes",
        ),
        (
            "text",
            b"12",
            "the stream ended inside a header, after 2 bytes",
        ),
        (
            "text",
            b"12\nhello",
            "the stream ended inside a body, after 5 of 12 bytes",
        ),
        (
            "marker",
            b"hello",
            "the stream ended inside a body, after 5 bytes",
        ),
        (
            "size",
            b"hello",
            "the stream ended inside a body, after 5 of 64 bytes",
        ),
    ] {
        let server = serve(&["server", "--framing", framing]);
        let mut peer = Peer::connect(&server);
        assert_eq!(peer.send(bytes).half_close().rest(), b"");
        assert_eq!(peer.logged(&server), told);
        let finished = meet(&["client", "--framing", framing], b"x\n", |mut peer| {
            peer.take(2);
            peer.send(bytes).half_close().rest();
        });
        assert!(
            finished.err().ends_with(&format!(": {told}\n")),
            "{finished}"
        );
        assert_eq!(
            (finished.status.code(), finished.out().as_str()),
            (Some(1), "")
        );
    }
    let finished = meet(&["client"], b"x\n", |mut peer| {
        peer.take(5);
    });
    assert!(
        finished
            .err()
            .ends_with("closed the connection without an answer\n"),
        "{finished}"
    );
}

#[test]
fn a_silent_client_is_sent_away_and_the_next_one_is_served() {
    let server = serve(&["server", "--idle", "0.2"]);
    let mut silent = Peer::connect(&server);
    let mut next = Peer::connect(&server);
    assert_eq!(silent.rest(), b"");
    assert_eq!(silent.logged(&server), "silent for 0.2 s");
    assert_eq!(
        next.send(&good("header")).half_close().rest(),
        good("header")
    );
}

#[test]
fn a_client_whose_server_is_silent_says_how_long_it_waited() {
    let finished = meet(&["client", "--idle", "0.2"], b"x\n", |mut peer| {
        peer.take(5);
        assert_eq!(peer.rest(), b"");
    });
    assert!(
        finished.err().ends_with(": no answer in 0.2 s\n"),
        "{finished}"
    );
}

#[test]
fn announcements_that_nothing_follows_cost_no_memory_and_the_next_client_is_served() {
    let mut server = serve(&["server"]);
    let id = server.running().id();
    let announce = |bytes: u32| {
        let mut peer = Peer::connect(&server);
        peer.send(&bytes.to_be_bytes()).half_close();
        assert_eq!(peer.rest(), b"");
    };
    announce(1); // what any announcement needs is there from now on
    let before = peak(id);
    for _ in 0..200 {
        announce(1_048_576);
    }
    // The peak: what was filled and given back at once counts too. The kernel's own count is a few pages out.
    if let Some(grown) = peak(id).zip(before).map(|(after, before)| after - before) {
        assert!(
            grown < 640,
            "{grown} KiB more at the peak of 200 announcements of 1 MiB"
        );
    }
    assert_eq!(
        Peer::connect(&server)
            .send(&good("header"))
            .half_close()
            .rest(),
        good("header")
    );
}

/// The most memory that this process ever had at one time, in KiB. `None`, and a line that says so, where nothing tells.
fn peak(id: u32) -> Option<u64> {
    if !cfg!(target_os = "linux") {
        cli::log("skipped: the peak of a process's memory is looked up in Linux's /proc");
        return None;
    }
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    Some(line.trim().trim_end_matches(" kB").parse().unwrap())
}
