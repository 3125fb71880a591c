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
use serde_json::{Map, Value, json};

use crate::body::BodyLength;
use crate::connection::{Direction, Event, Messages, ToClient, ToServer};
use crate::error::{HttpError, Refused};
use crate::head::{Field, Fields, Limits};

/// What `parse` reads, and how it prints it.
#[derive(Debug, clap::Args)]
pub struct ParseArgs {
    /// What stdin holds
    #[arg(value_enum, default_value = "request")]
    direction: What,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
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
    match args.direction {
        What::Request => parse_stdin(Parse::<ToServer>::new(args.json)),
        What::Response => parse_stdin(Parse::<ToClient>::new(args.json)),
    }
}

fn parse_stdin<D: Shown>(mut scene: Parse<D>) -> cli::Result {
    let (mut stdin, mut received) = (io::stdin().lock(), ReceiveBuffer::default());
    loop {
        let count = until_ready(|| stdin.read(received.free())).failed_at("stdin")?;
        received.arrived(count);
        let done = scene.read(received.waiting(), count == 0);
        Output.raw(std::mem::take(&mut scene.shown).as_bytes())?;
        received.take(done?);
        if count == 0 {
            return Ok(());
        }
    }
}

/// One message, or several, as text.
///
/// # Errors
/// One is refused, or not whole.
pub(super) fn taken_apart<D: Shown>(bytes: &[u8]) -> cli::Result<String> {
    let mut scene = Parse::<D>::new(false);
    scene.read(bytes, true)?;
    Ok(scene.shown)
}

/// The parts of a start line, as `--json` names them, and the fields.
type Start<'a> = ([(&'static str, Value); 3], Fields<'a>);

/// What this scene shows of a head.
pub(super) trait Shown: Direction {
    fn start(head: Self::Head<'_>) -> Start<'_>;
}

impl Shown for ToServer {
    fn start(head: Self::Head<'_>) -> Start<'_> {
        let method = ("method", json!(head.method));
        let target = ("target", json!(head.target));
        let version = ("version", json!(head.version.to_string()));
        ([method, target, version], head.fields)
    }
}

impl Shown for ToClient {
    fn start(head: Self::Head<'_>) -> Start<'_> {
        let version = ("version", json!(head.version.to_string()));
        let status = ("status", json!(head.status));
        let reason = ("reason", json!(latin1(head.reason)));
        ([version, status, reason], head.fields)
    }
}

struct Parse<D> {
    messages: Messages<D>,
    json: bool,
    /// The one that is not whole yet.
    message: Message,
    /// Bytes of stdin that events have consumed.
    consumed: u64,
    /// What is to be printed.
    shown: String,
}

impl<D: Shown> Parse<D> {
    fn new(json: bool) -> Self {
        Self {
            messages: Messages::new(Limits::default()),
            json,
            message: Message::default(),
            consumed: 0,
            shown: String::new(),
        }
    }

    /// Shows what is whole; how many bytes of the input are done with.
    fn read(&mut self, input: &[u8], is_the_end: bool) -> cli::Result<usize> {
        let mut rest = input;
        loop {
            let next = match self.messages.next(rest) {
                Ok(None) if is_the_end => {
                    let ended = self.messages.ended(rest);
                    ended.and_then(|()| self.messages.next(rest)) // the end of a body that lasts until then
                }
                next => next,
            };
            match next {
                Ok(Some((count, event))) => {
                    self.happened(event, rest.get(..count).unwrap_or_default());
                    rest = rest.get(count..).unwrap_or_default();
                }
                Ok(None) => return Ok(input.len() - rest.len()),
                Err(error) => return Err(self.refused(error, rest)),
            }
        }
    }

    /// An event that consumed these bytes.
    fn happened(&mut self, event: Event<'_, D::Head<'_>>, bytes: &[u8]) {
        let begin = self.consumed;
        self.consumed += bytes.len() as u64;
        match event {
            Event::Head(head, body) => {
                self.message = Message::new(D::start(head), body, bytes, begin);
            }
            Event::Data(data) => {
                let at = self.consumed - data.len() as u64;
                self.message.body_at.get_or_insert(at);
                self.message.body.extend_from_slice(data);
            }
            Event::End(trailers) => {
                self.message.add_body();
                for Field { name, value, at } in &trailers.0 {
                    let shown = format!("trailer {name}: {}", escaped_line(value));
                    self.message.part(begin + *at as u64, shown);
                }
                self.message
                    .part(self.consumed, "(the message ends)\n".to_owned());
                self.message.key("trailers", pairs(&trailers));
                self.show(true);
            }
        }
    }

    fn show(&mut self, complete: bool) {
        let mut message = std::mem::take(&mut self.message);
        if self.json {
            message.key("complete", json!(complete));
            self.shown += &format!("{}\n", Value::Object(message.json));
        } else {
            self.shown += &message.text;
        }
    }

    /// Shows what is wrong, and gives the error with which the program ends.
    fn refused(&mut self, error: HttpError, rest: &[u8]) -> ExitError {
        let incomplete = error.refused == Refused::ENDED;
        if incomplete {
            self.message.add_body();
            self.show(false);
        }
        let (name, at, status) = (error.refused.name, error.at, error.refused.status);
        if !self.json {
            // The place in what is at hand; an error never shows before it.
            let place = usize::try_from(at.saturating_sub(self.consumed)).unwrap_or_default();
            let line = caret(rest, place);
            self.shown += &format!("refused at byte {at}, status {status}\n{line}");
        } else if !incomplete {
            let error = json!({"error": name, "at": at, "status": status});
            self.shown += &format!("{error}\n");
        }
        ExitError::failed("stdin", error)
    }
}

/// The line that holds the byte at `place`, and a caret under it.
fn caret(bytes: &[u8], place: usize) -> String {
    const AROUND: usize = 60;
    let (before, after) = bytes.split_at(place.min(bytes.len()));
    let line = before.rsplit(|&byte| byte == b'\n').next();
    let line = line.unwrap_or_default();
    let before = line.get(line.len().saturating_sub(AROUND)..);
    let after = after.split_inclusive(|&byte| byte == b'\n').next();
    let after = after.unwrap_or_default();
    let after = after.get(..AROUND).unwrap_or(after);
    let (before, after) = (in_line(before.unwrap_or_default()), in_line(after));
    let column = before.chars().count();
    format!("    {before}{after}\n    {:column$}^\n", "")
}

/// Bytes in one line, line ends as the timeline shows them.
fn in_line(bytes: &[u8]) -> String {
    with_line_ends(&escaped_line(bytes))
}

fn with_line_ends(escaped: &str) -> String {
    escaped.replace("\\u{d}", "\\r").replace("\\u{a}", "\\n")
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
    json: Map<String, Value>,
    /// For eyes: where each part begins, and what it is.
    text: String,
    body: Vec<u8>,
    body_at: Option<u64>,
}

impl Message {
    /// From a head, whose bytes are these.
    fn new((keys, fields): Start<'_>, body: BodyLength, bytes: &[u8], mut at: u64) -> Self {
        let mut message = Self::default();
        let mut names = Some(keys.each_ref().map(|(name, _)| *name));
        for line in bytes.split_inclusive(|&byte| byte == b'\n') {
            let text = line.trim_ascii_end();
            match (text, names) {
                (b"", Some(_)) => message.part(at, "(an empty line, skipped)".to_owned()),
                (b"", None) => message.part(at, format!("(the head ends: {})", in_words(body))),
                (text, None) => message.part(at, escaped_line(text)),
                (text, Some(parts)) => {
                    let mut at = at;
                    for (name, part) in parts.iter().zip(text.splitn(3, |&byte| byte == b' ')) {
                        message.part(at, format!("{name} {}", escaped_line(part)));
                        at += part.len() as u64 + 1;
                    }
                    names = None;
                }
            }
            at += line.len() as u64;
        }
        for (name, value) in keys {
            message.key(name, value);
        }
        message.key("headers", pairs(&fields));
        message.key("body", json!(""));
        message.key("trailers", json!([]));
        message
    }

    fn key(&mut self, name: &str, value: Value) {
        self.json.insert(name.to_owned(), value);
    }

    /// A part on a line, with the place where it begins.
    fn part(&mut self, at: u64, shown: String) {
        self.text += &format!("{at:>8}  {shown}\n");
    }

    /// The body as far as it has come.
    fn add_body(&mut self) {
        if let Some(at) = self.body_at {
            let (size, body) = (self.body.len(), with_line_ends(&shortened(&self.body)));
            self.part(at, format!("body, {size} bytes: {body}"));
            self.key("body", json!(BASE64.encode(&self.body)));
        }
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
