//! What the clone itself shows to be wanted: paths, reverts, and fixes made on another line.

use super::super::yard::{Yard, branch};
use super::{Found, LINE, ask, ground, look, pick, process, pull, switch};
use gonogo::git::{PicksAsk, PicksFound};
use gonogo::process::{Direction, Picks};
use gonogo::release::picks::{Asked, Grade, PickKey};

fn rows(found: &PicksFound) -> Vec<(String, String, Asked)> {
    let row = |it: &gonogo::release::picks::Wanted| (it.pick.short(), it.line.line(), it.asked.clone());
    found.wanted.iter().map(row).collect()
}

fn by_paths(paths: &[&str]) -> PicksAsk {
    let paths = paths.iter().map(|it| (*it).to_owned()).collect();
    PicksAsk { process: process(Picks { paths, ..Picks::default() }), ..ask(&[LINE]) }
}

fn line_first(only: &[&str]) -> PicksAsk {
    let branch_only_paths = only.iter().map(|it| (*it).to_owned()).collect();
    let picks = Picks { direction: Direction::LineFirst, branch_only_paths, ..Picks::default() };
    PicksAsk { process: process(picks), ..ask(&[LINE, "release-1.1.x"]) }
}

#[test]
fn changes_of_the_trunk_to_paths_that_the_process_names() {
    let yard = ground();
    yard.commit("charts/a/b.yaml", "1\n", "Chart (#12)");
    yard.commit("src/x", "1\n", "Code (#13)");
    let bare = yard.commit("top.md", "1\n", "Word");
    switch(&yard, LINE);
    yard.commit("charts/c.yaml", "1\n", "Only here (#14)");
    let found = look(&yard, &by_paths(&["charts", "*.md"]));
    let paths = |name: &str| Asked::Paths { paths: vec![name.into()] };
    assert_eq!(
        rows(&found),
        [
            ("#12".to_owned(), LINE.to_owned(), paths("charts/a/b.yaml")),
            (bare.short(), LINE.to_owned(), paths("top.md")),
        ]
    );
    assert_eq!(found.changes.len(), 2, "what is wanted is looked up at once");
    assert!(look(&yard, &ask(&[LINE])).wanted.is_empty(), "no paths, no rows");
}

#[test]
fn what_landed_stays_in_the_matrix() {
    let yard = ground();
    let oid = yard.commit("charts/a", "1\n", "Chart (#12)");
    switch(&yard, LINE);
    pick(&yard, &["-x", &oid.to_string()]);
    let found = look(&yard, &by_paths(&["charts/**"]));
    assert_eq!(found.wanted.len(), 1);
    assert_eq!(found.grade(12), Some((Grade::Trailer, Some(false))));
}

#[test]
fn a_merged_pull_request_is_one_row() {
    let yard = ground();
    yard.git(&["checkout", "-q", "-b", "topic"]);
    yard.commit("charts/one", "1\n", "The first half of it");
    yard.commit("charts/two", "1\n", "The second half of it");
    switch(&yard, "main");
    yard.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #12 from ann/topic", "topic"]);
    let merge = yard.head();
    let found = look(&yard, &by_paths(&["charts"]));
    let paths = Asked::Paths { paths: vec!["charts/one".into(), "charts/two".into()] };
    assert_eq!(rows(&found), [("#12".to_owned(), LINE.to_owned(), paths)]);
    assert_eq!(found.change(12).commits[0].oid, merge);
}

fn revert(yard: &Yard, what: &str) {
    yard.git(&["revert", "--no-edit", what]);
    yard.tick();
}

#[test]
fn a_revert_of_what_is_alive_on_the_line() {
    let yard = ground();
    let old = yard.commit("old", "1\n", "Old mistake (#11)");
    yard.git(&["branch", "-f", LINE]);
    let picked = yard.commit("new", "1\n", "New mistake (#12)");
    let never = yard.commit("never", "1\n", "Never picked (#13)");
    for oid in [old, picked, never] {
        revert(&yard, &oid.to_string());
    }
    switch(&yard, LINE);
    let there = pick(&yard, &["-x", &picked.to_string()]);
    let found = look(&yard, &ask(&[LINE]));
    let mut asked: Vec<_> = rows(&found).into_iter().map(|row| row.2).collect();
    asked.sort_by_key(|it| matches!(it, Asked::Reverts { commit } if *commit == there));
    assert_eq!(asked, [Asked::Reverts { commit: old }, Asked::Reverts { commit: there }]);
}

#[test]
fn a_revert_that_was_taken_back_is_wanted_nowhere() {
    let yard = ground();
    let old = yard.commit("old", "1\n", "Old mistake (#11)");
    yard.git(&["branch", "-f", LINE]);
    revert(&yard, &old.to_string());
    revert(&yard, "HEAD");
    let found = look(&yard, &ask(&[LINE]));
    assert_eq!(rows(&found), [], "the revert of the revert concerns no line that never had the revert");
}

#[test]
fn a_fix_made_on_a_line_goes_to_the_trunk_and_to_the_other_lines() {
    let yard = ground();
    yard.git(&["branch", "release-1.1.x"]);
    let known = yard.commit("known", "1\n", "Came from the trunk (#12)");
    switch(&yard, LINE);
    pick(&yard, &["-x", &known.to_string()]);
    let hot = yard.commit("hot", "1\n", "Put the fire out (#40)");
    let found = look(&yard, &line_first(&[]));
    let from = Asked::Forward { from: branch(LINE) };
    let here = |line: &str| ("#40".to_owned(), line.to_owned(), from.clone());
    assert_eq!(rows(&found), [here("main"), here("release-1.1.x")]);
    assert_eq!(found.change(40).commits[0].oid, hot);
    assert!(look(&yard, &ask(&[LINE])).wanted.is_empty(), "not where fixes go to the trunk first");
    // Once it is on the trunk by an equal patch, nothing asks for it there.
    switch(&yard, "main");
    pick(&yard, &[&hot.to_string()]);
    assert!(look(&yard, &line_first(&[])).wanted.is_empty(), "it is on the trunk: picks go on from there");
}

#[test]
fn a_fix_that_the_trunk_has_under_another_subject_is_asked_nowhere() {
    let yard = ground();
    yard.commit("shared", "old\n", "Something to mend here");
    yard.git(&["branch", "-f", LINE]);
    switch(&yard, LINE);
    yard.commit("one", "1\n", "Put the fire out (#40)");
    yard.commit("two", "1\n", "Put the second fire out (#41)");
    let third = yard.commit("shared", "mended\n", "Put the third fire out (#42)");
    let active = || PicksAsk { active: vec![branch(LINE)], ..line_first(&[]) };
    let here = |found: &PicksFound| rows(found).into_iter().map(|(key, ..)| key).collect::<Vec<_>>();
    assert_eq!(here(&look(&yard, &active())), ["#40", "#41", "#42"]);
    switch(&yard, "main");
    yard.commit("one", "1\n", "Quite another word for it");
    yard.commit("elsewhere", "1\n", "Carried on in its own way (forward-port #41) (#50)");
    yard.commit("shared", "mended in another way\n", "What the third one came to (#42)");
    let found = look(&yard, &active());
    assert_eq!(here(&found), ["#42"], "an equal patch and a number that says so are enough, its own is not");
    let landing = found.on(42, "main").unwrap();
    assert_eq!((landing.grade, landing.of), (Grade::Number, Some(third)));
    assert!(!landing.grade.is_sure());
}

#[test]
fn a_fix_that_the_trunk_shows_weakly_is_asked_and_shows_what_looks_like_it() {
    let yard = ground();
    switch(&yard, LINE);
    let hot = yard.commit("hot", "1\n", "Put the fire out at once");
    let other = yard.commit("other", "1\n", "Put the other fire out at once");
    switch(&yard, "main");
    let alike = yard.commit("hot", "2\n", "Put the fire out at once");
    let found = look(&yard, &PicksAsk { active: vec![branch(LINE)], ..line_first(&[]) });
    let mut picks: Vec<_> = found.wanted.iter().map(|row| row.pick.clone()).collect();
    let mut both = [PickKey::Commit(hot), PickKey::Commit(other)];
    picks.sort();
    both.sort();
    assert_eq!(picks, both);
    let shown: Vec<_> = found.landings.iter().map(|it| (it.pick.clone(), it.commit, it.grade)).collect();
    assert_eq!(shown, [(PickKey::Commit(hot), alike, Grade::Subject)], "it is shown, and not called landed");
}

#[test]
fn a_fix_made_on_several_lines_is_asked_once() {
    let yard = ground();
    yard.git(&["branch", "release-1.1.x"]);
    switch(&yard, "release-1.1.x");
    yard.commit("hot", "old\n", "Put the fire out at once");
    let gone = yard.commit("gone", "old\n", "Put the second fire out");
    switch(&yard, LINE);
    let hot = yard.commit("hot", "new\n", "Put the fire out at once");
    let second = yard.commit("gone", "new\n", "Put the second fire out");
    let mut asked = line_first(&[]);
    asked.active = vec![branch(LINE), branch("release-1.1.x")];
    let to_trunk = |found: &PicksFound| -> Vec<PickKey> {
        let rows = found.wanted.iter().filter(|row| row.line == branch("main"));
        rows.map(|row| row.pick.clone()).collect()
    };
    let mut once = vec![PickKey::Commit(hot), PickKey::Commit(second)];
    once.sort();
    assert_eq!(to_trunk(&look(&yard, &asked)), once);
    // Taken back on the first line, it is that of the other.
    revert(&yard, &second.to_string());
    let mut left = vec![PickKey::Commit(hot), PickKey::Commit(gone)];
    left.sort();
    assert_eq!(to_trunk(&look(&yard, &asked)), left);
}

#[test]
fn what_concerns_the_line_alone_is_no_fix() {
    let yard = ground();
    yard.git(&["branch", "release-1.1.x"]);
    switch(&yard, LINE);
    yard.commit("charts/values.yaml", "1\n", "Pin the images");
    yard.commit("VERSION", "1.2.3\n", "Release v1.2.3");
    yard.commit("VERSION", "1.2.4\n", "Bump version to 1.2.4-rc.0 (#41)");
    let taken = yard.commit("taken", "1\n", "Try something here");
    revert(&yard, &taken.to_string());
    let wanted = yard.commit("go.mod", "1\n", "Bump golang.org/x/net from 1.2.3 to 1.2.4");
    let found = look(&yard, &line_first(&["charts/**"]));
    let picks: Vec<_> = rows(&found).into_iter().map(|row| (row.0, row.1)).collect();
    assert_eq!(picks, [(wanted.short(), "main".to_owned()), (wanted.short(), "release-1.1.x".to_owned())]);
}

#[test]
fn one_pull_request_of_several_commits_on_a_line_is_one_pick() {
    let yard = ground();
    switch(&yard, LINE);
    let one = yard.commit("one", "1\n", "One half (#40)");
    let two = yard.commit("two", "1\n", "Other half (#40)");
    let found = look(&yard, &PicksAsk { active: vec![branch(LINE)], ..line_first(&[]) });
    assert_eq!(rows(&found).len(), 1);
    let oids: Vec<_> = found.change(40).commits.iter().map(|it| it.oid).collect();
    assert_eq!((oids, found.wanted[0].pick.clone()), (vec![one, two], pull(40)));
}
