//! Ref names against libgit2: ours are a subset, smaller by names that could be taken for options.

use gonogo::release::ids::{Branch, RefName, Tag};
use proptest::prelude::*;

/// What we refuse although git takes it: a component with a leading dash, more than 1,024 bytes.
fn narrower(full: &str) -> bool {
    full.split('/').any(|part| part.starts_with('-')) || full.len() > 1024
}

fn agree(text: &str) -> Result<(), TestCaseError> {
    let full = format!("refs/heads/{text}");
    let libgit2 = git2::Reference::is_valid_name(&full);
    prop_assert_eq!(RefName::parse(&full).is_ok(), libgit2 && !narrower(&full), "{:?}", full);
    let reserved = text == "@" || text == "HEAD";
    prop_assert_eq!(Branch::parse(text).is_ok(), libgit2 && !narrower(&full) && !reserved, "{:?}", text);
    prop_assert_eq!(Tag::parse(text).is_ok(), Branch::parse(text).is_ok());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        agree(&text)?;
    }

    #[test]
    fn text_of_the_characters_that_matter(text in "[-a./@{}~^:?*\\[\\\\ \t\x7f\x1block]{0,14}") {
        agree(&text)?;
    }

    #[test]
    fn pieces_that_matter(pieces in proptest::collection::vec(prop_oneof![
        Just("/"), Just("."), Just(".."), Just(".lock"), Just("@{"), Just("@"), Just("-"), Just("--upload-pack=x"),
        Just("a"), Just("HEAD"), Just("\u{202e}"), Just("\u{9b}"), Just("refs"), Just("lock"), Just("//"), Just("é"),
    ], 0..7)) {
        agree(&pieces.concat())?;
    }
}

#[test]
fn a_name_outside_refs_is_no_full_name() {
    for text in ["heads/main", "HEAD", "refs", "refs/", "/refs/heads/a", ""] {
        assert!(RefName::parse(text).is_err(), "{text}");
    }
}
