use super::*;

fn one_line(bytes: &[u8], columns: usize) -> String {
    show(bytes, bytes.len() as u64, Shown::Auto, columns, 1).concat()
}

#[test]
fn text_is_shown_as_text_and_the_rest_in_hex() {
    for (bytes, shown) in [
        (&b"hello"[..], "“hello”"),
        ("粘包 e\u{301}".as_bytes(), "“粘包 e\u{301}”"),
        (b"no such file\n", "“no such file\\n”"),
        (b"\r\n", "“\\r\\n”"),
        (b"a\tb\0", "“a\\tb\\0”"),
        (b"say \"hi\" \\ 'x'", "“say \"hi\" \\ 'x'”"),
        (b"\x00\x00\x00\x1f", "00 00 00 1f"),
        (b"ab\x00\x01", "61 62 00 01"),
        (b"abc\x00\x01", "“abc\\0\\u{1}”"),
        (b"\xff\xfe", "ff fe"),
        (b"caf\xe9", "63 61 66 e9"),
    ] {
        assert_eq!(one_line(bytes, 40), shown, "{bytes:?}");
    }
}

#[test]
fn a_terminal_is_told_nothing_by_a_peer() {
    assert_eq!(one_line(b"abc\x1b[2Jdef", 40), r"“abc\u{1b}[2Jdef”");
    assert_eq!(
        one_line("abc\u{202e}gnp\u{9b}\u{7f}\u{2028}\u{61c}".as_bytes(), 80),
        r"“abc\u{202e}gnp\u{9b}\u{7f}\u{2028}\u{61c}”"
    );
    assert_eq!(escaped("a\u{7}\u{2066}b"), r"a\u{7}\u{2066}b");
}

#[test]
fn whatever_the_bytes_a_line_is_never_wider_than_its_room() {
    let samples: [&[u8]; 5] = [
        "粘包".repeat(40).as_bytes(),
        b"{\"op\":\"get\", \"name\":\"hello.txt\", \"x\": 1}",
        &[0x1b; 60],
        &[0xff; 60],
        b"\x1b\x1babcdefgh\x1b\x1babcdefgh",
    ]
    .map(|sample| &*sample.to_vec().leak());
    for sample in samples {
        for shown in [
            Shown::Auto,
            Shown::Hex,
            Shown::BigEndian,
            Shown::LittleEndianSigned,
        ] {
            for columns in 12..60 {
                for total in [sample.len() as u64, 100_000] {
                    for line in show(sample, total, shown, columns, 2) {
                        assert!(width(&line) <= columns, "{columns} columns: {line}");
                    }
                }
            }
        }
    }
}

#[test]
fn what_does_not_fit_is_cut_and_dots_say_so() {
    assert_eq!(one_line(b"hello, world", 14), "“hello, world”");
    assert_eq!(one_line(b"hello, world", 13), "“hello, wo” …");
    assert_eq!(one_line(&[0xff; 5], 14), "ff ff ff ff ff");
    assert_eq!(one_line(&[0xff; 5], 12), "ff ff ff …");
    assert_eq!(show(b"hello", 9, Shown::Auto, 40, 2), ["“hello” …"]);
    assert_eq!(
        show(b"", 9, Shown::Auto, 40, 2),
        ["…"],
        "bytes from the middle were not kept"
    );
}

#[test]
fn a_character_cut_by_what_was_kept_is_left_out_but_one_that_was_sent_in_half_is_not_text() {
    let half = "包包".as_bytes().get(..4).unwrap();
    assert_eq!(show(half, 300, Shown::Auto, 40, 1), ["“包” …"]);
    assert_eq!(show(half, 4, Shown::Auto, 40, 1), ["e5 8c 85 e5"]);
}

#[test]
fn a_short_part_takes_a_second_line_behind_a_comma() {
    let header = br#"{"ok":true,"name":"hello.txt","size":158}"#;
    let lines = show(header, header.len() as u64, Shown::Auto, 36, 2);
    assert_eq!(
        lines,
        [r#"“{"ok":true,"name":"hello.txt","#, r#" "size":158}”"#]
    );
    let lines = show(&[b'x'; 50], 50, Shown::Auto, 30, 2);
    assert_eq!(
        lines,
        [
            format!("“{}", "x".repeat(29)),
            format!(" {}”", "x".repeat(21))
        ]
    );
    assert_eq!(
        show(&[b'x'; 60], 60, Shown::Auto, 30, 2).len(),
        1,
        "three lines would be too many"
    );
}

#[test]
fn numbers_are_shown_as_bytes_and_as_what_they_mean() {
    let shown = |bytes: &[u8], shown| show(bytes, bytes.len() as u64, shown, 60, 1).concat();
    assert_eq!(shown(&[0, 0, 0, 31], Shown::BigEndian), "00 00 00 1f = 31");
    assert_eq!(
        shown(&[0, 16, 0, 0], Shown::BigEndian),
        "00 10 00 00 = 1,048,576"
    );
    assert_eq!(
        shown(&[0xff; 4], Shown::BigEndian),
        "ff ff ff ff = 4,294,967,295"
    );
    assert_eq!(
        shown(&[31, 0, 0, 0], Shown::LittleEndianSigned),
        "1f 00 00 00 = 31"
    );
    assert_eq!(
        shown(&[0xfe, 0xff, 0xff, 0xff], Shown::LittleEndianSigned),
        "fe ff ff ff = -2"
    );
    assert_eq!(
        shown(&[0xff; 8], Shown::BigEndian),
        "ff ff ff ff ff ff ff ff = 18,446,744,073,709,551,615"
    );
    assert_eq!(
        shown(&[0, 0, 0, 0x80], Shown::LittleEndianSigned),
        "00 00 00 80 = -2,147,483,648"
    );
    assert_eq!(
        shown(&[0xff; 9], Shown::BigEndian),
        "ff ff ff ff ff ff ff ff ff",
        "too long for a number"
    );
    assert_eq!(
        show(&[0; 2], 4, Shown::BigEndian, 60, 1),
        ["00 00 …"],
        "half a number is none"
    );
    assert_eq!(shown(&[0xab; 4], Shown::Hex), "ab ab ab ab");
    for columns in [32, 46] {
        assert_eq!(
            show(&[0xab; 16], 16, Shown::Hex, columns, 1),
            ["ab".repeat(16)]
        );
    }
    assert_eq!(
        show(&[0xab; 16], 16, Shown::Hex, 47, 1),
        [["ab"; 16].join(" ")]
    );
    assert_eq!(
        show(&[0xab; 16], 16, Shown::Hex, 20, 1),
        ["ab ab ab ab ab ab …"]
    );
}

#[test]
fn numbers_are_grouped_by_thousands() {
    for (number, text) in [
        (0, "0"),
        (999, "999"),
        (1000, "1,000"),
        (1_048_576, "1,048,576"),
        (-1000, "-1,000"),
    ] {
        assert_eq!(grouped(number), text);
    }
}

#[test]
fn words_are_wrapped_at_blanks_and_cut_after_the_third_line() {
    assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
    assert_eq!(wrapped("a b c d e f g", 3), ["a b", "c d", "e …"]);
    assert_eq!(wrapped("unbreakable", 5), ["unbr…"]);
    assert_eq!(wrapped("", 5), [""]);
}

#[test]
fn chinese_is_twice_as_wide_and_a_combining_mark_takes_nothing() {
    assert_eq!(
        (width("粘包"), width("e\u{301}"), width("abc"), width("。")),
        (4, 1, 3, 2)
    );
    assert_eq!(width("a\u{200d}b\u{fe0f}"), 2, "joiners and selectors too");
    assert_eq!(fitted("粘包粘包", 6), "粘包…");
}

#[test]
fn what_is_cut_in_hex_keeps_its_columns_and_what_a_number_means() {
    let number = |columns| show(&[0, 0, 0, 31], 4, Shown::BigEndian, columns, 1).concat();
    assert_eq!(number(16), "00 00 00 1f = 31");
    assert_eq!(number(15), "00 00 00 … = 31");
    assert_eq!(number(5), "00 … = 31", "one byte at least");
    let digest = show(&[0xab; 16], 32, Shown::Hex, 40, 1).concat();
    assert_eq!(digest, format!("{} …", ["ab"; 13].join(" ")));
}

#[test]
fn bytes_that_are_no_text_in_the_middle_are_no_text_however_many_follow() {
    assert_eq!(
        show(b"abc\xffabc", 300, Shown::Auto, 40, 1),
        ["61 62 63 ff 61 62 63 …"]
    );
}

#[test]
fn a_second_line_begins_after_a_blank_too() {
    let lines = show(b"twenty-two characters, and others", 33, Shown::Auto, 28, 2);
    assert_eq!(lines, ["“twenty-two characters, and ", " others”"]);
}
