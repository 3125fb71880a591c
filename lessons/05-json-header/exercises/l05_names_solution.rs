//! Exercise 05.3, a solution: which names may a stranger give to a file?
//!
//! What the start forgets: `/etc/passwd`, `a/../../b`, `..` alone, a backslash (a separator elsewhere), control characters,
//! a name too long for any file system, and that a line need not be UTF-8: `lines()` ends with an error there.
#![forbid(unsafe_code)]

use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    for line in io::stdin().lock().split(b'\n') {
        let answer = if is_file_name(&line?) {
            "ok"
        } else {
            "refused"
        };
        writeln!(io::stdout(), "{answer}")?;
    }
    Ok(())
}

/// One component: 1 to 255 bytes of UTF-8, no separator, no control character, and not the folder or its parent.
fn is_file_name(name: &[u8]) -> bool {
    let Ok(name) = std::str::from_utf8(name) else {
        return false;
    };
    (1..=255).contains(&name.len())
        && !name.contains(['/', '\\'])
        && !name.contains(char::is_control)
        && name != "."
        && name != ".."
}
