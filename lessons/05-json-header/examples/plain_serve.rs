//! The plain file server: a client asks for names on one connection, each is answered with the file
//! or a refusal.
//!
//! ```console
//! server$ cargo run -p lesson05 --example plain_serve
//! client$ cargo run -p lesson05 --example plain_get hello.txt
//! ```
//!
//! ```text
//! request    4 bytes: n | {"op":"get","name":"hello.txt"}
//! answer     4 bytes: n | {"ok":true,"name":"hello.txt","size":158} | the file | its md5, 16 bytes
//! refusal    4 bytes: n | {"ok":false,"error":"no such file"}
//! ```
//!
//! An address may follow (`-- 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson05 -- server`) has: deadlines; small memory
//! (this one holds the whole file); refusing links that lead out of the folder, and pipes, on which
//! it would wait for ever; names judged strictly; `list` and `put`, which it refuses.
#![forbid(unsafe_code)]
// A plain program: std, serde_json, md5, and nothing of ours.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::indexing_slicing)]

use std::io::{self, Error, Read, Write};
use std::{env::args, fs, net::TcpListener};

use md5::{Digest, Md5};
use serde_json::{Value, json};

/// The lesson's sample folder. Share one of your own: `const FOLDER: &str = "/some/folder";`.
const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/share");

fn main() -> io::Result<()> {
    let listener = TcpListener::bind(args().nth(1).unwrap_or("127.0.0.1:8080".to_owned()))?;
    println!("listening on {}", listener.local_addr()?);
    for stream in listener.incoming() {
        serve(stream?).unwrap_or_else(|error| eprintln!("client: {error}"));
    }
    Ok(())
}

fn serve(mut stream: impl Read + Write) -> io::Result<()> {
    let mut length = [0; 4];
    // The end is welcome before the first byte of a request. Anywhere else `read_exact` makes an
    // error of it.
    while stream.read(&mut length[..1])? == 1 {
        stream.read_exact(&mut length[1..])?;
        let size = u32::from_be_bytes(length) as usize;
        if size > 65_536 {
            return Err(Error::other("a header over the limit of 65536 bytes"));
        }
        let mut header = vec![0; size];
        stream.read_exact(&mut header)?;
        let request = serde_json::from_slice(&header)?;

        let refusal = json!({"ok": false, "error": "no such file"}).to_string();
        let (header, body) = find(&request).unwrap_or((refusal, vec![]));
        let length = (header.len() as u32).to_be_bytes();
        stream.write_all(&[&length, header.as_bytes(), &body].concat())?;
    }
    Ok(())
}

/// The header of the answer, then the file and its digest. `None` is a refusal.
fn find(request: &Value) -> Option<(String, Vec<u8>)> {
    let name = request["name"].as_str()?;
    // One component: `../../etc/passwd` leads out of the folder. (`.` and `..` are folders, which
    // cannot be read.)
    if request["op"] != "get" || name.contains(['/', '\\', ':']) {
        return None;
    }
    let body = fs::read(format!("{FOLDER}/{name}")).ok()?;
    let header = json!({"ok": true, "name": name, "size": body.len()}).to_string();
    Some((header, [&body[..], &Md5::digest(&body)].concat()))
}
