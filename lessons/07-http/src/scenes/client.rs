//! `get`, `head`, `post`, `download`: our own client.
//!
//! ```text
//! URL ──▶ connect ──▶ request ──▶ answer ──▶ 3xx with a Location? the next URL, ten times at most
//!                                   └──▶ the body: unzipped if it is zipped, to stdout or into a file
//! ```
//!
//! A connection each: what it saves to keep one open is a server's affair to show (`curl -v` does).

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::time::Instant;

use cli::{
    ExitError, FailedAt, Flags, Output, Result, ToStdout, Trace, escaped_line, log, progress,
    shortened, why,
};
use flate2::read::MultiGzDecoder;
use lesson05::{FileName, Folder};
use percent_encoding::percent_decode_str;
use timeline::Tap;

use super::layout::layout;
use super::url::Url;
use crate::client::{Answer, Client};
use crate::service::Headers;

/// How we call ourselves.
const AGENT: &str = concat!("lesson07/", env!("CARGO_PKG_VERSION"));

/// As many as browsers follow, halved.
const REDIRECTS: usize = 10;

/// The URL of `get` and `head`.
#[derive(Debug, clap::Args)]
pub struct UrlArgs {
    /// http://HOST[:PORT][/PATH]
    url: Url,
}

/// What `post` sends, and where.
#[derive(Debug, clap::Args)]
pub struct PostArgs {
    /// http://HOST[:PORT][/PATH]
    url: Url,
    /// The file whose bytes are the body
    file: PathBuf,
}

/// What `download` fetches, and where it puts it.
#[derive(Debug, clap::Args)]
pub struct DownloadArgs {
    /// http://HOST[:PORT][/PATH]
    url: Url,
    /// The folder to store it in, under the last name of the URL
    #[arg(long, value_name = "DIR", default_value = ".")]
    to: PathBuf,
}

/// Prints a body.
///
/// # Errors
/// No whole answer, or a status that is neither 2xx nor 3xx (its body is printed all the same).
pub fn get(flags: &Flags, args: &UrlArgs) -> Result {
    follow(flags, "GET", &args.url, None, print_body)
}

/// Prints a head.
///
/// # Errors
/// As [`get`].
pub fn head(flags: &Flags, args: &UrlArgs) -> Result {
    follow(flags, "HEAD", &args.url, None, |_, answer, _| {
        let reason = escaped_line(answer.reason.as_bytes());
        let mut lines = format!("{} {} {reason}\n", answer.version, answer.status);
        for (name, value) in answer.headers.iter() {
            lines += &format!("{name}: {}\n", escaped_line(value));
        }
        Output.raw(lines.as_bytes())
    })
}

/// Sends a file, prints the body of the answer.
///
/// # Errors
/// As [`get`]; the file cannot be read.
pub fn post(flags: &Flags, args: &PostArgs) -> Result {
    follow(flags, "POST", &args.url, Some(&args.file), print_body)
}

/// Stores a body as a file.
///
/// # Errors
/// As [`get`]; another status than 200; there is no name in the URL, or the file cannot be written. Only what came whole
/// gets its name.
pub fn download(flags: &Flags, args: &DownloadArgs) -> Result {
    let folder = Folder::open(&args.to).failed_at(args.to.display())?;
    // The name is that of the URL typed. A redirect may lead anywhere, but it does not choose what a file is called here.
    let name = file_name(&args.url)?;
    follow(flags, "GET", &args.url, None, |url, answer, client| {
        if answer.status != 200 {
            // An error, a part, nothing at all: not what the name stands for.
            print_body(url, answer, client)?;
            return Err(wrong_status(url, answer));
        }
        let (incoming, name, began) = (folder.receive(&name), name.as_str(), Instant::now());
        let mut incoming = incoming.failed_at(name)?;
        // The length is that of what is sent: of a zipped body it says nothing about the file.
        let size = answer.headers.first("Content-Length");
        let size = size.filter(|_| !is_zipped(answer));
        let size = size.and_then(|size| std::str::from_utf8(size).ok()?.parse().ok());
        let mut bar = progress(name, size.is_none());
        let show = |done| bar(done, size.unwrap_or(done));
        let stored = copy(url, answer, client, &mut incoming, show)?;
        drop(bar);
        incoming.commit().failed_at(name)?;
        let path = args.to.join(name);
        let path = path.strip_prefix("./").unwrap_or(&path);
        let path = escaped_line(path.as_os_str().as_encoded_bytes());
        let seconds = began.elapsed().as_secs_f64();
        log(format_args!(
            "saved {path}: {stored} bytes in {seconds:.1} s"
        ));
        Ok(())
    })
}

type Connection<'a> = Client<Tap<&'a TcpStream>>;

/// Asks, follows redirects, and hands the last answer on.
fn follow(
    flags: &Flags,
    mut method: &str,
    typed: &Url,
    mut file: Option<&Path>,
    mut last: impl FnMut(&Url, &Answer, &mut Connection<'_>) -> Result,
) -> Result {
    // With --addr, another machine stands in for the one that the URL names.
    let stand_in = flags.addr_or(&typed.address.to_string())?;
    let mut url = typed.clone();
    for _ in 0..=REDIRECTS {
        let address = match url.address == typed.address {
            true => &stand_in,
            false => &url.address,
        };
        let stream = cli::connect(address, "`cargo run -p lesson07 -- server`")?;
        stream.set_nodelay(true).failed_at(&url)?;
        let next = Trace::new(flags, Some(layout)).show("client", |recorder| {
            let mut client = Client::new(recorder.stream("client", &stream), flags.idle);
            let answer = ask(&mut client, method, &url, file)?;
            if let Some(next) = redirect(&answer, &url)? {
                return Ok(Some((answer.status, next)));
            }
            last(&url, &answer, &mut client)?;
            match answer.status {
                200..=399 => Ok(None),
                _ => Err(wrong_status(&url, &answer)),
            }
        })?;
        let Some((status, next)) = next else {
            return Ok(());
        };
        let shown = shortened(next.to_string().as_bytes());
        log(format_args!("{status}: on to {shown}"));
        // RFC 9110, section 15.4: 303 asks for the answer elsewhere, and every browser does the same after 301 and 302.
        if matches!(status, 301..=303) && method == "POST" {
            (method, file) = ("GET", None);
        }
        url = next;
    }
    let why = format!("more than {REDIRECTS} redirects");
    Err(ExitError::failed(url, why))
}

/// One request, and the head of its answer.
fn ask(
    client: &mut Connection<'_>,
    method: &str,
    url: &Url,
    file: Option<&Path>,
) -> Result<Answer> {
    let mut headers = Headers::default();
    for (name, value) in [
        ("Host", url.host.as_str()),
        ("User-Agent", AGENT),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ] {
        headers.add(name, value).failed_at(url)?;
    }
    let mut file = file.map(open_regular).transpose()?;
    let body = file.as_mut().map(|(file, size)| (file as _, *size));
    let sent = client.send(method, &url.target, &headers, body);
    // A server that has refused a long body may have closed while we were still sending: its answer says why.
    let answer = client.answer();
    answer
        .map_err(|error| sent.err().unwrap_or(error))
        .failed_at(url)
}

/// Where an answer sends us on to, if it does.
fn redirect(answer: &Answer, url: &Url) -> Result<Option<Url>> {
    match (answer.status, answer.headers.first("Location")) {
        (301 | 302 | 303 | 307 | 308, Some(location)) => match url.join(location) {
            Ok(next) => Ok(Some(next)),
            Err(why) => {
                let why = format!("a redirect to {}: {why}", shortened(location));
                Err(ExitError::failed(url, why))
            }
        },
        _ => Ok(None),
    }
}

fn print_body(url: &Url, answer: &Answer, client: &mut Connection<'_>) -> Result {
    let mut stdout = ToStdout::default();
    let copied = copy(url, answer, client, &mut stdout, |_| ());
    stdout.end()?;
    copied.map(drop)
}

/// Somebody zipped it for the way.
fn is_zipped(answer: &Answer) -> bool {
    let coding = answer.headers.first("Content-Encoding").unwrap_or_default();
    coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip")
}

/// Copies a body as it was before it was zipped. An error of the reading side comes with the URL, one of the writing side with
/// what it is.
fn copy(
    url: &Url,
    answer: &Answer,
    client: &mut Connection<'_>,
    out: &mut dyn Write,
    mut show: impl FnMut(u64),
) -> Result<u64> {
    let mut body: Box<dyn Read> = match is_zipped(answer) {
        true => Box::new(MultiGzDecoder::new(client)),
        false => Box::new(client),
    };
    let (mut block, mut done) = (vec![0; 256 * 1024], 0);
    loop {
        let count = body.read(&mut block).map_err(|error| {
            let why = format!("{} (after {done} bytes of the body)", why(&error));
            ExitError::failed(url, why)
        })?;
        if count == 0 {
            return Ok(done);
        }
        out.write_all(block.get(..count).unwrap_or_default())
            .failed_at("writing")?;
        done += count as u64;
        show(done);
    }
}

fn wrong_status(url: &Url, answer: &Answer) -> ExitError {
    let line = format!("{:03} {}", answer.status, answer.reason);
    ExitError::failed(url, line.trim_end())
}

/// The last name in the URL, decoded once and then judged as any name from outside.
fn file_name(url: &Url) -> Result<FileName> {
    let name = Vec::from_iter(percent_decode_str(url.last_segment()));
    if name.is_empty() {
        let why = "no file name at its end; `get` prints what is there";
        return Err(ExitError::usage(url, why));
    }
    FileName::parse(name).map_err(|error| ExitError::usage(url, why(&error)))
}

/// A file of this machine, chosen by the one who types. A pipe or a folder has no size to announce.
fn open_regular(path: &Path) -> Result<(File, u64)> {
    let metadata = path.metadata().failed_at(path.display())?;
    if !metadata.is_file() {
        return Err(ExitError::failed(path.display(), "not a regular file"));
    }
    Ok((File::open(path).failed_at(path.display())?, metadata.len()))
}
