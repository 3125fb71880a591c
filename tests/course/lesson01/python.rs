//! Python beside Rust: the tutorials' programs in both directions, and the same calls with the same outcome.

use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::Shutdown;
use std::time::Duration;

use socket2::SockRef;
use tests::python::python;

use super::*;

const SCRIPT: &str = "tcp.py";

/// What is typed into a client, and what comes back: (client's scene and role, server's, stdin, stdout).
const TALKS: [([&str; 2], [&str; 2], &str, &str); 3] = [
    (
        ["client", "echo"],
        ["server", "echo-server"],
        "hello\n\nstraße 粘包\nq\nnever\n",
        "HELLO\nSTRAßE 粘包\n",
    ),
    (
        ["hello", "hello"],
        ["hello-server", "hello-server"],
        "",
        "hi\n",
    ),
    (
        ["talk", "talk"],
        ["talk-server", "talk-server"],
        "你好\n\nhow are you?\n",
        "hi\nfine\n",
    ),
];

/// The answers that are waiting at a talk server.
const ANSWERS: &[u8] = b"hi\nfine\n";

#[test]
fn our_clients_speak_with_python_servers() {
    for ([scene, _], [_, role], typed, wanted) in TALKS {
        let Some(mut command) = python(SCRIPT) else {
            return;
        };
        command.arg(role);
        let mut server = Server::launch(command);
        server.running().send(ANSWERS);
        ended(
            &client(
                &[scene, "--wire", "python"],
                server.addr(),
                typed.as_bytes(),
            ),
            0,
            wanted,
            "",
        );
    }
}

#[test]
fn python_clients_speak_with_our_servers() {
    for ([_, role], [scene, _], typed, wanted) in TALKS {
        let Some(mut command) = python(SCRIPT) else {
            return;
        };
        let mut server = server(&[scene, "--wire", "python"]);
        server.running().send(ANSWERS);
        let addr = server.addr();
        command.args([role, &addr.ip().to_string(), &addr.port().to_string()]);
        ended(&run(command, typed.as_bytes()), 0, wanted, "");
    }
}

/// Their server reads at most 1,024 bytes at once and sends back what it read.
#[test]
fn a_line_longer_than_their_read_comes_back_whole() {
    let Some(mut command) = python(SCRIPT) else {
        return;
    };
    command.arg("echo-server");
    let server = Server::launch(command);
    let line = format!("{}\n", "abcdefgh".repeat(25_000));
    let said = client(&["client"], server.addr(), line.as_bytes());
    assert!(
        said.status.success() && said.out() == line.to_uppercase(),
        "{}",
        said.err()
    );
}

#[test]
fn a_python_server_that_serves_one_message_answers_it_and_is_gone() {
    let Some(mut command) = python(SCRIPT) else {
        return;
    };
    command.arg("once-server");
    let server = Server::launch(command);
    let said = client(&["client"], server.addr(), b"one\ntwo\n");
    assert_eq!(
        (said.status.code(), said.out().as_str()),
        (Some(1), "ONE\n"),
        "{said}"
    );
    assert!(
        said.err()
            .starts_with(&format!("error: {}: ", server.addr())),
        "{said}"
    );
}

/// The table "Python to Rust" of the chapter: both columns run, and what came out is compared.
#[test]
fn the_same_calls_have_the_same_outcome() {
    let Some(mut command) = python("tcp_rows.py") else {
        return;
    };
    command.arg("rows");
    let python = run(command, b"");
    assert_eq!(python.out(), rows(), "{python}");
}

/// The Rust column, printed as the script prints its own.
fn rows() -> String {
    let mut out = String::new();
    let mut row =
        |name: &str, value: &dyn std::fmt::Display| out.push_str(&format!("{name} {value}\n"));
    let mut buffer = [0; 1024];

    let (mut client, mut server) = connection();
    row("send", &client.write(b"hello").unwrap());
    let count = server.read(&mut buffer).unwrap();
    row("recv", &String::from_utf8_lossy(&buffer[..count]));
    client.write_all(b"one\ntwo\n").unwrap();
    row("sendall", &"None");
    let mut line = String::new();
    BufReader::new(&server).read_line(&mut line).unwrap();
    row("makefile", &line.trim());
    client
        .set_read_timeout(Some(Duration::from_millis(10)))
        .unwrap();
    // Unix calls a timeout WouldBlock, as it calls "nothing yet": who set the timeout knows which it is.
    row(
        "settimeout",
        &exception(client.read(&mut buffer)).replace("BlockingIOError", "TimeoutError"),
    );
    client.set_nonblocking(true).unwrap();
    row("setblocking", &exception(client.read(&mut buffer)));
    client.set_nonblocking(false).unwrap();
    server.shutdown(Shutdown::Write).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    row("end", &client.read(&mut buffer).unwrap());
    row("after shutdown", &exception(server.write(b"x")));

    let (mut client, server) = connection();
    SockRef::from(&server)
        .set_linger(Some(Duration::ZERO))
        .unwrap();
    drop(server);
    row("linger 0", &exception(client.read(&mut buffer)));

    let (mut client, server) = connection();
    client.write_all(b"unread").unwrap();
    server.peek(&mut [0; 1]).unwrap();
    drop(server);
    row("unread", &exception(client.read(&mut buffer)));

    let (listener, addr) = listener();
    row("bind", &symbol(TcpListener::bind(addr).unwrap_err().kind()));
    row(
        "not ours",
        &symbol(TcpListener::bind("192.0.2.1:0").unwrap_err().kind()),
    );
    drop(listener);
    row("connect", &exception(TcpStream::connect(addr)));
    row(
        "connect_ex",
        &TcpStream::connect(addr)
            .unwrap_err()
            .raw_os_error()
            .unwrap(),
    );
    out
}

fn connection() -> (TcpStream, TcpStream) {
    let (listener, addr) = listener();
    let client = connect(addr);
    (client, accept(&listener))
}

/// What Python raises for an error of this kind: the table of the chapter.
fn exception<T>(result: std::io::Result<T>) -> String {
    match result.map(|_| ()).unwrap_err().kind() {
        ErrorKind::ConnectionRefused => "ConnectionRefusedError",
        ErrorKind::ConnectionReset => "ConnectionResetError",
        ErrorKind::BrokenPipe => "BrokenPipeError",
        ErrorKind::TimedOut => "TimeoutError",
        ErrorKind::WouldBlock => "BlockingIOError",
        _ => "OSError",
    }
    .to_owned()
}

fn symbol(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::AddrInUse => "EADDRINUSE",
        ErrorKind::AddrNotAvailable => "EADDRNOTAVAIL",
        _ => "another error",
    }
}

/// In the table of `endings`, Python's column is what Python makes of the number beside it.
#[test]
fn the_exceptions_in_the_table_of_endings_are_the_ones_python_raises() {
    let table = run(lesson01(&["endings"]), b"").out();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| {
            line.split("  ")
                .map(str::trim)
                .filter(|cell| !cell.is_empty())
                .collect::<Vec<_>>()
        })
        // A timeout has the number of "would block" on Unix, and an exception of its own in Python.
        .filter(|cells| {
            cells.get(3).is_some_and(|cell| cell.parse::<i32>().is_ok())
                && !cells[0].contains("timeout")
        })
        .collect();
    assert!(rows.len() >= 8, "{table}");
    let Some(mut command) = python("tcp_rows.py") else {
        return;
    };
    command.arg("names");
    let numbers: String = rows.iter().map(|cells| format!("{}\n", cells[3])).collect();
    let names = run(command, numbers.as_bytes());
    for (cells, name) in rows.iter().zip(names.out().lines()) {
        assert_eq!(cells[4], name, "{cells:?}");
    }
    assert_eq!(names.out().lines().count(), rows.len(), "{names}");
}
