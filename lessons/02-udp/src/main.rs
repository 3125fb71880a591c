//! The command line of lesson 02: which scene, which options. What a scene does is in `scenes/`.
#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use cli::{Flags, parse_seconds, run_program};
use lesson02::scenes::address_book::Contact;
use lesson02::scenes::{broadcast, chat, clients, demo, limits, servers};

/// UDP: datagrams that keep their edges and promise nothing else.
///
/// Without a scene: the demo, both ends in one process.
#[derive(Parser)]
#[command(name = "lesson02", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    scene: Option<Scene>,
}

#[derive(Subcommand)]
enum Scene {
    /// Answer every datagram in capital letters
    Server,
    /// Send each line, print each answer; a blank line is an empty datagram, `q` quits
    Client(Timeout),
    /// Answer one datagram with `hi`
    HelloServer,
    /// Send `hello`, print the answer
    Hello(Timeout),
    /// Show what people write; answer with the lines you type
    ChatServer,
    /// Write to people by name; `q` leaves one, the next line names the next
    Chat {
        /// Add somebody to the address book, or move somebody
        #[arg(long = "contact", value_name = "NAME=HOST:PORT")]
        contacts: Vec<Contact>,
    },
    /// Answer every datagram with the time, in the format that it holds
    TimeServer,
    /// Ask for the time
    Time {
        /// A strftime format; without it, one format a line from stdin
        format: Option<OsString>,
        #[command(flatten)]
        timeout: Timeout,
    },
    /// Hear what is sent to everybody
    BroadcastListen {
        /// Join the multicast group 239.255.2.2 too
        #[arg(long)]
        join: bool,
    },
    /// Send to everybody, and to the multicast group 239.255.2.2
    Broadcast {
        /// What to send; without it, one message a line from stdin
        message: Option<OsString>,
    },
    /// Measure what UDP does not do
    Limits,
}

#[derive(clap::Args)]
struct Timeout {
    /// Seconds to wait for an answer
    #[arg(long, value_name = "SECS", value_parser = parse_seconds, default_value = "2", allow_negative_numbers = true)]
    timeout: Duration,
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        None => demo::scene(&flags),
        Some(Scene::Server) => servers::server(&flags),
        Some(Scene::Client(wait)) => clients::client(&flags, wait.timeout),
        Some(Scene::HelloServer) => servers::hello_server(&flags),
        Some(Scene::Hello(wait)) => clients::hello(&flags, wait.timeout),
        Some(Scene::ChatServer) => servers::chat_server(&flags),
        Some(Scene::Chat { contacts }) => chat::chat(&flags, &contacts),
        Some(Scene::TimeServer) => servers::time_server(&flags),
        Some(Scene::Time { format, timeout }) => clients::time(&flags, format, timeout.timeout),
        Some(Scene::BroadcastListen { join }) => servers::broadcast_listen(&flags, join),
        Some(Scene::Broadcast { message }) => broadcast::broadcast(&flags, message),
        Some(Scene::Limits) => limits::limits(&flags),
    })
}
