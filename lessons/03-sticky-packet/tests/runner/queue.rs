//! Sixteen at once; the next waits, and leaves when nobody waits for it.

use std::fs::OpenOptions;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use lesson03::{Rules, Runner};

use super::{PATIENCE, STILL_THERE, stdout, within};

#[test]
fn the_seventeenth_waits_and_its_time_starts_when_it_starts() {
    let folder = tempfile::tempdir().unwrap();
    let (started, release) = (folder.path().join("started"), folder.path().join("release"));
    assert!(
        Command::new("mkfifo")
            .args([&started, &release])
            .status()
            .unwrap()
            .success()
    );
    let runner = Runner::new(Rules::Shell);
    let holding = format!(
        "echo started > {}; read line < {}",
        started.display(),
        release.display()
    );
    // Open both ways, so that neither end ever waits for the other to open.
    let open = |path: &Path| {
        OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .unwrap()
    };
    let mut says = BufReader::new(open(&started));
    let mut releases = open(&release);
    thread::scope(|scope| {
        for _ in 0..16 {
            let (runner, holding) = (runner.clone(), &holding);
            scope.spawn(move || assert_eq!(runner.run(holding.as_bytes(), STILL_THERE).status, 0));
        }
        for _ in 0..16 {
            says.read_line(&mut String::new()).unwrap();
        }
        let (sender, answers) = mpsc::channel();
        let (asked, first_question) = mpsc::channel();
        let late = runner.clone().with_limits(within(1_000));
        scope.spawn(move || {
            let gone = || {
                let _ = asked.send(());
                false
            };
            sender.send(late.run(b"echo seventeenth", &gone)).unwrap();
        });
        first_question.recv().unwrap(); // it waits, and is asked whether it still wants to
        let impatient = runner.run(b"echo eighteenth", &|| true);
        assert_eq!(stdout(&impatient), "", "left the queue without running");
        // Longer than its own time limit.
        assert!(
            answers.recv_timeout(Duration::from_millis(1_300)).is_err(),
            "17 at once"
        );
        releases.write_all(b"\n").unwrap();
        let answer = answers.recv_timeout(PATIENCE).unwrap();
        assert_eq!(
            (answer.status, stdout(&answer).as_str()),
            (0, "seventeenth\n")
        );
        releases.write_all(&[b'\n'; 15]).unwrap();
    });
}
