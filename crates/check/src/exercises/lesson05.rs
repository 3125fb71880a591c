//! Lesson 05: shout, resume, names.

use std::fmt;

use serde_core::de::{Deserializer, Error, MapAccess, Visitor};
use serde_json::{Map, Value, json};

use super::{Case, Exercise, Starts, case, framed, lines};
use crate::peers::Client;
use crate::report::{Checked, Failure, shown};

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "05.1",
        title: "Shout",
        starts: Starts::Server,
        line_feed: "no, header and body",
        examples: &["l05_shout"],
        cases: shout,
    },
    Exercise {
        number: "05.2",
        title: "Resume",
        starts: Starts::Server,
        line_feed: "no, header, body and md5",
        examples: &["l05_resume"],
        cases: resume,
    },
    Exercise {
        number: "05.3",
        title: "Names",
        starts: Starts::Filter,
        line_feed: "yes",
        examples: &["l05_names"],
        cases: names,
    },
];

fn shout() -> Vec<Case> {
    fn message(text: &str) -> Vec<u8> {
        [framed(json!({"size": text.len()}).to_string()), text.into()].concat()
    }
    /// One client: this is sent, cut or not, and each of the texts has to come back in upper case.
    fn shouts(name: &str, cut: bool, texts: &[&str]) -> Case {
        let texts: Vec<String> = texts.iter().map(|&text| text.to_owned()).collect();
        let sent: Vec<u8> = texts.iter().flat_map(|text| message(text)).collect();
        case(name, move |judge| {
            let mut client = judge.connect()?;
            if cut {
                client.send_cut(&sent)?
            } else {
                client.send(&sent)?
            }
            for text in &texts {
                accepted(&mut client, text.len())?;
                client.wants(text.to_ascii_uppercase())?;
            }
            client.wants_to_the_end("")
        })
    }
    vec![
        shouts("header and body in one write", false, &["hello"]),
        shouts("two messages in one write", false, &["one", "two"]),
        shouts(
            "a message sent byte by byte",
            true,
            &["cut at every byte", "and again"],
        ),
        shouts(
            "Chinese, cut inside its characters",
            true,
            &["粘包 is not a packet"],
        ),
        // Upper case of ß is SS, of é É: more bytes, or others. Only ASCII letters were asked for.
        shouts("letters that are not ASCII", false, &["straße, café"]),
        shouts("an empty message, and one after it", false, &["", "next"]),
        shouts("a long message", false, &[&"abc粘".repeat(20_000)]),
        shouts("the next client", false, &["next"]),
    ]
}

fn resume() -> Vec<Case> {
    fn content() -> Vec<u8> {
        (0..100_000_u32)
            .map(|number| (number % 251) as u8)
            .collect()
    }
    let mut cases = Vec::new();
    // From where, and the md5 of the rest: the digest covers the bytes that are sent.
    for (from, md5) in [
        (None, WHOLE),
        (Some(0), WHOLE),
        (Some(1), 0xdb5ec1a9d0df9ad50a22aaf4572e7ba1),
        (Some(60_000), 0xb17d1e220c3c8ca798d53deddb1afd27),
        (Some(99_999), 0xe1671797c52e15f763380b45e841ec32),
        (Some(100_000), NOTHING),
    ] {
        let name = from.map_or("without `from`".to_owned(), |from| {
            format!("from byte {from}")
        });
        cases.push(case(name, move |judge| {
            let content = content();
            judge.file("data", &content)?;
            let mut client = judge.connect()?;
            client.send(get("data", from))?;
            let rest = content.get(from.unwrap_or(0)..).unwrap_or_default();
            accepted(&mut client, rest.len())?;
            client.wants(rest)?;
            client
                .wants(u128::to_be_bytes(md5))
                .map_err(|failure| failure.with("note", "this is the md5"))?;
            client.wants_to_the_end("")
        }));
    }
    for (name, file, from) in [
        (
            "past the end is refused, and the connection goes on",
            "data",
            100_001,
        ),
        (
            "far past the end is refused, and the connection goes on",
            "data",
            1 << 53,
        ),
        (
            "a missing file is refused, and the connection goes on",
            "missing",
            0,
        ),
    ] {
        cases.push(case(name, move |judge| {
            judge.file("data", &content())?;
            let mut client = judge.connect()?;
            for _ in 0..2 {
                client.send(get(file, Some(from)))?;
                let (answer, came) = answer(&mut client)?;
                if !answer.contains_key("ok") || answer.get("ok") == Some(&json!(true)) {
                    return Err(Failure::new(r#"{"ok":false,...}"#, came));
                }
            }
            client.send(get("data", Some(100_000)))?;
            accepted(&mut client, 0)?;
            client.wants(u128::to_be_bytes(NOTHING))?;
            client.wants_to_the_end("")
        }));
    }
    cases
}

/// The md5 of the whole file, and of no bytes.
const WHOLE: u128 = 0x28cb595c158e9b74e34ae9e8da710fff;
const NOTHING: u128 = 0xd41d8cd98f00b204e9800998ecf8427e;

fn get(name: &str, from: Option<usize>) -> Vec<u8> {
    let mut request = json!({"op": "get", "name": name});
    if let (Some(from), Some(fields)) = (from, request.as_object_mut()) {
        fields.insert("from".into(), from.into());
    }
    framed(request.to_string())
}

/// The answer's header has to say `ok` and this size.
fn accepted(client: &mut Client, size: usize) -> Checked {
    let (answer, came) = answer(client)?;
    if answer.get("ok") == Some(&json!(true)) && answer.get("size") == Some(&json!(size)) {
        return Ok(());
    }
    Err(Failure::new(
        json!({"ok": true, "size": size}).to_string(),
        came,
    ))
}

/// The header of an answer, and how it was spelled.
fn answer(client: &mut Client) -> Checked<(Map<String, Value>, String)> {
    let length = client.take(
        4,
        "four bytes: the length of a header, most significant first",
    )?;
    let length = u32::from_be_bytes(length.try_into().unwrap_or_default());
    if length > 65_536 {
        let came = format!("{length}; is it most significant first?");
        return Err(Failure::new("a header of at most 65536 bytes", came));
    }
    let bytes = client.take(length as usize, &format!("a header of {length} bytes"))?;
    match serde_json::Deserializer::from_slice(&bytes).deserialize_map(Unique) {
        Ok(header) => Ok((header, shown(&bytes))),
        Err(error) => {
            let wanted = "a JSON object, each key once";
            Err(Failure::new(wanted, format!("{} ({error})", shown(&bytes))))
        }
    }
}

/// Reads an object whose keys stand once.
struct Unique;

impl<'de> Visitor<'de> for Unique {
    type Value = Map<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Map::new();
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            if fields.insert(key, value).is_some() {
                return Err(A::Error::custom("a key stands twice"));
            }
        }
        Ok(fields)
    }
}

fn names() -> Vec<Case> {
    fn all<'a>(name: &str, answer: &'a str, names: &[&'a [u8]]) -> Case {
        lines(name, names.iter().map(|name| (name, answer)))
    }
    let long = |unit: &str, count| unit.repeat(count).into_bytes();
    vec![
        all(
            "plain names",
            "ok",
            &[b"a.txt", "粘包.txt".as_bytes(), b".hidden", b"a b"],
        ),
        all("what only looks dangerous", "ok", &[b"...", b"%2e%2e"]),
        all("the longest name", "ok", &[&long("n", 255)]),
        // The second is 258 bytes in 86 characters.
        all(
            "names that are too long",
            "refused",
            &[&long("n", 256), &long("包", 86)],
        ),
        all(
            "no name, and the two that every folder has",
            "refused",
            &[b"", b".", b".."],
        ),
        all(
            "paths",
            "refused",
            &[b"../x", b"/etc/hosts", b"a/b", b"a/", b"a\\b"],
        ),
        all(
            "control characters",
            "refused",
            &[b"a\tb", b"a\rb", b"a\0b", b"a\x7fb", "a\u{85}b".as_bytes()],
        ),
        all("what is not UTF-8", "refused", &[b"a\xffb", b"\xe7\xb2"]),
        lines(
            "a right name after a wrong one",
            [(&b"a\xffb"[..], "refused"), (b"last", "ok")],
        ),
    ]
}
