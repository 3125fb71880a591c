//! `file-server`: lesson 05's file handler, unchanged, on threads.

use std::path::PathBuf;

use cli::{ExitError, Flags, Result, Wire, escaped_line, log, shortened, why};
use lesson05::scenes::{layout, sample_folder};
use lesson05::{FileServer, Folder, serve_python};

use super::ADDRESS;
use super::served::{ManyArgs, Model, serve};

/// Options of `file-server`.
#[derive(Debug, clap::Args)]
pub struct FileArgs {
    /// The folder to share; without it, lesson 05's sample folder
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Accept uploads from other machines too (from this one they are always welcome)
    #[arg(long)]
    upload: bool,
    #[command(flatten)]
    many: ManyArgs,
}

/// Shares a folder.
///
/// # Errors
/// The folder or the address cannot be used.
pub fn file_server(flags: &Flags, args: &FileArgs) -> Result {
    let dir = args.dir.clone().unwrap_or_else(sample_folder);
    let folder = Folder::open(&dir).map_err(|error| {
        let why = why(&error);
        let hint = format!("{why}: make it first, or choose another with --dir");
        ExitError::failed(escaped_line(dir.as_os_str().as_encoded_bytes()), hint)
    })?;
    let addr = flags.addr_or(ADDRESS)?.to_bind()?;
    let server = FileServer {
        folder,
        uploads: args.upload || addr.ip().to_canonical().is_loopback(),
        idle: flags.idle,
    };
    let (many, layout) = (&args.many, Some(layout(flags.wire)));
    serve(
        flags,
        addr,
        Model::Threads,
        many,
        layout,
        |stream, _, peer| {
            let mut told = |what: &str, result: &str| {
                let (what, result) = (shortened(what.as_bytes()), shortened(result.as_bytes()));
                log(format_args!("{peer}: {what}: {result}"));
            };
            match flags.wire {
                Wire::Course => server.serve(stream, &mut told),
                Wire::Python => serve_python(&server, stream, &mut told),
            }
        },
    )
}
