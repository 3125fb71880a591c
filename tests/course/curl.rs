//! `curl` at every command server. What it sends is what a page in a browser can send to loopback: nothing of it may run.

use std::path::Path;
use std::process::{Command, Stdio};

use tests::programs::{Finished, Server, program, run};

/// A command server, its scene's options, and what its log says. Where a length stands in front, `POST` is taken for one.
const SERVERS: [(&str, &[&str], &str); 7] = [
    ("lesson03", &[], HTTP),
    (
        "lesson04",
        &["--wire", "course", "--framing", "header"],
        "frame of 1347375956 bytes is over the limit of ",
    ),
    (
        "lesson04",
        &["--wire", "course", "--framing", "text"],
        "a length is 1 to 7 decimal digits and a line feed, ",
    ),
    (
        "lesson04",
        &["--wire", "python", "--framing", "header"],
        HTTP,
    ),
    ("lesson04", &["--wire", "python", "--framing", "text"], HTTP),
    (
        "lesson05",
        &["--wire", "course"],
        "frame of 1347375956 bytes is over the limit of ",
    ),
    ("lesson05", &["--wire", "python"], HTTP),
];

const HTTP: &str = "this is HTTP, not a command";

#[test]
fn a_post_from_curl_is_never_run_and_never_answered_and_the_next_client_is_served() {
    if !is_there() {
        return;
    }
    for (lesson, options, told) in SERVERS {
        let server = Server::start(
            lesson,
            &[&["command-server"], options].concat(),
            Path::new("."),
        );
        let addr = server.addr().to_string();
        for body in ["echo owned", &"echo owned\n".repeat(1000)] {
            let posted = curl(body, &addr);
            assert_eq!(posted.out(), "", "{lesson} {options:?}");
            // An empty reply, or a reset before it (sending and receiving have a number each).
            assert!(
                matches!(posted.code(), 52 | 55 | 56),
                "{lesson} {options:?}: {posted}"
            );
        }
        let mut client = Command::new(program(lesson));
        client
            .args(["run", "--addr", &addr])
            .args(options)
            .args(["--", "echo", "alive"]);
        let next = run(client, b"");
        assert_eq!(
            (next.out().as_str(), next.code()),
            ("alive\n", 0),
            "{lesson} {options:?}: {next}"
        );
        let log = server.stop().err();
        assert_eq!(log.matches(told).count(), 2, "{lesson} {options:?}: {log}");
        assert!(!log.contains("owned"), "{lesson} {options:?}: {log}");
    }
}

/// `curl -d BODY http://ADDR/`, whatever the user's own settings are.
fn curl(body: &str, addr: &str) -> Finished {
    let mut command = Command::new("curl");
    command.args([
        "-q",
        "-sS",
        "--noproxy",
        "*",
        "--max-time",
        "30",
        "-d",
        body,
    ]);
    command.arg(format!("http://{addr}/"));
    run(command, b"")
}

/// Whether there is a curl; if not, a line says that it is missing.
fn is_there() -> bool {
    let version = Command::new("curl")
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    let missing = match version {
        Ok(said) if said.status.success() => return true,
        Ok(said) => said.status.to_string(),
        Err(error) => error.to_string(),
    };
    cli::log(format_args!(
        "skipped: the command servers under HTTP need curl: {missing}"
    ));
    false
}
