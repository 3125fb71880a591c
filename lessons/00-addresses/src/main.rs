//! Addresses and layers: the command line.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::Parser;
use cli::{ExitError, pause_between_blocks, run_program};
use lesson00::scenes::{Scene, about_addresses, play};

/// What an address says: three bases, its network, its purpose. Without arguments: a worked example.
#[derive(Parser)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    scene: Option<Scene>,
    /// An address, with its prefix if you know it: 192.168.1.20/24, 2001:db8::20/64, 10.0.0.1/255.0.0.0
    address: Option<String>,
    /// A second address: are the two in the same network?
    other: Option<String>,
    /// Stop after each block of the worked example until you press Enter.
    #[arg(long)]
    pause: bool,
}

fn main() -> ExitCode {
    run_program(|cli: Cli| {
        let text = match (&cli.scene, &cli.address) {
            (Some(scene), _) => play(scene)?,
            (None, Some(address)) => about_addresses(address, cli.other.as_deref())?,
            (None, None) => lesson00::demo().map_err(ExitError::Failed)?,
        };
        pause_between_blocks(&text, cli.pause)
    })
}
