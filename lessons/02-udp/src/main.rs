//! The command line of lesson 02: which scene, which options. What a scene does is in `scenes/`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{Flags, run_program};
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
    Client(clients::Timeout),
    /// Answer one datagram with `hi`
    HelloServer,
    /// Send `hello`, print the answer
    Hello(clients::Timeout),
    /// Show what people write; answer with the lines you type
    ChatServer,
    /// Write to people by name; `q` leaves one, the next line names the next
    Chat(chat::Contacts),
    /// Answer every datagram with the time, in the format that it holds
    TimeServer,
    /// Ask for the time
    Time(clients::Format),
    /// Hear what is sent to everybody
    BroadcastListen(servers::Join),
    /// Send to everybody, and to the multicast group 239.255.2.2
    Broadcast(broadcast::Message),
    /// Measure what UDP does not do
    Limits,
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        None => demo::scene(&flags),
        Some(Scene::Server) => servers::server(&flags),
        Some(Scene::Client(timeout)) => clients::client(&flags, timeout),
        Some(Scene::HelloServer) => servers::hello_server(&flags),
        Some(Scene::Hello(timeout)) => clients::hello(&flags, timeout),
        Some(Scene::ChatServer) => servers::chat_server(&flags),
        Some(Scene::Chat(contacts)) => chat::chat(&flags, &contacts),
        Some(Scene::TimeServer) => servers::time_server(&flags),
        Some(Scene::Time(format)) => clients::time(&flags, &format),
        Some(Scene::BroadcastListen(join)) => servers::broadcast_listen(&flags, &join),
        Some(Scene::Broadcast(message)) => broadcast::broadcast(&flags, &message),
        Some(Scene::Limits) => limits::limits(&flags),
    })
}
