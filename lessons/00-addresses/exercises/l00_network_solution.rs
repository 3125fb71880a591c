//! Exercise 00.1, a solution: both families, any prefix, and nothing that is not a prefix.
#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let answer = network(&line?).unwrap_or_else(|| "refused".to_owned());
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

fn network(line: &str) -> Option<String> {
    let (address, prefix) = line.split_once('/')?;
    // `parse` alone would take `+24`.
    if !prefix.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let prefix: u32 = prefix.parse().ok()?;
    let network: IpAddr = match address.parse().ok()? {
        IpAddr::V4(address) => {
            let host_bits = 32_u32.checked_sub(prefix)?;
            // Shifting all 32 bits out is an overflow: `/0` needs the `checked_`.
            let mask = u32::MAX.checked_shl(host_bits).unwrap_or(0);
            Ipv4Addr::from_bits(address.to_bits() & mask).into()
        }
        IpAddr::V6(address) => {
            let host_bits = 128_u32.checked_sub(prefix)?;
            let mask = u128::MAX.checked_shl(host_bits).unwrap_or(0);
            Ipv6Addr::from_bits(address.to_bits() & mask).into()
        }
    };
    Some(format!("{network}/{prefix}"))
}
