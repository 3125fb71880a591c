//! Rules on the source that no compiler checks: where `unsafe` is forbidden, how tests wait, which ports they use, and
//! that nothing in the repository knows one machine.
//!
//! The rules look at lines, not at meaning: they find what was forgotten, not what was hidden. What has a good reason
//! stands in [`EXCEPTIONS`], with the reason.

use crate::tree::{Tree, resolve};

/// A file (or folder) in which a rule does not hold, and why.
#[derive(Debug)]
pub struct Exception {
    /// Where it applies: a path, or the beginning of one.
    pub path: &'static str,
    /// The line it applies to, by a text in it; empty for all.
    pub line: &'static str,
    /// Why.
    pub reason: &'static str,
}

/// Every exception of this repository.
pub const EXCEPTIONS: &[Exception] = &[
    Exception {
        path: "tests/src/deadline.rs",
        line: "thread::sleep(pause.min(left))",
        reason: "the one place that pauses between two looks, until an absolute deadline",
    },
    Exception {
        path: "tests/src/session/",
        line: "",
        reason: "the book's ports: they are replaced by free ones and never bound",
    },
    Exception {
        path: "tests/course/sessions.rs",
        line: "",
        reason: "the book's ports: they are replaced by free ones and never bound",
    },
    Exception {
        path: "tests/src/sources.rs",
        line: "",
        reason: "what is wrong on purpose, as text",
    },
    Exception {
        path: "",
        line: "127.0.0.1:70000",
        reason: "no port at all: over 65535",
    },
];

/// Everything in the sources that breaks a rule and is no exception, as `FILE:LINE: what is wrong`.
pub fn problems(tree: &Tree, exceptions: &[Exception]) -> Vec<String> {
    let mut problems = crate_roots_without_forbid(tree);
    for path in tree.paths() {
        let Some(text) = tree.text(path) else {
            continue;
        };
        let excused = |line: &str| {
            let mut here = exceptions
                .iter()
                .filter(|exception| path.starts_with(exception.path));
            here.any(|exception| line.contains(exception.line))
        };
        let lines: Vec<&str> = text.lines().collect();
        let tests_begin = first_line_of_tests(path, &lines);
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| !excused(line)) {
            let before = lines
                .get(number.saturating_sub(2)..=number)
                .unwrap_or_default();
            let in_tests = number >= tests_begin && !line.trim_start().starts_with("//");
            let wrong = match () {
                () if in_tests && line.contains("sleep(") => {
                    "a test waits for what it wants, it does not sleep"
                }
                () if in_tests
                    && names_a_port(line)
                    && before.iter().any(|line| uses_an_address(line)) =>
                {
                    "a fixed port may be taken: bind port 0 and ask for the port"
                }
                () if path != "Cargo.lock" && names_a_machine(line) => "a path of one machine",
                () => continue,
            };
            problems.push(format!("{path}:{}: {wrong}: {}", number + 1, line.trim()));
        }
    }
    problems
}

/// Crate roots: what Cargo finds by itself, and what a manifest names.
fn crate_roots_without_forbid(tree: &Tree) -> Vec<String> {
    let mut roots = Vec::new();
    for (manifest, text) in tree.texts("Cargo.toml") {
        let folder = manifest.strip_suffix("Cargo.toml").unwrap_or_default();
        let found_by_cargo = |path: &str| {
            let inside = path.strip_prefix(folder).unwrap_or_default();
            let of_a_kind = ["src/bin/", "examples/", "tests/", "benches/"]
                .iter()
                .any(|kind| {
                    inside
                        .strip_prefix(kind)
                        .is_some_and(|name| name.ends_with(".rs") && !name.contains('/'))
                });
            of_a_kind || matches!(inside, "src/lib.rs" | "src/main.rs" | "build.rs")
        };
        if text.lines().any(|line| line.trim() == "[package]") {
            roots.extend(
                tree.paths()
                    .filter(|path| found_by_cargo(path))
                    .map(str::to_owned),
            );
        }
        let named = text
            .lines()
            .filter_map(|line| line.strip_prefix("path = \"")?.strip_suffix('"'));
        roots.extend(named.filter_map(|path| resolve(manifest, path)));
    }
    roots.sort();
    roots.dedup();
    let forbids = |root: &String| {
        tree.text(root)
            .is_some_and(|text| text.lines().any(|line| line == "#![forbid(unsafe_code)]"))
    };
    let without = roots.iter().filter(|root| !forbids(root));
    without
        .map(|root| format!("{root}: a crate root without #![forbid(unsafe_code)]"))
        .collect()
}

/// Where the tests of a file begin: at its top, at `#[cfg(test)]`, or nowhere.
fn first_line_of_tests(path: &str, lines: &[&str]) -> usize {
    let code = path.ends_with(".rs") || path.ends_with(".py");
    let named = path.ends_with("/tests.rs") || path.ends_with("_tests.rs");
    if !code {
        lines.len()
    } else if path.starts_with("tests/") || path.contains("/tests/") || named {
        0
    } else {
        // A module that is only declared here stands in a file of its own.
        let declared = |number: usize| {
            lines
                .get(number + 1)
                .is_some_and(|next| next.trim_end().ends_with(';'))
        };
        let begins =
            |&(number, line): &(usize, &&str)| line.trim() == "#[cfg(test)]" && !declared(number);
        lines
            .iter()
            .enumerate()
            .find(begins)
            .map_or(lines.len(), |(number, _)| number)
    }
}

/// Whether a number other than 0 stands where a port of an address of this machine stands.
fn names_a_port(line: &str) -> bool {
    const HOSTS: [&str; 6] = [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "0.0.0.0",
        "LOCALHOST",
        "127, 0, 0, 1]",
    ];
    let ports = HOSTS
        .iter()
        .flat_map(|host| line.match_indices(host).map(move |(at, _)| at + host.len()));
    ports.filter_map(|end| line.get(end..)).any(|behind| {
        let behind = behind.trim_start_matches(['"', '\'', ')']);
        let port = behind.strip_prefix(':').or(behind.strip_prefix(", "));
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

/// Whether a line only makes sense on the machine where it was written.
fn names_a_machine(line: &str) -> bool {
    let homes = ["/home/", "/Users/"].iter().any(|home| {
        line.split(home)
            .skip(1)
            .any(|behind| behind.starts_with(|c: char| c.is_ascii_alphabetic()))
    });
    homes
        || ["/root/", "../shared", "/tmp/wt"]
            .iter()
            .any(|path| line.contains(path))
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
    fn a_path_of_one_machine_is_found_in_any_file() {
        for line in ["cd /home/me", "/Users/me/x", "ls /root/x", "../shared/x"] {
            assert_found("lessons/05/README.md", line, "a path of one machine");
            assert_found("crates/a/src/b.rs", line, "a path of one machine");
        }
        assert_found("README.md", "https://a.test/home/ and /home/ itself", "");
    }

    #[test]
    fn an_exception_excuses_its_line_in_its_place_only() {
        let exceptions = [Exception {
            path: "tests/a.rs",
            line: "sleep(1)",
            reason: "shown",
        }];
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
