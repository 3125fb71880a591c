//! One connection of a server: requests in, a service's answers out, in order, until somebody closes.
//!
//! ```text
//!        stream ──▶ ReceiveBuffer ──▶ Requests ──▶ Head ──▶ Service::answer ──▶ head and body ──▶ stream
//!                   (lesson 04)       connection.rs  │         ▲
//!                                                    └─ Data ──┘ the body, if the service reads it
//! ```
//!
//! The goals: a request is answered when all of it has come, so that the next one begins where it ends. The first one that
//! is refused is the last. A small answer is one write. This file knows no listener, no thread, no file name.
//!
//! The rest is promised elsewhere: `promises/lingering_close.rs` (the last answer arrives), lesson 04's `idle_memory.rs`.

use std::io::{self, ErrorKind, IoSlice, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant, SystemTime};

use common::Timeouts;
use lesson04::{DeadlineStream, ReceiveBuffer};

use crate::connection::{Event, Requests};
use crate::error::HttpError;
use crate::head::{Limits, Version};
use crate::service::{Request, Response, Service};

mod answer;

pub(crate) use answer::http_date;

/// From the first byte of a head to its last.
const HEAD: Duration = Duration::from_secs(5);

/// A body that stands still for so long is given up, in either direction.
pub(crate) const PROGRESS: Duration = Duration::from_secs(10);

/// What serves connections.
pub struct Server<V> {
    /// What answers.
    pub service: V,
    /// What is refused.
    pub limits: Limits,
    /// Silence allowed between two requests: 5 s.
    pub idle: Duration,
    /// What `Date` says. A demo, which is to look the same every time, brings its own.
    pub now: fn() -> SystemTime,
}

/// A request that was answered, for a log.
pub struct Answered<'a> {
    /// `None`: its head was refused.
    pub request: Option<&'a Request>,
    /// What it was answered.
    pub status: u16,
    /// Bytes of the answer's body that were written (of a stream, the chunks around them too).
    pub bytes: u64,
    /// From its head to the last write.
    pub time: Duration,
    /// Why it was refused, or what failed in the service.
    pub error: Option<&'a io::Error>,
}

/// Hears of each request.
pub type Told<'a> = &'a mut dyn FnMut(&Answered<'_>);

/// How a connection ended, for whoever closes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Between two requests: the client closed or was silent. It waits for nothing.
    Between,
    /// With our last answer. What the client still sends has to be read for a moment, or it may never see it.
    Answered,
}

impl<V: Service> Server<V> {
    /// With the limits and times of the contract.
    pub fn new(service: V) -> Self {
        Self {
            service,
            limits: Limits::default(),
            idle: Duration::from_secs(5),
            now: SystemTime::now,
        }
    }

    /// Serves one connection to its end.
    ///
    /// # Errors
    /// Those of the stream; an answer that could not be written whole.
    // ANCHOR: serve
    pub fn serve<S: Read + Write + Timeouts>(
        &self,
        stream: S,
        peer: SocketAddr,
        told: Told<'_>,
    ) -> io::Result<End> {
        let mut connection = Connection::new(stream, self.limits);
        loop {
            let head = connection.request(peer, self.idle);
            let began = Instant::now();
            let (request, answer) = match head {
                Ok(None) => return Ok(End::Between),
                Ok(Some(request)) => {
                    let answer = self.answer(&request, &mut connection);
                    (Some(request), answer)
                }
                Err(failure) => (None, Err(failure)),
            };
            let (response, failed) = match answer {
                Ok(response) => (response, None),
                Err(Failure { status: 0, error }) => return Err(error), // the connection is lost
                Err(failure) => (failure.response(), Some(failure.error)),
            };
            let (request, status) = (request.as_ref(), response.status);
            let last = failed.is_some() || request.is_none_or(is_last);
            let date = (self.now)();
            let (bytes, written) = connection.write(request, response, last, date);
            told(&Answered {
                request,
                status,
                bytes,
                time: began.elapsed(),
                error: failed.as_ref(),
            });
            written?;
            if last {
                return Ok(End::Answered);
            }
            // A body that waited for 100 Continue and was not wanted: it may come all the same.
            if let Err(failure) = connection.discard_body() {
                return match failure.status {
                    0 => Err(failure.error),
                    _ => Ok(End::Answered),
                };
            }
        }
    }
    // ANCHOR_END: serve

    /// The service's answer, once all of the request has come. (A client that waits for `100 Continue` sends its body when it
    /// has an answer, or never.)
    fn answer<S: Read + Write + Timeouts>(
        &self,
        request: &Request,
        connection: &mut Connection<S>,
    ) -> Result<Response, Failure> {
        let answer = self.service.answer(request, connection);
        if !connection.expects {
            connection.discard_body()?;
        }
        connection.expects = false;
        match connection.failed.take() {
            Some(failure) => Err(failure), // whatever the service made of it
            None => answer.map_err(|error| Failure { status: 500, error }),
        }
    }
}

/// Whether the client wants no other answer after this one (RFC 9112, section 9.3). We keep no connection of HTTP/1.0 open:
/// its `Connection: keep-alive` never worked through proxies.
fn is_last(request: &Request) -> bool {
    let close = |member: &[u8]| member.eq_ignore_ascii_case(b"close");
    request.version == Version::Http10 || request.headers.members("Connection").any(close)
}

/// Why a request gets another answer than the service's.
#[derive(Debug)]
struct Failure {
    /// What the client is told; 0: the connection is lost.
    status: u16,
    error: io::Error,
}

impl Failure {
    fn response(&self) -> Response {
        let mut response = Response::status(self.status);
        if self.status != 500 {
            // What failed inside is for our log; what was wrong with the request helps its author.
            response = Response::text(self.status, format!("{}: {}\n", self.status, self.error));
        }
        response
    }
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        Self {
            status: error.status(),
            error: error.into(),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // A deadline of ours, that is. When the kernel gives a connection up, its error has a number.
        let ours = error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none();
        let status = if ours { 408 } else { 0 };
        Self { status, error }
    }
}

/// A connection, and where in a request it stands.
pub(crate) struct Connection<S> {
    pub(crate) stream: DeadlineStream<S>,
    pub(crate) received: ReceiveBuffer,
    requests: Requests,
    /// Of the body, so many bytes wait at the front of `received`.
    data: usize,
    /// The request has been read to its end.
    over: bool,
    /// The client waits for `100 Continue` before it sends the body.
    expects: bool,
    /// What went wrong with the body.
    failed: Option<Failure>,
    /// What is written next: a head, and what fits behind it.
    pub(crate) out: Vec<u8>,
}

impl<S: Read + Write + Timeouts> Connection<S> {
    fn new(stream: S, limits: Limits) -> Self {
        Self {
            stream: DeadlineStream::new(stream),
            received: ReceiveBuffer::default(),
            requests: Requests::new(limits),
            data: 0,
            over: true,
            expects: false,
            failed: None,
            out: Vec::new(),
        }
    }

    /// The next request's head. `None`: the client has closed, or was silent for so long.
    fn request(&mut self, peer: SocketAddr, idle: Duration) -> Result<Option<Request>, Failure> {
        let mut whole = None; // the deadline, once there is a first byte
        loop {
            if let Some((consumed, event)) = self.requests.next(self.received.waiting())? {
                let Event::Head(head, _) = event else {
                    return Err(io::Error::other("a body before its head").into());
                };
                let request = Request::copied(&head, peer)?;
                self.expects =
                    request.version == Version::Http11 && request.headers.first("Expect").is_some();
                self.received.take(consumed);
                self.over = false;
                return Ok(Some(request));
            }
            let begun = !self.received.waiting().is_empty();
            let count = if begun {
                let in_time = self.stream.deadline(HEAD, "a head was not whole after");
                let deadline = *whole.get_or_insert(in_time);
                self.stream.read(self.received.free(), deadline)?
            } else {
                let idle = self.stream.deadline(idle, "silent for");
                let (received, out) = (&mut self.received, &mut self.out);
                match self.stream.read_first(received, out, idle) {
                    Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(None),
                    count => count?,
                }
            };
            if count == 0 {
                self.requests.ended(self.received.waiting())?;
                return Ok(None);
            }
            self.received.arrived(count);
        }
    }

    /// Reads until bytes of the body wait at the front of `received`, or the body is over.
    fn wait_for_data(&mut self) -> Result<(), Failure> {
        let deadline = self.stream.deadline(PROGRESS, "no progress for");
        while self.data == 0 && !self.over {
            match self.requests.next(self.received.waiting())? {
                Some((consumed, Event::Data(data))) => {
                    self.data = data.len();
                    // What stands before the data is the line of a chunk.
                    self.received.take(consumed.saturating_sub(self.data));
                    continue;
                }
                Some((consumed, Event::End(_))) => {
                    self.received.take(consumed);
                    self.over = true;
                    continue;
                }
                Some(_) => return Err(io::Error::other("a head inside a body").into()),
                None => {}
            }
            if std::mem::take(&mut self.expects) {
                let mut go_on = [IoSlice::new(b"HTTP/1.1 100 Continue\r\n\r\n")];
                self.stream.write_all(&mut go_on, PROGRESS)?;
            }
            match self.stream.read(self.received.free(), deadline)? {
                0 => {
                    self.requests.ended(self.received.waiting())?;
                    return Err(io::Error::from(ErrorKind::UnexpectedEof).into());
                }
                count => self.received.arrived(count),
            }
        }
        Ok(())
    }

    /// Reads what is left of the body.
    fn discard_body(&mut self) -> Result<(), Failure> {
        while self.failed.is_none() && !self.over {
            self.wait_for_data()?;
            self.received.take(std::mem::take(&mut self.data));
        }
        Ok(())
    }
}

/// The body of the request, without the chunks around it.
impl<S: Read + Write + Timeouts> Read for Connection<S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if let Err(failure) = self.wait_for_data() {
            let error = io::Error::new(failure.error.kind(), failure.error.to_string());
            self.failed = Some(failure);
            return Err(error);
        }
        let count = self.data.min(out.len());
        if let (Some(data), Some(out)) = (self.received.take(count), out.get_mut(..count)) {
            out.copy_from_slice(data);
        }
        self.data -= count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests;
