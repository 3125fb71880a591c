//! `server`, `get`, `put`, `list`.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use common::{
    Fault, Flags, Output, PlainWriter, Wire, announce, bind, log, plain_line, serve_in_turn, why,
};
use lesson04::{DEFAULT, Timeouts, as_client, outputs, traced_server};

use super::layout;
use crate::file_client::{FileClient, Transfer};
use crate::file_name::FileName;
use crate::file_server::FileServer;
use crate::folder::Folder;
use crate::progress::Progress;
use crate::python_files::{PythonFileClient, serve_python};
use crate::sample::sample_folder;

/// What to try when nobody listens.
const START: &str = "cargo run -p lesson05 -- server";

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
pub fn server(flags: &Flags, args: &ServerArgs) -> Result<(), Fault> {
    let dir = args.dir.clone().unwrap_or_else(sample_folder);
    let folder = open_folder(&dir, "make it first, or choose another with --dir")?;
    let listener = bind(&flags.addr_or(DEFAULT)?)?;
    let addr = listener
        .local_addr()
        .map_err(|error| Fault::io("listener", &error))?;
    let uploads = args.upload || addr.ip().to_canonical().is_loopback();
    let server = FileServer {
        folder,
        uploads,
        idle: flags.idle,
    };
    let outputs = outputs(flags);
    announce(addr);
    serve_in_turn(&listener, |stream, peer| {
        let mut say = |line: String| log(format_args!("{peer}: {line}"));
        traced_server(&outputs, layout(flags.wire), stream, |tap| {
            match flags.wire {
                Wire::Course => server.serve(tap, &mut say),
                Wire::Python => serve_python(&server, tap, &mut say),
            }
        })
    })
}

/// Fetches files, each under its own name, or all to stdout.
///
/// # Errors
/// A file is missing (the others still come), or the connection failed.
pub fn get(flags: &Flags, names: &[OsString], to: &Path) -> Result<(), Fault> {
    let folder = match to.as_os_str() == "-" {
        true => None,
        false => Some(open_folder(
            to,
            "make it first, or choose another with --to",
        )?),
    };
    as_client(flags, layout(flags.wire), START, |_, tap| {
        let mut client = match flags.wire {
            Wire::Course => Getter::Course(FileClient::new(tap, flags.idle)),
            Wire::Python => Getter::Python(PythonFileClient::new(tap, flags.idle)),
        };
        each(names, |name| match (&folder, name.to_str()) {
            (_, None) => Ok(Err(Fault::failed(
                shown(name),
                "not UTF-8, no server has it",
            ))),
            (Some(folder), Some(name)) => save(&mut client, folder, to, name),
            (None, Some(name)) => print(&mut client, name),
        })
    })
}

/// Sends files.
///
/// # Errors
/// A file cannot be read or is refused (the others still go), or the connection failed.
pub fn put(flags: &Flags, files: &[PathBuf]) -> Result<(), Fault> {
    course_only(flags, "put")?;
    as_client(flags, layout(flags.wire), START, |_, tap| {
        let mut client = FileClient::new(tap, flags.idle);
        each(files, |path| {
            let what = shown(path.as_os_str());
            let Some(name) = path.file_name().and_then(OsStr::to_str) else {
                return Ok(Err(Fault::failed(what, "not a file name in UTF-8")));
            };
            let (mut file, size) = match open_regular(path) {
                Ok(opened) => opened,
                Err(error) => return Ok(Err(Fault::io(what, &error))),
            };
            let bar = Progress::new(name);
            let result = client.put(name, &mut file, size, &mut |done, size| bar.at(done, size));
            drop(bar);
            match result {
                Ok(Ok(Transfer { size, md5 })) => {
                    log(format_args!(
                        "sent {}: {size} bytes, md5 {md5}",
                        plain_line(name.as_bytes())
                    ));
                    Ok(Ok(()))
                }
                Ok(Err(refusal)) => Ok(Err(Fault::failed(what, refusal))),
                Err(error) => Err(Fault::io(what, &error)),
            }
        })
    })
}

/// Prints size, tab, name of each file.
///
/// # Errors
/// The connection failed, or the server has no list.
pub fn list(flags: &Flags) -> Result<(), Fault> {
    course_only(flags, "list")?;
    as_client(flags, layout(flags.wire), START, |address, tap| {
        let mut out = Output::default();
        let mut closed = None;
        let result = FileClient::new(tap, flags.idle).list(&mut |name, size| {
            out.raw(format!("{size}\t{}\n", plain_line(name.as_bytes())).as_bytes())
                .map_err(|fault| {
                    closed = Some(fault);
                    io::Error::from(ErrorKind::BrokenPipe)
                })
        });
        match (closed, result) {
            (Some(fault), _) => Err(fault),
            (None, Ok(Ok(()))) => Ok(()),
            (None, Ok(Err(refusal))) => Err(Fault::failed("list", refusal)),
            (None, Err(error)) => Err(Fault::io(address, &error)),
        }
    })
}

/// Does `part` for each item. The inner error is that item's and the next one follows; the outer one ends the work, and
/// what was left undone is named.
fn each<I: AsRef<OsStr>>(
    items: &[I],
    mut part: impl FnMut(&I) -> Result<Result<(), Fault>, Fault>,
) -> Result<(), Fault> {
    let mut result = Ok(());
    let mut items = items.iter();
    while let Some(item) = items.next() {
        match part(item) {
            Ok(Ok(())) => {}
            Ok(Err(fault)) => result = Err(fault.report()),
            Err(fault @ Fault::StdoutClosed) => return Err(fault),
            Err(fault) => {
                result = Err(fault.report());
                for left in items.by_ref() {
                    let _ =
                        Fault::failed(shown(left.as_ref()), "not tried, the connection is over")
                            .report();
                }
            }
        }
    }
    result
}

/// Fetches one file into `folder`. Until its digest is right it has a name that nobody serves.
fn save<S: Read + Write + Timeouts>(
    client: &mut Getter<S>,
    folder: &Folder,
    to: &Path,
    name: &str,
) -> Result<Result<(), Fault>, Fault> {
    // What cannot be stored here is asked for all the same, and thrown away: the server's answer is the better error.
    let incoming = FileName::parse(name).and_then(|file_name| folder.receive(&file_name));
    let (mut incoming, unusable) = match incoming {
        Ok(incoming) => (Some(incoming), None),
        Err(error) => (None, Some(error)),
    };
    let transfer = match (&mut incoming, unusable) {
        (Some(incoming), _) => client.get(name, incoming, &Progress::new(name))?,
        (None, error) => match client.get(name, &mut io::sink(), &Progress::new(name))? {
            Ok(_) => {
                return Ok(Err(Fault::failed(
                    name,
                    error.map_or_else(String::new, |error| why(&error)),
                )));
            }
            refused => refused,
        },
    };
    let Transfer { size, md5 } = match transfer {
        Ok(transfer) => transfer,
        Err(refusal) => return Ok(Err(Fault::failed(name, refusal))),
    };
    if let Some(Err(error)) = incoming.map(|incoming| incoming.commit()) {
        return Ok(Err(Fault::io(name, &error)));
    }
    let place = if to == Path::new(".") {
        name.to_owned()
    } else {
        to.join(name).display().to_string()
    };
    log(format_args!(
        "saved {}: {size} bytes, md5 {md5}",
        plain_line(place.as_bytes())
    ));
    Ok(Ok(()))
}

/// Fetches one file to stdout: its exact bytes into a pipe, harmless text onto a terminal.
fn print<S: Read + Write + Timeouts>(
    client: &mut Getter<S>,
    name: &str,
) -> Result<Result<(), Fault>, Fault> {
    let mut sink = StdoutSink {
        out: Output::default(),
        closed: None,
    };
    let result = if sink.out.is_terminal() {
        // No bar: drawing it anew wipes its line, and with it what the file has written there.
        let mut plain = PlainWriter::new(&mut sink);
        let result = client.get(name, &mut plain, &Progress::hidden());
        let _ = plain.finish();
        result
    } else {
        client.get(name, &mut sink, &Progress::new(name))
    };
    if let Some(fault) = sink.closed {
        return Err(fault);
    }
    match result? {
        Ok(Transfer { size, md5 }) => {
            log(format_args!(
                "received {}: {size} bytes, md5 {md5}",
                plain_line(name.as_bytes())
            ));
            Ok(Ok(()))
        }
        Err(refusal) => Ok(Err(Fault::failed(name, refusal))),
    }
}

/// stdout as a place for a file; remembers when nobody reads it any more.
struct StdoutSink {
    out: Output,
    closed: Option<Fault>,
}

impl Write for StdoutSink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.out.raw(bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(fault) => {
                self.closed = Some(fault);
                Err(ErrorKind::BrokenPipe.into())
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A client of either wire: for `get` they look alike.
enum Getter<S> {
    Course(FileClient<S>),
    Python(PythonFileClient<S>),
}

impl<S: Read + Write + Timeouts> Getter<S> {
    fn get(
        &mut self,
        name: &str,
        sink: &mut dyn Write,
        bar: &Progress,
    ) -> Result<Result<Transfer, String>, Fault> {
        let mut progress = |done, size| bar.at(done, size);
        match self {
            Self::Course(client) => client
                .get(name, sink, &mut progress)
                .map(|got| got.map_err(with_next_step)),
            Self::Python(client) => client.get(name, sink, &mut progress),
        }
        .map_err(|error| Fault::io(name, &error))
    }
}

/// What to try after a refusal, where there is something.
fn with_next_step(refusal: String) -> String {
    match refusal.as_str() {
        "no such file" => format!("{refusal}: `list` names what is there"),
        _ => refusal,
    }
}

fn open_folder(dir: &Path, hint: &str) -> Result<Folder, Fault> {
    Folder::open(dir)
        .map_err(|error| Fault::failed(shown(dir.as_os_str()), format!("{}: {hint}", why(&error))))
}

/// A file of this machine, chosen by the one who types: links are followed, but a pipe or a folder has no size to send.
fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    // Looked at before it is opened as well: opening a named pipe would wait for somebody to write into it.
    if !path.metadata()?.is_file() {
        return Err(io::Error::new(
            ErrorKind::InvalidInput,
            "not a regular file",
        ));
    }
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    Ok((file, size))
}

fn course_only(flags: &Flags, scene: &str) -> Result<(), Fault> {
    match flags.wire {
        Wire::Course => Ok(()),
        Wire::Python => Err(Fault::Usage(format!(
            "{scene}: the Python wire knows only downloads; leave --wire out"
        ))),
    }
}

fn shown(text: &OsStr) -> String {
    plain_line(text.as_encoded_bytes())
}
