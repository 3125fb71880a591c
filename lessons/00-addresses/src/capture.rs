//! Frames as text: hex digits, two for a byte.
//!
//! ```text
//! # what comes behind a # is for the reader
//! ff ff ff ff ff ff 02 00 00 00 00 0a 08 06 00 01
//! 08 00 06 04 00 01 ...
//!                                    <- an empty line ends a frame
//! 02 00 ...
//! ```
//!
//! Blanks between digits do not count, so Wireshark's "copy as a hex stream" is such a text too. The captures of this
//! lesson were made once, with tcpdump, on three Linux machines (network namespaces) at one switch (a Linux bridge);
//! each file says how at its top.

use std::io::{self, Read};

/// A frame as `tcpdump` shows it: 14 bytes of Ethernet and at most 65,535 of IP (RFC 791, section 3.1).
const LONGEST_FRAME: usize = 14 + 65_535;
/// A file longer than this is no capture that a person looks at.
const LONGEST_FILE: u64 = 1024 * 1024;

/// The conversation of lesson 01's `hello`, from the question for the MAC address to the last ACK.
pub const HELLO: &str = include_str!("../captures/hello.txt");
/// What a third machine at the same switch saw of it.
pub const THIRD_MACHINE: &str = include_str!("../captures/third-machine.txt");
/// The same conversation, with a client that closes a little later: its end takes four frames.
pub const LATE_CLOSE: &str = include_str!("../captures/late-close.txt");
/// For a server in another network: the client's ARP question, `hello!` as it left the client, and as it arrived.
pub const ROUTER: &str = include_str!("../captures/router.txt");

/// Reads frames from text.
///
/// # Errors
/// What is not hex, and in which line; a frame that is too long; a text without a frame.
pub fn frames(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut frames = vec![Vec::new()];
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            frames.push(Vec::new());
            continue;
        }
        let line = line.split_once('#').map_or(line, |(hex, _)| hex);
        let bytes = bytes_of(line).map_err(|why| format!("line {number}: {why}"))?;
        let Some(frame) = frames.last_mut() else {
            continue;
        };
        frame.extend(bytes);
        if frame.len() > LONGEST_FRAME {
            return Err(format!(
                "line {number}: the frame is over the limit of {LONGEST_FRAME} bytes; an empty line ends a frame"
            ));
        }
    }
    frames.retain(|frame| !frame.is_empty());
    if frames.is_empty() {
        Err("no frame in it".to_owned())
    } else {
        Ok(frames)
    }
}

/// Reads a text of frames from a file or a pipe, of at most 1 MiB.
///
/// # Errors
/// Those of `input`, a text that is too long or is no text.
pub fn read_text(input: impl Read) -> io::Result<String> {
    let mut text = String::new();
    let read = input.take(LONGEST_FILE + 1).read_to_string(&mut text)?;
    if read as u64 > LONGEST_FILE {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("over the limit of {LONGEST_FILE} bytes"),
        ));
    }
    Ok(text)
}

/// The bytes that a line of hex digits stands for.
fn bytes_of(line: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut half = None;
    for c in line.chars().filter(|c| !c.is_whitespace()) {
        let digit = c.to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let digit = digit.ok_or_else(|| format!("`{c}` is no hex digit"))?;
        half = match half {
            None => Some(digit),
            Some(high) => {
                bytes.push(high << 4 | digit);
                None
            }
        };
    }
    if half.is_some() {
        Err("an odd number of hex digits; a byte has two".to_owned())
    } else {
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_blanks_comments_and_empty_lines_are_told_apart() {
        let text = "# two frames\n01 02 # the first\n0a0B\n\n \n  ff\n";
        assert_eq!(frames(text), Ok(vec![vec![1, 2, 10, 11], vec![255]]));
        assert_eq!(frames("0102"), Ok(vec![vec![1, 2]]));
    }

    #[test]
    fn a_comment_line_does_not_end_a_frame() {
        assert_eq!(frames("01\n# still the same\n02\n"), Ok(vec![vec![1, 2]]));
    }

    #[test]
    fn what_is_no_hex_is_refused_with_its_line() {
        for (text, why) in [
            ("01\n0x\n", "line 2: `x` is no hex digit"),
            (
                "01\n\n012",
                "line 3: an odd number of hex digits; a byte has two",
            ),
            ("", "no frame in it"),
            ("# nothing\n\n", "no frame in it"),
        ] {
            assert_eq!(frames(text), Err(why.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn a_frame_over_the_limit_is_refused() {
        assert!(frames(&"00".repeat(LONGEST_FRAME)).is_ok());
        let why = frames(&"00".repeat(LONGEST_FRAME + 1)).unwrap_err();
        assert!(why.contains("over the limit of 65549 bytes"), "{why}");
    }

    #[test]
    fn a_file_over_the_limit_is_refused_without_reading_it_all() {
        let endless = io::repeat(b'0');
        assert!(
            read_text(endless)
                .unwrap_err()
                .to_string()
                .contains("over the limit of 1048576 bytes")
        );
        assert_eq!(read_text(&b"00"[..]).unwrap(), "00");
    }

    #[test]
    fn the_committed_captures_can_be_read() {
        let count = |text| frames(text).unwrap().len();
        assert_eq!((count(THIRD_MACHINE), count(ROUTER)), (1, 3));
        assert!(count(HELLO) < count(LATE_CLOSE));
    }
}
