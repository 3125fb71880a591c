//! `POST /echo`: the body back, with its type. It changes nothing, so anybody may ask.
//!
//! The whole body lies in memory: `--max-body` says how much that may be.

use std::io::{self, Read};

use crate::service::{Body, Request, Response};

pub(super) fn echo(request: &Request, body: &mut dyn Read) -> io::Result<Response> {
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    let content_type = request.headers.first("Content-Type");
    Response::new(200, Body::Bytes(bytes))
        .with(
            "Content-Type",
            content_type.unwrap_or(b"application/octet-stream"),
        )?
        .with("X-Content-Type-Options", "nosniff")
}
