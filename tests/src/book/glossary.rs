//! The glossary, and that a chapter links each of its hard words where the reader meets it first.
//!
//! An entry is a heading `### term` and below it the Chinese term and a sentence or two. The comment `<!-- everyday -->`
//! below the heading says that chapters need not link this word. A chapter is a lesson's `README.md` that has a `more.md`
//! beside it. Code, headings, HTML, the texts of pictures and of other links are no uses; nor is a word with a hyphen on it,
//! or a shorter term inside a longer one.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{headings, line_of, options, words};
use crate::tree::Tree;

const GLOSSARY: &str = "lessons/glossary.md";
const EVERYDAY: &str = "<!-- everyday -->";

struct Entry<'a> {
    line: usize,
    term: &'a str,
    text: String,
    everyday: bool,
}

pub(super) fn problems(tree: &Tree) -> Vec<String> {
    let entries = entries(tree.text(GLOSSARY).unwrap_or_default());
    let mut problems = judge(&entries);
    for (chapter, text, _) in words::split_chapters(tree) {
        let unlinked = unlinked(&entries, text).into_iter();
        problems.extend(unlinked.map(|(line, term)| {
            let id = headings::id_of(term);
            format!(
                "{chapter}:{line}: the first use of \"{term}\" is no link to ../glossary.md#{id}"
            )
        }));
    }
    problems
}

fn entries(text: &str) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if let Some(term) = line.strip_prefix("### ") {
            entries.push(Entry {
                line: number,
                term,
                text: String::new(),
                everyday: false,
            });
        } else if let Some(entry) = entries.last_mut() {
            match line {
                EVERYDAY => entry.everyday = true,
                line => entry.text += line,
            }
        }
    }
    entries
}

/// What is wrong in the glossary itself.
fn judge(entries: &[Entry<'_>]) -> Vec<String> {
    let mut problems = Vec::new();
    let mut before = String::new();
    for Entry {
        line, term, text, ..
    } in entries
    {
        let lower = term.to_lowercase();
        if lower <= before {
            problems.push(format!(
                "{GLOSSARY}:{line}: \"{term}\" is not in its alphabetical place"
            ));
        }
        before = lower;
        let chinese = text
            .strip_prefix("**")
            .and_then(|rest| rest.split_once("**"));
        match chinese {
            Some((chinese, rest)) if chinese.contains(is_chinese) => {
                if rest.trim().is_empty() {
                    problems.push(format!("{GLOSSARY}:{line}: \"{term}\" is not explained"));
                }
            }
            _ => problems.push(format!(
                "{GLOSSARY}:{line}: \"{term}\" does not begin with its **Chinese term**"
            )),
        }
    }
    problems
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{4e00}'..='\u{9fff}')
}

/// The first uses that no link to the entry precedes, with their lines.
fn unlinked<'a>(entries: &[Entry<'a>], markdown: &str) -> Vec<(usize, &'a str)> {
    let mut wanted: Vec<&str> = (entries.iter().filter(|entry| !entry.everyday))
        .map(|entry| entry.term)
        .collect();
    // Longer terms first: they hide the shorter ones inside them.
    wanted.sort_by_key(|term| std::cmp::Reverse(term.len()));
    let mut settled: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for piece in pieces(markdown) {
        let text = match piece {
            Piece::Link(target) => {
                let id = target.strip_prefix("../glossary.md#").unwrap_or_default();
                settled.extend(wanted.iter().filter(|term| headings::id_of(term) == id));
                continue;
            }
            Piece::Text(text) => text,
        };
        let lower = text.words.to_lowercase();
        let mut taken: Vec<Range<usize>> = Vec::new();
        for term in &wanted {
            for range in uses(&lower, &term.to_lowercase()) {
                if taken.iter().any(|other| other.contains(&range.start)) {
                    continue;
                }
                taken.push(range);
                if !settled.contains(term) {
                    settled.push(term);
                    found.push((text.line, *term));
                }
            }
        }
    }
    found.sort_unstable();
    found
}

/// Where `term`, or its plural, stands as a word of its own.
fn uses(text: &str, term: &str) -> Vec<Range<usize>> {
    let in_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let matches = text.match_indices(term).filter_map(|(at, _)| {
        let (before, after) = (text.get(..at)?, text.get(at + term.len()..)?);
        let after = ["es", "s"]
            .iter()
            .find_map(|plural| {
                after
                    .strip_prefix(plural)
                    .filter(|rest| !rest.starts_with(in_word))
            })
            .unwrap_or(after);
        (!before.ends_with(in_word) && !after.starts_with(in_word)).then(|| at..at + term.len())
    });
    matches.collect()
}

/// What a reader meets in a page, in its order.
enum Piece {
    /// A link was met.
    Link(String),
    Text(Text),
}

/// Prose between two links, inside one paragraph or cell.
struct Text {
    line: usize,
    words: String,
}

fn pieces(markdown: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text: Option<Text> = None;
    // Inside headings, code, pictures and links nothing is a use.
    let mut skipped = 0_usize;
    for (event, range) in Parser::new_ext(markdown, options()).into_offset_iter() {
        let mut words = |words: &str| {
            let line = || line_of(markdown, range.start);
            text.get_or_insert_with(|| Text {
                line: line(),
                words: String::new(),
            })
            .words
            .push_str(words);
        };
        match event {
            Event::Text(part) if skipped == 0 => words(&part),
            Event::SoftBreak | Event::HardBreak if skipped == 0 => words(" "),
            // A code span is no use, and no blank either: "`x`s" is not a word.
            Event::Code(_) if skipped == 0 => words("\u{fffc}"),
            Event::Start(Tag::Heading { .. } | Tag::CodeBlock(_) | Tag::Image { .. }) => {
                skipped += 1;
            }
            Event::End(TagEnd::Heading(_) | TagEnd::CodeBlock | TagEnd::Image) => skipped -= 1,
            Event::Start(Tag::Link { dest_url, .. }) => {
                pieces.extend(text.take().map(Piece::Text));
                pieces.push(Piece::Link(dest_url.into_string()));
                skipped += 1;
            }
            Event::End(TagEnd::Link) => skipped -= 1,
            Event::Start(Tag::Emphasis | Tag::Strong)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong) => {}
            Event::Start(_) | Event::End(_) => pieces.extend(text.take().map(Piece::Text)),
            _ => {}
        }
    }
    pieces.extend(text.map(Piece::Text));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERMS: &str = "# Glossary\n\n### frame\n**帧.** A piece.\n\n### port\n<!-- everyday -->\n**端口.** A number.\n\n### RST\n**复位.** An end.\n\n### SYN\n**同步.** A flag.\n\n### SYN queue\n**半连接队列.** A queue.\n";

    fn found(glossary: &str, chapter: &str) -> String {
        let tree = Tree::of(&[
            (GLOSSARY, glossary),
            (
                "lessons/04/README.md",
                "a frame in a chapter that was not split\n",
            ),
            ("lessons/05/README.md", chapter),
            ("lessons/05/more.md", "a frame\n"),
        ]);
        problems(&tree).join("\n")
    }

    #[test]
    fn a_first_use_that_is_no_link_is_named() {
        for chapter in [
            "text\n\na frame\n",
            "x\n\nFrames,\n",
            "\n\n> | a |\n> |---|\n",
            "text\n\n* two **frames**\n",
            "text\n\nframe's [frame](../glossary.md#frame)\n",
            "text\n\na frame [later](../glossary.md#rst)\n",
        ] {
            let wanted = "lessons/05/README.md:3: the first use of \"frame\" is no link to ../glossary.md#frame";
            let found = found(TERMS, chapter);
            let wanted = if chapter.contains('|') { "" } else { wanted };
            assert_eq!(found, wanted, "{chapter}");
        }
        assert!(found(TERMS, "| a frame |\n|---|\n").contains("README.md:1: the first use"));
    }

    #[test]
    fn one_link_settles_a_word_for_the_rest_of_the_chapter() {
        assert_eq!(
            found(
                TERMS,
                "[Frames](../glossary.md#frame) are frames.\n\nA frame.\n"
            ),
            ""
        );
        assert_eq!(found(TERMS, "[`x`](../glossary.md#frame) frame\n"), "");
    }

    #[test]
    fn code_headings_pictures_other_links_and_everyday_words_are_no_uses() {
        let chapter = "# A frame\n\n`frame` ![frame](a.svg) [a frame](x.md) port four-frame framed <b title=\"frame\">\n\n```text\nframe\n```\n<summary>frame</summary>\n";
        assert_eq!(found(TERMS, chapter), "");
    }

    #[test]
    fn a_longer_term_hides_the_shorter_one_in_it() {
        let chapter = "the [SYN queue](../glossary.md#syn-queue), SYN\nqueues\n";
        assert_eq!(found(TERMS, chapter), "");
        let found = found(TERMS, &format!("{chapter}\na SYN\n"));
        assert!(found.contains(":4: the first use of \"SYN\""), "{found}");
    }

    #[test]
    fn an_entry_without_its_chinese_term_or_its_text_or_out_of_place_is_named() {
        let cases = [
            (
                "**帧.**",
                "帧",
                "\"frame\" does not begin with its **Chinese term**",
            ),
            (
                "**帧.**",
                "**x**",
                "\"frame\" does not begin with its **Chinese term**",
            ),
            (" A flag.", "", "glossary.md:13: \"SYN\" is not explained"),
            (
                "### frame",
                "### zframe",
                "\"port\" is not in its alphabetical place",
            ),
            (
                "### RST",
                "### port",
                "\"port\" is not in its alphabetical place",
            ),
        ];
        assert_eq!(found(TERMS, ""), "");
        for (old, new, wanted) in cases {
            let found = found(&TERMS.replace(old, new), "");
            assert!(found.contains(wanted), "{new}: {found}");
        }
    }
}
