//! What `server` serves: which request goes where.
//!
//! ```text
//! POST /echo      the body back
//! PUT /NAME       stores a file                     if uploads are on
//! GET /upload     a form; POST /upload stores       if uploads are on
//! GET, HEAD       everything else: files
//! ```
//!
//! | file | knows |
//! |---|---|
//! | `files.rs` | GET and HEAD of files and folders |
//! | `conditional.rs` | `ETag`, `Last-Modified`: whether the client has it already (304) |
//! | `range.rs` | where a range is cut (206, 416) |
//! | `gzip.rs` | who takes gzip, and what is worth it |
//! | `listing.rs` | the page of a folder |
//! | `upload.rs` | `PUT /NAME`, `POST /upload` |
//! | `multipart.rs` | what a browser's form sends, part by part |

mod conditional;
mod files;
mod gzip;
mod listing;
mod multipart;
mod range;
mod upload;

use std::io::{self, Read};

use crate::promises::path::{Root, SitePath};
use crate::service::{Body, Request, Response, Service};

pub use upload::Uploads;

/// What `server` serves.
pub struct Site {
    /// What GET and HEAD see.
    pub root: Root,
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
        let (route, allow) = match name.as_ref().map(|name| name.as_str()) {
            Some("echo") => ("/echo", "POST, OPTIONS"),
            Some("upload") if uploads.is_some() => ("/upload", "GET, HEAD, POST, OPTIONS"),
            _ if uploads.is_some() => ("files", "GET, HEAD, PUT, OPTIONS"),
            _ => ("files", "GET, HEAD, OPTIONS"),
        };
        match (request.method.as_str(), route, uploads) {
            ("POST", "/echo", _) => echo(request, body),
            ("GET" | "HEAD", "/upload", _) => Ok(Response::html(200, upload::PAGE)),
            ("POST", "/upload", Some(uploads)) | ("PUT", "files", Some(uploads)) => {
                uploads.answer(request, name.as_ref(), body)
            }
            ("GET" | "HEAD", "files", _) => files::answer(&self.root, request, path.as_ref()),
            ("OPTIONS", ..) => Response::new(200, Body::Bytes(Vec::new())).with("Allow", allow),
            (method, ..) if KNOWN.contains(&method) => Response::status(405).with("Allow", allow),
            _ => Ok(Response::status(501)),
        }
    }
}

/// The body back, with its type. It changes nothing, so anybody may ask. All of it lies in memory: `--max-body` says how much
/// that may be.
fn echo(request: &Request, body: &mut dyn Read) -> io::Result<Response> {
    let mut bytes = Vec::new();
    body.read_to_end(&mut bytes)?;
    let content_type = request.headers.first("Content-Type");
    let content_type = content_type.unwrap_or(b"application/octet-stream");
    Response::new(200, Body::Bytes(bytes))
        .with("Content-Type", content_type)?
        .with("X-Content-Type-Options", "nosniff")
}
