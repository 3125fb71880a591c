//! Lesson 07: HTTP, from the bytes up.
//!
//! ```text
//! client                                            server
//!   GET /hello.txt HTTP/1.1        ──────▶           first line    what is asked
//!   Host: localhost:8080                             fields        what else is to be known, one a line
//!                                                    empty line    the head ends
//!                                  ◀──────           HTTP/1.1 200 OK
//!                                                    Content-Length: 6
//!
//!                                                    hello         the body: so many bytes
//! ```
//!
//! | read | file | knows |
//! |---|---|---|
//! | first | `examples/http_hello.rs`, `http_get.rs` | the whole idea, and no promise |
//! | second | `head.rs` | where a head ends, and what stands in it |
//! | | `body.rs` | how long the body is: the steps of RFC 9112, section 6.3 |
//! | | `connection.rs` | bytes in, events out: head, data, end, and the next head |
//! | | `connection/http_stream.rs` | the same over a stream, for both ends |
//! | third | `service.rs` | what a user of the server writes: a request in, a response out |
//! | | `server.rs` | one connection, start to end: whose turn it is, for how long, and who closes |
//! | | `server/answer.rs` | an answer on the wire |
//! | fourth | `client.rs` | the other end |
//! | as needed | `head/characters.rs` | which bytes may stand where |
//! | | `chunked.rs` | a body whose length nobody knows in advance |
//! | | `error.rs` | what is refused, at which byte, with which status |
//! | | `services/` | which request goes where; files, ranges, gzip, uploads: a file each |
//! | skip at first | `promises/` | one host; the last answer arrives; nothing outside the folder; no page of somebody else's |
//! | skip | `scenes/` | what the command line starts; the demo; `parse` |
//!
//! `head.rs`, `body.rs`, `connection.rs` know no socket; `service.rs`, `server.rs`, `answer.rs` know no command line, log or file.
//!
//! | where is | |
//! |---|---|
//! | the loop | `serve` in `server.rs` |
//! | the limits | `Limits` in `head.rs` |
//! | an error's words | `Refused` in `error.rs` |
//! | the end of a head | `head.rs`, `Finder` |
//! | the length of a body | `body.rs` |
//! | a range cut | `services/range.rs` |
//! | a path judged | `promises/path.rs` |
//! | the deadline of a head (5 s), of a body (10 s) | `HEAD` in `server.rs`, `PROGRESS` in `connection/http_stream.rs`; lesson 04's `DeadlineStream` keeps them |
//! | accept, threads, Ctrl-C | lesson 06's `ThreadingTcpServer`; `scenes/server.rs` puts the two together |
#![forbid(unsafe_code)]

mod body;
mod chunked;
mod client;
mod connection;
mod error;
mod head;
mod promises;
pub mod scenes;
mod server;
mod service;
mod services;

pub use body::{BodyLength, request_body, response_body};
pub use chunked::{LAST_CHUNK, encode_chunk};
pub use client::{Answer, Client};
pub use connection::{Direction, Event, Messages, Next, Requests, Responses, ToClient, ToServer};
pub use error::{HttpError, Refused};
pub use head::{
    Field, Fields, Limits, RequestHead, ResponseHead, Version, parse_request, parse_response,
};
pub use promises::lingering_close::lingering_close;
pub use promises::path::Root;
pub use server::{Answered, End, Server, Told};
pub use service::{Body, Headers, Request, Response, Service, Writes};
pub use services::{Site, Uploads};
