//! Exercise 00.2, the start: a text a line comes in; how many bytes it has in UTF-8 and in GBK goes out.
//!
//! Try it: `printf '粘包\nhi\n' | cargo run -p lesson00 --example l00_lengths_start`
//! Judge it: `cargo run -p check 00.2 cargo run -q -p lesson00 --example l00_lengths_start`
#![forbid(unsafe_code)]

use std::io::{self, Write};

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let text = line?;
        let characters = text.chars().count();
        // A character is 3 bytes in UTF-8 and 2 in GBK. Is it?
        writeln!(io::stdout(), "{} {}", characters * 3, characters * 2)?;
    }
    Ok(())
}
