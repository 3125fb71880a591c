//! Each limit from both sides: the largest that is taken, and the first that is refused.

use super::{Site, request, statuses};

const MIB: usize = 1024 * 1024;

/// Taken: the next request is answered too. Refused: with this status, as the last answer.
#[track_caller]
fn taken(site: &Site, bytes: &[u8], status: u16) {
    let next = request("OPTIONS", "*", &[], b"");
    let text = site.all(&[bytes, &next].concat());
    assert_eq!(statuses(&text), [status, 200], "{}", start(bytes));
}

#[track_caller]
fn refused(site: &Site, bytes: &[u8], status: u16) {
    let next = request("OPTIONS", "*", &[], b"");
    let mut connection = site.connect();
    connection.send(&[bytes, &next].concat());
    let text = connection.rest(); // it closes by itself
    assert_eq!(statuses(&text), [status], "{}", start(bytes));
    assert!(text.contains("\r\nConnection: close\r\n"), "{text}");
}

fn start(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(100)]).into_owned()
}

fn long_line(size: usize) -> Vec<u8> {
    let target = "a".repeat(size - "GET / HTTP/1.1".len());
    request("GET", &format!("/{target}"), &[], b"")
}

fn long_head(size: usize) -> Vec<u8> {
    let other = request("GET", "/no", &["a: "], b"").len();
    request(
        "GET",
        "/no",
        &[&format!("a: {}", "b".repeat(size - other))],
        b"",
    )
}

fn many_fields(count: usize) -> Vec<u8> {
    request("GET", "/no", &vec!["a: b"; count - 1], b"") // Host is one, too
}

#[test]
fn the_head() {
    let site = Site::new(&[]);
    taken(&site, &long_line(8192), 404);
    refused(&site, &long_line(8193), 414);
    refused(&site, &vec![b'G'; 100_000], 414);
    assert_eq!(long_head(65536).len(), 65536);
    taken(&site, &long_head(65536), 404);
    refused(&site, &long_head(65537), 431);
    taken(&site, &many_fields(1000), 404);
    refused(&site, &many_fields(1001), 431);
}

#[test]
fn the_body() {
    let site = Site::new(&[]);
    taken(
        &site,
        &request("POST", "/echo", &[], &vec![b'x'; 8 * MIB]),
        200,
    );
    // From the announced length, at once: nothing of it is sent.
    let announced = format!("Content-Length: {}", 8 * MIB + 1);
    refused(&site, &request("POST", "/echo", &[&announced], b""), 413);
    refused(
        &site,
        &request(
            "POST",
            "/no",
            &["Content-Length: 99999999999999999999"],
            b"",
        ),
        413,
    );

    let site = Site::new(&["--max-body", "10"]);
    let chunked = |size: usize| {
        let body = format!("{size:x}\r\n{}\r\n0\r\n\r\n", "x".repeat(size));
        let head = request("POST", "/echo", &["Transfer-Encoding: chunked"], b"");
        [head, body.into_bytes()].concat()
    };
    taken(&site, &request("POST", "/echo", &[], b"0123456789"), 200);
    refused(&site, &request("POST", "/echo", &[], b"0123456789a"), 413);
    taken(&site, &chunked(10), 200);
    refused(&site, &chunked(11), 413);
}

#[test]
fn chunk_lines_and_trailers() {
    let site = Site::new(&[]);
    let chunked = |text: String| {
        let head = request("POST", "/echo", &["Transfer-Encoding: chunked"], b"");
        [head, text.into_bytes()].concat()
    };
    let line = |size: usize| chunked(format!("2;a={}\r\nhi\r\n0\r\n\r\n", "b".repeat(size - 4)));
    taken(&site, &line(4096), 200);
    refused(&site, &line(4097), 400);
    let trailers = |count| chunked(format!("0\r\n{}\r\n", "a: b\r\n".repeat(count)));
    taken(&site, &trailers(998), 200); // with Host and Transfer-Encoding 1,000
    refused(&site, &trailers(999), 431);
}

#[test]
fn what_is_wrong_is_refused_and_nothing_after_it_is_served() {
    let site = Site::new(&[]);
    for (bytes, status) in [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/1.1\nHost: a\n\n", 400),
        ("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        ("GET / HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n", 417),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            501,
        ),
        (
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
            400,
        ),
        ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400),
        (
            "\x16\x03\x01\x02\x00\x01\x00\x01\u{fc}\x03\x03\r\n\r\n",
            400,
        ),
    ] {
        refused(&site, bytes.as_bytes(), status);
    }
}

#[test]
fn what_only_cannot_be_served_is_an_ordinary_answer() {
    let site = Site::new(&[]);
    for (method, target, status) in [
        ("GET", "/no", 404),
        ("POST", "/no", 405),
        ("PUT", "/a.txt", 405),
        ("POST", "/upload", 405),
        ("DELETE", "/hello.txt", 405),
        ("TRACE", "/", 405),
        ("GET", "/echo", 405),
        ("BREW", "/", 501),
        ("CONNECT", "localhost:1", 501),
        ("GET", "/../x", 404),
    ] {
        taken(
            &site,
            &request(method, target, &[], b"a body that is read"),
            status,
        );
        let allow = site.ask(method, target, &[], b"").field("Allow").is_some();
        assert_eq!(allow, status == 405, "{method} {target}");
    }
}

#[test]
fn the_answer_to_a_body_too_long_arrives_although_the_body_comes_all_the_same() {
    let site = Site::new(&["--max-body", "1000"]);
    for _ in 0..20 {
        refused(
            &site,
            &request("POST", "/echo", &[], &vec![b'x'; 900_000]),
            413,
        );
    }
}
