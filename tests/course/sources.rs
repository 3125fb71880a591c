//! Rules on the source that no compiler checks, over the whole repository.

use tests::sources::{EXCEPTIONS, problems};
use tests::tree::Tree;

#[test]
fn the_sources_keep_the_rules() {
    let problems = problems(&Tree::of_the_workspace().unwrap(), EXCEPTIONS);
    assert!(
        problems.is_empty(),
        "{}\n(exceptions, with their reasons: tests/src/sources.rs)",
        problems.join("\n")
    );
}

#[test]
fn no_exception_is_left_over() {
    let tree = Tree::of_the_workspace().unwrap();
    for exception @ (start, part, _) in EXCEPTIONS {
        let mut texts = tree
            .texts(".rs")
            .filter(|(path, _)| path.starts_with(start));
        assert!(
            texts.any(|(path, text)| {
                text.contains(part) && (*start == path || path != "tests/src/sources.rs")
            }),
            "{exception:?}"
        );
    }
}
