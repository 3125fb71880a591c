//! The plain sender of frames: each line goes out as one frame, one frame comes back and is
//! printed.
//!
//! ```console
//! server$ cargo run -p lesson04 --example frame_receiver
//! client$ cargo run -p lesson04 --example frame_sender
//! ```
//!
//! ```text
//!  4 bytes       n bytes
//! +-------------+-----------------+
//! | 00 00 00 05 | h  e  l  l  o   |     n: unsigned, big-endian, at most 1,048,576
//! +-------------+-----------------+
//! ```
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson04 -- client`) has: a deadline for the
//! connect and for each answer; memory that grows with what arrived; lines that are not UTF-8;
//! errors that say where the stream ended; other framings; a trace.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout)]

use std::env::args;
use std::io::{self, Error, Read, Write};
use std::net::TcpStream;

const LIMIT: u32 = 1_048_576;

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let mut stream = TcpStream::connect(addr)?;

    for line in io::stdin().lines() {
        let line = line?; // an empty line is a message too: a header that says 0
        // Bytes, not characters: 粘包 is 2 characters and 6 bytes.
        let length = u32::try_from(line.len()).map_err(Error::other)?;
        if length > LIMIT {
            return Err(Error::other("a line over the limit of 1048576 bytes"));
        }
        // Big-endian, whatever this machine uses inside: both ends have agreed on it. Header and
        // message leave in one write, so that no small packet with four bytes in it goes ahead.
        stream.write_all(&[&length.to_be_bytes(), line.as_bytes()].concat())?;

        // First four bytes, then as many as they say. However the stream is cut on its way, this
        // finds the message.
        let mut header = [0; 4];
        stream.read_exact(&mut header)?;
        let length = u32::from_be_bytes(header);
        if length > LIMIT {
            return Err(Error::other("an answer over the limit of 1048576 bytes"));
        }
        let mut answer = vec![0; length as usize];
        stream.read_exact(&mut answer)?;
        println!("{}", String::from_utf8_lossy(&answer));
    }
    Ok(()) // the stream is closed between two frames: a clean end
}
