//! Tags pushed: as new ones, never over one that exists.

use super::super::yard::{Yard, git, oid, put_script, run, tag};
use super::{make, object, order, push, yard};
use gonogo::git::tag::tag_words;
use gonogo::git::{PushTag, RemoteTag, TagPushing, Trust, Unpushed};
use gonogo::release::ids::Oid;
use gonogo::spawn::Cancel;
use std::path::PathBuf;

/// A tag `v1` here on the first commit, and an empty remote.
fn tagged() -> (Yard, PathBuf, Oid, Oid) {
    let (yard, one) = yard();
    let bare = yard.with_origin();
    let made = object(make(&yard, &order("v1", one)));
    (yard, bare, one, made)
}

fn there(yard: &Yard) -> Option<RemoteTag> {
    let at = yard.at();
    run(git().remote_tag(&at, at.remote().unwrap(), &tag("v1"), Trust::Given, &Cancel::new())).unwrap()
}

#[test]
fn a_tag_is_pushed_once_with_its_object() {
    let (yard, bare, one, made) = tagged();
    // Another tag that follows nobody.
    yard.git(&["tag", "-a", "-m", "x", "other"]);
    yard.git(&["config", "push.followTags", "true"]);
    let words = tag_words("origin", &PushTag { tag: tag("v1"), object: made, commit: one }).join(" ");
    assert_eq!(
        words,
        format!(
            "push --porcelain --atomic --no-follow-tags --recurse-submodules=no \
             --force-with-lease=refs/tags/v1: --end-of-options origin {made}:refs/tags/v1"
        )
    );
    assert_eq!(there(&yard), None);
    assert_eq!(push(&yard, "v1", made, one), TagPushing::Done);
    assert_eq!(there(&yard), Some(RemoteTag { object: made, commit: one }));
    assert_eq!(push(&yard, "v1", made, one), TagPushing::AlreadyThere { object: made });
    assert_eq!(yard.git_in(&bare, &["tag"]), "v1");
}

#[test]
fn a_tag_of_somebody_else_is_there_or_taken() {
    let (yard, bare, one, made) = tagged();
    yard.git_in(&bare, &["update-ref", "refs/tags/v1", &one.to_string()]);
    assert_eq!(push(&yard, "v1", made, one), TagPushing::AlreadyThere { object: one }, "the same commit");
    let two = yard.commit("a", "2", "two");
    let theirs = object(make(&yard, &order("v2", two)));
    yard.git(&["push", "-q", "origin", &format!("+{theirs}:refs/tags/v1")]);
    assert_eq!(push(&yard, "v1", made, one), TagPushing::Taken { at: Some(two) });
    assert_eq!(yard.git_in(&bare, &["rev-parse", "refs/tags/v1"]), theirs.to_string());
}

#[test]
fn a_tag_that_comes_up_while_pushing_is_taken() {
    let (yard, bare, one, made) = tagged();
    let two = yard.commit("a", "2", "two");
    yard.git(&["push", "-q", "origin", "HEAD:refs/heads/main"]);
    let race = format!("unset GIT_QUARANTINE_PATH; git update-ref refs/tags/v1 {two}");
    put_script(&bare.join("hooks/pre-receive"), &race);
    assert_eq!(push(&yard, "v1", made, one), TagPushing::Taken { at: Some(two) });
    assert_eq!(yard.git_in(&bare, &["rev-parse", "refs/tags/v1"]), two.to_string());
}

#[test]
fn refusals_are_told_in_the_words_of_who_refuses() {
    let (yard, bare, one, made) = tagged();
    let mine = yard.path().join(".git/hooks/pre-push");
    put_script(&mine, "echo 'not on a friday' >&2\nexit 1");
    let TagPushing::Not(Unpushed::NotSent { said }) = push(&yard, "v1", made, one) else { panic!() };
    assert!(said.raw().contains("not on a friday"), "{said:?}");
    std::fs::remove_file(mine).unwrap();
    let words = "echo 'GH013: Repository rule violations found for refs/tags/v1.' >&2\nexit 1";
    put_script(&bare.join("hooks/pre-receive"), words);
    let TagPushing::Not(Unpushed::Refused { why, said }) = push(&yard, "v1", made, one) else { panic!() };
    assert_eq!(why.raw(), "pre-receive hook declined");
    assert!(said.raw().contains("GH013"), "{said:?}");
    assert_eq!(there(&yard), None);
}

#[test]
fn what_is_not_here_or_is_another_commits_is_not_sent() {
    let (yard, bare, one, made) = tagged();
    let absent = Oid::parse(&"7".repeat(40)).unwrap();
    assert_eq!(push(&yard, "v1", absent, one), TagPushing::Lost);
    let two = yard.commit("a", "2", "two");
    assert_eq!(push(&yard, "v1", made, two), TagPushing::Lost);
    assert_eq!(yard.git_in(&bare, &["tag"]), "");
}

#[test]
fn a_remote_that_is_away_is_said_before_anything_is_sent() {
    let (yard, bare, one, made) = tagged();
    std::fs::rename(&bare, yard.root().join("away.git")).unwrap();
    assert!(matches!(push(&yard, "v1", made, one), TagPushing::Not(Unpushed::Unreachable { .. })));
}

#[test]
fn another_ref_in_its_way_is_refused_by_the_server() {
    let (yard, bare, one, made) = tagged();
    yard.git_in(&bare, &["update-ref", "refs/tags/v1/old", &yard.head().to_string()]);
    let pushed = push(&yard, "v1", made, one);
    assert!(matches!(&pushed, TagPushing::Not(Unpushed::Refused { .. })), "{pushed:?}");
    assert_eq!(there(&yard), None);
}

#[test]
fn the_commit_of_a_tag_of_a_tag_is_what_counts() {
    let (yard, _, one, made) = tagged();
    yard.git(&["tag", "-a", "-m", "x", "outer", &made.to_string()]);
    let outer = oid(&yard.git(&["rev-parse", "refs/tags/outer"]));
    yard.git(&["push", "-q", "origin", &format!("{outer}:refs/tags/v1")]);
    assert_eq!(push(&yard, "v1", made, one), TagPushing::AlreadyThere { object: outer });
}

#[test]
fn a_branch_that_git_would_take_for_the_tag_stops_the_push() {
    let (yard, bare, one, made) = tagged();
    for (object, alike) in [(made, "refs/heads/refs/tags/v1"), (one, "refs/tags/refs/tags/v1")] {
        yard.git_in(&bare, &["update-ref", alike, &one.to_string()]);
        assert_eq!(there(&yard), None);
        let pushed = push(&yard, "v1", object, one);
        let TagPushing::Not(Unpushed::NotSent { said }) = &pushed else { panic!("{pushed:?}") };
        assert!(said.raw().contains(alike), "{said:?}");
        yard.git_in(&bare, &["update-ref", "-d", alike]);
    }
    assert_eq!(push(&yard, "v1", made, one), TagPushing::Done);
}
