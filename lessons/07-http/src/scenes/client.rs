//! `get`, `head`, `post`, `download`: our own client.
//!
//! ```text
//! URL ──▶ connect ──▶ request ──▶ answer ──▶ 3xx with a Location? the next URL, ten times at most
//!                                   └──▶ the body: unzipped if it is zipped, to stdout or into a file
//! ```
//!
//! A connection each: what it saves to keep one open is a server's affair to show (`curl -v` does).

use std::fs::File;
use std::io::{self, Read, Write};
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
use crate::head::Version;
use crate::service::Headers;

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
        let version = match answer.version {
            Version::Http10 => "HTTP/1.0",
            Version::Http11 => "HTTP/1.1",
        };
        let reason = escaped_line(answer.reason.as_bytes());
        let mut lines = format!("{version} {} {reason}\n", answer.status);
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
    let folder = Folder::open(&args.to).failed_at(shown(&args.to))?;
    // The name is that of the URL typed. A redirect may lead anywhere, but it does not choose what a file is called here.
    let name = file_name(&args.url)?;
    follow(flags, "GET", &args.url, None, |url, answer, client| {
        if answer.status != 200 {
            // An error, a part, nothing at all: not what the name stands for.
            print_body(url, answer, client)?;
            return Err(wrong_status(url, answer));
        }
        let mut incoming = folder
            .receive(&name)
            .failed_at(shown(Path::new(name.as_str())))?;
        let size = answer.headers.first("Content-Length");
        let size = size.and_then(|size| std::str::from_utf8(size).ok()?.parse().ok());
        let mut bar = progress(name.as_str(), size.is_none());
        let mut seen = Seen {
            body: client,
            done: 0,
            show: |done| bar(done, size.unwrap_or(done)),
        };
        let began = Instant::now();
        let stored = copy(&mut unzipped(answer, &mut seen), &mut incoming, url)?;
        drop(bar);
        incoming
            .commit()
            .failed_at(shown(Path::new(name.as_str())))?;
        let (name, seconds) = (
            shown(&args.to.join(name.as_str())),
            began.elapsed().as_secs_f64(),
        );
        let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
        log(format_args!(
            "saved {name}: {stored} bytes in {seconds:.1} s"
        ));
        Ok(())
    })
}

type Connection<'a> = Client<Tap<&'a std::net::TcpStream>>;

/// Asks, follows redirects, and hands the last answer on.
fn follow(
    flags: &Flags,
    method: &str,
    url: &Url,
    file: Option<&Path>,
    mut last: impl FnMut(&Url, &Answer, &mut Connection<'_>) -> Result,
) -> Result {
    // With --addr, another machine stands in for the one that the URL names.
    let (typed, stand_in) = (&url.address, flags.addr_or(&url.address.to_string())?);
    let (mut url, mut method, mut file) = (url.clone(), method, file);
    for _ in 0..=REDIRECTS {
        let address = if url.address == *typed {
            &stand_in
        } else {
            &url.address
        };
        let stream = cli::connect(address, "`cargo run -p lesson07 -- server`")?;
        stream.set_nodelay(true).failed_at(&url)?;
        let next = Trace::new(flags, Some(layout)).show("client", |recorder| {
            let mut client = Client::new(recorder.stream("client", &stream), flags.idle);
            let answer = ask(&mut client, method, &url, file)?;
            match redirect(&answer, &url) {
                Some(next) => Ok(Some((
                    answer.status,
                    next.map_err(|why| ExitError::failed(&url, why))?,
                ))),
                None => {
                    last(&url, &answer, &mut client)?;
                    match answer.status {
                        200..=399 => Ok(None),
                        _ => Err(wrong_status(&url, &answer)),
                    }
                }
            }
        })?;
        let Some((status, next)) = next else {
            return Ok(());
        };
        log(format_args!(
            "{status}: on to {}",
            shortened(next.to_string().as_bytes())
        ));
        // RFC 9110, section 15.4: 303 asks for the answer elsewhere, and every browser does the same after 301 and 302.
        if matches!(status, 301..=303) && method == "POST" {
            (method, file) = ("GET", None);
        }
        url = next;
    }
    Err(ExitError::failed(
        url,
        format!("more than {REDIRECTS} redirects"),
    ))
}

/// One request, and the head of its answer.
fn ask(
    client: &mut Connection<'_>,
    method: &str,
    url: &Url,
    file: Option<&Path>,
) -> Result<Answer> {
    let mut headers = Headers::default();
    let fields = [
        ("Host", url.host.as_str()),
        (
            "User-Agent",
            concat!("lesson07/", env!("CARGO_PKG_VERSION")),
        ),
        ("Accept", "*/*"),
        ("Accept-Encoding", "gzip"),
        ("Connection", "close"),
    ];
    for (name, value) in fields {
        headers.add(name, value).failed_at(url)?;
    }
    let mut body = file.map(open_regular).transpose()?;
    let body = body
        .as_mut()
        .map(|(file, size)| (file as &mut dyn Read, *size));
    let sent = client.send(method, &url.target, &headers, body);
    // A server that has refused a long body may have closed while we were still sending: its answer says why.
    let answer = client.answer();
    match (sent, answer) {
        (_, Ok(answer)) => Ok(answer),
        (Err(error), _) | (_, Err(error)) => Err(ExitError::io(url, &error)),
    }
}

/// Where an answer sends us on to, if it does.
fn redirect(answer: &Answer, url: &Url) -> Option<std::result::Result<Url, String>> {
    let location = answer.headers.first("Location")?;
    matches!(answer.status, 301 | 302 | 303 | 307 | 308).then(|| {
        let location = std::str::from_utf8(location).map_err(|_| "a redirect that is not text")?;
        url.join(location)
            .map_err(|why| format!("a redirect to {}: {why}", shortened(location.as_bytes())))
    })
}

fn print_body(url: &Url, answer: &Answer, client: &mut Connection<'_>) -> Result {
    let mut stdout = ToStdout::default();
    let copied = copy(&mut unzipped(answer, client), &mut stdout, url);
    stdout.end()?;
    copied.map(drop)
}

/// The body as it was before somebody zipped it for the way.
fn unzipped<'a>(answer: &Answer, body: &'a mut dyn Read) -> Box<dyn Read + 'a> {
    let coding = answer.headers.first("Content-Encoding").unwrap_or_default();
    match coding.eq_ignore_ascii_case(b"gzip") || coding.eq_ignore_ascii_case(b"x-gzip") {
        true => Box::new(MultiGzDecoder::new(body)),
        false => Box::new(body),
    }
}

/// Copies a body. An error of the reading side is told with the URL, one of the writing side with what it is.
fn copy(body: &mut dyn Read, out: &mut dyn Write, url: &Url) -> Result<u64> {
    let (mut block, mut done) = (vec![0; 256 * 1024], 0);
    loop {
        let count = match body.read(&mut block) {
            Ok(0) => return Ok(done),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let why = format!("{} (after {done} bytes of the body)", why(&error));
                return Err(ExitError::failed(url, why));
            }
        };
        let block = block.get(..count).unwrap_or_default();
        out.write_all(block).failed_at("writing")?;
        done += count as u64;
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
    let wrong = |why: &str| ExitError::failed(shown(path), why);
    let metadata = path.metadata().failed_at(shown(path))?;
    if !metadata.is_file() {
        return Err(wrong("not a regular file"));
    }
    Ok((File::open(path).failed_at(shown(path))?, metadata.len()))
}

fn shown(path: &Path) -> String {
    escaped_line(path.as_os_str().as_encoded_bytes())
}

/// A body whose bytes are counted as they come, before they are unzipped.
struct Seen<'a, R: ?Sized, F> {
    body: &'a mut R,
    done: u64,
    show: F,
}

impl<R: Read + ?Sized, F: FnMut(u64)> Read for Seen<'_, R, F> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let count = self.body.read(out)?;
        self.done += count as u64;
        (self.show)(self.done);
        Ok(count)
    }
}
