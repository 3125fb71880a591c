//! `server`, `get`, `put`, `list`.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use cli::{ExitError, FailedAt, Flags, Output, Result, Wire, escaped_line, log, why};

use super::progress::Progress;
use super::sample::sample_folder;
use super::to_stdout::ToStdout;
use super::{DEFAULT_ADDR, client, in_two, layout, told};
use crate::{
    AskError, FileClient, FileName, FileServer, Folder, PythonFileClient, Transfer, serve_python,
};

/// Options of `server`.
#[derive(Debug, clap::Args)]
pub struct ServerArgs {
    /// The folder to share; without it, the lesson's sample folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Accept uploads from other machines too (from this one they are always welcome)
    #[arg(long)]
    upload: bool,
}

/// Shares a folder, one client after the other, for ever.
///
/// # Errors
/// The folder or the address cannot be used.
pub fn server(flags: &Flags, args: &ServerArgs) -> Result {
    let dir = args.dir.clone().unwrap_or_else(sample_folder);
    let folder = open_folder(&dir, "--dir")?;
    let listener = cli::listen(flags, DEFAULT_ADDR)?;
    let addr = listener.local_addr().failed_at("listener")?;
    let server = FileServer {
        folder,
        uploads: args.upload || addr.ip().to_canonical().is_loopback(),
        idle: flags.idle,
    };
    let layout = Some(layout(flags.wire));
    cli::serve_in_turn(&listener, flags, layout, |stream, peer| {
        stream.set_nodelay(true)?; // as in `client`
        match flags.wire {
            Wire::Course => server.serve(stream, &mut told(peer)),
            Wire::Python => serve_python(&server, stream, &mut told(peer)),
        }
    })
}

/// Fetches files, each under its own name, or all to stdout.
///
/// # Errors
/// A file is missing (the others still come), or the connection failed.
pub fn get(flags: &Flags, names: &[OsString], to: &Path) -> Result {
    let folder = match to.as_os_str() == "-" {
        true => None,
        false => Some(open_folder(to, "--to")?),
    };
    client(flags, "server", |stream, _| {
        let mut course = FileClient::new(stream, flags.idle);
        let mut python = PythonFileClient::new(stream, flags.idle);
        let mut fetch = |name: &str, sink: &mut dyn Write, bar: &Progress| {
            let mut progress = |done, size| bar.at(done, size);
            let got = match flags.wire {
                Wire::Course => course
                    .get(name, sink, &mut progress)
                    .map_err(with_next_step),
                Wire::Python => python.get(name, sink, &mut progress),
            };
            in_two(name, got)
        };
        each(names, |name| match (&folder, name.to_str()) {
            (_, None) => Ok(Err(ExitError::failed(
                shown(name),
                "not UTF-8, no server has it",
            ))),
            (Some(folder), Some(name)) => save(&mut fetch, folder, to, name),
            (None, Some(name)) => print(&mut fetch, name),
        })
    })
}

/// Sends files.
///
/// # Errors
/// A file cannot be read or is refused (the others still go), or the connection failed.
pub fn put(flags: &Flags, files: &[PathBuf]) -> Result {
    course_only(flags, "put")?;
    client(flags, "server", |stream, _| {
        let mut server = FileClient::new(stream, flags.idle);
        each(files, |path| {
            let what = shown(path.as_os_str());
            let (mut file, size) = match open_regular(path) {
                Ok(opened) => opened,
                Err(error) => return Ok(Err(ExitError::io(what, &error))),
            };
            let Some(name) = path.file_name().and_then(OsStr::to_str) else {
                return Ok(Err(ExitError::failed(what, "not a file name in UTF-8")));
            };
            let bar = Progress::new(name);
            let sent = server.put(name, &mut file, size, &mut |done, size| bar.at(done, size));
            drop(bar);
            Ok(in_two(&what, sent)?.map(|done| report("sent", name, &done)))
        })
    })
}

/// Prints size, tab, name of each file.
///
/// # Errors
/// The connection failed, or the server has no list.
pub fn list(flags: &Flags) -> Result {
    course_only(flags, "list")?;
    client(flags, "server", |stream, address| {
        let (mut out, mut failed) = (Output::default(), None);
        let listed = FileClient::new(stream, flags.idle).list(&mut |name, size| {
            let line = format!("{size}\t{}\n", escaped_line(name.as_bytes()));
            out.raw(line.as_bytes()).map_err(|error| {
                failed = Some(error);
                ErrorKind::BrokenPipe.into()
            })
        });
        match failed {
            Some(error) => Err(error),
            None => in_two(address, listed)?,
        }
    })
}

/// Does `part` for each item. The inner error is that item's and the next one follows; the outer one ends the work, and
/// what was left undone is named.
fn each<I: AsRef<OsStr>>(items: &[I], mut part: impl FnMut(&I) -> Result<Result>) -> Result {
    let mut result = Ok(());
    let mut items = items.iter();
    while let Some(item) = items.next() {
        match part(item) {
            Ok(Ok(())) => {}
            Ok(Err(ExitError::StdoutClosed)) | Err(ExitError::StdoutClosed) => {
                return Err(ExitError::StdoutClosed);
            }
            Ok(Err(error)) => result = Err(error.report()),
            Err(error) => {
                result = Err(error.report());
                for left in items.by_ref() {
                    let left = shown(left.as_ref());
                    let _ = ExitError::failed(left, "not tried, the connection is over").report();
                }
            }
        }
    }
    result
}

/// Asks for a file and writes its bytes to the sink, with a bar. The outer error ends the connection.
type Fetch<'a> = dyn FnMut(&str, &mut dyn Write, &Progress) -> Result<Result<Transfer>> + 'a;

/// Fetches one file into `folder`. Until its digest is right it has a name that nobody serves.
fn save(fetch: &mut Fetch<'_>, folder: &Folder, to: &Path, name: &str) -> Result<Result> {
    let mut incoming = match FileName::parse(name).and_then(|file_name| folder.receive(&file_name))
    {
        Ok(incoming) => incoming,
        // It is asked for all the same, and thrown away: the server's answer is the better error.
        Err(unusable) => {
            let answer = fetch(name, &mut io::sink(), &Progress::new(name))?;
            return Ok(answer.and(Err(ExitError::io(name, &unusable))));
        }
    };
    let fetched = fetch(name, &mut incoming, &Progress::new(name))?;
    Ok(fetched.and_then(|done| {
        incoming.commit().failed_at(name)?;
        let place = if to == Path::new(".") {
            PathBuf::from(name)
        } else {
            to.join(name)
        };
        report("saved", &place.display().to_string(), &done);
        Ok(())
    }))
}

/// Fetches one file to stdout.
fn print(fetch: &mut Fetch<'_>, name: &str) -> Result<Result> {
    let mut stdout = ToStdout::default();
    // On a terminal no bar: drawing it anew wipes its line, and with it what the file has written there.
    let bar = if stdout.is_terminal() {
        Progress::hidden()
    } else {
        Progress::new(name)
    };
    let fetched = fetch(name, &mut stdout, &bar);
    let _ = stdout.flush();
    drop(bar);
    match stdout.failed {
        Some(error) => Err(error),
        None => Ok(fetched?.map(|done| report("received", name, &done))),
    }
}

fn report(done: &str, name: &str, Transfer { size, md5 }: &Transfer) {
    let name = escaped_line(name.as_bytes());
    log(format_args!("{done} {name}: {size} bytes, md5 {md5}"));
}

/// What to try after a refusal, where there is something.
fn with_next_step(error: AskError) -> AskError {
    match error {
        AskError::Refused(why) if why == "no such file" => {
            AskError::Refused(format!("{why}: `list` names what is there"))
        }
        other => other,
    }
}

fn open_folder(dir: &Path, flag: &str) -> Result<Folder> {
    Folder::open(dir).map_err(|error| {
        let why = why(&error);
        let hint = format!("{why}: make it first, or choose another with {flag}");
        ExitError::failed(shown(dir.as_os_str()), hint)
    })
}

/// A file of this machine, chosen by the one who types: links are followed, but a pipe or a folder has no size to send.
fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    // Looked at before it is opened as well: opening a named pipe would wait for somebody to write into it.
    match path.metadata()? {
        folder if folder.is_dir() => Err(ErrorKind::IsADirectory.into()),
        file if file.is_file() => {
            let file = File::open(path)?;
            let size = file.metadata()?.len();
            Ok((file, size))
        }
        _ => Err(io::Error::new(
            ErrorKind::InvalidInput,
            "not a regular file",
        )),
    }
}

fn course_only(flags: &Flags, scene: &str) -> Result {
    let why = "the python wire knows only downloads; leave --wire out";
    match flags.wire {
        Wire::Course => Ok(()),
        Wire::Python => Err(ExitError::usage(scene, why)),
    }
}

fn shown(text: &OsStr) -> String {
    escaped_line(text.as_encoded_bytes())
}
