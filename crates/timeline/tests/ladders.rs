//! What the drawings say, from recordings made by one thread with streams in memory.
#![cfg(test)]
#![forbid(unsafe_code)]

use std::io::{self, ErrorKind, Read, Write};
use std::net::UdpSocket;

use timeline::{Call, Part, Recorder, Tap};

/// Takes and gives whatever it is asked to; then ends.
struct Wire(Vec<u8>);

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = buffer.len().min(self.0.len());
        buffer[..size].copy_from_slice(&self.0[..size]);
        self.0.drain(..size);
        Ok(size)
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn both(recorder: &Recorder) -> (Tap<Wire>, Tap<Wire>) {
    (
        recorder.stream("client", Wire(Vec::new())),
        recorder.stream("server", Wire(Vec::new())),
    )
}

/// Moves what one end wrote to the other.
fn carry(from: &mut Tap<Wire>, to: &mut Tap<Wire>) -> Vec<u8> {
    let bytes = std::mem::take(&mut from.get_mut().0);
    to.get_mut().0.extend_from_slice(&bytes);
    let mut got = vec![0; bytes.len()];
    to.read_exact(&mut got).unwrap();
    got
}

fn three_parts(_first: &[u8], total: usize) -> Vec<Part> {
    vec![
        Part::big_endian("length", 4),
        Part::new("header", 10),
        Part::hex("md5", total - 14),
    ]
}

#[test]
fn an_exchange_reads_like_a_page() {
    let recorder = Recorder::joined().with_layout(|_, total| match total {
        30 => three_parts(&[], total),
        _ => Vec::new(),
    });
    let (mut client, mut server) = both(&recorder);
    recorder.call("client", Call::Connect);
    recorder.call("server", Call::Accept);
    client.write_all(&[0, 0, 0, 10]).unwrap();
    client.write_all(br#"{"a":true}"#).unwrap();
    client.write_all(&[0xab; 16]).unwrap();
    carry(&mut client, &mut server);
    recorder.note("server", "saved \u{1b}[2J粘包.txt");
    server.write_all("谢谢\n".as_bytes()).unwrap();
    carry(&mut server, &mut client);
    recorder.call("client", Call::ShutdownWrite);
    assert_eq!(server.read(&mut [0; 1]).unwrap(), 0);
    server.close();
    assert_eq!(client.read(&mut [0; 1]).unwrap(), 0);
    client.close();
    let expected = r#"                            client  server
 1  client  connect           ●──────▶│
 2  server  accept            │       ●

 3  client  write  30 bytes   ●──────▶│   length   4  00 00 00 0a = 10
                              │       │   header  10  “{"a":true}”
                              │       │   md5     16  abababababababababababababababab
 4  server  read   30 bytes   │       ●   the same 30 bytes as in 3
 5  server                    │       ·   saved \u{1b}[2J粘包.txt
 6  server  write   7 bytes   │◀──────●   “谢谢\n”
 7  client  read    7 bytes   ●       │   “谢谢\n”

 8  client  half-close        ●──────▶│   FIN
 9  server  read    0 bytes   │       ●   end of the stream
10  server  close             │◀──────●   FIN
11  client  read    0 bytes   ●       │   end of the stream
12  client  close             ●       │
"#;
    assert_eq!(recorder.recording().text(), expected);
}

#[test]
fn a_layout_may_name_too_little_or_too_much_and_be_cut_anywhere() {
    for total in 1..=60 {
        let recorder = Recorder::every_call().with_layout(|first, total| {
            assert!(first.len() == total.min(256));
            vec![Part::new("", 0), Part::new("one", 20), Part::new("two", 20)]
        });
        recorder
            .stream("client", Wire(Vec::new()))
            .write_all(&vec![b'x'; total])
            .unwrap();
        let text = recorder.recording().text();
        let sizes = match total {
            20 => "one  20  ".to_owned(),
            1..20 => format!("one  {total} of 20  "),
            40 => "two  20  ".to_owned(),
            21..40 => format!("two  {} of 20  ", total - 20),
            _ => format!("more  {:>2}  ", total - 40),
        };
        assert!(text.contains(&sizes), "{total}: {text}");
        assert_eq!(text.matches('“').count(), total.div_ceil(20), "{text}");
    }
}

#[test]
fn a_read_that_got_less_or_more_than_one_write_shows_its_parts() {
    for cut in [29, 31] {
        let recorder = Recorder::every_call().with_layout(three_parts);
        let (mut client, mut server) = both(&recorder);
        client.write_all(&[b'x'; 30]).unwrap();
        client.write_all(&[b'x'; 30]).unwrap();
        server.get_mut().0 = vec![b'x'; 60];
        server.read_exact(&mut vec![0; cut]).unwrap();
        server.read_exact(&mut vec![0; 60 - cut]).unwrap();
        let text = recorder.recording().text();
        assert!(!text.contains("the same"), "{text}");
        assert_eq!(text.matches("length").count(), 4, "{text}");
    }
}

#[test]
fn no_line_is_wider_than_a_page() {
    let recorder = Recorder::joined().with_layout(three_parts);
    let (mut client, mut server) = both(&recorder);
    client.write_all("粘包".repeat(300).as_bytes()).unwrap();
    carry(&mut client, &mut server);
    server.write_all(&[7; 1_000_000]).unwrap();
    recorder.note("server", "a long note ".repeat(20));
    recorder.note("server", "x".repeat(500));
    for line in recorder.recording().text().lines() {
        // Chinese characters take two columns.
        let columns: usize = line
            .chars()
            .map(|c| if ('一'..='龥').contains(&c) { 2 } else { 1 })
            .sum();
        assert!(columns <= 100, "{columns}: {line}");
    }
}

#[test]
fn a_program_alone_in_the_picture_sends_and_hears() {
    let recorder = Recorder::joined();
    let mut client = recorder.stream("client", Wire(b"HELLO".to_vec()));
    recorder.call("client", Call::Connect);
    let gone = || Err::<(), _>(ErrorKind::ConnectionRefused.into());
    assert!(recorder.calling("client", Call::Connect, gone).is_err());
    client.read_exact(&mut [0; 5]).unwrap();
    client.write_all(b"hello").unwrap();
    let expected = "                           client
 1  client  connect          ●─▶
 2  client  connect          ●─▶    failed: refused
 3  client  read   5 bytes   ●      “HELLO”

 4  client  write  5 bytes   ●─▶    “hello”
";
    assert_eq!(recorder.recording().text(), expected);
}

#[test]
fn a_server_alone_begins_a_block_with_each_request() {
    let recorder = Recorder::joined();
    let mut server = recorder.stream("server", Wire(Vec::new()));
    recorder.call("server", Call::Accept);
    for _ in 0..2 {
        server.get_mut().0 = b"hi".to_vec();
        server.read_exact(&mut [0; 2]).unwrap();
        server.write_all(b"HI").unwrap();
    }
    let text = recorder.recording().text();
    let blocks: Vec<usize> = text
        .split("\n\n")
        .map(|block| block.lines().count())
        .collect();
    assert_eq!(blocks, [2, 2, 2], "{text}");
}

#[test]
fn exchanges_are_blocks_and_connections_made_together_are_one() {
    let blocks = |tell: &dyn Fn(&Recorder)| {
        let recorder = Recorder::every_call().with_sides(&["a", "b", "server"]);
        tell(&recorder);
        let text = recorder.recording().text();
        text.split("\n\n")
            .map(|block| block.trim_start().lines().count())
            .collect::<Vec<_>>()
    };
    let tell = |recorder: &Recorder, calls: &[(&str, Call)]| {
        calls
            .iter()
            .for_each(|(side, call)| recorder.call(side, *call));
    };
    let meet = [
        ("a", Call::Connect),
        ("server", Call::Accept),
        ("b", Call::Connect),
        ("server", Call::Accept),
    ];
    assert_eq!(
        blocks(&|recorder| tell(recorder, &meet)),
        [1 + 4],
        "the line of names, and one block"
    );
    let together = [
        ("a", Call::Write),
        ("b", Call::Write),
        ("server", Call::Read),
        ("server", Call::Write),
    ];
    assert_eq!(
        blocks(&|recorder| tell(recorder, &[meet, together].concat())),
        [5, 4]
    );
    let one_by_one = [
        ("a", Call::Write),
        ("server", Call::Read),
        ("b", Call::Write),
        ("server", Call::Read),
    ];
    assert_eq!(
        blocks(&|recorder| tell(recorder, &[meet, one_by_one].concat())),
        [5, 2, 2]
    );
    let again = [
        ("a", Call::Write),
        ("server", Call::Close),
        ("b", Call::Connect),
        ("b", Call::Connect),
    ];
    assert_eq!(
        blocks(&|recorder| tell(recorder, &[&meet[..2], &again].concat())),
        [3, 2, 2]
    );
    // Who closes because the other side has closed ends the same exchange.
    let ended = |recorder: &Recorder| {
        tell(recorder, &[("a", Call::Write), ("server", Call::Close)]);
        assert_eq!(
            recorder
                .stream("a", Wire(Vec::new()))
                .read(&mut [0; 1])
                .unwrap(),
            0
        );
        tell(recorder, &[("a", Call::Close)]);
    };
    assert_eq!(blocks(&ended), [1 + 4]);
}

#[test]
fn a_peer_in_another_program_gets_a_lane_when_it_is_named() {
    let recorder = Recorder::joined();
    let mut server = recorder.stream("server", Wire(Vec::new())).facing("client");
    server.write_all(b"hi").unwrap();
    assert!(
        recorder.recording().text().contains("●──────▶│   “hi”"),
        "{}",
        recorder.recording().text()
    );
}

#[test]
fn a_lane_that_did_nothing_is_not_drawn_unless_somebody_asked_for_it() {
    let recorder = Recorder::joined();
    let _silent = recorder.stream("silent", Wire(Vec::new()));
    recorder.note("loud", "x");
    assert_eq!(
        recorder.recording().text(),
        "            loud\n 1  loud     ·      x\n"
    );
    let asked = Recorder::joined().with_sides(&["silent", "loud"]);
    asked.note("loud", "x");
    let head = asked
        .recording()
        .text()
        .lines()
        .next()
        .map(str::to_owned)
        .unwrap();
    assert_eq!(
        head.split_whitespace().collect::<Vec<_>>(),
        ["silent", "loud"]
    );
}

#[test]
fn a_turn_begins_a_block_and_ends_a_run() {
    let recorder = Recorder::joined();
    let mut client = recorder.stream("client", Wire(Vec::new()));
    client.write_all(b"a").unwrap();
    recorder.turn();
    client.write_all(b"b").unwrap();
    assert_eq!(recorder.recording().text().split("\n\n").count(), 2);
}

#[test]
fn a_datagram_socket_has_no_fin_and_a_second_fin_is_never_sent() {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    let socket = recorder.datagram("client", UdpSocket::bind("127.0.0.1:0").unwrap());
    let own = socket.get_ref().local_addr().unwrap();
    socket.send_to(b"", own).unwrap();
    recorder.call("client", Call::Close);
    let mut stream = recorder.stream("server", Wire(Vec::new()));
    stream.write_all(b"x").unwrap();
    recorder.call("server", Call::ShutdownWrite);
    recorder.call("server", Call::Close);
    let text = recorder.recording().text();
    assert_eq!(text.matches("FIN").count(), 1, "{text}");
    assert!(text.contains("an empty datagram"), "{text}");
}

#[test]
fn json_says_all_of_it_one_object_a_line() {
    let recorder = Recorder::joined();
    let (mut client, mut server) = both(&recorder);
    recorder.call("client", Call::Connect);
    client.write_all(b"a\"\\\x01\xff").unwrap();
    carry(&mut client, &mut server);
    server.write_all(&[b'z'; 300]).unwrap();
    recorder.note("server", "line\nbreak \u{2028} 包");
    let json = recorder.recording().json_lines();
    let lines: Vec<&str> = json.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"n":1,"side":"client","call":"connect","result":"ok","to":"server"}"#
    );
    assert_eq!(
        lines[1],
        concat!(
            r#"{"n":2,"side":"client","call":"write","result":"ok","to":"server","asked":5,"given":5,"calls":1,"#,
            "\"hex\":\"61225c01ff\",\"text\":\"a\\\"\\\\\\u0001\u{fffd}\"}"
        )
    );
    assert!(
        lines[2].starts_with(r#"{"n":3,"side":"server","call":"read","result":"ok","asked":5,"#),
        "{}",
        lines[2]
    );
    assert!(
        lines[3].ends_with(&format!(r#","last_hex":"{}"}}"#, "7a".repeat(32))),
        "{}",
        lines[3]
    );
    assert_eq!(
        lines[4],
        "{\"n\":5,\"side\":\"server\",\"call\":\"note\",\"note\":\"line\\u000abreak \u{2028} 包\"}"
    );
    assert_eq!(lines.len(), 5);
}

#[test]
fn the_svg_is_accessible_harmless_and_has_no_blank_line() {
    let recorder = Recorder::joined().with_layout(three_parts);
    let (mut client, mut server) = both(&recorder);
    for _ in 0..15 {
        client
            .write_all(b"\0\0\0\x1a<b>&'\"]]>\n\n  x0123456789abcdef")
            .unwrap();
        carry(&mut client, &mut server);
        server.write_all(&[1; 400]).unwrap();
        carry(&mut server, &mut client);
    }
    recorder.note("client", "<script>\u{1b}\u{ffff}\u{0}");
    let svg = recorder
        .recording()
        .svg("le\"ss", "A <title>", "What\n\nhappens & why");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
    assert!(
        svg.contains(r#"role="img" aria-labelledby="le&quot;ss-title le&quot;ss-desc""#),
        "{svg}"
    );
    assert!(
        svg.contains(r#"<title id="le&quot;ss-title">A &lt;title&gt;</title>"#),
        "{svg}"
    );
    assert!(
        svg.contains(r#"<desc id="le&quot;ss-desc">What  happens &amp; why</desc>"#),
        "{svg}"
    );
    assert!(
        svg.lines().all(|line| !line.trim().is_empty()),
        "a blank line ends the HTML block"
    );
    assert!(svg.contains("currentColor") && !svg.contains("<script") && !svg.contains('\u{1b}'));
    assert!(!svg.contains('\u{ffff}'), "not a character of XML 1.0");
    assert_eq!(
        svg.matches("id=\"").count(),
        2,
        "two ids, both made from the one given"
    );
    // Every event of the text is there.
    assert_eq!(svg.matches("<circle").count(), 61);
    assert!(svg.len() < 60_000, "{} bytes for 61 events", svg.len());
    // The tags are closed in the order in which they were opened.
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let name = tag
            .trim_start_matches('/')
            .split([' ', '>', '/'])
            .next()
            .unwrap();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.split('>').next().unwrap().ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}
