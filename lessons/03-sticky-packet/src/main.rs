//! The command line of lesson 03: which scene, which options. What a scene does is in `scenes.rs`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use common::{Flags, run_program};
use lesson03::RunArgs;
use lesson03::scenes::{self, Patience, PingArgs, ReadArgs, WriteArgs};

/// The sticky packet: two writes become one read.
///
/// Without a scene: the demo, both ends in one process.
#[derive(Parser)]
#[command(name = "lesson03", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    scene: Option<Scene>,
}

#[derive(Subcommand)]
#[rustfmt::skip]
enum Scene {
    /// Read 2 bytes, read 3, read the rest: what stays behind is the next answer's beginning
    Leftover,
    /// Ten sends with pauses in between, and a reader who is late
    Interval,
    /// Count the segments that were really sent, and look into both queues
    Kernel,
    /// One large write, and the sizes of the reads
    OneWrite,
    /// What Nagle's algorithm and the delayed ACK cost
    Nagle,
    /// A reader that never reads: both buffers fill, and the writer stops
    Full,
    /// What happens when nothing is acknowledged
    Silence,
    /// Print what each read gives, for one client
    ReadServer(ReadArgs),
    /// Write each message by itself
    Write(WriteArgs),
    /// A command prompt without a network: status, output, errors, until `exit` or `bye`
    Shell {
        /// Allow any line, through the system's shell
        #[arg(long)] shell: bool,
    },
    /// Ping each address of a file
    Ping(PingArgs),
    /// Run commands for clients of this machine, unframed as in the tutorials
    CommandServer {
        /// Allow any line, through the system's shell: whoever connects can do what you can
        #[arg(long)] shell: bool,
    },
    /// Run a command on a command server, or each line of stdin
    Run { #[command(flatten)] args: RunArgs, #[command(flatten)] patience: Patience },
    /// The same over UDP: two datagrams for an answer
    UdpCommandServer {
        /// Allow any line, through the system's shell: whoever sends can do what you can
        #[arg(long)] shell: bool,
    },
    /// Run a command on a UDP command server, or each line of stdin
    UdpRun { #[command(flatten)] args: RunArgs, #[command(flatten)] patience: Patience },
}

fn main() -> ExitCode {
    // Where even this fails, a full quota ends the program, as it always did.
    let _ = runner::interrupt::survive_a_full_quota();
    run_program(|Cli { flags, scene }| match scene {
        None => scenes::demo(&flags),
        Some(Scene::Leftover) => scenes::leftover(&flags),
        Some(Scene::Interval) => scenes::interval(&flags),
        Some(Scene::Kernel) => scenes::kernel(&flags),
        Some(Scene::OneWrite) => scenes::one_write(&flags),
        Some(Scene::Nagle) => scenes::nagle(&flags),
        Some(Scene::Full) => scenes::full(&flags),
        Some(Scene::Silence) => scenes::silence(&flags),
        Some(Scene::ReadServer(args)) => scenes::read_server(&flags, &args),
        Some(Scene::Write(args)) => scenes::write(&flags, &args),
        Some(Scene::Shell { shell }) => scenes::shell(&flags, shell),
        Some(Scene::Ping(args)) => scenes::ping(&flags, &args),
        Some(Scene::CommandServer { shell }) => scenes::command_server(&flags, shell),
        Some(Scene::Run { args, patience }) => scenes::run(&flags, &args, patience),
        Some(Scene::UdpCommandServer { shell }) => scenes::udp_command_server(&flags, shell),
        Some(Scene::UdpRun { args, patience }) => scenes::udp_run(&flags, &args, patience),
    })
}
