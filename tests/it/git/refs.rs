//! Branches and tags, read in one process.

use super::yard::{FIRST, Yard, branch, git, run, tag};
use gonogo::git::Refs;
use gonogo::release::ids::RefName;

#[test]
fn an_empty_repository_has_no_refs() {
    assert_eq!(Yard::new().refs(), Refs::default());
}

#[test]
fn the_branch_of_the_remote_goes_before_the_local_one() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    yard.git(&["branch", "release-1"]);
    yard.with_origin();
    yard.git(&["remote", "set-head", "origin", "main"]);
    let two = yard.commit("a", "2", "two \u{4f60}\u{597d}");
    yard.git(&["branch", "only-here"]);
    let refs = yard.refs();
    assert_eq!(refs.default_branch, Some(branch("main")));
    assert_eq!(refs.branches.len(), 3);
    let main = &refs.branches[&branch("main")];
    assert_eq!((main.tip, main.local), (one, Some(two)));
    assert_eq!(main.reference.as_str(), "refs/remotes/origin/main");
    assert_eq!(main.checked_out, Some(yard.path().canonicalize().unwrap()));
    let local = &refs.branches[&branch("only-here")];
    assert!(local.is_only_local() && !main.is_only_local());
    assert_eq!((local.tip, local.subject.raw()), (two, "two \u{4f60}\u{597d}"));
    assert_eq!(local.committed.timestamp(), FIRST + 60);
    assert_eq!(refs.branches[&branch("release-1")].checked_out, None);
}

#[test]
fn a_remote_branch_named_as_a_local_one_elsewhere_stays_apart() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    yard.with_origin();
    yard.git(&["update-ref", "refs/remotes/other/release-9", &one.to_string()]);
    yard.git(&["update-ref", "refs/remotes/originals/release-8", &one.to_string()]);
    assert_eq!(yard.refs().branches.len(), 1, "other remotes are not read");
}

#[test]
fn tags_are_peeled_to_their_commits() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    yard.git(&["tag", "light"]);
    yard.git(&["tag", "-a", "-m", "first", "v1.0.0"]);
    yard.tick();
    yard.git(&["tag", "-a", "-m", "of a tag", "nested", "v1.0.0"]);
    yard.git(&["tag", "-a", "-m", "deeper", "deep", "nested"]);
    yard.git(&["tag", "of-a-file", "HEAD:a"]);
    yard.git(&["tag", "-a", "-m", "x", "annotated-file", "HEAD:a"]);
    let refs = yard.refs();
    let names: Vec<_> = refs.tags.keys().map(|name| name.as_str()).collect();
    assert_eq!(names, ["deep", "light", "nested", "v1.0.0"]);
    assert!(refs.tags.values().all(|it| it.commit == one));
    assert_eq!(refs.tags[&tag("light")].annotation, None);
    assert_eq!(refs.tags[&tag("light")].tagged.timestamp(), FIRST);
    let v1 = &refs.tags[&tag("v1.0.0")];
    assert_eq!(v1.annotation.unwrap().to_string(), yard.git(&["rev-parse", "v1.0.0"]));
    assert_eq!(v1.tagged.timestamp(), FIRST + 60);
    let mut left: Vec<_> = refs.left_out.iter().map(|(name, _)| name.raw()).collect();
    left.sort_unstable();
    assert_eq!(left, ["refs/tags/annotated-file", "refs/tags/of-a-file"]);
}

#[test]
fn the_tip_of_one_full_name() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one");
    yard.git(&["update-ref", "refs/heads/x/refs/heads/main", &one.to_string()]);
    yard.git(&["tag", "-a", "-m", "m", "v1"]);
    let tip = |name: &str| run(git().tip_of(&yard.at(), &RefName::parse(name).unwrap())).unwrap();
    assert_eq!(tip("refs/heads/main"), Some(one));
    assert_eq!(tip("refs/heads/x"), None, "a folder of refs is no ref");
    assert_eq!(tip("refs/heads/none"), None);
    assert_eq!(tip("refs/tags/v1"), Some(one), "peeled");
}
