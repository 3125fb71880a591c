//! Exercise 05.2, the start: a file server that should go on where a download broke off. It knows no `from` yet.
//!
//! Run it: `cargo run -p lesson05 --example l05_resume_start -- 8080 some-folder`
//! Judge it:
//! `cargo run -p check 05.2 cargo run -q -p lesson05 --example l05_resume_start {port} {dir}`
#![forbid(unsafe_code)]

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::time::Duration;

use lesson05::{FileName, Folder, Header, JsonStream, Refusal, copy_hashed};

fn main() -> io::Result<()> {
    let mut words = std::env::args().skip(1);
    let port: u16 = words
        .next()
        .and_then(|port| port.parse().ok())
        .unwrap_or(8080);
    let folder = Folder::open(
        &words
            .next()
            .map_or_else(|| PathBuf::from("."), PathBuf::from),
    )?;
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    for stream in listener.incoming() {
        if let Err(error) = serve(stream?, &folder) {
            let _ = writeln!(io::stderr(), "client: {error}");
        }
    }
    Ok(())
}

fn serve(stream: TcpStream, folder: &Folder) -> io::Result<()> {
    let mut stream = JsonStream::course(stream, Duration::from_secs(60));
    while let Some(bytes) = stream.request()? {
        match Header::parse(bytes).and_then(|header| header.text("name").map(str::to_owned)) {
            Ok(name) => get(&mut stream, folder, &name)?,
            Err(error) => stream.refuse(Refusal::in_sync(error))?,
        }
    }
    Ok(())
}

fn get(stream: &mut JsonStream<TcpStream>, folder: &Folder, name: &str) -> io::Result<()> {
    let Ok((mut file, size)) = FileName::parse(name).and_then(|name| folder.serve(&name)) else {
        return stream.refuse(Refusal::in_sync("no such file"));
    };
    stream.send(
        &[
            ("ok", true.into()),
            ("name", name.into()),
            ("size", size.into()),
        ],
        &[],
    )?;
    let raw = stream.raw();
    let digest = copy_hashed(
        |block| file.read(block),
        |block| raw.write_raw(block),
        size,
        |_| {},
    )?;
    raw.write_raw(&digest)
}
