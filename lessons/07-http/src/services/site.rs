//! Which request goes where.
//!
//! ```text
//! POST /echo      the body back
//! PUT /NAME       stores a file                     if uploads are on
//! GET /upload     a form; POST /upload stores       if uploads are on
//! GET, HEAD       everything else: files
//! ```

use std::io::{self, Read};

use super::echo::echo;
use super::files::Files;
use super::upload::Uploads;
use crate::promises::path::SitePath;
use crate::service::{Body, Request, Response, Service};

/// What `server` serves.
pub struct Site {
    /// What GET and HEAD see.
    pub files: Files,
    /// What PUT and POST may change; `None`: nothing.
    pub uploads: Option<Uploads>,
}

/// Methods of RFC 9110 and 5789. One that we do not even know is 501, one that does not fit the target 405.
const KNOWN: [&str; 8] = [
    "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE",
];

impl Service for Site {
    fn answer(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response> {
        let path = SitePath::parse(request.path());
        let uploads = self.uploads.as_ref();
        let name = path.as_ref().and_then(SitePath::file_in_root);
        let (route, allow) = match name.map(|name| name.as_str()) {
            Some("echo") => ("/echo", "POST, OPTIONS"),
            Some("upload") if uploads.is_some() => ("/upload", "GET, HEAD, POST, OPTIONS"),
            _ if uploads.is_some() => ("files", "GET, HEAD, PUT, OPTIONS"),
            _ => ("files", "GET, HEAD, OPTIONS"),
        };
        match (request.method.as_str(), route, uploads) {
            ("POST", "/echo", _) => echo(request, body),
            ("GET" | "HEAD", "/upload", Some(uploads)) => uploads.page(),
            ("POST", "/upload", Some(uploads)) => uploads.post(request, body),
            ("PUT", "files", Some(uploads)) => uploads.put(request, name, body),
            ("GET" | "HEAD", "files", _) => self.files.answer(request, path.as_ref()),
            ("OPTIONS", ..) => Response::new(200, Body::Bytes(Vec::new())).with("Allow", allow),
            (method, ..) if KNOWN.contains(&method) => Response::status(405).with("Allow", allow),
            _ => Ok(Response::status(501)),
        }
    }
}
