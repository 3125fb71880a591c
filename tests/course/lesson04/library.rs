//! The loop and the framings together, over loopback: a hundred thousand messages, and peers that announce and fall silent.

use std::io::{ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use cli::Wire;
use lesson04::{FixedHeader, FramingChoice, MessageStream, Times, serve_echo};

/// Messages that every framing can carry: 1 to 60 bytes, no zero byte, no line feed.
fn message(number: usize) -> Vec<u8> {
    (0..1 + number % 60)
        .map(|at| 32 + ((number + at) % 200) as u8)
        .collect()
}

#[test]
fn a_hundred_thousand_messages_arrive_byte_for_byte_under_every_framing() {
    const COUNT: usize = 100_000;
    for (choice, wire) in FramingChoice::ALL
        .map(|choice| (choice, Wire::Course))
        .into_iter()
        .chain([(FramingChoice::Header, Wire::Python)])
    {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let sender = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let (receiver, _) = listener.accept().unwrap();
        thread::scope(|scope| {
            scope.spawn(move || {
                let mut sender = MessageStream::new(sender, choice.framing(wire), Times::default());
                (0..COUNT).for_each(|number| sender.queue_message(&message(number)).unwrap());
                sender.flush().unwrap();
            });
            let mut receiver = MessageStream::new(receiver, choice.framing(wire), Times::default());
            for number in 0..COUNT {
                let got = receiver.read_message().unwrap();
                assert_eq!(
                    got,
                    Some(message(number).as_slice()),
                    "{choice:?} {wire:?}, message {number}"
                );
            }
            assert_eq!(receiver.read_message().unwrap(), None);
        });
    }
}

#[test]
fn peers_that_announce_and_fall_silent_are_cut_one_after_the_other_and_the_next_is_served() {
    let times = Times {
        message: Duration::from_millis(50),
        ..Times::default()
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let silent: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            peer.write_all(&1_048_576_u32.to_be_bytes()).unwrap();
            peer
        })
        .collect();
    let good = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            for _ in &silent {
                let (peer, _) = listener.accept().unwrap();
                let error = serve_echo(FixedHeader::course(), peer, times).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::TimedOut);
                assert_eq!(error.to_string(), "a message was not whole after 0.05 s");
            }
            let (peer, _) = listener.accept().unwrap();
            serve_echo(FixedHeader::course(), peer, times).unwrap();
        });
        let mut client = MessageStream::new(&good, FixedHeader::course(), Times::default());
        client.write_message(b"still there?").unwrap();
        assert_eq!(client.read_answer().unwrap(), b"STILL THERE?");
        good.shutdown(std::net::Shutdown::Write).unwrap();
    });
}
