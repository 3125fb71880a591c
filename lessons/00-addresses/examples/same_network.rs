//! Are two machines in one network? The whole question is one AND.
//!
//! ```console
//! $ cargo run -p lesson00 --example same_network 192.168.1.20/24 192.168.1.99
//! ```
//!
//! An IPv4 address is a number of 32 bits; the dots are for people. The mask is a number of 32 bits
//! too: `/24` means 24 ones, then zeros. AND keeps the bits of the address where the mask has a
//! one, and that is the network:
//!
//! ```text
//! 192.168.1.20    11000000 10101000 00000001 00010100
//! /24         AND 11111111 11111111 11111111 00000000
//! 192.168.1.0     11000000 10101000 00000001 00000000
//! ```
//!
//! What it lacks, and `cargo run -p lesson00` has: IPv6, which is the same with `u128`; what an
//! address is for; errors with a next step in them.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout)]

use std::env::args;
use std::error::Error;
use std::net::Ipv4Addr;

fn main() -> Result<(), Box<dyn Error>> {
    let (Some(ours), Some(theirs)) = (args().nth(1), args().nth(2)) else {
        return Err("wanted: OURS/PREFIX THEIRS".into());
    };
    let Some((ours, prefix)) = ours.split_once('/') else {
        return Err("an address alone does not say where its network ends".into());
    };
    let (ours, theirs): (Ipv4Addr, Ipv4Addr) = (ours.parse()?, theirs.parse()?);
    let prefix: u32 = prefix.parse()?;
    if prefix > 32 {
        return Err("an IPv4 address has 32 bits".into());
    }

    // 32 ones, then as many zeros pushed in from the right as the host has bits. `/0` needs 32
    // zeros, and neither Rust nor C lets a number of 32 bits be shifted by 32: `checked_shl` gives
    // `None` then, and the mask is 0.
    let mask = u32::MAX.checked_shl(32 - prefix).unwrap_or(0);
    let network_of = |address: Ipv4Addr| Ipv4Addr::from(u32::from(address) & mask);

    for address in [ours, theirs] {
        let network = network_of(address);
        println!("{address} AND {} = {network}", Ipv4Addr::from(mask));
    }
    let same = network_of(ours) == network_of(theirs);
    println!("same network: {}", if same { "yes" } else { "no" });
    Ok(())
}
