//! The plain client that is wrong: it sends a command and takes what one read gives for the answer.
//! `quit` quits.
//!
//! ```console
//! server$ cargo run -p lesson03 --example sticky_server
//! client$ cargo run -p lesson03 --example sticky_client
//! ```
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson03 -- run`) has: a limit on the wait for an
//! answer; the exact bytes on stdout, for a pipe. What neither has, on purpose: a way to see where
//! an answer ends. A larger buffer is not one.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::indexing_slicing)]

use std::env::args;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let mut stream = TcpStream::connect(addr)?;
    // The tutorials offer 1,024 bytes, which hides the mistake until an answer is longer. 16 show
    // it at once.
    let mut buffer = [0; 16];

    for line in io::stdin().lines() {
        let line = line?;
        if line == "quit" {
            break;
        }
        if line.is_empty() {
            continue; // no bytes: nothing would be sent
        }
        stream.write_all(line.as_bytes())?; // no length in front, no line feed at the end

        let count = stream.read(&mut buffer)?; // the mistake: one read is not one answer
        if count == 0 {
            return Err(ErrorKind::UnexpectedEof.into()); // the server has closed
        }
        let answer = String::from_utf8_lossy(&buffer[..count]);
        println!("{count} bytes: {answer:?}"); // with `:?` a line feed is shown as `\n`
    }
    Ok(())
}
