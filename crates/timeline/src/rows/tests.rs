//! What the drawings say, from recordings made by one thread with streams in memory.
use std::io::{self, ErrorKind, Read, Write};
use std::net::UdpSocket;

use crate::{Call, Part, Recorder, Tap};

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
    let bytes = std::mem::take(&mut from.stream.0);
    to.stream.0.extend_from_slice(&bytes);
    let mut got = vec![0; bytes.len()];
    to.read_exact(&mut got).unwrap();
    got
}

fn three_parts(_first: &[u8]) -> Vec<Part> {
    vec![
        Part::big_endian("length", 4),
        Part::new("header", 10),
        Part::hex("md5", 16),
    ]
}

#[test]
fn an_exchange_reads_like_a_page() {
    let recorder = Recorder::joined().with_layout(|first| match first {
        [0, ..] => three_parts(first),
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

 3  client  write   4 bytes   ●──────▶│   length   4  00 00 00 0a = 10
 4  client  write  10 bytes   ●──────▶│   header  10  “{"a":true}”
 5  client  write  16 bytes   ●──────▶│   md5     16  abababababababababababababababab
 6  server  read   30 bytes   │       ●   the same 30 bytes as in 3 to 5
 7  server                    │       ·   saved \u{1b}[2J粘包.txt
 8  server  write   7 bytes   │◀──────●   “谢谢\n”
 9  client  read    7 bytes   ●       │   “谢谢\n”

10  client  half-close        ●──────▶│   FIN
11  server  read    0 bytes   │       ●   end of the stream
12  server  close             │◀──────●   FIN
13  client  read    0 bytes   ●       │   end of the stream
14  client  close             ●       │
"#;
    assert_eq!(recorder.recording().text(), expected);
}

#[test]
fn a_layout_may_name_too_little_or_too_much_and_be_cut_anywhere() {
    for total in 1..=60 {
        let recorder = Recorder::every_call()
            .with_layout(|_| vec![Part::new("", 0), Part::new("one", 20), Part::new("two", 20)]);
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
            60 => "one  20  ".to_owned(),
            _ => format!("one  {} of 20  ", total - 40),
        };
        assert!(text.contains(&sizes), "{total}: {text}");
        assert_eq!(text.matches('“').count(), total.div_ceil(20), "{text}");
    }
}

#[test]
fn a_read_that_got_less_or_more_than_one_write_shows_its_parts() {
    for (cut, told) in [(29, 4), (31, 5)] {
        let recorder = Recorder::every_call().with_layout(three_parts);
        let (mut client, mut server) = both(&recorder);
        client.write_all(&[b'x'; 30]).unwrap();
        client.write_all(&[b'x'; 30]).unwrap();
        server.stream.0 = vec![b'x'; 60];
        server.read_exact(&mut vec![0; cut]).unwrap();
        server.read_exact(&mut vec![0; 60 - cut]).unwrap();
        let text = recorder.recording().text();
        assert!(!text.contains("the same"), "{text}");
        assert_eq!(text.matches("length").count(), told, "{text}");
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
    let refused = || Err::<(), _>(ErrorKind::ConnectionRefused.into());
    assert!(recorder.calling("client", Call::Connect, refused).is_err());
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
        server.stream.0 = b"hi".to_vec();
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

/// `client write`, `server note`: who did what, line by line.
fn who_did_what(recorder: &Recorder) -> Vec<String> {
    let text = recorder.recording().text();
    let words = |line: &str| {
        let mut words = line.split_whitespace();
        words.next()?.parse::<usize>().ok()?;
        let (side, call) = (words.next()?, words.next()?);
        let call = if "│●".contains(call) {
            "note"
        } else {
            call
        };
        Some(format!("{side} {call}"))
    };
    text.lines().filter_map(words).collect()
}

#[test]
fn rows_stand_in_the_order_in_which_the_calls_happened_whatever_they_are() {
    let recorder = Recorder::joined().with_sides(&["client", "server"]);
    let (mut client, mut server) = both(&recorder);
    server.write_all(b"early").unwrap();
    recorder.call("client", Call::Other("wait"));
    recorder.note("server", "has written");
    carry(&mut server, &mut client);
    recorder.call("server", Call::Close);
    recorder.call("client", Call::Connect);
    assert_eq!(
        who_did_what(&recorder),
        [
            "server write",
            "client wait",
            "server note",
            "client read",
            "server close",
            "client connect"
        ]
    );
}

#[test]
fn a_call_of_somebody_else_parts_two_reads_and_another_tap_does_too() {
    let recorder = Recorder::joined().with_sides(&["client", "server"]);
    let (mut client, mut server) = both(&recorder);
    client.stream.0 = b"abcd".to_vec();
    client.read_exact(&mut [0; 1]).unwrap();
    client.read_exact(&mut [0; 1]).unwrap();
    server.write_all(b"x").unwrap();
    client.read_exact(&mut [0; 2]).unwrap();
    assert_eq!(
        who_did_what(&recorder),
        ["client read", "server write", "client read"]
    );
    assert_eq!(recorder.recording().text().matches("in pieces").count(), 1);
}

/// 4 bytes length, a header that says in its one byte how long the body is, the body.
fn length_header_body(first: &[u8]) -> Vec<Part> {
    let [0, 0, 0, 1, rest @ ..] = first else {
        return Vec::new();
    };
    let body = rest.first().map_or(0, |size| usize::from(size - b'0'));
    vec![
        Part::big_endian("length", 4),
        Part::new("header", 1),
        Part::new("body", body),
    ]
}

#[test]
fn a_message_goes_on_in_the_next_call_and_the_next_message_begins_where_it_ends() {
    let recorder = Recorder::every_call().with_layout(length_header_body);
    let mut client = recorder.stream("client", Wire(Vec::new()));
    for call in [
        &b"\0\0\0\x01"[..],
        b"5",
        b"wo",
        b"rld\0\0\0\x012o",
        b"k",
        b"\0\0\0\x010",
        b"\0\0\0\x011z",
    ] {
        client.write_all(call).unwrap();
    }
    let text = recorder.recording().text();
    let parts: Vec<String> = text
        .lines()
        .skip(1)
        .map(|line| {
            line.split_whitespace()
                .skip_while(|word| !["length", "header", "body"].contains(word))
        })
        .map(|words| words.collect::<Vec<_>>().join(" "))
        .filter(|line| !line.is_empty())
        .collect();
    assert_eq!(
        parts,
        [
            "length 4 00 00 00 01 = 1",
            "header 1 “5”",
            "body 2 of 5 “wo”",
            "body 3 of 5 “rld”",
            "length 4 00 00 00 01 = 1",
            "header 1 “2”",
            "body 1 of 2 “o”",
            "body 1 of 2 “k”",
            "length 4 00 00 00 01 = 1",
            "header 1 “0”",
            "length 4 00 00 00 01 = 1",
            "header 1 “1”",
            "body 1 “z”",
        ],
        "{text}"
    );
}

#[test]
fn messages_that_were_written_apart_and_stick_together_are_shown_part_by_part() {
    for (writes, told) in [
        (&[&b"\0\0\0\x011a"[..], b"\0\0\0\x011b"][..], 4),
        (&[b"\0\0\0\x01", b"2", b"ab"], 1),
        (&[b"\0\0\0\x011a\0\0\0\x011b"], 2),
    ] {
        let recorder = Recorder::joined().with_layout(length_header_body);
        let (mut client, mut server) = both(&recorder);
        for write in writes {
            client.write_all(write).unwrap();
        }
        carry(&mut client, &mut server);
        let text = recorder.recording().text();
        assert_eq!(text.matches("length").count(), told, "{text}");
    }
}

#[test]
fn an_answer_goes_to_the_client_that_asked_and_a_read_is_compared_with_its_own_writes() {
    let sides = ["client A", "client B", "server"];
    let recorder = Recorder::joined()
        .with_sides(&sides)
        .with_layout(three_parts);
    recorder.call("server", Call::Accept);
    let [mut to_a, mut to_b] = ["client A", "client B"]
        .map(|side| recorder.stream("server", Wire(Vec::new())).facing(side));
    let [mut a, mut b] =
        ["client A", "client B"].map(|side| recorder.stream(side, Wire(Vec::new())));
    to_a.write_all(&[b'a'; 30]).unwrap();
    to_b.write_all(&[b'b'; 30]).unwrap();
    carry(&mut to_b, &mut b);
    carry(&mut to_a, &mut a);
    let text = recorder.recording().text();
    assert!(
        text.contains("the same 30 bytes as in 3") && text.contains("the same 30 bytes as in 2"),
        "{text}"
    );
    assert_eq!(text.matches('◀').count(), 2, "{text}");
    assert!(text.contains("│◀────────┼─────────●"), "{text}");
}

#[test]
fn the_svg_is_accessible_escaped_and_has_no_blank_line() {
    let recorder = Recorder::joined().with_layout(|first| match first {
        [0, ..] => three_parts(first),
        _ => Vec::new(),
    });
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
        .svg("A <title>", "What\n\nhappens & why");
    assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
    assert!(
        svg.contains(r#"role="img" aria-labelledby="title desc""#),
        "{svg}"
    );
    assert!(
        svg.contains(r#"<title id="title">A &lt;title&gt;</title>"#),
        "{svg}"
    );
    assert!(
        svg.contains(r#"<desc id="desc">What  happens &amp; why</desc>"#),
        "{svg}"
    );
    assert!(
        svg.lines().all(|line| !line.trim().is_empty()),
        "a blank line"
    );
    assert!(
        svg.contains("currentColor")
            && svg.contains("@media(prefers-color-scheme:dark)")
            && !svg.contains("<script")
            && !svg.contains('\u{1b}')
    );
    assert!(!svg.contains('\u{ffff}'), "not a character of XML 1.0");
    assert_eq!(svg.matches("id=\"").count(), 2, "two ids");
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

#[test]
fn two_datagrams_are_two_rows_and_only_reads_of_a_stream_are_joined() {
    let recorder = Recorder::joined();
    let socket = recorder.datagram("client", UdpSocket::bind("127.0.0.1:0").unwrap());
    let own = socket.get_ref().local_addr().unwrap();
    for _ in 0..2 {
        socket.send_to(b"hi", own).unwrap();
    }
    for _ in 0..2 {
        socket.recv(&mut [0; 2]).unwrap();
    }
    let expected = [
        "client send",
        "client send",
        "client receive",
        "client receive",
    ];
    assert_eq!(who_did_what(&recorder), expected);
}

#[test]
fn a_datagram_peer_in_another_program_gets_a_lane_and_a_receive_that_failed_says_how_much_it_asked_for()
 {
    let recorder = Recorder::every_call();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let own = socket.local_addr().unwrap();
    let wait = std::time::Duration::from_millis(1);
    socket.set_read_timeout(Some(wait)).unwrap();
    let socket = recorder.datagram("client", socket).facing("server");
    socket.send_to(b"hi", own).unwrap();
    assert_eq!(socket.recv(&mut [0; 2]).unwrap(), 2);
    assert!(socket.recv(&mut [0; 7]).is_err() && socket.recv_from(&mut [0; 9]).is_err());
    let expected = "                                client  server
 1  client  send        2 bytes   ●──────▶│   “hi”
 2  client  receive(2)  2 bytes   ●       │   “hi”
 3  client  receive(7)            ●       │   failed: timed out
 4  client  receive(9)            ●       │   failed: timed out
";
    assert_eq!(recorder.recording().text(), expected);
}

#[test]
fn a_lane_that_is_faced_later_is_drawn() {
    let recorder = Recorder::joined();
    let (client, _silent) = both(&recorder);
    client.facing("server").write_all(b"hi").unwrap();
    let text = recorder.recording().text();
    assert!(text.contains("●──────▶│   “hi”"), "{text}");
}

#[test]
fn two_ends_of_a_stream_two_told_calls_and_two_turns_are_two_rows() {
    let recorder = Recorder::joined();
    let mut client = recorder.stream("client", Wire(b"ab".to_vec()));
    client.read_exact(&mut [0]).unwrap();
    recorder.turn();
    client.read_exact(&mut [0]).unwrap();
    for _ in 0..2 {
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
    }
    for _ in 0..2 {
        recorder.call("client", Call::Read);
    }
    assert_eq!(who_did_what(&recorder), ["client read"; 6]);
}

#[test]
fn a_new_connection_has_a_fin_of_its_own() {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    let told = [
        Call::Connect,
        Call::Close,
        Call::Close,
        Call::Connect,
        Call::Close,
    ];
    for call in told {
        recorder.call("client", call);
    }
    let text = recorder.recording().text();
    let fins: Vec<_> = text.lines().filter(|line| line.contains("close")).collect();
    let fins: Vec<_> = fins.iter().map(|line| line.ends_with("FIN")).collect();
    assert_eq!(fins, [true, false, true], "{text}");
}

/// Where nobody listens on loopback, Linux tells the sender at its next call, once.
#[cfg(target_os = "linux")]
#[test]
fn an_error_that_waits_in_a_datagram_socket_is_given_once_and_drawn() {
    let recorder = Recorder::every_call();
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let wait = std::time::Duration::from_secs(2);
    socket.set_read_timeout(Some(wait)).unwrap();
    let nobody = UdpSocket::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    socket.connect(nobody).unwrap();
    let socket = recorder.datagram("client", socket);
    socket.send(b"hi").unwrap();
    let error = socket.recv(&mut [0; 7]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    let text = recorder.recording().text();
    assert_eq!(text.matches("receive(7)").count(), 1, "{text}");
    assert!(text.contains("failed: refused"), "{text}");
}

#[test]
fn a_title_stands_over_its_block_and_takes_no_number() {
    let recorder = Recorder::every_call().with_sides(&["client", "server"]);
    for title in ["First story", "Second <story>"] {
        recorder.title(title);
        recorder.call("client", Call::Connect);
        recorder.call("server", Call::Accept);
    }
    let recording = recorder.recording();
    let text = recording.text();
    let lines: Vec<&str> = text
        .lines()
        .skip(1)
        .map(|line| line.split("  ●").next().unwrap().trim_end())
        .collect();
    let starts =
        |at: usize, start: &str| assert!(lines[at].starts_with(start), "{at}: {start}\n{text}");
    for (at, start) in [
        "",
        "First story",
        " 1  client",
        " 2  server",
        "",
        "Second <story>",
        " 3  client",
    ]
    .iter()
    .enumerate()
    {
        starts(at, start);
    }
    assert_eq!(lines.len(), 8, "{text}");
    let svg = recording.svg("t", "d");
    assert!(
        svg.contains(">Second &lt;story&gt;</text>")
            && svg.contains(">4</text>")
            && !svg.contains(">5</text>"),
        "{svg}"
    );
}
