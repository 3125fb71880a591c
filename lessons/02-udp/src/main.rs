//! The command line of lesson 02: which scene, which options. What a scene does is in `scenes.rs`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use common::{Flags, run_program};
use lesson02::scenes;

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
    Client(scenes::Patience),
    /// Answer one datagram with `hi`
    HelloServer,
    /// Send `hello`, print the answer
    Hello(scenes::Patience),
    /// Show what people write; answer with the lines you type
    ChatServer,
    /// Write to people by name; `q` leaves one, the next line names the next
    Chat(scenes::Contacts),
    /// Answer every datagram with the time, in the format that it holds
    TimeServer,
    /// Ask for the time
    Time(scenes::Format),
    /// Hear what is sent to everybody
    BroadcastListen(scenes::Join),
    /// Send to everybody, and to the multicast group 239.255.2.2
    Broadcast(scenes::Message),
    /// Measure what UDP does not do
    Limits,
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        None => scenes::demo(&flags),
        Some(Scene::Server) => scenes::server(&flags),
        Some(Scene::Client(patience)) => scenes::client(&flags, patience),
        Some(Scene::HelloServer) => scenes::hello_server(&flags),
        Some(Scene::Hello(patience)) => scenes::hello(&flags, patience),
        Some(Scene::ChatServer) => scenes::chat_server(&flags),
        Some(Scene::Chat(contacts)) => scenes::chat(&flags, &contacts),
        Some(Scene::TimeServer) => scenes::time_server(&flags),
        Some(Scene::Time(format)) => scenes::time(&flags, &format),
        Some(Scene::BroadcastListen(join)) => scenes::broadcast_listen(&flags, &join),
        Some(Scene::Broadcast(message)) => scenes::broadcast(&flags, message),
        Some(Scene::Limits) => scenes::limits(&flags),
    })
}
