//! `one-write`: one large write, and what the reads make of it. The reader cannot see segments.

use std::io::{self, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::thread;

use crate::pair::pair;
use crate::ss;

const SIZE: usize = 1_000_000;
const ROOM: usize = 65_536;

/// Writes 1,000,000 bytes at once and lists what the reads gave.
///
/// # Errors
/// A socket failed.
pub(crate) fn one_write(addr: SocketAddr) -> io::Result<String> {
    let (mut client, mut server) = pair(addr)?;
    let (here, there) = (client.local_addr()?, server.local_addr()?);
    let (sizes, end) = thread::scope(|scope| {
        let writer = scope.spawn(move || -> io::Result<Result<ss::End, String>> {
            client.write_all(&vec![b'x'; SIZE])?; // a blocking write gives all of it to the kernel, piece by piece
            Ok(ss::ask(here, there))
        });
        let sizes = read_sizes(&mut server);
        let end = writer.join().map_err(|_| io::Error::other("the writer's thread panicked"))?;
        Ok::<_, io::Error>((sizes?, end?))
    })?;

    let mut text = format!("one write of {SIZE} bytes\n");
    text += &match end {
        Ok(end) => format!(
            "left as {} segments of at most {} bytes\n",
            shown(end.data_segments_out()),
            shown(end.segment_size())
        ),
        Err(missing) => format!("segments: the kernel's side cannot be seen here: {missing}\n"),
    };
    text += &format!("arrived in {} reads with room for {ROOM} bytes each:\n", sizes.len());
    Ok(text + &listed(&sizes))
}

fn shown(number: Option<u64>) -> String {
    number.map_or_else(|| "?".to_owned(), |number| number.to_string())
}

/// What each read gave, until all of it is there.
fn read_sizes(stream: &mut impl Read) -> io::Result<Vec<usize>> {
    let (mut sizes, mut got) = (Vec::new(), 0);
    let mut buffer = vec![0; ROOM];
    while got < SIZE {
        match stream.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(count) => {
                sizes.push(count);
                got += count;
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sizes)
}

/// The sizes in order, ten a line.
fn listed(sizes: &[usize]) -> String {
    let lines = sizes.chunks(10).map(|line| {
        let sizes: Vec<String> = line.iter().map(|size| format!("{size:>6}")).collect();
        format!("  {}\n", sizes.join(" "))
    });
    lines.collect()
}
