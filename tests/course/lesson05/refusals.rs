//! Each kind of wrong request: refused with a clear line, and the server serves the next client.

use std::fs;

use tests::programs::Server;

use super::share;
use super::wire::{Peer, framed};

/// A served folder with one file, and beside it a folder that nobody may reach.
struct Tree {
    top: tempfile::TempDir,
    server: Server,
}

impl Tree {
    fn new() -> Self {
        let top = tempfile::tempdir().unwrap();
        let served = top.path().join("served");
        fs::create_dir_all(served.join("folder")).unwrap();
        fs::create_dir(top.path().join("victim")).unwrap();
        fs::write(served.join("a.txt"), "inside").unwrap();
        fs::write(top.path().join("victim/secret"), "outside").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(top.path().join("victim/secret"), served.join("leak"))
                .unwrap();
            std::os::unix::fs::symlink("../victim", served.join("door")).unwrap();
        }
        let server = share(&served, &[]);
        Self { top, server }
    }

    fn victim_is_untouched(&self) {
        let entries: Vec<_> = fs::read_dir(self.top.path().join("victim"))
            .unwrap()
            .collect();
        assert_eq!(entries.len(), 1);
        assert_eq!(
            fs::read(self.top.path().join("victim/secret")).unwrap(),
            b"outside"
        );
    }
}

#[test]
fn a_name_that_is_no_file_of_the_folder_is_no_such_file_and_the_connection_goes_on() {
    let tree = Tree::new();
    let victim = tree.top.path().join("victim/secret");
    let long = "n".repeat(300);
    let names = [
        "../victim/secret",
        victim.to_str().unwrap(),
        "leak",
        "door",
        "door/secret",
        "folder",
        ".",
        "..",
        "",
        "%2e%2e",
        "a\\u0000.txt",
        "a\\nb",
        "a\\u0085b",
        "..\\\\victim",
        "nothing",
        &long,
    ];
    let mut peer = Peer::connect(&tree.server);
    for name in names {
        let error = peer
            .header(&format!(r#"{{"op":"get","name":"{name}"}}"#))
            .refusal();
        assert_eq!(error, "no such file", "{name}");
    }
    peer.goes_on();
}

#[test]
fn a_put_under_a_climbing_name_is_refused_and_touches_nothing() {
    let tree = Tree::new();
    let mut peer = Peer::connect(&tree.server);
    for name in [
        "../victim/new",
        "../victim/secret",
        "door/new",
        "/new",
        ".",
        "..",
        "folder",
        "a\\nb",
    ] {
        peer.header(&format!(r#"{{"op":"put","name":"{name}","size":3}}"#))
            .send(b"abc")
            .send(&[0; 16]);
        assert_ne!(peer.refusal(), "", "{name}");
    }
    peer.goes_on();
    tree.victim_is_untouched();
    assert!(tree.top.path().join("served/folder").is_dir());
}

#[test]
#[cfg(unix)]
fn a_put_over_a_link_replaces_the_link_and_never_what_it_points_to() {
    let tree = Tree::new();
    let mut peer = Peer::connect(&tree.server);
    peer.header(r#"{"op":"put","name":"leak","size":0}"#)
        .send(&md5_of_nothing());
    assert!(peer.answer().is_true("ok"));
    tree.victim_is_untouched();
    let now = fs::symlink_metadata(tree.top.path().join("served/leak")).unwrap();
    assert!(now.is_file() && now.len() == 0);
}

fn md5_of_nothing() -> [u8; 16] {
    0xd41d_8cd9_8f00_b204_e980_0998_ecf8_427e_u128.to_be_bytes()
}

#[test]
fn a_header_length_out_of_range_ends_the_connection_and_names_number_and_limit() {
    let tree = Tree::new();
    for (length, number) in [
        (0_u32, "0"),
        (65_537, "65537"),
        (u32::MAX, "4294967295"),
        (1 << 31, "2147483648"),
    ] {
        let mut peer = Peer::connect(&tree.server);
        peer.send(&length.to_be_bytes());
        assert_eq!(peer.rest(), b"", "length {length}");
        let line = peer.logged(&tree.server);
        assert!(line.contains(number) && line.contains("65536"), "{line}");
    }
    Peer::connect(&tree.server).goes_on();
}

#[test]
fn a_length_out_of_range_on_the_python_wire_is_refused_by_the_client() {
    // The Python wire's server reads names, not lengths; the one who reads signed lengths is the client.
    let listener = tests::listener();
    let addr = listener.local_addr().unwrap().to_string();
    for (length, number) in [
        (-1_i32, "-1"),
        (i32::MIN, "-2147483648"),
        (0, "0"),
        (65_537, "65537"),
    ] {
        let mut client = std::process::Command::new(tests::programs::program("lesson05"));
        client.args([
            "get", "a.txt", "--to", "-", "--wire", "python", "--addr", &addr,
        ]);
        let client = tests::programs::Running::start(client);
        let mut server = tests::deadline::accept(&listener, tests::deadline::PATIENCE)
            .unwrap()
            .unwrap();
        std::io::Write::write_all(&mut server, &length.to_le_bytes()).unwrap();
        let finished = client.finish();
        assert_eq!(finished.status.code(), Some(1));
        let err = finished.err();
        assert!(
            err.starts_with("error: a.txt: ") && err.contains(number) && err.contains("65536"),
            "{err}"
        );
    }
}

#[test]
fn a_header_that_is_not_right_is_refused_and_ends_the_connection() {
    let tree = Tree::new();
    let deep = format!(
        r#"{{"op":"list","x":{}{}}}"#,
        "[".repeat(30_000),
        "]".repeat(30_000)
    );
    for json in [
        "hello",
        "[\"get\",\"a.txt\"]",
        "5",
        &format!("{:?}", "a".repeat(65_000)),
        "{} {}",
        &deep,
        r#"{"op":"get","op":"list","name":"a.txt"}"#,
        r#"{"op":"list","size":-1}"#,
        r#"{"op":"list","size":1.5}"#,
        r#"{"op":"list","size":9223372036854775808}"#,
        r#"{"op":"list","size":"5"}"#,
        r#"{"op":"list","size":null}"#,
    ] {
        let mut peer = Peer::connect(&tree.server);
        // What follows a header that is not right is never taken for a header.
        peer.header(json).header(r#"{"op":"list"}"#).half_close();
        let error = peer.refusal();
        assert!(!error.is_empty() && error.len() < 200, "{error}");
        assert_eq!(peer.rest(), b"", "{}", json.get(..40).unwrap_or(json));
    }
    Peer::connect(&tree.server).goes_on();
}

#[test]
fn a_refusal_that_leaves_the_stream_in_step_does_not_end_it() {
    let tree = Tree::new();
    let mut peer = Peer::connect(&tree.server);
    assert_eq!(peer.header(r#"{"op":"fly"}"#).refusal(), "unknown op");
    assert_eq!(peer.header(r#"{"op":"get"}"#).refusal(), "missing name");
    assert_eq!(peer.header(r#"{"name":"a.txt"}"#).refusal(), "missing op");
    assert_eq!(
        peer.header(r#"{"op":"get","name":7}"#).refusal(),
        "name is not a text"
    );
    // A body that `size` announces is read and thrown away, whatever the op; the digest belongs to `put` alone.
    assert_eq!(
        peer.header(r#"{"op":"fly","size":5}"#)
            .send(b"12345")
            .refusal(),
        "unknown op"
    );
    peer.header(r#"{"op":"put","size":5}"#)
        .send(b"12345")
        .send(&[0; 16]);
    assert_eq!(peer.refusal(), "missing name");
    peer.header(r#"{"op":"get","name":"a.txt","size":3}"#)
        .send(b"abc");
    assert_eq!(peer.answer().size("size"), Ok(6));
    assert_eq!(peer.take(6), b"inside");
    peer.take(16);
    peer.goes_on();
}

#[test]
fn a_wrong_digest_stores_nothing_and_goes_on() {
    let tree = Tree::new();
    let mut peer = Peer::connect(&tree.server);
    peer.header(r#"{"op":"put","name":"a.txt","size":3}"#)
        .send(b"abc")
        .send(&[7; 16]);
    assert_eq!(peer.refusal(), "digest differs");
    peer.goes_on();
    assert_eq!(
        fs::read(tree.top.path().join("served/a.txt")).unwrap(),
        b"inside"
    );
}

#[test]
fn a_refused_put_is_answered_at_once_and_a_small_body_is_skipped() {
    let tree = Tree::new();
    let mut peer = Peer::connect(&tree.server);
    // At once: the refusal comes although not one byte of the body has been sent.
    peer.header(r#"{"op":"put","name":"folder","size":100000}"#);
    assert_ne!(peer.refusal(), "");
    peer.send(&vec![b'x'; 100_000]).send(&[0; 16]);
    peer.goes_on();
}

#[test]
fn a_refused_put_with_a_large_body_is_answered_and_ended() {
    let tree = Tree::new();
    for size in [8 * 1024 * 1024 + 1, 1_u64 << 53] {
        let mut peer = Peer::connect(&tree.server);
        peer.header(&format!(r#"{{"op":"put","name":"folder","size":{size}}}"#));
        assert_ne!(peer.refusal(), "");
        assert_eq!(peer.rest(), b"");
    }
    // The sender that goes on regardless still gets the refusal, not only a reset.
    let mut peer = Peer::connect(&tree.server);
    peer.header(r#"{"op":"put","name":"folder","size":9000000}"#);
    peer.send_what_is_taken(&vec![b'x'; 9_000_000]);
    assert_ne!(peer.refusal(), "");
    Peer::connect(&tree.server).goes_on();
}

#[test]
fn a_put_without_a_name_is_under_the_same_limit() {
    let tree = Tree::new();
    for (json, logged) in [
        (
            r#"{"op":"put","size":8388609}"#,
            "a header: refused: missing name",
        ),
        (
            r#"{"op":"put","name":7,"size":8388609}"#,
            "a header: refused: name is not a text",
        ),
        (
            r#"{"op":"put","name":1e999,"size":9000000}"#,
            "a header: refused: name is not a text",
        ),
        (
            r#"{"op":"put","name":"folder","size":9000000}"#,
            "put folder: refused: a folder has this name",
        ),
        (
            "{}x",
            "a header: refused: header is not right: trailing characters at line 1 column 3",
        ),
    ] {
        let mut peer = Peer::connect(&tree.server);
        let error = peer.header(json).refusal();
        assert!(
            logged.ends_with(&format!(": refused: {error}")),
            "{json}: {error}"
        );
        assert_eq!(peer.rest(), b"", "{json}");
        peer.half_close(); // or the server waits a moment for what may still come
        assert_eq!(peer.logged(&tree.server), logged);
        Peer::connect(&tree.server).goes_on();
    }
}

#[test]
fn exactly_eight_mebibytes_of_a_refused_body_are_skipped() {
    let tree = Tree::new();
    let mut peer = Peer::connect(&tree.server);
    peer.header(r#"{"op":"put","name":"folder","size":8388608}"#);
    assert_ne!(peer.refusal(), "");
    peer.send(&vec![b'x'; 8_388_608]).send(&[0; 16]);
    peer.goes_on();
}

#[test]
fn several_requests_in_one_write_are_answered_in_order() {
    let tree = Tree::new();
    let mut peer = Peer::connect(&tree.server);
    let get = framed(br#"{"op":"get","name":"a.txt"}"#);
    let fly = framed(br#"{"op":"fly"}"#);
    peer.send(&[get.clone(), fly, get].concat()).half_close();
    assert_eq!(peer.answer().text("name"), Ok("a.txt"));
    assert_eq!(peer.take(22).get(..6), Some(&b"inside"[..]));
    assert_eq!(peer.refusal(), "unknown op");
    assert_eq!(peer.answer().size("size"), Ok(6));
    peer.take(22);
    assert_eq!(peer.rest(), b"");
}
