//! What becomes of a connection.

use std::io::Write;
use std::net::Shutdown;
use std::time::Duration;

use socket2::SockRef;

use tests::deadline;

use super::{Site, request, statuses};

#[test]
fn a_connection_serves_many_requests_one_after_the_other_and_at_once() {
    let site = Site::new(&[]);
    let mut connection = site.connect();
    for _ in 0..10 {
        connection.send(&request("GET", "/hello.txt", &[], b""));
        assert_eq!(connection.answer("GET").text(), "hello\n");
    }
    let pipelined = [
        request("GET", "/hello.txt", &[], b""),
        request("HEAD", "/hello.txt", &[], b""),
        request("POST", "/echo", &[], b"three"),
        request("POST", "/no", &["Transfer-Encoding: chunked"], b"")
            .into_iter()
            .chain(*b"4\r\nGET \r\n0\r\n\r\n")
            .collect(),
        request("GET", "/hello.txt", &["Connection: close"], b""),
        request("GET", "/hello.txt", &[], b""),
    ];
    connection.send(&pipelined.concat());
    for (method, status, body) in [
        ("GET", 200, "hello\n"),
        ("HEAD", 200, ""),
        ("POST", 200, "three"),
        ("POST", 405, "405 Method Not Allowed\n"),
    ] {
        let answer = connection.answer(method);
        assert_eq!((answer.status, answer.text().as_str()), (status, body));
        assert!(!answer.closes());
    }
    assert!(connection.answer("GET").closes());
    assert_eq!(connection.rest(), "", "nothing after the last");
}

#[test]
fn requests_cut_anywhere_are_the_same_requests() {
    let site = Site::new(&[]);
    let requests = [
        request("POST", "/echo", &["Content-Type: a/b"], b"one"),
        request("GET", "/hello.txt", &["Connection: close"], b""),
    ]
    .concat();
    for cut in 1..requests.len() {
        let mut connection = site.connect();
        connection.send(&requests[..cut]);
        connection.send(&requests[cut..]);
        let echo = connection.answer("POST");
        assert_eq!(
            (echo.text().as_str(), echo.field("Content-Type")),
            ("one", Some("a/b")),
            "{cut}"
        );
        assert_eq!(connection.answer("GET").text(), "hello\n", "{cut}");
    }
}

#[test]
fn a_client_that_half_closes_gets_all_its_answers() {
    let site = Site::new(&[]);
    let text = site.all(&request("GET", "/hello.txt", &[], b"").repeat(3));
    assert_eq!(statuses(&text), [200, 200, 200]);
    assert_eq!(site.all(b""), "");
    assert_eq!(statuses(&site.all(b"GET / HT")), [400]);
}

#[test]
fn expect_is_answered_only_when_the_body_is_wanted() {
    let site = Site::new(&["--upload"]);
    let mut connection = site.connect();
    let lines = ["Expect: 100-continue", "Content-Length: 2"];
    for (method, target, status) in [("POST", "/echo", 200), ("PUT", "/a.txt", 201)] {
        connection.send(&request(method, target, &lines, b""));
        assert_eq!(connection.answer(method).status, 100);
        connection.send(b"hi");
        assert_eq!(connection.answer(method).status, status);
    }
    for (method, target, status) in [
        ("POST", "/no", 405),
        ("PUT", "/a/b", 403),
        ("GET", "/no", 404),
    ] {
        connection.send(&request(method, target, &lines, b""));
        assert_eq!(connection.answer(method).status, status);
        connection.send(b"hi");
    }
    connection.send(&request("GET", "/hello.txt", &[], b""));
    assert_eq!(connection.answer("GET").status, 200);
}

#[test]
fn http_1_0_gets_one_answer_and_needs_no_host() {
    let site = Site::new(&[]);
    for head in [
        "GET /hello.txt HTTP/1.0\r\n\r\n",
        "GET /hello.txt HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ] {
        let mut connection = site.connect();
        connection.send(head.repeat(2).as_bytes());
        let text = connection.rest();
        assert_eq!(statuses(&text), [200]);
        assert!(
            text.contains("\r\nConnection: close\r\n") && text.ends_with("\r\n\r\nhello\n"),
            "{text}"
        );
    }
    assert_eq!(
        statuses(&site.all(b"GET /hello.txt HTTP/1.7\r\nHost: a\r\n\r\n")),
        [200]
    );
}

#[test]
fn a_client_that_resets_disturbs_nobody() {
    let site = Site::new(&["--upload"]);
    super::write(&site.root, "large.bin", vec![0; 20_000_000]);
    for bytes in [
        request("GET", "/large.bin", &[], b""),
        request("PUT", "/part.bin", &["Content-Length: 1000000"], b""),
        b"GET /".to_vec(),
    ] {
        let mut connection = site.connect();
        connection.0.write_all(&bytes).unwrap();
        // To close with an answer unread, or with the linger time at zero, is a reset.
        let socket = socket2::SockRef::from(&connection.0);
        socket.set_linger(Some(std::time::Duration::ZERO)).unwrap();
    }
    let mut connection = site.connect();
    connection.send(&request("GET", "/hello.txt", &[], b""));
    assert_eq!(connection.answer("GET").status, 200);
    connection.0.shutdown(Shutdown::Write).unwrap();
    assert_eq!(connection.rest(), "");
    // The unfinished file leaves with its thread.
    let two = || (site.names() == ["hello.txt", "large.bin"]).then_some(());
    assert!(deadline::until(deadline::PATIENCE, two).is_some());
}

#[test]
fn a_silent_client_is_let_go_and_a_half_head_is_told_408() {
    let site = Site::new(&["--idle", "0.2"]);
    assert_eq!(site.connect().rest(), "");
    let mut slow = site.connect();
    slow.send(b"GET / HTTP/1.1\r\n"); // 5 seconds for the rest
    let text = slow.rest();
    assert!(
        text.starts_with("HTTP/1.1 408 ") && text.contains("Connection: close"),
        "{text}"
    );
}

#[test]
fn a_hundred_who_connect_and_leave_at_once_cost_nobody_anything() {
    let site = Site::new(&[]);
    for round in 0..100 {
        let connection = site.connect();
        if round % 2 == 0 {
            SockRef::from(&connection.0)
                .set_linger(Some(Duration::ZERO))
                .unwrap(); // by force
        }
    }
    assert_eq!(site.get("/hello.txt", &[]).text(), "hello\n");
    let log = site.server.stop().err();
    let by_force = log
        .lines()
        .filter(|line| line.ends_with("reset by the peer"))
        .count();
    assert!(
        by_force <= 50 && log.lines().count() == by_force + 1,
        "{log}"
    );
}
