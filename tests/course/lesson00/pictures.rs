//! The pictures of the chapter, and their text twins, are what the library makes of the captures.
//!
//! `UPDATE_DEMOS=1 cargo test -p tests --test course pictures` writes them anew; look at the difference before you commit.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::{fs, io};

use lesson00::frame::Frame;
use lesson00::scenes::capture;
use lesson00::scenes::conversation::conversation;
use tests::demos::rewrite;
use tests::programs::workspace;

use super::drawing::{self, Caption, ladder};

fn in_the_lesson(file: &str) -> PathBuf {
    workspace().join("lessons/00-addresses").join(file)
}

/// Compares `text` with a committed file of this lesson, or rewrites the file.
fn compare(file: &str, text: &[u8]) -> io::Result<()> {
    let path = in_the_lesson(file);
    if rewrite() {
        fs::write(&path, text)?;
    }
    let committed = fs::read(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{file} is not what the library makes now; UPDATE_DEMOS=1 writes it anew:\n{}",
        String::from_utf8_lossy(text)
    );
    Ok(())
}

/// A part of a captured conversation as `pictures/NAME.svg` and, for who does not see it, as `NAME.txt`.
fn compare_ladder(
    name: &str,
    capture: &str,
    frames: RangeInclusive<usize>,
    title: &str,
    description: &str,
) -> io::Result<()> {
    let all = capture::frames(capture).and_then(|frames| conversation(&frames));
    // The line of the ends, then a line a frame, which begins with its number.
    let wanted = |line: &str| match line.trim_start().split_once(" │") {
        None => true,
        Some((number, _)) => number.parse().is_ok_and(|number| frames.contains(&number)),
    };
    let all = all.map_err(io::Error::other)?;
    let lines = all.split_inclusive('\n').filter(|line| wanted(line));
    let part: String = lines.collect();
    let id = format!("l00-{name}");
    let picture = ladder(
        &part,
        Caption {
            id: &id,
            title,
            description,
        },
    );
    assert!(
        !picture.contains("\n\n"),
        "a blank line ends mdBook's HTML block"
    );
    compare(&format!("pictures/{name}.svg"), picture.as_bytes())?;
    compare(&format!("pictures/{name}.txt"), part.as_bytes())
}

#[test]
fn the_handshake_is_drawn_from_the_capture() -> io::Result<()> {
    compare_ladder(
        "handshake",
        capture::HELLO,
        3..=5,
        "The three frames of a handshake",
        "The client sends SYN, the server answers SYN ACK, the client sends ACK. Each end has said where its count starts, \
         and each has heard that the other knows.",
    )
}

#[test]
fn both_ends_are_drawn_from_their_captures() -> io::Result<()> {
    compare_ladder(
        "end-three",
        capture::HELLO,
        10..=12,
        "The end of a connection in three frames",
        "The client sends FIN ACK, the server answers FIN ACK, the client sends ACK. The server's ACK and its own FIN \
         travelled in one frame.",
    )?;
    compare_ladder(
        "end-four",
        include_str!("../../../lessons/00-addresses/captures/late-close.txt"),
        10..=13,
        "The end of a connection in four frames",
        "The server sends FIN ACK, the client answers ACK and goes on living. One second later the client sends FIN ACK, \
         and the server answers ACK.",
    )
}

#[test]
fn the_layers_are_drawn_from_the_frame_with_hello() -> io::Result<()> {
    let frames = capture::frames(capture::HELLO).map_err(io::Error::other)?;
    let bytes = frames.get(5).map_or(&[][..], Vec::as_slice);
    let frame = Frame::parse(bytes).map_err(io::Error::other)?;
    let caption = Caption {
        id: "l00-layers",
        title: "What each layer puts around six bytes",
        description: "Five rows, from the application to the cable. Our six bytes, hello!, stand at the same place in each. \
                      TCP puts 32 bytes in front, IPv4 20, Ethernet 14 and an FCS of 4 after it; a start of 8 goes before that.",
    };
    let picture = drawing::layers(&frame, caption);
    assert!(
        !picture.contains("\n\n"),
        "a blank line ends mdBook's HTML block"
    );
    compare("pictures/layers.svg", picture.as_bytes())?;
    // The text twin, which the program prints: a line a layer, whose last number is the bytes so far.
    let text = fs::read_to_string(in_the_lesson("pictures/layers.txt"))?;
    let mut total = frame.payload.len();
    let mut wanted = vec![("our bytes: hello!".to_owned(), total)];
    for header in frame.headers.iter().rev() {
        let len = header.bytes.len();
        total += len;
        let adds = match header.name {
            "Ethernet" => format!("Ethernet {len} bytes, FCS 4 bytes"),
            name => format!("{name} header, {len} bytes"),
        };
        total += if header.name == "Ethernet" { 4 } else { 0 };
        wanted.push((adds, total));
    }
    wanted.push(("start, 8 bytes".to_owned(), total + 8));
    let lines: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(lines.len(), wanted.len(), "{text}");
    for (line, (adds, total)) in lines.iter().zip(wanted) {
        assert!(line.contains(&format!("  {adds}  ")), "{line}: {adds}");
        assert!(line.ends_with(&format!(" {total}")), "{line}: {total}");
    }
    Ok(())
}
