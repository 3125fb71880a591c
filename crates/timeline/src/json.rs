//! A recording as JSON, one object a line.

use std::fmt::Write as _;

use crate::event::{Call, Event, Outcome};
use crate::recording::Recording;

/// One line an event; a last line `{"more":N}` when events were counted only.
pub(crate) fn lines(recording: &Recording) -> String {
    let mut out = String::new();
    for (at, event) in recording.events.iter().enumerate() {
        let side = recording.sides.get(event.side).map_or("", String::as_str);
        let mut object = Object::default();
        object.number("n", at as u64 + 1);
        object.text("side", side);
        object.text("call", event.call.name());
        if event.call == Call::Note {
            object.text("note", &event.note);
        } else {
            object.text("result", &result(event));
        }
        if event.call.moves_bytes() {
            object.number("asked", event.asked);
            object.number("given", event.given);
            object.number("calls", event.calls);
            if let Some(size) = event.cut_from {
                object.number("cut_from", size);
            }
            object.text("hex", &hex(&event.first));
            object.text("text", &String::from_utf8_lossy(&event.first));
        }
        if let Some(peer) = event.facing.and_then(|peer| recording.sides.get(peer)) {
            object.text("to", peer);
        }
        out.push_str(&object.finish());
    }
    if recording.more > 0 {
        out.push_str(&format!("{{\"more\":{}}}\n", recording.more));
    }
    out
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
