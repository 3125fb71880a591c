//! Files in: `PUT /NAME` and a browser's form. By the rules of lesson 05: a name is one component, nobody sees half a file.
//!
//! ```text
//! PUT /a.txt       the body is the file                  201 new, 204 replaced
//! POST /upload     multipart/form-data, part by part     201 if one is new, 204 if all replaced old ones
//! ```

use std::io::{self, ErrorKind, Read, Write};

use lesson05::{FileName, Folder};

use super::multipart::{Multipart, boundary};
use crate::promises::same_origin::same_origin;
use crate::service::{Request, Response};

/// Files in one form: each is an open file until all have come.
const FILES: usize = 100;

/// Where files are stored, and from whom they are taken.
pub struct Uploads {
    /// Where.
    pub folder: Folder,
    /// Other machines cannot reach us, but pages in a browser of this one can.
    pub on_loopback: bool,
}

impl Uploads {
    /// Stores the body.
    pub(super) fn put(
        &self,
        request: &Request,
        name: Option<&FileName>,
        body: &mut dyn Read,
    ) -> io::Result<Response> {
        if !same_origin(&request.headers, self.on_loopback) {
            return Ok(foreign());
        }
        let Some(name) = name else {
            return Ok(Response::text(
                403,
                "403: that is not the name of a file here\n",
            ));
        };
        if request.headers.first("Content-Range").is_some() {
            // To store a part as the whole would be worse than not to store it (RFC 9110, section 14.5).
            return Ok(Response::text(400, "400: only whole files are stored\n"));
        }
        let stored = self.folder.receive(name).and_then(|mut file| {
            let mut block = vec![0; 256 * 1024];
            while let count @ 1.. = body.read(&mut block)? {
                file.write_all(block.get(..count).unwrap_or_default())?;
            }
            file.commit()
        });
        match stored {
            Ok(true) => Ok(Response::status(204)),
            Ok(false) => Ok(Response::status(201)),
            Err(error) => refused(error),
        }
    }

    /// Stores what a form sends.
    pub(super) fn post(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response> {
        if !same_origin(&request.headers, self.on_loopback) {
            return Ok(foreign());
        }
        let Some(boundary) = request.headers.first("Content-Type").and_then(boundary) else {
            return Ok(Response::text(
                415,
                "415: multipart/form-data with a boundary is wanted\n",
            ));
        };
        match self.store(Multipart::new(body, boundary)) {
            Ok(names) if names.is_empty() => Ok(Response::text(400, "400: no file in this form\n")),
            Ok(names) if names.iter().all(|(_, replaced)| *replaced) => Ok(Response::status(204)),
            Ok(names) => {
                let line = |(name, replaced): &(FileName, bool)| {
                    let what = if *replaced { "replaced" } else { "stored" };
                    format!("{what} {}\n", name.as_str())
                };
                Ok(Response::text(
                    201,
                    names.iter().map(line).collect::<String>(),
                ))
            }
            Err(error) => refused(error),
        }
    }

    /// Nothing gets its name before all has come.
    fn store(&self, mut form: Multipart<'_>) -> io::Result<Vec<(FileName, bool)>> {
        let mut arrived = Vec::new();
        while let Some(part) = form.next_part()? {
            let name = match part.file_name.as_deref() {
                None | Some(b"") => continue, // a field of the form; a file field where none was chosen
                Some(name) => FileName::parse(name)?,
            };
            if arrived.len() == FILES {
                let why = format!("more than {FILES} files in one form");
                return Err(io::Error::new(ErrorKind::InvalidInput, why));
            }
            let mut file = self.folder.receive(&name)?;
            while let Some(piece) = form.next_piece()? {
                file.write_all(piece)?;
            }
            arrived.push((name, file));
        }
        form.finish()?;
        let committed = arrived
            .into_iter()
            .map(|(name, file)| Ok((name, file.commit()?)));
        committed.collect()
    }

    /// The form.
    pub(super) fn page(&self) -> io::Result<Response> {
        Ok(Response::html(200, PAGE))
    }
}

fn foreign() -> Response {
    Response::text(
        403,
        "403: only this server's own pages, under its own name, may change files\n",
    )
}

/// What the system or lesson 05's rules refuse is an ordinary answer; the rest is 500. (An error of the body is the server's
/// affair, whatever we make of it.)
fn refused(error: io::Error) -> io::Result<Response> {
    let status = match error.kind() {
        ErrorKind::InvalidData => 400, // the form
        ErrorKind::InvalidInput | ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            403
        }
        ErrorKind::IsADirectory => 409,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => 507,
        _ => return Err(error),
    };
    if error.get_ref().is_some() {
        return Ok(Response::text(status, format!("{status}: {error}\n"))); // a sentence of ours
    }
    Ok(Response::status(status))
}

/// Works without its script; with it the page stays, and says what came of it (a browser shows nothing of a 204).
const PAGE: &str = r#"<!doctype html>
<html><head><meta charset="utf-8"><title>Upload</title></head>
<body><h1>Upload</h1>
<form method="post" action="/upload" enctype="multipart/form-data">
<input type="file" name="file" multiple required> <button>Upload</button>
</form>
<pre id="answer"></pre>
<p><a href="/">what is here</a></p>
<script>
document.forms[0].onsubmit = async event => {
  event.preventDefault();
  const answer = await fetch("/upload", { method: "POST", body: new FormData(event.target) });
  document.getElementById("answer").textContent = await answer.text() || "replaced";
};
</script>
</body></html>
"#;
