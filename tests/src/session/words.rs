//! The words of a command. There is no shell here: whatever a shell would expand or obey is refused, so that nobody
//! writes a session that reads well and does something else.

/// A command line: the program and its arguments, `> FILE` behind it, `printf TEXT |` in front of it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) words: Vec<String>,
    /// The file behind `>`.
    pub(super) into: Option<String>,
    /// The command in front of `|`.
    pub(super) piped: Option<Vec<String>>,
}

enum Word {
    Text(String),
    Into,
    Pipe,
}

/// Splits a command line.
///
/// # Errors
/// What only a shell could do.
pub(super) fn split(line: &str) -> Result<Words, String> {
    let mut all = Words {
        words: Vec::new(),
        into: None,
        piped: None,
    };
    let mut words = scan(line)?.into_iter();
    while let Some(word) = words.next() {
        match word {
            Word::Text(text) => all.words.push(text),
            Word::Pipe if all.piped.is_none() => all.piped = Some(std::mem::take(&mut all.words)),
            Word::Into => match (words.next(), words.next()) {
                (Some(Word::Text(file)), None) => all.into = Some(file),
                _ => return Err("behind `>` stands one file, at the end".into()),
            },
            Word::Pipe => return Err("more than one `|`".into()),
        }
    }
    if all.words.is_empty() {
        Err("no command".into())
    } else {
        Ok(all)
    }
}

fn scan(line: &str) -> Result<Vec<Word>, String> {
    let mut words = Vec::new();
    let mut rest = line.trim_start();
    while let Some(first) = rest.chars().next() {
        if let Some(behind) = rest.strip_prefix(['>', '|']) {
            words.push(if first == '>' { Word::Into } else { Word::Pipe });
            rest = behind.trim_start();
            continue;
        }
        let mut word = String::new();
        loop {
            rest = match rest.chars().next() {
                None | Some(' ') => break,
                Some(quote @ ('\'' | '"')) => {
                    let inside = rest.get(1..).unwrap_or_default();
                    let (text, behind) = inside
                        .split_once(quote)
                        .ok_or(format!("{quote} without its end"))?;
                    if quote == '"' && text.contains(['$', '`', '\\']) {
                        return Err(format!(
                            "\"{text}\": a shell would change it; use single quotes"
                        ));
                    }
                    word.push_str(text);
                    behind
                }
                Some(c) if ";&<>|`$*?()[]#~!\\".contains(c) => {
                    return Err(format!("`{c}` is for a shell; quote it"));
                }
                Some(c) => {
                    word.push(c);
                    rest.get(c.len_utf8()..).unwrap_or_default()
                }
            };
        }
        words.push(Word::Text(word));
        rest = rest.trim_start();
    }
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(list: &[&str]) -> Vec<String> {
        list.iter().map(|&word| word.to_owned()).collect()
    }

    #[test]
    fn words_are_split_at_blanks_and_kept_together_by_quotes() {
        let line = split("a  'b  c'd \"e f\" '' 粘包 --x=1").unwrap();
        assert_eq!(
            line.words,
            words(&["a", "b  cd", "e f", "", "粘包", "--x=1"])
        );
        assert_eq!((line.into, line.piped), (None, None));
    }

    #[test]
    fn one_pipe_and_one_file_are_understood() {
        let line = split("printf 'a|>b' > out.txt").unwrap();
        assert_eq!(
            (line.words, line.into.as_deref()),
            (words(&["printf", "a|>b"]), Some("out.txt"))
        );
        let line = split("printf a | cargo run").unwrap();
        assert_eq!(
            (line.piped, line.words),
            (Some(words(&["printf", "a"])), words(&["cargo", "run"]))
        );
    }

    #[test]
    fn what_only_a_shell_can_do_is_refused() {
        for line in [
            "a; b",
            "a && b",
            "a $HOME",
            "a \"$HOME\"",
            "a *",
            "a `b`",
            "a < b",
            "a 2>b",
            "a > b c",
            "a >",
            "a | b | c",
            "'a",
            "",
            "a |",
        ] {
            assert!(split(line).is_err(), "{line}");
        }
    }
}
