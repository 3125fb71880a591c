//! The server from outside: bytes in, bytes out, and what becomes of the connection.

mod connections;
mod files;
mod limits;
mod log;
mod many;
mod peers;
mod traversal;
mod uploads;

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tests::deadline::{self, PATIENCE};
use tests::programs::Server;

/// A folder that is served, inside a folder of the test's own: what climbs out of it meets nothing else.
struct Site {
    root: PathBuf,
    server: Server,
    around: TempDir,
}

impl Site {
    /// Serves `hello.txt` and whatever the test puts beside it.
    fn new(args: &[&str]) -> Self {
        let around = tempfile::tempdir().unwrap();
        let root = around.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("hello.txt"), "hello\n").unwrap();
        let args = [&["server", "--root", "root"], args].concat();
        let server = Server::start("lesson07", &args, around.path());
        Self {
            root,
            server,
            around,
        }
    }

    fn connect(&self) -> Connection {
        let stream = deadline::connect(self.server.addr(), PATIENCE).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection(stream, Vec::new())
    }

    /// One request with these further lines of a head, and its answer.
    fn ask(&self, method: &str, target: &str, lines: &[&str], body: &[u8]) -> Answer {
        let mut connection = self.connect();
        connection.send(&request(method, target, lines, body));
        connection.answer(method)
    }

    fn get(&self, target: &str, lines: &[&str]) -> Answer {
        self.ask("GET", target, lines, b"")
    }

    /// What the server answers to these bytes and the end of the stream, until it ends, too.
    fn all(&self, bytes: &[u8]) -> String {
        let mut connection = self.connect();
        connection.send(bytes);
        connection.0.shutdown(Shutdown::Write).unwrap();
        connection.rest()
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.root.join(name)).unwrap()
    }

    /// Every name in the folder, unfinished files too.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(&self.root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// The bytes of a request to `localhost`.
fn request(method: &str, target: &str, lines: &[&str], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\n");
    for line in lines {
        head += line;
        head += "\r\n";
    }
    if !body.is_empty() {
        head += &format!("Content-Length: {}\r\n", body.len());
    }
    [head.as_bytes(), b"\r\n", body].concat()
}

/// A client's end, and what came and was not looked at.
struct Connection(TcpStream, Vec<u8>);

impl Connection {
    /// A server that has closed already takes nothing more: no failure.
    fn send(&mut self, bytes: &[u8]) {
        let _ = self.0.write_all(bytes);
    }

    /// Exactly one answer: simple, because our server writes no other kinds.
    #[track_caller]
    fn answer(&mut self, method: &str) -> Answer {
        let end = loop {
            match self.1.windows(4).position(|end| end == b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => assert!(self.more(), "ended inside a head: {:?}", self.text()),
            }
        };
        let head = String::from_utf8(self.1.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut answer = Answer {
            status,
            head,
            body: Vec::new(),
        };
        if method == "HEAD" || matches!(status, 100 | 204 | 304) {
            return answer;
        }
        if answer.field("Transfer-Encoding").is_some() {
            loop {
                let line = self.until(b"\r\n");
                let size = usize::from_str_radix(line.trim_end(), 16).unwrap();
                answer.body.extend(self.exactly(size));
                assert_eq!(self.exactly(2), b"\r\n");
                if size == 0 {
                    return answer;
                }
            }
        }
        let size = answer.field("Content-Length").unwrap().parse().unwrap();
        answer.body = self.exactly(size);
        answer
    }

    #[track_caller]
    fn until(&mut self, end: &[u8]) -> String {
        loop {
            match self.1.windows(end.len()).position(|part| part == end) {
                Some(at) => {
                    return String::from_utf8(self.1.drain(..at + end.len()).collect()).unwrap();
                }
                None => assert!(self.more()),
            }
        }
    }

    #[track_caller]
    fn exactly(&mut self, size: usize) -> Vec<u8> {
        while self.1.len() < size {
            assert!(self.more(), "ended inside a body");
        }
        self.1.drain(..size).collect()
    }

    /// Reads until the server has closed. It may have reset.
    fn rest(&mut self) -> String {
        while self.more() {}
        self.text()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.1).into_owned()
    }

    fn more(&mut self) -> bool {
        let mut block = [0; 65536];
        match self.0.read(&mut block) {
            Ok(count) => {
                self.1.extend_from_slice(&block[..count]);
                count > 0
            }
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => false,
            Err(error) => panic!("{error}: {}", self.text()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Answer {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn field(&self, name: &str) -> Option<&str> {
        let name = format!("\r\n{name}: ");
        let (_, rest) = self.head.split_once(&name)?;
        rest.split_once("\r\n").map(|(value, _)| value)
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn closes(&self) -> bool {
        self.field("Connection") == Some("close")
    }
}

/// Each status in what came.
fn statuses(text: &str) -> Vec<u16> {
    let lines = text.split("HTTP/1.1 ").skip(1);
    lines.map(|rest| rest[..3].parse().unwrap()).collect()
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).unwrap();
}
