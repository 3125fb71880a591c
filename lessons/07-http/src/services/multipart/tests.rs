use super::*;

/// Gives at most so many bytes a read.
struct Slowly<'a>(&'a [u8], usize);

impl Read for Slowly<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let size = out.len().min(self.1);
        self.0.read(&mut out[..size])
    }
}

/// File names and contents.
type Parts = Vec<(Option<Vec<u8>>, Vec<u8>)>;

fn parts(body: &[u8], step: usize) -> io::Result<Parts> {
    let mut body = Slowly(body, step);
    let mut form = Multipart::new(&mut body, b"XYZ")?;
    let mut parts = Vec::new();
    while let Some(part) = form.next_part()? {
        let mut content = Vec::new();
        form.copy_to(&mut content)?;
        parts.push((part.file_name, content));
    }
    form.finish()?;
    Ok(parts)
}

/// What Chromium sends for a text field and two files; the content of the second is full of near misses.
const FORM: &[u8] = b"--XYZ\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhi\r\n\
--XYZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a b.txt\"\r\nContent-Type: text/plain\r\n\r\n\r\n\
--XYZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\xe7\xb2\x98.bin\"\r\n\r\n\
\r\n--XY\r\n--\r\n\r\r\n--XYY--\n--XYZ\r\n\
\r\n--XYZ--\r\nepilogue";

fn wanted() -> Parts {
    vec![
        (None, b"hi".to_vec()),
        (Some(b"a b.txt".to_vec()), Vec::new()),
        (
            Some("\u{7c98}.bin".into()),
            b"\r\n--XY\r\n--\r\n\r\r\n--XYY--\n--XYZ\r\n".to_vec(),
        ),
    ]
}

#[test]
fn a_form_is_the_same_parts_however_it_arrives() {
    for step in 1..=FORM.len() {
        assert_eq!(parts(FORM, step).unwrap(), wanted(), "{step} bytes a read");
    }
    let preamble = [b"preamble\r\n", FORM].concat();
    assert_eq!(parts(&preamble, 7).unwrap(), wanted());
}

#[test]
fn a_form_that_ends_early_is_never_whole() {
    let end = FORM
        .windows(8)
        .rposition(|end| end == b"\r\n--XYZ-")
        .unwrap()
        + 9;
    for cut in 0..end {
        assert!(parts(&FORM[..cut], 1000).is_err(), "{cut}");
    }
    assert!(parts(&FORM[..end], 1000).is_ok());
}

#[test]
fn a_large_part_passes_through_a_small_buffer() {
    let content = b"0123456789\r\n--XY".repeat(40_000);
    let body = [b"--XYZ\r\n\r\n", &content[..], b"\r\n--XYZ--"].concat();
    let mut reader = &body[..];
    let mut form = Multipart::new(&mut reader, b"XYZ").unwrap();
    form.next_part().unwrap().unwrap();
    let mut seen = Vec::new();
    form.copy_to(&mut seen).unwrap();
    assert!(seen == content);
    assert!(form.received.size() <= 256 * 1024);
}

#[test]
fn a_head_has_a_limit() {
    let of = |size: usize| {
        [
            b"--XYZ\r\na: ",
            &b"b".repeat(size)[..],
            b"\r\n\r\n\r\n--XYZ--",
        ]
        .concat()
    };
    assert!(parts(&of(HEAD - 5), 1000).is_ok());
    assert!(parts(&of(HEAD - 4), 1000).is_err());
    assert!(parts(&of(1_000_000), 1000).is_err());
}

#[test]
fn what_is_no_delimiter_line_is_refused() {
    assert!(parts(b"--XYZx\r\n\r\n\r\n--XYZ--", 100).is_err());
    assert_eq!(
        parts(b"--XYZ \t\r\n\r\nhi\r\n--XYZ--", 100).unwrap()[0].1,
        b"hi"
    );
}

#[test]
fn a_boundary_is_found_in_every_form_that_is_one() {
    for (value, wanted) in [
        ("multipart/form-data; boundary=XYZ", Some("XYZ")),
        (
            "Multipart/Form-Data;BOUNDARY=\"X;Y Z\" ; a=b",
            Some("X;Y Z"),
        ),
        (
            "multipart/form-data; a=\"boundary=no\"; boundary=yes",
            Some("yes"),
        ),
        ("multipart/form-data; boundary=", None),
        ("multipart/form-data; boundary", None),
        ("multipart/form-data; boundary=\"X", None),
        ("multipart/form-data", None),
        ("multipart/mixed; boundary=X", None),
        ("text/plain; boundary=X", None),
        ("", None),
    ] {
        let found = boundary(value.as_bytes());
        assert_eq!(found, wanted.map(str::as_bytes), "{value}");
    }
    let of = |size: usize| format!("multipart/form-data; boundary={}", "b".repeat(size));
    assert!(boundary(of(70).as_bytes()).is_some());
    assert!(boundary(of(71).as_bytes()).is_none());
}

#[test]
fn a_file_name_is_what_stands_between_the_quotes() {
    for (value, wanted) in [
        (
            "form-data; name=\"f\"; filename=\"a;b=c.txt\"",
            Some("a;b=c.txt"),
        ),
        ("form-data; filename=a.txt; name=f", Some("a.txt")),
        ("form-data; filename = \"a.txt\" ; name=f", Some("a.txt")),
        ("form-data; name=\"filename=x\"", None),
        (
            "form-data; name=\"f\"; filename=\"a\\\"; x=\"b\"",
            Some("a\\"),
        ),
        ("form-data; filename*=UTF-8''a", None),
        ("form-data; filename=\"%22%0d\"", Some("%22%0d")),
    ] {
        let found = parameter(value.as_bytes(), b"filename");
        assert_eq!(found, wanted.map(str::as_bytes), "{value}");
    }
}
