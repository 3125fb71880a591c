//! The command line of lesson 07: which scene, which options. What a scene does is in `scenes/`.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cli::{ExitError, Flags, Wire, run_program};
use lesson07::scenes;

/// HTTP, from the bytes up: a parser, a server for files and uploads, a client.
///
/// Without a scene: the demo, a request taken apart, then three over one connection.
#[derive(Parser)]
#[command(name = "lesson07", version)]
// Silence on a connection. Elsewhere it is 300; a connection of HTTP is made anew in no time.
#[command(mut_arg("idle", |idle| idle.default_value("5")))]
#[command(mut_arg("wire", |wire| wire.hide(true)))]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    scene: Option<Scene>,
}

#[derive(Subcommand)]
enum Scene {
    /// Serve a folder over HTTP
    Server(scenes::ServerArgs),
    /// Print what a URL leads to
    Get(scenes::UrlArgs),
    /// Print the head of an answer
    Head(scenes::UrlArgs),
    /// Send a file, print the answer
    Post(scenes::PostArgs),
    /// Store what a URL leads to
    Download(scenes::DownloadArgs),
    /// Take the bytes of stdin apart
    Parse(scenes::ParseArgs),
}

fn main() -> ExitCode {
    run_program(|Cli { flags, scene }| match scene {
        _ if flags.wire != Wire::Course => Err(ExitError::usage("--wire", "HTTP is one wire")),
        None => scenes::demo(&flags),
        Some(Scene::Server(args)) => scenes::server(&flags, &args),
        Some(Scene::Get(args)) => scenes::get(&flags, &args),
        Some(Scene::Head(args)) => scenes::head(&flags, &args),
        Some(Scene::Post(args)) => scenes::post(&flags, &args),
        Some(Scene::Download(args)) => scenes::download(&flags, &args),
        Some(Scene::Parse(args)) => scenes::parse(&flags, &args),
    })
}
