//! What a browser's form sends, part by part, as it arrives.
//!
//! ```text
//! Content-Type: multipart/form-data; boundary=XYZ
//!
//! --XYZ CRLF                                                                     a delimiter
//! Content-Disposition: form-data; name="file"; filename="a.txt" CRLF CRLF        the head of a part
//! hello                                                                          its content
//! CRLF --XYZ-- CRLF                                                              the last delimiter
//! ```
//!
//! A delimiter begins with the CRLF before it (RFC 2046, section 5.1.1), so content may end with a line break or without. We put
//! the CRLF that the first one lacks in front, and all are alike.
//!
//! It holds what one read gives, however long a part is.

use std::io::{self, Chain, ErrorKind, Read, Write};

use lesson04::ReceiveBuffer;
use memchr::{memchr, memmem};

/// The head of a part.
const HEAD: usize = 8 * 1024;

/// The parts of a body. Of each, first the head is asked for, then the content.
pub(super) struct Multipart<'a> {
    body: Chain<&'static [u8], &'a mut dyn Read>,
    delimiter: Vec<u8>,
    received: ReceiveBuffer,
}

/// The head of a part.
pub(super) struct Part {
    /// `filename` of its `Content-Disposition`, as it came.
    pub(super) file_name: Option<Vec<u8>>,
}

impl<'a> Multipart<'a> {
    /// What stands before the first part is skipped.
    pub(super) fn new(body: &'a mut dyn Read, boundary: &[u8]) -> io::Result<Self> {
        let mut form = Self {
            body: (b"\r\n" as &[u8]).chain(body),
            delimiter: [b"\r\n--", boundary].concat(),
            received: ReceiveBuffer::default(),
        };
        form.copy_to(&mut io::sink())?;
        Ok(form)
    }

    /// The next part. `None`: that was the last.
    pub(super) fn next_part(&mut self) -> io::Result<Option<Part>> {
        while self.received.waiting().len() < 2 {
            self.fill()?;
        }
        if self.received.waiting().starts_with(b"--") {
            return Ok(None);
        }
        // The delimiter's own line ends with the CRLF that the search for the empty line begins with.
        let end = loop {
            let waiting = self.received.waiting();
            match memmem::find(waiting, b"\r\n\r\n") {
                Some(end) if end <= HEAD => break end,
                None if waiting.len() <= HEAD => self.fill()?,
                _ => return Err(wrong(format!("the head of a part is over {HEAD} bytes"))),
            }
        };
        let head = self.received.take(end + 4).unwrap_or_default();
        let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        if lines.next().is_some_and(|padding| !padding.is_empty()) {
            return Err(wrong("something after a boundary"));
        }
        let file_name = lines.find_map(|line| {
            let (name, value) = split_at_first(line, b':')?;
            let wanted = name.eq_ignore_ascii_case(b"Content-Disposition");
            parameter(value, b"filename").filter(|_| wanted)
        });
        let file_name = file_name.map(<[u8]>::to_vec);
        Ok(Some(Part { file_name }))
    }

    /// The content of a part, up to the delimiter after it, which is consumed.
    pub(super) fn copy_to(&mut self, out: &mut dyn Write) -> io::Result<()> {
        loop {
            let waiting = self.received.waiting();
            let found = memmem::find(waiting, &self.delimiter);
            // Without a delimiter, the last bytes may still be the beginning of one.
            let size = found.unwrap_or((waiting.len() + 1).saturating_sub(self.delimiter.len()));
            out.write_all(self.received.take(size).unwrap_or_default())?;
            if found.is_some() {
                self.received.take(self.delimiter.len());
                return Ok(());
            }
            self.fill()?;
        }
    }

    /// Reads what stands after the last delimiter: nothing, as a rule.
    pub(super) fn finish(mut self) -> io::Result<()> {
        io::copy(&mut self.body, &mut io::sink()).map(drop)
    }

    /// Reads once.
    fn fill(&mut self) -> io::Result<()> {
        let count = self.body.read(self.received.free())?;
        self.received.arrived(count);
        match count {
            0 => Err(wrong("the form ends before its last boundary")),
            _ => Ok(()),
        }
    }
}

fn wrong(why: impl Into<String>) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, why.into())
}

/// The boundary of a form, from its `Content-Type`.
///
/// ```text
/// boundary := 0*69<bchars> bcharsnospace            (RFC 2046, section 5.1.1)
/// ```
pub(super) fn boundary(content_type: &[u8]) -> Option<&[u8]> {
    let (media_type, _) = split_at_first(content_type, b';')?;
    let is_form = media_type
        .trim_ascii()
        .eq_ignore_ascii_case(b"multipart/form-data");
    let boundary = parameter(content_type, b"boundary").filter(|_| is_form)?;
    (1..=70).contains(&boundary.len()).then_some(boundary)
}

/// A parameter of a header's value.
///
/// ```text
/// value *( ";" name "=" ( token / DQUOTE *any DQUOTE ) )
/// ```
///
/// Between the quotes everything stands for itself, the backslash too: browsers write a quote as `%22` and a backslash as it is.
fn parameter<'a>(value: &'a [u8], wanted: &[u8]) -> Option<&'a [u8]> {
    let mut quoted = false;
    let mut parts = value.split(|&byte| {
        quoted ^= byte == b'"';
        byte == b';' && !quoted
    });
    let value = parts.find_map(|part| {
        let (name, value) = split_at_first(part, b'=')?;
        let is_wanted = name.trim_ascii().eq_ignore_ascii_case(wanted);
        is_wanted.then(|| value.trim_ascii())
    })?;
    match value.strip_prefix(b"\"") {
        Some(quoted) => quoted.strip_suffix(b"\""),
        None => Some(value),
    }
}

/// What stands before and after the first such byte.
fn split_at_first(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = memchr(byte, text)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

#[cfg(test)]
mod tests;
