//! A peer made of bytes: what a test needs to speak to a lesson 05 server without using a line of its code.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};

use lesson05::Header;
use tests::deadline::PATIENCE;
use tests::programs::Server;

/// One connection, spoken by hand.
pub(super) struct Peer {
    stream: TcpStream,
    /// What the server calls this connection in its log.
    name: String,
}

impl Peer {
    pub(super) fn connect(server: &Server) -> Self {
        let stream = TcpStream::connect(server.addr()).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        let name = format!("{}: ", stream.local_addr().unwrap());
        Self { stream, name }
    }

    pub(super) fn send(&mut self, bytes: &[u8]) -> &mut Self {
        self.stream.write_all(bytes).unwrap();
        self
    }

    /// Sends what may be more than the server is willing to read.
    pub(super) fn send_what_is_taken(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Sends a header in its frame.
    pub(super) fn header(&mut self, json: &str) -> &mut Self {
        self.send(&framed(json.as_bytes()))
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

    /// The next header.
    pub(super) fn answer(&mut self) -> Header {
        let length = u32::from_be_bytes(self.take(4).try_into().unwrap());
        Header::parse(&self.take(length as usize)).unwrap()
    }

    /// A refusal, and its reason.
    pub(super) fn refusal(&mut self) -> String {
        let answer = self.answer();
        assert!(answer.has("ok") && !answer.is_true("ok"), "{answer:?}");
        answer.text("error").unwrap().to_owned()
    }

    /// Everything until the server closes.
    pub(super) fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.stream.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// Whether the connection still serves: asks for the list.
    pub(super) fn goes_on(&mut self) {
        let answer = self.header(r#"{"op":"list"}"#).answer();
        assert!(answer.is_true("ok"), "{answer:?}");
        self.take(usize::try_from(answer.size("size").unwrap()).unwrap());
    }

    /// The server's log line about this connection that follows.
    pub(super) fn logged(&self, server: &Server) -> String {
        server.logs(&self.name)
    }
}

/// Bytes behind their length, as the course wire has it.
pub(super) fn framed(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    [&length.to_be_bytes(), bytes].concat()
}
