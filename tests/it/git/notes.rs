//! What changed between two commits, by real git: merges, picks, backports, authors.

use super::yard::{Yard, git, run};
use gonogo::release::ids::Oid;
use gonogo::release::notes::Gathered;
use gonogo::spawn::Cancel;

fn gather(yard: &Yard, from: Option<Oid>, to: Oid) -> Gathered {
    run(git().gather_notes(&yard.at(), from, to, 1000, &Cancel::new())).unwrap()
}

fn rows(gathered: &Gathered) -> Vec<(String, Option<u64>, Vec<u64>)> {
    gathered.changes.iter().map(|it| (it.subject.line(), it.pull, it.of.clone())).collect()
}

fn commit_as(yard: &Yard, name: &str, file: &str, message: &str) -> Oid {
    std::fs::write(yard.path().join(file), message).unwrap();
    yard.git(&["add", "--", file]);
    let author = format!("--author={name} <{name}@example.org>");
    yard.git(&["commit", "-q", &author, "-m", message]);
    yard.tick();
    yard.head()
}

#[test]
fn a_merge_says_which_pull_request_its_commits_are_of() {
    let yard = Yard::new();
    let start = yard.commit("a", "1", "start");
    yard.git(&["checkout", "-q", "-b", "topic"]);
    yard.commit("t", "1", "one");
    yard.git(&["checkout", "-q", "main"]);
    yard.commit("b", "1", "pushed by hand");
    yard.git(&["checkout", "-q", "topic"]);
    // The topic takes the trunk in: that is no work of its own.
    yard.git(&["merge", "-q", "--no-ff", "-m", "Merge branch 'main' into topic", "main"]);
    commit_as(&yard, "Bo", "u", "two");
    yard.git(&["checkout", "-q", "main"]);
    yard.git(&[
        "merge",
        "-q",
        "--no-ff",
        "-m",
        "Merge pull request #7 from octo/topic",
        "-m",
        "A new door",
        "topic",
    ]);
    commit_as(&yard, "Ada", "c", "fix: squashed (#8)");
    let found = gather(&yard, Some(start), yard.head());
    let mut all = rows(&found);
    all.sort();
    assert_eq!(
        all,
        [
            ("fix: squashed (#8)".to_owned(), Some(8), vec![]),
            ("one".to_owned(), Some(7), vec![]),
            ("pushed by hand".to_owned(), None, vec![]),
            ("two".to_owned(), Some(7), vec![]),
        ]
    );
    assert_eq!(found.titles[&7].raw(), "A new door");
    let new = found.changes.iter().filter(|it| it.is_new == Some(true));
    assert_eq!(new.map(|it| it.author.raw()).collect::<Vec<_>>(), ["Bo"]);
}

#[test]
fn what_the_other_side_has_is_left_out() {
    let yard = Yard::new();
    yard.commit("f", "0\n", "start");
    yard.git(&["branch", "release-1.0"]);
    let fix = yard.commit("x", "1\n", "fix: picked (#1)");
    yard.commit("y", "1\n", "fix: rewritten there (#2)");
    let long = yard.commit("z", "1\n", "fix: by its trailer (#3)");
    yard.commit("w", "1\n", "feat: new (#4)");
    yard.commit("v", "1\n", "fix: taken back there (#5)");
    let trunk = yard.head();
    yard.git(&["checkout", "-q", "release-1.0"]);
    yard.git(&["cherry-pick", &fix.to_string()]);
    yard.commit("y", "other\n", "fix: rewritten there (backport #2) (#12)");
    yard.commit("z", "other\n", &format!("fix: by hand\n\n(cherry picked from commit {long})"));
    let bad = yard.commit("v", "other\n", "fix: taken back there (backport #5) (#15)");
    yard.git(&["revert", "--no-edit", &bad.to_string()]);
    let line = yard.head();
    let found = gather(&yard, Some(line), trunk);
    assert_eq!(
        rows(&found),
        [
            ("fix: taken back there (#5)".to_owned(), Some(5), vec![]),
            ("feat: new (#4)".to_owned(), Some(4), vec![]),
        ]
    );
    assert_eq!((found.same_patch, found.said_there), (1, 2));
    // The other way round: what the line has of its own, by what it brings.
    let found = gather(&yard, Some(yard.git(&["merge-base", "main", "release-1.0"]).parse_oid()), line);
    let all = rows(&found);
    assert_eq!(all.len(), 5);
    assert_eq!((all[1].1, &all[1].2), (Some(15), &vec![5]));
    assert_eq!(
        (all[2].1, &all[2].2),
        (None, &vec![3]),
        "the commit that it was picked from names the number"
    );
    assert_eq!((all[3].1, &all[3].2), (Some(12), &vec![2]));
    assert_eq!((all[4].1, &all[4].2), (Some(1), &vec![]));
}

trait ParseOid {
    fn parse_oid(&self) -> Oid;
}

impl ParseOid for String {
    fn parse_oid(&self) -> Oid {
        super::yard::oid(self)
    }
}

#[test]
fn a_backport_that_was_merged_names_its_original_by_its_branch() {
    let yard = Yard::new();
    let start = yard.commit("f", "0\n", "start");
    yard.git(&["checkout", "-q", "-b", "backport-12-to-main"]);
    yard.commit("x", "1\n", "fix: leak");
    yard.git(&["checkout", "-q", "main"]);
    let subject = "Merge pull request #15 from octo/backport-12-to-main";
    yard.git(&[
        "merge",
        "-q",
        "--no-ff",
        "-m",
        subject,
        "-m",
        "[Backport main] fix: leak",
        "backport-12-to-main",
    ]);
    let found = gather(&yard, Some(start), yard.head());
    assert_eq!(rows(&found), [("fix: leak".to_owned(), Some(15), vec![12])]);
}

#[test]
fn a_range_without_a_start_is_the_whole_history_and_nobody_is_told_to_be_new() {
    let yard = Yard::new();
    yard.commit("f", "0\n", "one");
    yard.commit("f", "1\n", "two");
    let found = gather(&yard, None, yard.head());
    assert_eq!(found.changes.len(), 2);
    assert!(found.changes.iter().all(|it| it.is_new.is_none()));
    let cut = run(git().gather_notes(&yard.at(), None, yard.head(), 1, &Cancel::new())).unwrap();
    assert_eq!((cut.changes.len(), cut.is_cut), (1, true));
}
