//! Exercise 05.3, the start: which names may a stranger give to a file? One name a line comes in; `ok` or `refused` goes out.
//!
//! Try it: `printf 'a.txt\n../x\n' | cargo run -p lesson05 --example l05_names_start`
//! Judge it: `cargo run -p check 05.3 cargo run -q -p lesson05 --example l05_names_start`
#![forbid(unsafe_code)]

use std::io::{self, Write};

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let name = line?;
        let fine = !name.is_empty() && !name.starts_with("../");
        writeln!(io::stdout(), "{}", if fine { "ok" } else { "refused" })?;
    }
    Ok(())
}
