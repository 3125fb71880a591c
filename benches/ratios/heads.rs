//! Heads of HTTP messages: what lesson 07's parser costs beside httparse, which uses vector instructions by hand, and beside
//! the way that comes to mind first.
//!
//! | row | does |
//! |---|---|
//! | `httparse` | parses into an array on the stack; judges no Host, no length, no expectation |
//! | `parse` | `parse_request` or `parse_response` |
//! | `connection` | the same, and before it finds the head's end, after it decides about the body |
//! | `split_once` | lines, `split_once(':')`, owned strings |
//!
//! Many different heads, in another order each round: a branch predictor learns one head by heart.

use std::hint::black_box;
use std::io;
use std::time::Instant;

use benches::{Measured, Row, Table};
use lesson07::{Event, Fields, Limits, Requests, Responses, parse_request, parse_response};

use crate::Effort;

/// Heads of one kind.
pub(crate) struct Heads {
    name: &'static str,
    heads: Vec<Vec<u8>>,
}

/// The kinds: of requests, and of a response.
pub(crate) fn inputs() -> [Heads; 5] {
    let mut words = Words(7);
    let mut kind = |name, head: fn(&mut Words) -> String| Heads {
        name,
        heads: (0..512).map(|_| head(&mut words).into_bytes()).collect(),
    };
    [
        kind("a browser's GET", |w| {
            format!(
                "GET /{}/{}.html?{} HTTP/1.1\r\nHost: {}.example.org\r\nConnection: keep-alive\r\n\
                 sec-ch-ua: \"Chromium\";v=\"128\", \"Not;A=Brand\";v=\"24\"\r\nsec-ch-ua-mobile: ?0\r\n\
                 sec-ch-ua-platform: \"Linux\"\r\nUpgrade-Insecure-Requests: 1\r\n\
                 User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/128.0.{}.0 Safari/537.36\r\n\
                 Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8\r\n\
                 Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\n\
                 Sec-Fetch-Dest: document\r\nReferer: http://example.org/{}\r\n\
                 Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-US,en;q=0.9,de;q=0.8\r\n\
                 Cookie: session={}{}; theme={}\r\n\r\n",
                w.word(),
                w.word(),
                w.word(),
                w.word(),
                w.number(),
                w.word(),
                w.word(),
                w.word(),
                w.word()
            )
        }),
        kind("curl's GET", |w| {
            format!(
                "GET /{}/{} HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: curl/8.{}.0\r\nAccept: */*\r\n\r\n",
                w.word(),
                w.word(),
                w.number()
            )
        }),
        kind("a short GET", |w| {
            format!("GET /{} HTTP/1.1\r\nHost: {}\r\n\r\n", w.word(), w.word())
        }),
        kind("50 more fields", |w| {
            let fields: String = (0..50)
                .map(|_| format!("X-{}: {}{}\r\n", w.word(), w.word(), w.word()))
                .collect();
            format!("POST /{} HTTP/1.1\r\nHost: a\r\n{fields}\r\n", w.word())
        }),
        kind("a response", |w| {
            format!(
                "HTTP/1.1 200 OK\r\nDate: Mon, 27 Jul 2026 12:28:53 GMT\r\nServer: {}/1.2\r\n\
                 Last-Modified: Wed, 22 Jul 2026 19:15:56 GMT\r\nETag: \"{}\"\r\n\
                 Content-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
                 Cache-Control: max-age={}\r\nConnection: keep-alive\r\n\r\n",
                w.word(),
                w.word(),
                w.number(),
                w.number()
            )
        }),
    ]
}

/// Words of one to sixteen letters, the same each time.
struct Words(u64);

impl Words {
    fn number(&mut self) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 44) as usize // below 2^20: the length of a body within the limit
    }

    fn word(&mut self) -> String {
        let letters = 1 + self.number() % 16;
        (0..letters)
            .map(|_| char::from(b'a' + (self.number() % 26) as u8))
            .collect()
    }
}

/// What was seen of a head: it has to be the same whoever parsed it.
fn seen<'a>(fields: impl Iterator<Item = (&'a str, &'a [u8])>) -> u64 {
    let field = |(name, value): (&str, &[u8])| {
        let first = value.first().copied().unwrap_or_default();
        (name.len() + 3 * value.len()) as u64 + u64::from(first)
    };
    fields.map(field).sum()
}

fn seen_by_ours(fields: &Fields<'_>) -> u64 {
    seen(fields.0.iter().map(|field| (field.name, field.value)))
}

fn httparse(head: &[u8]) -> Option<u64> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let fields = if head.starts_with(b"HTTP/") {
        let mut response = httparse::Response::new(&mut headers);
        response.parse(head).ok()?;
        response.headers
    } else {
        let mut request = httparse::Request::new(&mut headers);
        request.parse(head).ok()?;
        request.headers
    };
    Some(seen(fields.iter().map(|field| (field.name, field.value))))
}

fn parse(head: &[u8]) -> Option<u64> {
    let limits = Limits::default();
    let fields = match head.starts_with(b"HTTP/") {
        true => parse_response(head, &limits).ok()?.fields,
        false => parse_request(head, &limits).ok()?.fields,
    };
    Some(seen_by_ours(&fields))
}

fn connection(head: &[u8]) -> Option<u64> {
    let limits = Limits::default();
    if head.starts_with(b"HTTP/") {
        match Responses::new(limits).next(head) {
            Ok(Some((_, Event::Head(head, _)))) => Some(seen_by_ours(&head.fields)),
            _ => None,
        }
    } else {
        match Requests::new(limits).next(head) {
            Ok(Some((_, Event::Head(head, _)))) => Some(seen_by_ours(&head.fields)),
            _ => None,
        }
    }
}

fn split_once(head: &[u8]) -> Option<u64> {
    let text = String::from_utf8_lossy(head).into_owned();
    let (head, _) = text.split_once("\r\n\r\n")?;
    let (start, lines) = head.split_once("\r\n")?;
    let parts: Vec<String> = start.splitn(3, ' ').map(str::to_owned).collect();
    let field = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_owned(), value.trim().to_owned()))
    };
    let fields: Option<Vec<(String, String)>> = lines.split("\r\n").map(field).collect();
    black_box(parts);
    Some(seen(
        fields?
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_bytes())),
    ))
}

/// Takes a head apart and looks at it; `None`: refused.
type Way = fn(&[u8]) -> Option<u64>;

/// The rows of one kind.
pub(crate) fn table(Heads { name, heads }: &Heads, effort: Effort) -> io::Result<String> {
    let size = heads.iter().map(Vec::len).sum::<usize>() / heads.len();
    let count = (effort.bytes / size).max(1);
    let ways: [(&'static str, Way); 4] = [
        ("httparse", httparse),
        ("parse", parse),
        ("connection", connection),
        ("split_once", split_once),
    ];
    let wanted: Vec<Option<u64>> = heads.iter().map(|head| httparse(head)).collect();
    let row = |(name, way): (&'static str, Way)| {
        let mut order = Words(size as u64);
        let wanted = &wanted;
        let batch = Box::new(move || {
            let picked: Vec<usize> = (0..count).map(|_| order.number() % heads.len()).collect();
            let picked: Vec<_> = picked
                .iter()
                .filter_map(|&at| heads.get(at).zip(wanted.get(at)))
                .collect();
            let start = Instant::now();
            for &(head, wanted) in &picked {
                assert_eq!(way(black_box(head)), *wanted, "{name}");
            }
            let time = start.elapsed();
            Ok(Measured {
                messages: count as u64,
                time,
                calls: None,
            })
        });
        Row { name, batch }
    };
    let table = Table::measure(ways.into_iter().map(row).collect(), effort.rounds)?;
    Ok(format!(
        "{name}\n{}",
        table.text(size, &["httparse", "split_once"])
    ))
}
