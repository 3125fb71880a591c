//! Python beside Rust: the tutorials' programs in both directions, and the same calls with the same outcome.

use std::io::ErrorKind;
use std::net::Ipv4Addr;

use jiff::{Timestamp, tz::TimeZone};
use tests::python::python;

use super::*;

const SCRIPT: &str = "udp.py";

/// What is typed into a client, and what comes back: (role of the client, of the server, stdin, stdout). Both echoes work
/// on bytes, and `bytes.upper` knows the letters of ASCII only.
const TALKS: [(&str, &str, &str, &str); 4] = [
    (
        "client",
        "server",
        "hello\nwörld 粘包\nq\n",
        "HELLO\nWöRLD 粘包\n",
    ),
    ("hello", "hello-server", "", "hi\n"),
    (
        "chat",
        "chat-server",
        "金老板\n你好\n\nhello\nq\negg\nciao\n",
        "一\ntwo\nthree\n",
    ),
    ("time", "time-server", "%% %H 时间\n", ""),
];
/// The answers that are waiting at a chat server.
const ANSWERS: &[u8] = "一\ntwo\nthree\n".as_bytes();

/// The echo is `client` and `server` here, `echo` and `echo-server` in the script.
fn role(ours: &str) -> &str {
    match ours {
        "client" => "echo",
        "server" => "echo-server",
        same => same,
    }
}

#[track_caller]
fn as_wanted(client: &str, finished: &Finished, wanted: &str) {
    assert!(finished.status.success(), "{client}: {finished}");
    let out = finished.out();
    if wanted.is_empty() {
        let hour = out
            .strip_prefix("% ")
            .and_then(|rest| rest.strip_suffix(" 时间\n"));
        assert!(
            hour.is_some_and(|hour| hour.len() == 2 && hour.parse::<u8>().is_ok()),
            "{client}: {finished}"
        );
    } else {
        assert_eq!(out, wanted, "{client}");
    }
}

#[test]
fn our_clients_speak_with_python_servers() {
    for (client_scene, server_scene, typed, wanted) in TALKS {
        let Some(mut command) = python(SCRIPT) else {
            return;
        };
        command.arg(role(server_scene));
        let mut server = Server::launch(command);
        server.running().send(ANSWERS);
        let said = client(
            &[client_scene, "--wire", "python"],
            server.addr(),
            typed.as_bytes(),
        );
        as_wanted(client_scene, &said, wanted);
    }
}

#[test]
fn python_clients_speak_with_our_servers() {
    for (client_scene, server_scene, typed, wanted) in TALKS {
        let Some(mut command) = python(SCRIPT) else {
            return;
        };
        let mut server = server(&[server_scene, "--wire", "python"]);
        server.running().send(ANSWERS);
        let addr = server.addr();
        command.args([
            role(client_scene),
            &addr.ip().to_string(),
            &addr.port().to_string(),
        ]);
        as_wanted(client_scene, &run(command, typed.as_bytes()), wanted);
    }
}

/// The table "Python to Rust" of the chapter: both columns run, and what came out is compared.
#[test]
fn the_same_calls_have_the_same_outcome() {
    let Some(mut command) = python("udp_rows.py") else {
        return;
    };
    command.arg("rows");
    let python = run(command, b"");
    assert_eq!(python.out(), rows(), "{python}");
}

/// The Rust column, printed as the script prints its own.
fn rows() -> String {
    let mut out = String::new();
    let mut row = |line: String| out.push_str(&(line + "\n"));
    let ((here, addr), (there, there_addr)) = (socket(), socket());
    let mut room = [0; 1024];
    let kind = |result: std::io::Result<usize>| result.unwrap_err().kind();
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };

    row(format!("sendto {}", there.send_to(b"hello", addr).unwrap()));
    let (size, peer) = here.recv_from(&mut room).unwrap();
    row(format!(
        "recvfrom {} {}",
        hex(&room[..size]),
        if peer == there_addr { "True" } else { "False" }
    ));
    there.send_to(b"hello", addr).unwrap();
    there.send_to(b"", addr).unwrap();
    let (size, _) = here.recv_from(&mut room[..1]).unwrap();
    row(format!("room for one {}", hex(&room[..size])));
    let (size, _) = here.recv_from(&mut room).unwrap();
    row(format!("empty {}", hex(&room[..size])));
    let error = there.send_to(&[0; LARGEST + 1], addr).unwrap_err();
    row(format!("too large {}", error.raw_os_error().unwrap()));
    here.set_read_timeout(Some(Duration::from_millis(10)))
        .unwrap();
    let timeout = kind(here.recv_from(&mut room).map(|(size, _)| size));
    assert!(
        matches!(timeout, ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{timeout}"
    ); // Unix says the former
    row("timeout".to_owned());
    here.set_nonblocking(true).unwrap();
    assert_eq!(
        kind(here.recv_from(&mut room).map(|(size, _)| size)),
        ErrorKind::WouldBlock
    );
    row("would block".to_owned());
    let (_nobody, refusing) = nobody();
    there.connect(refusing).unwrap();
    there.send(b"x").unwrap();
    assert_eq!(kind(there.recv(&mut room)), ErrorKind::ConnectionRefused);
    row("refused".to_owned());
    assert_eq!(
        kind(there.send_to(b"x", (Ipv4Addr::BROADCAST, 9))),
        ErrorKind::PermissionDenied
    );
    row("permission denied".to_owned());
    out
}

/// Every directive of C89 but the percent sign (which is one too), at moments that differ where they can: morning and
/// evening, a leap day, the first and the last week, both sides of a change to summer time.
#[test]
fn strftime_and_jiff_agree_on_every_directive_of_c89() {
    // Zones in POSIX form need no database on either side.
    let zones = ["UTC0", "EST5EDT,M3.2.0,M11.1.0", "CST-8"];
    let moments = [
        0,
        951_782_400,
        1_700_000_000,
        1_709_164_799,
        1_710_054_000,
        1_735_689_599,
        1_767_225_600,
    ];
    let directives = "aAbBcdHIjmMpSUwWxXyYZ%";
    let mut typed = String::new();
    let mut ours = String::new();
    for zone in zones {
        let tz = TimeZone::posix(zone).unwrap();
        for moment in moments {
            let now = Timestamp::from_second(moment).unwrap().to_zoned(tz.clone());
            for format in directives
                .chars()
                .map(|d| format!("%{d}"))
                .chain(["%Y-%m-%d %X 时间 %%d".to_owned()])
            {
                typed.push_str(&format!("{moment} {zone} {format}\n"));
                ours.push_str(&(lesson02::format_time(format.as_bytes(), &now).unwrap() + "\n"));
            }
        }
    }
    let Some(mut command) = python("udp_rows.py") else {
        return;
    };
    command.arg("formats");
    let theirs = run(command, typed.as_bytes());
    for ((line, ours), theirs) in typed.lines().zip(ours.lines()).zip(theirs.out().lines()) {
        assert_eq!(ours, theirs, "{line}");
    }
    assert_eq!(
        ours.lines().count(),
        theirs.out().lines().count(),
        "{theirs}"
    );
}
