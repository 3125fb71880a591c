//! The client from outside: what it prints, stores and says, at servers that are right, wrong, or gone.

use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::thread;

use tests::programs::{Finished, Server, program, run};
use tests::python::python;

/// A server that gives each connection the next of these answers, whatever it is asked, and closes.
fn answering(answers: Vec<Vec<u8>>, ask: impl FnOnce(u16) -> Finished) -> (Finished, Vec<String>) {
    let listener: TcpListener = tests::listener();
    let port = listener.local_addr().unwrap().port();
    thread::scope(|scope| {
        let heard = scope.spawn(move || {
            let answers = answers.into_iter();
            Vec::from_iter(answers.map_while(|answer| one_answer(&listener, &answer)))
        });
        let finished = ask(port);
        // Whatever it did not ask for: wake the listener as often as it could still wait.
        while !heard.is_finished() {
            if let Ok(stream) = TcpStream::connect(("127.0.0.1", port)) {
                let _ = stream.shutdown(Shutdown::Write);
            }
            thread::yield_now();
        }
        (finished, heard.join().unwrap())
    })
}

/// The head of the request; none: the connection was only a knock.
fn one_answer(listener: &TcpListener, answer: &[u8]) -> Option<String> {
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read(&mut byte).unwrap_or(0) == 0 {
            return None;
        }
        head.push(byte[0]);
    }
    let _ = stream.write_all(answer);
    let _ = stream.shutdown(Shutdown::Write);
    let _ = std::io::copy(&mut stream, &mut std::io::sink()); // until it has closed: no reset
    Some(String::from_utf8(head).unwrap())
}

fn client(args: &[&str], folder: &Path) -> Finished {
    let mut command = Command::new(program("lesson07"));
    command.args(args).current_dir(folder);
    run(command, b"")
}

/// What `get` makes of one answer.
fn get(answer: &[u8]) -> Finished {
    answering(vec![answer.to_vec()], |port| {
        let url = format!("http://127.0.0.1:{port}/x");
        client(&["get", &url], Path::new("."))
    })
    .0
}

fn plain(body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

fn redirect(status: u16, location: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} go\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
        .into_bytes()
}

/// `hello, hello, ...`, zipped: some 30 bytes for 700.
fn zipped() -> Vec<u8> {
    let mut zip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    zip.write_all("hello, ".repeat(100).as_bytes()).unwrap();
    zip.finish().unwrap()
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

#[test]
fn get_prints_the_exact_bytes_of_a_body() {
    for body in ["", "hello", "a\r\nb\0c\u{1b}[2J粘包"] {
        let finished = get(&plain(body));
        assert_eq!(
            (finished.code(), finished.stdout.as_slice()),
            (0, body.as_bytes())
        );
    }
    let finished = get(&gzip(&zipped()));
    assert_eq!(
        (finished.code(), finished.out()),
        (0, "hello, ".repeat(100))
    );
}

#[test]
fn an_answer_that_is_not_one_is_an_error_that_says_why() {
    for (answer, why) in [
        ("", "the server closed the connection without an answer"),
        ("HTTP/1.1 200 OK\r\nContent-Le", "ended"),
        ("hello\r\n\r\n", "not HTTP/"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
            "after 5 bytes of the body",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
            "content_length",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "after 5 bytes of the body",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello!!\r\n0\r\n\r\n",
            "after 5 bytes of the body",
        ),
        ("HTTP/2.0 200 OK\r\n\r\n", "version"),
    ] {
        let finished = get(answer.as_bytes());
        let line = finished.err();
        assert!(
            finished.code() == 1 && line.starts_with("error: http://127.0.0.1:"),
            "{answer:?}: {finished}"
        );
        assert!(line.contains(why), "{answer:?}: {line}");
        assert_eq!(line.lines().count(), 1, "{line}");
    }
    let cut = zipped();
    let finished = get(&gzip(&cut[..cut.len() - 5]));
    assert!(
        finished.code() == 1 && finished.err().contains("bytes of the body"),
        "{finished}"
    );
    let endless = [b"HTTP/1.1 200 OK\r\n".to_vec(), b"X: y\r\n".repeat(100_000)].concat();
    let finished = get(&endless);
    assert!(
        finished.code() == 1 && finished.err().contains("head"),
        "{finished}"
    );
}

#[test]
fn a_status_of_400_and_more_prints_the_body_and_ends_with_1() {
    let finished = get("HTTP/1.1 404 Not\u{202e}\r\nContent-Length: 3\r\n\r\nno\n".as_bytes());
    assert_eq!((finished.code(), finished.out().as_str()), (1, "no\n"));
    assert!(
        finished.err().ends_with(": 404 Not\\u{202e}\n"),
        "{finished}"
    );
    // No class has these, and 101 was not asked for (RFC 9110, section 15).
    for status in ["503", "000", "099", "600", "101"] {
        let finished = get(format!("HTTP/1.1 {status} \r\nContent-Length: 0\r\n\r\n").as_bytes());
        let line = finished.err();
        assert!(
            finished.code() == 1 && line.ends_with(&format!(": {status}\n")),
            "{finished}"
        );
    }
}

#[test]
fn a_flag_that_would_do_nothing_is_wrong_usage() {
    let finished = client(
        &["get", "http://127.0.0.1:1/", "--wire", "python"],
        Path::new("."),
    );
    assert_eq!(
        (finished.code(), finished.err().as_str()),
        (2, "error: --wire: HTTP is one wire\n")
    );
}

#[test]
fn another_machine_stands_in_for_the_one_that_the_url_names() {
    let answers = vec![redirect(302, "/y"), plain("there")];
    let (finished, heard) = answering(answers, |port| {
        let addr = format!("127.0.0.1:{port}");
        let url = "http://name.invalid/x";
        client(&["get", url, "--addr", &addr], Path::new("."))
    });
    assert_eq!(
        (finished.code(), finished.out().as_str()),
        (0, "there"),
        "{finished}"
    );
    for (head, path) in heard.iter().zip(["/x", "/y"]) {
        let wanted = format!("GET {path} HTTP/1.1\r\nHost: name.invalid\r\n");
        assert!(head.starts_with(&wanted), "{head}");
    }
    // Only for that one: a redirect to another machine leads there, and nobody is there.
    let (finished, heard) = answering(vec![redirect(302, "http://127.0.0.1:1/")], |port| {
        let addr = format!("127.0.0.1:{port}");
        let url = "http://name.invalid/x";
        client(&["get", url, "--addr", &addr], Path::new("."))
    });
    assert_eq!((finished.code(), heard.len()), (1, 1), "{finished}");
    assert!(finished.err().contains("127.0.0.1:1: refused"));
}

#[test]
fn redirects_are_followed_ten_times_and_only_to_http() {
    let folder = Path::new(".");
    let (finished, heard) = answering(
        vec![redirect(302, "/a?b"), redirect(308, "c"), plain("there")],
        |port| client(&["get", &format!("http://127.0.0.1:{port}/x/y")], folder),
    );
    assert_eq!(
        (finished.code(), finished.out().as_str()),
        (0, "there"),
        "{finished}"
    );
    let asked = heard.iter().map(|head| head.split(' ').nth(1).unwrap());
    assert_eq!(Vec::from_iter(asked), ["/x/y", "/a?b", "/c"]);

    let (finished, heard) = answering(vec![redirect(301, "/x"); 20], |port| {
        client(&["get", &format!("http://127.0.0.1:{port}/x")], folder)
    });
    assert_eq!((finished.code(), heard.len()), (1, 11), "{finished}");
    assert!(
        finished.err().contains("more than 10 redirects"),
        "{finished}"
    );

    for location in ["https://a/", "file:///etc/passwd", "javascript:x"] {
        let finished = get(&redirect(302, location));
        assert!(
            finished.code() == 1 && finished.err().contains("a redirect to "),
            "{finished}"
        );
    }
}

#[test]
fn a_post_is_repeated_by_307_and_becomes_a_get_by_303() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("body.txt"), "hello").unwrap();
    for (status, methods) in [
        (303, ["POST", "GET"]),
        (302, ["POST", "GET"]),
        (307, ["POST", "POST"]),
    ] {
        let (finished, heard) = answering(vec![redirect(status, "/b"), plain("done")], |port| {
            let url = format!("http://127.0.0.1:{port}/a");
            client(&["post", &url, "body.txt"], folder.path())
        });
        assert_eq!(
            (finished.code(), finished.out().as_str()),
            (0, "done"),
            "{finished}"
        );
        let asked = heard.iter().map(|head| head.split(' ').next().unwrap());
        assert_eq!(Vec::from_iter(asked), methods, "{status}");
        for (head, method) in heard.iter().zip(methods) {
            let has_body = head.contains("Content-Length: 5\r\n");
            assert_eq!(has_body, method == "POST", "{heard:?}");
        }
    }
}

#[test]
fn head_prints_the_head_and_harms_no_terminal() {
    let answer = b"HTTP/1.1 200 OK\r\nX-Name: \xe7\xb2\x98\x9b\r\nContent-Length: 5\r\n\r\n";
    let (finished, heard) = answering(vec![answer.to_vec()], |port| {
        client(
            &["head", &format!("http://127.0.0.1:{port}/")],
            Path::new("."),
        )
    });
    let wanted = "HTTP/1.1 200 OK\nX-Name: 粘\u{fffd}\nContent-Length: 5\n";
    assert_eq!((finished.code(), finished.out().as_str()), (0, wanted));
    assert!(
        heard[0].starts_with("HEAD / HTTP/1.1\r\nHost: 127.0.0.1:"),
        "{heard:?}"
    );
}

#[test]
fn download_stores_what_came_whole_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let load = |answer: &[u8], path: &str| {
        answering(vec![answer.to_vec()], |port| {
            let url = format!("http://127.0.0.1:{port}{path}");
            client(&["download", &url], folder.path())
        })
        .0
    };
    let names = || {
        let mut names = Vec::from_iter(
            fs::read_dir(folder.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap()),
        );
        names.sort();
        names
    };
    let finished = load(&plain("hello"), "/d/%E7%B2%98.txt?x=../y");
    assert_eq!(
        (finished.code(), finished.out().as_str()),
        (0, ""),
        "{finished}"
    );
    assert!(
        finished.err().starts_with("saved 粘.txt: 5 bytes"),
        "{finished}"
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("粘.txt")).unwrap(),
        "hello"
    );

    let finished = load(&gzip(&zipped()), "/z");
    assert!(
        finished.err().starts_with("saved z: 700 bytes"),
        "{finished}"
    );

    // Cut off, refused, or of a name that is none: nothing new, and the old file as it was.
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello";
    let missing = b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\nno";
    assert_eq!(load(short, "/z").code(), 1);
    assert_eq!(load(short, "/new").code(), 1);
    let finished = load(missing, "/new");
    assert_eq!((finished.code(), finished.out().as_str()), (1, "no"));
    for status in ["204", "206", "304", "300"] {
        let answer = format!("HTTP/1.1 {status} \r\nContent-Length: 0\r\n\r\n");
        let finished = load(answer.as_bytes(), "/z");
        assert!(
            finished.code() == 1 && finished.err().contains(status),
            "{finished}"
        );
    }
    for path in [
        "/",
        "/..",
        "/%2e%2e",
        "/a%2fb",
        "/a%00b",
        "/%2e%2e%2fvictim",
    ] {
        assert_eq!(load(&plain("x"), path).code(), 2, "{path}");
    }
    assert_eq!(names(), ["z", "粘.txt"]);
    assert_eq!(fs::read(folder.path().join("z")).unwrap().len(), 700);
}

#[test]
fn pythons_own_server_is_understood() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a b.txt"), "hello\n").unwrap();
    fs::write(folder.path().join("big.bin"), vec![7; 3_000_000]).unwrap();
    let Some(mut command) = python("http_server.py") else {
        return;
    };
    command.current_dir(folder.path());
    let server = Server::launch(command);
    let to = tempfile::tempdir().unwrap();
    let ask = |verb: &str, path: &str| {
        let url = format!("http://{}{path}", server.addr());
        client(&[verb, &url], to.path())
    };
    assert_eq!(ask("get", "/a b.txt").out(), "hello\n");
    assert!(
        ask("head", "/a%20b.txt")
            .out()
            .contains("Content-Length: 6\n")
    );
    let finished = ask("get", "/none");
    assert!(
        finished.code() == 1 && finished.err().contains(": 404 "),
        "{finished}"
    );
    assert_eq!(ask("download", "/big.bin").code(), 0);
    assert_eq!(
        fs::read(to.path().join("big.bin")).unwrap(),
        vec![7; 3_000_000]
    );
}
