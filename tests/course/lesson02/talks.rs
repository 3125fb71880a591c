//! Echo, hello and time: a question, an answer, and what is said when there is none.

use super::*;

#[test]
fn each_line_is_a_datagram_and_a_blank_one_is_empty() {
    let server = server(&["server"]);
    let lines = "hello\r\n\nwörld 粘包\n\x1b]0;x\nq\nnot sent\n";
    ended(
        &client(&["client"], server.addr(), lines.as_bytes()),
        0,
        "HELLO\n\nWöRLD 粘包\n\\u{1b}]0;X\n",
        "",
    );
    assert_eq!(ask(server.addr(), b"\xff\x00az"), b"\xff\x00AZ");
}

#[test]
fn the_largest_datagram_is_echoed_and_a_larger_one_is_one_error_line() {
    let server = server(&["server"]);
    let lines = [
        &b"a\n"[..],
        &[b'x'; LARGEST],
        b"\n",
        &[b'x'; LARGEST + 1],
        b"\nb",
    ]
    .concat();
    let said = format!(
        "error: {}: datagram of 65508 bytes is over the limit of 65507\n",
        server.addr()
    );
    let out = format!("A\n{}\nB\n", "X".repeat(LARGEST));
    ended(&client(&["client"], server.addr(), &lines), 1, &out, &said);
}

#[test]
fn a_refused_port_is_one_line_for_each_entry_and_status_1() {
    let (_nobody, addr) = nobody();
    let line =
        |server: &str| format!("error: {addr}: refused: is the server running? try {server}\n");
    let echo = line("cargo run -p lesson02 -- server");
    ended(
        &client(&["client"], addr, b"a\nb\n"),
        1,
        "",
        &(echo.clone() + &echo),
    );
    ended(
        &client(&["hello"], addr, b""),
        1,
        "",
        &line("cargo run -p lesson02 -- hello-server"),
    );
    ended(
        &client(&["time", "%Y"], addr, b""),
        1,
        "",
        &line("cargo run -p lesson02 -- time-server"),
    );
    let chat = client(&["chat"], addr, b"egg\nhi\n");
    ended(&chat, 1, "", &line("cargo run -p lesson02 -- chat-server"));
}

#[test]
fn silence_is_one_line_for_each_entry_and_the_next_is_asked() {
    let (silent, addr) = socket();
    let missing = format!("error: {addr}: no answer in 0.2 s\n");
    let finished = client(&["client", "--timeout", "0.2"], addr, b"a\nb\n");
    ended(&finished, 1, "", &missing.repeat(2));
    for wanted in [b"a", b"b"] {
        let mut room = [0; 9];
        let (size, _) = silent.recv_from(&mut room).unwrap();
        assert_eq!(&room[..size], wanted);
    }
    ended(
        &client(&["hello"], addr, b""),
        1,
        "",
        &format!("error: {addr}: no answer in 2 s\n"),
    );
    let chat = client(&["chat", "--idle", "0.2"], addr, b"egg\nhi\nq\nyuan\n");
    ended(&chat, 1, "", &missing);
}

#[test]
fn hello_is_answered_once() {
    let mut server = server(&["hello-server"]);
    ended(&client(&["hello"], server.addr(), b""), 0, "hi\n", "");
    let ended_by_itself = server.running().stdout.until_the_end(PATIENCE);
    assert_eq!(
        String::from_utf8_lossy(&ended_by_itself),
        format!("listening on {}\nhello\n", server.addr())
    );
    let finished = server.stop();
    assert_eq!(finished.status.code(), Some(0), "{finished}");
}

#[test]
fn a_name_with_several_addresses_finds_the_server() {
    let server = server(&["server"]);
    let addr = format!("localhost:{}", server.addr().port());
    ended(
        &run(lesson02(&["client", "--addr", &addr]), b"a\nb\n"),
        0,
        "A\nB\n",
        "",
    );
    if UdpSocket::bind("[::1]:0").is_err() {
        cli::log("skipped: no IPv6 on this machine");
        return;
    }
    let server = Server::launch(lesson02(&["server", "--addr", "[::1]:0"]));
    ended(&client(&["client"], server.addr(), b"a\n"), 0, "A\n", "");
}

#[test]
fn the_time_is_told_in_any_format_and_a_bad_one_is_answered_too() {
    let mut command = lesson02(&["time-server", "--addr", "127.0.0.1:0"]);
    command.env("TZ", "UTC");
    let server = Server::launch(command);
    let addr = server.addr();
    ended(
        &client(&["time", "%Z 时间 %%"], addr, b""),
        0,
        "UTC 时间 %\n",
        "",
    );
    let bad = client(&["time"], addr, b"\xff\n%!\n%\n");
    assert_eq!(
        (bad.status.code(), bad.out().matches("bad format: ").count()),
        (Some(0), 3),
        "{bad}"
    );
    let default = client(&["time"], addr, b"\n").out();
    let shape: String = default
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(shape, "0000-00-00 00:00:00\n");
    assert_eq!(client(&["time", ""], addr, b"").out().len(), default.len());
    let long = ask(addr, "%c".repeat(LARGEST / 2).as_bytes());
    assert!(
        long.starts_with(b"bad format: ") && long.len() < 200,
        "{}",
        String::from_utf8_lossy(&long)
    );
    ended(&client(&["time"], addr, b"q\n"), 0, "q\n", ""); // a format like any other
}

#[test]
fn a_directive_that_c89_does_not_know_is_refused_by_its_name() {
    let server = server(&["time-server"]);
    ended(
        &client(&["time"], server.addr(), b"%Q\n%-d\n%%%e\n100%\n"),
        0,
        "bad format: %Q is not a directive of C89\nbad format: %- is not a directive of C89\n\
         bad format: %e is not a directive of C89\nbad format: a lone % at the end; %% gives one\n",
        "",
    );
}

#[test]
fn a_zone_that_cannot_be_read_is_told_before_the_first_answer() {
    let in_zone = |zone: &str| {
        let mut command = lesson02(&["time-server", "--addr", "127.0.0.1:0"]);
        command.env("TZ", zone);
        Server::launch(command)
    };
    for zone in ["CET-1CEST", "Nowhere/City", "/etc/passwd", "junk"] {
        let mut server = in_zone(zone);
        let why = server.logs(&format!("the time is in UTC: TZ={zone} is neither "));
        assert!(why.ends_with("such as CET-1CEST,M3.5.0,M10.5.0/3"), "{why}");
        assert_eq!(ask(server.addr(), b"%Z"), b"UTC");
        let log = server.running().stderr.text();
        assert_eq!(log.lines().count(), 1, "{log}");
    }
    for (zone, wanted) in [("", "UTC"), ("UTC", "UTC"), ("<+03>-3", "+03")] {
        let mut server = in_zone(zone);
        assert_eq!(ask(server.addr(), b"%Z"), wanted.as_bytes());
        assert_eq!(server.running().stderr.text(), "", "{zone}");
    }
}
