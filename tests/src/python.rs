//! Python, where there is one: the other half of "the same bytes".

use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::programs::workspace;

/// `python3 tests/python/SCRIPT`, unbuffered and in UTF-8.
///
/// `None`, and a line that says so, on a machine without Python 3: the test that asked is skipped.
pub fn python(name: &str) -> Option<Command> {
    script(&workspace().join("tests/python").join(name))
}

/// `python3 SCRIPT` for a script anywhere; otherwise as [`python`].
pub fn script(path: &Path) -> Option<Command> {
    if !is_there(&path.file_name().unwrap_or_default().to_string_lossy()) {
        return None;
    }
    let mut command = Command::new("python3");
    command.arg("-u").arg(path);
    command
        .env("PYTHONUTF8", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    Some(command)
}

/// Whether there is a Python 3; if not, a line says that `who` needed it.
pub fn is_there(who: &str) -> bool {
    static THERE: OnceLock<bool> = OnceLock::new();
    let there = *THERE.get_or_init(|| {
        let version = Command::new("python3")
            .arg("--version")
            .stdin(Stdio::null())
            .output();
        version.is_ok_and(|version| version.status.success())
    });
    if !there {
        // Not `eprintln!`: cargo keeps to itself what a test that passes prints with it.
        let _ = writeln!(
            io::stderr(),
            "skipped: {who} needs python3, which does not run here"
        );
    }
    there
}
