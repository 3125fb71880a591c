//! Lesson 06's servers beside others, under the same clients. Each is a program of its own (this one, started once more as
//! `ratios serve NAME`), so that its memory can be read.
//!
//! | row | what serves |
//! |---|---|
//! | `threads` | lesson 06's `ThreadingTcpServer` |
//! | `pool` | its `PoolServer`: as many threads as there are connections at once |
//! | `mio` | one thread and readiness, in the plainest loop (`peers.rs`) |
//! | `tokio` | a task for each connection, a runtime of one thread (`peers.rs`) |
//! | `python` | `socketserver.ThreadingTCPServer`, where there is a python3 |

use std::fs;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Instant;

use benches::{Measured, Row, Table};
use cli::log;
use lesson06::{PoolServer, ThreadingTcpServer, raise_descriptor_limit};

use crate::{Effort, peers};

const NAMES: [&str; 5] = ["threads", "pool", "mio", "tokio", "python"];
/// Connections that are open at once, in the first table.
const OPEN: usize = 64;
/// Clients that come and go at once, in the second.
const COMING: usize = 16;
const MESSAGE: [u8; 64] = [b'x'; 64];

const PYTHON: &str = "
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024):
            self.request.sendall(data)
socketserver.ThreadingTCPServer.daemon_threads = True
with socketserver.ThreadingTCPServer(('127.0.0.1', 0), Echo) as server:
    print('%s:%d' % server.server_address, flush=True)
    server.serve_forever()
";

/// What `ratios serve NAME` does, until it is killed.
pub(crate) fn serve(name: &str) -> io::Result<()> {
    let anywhere = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    raise_descriptor_limit();
    match name {
        "threads" => {
            let server = ThreadingTcpServer::bind(anywhere, 4096)?;
            announce(server.local_addr())?;
            server.serve_forever(&echo);
        }
        "pool" => {
            let server = PoolServer::bind(anywhere, OPEN)?;
            announce(server.local_addr())?;
            server.serve_forever(&echo);
        }
        "mio" => peers::mio(anywhere)?,
        "tokio" => peers::tokio(anywhere)?,
        name => return Err(io::Error::other(format!("no server {name}"))),
    }
    Ok(())
}

pub(crate) fn announce(addr: SocketAddr) -> io::Result<()> {
    writeln!(io::stdout(), "{addr}")
}

fn echo(mut stream: &TcpStream, _: SocketAddr) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = [0; 1024];
    loop {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => stream.write_all(buffer.get(..count).unwrap_or_default())?,
        }
    }
}

/// A server that runs, and is killed at the end.
struct Server {
    name: &'static str,
    child: Child,
    addr: SocketAddr,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// All that can be started here.
fn start() -> io::Result<Vec<Server>> {
    let mut servers = Vec::new();
    for name in NAMES {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", name]);
        if name == "python" {
            command = Command::new("python3");
            command.args(["-c", PYTHON]);
        }
        let mut child = match command.stdout(Stdio::piped()).spawn() {
            Err(error) if name == "python" => {
                log(format_args!("skipped: python needs python3: {error}"));
                continue;
            }
            child => child?,
        };
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        match line.trim().parse() {
            Ok(addr) => servers.push(Server { name, child, addr }),
            Err(_) if name == "python" => log(format_args!("skipped: python3 does not serve")),
            Err(_) => return Err(io::Error::other(format!("{name} does not serve"))),
        }
    }
    Ok(servers)
}

pub(crate) fn tables(effort: Effort) -> io::Result<String> {
    let servers = start()?;
    let peers = ["mio", "tokio", "python"];
    let (rounds, full) = (effort.rounds, effort.rounds > 1);

    let rows = servers.iter().map(|server| {
        let mut open = Vec::new();
        let often = if full { 100 } else { 2 };
        let batch = move || {
            while open.len() < OPEN {
                open.push(connect(server.addr)?);
            }
            requests(&mut open, often)
        };
        Row {
            name: server.name,
            batch: Box::new(batch),
        }
    });
    let title = format!("{OPEN} open, 64 bytes");
    let mut text = Table::measure(rows.collect(), rounds)?.requests(&title, &peers);

    let rows = servers.iter().map(|server| {
        // Python asks for a queue of 5. Whoever finds it full tries again after a second.
        let often = match server.name {
            "python" => 2,
            _ if full => 30,
            _ => 1,
        };
        Row {
            name: server.name,
            batch: Box::new(move || come_and_go(server.addr, often)),
        }
    });
    let title = format!("{COMING} come and go");
    let churn = Table::measure(rows.collect(), rounds.min(11))?.requests(&title, &peers);
    text.push_str(&format!("\n{churn}"));

    if let Some(memory) = memory(&servers, if full { 1000 } else { 10 })? {
        text.push_str(&memory);
    }
    Ok(text)
}

fn connect(addr: SocketAddr) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(addr)?;
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// One request on each connection, then all answers; so many times.
fn requests(open: &mut [TcpStream], often: usize) -> io::Result<Measured> {
    let start = Instant::now();
    for _ in 0..often {
        for stream in &mut *open {
            stream.write_all(&MESSAGE)?;
        }
        for stream in &mut *open {
            answered(stream)?;
        }
    }
    Ok(Measured {
        messages: (often * open.len()) as u64,
        time: start.elapsed(),
        calls: None,
    })
}

fn answered(mut stream: &TcpStream) -> io::Result<()> {
    let mut answer = [0; MESSAGE.len()];
    stream.read_exact(&mut answer)?;
    assert_eq!(answer, MESSAGE);
    Ok(())
}

/// Clients that connect, ask once, and close; so many each.
fn come_and_go(addr: SocketAddr, often: usize) -> io::Result<Measured> {
    let start = Instant::now();
    thread::scope(|scope| {
        let client = || {
            for _ in 0..often {
                let mut stream = connect(addr)?;
                stream.write_all(&MESSAGE)?;
                answered(&stream)?;
            }
            io::Result::Ok(())
        };
        let clients: Vec<_> = (0..COMING).map(|_| scope.spawn(client)).collect();
        let mut joined = clients.into_iter().map(|client| {
            let done = client.join();
            done.map_err(|_| io::Error::other("a client panicked"))?
        });
        joined.try_for_each(|done| done)
    })?;
    Ok(Measured {
        messages: (often * COMING) as u64,
        time: start.elapsed(),
        calls: None,
    })
}

/// What each connection costs that has asked once and is silent. Only Linux tells. (The pool's threads are all there already, and it
/// serves no more connections than it has threads.)
fn memory(servers: &[Server], clients: usize) -> io::Result<Option<String>> {
    raise_descriptor_limit();
    let mut text = format!("\n{:<20} {:>6}\n", format!("{clients} silent"), "KiB each");
    for server in servers.iter().filter(|server| server.name != "pool") {
        let Some(before) = resident(server.child.id()) else {
            return Ok(None);
        };
        let mut open = Vec::new();
        for _ in 0..clients {
            let mut stream = connect(server.addr)?;
            stream.write_all(&MESSAGE)?;
            answered(&stream)?;
            open.push(stream);
        }
        let after = resident(server.child.id()).unwrap_or(before);
        let each = after.saturating_sub(before) as f64 / clients as f64;
        text.push_str(&format!("{:<20} {each:>8.1}\n", server.name));
    }
    Ok(Some(text))
}

/// KiB of a process.
fn resident(id: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.split_whitespace().next()?.parse().ok()
}
