//! One connection of a server: requests in, a service's answers out, in order, until somebody closes.
//!
//! ```text
//!        stream ──▶ HttpStream ──▶ head ──▶ Service::answer ──▶ head and body ──▶ stream
//!                                    │         ▲
//!                                    └─ Read ──┘ the body, if the service reads it
//! ```
//!
//! The goals: a request is answered when all of it has come, so that the next one begins where it ends. The first one that
//! is refused is the last. A small answer is one write. This file knows no listener, no thread, no file name.
//!
//! The rest is promised elsewhere: `promises/lingering_close.rs` (the last answer arrives), lesson 04's `idle_memory.rs`.

use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant, SystemTime};

use common::Timeouts;

use crate::connection::ToServer;
use crate::connection::http_stream::HttpStream;
use crate::error::HttpError;
use crate::head::{Limits, Version};
use crate::service::{Request, Response, Service};

mod answer;

pub(crate) use answer::http_date;

/// From the first byte of a head to its last.
const HEAD: Duration = Duration::from_secs(5);

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
    pub fn serve<S: Read + Write + Timeouts>(&self, stream: S, told: Told<'_>) -> io::Result<End> {
        let mut connection = HttpStream::new(stream, self.limits);
        loop {
            let head = connection.request(self.idle); // 1
            let began = Instant::now();
            // 2. A head that is wrong is answered too: `refusal` makes a 400 of it, a 408, and so on.
            let (request, (response, failed)) = match head {
                Ok(None) => return Ok(End::Between),
                Ok(Some(request)) => {
                    let answer = self.answer(&request, &mut connection)?;
                    (Some(request), answer)
                }
                Err(error) => (None, refusal(error)?),
            };
            let (request, status) = (request.as_ref(), response.status);
            let last = failed.is_some() || request.is_none_or(is_last);
            let before = connection.written;
            let written = connection.send_answer(request, response, last, (self.now)());
            told(&Answered {
                request,
                status,
                bytes: connection.written - before,
                time: began.elapsed(),
                error: failed.as_ref(),
            });
            written?;
            if last {
                return Ok(End::Answered); // 3
            }
            // 4. A body that the service did not want may come all the same.
            if let Err(error) = connection.discard_body() {
                return refusal(error).map(|_| End::Answered);
            }
        }
    }
    // ANCHOR_END: serve

    /// The service's answer, once all of the request has come. (A client that waits for `100 Continue` sends its body when it
    /// has an answer, or never.)
    fn answer<S: Read + Write + Timeouts>(
        &self,
        request: &Request,
        connection: &mut HttpStream<S, ToServer>,
    ) -> io::Result<Answer> {
        let mut body = RequestBody {
            connection,
            failed: None,
        };
        let answer = self.service.answer(request, &mut body);
        if body.failed.is_none() && body.connection.out.is_empty() {
            body.failed = body.connection.discard_body().err();
        }
        match (body.failed, answer) {
            (Some(error), _) => refusal(error), // whatever the service made of it
            (None, Ok(response)) => Ok((response, None)),
            // What failed inside is for our log.
            (None, Err(error)) => Ok((Response::status(500), Some(error))),
        }
    }
}

/// Whether the client wants no other answer after this one (RFC 9112, section 9.3). We keep no connection of HTTP/1.0 open:
/// its `Connection: keep-alive` never worked through proxies.
fn is_last(request: &Request) -> bool {
    let close = |member: &[u8]| member.eq_ignore_ascii_case(b"close");
    request.version == Version::Http10 || request.headers.members("Connection").any(close)
}

/// What is sent, and why no other request is read after it.
type Answer = (Response, Option<io::Error>);

/// What a client is told of a request that could not be read: what was wrong with it helps its author. `Err`: the connection
/// is lost.
fn refusal(error: io::Error) -> io::Result<Answer> {
    let refused: Option<&HttpError> = error.get_ref().and_then(|error| error.downcast_ref());
    let status = match refused {
        Some(error) => error.refused.status,
        // A deadline of ours, that is. When the kernel gives a connection up, its error has a number.
        None if error.kind() == ErrorKind::TimedOut && error.raw_os_error().is_none() => 408,
        None => return Err(error),
    };
    Ok((Response::refused(status, &error), Some(error)))
}

impl<S: Read + Write + Timeouts> HttpStream<S, ToServer> {
    /// The next request's head. `None`: the client has closed, or was silent for so long.
    fn request(&mut self, idle: Duration) -> io::Result<Option<Request>> {
        let mut whole = None; // the deadline, once there is a first byte
        loop {
            if let Some(request) = self.head(Request::copied)? {
                if request.version == Version::Http11 && request.headers.first("Expect").is_some() {
                    self.out.extend_from_slice(b"HTTP/1.1 100 Continue\r\n\r\n");
                }
                return Ok(Some(request));
            }
            let more = if self.received.waiting().is_empty() {
                let idle = self.stream.deadline(idle, "silent for");
                let (received, out) = (&mut self.received, &mut self.out);
                match self.stream.read_first(received, out, idle) {
                    Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(None),
                    count => self.arrived(count?)?,
                }
            } else {
                let in_time = self.stream.deadline(HEAD, "a head was not whole after");
                self.read_more(*whole.get_or_insert(in_time))?
            };
            if !more {
                return Ok(None);
            }
        }
    }
}

/// The body of a request, for a service. What went wrong with it is for the server, whatever the service makes of it.
struct RequestBody<'a, S> {
    connection: &'a mut HttpStream<S, ToServer>,
    failed: Option<io::Error>,
}

impl<S: Read + Write + Timeouts> Read for RequestBody<'_, S> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.failed.is_none() {
            match self.connection.read(out) {
                Err(error) => self.failed = Some(error),
                count => return count,
            }
        }
        Err(io::Error::other("the body cannot be read"))
    }
}

#[cfg(test)]
mod tests;
