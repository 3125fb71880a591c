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
    for exception in EXCEPTIONS {
        let mut there = tree
            .paths()
            .filter(|path| path.starts_with(exception.path) && *path != "tests/src/sources.rs");
        let used = there.any(|path| {
            tree.text(path)
                .is_some_and(|text| text.contains(exception.line))
        });
        assert!(
            used || exception.path == "tests/src/sources.rs",
            "{exception:?}"
        );
    }
}
