//! The plain server that is wrong: it takes what one read gives for a request, and its answer has
//! no length.
//!
//! ```console
//! server$ cargo run -p lesson03 --example sticky_server
//! client$ cargo run -p lesson03 --example sticky_client
//! ```
//!
//! The tutorials run a command and send back its output. This one knows the single command `seq N`
//! and counts by itself: nothing is started, and the mistake is the same.
//!
//! ```text
//! client                          server
//! "seq 10"       ───────────▶     one read is the request: right if it came alone and whole
//! one read       ◀───────────     "1\n2\n3\n ... 10\n", and nothing that says: 21 bytes
//! ```
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson03 -- command-server`) has: commands that
//! are run, within limits of time and output; a limit on a client's silence. What neither has, on
//! purpose: framing. Lesson 04 repairs that.
#![forbid(unsafe_code)]
// A plain program: std, and nothing of ours.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

use std::env::args;
use std::io::{self, Read, Write};
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
    let mut buffer = [0; 1024];
    loop {
        // The first mistake: half a request may be in here, or two.
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            return Ok(());
        }
        let answer = answer(&String::from_utf8_lossy(&buffer[..count]));
        // The second: only we know how long it is.
        stream.write_all(answer.as_bytes())?;
    }
}

/// `seq 3` is answered by `1`, `2`, `3`, a line each.
fn answer(request: &str) -> String {
    // `u16`: a number from a stranger needs a limit, and 65,535 lines are enough.
    let last = request
        .strip_prefix("seq ")
        .and_then(|number| number.trim().parse::<u16>().ok());
    match last {
        Some(last) => (1..=last).map(|number| format!("{number}\n")).collect(),
        None => format!("not a command: {request:?}\n"),
    }
}
