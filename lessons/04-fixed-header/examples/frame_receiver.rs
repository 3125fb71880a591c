//! The plain receiver of frames: reads a length, then that many bytes, and sends them back in upper
//! case.
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
//! `read_exact` is the whole cure for the sticky packet. std has it too; here it is written out.
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson04 -- server`) has: a deadline, the moment
//! at which it stops waiting; memory that grows with what arrived (here 4 bytes can make us take
//! 1,048,576); one read for many small frames, where this one makes three for each; other framings;
//! a trace, the picture of its calls.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

use std::env::args;
use std::io::{self, Error, ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};

fn main() -> io::Result<()> {
    let addr = args().nth(1).unwrap_or("127.0.0.1:8080".to_owned());
    let listener = TcpListener::bind(addr)?;
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        if let Err(error) = serve(stream?) {
            eprintln!("client: {error}");
        }
    }
    Ok(())
}

fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut header = [0; 4];
    // The end is welcome before the first byte of a frame: the client has closed. Anywhere else it
    // is an error.
    while stream.read(&mut header[..1])? == 1 {
        read_exact(&mut stream, &mut header[1..])?;
        let length = u32::from_be_bytes(header) as usize;
        // A stranger said this number. Judge it before memory is taken for it.
        if length > 1_048_576 {
            return Err(Error::other("a frame over the limit of 1048576 bytes"));
        }
        let mut message = vec![0; length];
        read_exact(&mut stream, &mut message)?;

        message.make_ascii_uppercase();
        // As long as the question, so it has the same header. One write for both.
        stream.write_all(&[&header, message.as_slice()].concat())?;
    }
    Ok(())
}

/// Reads until `buffer` is full.
fn read_exact(stream: &mut TcpStream, buffer: &mut [u8]) -> io::Result<()> {
    let mut filled = 0;
    while filled < buffer.len() {
        // One read gives what is there, perhaps a part; never more than asked, so that the next
        // frame stays where it is.
        match stream.read(&mut buffer[filled..])? {
            0 => return Err(ErrorKind::UnexpectedEof.into()), // the end, inside a frame
            count => filled += count,
        }
    }
    Ok(())
}
