//! GET and HEAD: files, folders, ranges, conditions, gzip.

use std::fs;
use std::path::Path;
use std::process::Command;

use tests::programs::{program, run};

use super::{Site, write};

#[test]
fn head_is_get_without_its_body() {
    let site = Site::new(&[]);
    write(&site.root, "long.txt", "text ".repeat(1000));
    write(&site.root, "picture.png", [0; 5000]);
    fs::create_dir(site.root.join("sub")).unwrap();
    for target in [
        "/",
        "/hello.txt",
        "/long.txt",
        "/picture.png",
        "/sub",
        "/sub/",
        "/no",
        "/echo",
    ] {
        for lines in [&[][..], &["Accept-Encoding: gzip"], &["If-None-Match: *"]] {
            let (get, head) = (
                site.ask("GET", target, lines, b""),
                site.ask("HEAD", target, lines, b""),
            );
            let without_date = |head: &str| {
                let lines = head.lines().filter(|line| !line.starts_with("Date: "));
                lines.map(str::to_owned).collect::<Vec<_>>()
            };
            assert_eq!(
                without_date(&get.head),
                without_date(&head.head),
                "{target} {lines:?}"
            );
        }
    }
}

#[test]
fn a_type_is_that_of_the_name_and_text_is_utf_8() {
    let site = Site::new(&[]);
    for (name, media_type) in [
        ("a.html", "text/html; charset=utf-8"),
        ("a.TXT", "text/plain; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
        ("a.png", "image/png"),
        ("a.wasm", "application/wasm"),
        ("a", "application/octet-stream"),
        ("a.unheard", "application/octet-stream"),
    ] {
        write(&site.root, name, "x");
        let answer = site.get(&format!("/{name}"), &[]);
        assert_eq!(answer.field("Content-Type"), Some(media_type), "{name}");
        assert_eq!(answer.field("X-Content-Type-Options"), Some("nosniff"));
    }
}

#[test]
fn a_folder_shows_its_index_or_what_is_in_it() {
    let site = Site::new(&[]);
    let sub = site.root.join("a & b");
    fs::create_dir_all(sub.join("deep")).unwrap();
    write(&sub, "<x>.txt", "x");
    write(&sub, "\u{7c98}\u{5305}.txt", "x");
    let moved = site.get("/a%20%26%20b?q=1", &[]);
    assert_eq!(
        (moved.status, moved.field("Location")),
        (301, Some("/a%20%26%20b/?q=1"))
    );
    let listing = site.get("/a%20%26%20b/", &[]).text();
    let links: Vec<_> = listing
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split_once('"').unwrap().0)
        .collect();
    assert_eq!(
        links,
        ["../", "%3Cx%3E.txt", "deep/", "%E7%B2%98%E5%8C%85.txt"]
    );
    assert!(
        listing.contains("&lt;x&gt;.txt") && listing.contains("a &amp; b"),
        "{listing}"
    );
    for link in &links[1..] {
        assert_eq!(
            site.get(&format!("/a%20%26%20b/{link}"), &[]).status,
            200,
            "{link}"
        );
    }
    write(&sub, "index.html", "<h1>index</h1>");
    let index = site.get("/a%20%26%20b/", &[]);
    assert_eq!(index.text(), "<h1>index</h1>");
    assert_eq!(
        index.field("Content-Type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(
        site.get("//evil.test/", &[]).status,
        404,
        "no redirect to another host"
    );
    assert_eq!(site.get("/hello.txt/", &[]).status, 404);
}

#[test]
fn a_range_is_cut_where_it_says() {
    let site = Site::new(&[]);
    write(&site.root, "ten.bin", "0123456789");
    for (range, status, body, content_range) in [
        ("bytes=0-0", 206, "0", Some("bytes 0-0/10")),
        ("bytes=2-4", 206, "234", Some("bytes 2-4/10")),
        ("bytes=7-", 206, "789", Some("bytes 7-9/10")),
        ("bytes=-3", 206, "789", Some("bytes 7-9/10")),
        ("bytes=8-99", 206, "89", Some("bytes 8-9/10")),
        (
            "bytes=10-",
            416,
            "416 Range Not Satisfiable\n",
            Some("bytes */10"),
        ),
        (
            "bytes=-0",
            416,
            "416 Range Not Satisfiable\n",
            Some("bytes */10"),
        ),
        ("bytes=0-1,4-5", 200, "0123456789", None),
        ("bytes=4-2", 200, "0123456789", None),
        ("pages=1-2", 200, "0123456789", None),
    ] {
        let answer = site.get("/ten.bin", &[&format!("Range: {range}")]);
        assert_eq!(
            (answer.status, answer.text().as_str()),
            (status, body),
            "{range}"
        );
        assert_eq!(answer.field("Content-Range"), content_range, "{range}");
        let head = site.ask("HEAD", "/ten.bin", &[&format!("Range: {range}")], b"");
        assert_eq!(head.status, 200, "a range is of GET only");
    }
    let two = site.get("/ten.bin", &["Range: bytes=0-1", "Range: bytes=4-5"]);
    assert_eq!(two.status, 200);
}

#[test]
fn a_range_of_something_else_is_the_whole() {
    let site = Site::new(&[]);
    let first = site.get("/hello.txt", &[]);
    let (etag, date) = (
        first.field("ETag").unwrap(),
        first.field("Last-Modified").unwrap(),
    );
    let ask = |if_range: &str| {
        let if_range = format!("If-Range: {if_range}");
        site.get("/hello.txt", &["Range: bytes=1-2", &if_range])
            .status
    };
    assert_eq!(ask(etag), 206);
    assert_eq!(ask("\"other\""), 200);
    assert_eq!(
        ask(&format!("W/{etag}")),
        200,
        "a weak tag is not enough for half a file"
    );
    assert_eq!(ask("Sun, 06 Nov 1994 08:49:37 GMT"), 200);
    assert_eq!(ask(date), 200, "it may have changed twice in this second");
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(784_111_777);
    let file = fs::File::options()
        .write(true)
        .open(site.root.join("hello.txt"))
        .unwrap();
    file.set_modified(old).unwrap();
    assert_eq!(ask("Sun, 06 Nov 1994 08:49:37 GMT"), 206);
}

#[test]
fn what_the_client_has_already_is_not_sent_again() {
    let site = Site::new(&[]);
    let first = site.get("/hello.txt", &[]);
    let (etag, date) = (
        first.field("ETag").unwrap(),
        first.field("Last-Modified").unwrap(),
    );
    let ask = |lines: &[&str]| site.get("/hello.txt", lines).status;
    let line = |name: &str, value: &str| format!("{name}: {value}");
    for (lines, status) in [
        (vec![line("If-None-Match", etag)], 304),
        (
            vec![line("If-None-Match", &format!("\"a\", W/{etag}"))],
            304,
        ),
        (vec![line("If-None-Match", "*")], 304),
        (vec![line("If-None-Match", "\"a\"")], 200),
        (vec![line("If-Modified-Since", date)], 304),
        (
            vec![line("If-Modified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")],
            200,
        ),
        (vec![line("If-Modified-Since", "yesterday")], 200),
        // A tag decides, and then the date does not.
        (
            vec![
                line("If-None-Match", "\"a\""),
                line("If-Modified-Since", date),
            ],
            200,
        ),
        (vec![line("If-Match", "\"a\"")], 412),
        (vec![line("If-Match", &format!("W/{etag}"))], 412),
        (vec![line("If-Match", etag)], 200),
        (
            vec![line("If-Unmodified-Since", "Sun, 06 Nov 1994 08:49:37 GMT")],
            412,
        ),
        (vec![line("If-Unmodified-Since", date)], 200),
    ] {
        let lines: Vec<_> = lines.iter().map(String::as_str).collect();
        assert_eq!(ask(&lines), status, "{lines:?}");
    }
    let known = site.get("/hello.txt", &[&line("If-None-Match", etag)]);
    assert_eq!(known.field("ETag"), Some(etag));
    assert_eq!(known.field("Content-Length"), None);
    write(&site.root, "hello.txt", "HELLO\n");
    assert_eq!(
        ask(&[&line("If-None-Match", etag)]),
        200,
        "as long as before, and another"
    );
}

#[test]
fn text_is_zipped_for_those_who_take_it_and_comes_out_the_same() {
    let site = Site::new(&[]);
    let text = (0..20_000).map(|n| format!("{n}\n")).collect::<String>();
    write(&site.root, "long.txt", &text);
    write(&site.root, "long.png", &text);
    let plain = site.get("/long.txt", &[]);
    let zipped = site.get("/long.txt", &["Accept-Encoding: br, gzip"]);
    assert_eq!(zipped.field("Content-Encoding"), Some("gzip"));
    assert!(zipped.body.len() < text.len() / 2 && zipped.body.starts_with(b"\x1f\x8b"));
    assert_ne!(
        plain.field("ETag"),
        zipped.field("ETag"),
        "other bytes, another tag"
    );
    for answer in [&plain, &zipped] {
        assert_eq!(answer.field("Vary"), Some("Accept-Encoding"));
    }
    for (target, lines) in [
        ("/long.txt", &["Accept-Encoding: gzip;q=0"][..]),
        ("/long.png", &["Accept-Encoding: gzip"]),
        ("/hello.txt", &["Accept-Encoding: gzip"]),
        ("/long.txt", &["Accept-Encoding: gzip", "Range: bytes=0-9"]),
    ] {
        assert_eq!(
            site.get(target, lines).field("Content-Encoding"),
            None,
            "{target} {lines:?}"
        );
    }
    let known = format!("If-None-Match: {}", zipped.field("ETag").unwrap());
    assert_eq!(
        site.get("/long.txt", &["Accept-Encoding: gzip", &known])
            .status,
        304
    );
    assert_eq!(site.get("/long.txt", &[&known]).status, 200);
    // Our own client takes it.
    let mut client = Command::new(program("lesson07"));
    client.args(["get", &format!("http://{}/long.txt", site.server.addr())]);
    assert_eq!(run(client, b"").out(), text);
}

#[test]
fn a_large_file_comes_whole_and_costs_no_memory() {
    let mut site = Site::new(&[]);
    let large: Vec<u8> = (0..20_000_000_u32).map(|n| (n % 251) as u8).collect();
    write(&site.root, "large.bin", &large);
    assert!(site.get("/large.bin", &[]).body == large);
    let tail = site.get("/large.bin", &["Range: bytes=-1000000"]);
    assert!(tail.body == large[19_000_000..]);
    if let Some(peak) = peak(&format!("/proc/{}/status", site.server.running().id())) {
        assert!(peak < 32 * 1024, "{peak} KiB");
    }
}

/// The most memory that a process ever had, in KiB; where Linux says it.
fn peak(status: &str) -> Option<u64> {
    let text = fs::read_to_string(Path::new(status)).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
