//! The ids of a page: those that mdBook 0.5.4 makes from headings, and those that stand in the source.
//!
//! mdBook takes a heading's text (code spans too, tags not), in lower case; letters, digits, `_` and `-` stay, white
//! space becomes `-`, everything else goes. An id that another heading was given already gets `-1`, `-2` and so on.
//! `# Heading {#id}` has that id and no other. Terms of a definition list get ids like headings.

use std::collections::BTreeSet;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

/// All ids of the page that `markdown` becomes.
pub fn ids(markdown: &str) -> BTreeSet<String> {
    let mut written = BTreeSet::new();
    let mut made = BTreeSet::new();
    let mut heading: Option<String> = None;
    for event in Parser::new_ext(markdown, super::options()) {
        match event {
            Event::Start(Tag::Heading { id: Some(id), .. }) => {
                written.insert(id.into_string());
            }
            Event::Start(Tag::Heading { id: None, .. } | Tag::DefinitionListTitle) => {
                heading = Some(String::new())
            }
            Event::End(TagEnd::Heading(_) | TagEnd::DefinitionListTitle) => {
                if let Some(text) = heading.take() {
                    insert_unique(&id_of(&text), &mut made);
                }
            }
            Event::Text(text) | Event::Code(text) => heading
                .iter_mut()
                .for_each(|heading| heading.push_str(&text)),
            Event::SoftBreak => heading.iter_mut().for_each(|heading| heading.push('\n')),
            Event::Html(html) | Event::InlineHtml(html) => {
                written.extend(attributes(&html, "id").into_iter().map(str::to_owned));
            }
            _ => {}
        }
    }
    written.append(&mut made);
    written
}

/// The id that mdBook makes from a heading's text.
pub(super) fn id_of(heading: &str) -> String {
    let keep = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' || c == '-' => Some(c),
        c if c.is_whitespace() => Some('-'),
        _ => None,
    };
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter_map(keep)
        .collect()
}

fn insert_unique(id: &str, made: &mut BTreeSet<String>) {
    let numbered = (1..).map(|number| format!("{id}-{number}"));
    for id in std::iter::once(id.to_owned()).chain(numbered) {
        if made.insert(id) {
            return;
        }
    }
}

/// The values of an attribute in a piece of HTML, in double quotes as we write them.
pub(super) fn attributes<'a>(html: &'a str, name: &str) -> Vec<&'a str> {
    let start = format!(" {name}=\"");
    html.match_indices(&start)
        .filter_map(|(at, _)| html.get(at + start.len()..)?.split('"').next())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_ids(markdown: &str, expected: &[&str]) {
        let expected: BTreeSet<String> = expected.iter().map(|&id| id.to_owned()).collect();
        assert_eq!(ids(markdown), expected, "{markdown}");
    }

    #[test]
    fn a_heading_becomes_lower_case_words_with_hyphens() {
        assert_ids("# Run it", &["run-it"]);
        assert_ids(
            "## What's `read_exact`, *really*?",
            &["whats-read_exact-really"],
        );
        assert_ids("## 粘包 is a Word", &["粘包-is-a-word"]);
        assert_ids("## a & b", &["a--b"]);
        assert_ids("Two lines\nof heading\n===", &["two-lines-of-heading"]);
    }

    #[test]
    fn the_second_of_a_name_is_numbered() {
        assert_ids(
            "# Same\n\n# Same\n\n# Same 1\n\n# Same",
            &["same", "same-1", "same-1-1", "same-2"],
        );
    }

    #[test]
    fn an_id_in_the_source_replaces_the_one_made() {
        assert_ids("# The rule {#rule}", &["rule"]);
    }

    #[test]
    fn html_has_ids_too() {
        assert_ids(
            "<a id=\"here\"></a>\n\ntext <b id=\"there\">x</b>",
            &["here", "there"],
        );
    }

    #[test]
    fn a_line_in_a_fence_is_no_heading() {
        assert_ids("```text\n# not\n```\n", &[]);
    }
}
