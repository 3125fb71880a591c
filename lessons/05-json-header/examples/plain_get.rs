//! The plain download: asks for one file by name, stores it in the working folder, checks its
//! digest.
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
//! An address may follow the name (`hello.txt 127.0.0.1:9000`); without one it is 127.0.0.1:8080.
//!
//! What it lacks, and the real one (`cargo run -p lesson05 -- get`) has: deadlines; a temporary
//! file that gets its name only when all is well (this one overwrites an old file at once, and
//! leaves a part behind when the connection breaks); a header judged strictly, with the name in it
//! compared; several names; a progress bar; errors in plain words.
#![forbid(unsafe_code)]
// A plain program: std, serde_json, md5, and nothing of ours.
#![allow(clippy::print_stderr, clippy::indexing_slicing)]

use std::io::{self, Error, Read, Write};
use std::{env::args, fs::File, net::TcpStream};

use md5::{Digest, Md5};
use serde_json::{Value, json};

fn main() -> io::Result<()> {
    let name = args().nth(1).unwrap_or_default();
    let addr = args().nth(2).unwrap_or("127.0.0.1:8080".to_owned());
    // One component: `../x` would be stored somewhere else. (`.` and `..` cannot: no file can be
    // made of a folder.)
    check(!name.contains(['/', '\\', ':']), "a path is not a name")?;
    let mut stream = TcpStream::connect(addr)?;

    let request = json!({"op": "get", "name": name}).to_string();
    let length = (request.len() as u32).to_be_bytes();
    stream.write_all(&[&length, request.as_bytes()].concat())?;

    // The header: its length, judged before memory is taken for it, then so many bytes of JSON.
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let length = u32::from_be_bytes(length) as usize;
    check(length <= 65_536, "a header over the limit of 65536 bytes")?;
    let mut header = vec![0; length];
    stream.read_exact(&mut header)?;
    let header: Value = serde_json::from_slice(&header)?;
    let refusal = header["error"].as_str().unwrap_or("refused");
    check(header["ok"] == true, refusal)?;
    let mut left = header["size"].as_u64().unwrap_or(0); // no size is a size of 0

    // The body, a piece at a time, so that a large file needs no large memory. Never ask for more
    // than is left of it: what stands after it is the digest.
    let (mut file, mut md5) = (File::create(&name)?, Md5::new());
    let mut buffer = [0; 65_536];
    while left > 0 {
        let piece = &mut buffer[..left.min(65_536) as usize];
        stream.read_exact(piece)?;
        md5.update(&piece);
        file.write_all(piece)?;
        left -= piece.len() as u64;
    }
    // The sender's digest comes last: it can know it only when it has read the file.
    let mut digest = [0; 16];
    stream.read_exact(&mut digest)?;
    check(md5.finalize()[..] == digest, "digest differs")?;
    eprintln!("saved {name}: md5 {:032x}", u128::from_be_bytes(digest));
    Ok(())
}

fn check(right: bool, otherwise: &str) -> io::Result<()> {
    right.then_some(()).ok_or(Error::other(otherwise))
}
