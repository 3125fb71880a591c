use super::*;

fn request(head: &str) -> Result<RequestHead<'_>, (&'static Refused, u64)> {
    parse_request(head.as_bytes(), &Limits::default()).map_err(|error| (error.refused, error.at))
}

fn response(head: &str) -> Result<ResponseHead<'_>, (&'static Refused, u64)> {
    parse_response(head.as_bytes(), &Limits::default()).map_err(|error| (error.refused, error.at))
}

/// A request with this line in it.
fn with(line: &str) -> Result<(), (&'static Refused, u64)> {
    request(&format!("GET / HTTP/1.1\r\nHost: a\r\n{line}\r\n\r\n")).map(drop)
}

/// Where that line begins.
const LINE: u64 = 25;

/// A request for this target.
fn target(method: &str, target: &str) -> Result<(), (&'static Refused, u64)> {
    request(&format!("{method} {target} HTTP/1.0\r\n\r\n")).map(drop)
}

#[test]
fn a_request_is_taken_apart_without_copying_it() {
    let bytes = "GET /a%20b?q=1 HTTP/1.1\r\nHost: a\r\nX-Y:\t 1 , 2 \t\r\nEmpty:\r\n\r\n";
    let head = request(bytes).unwrap();
    assert_eq!(
        (head.method, head.target, head.version),
        ("GET", "/a%20b?q=1", Version::Http11)
    );
    let fields: Vec<_> = head.fields.0.iter().map(|f| (f.name, f.value)).collect();
    let wanted: [(&str, &[u8]); 3] = [("Host", b"a"), ("X-Y", b"1 , 2"), ("Empty", b"")];
    assert_eq!(fields, wanted);
    for field in &head.fields.0 {
        assert!(bytes.as_bytes()[field.at..].starts_with(field.value));
    }
}

#[test]
fn values_are_found_by_name_without_case_and_in_order() {
    let head = request("GET / HTTP/1.1\r\nhOST: a\r\nA: 1\r\nb: 2\r\na: 3\r\n\r\n").unwrap();
    assert_eq!(
        head.fields
            .named("A")
            .map(|field| field.value)
            .collect::<Vec<_>>(),
        [b"1", b"3"]
    );
    assert_eq!(
        head.fields
            .named("host")
            .map(|field| field.value)
            .collect::<Vec<_>>(),
        [b"a"]
    );
    assert_eq!(head.fields.named("c").count(), 0);
}

#[test]
fn a_list_may_stand_in_one_field_or_in_several_and_each_element_knows_its_place() {
    let bytes = "GET / HTTP/1.0\r\nA: 1 ,\t22\r\nA:\r\na: 3,\r\n\r\n";
    let head = request(bytes).unwrap();
    let elements: Vec<_> = head.fields.elements("A").collect();
    let values: Vec<_> = elements.iter().map(|(_, value)| *value).collect();
    let wanted: [&[u8]; 5] = [b"1", b"22", b"", b"3", b""];
    assert_eq!(values, wanted);
    for (at, value) in elements {
        assert!(bytes.as_bytes()[at..].starts_with(value));
    }
}

#[test]
fn the_request_line_has_three_parts_with_single_spaces() {
    for (line, refused, at) in [
        ("", Refused::START_LINE, 0),
        (" GET / HTTP/1.1", Refused::START_LINE, 0),
        ("GET", Refused::START_LINE, 3),
        ("GET ", Refused::START_LINE, 4),
        ("GET /", Refused::START_LINE, 5),
        ("GET  / HTTP/1.1", Refused::START_LINE, 4),
        ("GET /  HTTP/1.1", Refused::VERSION, 6),
        ("GET / HTTP/1.1 ", Refused::VERSION, 14),
        ("GET / HTTP/1.10", Refused::VERSION, 14),
        ("GET\t/ HTTP/1.1", Refused::METHOD, 3),
        ("G(T / HTTP/1.1", Refused::METHOD, 1),
        ("G\u{e9}T / HTTP/1.1", Refused::METHOD, 1),
        ("GET /\t HTTP/1.1", Refused::TARGET, 5),
        ("GET /\u{7f} HTTP/1.1", Refused::TARGET, 5),
        ("GET /\u{e9} HTTP/1.1", Refused::TARGET, 5),
        ("GET /a#b HTTP/1.1", Refused::TARGET, 6),
        ("GET / http/1.1", Refused::VERSION, 6),
        ("GET / HTTP/1", Refused::VERSION, 6),
        ("GET / HTTP/1.x", Refused::VERSION, 6),
        ("GET / HTTP/x.1", Refused::VERSION, 6),
        ("GET / HTTP/2.0", Refused::MAJOR_VERSION, 11),
        ("GET / HTTP/0.9", Refused::MAJOR_VERSION, 11),
        ("PRI * HTTP/2.0", Refused::MAJOR_VERSION, 11),
    ] {
        let got = request(&format!("{line}\r\nHost: a\r\n\r\n")).map(drop);
        assert_eq!(got, Err((refused, at)), "{line:?}");
    }
}

#[test]
fn any_token_is_a_method_and_any_minor_version_is_served() {
    for method in ["GET", "get", "BREW", "!#$%&'*+-.^_`|~09azAZ"] {
        assert_eq!(target(method, "/"), Ok(()), "{method}");
    }
    for (minor, version) in [
        (0, Version::Http10),
        (1, Version::Http11),
        (9, Version::Http11),
    ] {
        let head = format!("GET / HTTP/1.{minor}\r\nHost: a\r\n\r\n");
        assert_eq!(request(&head).unwrap().version, version);
    }
}

#[test]
fn a_target_has_the_form_that_goes_with_the_method() {
    for (method, accepted) in [
        ("GET", "/"),
        ("GET", "//a"),
        ("GET", "/a|b\"<>\\^`{}?c?d%zz"),
        ("GET", "http://a"),
        ("GET", "HTTP://a:80/b?c"),
        ("GET", "http://[::1]:8080?x"),
        ("GET", "git+ssh-2.0://a"),
        ("OPTIONS", "*"),
        ("OPTIONS", "/"),
        ("CONNECT", "a:443"),
        ("CONNECT", "[::1]:1"),
    ] {
        assert_eq!(target(method, accepted), Ok(()), "{method} {accepted}");
    }
    for (method, refused) in [
        ("GET", "*"),
        ("options", "*"),
        ("OPTIONS", "**"),
        ("GET", "a"),
        ("GET", "a:80"),
        ("GET", "?a"),
        ("GET", "://a"),
        ("GET", "1http://a"),
        ("GET", "ht_tp://a"),
        ("GET", "http:/a"),
        ("GET", "http://"),
        ("GET", "http:///a"),
        ("GET", "http://u@a/"),
        ("GET", "http://a:b/"),
        ("CONNECT", "/"),
        ("CONNECT", "a"),
        ("CONNECT", "a:"),
        ("CONNECT", "http://a:1"),
        ("CONNECT", "*"),
    ] {
        let at = method.len() as u64 + 1;
        let got = target(method, refused);
        assert_eq!(got, Err((Refused::TARGET, at)), "{method} {refused}");
    }
}

#[test]
fn a_name_is_a_token_right_before_its_colon() {
    for name in ["a", "A-B", "!#$%&'*+-.^_`|~09"] {
        assert_eq!(with(&format!("{name}: 1")), Ok(()), "{name}");
        assert_eq!(with(&format!("{name}:1")), Ok(()), "{name}");
    }
    for (line, refused, at) in [
        (": 1", Refused::FIELD_NAME, 0),
        ("a", Refused::FIELD_NAME, 1),
        ("a\u{e9}: 1", Refused::FIELD_NAME, 1),
        ("a(b): 1", Refused::FIELD_NAME, 1),
        ("a\0: 1", Refused::FIELD_NAME, 1),
        ("a : 1", Refused::WHITE_SPACE, 1),
        ("a\t: 1", Refused::WHITE_SPACE, 1),
        (" a: 1", Refused::WHITE_SPACE, 0),
        ("a: 1\r\n b", Refused::WHITE_SPACE, 6),
        ("a: 1\r\n\tb: c", Refused::WHITE_SPACE, 6),
    ] {
        assert_eq!(with(line), Err((refused, LINE + at)), "{line:?}");
    }
    let before_the_first = "GET / HTTP/1.1\r\n Host: a\r\n\r\n";
    let got = request(before_the_first).map(drop);
    assert_eq!(got, Err((Refused::WHITE_SPACE, 16)));
}

#[test]
fn a_value_holds_any_byte_but_control_characters() {
    for byte in 0..=u8::MAX {
        let mut head = b"GET / HTTP/1.1\r\nHost: a\r\nB: <x>\r\n\r\n".to_vec();
        head[29] = byte;
        let control = (byte < 32 && byte != b'\t') || byte == 127;
        let got =
            parse_request(&head, &Limits::default()).map(|head| head.fields.0[1].value.to_vec());
        match control {
            // A lone LF shows at the byte before it, which should have been a CR.
            true => assert_eq!(got.unwrap_err().refused, Refused::FIELD_VALUE, "{byte:#x}"),
            false => assert_eq!(got.unwrap(), [b'<', byte, b'>']),
        }
    }
}

#[test]
fn a_head_with_a_value_that_is_not_utf_8_keeps_its_names() {
    let head = b"GET / HTTP/1.0\r\nOne: \xff\r\nTwo: 2\r\n\r\n";
    let head = parse_request(head, &Limits::default()).unwrap();
    let names: Vec<_> = head.fields.0.iter().map(|field| field.name).collect();
    assert_eq!(names, ["One", "Two"]);
}

#[test]
fn http_1_1_has_exactly_one_valid_host_and_1_0_at_most_one() {
    for host in [
        "a",
        "a.b-c_d~1",
        "127.0.0.1:8080",
        "a:",
        "[::1]",
        "[::1]:80",
        "!$&'()*+,;=",
    ] {
        let head = |version| format!("GET / HTTP/1.{version}\r\nHost: {host}\r\n\r\n");
        assert!(
            request(&head(0)).is_ok() && request(&head(1)).is_ok(),
            "{host}"
        );
    }
    for host in [
        "", "a b", "a/b", "a@b", "a:b", "a:1:2", "::1", "[::1", "[::1]x", "[::1]80", "[x]", "[]",
        ":80", "a%41", "\u{e9}", "a\\b", "<a>",
    ] {
        for version in 0..2 {
            let got = request(&format!("GET / HTTP/1.{version}\r\nHost: {host}\r\n\r\n")).map(drop);
            assert_eq!(got, Err((Refused::HOST, 22)), "{host}");
        }
    }
    let twice = |version| format!("GET / HTTP/1.{version}\r\nHost: a\r\nhost: a\r\n\r\n");
    for version in 0..2 {
        assert_eq!(request(&twice(version)).map(drop), Err((Refused::HOST, 31)));
    }
    assert_eq!(
        request("GET / HTTP/1.1\r\nA: b\r\n\r\n").map(drop),
        Err((Refused::HOST, 22))
    );
    assert!(request("GET / HTTP/1.0\r\n\r\n").is_ok());
}

#[test]
fn nothing_but_100_continue_can_be_expected() {
    for line in [
        "Expect: 100-continue",
        "expect:100-Continue",
        "Expect: 100-continue\r\nExpect: 100-continue",
    ] {
        assert_eq!(with(line), Ok(()), "{line}");
    }
    for (line, at) in [
        ("Expect: 200-ok", 8),
        ("Expect:", 7),
        ("Expect: 100-continue, 100-continue", 8),
        ("Expect: 100-continue\r\nExpect: x", 30),
    ] {
        assert_eq!(with(line), Err((Refused::EXPECTATION, LINE + at)), "{line}");
    }
}

#[test]
fn a_status_line_has_a_version_three_digits_and_perhaps_a_reason() {
    let head = response("HTTP/1.0 404 Not \u{e9}\tFound\r\nA: b\r\n\r\n").unwrap();
    assert_eq!((head.version, head.status), (Version::Http10, 404));
    assert_eq!(head.reason, "Not \u{e9}\tFound".as_bytes());
    assert_eq!(
        head.fields.named("a").next().map(|field| field.value),
        Some(&b"b"[..])
    );
    assert_eq!(response("HTTP/1.1 200 \r\n\r\n").unwrap().reason, b"");
    for (line, refused, at) in [
        ("", Refused::VERSION, 0),
        ("http/1.1 200 OK", Refused::VERSION, 0),
        ("HTTP/2.0 200 OK", Refused::MAJOR_VERSION, 5),
        ("HTTP/1.1", Refused::START_LINE, 8),
        ("HTTP/1.1 200", Refused::START_LINE, 8),
        ("HTTP/1.1  200 OK", Refused::START_LINE, 8),
        ("HTTP/1.1 20 OK", Refused::START_LINE, 8),
        ("HTTP/1.1 2000 OK", Refused::START_LINE, 8),
        ("HTTP/1.1 +20 OK", Refused::START_LINE, 8),
        ("HTTP/1.1 200 O\u{7f}", Refused::START_LINE, 14),
    ] {
        let got = response(&format!("{line}\r\n\r\n")).map(drop);
        assert_eq!(got, Err((refused, at)), "{line:?}");
    }
}

#[test]
fn a_head_that_no_finder_found_is_refused_and_never_a_panic() {
    let head = b"GET / HTTP/1.1\r\nHost: a\r\nB: c\r\n\r\n";
    for end in 0..head.len() {
        assert!(
            parse_request(&head[..end], &Limits::default()).is_err(),
            "{end}"
        );
    }
    for at in 0..head.len() {
        let mut head = head.to_vec();
        head.remove(at);
        let lone = head.iter().filter(|&&byte| byte == b'\n').count() != 4
            || head.iter().filter(|&&byte| byte == b'\r').count() != 4;
        let got = parse_request(&head, &Limits::default());
        assert!(!lone || got.is_err(), "{at}: {got:?}");
    }
    let head = b"HTTP/1.1 200 OK\r\nB: c\r\n\r\n";
    for end in 0..head.len() {
        assert!(
            parse_response(&head[..end], &Limits::default()).is_err(),
            "{end}"
        );
    }
}

#[test]
fn the_last_field_allowed_is_the_thousandth() {
    let head = |count| format!("GET / HTTP/1.0\r\n{}\r\n", "a: b\r\n".repeat(count));
    assert_eq!(request(&head(1_000)).unwrap().fields.0.len(), 1_000);
    assert_eq!(
        request(&head(1_001)).map(drop),
        Err((Refused::LONG_HEAD, 16 + 6_000))
    );
}

#[test]
fn the_finder_looks_at_no_byte_twice() {
    let head = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut finder = Finder::default();
    for end in 0..head.len() {
        assert_eq!(finder.head(&head[..end], 100, 100), Ok(None));
        assert!(
            finder.seen + 1 >= end,
            "only a CR at the end is looked at again"
        );
        // What it has seen may change under it: it does not look.
        let blind = [vec![b'x'; finder.seen], head[finder.seen..].to_vec()].concat();
        let mut copy = Finder { ..finder };
        assert_eq!(copy.head(&blind, 100, 100), Ok(Some(head.len())));
    }
}
