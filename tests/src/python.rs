//! Python, where there is one: the other half of "the same bytes".

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use common::log;

use crate::programs::workspace;

/// `python3 tests/python/SCRIPT`, unbuffered and in UTF-8.
///
/// `None`, and a line that says so, on a machine without Python 3: the test that asked is skipped.
pub fn python(script: &str) -> Option<Command> {
    static MISSING: OnceLock<Option<String>> = OnceLock::new();
    let missing = MISSING.get_or_init(|| {
        let version = Command::new("python3").arg("--version").stdin(Stdio::null()).output();
        match version {
            Ok(said) if said.status.success() => None,
            Ok(said) => Some(format!("python3: {}", said.status)),
            Err(error) => Some(format!("python3: {error}")),
        }
    });
    if let Some(missing) = missing {
        log(format_args!("skipped: {script} needs Python: {missing}"));
        return None;
    }
    let mut command = Command::new("python3");
    command.arg("-u").arg(workspace().join("tests/python").join(script));
    command.env("PYTHONUTF8", "1").env("PYTHONDONTWRITEBYTECODE", "1");
    Some(command)
}
