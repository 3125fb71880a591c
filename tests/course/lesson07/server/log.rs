//! What the log says, and what it never says.

use super::{Site, request};

#[test]
fn a_request_is_one_line_whatever_it_holds() {
    let site = Site::new(&[]);
    site.get("/hello.txt?a=b", &[]);
    site.get(&format!("/{}", "x".repeat(5000)), &["User-Agent: \u{7c98}"]);
    site.all("GET /\u{202e}\u{1b}[2J HTTP/1.1\r\nHost: a\r\n\r\n".as_bytes());
    site.all(b"GET / HTTP/1.1\r\nHost: a\r\nX: \x1b[31m\r\n\r\n");
    site.all(&request("GET", "/%0d%0aforged:%20line", &[], b""));
    site.all(&request("B\u{52}EW", "/", &[], b""));
    let log = site.server.stop().err();
    // Of six connections, each with a thread: in any order.
    for line in [
        ": GET /hello.txt?a=b 200 6 bytes ",
        &format!(": GET /{}... 404 ", "x".repeat(199)),
        ": a request 400 58 bytes ",
        ": GET /%0d%0aforged:%20line 404 ",
        ": BREW / 501 ",
    ] {
        assert!(
            log.lines().any(|logged| logged.contains(line)),
            "{line}\n{log}"
        );
    }
    assert_eq!(log.lines().count(), 6, "{log}");
    assert!(
        !log.contains('\u{1b}') && !log.contains('\u{202e}'),
        "{log:?}"
    );
}

#[test]
fn it_stops_with_status_0_and_wrong_use_is_2() {
    use std::process::Command;
    use tests::programs::{program, run};
    let finished = Site::new(&[]).server.stop();
    assert_eq!(finished.code(), 0, "{finished}");
    for (args, code) in [
        (&["server", "--upload"][..], 2),
        (&["server", "--root", "no such folder"], 1),
        (&["server", "--root", ".", "--port", "x"], 2),
        (
            &[
                "server",
                "--root",
                ".",
                "--port",
                "1",
                "--addr",
                "127.0.0.1:0",
            ],
            2,
        ),
        (&["server", "--root", ".", "--max-clients", "0"], 2),
        (&["server", "--root", ".", "--max-body", "-1"], 2),
    ] {
        let mut command = Command::new(program("lesson07"));
        command.args(args);
        let finished = run(command, b"");
        assert_eq!(finished.code(), code, "{args:?}: {finished}");
        assert!(finished.err().starts_with("error: "), "{finished}");
    }
}
