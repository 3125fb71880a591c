//! The worked example: one address, a neighbour, a stranger, and an IPv6 address.

use std::io::{self, Write};

use crate::neighbours::same_network;
use crate::place::Place;
use crate::report::report;

/// Writes the worked example; the same bytes every time.
///
/// # Errors
/// Those of `out`.
pub fn demo(out: &mut impl Write) -> io::Result<()> {
    let place = |text: &str| Place::parse(text).map_err(io::Error::other);
    let ours = place("192.168.1.20/24")?;

    writeln!(out, "== What does {ours} say?\n")?;
    report(out, &ours)?;

    writeln!(out, "\n== Is 192.168.1.200 a neighbour?\n")?;
    same_network(out, &ours, &place("192.168.1.200/24")?)?;

    writeln!(out, "\n== Is 192.168.2.20 a neighbour?\n")?;
    same_network(out, &ours, &place("192.168.2.20/24")?)?;

    writeln!(out, "\n== IPv6 follows the same rule with 128 bits\n")?;
    report(out, &place("2001:db8::20/64")?)?;

    writeln!(out, "\n== Now yours\n")?;
    writeln!(
        out,
        "cargo run -p lesson00 -- 192.168.1.20/24                   one address"
    )?;
    writeln!(
        out,
        "cargo run -p lesson00 -- 192.168.1.20/24 192.168.2.20/24   two: neighbours?"
    )?;
    writeln!(
        out,
        "cargo run -p lesson00 -- frame                             where six bytes sit in a frame"
    )?;
    writeln!(
        out,
        "cargo run -p lesson00 -- --help                            all of it"
    )
}
