//! Streams that break off, peers that are slow or silent, and files that change their length on the way.

use std::fs::{self, OpenOptions};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;

use tests::deadline::{PATIENCE, accept, until};
use tests::programs::{Running, program, run};

use super::share;
use super::wire::{Peer, framed};

#[test]
fn an_upload_cut_at_every_tenth_byte_stores_nothing() {
    let top = tempfile::tempdir().unwrap();
    let server = share(top.path(), &[]);
    let body: Vec<u8> = (0..200).collect();
    let whole = [
        framed(br#"{"op":"put","name":"b","size":200}"#),
        body,
        vec![0; 16],
    ]
    .concat();
    for cut in (1..whole.len()).step_by(10) {
        let mut peer = Peer::connect(&server);
        peer.send(&whole[..cut]).half_close();
        assert_eq!(peer.rest(), b"", "cut at {cut}");
        let line = peer.logged(&server);
        assert!(line.contains("ended"), "cut at {cut}: {line}");
    }
    Peer::connect(&server).goes_on();
    // Nothing under the final name, and nothing temporary either.
    assert_eq!(fs::read_dir(top.path()).unwrap().count(), 0);
}

#[test]
fn each_of_the_three_ends_has_its_own_words() {
    let top = tempfile::tempdir().unwrap();
    let server = share(top.path(), &[]);
    for (bytes, words) in [
        (vec![0, 0], "inside a header, after 2 of 4 bytes"),
        (
            framed(b"{}")[..5].to_vec(),
            "inside a JSON header, after 1 of 2 bytes",
        ),
        (
            [
                framed(br#"{"op":"put","name":"b","size":200}"#),
                vec![1; 20],
            ]
            .concat(),
            "inside the body, after 20 of 200 bytes",
        ),
    ] {
        let mut peer = Peer::connect(&server);
        peer.send(&bytes).half_close();
        peer.rest();
        let line = peer.logged(&server);
        assert!(line.contains(words), "{line}");
    }
}

/// A server that answers the first request with `answer` and closes; our client asks it for `a.txt`.
fn client_of(answer: &[u8], folder: &std::path::Path) -> String {
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap().to_string();
    let mut command = Command::new(program("lesson05"));
    command
        .args(["get", "a.txt", "--addr", &addr])
        .current_dir(folder);
    let client = Running::start(command);
    let mut stream = accept(&listener, PATIENCE).unwrap().unwrap();
    read_request(&mut stream);
    stream.write_all(answer).unwrap();
    drop(stream);
    let finished = client.finish();
    assert_eq!(finished.status.code(), Some(1), "{finished}");
    assert_eq!(
        fs::read_dir(folder).unwrap().count(),
        0,
        "something was stored"
    );
    finished.err()
}

fn read_request(stream: &mut TcpStream) {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut header = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut header).unwrap();
}

#[test]
fn a_client_tells_each_end_apart_and_stores_nothing() {
    let top = tempfile::tempdir().unwrap();
    let header = framed(br#"{"ok":true,"name":"a.txt","size":10}"#);
    for (answer, words) in [
        (vec![], "closed the connection without an answer"),
        (vec![0, 0, 0], "inside a header, after 3 of 4 bytes"),
        (
            header[..9].to_vec(),
            "inside a JSON header, after 5 of 36 bytes",
        ),
        (
            [&header[..], b"abc"].concat(),
            "inside the body, after 3 of 10 bytes",
        ),
        (
            [&header[..], b"0123456789", &[0; 7]].concat(),
            "after 7 of 16 bytes",
        ),
        (
            [&header[..], b"0123456789", &[0; 16]].concat(),
            "digest differs",
        ),
        (
            framed(br#"{"ok":true,"name":"../b.txt","size":1}"#),
            "../b.txt",
        ),
        (framed(br#"{"ok":true,"size":1}"#), "a.txt"),
        (framed(br#"{"ok":true,"name":"a.txt","size":-1}"#), "-1"),
        (
            framed(br#"{"ok":false,"error":"not \u001b[31mtoday"}"#),
            r"not \u{1b}[31mtoday",
        ),
        (framed(b"[]"), "header is not right"),
    ] {
        let err = client_of(&answer, top.path());
        assert!(
            err.starts_with("error: a.txt: ") && err.contains(words),
            "{err}"
        );
        assert_eq!(err.lines().count(), 1, "{err}");
    }
}

/// Our client with these words, against a server that takes a request and what comes with it, answers so, and closes.
fn answered(args: &[&str], comes_with_it: usize, answer: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.txt"), "abc").unwrap();
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap().to_string();
    let mut command = Command::new(program("lesson05"));
    command
        .args(args)
        .args(["--addr", &addr])
        .current_dir(folder.path());
    let client = Running::start(command);
    let mut stream = accept(&listener, PATIENCE).unwrap().unwrap();
    read_request(&mut stream);
    stream.read_exact(&mut vec![0; comes_with_it]).unwrap();
    stream.write_all(answer).unwrap();
    drop(stream);
    let finished = client.finish();
    assert_eq!(finished.status.code(), Some(1), "{finished}");
    finished.err()
}

#[test]
fn a_server_that_has_another_digest_than_we_sent_is_an_error() {
    let err = answered(
        &["put", "a.txt"],
        3 + 16,
        &framed(br#"{"ok":true,"md5":"00"}"#),
    );
    let sent = "900150983cd24fb0d6963f7d28e17f72"; // md5 of abc, RFC 1321
    assert_eq!(
        err,
        format!("error: a.txt: digest differs: {sent} was sent, the server has 00\n")
    );
}

#[test]
fn a_list_that_breaks_its_lines_is_an_error() {
    let long = format!(r#"{{"name":"{}","size":1}}"#, "a".repeat(4096));
    for (body, words) in [
        (r#"{"name":"a","size":1}"#, "the list ends inside a line"),
        (&long, "a line over the limit of 4096 bytes"),
        ("[]\n", "header is not right"),
    ] {
        let header = format!(r#"{{"ok":true,"size":{}}}"#, body.len());
        let answer = [&framed(header.as_bytes()), body.as_bytes()].concat();
        let err = answered(&["list"], 0, &answer);
        assert!(err.contains(words), "{err}");
    }
}

#[test]
fn what_was_not_tried_because_the_connection_is_over_is_named() {
    let err = answered(&["get", "a.txt", "b", "c"], 0, b"");
    assert_eq!(
        err,
        "error: a.txt: the server closed the connection without an answer\n\
         error: b: not tried, the connection is over\n\
         error: c: not tried, the connection is over\n"
    );
}

#[test]
fn on_the_python_wire_a_digest_that_differs_stores_nothing_either() {
    let folder = tempfile::tempdir().unwrap();
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap().to_string();
    let mut command = Command::new(program("lesson05"));
    command
        .args(["get", "a.txt", "--wire", "python", "--addr", &addr])
        .current_dir(folder.path());
    let client = Running::start(command);
    let mut stream = accept(&listener, PATIENCE).unwrap().unwrap();
    stream.read_exact(&mut [0; 5]).unwrap();
    let header = br#"{"lenth": 3, "md5": "00000000000000000000000000000000", "size(MB)": 0.0}"#;
    stream
        .write_all(&(header.len() as u32).to_le_bytes())
        .unwrap();
    stream.write_all(&[&header[..], b"abc"].concat()).unwrap();
    let finished = client.finish();
    assert_eq!(finished.status.code(), Some(1));
    assert!(
        finished.err().starts_with("error: a.txt: digest differs: "),
        "{finished}"
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_client_that_is_silent_is_sent_away_and_the_next_one_is_served() {
    let top = tempfile::tempdir().unwrap();
    let server = share(top.path(), &["--idle", "0.2"]);
    let mut silent = Peer::connect(&server);
    let mut next = Peer::connect(&server);
    assert_eq!(silent.rest(), b"");
    assert!(
        silent.logged(&server).contains("silent"),
        "the log says why"
    );
    next.goes_on();
}

#[test]
fn a_client_that_dies_in_mid_transfer_leaves_nothing_under_the_final_name() {
    let served = tempfile::tempdir().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("big"), "old").unwrap();
    fs::write(served.path().join("big"), vec![b'x'; 64 * 1024 * 1024]).unwrap();
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap().to_string();
    let mut command = Command::new(program("lesson05"));
    command
        .args(["get", "big", "--addr", &addr])
        .current_dir(folder.path());
    let client = Running::start(command);
    // A server that announces 64 MiB and sends half of it, so that the client is in the middle for certain.
    let mut stream = accept(&listener, PATIENCE).unwrap().unwrap();
    read_request(&mut stream);
    stream
        .write_all(&framed(br#"{"ok":true,"name":"big","size":67108864}"#))
        .unwrap();
    stream.write_all(&vec![b'x'; 1024 * 1024]).unwrap();
    let in_the_middle = || {
        fs::read_dir(folder.path()).unwrap().any(|entry| {
            entry
                .unwrap()
                .metadata()
                .is_ok_and(|file| file.len() >= 512 * 1024)
        })
    };
    until(PATIENCE, || in_the_middle().then_some(())).unwrap();
    drop(client); // killed
    assert_eq!(fs::read(folder.path().join("big")).unwrap(), b"old");
}

#[test]
#[cfg(unix)]
fn ctrl_c_in_mid_transfer_leaves_no_temporary_file_either() {
    let folder = tempfile::tempdir().unwrap();
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap().to_string();
    let mut command = Command::new(program("lesson05"));
    command
        .args(["get", "big", "--addr", &addr])
        .current_dir(folder.path());
    let mut client = Running::start(command);
    let mut stream = accept(&listener, PATIENCE).unwrap().unwrap();
    read_request(&mut stream);
    stream
        .write_all(&framed(br#"{"ok":true,"name":"big","size":67108864}"#))
        .unwrap();
    let files = || fs::read_dir(folder.path()).unwrap().count();
    until(PATIENCE, || (files() == 1).then_some(())).unwrap();
    client.interrupt();
    assert!(client.finish().was_interrupted());
    assert_eq!(files(), 0);
}

#[test]
fn a_file_that_shrinks_while_it_is_sent_ends_the_connection_inside_the_body() {
    let top = tempfile::tempdir().unwrap();
    let file = top.path().join("big");
    let size = 64 * 1024 * 1024;
    fs::write(&file, vec![b'x'; size]).unwrap();
    let server = share(top.path(), &[]);
    let mut peer = Peer::connect(&server);
    assert_eq!(
        peer.header(r#"{"op":"get","name":"big"}"#)
            .answer()
            .size("size"),
        Ok(size as u64)
    );
    // The sender stands still in a full socket by now, or soon: far from the end in any case.
    OpenOptions::new()
        .write(true)
        .open(&file)
        .unwrap()
        .set_len(1000)
        .unwrap();
    let rest = peer.rest();
    assert!(rest.len() < size, "{} bytes came", rest.len());
    assert!(peer.logged(&server).contains("67108864 bytes"));
    Peer::connect(&server).goes_on();
}

#[test]
fn a_file_that_grows_while_it_is_sent_is_cut_at_the_promised_size() {
    let top = tempfile::tempdir().unwrap();
    let file = top.path().join("big");
    let size = 16 * 1024 * 1024;
    fs::write(&file, vec![b'x'; size]).unwrap();
    let server = share(top.path(), &[]);
    let mut peer = Peer::connect(&server);
    assert_eq!(
        peer.header(r#"{"op":"get","name":"big"}"#)
            .answer()
            .size("size"),
        Ok(size as u64)
    );
    OpenOptions::new()
        .append(true)
        .open(&file)
        .unwrap()
        .write_all(b"more")
        .unwrap();
    assert!(peer.take(size).iter().all(|&byte| byte == b'x'));
    peer.take(16);
    peer.goes_on();
}

#[test]
fn eight_uploads_of_one_name_at_once_leave_one_whole() {
    // One server each, because one server takes one client after the other: what they share is the folder.
    let top = tempfile::tempdir().unwrap();
    let sources = tempfile::tempdir().unwrap();
    let servers: Vec<_> = (0..8).map(|_| share(top.path(), &[])).collect();
    let clients: Vec<_> = servers
        .iter()
        .enumerate()
        .map(|(number, server)| {
            let folder = sources.path().join(number.to_string());
            fs::create_dir(&folder).unwrap();
            fs::write(folder.join("same"), vec![number as u8; 1_000_000]).unwrap();
            let mut command = Command::new(program("lesson05"));
            command
                .args(["put", "same", "--addr", &server.addr().to_string()])
                .current_dir(folder);
            Running::start(command)
        })
        .collect();
    for client in clients {
        let finished = client.finish();
        assert!(finished.status.success(), "{finished}");
    }
    let stored = fs::read(top.path().join("same")).unwrap();
    assert_eq!(stored.len(), 1_000_000);
    assert!(stored.iter().all(|byte| Some(byte) == stored.first()));
    assert_eq!(fs::read_dir(top.path()).unwrap().count(), 1);
}

#[test]
fn a_closed_stdout_ends_a_client_quietly() {
    let top = tempfile::tempdir().unwrap();
    fs::write(top.path().join("big"), vec![b'x'; 8 * 1024 * 1024]).unwrap();
    let server = share(top.path(), &[]);
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(r#""$1" get big --to - --addr "$2" | head -c 10; exit "$?""#)
        .arg("sh");
    command
        .arg(program("lesson05"))
        .arg(server.addr().to_string());
    if cfg!(unix) {
        let finished = run(command, b"");
        assert_eq!(finished.out(), "xxxxxxxxxx");
        assert_eq!(finished.err(), "");
    }
}
