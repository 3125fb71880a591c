use super::*;

/// An event that outlives its input.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Head(String, BodyLength),
    Data(Vec<u8>),
    End(String),
    Refused(Refused, u64),
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
fn end_of(events: &[Seen]) -> (usize, Option<(Refused, u64)>) {
    let messages = events
        .iter()
        .filter(|event| matches!(event, Seen::End(_)))
        .count();
    match events.last() {
        Some(Seen::Refused(refused, at)) => (messages, Some((*refused, *at))),
        _ => (messages, None),
    }
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
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET / HTTP/1.0\r\n\r\n",
            (2, None),
        ),
        (
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\
             6;a=\"\\\"\";b\r\n, you!\r\n000\r\nDigest: abc\r\n\r\nGET / HTTP/1.0\r\n\r\n",
            (2, None),
        ),
        // Ended inside.
        ("G", (0, Some((Refused::Ended, 1)))),
        ("\r\n\r", (0, Some((Refused::Ended, 3)))),
        (
            "GET / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r",
            (1, Some((Refused::Ended, 35))),
        ),
        (
            "POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nx",
            (0, Some((Refused::Ended, 39))),
        ),
    ] {
        let events = read_in_all_ways(Reader::requests, input.as_bytes());
        assert_eq!(end_of(&events), end, "{input:?}: {events:?}");
    }
}
