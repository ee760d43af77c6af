//! Every grade of landing, and what only looks like one.

use super::super::yard::Yard;
use super::{Found, LINE, add, ask, commit_as, ground, look, pick, pull, switch, wants};
use gonogo::git::AskedPick;
use gonogo::release::picks::{Grade, PickKey};

fn fix(yard: &Yard, number: u64) -> gonogo::release::ids::Oid {
    let file = format!("fix-{number}");
    yard.commit(&file, "mended\n", &format!("Mend the thing number {number} (#{number})"))
}

#[test]
fn an_ancestor() {
    let yard = ground();
    let oid = fix(&yard, 12);
    yard.git(&["branch", "-f", LINE]);
    let later = fix(&yard, 13);
    let found = look(&yard, &wants(&[(12, oid), (13, later)]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.grade, landing.commit, landing.of), (Grade::Ancestor, oid, Some(oid)));
    assert!(found.on(13, LINE).is_none());
}

#[test]
fn a_trailer_with_the_same_patch_and_with_another() {
    let yard = ground();
    let (same, other) = (fix(&yard, 12), fix(&yard, 13));
    switch(&yard, LINE);
    let there = pick(&yard, &["-x", &same.to_string()]);
    let message = format!("Mend it our way\n\n(cherry picked from commit {other})");
    yard.commit("fix-13", "mended otherwise\n", &message);
    let found = look(&yard, &wants(&[(12, same), (13, other)]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.grade, landing.commit, landing.of), (Grade::Trailer, there, Some(same)));
    assert_eq!(landing.modified, Some(false));
    assert_eq!(landing.by.as_ref().unwrap().raw(), "Cy");
    assert!(landing.at.is_some());
    assert_eq!(found.grade(13), Some((Grade::Trailer, Some(true))), "backported, modified");
}

#[test]
fn a_backport_that_touches_other_files_is_modified_too() {
    let yard = ground();
    let oid = fix(&yard, 12);
    switch(&yard, LINE);
    yard.commit("elsewhere", "mended\n", &format!("Mend it\n\n(cherry picked from commit {oid})"));
    assert_eq!(look(&yard, &wants(&[(12, oid)])).grade(12), Some((Grade::Trailer, Some(true))));
}

#[test]
fn a_trailer_counts_by_the_last_of_a_chain() {
    let yard = ground();
    yard.git(&["branch", "release-1.1.x"]);
    let (first, second) = (fix(&yard, 12), fix(&yard, 13));
    switch(&yard, LINE);
    // Of two lines the last names what was picked.
    let both = format!("Taken\n\n(cherry picked from commit {first})\n(cherry picked from commit {second})");
    yard.commit("other", "1\n", &both);
    // A pick of a pick names a commit that is not on the trunk, which names one that is.
    let middle = yard.commit("again", "1\n", &format!("Again\n\n(cherry picked from commit {first})"));
    switch(&yard, "release-1.1.x");
    yard.commit("last", "1\n", &format!("At last\n\n(cherry picked from commit {middle})"));
    let mut ask = wants(&[(12, first), (13, second)]);
    add(&mut ask, AskedPick { merged: Some(first), ..AskedPick::of(pull(12)) }, "release-1.1.x");
    let found = look(&yard, &ask);
    assert_eq!(found.on(13, LINE).unwrap().grade, Grade::Trailer);
    assert_eq!(found.on(12, LINE).unwrap().commit, middle, "not the one whose last line names another");
    assert_eq!(found.on(12, "release-1.1.x").unwrap().grade, Grade::Trailer);
}

#[test]
fn an_equal_patch_under_another_name() {
    let yard = ground();
    let oid = fix(&yard, 12);
    switch(&yard, LINE);
    // Other lines around it, and other blanks in it, are no difference.
    yard.commit("before", "1\n", "Something else first");
    yard.commit("fix-12", "mended\n", "Called quite differently");
    let found = look(&yard, &wants(&[(12, oid)]));
    assert_eq!(found.grade(12), Some((Grade::PatchId, Some(false))));
}

#[test]
fn a_number_in_the_forms_that_backports_have() {
    let forms = [
        "Mend it here (backport #12) (#40)",
        "Mend it here (#12) (#40)",
        "Automated cherry pick of #12: mend it here",
        "[release-1.2.x] Mend it (cherry-pick #12)",
        "Backport of #12",
        "Mend the line\n\nBackport of #12 by hand",
        "Mend the thing number 12 (#12)",
        "[release-1.2.x] Mend the thing number 12 (#12)",
    ];
    for form in forms {
        let yard = ground();
        let oid = fix(&yard, 12);
        switch(&yard, LINE);
        yard.commit("mended-otherwise", "x\n", form);
        let found = look(&yard, &wants(&[(12, oid)]));
        assert_eq!(found.grade(12), Some((Grade::Pull, Some(true))), "{form}");
    }
}

#[test]
fn a_merge_of_a_bots_branch_names_the_pull_request() {
    let branches = [
        "octo/backport-12-to-release-1.2.x",
        "octo/mergify/bp/release-1.2.x/pr-12",
        "ann/automated-cherry-pick-of-#12-upstream-release-1.2.x",
        "ann/cherry-pick-12-to-release-1.2.x",
    ];
    for name in branches {
        let yard = ground();
        let oid = fix(&yard, 12);
        switch(&yard, LINE);
        yard.git(&["checkout", "-q", "-b", "side"]);
        yard.commit("mended-otherwise", "x\n", "Quite another subject here");
        switch(&yard, LINE);
        let message = format!("Merge pull request #40 from {name}");
        yard.git(&["merge", "-q", "--no-ff", "-m", &message, "side"]);
        yard.git(&["branch", "-D", "-q", "side"]);
        let found = look(&yard, &wants(&[(12, oid)]));
        assert_eq!(found.on(12, LINE).map(|it| it.grade), Some(Grade::Pull), "{name}");
    }
}

#[test]
fn the_same_subject_and_author_is_shown_and_is_not_sure() {
    let yard = ground();
    let oid = yard.commit("fix", "1\n", "Mend the thing for good");
    switch(&yard, LINE);
    yard.commit("fix", "2\n", "Mend the thing for good");
    let found = look(&yard, &wants(&[(12, oid)]));
    assert_eq!(found.grade(12), Some((Grade::Subject, Some(true))));
    assert!(!found.on(12, LINE).unwrap().grade.is_sure());
}

#[test]
fn a_bots_title_is_shown_although_the_author_is_another() {
    let yard = ground();
    let oid = yard.commit("fix", "1\n", "Mend the thing for good (#12)");
    switch(&yard, LINE);
    commit_as(
        &yard,
        "bot <bot@example.org>",
        "fix",
        "2\n",
        "[Backport release-1.2.x] Mend the thing for good (#41)",
    );
    assert_eq!(look(&yard, &wants(&[(12, oid)])).grade(12), Some((Grade::Subject, Some(true))));
}

#[test]
fn what_only_looks_like_a_landing() {
    let gone = "e".repeat(40);
    let forms = [
        (
            "a trailer that names nothing on the trunk",
            format!("Taken over\n\n(cherry picked from commit {gone})"),
        ),
        ("a short id", "Taken over\n\n(cherry picked from commit abc1234)".to_owned()),
        ("a number in prose", "Tidy up, fixes #12".to_owned()),
        ("a number in prose in brackets", "Tidy up (fixes #12)".to_owned()),
        ("a number of another repository", "Tidy up (other/place#12)".to_owned()),
        ("a number in the middle", "Do what (#12) did not (#41)".to_owned()),
        ("its own number, and another subject", "Something else altogether (#12)".to_owned()),
        ("a revert that quotes it", "Revert \"Mend the thing number 12 (#12)\" (#41)".to_owned()),
        ("a revert without a number", "Revert \"Mend the thing number 12 (#12)\"".to_owned()),
        ("a number that is longer", "Mend it here (backport #123) (#41)".to_owned()),
    ];
    for (what, message) in forms {
        let yard = ground();
        let oid = fix(&yard, 12);
        switch(&yard, LINE);
        commit_as(&yard, "Bob <bob@example.org>", "note", "x\n", &message);
        assert_eq!(look(&yard, &wants(&[(12, oid)])).grade(12), None, "{what}");
    }
}

#[test]
fn the_same_subject_of_another_author_shows_nothing() {
    let yard = ground();
    let oid = yard.commit("fix", "1\n", "Mend the thing for good");
    switch(&yard, LINE);
    commit_as(&yard, "Bob <bob@example.org>", "fix", "2\n", "Mend the thing for good");
    assert_eq!(look(&yard, &wants(&[(12, oid)])).grade(12), None);
}

#[test]
fn a_commit_without_a_pull_request() {
    let yard = ground();
    let oid = yard.commit("fix", "1\n", "Mend it at once");
    switch(&yard, LINE);
    let there = pick(&yard, &["-x", &oid.to_string()]);
    let mut ask = ask(&[LINE]);
    add(&mut ask, AskedPick::of(PickKey::Commit(oid)), LINE);
    let found = look(&yard, &ask);
    assert_eq!(found.landings.len(), 1);
    assert_eq!((found.landings[0].grade, found.landings[0].commit), (Grade::Trailer, there));
}

#[test]
fn of_several_commits_all_must_be_there() {
    let yard = ground();
    let oids: Vec<_> = (1..=3)
        .map(|n| yard.commit(&format!("part-{n}"), "x\n", &format!("Part {n} of it all (#12)")))
        .collect();
    let ask = wants(&[(12, oids[2])]);
    switch(&yard, LINE);
    pick(&yard, &["-x", &oids[0].to_string()]);
    pick(&yard, &[&oids[2].to_string()]);
    let part = look(&yard, &ask);
    assert_eq!(part.grade(12), Some((Grade::Part, None)), "two of three are not all");
    assert!(!part.on(12, LINE).unwrap().grade.is_sure());
    let last = pick(&yard, &["-x", &oids[1].to_string()]);
    let found = look(&yard, &ask);
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.grade, landing.modified), (Grade::PatchId, Some(false)), "as sure as the weakest");
    assert_ne!(landing.commit, last, "that of the last part");
}

#[test]
fn a_part_that_was_backported_under_the_number_of_the_whole_is_a_part() {
    let yard = ground();
    let oids = ["one", "two"]
        .map(|part| yard.commit(&format!("part-{part}"), "x\n", &format!("Part {part} of it all (#12)")));
    let ask = wants(&[(12, oids[1])]);
    switch(&yard, LINE);
    // By hand, without a trailer: the patch is the first part's, the number that of both.
    let first = yard.commit("part-one", "x\n", "Part one of it all (#12) (#40)");
    let found = look(&yard, &ask);
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.grade, landing.commit, landing.of), (Grade::Part, first, Some(oids[0])));
    yard.commit("part-two", "x\n", "Part two of it all (#12) (#41)");
    assert_eq!(look(&yard, &ask).grade(12), Some((Grade::PatchId, Some(false))), "now all of it is there");
}

#[test]
fn all_parts_in_one_commit_are_all_of_it() {
    let yard = ground();
    let oids = ["one", "two"]
        .map(|part| yard.commit(&format!("part-{part}"), "x\n", &format!("Part {part} of it all (#12)")));
    switch(&yard, LINE);
    std::fs::write(yard.path().join("part-one"), "x\n").unwrap();
    yard.git(&["add", "part-one"]);
    let whole = yard.commit("part-two", "x\n", "All of it (backport #12) (#40)");
    let found = look(&yard, &wants(&[(12, oids[1])]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.grade, landing.commit), (Grade::Pull, whole));
}

#[test]
fn a_merge_is_there_when_all_that_it_brought_is() {
    let yard = ground();
    yard.git(&["checkout", "-q", "-b", "topic"]);
    let one = yard.commit("one", "1\n", "The first half of it");
    let two = yard.commit("two", "2\n", "The second half of it");
    switch(&yard, "main");
    yard.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #12 from ann/topic", "topic"]);
    yard.git(&["branch", "-D", "-q", "topic"]);
    let merge = yard.head();
    let ask = wants(&[(12, merge)]);
    switch(&yard, LINE);
    pick(&yard, &["-x", &one.to_string()]);
    assert_eq!(look(&yard, &ask).grade(12), Some((Grade::Part, None)));
    pick(&yard, &["-x", &two.to_string()]);
    assert_eq!(look(&yard, &ask).grade(12), Some((Grade::Trailer, Some(false))));
}

#[test]
fn a_merge_picked_as_one_is_there_by_its_trailer() {
    let yard = ground();
    yard.git(&["checkout", "-q", "-b", "topic"]);
    yard.commit("one", "1\n", "The first half of it");
    yard.commit("two", "2\n", "The second half of it");
    switch(&yard, "main");
    yard.git(&["merge", "-q", "--no-ff", "-m", "Merge pull request #12 from ann/topic", "topic"]);
    yard.git(&["branch", "-D", "-q", "topic"]);
    let merge = yard.head();
    switch(&yard, LINE);
    pick(&yard, &["-x", "-m", "1", &merge.to_string()]);
    let found = look(&yard, &wants(&[(12, merge)]));
    assert_eq!(found.on(12, LINE).map(|it| it.grade), Some(Grade::Trailer));
}

#[test]
fn nothing_is_said_of_a_line_that_has_nothing_of_it() {
    let yard = ground();
    let oid = fix(&yard, 12);
    let found = look(&yard, &wants(&[(12, oid)]));
    assert!(found.landings.is_empty() && found.notes.is_empty());
    assert_eq!(found.changes.len(), 1);
}
