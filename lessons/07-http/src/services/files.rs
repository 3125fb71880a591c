//! GET and HEAD of what lies in a folder.
//!
//! ```text
//! /a.txt      the file                                      200, or 206 a part of it, or 304 you have it
//! /folder     301 to /folder/, so that the links of the page in it lead to where they should
//! /folder/    its index.html, else a list of what is in it
//! ```

use std::fs::File;
use std::io::{self, ErrorKind};

use cap_std::fs::Metadata;

use super::conditional::Validators;
use super::gzip::{accepts_gzip, gzipped, is_worth_it};
use super::listing::page;
use super::range::{Range, range};
use crate::promises::path::{Found, Root, SitePath};
use crate::service::{Body, Request, Response};

/// What has this path, for a request with GET or HEAD.
pub(super) fn answer(
    root: &Root,
    request: &Request,
    path: Option<&SitePath>,
) -> io::Result<Response> {
    let found = match path {
        Some(path) => find(root, request, path),
        None => Err(ErrorKind::NotFound.into()),
    };
    found.or_else(|error| match error.kind() {
        ErrorKind::NotFound => Ok(Response::refused(404, "nothing here has this path")),
        ErrorKind::PermissionDenied => Ok(Response::refused(403, "not to be read by us")),
        _ => Err(error),
    })
}

fn find(root: &Root, request: &Request, path: &SitePath) -> io::Result<Response> {
    match root.find(path)? {
        Found::File(file, metadata) => send(request, path, file, &metadata),
        Found::Folder if !path.is_folder => with_slash(request),
        Found::Folder => {
            let index = path.index();
            match root.find(&index) {
                Ok(Found::File(file, metadata)) => send(request, &index, file, &metadata),
                _ => Ok(Response::html(200, page(path, &root.list(path)?))),
            }
        }
    }
}

/// A file, or as much of it as the client wants.
fn send(
    request: &Request,
    path: &SitePath,
    mut file: File,
    metadata: &Metadata,
) -> io::Result<Response> {
    let media_type = mime_guess::from_path(&path.names).first_raw();
    let media_type = media_type.unwrap_or("application/octet-stream");
    let (size, headers) = (metadata.len(), &request.headers);
    let range = match request.method.as_str() {
        "GET" => range(headers.members("Range"), size),
        _ => Range::Whole, // RFC 9110, section 14.2
    };
    let may_zip = is_worth_it(media_type, size);
    let zip = may_zip && range == Range::Whole && accepts_gzip(headers);
    let validators = Validators::of(metadata, zip);

    let mut response = match (validators.judge(headers), range) {
        (Some(status), _) => Response::status(status),
        (None, Range::Part { first, count }) if validators.if_range(headers) => {
            io::Seek::seek(&mut file, io::SeekFrom::Start(first))?;
            let last = first + count - 1;
            Response::new(206, Body::File(file, count))
                .with("Content-Range", format!("bytes {first}-{last}/{size}"))?
        }
        (None, Range::OutOfBounds) if validators.if_range(headers) => {
            return Response::status(416).with("Content-Range", format!("bytes */{size}"));
        }
        _ if zip => Response::new(200, gzipped(file, size)).with("Content-Encoding", "gzip")?,
        _ => Response::new(200, Body::File(file, size)),
    };
    if matches!(response.status, 200 | 206) {
        let charset = match media_type.starts_with("text/") {
            true => "; charset=utf-8",
            false => "",
        };
        response = response
            .with("Content-Type", format!("{media_type}{charset}"))?
            .with("X-Content-Type-Options", "nosniff")?
            .with("Accept-Ranges", "bytes")?;
    }
    if may_zip {
        response = response.with("Vary", "Accept-Encoding")?;
    }
    validators.describe(response)
}

/// The same path with a slash. It was judged: it begins with one slash and a name, so it leads to no other server.
fn with_slash(request: &Request) -> io::Result<Response> {
    let query = request.query().map(|query| format!("?{query}"));
    let location = format!("{}/{}", request.path(), query.unwrap_or_default());
    Response::status(301).with("Location", location)
}
