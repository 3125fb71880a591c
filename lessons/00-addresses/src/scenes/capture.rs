//! Frames as text: hex digits, two for a byte.
//!
//! ```text
//! # what follows a # is for the reader
//! ff ff ff ff ff ff 02 00 00 00 00 0a 08 06 00 01
//! 08 00 06 04 00 01 ...
//!                                    <- an empty line ends a frame
//! 02 00 ...
//! ```
//!
//! Blanks between digits do not count, so Wireshark's "copy as a hex stream" is such a text too. The captures of this
//! lesson were made once, with tcpdump, on three Linux machines (network namespaces) at one switch (a Linux bridge);
//! each file says how at its top.

use std::fs::File;
use std::io::{self, Read};

use cli::{until_ready, why};

use crate::bases::bytes_of;

/// A file longer than this is not a capture that a person looks at.
const LONGEST_FILE: u64 = 1024 * 1024;

/// The conversation of lesson 01's `hello`, from the question for the MAC address to the last ACK.
pub const HELLO: &str = include_str!("../../captures/hello.txt");
/// For a server in another network: the client's ARP question, `hello!` as it left the client, and as it arrived.
pub const ROUTER: &str = include_str!("../../captures/router.txt");

/// Reads frames from text.
///
/// # Errors
/// What is not hex, and in which line; a text without a frame.
pub fn frames(text: &str) -> Result<Vec<Vec<u8>>, String> {
    let mut frames = Vec::new();
    let mut frame = Vec::new();
    // Notepad and others begin a file with a byte order mark. It is not text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (number, line) in (1..).zip(text.lines().chain([""])) {
        if line.trim().is_empty() && !frame.is_empty() {
            frames.push(std::mem::take(&mut frame));
        }
        let hex = line.split('#').next().unwrap_or_default();
        frame.extend(bytes_of(hex).map_err(|why| format!("line {number}: {why}"))?);
    }
    if frames.is_empty() {
        return Err("no frame in it".to_owned());
    }
    Ok(frames)
}

/// The frames of a file; `-` is stdin, and without one it is the conversation of `hello`.
///
/// # Errors
/// A file that cannot be read, is too long, is not text or has no frame in it.
pub fn read(file: Option<&str>) -> Result<Vec<Vec<u8>>, String> {
    match file {
        None => frames(HELLO),
        Some("-") => frames(&text_of(io::stdin())?),
        Some(file) => frames(&text_of(File::open(file).map_err(|error| why(&error))?)?),
    }
}

/// A text of at most 1 MiB.
fn text_of(input: impl Read) -> Result<String, String> {
    let (mut input, mut bytes) = (input.take(LONGEST_FILE + 1), Vec::new());
    until_ready(|| input.read_to_end(&mut bytes)).map_err(|error| why(&error))?;
    if input.limit() == 0 {
        return Err(format!("over the limit of {LONGEST_FILE} bytes"));
    }
    String::from_utf8(bytes).map_err(|_| "is not text".to_owned())
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
    fn what_is_not_hex_is_refused_with_its_line() {
        for (text, why) in [
            ("01\n0x\n", "line 2: `x` is not a hex digit"),
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
    fn a_file_over_the_limit_is_refused_without_reading_it_all() {
        let endless = io::repeat(b'0');
        assert_eq!(
            text_of(endless).unwrap_err(),
            "over the limit of 1048576 bytes"
        );
        let longest = vec![b'0'; 1_048_576];
        assert_eq!(text_of(&longest[..]).unwrap().len(), longest.len());
    }

    /// stdin may be non-blocking, and its pauses fall anywhere: into a character too.
    #[test]
    fn a_pause_in_the_input_loses_nothing() {
        struct Pausing(&'static [u8], bool);
        impl Read for Pausing {
            fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
                self.1 = !self.1;
                match self.1 {
                    true => Err(io::ErrorKind::WouldBlock.into()),
                    false => self.0.read(&mut buffer[..1]),
                }
            }
        }
        let text = "01 # 粘\n";
        assert_eq!(text_of(Pausing(text.as_bytes(), false)).unwrap(), text);
        assert_eq!(text_of(&b"\xff"[..]).unwrap_err(), "is not text");
    }

    #[test]
    fn the_committed_captures_can_be_read() {
        let count = |text| frames(text).unwrap().len();
        let third_machine = include_str!("../../captures/third-machine.txt");
        let late_close = include_str!("../../captures/late-close.txt");
        assert_eq!((count(third_machine), count(ROUTER)), (1, 3));
        assert!(count(HELLO) < count(late_close));
    }

    #[test]
    fn a_byte_order_mark_is_not_a_digit() {
        assert_eq!(frames("\u{feff}01 02\n"), Ok(vec![vec![1, 2]]));
        assert_eq!(frames("\u{feff}# a comment\n01"), Ok(vec![vec![1]]));
        assert_eq!(frames("\u{feff}\n\n01"), Ok(vec![vec![1]]));
        assert!(frames("01\n\u{feff}02").is_err(), "only at the start");
    }
}
