//! Lesson 05: shout, resume, names.

use lesson05::{Header, encode};
use tests::exercises::{Client, Exercise, Judge};

#[test]
fn exercise_05_1() {
    Exercise {
        number: "05_1",
        example: "l05_shout",
        arguments: "{port}",
        check: shout,
    }
    .judge();
}

#[test]
fn exercise_05_2() {
    Exercise {
        number: "05_2",
        example: "l05_resume",
        arguments: "{port} {dir}",
        check: resume,
    }
    .judge();
}

#[test]
fn exercise_05_3() {
    Exercise {
        number: "05_3",
        example: "l05_names",
        arguments: "",
        check: names,
    }
    .judge();
}

/// Bytes behind their length.
fn framed(header: &[u8]) -> Vec<u8> {
    [&(header.len() as u32).to_be_bytes(), header].concat()
}

/// The header of an answer, and how it was spelled.
fn answer(client: &mut Client, what: &str) -> Result<(Header, String), String> {
    let length = client.take(4, format!("{what}: the length of the answer's header"))?;
    let length = u32::from_be_bytes(length.try_into().map_err(|_| "four bytes")?);
    if length > 65_536 {
        return Err(format!(
            "{what}: a header of {length} bytes; is its length big-endian?"
        ));
    }
    let bytes = client.take(length as usize, format!("{what}: the answer's header"))?;
    let text = cli::escaped_line(&bytes);
    match Header::parse(&bytes) {
        Ok(header) => Ok((header, text)),
        Err(error) => Err(format!("{what}: {error}: {}", bytes.escape_ascii())),
    }
}

fn shout(judge: &mut Judge) -> Result<(), String> {
    let message = |text: &str| {
        [
            framed(&encode(&[("size", text.len().into())])),
            text.as_bytes().to_vec(),
        ]
        .concat()
    };
    let wants = |client: &mut Client, text: &str, what: &str| {
        let (header, came) = answer(client, what)?;
        if !header.is_true("ok") || header.size("size") != Ok(text.len() as u64) {
            return Err(format!(
                "{what}: wanted ok true and size {}, came {came}",
                text.len()
            ));
        }
        client.wants(text.to_ascii_uppercase().as_bytes(), what)
    };
    let mut client = judge.connect()?;
    client.send(&message("hello"))?;
    wants(&mut client, "hello", "header and body in one write")?;
    client.send(&[message("one"), message("two")].concat())?;
    wants(&mut client, "one", "the first of two messages in one write")?;
    wants(
        &mut client,
        "two",
        "the second of two messages in one write",
    )?;
    client.send_cut(&message("cut at every byte"))?;
    wants(
        &mut client,
        "cut at every byte",
        "a message sent byte by byte",
    )?;
    client.send_cut(&message("粘包 is not a packet"))?;
    wants(
        &mut client,
        "粘包 is not a packet",
        "a Chinese message, cut inside its characters",
    )?;
    // Upper case of ß is SS, of é É: more bytes, or others. Only ASCII letters were asked for.
    client.send(&message("straße, café"))?;
    wants(&mut client, "straße, café", "letters that are not ASCII")?;
    client.send(&message(""))?;
    wants(&mut client, "", "an empty message")?;
    let long = "abc粘".repeat(20_000);
    client.send(&message(&long))?;
    wants(&mut client, &long, "a long message")?;
    client.wants_the_end("after the last message")?;
    let mut next = judge.connect()?;
    next.send(&message("next"))?;
    wants(&mut next, "next", "the next client")
}

fn resume(judge: &mut Judge) -> Result<(), String> {
    let content: Vec<u8> = (0..100_000_u32)
        .map(|number| (number % 251) as u8)
        .collect();
    judge.file("data", &content)?;
    let mut client = judge.connect()?;
    for from in [
        None,
        Some(0),
        Some(1),
        Some(60_000),
        Some(99_999),
        Some(100_000),
    ] {
        let what = format!("get from {from:?}");
        let mut fields = vec![("op", "get".into()), ("name", "data".into())];
        fields.extend(from.map(|from| ("from", from.into())));
        client.send(&framed(&encode(&fields)))?;
        let rest = content.get(from.unwrap_or(0)..).unwrap_or_default();
        let (header, came) = answer(&mut client, &what)?;
        if !header.is_true("ok") || header.size("size") != Ok(rest.len() as u64) {
            return Err(format!(
                "{what}: wanted ok true and size {}, came {came}",
                rest.len()
            ));
        }
        client.wants(rest, format!("{what}: the body"))?;
        client.wants(&md5(rest), format!("{what}: the md5 of the bytes sent"))?;
    }
    for (name, from) in [("data", 100_001_u64), ("data", 1 << 53), ("missing", 0)] {
        let what = format!("get {name} from {from}");
        client.send(&framed(&encode(&[
            ("op", "get".into()),
            ("name", name.into()),
            ("from", from.into()),
        ])))?;
        let (header, came) = answer(&mut client, &what)?;
        if !header.has("ok") || header.is_true("ok") {
            return Err(format!("{what}: wanted a refusal, came {came}"));
        }
    }
    client.wants_the_end("after the last request")
}

fn md5(mut bytes: &[u8]) -> [u8; 16] {
    let size = bytes.len() as u64;
    let read = |block: &mut [u8]| std::io::Read::read(&mut bytes, block);
    lesson05::copy_hashed(read, |_| Ok(()), size, |_| {}).unwrap_or_default()
}

fn names(judge: &mut Judge) -> Result<(), String> {
    let longest = "n".repeat(255);
    let too_long = "n".repeat(256);
    let chinese = "包".repeat(86); // 258 bytes in 86 characters
    let cases: Vec<(&[u8], bool)> = vec![
        (b"a.txt", true),
        ("粘包.txt".as_bytes(), true),
        (b".hidden", true),
        (b"...", true),
        (b"%2e%2e", true),
        (b"a b", true),
        (longest.as_bytes(), true),
        (too_long.as_bytes(), false),
        (chinese.as_bytes(), false),
        (b"", false),
        (b".", false),
        (b"..", false),
        (b"../x", false),
        (b"/etc/hosts", false),
        (b"a/b", false),
        (b"a/", false),
        (b"a\\b", false),
        (b"a\tb", false),
        (b"a\rb", false),
        (b"a\0b", false),
        (b"a\x7fb", false),
        ("a\u{85}b".as_bytes(), false),
        (b"a\xffb", false),
        (b"\xe7\xb2", false),
        (b"last", true),
    ];
    let stdin: Vec<u8> = cases
        .iter()
        .flat_map(|(name, _)| [name, &b"\n"[..]].concat())
        .collect();
    let out = judge.filter(&stdin)?;
    let out = String::from_utf8_lossy(&out);
    let lines: Vec<&str> = out.lines().collect();
    for (number, (name, fine)) in cases.iter().enumerate() {
        let wanted = if *fine { "ok" } else { "refused" };
        let came = lines.get(number).copied().unwrap_or("nothing");
        if came != wanted {
            return Err(format!(
                "\"{}\": wanted {wanted}, came {came}",
                name.escape_ascii()
            ));
        }
    }
    if lines.len() == cases.len() {
        Ok(())
    } else {
        Err(format!("{} names gave {} lines", cases.len(), lines.len()))
    }
}
