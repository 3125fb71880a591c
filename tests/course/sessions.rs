//! The shell sessions of the chapters are executed; and the player of sessions itself, on a small peer.
//!
//! How a session is written stands at the head of `tests/src/session/mod.rs`.
//! `UPDATE_SESSIONS=1 cargo test -p tests sessions` writes what came into the chapters.

use std::fs;
use std::thread;

use tests::book;
use tests::programs::{program, workspace};
use tests::session::{Played, play};
use tests::tree::Tree;

#[test]
fn sessions_of_the_chapters_run_as_written() {
    let update = tests::update("UPDATE_SESSIONS");
    let tree = Tree::of_the_workspace().unwrap();
    // Each chapter has its own ports and folders, and most of its time it waits: all at once.
    let problems = thread::scope(|scope| {
        let chapters = tree
            .texts(".md")
            .filter(|(page, _)| page.starts_with(book::BOOK));
        let played = chapters.map(|(page, text)| {
            let tree = &tree;
            scope.spawn(move || play_chapter(tree, page, text, update))
        });
        let played = Vec::from_iter(played).into_iter();
        Vec::from_iter(played.flat_map(|chapter| chapter.join().unwrap()))
    });
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

/// Plays a chapter, and what came in other ways than it stands there.
fn play_chapter(tree: &Tree, page: &str, text: &str, update: bool) -> Vec<String> {
    let chapter = workspace().join(page);
    // The blocks first: the same variable rewrites both, and only one test may write a chapter.
    let shown = match update {
        true => book::rewritten(tree, page, text),
        false => text.to_owned(),
    };
    let folder = chapter.parent().unwrap();
    let played = play(&shown, folder, &|lesson| program(lesson), update);
    if played.text != text {
        fs::write(&chapter, &played.text).unwrap();
    }
    let here = played.problems.iter().map(|why| format!("{page}:{why}"));
    here.collect()
}

/// A session in which every lesson is the fixture.
fn play_fixture(session: &str, update: bool) -> Played {
    let text = format!("# Chapter\n\n```console\n{session}```\n\nend\n");
    let chapter = tempfile::tempdir().unwrap();
    fs::create_dir(chapter.path().join("python")).unwrap();
    fs::write(
        chapter.path().join("python/hello.py"),
        "import sys\nprint('hello', *sys.argv[1:])\nsys.exit(4)\n",
    )
    .unwrap();
    fs::write(chapter.path().join("python/listen.py"), LISTEN).unwrap();
    play(&text, chapter.path(), &|_| program("fixture"), update)
}

const LISTEN: &str = "import socket, sys
server = socket.create_server(('127.0.0.1', int(sys.argv[1])))
print('listening on 127.0.0.1:%d' % server.getsockname()[1])
while True:
    conn, peer = server.accept()
    conn.sendall(conn.recv(1024).swapcase())
";

#[track_caller]
fn runs(session: &str) {
    let played = play_fixture(session, false);
    assert!(played.problems.is_empty(), "{}", played.problems.join("\n"));
}

#[track_caller]
fn fails(session: &str, told: &str) {
    let problems = play_fixture(session, false).problems.join("\n");
    assert!(problems.contains(told), "{session}\n{problems}");
}

#[track_caller]
fn updates(session: &str, updated: &str) {
    let played = play_fixture(session, true);
    assert!(played.problems.is_empty(), "{}", played.problems.join("\n"));
    assert_eq!(
        played.text,
        format!("# Chapter\n\n```console\n{updated}```\n\nend\n")
    );
}

const TALK: &str = "server$ cargo run -p lesson01 -- server
listening on 127.0.0.1:8080
client$ cargo run -p lesson01 --quiet -- client
> hello
HELLO
>

> two words
TWO WORDS
(server goes on)
3 lines
";

#[test]
fn a_server_and_a_client_talk_at_the_book_s_port() {
    runs(TALK);
}

#[test]
fn a_wrong_line_anywhere_is_found() {
    for (right, wrong) in [
        ("listening on 127.0.0.1:8080", "listening on 127.0.0.1:8081"),
        ("HELLO", "HELLO!"),
        ("TWO WORDS\n", "TWO WORDS\nmore\n"),
        ("TWO WORDS\n", ""),
        ("3 lines", "4 lines"),
    ] {
        assert!(
            !play_fixture(&TALK.replace(right, wrong), false)
                .problems
                .is_empty(),
            "{wrong}"
        );
    }
}

#[test]
fn a_line_of_the_server_that_nobody_expected_is_found_at_the_end() {
    // The server has told about the first client before it answers the second.
    let session = TALK.split_once("(server").unwrap().0.to_owned()
        + "client$ cargo run -p lesson01 -- client\n> next\nNEXT\n";
    fails(
        &session,
        "4: server$ cargo run -p lesson01 -- server: at its end",
    );
    runs(&session.replace(":8080\n", ":8080\n[...]\n"));
}

#[test]
fn a_status_must_be_written_and_right() {
    runs("$ cargo run -p lesson01 -- fail 3\nso far\nerror: it failed[..]\n[status 3]\n");
    fails(
        "$ cargo run -p lesson01 -- fail 3\n[...]\n",
        "expected status 0, it ended with 3",
    );
    fails(
        "$ cargo run -p lesson01 -- fail 3\n[...]\n[status 1]\n",
        "expected status 1, it ended with 3",
    );
    fails(
        "$ cargo run -p lesson01 -- fail 0\n[...]\n[status 1]\n",
        "expected status 1, it ended with 0",
    );
}

#[test]
fn ctrl_c_ends_a_program_and_frees_its_terminal_and_its_port() {
    let start = "server$ cargo run -p lesson01 -- server\nlistening on 127.0.0.1:8080\n";
    let refused = "$ cargo run -p lesson01 -- client\nerror: 127.0.0.1:8080: Connection refused[..]\n[status 1]\n";
    runs(&format!(
        "{refused}{start}^C\n{refused}{start}server$ ^C\n{refused}{start}{start}"
    ));
    fails("server$ ^C\n", "no program runs in this terminal");
    fails(
        &format!("{start}^C\n(server goes on)\n"),
        "no program runs in this terminal",
    );
}

#[test]
fn a_program_goes_on_where_its_terminal_does() {
    let talk = "server$ cargo run -p lesson01 -- server\nlistening on 127.0.0.1:8080\n[...]\n";
    runs(&format!(
        "{talk}a$ cargo run -p lesson01 -- client\n> one\nONE\n$ ls\n(a goes on)\n> two\nTWO\n"
    ));
}

#[test]
fn a_second_server_finds_the_port_taken() {
    let server = |name: &str| format!("{name}$ cargo run -p lesson01 -- server\n");
    runs(&format!(
        "{}listening on 127.0.0.1:8080\n{}error: 127.0.0.1:8080: [..] in use[..]\n[status 1]\n",
        server("a"),
        server("b")
    ));
}

#[test]
fn each_terminal_keeps_its_folder() {
    runs(
        "a$ mkdir share\na$ printf 'x\\ny\\n' > share/t.txt\na$ cat share/t.txt\nx\ny\nb$ ls\n$ ls\na$ ls share\nt.txt\n",
    );
    fails("$ cat nothing\n", "cat nothing");
    fails("$ rm -rf x\n", "not known here");
    fails("$ ls\nnot there\n", "not there");
}

#[test]
fn stdin_may_come_through_a_pipe() {
    runs("$ printf 'a\\nb\\n' | cargo run -p lesson01 -- cat\na\nb\n");
    fails("$ ls | cargo run -p lesson01 -- cat\n", "printf");
    for file in ["x", "../x", "lessons/README.md", "/etc/passwd"] {
        let session = format!("$ cat {file} | cargo run -p lesson01 -- cat\n");
        fails(&session, "is no file of this chapter");
    }
}

#[test]
fn only_programs_of_the_course_are_run() {
    for (command, told) in [
        ("cargo test", "write: cargo run"),
        ("cargo run -p book", "write: cargo run"),
        ("cargo run", "write: cargo run"),
        ("cargo run -p lesson01 --release", "write: cargo run"),
        ("curl http://127.0.0.1:8080/", "not known here"),
        ("python3 /x.py", "write: cargo run"),
        ("python3 python/../x.py", "write: cargo run"),
        ("cargo run -p lesson01 > x", "`>` is only for"),
    ] {
        if command.starts_with("python3") && !tests::python::is_there("a session") {
            continue; // its block is skipped before anything in it is judged
        }
        fails(&format!("$ {command}\n"), told);
    }
}

#[test]
fn what_stands_below_a_server_must_have_come_before_the_next_step() {
    let session = "server$ cargo run -p lesson01 -- server\nlistening on 127.0.0.1:8081\n$ ls\n";
    let problems = play_fixture(session, false).problems.join("\n");
    assert!(
        problems.starts_with("4: server$ ") && !problems.contains("at its end"),
        "{problems}"
    );
}

#[test]
fn python_of_the_chapter_is_run_where_there_is_one() {
    runs("$ python3 python/hello.py a 'b c'\nhello a b c\n[status 4]\n");
    runs(
        "py$ python3 python/listen.py 8080\nlistening on 127.0.0.1:8080\nclient$ cargo run -p lesson01 -- client\n> Hi\nhI\npy$ ^C\n[...]\n",
    );
}

#[test]
fn an_update_fills_in_what_came() {
    let written = |line: &&str| line.contains("$ ") || line.starts_with(['>', '(']);
    let commands: String = TALK
        .lines()
        .filter(written)
        .map(|line| format!("{line}\n"))
        .collect();
    updates(&commands, TALK);
}

#[test]
fn an_update_keeps_what_still_fits() {
    let old = TALK
        .replace("HELLO", "old")
        .replace("3 lines", "[..] lines");
    updates(&old, &TALK.replace("3 lines", "[..] lines"));
}

#[test]
fn an_update_writes_the_status() {
    let command = "$ cargo run -p lesson01 -- fail 3\n";
    updates(
        command,
        &format!("{command}so far\nerror: it failed on purpose\n[status 3]\n"),
    );
}

#[test]
fn an_update_never_writes_what_would_be_taken_for_a_mark() {
    let command = "$ printf '> a\\n' | cargo run -p lesson01 -- cat\n";
    updates(command, &format!("{command}[..] a\n"));
    updates("$ mkdir a\n$ ls\nold\n", "$ mkdir a\n$ ls\na\n");
}

#[test]
fn a_surplus_line_of_a_server_is_written_below_its_last_step() {
    let session = TALK.replace("(server goes on)\n3 lines\n", "");
    updates(&session, &session.replace(":8080\n", ":8080\n3 lines\n"));
}
