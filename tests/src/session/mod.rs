//! The shell sessions of a chapter are executed, so that what a reader sees is what the programs print.
//!
//! # For authors
//!
//! A fenced block that begins with ` ```console ` at the left margin is a session (` ```console,run-local ` too). It is
//! written as it looks on the reader's screen:
//!
//! ```text
//! server$ cargo run -p lesson05 -- server --dir share
//! listening on 127.0.0.1:8080
//! client$ cargo run -p lesson05 -- get nothing.txt
//! error: nothing.txt: no such file[..]
//! [status 1]
//! (server goes on)
//! 127.0.0.1:[..]: the peer left
//! server$ ^C
//! ```
//!
//! | a line | means |
//! |---|---|
//! | `NAME$ COMMAND` | the command is typed in the terminal NAME; `$ COMMAND` is typed in a terminal without a name |
//! | `> TEXT` | TEXT is typed into the program, as soon as the lines above it have come (`>` alone: an empty line) |
//! | `^C`, or `NAME$ ^C` | Ctrl-C for the program that runs in this terminal, or in that one |
//! | `(NAME goes on)`, `(goes on)` | back to a program that still runs: what follows came since |
//! | `[status 1]` | how the command ended; must be there unless that is 0, or Ctrl-C |
//! | `[...]` | any number of lines, none included |
//! | `[..]` inside a line | whatever varies there |
//! | anything else | a line that was printed |
//!
//! **Output** is stdout and stderr as a terminal shows them, in the order in which the program wrote. It is compared
//! per terminal: nobody promises an order between two programs. What Cargo itself says is not part of it.
//!
//! **A program stays** when it says `listening on` and is a server, or when its terminal goes on further down.
//! The lines below it must have come before the next step is taken. It ends at `^C`, when another command is typed in
//! its terminal, or with the chapter (both of these press Ctrl-C), and then everything it printed must stand below one
//! of its steps: a line too many is an error. Let a server's first lines end with `[...]` if its log is of no interest.
//! Any other program is waited for; its stdin ends behind its last typed line.
//!
//! **Terminals** keep their own working folder for the whole chapter: an empty one at the start, gone at the end.
//! Known commands, and no others: `cargo run -p lessonNN [--quiet] [-- ARGUMENTS]`, `python3 lessons/FOLDER/python/FILE
//! [ARGUMENTS]` with a file of the chapter's folder, and, done by the runner itself, `mkdir NAME`, `ls [-1] [FOLDER]`, `cat NAME`,
//! `cp FROM TO`, `printf 'TEXT' > NAME`, `head -c BYTES /dev/zero > NAME`. `printf 'a\nb\n' | cargo run ...` is a
//! program's stdin, and so is `cat lessons/CHAPTER/FILE | cargo run ...`. Names are relative and stay in the terminal's folder. There is no shell: no variable, no `&&`, no
//! pattern. A server that is written to (`put`) gets a folder of its own (`mkdir share`, `--dir share`).
//!
//! **Ports** are free ones, and the book's port is shown for them, in arguments and in all output: write 8080 as a reader
//! will see it. A client without `--addr` finds the server of its default port; where none runs, it is refused. The
//! port of a client is different each time: `127.0.0.1:[..]`.
//!
//! **A block with `python3`** is skipped, with a line that says so, where there is none; so it starts and stops what it
//! needs. A Python server is one if its block says `listening on`; it is given the port as an argument.
//!
//! `UPDATE_SESSIONS=1 cargo test -p tests sessions` runs the commands and writes what came into the chapters. Lines that
//! still match stay as they are, `[..]` and all. So a new session is written as commands and typed lines alone; then
//! read what came, and put `[..]` where it varies. A printed line that would be taken for one of the marks above is
//! written with `[..]` for its first character.
//!
//! | file | knows |
//! |---|---|
//! | `chapter.rs` | Markdown to steps |
//! | `lines.rs` | expected lines and those that came: do they fit, and how are they merged |
//! | `words.rs` | the words of a command |
//! | `files.rs` | the commands that the runner does itself |
//! | `ports.rs` | the book's ports and the real ones |
//! | `stage.rs` | the steps carried out |

mod chapter;
mod files;
mod lines;
mod ports;
mod stage;
mod words;

use std::path::{Path, PathBuf};

/// What a chapter's sessions gave.
#[derive(Debug)]
pub struct Played {
    /// The chapter with what came; unchanged unless an update was asked for.
    pub text: String,
    /// What did not come as expected, each with its line: `12: client$ ...`.
    pub problems: Vec<String>,
}

/// Carries out the sessions of a chapter whose text is `text` and whose folder is `folder`.
///
/// `program` finds the program of a package (`lesson05`).
pub fn play(text: &str, folder: &Path, program: &dyn Fn(&str) -> PathBuf, update: bool) -> Played {
    match chapter::steps(text) {
        Err(problems) => Played {
            text: text.to_owned(),
            problems,
        },
        Ok(steps) => match stage::Stage::new(folder, program, update) {
            Err(error) => Played {
                text: text.to_owned(),
                problems: vec![format!("no scratch folder: {error}")],
            },
            Ok(mut stage) => {
                let parts = stage.play(&steps);
                Played {
                    text: chapter::with_lines(text, &steps, parts),
                    problems: stage.into_problems(),
                }
            }
        },
    }
}
