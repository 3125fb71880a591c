//! `--trace` and `--trace-svg`: in this lesson the reads are the subject, so each is drawn, and nothing asked for is ignored.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::process::Command;

use tests::deadline::PATIENCE;
use tests::programs::{Finished, program, run};

use super::{client, server};

fn lesson03(args: &[&str], folder: &Path) -> Finished {
    let mut command = Command::new(program("lesson03"));
    command.args(args).current_dir(folder);
    run(command, b"")
}

/// How many lines of a timeline are such a call of this side.
fn calls(text: &str, side: &str, call: &str) -> usize {
    let is_call = |line: &&str| {
        let mut words = line.split_whitespace();
        words
            .next()
            .is_some_and(|number| number.parse::<u32>().is_ok())
            && words.next() == Some(side)
            && words
                .next()
                .is_some_and(|word| word.split('(').next() == Some(call))
    };
    text.lines().filter(is_call).count()
}

#[test]
fn each_read_and_each_write_is_a_line_of_its_own() {
    let mut reader = server("read-server", &["5", "5", "5", "--trace"]);
    let writer = run(client(&["write", "hello", "egg", "--trace"], &reader), b"");
    assert_eq!(calls(&writer.err(), "writer", "write"), 2, "{writer}");
    let log = String::from_utf8(reader.running().stderr.until_the_end(PATIENCE)).unwrap();
    assert_eq!(calls(&log, "reader", "read"), 3, "{log}");
    assert!(
        log.contains("“hello”") && log.contains("“egg”") && !log.contains("helloegg"),
        "{log}"
    );
}

#[test]
fn an_answer_of_two_datagrams_is_two_receives() {
    let server = server("udp-command-server", &[]);
    let finished = run(
        client(&["udp-run", "--trace"], &server),
        b"echo one\necho two\n",
    );
    let err = finished.err();
    assert_eq!(
        (
            calls(&err, "client", "send"),
            calls(&err, "client", "receive")
        ),
        (2, 4),
        "{finished}"
    );
}

#[test]
fn seven_hundred_commands_are_as_many_reads_and_the_first_thousand_events_are_drawn() {
    let server = server("command-server", &["--trace"]);
    let mut stream = TcpStream::connect(server.addr()).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    for number in 0..700 {
        stream.write_all(b"'").unwrap(); // a quote that is never closed: refused, so that nothing has to run
        let mut answer = Vec::new();
        while answer.last() != Some(&b'\n') {
            let mut byte = [0];
            stream.read_exact(&mut byte).unwrap();
            answer.extend(byte);
        }
        assert!(answer.starts_with(b"not allowed: "), "{number}");
    }
    stream.shutdown(Shutdown::Write).unwrap();
    assert_eq!(stream.read(&mut [0]).unwrap(), 0);
    // 700 reads, 700 writes, and the read that gave the end.
    assert_eq!(server.logs("... "), "401 more");
    let log = server.stop().err();
    assert_eq!(
        (
            calls(&log, "server", "read"),
            calls(&log, "server", "write")
        ),
        (500, 500)
    );
}

#[test]
fn the_local_scenes_draw_their_calls_in_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    for (scene, side, call, count) in [
        ("interval", "sender", "write", 30),
        ("one-write", "writer", "write", 1),
        ("kernel", "client", "write", 24),
        ("nagle", "client", "write", 100),
        ("full", "writer", "close", 1),
    ] {
        let svg = format!("{scene}.svg");
        let finished = lesson03(&[scene, "--trace", "--trace-svg", &svg], folder.path());
        assert!(finished.status.success(), "{scene}: {finished}");
        assert_eq!(
            calls(&finished.err(), side, call),
            count,
            "{scene}: {finished}"
        );
        assert!(
            !finished.out().contains("──▶"),
            "the timeline goes to stderr: {finished}"
        );
        let svg = folder.path().join(svg);
        assert!(
            fs::read_to_string(svg).unwrap().starts_with("<svg"),
            "{scene}"
        );
    }
}

#[test]
fn a_late_reader_s_one_read_stands_behind_ten_writes() {
    let err = lesson03(&["interval", "--trace"], Path::new(".")).err();
    let late: Vec<&str> = err
        .split("\n\n")
        .filter(|block| block.contains("comes 200 ms late"))
        .collect();
    assert_eq!(late.len(), 2, "{err}");
    for block in late {
        assert_eq!(
            (
                calls(block, "sender", "write"),
                calls(block, "reader", "read")
            ),
            (10, 2),
            "{block}"
        );
        assert!(
            block.contains("31 bytes") && block.contains("end of the stream"),
            "{block}"
        );
    }
}

#[test]
fn a_scene_without_a_timeline_or_an_address_refuses_to_have_one() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ips"), "127.0.0.1\n").unwrap();
    for scene in [
        &["shell"][..],
        &["ping", "ips", "--program", "true"],
        &["silence"],
    ] {
        for flag in [
            &["--trace"][..],
            &["--trace-svg", "x"],
            &["--addr", "127.0.0.1:0"],
        ] {
            if (scene[0], flag[0]) == ("silence", "--addr") {
                continue; // it listens
            }
            let finished = lesson03(&[scene, flag].concat(), folder.path());
            assert_eq!(
                finished.status.code(),
                Some(2),
                "{scene:?} {flag:?}: {finished}"
            );
            let why = match flag[0] {
                "--addr" => "uses no socket",
                _ => "has nothing to draw",
            };
            let told = format!("error: {}: {} {why}\n", flag[0], scene[0]);
            assert_eq!(finished.err(), told);
        }
    }
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing was done"
    );
}

#[test]
fn the_local_scenes_and_the_demo_listen_where_they_are_told_and_say_what_to_try() {
    let taken = tests::listener();
    let addr = taken.local_addr().unwrap().to_string();
    for scene in [
        &[][..],
        &["leftover"],
        &["interval"],
        &["kernel"],
        &["one-write"],
        &["nagle"],
        &["full"],
        &["silence"],
    ] {
        let finished = lesson03(&[scene, &["--addr", &addr]].concat(), Path::new("."));
        assert_eq!(finished.status.code(), Some(1), "{scene:?}: {finished}");
        let told = format!("error: {addr}: already in use: ");
        assert!(finished.err().starts_with(&told), "{scene:?}: {finished}");
        assert!(
            finished.err().ends_with("try --addr 127.0.0.1:0\n"),
            "{scene:?}: {finished}"
        );
    }
    let finished = lesson03(&["--addr", "127.0.0.1:0"], Path::new("."));
    assert!(
        finished.status.success() && finished.out().contains("the law is broken"),
        "{finished}"
    );
}
