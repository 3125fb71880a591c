//! A body in chunks: whoever sends it need not know how long it becomes.
//!
//! ```text
//! 5 CRLF  hello CRLF  6;note="x" CRLF  , you! CRLF  0 CRLF  Digest: abc CRLF  CRLF
//! size    data        extension        data         last    trailers          end
//! ```
//!
//! The goal: the decoder stands at a place in this grammar, whatever the pieces were in which the bytes came (RFC 9112,
//! section 7.1):
//!
//! ```text
//! chunked-body = *chunk last-chunk trailer-section CRLF
//! chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//! last-chunk   = 1*( "0" ) [ chunk-ext ] CRLF
//! ```

use crate::error::{HttpError, Refused};
use crate::head::{Fields, Finder, Limits, parse_fields};
use crate::promises::chunk_extensions::check_extensions;

/// Bytes of the line that ends a body.
const EMPTY_LINE: usize = 2;

// ANCHOR: places
/// Where the decoder stands.
#[derive(Debug)]
enum Place {
    /// Before or in a chunk's line.
    Line,
    /// So many bytes before the end of a chunk's data.
    Data(u64),
    /// Before the CRLF after a chunk's data.
    DataEnd,
    /// After the last chunk's line.
    Trailers,
}
// ANCHOR_END: places

/// What comes out.
pub(crate) enum Piece<'a> {
    Data(&'a [u8]),
    Trailers(Fields<'a>),
}

/// Takes the chunks away.
#[derive(Debug)]
pub(crate) struct ChunkDecoder {
    place: Place,
    /// So many bytes of the input are done with, though no piece has consumed them yet.
    at: usize,
    finder: Finder,
    /// What the head has left of its limits, and the data so far of the body's.
    limits: Limits,
}

impl ChunkDecoder {
    /// After a head.
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            place: Place::Line,
            at: 0,
            finder: Finder::default(),
            limits,
        }
    }

    /// The next piece and how many bytes it consumed. `Ok(None)`: not yet.
    pub(crate) fn next<'a>(
        &mut self,
        input: &'a [u8],
    ) -> Result<Option<(usize, Piece<'a>)>, HttpError> {
        loop {
            match self.place {
                Place::Line => {
                    let limit = self.at + self.limits.chunk_line;
                    let Some(end) = self.finder.line(input, limit, Refused::LONG_CHUNK_LINE)?
                    else {
                        return Ok(None);
                    };
                    let line = input.get(self.at..end).unwrap_or_default();
                    let size = chunk_size(line).map_err(|error| error.after(self.at as u64))?;
                    // Before any of it is read.
                    let Some(left) = self.limits.body.checked_sub(size) else {
                        return Err(Refused::LONG_BODY.at(self.at));
                    };
                    self.limits.body = left;
                    self.at = end + 2;
                    self.place = match size {
                        0 => Place::Trailers,
                        size => Place::Data(size),
                    };
                }
                Place::Data(left) => {
                    let data = up_to(left, input.get(self.at..).unwrap_or_default());
                    let Some(data) = data else {
                        return Ok(None);
                    };
                    let consumed = self.at + data.len();
                    self.at = 0;
                    self.place = match left - data.len() as u64 {
                        0 => Place::DataEnd,
                        left => Place::Data(left),
                    };
                    return Ok(Some((consumed, Piece::Data(data))));
                }
                Place::DataEnd => match input {
                    [b'\r', b'\n', ..] => {
                        self.at = 2;
                        self.finder = Finder::from(2);
                        self.place = Place::Line;
                    }
                    [] | [b'\r'] => return Ok(None),
                    [first, ..] => return Err(Refused::CHUNK.at(usize::from(*first == b'\r'))),
                },
                Place::Trailers => {
                    // Fields as in a head, counted with its own; the empty line alone costs nothing. The finder
                    // stands after a first line already, the last chunk's.
                    let limit = self.at + self.limits.head + EMPTY_LINE;
                    let Some(end) = self.finder.head(input, limit, limit)? else {
                        return Ok(None);
                    };
                    let section = input.get(..end).unwrap_or_default();
                    let trailers = parse_fields(section, self.at, self.limits.fields)?;
                    return Ok(Some((end, Piece::Trailers(trailers))));
                }
            }
        }
    }
}

/// As much of the input as belongs to the next `left` bytes. `None`: nothing.
pub(crate) fn up_to(left: u64, input: &[u8]) -> Option<&[u8]> {
    let count = usize::try_from(left).map_or(input.len(), |left| left.min(input.len()));
    input.get(..count).filter(|data| !data.is_empty())
}

/// The size in a chunk's line.
///
/// ```text
/// chunk-size = 1*HEXDIG
/// chunk-ext  = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )      (RFC 9112, section 7.1.1)
/// ```
///
/// Extensions are checked and then ignored. White space right after the size is refused, although BWS stands in the grammar:
/// programs disagreed about it, and requests were smuggled through the difference.
fn chunk_size(line: &[u8]) -> Result<u64, HttpError> {
    let digits = line.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let (size, rest) = line.split_at(digits.count());
    let digits = str::from_utf8(size).unwrap_or_default();
    // None at all, or more than any limit.
    let size = u64::from_str_radix(digits, 16).map_err(|_| Refused::CHUNK.at(0))?;
    if !matches!(rest, [] | [b';', ..]) {
        return Err(Refused::CHUNK.at(digits.len()));
    }
    check_extensions(rest).map_err(|left| Refused::CHUNK.at(line.len() - left))?;
    Ok(size)
}

/// The end of a body in chunks.
pub const LAST_CHUNK: &[u8] = b"0\r\n\r\n";

/// Appends `data` as one chunk: nothing for no data, because a chunk without data is the last one.
pub fn encode_chunk(data: &[u8], out: &mut Vec<u8>) {
    if !data.is_empty() {
        out.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
        out.extend_from_slice(data);
        out.extend_from_slice(b"\r\n");
    }
}
