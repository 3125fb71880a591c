//! The command line of lesson 06: which scene, which options. What a scene does is in `scenes/`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{Flags, RunArgs, run_program};
use lesson06::scenes;

/// socketserver: one handler, many clients; threads, limits, and a server that stops when asked.
///
/// Without a scene: the demo, three clients at once against two servers.
#[derive(Parser)]
#[command(name = "lesson06", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    scene: Option<Scene>,
}

#[derive(Subcommand)]
enum Scene {
    /// Answer each message with a sentence around it
    Server(scenes::ServerArgs),
    /// Send each line of stdin, print each answer
    Client,
    /// Send one message again and again; connect anew when the connection is lost
    Reconnect(scenes::ReconnectArgs),
    /// Run commands for clients of this machine, many at once
    CommandServer(scenes::CommandArgs),
    /// Run a command on a command server, or each line of stdin
    Run(RunArgs),
    /// Share a folder with many clients at once (get, put and list are lesson 05's)
    FileServer(scenes::FileArgs),
    /// Answer each datagram with a sentence around it
    UdpServer,
    /// Send each line of stdin as a datagram, print each answer
    UdpClient(scenes::UdpClientArgs),
    /// Open a thousand silent connections and show what they cost
    Idle(scenes::IdleArgs),
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        None => scenes::demo(&flags),
        Some(Scene::Server(args)) => scenes::server(&flags, &args),
        Some(Scene::Client) => scenes::client(&flags),
        Some(Scene::Reconnect(args)) => scenes::reconnect(&flags, &args),
        Some(Scene::CommandServer(args)) => scenes::command_server(&flags, &args),
        Some(Scene::Run(args)) => scenes::run(&flags, &args),
        Some(Scene::FileServer(args)) => scenes::file_server(&flags, &args),
        Some(Scene::UdpServer) => scenes::udp_server(&flags),
        Some(Scene::UdpClient(args)) => scenes::udp_client(&flags, &args),
        Some(Scene::Idle(args)) => scenes::idle(&flags, &args),
    })
}
