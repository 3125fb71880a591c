//! `endings`: every way in which a connection ends, or never begins, made to happen and looked at from the other side.
//!
//! | file | knows |
//! |---|---|
//! | `stories.rs` | connections that end: in order, by half, by force |
//! | `failures.rs` | connections that never begin, and waiting that ends |
//! | `lost.rs` | what a reset destroys |
//! | `time_wait.rs` | what the one who closes first keeps, and what SO_REUSEADDR does about it |
//! | `kernel.rs` | what the kernel says about it, where that can be read (Linux: `/proc`) |
//! | `seen.rs` | the table of what each call gave |

mod failures;
mod kernel;
mod lost;
mod seen;
mod stories;
mod time_wait;

use std::io;
use std::net::IpAddr;

use timeline::{Recorder, Recording};

use super::demo::{LOOPBACK, connected};
use seen::{HEAD, Seen};

/// Makes each ending happen on the loopback address `ip`; what was seen, and the drawing in it.
///
/// # Errors
/// A step failed that has to work for the story to be told.
pub(super) fn endings(ip: IpAddr) -> io::Result<(String, Recording)> {
    let mut seen = Seen::default();
    let recording = stories(ip, &mut seen)?;
    failures::all(ip, &mut seen)?;
    let text = format!(
        "{}\nWhat each call gave\n\n\
         {HEAD}{}\n\
         What a reset destroys: bytes that were written and had not left yet\n\n\
         {}\n\
         Who closes first keeps the connection's four numbers for a while: TIME_WAIT\n\n\
         {}\n\
         {}\n",
        recording.text(),
        seen.rows,
        lost::table(ip)?,
        time_wait::table(ip)?,
        kernel::sigpipe(),
    );
    Ok((text, recording))
}

/// All the stories in one recording: the numbers of its rows are those of the drawing.
fn stories(ip: IpAddr, seen: &mut Seen) -> io::Result<Recording> {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    for (title, story) in stories::ALL {
        recorder.title(title);
        let (client, server) = connected(ip, &recorder)?;
        story(client, server, &recorder, seen)?;
    }
    Ok(recorder.recording())
}

/// All the stories in one recording, for a drawing.
///
/// # Errors
/// Those of the loopback connections.
pub fn endings_recording() -> io::Result<Recording> {
    stories(LOOPBACK, &mut Seen::default())
}

/// The same as a drawing.
///
/// # Errors
/// Those of the loopback connections.
pub fn endings_svg() -> io::Result<String> {
    let title = "Five ways in which a connection ends";
    let description = "A clean end: FIN, and the other side reads 0 bytes. A half-close: FIN, and still an answer. Two \
                       resets: RST instead of FIN, and the other side's read fails. A broken pipe: the first write to a \
                       closed connection works, and one that is made after the RST has come fails.";
    Ok(endings_recording()?.svg(title, description))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(ip: &str) -> String {
        endings(ip.parse().unwrap()).unwrap().0
    }

    #[test]
    fn each_ending_looks_as_the_chapter_says() {
        let text = text("127.0.0.1");
        for (what, rust) in [
            ("the peer closed  ", "Ok(0)"),
            ("the peer closed its half", "Ok(0)"),
            ("... and still listens", "Ok(7)"),
            ("we closed our half", "BrokenPipe"),
            ("the peer closed, bytes unread", "ConnectionReset"),
            ("the peer closed with linger 0", "ConnectionReset"),
            ("the peer is gone, first write", "Ok(5)"),
            ("... once its RST has come", "BrokenPipe"),
            ("somebody listens there", "AddrInUse"),
            ("not an address of ours", "AddrNotAvailable"),
            ("silence, with a timeout", "WouldBlock"),
            ("nothing yet, non-blocking", "WouldBlock"),
            ("the end after 2 of 5 bytes", "UnexpectedEof"),
            ("nobody listens there", "ConnectionRefused"),
            ("nobody answers", "TimedOut"),
        ] {
            let line = text
                .lines()
                .find(|line| line.starts_with(what))
                .unwrap_or_else(|| panic!("{what}:\n{text}"));
            assert_eq!(
                line.split("  ")
                    .filter(|cell| !cell.is_empty())
                    .nth(2)
                    .unwrap()
                    .trim(),
                rust,
                "{line}"
            );
        }
    }

    #[test]
    fn bytes_unread_at_the_close_destroy_what_was_written() {
        let text = text("127.0.0.1");
        let row = |name: &str| -> Vec<&str> {
            let line = text
                .lines()
                .find(|line| line.starts_with(name))
                .unwrap_or_else(|| panic!("{name}:\n{text}"));
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .skip(1)
                .collect()
        };
        let (read, unread) = (row("everything was read"), row("5 bytes are unread"));
        assert!(read[0] == read[1] && read[2] == "Ok(0)", "{text}");
        assert!(
            unread[0] != unread[1] && unread[2] == "ConnectionReset",
            "{text}"
        );
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn on_linux_both_listeners_must_have_asked_for_reuse() {
        let text = text("127.0.0.1");
        let rows: Vec<Vec<&str>> = text
            .lines()
            .skip_while(|line| !line.starts_with("closes first"))
            .skip(1)
            .take(3)
            .map(|line| {
                line.split("  ")
                    .map(str::trim)
                    .filter(|cell| !cell.is_empty())
                    .collect()
            })
            .collect();
        assert_eq!(rows[0][3..], ["ok", "ok"], "{text}");
        assert_eq!(
            rows[1][2..],
            ["server's port TIME_WAIT", "AddrInUse", "AddrInUse"],
            "{text}"
        );
        assert_eq!(
            rows[2][2..],
            ["server's port TIME_WAIT", "AddrInUse", "ok"],
            "{text}"
        );
    }

    #[test]
    fn the_drawing_is_the_same_every_time() {
        assert_eq!(
            endings_recording().unwrap().text(),
            endings_recording().unwrap().text()
        );
    }
}
