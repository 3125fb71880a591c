//! `parse`: bytes on stdin, and what they mean; of what is refused, where and why.
//!
//! ```text
//! stdin ──▶ Requests or Responses ──▶ one message after the other ──▶ text, or a JSON object a line
//! ```

use std::io::{self, Read};

use clap::ValueEnum;
use cli::{ExitError, FailedAt, Flags, Output, escaped_line, shortened, until_ready};
use data_encoding::BASE64;
use lesson04::ReceiveBuffer;
use serde_json::{Value, json};

use crate::body::BodyLength;
use crate::connection::{Event, Next, Requests, Responses};
use crate::error::{HttpError, Refused};
use crate::head::{Field, Fields, Limits, Version};

/// What `parse` reads, and how it prints it.
#[derive(Debug, clap::Args)]
pub struct ParseArgs {
    /// What stdin holds
    #[arg(value_enum, default_value = "request")]
    direction: Direction,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Direction {
    /// Requests, as a server reads them
    Request,
    /// Responses, as a client reads them that sent GET
    Response,
}

/// Prints each message of stdin.
///
/// # Errors
/// A message is refused, or the last one is not whole.
pub fn parse(flags: &Flags, args: &ParseArgs) -> cli::Result {
    flags.without_socket("parse")?;
    let mut scene = Parse::new(args);
    let mut stdin = io::stdin().lock();
    let mut received = ReceiveBuffer::default();
    loop {
        let count = until_ready(|| stdin.read(received.free())).failed_at("stdin")?;
        received.arrived(count);
        let read = match count {
            0 => scene.ended(received.waiting()),
            _ => scene.read(received.waiting()),
        };
        Output.raw(std::mem::take(&mut scene.shown).as_bytes())?;
        received.take(read?);
        if count == 0 {
            return Ok(());
        }
    }
}

/// One message, or several, as text.
///
/// # Errors
/// One is refused, or not whole.
pub(super) fn taken_apart(direction: Direction, bytes: &[u8]) -> cli::Result<String> {
    let mut scene = Parse::new(&ParseArgs {
        direction,
        json: false,
    });
    let consumed = scene.read(bytes)?;
    scene.ended(bytes.get(consumed..).unwrap_or_default())?;
    Ok(scene.shown)
}

struct Parse {
    reader: Reader,
    json: bool,
    /// The one that is not whole yet.
    message: Option<Message>,
    /// Bytes of stdin that events have consumed.
    consumed: u64,
    /// What is to be printed.
    shown: String,
}

impl Parse {
    fn new(args: &ParseArgs) -> Self {
        let limits = Limits::default();
        Self {
            reader: match args.direction {
                Direction::Request => Reader::Requests(Requests::new(limits)),
                Direction::Response => Reader::Responses(Responses::new(limits)),
            },
            json: args.json,
            message: None,
            consumed: 0,
            shown: String::new(),
        }
    }

    /// Shows what is whole; how many bytes of the input are done with.
    fn read(&mut self, input: &[u8]) -> cli::Result<usize> {
        let mut done = 0;
        loop {
            let rest = input.get(done..).unwrap_or_default();
            match self.reader.next(rest) {
                Ok(Some((count, event))) => {
                    self.happened(event, rest.get(..count).unwrap_or_default());
                    self.consumed += count as u64;
                    done += count;
                }
                Ok(None) => return Ok(done),
                Err(error) => return Err(self.refused(error, rest)),
            }
        }
    }

    /// Stdin has ended.
    fn ended(&mut self, rest: &[u8]) -> cli::Result<usize> {
        match self.reader.ended(rest) {
            Ok(()) => self.read(rest), // the end of a body that lasts until then
            Err(error) => Err(self.refused(error, rest)),
        }
    }

    fn happened(&mut self, event: Event<'_, Start<'_>>, consumed: &[u8]) {
        match event {
            Event::Head(start, body) => {
                self.message = Some(Message::new(start, body, consumed, self.consumed));
            }
            Event::Data(data) => {
                if let Some(message) = &mut self.message {
                    let at = self.consumed + (consumed.len() - data.len()) as u64;
                    message.body_at.get_or_insert(at);
                    message.body.extend_from_slice(data);
                }
            }
            Event::End(trailers) => {
                if let Some(mut message) = self.message.take() {
                    let end = self.consumed + consumed.len() as u64;
                    message.end(&trailers, self.consumed, end);
                    self.show(message, true);
                }
            }
        }
    }

    fn show(&mut self, mut message: Message, complete: bool) {
        let shown = match self.json {
            true => {
                if !message.json.is_empty() {
                    let body = BASE64.encode(&message.body);
                    message.json.insert("body".to_owned(), json!(body));
                }
                message.json.insert("complete".to_owned(), json!(complete));
                format!("{}\n", Value::Object(message.json))
            }
            false => message.text(),
        };
        self.shown += &shown;
    }

    /// Shows what is wrong, and gives the error with which the program ends.
    fn refused(&mut self, error: HttpError, rest: &[u8]) -> ExitError {
        let incomplete = error.refused == Refused::Ended;
        if incomplete && (self.json || self.message.is_some()) {
            let message = self.message.take().unwrap_or_default();
            self.show(message, false);
        }
        let (name, at, status) = (error.name(), error.at, error.status());
        let shown = match (self.json, incomplete) {
            (true, true) => String::new(),
            (true, false) => format!("{}\n", json!({"error": name, "at": at, "status": status})),
            (false, _) => {
                // The place in what is at hand; an error never shows before it.
                let place = usize::try_from(at.saturating_sub(self.consumed)).unwrap_or_default();
                format!(
                    "refused at byte {at}, status {status}\n{}",
                    caret(rest, place)
                )
            }
        };
        self.shown += &shown;
        ExitError::failed("stdin", error)
    }
}

/// The line that holds the byte at `place`, and a caret under it.
fn caret(bytes: &[u8], place: usize) -> String {
    const AROUND: usize = 60;
    let (before, after) = bytes.split_at(place.min(bytes.len()));
    let line = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |end| end + 1);
    let before = before
        .get(line.max(place.saturating_sub(AROUND))..)
        .unwrap_or_default();
    let end = after
        .iter()
        .position(|&byte| byte == b'\n')
        .map_or(after.len(), |end| end + 1);
    let after = after.get(..end.min(AROUND)).unwrap_or_default();
    let (before, after) = (escaped_line(before), escaped_line(after));
    let column = before.chars().count();
    format!("    {before}{after}\n    {:column$}^\n", "")
}

/// Either direction.
enum Reader {
    Requests(Requests),
    Responses(Responses),
}

/// What this scene shows of a head of either direction.
struct Start<'a> {
    keys: [(&'static str, Value); 3],
    fields: Fields<'a>,
}

impl Reader {
    fn next<'a>(&mut self, input: &'a [u8]) -> Result<Next<'a, Start<'a>>, HttpError> {
        Ok(match self {
            Self::Requests(requests) => mapped(requests.next(input)?, |head| Start {
                keys: [
                    ("method", json!(head.method)),
                    ("target", json!(head.target)),
                    ("version", version(head.version)),
                ],
                fields: head.fields,
            }),
            Self::Responses(responses) => mapped(responses.next(input)?, |head| Start {
                keys: [
                    ("version", version(head.version)),
                    ("status", json!(head.status)),
                    ("reason", json!(latin1(head.reason))),
                ],
                fields: head.fields,
            }),
        })
    }

    fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        match self {
            Self::Requests(requests) => requests.ended(rest),
            Self::Responses(responses) => responses.ended(rest),
        }
    }
}

fn mapped<'a, Head>(
    next: Next<'a, Head>,
    start: impl FnOnce(Head) -> Start<'a>,
) -> Next<'a, Start<'a>> {
    let (consumed, event) = next?;
    let event = match event {
        Event::Head(head, body) => Event::Head(start(head), body),
        Event::Data(data) => Event::Data(data),
        Event::End(trailers) => Event::End(trailers),
    };
    Some((consumed, event))
}

fn version(version: Version) -> Value {
    match version {
        Version::Http10 => json!("HTTP/1.0"),
        Version::Http11 => json!("HTTP/1.1"),
    }
}

/// ISO-8859-1: each byte is the character of the same number, so any bytes can be had back.
fn latin1(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

fn pairs(fields: &Fields<'_>) -> Value {
    let pair = |field: &Field<'_>| json!([field.name, latin1(field.value)]);
    fields.0.iter().map(pair).collect()
}

/// A message as far as it has come.
#[derive(Default)]
struct Message {
    /// The keys of `--json`.
    json: serde_json::Map<String, Value>,
    /// For eyes: where a part begins, and what it is.
    parts: Vec<(u64, String)>,
    body: Vec<u8>,
    body_at: Option<u64>,
}

impl Message {
    /// From a head, whose bytes are these.
    fn new(start: Start<'_>, body: BodyLength, bytes: &[u8], mut at: u64) -> Self {
        let mut message = Self::default();
        let words = start
            .keys
            .each_ref()
            .map(|(key, value)| format!("{key} {value}"));
        message
            .parts
            .push((at, escaped_line(words.join(", ").as_bytes())));
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let shown = match line {
                b"\r\n" if message.parts.len() == 1 => "(an empty line, skipped)".to_owned(),
                b"\r\n" => format!("(the head ends: {})", in_words(body)),
                line => escaped_line(line.trim_ascii_end()),
            };
            message.parts.push((at, shown));
            at += line.len() as u64;
        }
        message
            .json
            .insert("headers".to_owned(), pairs(&start.fields));
        message.json.insert("trailers".to_owned(), json!([]));
        message
            .json
            .extend(start.keys.map(|(key, value)| (key.to_owned(), value)));
        message
    }

    /// Each part on a line, with the place where it begins.
    fn text(mut self) -> String {
        if let Some(at) = self.body_at {
            let (size, body) = (self.body.len(), shortened(&self.body));
            self.parts.push((at, format!("body, {size} bytes: {body}")));
            self.parts.sort_by_key(|(at, _)| *at);
        }
        let line = |(at, part)| format!("{at:>8}  {part}\n");
        self.parts.into_iter().map(line).collect()
    }

    /// After its last event, whose bytes begin and end there.
    fn end(&mut self, trailers: &Fields<'_>, begin: u64, end: u64) {
        for Field { name, value, at } in &trailers.0 {
            let shown = format!("trailer {name}: {}", escaped_line(value));
            self.parts.push((begin + *at as u64, shown));
        }
        self.parts.push((end, "(the message ends)\n".to_owned()));
        self.json.insert("trailers".to_owned(), pairs(trailers));
    }
}

fn in_words(body: BodyLength) -> String {
    match body {
        BodyLength::Exactly(0) => "no body".to_owned(),
        BodyLength::Exactly(size) => format!("a body of {size} bytes"),
        BodyLength::Chunked => "a body in chunks".to_owned(),
        BodyLength::UntilClose => "a body until the stream ends".to_owned(),
    }
}
