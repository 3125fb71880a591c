//! `pack`, `unpack`, `framings`: what they print. (The bytes themselves are compared with Python's in `tests/course/pystruct.rs`.)

use tests::programs::{Finished, run, workspace};

use super::lesson04;

fn said(args: &[&str]) -> Finished {
    run(lesson04(args), b"")
}

#[test]
fn pack_prints_bytes_in_hex_and_unpack_the_tuple() {
    for (args, printed) in [
        (
            &["pack", "I3sf", "7", "abc", "1.5"][..],
            "07 00 00 00 61 62 63 00 00 00 c0 3f",
        ),
        (
            &["unpack", "I3sf", "07 00 00 00 61 62 63 00 00 00 c0 3f"],
            "(7, b'abc', 1.5)",
        ),
        (
            &["unpack", "I3sf", "07", "00000061", "62 63 000000c03f"],
            "(7, b'abc', 1.5)",
        ),
        (&["pack", "!i", "-1"], "ff ff ff ff"),
        (&["pack", "ii", "-1", "-2"], "ff ff ff ff fe ff ff ff"),
        (&["pack", "<d", "-1.5e300"], "35 58 00 66 2d eb 41 fe"),
        (&["pack", "4sI", "ab", "1"], "61 62 00 00 01 00 00 00"),
        (&["pack", ">d", "--", "-inf"], "ff f0 00 00 00 00 00 00"),
        (
            &["pack", ">fd", "--", "-.5", "-1e-5"],
            "bf 00 00 00 be e4 f8 b5 88 e3 68 f1",
        ),
        (
            &[
                "pack", "--at", "0", "--size", "8", ">hi?", "--", "-0x10", "-0X1", "-0x1",
            ],
            "ff f0 ff ff ff ff 01 00",
        ),
        (&["pack", "<f", "--", "-2E-3"], "6f 12 03 bb"),
        (
            &["--idle", "3", "pack", "d", "--", "-inf"],
            "00 00 00 00 00 00 f0 ff",
        ),
        (&["pack", "4s", "--", "-inf"], "2d 69 6e 66"),
        (&["pack", "b\u{b}b", "1", "2"], "01 02"),
        (&["pack", "2x"], "00 00"),
        (
            &["pack", "h", "258", "--at", "1", "--size", "5"],
            "00 02 01 00 00",
        ),
        (
            &["pack", "--at", "-2", "--size", "5", ">h", "-2"],
            "00 00 00 ff fe",
        ),
        (&["unpack", ""], "()"),
        (
            &["unpack", "?f", "01000000cdcccc3d"],
            "(True, 0.10000000149011612)",
        ),
    ] {
        let finished = said(args);
        assert_eq!(
            (finished.out(), finished.status.code()),
            (format!("{printed}\n"), Some(0)),
            "{args:?} {finished}"
        );
    }
}

#[test]
fn what_does_not_fit_is_status_2_with_both_bounds_and_nothing_on_stdout() {
    for (args, told) in [
        (
            &["pack", "i", "2147483648"][..],
            "error: i: 'i' format requires -2147483648 <= number <= 2147483647",
        ),
        (
            &["pack", "i", "-2147483649"],
            "error: i: 'i' format requires -2147483648 <= number <= 2147483647",
        ),
        (
            &["pack", "b", "128"],
            "error: b: byte format requires -128 <= number <= 127",
        ),
        (
            &["pack", "ii", "1"],
            "error: ii: pack expected 2 items for packing (got 1)",
        ),
        (
            &["pack", "i", "one"],
            "error: one: required argument is not an integer",
        ),
        (
            &["pack", "y", "1"],
            "error: y: bad char in struct format: `y` is none of",
        ),
        (
            &["pack", "i", ""],
            "error: '': required argument is not an integer",
        ),
        (
            &["pack", "s", "-x"],
            "error: unexpected argument '-x' found\n",
        ),
        (&["pack", "-inf"], "error: unexpected argument '-i' found\n"),
        (
            &["pack", "d", "-inf"],
            "error: unexpected argument '-i' found\n",
        ),
        (
            &["pack", "i", "--at", "-inf"],
            "error: unexpected argument '-i' found\n",
        ),
        (
            &["framings", "pack", "-inf"],
            "error: unexpected argument '-i' found\n",
        ),
        (
            &["pack", "d", &"9".repeat(401)],
            &format!("error: {}...: int too", "9".repeat(200)),
        ),
        (
            &["pack", "ii", "1", "--at", "0", "--size", "8"],
            "error: ii: pack expected 2 items for packing (got 1)",
        ),
        (
            &["pack", "i", "1", "--at", "x", "--size", "8"],
            "error: invalid value 'x' for '--at <N>': not a whole number\n",
        ),
        (
            &["pack", "i", "1", "--at", "0", "--size", "-1"],
            "error: invalid value '-1' for '--size <M>': a number from 0 on belongs here\n",
        ),
        (
            &["pack", "q", "1", "--at", "1", "--size", "8"],
            "error: --at: pack_into requires a buffer of at least 9 bytes",
        ),
        (
            &["pack", "q", "1", "--at", "1"],
            "error: the following required arguments were not provided:\n  --size <M>\n",
        ),
        (
            &["pack", "b", "1", "--at", "0", "--size", "1048577"],
            "error: --size: buffer of 1048577 bytes is over the limit of 1048576",
        ),
        (
            &["pack"],
            "error: the following required arguments were not provided:\n  <FORMAT>\n",
        ),
        (
            &["unpack", "i", "00"],
            "error: i: unpack requires a buffer of 4 bytes (got 1)",
        ),
        (
            &["unpack", "i", "0g"],
            "error: hex: 0g: a byte is two hex digits",
        ),
    ] {
        let finished = said(args);
        assert!(finished.err().starts_with(told), "{args:?}: {finished}");
        assert_eq!(
            (finished.status.code(), finished.out().as_str()),
            (Some(2), ""),
            "{args:?}"
        );
    }
}

#[test]
fn one_message_under_every_framing_is_the_page_in_the_chapter() {
    let committed = std::fs::read_to_string(
        workspace().join("lessons/04-fixed-header/tables/five-framings.txt"),
    )
    .unwrap();
    assert_eq!(
        said(&["framings"]).out(),
        committed,
        "cargo run -p lesson04 -- framings > lessons/04-fixed-header/tables/five-framings.txt"
    );
}
