//! Real threads over loopback: the same program gives the same drawing, 200 times, however the threads are scheduled.
#![cfg(test)]
#![forbid(unsafe_code)]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::sync::Barrier;
use std::thread;

use timeline::{Call, Part, Recorder};

const RUNS: usize = 200;
/// An address of this machine at which nobody else looks: a test elsewhere that tries a port which it believes to be
/// free would take a client's place in our queue. Only Linux has all of 127.0.0.0/8 without being told.
const ALONE: &str = if cfg!(target_os = "linux") {
    "127.77.7.1"
} else {
    "127.0.0.1"
};
const MEGABYTE: usize = 1 << 20;

fn layout(first: &[u8], total: usize) -> Vec<Part> {
    let Some(length) = first.first_chunk::<4>() else {
        return Vec::new();
    };
    let body = (u32::from_be_bytes(*length) as usize).min(total - 4);
    vec![
        Part::big_endian("length", 4),
        Part::new("body", body),
        Part::hex("md5", 16),
    ]
}

/// 4 bytes length, the body, 16 bytes of something like a digest; in pieces, so that reads and writes interleave.
fn send(stream: &mut impl Write, body: &[u8]) {
    stream
        .write_all(&u32::try_from(body.len()).unwrap().to_be_bytes())
        .unwrap();
    for piece in body.chunks(10_000) {
        stream.write_all(piece).unwrap();
    }
    stream.write_all(&[0xab; 16]).unwrap();
}

fn receive(stream: &mut impl Read) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut body = vec![0; u32::from_be_bytes(length) as usize];
    for piece in body.chunks_mut(7_777) {
        stream.read_exact(piece).unwrap();
    }
    stream.read_exact(&mut [0; 16]).unwrap();
    body
}

/// Both sides do things that the other does not wait for: notes, closes, an accept after the first bytes are sent.
fn files_both_ways() -> String {
    let recorder = Recorder::joined().with_layout(layout);
    let listener = TcpListener::bind((ALONE, 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    recorder.call("server", Call::Bind);
    recorder.call("server", Call::Listen);
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..2 {
                let (stream, _) = recorder
                    .calling("server", Call::Accept, || listener.accept())
                    .unwrap();
                let mut stream = recorder.stream("server", stream);
                let body = receive(&mut stream);
                recorder.note("server", format!("has {} bytes", body.len()));
                send(&mut stream, &body);
                recorder.note("server", "sent it back");
                recorder.note("server", "has nothing more to do");
                stream.close();
            }
        });
        for size in [MEGABYTE, 3] {
            let stream = recorder
                .calling("client", Call::Connect, || TcpStream::connect(addr))
                .unwrap();
            let mut stream = recorder.stream("client", stream);
            let body = vec![b'x'; size];
            send(&mut stream, &body);
            recorder.note("client", "has sent it");
            stream.shutdown(Shutdown::Write).unwrap();
            assert!(receive(&mut stream) == body);
            recorder.note("client", "has it back");
            assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);
            stream.close();
        }
    });
    recorder.recording().text()
}

#[test]
fn a_megabyte_both_ways_is_drawn_the_same_200_times() {
    let first = files_both_ways();
    let expected = "                                   server  client
 1  server  bind                     ●       │
 2  server  listen                   ●       │
 3  client  connect                  │◀──────●
 4  server  accept                   ●       │

 5  client  write  1,048,596 bytes   │◀──────●   length          4  00 10 00 00 = 1,048,576
                                     │       │   body    1,048,576  “xxxxxxxxxxxxxxxxxxxxxxxxxxxx” …
                                     │       │   md5            16  abababababababababababababababab
 6  client                           │       ·   has sent it
 7  server  read   1,048,596 bytes   ●       │   the same 1,048,596 bytes as in 5
 8  server                           ·       │   has 1048576 bytes
 9  client  half-close               │◀──────●   FIN
10  server  write  1,048,596 bytes   ●──────▶│   length          4  00 10 00 00 = 1,048,576
                                     │       │   body    1,048,576  “xxxxxxxxxxxxxxxxxxxxxxxxxxxx” …
";
    assert!(first.starts_with(expected), "{first}");
    for run in 1..RUNS {
        let text = files_both_ways();
        assert!(text == first, "run {run}:\n{text}\nthe first:\n{first}");
    }
}

/// Three clients at once, a thread for each; the server's taps tell by their addresses whom they face.
fn three_at_once() -> String {
    let recorder = Recorder::joined().with_sides(&["client A", "client B", "client C", "server"]);
    let listener = TcpListener::bind((ALONE, 0)).unwrap();
    let addr = listener.local_addr().unwrap();
    let connected = Barrier::new(3);
    thread::scope(|scope| {
        let (recorder, connected) = (&recorder, &connected);
        scope.spawn(move || {
            for _ in 0..3 {
                let (stream, _) = recorder
                    .calling("server", Call::Accept, || listener.accept())
                    .unwrap();
                scope.spawn(move || {
                    let mut stream = recorder.tcp("server", stream);
                    stream.write_all(b"hi").unwrap();
                    let mut said = [0; 5];
                    stream.read_exact(&mut said).unwrap();
                    recorder.note(
                        "server",
                        format!("answers {}", String::from_utf8_lossy(&said)),
                    );
                    stream.write_all(&said.to_ascii_uppercase()).unwrap();
                    assert_eq!(stream.read(&mut said).unwrap(), 0);
                    stream.close();
                });
            }
        });
        for (side, said) in [
            ("client A", "apple"),
            ("client B", "berry"),
            ("client C", "cedar"),
        ] {
            scope.spawn(move || {
                let stream = recorder
                    .calling(side, Call::Connect, || TcpStream::connect(addr))
                    .unwrap();
                connected.wait();
                let mut stream = recorder.tcp(side, stream);
                stream.read_exact(&mut [0; 2]).unwrap();
                stream.write_all(said.as_bytes()).unwrap();
                let mut answer = [0; 5];
                stream.read_exact(&mut answer).unwrap();
                stream.close();
            });
        }
    });
    recorder.recording().text()
}

#[test]
fn three_clients_at_once_are_drawn_the_same_200_times() {
    let first = three_at_once();
    // Nobody said in which order; the drawing has one.
    let expected = "\
 4  server    accept           │         │         │         ●
 5  server    accept           │         │         │         ●
 6  server    accept           │         │         │         ●
 7  server    write  2 bytes   │◀────────┼─────────┼─────────●   “hi”
 8  server    write  2 bytes   │         │◀────────┼─────────●   “hi”
 9  server    write  2 bytes   │         │         │◀────────●   “hi”
10  client A  read   2 bytes   ●         │         │         │   “hi”
";
    assert!(first.contains(expected), "{first}");
    for run in 1..RUNS {
        let text = three_at_once();
        assert!(text == first, "run {run}:\n{text}\nthe first:\n{first}");
    }
}

/// Two sockets and two threads: each datagram is answered.
fn datagrams() -> String {
    let recorder = Recorder::joined().with_sides(&["client", "server"]);
    let server = recorder.datagram("server", UdpSocket::bind("127.0.0.1:0").unwrap());
    let client = recorder.datagram("client", UdpSocket::bind("127.0.0.1:0").unwrap());
    let addr = server.get_ref().local_addr().unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut room = [0; 100];
            for _ in 0..3 {
                let (size, peer) = server.recv_from(&mut room).unwrap();
                server.send_to(&room[..size], peer).unwrap();
                recorder.note("server", "answered");
            }
        });
        let mut room = [0; 100];
        for text in ["one", "two", ""] {
            client.send_to(text.as_bytes(), addr).unwrap();
            recorder.note("client", "asked");
            client.recv_from(&mut room).unwrap();
            recorder.note("client", "heard");
        }
    });
    recorder.recording().text()
}

#[test]
fn datagrams_are_drawn_the_same_200_times() {
    let first = datagrams();
    for run in 1..RUNS {
        let text = datagrams();
        assert!(text == first, "run {run}:\n{text}\nthe first:\n{first}");
    }
}

#[test]
fn what_one_thread_did_stays_in_its_order() {
    let recorder = Recorder::joined();
    let listener = TcpListener::bind((ALONE, 0)).unwrap();
    let meet = |side: &str| {
        let stream = recorder.calling(side, Call::Connect, || {
            TcpStream::connect(listener.local_addr().unwrap())
        });
        let (accepted, _) = recorder
            .calling("server", Call::Accept, || listener.accept())
            .unwrap();
        (
            recorder.tcp(side, stream.unwrap()),
            recorder.tcp("server", accepted),
        )
    };
    let (mut early, mut early_at_server) = meet("early");
    early.write_all(b"hello").unwrap();
    early.write_all(b"world").unwrap(); // the reader is late: both are here before it reads
    early_at_server.read_exact(&mut [0; 2]).unwrap();
    early.close();
    let (mut late, mut late_at_server) = meet("late");
    late.write_all(b"late").unwrap();
    late_at_server.read_exact(&mut [0; 4]).unwrap();
    let text = recorder.recording().text();
    let calls: Vec<&str> = text
        .lines()
        .filter_map(|line| line.get(4..24))
        .map(str::trim)
        .collect();
    let expected = [
        "early   connect",
        "server  accept",
        "early   write  10 by",
        "server  read    2 by",
        "early   close",
        "late    connect",
        "server  accept",
        "late    write   4 by",
        "server  read    4 by",
    ];
    let calls: Vec<&str> = calls
        .into_iter()
        .filter(|call| expected.contains(call))
        .collect();
    assert_eq!(calls, expected, "{text}");
}
