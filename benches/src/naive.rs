//! The plain way as a peer for the benches: two reads, two writes and a fresh `Vec` for every message, however small.

use std::io::{self, Read, Write};

use common::FrameError;

/// The most bytes a message may have.
pub const LIMIT: usize = 1_048_576;

/// Reads one message of the course wire: 4 bytes big-endian length, then the payload.
///
/// # Errors
/// Those of the stream; `UnexpectedEof` when it ended, wherever; a length over [`LIMIT`] is `InvalidData`.
pub fn read_message(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut header = [0; 4];
    stream.read_exact(&mut header)?;
    let length = u32::from_be_bytes(header) as usize;
    if length > LIMIT {
        return Err(FrameError::too_long(length, LIMIT).into());
    }
    let mut payload = vec![0; length];
    stream.read_exact(&mut payload)?;
    Ok(payload)
}

/// Writes one message of the course wire.
///
/// # Errors
/// Those of the stream; a message over [`LIMIT`] is `InvalidData`.
pub fn write_message(stream: &mut impl Write, payload: &[u8]) -> io::Result<()> {
    if payload.len() > LIMIT {
        return Err(FrameError::too_long(payload.len(), LIMIT).into());
    }
    stream.write_all(&(payload.len() as u32).to_be_bytes())?;
    stream.write_all(payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, ErrorKind};

    #[test]
    fn what_is_written_is_read_back() {
        let mut wire = Vec::new();
        for message in ["hi", "", "there"] {
            write_message(&mut wire, message.as_bytes()).unwrap();
        }
        assert_eq!(wire, b"\0\0\0\x02hi\0\0\0\0\0\0\0\x05there");
        let mut stream = Cursor::new(wire);
        for message in ["hi", "", "there"] {
            assert_eq!(read_message(&mut stream).unwrap(), message.as_bytes());
        }
        assert_eq!(
            read_message(&mut stream).unwrap_err().kind(),
            ErrorKind::UnexpectedEof
        );
    }

    #[test]
    fn a_length_over_the_limit_is_refused_both_ways() {
        let error = read_message(&mut Cursor::new([0, 0x10, 0, 1])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "frame of 1048577 bytes is over the limit of 1048576"
        );
        let error = write_message(&mut Vec::new(), &vec![0; 1_048_577]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "frame of 1048577 bytes is over the limit of 1048576"
        );
    }
}
