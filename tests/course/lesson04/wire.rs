//! A peer made of bytes: it speaks to a program without using a line of its code.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU16, Ordering};

use tests::deadline::{PATIENCE, accept};
use tests::programs::{Finished, Running, Server};

/// One connection, spoken by hand.
pub(super) struct Peer {
    stream: TcpStream,
}

impl Peer {
    pub(super) fn connect(server: &Server) -> Self {
        Self::new(TcpStream::connect(server.addr()).unwrap())
    }

    pub(super) fn to(addr: &str) -> Self {
        Self::new(TcpStream::connect(addr).unwrap())
    }

    fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream }
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.stream.write_all(bytes).unwrap();
        self
    }

    /// Sends what may be more than the other end is willing to read.
    pub(super) fn send_what_is_taken(&mut self, bytes: &[u8]) -> &mut Self {
        let _ = self.stream.write_all(bytes);
        self
    }

    pub(super) fn half_close(&mut self) -> &mut Self {
        self.stream.shutdown(Shutdown::Write).unwrap();
        self
    }

    /// Exactly this many bytes.
    pub(super) fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.stream.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// How many bytes one read would give now; it waits for the first.
    pub(super) fn waiting(&self) -> usize {
        self.stream.peek(&mut [0; 1024]).unwrap()
    }

    /// What one read gives.
    pub(super) fn one_read(&mut self) -> Vec<u8> {
        let mut bytes = [0; 1024];
        let count = self.stream.read(&mut bytes).unwrap();
        bytes[..count].to_vec()
    }

    /// Everything until the other end closes.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // What we sent and nobody read turns the end into a reset: an end all the same.
        let _ = self.stream.read_to_end(&mut bytes);
        bytes
    }

    /// The server's log line about this connection.
    pub(super) fn logged(&self, server: &Server) -> String {
        server.logs(&format!("{}: ", self.stream.local_addr().unwrap()))
    }
}

/// A server made of bytes, for one of our clients.
pub(super) struct Listener(TcpListener);

impl Listener {
    pub(super) fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").unwrap())
    }

    pub(super) fn addr(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    pub(super) fn accept(&self) -> Peer {
        Peer::new(accept(&self.0, PATIENCE).unwrap().unwrap())
    }
}

/// An address on which nobody listens. Its port is below those that systems hand out by themselves, so that no other
/// test is given it meanwhile.
pub(super) fn unheard_addr() -> String {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let free = || {
        let number = u32::from(NEXT.fetch_add(1, Ordering::Relaxed)) + std::process::id();
        let port = 20_000 + (number % 10_000) as u16;
        TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .ok()
            .map(|_| format!("127.0.0.1:{port}"))
    };
    (0..1000).find_map(|_| free()).unwrap()
}

/// Starts `lesson04 SCENE --addr ... MORE` with `stdin`, lets `part` be the server it meets, and waits for its end.
pub(super) fn meet(args: &[&str], stdin: &[u8], part: impl FnOnce(Peer)) -> Finished {
    let listener = Listener::new();
    let (scene, more) = args.split_at(1);
    let mut client = Running::start(super::lesson04(
        &[scene, &["--addr", &listener.addr()], more].concat(),
    ));
    client.feed(stdin.to_vec());
    part(listener.accept());
    client.finish()
}

/// Bytes behind their length, as the course wire has it.
pub(super) fn framed(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat()
}

/// A message filled up to 64 bytes.
pub(super) fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut frame = bytes.to_vec();
    frame.resize(64, 0);
    frame
}
