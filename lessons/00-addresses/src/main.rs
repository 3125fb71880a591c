//! Addresses and layers: the command line.
#![forbid(unsafe_code)]

use std::io;
use std::process::ExitCode;

use clap::Parser;
use common::{Fault, pause_between_blocks, run_program};
use lesson00::{Place, demo, report, same_network};

/// What an address says: three bases, its network, its purpose. Without arguments: a worked example.
#[derive(Parser)]
struct Cli {
    /// An address, with its prefix if you know it: 192.168.1.20/24, 2001:db8::20/64, 10.0.0.1/255.0.0.0
    address: Option<String>,
    /// A second address: are the two in the same network?
    other: Option<String>,
    /// Stop behind each block of the worked example until you press Enter.
    #[arg(long)]
    pause: bool,
}

fn main() -> ExitCode {
    run_program(|cli: Cli| {
        let mut text = Vec::new();
        answer(&cli, &mut text)?;
        pause_between_blocks(&String::from_utf8_lossy(&text), cli.pause && cli.address.is_none())
    })
}

fn answer(cli: &Cli, out: &mut Vec<u8>) -> Result<(), Fault> {
    let unwritable = |error: io::Error| Fault::io("output", &error);
    let Some(address) = &cli.address else { return demo(out).map_err(unwritable) };
    let place = read(address)?;
    let other = cli.other.as_deref().map(read).transpose()?;
    report(out, &place).map_err(unwritable)?;
    if let Some(other) = other {
        out.push(b'\n');
        report(out, &other).map_err(unwritable)?;
        out.push(b'\n');
        same_network(out, &place, &other).map_err(unwritable)?;
    }
    Ok(())
}

fn read(text: &str) -> Result<Place, Fault> {
    Place::parse(text).map_err(|why| Fault::Usage(format!("{text}: {why}")))
}
