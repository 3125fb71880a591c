//! Real threads over loopback: by turns, the same program gives the same drawing 200 times, however the threads are
//! scheduled.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};

use crate::{Call, Part, Recorder, Tap};

const RUNS: usize = 200;

/// The two ends of a fresh connection.
fn connected(recorder: &Recorder, side: &str) -> (Tap<TcpStream>, Tap<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let client = recorder.calling(side, Call::Connect, || TcpStream::connect(addr));
    let accepted = recorder.calling("server", Call::Accept, || listener.accept());
    let (client, server) = (client.unwrap(), accepted.unwrap().0);
    for stream in [&client, &server] {
        stream.set_nodelay(true).unwrap();
    }
    (recorder.tcp(side, client), recorder.tcp("server", server))
}

fn layout(first: &[u8]) -> Vec<Part> {
    let Some(length) = first.first_chunk::<4>() else {
        return Vec::new();
    };
    vec![
        Part::big_endian("length", 4),
        Part::new("body", u32::from_be_bytes(*length) as usize),
        Part::hex("md5", 16),
    ]
}

/// 4 bytes length, the body, 16 bytes of something like a digest; in pieces, so that reads and writes could interleave.
fn send(stream: &mut impl Write, body: &[u8]) {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    stream.write_all(&length).unwrap();
    for piece in body.chunks(2_000) {
        stream.write_all(piece).unwrap();
    }
    stream.write_all(&[0xab; 16]).unwrap();
}

fn receive(stream: &mut impl Read) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut body = vec![0; u32::from_be_bytes(length) as usize];
    for piece in body.chunks_mut(777) {
        stream.read_exact(piece).unwrap();
    }
    stream.read_exact(&mut [0; 16]).unwrap();
    body
}

/// Both sides do things that the other does not wait for: notes, several writes, closes.
fn files_both_ways() -> String {
    let recorder = Recorder::joined().by_turns().with_layout(layout);
    for size in [5_000, 3] {
        recorder.turn();
        let (mut client, mut server) = connected(&recorder, "client");
        thread::scope(|scope| {
            let recorder = &recorder;
            scope.spawn(move || {
                for _ in 0..2 {
                    let body = receive(&mut server);
                    recorder.note("server", format!("has {} bytes", body.len()));
                    send(&mut server, &body);
                    recorder.note("server", "sent it back");
                    recorder.note("server", "has nothing more to do");
                }
                assert_eq!(server.read(&mut [0]).unwrap(), 0);
                server.close();
            });
            let body = vec![b'x'; size];
            for _ in 0..2 {
                send(&mut client, &body);
                recorder.note("client", "has sent it");
                assert!(receive(&mut client) == body);
                recorder.note("client", "has it back");
            }
            client.shutdown(Shutdown::Write).unwrap();
            assert_eq!(client.read(&mut [0; 1]).unwrap(), 0);
            client.close();
        });
    }
    recorder.recording().text()
}

#[test]
fn two_threads_by_turns_are_drawn_the_same_200_times() {
    let first = files_both_ways();
    let expected = "\
 3  client  write      4 bytes              ●──────▶│   length               4  00 00 13 88 = 5,000
 4  client  write  2,000 bytes              ●──────▶│   body    2,000 of 5,000  “xxxxxxxxxxxxxxxxxxxx” …";
    assert!(first.contains(expected), "{first}");
    assert!(
        first.contains(
            "read   5,020 bytes, in pieces   │       ●   the same 5,020 bytes as in 3 to 7"
        ),
        "{first}"
    );
    for run in 1..RUNS {
        let text = files_both_ways();
        assert!(text == first, "run {run}:\n{text}\nthe first:\n{first}");
    }
}

#[test]
fn by_turns_a_side_that_ended_in_whatever_way_is_not_waited_for() {
    type End = fn(Tap<TcpStream>);
    let ends: [End; 4] = [
        |tap| tap.close(),
        drop,
        |tap| {
            tap.shutdown(Shutdown::Write).unwrap();
            std::mem::forget(tap); // and goes on living
        },
        |tap| {
            let _here = tap;
            panic!("a demo that fails (this panic belongs to a test)");
        },
    ];
    for end in ends {
        let recorder = Recorder::joined().by_turns();
        let (client, mut server) = connected(&recorder, "client");
        let begun = Instant::now();
        thread::scope(|scope| {
            let ending = scope.spawn(move || {
                (&client).write_all(b"bye").unwrap();
                end(client);
            });
            let mut said = Vec::new();
            server.read_to_end(&mut said).unwrap();
            assert_eq!(said, b"bye");
            let _ = ending.join();
        });
        assert!(begun.elapsed() < Duration::from_secs(5));
    }
}

#[test]
fn by_turns_a_read_that_nobody_lets_go_is_an_error_and_no_hang() {
    let recorder = Recorder::joined().by_turns();
    let (_silent, mut server) = connected(&recorder, "client");
    let error = server.read(&mut [0]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TimedOut);
    assert!(
        error
            .to_string()
            .contains("neither read nor ended for 10 s"),
        "{error}"
    );
}

#[test]
fn until_waits_for_a_known_call_of_another_thread() {
    let drawn = || {
        let recorder = Recorder::joined().with_sides(&["client", "server"]);
        thread::scope(|scope| {
            let recorder = &recorder;
            scope.spawn(move || {
                for _ in 0..3 {
                    thread::yield_now();
                    recorder.call("server", Call::Other("bind"));
                }
            });
            recorder.until("server", Call::Other("bind"), 3).unwrap();
            recorder.note("client", "now");
        });
        recorder.recording().text()
    };
    let first = drawn();
    assert!(first.ends_with("·       │   now\n"), "{first}");
    for _ in 1..RUNS {
        assert_eq!(drawn(), first);
    }
    assert!(
        Recorder::off()
            .until("server", Call::Other("bind"), 3)
            .is_ok()
    );
}

#[test]
fn three_clients_have_a_lane_each_and_each_answer_goes_to_its_own() {
    let recorder = Recorder::joined().with_sides(&["client A", "client B", "client C", "server"]);
    let clients = ["client A", "client B", "client C"];
    let mut pairs = clients.map(|side| connected(&recorder, side));
    for (_, server) in &mut pairs {
        server.write_all(b"hi").unwrap();
    }
    for (client, _) in &mut pairs {
        client.read_exact(&mut [0; 2]).unwrap();
    }
    let text = recorder.recording().text();
    let expected = "\
 7  server    write  2 bytes   │◀────────┼─────────┼─────────●   “hi”
 8  server    write  2 bytes   │         │◀────────┼─────────●   “hi”
 9  server    write  2 bytes   │         │         │◀────────●   “hi”
10  client A  read   2 bytes   ●         │         │         │   “hi”
";
    assert!(text.contains(expected), "{text}");
}

/// One client asks, and a thread of the server answers.
fn ask(recorder: &Recorder, side: &str) {
    let recorder = recorder.clone().by_turns();
    let (mut client, mut server) = connected(&recorder, side);
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut name = vec![0; side.len()];
            server.read_exact(&mut name).unwrap();
            server.write_all(&name.to_ascii_uppercase()).unwrap();
            assert_eq!(server.read(&mut [0]).unwrap(), 0);
        });
        client.write_all(side.as_bytes()).unwrap();
        client.read_exact(&mut vec![0; side.len()]).unwrap();
        client.close();
    });
}

#[test]
fn of_three_clients_at_once_each_has_its_lane_its_order_and_its_answer() {
    let clients = ["anna", "bert", "cleo"];
    let recorder = Recorder::joined().with_sides(&["anna", "bert", "cleo", "server"]);
    for run in 0..RUNS / 4 {
        thread::scope(|scope| {
            for side in clients {
                let recorder = &recorder;
                scope.spawn(move || ask(recorder, side));
            }
        });
        let text = recorder.take().text();
        // `anna write 4 bytes ●┼┼▶│ “anna”`: the rows that name a client, without blanks and lines.
        let rows_of = |client: &str| {
            let rows = text.lines().skip(1).filter_map(|line| {
                let (_, row) = line.trim_start().split_once(' ')?;
                row.to_lowercase()
                    .contains(client)
                    .then(|| row.replace([' ', '─'], ""))
            });
            rows.collect::<Vec<_>>()
        };
        let lanes = [
            ["●┼┼▶│", "│◀┼┼●", "●│││"],
            ["│●┼▶│", "││◀┼●", "│●││"],
            ["││●▶│", "│││◀●", "││●│"],
        ];
        for (client, [asks, answers, reads]) in clients.into_iter().zip(lanes) {
            let answer = client.to_uppercase();
            let expected = [
                format!("{client}connect{asks}"),
                format!("{client}write4bytes{asks}“{client}”"),
                format!("serverread4bytes│││●“{client}”"),
                format!("serverwrite4bytes{answers}“{answer}”"),
                format!("{client}read4bytes{reads}“{answer}”"),
                format!("{client}close{asks}FIN"),
            ];
            assert_eq!(rows_of(client), expected, "run {run}:\n{text}");
        }
    }
}

/// Datagrams need no turns: each receive waits for what the other side sent.
fn datagrams() -> String {
    let recorder = Recorder::every_call();
    let [client, server] = ["client", "server"]
        .map(|side| recorder.datagram(side, UdpSocket::bind("127.0.0.1:0").unwrap()));
    let addr = server.get_ref().local_addr().unwrap();
    thread::scope(|scope| {
        scope.spawn(move || {
            let mut buffer = [0; 8];
            for _ in 0..5 {
                let (size, peer) = server.recv_from(&mut buffer).unwrap();
                server.send_to(&buffer[..size], peer).unwrap();
            }
        });
        client.get_ref().connect(addr).unwrap();
        for request in [&b"1"[..], b"", b"hello", b"too long for it", b"bye"] {
            client.send(request).unwrap();
            let size = client.recv(&mut [0; 100]).unwrap();
            assert_eq!(size, request.len().min(8));
        }
    });
    recorder.recording().text()
}

#[test]
fn datagrams_of_two_threads_are_drawn_the_same_200_times() {
    let first = datagrams();
    let expected = "
13  client  send         15 bytes   ●──────▶│   “too long for it”
14  server  receive(8)    8 bytes   │       ●   “too long”  cut: 7 bytes lost
15  server  send          8 bytes   │◀──────●   “too long”
16  client  receive(100)  8 bytes   ●       │   “too long”
";
    assert!(first.contains(expected), "{first}");
    assert_eq!(first.matches("an empty datagram").count(), 4, "{first}");
    assert_eq!(
        first.lines().last().and_then(|row| row.get(..2)),
        Some("20")
    );
    for run in 1..RUNS {
        assert_eq!(datagrams(), first, "run {run}");
    }
}

/// 1 MB in blocks that the other side acknowledges: nobody empties the buffers of a socket meanwhile.
fn a_megabyte() -> String {
    let recorder = Recorder::joined().by_turns();
    let (mut client, mut server) = connected(&recorder, "client");
    thread::scope(|scope| {
        scope.spawn(move || {
            for block in vec![b'x'; 1_000_000].chunks(50_000) {
                server.write_all(block).unwrap();
                server.read_exact(&mut [0]).unwrap();
            }
        });
        for _ in 0..20 {
            for _ in 0..10 {
                client.read_exact(&mut [0; 5_000]).unwrap(); // always in pieces
            }
            client.write_all(b"!").unwrap();
        }
        assert_eq!(client.read(&mut [0]).unwrap(), 0);
    });
    recorder.recording().text()
}

#[test]
fn a_megabyte_by_turns_is_drawn_the_same_every_time() {
    let first = a_megabyte();
    for (words, count) in [
        ("server  write  50,000 bytes", 20),
        ("client  read   50,000 bytes, in pieces", 20),
        ("client  write       1 byte", 20),
        ("end of the stream", 1),
    ] {
        assert_eq!(first.matches(words).count(), count, "{words}\n{first}");
    }
    for run in 1..20 {
        let text = a_megabyte();
        assert!(text == first, "run {run}:\n{text}\nthe first:\n{first}");
    }
}

#[test]
fn a_large_body_is_recorded_whatever_the_threads_do() {
    let recorder = Recorder::joined();
    let (mut client, mut server) = connected(&recorder, "client");
    thread::scope(|scope| {
        scope.spawn(move || {
            for block in vec![b'x'; 1_000_000].chunks(4096) {
                server.write_all(block).unwrap();
            }
        });
        let mut body = Vec::new();
        client.read_to_end(&mut body).unwrap();
        assert_eq!(body.len(), 1_000_000);
    });
    let text = recorder.recording().text();
    assert_eq!(text.matches("server  write").count(), 245, "{text}");
}

#[test]
fn one_exchange_is_drawn() {
    let recorder = Recorder::joined().with_layout(|first| match first {
        [0, 0, 0, length, ..] => vec![
            Part::big_endian("length", 4),
            Part::new("JSON header", usize::from(*length)),
        ],
        _ => vec![],
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (stream, _) = recorder
                .calling("server", Call::Accept, || listener.accept())
                .unwrap();
            let mut stream = recorder.stream("server", stream);
            let mut four = [0; 4];
            stream.read_exact(&mut four).unwrap();
            let mut header = vec![0; u32::from_be_bytes(four) as usize];
            stream.read_exact(&mut header).unwrap();
            recorder.note("server", "looks for 你好.txt");
            stream.write_all(b"no such file\n").unwrap();
            assert_eq!(stream.read(&mut four).unwrap(), 0);
            stream.close();
        });
        let stream = recorder
            .calling("client", Call::Connect, || TcpStream::connect(addr))
            .unwrap();
        let mut stream = recorder.stream("client", stream);
        let header = r#"{"op":"get","name":"你好.txt"}"#.as_bytes();
        stream
            .write_all(&(header.len() as u32).to_be_bytes())
            .unwrap();
        stream.write_all(header).unwrap();
        let mut answer = [0; 13];
        stream.read_exact(&mut answer).unwrap();
        stream.close();
    });
    let text = recorder.recording().text();
    assert!(text.contains("length        4  00 00 00 20 = 32"), "{text}");
    assert!(text.contains("end of the stream"), "{text}");
}

#[test]
fn a_cut_datagram_is_drawn() {
    let recorder = Recorder::every_call();
    let a = recorder.datagram("client", UdpSocket::bind("127.0.0.1:0").unwrap());
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let b = recorder.datagram("server", &socket); // a borrowed socket is heard as well
    a.send_to(b"hello", b.get_ref().local_addr().unwrap())
        .unwrap();
    let mut one = [0; 1];
    assert_eq!(b.recv_from(&mut one).unwrap().0, 1);
    assert!(recorder.recording().text().contains("cut: 4 bytes lost"));
}

#[test]
fn a_close_says_fin_only_if_it_sends_one_and_a_failed_write_sends_nothing() {
    // What stands behind a client's `close` (and its write before that), after the server has reset the connection.
    let drawn = |before_the_close: &dyn Fn(&Recorder, &mut Tap<TcpStream>)| {
        let recorder = Recorder::every_call().with_sides(&["client", "server"]);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let mut client = recorder.stream("client", stream);
        let (server, _) = listener.accept().unwrap();
        client.write_all(b"unread").unwrap();
        server.peek(&mut [0]).unwrap();
        drop(server); // with bytes unread: a reset
        before_the_close(&recorder, &mut client);
        client.close();
        recorder.recording().text()
    };
    let sends = |line: Option<&str>| line.is_some_and(|line| line.contains('▶'));

    let at_once = drawn(&|_, _| {});
    assert!(
        sends(at_once.lines().last()) && at_once.ends_with("FIN\n"),
        "{at_once}"
    );
    let after_a_half_close = drawn(&|recorder, _| recorder.call("client", Call::ShutdownWrite));
    assert!(
        !sends(after_a_half_close.lines().last()),
        "{after_a_half_close}"
    );
    let after_a_reset = drawn(&|_, client| {
        assert!(client.read(&mut [0]).is_err());
        assert!(client.write(b"x").is_err());
    });
    assert!(
        !after_a_reset.contains("FIN") && !sends(after_a_reset.lines().last()),
        "{after_a_reset}"
    );
    assert!(
        !sends(
            after_a_reset
                .lines()
                .find(|line| line.contains("broken pipe"))
        ),
        "{after_a_reset}"
    );
}

#[test]
fn by_turns_two_streams_find_each_other_with_and_without_addresses() {
    for (bind, host, addressed) in [
        ("127.0.0.1:0", "127.0.0.1", false),
        ("[::]:0", "127.0.0.1", true), // an IPv4 client of an IPv6 socket: its address is written in two ways
    ] {
        let Ok(listener) = TcpListener::bind(bind) else {
            continue; // no IPv6 here
        };
        let port = listener.local_addr().unwrap().port();
        let Ok(client) = TcpStream::connect((host, port)) else {
            continue; // IPv6 only
        };
        let (server, _) = listener.accept().unwrap();
        let recorder = Recorder::joined().by_turns();
        let wrap = |side: &str, stream| match addressed {
            true => recorder.tcp(side, stream),
            false => recorder.stream(side, stream),
        };
        let (mut client, mut server) = (wrap("client", client), wrap("server", server));
        thread::scope(|scope| {
            scope.spawn(move || {
                server.read_exact(&mut [0; 2]).unwrap();
                server.write_all(b"hi").unwrap();
            });
            client.write_all(b"h").unwrap();
            (0..1000).for_each(|_| thread::yield_now()); // time enough for a server that does not wait its turn
            client.write_all(b"i").unwrap();
            client.read_exact(&mut [0; 2]).unwrap();
        });
        let text = recorder.recording().text();
        let calls = text
            .lines()
            .filter_map(|line| line.split_whitespace().nth(2));
        let calls: Vec<_> = calls.collect();
        assert_eq!(calls, ["write", "write", "read", "write", "read"], "{text}");
    }
}
