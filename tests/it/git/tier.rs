//! Versions of git and what follows from them.

use super::yard;
use gonogo::git::{Git, GitError, Tier};
use gonogo::spawn::Program;

#[test]
fn versions_as_vendors_write_them() {
    for (line, version) in [
        ("git version 2.47.3\n", (2, 47, 3)),
        ("git version 2.39.5 (Apple Git-154)", (2, 39, 5)),
        ("git version 2.45.1.windows.1", (2, 45, 1)),
        ("git version 2.50.0-rc1", (2, 50, 0)),
        ("git version 3.0", (3, 0, 0)),
    ] {
        assert_eq!(Tier::parse(line).unwrap().version, version, "{line}");
    }
    for line in ["", "git", "git version", "git version x.y", "hg version 2.1"] {
        assert_eq!(Tier::parse(line), None, "{line}");
    }
}

#[test]
fn each_ability_starts_at_its_version() {
    let able = |minor| {
        let tier = Tier::of((2, minor, 0));
        (tier.merge_tree, tier.for_each_ref_ahead_behind, tier.attr_source, tier.stdin_merge_tree)
    };
    assert_eq!(able(37), (false, false, false, false));
    assert_eq!(able(38), (true, false, false, false));
    assert_eq!(able(41), (true, true, true, false));
    assert_eq!(able(48), (true, true, true, false));
    assert_eq!(able(49), (true, true, true, true));
    assert!(Tier::of((3, 0, 0)).stdin_merge_tree);
}

#[test]
fn the_installed_git_says_its_version() {
    let git = yard::git();
    assert!(git.tier().version > (2, 0, 0));
    assert!(git.program().path().is_absolute());
}

#[test]
fn what_is_no_git_is_refused() {
    let not_git = Program::find("echo").unwrap();
    let error = yard::run(Git::at(not_git)).unwrap_err();
    assert!(matches!(error, GitError::Unreadable { .. }), "{error}");
    let yard = yard::Yard::new();
    let old = yard.script("old-git", "echo git version 2.17.1");
    let error = yard::run(Git::at(Program::find(&old).unwrap())).unwrap_err();
    assert_eq!(error.to_string(), "git 2.17.1 is too old: install git 2.38 or later");
    assert!(GitError::Missing.to_string().contains("install git"));
}
