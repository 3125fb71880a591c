//! The rule, one floor up: a header to a request, and what a refusal means for the bytes behind it.
//!
//! | request | bytes behind the header | answer |
//! |---|---|---|
//! | `{"op":"get","name":"a.txt"}` | none | `{"ok":true,"name":"a.txt","size":n}`, n bytes, 16 bytes of md5 |
//! | `{"op":"put","name":"a.txt","size":n}` | n bytes, 16 bytes of md5 | `{"ok":true,"md5":"..."}` |
//! | `{"op":"list"}` | none | `{"ok":true,"size":n}`, one JSON object a line |
//! | `{"op":"run","command":"..."}` | none | `{"ok":true,"status":s,"size":n}`, n bytes of output |
//!
//! A refusal is `{"ok":false,"error":"..."}`. After one the connection goes on if, and only if, both ends still know
//! where the next header begins: [`Refusal::behind`] says how many bytes to skip, or that nobody can know.
//!
//! The digest stands *behind* the body, so that the sender reads the file once. The Python wire has it in the header
//! and reads every file twice.

use crate::json_header::Header;

/// Bytes of an md5 digest.
pub const DIGEST: usize = 16;

/// What a client wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// Send this file.
    Get {
        /// As asked; no file name yet.
        name: String,
    },
    /// Store the body under this name.
    Put {
        /// As asked; no file name yet.
        name: String,
    },
    /// Name the files.
    List,
    /// Run this command line.
    Run {
        /// The command line.
        command: String,
    },
}

/// A header understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What is wanted.
    pub op: Op,
    /// The header's `size`: bytes of body behind it, whatever the op.
    pub size: u64,
}

impl Request {
    /// Understands one header.
    ///
    /// # Errors
    /// What to answer, and what stands behind the header on the wire.
    pub fn parse(bytes: &[u8]) -> Result<Self, Refusal> {
        // Without a header, or without its size, nobody knows where the next header begins.
        let header = Header::parse(bytes).map_err(Refusal::out_of_step)?;
        let size = header.size("size").map_err(Refusal::out_of_step)?;
        let in_step = |error: String| Refusal::in_step(error, size);
        let op = match header.text("op").map_err(in_step)? {
            "get" => Op::Get {
                name: header.text("name").map_err(in_step)?.to_owned(),
            },
            "put" => {
                let behind_put = |error: String| Refusal::in_step(error, behind_put(size));
                Op::Put {
                    name: header.text("name").map_err(behind_put)?.to_owned(),
                }
            }
            "list" => Op::List,
            "run" => Op::Run {
                command: header.text("command").map_err(in_step)?.to_owned(),
            },
            _ => return Err(Refusal::in_step("unknown op", size)),
        };
        Ok(Self { op, size })
    }
}

/// A request that is answered with `{"ok":false,...}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What to answer.
    pub error: String,
    /// How many bytes stand between this header and the next; `None` when nobody can know.
    pub behind: Option<u64>,
}

/// Behind the header of a `put` stand its body and its digest.
pub(crate) fn behind_put(size: u64) -> u64 {
    size.saturating_add(DIGEST as u64)
}

impl Refusal {
    /// A refusal behind which this many bytes are still to come.
    pub fn in_step(error: impl Into<String>, behind: u64) -> Self {
        Self {
            error: error.into(),
            behind: Some(behind),
        }
    }

    fn out_of_step(error: String) -> Self {
        Self {
            error,
            behind: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_request_is_understood() {
        for (text, op, size) in [
            (
                r#"{"op":"get","name":"a"}"#,
                Op::Get { name: "a".into() },
                0,
            ),
            (
                r#"{"op":"put","name":"a","size":7}"#,
                Op::Put { name: "a".into() },
                7,
            ),
            (r#"{"op":"list","color":"blue"}"#, Op::List, 0),
            (
                r#"{"op":"run","command":"ls -l","size":3}"#,
                Op::Run {
                    command: "ls -l".into(),
                },
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
    fn a_refusal_knows_what_stands_behind_it() {
        for (text, error, behind) in [
            (r#"{"op":"fly","size":9}"#, "unknown op", Some(9)),
            (r#"{"size":9}"#, "missing op", Some(9)),
            (r#"{"op":"get"}"#, "missing name", Some(0)),
            (r#"{"op":"get","name":5}"#, "name is not a text", Some(0)),
            (r#"{"op":"put","size":9}"#, "missing name", Some(25)),
            (r#"{"op":"run"}"#, "missing command", Some(0)),
        ] {
            assert_eq!(
                Request::parse(text.as_bytes()),
                Err(Refusal {
                    error: error.into(),
                    behind
                }),
                "{text}"
            );
        }
    }

    #[test]
    fn without_a_size_that_can_be_trusted_nothing_behind_is_known() {
        for text in [
            r#"{"op":"put","name":"a","size":-1}"#,
            r#"{"op":"get","name":"a","size":"5"}"#,
            "[]",
            "{",
        ] {
            assert_eq!(
                Request::parse(text.as_bytes()).unwrap_err().behind,
                None,
                "{text}"
            );
        }
    }
}
