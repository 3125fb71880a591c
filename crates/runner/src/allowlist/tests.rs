//! The list of programs, held against what people would try.

use super::*;

/// The program, if the line may run.
fn judge(line: &str) -> Result<OsString, String> {
    allowed_words(line.as_bytes()).map(|words| words.into_iter().next().unwrap_or_default())
}

#[track_caller]
fn allowed(lines: &[&str]) {
    for line in lines {
        let program = line.split(' ').next().unwrap_or_default();
        assert_eq!(judge(line), Ok(program.into()), "{line}");
    }
}

#[track_caller]
fn refused(lines: &[&str]) {
    for line in lines {
        assert!(judge(line).is_err(), "{line}");
    }
}

#[test]
fn the_clock_cannot_be_set() {
    allowed(&[
        "date",
        "date -u",
        "date +%F",
        "date '+%F %T' -u",
        "date -uR",
        "date --utc --iso-8601",
        "date -I",
    ]);
    refused(&[
        "date 12:00",
        "date 010203042026",
        "date -s",
        "date -s 12:00",
        "date -s12:00",
        "date -us12:00",
    ]);
    refused(&[
        "date --set 12:00",
        "date --set=12:00",
        "date --se=12:00",
        "date --s 12:00",
        "date -u 12:00",
    ]);
    refused(&[
        "date +%F 12:00",
        "date +%F +12",
        "date -- 12:00",
        "date -",
        "date ''",
        "date -us",
    ]);
    refused(&[
        "date -d now",
        "date -f /etc/passwd",
        "date -r /etc/passwd",
        "date --file=/etc/passwd",
    ]);
    refused(&[
        "date --iso-8601=seconds",
        "date -Iseconds",
        "date --ut",
        "date -j 12:00",
        "date '-s 12:00'",
    ]);
}

#[test]
fn the_host_name_cannot_be_set() {
    allowed(&["hostname", "hostname -s", "hostname --short"]);
    refused(&[
        "hostname evil",
        "hostname -F /etc/passwd",
        "hostname --file=x",
        "hostname --fil=x",
        "hostname -b x",
    ]);
    refused(&[
        "hostname -- evil",
        "hostname -sF x",
        "hostname -F",
        "hostname -sF",
        "hostname -b",
        "hostname -",
        "hostname ''",
        "hostname -s evil",
    ]);
}

#[test]
fn ls_takes_names_and_options_without_values() {
    allowed(&[
        "ls",
        "ls -la",
        "ls -l -- -x",
        "ls a b -1",
        "ls --all",
        "ls -",
        "ls ''",
        "ls -- --what -I",
    ]);
    refused(&[
        "ls -I x",
        "ls -lI x",
        "ls --al",
        "ls --sort=size",
        "ls -w1",
        "ls --color=always",
        "ls -lé",
    ]);
}

#[test]
fn a_word_behind_the_double_dash_is_no_option_but_is_still_judged() {
    allowed(&["seq -- -3 3", "seq -- 3", "ls --", "ls -- --"]);
    refused(&["seq -- -w", "pwd --", "uname --", "sleep -- x", "true --"]);
}

#[test]
fn numbers_are_numbers() {
    allowed(&[
        "seq 3",
        "seq -3 3",
        "seq -w 1 2 10",
        "seq 0.5 1",
        "sleep 1",
        "sleep .5",
        "sleep 1000",
    ]);
    refused(&[
        "seq 1 2 3 4",
        "seq -f %g 3",
        "seq -s, 3",
        "seq 1e9",
        "seq inf",
        "seq .",
        "seq - 3",
        "seq ''",
    ]);
    refused(&[
        "sleep 1 1",
        "sleep 1d",
        "sleep infinity",
        "sleep --help",
        "sleep 1.2.3",
        "seq 1 --help",
    ]);
}

#[test]
fn echo_is_given_everything() {
    allowed(&[
        "echo",
        "echo -n a",
        "echo --anything -e '\\n' > x; rm -rf $HOME",
    ]);
}

#[test]
fn the_small_ones_take_their_options_and_no_words() {
    allowed(&[
        "pwd",
        "pwd -P",
        "uname -a",
        "uname -sr",
        "uname --machine",
        "whoami",
        "true",
        "false",
        "id -un",
    ]);
    refused(&[
        "pwd x",
        "pwd -x",
        "uname -z",
        "uname x",
        "whoami -x",
        "true x",
        "false --help",
        "id root",
    ]);
}

#[test]
fn what_is_not_on_the_list_is_refused_by_name() {
    refused(&[
        "rm -rf x",
        "sh -c ls",
        "env",
        "LS",
        "ls2",
        "l",
        "''",
        "' ls'",
        "'ls\n'",
        "cat /etc/passwd",
    ]);
    assert_eq!(judge(""), Err("no program is named".to_owned()));
    assert_eq!(judge("rm x"), judge("rm"));
    let why = judge("rm").unwrap_err();
    assert!(why.starts_with("rm is not on the list: date echo"), "{why}");
    let why = judge("''").unwrap_err();
    assert!(why.starts_with("'' is not on the list: "), "{why}");
}

#[test]
fn a_program_with_a_path_is_refused() {
    for line in ["/bin/echo", "./ls", "../ls", "bin/ls", "ls/", "'.\\ls'"] {
        let name = line.trim_matches('\'');
        let why = format!("{name}: name the program without a path");
        assert_eq!(judge(line), Err(why));
    }
}

#[test]
fn a_word_that_is_refused_is_named_with_its_program() {
    assert_eq!(
        judge("ls -l -I x"),
        Err("ls is not given `-I` here".to_owned())
    );
}

#[test]
fn a_refusal_is_one_short_harmless_line() {
    let refusal = |line: &[u8]| allowed_words(line).unwrap_err();
    let text = refusal("'a\nb\r\x1b[2J\u{202e}\u{2028}粘'".as_bytes());
    assert!(
        text.starts_with("a\\u{a}b\\u{d}\\u{1b}[2J\\u{202e}\\u{2028}粘 is not"),
        "{text:?}"
    );
    let text = refusal(&[b"ls -\xff".as_slice(), &[b'x'; 100_000]].concat());
    assert!(text.ends_with("x...` here"), "{text}");
    assert!(text.len() < 200, "{}", text.len());
    let exact = refusal(&[b'x'; 60]);
    assert!(!exact.contains("..."), "{exact}");
}

#[test]
fn the_list_is_in_alphabetical_order() {
    assert!(LIST.is_sorted_by_key(|program| program.name));
}
