//! Rules on the source that no compiler checks: `unsafe` is forbidden in every crate root, tests do not sleep, and they
//! use no fixed ports.
//!
//! The rules look at lines, not at meaning: they find what was forgotten, not what was hidden. A line with a good reason
//! stands in [`EXCEPTIONS`].

use std::collections::BTreeSet;

use crate::tree::{Tree, resolve};

/// Where a rule does not hold: the beginning of a path, a text in the line (empty: all lines), and why.
pub const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "tests/src/deadline.rs",
        "thread::sleep(pause.min(left))",
        "the one place that pauses between two looks, until an absolute deadline",
    ),
    (
        "tests/src/session/",
        "",
        "the book's ports: they are replaced by free ones and never bound",
    ),
    (
        "tests/src/sources.rs",
        "",
        "what is wrong on purpose, as text",
    ),
    ("", "127.0.0.1:70000", "no port at all: over 65535"),
];

/// Everything in the sources that breaks a rule and is no exception, as `FILE:LINE: what is wrong`.
pub fn problems(tree: &Tree, exceptions: &[(&str, &str, &str)]) -> Vec<String> {
    let mut problems = Vec::new();
    for root in crate_roots(tree) {
        let text = tree.text(&root).unwrap_or_default();
        if !text.lines().any(|line| line == "#![forbid(unsafe_code)]") {
            problems.push(format!(
                "{root}: a crate root without #![forbid(unsafe_code)]"
            ));
        }
    }
    for (path, text) in tree.texts(".rs").chain(tree.texts(".py")) {
        let excused = |line: &str| {
            exceptions
                .iter()
                .any(|(start, part, _)| path.starts_with(start) && line.contains(part))
        };
        let lines: Vec<&str> = text.lines().collect();
        for number in first_line_of_tests(path, &lines)..lines.len() {
            let before = lines.get(number.saturating_sub(2)..=number);
            let (before, line) = (before.unwrap_or_default(), lines.get(number).unwrap_or(&""));
            let uses_a_port =
                || names_a_port(line) && before.iter().any(|line| uses_an_address(line));
            let wrong = if excused(line) || line.trim_start().starts_with("//") {
                continue;
            } else if line.contains("sleep(") {
                "a test waits for what it wants, it does not sleep"
            } else if uses_a_port() {
                "a fixed port may be taken: bind port 0 and ask for the port"
            } else {
                continue;
            };
            problems.push(format!("{path}:{}: {wrong}: {}", number + 1, line.trim()));
        }
    }
    problems
}

/// Crate roots: what Cargo finds by itself beside a manifest, each exercise, and what a manifest names.
fn crate_roots(tree: &Tree) -> BTreeSet<String> {
    let mut roots = BTreeSet::new();
    for (manifest, text) in tree.texts("Cargo.toml") {
        let package = manifest.strip_suffix("Cargo.toml").unwrap_or_default();
        let found_by_cargo = |path: &&str| {
            let inside = path.strip_prefix(package).unwrap_or_default();
            match inside.rsplit_once('/') {
                None => inside == "build.rs",
                Some(("src", name)) => matches!(name, "lib.rs" | "main.rs"),
                Some(("src/bin" | "examples" | "exercises" | "tests" | "benches", name)) => {
                    name.ends_with(".rs")
                }
                _ => false,
            }
        };
        roots.extend(tree.paths().filter(found_by_cargo).map(str::to_owned));
        let named = text.lines().filter_map(|line| {
            resolve(manifest, line.strip_prefix("path = \"")?.strip_suffix('"')?)
        });
        roots.extend(named);
    }
    roots
}

/// Where the tests of a file begin: at its top, at `#[cfg(test)]`, or nowhere.
fn first_line_of_tests(path: &str, lines: &[&str]) -> usize {
    if path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("tests.rs") {
        return 0;
    }
    // A module that is only declared there (`mod tests;`) stands in a file of its own.
    let begins = |pair: &[&str]| matches!(pair, [test, next] if test.trim() == "#[cfg(test)]" && !next.trim_end().ends_with(';'));
    lines.windows(2).position(begins).unwrap_or(lines.len())
}

/// Whether a number other than 0 stands where a port of an address of this machine stands.
fn names_a_port(line: &str) -> bool {
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "LOCALHOST",
        "127, 0, 0, 1]",
    ]
    .iter()
    .flat_map(|host| line.split(host).skip(1))
    .any(|after| {
        let after = after.trim_start_matches(['"', '\'', ')']);
        let port = after.strip_prefix(':').or(after.strip_prefix(", "));
        port.is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit() && c != '0'))
    })
}

/// Whether a line does something with an address, instead of only writing it.
fn uses_an_address(line: &str) -> bool {
    [
        "bind(",
        "connect",
        "send_to(",
        "sendto(",
        "--addr",
        "--port",
        "create_server(",
    ]
    .iter()
    .any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_found(path: &str, text: &str, told: &str) {
        let found = problems(&Tree::of(&[(path, text)]), &[]);
        match told {
            "" => assert_eq!(found, [""; 0], "{text}"),
            told => assert!(
                found.len() == 1 && found[0].contains(told),
                "{path} {text}: {found:?}"
            ),
        }
    }

    #[test]
    fn a_crate_root_without_forbid_is_found_wherever_it_is() {
        let package = "[package]\nname = \"a\"\n";
        let named = format!("{package}[[test]]\nname = \"t\"\npath = \"course/main.rs\"\n");
        let right = "//! Plan.\n#![forbid(unsafe_code)]\n";
        for root in [
            "src/lib.rs",
            "src/main.rs",
            "src/bin/b.rs",
            "examples/e.rs",
            "exercises/l05_e_start.rs",
            "tests/t.rs",
            "benches/b.rs",
            "course/main.rs",
        ] {
            let path = format!("a/{root}");
            let tree = |text| {
                Tree::of(&[
                    ("a/Cargo.toml", &named),
                    ("a/course/main.rs", right),
                    (&path, text),
                ])
            };
            assert_eq!(problems(&tree(right), &[]), [""; 0], "{root}");
            for wrong in [
                "//! Plan.\n",
                "// #![forbid(unsafe_code)]\n",
                "#![deny(unsafe_code)]\n",
            ] {
                assert!(
                    problems(&tree(wrong), &[])
                        .iter()
                        .any(|found| found.starts_with(&path)),
                    "{root} {wrong}"
                );
            }
        }
        let module = Tree::of(&[
            ("a/Cargo.toml", package),
            ("a/src/b.rs", ""),
            ("a/src/tests/b.rs", ""),
            ("a/tests/t/b.rs", ""),
        ]);
        assert_eq!(problems(&module, &[]), [""; 0]);
    }

    #[test]
    fn a_test_that_sleeps_is_found() {
        for path in [
            "tests/course/a.rs",
            "lessons/05/tests/a.rs",
            "tests/python/a.py",
            "crates/a/src/b/tests.rs",
            "a/src/b_tests.rs",
        ] {
            assert_found(path, "thread::sleep(x);", "does not sleep");
        }
        assert_found(
            "a/src/b.rs",
            "fn a() {}\n#[cfg(test)]\nmod tests {\nsleep(x)\n}\n",
            "b.rs:4: a test waits",
        );
        assert_found(
            "a/src/b.rs",
            "#[cfg(test)]\nmod b_tests;\nfn a() { sleep(x) }\n",
            "",
        );
        assert_found("a/src/b.rs", "sleep(x)\n#[cfg(test)]\nmod tests {}\n", "");
        assert_found(
            "tests/course/a.rs",
            "// no sleep(1) here\nrun(\"sleep 1000\")",
            "",
        );
        assert_found("lessons/05/README.md", "sleep(1)", "");
    }

    #[test]
    fn a_fixed_port_in_a_test_is_found() {
        for line in [
            "TcpListener::bind(\"127.0.0.1:8080\")",
            "TcpStream::connect((\"127.0.0.1\", 8080))",
            "UdpSocket::bind((Ipv4Addr::LOCALHOST, 9000))",
            "let addr = connect(SocketAddr::from(([127, 0, 0, 1], 4000)))",
            "program.args([\"--addr\", \"localhost:1\"])",
            "args([\n\"--addr\",\n\"[::1]:8080\",\n])",
            "server = socket.create_server(('127.0.0.1', 8080))",
        ] {
            assert_found("tests/course/a.rs", line, "a fixed port");
        }
        for line in [
            "bind(\"127.0.0.1:0\")",
            "bind((Ipv4Addr::LOCALHOST, 0))",
            "assert_eq!(text, \"127.0.0.1:8080\")",
            "connect((\"127.0.0.1\", port))",
        ] {
            assert_found("tests/course/a.rs", line, "");
        }
        assert_found("a/src/lib.rs", "bind(\"127.0.0.1:8080\")", "");
    }

    #[test]
    fn an_exception_excuses_its_line_in_its_place_only() {
        let exceptions = [("tests/a.rs", "sleep(1)", "shown")];
        let tree = Tree::of(&[
            ("tests/a.rs", "sleep(1)\nsleep(2)"),
            ("tests/b.rs", "sleep(1)"),
        ]);
        let found = problems(&tree, &exceptions).join("\n");
        assert!(
            !found.contains("a.rs:1") && found.contains("a.rs:2") && found.contains("b.rs:1"),
            "{found}"
        );
    }
}
