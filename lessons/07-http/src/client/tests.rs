use std::collections::VecDeque;
use std::time::Instant;

use super::*;

/// A server that says what it says, in these pieces, whatever it is asked. After the last one it has closed.
struct Scripted {
    pieces: VecDeque<Vec<u8>>,
    heard: Vec<u8>,
    /// It takes so many bytes and is then no longer there.
    takes: usize,
}

impl Read for Scripted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(mut piece) = self.pieces.pop_front() else {
            return Ok(0);
        };
        let rest = piece.split_off(piece.len().min(out.len()));
        out[..piece.len()].copy_from_slice(&piece);
        if !rest.is_empty() {
            self.pieces.push_front(rest);
        }
        Ok(piece.len())
    }
}

impl Write for Scripted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = bytes.len().min(self.takes - self.heard.len());
        if count == 0 {
            return Err(ErrorKind::ConnectionReset.into());
        }
        self.heard.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Timeouts for Scripted {
    fn set_read_timeout(&self, _: Option<Duration>) -> io::Result<()> {
        Ok(())
    }

    fn set_write_timeout(&self, _: Option<Duration>) -> io::Result<()> {
        Ok(())
    }

    fn now(&self) -> Instant {
        Instant::now()
    }
}

fn saying<'a>(pieces: impl IntoIterator<Item = &'a [u8]>) -> Client<Scripted> {
    let stream = Scripted {
        pieces: pieces.into_iter().map(<[u8]>::to_vec).collect(),
        heard: Vec::new(),
        takes: usize::MAX,
    };
    Client::new(stream, Duration::from_secs(1))
}

/// Status and body of the answer, or the error.
fn ask(client: &mut Client<Scripted>, method: &str) -> io::Result<(u16, Vec<u8>)> {
    client.send(method, "/x", &Headers::default(), None)?;
    let answer = client.answer()?;
    let mut body = Vec::new();
    client.read_to_end(&mut body)?;
    Ok((answer.status, body))
}

/// Every kind of answer, and what is read out of it.
const ANSWERS: [(&str, &str, u16, &str); 9] = [
    (
        "GET",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        200,
        "hello",
    ),
    ("GET", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", 200, ""),
    (
        "GET",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\nlo\r\n0\r\nx: y\r\n\r\n",
        200,
        "hello",
    ),
    (
        "GET",
        "HTTP/1.0 200 OK\r\n\r\nuntil the end",
        200,
        "until the end",
    ),
    (
        "HEAD",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        200,
        "",
    ),
    (
        "HEAD",
        "HTTP/1.1 404 no\r\nTransfer-Encoding: chunked\r\n\r\n",
        404,
        "",
    ),
    ("GET", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
    (
        "GET",
        "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n",
        304,
        "",
    ),
    (
        "POST",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
        200,
        "ok",
    ),
];

#[test]
fn every_answer_is_the_same_however_it_is_cut() {
    for (method, wire, status, body) in ANSWERS {
        let wire = wire.as_bytes();
        for cut in 0..wire.len() {
            let (first, second) = wire.split_at(cut);
            let pieces = [first, second]
                .into_iter()
                .filter(|piece| !piece.is_empty());
            let got = ask(&mut saying(pieces), method).unwrap();
            assert_eq!(
                (got.0, got.1.as_slice()),
                (status, body.as_bytes()),
                "{wire:?} cut at {cut}"
            );
        }
        let got = ask(&mut saying(wire.chunks(1)), method).unwrap();
        assert_eq!(
            (got.0, got.1.as_slice()),
            (status, body.as_bytes()),
            "{wire:?} byte by byte"
        );
    }
}

#[test]
fn an_answer_that_ends_too_early_is_an_error_unless_its_end_is_the_stream_s() {
    for (method, wire, ..) in ANSWERS {
        // Before the head is whole it always is; of a body that lasts until close, nobody can tell.
        let until_close = wire.starts_with("HTTP/1.0");
        let least = match until_close {
            true => wire.find("\r\n\r\n").unwrap() + 4,
            false => wire.len(),
        };
        for end in 0..least {
            let error = ask(&mut saying([&wire.as_bytes()[..end]]), method);
            assert!(error.is_err(), "{wire:?}, {end} bytes of it: {error:?}");
        }
    }
}

#[test]
fn one_connection_carries_one_answer_after_the_other() {
    let wire = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nc";
    let mut client = saying([wire.as_bytes()]);
    assert_eq!(ask(&mut client, "GET").unwrap(), (200, b"ab".to_vec()));
    assert_eq!(ask(&mut client, "GET").unwrap(), (200, b"c".to_vec()));
    assert!(ask(&mut client, "GET").is_err());
}

#[test]
fn a_server_that_only_ever_says_wait_is_given_up() {
    let wire = "HTTP/1.1 100 Continue\r\n\r\n".repeat(100);
    let error = ask(&mut saying([wire.as_bytes()]), "GET").unwrap_err();
    assert_eq!(error.to_string(), "more than 16 interim answers");
}

#[test]
fn a_request_is_these_bytes() {
    let mut client = saying([]);
    let mut headers = Headers::default();
    headers.add("Host", "a:8080").unwrap();
    client.send("GET", "/x?y=z", &headers, None).unwrap();
    assert_eq!(
        client.connection.stream.stream.heard,
        b"GET /x?y=z HTTP/1.1\r\nHost: a:8080\r\n\r\n"
    );
    let mut client = saying([]);
    let (mut body, size) = (&b"hello, and more"[..], 5);
    client
        .send("POST", "/x", &headers, Some((&mut body, size)))
        .unwrap();
    assert_eq!(
        client.connection.stream.stream.heard,
        b"POST /x HTTP/1.1\r\nHost: a:8080\r\nContent-Length: 5\r\n\r\nhello"
    );
}

#[test]
fn a_body_of_any_size_is_sent_whole_and_one_that_is_too_short_is_an_error() {
    for size in [0, 1, 100_000, 256 * 1024, 1_000_000] {
        let body = Vec::from_iter((0..size).map(|at| at as u8));
        let mut client = saying([]);
        let source: (&mut dyn Read, u64) = (&mut &body[..], size as u64);
        client
            .send("POST", "/", &Headers::default(), Some(source))
            .unwrap();
        let heard = &client.connection.stream.stream.heard;
        assert!(
            heard.ends_with(&[b"\r\n\r\n", &body[..]].concat()),
            "{size}"
        );

        let source: (&mut dyn Read, u64) = (&mut &body[..], size as u64 + 1);
        let error = saying([])
            .send("POST", "/", &Headers::default(), Some(source))
            .unwrap_err();
        let why = "the file became shorter while it was sent";
        assert_eq!(error.to_string(), why);
    }
}

#[test]
fn a_target_that_would_break_the_line_is_not_sent() {
    for target in ["", "/a b", "/a\r\nX: y", "/粘"] {
        let mut client = saying([]);
        let error = client
            .send("GET", target, &Headers::default(), None)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{target:?}");
        assert!(client.connection.stream.stream.heard.is_empty());
    }
}

#[test]
fn a_refusal_is_heard_although_the_body_could_not_be_sent() {
    let mut client = saying([&b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"[..]]);
    client.connection.stream.stream.takes = 100_000;
    let body = vec![b'x'; 1_000_000];
    let source: (&mut dyn Read, u64) = (&mut &body[..], body.len() as u64);
    assert!(
        client
            .send("POST", "/", &Headers::default(), Some(source))
            .is_err()
    );
    assert_eq!(client.answer().unwrap().status, 413);
}

#[test]
fn a_body_that_is_not_whole_never_looks_like_one_that_is() {
    let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX";
    for answer in [chunks, &chunks[..chunks.len() - 1]] {
        let mut client = saying([answer]);
        assert!(ask(&mut client, "GET").is_err());
        assert!(client.read(&mut [0; 9]).is_err());
    }
}

#[test]
fn what_was_not_read_of_a_body_is_not_taken_for_the_next_answer() {
    let two = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n";
    for read in [0, 2] {
        let mut client = saying([&two[..]]);
        client.send("GET", "/", &Headers::default(), None).unwrap();
        client.answer().unwrap();
        client.read_exact(&mut vec![0; read]).unwrap();
        assert_eq!(ask(&mut client, "GET").unwrap(), (404, Vec::new()));
    }
}
