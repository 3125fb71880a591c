//! The command line of lesson 05: which scene, which options. What a scene does is in `scenes/`.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{Flags, RunArgs, run_program};
use lesson05::scenes;

/// The JSON header: files and commands over TCP, after a header that says what follows.
///
/// Without a scene: the demo, both ends in one process.
#[derive(Parser)]
#[command(name = "lesson05", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    scene: Option<Scene>,
}

#[derive(Subcommand)]
enum Scene {
    /// Share a folder
    Server {
        /// The folder to share; without it, the lesson's sample folder
        #[arg(long)]
        dir: Option<PathBuf>,
        /// Accept uploads from other machines too (from this one they are always welcome)
        #[arg(long)]
        upload: bool,
    },
    /// Fetch files from a server
    Get {
        /// Their names over there
        #[arg(required = true)]
        names: Vec<OsString>,
        /// Where to store them; `-` writes their bytes to stdout
        #[arg(long, value_name = "DIR", default_value = ".")]
        to: PathBuf,
    },
    /// Send files to a server
    Put {
        /// Files of this machine
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Name the files of a server: size, tab, name
    List,
    /// Run commands for clients of this machine
    CommandServer {
        /// Allow any line, through the system's shell: whoever connects can do what you can
        #[arg(long)]
        shell: bool,
    },
    /// Run a command on a command server, or each line of stdin
    Run(RunArgs),
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        None => scenes::demo(&flags),
        Some(Scene::Server { dir, upload }) => scenes::server(&flags, dir, upload),
        Some(Scene::Get { names, to }) => scenes::get(&flags, &names, &to),
        Some(Scene::Put { files }) => scenes::put(&flags, &files),
        Some(Scene::List) => scenes::list(&flags),
        Some(Scene::CommandServer { shell }) => scenes::command_server(&flags, shell),
        Some(Scene::Run(args)) => scenes::run(&flags, &args),
    })
}
