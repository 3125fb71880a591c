//! `lessons/python.md`: Python runs the left cells, the Rust of the right ones runs here, and both give what the page says.

use std::error::Error;
use std::fmt::Write as _;
use std::process::Command;

use encoding_rs::GBK;
use jiff::Timestamp;
use md5::{Digest as _, Md5};
use serde_json::{Value, from_str, json};
use tests::programs::run;
use tests::python::python;

const PAGE: &str = include_str!("../../lessons/python.md");

/// Code as it stands here, and what it gives.
macro_rules! gives {
    ($shown:literal, $code:expr) => {
        (stringify!($code), format!($shown, $code))
    };
    (Err, $code:expr) => {
        (stringify!($code), $code.map_or("Err", |_| "Ok").to_owned())
    };
}

#[cfg(unix)] // `false`, `echo` and `kill` are programs there
#[rustfmt::skip] // a row a line, as on the page
fn rust() -> Result<Vec<(&'static str, String)>, Box<dyn Error>> {
    Ok(vec![
        gives!("{}", "粘包".len()),
        gives!("{}", "粘包".chars().count()),
        gives!("{:?}", GBK.encode("粘包").0),
        gives!("{}", GBK.decode(b"\xd5\xb3").0),
        gives!(Err, String::from_utf8(b"\xd5\xb3\xb0\xfc".to_vec())),
        gives!("{}", String::from_utf8_lossy(b"\xd5\xb3\xb0\xfc")),
        gives!("{}", "grüß".to_uppercase()),
        gives!("{}", "grüß".to_ascii_uppercase()),
        gives!("{}", b"abc"[0]),
        gives!("{:?}", b"abc".get(..9)),
        gives!("{:?}", 1000_u32.to_be_bytes()),
        gives!("{:?}", (-2_i32).to_le_bytes()),
        gives!("{}", u32::from_be_bytes(*b"\0\0\x03\xe8")),
        gives!("{:?}", b"\0\0\x03".first_chunk::<4>()),
        gives!("{:?}", u32::MAX.checked_add(2)),
        gives!(Err, "12 ".parse::<i32>()),
        gives!("{}", json!({"name": "粘"}).to_string()),
        gives!("{}", from_str::<Value>(r#"{"a": 1, "a": 2}"#)?["a"]),
        gives!(Err, from_str::<Value>("NaN")),
        gives!("{}", format!("{:032x}", u128::from_be_bytes(Md5::digest(b"hello").into()))),
        gives!("{}", Timestamp::UNIX_EPOCH.strftime("%Y-%m-%d")),
        gives!("{:?}", Command::new("false").status()?.code()),
        gives!("{:?}", Command::new("sh").args(["-c", "kill -9 $$"]).status()?.code()),
        gives!(Err, Command::new("no-such-program").status()),
        gives!("{:?}", Command::new("echo").arg("hi").output()?.stdout),
    ])
}

/// Each row: Python and what it gives, Rust and what it gives.
fn rows() -> Vec<[&'static str; 4]> {
    let rows = PAGE.lines().filter_map(|line| {
        let cells = line.strip_prefix("| `")?.strip_suffix("` |")?;
        let halves = cells.split("` | `");
        Some(
            halves
                .flat_map(|half| half.split("` → `"))
                .collect::<Vec<_>>(),
        )
    });
    rows.map(|cells| cells.try_into().unwrap()).collect()
}

fn without_blanks(code: &str) -> String {
    code.split_whitespace().collect()
}

#[cfg(unix)]
#[test]
fn the_rust_gives_what_the_page_says() {
    let (rows, rust) = (rows(), rust().unwrap());
    assert_eq!(rows.len(), rust.len());
    for ([.., code, gives], (ran, gave)) in rows.iter().zip(rust) {
        assert_eq!(without_blanks(code), without_blanks(ran));
        assert_eq!(*gives, gave, "{code}");
    }
}

#[cfg(unix)]
#[test]
fn the_python_gives_what_the_page_says() {
    let Some(table) = python("table.py") else {
        return;
    };
    let (mut typed, mut expected) = (String::new(), String::new());
    for [code, gives, ..] in rows() {
        let _ = writeln!(typed, "{code}");
        let _ = writeln!(expected, "{code} gives {gives}");
    }
    let finished = run(table, typed.as_bytes());
    let gave = finished.out();
    let came: String = (typed.lines().zip(gave.lines()))
        .map(|(code, gave)| format!("{code} gives {gave}\n"))
        .collect();
    assert_eq!(came, expected, "{finished}");
}
