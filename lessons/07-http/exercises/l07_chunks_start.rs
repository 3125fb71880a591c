//! Exercise 07.3, the start: takes a chunked body apart. stdin is the body as it travels, stdout is to be the bytes in it. It ends
//! with status 1 if the body is cut off or is not one.
//!
//! This one can read the example of the chapter, and not much else.
//!
//! Try it: `printf '5\r\nhello\r\n0\r\n\r\n' | cargo run -q -p lesson07 --example l07_chunks_start`
//! Judge it: `cargo run -p check 07.3 cargo run -q -p lesson07 --example l07_chunks_start`
#![forbid(unsafe_code)]

use std::io::{self, BufRead, Read};

fn main() -> io::Result<()> {
    let (mut input, mut out) = (io::stdin().lock(), io::stdout().lock());
    loop {
        let mut line = String::new();
        input.read_line(&mut line)?;
        let size: u64 = line.trim().parse().map_err(io::Error::other)?;
        if size == 0 {
            return Ok(());
        }
        io::copy(&mut input.by_ref().take(size), &mut out)?;
        input.read_line(&mut line)?;
    }
}
