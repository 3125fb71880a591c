//! `parse` from outside: what it prints as JSON and as text, and its status.

use std::process::Command;

use tests::programs::{Finished, program, run};

fn parse(args: &[&str], stdin: &[u8]) -> Finished {
    let mut command = Command::new(program("lesson07"));
    command.arg("parse").args(args);
    run(command, stdin)
}

const POST: &str = "POST /a?b HTTP/1.1\r\nHost: a\r\nX: \u{e9}\r\nTransfer-Encoding: chunked\r\n\r\n\
                    5\r\nhello\r\n0\r\nDigest: abc\r\n\r\n";

/// The lines of stdout as JSON, whatever the order of the keys.
fn objects(finished: &Finished) -> Vec<serde_json::Value> {
    finished.out().lines().map(object).collect()
}

fn object(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn each_request_is_one_object_a_line() {
    let input = format!("\r\n{POST}GET / HTTP/1.0\r\n\r\n");
    let finished = parse(&["--json"], input.as_bytes());
    assert_eq!(finished.code(), 0, "{}", finished.err());
    let wanted = [
        r#"{"method": "POST", "target": "/a?b", "version": "HTTP/1.1",
            "headers": [["Host", "a"], ["X", "Ã©"], ["Transfer-Encoding", "chunked"]],
            "body": "aGVsbG8=", "trailers": [["Digest", "abc"]], "complete": true}"#,
        r#"{"method": "GET", "target": "/", "version": "HTTP/1.0",
            "headers": [], "body": "", "trailers": [], "complete": true}"#,
    ];
    let wanted = wanted.map(object);
    assert_eq!(objects(&finished), wanted);
}

#[test]
fn each_response_is_one_object_a_line_and_the_last_may_end_with_the_stream() {
    let input = b"HTTP/1.1 204 No Content\r\n\r\nHTTP/1.0 200 \r\nA: b\r\n\r\nhello";
    let finished = parse(&["response", "--json"], input);
    assert_eq!(finished.code(), 0, "{}", finished.err());
    let wanted = [
        r#"{"version": "HTTP/1.1", "status": 204, "reason": "No Content",
            "headers": [], "body": "", "trailers": [], "complete": true}"#,
        r#"{"version": "HTTP/1.0", "status": 200, "reason": "",
            "headers": [["A", "b"]], "body": "aGVsbG8=", "trailers": [], "complete": true}"#,
    ];
    let wanted = wanted.map(object);
    assert_eq!(objects(&finished), wanted);
}

#[test]
fn what_was_whole_is_printed_before_an_error_and_its_place_counts_from_the_start() {
    let good = "GET / HTTP/1.0\r\n\r\n";
    for (wrong, name, at, status) in [
        ("GET / HTTP/1.1\nHost: a\r\n\r\n", "bare_line_end", 14, 400),
        ("GET / HTTP/3.0\r\n\r\n", "major_version", 11, 505),
        ("GET / HTTP/1.1\r\n\r\n", "host", 16, 400),
        (
            "GET / HTTP/1.0\r\nContent-Length: 8388609\r\n\r\n",
            "long_body",
            32,
            413,
        ),
        (
            "GET / HTTP/1.0\r\nExpect: x\r\n\r\n",
            "expectation",
            24,
            417,
        ),
    ] {
        let finished = parse(&["--json"], format!("{good}{wrong}").as_bytes());
        let objects = objects(&finished);
        assert_eq!(finished.code(), 1);
        assert_eq!((objects.len(), &objects[0]["complete"]), (2, &true.into()));
        let wanted = serde_json::json!({"error": name, "at": 18 + at, "status": status});
        assert_eq!(objects[1], wanted);
        let line = format!("error: stdin: {name} at byte {}", 18 + at);
        assert!(finished.err().starts_with(&line), "{}", finished.err());
    }
}

#[test]
fn a_last_message_that_is_not_whole_is_printed_as_far_as_it_came() {
    let finished = parse(
        &["--json"],
        b"GET / HTTP/1.0\r\nContent-Length: 9\r\n\r\nhel",
    );
    let objects = objects(&finished);
    assert_eq!((finished.code(), objects.len()), (1, 1));
    assert_eq!(objects[0]["complete"], false);
    assert_eq!(
        (&objects[0]["body"], &objects[0]["method"]),
        (&"aGVs".into(), &"GET".into())
    );
    let finished = parse(&["--json"], b"GET / HT");
    assert_eq!(
        (finished.code(), finished.out().trim_end()),
        (1, r#"{"complete":false}"#)
    );
}

#[test]
fn nothing_is_no_message_and_no_error() {
    for input in ["", "\r\n"] {
        let finished = parse(&["--json"], input.as_bytes());
        assert_eq!(
            (finished.code(), finished.out()),
            (0, String::new()),
            "{}",
            finished.err()
        );
    }
}

#[test]
fn the_text_names_each_part_and_where_it_begins() {
    let finished = parse(&[], POST.as_bytes());
    assert_eq!(finished.code(), 0, "{}", finished.err());
    let wanted = r#"
       0  method POST
       5  target /a?b
      10  version HTTP/1.1
      20  Host: a
      29  X: é
      36  Transfer-Encoding: chunked
      64  (the head ends: a body in chunks)
      69  body, 5 bytes: hello
      87  trailer Digest: abc
      94  (the message ends)

"#;
    assert_eq!(format!("\n{}", finished.out()), wanted);
}

#[test]
fn a_caret_stands_under_the_byte_that_is_refused() {
    let finished = parse(&[], b"GET / HTTP/1.1\r\nHost: \x1b[2Ja\r\n\r\n");
    assert_eq!(finished.code(), 1);
    let wanted = "refused at byte 22, status 400\n    Host: \\u{1b}[2Ja\\r\\n\n          ^\n";
    assert_eq!(finished.out(), wanted);
}

#[test]
fn a_body_of_eight_mebibytes_is_read_by_blocks() {
    let head = "POST / HTTP/1.0\r\nContent-Length: 8388608\r\n\r\n";
    let input = [head.as_bytes(), &vec![b'x'; 8_388_608]].concat();
    let finished = parse(&[], &input);
    assert_eq!(finished.code(), 0, "{}", finished.err());
    assert!(finished.out().contains("body, 8388608 bytes: xxx"));
}

#[test]
fn wrong_usage_is_status_2() {
    for args in [&["nothing"][..], &["--addr", "127.0.0.1:0"], &["--trace"]] {
        assert_eq!(parse(args, b"").code(), 2, "{args:?}");
    }
}
