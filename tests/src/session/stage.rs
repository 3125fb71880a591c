//! The steps of a chapter carried out, one after the other, each in its terminal.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::chapter::{Line, Step, printed};
use super::files;
use super::lines::{Fit, fit, merge, tell};
use super::ports::{Ports, is_server, port_of, without_client_ports};
use super::words::{self, Words};
use crate::deadline::PATIENCE;
use crate::programs::{Running, example};
use crate::python;

/// In an update nobody knows what must come. What comes until it was quiet for so long belongs to the step.
const QUIET: Duration = Duration::from_millis(500);

/// Where the sessions of one chapter are played.
pub(super) struct Stage<'a> {
    chapter: &'a Path,
    program: &'a dyn Fn(&str) -> PathBuf,
    update: bool,
    scratch: TempDir,
    ports: Ports,
    players: BTreeMap<String, Player>,
    problems: Vec<String>,
    parts: Vec<Option<Vec<String>>>,
}

/// A program in its terminal.
struct Player {
    running: Running,
    /// Where it was started, for a problem's text.
    title: String,
    /// The book's port, of a server.
    port: Option<u16>,
    serves: bool,
    interrupted: bool,
    /// All that was expected of it up to now.
    expected: Vec<String>,
    /// How many of its lines were written below a step, in an update.
    written: usize,
    /// Its latest step.
    step: usize,
}

/// The name of a file of the chapter's folder, which a reader types from the repository's: `lessons/FOLDER/FILE`.
fn in_folder<'f>(chapter: &Path, file: &'f str) -> &'f str {
    let folder = chapter.file_name().unwrap_or_default().to_string_lossy();
    let inside = file.strip_prefix("lessons/");
    let inside = inside.and_then(|path| path.strip_prefix(&*folder)?.strip_prefix('/'));
    inside.unwrap_or(file)
}

impl<'a> Stage<'a> {
    pub(super) fn new(
        chapter: &'a Path,
        program: &'a dyn Fn(&str) -> PathBuf,
        update: bool,
    ) -> io::Result<Self> {
        Ok(Self {
            chapter,
            program,
            update,
            scratch: tempfile::tempdir()?,
            ports: Ports::default(),
            players: BTreeMap::new(),
            problems: Vec::new(),
            parts: Vec::new(),
        })
    }

    /// Carries out all steps; gives the lines that belong below each, where an update may have changed them.
    pub(super) fn play(&mut self, steps: &[Step]) -> Vec<Option<Vec<String>>> {
        self.parts = vec![None; steps.len()];
        let skipped = blocks_without_python(steps);
        for (number, step) in steps
            .iter()
            .enumerate()
            .filter(|(_, step)| !skipped.contains(&step.block))
        {
            let later = steps
                .iter()
                .skip(number + 1)
                .find(|later| later.terminal == step.terminal);
            let goes_on = later.is_some_and(|later| later.command.is_none());
            if let Err(why) = self.step(number, step, goes_on) {
                self.problems.push(format!("{}: {why}", title(step)));
            }
        }
        while let Some((_, player)) = self.players.pop_first() {
            self.stop(player);
        }
        std::mem::take(&mut self.parts)
    }

    pub(super) fn into_problems(self) -> Vec<String> {
        self.problems
    }

    fn step(&mut self, number: usize, step: &Step, goes_on: bool) -> Result<(), String> {
        let before = self.players.remove(&step.terminal);
        let mut player = match (&step.command, before) {
            (None, None) => return Err("no program runs in this terminal".into()),
            (None, Some(player)) => player,
            (Some(command), before) => {
                if let Some(before) = before {
                    self.stop(before);
                }
                match self.begin(number, step, command)? {
                    Some(player) => player,
                    None => return Ok(()),
                }
            }
        };
        player.step = number;
        let stays = self.go_on(step, &mut player, goes_on);
        if stays == Ok(true) {
            self.players.insert(step.terminal.clone(), player);
        } else {
            self.forget(&player);
        }
        stays.map(drop)
    }

    /// Starts a program, or does a command that is the runner's own.
    fn begin(
        &mut self,
        number: usize,
        step: &Step,
        command: &str,
    ) -> Result<Option<Player>, String> {
        let folder = self.scratch.path().join(if step.terminal.is_empty() {
            "-"
        } else {
            &step.terminal
        });
        fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
        let words = words::split(command)?;
        match words.words.first().map(String::as_str) {
            Some("cargo" | "python3") => self.start(step, &words, &folder).map(Some),
            Some(name) if files::knows(name) && words.piped.is_none() => {
                let came = lines(
                    &String::from_utf8_lossy(&files::run(&words, &folder)?),
                    true,
                );
                let mut group = Vec::new();
                for line in &step.lines {
                    match line {
                        Line::Printed(text) => group.push(text.clone()),
                        _ => return Err("below this command stand printed lines only".into()),
                    }
                }
                if self.update {
                    self.put(number, merge(&group, &came, printed));
                    return Ok(None);
                }
                if fit(&group, &came) == Fit::Whole {
                    Ok(None)
                } else {
                    Err(tell(&group, &came))
                }
            }
            _ => Err("this command is not known here".into()),
        }
    }

    /// What `cat lessons/CHAPTER/FILE` prints.
    fn file_of_chapter(&self, file: &str) -> Result<Vec<u8>, String> {
        let name = in_folder(self.chapter, file);
        if name == file || name.split('/').any(|part| part == "..") {
            return Err(format!("{file} is no file of this chapter"));
        }
        fs::read(self.chapter.join(name)).map_err(|error| format!("{file}: {error}"))
    }

    /// Starts a program in `folder` and, if it is a server, waits until it says so.
    fn start(&mut self, step: &Step, words: &Words, folder: &Path) -> Result<Player, String> {
        if words.into.is_some() {
            return Err("`>` is only for printf and head".into());
        }
        let listening = step.lines.iter().find_map(|line| match line {
            Line::Printed(text) => port_of(text.strip_prefix("listening on ")?),
            _ => None,
        });
        let (mut command, port, server) = match words.words.as_slice() {
            // A plain program: its only argument is the address, 127.0.0.1:8080 if none is given.
            [cargo, run, p, lesson, flag, name]
                if [cargo, run, p, flag] == ["cargo", "run", "-p", "--example"]
                    && lesson.starts_with("lesson") =>
            {
                let addr = self.ports.plain_address(listening);
                let mut command = Command::new(example(name));
                command.arg(addr.map_err(|error| error.to_string())?);
                (command, listening, listening.is_some())
            }
            [cargo, run, rest @ ..] if cargo == "cargo" && run == "run" => {
                let (lesson, args) =
                    lesson(rest).ok_or("write: cargo run -p lessonNN [--quiet] [-- ARGUMENTS]")?;
                let (args, port) = self
                    .ports
                    .arguments(lesson, args)
                    .map_err(|error| error.to_string())?;
                let mut command = Command::new((self.program)(lesson));
                command.args(&args);
                (
                    command,
                    port,
                    args.first().is_some_and(|scene| is_server(scene)),
                )
            }
            [python, file, rest @ ..]
                if python == "python3"
                    && in_folder(self.chapter, file)
                        .strip_prefix("python/")
                        .is_some_and(|name| !name.contains('/')) =>
            {
                let script = self.chapter.join(in_folder(self.chapter, file));
                let mut command = python::script(&script).ok_or("no python3 here")?;
                command.args(self.ports.python_arguments(rest, listening));
                (command, listening, listening.is_some())
            }
            _ => {
                return Err(
                    "write: cargo run ..., or python3 lessons/CHAPTER/python/FILE.py of this chapter"
                        .into(),
                );
            }
        };
        command.current_dir(folder);
        let mut running =
            Running::start_as_on_a_terminal(command).map_err(|error| error.to_string())?;
        match words.piped.as_deref() {
            None => {}
            Some([printf, text]) if printf == "printf" => running.feed(files::printf(text)?),
            Some([cat, file]) if cat == "cat" => running.feed(self.file_of_chapter(file)?),
            Some(_) => {
                return Err("before `|` stands printf 'TEXT', or cat lessons/CHAPTER/FILE".into());
            }
        }
        let said = if server {
            running.stdout.line(PATIENCE, "listening on ")
        } else {
            None
        };
        let port = port.filter(|_| said.is_some());
        if let (Some(book), Some(real)) = (port, said.as_deref().and_then(port_of)) {
            self.ports.opened(book, real);
        }
        Ok(Player {
            running,
            title: title(step),
            port,
            serves: said.is_some(),
            interrupted: false,
            expected: Vec::new(),
            written: 0,
            step: 0,
        })
    }

    /// Goes through the lines below a step: waits for what is printed, types, presses Ctrl-C. Gives whether the program
    /// stays; if not, it has ended.
    fn go_on(&mut self, step: &Step, player: &mut Player, goes_on: bool) -> Result<bool, String> {
        let (mut group, mut written, mut status) = (Vec::new(), Vec::new(), None);
        for line in &step.lines {
            match line {
                _ if status.is_some() => return Err("[status N] is the last line".into()),
                Line::Printed(text) => group.push(text.clone()),
                Line::Status(number) => status = Some(*number),
                Line::Typed(text) => {
                    written.extend(self.wait_for(player, std::mem::take(&mut group))?);
                    written.push(format!("> {text}").trim_end().to_owned());
                    player.running.send(format!("{text}\n").as_bytes());
                }
                Line::Interrupt { in_prompt } => {
                    written.extend(self.wait_for(player, std::mem::take(&mut group))?);
                    written.extend((!in_prompt).then(|| "^C".to_owned()));
                    player.running.interrupt();
                    player.interrupted = true;
                }
            }
        }
        if (player.serves || goes_on) && !player.interrupted && status.is_none() {
            written.extend(self.wait_for(player, group)?);
            self.put(player.step, written);
            return Ok(true);
        }
        self.end(player, group, status, written).map(|()| false)
    }

    /// Waits until what is expected has come. In an update: takes what comes, and gives it as it is to be written.
    fn wait_for(&self, player: &mut Player, group: Vec<String>) -> Result<Vec<String>, String> {
        let stdout = player.running.stdout.clone();
        if self.update {
            settle(&player.running, QUIET);
            return Ok(self.take(player, &group, &stdout.so_far(), false));
        }
        player.expected.extend(group);
        let (mut came, mut fits) = (Vec::new(), Fit::NotYet);
        stdout.wait(PATIENCE, |bytes, ended| {
            came = self.shown(bytes, ended);
            fits = fit(&player.expected, &came);
            (fits != Fit::NotYet).then_some(())
        });
        if fits >= Fit::Surplus {
            Ok(Vec::new())
        } else {
            Err(tell(&player.expected, &came))
        }
    }

    /// Waits for a program's end and judges all it printed.
    fn end(
        &mut self,
        player: &mut Player,
        group: Vec<String>,
        status: Option<i32>,
        mut written: Vec<String>,
    ) -> Result<(), String> {
        let finished = player.running.end_within(PATIENCE)?;
        let asked = player.interrupted && finished.was_interrupted();
        let ended = if asked { 0 } else { finished.code() };
        if self.update {
            written.extend(self.take(player, &group, &finished.stdout, true));
            written.extend((ended != 0).then(|| format!("[status {ended}]")));
            self.put(player.step, written);
            return Ok(());
        }
        player.expected.extend(group);
        let came = self.shown(&finished.stdout, true);
        if fit(&player.expected, &came) != Fit::Whole {
            return Err(tell(&player.expected, &came));
        }
        let status = status.unwrap_or(0);
        if status == ended {
            Ok(())
        } else {
            Err(format!("expected status {status}, it ended with {ended}"))
        }
    }

    /// Presses Ctrl-C because nothing else will end this program.
    fn stop(&mut self, mut player: Player) {
        // A line too many may be on its way still; whoever has none to write loses a moment here and nothing else.
        let quiet = if self.update { QUIET } else { QUIET / 10 };
        settle(&player.running, quiet);
        player.running.interrupt();
        player.interrupted = true;
        let written = self
            .parts
            .get_mut(player.step)
            .and_then(Option::take)
            .unwrap_or_default();
        if let Err(why) = self.end(&mut player, Vec::new(), None, written) {
            self.problems
                .push(format!("{}: at its end: {why}", player.title));
        }
        self.forget(&player);
    }

    fn forget(&mut self, player: &Player) {
        if let Some(port) = player.port {
            self.ports.closed(port);
        }
    }

    /// What came since the last time, as it is to be written where `group` stood.
    fn take(
        &self,
        player: &mut Player,
        group: &[String],
        bytes: &[u8],
        whole: bool,
    ) -> Vec<String> {
        let came = self.shown(bytes, whole);
        let new = came.get(player.written..).unwrap_or_default();
        player.written = came.len();
        merge(group, new, |line| {
            printed(&without_client_ports(line, |port| {
                self.ports.is_book_port(port)
            }))
        })
    }

    /// Output as the book shows it, in lines.
    fn shown(&self, bytes: &[u8], whole: bool) -> Vec<String> {
        lines(&self.ports.shown(&String::from_utf8_lossy(bytes)), whole)
    }

    fn put(&mut self, number: usize, written: Vec<String>) {
        if let Some(part) = self.parts.get_mut(number).filter(|_| self.update) {
            *part = Some(written);
        }
    }
}

/// Waits until a program has printed nothing for a while. One that prints for ever is not waited for.
fn settle(running: &Running, quiet: Duration) {
    let enough = Instant::now() + PATIENCE;
    while running.stdout.wait_for_more(quiet) && Instant::now() < enough {}
}

/// The lines of `text`; the last one only counts without its end if `whole`.
fn lines(text: &str, whole: bool) -> Vec<String> {
    let ended = |line: &&str| whole || line.ends_with('\n');
    let lines = text.split_inclusive('\n').filter(ended);
    lines
        .map(|line| line.strip_suffix('\n').unwrap_or(line).to_owned())
        .collect()
}

/// The lesson and the arguments in what stands behind `cargo run`.
fn lesson(words: &[String]) -> Option<(&str, &[String])> {
    let end = words.iter().position(|word| word == "--");
    let (cargo, args) = words.split_at(end.unwrap_or(words.len()));
    let mut cargo: Vec<&str> = cargo.iter().map(String::as_str).collect();
    cargo.retain(|word| !matches!(*word, "--quiet" | "-q"));
    match cargo.as_slice() {
        ["-p", lesson] if lesson.starts_with("lesson") => {
            Some((lesson, args.get(1..).unwrap_or_default()))
        }
        _ => None,
    }
}

/// A step for a problem's text.
fn title(step: &Step) -> String {
    let command = step.command.as_deref().unwrap_or("(what runs there)");
    format!("{}: {}$ {command}", step.at + 1, step.terminal)
}

/// Blocks that need Python, where there is none.
fn blocks_without_python(steps: &[Step]) -> BTreeSet<usize> {
    let needs = |step: &&Step| {
        step.command
            .as_deref()
            .is_some_and(|command| command.starts_with("python3 "))
    };
    let blocks: BTreeSet<usize> = steps.iter().filter(needs).map(|step| step.block).collect();
    if blocks.is_empty() || python::is_there("a session in a chapter") {
        BTreeSet::new()
    } else {
        blocks
    }
}
