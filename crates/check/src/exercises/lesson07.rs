//! Lesson 07: a route, names without case, chunks by hand, a smuggled request, a login.

use super::{Case, Exercise, Starts, case};
use crate::judge::Judge;
use crate::report::{Checked, Failure, shown};

pub(super) const EXERCISES: &[Exercise] = &[
    Exercise {
        number: "07.1",
        title: "Add a route",
        starts: Starts::Server,
        line_feed: "yes",
        examples: &["l07_route"],
        cases: route,
    },
    Exercise {
        number: "07.2",
        title: "However it is spelled",
        starts: Starts::Server,
        line_feed: "no, the body as it came",
        examples: &["l07_case"],
        cases: spelled,
    },
    Exercise {
        number: "07.3",
        title: "Chunks by hand",
        starts: Starts::Filter,
        line_feed: "no, the bytes of the body",
        examples: &["l07_chunks"],
        cases: chunks,
    },
    Exercise {
        number: "07.4",
        title: "The smuggled request",
        starts: Starts::Filter,
        line_feed: "yes",
        examples: &["l07_smuggled"],
        cases: smuggled,
    },
    Exercise {
        number: "07.5",
        title: "A login form",
        starts: Starts::Server,
        line_feed: "yes",
        examples: &["l07_login"],
        cases: login,
    },
];

/// One request on a connection of its own, and what has to come: the status, and the body where it matters.
fn asks(name: &str, request: impl Into<String>, status: u16, body: Option<&str>) -> Case {
    let (request, body) = (request.into(), body.map(str::to_owned));
    case(name, move |judge| {
        let came = answer(judge, &request, false)?;
        matches(&came, status, body.as_deref())
            .map_err(|failure| failure.after(request.as_bytes()))?;
        // The same, byte by byte: one read is not one request.
        let cut = |failure: Failure| failure.with("note", "the request was sent byte by byte");
        let came = answer(judge, &request, true).map_err(cut)?;
        matches(&came, status, body.as_deref())
            .map_err(|failure| cut(failure.after(request.as_bytes())))
    })
}

fn answer(judge: &mut Judge, request: &str, cut: bool) -> Checked<Vec<u8>> {
    let mut client = judge.connect()?;
    match cut {
        true => client.send_cut(request)?,
        false => client.send(request)?,
    }
    client.all("an answer, and then the end: `Connection: close` was asked for")
}

fn matches(came: &[u8], status: u16, body: Option<&str>) -> Checked {
    let text = String::from_utf8_lossy(came);
    let (head, rest) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let mut words = head.split(' ');
    let version = words.next().unwrap_or_default();
    let right = version.starts_with("HTTP/1.") && words.next() == Some(&status.to_string());
    if !right {
        let line = head.lines().next().unwrap_or_default();
        return Err(Failure::new(
            format!("HTTP/1.1 {status} ..."),
            shown(line.as_bytes()),
        ));
    }
    match body {
        Some(body) if body != rest => Err(Failure::differ(body.as_bytes(), rest.as_bytes())),
        _ => Ok(()),
    }
}

/// A GET of this target.
fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
}

/// A POST whose length stands under this name and in these bytes.
fn post(target: &str, length: &str, body: &str) -> String {
    let head = format!("POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n");
    format!("{head}{length}{}\r\n\r\n{body}", body.len())
}

fn route() -> Vec<Case> {
    vec![
        asks("the page that was there", get("/"), 200, Some("hello\n")),
        asks("2 and 3", get("/add?a=2&b=3"), 200, Some("5\n")),
        asks(
            "in the other order",
            get("/add?b=40&a=2"),
            200,
            Some("42\n"),
        ),
        asks("below zero", get("/add?a=-7&b=2"), 200, Some("-5\n")),
        asks("one is missing", get("/add?a=2"), 400, None),
        asks("one is no number", get("/add?a=2&b=x"), 400, None),
        asks("no query at all", get("/add"), 400, None),
        asks("another path", get("/address?a=2&b=3"), 404, None),
    ]
}

fn spelled() -> Vec<Case> {
    let says =
        |name, length: &str, body: &str| asks(name, post("/", length, body), 200, Some(body));
    vec![
        says("as everybody writes it", "Content-Length: ", "hello"),
        says("in lower case", "content-length: ", "hello"),
        says("in upper case", "CONTENT-LENGTH: ", "hello"),
        says("no blank after the colon", "Content-Length:", "hello"),
        says("a tab and two blanks", "cOnTeNt-LeNgTh:\t  ", "hello"),
        says("Chinese, counted in bytes", "content-length: ", "粘包"),
        says("no body", "content-length: ", ""),
        says(
            "a name that only contains it",
            "X-Content-Length: 3\r\ncontent-length: ",
            "hello",
        ),
    ]
}

fn chunks() -> Vec<Case> {
    let right = |name: &str, body: &'static str, bytes: &'static str| {
        case(name, move |judge| {
            judge.prints(body.as_bytes(), bytes.as_bytes())
        })
    };
    let wrong = |name: &str, body: &'static str| {
        case(name, move |judge| match judge.filter(body.as_bytes()) {
            Err(failure) if failure.late => Err(failure),
            Err(_) => Ok(()), // it has ended otherwise
            Ok(_) => {
                let wanted = "another exit status than 0: this is no whole body";
                Err(Failure::new(wanted, "exit status: 0").after(body.as_bytes()))
            }
        })
    };
    vec![
        right("the example", "5\r\nhello\r\n0\r\n\r\n", "hello"),
        right(
            "two chunks",
            "5\r\nhello\r\n6\r\n, you!\r\n0\r\n\r\n",
            "hello, you!",
        ),
        right(
            "a size in hex",
            "1a\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n",
            "abcdefghijklmnopqrstuvwxyz",
        ),
        right(
            "and in upper case, with zeros",
            "00A\r\n0123456789\r\n0\r\n\r\n",
            "0123456789",
        ),
        right(
            "a CRLF that is data",
            "6\r\na\r\nb\r\n\r\n0\r\n\r\n",
            "a\r\nb\r\n",
        ),
        right("an extension", "5;note=x\r\nhello\r\n0\r\n\r\n", "hello"),
        right("a trailer", "5\r\nhello\r\n0\r\nDigest: x\r\n\r\n", "hello"),
        right("nothing", "0\r\n\r\n", ""),
        wrong("cut off in a chunk", "5\r\nhel"),
        wrong("cut off between two", "5\r\nhello\r\n"),
        wrong("cut off before the last line", "5\r\nhello\r\n0\r\n"),
        wrong("longer than it says", "5\r\nhello, you\r\n0\r\n\r\n"),
        wrong("a size that is none", "x\r\nhello\r\n0\r\n\r\n"),
    ]
}

fn smuggled() -> Vec<Case> {
    let lists = |name: &str, bytes: String, lines: &'static str| {
        case(name, move |judge| {
            judge.prints(bytes.as_bytes(), lines.as_bytes())
        })
    };
    let get = "GET /b HTTP/1.1\r\nHost: a\r\n\r\n";
    let post = |fields: &str, body: &str| {
        format!("POST /a HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n{body}{get}")
    };
    vec![
        lists(
            "one after the other",
            format!("{get}{get}"),
            "GET /b\nGET /b\n",
        ),
        lists(
            "a length",
            post("Content-Length: 3", "abc"),
            "POST /a\nGET /b\n",
        ),
        lists(
            "a body that looks like a request",
            post("Content-Length: 20", "GET /x HTTP/1.1\r\n\r\n\n"),
            "POST /a\nGET /b\n",
        ),
        lists(
            "chunks",
            post("Transfer-Encoding: chunked", "3\r\nabc\r\n0\r\n\r\n"),
            "POST /a\nGET /b\n",
        ),
        lists(
            "a length and chunks",
            get.to_owned()
                + &post(
                    "Content-Length: 5\r\nTransfer-Encoding: chunked",
                    "0\r\n\r\n",
                ),
            "GET /b\nrefused\n",
        ),
        lists(
            "two lengths",
            post("Content-Length: 0\r\nContent-Length: 26", ""),
            "refused\n",
        ),
        lists(
            "a length with a sign",
            post("Content-Length: +0", ""),
            "refused\n",
        ),
        lists(
            "a blank before the colon",
            post("Content-Length : 26", ""),
            "refused\n",
        ),
        lists(
            "a coding that is not `chunked`",
            post("Transfer-Encoding: xchunked", "0\r\n\r\n"),
            "refused\n",
        ),
    ]
}

fn login() -> Vec<Case> {
    let tries = |name: &str, form: &str, status, body| {
        let fields = "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: ";
        asks(name, post("/login", fields, form), status, body)
    };
    let page = case("the page with the form", |judge: &mut Judge| {
        let came = answer(judge, &get("/login"), false)?;
        matches(&came, 200, None)?;
        let text = String::from_utf8_lossy(&came).to_lowercase();
        let wanted = ["<form", "method=", "name=", "password"];
        match wanted.iter().find(|part| !text.contains(*part)) {
            None => Ok(()),
            Some(part) => Err(Failure::new(format!("a page with `{part}`"), shown(&came))),
        }
    });
    vec![
        page,
        tries(
            "ann, as a browser sends it",
            "user=ann&password=open+sesame%21",
            200,
            Some("welcome ann\n"),
        ),
        tries(
            "the other way round, and with %20",
            "password=open%20sesame!&user=ann",
            200,
            Some("welcome ann\n"),
        ),
        tries(
            "another password",
            "user=ann&password=open+sesame",
            403,
            None,
        ),
        tries(
            "somebody else",
            "user=bob&password=open+sesame%21",
            403,
            None,
        ),
        tries(
            "an `&` that is part of a value",
            "user=ann%26password%3Dx&password=open+sesame%21",
            403,
            None,
        ),
        tries("an empty form", "", 403, None),
    ]
}
