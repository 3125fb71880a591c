//! The plain echo client: sends a line, waits for the answer, prints it. `q` quits.
//!
//! ```console
//! client$ cargo run -p lesson01 --example echo_client
//! ```
//!
//! What it lacks, and the real one (`cargo run -p lesson01 -- client`) has: a limit on each wait;
//! lines that are not UTF-8; very long lines (here both ends wait in `write`, for ever, as soon as
//! the buffers between them are full); errors in plain words; a trace.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout)]

use std::env::args;
use std::io::{self, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let mut stream = TcpStream::connect(addr)?;

    for line in io::stdin().lines() {
        let line = line?; // without its line feed: that stays here
        if line == "q" {
            break;
        }
        if line.is_empty() {
            continue; // it has no bytes: nothing would be sent, and no answer would come
        }
        stream.write_all(line.as_bytes())?;

        // One `read` is not one answer: it gives what has arrived, perhaps half. But an echo is as
        // long as what was said, so we know how many bytes to wait for. `read_exact` reads until it
        // has them, or fails at the end.
        let mut answer = vec![0; line.len()];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(()) // `stream` is dropped, which closes it: the server reads `Ok(0)`
}
