//! Files in: `PUT /NAME` and a browser's form. By the rules of lesson 05: a name is one component, nobody sees half a file.
//!
//! ```text
//! PUT /a.txt       the body is the file                  201 new, 204 replaced
//! POST /upload     multipart/form-data, part by part     201 if one is new, 204 if all replaced old ones
//! ```

use std::io::{self, BufReader, ErrorKind, Read};

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
    /// `PUT` of a file that may have this name, or `POST` of a form.
    pub(super) fn answer(
        &self,
        request: &Request,
        name: Option<&FileName>,
        body: &mut dyn Read,
    ) -> io::Result<Response> {
        if !same_origin(&request.headers, self.on_loopback) {
            let why = "only this server's own pages, under its own name, may change files";
            return Ok(Response::refused(403, why));
        }
        let answer = match request.method.as_str() {
            "PUT" => self.put(request, name, body),
            _ => self.post(request, body),
        };
        answer.or_else(refused)
    }

    /// Stores the body.
    fn put(
        &self,
        request: &Request,
        name: Option<&FileName>,
        body: &mut dyn Read,
    ) -> io::Result<Response> {
        let Some(name) = name else {
            return Ok(Response::refused(
                403,
                "that is not the name of a file here",
            ));
        };
        if request.headers.first("Content-Range").is_some() {
            // To store a part as the whole would be worse than not to store it (RFC 9110, section 14.5).
            return Ok(Response::refused(400, "only whole files are stored"));
        }
        let mut file = self.folder.receive(name)?;
        io::copy(&mut BufReader::with_capacity(256 * 1024, body), &mut file)?;
        match file.commit()? {
            true => Ok(Response::status(204)),
            false => Ok(Response::status(201)),
        }
    }

    /// Stores what a form sends. Nothing gets its name before all has come.
    fn post(&self, request: &Request, body: &mut dyn Read) -> io::Result<Response> {
        let Some(boundary) = request.headers.first("Content-Type").and_then(boundary) else {
            let why = "multipart/form-data with a boundary is wanted";
            return Ok(Response::refused(415, why));
        };
        let (mut form, mut arrived) = (Multipart::new(body, boundary)?, Vec::new());
        while let Some(part) = form.next_part()? {
            let name = match part.file_name.as_deref() {
                None | Some(b"") => {
                    form.copy_to(&mut io::sink())?; // a field of the form; a file field where none was chosen
                    continue;
                }
                Some(name) => FileName::parse(name)?,
            };
            if arrived.len() == FILES {
                let why = format!("more than {FILES} files in one form");
                return Err(io::Error::new(ErrorKind::InvalidInput, why));
            }
            let mut file = self.folder.receive(&name)?;
            form.copy_to(&mut file)?;
            arrived.push((name, file));
        }
        form.finish()?;
        if arrived.is_empty() {
            return Ok(Response::refused(400, "no file in this form"));
        }
        let (mut lines, mut all_replaced) = (String::new(), true);
        for (name, file) in arrived {
            let replaced = file.commit()?;
            all_replaced &= replaced;
            let what = if replaced { "replaced" } else { "stored" };
            lines += &format!("{what} {}\n", name.as_str());
        }
        match all_replaced {
            true => Ok(Response::status(204)),
            false => Ok(Response::text(201, lines)),
        }
    }
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
        return Ok(Response::refused(status, error)); // a sentence of ours
    }
    Ok(Response::status(status))
}

/// Works without its script; with it the page stays, and says what came of it (a browser shows nothing of a 204).
pub(super) const PAGE: &str = r#"<!doctype html>
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
