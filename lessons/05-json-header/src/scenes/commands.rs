//! `command-server` and `run`.

use std::borrow::Cow;
use std::ffi::OsString;

use common::{
    Entries, Fault, Flags, Output, Wire, announce, bind_loopback, log, plain_block, plain_line, serve_in_turn,
};
use encoding_rs::{Encoding as Coding, GBK, UTF_8};
use lesson03::{Rules, Runner, reset_watch};

use super::{DEFAULT, as_client, outputs, traced};
use crate::commands::{CommandClient, serve_commands};

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson05 -- command-server";

/// How the other end writes its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Encoding {
    /// As it is
    #[value(name = "utf-8")]
    Utf8,
    /// As a Chinese Windows does
    Gbk,
}

impl Encoding {
    fn coding(self) -> &'static Coding {
        match self {
            Self::Utf8 => UTF_8,
            Self::Gbk => GBK,
        }
    }
}

/// Runs commands for clients of this machine, one client after the other, for ever.
///
/// # Errors
/// The address is not loopback, or cannot be used.
pub fn command_server(flags: &Flags, shell: bool) -> Result<(), Fault> {
    let listener = bind_loopback(&flags.addr_or(DEFAULT)?)?;
    let addr = listener.local_addr().map_err(|error| Fault::io("listener", &error))?;
    if shell {
        log(
            "--shell: whoever connects can run ANY command as you, delete your files included. Never leave it running.",
        );
    }
    let runner = Runner::new(if shell { Rules::Shell } else { Rules::Listed });
    let outputs = outputs(flags);
    announce(addr);
    serve_in_turn(&listener, |stream, peer| {
        let gone = reset_watch(stream);
        let mut say = |line: String| log(format_args!("{peer}: {line}"));
        traced(&outputs, flags.wire, "server", stream, |tap| {
            serve_commands(flags.wire, tap, flags.idle, &runner, &gone, &mut say)
        })?
    })
}

/// Runs one command over there, or each line of stdin.
///
/// # Errors
/// A command failed or was refused, or the connection failed.
pub fn run(flags: &Flags, encoding: Encoding, words: &[OsString]) -> Result<(), Fault> {
    as_client(flags, START, |address, tap| {
        let mut client = CommandClient::new(flags.wire, tap, flags.idle);
        let mut out = Output::default();
        // `Ok` goes on with the next command, whatever came of this one.
        let mut one = |line: &[u8]| -> Result<Result<(), Fault>, Fault> {
            let sent = to_send(line, flags.wire, encoding);
            let output = match client.run(&sent).map_err(|error| Fault::io(address, &error))? {
                Ok(output) => output,
                Err(refusal) => return Ok(Err(Fault::failed(plain_line(line), refusal).report())),
            };
            show(&mut out, &output.body, encoding)?;
            match output.status {
                None | Some(0) => Ok(Ok(())),
                Some(status) => Ok(Err(Fault::failed(plain_line(line), format!("status {status}")).report())),
            }
        };
        if !words.is_empty() {
            let words: Vec<&[u8]> = words.iter().map(|word| word.as_encoded_bytes()).collect();
            return one(&words.join(&b' '))?;
        }
        let mut entries = Entries::new("command> ");
        let mut last = Ok(());
        while let Some(line) = entries.next_entry().map_err(|error| Fault::io("stdin", &error))? {
            match line.trim_ascii() {
                b"quit" => break,
                b"" => {} // an unframed empty command would be no bytes at all, and no answer
                _ => last = one(&line)?,
            }
        }
        last
    })
}

/// The bytes that travel: JSON is UTF-8 by definition, the Python wire takes what the other end reads.
fn to_send(line: &[u8], wire: Wire, encoding: Encoding) -> Cow<'_, [u8]> {
    match std::str::from_utf8(line) {
        Ok(text) if wire == Wire::Python => match encoding.coding().encode(text).0 {
            Cow::Borrowed(_) => Cow::Borrowed(line),
            Cow::Owned(bytes) => Cow::Owned(bytes),
        },
        _ => Cow::Borrowed(line),
    }
}

/// The output as it came; decoded if it is in another encoding, harmless if a terminal would obey it.
fn show(out: &mut Output, body: &[u8], encoding: Encoding) -> Result<(), Fault> {
    let text: Cow<'_, [u8]> = match encoding {
        Encoding::Utf8 => Cow::Borrowed(body),
        Encoding::Gbk => Cow::Owned(GBK.decode_without_bom_handling(body).0.into_owned().into_bytes()),
    };
    if out.is_terminal() { out.raw(plain_block(&text).as_bytes()) } else { out.raw(&text) }
}
