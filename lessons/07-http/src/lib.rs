//! Lesson 07: HTTP, from the bytes up.
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
pub use connection::{Event, Next, Requests, Responses};
pub use error::{HttpError, Refused};
pub use head::{
    Field, Fields, Limits, RequestHead, ResponseHead, Version, parse_request, parse_response,
};
pub use promises::lingering_close::lingering_close;
pub use server::{Answered, End, Server, Told};
pub use service::{Body, Headers, Request, Response, Service, Writes};
pub use services::{Files, Site, Uploads};
