//! The scenes that need no second program, and wrong usage.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;

use tests::deadline::{PATIENCE, accept, until};
use tests::programs::{Finished, Running, program, run};

use super::{client, server};

fn lesson03(args: &[&str], folder: &Path, stdin: &[u8]) -> Finished {
    let mut command = Command::new(program("lesson03"));
    command.args(args).current_dir(folder);
    run(command, stdin)
}

fn here(args: &[&str], stdin: &[u8]) -> Finished {
    lesson03(args, Path::new("."), stdin)
}

#[test]
fn the_prompt_labels_the_three_parts_of_a_result_and_ends_at_its_words() {
    let finished = here(&["shell"], b"echo hi\n\nfalse\nrm x\nexit\necho never\n");
    let out = finished.out();
    assert!(
        out.starts_with(
            "status 0\noutput:\nhi\nerrors:\nstatus 1\noutput:\nerrors:\nstatus 126\noutput:\nerrors:\nnot allowed: "
        ),
        "{finished}"
    );
    assert!(!out.contains("never"), "{finished}");
    assert_eq!(here(&["shell"], b"bye\necho never\n").out(), "");
    if cfg!(unix) {
        let any = here(&["shell", "--shell"], b"echo out; echo err >&2; exit 3\n");
        assert_eq!(any.out(), "status 3\noutput:\nout\nerrors:\nerr\n");
    }
}

#[test]
#[cfg(unix)]
fn ping_writes_one_line_for_each_address_in_order_and_runs_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    // Answers for one address only, and writes down what it was given.
    let script =
        "#!/bin/sh\necho \"$@\" >> asked\nfor last; do :; done\ntest \"$last\" = 127.0.0.1\n";
    fs::write(path.join("fake"), script).unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(path.join("fake"), mode).unwrap();
    fs::write(
        path.join("ips"),
        "127.0.0.1\r\n10.0.0.9\n\n-f\n; touch owned\n  127.0.0.1  \nexample.test",
    )
    .unwrap();

    let finished = lesson03(&["ping", "ips", "--program", "./fake"], path, b"");
    let results =
        "127.0.0.1 : 0\n10.0.0.9 : 1\n-f : 1\n; touch owned : 1\n127.0.0.1 : 0\nexample.test : 1\n";
    assert_eq!(
        fs::read_to_string(path.join("ping.txt")).unwrap(),
        results,
        "{finished}"
    );
    assert_eq!(
        (finished.out().as_str(), finished.status.code()),
        (results, Some(1))
    );
    assert!(
        finished
            .err()
            .starts_with("error: -f: not an address or a host name: not pinged\n"),
        "{finished}"
    );
    assert!(!path.join("owned").exists());
    let asked = fs::read_to_string(path.join("asked")).unwrap();
    assert_eq!(asked.lines().count(), 4, "{asked}");
    assert!(asked.lines().all(|line| !line.contains("-f")), "{asked}");

    fs::write(path.join("one"), "127.0.0.1\n").unwrap();
    let finished = lesson03(
        &["ping", "one", "--out", "results", "--program", "./fake"],
        path,
        b"",
    );
    assert_eq!(finished.status.code(), Some(0), "{finished}");
    assert_eq!(
        fs::read_to_string(path.join("results")).unwrap(),
        "127.0.0.1 : 0\n"
    );
    let finished = lesson03(
        &["ping", "one", "--out", "./one", "--program", "./fake"],
        path,
        b"",
    );
    assert_eq!(finished.status.code(), Some(2), "{finished}");
}

/// A folder with these addresses in `ips`.
fn folder_with(addresses: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ips"), addresses).unwrap();
    folder
}

#[test]
#[cfg(unix)]
fn a_closed_stdout_ends_what_is_shown_and_not_the_results() {
    let folder = folder_with("127.0.0.1\n-f\n10.0.0.9\n");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader); // as behind `| head -1`, and for certain
    let mut command = Command::new(program("lesson03"));
    command
        .args(["ping", "ips", "--program", "true"])
        .current_dir(folder.path())
        .stdout(writer);
    let output = command.output().unwrap();
    let results = fs::read_to_string(folder.path().join("ping.txt")).unwrap();
    assert_eq!(results, "127.0.0.1 : 0\n-f : 1\n10.0.0.9 : 0\n");
    assert_eq!(output.status.code(), Some(1), "one line was no address");
}

#[test]
fn no_addresses_are_no_results_not_even_yesterday_s() {
    let folder = folder_with("\n  \n");
    fs::write(folder.path().join("ping.txt"), "10.0.0.9 : 0\n").unwrap();
    let finished = lesson03(&["ping", "ips", "--program", "true"], folder.path(), b"");
    assert!(
        finished.status.success() && finished.out().is_empty(),
        "{finished}"
    );
    assert_eq!(
        finished.err(),
        "ips: no address in it, so no result in ping.txt\n"
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("ping.txt")).unwrap(),
        ""
    );
}

#[test]
#[cfg(unix)]
fn the_addresses_are_never_replaced_by_the_results_not_by_another_name_of_theirs_either() {
    let folder = folder_with("127.0.0.1\n");
    let path = folder.path();
    fs::hard_link(path.join("ips"), path.join("hard")).unwrap();
    std::os::unix::fs::symlink("ips", path.join("soft")).unwrap();
    for out in ["ips", "./ips", "hard", "soft"] {
        let finished = lesson03(
            &["ping", "ips", "--out", out, "--program", "true"],
            path,
            b"",
        );
        assert_eq!(finished.status.code(), Some(2), "{out}: {finished}");
        let told = format!("error: {out}: the results would replace the addresses\n");
        assert_eq!(finished.err(), told);
        assert_eq!(fs::read_to_string(path.join("ips")).unwrap(), "127.0.0.1\n");
    }
}

#[test]
fn a_file_of_addresses_has_a_limit_and_a_wrong_line_is_shown_by_its_beginning() {
    let folder = folder_with(&"# ".repeat(1 << 19));
    let path = folder.path();
    let finished = lesson03(&["ping", "ips", "--program", "true"], path, b"");
    let beginning = "# ".repeat(100);
    assert_eq!(
        finished.err(),
        format!("error: {beginning}...: not an address or a host name: not pinged\n"),
        "a file of exactly the limit is read"
    );
    let over = [" "; 1_048_577].concat();
    fs::write(path.join("ips"), over).unwrap();
    for file in if cfg!(unix) {
        &["ips", "/dev/zero"][..]
    } else {
        &["ips"]
    } {
        let finished = lesson03(
            &["ping", file, "--out", "never", "--program", "true"],
            path,
            b"",
        );
        assert_eq!(finished.status.code(), Some(1), "{finished}");
        let told = "1048577 bytes and more of addresses are over the limit of 1048576";
        assert_eq!(finished.err(), format!("error: {file}: {told}\n"));
    }
    assert!(!path.join("never").exists());
}

#[test]
#[cfg(unix)]
fn the_prompt_says_where_it_cut_an_output() {
    let finished = here(&["shell"], b"seq 10000000\n");
    let out = finished.out();
    assert!(
        out.starts_with("status -9\noutput:\n1\n2\n"),
        "{}",
        &out[..100]
    );
    assert!(
        out.ends_with("\nerrors:\noutput cut at 1048576 bytes\n"),
        "{}",
        &out[out.len() - 100..]
    );
}

#[test]
#[cfg(unix)]
fn a_missing_ping_is_said_and_leaves_no_results() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("ips"), "127.0.0.1\n").unwrap();
    let finished = lesson03(
        &["ping", "ips", "--program", "no-such-ping"],
        folder.path(),
        b"",
    );
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished
            .err()
            .starts_with("error: no-such-ping: no such program here: install it"),
        "{finished}"
    );
    assert!(!folder.path().join("ping.txt").exists());
}

#[test]
fn the_local_scenes_end_by_themselves_and_show_what_they_promise() {
    let sticky = here(&["leftover"], b"").out();
    assert!(
        sticky.contains("read(2)")
            && sticky.contains("“ eggbye”")
            && sticky.contains("“粘\u{fffd}”"),
        "{sticky}"
    );
    let late = here(&["interval"], b"").out();
    let whole = "“m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 ”";
    assert_eq!(
        late.matches(&format!("     1   {whole}\n")).count(),
        2,
        "{late}"
    );
    let kernel = here(&["kernel"], b"").out();
    assert_eq!(kernel.matches("8 bytes\n").count(), 2, "{kernel}");
    assert_eq!(kernel.matches("40 bytes\n").count(), 2, "{kernel}");
    let reads = here(&["one-write"], b"").out();
    let sizes = reads.lines().skip(3).flat_map(str::split_whitespace);
    assert_eq!(
        sizes
            .map(|size| size.parse::<usize>().unwrap())
            .sum::<usize>(),
        1_000_000,
        "{reads}"
    );
}

#[test]
fn only_two_writes_under_nagle_take_long() {
    let out = here(&["nagle"], b"").out();
    let times: Vec<f64> = out
        .lines()
        .skip(1)
        .map(|line| {
            line.trim_end_matches(" ms")
                .split_whitespace()
                .last()
                .unwrap()
                .parse()
                .unwrap()
        })
        .collect();
    let [nagle, nodelay, whole] = times[..] else {
        panic!("{out}")
    };
    // On Linux each of the twenty waits 40 ms for an acknowledgement, and the others for nothing: a ratio of 1,000.
    if cfg!(target_os = "linux") {
        assert!(nagle > 5.0 * nodelay && nagle > 5.0 * whole, "{out}");
    }
}

/// What a scene says that could not ask the kernel. Where `ss` answers us, there is no excuse.
fn excused(out: &str) -> bool {
    let listener = tests::listener();
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (server, _) = listener.accept().unwrap();
    client.write_all(b"x").unwrap();
    server.peek(&mut [0]).unwrap();
    out.contains("the kernel's side cannot be seen here: ") && segments_in(&server).is_err()
}

#[test]
fn one_large_write_is_sent_as_on_ethernet_and_read_in_other_sizes() {
    let out = here(&["one-write"], b"").out();
    let line = out.lines().find(|line| line.contains("segments")).unwrap();
    let numbers: Vec<u64> = line
        .split_whitespace()
        .filter_map(|word| word.parse().ok())
        .collect();
    match numbers[..] {
        [segments, size] => assert!(size <= 1_460 && segments >= 1_000_000 / 1_460, "{out}"),
        _ => assert!(
            line.contains("cannot be asked for here: ") || excused(line),
            "{out}"
        ),
    }
}

/// The numbers in the line that begins with `name`; a `?` is none.
fn numbers(out: &str, name: &str) -> Vec<Option<u64>> {
    let rest = out
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .unwrap_or_else(|| panic!("{out}"));
    let words = rest
        .split_whitespace()
        .map(|word| word.trim_end_matches(','));
    words
        .filter(|word| *word == "?" || word.parse::<u64>().is_ok())
        .map(|word| word.parse().ok())
        .collect()
}

#[test]
fn what_a_stopped_writer_has_handed_over_lies_in_the_two_buffers_and_none_of_it_is_lost() {
    let out = here(&["full"], b"").out();
    let (first, second) = (
        numbers(&out, "nobody reads"),
        numbers(&out, "65536 bytes read"),
    );
    let ([Some(taken), queues @ ..], [Some(more), ..]) = (&first[..], &second[..]) else {
        panic!("{out}")
    };
    let [Some(rest), Some(0)] = numbers(&out, "then all the rest:")[..] else {
        panic!("{out}")
    };
    assert_eq!(taken + more, 65_536 + rest, "{out}");
    match queues {
        &[Some(receiver), Some(sender)] => {
            // A segment may be on its way while somebody looks.
            assert!(taken.abs_diff(receiver + sender) <= 65_536, "{out}");
            assert!(receiver > 0 && sender > 0, "{out}");
            assert!(
                *more > 0,
                "the reader made room and the writer did not go on: {out}"
            );
        }
        _ => assert!(excused(&out), "{out}"),
    }
}

/// The first segments of a connection are acknowledged at once, on Linux sixteen of them. Nagle's algorithm holds back what
/// comes behind these, and `--nodelay` does not.
#[test]
fn with_nodelay_each_of_many_writes_is_a_segment_of_its_own() {
    let segments = |nodelay: &[&str]| {
        let listener = tests::listener();
        let mut command = Command::new(program("lesson03"));
        command.args([
            "write",
            "--addr",
            &listener.local_addr().unwrap().to_string(),
        ]);
        command.args(nodelay).args(["m"; 24]);
        let running = Running::start(command);
        let stream = accept(&listener, PATIENCE).unwrap().unwrap();
        assert!(running.finish().status.success());
        let mut all = [0; 25];
        until(PATIENCE, || {
            (stream.peek(&mut all).unwrap() == 24).then_some(())
        })
        .unwrap();
        segments_in(&stream)
    };
    match (segments(&["--nodelay"]), segments(&[])) {
        (Ok(each), Ok(held)) => assert!(
            each == 24 && held < each,
            "{each} segments, with Nagle {held}"
        ),
        (Err(why), _) | (_, Err(why)) => {
            cli::log(format_args!("skipped: segments are not counted: {why}"))
        }
    }
}

/// How many segments with data this end has received, as `ss` says.
fn segments_in(stream: &TcpStream) -> Result<u64, String> {
    let said = Command::new("ss")
        .arg("-Htin")
        .output()
        .map_err(|error| format!("ss: {error}"))?;
    let said = String::from_utf8_lossy(&said.stdout);
    let ends = [stream.local_addr(), stream.peer_addr()].map(|addr| addr.unwrap().to_string());
    let mut lines = said
        .lines()
        .skip_while(|line| !line.contains(&ends.join(" ")));
    let words = [lines.next(), lines.next()]
        .into_iter()
        .flatten()
        .flat_map(str::split_whitespace);
    let mut counts = words.filter_map(|word| word.strip_prefix("data_segs_in:")?.parse().ok());
    counts
        .next()
        .ok_or_else(|| format!("ss says nothing about {}", ends.join(" ")))
}

#[test]
fn a_kernel_that_cannot_be_asked_is_said_and_is_no_failure() {
    for scene in ["kernel", "one-write", "full", "silence"] {
        let mut command = Command::new(program("lesson03"));
        command.arg(scene).env("PATH", ""); // no `ss` anywhere
        let finished = run(command, b"");
        assert!(finished.status.success(), "{scene}: {finished}");
        let told = "the kernel's side cannot be seen here: the program `ss` is not here";
        assert!(finished.out().contains(told), "{scene}: {finished}");
    }
}

#[test]
fn two_writes_are_one_line_of_a_late_reader() {
    let mut reader = server("read-server", &["--late", "0.3"]);
    assert!(run(client(&["write"], &reader), b"").status.success());
    let out = reader
        .running()
        .stdout
        .until_the_end(tests::deadline::PATIENCE);
    assert!(
        out.ends_with(b"\nhelloegg\nthe end\n"),
        "{}",
        String::from_utf8_lossy(&out)
    );
}

#[test]
fn a_silent_writer_is_told_with_the_time() {
    let mut reader = server("read-server", &["--idle", "0.2"]);
    let _silent = std::net::TcpStream::connect(reader.addr()).unwrap();
    let err = reader
        .running()
        .stderr
        .until_the_end(tests::deadline::PATIENCE);
    let err = String::from_utf8_lossy(&err);
    assert!(err.ends_with(": silent for 0.2 s; closed by us\n"), "{err}");
}

#[test]
fn wrong_usage_is_status_two() {
    for (args, told) in [
        (
            &["command-server", "--addr", "0.0.0.0:0"][..],
            "a command server listens on loopback only",
        ),
        (
            &["udp-command-server", "--addr", "0.0.0.0:0"],
            "a command server listens on loopback only",
        ),
        (&["run", "--addr", "127.0.0.1"], "no port"),
        (
            &["udp-run", "--addr", "127.0.0.1:0", "--", "date"],
            "port 0 is only for binding",
        ),
        (&["run", "--timeout", "0"], "seconds go from"),
        (
            &["read-server", "0"],
            "a size is a whole number from 1 to 1048576",
        ),
        (
            &["read-server", "ten"],
            "a size is a whole number from 1 to 1048576",
        ),
        (
            &["read-server", "99999999999999999999"],
            "a size is a whole number from 1 to 1048576",
        ),
        (
            &["no-such-scene"],
            "unrecognized subcommand 'no-such-scene'",
        ),
    ] {
        let finished = here(args, b"");
        assert_eq!(finished.status.code(), Some(2), "{args:?}: {finished}");
        assert!(
            finished.err().starts_with("error: ") && finished.err().contains(told),
            "{args:?}: {finished}"
        );
    }
}

#[test]
#[cfg(unix)]
fn silence_takes_a_port_that_was_used_just_before_and_shows_a_handshake_sent_again() {
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap();
    let mut client = TcpStream::connect(addr).unwrap();
    drop(listener.accept().unwrap()); // who closes first keeps the port in TIME_WAIT
    assert_eq!(client.read(&mut [0]).unwrap(), 0);
    drop((client, listener));
    let finished = here(&["silence", "--addr", &addr.to_string()], b"");
    assert!(finished.status.success(), "{finished}");
    let told = ": connected, with the next one\n";
    assert!(finished.out().ends_with(told), "{finished}");
    let again = finished
        .out()
        .contains("no answer; sent 2 times so far; timer (on,");
    assert!(again || excused(&finished.out()), "{finished}");
}

/// A stack of 64 TiB is more than any system gives, so no second thread begins.
#[test]
#[cfg(target_pointer_width = "64")]
fn where_no_thread_is_to_be_had_a_scene_says_so_and_ends() {
    for scene in ["interval", "nagle", "one-write", "silence"] {
        let mut command = Command::new(program("lesson03"));
        command
            .arg(scene)
            .env("RUST_MIN_STACK", (1_u64 << 46).to_string());
        let finished = run(command, b"");
        let told = format!("error: {scene}: the system has no thread to give\n");
        assert_eq!((finished.err(), finished.status.code()), (told, Some(1)));
    }
}
