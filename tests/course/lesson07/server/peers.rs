//! Clients of others: curl, and Python's `http.client`.

use std::fs;
use std::process::{Command, Stdio};

use tests::programs::{Finished, run};
use tests::python::python;

use super::{Site, write};

/// `curl ARGS URL`, whatever the user's own settings are; none where there is no curl.
fn curl(site: &Site, args: &[&str], target: &str) -> Option<Finished> {
    let there = Command::new("curl")
        .arg("--version")
        .stdin(Stdio::null())
        .output();
    if !there.is_ok_and(|there| there.status.success()) {
        cli::log("skipped: there is no curl");
        return None;
    }
    let mut command = Command::new("curl");
    command
        .args(["-q", "-sS", "--noproxy", "*", "--max-time", "20"])
        .args(args);
    command.arg(format!("http://{}{target}", site.server.addr()));
    command.current_dir(site.around.path());
    let finished = run(command, b"");
    assert_eq!(finished.code(), 0, "{args:?} {target}: {finished}");
    Some(finished)
}

#[test]
fn curl_notices_nothing() {
    let site = Site::new(&["--upload"]);
    let text = "0123456789".repeat(1_000);
    write(&site.root, "long.txt", &text);
    write(site.around.path(), "up.txt", "up\n");
    write(site.around.path(), "large.bin", vec![7; 3_000_000]);
    let Some(shown) = curl(&site, &["-v"], "/hello.txt") else {
        return;
    };
    assert_eq!(shown.out(), "hello\n");
    assert!(shown.err().contains("< HTTP/1.1 200 OK"), "{shown}");
    let ask = |args: &[&str], target: &str| curl(&site, args, target).unwrap().out();
    assert!(ask(&["-I"], "/long.txt").contains("Content-Length: 10000\r\n"));
    assert!(ask(&["-i", "-X", "OPTIONS"], "/").contains("Allow: GET, HEAD, PUT, OPTIONS\r\n"));
    assert_eq!(ask(&["--range", "3-5"], "/long.txt"), "345");
    assert_eq!(ask(&["--compressed"], "/long.txt"), text);
    assert_eq!(ask(&["--http1.0"], "/hello.txt"), "hello\n");
    assert_eq!(ask(&["-L"], "/?a"), ask(&[], "/"));
    let status = ["-o", "/dev/null", "-w", "%{http_code}"];
    assert_eq!(ask(&[&status[..], &["-T", "up.txt"]].concat(), "/"), "201");
    assert_eq!(
        ask(&[&status[..], &["-T", "up.txt"]].concat(), "/up.txt"),
        "204"
    );
    assert_eq!(
        ask(
            &["-F", "note=x", "-F", "file=@up.txt;filename=form.txt"],
            "/upload"
        ),
        "stored form.txt\n"
    );
    assert_eq!(
        ask(
            &["-T", "large.bin", "-H", "Expect: 100-continue"],
            "/large.bin"
        ),
        "201 Created\n"
    );
    assert_eq!(
        ask(&["-H", "Expect: 100-continue", "-d", "hi"], "/echo"),
        "hi"
    );
    let chunked = [
        "-H",
        "Transfer-Encoding: chunked",
        "--data-binary",
        "@large.bin",
    ];
    assert!(ask(&[&chunked[..], &["-o", "echo.bin"]].concat(), "/echo").is_empty());
    assert_eq!(
        fs::read(site.around.path().join("echo.bin")).unwrap(),
        vec![7; 3_000_000]
    );
    for (name, content) in [("up.txt", "up\n"), ("form.txt", "up\n")] {
        assert_eq!(site.read(name), content.as_bytes());
    }
    // Two on one connection.
    let url = format!("http://{}/hello.txt", site.server.addr());
    assert_eq!(ask(&[&url], "/hello.txt"), "hello\nhello\n");
}

#[test]
fn pythons_client_notices_nothing() {
    let site = Site::new(&["--upload"]);
    write(&site.root, "long.txt", "0123456789".repeat(1_000));
    let Some(mut command) = python("http_client.py") else {
        return;
    };
    command.arg(site.server.addr().port().to_string());
    let finished = run(command, b"");
    assert_eq!(
        (finished.code(), finished.out().as_str()),
        (0, "all right\n"),
        "{finished}"
    );
    assert_eq!(site.read("py.txt"), b"from python");
}
