//! The command line of lesson 01: which scene. What a scene does is in the file of its name.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{Flags, run_program};
use lesson01::scenes;

/// Raw TCP: two programs talk, and every way in which that ends.
///
/// Without a scene: the demo, both ends in one process.
#[derive(Parser)]
#[command(name = "lesson01", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    scene: Option<Scene>,
}

#[derive(Subcommand)]
enum Scene {
    /// Answer each client in upper case, one client after the other
    Server,
    /// Send lines to the server and show its answers; q quits
    Client,
    /// Answer one client's hello with hi, then end
    HelloServer,
    /// Say hello and show the answer
    Hello,
    /// Let a person answer: show what arrives, send what is typed
    TalkServer,
    /// Talk to the person at the other end
    Talk,
    /// Show every socket call: in Python, in Rust, and its value now
    Options,
    /// The same echo over AF_UNIX: the address is a file
    Unix,
    /// End connections in every way there is, and look at it from the other side
    Endings,
    /// Count the clients that can connect while nobody accepts
    Backlog,
    /// Fill the buffers: how much a write takes, and what happens to the rest
    ShortWrites,
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        None => scenes::demo(&flags),
        Some(Scene::Server) => scenes::server(&flags),
        Some(Scene::Client) => scenes::client(&flags),
        Some(Scene::HelloServer) => scenes::hello_server(&flags),
        Some(Scene::Hello) => scenes::hello(&flags),
        Some(Scene::TalkServer) => scenes::talk_server(&flags),
        Some(Scene::Talk) => scenes::talk(&flags),
        Some(Scene::Options) => scenes::options(&flags),
        Some(Scene::Unix) => scenes::unix(&flags),
        Some(Scene::Endings) => scenes::endings(&flags),
        Some(Scene::Backlog) => scenes::backlog(&flags),
        Some(Scene::ShortWrites) => scenes::short_writes(&flags),
    })
}
