//! A recording as JSON, one object a line.

use std::fmt::Write as _;

use crate::call::Call;
use crate::event::{Event, Outcome};
use crate::pairing::pair;
use crate::recording::Recording;

/// One line an event; a last line `{"more":N}` when events were counted only.
pub(crate) fn lines(recording: &Recording) -> String {
    let name = |side: usize| {
        recording
            .sides
            .get(side)
            .map_or("", |side| side.name.as_str())
    };
    let peers = pair(recording).peers;
    let mut out = String::new();
    for (at, event) in recording.events.iter().enumerate() {
        let mut object = Object::default();
        object.number("n", at as u64 + 1);
        object.text("side", name(event.side));
        object.text("call", event.call.name());
        if event.call == Call::Note {
            object.text("note", &event.note);
        } else {
            object.text("result", &result(event));
        }
        if let Some(peer) = peers
            .get(at)
            .copied()
            .flatten()
            .filter(|_| event.call.leaves())
        {
            object.text("to", name(peer));
        }
        if event.call.moves_bytes() {
            bytes(event, &mut object);
        }
        out.push_str(&object.finish());
    }
    if recording.more > 0 {
        out.push_str(&format!("{{\"more\":{}}}\n", recording.more));
    }
    out
}

fn bytes(event: &Event, object: &mut Object) {
    object.number("asked", event.asked);
    object.number("given", event.given);
    object.number("calls", event.calls);
    if let Some(size) = event.cut_from {
        object.number("cut_from", size);
    }
    object.text("hex", &hex(&event.first));
    object.text("text", &String::from_utf8_lossy(&event.first));
    // The end of what is longer than the beginning that was kept.
    if event.given > event.first.len() as u64 {
        object.text("last_hex", &hex(&event.last));
    }
}

fn result(event: &Event) -> String {
    match event.outcome {
        Outcome::Pending => "pending".to_owned(),
        Outcome::Done => "ok".to_owned(),
        Outcome::End => "end".to_owned(),
        Outcome::Failed(kind) => format!("{kind:?}"),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[derive(Default)]
struct Object(String);

impl Object {
    fn key(&mut self, key: &str) {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(&quoted(key));
        self.0.push(':');
    }

    fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.0.push_str(&quoted(value));
    }

    fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        self.0.push_str(&value.to_string());
    }

    fn finish(self) -> String {
        self.0 + "}\n"
    }
}

/// A JSON string (RFC 8259, section 7): quote, backslash and everything below U+0020 are escaped.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
