//! Python, where there is one: the other half of "the same bytes".

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use common::log;

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
    static MISSING: OnceLock<Option<String>> = OnceLock::new();
    let missing = MISSING.get_or_init(|| {
        let version = Command::new("python3")
            .arg("--version")
            .stdin(Stdio::null())
            .output();
        match version {
            Ok(said) if said.status.success() => None,
            Ok(said) => Some(format!("python3: {}", said.status)),
            Err(error) => Some(format!("python3: {error}")),
        }
    });
    if let Some(missing) = missing {
        log(format_args!("skipped: {who} needs Python: {missing}"));
    }
    missing.is_none()
}
