//! Lesson 00: networks, lengths, frames. All three are filters: lines in, lines out.

use std::net::Ipv4Addr;

use lesson00::frame::Frame;
use lesson00::scenes::capture;
use tests::exercises::{Exercise, Judge};

#[test]
fn exercise_00_1() {
    Exercise {
        number: "00_1",
        example: "l00_network",
        arguments: "",
        check: networks,
    }
    .judge();
}

#[test]
fn exercise_00_2() {
    Exercise {
        number: "00_2",
        example: "l00_lengths",
        arguments: "",
        check: lengths,
    }
    .judge();
}

#[test]
fn exercise_00_3() {
    Exercise {
        number: "00_3",
        example: "l00_frame",
        arguments: "",
        check: frames,
    }
    .judge();
}

/// Types all the lines in, and wants one line for each.
fn wants_lines(judge: &mut Judge, cases: &[(String, String)]) -> Result<(), String> {
    let stdin: String = cases.iter().map(|(line, _)| format!("{line}\n")).collect();
    let out = judge.filter(stdin.as_bytes())?;
    let out = String::from_utf8_lossy(&out);
    let lines: Vec<&str> = out.lines().collect();
    for (number, (line, wanted)) in cases.iter().enumerate() {
        let came = lines.get(number).copied().unwrap_or("nothing");
        if came != wanted {
            return Err(format!("`{line}`: wanted `{wanted}`, came `{came}`"));
        }
    }
    if lines.len() == cases.len() {
        Ok(())
    } else {
        Err(format!(
            "{} lines in gave {} lines out",
            cases.len(),
            lines.len()
        ))
    }
}

fn owned(cases: &[(&str, &str)]) -> Vec<(String, String)> {
    cases
        .iter()
        .map(|&(line, wanted)| (line.to_owned(), wanted.to_owned()))
        .collect()
}

fn networks(judge: &mut Judge) -> Result<(), String> {
    let cases = [
        ("192.168.1.20/24", "192.168.1.0/24"),
        ("10.1.2.3/8", "10.0.0.0/8"),
        ("10.1.2.200/26", "10.1.2.192/26"),
        ("172.31.255.255/12", "172.16.0.0/12"),
        ("192.168.1.20/32", "192.168.1.20/32"),
        ("192.168.1.21/31", "192.168.1.20/31"),
        ("255.255.255.255/1", "128.0.0.0/1"),
        ("203.0.113.7/0", "0.0.0.0/0"),
        ("2001:db8::20/64", "2001:db8::/64"),
        ("2001:db8:ffff::1/33", "2001:db8:8000::/33"),
        ("fe80::1:2/127", "fe80::1:2/127"),
        ("fe80::1:3/127", "fe80::1:2/127"),
        ("2001:db8::1/128", "2001:db8::1/128"),
        ("2001:db8::1/0", "::/0"),
        ("192.168.1.20", "refused"),
        ("192.168.1.20/33", "refused"),
        ("192.168.1.20/-1", "refused"),
        ("192.168.1.20/+8", "refused"),
        ("192.168.1.20/x", "refused"),
        ("192.168.1.256/24", "refused"),
        ("192.168.1/24", "refused"),
        ("::1/129", "refused"),
        ("::1::/64", "refused"),
        ("/24", "refused"),
        ("", "refused"),
        ("hello", "refused"),
        ("127.0.0.1/8", "127.0.0.0/8"),
    ];
    wants_lines(judge, &owned(&cases))
}

fn lengths(judge: &mut Judge) -> Result<(), String> {
    let cases = [
        ("粘包", "6 4"),
        ("hi", "2 2"),
        ("", "0 0"),
        ("a粘b", "5 4"),
        ("мир", "6 6"), // two bytes in either
        ("é", "2 2"),
        ("e\u{301}", "3 -"), // the same to the eye, another text
        ("naïve", "6 -"),
        ("👩", "4 -"),
        ("，。", "6 4"),
        ("last", "4 4"),
    ];
    wants_lines(judge, &owned(&cases))
}

fn frames(judge: &mut Judge) -> Result<(), String> {
    let late_close = include_str!("../../../lessons/00-addresses/captures/late-close.txt");
    let captured = [capture::HELLO, late_close, capture::ROUTER];
    let captured: Vec<Vec<u8>> = captured
        .iter()
        .map(|text| capture::frames(text))
        .collect::<Result<Vec<_>, _>>()?
        .concat();
    let mut all = captured.clone();
    // Ethernet fills short frames up to 60 bytes.
    all.extend(
        captured
            .iter()
            .map(|frame| [frame.as_slice(), &[0; 18]].concat()),
    );
    all.extend(captured.iter().filter_map(|frame| with_options(frame)));
    // Not IPv4 although the packet is; not TCP although the rest is.
    for (at, value) in [(13, 0xdd), (23, 17)] {
        let mut other = captured.last().cloned().unwrap_or_default();
        if let Some(byte) = other.get_mut(at) {
            *byte = value;
        }
        all.push(other);
    }
    let mut cases: Vec<(String, String)> = all
        .iter()
        .map(|frame| (hex(frame), wanted(frame)))
        .collect();
    cases.push(("hello".to_owned(), "other".to_owned()));
    cases.push((String::new(), "other".to_owned()));
    wants_lines(judge, &cases)
}

/// The same frame with four more bytes of IPv4 header; `None` for what is no IPv4.
fn with_options(frame: &[u8]) -> Option<Vec<u8>> {
    let (head, rest) = frame.split_at_checked(34)?;
    let mut longer = [head, &[1, 1, 1, 0], rest].concat();
    if longer.get(12..15)? != [0x08, 0x00, 0x45] {
        return None;
    }
    let total = u16::from_be_bytes([*longer.get(16)?, *longer.get(17)?]) + 4;
    longer.splice(14..18, [[0x46, 0x00], total.to_be_bytes()].concat());
    Some(longer)
}

fn hex(frame: &[u8]) -> String {
    frame.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn wanted(frame: &[u8]) -> String {
    who(frame).unwrap_or_else(|| "other".to_owned())
}

fn who(bytes: &[u8]) -> Option<String> {
    let frame = Frame::parse(bytes).ok()?;
    if frame.headers.last()?.name != "TCP" {
        return None;
    }
    let end = |side: &str| {
        let address: [u8; 4] = frame.field("IPv4", side).try_into().ok()?;
        let port = frame.number("TCP", &format!("{side} port"));
        Some(format!("{}:{port}", Ipv4Addr::from(address)))
    };
    let (source, destination) = (end("source")?, end("destination")?);
    Some(format!("{source} > {destination} {}", frame.payload.len()))
}
