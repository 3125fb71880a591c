//! `leftover`: read 2, read 3, the rest. What one read leaves behind is the beginning of the next answer.

use std::io::{self, Read, Write};
use std::net::TcpListener;

use timeline::{Recorder, Recording};

use crate::pair::{pair, quoted, wait_until_queued};

/// Plays the scene and gives its drawing.
///
/// # Errors
/// A socket failed.
pub(crate) fn leftover(listener: &TcpListener) -> io::Result<Recording> {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    let (client, server) = pair(listener)?;
    let (mut writer, mut reader) = (
        recorder.stream("client", &client),
        recorder.stream("server", &server),
    );
    let mut buffer = [0; 1024];
    let mut read = |room: usize| -> io::Result<()> {
        let got = reader.read(buffer.get_mut(..room).unwrap_or_default())?;
        recorder.note(
            "server",
            format!("decoded: {}", quoted(buffer.get(..got).unwrap_or_default())),
        );
        Ok(())
    };

    writer.write_all(b"hello egg")?;
    wait_until_queued(&server, 9)?;
    read(2)?;
    read(3)?;
    recorder.note("server", "4 bytes stay behind");

    recorder.turn();
    writer.write_all(b"bye")?;
    wait_until_queued(&server, 7)?;
    read(1024)?;

    // The same with a character that is three bytes long.
    recorder.turn();
    let sticky = "粘包";
    writer.write_all(sticky.as_bytes())?;
    wait_until_queued(&server, sticky.len())?;
    read(4)?;
    read(1024)?;
    Ok(recorder.recording())
}
