//! The plain programs, `examples/` of each lesson: each one is talked to by the real program of its lesson, and all that
//! was printed is compared. And they stay plain: short, and without a crate of ours.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::path::Path;
use std::process::Command;

use tests::deadline::{self, PATIENCE};
use tests::programs::{Finished, Running, Server, example, program, run, workspace};
use tests::tree::Tree;

/// The size of one plain program: what is read in one sitting.
const LINES: usize = 42;

fn plain(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(example(name));
    command.args(args);
    command
}

fn plain_server(name: &str) -> Server {
    Server::launch(plain(name, &["127.0.0.1:0"]))
}

/// A plain client of `addr` with `stdin`, to its end.
fn plain_client(name: &str, addr: SocketAddr, stdin: &str) -> Finished {
    run(plain(name, &[&addr.to_string()]), stdin.as_bytes())
}

/// The real client of `addr` with `stdin`, to its end.
fn real_client(lesson: &str, args: &[&str], addr: SocketAddr, stdin: &str) -> Finished {
    let mut command = Command::new(program(lesson));
    command.args(args).args(["--addr", &addr.to_string()]);
    run(command, stdin.as_bytes())
}

fn real_server(lesson: &str, args: &[&str]) -> Server {
    Server::start(lesson, args, workspace())
}

/// A client of the test's own, which waits for nothing in vain.
fn connect(server: &Server) -> TcpStream {
    let stream = deadline::connect(server.addr(), PATIENCE).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_nodelay(true).unwrap();
    stream
}

#[track_caller]
fn ended(finished: &Finished, status: i32, stdout: &str, stderr: &str) {
    let was = (finished.status.code(), finished.out(), finished.err());
    assert_eq!(was, (Some(status), stdout.to_owned(), stderr.to_owned()));
}

/// What `seq` prints.
fn seq(last: u32) -> String {
    (1..=last).map(|number| format!("{number}\n")).collect()
}

// Lesson 00: no second end. The real program answers the same question.

#[test]
fn threaded_echo_answers_the_real_client_while_others_are_silent() {
    let server = plain_server("threaded_echo");
    let silent = [connect(&server), connect(&server)];
    let client = ["client", "--wire", "python"];
    let finished = real_client("lesson06", &client, server.addr(), "hello\n粘包\n");
    ended(&finished, 0, "HELLO\n粘包\n", "");
    drop(silent);
}

#[test]
fn same_network_says_what_lesson00_says() {
    for (ours, theirs) in [
        ("192.168.1.20/24", "192.168.1.99"),
        ("192.168.1.20/24", "192.168.2.20"),
        ("10.1.2.200/26", "10.1.2.193"),
        ("10.1.2.200/26", "10.1.2.191"),
        ("172.16.0.1/12", "172.31.255.255"),
        ("172.16.0.1/12", "172.32.0.0"),
        ("10.0.0.2/31", "10.0.0.3"),
        ("10.0.0.2/32", "10.0.0.3"),
        ("10.0.0.2/32", "10.0.0.2"),
        ("10.0.0.2/1", "127.255.255.255"),
        ("10.0.0.2/1", "128.0.0.0"),
        ("10.0.0.2/0", "203.0.113.7"),
    ] {
        let mut real = Command::new(program("lesson00"));
        real.args([ours, theirs]);
        let says = |finished: Finished| {
            let out = finished.out();
            let says = out.lines().find(|line| line.starts_with("same network: "));
            says.unwrap_or_else(|| panic!("{finished}")).to_owned()
        };
        assert_eq!(
            says(run(plain("same_network", &[ours, theirs]), b"")),
            says(run(real, b"")),
            "{ours} {theirs}"
        );
    }
}

#[test]
fn same_network_shows_the_and() {
    let finished = run(plain("same_network", &["10.1.2.200/26", "10.1.2.191"]), b"");
    let out = "10.1.2.200 AND 255.255.255.192 = 10.1.2.192\n\
               10.1.2.191 AND 255.255.255.192 = 10.1.2.128\n\
               same network: no\n";
    ended(&finished, 0, out, "");
    for wrong in [["10.0.0.2", "10.0.0.3"], ["10.0.0.2/33", "10.0.0.3"]] {
        let finished = run(plain("same_network", &wrong), b"");
        assert_eq!(finished.status.code(), Some(1), "{finished}");
        assert!(finished.err().starts_with("Error: "), "{finished}");
    }
}

// Lessons 01 and 02: the echo.

/// Entries of an echo, and what comes back. The long one is more than one read.
fn echoes() -> (String, String) {
    let long = "abc".repeat(20_000);
    let said = format!("hello\ngrüß dich, 粘包\n{long}\nlast\n");
    let heard = format!("HELLO\nGRüß DICH, 粘包\n{}\nLAST\n", long.to_uppercase());
    (said, heard)
}

#[test]
fn echo_server_answers_the_real_client() {
    let server = plain_server("echo_server");
    let (said, heard) = echoes();
    for _ in 0..2 {
        let finished = real_client("lesson01", &["client"], server.addr(), &said);
        ended(&finished, 0, &heard, "");
    }
}

#[test]
fn echo_client_asks_the_real_server() {
    let server = real_server("lesson01", &["server"]);
    let (said, heard) = echoes();
    let said = format!("\n{said}q\nnever sent\n");
    ended(
        &plain_client("echo_client", server.addr(), &said),
        0,
        &heard,
        "",
    );
}

#[test]
fn echo_client_waits_for_the_whole_answer() {
    // More than the buffers between the two ends hold: no single read can give it.
    let (said, heard) = ("a".repeat(8_000_000), "A".repeat(8_000_000));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    let mut client = Running::start(plain("echo_client", &[&addr]));
    client.feed(format!("{said}\n").into_bytes());
    let mut stream = deadline::accept(&listener, PATIENCE).unwrap().unwrap();
    let mut came = vec![0; said.len()];
    stream.read_exact(&mut came).unwrap();
    assert!(came == said.as_bytes());
    stream.write_all(heard.as_bytes()).unwrap();
    let finished = client.finish();
    assert_eq!(finished.status.code(), Some(0));
    assert!(finished.out() == heard + "\n");
}

#[test]
fn echo_server_outlives_a_client_that_is_reset() {
    let server = plain_server("echo_server");
    let mut stream = connect(&server);
    stream.write_all(b"a").unwrap();
    stream.read_exact(&mut [0]).unwrap(); // it has been accepted: some systems report the reset there
    // Closing with nothing left to send and this set is a reset: the server's read fails.
    let linger = socket2::SockRef::from(&stream).set_linger(Some(std::time::Duration::ZERO));
    linger.unwrap();
    drop(stream);
    let finished = real_client("lesson01", &["client"], server.addr(), "next\n");
    ended(&finished, 0, "NEXT\n", "");
    assert!(!server.logs("client: ").is_empty());
}

#[test]
fn udp_echo_server_answers_the_real_client() {
    let server = plain_server("udp_echo_server");
    let (said, heard) = echoes();
    let (said, heard) = (said + "\n", heard + "\n"); // an empty datagram is one too
    let finished = real_client("lesson02", &["client"], server.addr(), &said);
    ended(&finished, 0, &heard, "");
}

#[test]
fn udp_echo_client_asks_the_real_server() {
    let server = real_server("lesson02", &["server"]);
    let (said, heard) = echoes();
    let (said, heard) = (said + "\nq\nnever sent\n", heard + "\n");
    ended(
        &plain_client("udp_echo_client", server.addr(), &said),
        0,
        &heard,
        "",
    );
}

#[test]
fn udp_echo_client_goes_on_after_a_line_that_is_too_long() {
    let server = plain_server("udp_echo_server");
    let said = format!("{}\nlast\n", "x".repeat(65_508));
    let finished = plain_client("udp_echo_client", server.addr(), &said);
    assert_eq!(finished.out(), "LAST\n", "{finished}");
    assert!(finished.err().starts_with("no answer: "), "{finished}");
    assert_eq!(finished.err().lines().count(), 1, "{finished}");
}

#[test]
fn udp_echo_client_believes_only_the_server() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let stranger = UdpSocket::bind("127.0.0.1:0").unwrap();
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    let addr = server.local_addr().unwrap().to_string();
    let mut client = Running::start(plain("udp_echo_client", &[&addr]));
    client.send(b"hello\n");
    let (_, sender) = server.recv_from(&mut [0; 16]).unwrap();
    stranger.send_to(b"WRONG", sender).unwrap();
    server.send_to(b"HELLO", sender).unwrap();
    ended(&client.finish(), 0, "HELLO\n", "");
}

// Lesson 03: the mistake. The first answer is longer than all reads together, so that what each read gives is certain.

#[test]
fn sticky_server_answers_run_and_its_long_answer_sticks_to_the_next() {
    let server = plain_server("sticky_server");
    for (asked, read) in [
        ("seq 3\n", seq(3)),
        ("seq 1000\nseq 3\nseq 3\n", seq(1000)[..3 * 1024].to_owned()),
        ("date\n", "not a command: \"date\"\n".to_owned()),
        ("seq 65536\n", "not a command: \"seq 65536\"\n".to_owned()),
    ] {
        let finished = real_client("lesson03", &["run"], server.addr(), asked);
        assert_eq!((finished.status.code(), finished.out()), (Some(0), read));
    }
}

#[test]
fn sticky_server_takes_two_requests_in_one_read_for_one() {
    let server = plain_server("sticky_server");
    let mut stream = connect(&server);
    stream.write_all(b"seq 3seq 4").unwrap();
    let mut answer = [0; 28];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"not a command: \"seq 3seq 4\"\n");
}

#[test]
fn sticky_client_takes_what_is_left_for_an_answer() {
    let plain = plain_server("sticky_server");
    let real = real_server("lesson03", &["command-server"]);
    for server in [plain, real] {
        let asked = "seq 3\nquit\nnever sent\n";
        let finished = plain_client("sticky_client", server.addr(), asked);
        ended(&finished, 0, "6 bytes: \"1\\n2\\n3\\n\"\n", "");

        let finished = plain_client("sticky_client", server.addr(), "seq 100\n\nseq 3\nseq 3\n");
        let long = seq(100);
        let reads: String = [&long[..16], &long[16..32], &long[32..48]]
            .iter()
            .map(|read| format!("16 bytes: {read:?}\n"))
            .collect();
        ended(&finished, 0, &reads, "");
    }
}

// Lesson 04: frames.

#[test]
fn frame_receiver_answers_the_real_client() {
    let server = plain_server("frame_receiver");
    let (said, heard) = echoes();
    let (said, heard) = (format!("\n{said}"), format!("\n{heard}")); // an empty message is one too
    for _ in 0..2 {
        let finished = real_client("lesson04", &["client"], server.addr(), &said);
        ended(&finished, 0, &heard, "");
    }
}

#[test]
fn frame_sender_asks_the_real_server() {
    let server = real_server("lesson04", &["server"]);
    let (said, heard) = echoes();
    let (said, heard) = (format!("\n{said}"), format!("\n{heard}"));
    ended(
        &plain_client("frame_sender", server.addr(), &said),
        0,
        &heard,
        "",
    );
}

#[test]
fn frame_receiver_finds_the_frames_however_they_are_cut() {
    let server = plain_server("frame_receiver");
    let said = b"\0\0\0\x05hello\0\0\0\0\0\0\0\x03egg";
    let heard = b"\0\0\0\x05HELLO\0\0\0\0\0\0\0\x03EGG";
    for size in [1, 2, 3, 7, said.len()] {
        let mut stream = connect(&server);
        for piece in said.chunks(size) {
            stream.write_all(piece).unwrap();
        }
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert_eq!(answer, heard, "pieces of {size}");
    }
}

#[test]
fn frame_receiver_ends_what_is_no_frame_and_serves_the_next() {
    for (wrong, said) in [
        (
            &b"\0\x10\0\x01"[..],
            "a frame over the limit of 1048576 bytes",
        ),
        (b"\0\0", "unexpected end of file"),
        (b"\0\0\0\x05hell", "unexpected end of file"),
    ] {
        let server = plain_server("frame_receiver");
        let mut stream = connect(&server);
        stream.write_all(wrong).unwrap();
        if wrong.len() != 4 {
            stream.shutdown(std::net::Shutdown::Write).unwrap();
        }
        assert_eq!(stream.read_to_end(&mut Vec::new()).unwrap(), 0);
        assert_eq!(server.logs("client: "), said);
        let finished = real_client("lesson04", &["client"], server.addr(), "next\n");
        ended(&finished, 0, "NEXT\n", "");
    }
}

#[test]
fn frame_sender_keeps_the_limit_both_ways() {
    let server = real_server("lesson04", &["server"]);
    let finished = plain_client("frame_sender", server.addr(), &"x".repeat(1_048_577));
    assert_eq!(finished.status.code(), Some(1));
    let why = "a line over the limit of 1048576 bytes";
    assert!(finished.err().contains(why), "{}", finished.err());

    // A lying answer: refused from its header alone, while the connection is open.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    let mut client = Running::start(plain("frame_sender", &[&addr]));
    client.send(b"hello\n");
    let mut stream = deadline::accept(&listener, PATIENCE).unwrap().unwrap();
    stream.write_all(&1_048_577_u32.to_be_bytes()).unwrap();
    let finished = client.finish();
    assert_eq!(finished.status.code(), Some(1), "{finished}");
    let why = "an answer over the limit of 1048576 bytes";
    assert!(finished.err().contains(why), "{finished}");
}

// Lesson 05: files.

fn sample(name: &str) -> Vec<u8> {
    let folder = workspace().join("lessons/05-json-header/share");
    fs::read(folder.join(name)).unwrap()
}

/// `plain_get NAME ADDR` in `folder`, to its end.
fn plain_get(name: &str, addr: SocketAddr, folder: &Path) -> Finished {
    let mut command = plain("plain_get", &[name, &addr.to_string()]);
    command.current_dir(folder);
    run(command, b"")
}

#[test]
fn plain_serve_answers_the_real_client() {
    let server = plain_server("plain_serve");
    let folder = tempfile::tempdir().unwrap();
    let mut client = Command::new(program("lesson05"));
    client
        .args(["get", "--addr", &server.addr().to_string()])
        .args(["hello.txt", "nothing.txt", "socket.png", "粘包.txt"])
        .current_dir(folder.path());
    let said = "saved hello.txt: 158 bytes, md5 5231a6eb4678cc2af601079539ac5c07\n\
        error: nothing.txt: no such file: `list` names what is there\n\
        saved socket.png: 727 bytes, md5 4a3ce51a061c9330b6069ca979c8f622\n\
        saved 粘包.txt: 558 bytes, md5 fd00af4d0a0193bfcfe7cba9431a16a1\n";
    ended(&run(client, b""), 1, "", said);
    for name in ["hello.txt", "socket.png", "粘包.txt"] {
        assert_eq!(fs::read(folder.path().join(name)).unwrap(), sample(name));
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn plain_serve_hands_out_no_file_of_another_folder() {
    let server = plain_server("plain_serve");
    let mut stream = connect(&server);
    let cargo = workspace().join("lessons/05-json-header/Cargo.toml");
    for request in [
        r#"{"op":"get","name":"../Cargo.toml"}"#.to_owned(),
        r#"{"op":"get","name":"..\\Cargo.toml"}"#.to_owned(),
        r#"{"op":"get","name":"./hello.txt"}"#.to_owned(),
        r#"{"op":"get","name":".."}"#.to_owned(),
        r#"{"op":"get","name":"."}"#.to_owned(),
        r#"{"op":"get","name":""}"#.to_owned(),
        format!(r#"{{"op":"get","name":{:?}}}"#, cargo.to_str().unwrap()),
        r#"{"op":"list","name":"hello.txt"}"#.to_owned(),
        r#"{"op":"get"}"#.to_owned(),
        "5".to_owned(),
    ] {
        let length = u32::try_from(request.len()).unwrap().to_be_bytes();
        let message = [&length, request.as_bytes()].concat();
        stream.write_all(&message).unwrap();
        let mut length = [0; 4];
        stream.read_exact(&mut length).unwrap();
        let mut answer = vec![0; usize::try_from(u32::from_be_bytes(length)).unwrap()];
        stream.read_exact(&mut answer).unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let mut keys: Vec<&str> = answer.trim_matches(['{', '}']).split(',').collect();
        keys.sort_unstable();
        assert_eq!(
            keys,
            [r#""error":"no such file""#, r#""ok":false"#],
            "{request}"
        );
    }
    // A header over the limit ends the connection; the next client is served.
    stream.write_all(&65_537_u32.to_be_bytes()).unwrap();
    assert_eq!(stream.read_to_end(&mut Vec::new()).unwrap(), 0);
    let here = tempfile::tempdir().unwrap();
    let finished = plain_get("hello.txt", server.addr(), here.path());
    assert_eq!(finished.status.code(), Some(0), "{finished}");
}

#[test]
fn plain_get_asks_the_real_server() {
    let shared = tempfile::tempdir().unwrap();
    // More than one piece of the loop, and not a whole number of them.
    let large: Vec<u8> = (0..300_000_u32)
        .map(|number| (number % 251) as u8)
        .collect();
    let files = [
        ("large.bin", large),
        ("empty.txt", Vec::new()),
        ("粘包.txt", sample("粘包.txt")),
    ];
    for (name, content) in &files {
        fs::write(shared.path().join(name), content).unwrap();
    }
    let server = real_server(
        "lesson05",
        &["server", "--dir", shared.path().to_str().unwrap()],
    );
    let here = tempfile::tempdir().unwrap();
    for (name, content) in &files {
        let finished = plain_get(name, server.addr(), here.path());
        assert_eq!(finished.status.code(), Some(0), "{finished}");
        assert_eq!(fs::read(here.path().join(name)).unwrap(), *content);
    }
    let finished = plain_get("empty.txt", server.addr(), here.path());
    let saved = "saved empty.txt: md5 d41d8cd98f00b204e9800998ecf8427e\n";
    ended(&finished, 0, "", saved);

    // A refusal is printed, and nothing is stored.
    for (name, why) in [
        ("nothing.txt", "no such file"),
        ("..", "no such file"),
        ("", "no such file"),
        ("../x", "a path is not a name"),
        ("a\\x", "a path is not a name"),
        ("C:x", "a path is not a name"),
    ] {
        let finished = plain_get(name, server.addr(), here.path());
        let error = format!("Error: Custom {{ kind: Other, error: {why:?} }}\n");
        ended(&finished, 1, "", &error);
    }
    assert_eq!(fs::read_dir(here.path()).unwrap().count(), files.len());
}

#[test]
fn plain_get_says_when_the_digest_differs_and_when_the_body_breaks_off() {
    let header = br#"{"ok":true,"name":"a.txt","size":5}"#;
    let length = u32::try_from(header.len()).unwrap().to_be_bytes();
    for (body, why) in [
        (
            &b"hello\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"[..],
            "digest differs",
        ),
        (b"hell", "failed to fill whole buffer"),
        (b"hello\0", "failed to fill whole buffer"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap().to_string();
        let here = tempfile::tempdir().unwrap();
        let mut command = plain("plain_get", &["a.txt", &addr]);
        command.current_dir(here.path());
        let client = Running::start(command);
        let mut stream = deadline::accept(&listener, PATIENCE).unwrap().unwrap();
        let mut asked = [0; 31];
        stream.read_exact(&mut asked).unwrap();
        assert_eq!(asked[..4], [0, 0, 0, 27]);
        stream
            .write_all(&[&length, &header[..], body].concat())
            .unwrap();
        drop(stream);
        let finished = client.finish();
        assert_eq!(finished.status.code(), Some(1), "{finished}");
        assert!(finished.err().contains(why), "{finished}");
    }
}

#[test]
fn plain_get_judges_the_length_of_the_header_before_it_waits_for_one() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap().to_string();
    let client = Running::start(plain("plain_get", &["a.txt", &addr]));
    let mut stream = deadline::accept(&listener, PATIENCE).unwrap().unwrap();
    stream.write_all(&65_537_u32.to_be_bytes()).unwrap();
    let finished = client.finish();
    assert_eq!(finished.status.code(), Some(1), "{finished}");
    let why = "a header over the limit of 65536 bytes";
    assert!(finished.err().contains(why), "{finished}");
}

// Lesson 07.

#[test]
fn http_hello_is_a_web_server_for_the_real_client_and_answers_whatever_came() {
    let server = plain_server("http_hello");
    let ask = |verb: &str, path: &str| {
        let mut real = Command::new(program("lesson07"));
        real.args([verb, &format!("http://{}{path}", server.addr())]);
        run(real, b"")
    };
    for path in ["/", "/nothing/of/this/name"] {
        ended(&ask("get", path), 0, "<h1>hello</h1>\n", "");
    }
    let head = ask("head", "/").out();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\nContent-Type: text/html"),
        "{head}"
    );
    // What it lacks: half a request is answered as well.
    let mut half = connect(&server);
    half.write_all(b"GET / HT").unwrap();
    let mut answer = String::new();
    half.read_to_string(&mut answer).unwrap();
    assert!(answer.ends_with("\r\n\r\n<h1>hello</h1>\n"), "{answer}");
}

#[test]
fn http_get_writes_what_the_real_server_answers_head_and_all() {
    let server = real_server("lesson07", &["server"]);
    let addr = server.addr().to_string();
    let finished = run(plain("http_get", &["/hello.txt", &addr]), b"");
    let (out, sample) = (finished.out(), "lessons/05-json-header/share/hello.txt");
    let (head, body) = out.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{head}");
    assert!(head.ends_with("\r\nConnection: close"), "{head}");
    assert_eq!(body, fs::read_to_string(workspace().join(sample)).unwrap());
    let finished = run(plain("http_get", &["/nothing", &addr]), b"");
    assert!(
        finished.out().starts_with("HTTP/1.1 404 Not Found\r\n"),
        "{finished}"
    );
}

// They stay plain.

#[test]
fn each_plain_program_is_short_and_names_no_crate_of_ours() {
    let tree = Tree::of_the_workspace().unwrap();
    let ours: Vec<&str> = tree
        .texts("Cargo.toml")
        .filter_map(|(_, manifest)| {
            manifest
                .lines()
                .find_map(|line| line.strip_prefix("name = "))
        })
        .map(|name| name.trim_matches('"'))
        .collect();
    assert!(
        ours.contains(&"common") && ours.contains(&"lesson05"),
        "{ours:?}"
    );
    let mut names = Vec::new();
    for (path, text) in tree.texts(".rs") {
        let Some((lesson, name)) = path.split_once("/examples/") else {
            continue;
        };
        names.push(name.trim_end_matches(".rs"));
        let code: Vec<&str> = text
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty() && !line.starts_with("//"))
            .collect();
        assert!(code.len() <= LINES, "{path}: {} lines", code.len());
        assert!(text.contains("\n//! What it lacks, "), "{path}");
        for line in code {
            // As a path, `common::`, or in a `use`; a function may be called `check`.
            let named = |word: &&&str| {
                line.contains(&format!("{word}::")) || line.starts_with(&format!("use {word};"))
            };
            let of_ours = ours.iter().find(named);
            assert_eq!(of_ours, None, "{path}: {line}");
            let crates = ["std", "md5", "serde_json"];
            let allowed = &crates[..if lesson.contains("/05-") { 3 } else { 1 }];
            let uses = line
                .strip_prefix("use ")
                .and_then(|rest| rest.split_once("::"));
            assert!(
                uses.is_none_or(|(krate, _)| allowed.contains(&krate)),
                "{path}: {line}"
            );
        }
    }
    assert_eq!(
        names,
        [
            "same_network",
            "echo_client",
            "echo_server",
            "udp_echo_client",
            "udp_echo_server",
            "sticky_client",
            "sticky_server",
            "frame_receiver",
            "frame_sender",
            "plain_get",
            "plain_serve",
            "threaded_echo",
            "http_get",
            "http_hello",
        ],
        "each of them has a test above"
    );
}
