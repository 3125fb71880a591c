//! Exercise 00.2, a solution: ask the encodings themselves. What GBK cannot say has no length there: `-`.
#![forbid(unsafe_code)]

use std::io::{self, Write};

fn main() -> io::Result<()> {
    for line in io::stdin().lines() {
        let text = line?;
        let gbk =
            lesson00::gbk(&text).map_or_else(|| "-".to_owned(), |bytes| bytes.len().to_string());
        writeln!(io::stdout(), "{} {gbk}", text.len())?;
    }
    Ok(())
}
