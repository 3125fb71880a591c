//! `server`: a folder over HTTP, for browsers, curl and whoever comes.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use cli::{ExitError, Flags, Result, escaped_line, log, parse_whole, shortened, why};
use lesson05::Folder;
use lesson05::scenes::sample_folder;
use lesson06::scenes::{ManyArgs, serve_requests};

use super::layout::layout;
use crate::promises::lingering_close::lingering_close;
use crate::promises::path::Root;
use crate::server::{Answered, Server};
use crate::services::{Site, Uploads};

/// Where it listens if nothing else is said.
const ADDRESS: &str = "127.0.0.1:8080";

/// A thread's stack. To make its tables, gzip needs 256 to 384 KiB of it when it was compiled for debugging.
const STACK: usize = 512 * 1024;

/// Options of `server`.
#[derive(Debug, clap::Args)]
pub struct ServerArgs {
    /// The folder to serve; without it, lesson 05's sample folder
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Store files too: PUT /NAME, and a page with a form at /upload
    #[arg(long, requires = "root")]
    upload: bool,
    /// The longest body of a request [default: 8388608]
    #[arg(long, value_name = "BYTES", value_parser = parse_whole::<u64>, allow_negative_numbers = true)]
    max_body: Option<u64>,
    /// The port on 127.0.0.1 (another address: --addr)
    #[arg(long, value_name = "N", value_parser = parse_whole::<u16>, allow_negative_numbers = true, conflicts_with = "addr")]
    port: Option<u16>,
    #[command(flatten)]
    many: ManyArgs,
}

/// Serves a folder.
///
/// # Errors
/// The folder or the address cannot be used.
pub fn server(flags: &Flags, args: &ServerArgs) -> Result {
    let root = args.root.clone().unwrap_or_else(sample_folder);
    let opened = |error| {
        let why = format!("{}: name a folder with --root", why(&error));
        ExitError::failed(root.display(), why)
    };
    let addr = match args.port {
        Some(port) => SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
        None => flags.addr_or(ADDRESS)?.to_bind()?,
    };
    let folder = args.upload.then(|| Folder::open(&root).map_err(opened));
    let uploads = folder.transpose()?.map(|folder| Uploads {
        folder,
        on_loopback: addr.ip().to_canonical().is_loopback(),
    });
    let root = Root::open(&root).map_err(opened)?;
    let mut server = Server::new(Site { root, uploads });
    server.idle = flags.idle;
    server.limits.body = args.max_body.unwrap_or(server.limits.body);
    let many = &args.many;
    serve_requests(flags, addr, many, STACK, layout, |stream, socket, peer| {
        let end = server.serve(stream, &mut |answered| log_answered(peer, answered));
        lingering_close(socket, &end);
        if let Err(error) = end {
            let why = escaped_line(why(&error).as_bytes());
            log(format_args!("{peer}: {why}"));
        }
        Ok(()) // it is closed, and the log has it
    })
}

/// One line for each request: who, what, the answer, how much of it, how long it took. What came from the peer is escaped.
fn log_answered(peer: SocketAddr, answered: &Answered<'_>) {
    let what = match answered.request {
        Some(request) => {
            let target = shortened(request.target.as_bytes());
            format!("{} {target}", shortened(request.method.as_bytes()))
        }
        None => "a request".to_owned(),
    };
    let (status, bytes) = (answered.status, answered.bytes);
    let milliseconds = answered.time.as_secs_f64() * 1000.0;
    let why = match answered.error {
        Some(error) => format!(": {}", escaped_line(why(error).as_bytes())),
        None => String::new(),
    };
    log(format_args!(
        "{peer}: {what} {status} {bytes} bytes {milliseconds:.1} ms{why}"
    ));
}
