//! The rule: bytes of one JSON header to its fields, and back. It knows no socket and no request.
//!
//! On the wire (course):
//!
//! ```text
//!  0        4                    4+n              4+n+size
//!  +--------+--------------------+-------------------+
//!  | n      | {"op":"get",...}   | body              |
//!  +--------+--------------------+-------------------+
//!   4 bytes  n bytes of UTF-8     exactly `size` bytes,
//!   big-     JSON, one object,    a key of the header;
//!   endian   at most 65,536       0 if it is absent
//! ```
//!
//! This file sees the n bytes in the middle: a slice that is whole, never the socket. (`serde_json::from_reader` on a
//! socket goes on after the closing brace, until the stream ends: it waits for ever, or refuses the body as garbage.)
//!
//! Stricter than serde_json alone, because a header decides how many bytes we read next:
//!
//! * an object and nothing else (a derived `Deserialize` would take `["get","a.txt"]` for a struct as well);
//! * a key stands once (`serde_json::Value` keeps the last of two, another parser the first: a smuggler's gap; a derived
//!   `Deserialize` refuses a second known key, not a second unknown one);
//! * a size is an integer from 0 to 2^53 - 1: up to there every JSON reader keeps integers exact (RFC 8259, section 6);
//! * a value that nobody asks for may be any JSON, nested as deep as serde_json allows (128); `1e999` too, which no
//!   number type here can hold.

use std::collections::BTreeMap;
use std::fmt;

use serde_core::Deserializer as _;
use serde_core::de::{Error as _, MapAccess, Visitor};
use serde_json::Value;
use serde_json::value::RawValue;

/// The longest JSON header, in bytes.
pub const HEADER_LIMIT: usize = 65_536;

/// The largest size a header may name: 2^53 - 1.
pub(crate) const SIZE_LIMIT: u64 = (1 << 53) - 1;

/// The fields of one header; `None` for JSON that no value of ours can hold (`1e999`).
#[derive(Debug, Clone, PartialEq)]
pub struct Header(BTreeMap<String, Option<Value>>);

impl Header {
    /// Parses the whole header.
    ///
    /// # Errors
    /// One sentence: not JSON, not an object, a key twice. It may quote the peer: escape it before showing it.
    pub fn parse(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "header is not right: not UTF-8")?;
        let mut json = serde_json::Deserializer::from_str(text);
        // serde_json quotes a text that stands where the object should: all 65,000 characters of it.
        let not_right =
            |error: serde_json::Error| format!("header is not right: {:.120}", error.to_string());
        let fields = json.deserialize_map(UniqueKeys).map_err(not_right)?;
        json.end().map_err(not_right)?;
        Ok(Self(fields))
    }

    /// The text under `key`.
    ///
    /// # Errors
    /// There is none, or it is no text.
    pub fn text(&self, key: &str) -> Result<&str, String> {
        match self.0.get(key) {
            Some(Some(Value::String(text))) => Ok(text),
            Some(_) => Err(format!("{key} is not a text")),
            None => Err(format!("missing {key}")),
        }
    }

    /// The size under `key`; 0 if it is absent.
    ///
    /// # Errors
    /// It is there and not an integer from 0 to 2^53 - 1.
    pub fn size(&self, key: &str) -> Result<u64, String> {
        match (self.has(key), self.get(key).and_then(Value::as_u64)) {
            (false, _) => Ok(0),
            (_, Some(size)) if size <= SIZE_LIMIT => Ok(size),
            _ => {
                let value = self.get(key).map_or(String::new(), |it| format!(" {it}"));
                Err(format!(
                    "{key}{value:.40} is not an integer from 0 to {SIZE_LIMIT}"
                ))
            }
        }
    }

    /// The integer under `key`, for instance a command's exit status.
    pub fn integer(&self, key: &str) -> Option<i64> {
        self.get(key).and_then(Value::as_i64)
    }

    /// Whether `key` stands there at all.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Whether `key` is `true`.
    pub fn is_true(&self, key: &str) -> bool {
        self.get(key) == Some(&Value::Bool(true))
    }

    /// Whether this is `{}`: the python wire's way to say "no such file".
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.0.get(key)?.as_ref()
    }
}

/// One object with these fields, in this order, as compact JSON.
///
/// Chinese is written as it is, in UTF-8, so the header's length is its number of *bytes*, not of characters.
pub fn encode(fields: &[(&str, Value)]) -> Vec<u8> {
    let field = |(key, value): &(&str, Value)| format!("{}:{value}", Value::from(*key));
    let fields: Vec<String> = fields.iter().map(field).collect();
    format!("{{{}}}", fields.join(",")).into_bytes()
}

// ANCHOR: visitor
/// Reads an object whose keys stand once.
struct UniqueKeys;

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = BTreeMap<String, Option<Value>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = BTreeMap::new();
        while let Some(raw) = map.next_key::<&RawValue>()? {
            // A key that no text can hold (`"\ud800"`) is unknown; its spelling stands once.
            let key = serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.to_string());
            if fields.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "key `{key:.40}` stands twice"
                )));
            }
            let json: &RawValue = map.next_value()?;
            let value = match serde_json::from_str(json.get()) {
                Ok(value) => Some(value),
                Err(error) if error.to_string().starts_with("recursion limit") => {
                    return Err(A::Error::custom(error));
                }
                Err(_) => None,
            };
            fields.insert(key, value);
        }
        Ok(fields)
    }
}
// ANCHOR_END: visitor

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_comes_back_as_it_was() {
        let bytes = encode(&[
            ("op", "get".into()),
            ("name", "粘包.txt".into()),
            ("size", 5.into()),
        ]);
        assert_eq!(
            String::from_utf8_lossy(&bytes),
            r#"{"op":"get","name":"粘包.txt","size":5}"#
        );
        let header = Header::parse(&bytes).unwrap();
        assert_eq!(header.text("op"), Ok("get"));
        assert_eq!(header.text("name"), Ok("粘包.txt"));
        assert_eq!(header.size("size"), Ok(5));
    }

    #[test]
    fn an_absent_size_is_zero_and_an_absent_name_is_missing() {
        let header = Header::parse(b" {} \n").unwrap();
        assert!(header.is_empty());
        assert_eq!(header.size("size"), Ok(0));
        assert_eq!(header.text("name"), Err("missing name".to_owned()));
    }

    #[test]
    fn what_is_not_one_object_is_refused() {
        for bytes in [
            &b""[..],
            b"[]",
            b"[\"get\",\"a\"]",
            b"5",
            b"null",
            b"\"text\"",
            b"{",
            b"{}x",
            b"{}{}",
            b"{\"a\":1,}",
            b"{'a':1}",
            b"{\"a\":\"\xff\"}",
            b"\xef\xbb\xbf{}",
        ] {
            assert!(
                Header::parse(bytes).is_err(),
                "{}",
                String::from_utf8_lossy(bytes)
            );
        }
    }

    #[test]
    fn an_error_that_quotes_the_peer_fits_into_the_refusal_that_carries_it() {
        for long in ["a".repeat(65_000), r"\u0001".repeat(10_000)] {
            let error = Header::parse(format!("\"{long}\"").as_bytes()).unwrap_err();
            assert!(
                error.starts_with("header is not right: invalid type: string"),
                "{error}"
            );
            assert!(error.chars().count() < 200, "{error}");
        }
    }

    #[test]
    fn a_key_that_stands_twice_is_refused_however_it_is_spelled() {
        for text in [
            r#"{"size":1,"size":2}"#,
            r#"{"size":1,"\u0073ize":1}"#,
            r#"{"x":1,"x":1}"#,
            r#"{"\ud800":1,"\ud800":1}"#,
        ] {
            assert!(
                Header::parse(text.as_bytes())
                    .unwrap_err()
                    .contains("twice"),
                "{text}"
            );
        }
        // Deeper down nobody looks.
        assert!(Header::parse(br#"{"x":{"y":1,"y":2}}"#).is_ok());
    }

    #[test]
    fn an_unknown_key_may_hold_any_json_and_is_dropped() {
        for value in [
            "1e999",
            "[-1e999]",
            &"9".repeat(60_000),
            r#""\ud800""#, // half of a character
            "-0",
            "[[], {\"op\":[{}]}]",
            "\"[[[\\\"{{\"",
            "null",
            &format!("{}{}", "[".repeat(120), "]".repeat(120)),
        ] {
            let header = Header::parse(format!("{{\"x\":{value},\"op\":\"get\"}}").as_bytes());
            assert_eq!(header.unwrap().text("op"), Ok("get"), "{value}");
        }
        let half = r#"{"\ud800":1,"\ud801":2,"op":"get"}"#;
        let header = Header::parse(half.as_bytes());
        assert_eq!(header.unwrap().text("op"), Ok("get"));
        assert!(Header::parse(br#"{"x":1}"#).unwrap().has("x"));
        assert!(Header::parse(br#"{"x":01}"#).is_err());
    }

    #[test]
    fn thirty_thousand_brackets_do_not_overflow_the_stack() {
        let deep = format!("{{\"x\":{}{}}}", "[".repeat(30_000), "]".repeat(30_000));
        assert!(
            Header::parse(deep.as_bytes())
                .unwrap_err()
                .contains("recursion limit")
        );
    }

    #[test]
    fn a_size_is_an_integer_from_zero_to_two_to_the_53_less_one() {
        for right in ["0", "1", "9007199254740991"] {
            assert!(
                Header::parse(format!("{{\"size\":{right}}}").as_bytes())
                    .unwrap()
                    .size("size")
                    .is_ok()
            );
        }
        let long = format!("\"{}\"", "9".repeat(500));
        for wrong in [
            "-1",
            "-0",
            "1.5",
            "5.0",
            "1e3",
            "9007199254740992",
            "9223372036854775808",
            "1e400",
            "\"5\"",
            "null",
            "[]",
            &long,
        ] {
            let header = Header::parse(format!("{{\"size\":{wrong}}}").as_bytes()).unwrap();
            let error = header.size("size").unwrap_err();
            assert!(
                error.contains(" is not an integer") && error.len() < 120,
                "{wrong}: {error}"
            );
            assert_eq!(error.contains("null"), wrong == "null", "{wrong}: {error}");
        }
    }
}
