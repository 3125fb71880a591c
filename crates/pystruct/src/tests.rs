//! The dictionary against what Python says. (`tests/course/pystruct.rs` compares a thousand random formats with a real Python.)

use super::*;

fn packed(format: &str, words: &[&str]) -> Result<String, String> {
    let format = Format::parse(format)?;
    let words: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
    let values = format.values_from(&words).map_err(|(_, why)| why)?;
    format.pack(&values).map(|bytes| to_hex(&bytes))
}

fn unpacked(format: &str, bytes: &str) -> Result<String, String> {
    Ok(tuple(&Format::parse(format)?.unpack(&hex(bytes)?)?))
}

#[test]
fn every_letter_in_both_byte_orders() {
    for (letter, word, little) in [
        ("c", "a", "61"),
        ("b", "-2", "fe"),
        ("B", "254", "fe"),
        ("?", "True", "01"),
        ("h", "-2", "fe ff"),
        ("H", "258", "02 01"),
        ("i", "258", "02 01 00 00"),
        ("I", "4294967295", "ff ff ff ff"),
        ("l", "-2147483648", "00 00 00 80"),
        ("L", "258", "02 01 00 00"),
        ("q", "-9223372036854775808", "00 00 00 00 00 00 00 80"),
        ("Q", "18446744073709551615", "ff ff ff ff ff ff ff ff"),
        ("Q", "0x0102030405060708", "08 07 06 05 04 03 02 01"),
        ("f", "1.5", "00 00 c0 3f"),
        ("d", "-0.1", "9a 99 99 99 99 99 b9 bf"),
    ] {
        let big: Vec<&str> = little.split(' ').rev().collect();
        for order in ["<", "="] {
            assert_eq!(
                packed(&format!("{order}{letter}"), &[word]).as_deref(),
                Ok(little),
                "{letter}"
            );
        }
        for order in [">", "!"] {
            assert_eq!(
                packed(&format!("{order}{letter}"), &[word]),
                Ok(big.join(" ")),
                "{letter}"
            );
        }
    }
}

#[test]
fn native_numbers_stand_at_multiples_of_their_size() {
    assert_eq!(
        packed("I3sf", &["7", "abc", "1.5"]).as_deref(),
        Ok("07 00 00 00 61 62 63 00 00 00 c0 3f")
    );
    assert_eq!(
        packed("=I3sf", &["7", "abc", "1.5"]).as_deref(),
        Ok("07 00 00 00 61 62 63 00 00 c0 3f")
    );
    for (format, size) in [
        ("bl", 16),
        ("=bl", 5),
        ("lb", 9),
        ("lb0l", 16),
        ("bh", 4),
        ("bxh", 4),
        ("bd", 16),
        ("b?q", 16),
        ("b4xi", 12),
        ("0s", 0),
        ("", 0),
    ] {
        assert_eq!(Format::parse(format).unwrap().size(), size, "{format}");
    }
}

#[test]
fn a_count_repeats_a_letter_but_is_the_size_of_a_string() {
    assert_eq!(packed("<2h", &["1", "2"]), packed("<hh", &["1", "2"]));
    assert_eq!(packed("4s", &["ab"]).as_deref(), Ok("61 62 00 00"));
    assert_eq!(packed("2s", &["abc"]).as_deref(), Ok("61 62"));
    assert_eq!(packed("b\u{b}b", &["1", "2"]).as_deref(), Ok("01 02"));
    assert_eq!(
        packed("2x 1c\tb", &["x", "1"]).as_deref(),
        Ok("00 00 78 01")
    );
    assert_eq!(packed("0s0i", &["abc"]).as_deref(), Ok(""));
    assert_eq!(
        unpacked("0s2c3s", "61 62 63 00 64").as_deref(),
        Ok(r"(b'', b'a', b'b', b'c\x00d')")
    );
}

#[test]
fn a_value_out_of_range_is_told_both_bounds() {
    for (letter, value, told) in [
        ("b", "128", "byte format requires -128 <= number <= 127"),
        ("B", "-1", "ubyte format requires 0 <= number <= 255"),
        (
            "h",
            "-32769",
            "short format requires -32768 <= number <= 32767",
        ),
        ("H", "65536", "ushort format requires 0 <= number <= 65535"),
        (
            ">h",
            "32768",
            "'h' format requires -32768 <= number <= 32767",
        ),
        (
            "i",
            "2147483648",
            "'i' format requires -2147483648 <= number <= 2147483647",
        ),
        ("I", "-1", "'I' format requires 0 <= number <= 4294967295"),
        (
            "<l",
            "2147483648",
            "'l' format requires -2147483648 <= number <= 2147483647",
        ),
        (
            "q",
            "9223372036854775808",
            "'q' format requires -9223372036854775808 <= number <= 9223372036854775807",
        ),
        (
            "Q",
            "-1",
            "'Q' format requires 0 <= number <= 18446744073709551615",
        ),
    ] {
        assert_eq!(packed(letter, &[value]).unwrap_err(), told);
        assert_eq!(
            packed(letter, &["9".repeat(60).as_str()]).unwrap_err(),
            told,
            "no end of digits"
        );
    }
}

#[test]
fn a_float_too_large_is_infinity_without_an_order_and_an_error_with_one() {
    assert_eq!(packed("f", &["1e39"]).as_deref(), Ok("00 00 80 7f"));
    assert_eq!(
        packed("<f", &["1e39"]).unwrap_err(),
        "float too large to pack with f format"
    );
    assert_eq!(packed(">f", &["-inf"]).as_deref(), Ok("ff 80 00 00"));
}

#[test]
fn values_of_the_wrong_kind_or_number_are_refused() {
    for (format, words, told) in [
        ("i", &["1.5"][..], "required argument is not an integer"),
        ("i", &["--1"], "required argument is not an integer"),
        ("i", &["0x"], "required argument is not an integer"),
        ("i", &["+-1"], "required argument is not an integer"),
        ("f", &["x"], "required argument is not a float"),
        (
            "d",
            &["9".repeat(401).as_str()],
            "int too large to convert to float",
        ),
        ("?", &["maybe"], "neither True nor False nor a number"),
        (
            "c",
            &["ab"],
            "char format requires a bytes object of length 1",
        ),
        (
            "c",
            &[""],
            "char format requires a bytes object of length 1",
        ),
        ("ii", &["1"], "pack expected 2 items for packing (got 1)"),
        (
            "x",
            &["1", "2"],
            "pack expected 0 items for packing (got 2)",
        ),
    ] {
        assert_eq!(
            packed(format, words).unwrap_err(),
            told,
            "{format} {words:?}"
        );
    }
    let wrong = Format::parse("si")
        .unwrap()
        .pack(&[Value::Int(1), Value::Bool(true)]);
    assert_eq!(
        wrong.unwrap_err(),
        "argument for 's' must be a bytes object"
    );
}

#[test]
fn a_format_that_is_none_is_refused_and_a_large_one_takes_no_memory() {
    for (format, told) in [
        ("3", "repeat count given without format specifier"),
        ("i3", "repeat count given without format specifier"),
        (
            "3 i",
            "bad char in struct format: ` ` is none of x c b B ? h H i I l L q Q f d s",
        ),
        (
            " <i",
            "bad char in struct format: `<` is none of x c b B ? h H i I l L q Q f d s",
        ),
        (
            "粘",
            "bad char in struct format: `粘` is none of x c b B ? h H i I l L q Q f d s",
        ),
        (
            "1048577s",
            "struct of 1048577 bytes is over the limit of 1048576",
        ),
        (
            "1048576sh",
            "struct of 1048578 bytes is over the limit of 1048576",
        ),
        (
            "99999999999999999999999q",
            &format!(
                "struct of over {} bytes is over the limit of 1048576",
                usize::MAX
            ),
        ),
    ] {
        assert_eq!(Format::parse(format).unwrap_err(), told);
    }
    assert_eq!(Format::parse("1048576s").unwrap().size(), SIZE_LIMIT);
}

#[test]
fn pack_into_writes_at_an_offset_and_leaves_the_rest() {
    let format = Format::parse("<h").unwrap();
    let into = |size: usize, at: i64| {
        let mut buffer = vec![0xee; size];
        format
            .pack_into(&mut buffer, at, &[Value::Int(258)])
            .map(|()| to_hex(&buffer))
    };
    assert_eq!(into(4, 1).as_deref(), Ok("ee 02 01 ee"));
    assert_eq!(into(4, 2).as_deref(), Ok("ee ee 02 01"));
    assert_eq!(into(4, -2).as_deref(), Ok("ee ee 02 01"));
    assert_eq!(into(4, -4).as_deref(), Ok("02 01 ee ee"));
    assert_eq!(
        into(4, 3).unwrap_err(),
        "pack_into requires a buffer of at least 5 bytes for packing 2 bytes at offset 3 (actual buffer size is 4)"
    );
    assert_eq!(
        into(4, -1).unwrap_err(),
        "no space to pack 2 bytes at offset -1"
    );
    assert_eq!(
        into(4, -5).unwrap_err(),
        "offset -5 out of range for 4-byte buffer"
    );
    assert!(into(4, i64::MAX).is_err() && into(4, i64::MIN).is_err());
}

#[test]
fn what_comes_out_is_shown_as_python_shows_it() {
    assert_eq!(unpacked("<i", "ff ff ff ff").as_deref(), Ok("(-1,)"));
    assert_eq!(unpacked("<I", "ffffffff").as_deref(), Ok("(4294967295,)"));
    assert_eq!(unpacked("", "").as_deref(), Ok("()"));
    assert_eq!(
        unpacked("<?? b", "02 00 80").as_deref(),
        Ok("(True, False, -128)")
    );
    assert_eq!(
        unpacked("<f", "cd cc cc 3d").as_deref(),
        Ok("(0.10000000149011612,)"),
        "not 0.1: a float is short"
    );
    assert_eq!(
        unpacked("i", "00 00 00").unwrap_err(),
        "unpack requires a buffer of 4 bytes (got 3)"
    );
    assert_eq!(
        unpacked("i", "00 00 00 00 00").unwrap_err(),
        "unpack requires a buffer of 4 bytes (got 5)"
    );
    for (number, shown) in [
        (1.0, "(1.0,)"),
        (0.0, "(0.0,)"),
        (-0.0, "(-0.0,)"),
        (100.0, "(100.0,)"),
        (1e15, "(1000000000000000.0,)"),
        (9999999999999998.0, "(9999999999999998.0,)"),
        (1e16, "(1e+16,)"),
        (1.5e300, "(1.5e+300,)"),
        (0.0001, "(0.0001,)"),
        (0.00001, "(1e-05,)"),
        (-1.25e-7, "(-1.25e-07,)"),
        (5e-324, "(5e-324,)"),
        (12.5, "(12.5,)"),
        (-0.0125, "(-0.0125,)"),
        (123456.0, "(123456.0,)"),
        (-16.572_158_813_476_563, "(-16.572158813476562,)"), // one number, two spellings: the even one
        (f64::NAN, "(nan,)"),
        (f64::NEG_INFINITY, "(-inf,)"),
    ] {
        assert_eq!(tuple(&[Value::Float(number)]), shown);
    }
    for (bytes, shown) in [
        (&b"it's"[..], r#"(b"it's",)"#),
        (b"'\"", r#"(b'\'"',)"#),
        (b"\t\n\r\\\0\x7f\xff ~", r"(b'\t\n\r\\\x00\x7f\xff ~',)"),
    ] {
        assert_eq!(tuple(&[Value::Bytes(bytes.to_vec())]), shown);
    }
}

#[test]
fn hex_is_pairs_of_digits() {
    assert_eq!(hex(" 0aFF 10\n"), Ok(vec![10, 255, 16]));
    for wrong in ["0", "0a f", "0x0a", "+f", "粘", "0g"] {
        assert!(
            hex(wrong)
                .unwrap_err()
                .ends_with("a byte is two hex digits"),
            "{wrong}"
        );
    }
    assert_eq!(to_hex(&[0, 171]), "00 ab");
}
