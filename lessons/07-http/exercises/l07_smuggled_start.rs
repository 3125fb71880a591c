//! Exercise 07.4, the start: which requests stand in these bytes? stdin is what came over one connection; stdout is to be a line
//! for each request, `METHOD TARGET`. Where it can be read in two ways, the line `refused`, and nothing after it.
//!
//! This one lists a request that a strict server would never see. Find it.
//!
//! Judge it: `cargo run -p check 07.4 cargo run -q -p lesson07 --example l07_smuggled_start`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};

fn main() -> io::Result<()> {
    let (mut bytes, mut out) = (Vec::new(), io::stdout().lock());
    io::stdin().read_to_end(&mut bytes)?;
    let mut text = String::from_utf8_lossy(&bytes).into_owned(); // the examples are ASCII
    while let Some((head, rest)) = text.split_once("\r\n\r\n") {
        let mut lines = head.split("\r\n");
        let words = Vec::from_iter(lines.next().unwrap_or_default().split(' '));
        let [method, target, _] = words[..] else {
            return writeln!(out, "refused");
        };
        writeln!(out, "{method} {target}")?;
        let mut length = 0;
        for line in lines {
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("Content-Length")
            {
                length = value.trim().parse().unwrap_or(0);
            }
        }
        text = rest.get(length..).unwrap_or_default().to_owned();
    }
    Ok(())
}
