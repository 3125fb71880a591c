//! The parser beside others that do the same: httparse for heads, a naive decoder for chunks; and beside itself, fed in
//! pieces. Inputs are right messages with random damage.
//!
//! A second's worth by default. For more, say how many inputs each test shall try:
//! `INPUTS=5000000 cargo test --release -p tests --test course parse_differential -- --nocapture`.

#![expect(
    clippy::print_stdout,
    reason = "what a long run has seen, with --nocapture"
)]

use std::collections::BTreeMap;
use std::fmt::Write;

use httparse::Status;
use lesson07::{Event, HttpError, Limits, Next, Refused, Requests, Responses};

const REQUESTS: &[&str] = &[
    "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n",
    "\r\nGET /a?b#c HTTP/1.0\r\n\r\n",
    "POST http://[::1]:8080/a HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 5, 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nAccept:\t*/* \t\r\nhost:a.b\r\nExpect: 100-continue\r\n\r\n",
    "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;a=\"b\\\"\"\r\nhello\r\n0\r\nA: b\r\n\r\n",
    "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\nX: \u{e9}\"\\'\r\n\r\n",
    "GET /%41|^ HTTP/1.2\r\nHost: 1.2.3.4\r\nX:\r\nx-y_z: 1\r\n\r\n",
];

const RESPONSES: &[&str] = &[
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.0 404 \r\n\r\n",
    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\nA:b\r\n\r\nHTTP/1.1 200 \u{e9}\tx\r\n\r\nuntil close",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX: a, b\r\n\r\nA\r\n0123456789\r\n00;x\r\n\r\n",
    "HTTP/1.0 304 Not Modified\r\nContent-Length: 7\r\n\r\nHTTP/1.5 500\r\nServer:\r\n\r\n",
];

const CHUNKS: &[&str] = &[
    "5\r\nhello\r\n0\r\n\r\n",
    "a;x=y;z\r\n0123456789\r\n00001 ;q\r\nx\r\n000 \r\nDigest: abc\r\nB:\r\n\r\nrest",
    "3;a = \"b;c\\\"\t\u{e9}\" ; d\r\nabc\r\nF\r\n0123456789abcde\r\n0;last\r\n\r\n",
    "10000000000000000\r\n",
];

/// Lines and bytes at which parsers differ.
const LINES: &[&str] = &[
    "Host: a",
    "Host:",
    "Host: a b",
    "host: a:80",
    "Content-Length: 5",
    "Content-Length: 6,5",
    "Content-Length: 05",
    "Content-Length: 99999999999999999999",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Transfer-Encoding:",
    "Expect: 100-continue",
    "Expect: x",
    " folded",
    "A : b",
    ": b",
    "A",
    "",
    "GET / HTTP/1.1",
];
const BYTES: &[u8] = b"\r\n\r\n \t::;,=\"\\/#?*%@[]0159afAFxHTP.\0\x01\x0b\x0c\x1f\x7f\x80\xff+-_~";

/// A generator of numbers that is the same each time (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }

    /// One of the seeds, damaged in up to five places.
    fn damaged(&mut self, seeds: &[&str]) -> Vec<u8> {
        let mut bytes = self.pick(seeds).as_bytes().to_vec();
        for _ in 0..self.below(6) {
            let at = self.below(bytes.len() + 1);
            let end = (at + self.below(9)).min(bytes.len());
            match self.below(7) {
                0 => bytes.insert(at, self.pick(BYTES)),
                1 => bytes.insert(at, self.next() as u8),
                2 if at < bytes.len() => bytes[at] = self.pick(BYTES),
                3 => drop(bytes.drain(at..end)),
                4 => bytes = [&bytes[..end], &bytes[at..]].concat(),
                5 => {
                    let line_end = bytes.windows(2).skip(at).position(|pair| pair == b"\r\n");
                    let at = line_end.map_or(bytes.len(), |end| at + end + 2);
                    let line = format!("{}\r\n", self.pick(LINES));
                    bytes.splice(at..at, line.into_bytes());
                }
                _ => {
                    let other = self.pick(seeds).as_bytes();
                    bytes.splice(
                        at..end,
                        other[self.below(other.len())..].iter().copied().take(12),
                    );
                }
            }
        }
        bytes
    }
}

fn inputs(default: u64) -> u64 {
    std::env::var("INPUTS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(default)
}

/// What httparse makes of a head, and the rules of ours that it breaks all the same.
struct Theirs {
    length: usize,
    line: String,
    fields: Vec<(String, Vec<u8>)>,
    broken: Option<&'static str>,
}

fn fields_of(headers: &[httparse::Header<'_>]) -> Vec<(String, Vec<u8>)> {
    headers
        .iter()
        .map(|header| (header.name.to_owned(), header.value.to_vec()))
        .collect()
}

/// `None`: httparse refuses it or wants more.
fn their_request(bytes: &[u8]) -> Option<Theirs> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let Ok(Status::Complete(length)) = request.parse(bytes) else {
        return None;
    };
    let (method, target) = (request.method?, request.path?);
    let fields = fields_of(request.headers);
    let head = &bytes[..length];
    let version = request.version?;
    let broken = if bare_line_end(head) {
        Some("a bare CR or LF")
    } else if head.starts_with(b"\r\n\r\n") {
        Some("a second empty line before the request line")
    } else if !target.bytes().all(|byte| byte.is_ascii_graphic()) {
        Some("a target that is not ASCII")
    } else if target.contains('#') {
        Some("a fragment")
    } else if !known_form(method, target) {
        Some("a target of no known form")
    } else if !right_host(&fields, version) {
        Some("no Host, two, or a wrong one")
    } else if named(&fields, "expect").any(|value| !value.eq_ignore_ascii_case(b"100-continue")) {
        Some("an expectation")
    } else {
        broken_length(&fields, version)
    };
    Some(Theirs {
        length,
        line: format!("{method} {target}"),
        fields,
        broken,
    })
}

fn their_response(bytes: &[u8]) -> Option<Theirs> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let Ok(Status::Complete(length)) = response.parse(bytes) else {
        return None;
    };
    let (code, version) = (response.code?, response.version?);
    let fields = fields_of(response.headers);
    let head = &bytes[..length];
    let broken = if bare_line_end(head) {
        Some("a bare CR or LF")
    } else if head.starts_with(b"\r\n") {
        Some("an empty line before the status line")
    } else if head.get(12) != Some(&b' ') {
        Some("no blank after the status")
    } else if matches!(code, 100..=199 | 204 | 304) {
        None
    } else {
        broken_length(&fields, version)
    };
    Some(Theirs {
        length,
        line: format!("{code}"),
        fields,
        broken,
    })
}

fn bare_line_end(head: &[u8]) -> bool {
    let text: String = head.iter().copied().map(char::from).collect();
    text.replace("\r\n", "").contains(['\r', '\n'])
}

fn named<'a>(fields: &'a [(String, Vec<u8>)], name: &str) -> impl Iterator<Item = &'a [u8]> {
    fields
        .iter()
        .filter(move |field| field.0.to_ascii_lowercase() == name)
        .map(|field| field.1.as_slice())
}

fn known_form(method: &str, target: &str) -> bool {
    let absolute = || {
        let (scheme, rest) = target.split_once("://")?;
        let wrong = |c: char| !c.is_ascii_alphanumeric() && !['+', '-', '.'].contains(&c);
        let begins = scheme.chars().next()?.is_ascii_alphabetic();
        let authority = &rest[..rest.find(['/', '?']).unwrap_or(rest.len())];
        (begins && !scheme.contains(wrong) && host(authority)).then_some(())
    };
    match method {
        "CONNECT" => {
            host(target)
                && target.ends_with(|c: char| c.is_ascii_digit())
                && target.rfind(':') > target.rfind(']')
        }
        "OPTIONS" if target == "*" => true,
        _ => target.starts_with('/') || absolute().is_some(),
    }
}

/// `NAME`, `NAME:PORT`, and an address of IPv6 in brackets for the name.
fn host(text: &str) -> bool {
    let (name, port) = match text.rfind(':') {
        Some(colon) if Some(colon) > text.rfind(']') => (&text[..colon], &text[colon + 1..]),
        _ => (text, ""),
    };
    let literal = name.starts_with('[') && name.ends_with(']');
    let name_is_right = match literal {
        true => {
            format!("{name}:1")
                .parse::<std::net::SocketAddrV6>()
                .is_ok()
                && !name.contains('%')
        }
        false => {
            !name.is_empty()
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=".contains(c))
        }
    };
    name_is_right && port.chars().all(|c| c.is_ascii_digit())
}

fn right_host(fields: &[(String, Vec<u8>)], version: u8) -> bool {
    let hosts: Vec<_> = named(fields, "host").collect();
    match hosts[..] {
        [] => version == 0,
        [one] => std::str::from_utf8(one).is_ok_and(host),
        _ => false,
    }
}

fn broken_length(fields: &[(String, Vec<u8>)], version: u8) -> Option<&'static str> {
    let list = |name| {
        let values: Vec<_> = named(fields, name)
            .map(|value| String::from_utf8_lossy(value).into_owned())
            .collect();
        let split = |all: String| {
            all.split(',')
                .map(|one| one.trim_matches([' ', '\t']).to_owned())
                .collect::<Vec<_>>()
        };
        (!values.is_empty()).then(|| split(values.join(",")))
    };
    let (lengths, codings) = (list("content-length"), list("transfer-encoding"));
    if let Some(lengths) = &lengths {
        let right = |text: &String| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        if !lengths.iter().all(right) {
            return Some("a length that is not digits");
        }
        let mut numbers: Vec<_> = lengths
            .iter()
            .map(|text| text.trim_start_matches('0'))
            .collect();
        numbers.dedup();
        if numbers.len() > 1 {
            return Some("two lengths");
        }
        if numbers[0].len() > 7 || numbers[0].parse().is_ok_and(|n: u64| n > 8_388_608) {
            return Some("a body over the limit");
        }
    }
    match (codings, lengths) {
        (None, _) => None,
        (Some(_), Some(_)) => Some("a length beside a transfer coding"),
        (Some(codings), None)
            if codings.len() == 1 && codings[0].eq_ignore_ascii_case("chunked") && version > 0 =>
        {
            None
        }
        (Some(_), None) => Some("a transfer coding"),
    }
}

/// HTTP/1.2 and above are served as 1.1; httparse knows them not.
fn as_1_1(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut bytes = bytes[..length].to_vec();
    if let Some(at) = bytes.windows(7).position(|part| part == b"HTTP/1.")
        && let Some(minor @ b'2'..=b'9') = bytes.get_mut(at + 7)
    {
        *minor = b'1';
    }
    bytes
}

type OurHead = (usize, String, Vec<(String, Vec<u8>)>);

/// The first head, if ours accepts it.
fn our_request(bytes: &[u8]) -> Result<Option<OurHead>, HttpError> {
    Ok(match Requests::new(Limits::default()).next(bytes)? {
        Some((length, Event::Head(head, _))) => Some((
            length,
            format!("{} {}", head.method, head.target),
            ours(&head.fields),
        )),
        _ => None,
    })
}

fn our_response(bytes: &[u8]) -> Result<Option<OurHead>, HttpError> {
    Ok(match Responses::new(Limits::default()).next(bytes)? {
        Some((length, Event::Head(head, _))) => {
            Some((length, format!("{}", head.status), ours(&head.fields)))
        }
        _ => None,
    })
}

fn ours(fields: &lesson07::Fields<'_>) -> Vec<(String, Vec<u8>)> {
    fields
        .0
        .iter()
        .map(|field| (field.name.to_owned(), field.value.to_vec()))
        .collect()
}

/// Every head that ours accepts, httparse accepts and reads alike; every one that httparse alone accepts breaks a rule of
/// the contract. How often which.
fn compare(
    seeds: &[&str],
    count: u64,
    ours: impl Fn(&[u8]) -> Result<Option<OurHead>, HttpError>,
    theirs: impl Fn(&[u8]) -> Option<Theirs>,
) {
    let mut random = Random(count);
    let mut seen = BTreeMap::new();
    for _ in 0..count {
        let bytes = random.damaged(seeds);
        let shown = bytes.escape_ascii();
        let what = match (ours(&bytes), theirs(&bytes)) {
            (Ok(Some((length, line, fields))), their) => {
                let their = their.or_else(|| theirs(&as_1_1(&bytes, length)));
                let their = their.unwrap_or_else(|| panic!("accepted by ours alone: {shown}"));
                assert_eq!(
                    (length, &line, &fields),
                    (their.length, &their.line, &their.fields),
                    "{shown}"
                );
                assert_eq!(their.broken, None, "accepted by ours: {shown}");
                "accepted by both"
            }
            (Err(error), Some(their)) => {
                let why = their.broken;
                why.unwrap_or_else(|| panic!("refused by ours alone, {error}: {shown}"))
            }
            (Ok(None), Some(their)) => panic!("ours waits after {} bytes: {shown}", their.length),
            (Err(_), None) => "refused by both",
            (Ok(None), None) => "not whole",
        };
        *seen.entry(what).or_insert(0) += 1;
    }
    println!("{count} heads: {seen:#?}");
}

#[test]
fn a_request_that_ours_accepts_is_one_to_httparse_and_each_difference_is_a_rule() {
    compare(REQUESTS, inputs(100_000), our_request, their_request);
}

#[test]
fn a_response_that_ours_accepts_is_one_to_httparse_and_each_difference_is_a_rule() {
    compare(RESPONSES, inputs(100_000), our_response, their_response);
}

/// Either direction.
enum Reader {
    Requests(Requests),
    Responses(Responses),
}

/// Everything that comes out, as text; data is joined.
fn events<'a>(mut reader: Reader, pieces: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let mut log = Vec::new();
    let mut waiting: Vec<u8> = Vec::new();
    let mut read = |waiting: &mut Vec<u8>, log: &mut Vec<u8>, piece: Option<&[u8]>| {
        match (piece, &mut reader) {
            (Some(piece), _) => waiting.extend_from_slice(piece),
            (None, Reader::Requests(requests)) => requests.ended(waiting)?,
            (None, Reader::Responses(responses)) => responses.ended(waiting)?,
        }
        let mut done = 0;
        loop {
            let rest = &waiting[done..];
            let count = match &mut reader {
                Reader::Requests(requests) => logged(log, requests.next(rest)?),
                Reader::Responses(responses) => logged(log, responses.next(rest)?),
            };
            match count {
                Some(count) => done += count,
                None => break,
            }
        }
        waiting.drain(..done);
        Ok(())
    };
    for piece in pieces.map(Some).chain([None]) {
        let result: Result<(), HttpError> = read(&mut waiting, &mut log, piece);
        if let Err(error) = result {
            log.extend(format!("\n{error:?}").bytes());
            break;
        }
    }
    log
}

fn logged<Head: std::fmt::Debug>(log: &mut Vec<u8>, next: Next<'_, Head>) -> Option<usize> {
    let (count, event) = next?;
    let mut text = String::new();
    match event {
        Event::Data(data) => log.extend_from_slice(data),
        other => {
            let _ = write!(text, "\n{other:?}\n");
            log.extend_from_slice(text.as_bytes());
        }
    }
    Some(count)
}

fn whole_and_cut(seeds: &[&str], count: u64, reader: impl Fn() -> Reader) {
    let mut random = Random(count ^ 1);
    for _ in 0..count {
        let bytes = random.damaged(seeds);
        let whole = events(reader(), [&bytes[..]].into_iter());
        let mut cuts: Vec<usize> = (0..random.below(4))
            .map(|_| random.below(bytes.len() + 1))
            .collect();
        cuts.extend([0, bytes.len()]);
        cuts.sort_unstable();
        let pieces = cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]);
        assert_eq!(
            events(reader(), pieces),
            whole,
            "{} cut at {cuts:?}",
            bytes.escape_ascii()
        );
    }
}

#[test]
fn damaged_requests_come_out_the_same_whole_and_cut() {
    whole_and_cut(REQUESTS, inputs(30_000), || {
        Reader::Requests(Requests::new(Limits::default()))
    });
}

#[test]
fn damaged_responses_come_out_the_same_whole_and_cut() {
    whole_and_cut(RESPONSES, inputs(30_000), || {
        Reader::Responses(Responses::new(Limits::default()))
    });
}

/// What a decoder makes of bytes: the body and how many bytes it took with all around it.
#[derive(Debug, PartialEq, Eq)]
enum Decoded {
    Whole(Vec<u8>, usize),
    NotWhole,
    Wrong,
}

/// The naive way: everything is there, and each step begins with a search for the next CRLF.
fn naive(bytes: &[u8]) -> Decoded {
    let mut body = Vec::new();
    let mut at = 0;
    let line = |at: usize| {
        bytes[at..]
            .windows(2)
            .position(|pair| pair == b"\r\n")
            .map(|end| &bytes[at..at + end])
    };
    loop {
        let Some(text) = line(at) else {
            return Decoded::NotWhole;
        };
        let digits = text
            .iter()
            .position(|&byte| byte == b';')
            .unwrap_or(text.len());
        let size = match std::str::from_utf8(&text[..digits]) {
            Ok(size) if !size.starts_with('+') => u64::from_str_radix(size, 16),
            _ => return Decoded::Wrong,
        };
        let Ok(size @ ..=8_388_608) = size else {
            return Decoded::Wrong;
        };
        if !extensions(&text[digits..]) {
            return Decoded::Wrong;
        }
        at += text.len() + 2;
        if size == 0 {
            break;
        }
        let end = at + size as usize;
        match bytes.get(at..end + 2) {
            Some(data) if data.ends_with(b"\r\n") => body.extend_from_slice(&data[..size as usize]),
            Some(_) => return Decoded::Wrong,
            None => return Decoded::NotWhole,
        }
        at = end + 2;
    }
    let mut wrong = false;
    loop {
        let Some(text) = line(at) else {
            return Decoded::NotWhole;
        };
        at += text.len() + 2;
        match text.is_empty() {
            true if wrong => return Decoded::Wrong,
            true => return Decoded::Whole(body, at),
            false => {}
        }
        let mut header = [httparse::EMPTY_HEADER; 1];
        let alone = [text, b"\r\n\r\n"].concat();
        let parsed = httparse::parse_headers(&alone, &mut header);
        wrong |= !matches!(parsed, Ok(Status::Complete(_))) || bare_line_end(&alone);
    }
}

/// The grammar of extensions as a table of states.
fn extensions(text: &[u8]) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let text_byte = |byte: u8| byte == b'\t' || (byte >= 0x20 && byte != 0x7f);
    let mut state = "end";
    for &byte in text {
        state = match (state, byte) {
            ("end", b';') if text[0] == b';' => "name?",
            ("name?", b' ' | b'\t') => "name?",
            ("name?" | "name", byte) if token(byte) => "name",
            ("name" | "after name", b' ' | b'\t') => "after name",
            ("name" | "after name", b'=') => "value?",
            ("name" | "after name" | "value" | "after value" | "end", b';') => "name?",
            ("value?", b' ' | b'\t') => "value?",
            ("value?", b'"') => "quoted",
            ("value?" | "value", byte) if token(byte) => "value",
            ("value" | "end" | "after value", b' ' | b'\t') => "after value",
            ("quoted", b'"') => "end",
            ("quoted", b'\\') => "escaped",
            ("quoted" | "escaped", byte) if text_byte(byte) => "quoted",
            _ => return false,
        };
    }
    matches!(state, "end" | "name" | "value")
}

fn decoded_by_ours(bytes: &[u8]) -> Decoded {
    const HEAD: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let mut requests = Requests::new(Limits::default());
    let Ok(Some((_, Event::Head(..)))) = requests.next(HEAD) else {
        panic!("the head is right");
    };
    let (mut body, mut at) = (Vec::new(), 0);
    loop {
        match requests.next(&bytes[at..]) {
            Ok(Some((count, Event::Data(data)))) => {
                body.extend_from_slice(data);
                at += count;
            }
            Ok(Some((count, Event::End(_)))) => return Decoded::Whole(body, at + count),
            Ok(Some((_, Event::Head(..)))) => panic!("a head inside a body"),
            Ok(None) => return Decoded::NotWhole,
            Err(error) => {
                assert_ne!(error.refused, Refused::ENDED);
                return Decoded::Wrong;
            }
        }
    }
}

#[test]
fn chunks_are_decoded_as_the_naive_way_decodes_them() {
    let count = inputs(100_000);
    let mut random = Random(count ^ 2);
    let mut seen = [0_u64; 3];
    for _ in 0..count {
        let bytes = random.damaged(CHUNKS);
        let (ours, naive) = (decoded_by_ours(&bytes), naive(&bytes));
        seen[match &ours {
            Decoded::Whole(..) => 0,
            Decoded::NotWhole => 1,
            Decoded::Wrong => 2,
        }] += 1;
        // Ours need not wait for the end of a line to refuse it.
        let early = ours == Decoded::Wrong && naive == Decoded::NotWhole;
        assert!(
            early || ours == naive,
            "ours {ours:?}, naive {naive:?}: {}",
            bytes.escape_ascii()
        );
    }
    println!(
        "{count} bodies in chunks: {} whole, {} not whole, {} refused",
        seen[0], seen[1], seen[2]
    );
}
