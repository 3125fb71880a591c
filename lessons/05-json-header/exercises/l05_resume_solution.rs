//! Exercise 05.2, a solution: a file server that goes on where a download broke off.
//!
//! `size` is what comes now, not what the file has: the receiver reads exactly that much. The digest covers the bytes
//! sent, as always. To go on at the very end is right (0 bytes come); past it is refused, because whoever asks so has
//! another file. The price of the whole idea: nobody has checked that the first part belongs to the same file.
#![forbid(unsafe_code)]

use std::io::{self, Read, Seek, SeekFrom, Write};
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
        match Header::parse(bytes)
            .and_then(|header| Ok((header.text("name")?.to_owned(), header.size("from")?)))
        {
            Ok((name, from)) => get(&mut stream, folder, &name, from)?,
            Err(error) => stream.refuse(Refusal::in_sync(error))?,
        }
    }
    Ok(())
}

fn get(
    stream: &mut JsonStream<TcpStream>,
    folder: &Folder,
    name: &str,
    from: u64,
) -> io::Result<()> {
    let Ok((mut file, size)) = FileName::parse(name).and_then(|name| folder.serve(&name)) else {
        return stream.refuse(Refusal::in_sync("no such file"));
    };
    let Some(size) = size.checked_sub(from) else {
        return stream.refuse(Refusal::in_sync(format!(
            "{name} has {size} bytes, {from} is past its end"
        )));
    };
    file.seek(SeekFrom::Start(from))?;
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
