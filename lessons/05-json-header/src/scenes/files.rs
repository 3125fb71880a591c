//! `server`, `get`, `put`, `list`.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::{DEFAULT_ADDR, client, failed, layout, told};
use crate::{
    FileClient, FileName, FileServer, Folder, Incoming, JsonStream, NotDone, PythonFileClient,
    Stream, Transfer, serve_python,
};
use cli::{
    ExitError, FailedAt, Flags, Output, Result, ToStdout, Wire, escaped_line, log, progress, why,
};

/// What came of one file.
type Done<T = ()> = std::result::Result<T, NotDone>;

/// Shares a folder, one client after the other, for ever.
///
/// # Errors
/// The folder or the address cannot be used.
pub fn server(flags: &Flags, dir: Option<PathBuf>, upload: bool) -> Result {
    let folder = open_folder(&dir.unwrap_or_else(sample_folder), "--dir")?;
    let listener = cli::listen(flags.addr_or(DEFAULT_ADDR)?.to_bind()?)?;
    let addr = listener.local_addr().failed_at("listener")?;
    let server = FileServer {
        folder,
        uploads: upload || addr.ip().to_canonical().is_loopback(),
        idle: flags.idle,
    };
    let layout = Some(layout(flags.wire));
    cli::serve(&listener, flags, layout, |stream, peer| {
        stream.set_nodelay(true)?; // as in `client`
        match flags.wire {
            Wire::Course => server.serve(stream, &mut told(peer)),
            Wire::Python => serve_python(&server, stream, &mut told(peer)),
        }
    })
}

/// The sample folder, beside the source this program was built from.
pub fn sample_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("share")
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
        let mut course = FileClient(JsonStream::course(stream, flags.idle));
        let mut python = PythonFileClient(JsonStream::python(stream, flags.idle));
        let mut fetch = |name: &str, sink: &mut dyn Write, bar: Bar<'_>| match flags.wire {
            Wire::Course => course.get(name, sink, bar).map_err(with_next_step),
            Wire::Python => python.get(name, sink, bar),
        };
        each(names, |name| match (&folder, name.to_str()) {
            (_, None) => Ok(Err(NotDone::refused("not UTF-8, no server has it"))),
            (Some(folder), Some(name)) => Ok(save(&mut fetch, folder, to, name)),
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
        let mut server = FileClient(JsonStream::course(stream, flags.idle));
        each(files, |path| Ok(send(&mut server, path)))
    })
}

/// Prints size, tab, name of each file.
///
/// # Errors
/// The connection failed, or the server has no list.
pub fn list(flags: &Flags) -> Result {
    course_only(flags, "list")?;
    client(flags, "server", |stream, address| {
        let mut server = FileClient(JsonStream::course(stream, flags.idle));
        let mut stdout = ToStdout::default();
        let listed = server.list(&mut |name, size| {
            let name = escaped_line(name.as_bytes());
            stdout.write_all(format!("{size}\t{name}\n").as_bytes())
        });
        stdout.end()?;
        listed.map_err(|error| failed(address, error))
    })
}

/// Does `part` for each item. What was refused is reported and the next one follows; when the connection is over, what was
/// left undone is named. The outer error is that of our own stdout, and ends it all.
fn each<I: AsRef<OsStr>>(items: &[I], mut part: impl FnMut(&I) -> Result<Done>) -> Result {
    let (mut result, mut over) = (Ok(()), false);
    for item in items {
        let what = shown(item.as_ref());
        if over {
            let _ = ExitError::failed(what, "not tried, the connection is over").report();
        } else if let Err(error) = part(item)? {
            over = matches!(error, NotDone::Connection(_));
            result = Err(failed(what, error).report());
        }
    }
    result
}

/// Asks for a file and writes its bytes to the sink, with a bar.
type Fetch<'a> = dyn FnMut(&str, &mut dyn Write, Bar<'_>) -> Done<Transfer> + 'a;

/// Hears the bytes done and in all.
type Bar<'a> = &'a mut dyn FnMut(u64, u64);

/// Fetches one file into `folder`. Until its digest is right it has a name that nobody serves.
fn save(fetch: &mut Fetch<'_>, folder: &Folder, to: &Path, name: &str) -> Done {
    let mut incoming = FileName::parse(name).and_then(|name| folder.receive(&name));
    let sink: &mut dyn Write = match &mut incoming {
        Ok(incoming) => incoming,
        // It is asked for all the same, and thrown away: the server's answer is the better error.
        Err(_) => &mut io::sink(),
    };
    let done = fetch(name, sink, &mut progress(name, false))?;
    incoming.and_then(Incoming::commit).map_err(here)?;
    let place = match to == Path::new(".") {
        true => PathBuf::from(name),
        false => to.join(name),
    };
    report("saved", &place.display().to_string(), &done);
    Ok(())
}

/// Fetches one file to stdout.
fn print(fetch: &mut Fetch<'_>, name: &str) -> Result<Done> {
    let mut stdout = ToStdout::default();
    // On a terminal no bar: drawing it anew wipes its line, and with it what the file has written there.
    let mut bar = progress(name, Output.is_terminal());
    let fetched = fetch(name, &mut stdout, &mut bar);
    drop(bar);
    stdout.end()?;
    Ok(fetched.map(|done| report("received", name, &done)))
}

fn send(server: &mut FileClient<impl Stream>, path: &Path) -> Done {
    let (mut file, size) = open_regular(path).map_err(here)?;
    let name = path.file_name().and_then(OsStr::to_str);
    let name = name.ok_or_else(|| NotDone::refused("not a file name in UTF-8"))?;
    let mut bar = progress(name, false);
    let done = server.put(name, &mut file, size, &mut bar)?;
    drop(bar);
    report("sent", name, &done);
    Ok(())
}

/// Refused by our own system.
fn here(error: io::Error) -> NotDone {
    NotDone::refused(why(&error))
}

fn report(done: &str, name: &str, Transfer { size, md5 }: &Transfer) {
    let name = escaped_line(name.as_bytes());
    log(format_args!("{done} {name}: {size} bytes, md5 {md5}"));
}

/// What to try after a refusal, where there is something.
fn with_next_step(mut error: NotDone) -> NotDone {
    if let NotDone::Refused(refusal) = &mut error
        && refusal.error == "no such file"
    {
        refusal.error += ": `list` names what is there";
    }
    error
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
    // Looked at before it is opened: opening a named pipe would wait for somebody to write into it.
    match path.metadata()? {
        file if file.is_file() => Ok((File::open(path)?, file.len())),
        folder if folder.is_dir() => Err(ErrorKind::IsADirectory.into()),
        _ => Err(io::Error::other("not a regular file")),
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
