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
//! It holds one block in memory, however long a part is.

use std::io::{self, ErrorKind, Read};

/// Read at a time.
const BLOCK: usize = 64 * 1024;

/// The head of a part.
const HEAD: usize = 8 * 1024;

/// The parts of a body.
pub(super) struct Multipart<'a> {
    body: &'a mut dyn Read,
    delimiter: Vec<u8>,
    buffer: Vec<u8>,
    /// What of the buffer was handed out.
    taken: usize,
    place: Place,
}

#[derive(PartialEq, Eq)]
enum Place {
    /// In the content of a part (or in what stands before the first).
    Content,
    /// After a delimiter.
    Delimiter,
    /// After the last.
    End,
}

/// The head of a part.
pub(super) struct Part {
    /// `filename` of its `Content-Disposition`, as it came.
    pub(super) file_name: Option<Vec<u8>>,
}

impl<'a> Multipart<'a> {
    pub(super) fn new(body: &'a mut dyn Read, boundary: &[u8]) -> Self {
        Self {
            body,
            delimiter: [b"\r\n--", boundary].concat(),
            buffer: b"\r\n".to_vec(),
            taken: 0,
            place: Place::Content,
        }
    }

    /// The next part, and what was not read of the last one is skipped. `None`: that was the last.
    pub(super) fn next_part(&mut self) -> io::Result<Option<Part>> {
        while self.next_piece()?.is_some() {}
        if self.place == Place::End {
            return Ok(None);
        }
        while self.waiting().len() < 2 {
            self.fill()?;
        }
        if self.waiting().starts_with(b"--") {
            self.place = Place::End;
            return Ok(None);
        }
        // The delimiter's own line ends with the CRLF that the search for the empty line begins with.
        let end = loop {
            match memchr::memmem::find(self.waiting(), b"\r\n\r\n") {
                Some(end) if end <= HEAD => break end,
                None if self.waiting().len() <= HEAD => self.fill()?,
                _ => return Err(wrong(format!("the head of a part is over {HEAD} bytes"))),
            }
        };
        let head = self.waiting().get(..end).unwrap_or_default();
        let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
        if lines.next().is_some_and(|padding| !padding.is_empty()) {
            return Err(wrong("something after a boundary"));
        }
        let file_name = lines.find_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at_checked(colon)?;
            let value = name
                .eq_ignore_ascii_case(b"Content-Disposition")
                .then_some(value)?;
            parameter(value, b"filename").map(<[u8]>::to_vec)
        });
        self.taken += end + 4;
        self.place = Place::Content;
        Ok(Some(Part { file_name }))
    }

    /// The next bytes of the part. `None`: it has ended.
    pub(super) fn next_piece(&mut self) -> io::Result<Option<&[u8]>> {
        if self.place != Place::Content {
            return Ok(None);
        }
        loop {
            let waiting = self.waiting();
            let found = memchr::memmem::find(waiting, &self.delimiter);
            // Without a delimiter, the last bytes may still be the beginning of one.
            let size = found.unwrap_or((waiting.len() + 1).saturating_sub(self.delimiter.len()));
            if size > 0 {
                let start = self.taken;
                self.taken += size;
                return Ok(self.buffer.get(start..start + size));
            }
            if found.is_some() {
                self.taken += self.delimiter.len();
                self.place = Place::Delimiter;
                return Ok(None);
            }
            self.fill()?;
        }
    }

    /// Reads what stands after the last delimiter: nothing, as a rule.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.buffer.resize(BLOCK, 0);
        while self.body.read(&mut self.buffer)? > 0 {}
        Ok(())
    }

    fn waiting(&self) -> &[u8] {
        self.buffer.get(self.taken..).unwrap_or_default()
    }

    /// Reads once, behind what waits.
    fn fill(&mut self) -> io::Result<()> {
        self.buffer.drain(..self.taken);
        self.taken = 0;
        let waiting = self.buffer.len();
        self.buffer.resize(waiting + BLOCK, 0);
        let read = self
            .body
            .read(self.buffer.get_mut(waiting..).unwrap_or_default());
        self.buffer.truncate(waiting + *read.as_ref().unwrap_or(&0));
        match read? {
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
    let media_type = content_type.split(|byte| *byte == b';').next()?;
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
    let after = |text: &'a [u8], byte: u8| {
        let at = text.iter().position(|b| *b == byte)?;
        Some((text.get(..at)?, text.get(at + 1..)?))
    };
    let (_, mut rest) = after(value, b';')?;
    loop {
        let (name, value) = after(rest, b'=')?;
        let value = value.trim_ascii_start();
        let (value, behind) = match value.strip_prefix(b"\"") {
            Some(quoted) => {
                let (value, behind) = after(quoted, b'"')?;
                (value, after(behind, b';').map(|(_, behind)| behind))
            }
            None => match after(value, b';') {
                Some((value, behind)) => (value.trim_ascii(), Some(behind)),
                None => (value.trim_ascii(), None),
            },
        };
        if name.trim_ascii().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = behind?;
    }
}

#[cfg(test)]
mod tests;
