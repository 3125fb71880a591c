//! The rule, one floor up: a header to a request, and what a refusal means for the bytes after it.
//!
//! | request | bytes after the header | answer |
//! |---|---|---|
//! | `{"op":"get","name":"a.txt"}` | none | `{"ok":true,"name":"a.txt","size":n}`, n bytes, 16 bytes of md5 |
//! | `{"op":"put","name":"a.txt","size":n}` | n bytes, 16 bytes of md5 | `{"ok":true,"md5":"..."}` |
//! | `{"op":"list"}` | none | `{"ok":true,"size":n}`, one JSON object a line |
//! | `{"op":"run","command":"..."}` | none | `{"ok":true,"status":s,"size":n}`, n bytes of output |
//!
//! A refusal is `{"ok":false,"error":"..."}`. After one the connection goes on if, and only if, both ends still know
//! where the next header begins: [`Refusal::following`] says how many bytes to skip, or that nobody can know.
//!
//! The digest stands *after* the body, so that the sender reads the file once. The python wire has it in the header
//! and reads every file twice.

use std::fmt;

use crate::json_header::Header;

/// Bytes of an md5 digest.
pub const DIGEST: usize = 16;

/// The body of a refused `put` that is still read, so that the connection can go on. Above that we end it: reading a
/// gigabyte to forget it helps nobody.
const WORTH_READING: u64 = 8 * 1024 * 1024;

/// What a client wants. Names are as they were asked for, not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Send this file.
    Get(String),
    /// Store the body under this name.
    Put(String),
    /// Name the files.
    List,
    /// Run this command line.
    Run(String),
}

/// As a log says it.
impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Get(name) => write!(f, "get {name}"),
            Self::Put(name) => write!(f, "put {name}"),
            Self::List => f.write_str("list"),
            Self::Run(command) => write!(f, "run {command}"),
        }
    }
}

/// A header understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is wanted.
    pub op: Op,
    /// The header's `size`: bytes of body after it, whatever the op.
    pub size: u64,
}

impl Request {
    /// Understands one header.
    ///
    /// # Errors
    /// What to answer, and what stands after the header on the wire.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        // Without a header, or without its size, nobody knows where the next header begins.
        let out_of_sync = |error| Refusal::new(error, None);
        let header = Header::parse(bytes).map_err(out_of_sync)?;
        let size = header.size("size").map_err(out_of_sync)?;
        let refused = |error| Refusal::new(error, Some(size));
        let op = header.text("op").map_err(refused)?;
        let text = |key| {
            let text = header.text(key).map(str::to_owned);
            text.map_err(|error| match op {
                "put" => Refusal::of_put(error, size, 0),
                _ => refused(error),
            })
        };
        let op = match op {
            "get" => Op::Get(text("name")?),
            "put" => Op::Put(text("name")?),
            "list" => Op::List,
            "run" => Op::Run(text("command")?),
            _ => return Err(refused("unknown op".to_owned())),
        };
        Ok(Self { op, size })
    }

    /// Refuses it, before any of its body was read.
    pub fn refusal(&self, error: &str) -> Refusal {
        match self.op {
            Op::Put(_) => Refusal::of_put(error, self.size, 0),
            _ => Refusal::new(error, Some(self.size)),
        }
    }
}

/// A request that is answered with `{"ok":false,...}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What to answer.
    pub error: String,
    /// How many bytes are still to come before the next header; `None` when nobody knows, or nobody wants to read them.
    pub following: Option<u64>,
}

impl Refusal {
    /// A refusal with so many bytes to come before the next header.
    pub fn new(error: impl Into<String>, following: Option<u64>) -> Self {
        let error = error.into();
        Self { error, following }
    }

    /// Nothing is left to read before the next header.
    pub fn in_sync(error: impl Into<String>) -> Self {
        Self::new(error, Some(0))
    }

    /// Refuses a `put` of `size` bytes of which `taken` were read. Its digest follows the body; a body that is not worth
    /// reading to its end ends the connection.
    pub fn of_put(error: impl Into<String>, size: u64, taken: u64) -> Self {
        let following = size - taken + DIGEST as u64;
        Self::new(error, (size <= WORTH_READING).then_some(following))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_understood() {
        for (text, op, size) in [
            (r#"{"op":"get","name":"a"}"#, Op::Get("a".into()), 0),
            (
                r#"{"op":"put","name":"a","size":7}"#,
                Op::Put("a".into()),
                7,
            ),
            (r#"{"op":"list","color":"blue"}"#, Op::List, 0),
            (
                r#"{"op":"run","command":"ls -l","size":3}"#,
                Op::Run("ls -l".into()),
                3,
            ),
        ] {
            assert_eq!(
                Request::parse(text.as_bytes()),
                Ok(Request { op, size }),
                "{text}"
            );
        }
    }

    #[test]
    fn a_refusal_knows_what_stands_follows_it() {
        for (text, error, following) in [
            (r#"{"op":"fly","size":9}"#, "unknown op", Some(9)),
            (r#"{"size":9}"#, "missing op", Some(9)),
            (r#"{"op":"get"}"#, "missing name", Some(0)),
            (r#"{"op":"get","name":5}"#, "name is not a text", Some(0)),
            (r#"{"op":"put","size":9}"#, "missing name", Some(25)),
            // Over 8 MiB, and no name: the limit holds for it too.
            (r#"{"op":"put","size":8388609}"#, "missing name", None),
            (r#"{"op":"run"}"#, "missing command", Some(0)),
        ] {
            assert_eq!(
                Request::parse(text.as_bytes()),
                Err(Refusal {
                    error: error.into(),
                    following
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn without_a_size_that_can_be_trusted_what_follows_is_not_known() {
        for text in [
            r#"{"op":"put","name":"a","size":-1}"#,
            r#"{"op":"get","name":"a","size":"5"}"#,
            "[]",
            "{",
        ] {
            assert_eq!(
                Request::parse(text.as_bytes()).unwrap_err().following,
                None,
                "{text}"
            );
        }
    }

    #[test]
    fn a_put_refused_in_the_middle_leaves_the_rest_of_its_body_and_the_digest() {
        for (size, taken, following) in [
            (100, 40, Some(76)),
            (100, 100, Some(16)),
            (WORTH_READING, 1, Some(WORTH_READING + 15)),
            (WORTH_READING + 1, WORTH_READING, None),
        ] {
            assert_eq!(Refusal::of_put("", size, taken).following, following);
        }
    }
}
