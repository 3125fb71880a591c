//! A client with a script and a clock: ten seconds pass without anybody waiting for them.

use super::*;
use std::cell::Cell;
use std::collections::VecDeque;
use std::io::IoSlice;

use crate::service::{Body, Response};

/// After so many seconds these bytes arrive.
type Step = (u64, Vec<u8>);

struct Peer {
    steps: VecDeque<Step>,
    /// It stays after its last step, silent.
    stays: bool,
    /// How many bytes it takes at all.
    takes: usize,
    now: Cell<Instant>,
    began: Instant,
    read_timeout: Cell<Option<Duration>>,
    write_timeout: Cell<Option<Duration>>,
    /// Each write of the server's.
    writes: Vec<Vec<u8>>,
}

impl Peer {
    fn new<B: AsRef<[u8]>>(steps: impl IntoIterator<Item = (u64, B)>) -> Self {
        let now = Instant::now();
        let steps = steps.into_iter();
        Self {
            steps: steps
                .map(|(pause, bytes)| (pause, bytes.as_ref().to_vec()))
                .collect(),
            stays: false,
            takes: usize::MAX,
            now: Cell::new(now),
            began: now,
            read_timeout: Cell::new(None),
            write_timeout: Cell::new(None),
            writes: Vec::new(),
        }
    }

    fn silent<B: AsRef<[u8]>>(steps: impl IntoIterator<Item = (u64, B)>) -> Self {
        let stays = true;
        Self {
            stays,
            ..Self::new(steps)
        }
    }

    fn seconds(&self) -> f64 {
        (self.now.get() - self.began).as_secs_f64()
    }

    /// Each `HTTP/1.1 ...` line that came.
    fn statuses(&self) -> Vec<u16> {
        let all = self.writes.concat();
        let text = String::from_utf8_lossy(&all);
        let lines = text.split("HTTP/1.1 ").skip(1);
        lines.map(|rest| rest[..3].parse().unwrap()).collect()
    }

    fn text(&self) -> String {
        String::from_utf8(self.writes.concat()).unwrap()
    }
}

impl Read for Peer {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let wait = match self.steps.front() {
            Some((pause, _)) => Duration::from_secs(*pause),
            None if self.stays => Duration::MAX,
            None => return Ok(0),
        };
        let allowed = self.read_timeout.get().unwrap_or(Duration::MAX);
        if wait > allowed {
            self.now.set(self.now.get() + allowed);
            if let Some(step) = self.steps.front_mut() {
                step.0 -= allowed.as_secs().min(step.0);
            }
            return Err(ErrorKind::WouldBlock.into());
        }
        self.now.set(self.now.get() + wait);
        let (pause, bytes) = self.steps.front_mut().unwrap();
        *pause = 0;
        let count = bytes.len().min(out.len());
        out[..count].copy_from_slice(&bytes[..count]);
        bytes.drain(..count);
        if bytes.is_empty() {
            self.steps.pop_front();
        }
        Ok(count)
    }
}

impl Write for Peer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_vectored(&[IoSlice::new(bytes)])
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        let all = slices
            .iter()
            .map(|slice| &**slice)
            .collect::<Vec<_>>()
            .concat();
        let count = all.len().min(self.takes);
        if count == 0 {
            self.now
                .set(self.now.get() + self.write_timeout.get().unwrap());
            return Err(ErrorKind::WouldBlock.into());
        }
        self.takes -= count;
        self.writes.push(all[..count].to_vec());
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Timeouts for Peer {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.read_timeout.set(left);
        Ok(())
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.write_timeout.set(left);
        Ok(())
    }

    fn now(&self) -> Instant {
        self.now.get()
    }
}

/// `/read` answers with the body, `/ignore` looks at nothing, `/stubborn` reads on after an error, `/fail` fails, `/stream` streams, `/broken` breaks off.
fn service(request: &Request, body: &mut dyn Read) -> io::Result<Response> {
    match request.path() {
        "/read" => {
            let mut text = String::new();
            body.read_to_string(&mut text)?;
            Ok(Response::text(200, text))
        }
        "/swallow" => {
            let _ = io::copy(body, &mut io::sink()); // whatever happens
            Ok(Response::text(200, "fine"))
        }
        "/stubborn" => {
            let reads = [(); 3].map(|()| body.read(&mut [0; 9]));
            Ok(Response::text(200, format!("{reads:?}")))
        }
        "/fail" => Err(io::Error::other("no disk")),
        "/stream" => Ok(Response::new(
            200,
            Body::Stream(Box::new(|out| {
                out.write_all(b"one")?;
                out.flush()?;
                out.flush()?;
                out.write_all(b"two")
            })),
        )),
        "/broken" => Ok(Response::new(
            200,
            Body::Stream(Box::new(|out| {
                out.write_all(b"one")?;
                out.flush()?;
                Err(io::Error::other("broken"))
            })),
        )),
        "/own" => Response::text(200, "own")
            .with("content-length", "99")?
            .with("Transfer-Encoding", "gzip")?
            .with("X-Own", "1"),
        _ => Ok(Response::text(404, "no")),
    }
}

fn serve(peer: &mut Peer) -> io::Result<End> {
    let mut server = Server::new(service);
    server.now = || SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
    server.limits.body = 100;
    server.serve_mut(peer)
}

impl<V: Service> Server<V> {
    fn serve_mut(&self, peer: &mut Peer) -> io::Result<End> {
        self.serve(Shared(std::cell::RefCell::new(peer)), &mut |_| ())
    }
}

/// So that the test keeps the peer.
struct Shared<'a>(std::cell::RefCell<&'a mut Peer>);

impl Read for Shared<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.get_mut().read(out)
    }
}

impl Write for Shared<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.get_mut().write(bytes)
    }

    fn write_vectored(&mut self, slices: &[IoSlice<'_>]) -> io::Result<usize> {
        self.0.get_mut().write_vectored(slices)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Timeouts for Shared<'_> {
    fn set_read_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.0.borrow().set_read_timeout(left)
    }

    fn set_write_timeout(&self, left: Option<Duration>) -> io::Result<()> {
        self.0.borrow().set_write_timeout(left)
    }

    fn now(&self) -> Instant {
        self.0.borrow().now()
    }
}

#[test]
fn a_small_answer_is_one_write_and_the_connection_goes_on_until_the_client_closes() {
    let mut peer = Peer::new([
        (0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        (
            1,
            "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        ),
    ]);
    assert_eq!(serve(&mut peer).unwrap(), End::Between);
    assert_eq!(peer.writes.len(), 2);
    assert_eq!(
        String::from_utf8_lossy(&peer.writes[1]),
        "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain; charset=utf-8\r\n\
         Content-Length: 5\r\n\r\nhello"
    );
    assert_eq!(peer.statuses(), [404, 200]);
}

#[test]
fn pipelined_requests_are_answered_in_order_however_they_are_cut() {
    let requests = b"\r\nPOST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none\
        GET / HTTP/1.1\r\nHost: a\r\n\r\n\
        POST /ignore HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nGET \r\n0\r\n\r\n\
        HEAD /read HTTP/1.1\r\nHost: a\r\n\r\n\
        POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\ntwo\r\n0\r\nA: b\r\n\r\nGET";
    let mut whole = Peer::new([(0, requests)]);
    assert_eq!(serve(&mut whole).unwrap(), End::Answered);
    assert_eq!(whole.statuses(), [200, 404, 404, 200, 200]);
    assert_eq!(whole.text().matches("Connection: close").count(), 1);
    assert!(whole.text().ends_with("Connection: close\r\n\r\ntwo"));
    for cut in 1..requests.len() {
        let mut peer = Peer::new([(0, &requests[..cut]), (1, &requests[cut..])]);
        assert_eq!(serve(&mut peer).unwrap(), End::Answered, "{cut}");
        assert_eq!(peer.text(), whole.text(), "{cut}");
    }
    let mut slow = Peer::new(requests.iter().map(|byte| (0, [*byte])));
    serve(&mut slow).unwrap();
    assert_eq!(slow.text(), whole.text());
}

#[test]
fn head_is_get_without_its_body() {
    for path in ["/read", "/stream", "/", "/own"] {
        let ask = |method: &str| {
            let mut peer = Peer::new([(0, format!("{method} {path} HTTP/1.1\r\nHost: a\r\n\r\n"))]);
            serve(&mut peer).unwrap();
            peer.text()
        };
        let (get, head) = (ask("GET"), ask("HEAD"));
        assert_eq!(
            get.split_once("\r\n\r\n").unwrap().0.to_owned() + "\r\n\r\n",
            head,
            "{path}"
        );
    }
}

#[test]
fn a_service_cannot_say_how_long_its_answer_is() {
    let mut peer = Peer::new([(0, "GET /own HTTP/1.1\r\nHost: a\r\n\r\n")]);
    serve(&mut peer).unwrap();
    let text = peer.text();
    assert!(
        text.contains("X-Own: 1\r\nContent-Length: 3\r\n\r\nown"),
        "{text}"
    );
    assert!(!text.contains("gzip") && !text.contains(": 99"), "{text}");
}

#[test]
fn a_stream_goes_in_chunks_one_a_flush_and_to_an_old_client_as_it_is() {
    let mut peer = Peer::new([(0, "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n")]);
    serve(&mut peer).unwrap();
    let writes: Vec<_> = peer
        .writes
        .iter()
        .map(|write| String::from_utf8_lossy(write))
        .collect();
    assert!(
        writes[0].ends_with("Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n"),
        "{writes:?}"
    );
    assert_eq!(writes[1..], ["3\r\ntwo\r\n0\r\n\r\n"]);

    let mut old = Peer::new([(0, "GET /stream HTTP/1.0\r\n\r\n")]);
    assert_eq!(serve(&mut old).unwrap(), End::Answered);
    assert!(
        old.text().ends_with("Connection: close\r\n\r\nonetwo"),
        "{}",
        old.text()
    );
    assert!(!old.text().contains("chunked"));

    let mut broken = Peer::new([(0, "GET /broken HTTP/1.1\r\nHost: a\r\n\r\n")]);
    assert_eq!(serve(&mut broken).unwrap_err().to_string(), "broken");
    assert!(broken.text().ends_with("3\r\none\r\n"), "no last chunk");
}

#[test]
fn http_1_0_gets_one_answer_and_no_100() {
    let fields = "Expect: 100-continue\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\n";
    let mut peer = Peer::silent([
        (0, format!("POST /read HTTP/1.0\r\n{fields}")),
        (1, "hiGET / HTTP/1.0\r\n\r\n".to_owned()),
    ]);
    assert_eq!(serve(&mut peer).unwrap(), End::Answered);
    assert_eq!(peer.statuses(), [200]);
    assert!(peer.text().contains("Connection: close"));
}

#[test]
fn expect_is_answered_when_the_body_is_wanted_and_only_then() {
    let head = |path| {
        format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        )
    };
    let mut wanted = Peer::new([(0, head("/read")), (1, "hi".to_owned())]);
    serve(&mut wanted).unwrap();
    assert_eq!(wanted.writes[0], b"HTTP/1.1 100 Continue\r\n\r\n");
    assert_eq!(wanted.statuses(), [100, 200]);
    // The body came without waiting: no need to say anything.
    let mut here = Peer::new([(0, head("/read") + "hi")]);
    serve(&mut here).unwrap();
    assert_eq!(here.statuses(), [200]);
    // Not wanted: the answer at once, then the body is read past, and the connection goes on.
    let next = "hiGET / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned();
    let mut unwanted = Peer::new([(0, head("/ignore")), (1, next)]);
    assert_eq!(serve(&mut unwanted).unwrap(), End::Between);
    assert_eq!(unwanted.statuses(), [404, 404]);
    assert_eq!(unwanted.seconds(), 1.0);
    // No body is announced, so nobody waits for one.
    let none = head("/read").replace("Length: 2", "Length: 0");
    let mut none = Peer::new([(0, none)]);
    serve(&mut none).unwrap();
    assert_eq!(none.statuses(), [200]);
}

#[test]
fn an_error_of_the_request_is_the_last_answer_and_those_before_it_are_given() {
    let good = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let post = "POST /read HTTP/1.1\r\nHost: a\r\n";
    for (bad, status) in [
        ("GET / HTTP/1.1\r\n\r\n".to_owned(), 400),
        ("GET / HTTP/2.0\r\n\r\n".to_owned(), 505),
        (format!("{post}Content-Length: 101\r\n\r\n"), 413),
        (
            format!("{post}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"),
            400,
        ),
        (format!("{post}Transfer-Encoding: gzip\r\n\r\n"), 501),
        (
            format!("{post}Expect: a miracle\r\nContent-Length: 1\r\n\r\n"),
            417,
        ),
        (format!("GET /{} HTTP/1.1\r\n", "a".repeat(9000)), 414),
        (
            format!("{good}a: b\r\n", good = good.trim_end()) + &"a: b\r\n".repeat(1001) + "\r\n",
            431,
        ),
        (format!("{post}Transfer-Encoding: chunked\r\n\r\nx"), 400),
        (
            format!("{post}Transfer-Encoding: chunked\r\n\r\n65\r\n"),
            413,
        ),
    ] {
        let mut peer = Peer::silent([(0, good.to_owned() + &bad + good)]);
        assert_eq!(serve(&mut peer).unwrap(), End::Answered, "{bad:?}");
        assert_eq!(peer.statuses(), [404, status], "{bad:?}");
        assert_eq!(peer.text().matches("Connection: close").count(), 1);
        assert_eq!(peer.seconds(), 0.0);
    }
}

#[test]
fn a_body_that_is_wrong_is_refused_even_if_the_service_does_not_mind() {
    for path in ["/swallow", "/ignore", "/fail", "/read"] {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n"
        );
        let mut peer = Peer::silent([(0, head + "x\r\n")]);
        assert_eq!(serve(&mut peer).unwrap(), End::Answered);
        assert_eq!(peer.statuses(), [400], "{path}");
    }
}

#[test]
fn an_error_of_the_service_is_500_and_tells_nothing() {
    let mut peer = Peer::silent([(0, "GET /fail HTTP/1.1\r\nHost: a\r\n\r\n")]);
    assert_eq!(serve(&mut peer).unwrap(), End::Answered);
    assert!(
        peer.text()
            .ends_with("Connection: close\r\n\r\n500 Internal Server Error\n")
    );
    assert!(!peer.text().contains("disk"));
}

#[test]
fn a_silent_client_is_let_go_after_the_idle_time_without_a_word() {
    let mut peer = Peer::silent([(0, "")]);
    peer.steps.clear();
    assert_eq!(serve(&mut peer).unwrap(), End::Between);
    assert_eq!((peer.seconds(), peer.writes.len()), (5.0, 0));
    let mut peer = Peer::silent([(4, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")]);
    assert_eq!(serve(&mut peer).unwrap(), End::Between);
    assert_eq!((peer.seconds(), peer.writes.len()), (9.0, 1));
}

#[test]
fn a_head_has_5_seconds_from_its_first_byte_however_it_trickles() {
    let slow = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut peer = Peer::silent(slow.iter().map(|byte| (1, [*byte])));
    assert_eq!(serve(&mut peer).unwrap(), End::Answered);
    assert_eq!(peer.statuses(), [408]);
    assert_eq!(peer.seconds(), 6.0); // a second until the first byte
    let mut quicker = Peer::new([(4, &slow[..1]), (4, &slow[1..])]);
    serve(&mut quicker).unwrap();
    assert_eq!(quicker.statuses(), [404]);
}

#[test]
fn a_body_may_stand_still_for_10_seconds() {
    let head = "POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n";
    let mut peer = Peer::silent([(0, head), (9, "a"), (9, "b")]);
    assert_eq!(serve(&mut peer).unwrap(), End::Answered);
    assert_eq!(peer.statuses(), [408]);
    assert_eq!(peer.seconds(), 28.0);
    let mut peer = Peer::new([(0, head), (9, "a"), (9, "b"), (9, "c"), (9, "d")]);
    serve(&mut peer).unwrap();
    assert_eq!(peer.statuses(), [200]);
    // The line of a chunk is no progress.
    let head = "POST /read HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut peer = Peer::silent([(0, head), (6, "2"), (6, "\r\n"), (6, "hi")]);
    serve(&mut peer).unwrap();
    assert_eq!((peer.statuses(), peer.seconds()), (vec![408], 10.0));
}

#[test]
fn a_client_that_takes_nothing_is_given_up_after_10_seconds() {
    let mut peer = Peer::silent([(0, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")]);
    peer.takes = 10;
    assert_eq!(
        serve(&mut peer).unwrap_err().to_string(),
        "no progress for 10 s"
    );
    assert_eq!(peer.seconds(), 10.0);
}

#[test]
fn a_body_that_failed_once_is_not_waited_for_again() {
    let head = "POST /stubborn HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n";
    let mut peer = Peer::silent([(0, head.to_owned() + "he")]);
    assert_eq!(serve(&mut peer).unwrap(), End::Answered);
    assert_eq!((peer.seconds(), peer.statuses()), (10.0, vec![408]));
}

#[test]
fn a_request_that_is_cut_off_is_never_served() {
    let request = b"POST /read HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
    for cut in 1..request.len() {
        let mut peer = Peer::new([(0, &request[..cut])]);
        assert_eq!(serve(&mut peer).unwrap(), End::Answered, "{cut}");
        assert_eq!(peer.statuses(), [400], "{cut}");
    }
}

#[test]
fn what_a_busy_connection_needed_is_given_back_in_silence() {
    let head = "POST /swallow HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n".to_owned();
    let mut peer = Peer::silent([
        (0, head + &"x".repeat(500_000)),
        (3, "GET / HTTP/1.1\r\nHost: a\r\n\r\n".to_owned()),
    ]);
    let mut server = Server::new(service);
    server.limits.body = 1_000_000;
    let shared = Shared(std::cell::RefCell::new(&mut peer));
    let mut connection = HttpStream::new(shared, server.limits);
    let request = connection.request(server.idle).unwrap().unwrap();
    server.answer(&request, &mut connection).unwrap();
    assert!(connection.received.size() > 100_000);
    connection.request(server.idle).unwrap().unwrap();
    assert!(connection.received.size() < 10_000);
}

#[test]
fn the_log_hears_of_each_request_and_why_one_was_refused() {
    let mut peer = Peer::silent([(
        0,
        "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n\r\n",
    )]);
    let mut lines = Vec::new();
    let server = Server::new(service);
    let shared = Shared(std::cell::RefCell::new(&mut peer));
    let mut told = |answered: &Answered<'_>| {
        let target = answered.request.map(|request| request.target.clone());
        lines.push((
            target,
            answered.status,
            answered.bytes,
            answered.error.is_some(),
        ));
    };
    server.serve(shared, &mut told).unwrap();
    assert_eq!(lines[0], (Some("/a".to_owned()), 404, 2, false));
    assert_eq!(
        (lines[1].0.as_deref(), lines[1].1, lines[1].3),
        (None, 400, true)
    );
}
