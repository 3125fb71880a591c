//! The command line of lesson 03: which scene, which options. What a scene does is in `scenes/`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{Flags, run_program};
use lesson03::scenes::commands::{self, RunScene, ShellFlag};
use lesson03::scenes::{datagrams, demo, drawn, full, interval, kernel, nagle, one_write};
use lesson03::scenes::{ping, played, shell, silence, two_ends};

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
    ReadServer(two_ends::ReadArgs),
    /// Write each message by itself
    Write(two_ends::WriteArgs),
    /// A command prompt without a network: status, output, errors, until `exit` or `bye`
    Shell(ShellFlag),
    /// Ping each address of a file
    Ping(ping::PingArgs),
    /// Run commands for clients of this machine, unframed as in the tutorials
    CommandServer(ShellFlag),
    /// Run a command on a command server, or each line of stdin
    Run(RunScene),
    /// The same over UDP: two datagrams for an answer
    UdpCommandServer(ShellFlag),
    /// Run a command on a UDP command server, or each line of stdin
    UdpRun(RunScene),
}

fn main() -> ExitCode {
    run_program(|Cli { mut flags, scene }| {
        flags.every_call = true; // how a stream falls into reads is the subject
        match scene {
            None => drawn(&flags, demo::demo),
            Some(Scene::Leftover) => drawn(&flags, demo::leftover),
            Some(Scene::Interval) => played(&flags, "interval", interval::interval),
            Some(Scene::Kernel) => played(&flags, "kernel", kernel::kernel),
            Some(Scene::OneWrite) => played(&flags, "one-write", one_write::one_write),
            Some(Scene::Nagle) => played(&flags, "nagle", nagle::nagle),
            Some(Scene::Full) => played(&flags, "full", full::full),
            Some(Scene::Silence) => silence::silence(&flags),
            Some(Scene::ReadServer(args)) => two_ends::read_server(&flags, &args),
            Some(Scene::Write(args)) => two_ends::write(&flags, &args),
            Some(Scene::Shell(shell)) => shell::shell(&flags, shell),
            Some(Scene::Ping(args)) => ping::ping(&flags, &args),
            Some(Scene::CommandServer(shell)) => commands::command_server(&flags, shell),
            Some(Scene::Run(scene)) => commands::run(&flags, &scene),
            Some(Scene::UdpCommandServer(shell)) => datagrams::udp_command_server(&flags, shell),
            Some(Scene::UdpRun(scene)) => datagrams::udp_run(&flags, &scene),
        }
    })
}
