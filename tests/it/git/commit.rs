//! What messages say: pull requests, backports, picks.

use super::yard::{FIRST, Yard, git, oid, run};
use gonogo::git::commit::{Mention, picked_from, pulls_in_subject};

#[test]
fn pull_requests_in_subjects_by_every_convention() {
    use Mention::{Backport, Merge, Suffix};
    for (subject, expected) in [
        ("fix: a thing (#12)", vec![(12, Suffix)]),
        ("fix: a thing (#12) (#34)", vec![(12, Suffix), (34, Suffix)]),
        ("fix: a thing (backport #12) (#34)", vec![(12, Backport), (34, Suffix)]),
        ("fix: a thing (cherry-pick #12)", vec![(12, Backport)]),
        ("Merge pull request #12 from octo/fix", vec![(12, Merge)]),
        ("Automated cherry pick of #12: fix a thing (#34)", vec![(12, Backport), (34, Suffix)]),
        ("Backport of #12", vec![(12, Backport)]),
        ("[Backport release-1.18] fix (#12)", vec![(12, Suffix)]),
        ("fix #12", vec![]),
        ("fix (see #12)", vec![]),
        ("fix (#12a)", vec![]),
        ("fix (#0)", vec![]),
        ("fix (#99999999999999999999999)", vec![]),
        ("fix (#12", vec![]),
        ("fix ((#12))", vec![(12, Suffix)]),
        ("", vec![]),
    ] {
        let found: Vec<_> = pulls_in_subject(subject).iter().map(|pull| (pull.number, pull.how)).collect();
        assert_eq!(found, expected, "{subject}");
    }
}

#[test]
fn pick_lines_are_read_in_order_and_only_whole_ids() {
    let (one, two) = ("1".repeat(40), "2".repeat(40));
    let body = format!(
        "text\n\n(cherry picked from commit {one})\n  (cherry picked from commit {two})\r\n\
         (cherry picked from commit 1234567)\nnot (cherry picked from commit {one})\n"
    );
    assert_eq!(picked_from(&body), vec![oid(&one), oid(&two)]);
}

#[test]
fn the_line_of_a_pick_is_read_wherever_it_stands_and_is_no_part_of_the_subject() {
    let yard = Yard::new();
    let first = yard.commit("a", "1", "Fix the thing (#12)");
    let second = yard.commit("b", "1", "Fix it again");
    let line = |of| format!("(cherry picked from commit {of})");
    let picked = [
        format!("Fix the thing (#12)\n{}", line(first)),
        format!("Fix the thing\nof old (#12)\n{}\n{}", line(second), line(first)),
        format!("Fix the thing (#12)\n\n{}\n\nSigned-off-by: Ada <ada@example.org>", line(first)),
        format!("Say {} at once\n\nAs {} does.", line(first), line(second)),
        line(first),
    ];
    let oids: Vec<_> =
        (2..).zip(&picked).map(|(at, said)| yard.commit("a", &format!("{at}"), said)).collect();
    let commits = run(git().commits(&yard.at(), &oids)).unwrap();
    let told: Vec<_> = commits.iter().map(|it| (it.subject.raw(), it.picked_from.clone())).collect();
    let quoted = format!("Say {} at once", line(first));
    let (own, none) = (line(first), vec![]);
    let expected = [
        ("Fix the thing (#12)", vec![first]),
        ("Fix the thing of old (#12)", vec![second, first]),
        ("Fix the thing (#12)", vec![first]),
        (quoted.as_str(), none),
        (own.as_str(), vec![first]),
    ];
    assert_eq!(told, expected);
    assert_eq!(commits[0].own_pull(), Some(12));
    // But for that line, subject and body are those of git.
    let plain = yard.commit("a", "9", "One  \n two\n \n\nThree\n\n(#4)\n");
    let said = yard.git(&["log", "-1", "--format=%s%x00%b", &plain.to_string()]);
    let commit = run(git().commits(&yard.at(), &[plain])).unwrap().remove(0);
    assert_eq!(Some(commit.subject.raw()), said.split('\0').next());
}

#[test]
fn commits_are_read_in_the_order_asked() {
    let yard = Yard::new();
    let one = yard.commit("a", "1", "one (#1)\n\nbody\n\nAutomated cherry pick of #7");
    let two = yard.commit("a", "2", "two\nsame paragraph\n\n(cherry picked from commit 1234567)");
    let commits = run(git().commits(&yard.at(), &[two, one])).unwrap();
    assert_eq!(commits.iter().map(|it| it.oid).collect::<Vec<_>>(), vec![two, one]);
    assert_eq!(commits[0].subject.raw(), "two same paragraph");
    assert_eq!(commits[0].parents, vec![one]);
    assert_eq!(commits[1].authored.timestamp(), FIRST);
    assert_eq!(commits[1].author.raw(), "Ada");
    assert_eq!(commits[1].own_pull(), Some(1));
    assert_eq!(commits[1].origin_pulls(), vec![7, 1]);
    assert!(commits[1].says_backport() && !commits[0].says_backport());
    assert!(run(git().commits(&yard.at(), &[])).unwrap().is_empty());
    let missing = oid(&"7".repeat(40));
    assert!(run(git().commits(&yard.at(), &[missing])).is_err());
}

#[test]
fn merges_empty_messages_and_impossible_dates_are_read() {
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    let tree = yard.git(&["rev-parse", "HEAD^{tree}"]);
    let raw = format!("tree {tree}\nauthor A <a@b> 99999999999999999 +0000\ncommitter A <a@b> 0 +0000\n\n");
    let object = yard.raw(
        &yard.path(),
        &["hash-object", "-t", "commit", "-w", "--literally", "--stdin"],
        raw.as_bytes(),
    );
    let odd = oid(std::str::from_utf8(&object.stdout).unwrap());
    let commits = run(git().commits(&yard.at(), &[odd])).unwrap();
    assert_eq!((commits[0].subject.raw(), commits[0].committed.timestamp()), ("", 0));
    let merge = oid(&yard.git(&[
        "commit-tree",
        "-p",
        "HEAD",
        "-p",
        &odd.to_string(),
        "-m",
        "Merge pull request #9 from x/y",
        &tree,
    ]));
    let commits = run(git().commits(&yard.at(), &[merge])).unwrap();
    assert!(commits[0].is_merge());
    assert_eq!(commits[0].own_pull(), Some(9));
}

#[test]
fn files_changed_between_two_commits() {
    let yard = Yard::new();
    let one = yard.commit("docs/a.md", "1", "one");
    yard.commit("docs/deep/b.md", "1", "two");
    yard.commit("CHANGELOG.md", "1", "three");
    let last = yard.commit("a b\u{e9}.txt", "1", "four");
    let changed =
        |patterns: &[&str]| run(git().changed_files(&yard.at(), Some(one), last, patterns)).unwrap();
    assert_eq!(changed(&[]), ["CHANGELOG.md", "a b\u{e9}.txt", "docs/deep/b.md"]);
    assert_eq!(changed(&["CHANGELOG.md"]), ["CHANGELOG.md"]);
    assert_eq!(changed(&["docs"]), ["docs/deep/b.md"]);
    assert_eq!(changed(&["docs/*.md"]), [""; 0], "a star stops at a slash");
    assert_eq!(changed(&["docs/**/*.md", "*.txt"]), ["a b\u{e9}.txt", "docs/deep/b.md"]);
    let all = run(git().changed_files(&yard.at(), None, last, &["docs"])).unwrap();
    assert_eq!(all, ["docs/a.md", "docs/deep/b.md"], "without a first commit all that is there counts");
    assert_eq!(changed(&["--output=x"]), [""; 0], "a pattern is no option");
    assert!(!yard.path().join("x").exists());
}
