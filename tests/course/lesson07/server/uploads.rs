//! Files in: PUT, a browser's form, and who may not.

use std::thread;

use super::{Site, request, write};

const TYPE: &str = "Content-Type: multipart/form-data; boundary=----WebKitFormBoundaryx";

/// What Chromium sends for a file field.
fn form(files: &[(&str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, content) in files {
        body += "------WebKitFormBoundaryx\r\n";
        body += &format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
        body += &format!("Content-Type: text/plain\r\n\r\n{content}\r\n");
    }
    (body + "------WebKitFormBoundaryx--\r\n").into_bytes()
}

#[test]
fn a_file_is_new_once_and_replaced_after_that() {
    let site = Site::new(&["--upload"]);
    for (body, status) in [("one", 201), ("two", 204), ("", 204)] {
        let length = format!("Content-Length: {}", body.len());
        let lines = if body.is_empty() {
            vec![length.as_str()]
        } else {
            vec![]
        };
        assert_eq!(
            site.ask("PUT", "/a%20\u{62}.txt", &lines, body.as_bytes())
                .status,
            status
        );
        assert_eq!(site.read("a b.txt"), body.as_bytes());
    }
    assert_eq!(site.names(), ["a b.txt", "hello.txt"]);
    let allow = site.ask("OPTIONS", "/a.txt", &[], b"");
    assert_eq!(allow.field("Allow"), Some("GET, HEAD, PUT, OPTIONS"));
    assert_eq!(
        site.ask("OPTIONS", "/upload", &[], b"").field("Allow"),
        Some("GET, HEAD, POST, OPTIONS")
    );
}

#[test]
fn names_that_are_none_are_refused_and_part_of_a_file_is_not_stored() {
    let site = Site::new(&["--upload"]);
    let long = format!("/{}", "a".repeat(256));
    for target in [
        "/",
        "/a/b.txt",
        "/%0a",
        "/.receiving-0123456789abcdef.part",
        &long,
        "/a%2fb",
        "/a/",
        "/sub/",
    ] {
        let answer = site.ask("PUT", target, &[], b"x");
        assert!(matches!(answer.status, 403 | 404), "{target}: {answer:?}");
    }
    let part = site.ask("PUT", "/hello.txt", &["Content-Range: bytes 0-0/9"], b"x");
    assert_eq!(part.status, 400);
    assert_eq!(site.names(), ["hello.txt"]);
    assert_eq!(site.read("hello.txt"), b"hello\n");
    let longest = format!("/{}", "a".repeat(255));
    assert_eq!(site.ask("PUT", &longest, &[], b"x").status, 201);
}

#[test]
fn a_browsers_form_is_stored_file_by_file() {
    let site = Site::new(&["--upload"]);
    let body = form(&[("\u{7c98}.txt", "sticky\r\n"), ("hello.txt", ""), ("", "")]);
    let answer = site.ask("POST", "/upload", &[TYPE], &body);
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (201, "stored \u{7c98}.txt\nreplaced hello.txt\n")
    );
    assert_eq!(site.read("\u{7c98}.txt"), b"sticky\r\n");
    assert_eq!(site.read("hello.txt"), b"");
    assert_eq!(site.ask("POST", "/upload", &[TYPE], &body).status, 204);
    let page = site.get("/upload", &[]);
    assert!(page.text().contains("multipart/form-data"), "{page:?}");
    assert_eq!(site.ask("HEAD", "/upload", &[], b"").status, 200);
    assert_eq!(
        site.ask("POST", "/upload", &[TYPE], &form(&[("", "")]))
            .status,
        400
    );
    assert_eq!(
        site.ask("POST", "/upload", &["Content-Type: text/plain"], &body)
            .status,
        415
    );
    for name in ["../a.txt", "a/b", "a\\b", "C:\\a.txt", "..", "a\0b"] {
        let answer = site.ask(
            "POST",
            "/upload",
            &[TYPE],
            &form(&[("good.txt", "x"), (name, "x")]),
        );
        assert!(matches!(answer.status, 400 | 403), "{name}: {answer:?}");
    }
    assert_eq!(
        site.names(),
        ["hello.txt", "\u{7c98}.txt"],
        "nothing of a form that is refused"
    );
}

#[test]
fn an_upload_that_is_cut_off_leaves_nothing_wherever_it_is_cut() {
    let site = Site::new(&["--upload"]);
    let put = request("PUT", "/new.txt", &[], b"new content");
    let body = form(&[("new.txt", "new content")]);
    let post = request("POST", "/upload", &[TYPE], &body);
    for bytes in [put, post] {
        for cut in 1..bytes.len() {
            let answer = site.all(&bytes[..cut]);
            assert!(answer.starts_with("HTTP/1.1 400 "), "{cut}: {answer}");
        }
        assert_eq!(site.names(), ["hello.txt"]);
    }
}

#[test]
fn of_two_uploads_of_one_name_one_wins_whole() {
    let site = Site::new(&["--upload"]);
    let bodies = [vec![b'a'; 1_000_000], vec![b'b'; 1_000_000]];
    for _ in 0..10 {
        thread::scope(|scope| {
            for body in &bodies {
                scope.spawn(|| {
                    let status = site.ask("PUT", "/both.bin", &[], body).status;
                    assert!(matches!(status, 201 | 204), "{status}");
                });
            }
        });
        let stored = site.read("both.bin");
        assert!(bodies.contains(&stored));
    }
    assert_eq!(site.names(), ["both.bin", "hello.txt"]);
}

#[test]
fn a_page_of_somebody_else_stores_nothing() {
    let site = Site::new(&["--upload"]);
    let body = form(&[("evil.txt", "evil")]);
    let of = |host: &str, lines: &[&str], bytes: &[u8]| {
        let text = String::from_utf8_lossy(&request("POST", "/upload", lines, bytes)).into_owned();
        let bytes = text.replace("Host: localhost", &format!("Host: {host}"));
        super::statuses(&site.all(bytes.as_bytes()))
    };
    for origin in ["http://evil.test", "null", "http://localhost:1"] {
        assert_eq!(
            of("localhost", &[TYPE, &format!("Origin: {origin}")], &body),
            [403],
            "{origin}"
        );
    }
    assert_eq!(
        of("evil.test", &[TYPE, "Origin: http://evil.test"], &body),
        [403],
        "rebinding"
    );
    assert_eq!(of("evil.test", &[TYPE], &body), [403]);
    assert_eq!(
        site.ask("PUT", "/evil.txt", &["Origin: http://evil.test"], b"x")
            .status,
        403
    );
    assert_eq!(
        site.ask("PUT", "http://evil.test/evil.txt", &[], b"x")
            .status,
        403,
        "the target's host counts"
    );
    assert_eq!(site.names(), ["hello.txt"]);
    assert_eq!(
        of(
            "127.0.0.1:8080",
            &[TYPE, "Origin: http://127.0.0.1:8080"],
            &body
        ),
        [201]
    );
    // An echo changes nothing, and takes anybody's.
    assert_eq!(
        site.ask("POST", "/echo", &["Origin: http://evil.test"], b"x")
            .text(),
        "x"
    );
}

#[test]
fn without_the_flag_nothing_is_stored() {
    let site = Site::new(&[]);
    assert_eq!(site.ask("PUT", "/a.txt", &[], b"x").status, 405);
    assert_eq!(
        site.ask("POST", "/upload", &[TYPE], &form(&[("a.txt", "x")]))
            .status,
        405
    );
    assert_eq!(site.get("/upload", &[]).status, 404);
    assert_eq!(site.names(), ["hello.txt"]);
}

/// A limit on the size of files is the nearest thing to a full disk.
#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_an_answer_and_the_connection_goes_on() {
    use std::process::Command;
    use tests::programs::{Server, program};
    let mut site = Site::new(&["--upload"]);
    let mut command = Command::new("sh");
    let line = "ulimit -f 100; exec \"$0\" server --upload --root root --addr 127.0.0.1:0";
    command
        .args(["-c", line])
        .arg(program("lesson07"))
        .current_dir(site.around.path());
    site.server = Server::launch(command);
    write(&site.root, "big.bin", "old");
    let mut connection = site.connect();
    connection.send(&request("PUT", "/big.bin", &[], &vec![b'x'; 2_000_000]));
    assert_eq!(connection.answer("PUT").status, 507);
    connection.send(&request("PUT", "/small.bin", &[], b"small"));
    assert_eq!(connection.answer("PUT").status, 201);
    assert_eq!(site.read("big.bin"), b"old");
    assert_eq!(site.names(), ["big.bin", "hello.txt", "small.bin"]);
}
