//! Exercise 00.1, the start: `192.168.1.20/24` comes in, one a line; the network `192.168.1.0/24` goes out, or `refused`.
//!
//! Try it: `printf '192.168.1.20/24\n10.1.2.200/26\n' | cargo run -p lesson00 --example l00_network_start`
//! Judge it: `cargo run -p check 00.1 cargo run -q -p lesson00 --example l00_network_start`
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::Ipv4Addr;

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let answer = network(&line?).unwrap_or_else(|| "refused".to_owned());
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

fn network(line: &str) -> Option<String> {
    let (address, prefix) = line.split_once('/')?;
    let address: Ipv4Addr = address.parse().ok()?;
    let prefix: u32 = prefix.parse().ok()?;
    let [a, b, c, d] = address.octets();
    // Whole bytes belong to the network or to the host. Do they?
    let network = match prefix {
        0..8 => Ipv4Addr::new(0, 0, 0, 0),
        8..16 => Ipv4Addr::new(a, 0, 0, 0),
        16..24 => Ipv4Addr::new(a, b, 0, 0),
        24..32 => Ipv4Addr::new(a, b, c, 0),
        _ => Ipv4Addr::new(a, b, c, d),
    };
    Some(format!("{network}/{prefix}"))
}
