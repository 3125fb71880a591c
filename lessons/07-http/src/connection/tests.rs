use super::*;

/// An event that outlives its input.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Head(String, BodyLength),
    Data(Vec<u8>),
    End(String),
    Refused(&'static Refused, u64),
}

/// Either direction.
enum Reader {
    Requests(Requests),
    Responses(Responses),
}

impl Reader {
    fn requests() -> Self {
        Self::Requests(Requests::new(Limits::default()))
    }

    fn responses() -> Self {
        Self::Responses(Responses::new(Limits::default()))
    }

    fn next(&mut self, input: &[u8]) -> Result<Option<(usize, Seen)>, HttpError> {
        Ok(match self {
            Self::Requests(requests) => requests.next(input)?.map(seen),
            Self::Responses(responses) => responses.next(input)?.map(seen),
        })
    }

    fn ended(&mut self, rest: &[u8]) -> Result<(), HttpError> {
        match self {
            Self::Requests(requests) => requests.ended(rest),
            Self::Responses(responses) => responses.ended(rest),
        }
    }

    /// What comes out of these pieces and the end of the stream after them. Data is joined.
    fn read<'a>(mut self, pieces: impl IntoIterator<Item = &'a [u8]>) -> Vec<Seen> {
        let mut all = Vec::new();
        let mut waiting = Vec::new();
        for piece in pieces {
            waiting.extend_from_slice(piece);
            if let Err(error) = self.drain(&mut waiting, &mut all) {
                return self.refused(all, error);
            }
        }
        let ended = self.ended(&waiting);
        match ended.and_then(|()| self.drain(&mut waiting, &mut all)) {
            Ok(()) => all,
            Err(error) => self.refused(all, error),
        }
    }

    fn drain(&mut self, waiting: &mut Vec<u8>, all: &mut Vec<Seen>) -> Result<(), HttpError> {
        while let Some((consumed, event)) = self.next(waiting)? {
            waiting.drain(..consumed);
            match (all.last_mut(), event) {
                (Some(Seen::Data(before)), Seen::Data(data)) => before.extend(data),
                (_, event) => all.push(event),
            }
        }
        Ok(())
    }

    /// After an error every call repeats it.
    fn refused(mut self, mut all: Vec<Seen>, error: HttpError) -> Vec<Seen> {
        assert_eq!(self.next(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"), Err(error));
        assert_eq!(self.ended(b""), Err(error));
        all.push(Seen::Refused(error.refused, error.at));
        all
    }
}

fn seen<Head: std::fmt::Debug>((consumed, event): (usize, Event<'_, Head>)) -> (usize, Seen) {
    let event = match event {
        Event::Head(head, body) => Seen::Head(format!("{head:?}"), body),
        Event::Data(data) => {
            assert!(!data.is_empty());
            Seen::Data(data.to_vec())
        }
        Event::End(trailers) => Seen::End(format!("{trailers:?}")),
    };
    (consumed, event)
}

/// Whole, byte by byte, and cut at every place: the same, which is returned.
fn read_in_all_ways(reader: impl Fn() -> Reader, input: &[u8]) -> Vec<Seen> {
    let whole = reader().read([input]);
    assert_eq!(
        reader().read(input.chunks(1)),
        whole,
        "byte by byte: {}",
        input.escape_ascii()
    );
    for cut in 0..=input.len() {
        let (one, two) = input.split_at(cut);
        assert_eq!(
            reader().read([one, two]),
            whole,
            "cut at {cut}: {}",
            input.escape_ascii()
        );
    }
    whole
}

/// How it ends: after so many messages, refused with this or not.
fn end_of(events: &[Seen]) -> (usize, Option<(&'static Refused, u64)>) {
    let messages = events
        .iter()
        .filter(|event| matches!(event, Seen::End(_)))
        .count();
    match events.last() {
        Some(Seen::Refused(refused, at)) => (messages, Some((*refused, *at))),
        _ => (messages, None),
    }
}

const POST: &str = "POST / HTTP/1.1\r\nHost: a\r\n";
const NEXT: &str = "GET /next HTTP/1.0\r\n\r\n";

/// The body of the first message, joined.
fn body(events: &[Seen]) -> &[u8] {
    match events.get(1) {
        Some(Seen::Data(data)) => data,
        _ => b"",
    }
}

/// A request with these fields and this after its head, then another request.
fn posted(fields: &str, rest: &str) -> Vec<Seen> {
    let input = format!("{POST}{fields}\r\n{rest}{NEXT}");
    read_in_all_ways(Reader::requests, input.as_bytes())
}

/// As [`posted`]: where the refused byte is, counted from the first after `POST`.
fn refused(fields: &str, rest: &str) -> Option<(&'static Refused, u64)> {
    let (messages, end) = end_of(&posted(fields, rest));
    let (refused, at) = end?;
    assert_eq!(messages, 0, "{fields:?} {rest:?}");
    Some((refused, at - POST.len() as u64))
}

#[test]
fn requests_come_out_the_same_however_they_are_cut() {
    for (input, end) in [
        ("", (0, None)),
        ("\r\n", (0, None)),
        ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", (1, None)),
        (
            "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n\r\nGET / HTTP/1.0\r\n\r\n\r\n",
            (2, None),
        ),
        (
            "\r\n\r\nGET / HTTP/1.0\r\n\r\n",
            (0, Some((Refused::START_LINE, 2))),
        ),
        (
            "\nGET / HTTP/1.0\r\n\r\n",
            (0, Some((Refused::BARE_LINE_END, 0))),
        ),
        ("G", (0, Some((Refused::ENDED, 1)))),
        ("\r", (0, Some((Refused::ENDED, 1)))),
        ("\r\n\r", (0, Some((Refused::ENDED, 3)))),
        (
            "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r",
            (1, Some((Refused::ENDED, 35))),
        ),
        (
            "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nx",
            (0, Some((Refused::ENDED, 39))),
        ),
        (
            "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\nA: b\rc\r\n\r\n",
            (1, Some((Refused::BARE_LINE_END, 38))),
        ),
        (
            "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\nA: b\n\r\n",
            (1, Some((Refused::BARE_LINE_END, 38))),
        ),
    ] {
        let events = read_in_all_ways(Reader::requests, input.as_bytes());
        assert_eq!(end_of(&events), end, "{input:?}: {events:?}");
    }
}

#[test]
fn a_bare_line_end_is_refused_before_the_head_is_whole() {
    for input in ["GET / HTTP/1.1\n", "GET / HTTP/1.1\rH", "G\n"] {
        let mut requests = Requests::new(Limits::default());
        let error = requests.next(input.as_bytes()).unwrap_err();
        assert_eq!(error.refused, Refused::BARE_LINE_END);
    }
}

#[test]
fn a_request_has_a_body_when_it_announces_one_and_the_next_begins_after_it() {
    for (fields, rest, wanted) in [
        ("", "", ""),
        ("Content-Length: 0\r\n", "", ""),
        ("Content-Length: 5\r\n", "hello", "hello"),
        ("content-length:005 \r\n", "hello", "hello"),
        (
            "Content-Length: 5 ,\t5\r\nContent-Length: 05\r\n",
            "hello",
            "hello",
        ),
        ("Transfer-Encoding: chunked\r\n", "0\r\n\r\n", ""),
        (
            "transfer-encoding:\tCHUNKED \r\n",
            "2\r\nhe\r\n03\r\nllo\r\n0\r\n\r\n",
            "hello",
        ),
        (
            "Transfer-Encoding: chunked\r\n",
            "A\r\n0123456789\r\na\r\n0123456789\r\n000\r\n\r\n",
            "01234567890123456789",
        ),
    ] {
        let events = posted(fields, rest);
        assert_eq!(
            end_of(&events),
            (2, None),
            "{fields:?} {rest:?}: {events:?}"
        );
        assert_eq!(body(&events), wanted.as_bytes());
    }
}

#[test]
fn a_length_is_digits_once_and_alone() {
    for (fields, at) in [
        ("Content-Length:\r\n", 15),
        ("Content-Length: +5\r\n", 16),
        ("Content-Length: -5\r\n", 16),
        ("Content-Length: 5x\r\n", 17),
        ("Content-Length: 0x5\r\n", 17),
        ("Content-Length: 5 5\r\n", 17),
        ("Content-Length: 5,\r\n", 18),
        ("Content-Length: ,5\r\n", 16),
        ("Content-Length: 5, 6\r\n", 19),
        ("Content-Length: 5\r\nContent-Length: 6\r\n", 35),
        ("Content-Length: \u{661}\r\n", 16),
        // Beside a transfer coding, in either order, even with 0.
        ("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 16),
        ("Transfer-Encoding: chunked\r\nContent-Length: 0\r\n", 44),
    ] {
        let got = refused(fields, "hello");
        assert_eq!(got, Some((Refused::CONTENT_LENGTH, at)), "{fields:?}");
    }
}

#[test]
fn a_transfer_coding_is_chunked_once_in_http_1_1() {
    for (value, refused_as, at) in [
        ("", Refused::TRANSFER_ENCODING, 18),
        (" chunked, chunked", Refused::TRANSFER_ENCODING, 28),
        (
            " chunked\r\nTransfer-Encoding: chunked",
            Refused::TRANSFER_ENCODING,
            47,
        ),
        (" chunked,", Refused::TRANSFER_ENCODING, 27),
        (" ,chunked", Refused::TRANSFER_ENCODING, 19),
        (" chunked;a=b", Refused::TRANSFER_ENCODING, 19),
        (" \"chunked\"", Refused::TRANSFER_ENCODING, 19),
        (" chunked x", Refused::TRANSFER_ENCODING, 19),
        (" gzip", Refused::UNKNOWN_CODING, 19),
        (" identity", Refused::UNKNOWN_CODING, 19),
        (" xchunked", Refused::UNKNOWN_CODING, 19),
        (" gzip;q=1, chunked", Refused::UNKNOWN_CODING, 19),
        (" chunked, gzip", Refused::UNKNOWN_CODING, 28),
    ] {
        let fields = format!("Transfer-Encoding:{value}\r\n");
        let got = refused(&fields, "0\r\n\r\n");
        assert_eq!(got, Some((refused_as, at)), "{fields:?}");
    }
    let old = "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    let events = read_in_all_ways(Reader::requests, old.as_bytes());
    assert_eq!(end_of(&events), (0, Some((Refused::TRANSFER_ENCODING, 36))));
}

#[test]
fn a_chunk_is_refused_at_the_byte_that_is_wrong() {
    const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
    let begin = CHUNKED.len() as u64 + 2;
    for (rest, refused_as, at) in [
        ("\r\n", Refused::CHUNK, 0),
        ("g\r\n", Refused::CHUNK, 0),
        ("+5\r\n", Refused::CHUNK, 0),
        ("0x5\r\n", Refused::CHUNK, 1),
        (" 5\r\nhello\r\n", Refused::CHUNK, 0),
        ("5 \r\nhello\r\n", Refused::CHUNK, 1),
        ("5\t;a\r\nhello\r\n", Refused::CHUNK, 1),
        ("5\nhello\r\n", Refused::BARE_LINE_END, 1),
        ("5\rhello\r\n", Refused::BARE_LINE_END, 1),
        ("5\r\nhello\n", Refused::CHUNK, 8),
        ("5\r\nhello0\r\n", Refused::CHUNK, 8),
        ("5\r\nhello\rx", Refused::CHUNK, 9),
        ("5\r\nhello\r\n\r\n", Refused::CHUNK, 10),
        ("10000000000000000\r\n", Refused::CHUNK, 0),
        ("ffffffffffffffff\r\n", Refused::LONG_BODY, 0),
        ("5\r\nhello\r\n7ffffc\r\n", Refused::LONG_BODY, 10),
        ("0\r\n A: b\r\n\r\n", Refused::WHITE_SPACE, 3),
        ("0\r\nA : b\r\n\r\n", Refused::WHITE_SPACE, 4),
        ("0\r\nA\r\n\r\n", Refused::FIELD_NAME, 4),
        ("0\r\nA: \u{1}\r\n\r\n", Refused::FIELD_VALUE, 6),
        ("0\r\nA: b\n\r\n", Refused::BARE_LINE_END, 7),
    ] {
        let got = refused(CHUNKED, rest);
        assert_eq!(got, Some((refused_as, begin + at)), "{rest:?}");
    }
}

#[test]
fn extensions_follow_their_grammar_and_are_skipped() {
    const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
    let begin = CHUNKED.len() as u64 + 2;
    for extension in [
        ";a",
        ";a=b",
        "; a = b ;c\t;\td",
        ";a=\"\"",
        ";a=\"x;y\t\\\"\\\\\u{e9}\";b",
        ";!#$%&'*+-.^_`|~=1",
    ] {
        let events = posted(
            CHUNKED,
            &format!("5{extension}\r\nhello\r\n0{extension}\r\n\r\n"),
        );
        assert_eq!(end_of(&events), (2, None), "{extension}");
        assert_eq!(body(&events), b"hello");
    }
    for (extension, at) in [
        (";", 1),
        (";;a", 1),
        (";a=", 3),
        (";a ", 2),
        (";a=b c", 4),
        (";a b", 2),
        (";=b", 1),
        (";a=\"", 4),
        (";a=\"x", 5),
        (";a=\"x\\", 6),
        (";a=\"x\\\"", 7),
        (";a=\"\u{1}\"", 4),
        (";a=\"\\\u{1}\"", 5),
        (";a=\"x\"y", 6),
        (";\u{c}a", 1),
        (";a=\u{e9}", 3),
    ] {
        let got = refused(CHUNKED, &format!("5{extension}\r\nhello\r\n0\r\n\r\n"));
        assert_eq!(got, Some((Refused::CHUNK, begin + 1 + at)), "{extension:?}");
    }
}

#[test]
fn trailers_come_with_the_end() {
    let events = posted(
        "Transfer-Encoding: chunked\r\n",
        "0\r\nDigest: abc\r\nB: \r\n\r\n",
    );
    let Some(Seen::End(trailers)) = events.get(1) else {
        panic!("{events:?}");
    };
    assert!(
        trailers.contains("\"Digest\"") && trailers.contains("\"B\""),
        "{trailers}"
    );
    assert_eq!(end_of(&events), (2, None));
}

/// What comes out of responses; to a GET each.
fn responded(input: &str) -> Vec<Seen> {
    read_in_all_ways(Reader::responses, input.as_bytes())
}

#[test]
fn a_response_has_a_body_unless_its_status_says_no() {
    const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
    for (first, wanted) in [
        (OK, "hi"),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\nA: b\r\n\r\n",
            "hi",
        ),
        ("HTTP/1.1 100 Continue\r\n\r\n", ""),
        ("HTTP/1.1 103 Early Hints\r\nContent-Length: 5\r\n\r\n", ""),
        ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", ""),
        (
            "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n",
            "",
        ),
        ("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", ""),
    ] {
        let events = responded(&format!("{first}{OK}"));
        assert_eq!(end_of(&events), (2, None), "{first:?}: {events:?}");
        assert_eq!(body(&events), wanted.as_bytes());
    }
}

#[test]
fn a_response_without_a_length_lasts_until_the_stream_ends() {
    for (input, wanted) in [
        ("HTTP/1.1 200 OK\r\n\r\nhello\r\n\r\n", "hello\r\n\r\n"),
        ("HTTP/1.0 500 Oh\r\nA: b\r\n\r\n", ""),
    ] {
        let events = responded(input);
        assert_eq!(end_of(&events), (1, None), "{events:?}");
        assert_eq!(body(&events), wanted.as_bytes());
    }
    for (input, refused, at) in [
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello",
            Refused::ENDED,
            43,
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
            Refused::CONTENT_LENGTH,
            33,
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            Refused::UNKNOWN_CODING,
            36,
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            Refused::ENDED,
            50,
        ),
        ("\r\nHTTP/1.1 200 OK\r\n\r\n", Refused::VERSION, 0),
        ("HTTP/1.1 200 OK", Refused::ENDED, 15),
        ("HTTP/1.1 200 OK\nA: b\r\n\r\n", Refused::BARE_LINE_END, 15),
    ] {
        assert_eq!(
            end_of(&responded(input)),
            (0, Some((refused, at))),
            "{input:?}"
        );
    }
}

#[test]
fn what_a_response_answers_decides_about_its_body() {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
    let length = |responses: &mut Responses| match responses.next(HEAD) {
        Ok(Some((count, Event::Head(_, length)))) if count == HEAD.len() => length,
        other => panic!("{other:?}"),
    };
    let mut responses = Responses::new(Limits::default());
    responses.expect("HEAD");
    // An interim answer does not use it up.
    let interim = b"HTTP/1.1 100 Continue\r\n\r\n";
    assert!(matches!(
        responses.next(interim),
        Ok(Some((25, Event::Head(..))))
    ));
    assert!(matches!(responses.next(HEAD), Ok(Some((0, Event::End(_))))));
    assert_eq!(length(&mut responses), BodyLength::Exactly(0));
    // The next is one to a GET again.
    assert!(matches!(responses.next(HEAD), Ok(Some((0, Event::End(_))))));
    assert_eq!(length(&mut responses), BodyLength::Exactly(5));

    let mut responses = Responses::new(Limits::default());
    responses.expect("CONNECT");
    assert_eq!(length(&mut responses), BodyLength::UntilClose, "a tunnel");
}

/// A reader with small limits.
fn small() -> Limits {
    Limits {
        start_line: 30,
        head: 60,
        fields: 3,
        chunk_line: 8,
        body: 10,
    }
}

/// The last input that is accepted and the first that is refused: both in all ways.
fn borders(
    reader: impl Fn() -> Reader,
    accepted: &str,
    refused: &str,
    why: &'static Refused,
    at: u64,
) {
    let events = read_in_all_ways(&reader, accepted.as_bytes());
    assert!(
        matches!(end_of(&events), (1, None)),
        "{accepted:?}: {events:?}"
    );
    let events = read_in_all_ways(&reader, refused.as_bytes());
    assert_eq!(end_of(&events), (0, Some((why, at))), "{refused:?}");
}

#[test]
fn each_limit_takes_the_largest_and_refuses_the_first_beyond_it() {
    let requests = || Reader::Requests(Requests::new(small()));
    let line = |n| format!("GET /{} HTTP/1.0\r\n\r\n", "x".repeat(n));
    borders(requests, &line(16), &line(17), Refused::LONG_START_LINE, 30);
    borders(
        requests,
        &format!("\r\n{}", line(16)),
        &format!("\r\n{}", line(17)),
        Refused::LONG_START_LINE,
        32,
    );
    let head = |n| format!("GET / HTTP/1.0\r\nA: {}\r\n\r\n", "x".repeat(n));
    borders(requests, &head(37), &head(38), Refused::LONG_HEAD, 58);
    let fields = |n| format!("GET / HTTP/1.0\r\n{}\r\n", "A: b\r\n".repeat(n));
    borders(requests, &fields(3), &fields(4), Refused::LONG_HEAD, 34);
    let length = |n| format!("GET / HTTP/1.0\r\nContent-Length: {n}\r\n\r\n0123456789");
    borders(
        requests,
        &length("10"),
        &length("11"),
        Refused::LONG_BODY,
        32,
    );
    borders(
        requests,
        &length("10"),
        &length("99999999999999999999"),
        Refused::LONG_BODY,
        32,
    );

    // Chunks: after a head of 53 bytes with two fields.
    let head = "GET / HTTP/1.1\r\nHost:a\r\nTransfer-Encoding:chunked\r\n\r\n";
    assert_eq!(head.len(), 53);
    let chunked = |rest: &str| format!("{head}{rest}");
    let size = |n| chunked(&format!("5\r\nhello\r\n{n}\r\n, you\r\n0\r\n\r\n"));
    borders(requests, &size(5), &size(6), Refused::LONG_BODY, 63);
    let line = |n| chunked(&format!("{}1;\r\nx\r\n0\r\n\r\n", "0".repeat(n)).replace(';', ""));
    borders(requests, &line(7), &line(8), Refused::LONG_CHUNK_LINE, 61);
    let second = |zeros: &str| chunked(&format!("1\r\nx\r\n{zeros}1\r\ny\r\n0\r\n\r\n"));
    borders(
        requests,
        &second("0000000"),
        &second("00000000"),
        Refused::LONG_CHUNK_LINE,
        53 + 6 + 8,
    );
    // Trailers: 7 bytes of the head are left, and one field.
    let trailers = |text: &str| chunked(&format!("0\r\n{text}\r\n"));
    borders(
        requests,
        &trailers("A: bc\r\n"),
        &trailers("A: bcd\r\n"),
        Refused::LONG_HEAD,
        63,
    );
    let more = || {
        Reader::Requests(Requests::new(Limits {
            head: 80,
            ..small()
        }))
    };
    borders(
        more,
        &trailers("A:\r\n"),
        &trailers("A:\r\nB:\r\n"),
        Refused::LONG_HEAD,
        60,
    );

    let responses = || Reader::Responses(Responses::new(small()));
    let reason = |n| format!("HTTP/1.0 200 {}\r\n\r\n", "x".repeat(n));
    borders(
        responses,
        &reason(17),
        &reason(18),
        Refused::LONG_START_LINE,
        30,
    );
    let until_close = |n| format!("HTTP/1.0 200 OK\r\n\r\n{}", "x".repeat(n));
    borders(
        responses,
        &until_close(10),
        &until_close(11),
        Refused::LONG_BODY,
        29,
    );
}

#[test]
fn the_limits_are_those_of_the_contract() {
    let read = |input: &[u8]| {
        let whole = end_of(&Reader::requests().read([input]));
        assert_eq!(end_of(&Reader::requests().read(input.chunks(1))), whole);
        whole
    };
    let line = |n: usize| format!("GET /{} HTTP/1.0\r\n\r\n", "x".repeat(n - 14));
    assert_eq!(read(line(8_192).as_bytes()), (1, None));
    assert_eq!(
        read(line(8_193).as_bytes()).1.unwrap().0,
        Refused::LONG_START_LINE
    );
    let head = |n: usize| format!("GET / HTTP/1.0\r\nA: {}\r\n\r\n", "x".repeat(n - 23));
    assert_eq!(
        (head(65_536).len(), read(head(65_536).as_bytes())),
        (65_536, (1, None))
    );
    assert_eq!(
        read(head(65_537).as_bytes()).1.unwrap().0,
        Refused::LONG_HEAD
    );
    let length = |n: usize| format!("{POST}Content-Length: {n}\r\n\r\n");
    assert_eq!(
        read(length(8_388_608).as_bytes()).1.unwrap().0,
        Refused::ENDED
    );
    assert_eq!(
        read(length(8_388_609).as_bytes()).1.unwrap().0,
        Refused::LONG_BODY
    );
    let chunk = |n: usize| {
        format!(
            "{POST}Transfer-Encoding: chunked\r\n\r\n0;{}\r\n\r\n",
            "x".repeat(n - 2)
        )
    };
    assert_eq!(read(chunk(4_096).as_bytes()), (1, None));
    assert_eq!(
        read(chunk(4_097).as_bytes()).1.unwrap().0,
        Refused::LONG_CHUNK_LINE
    );
}

#[test]
fn what_is_too_long_is_refused_before_it_is_whole() {
    let mut requests = Requests::new(Limits::default());
    assert_eq!(requests.next(&[b'x'; 8_192]), Ok(None));
    assert!(requests.next(&[b'x'; 8_193]).is_err());
    let announced = format!("{POST}Content-Length: 8388609\r\n\r\n");
    let mut requests = Requests::new(Limits::default());
    assert_eq!(
        requests
            .next(announced.as_bytes())
            .unwrap_err()
            .refused
            .status,
        413
    );
}

#[test]
fn what_the_encoder_makes_the_decoder_takes_away() {
    for size in [0, 1, 9, 10, 15, 16, 17, 4_095, 4_096, 70_000] {
        let data = vec![b'x'; size];
        let mut wire = format!("{POST}Transfer-Encoding: chunked\r\n\r\n").into_bytes();
        for piece in [&data[..], b"", b"tail"] {
            crate::encode_chunk(piece, &mut wire);
        }
        wire.extend_from_slice(crate::LAST_CHUNK);
        let events = Reader::requests().read([&wire[..]]);
        assert_eq!(end_of(&events), (1, None));
        assert_eq!(body(&events), [&data[..], b"tail"].concat());
    }
}
