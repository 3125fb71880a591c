//! The command line of lesson 04: which scene, which options. What a scene does is in `scenes/`.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{Flags, RunArgs, parse_whole, run_program};
use lesson04::scenes::{self, FramingChoice, PackArgs, UnpackArgs, command_framing};

/// The fixed header, and three other ways to say where a message ends.
///
/// Without a scene: the demo, both ends in one process.
#[derive(Parser)]
#[command(name = "lesson04", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    scene: Option<Scene>,
}

#[derive(Subcommand)]
#[rustfmt::skip]
enum Scene {
    /// Answer each message in upper case
    Server { #[arg(long, value_enum, default_value = "header")] framing: FramingChoice },
    /// Send each line as one message and show the answers
    Client { #[arg(long, value_enum, default_value = "header")] framing: FramingChoice },
    /// Run commands for clients of this machine
    CommandServer {
        #[arg(long, default_value = "header", value_parser = command_framing())] framing: FramingChoice,
        /// Allow any line, through the system's shell: whoever connects can do what you can
        #[arg(long)] shell: bool,
    },
    /// Run a command on a command server, or each line of stdin
    Run {
        #[arg(long, default_value = "header", value_parser = command_framing())] framing: FramingChoice,
        #[command(flatten)] args: RunArgs,
    },
    /// Count the messages that flood in
    FloodServer,
    /// Send messages as fast as they go
    Flood {
        /// How many; without it, for ever
        #[arg(long, value_name = "N", value_parser = parse_whole::<u64>, allow_negative_numbers = true)] count: Option<u64>,
    },
    /// Values to bytes, as Python's struct.pack does it
    Pack(PackArgs),
    /// Bytes to values, as Python's struct.unpack does it
    Unpack(UnpackArgs),
    /// One message under every framing, byte for byte
    Framings { #[arg(default_value = "hello")] message: OsString },
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        None => scenes::run_demo(&flags),
        Some(Scene::Server { framing }) => scenes::server(&flags, framing),
        Some(Scene::Client { framing }) => scenes::client(&flags, framing),
        Some(Scene::CommandServer { framing, shell }) => {
            scenes::command_server(&flags, framing, shell)
        }
        Some(Scene::Run { framing, args }) => {
            let start = "cargo run -p lesson04 -- command-server";
            scenes::run(&flags, framing, &args, start)
        }
        Some(Scene::FloodServer) => scenes::flood_server(&flags),
        Some(Scene::Flood { count }) => scenes::flood(&flags, count),
        Some(Scene::Pack(args)) => scenes::pack(&flags, &args),
        Some(Scene::Unpack(args)) => scenes::unpack(&flags, &args),
        Some(Scene::Framings { message }) => scenes::framings(&flags, message.as_encoded_bytes()),
    })
}
