//! The commits behind each pick, however its pull request came to the trunk.

use super::{Found, LINE, add, ask, ground, look, pull, switch, wants};
use gonogo::git::AskedPick;
use gonogo::release::ids::Oid;
use gonogo::release::picks::{Change, Merged, PickKey, PullCommit};

fn oids(change: &Change) -> Vec<Oid> {
    change.commits.iter().map(|it| it.oid).collect()
}

fn problem(change: &Change) -> String {
    change.problem.as_ref().map(|it| it.line()).unwrap_or_default()
}

#[test]
fn squashed() {
    let yard = ground();
    yard.commit("before", "1\n", "Another thing (#11)");
    let oid = yard.commit("fix", "a\nb\n", "Mend it (#12)");
    let found = look(&yard, &wants(&[(12, oid)]));
    let change = found.change(12);
    assert_eq!((oids(change), change.merged), (vec![oid], Some(Merged::Squash)));
    assert_eq!((change.added, change.removed, change.files), (2, 0, 1));
    assert_eq!(change.paths[0].raw(), "fix");
    assert_eq!(change.commits[0].mainline, None);
}

#[test]
fn merged() {
    let yard = ground();
    yard.git(&["checkout", "-q", "-b", "topic"]);
    yard.commit("one", "1\n", "The first half of it");
    yard.commit("dir/two", "2\n2\n", "The second half of it");
    switch(&yard, "main");
    yard.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #12 from ann/topic", "topic"]);
    let merge = yard.head();
    let found = look(&yard, &wants(&[(12, merge)]));
    let change = found.change(12);
    assert_eq!((oids(change), change.merged), (vec![merge], Some(Merged::Merge)));
    assert_eq!(change.commits[0].mainline, Some(1));
    assert_eq!((change.added, change.files), (3, 2), "against the first parent");
}

/// Three commits that one person put on the trunk in one moment, after one of another pull request.
fn rebased(yard: &super::super::yard::Yard, authors: [&str; 3]) -> Vec<Oid> {
    yard.commit("before", "1\n", "Another thing (#11)");
    let mut found = vec![];
    for (n, author) in authors.into_iter().enumerate() {
        std::fs::write(yard.path().join(format!("part-{n}")), "x\n").unwrap();
        yard.git(&["add", "."]);
        yard.git(&["commit", "-q", "--author", author, "-m", &format!("Part {n} of the whole")]);
        found.push(yard.head());
    }
    yard.tick();
    found
}

#[test]
fn rebased_in_one_go() {
    let yard = ground();
    let parts = rebased(&yard, ["A <a@x>"; 3]);
    let found = look(&yard, &wants(&[(12, parts[2])]));
    let change = found.change(12);
    assert_eq!((oids(change), change.merged, problem(change)), (parts, Some(Merged::Rebase), String::new()));
    assert_eq!((change.added, change.files), (3, 3));
}

#[test]
fn rebased_and_the_forge_says_how_many() {
    let yard = ground();
    let parts = rebased(&yard, ["A <a@x>", "B <b@x>", "C <c@x>"]);
    let mut ask = ask(&[LINE]);
    let pick = AskedPick { merged: Some(parts[2]), count: Some(2), ..AskedPick::of(pull(12)) };
    add(&mut ask, pick, LINE);
    let found = look(&yard, &ask);
    assert_eq!((oids(found.change(12)), problem(found.change(12))), (parts[1..].to_vec(), String::new()));
    ask.picks[0].count = Some(90);
    let found = look(&yard, &ask);
    assert!(
        problem(found.change(12)).starts_with("#12 has 90 commits, and only "),
        "{}",
        problem(found.change(12))
    );
}

#[test]
fn rebased_and_nobody_can_tell() {
    let yard = ground();
    let parts = rebased(&yard, ["A <a@x>", "B <b@x>", "A <a@x>"]);
    let found = look(&yard, &wants(&[(12, parts[2])]));
    assert_eq!(
        problem(found.change(12)),
        "which commits #12 brought cannot be told: 3 were committed at once, by several authors"
    );
}

#[test]
fn in_parts_with_its_number_in_each() {
    let yard = ground();
    let one = yard.commit("one", "1\n", "First step (#12)");
    yard.commit("other", "1\n", "Something between (#13)");
    let two = yard.commit("two", "1\n", "Second step (#12)");
    let found = look(&yard, &wants(&[(12, two)]));
    assert_eq!((oids(found.change(12)), found.change(12).merged), (vec![one, two], Some(Merged::Rebase)));
}

#[test]
fn closed_and_on_the_trunk_in_part() {
    let yard = ground();
    let other = oids_of(&yard, &["Half of it (#13)", "Twice", "Twice"]);
    let part = |subject: &str, oid| PullCommit { oid, subject: subject.into() };
    let strange = |digit: char| Oid::parse(&digit.to_string().repeat(40)).unwrap();
    let list = vec![
        part("Half of it", strange('a')),
        part("The other half", strange('b')),
        part("Twice", strange('c')),
        part("whatever it is called there", other[1]),
    ];
    let mut asked = ask(&[LINE]);
    add(&mut asked, AskedPick { closed: Some(list), ..AskedPick::of(pull(12)) }, LINE);
    add(&mut asked, AskedPick { closed: Some(vec![]), ..AskedPick::of(pull(11)) }, LINE);
    let found = look(&yard, &asked);
    assert_eq!(oids(found.change(12)), other[..2], "by subject, and by its own commit");
    assert_eq!(
        problem(found.change(12)),
        "#12 was closed without a merge: 2 of its 4 commits are found on main by their subjects"
    );
    assert!(oids(found.change(11)).is_empty());
    assert_eq!(
        problem(found.change(11)),
        "#11 was closed without a merge, and nothing of it is found on main"
    );
    // A commit that names it is told as well.
    let named = yard.commit("named", "1\n", "The rest of it (#11)");
    assert_eq!(oids(look(&yard, &asked).change(11)), [named]);
}

fn oids_of(yard: &super::super::yard::Yard, subjects: &[&str]) -> Vec<Oid> {
    (0..)
        .zip(subjects)
        .map(|(n, subject): (u32, _)| yard.commit(&format!("file-{n}"), "1\n", subject))
        .collect()
}

#[test]
fn not_in_the_clone() {
    let yard = ground();
    let gone = Oid::parse(&"e".repeat(40)).unwrap();
    let mut ask = wants(&[(12, gone)]);
    add(&mut ask, AskedPick::of(pull(13)), LINE);
    add(&mut ask, AskedPick { open: true, ..AskedPick::of(pull(14)) }, LINE);
    add(&mut ask, AskedPick::of(PickKey::Commit(gone)), LINE);
    let found = look(&yard, &ask);
    assert_eq!(problem(found.change(12)), "eeeeeee is not in this clone: fetch it");
    assert!(found.change(12).commits.is_empty());
    let why = "no commit on main says that it is of #13: fetch, or add it by its commit";
    assert_eq!(problem(found.change(13)), why);
    assert_eq!(
        found.changes.len(),
        3,
        "an open pull request has no commits on the trunk, and that is no problem"
    );
}

#[test]
fn on_no_branch_that_is_known_here() {
    let yard = ground();
    yard.git(&["checkout", "-q", "-b", "topic"]);
    let aside = yard.commit("aside", "1\n2\n", "Something on the side");
    yard.git(&["update-ref", "refs/aside/one", &aside.to_string()]);
    switch(&yard, "main");
    yard.git(&["branch", "-D", "-q", "topic"]);
    let mut ask = ask(&[LINE]);
    add(&mut ask, AskedPick::of(PickKey::Commit(aside)), LINE);
    let found = look(&yard, &ask);
    assert_eq!((oids(&found.changes[0]), found.changes[0].added), (vec![aside], 2));
}

#[test]
fn the_trunk_was_rewritten_since_the_forge_merged_it() {
    let yard = ground();
    let before = yard.commit("fix", "1\n", "Mend it (#12)");
    yard.tick();
    yard.git(&["commit", "-q", "--amend", "--no-edit", "--date", "1704067200 +0000"]);
    let now = yard.head();
    assert_ne!(before, now);
    let found = look(&yard, &wants(&[(12, before)]));
    assert_eq!(oids(found.change(12)), [now], "that of the trunk as it is");
}

#[test]
fn a_pull_request_added_by_its_number_alone() {
    let yard = ground();
    let oid = yard.commit("fix", "1\n", "Mend it (#12)");
    let mut ask = ask(&[LINE]);
    add(&mut ask, AskedPick::of(pull(12)), LINE);
    assert_eq!(oids(look(&yard, &ask).change(12)), [oid]);
}

#[test]
fn owners_by_the_line() {
    let yard = ground();
    yard.commit("CODEOWNERS", "* @octo/all\n/docs/ @ann b@x.org\n", "Say who owns what");
    yard.git(&["branch", "-f", LINE]);
    yard.commit(".github/CODEOWNERS", "* @later\n", "Say it elsewhere");
    yard.commit("docs/a.md", "1\n", "Write (#12)");
    yard.commit("src/x", "1\n", "Code (#13)");
    let mut ask = ask(&[LINE]);
    add(&mut ask, AskedPick::of(pull(12)), LINE);
    add(&mut ask, AskedPick::of(pull(13)), LINE);
    ask.own = Some(super::super::yard::branch(LINE));
    let found = look(&yard, &ask);
    let owners = |number| found.change(number).owners.iter().map(|it| it.line()).collect::<Vec<_>>();
    assert_eq!(
        (owners(12), owners(13)),
        (vec!["@ann".to_owned(), "b@x.org".into()], vec!["@octo/all".to_owned()])
    );
    ask.own = None;
    let found = look(&yard, &ask);
    assert_eq!(found.change(12).owners[0].line(), "@later", "the trunk's, where there is no line");
}

#[test]
fn binary_files_and_odd_names() {
    let yard = ground();
    std::fs::write(yard.path().join("b\tin\n"), [0u8, 1, 2, 0]).unwrap();
    std::fs::write(yard.path().join("e".repeat(40)), "x\n").unwrap();
    yard.git(&["add", "."]);
    yard.git(&["commit", "-q", "-m", "Odd (#12)"]);
    let oid = yard.head();
    let found = look(&yard, &wants(&[(12, oid)]));
    assert_eq!((found.change(12).added, found.change(12).files), (1, 2));
}
