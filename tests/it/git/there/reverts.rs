//! The revert alarm: reverted on the trunk and alive on a line, reverted on the line, reverted and still wanted.

use super::super::yard::Yard;
use super::{Found, LINE, ground, look, pick, switch, wants};
use gonogo::release::ids::Oid;

fn revert(yard: &Yard, oid: Oid) -> Oid {
    yard.git(&["revert", "--no-edit", &oid.to_string()]);
    yard.tick();
    yard.head()
}

fn fix(yard: &Yard) -> Oid {
    yard.commit("fix", "mended\n", "Mend the thing for good (#12)")
}

#[test]
fn reverted_on_the_trunk_and_alive_on_the_line() {
    let yard = ground();
    let oid = fix(&yard);
    switch(&yard, LINE);
    pick(&yard, &["-x", &oid.to_string()]);
    switch(&yard, "main");
    let back = revert(&yard, oid);
    let found = look(&yard, &wants(&[(12, oid)]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.reverted, landing.trunk_reverted), (None, Some(back)));
    assert_eq!(found.change(12).reverted, Some(back));
}

#[test]
fn reverted_on_the_trunk_after_the_line_was_cut() {
    let yard = ground();
    let oid = fix(&yard);
    yard.git(&["branch", "-f", LINE]);
    let back = revert(&yard, oid);
    assert_eq!(look(&yard, &wants(&[(12, oid)])).on(12, LINE).unwrap().trunk_reverted, Some(back));
}

#[test]
fn reverted_on_the_trunk_and_still_in_the_queue() {
    let yard = ground();
    let oid = fix(&yard);
    let back = revert(&yard, oid);
    let found = look(&yard, &wants(&[(12, oid)]));
    assert!(found.on(12, LINE).is_none());
    assert_eq!(found.change(12).reverted, Some(back));
}

#[test]
fn reverted_on_the_line() {
    let yard = ground();
    let oid = fix(&yard);
    switch(&yard, LINE);
    let there = pick(&yard, &["-x", &oid.to_string()]);
    let back = revert(&yard, there);
    let found = look(&yard, &wants(&[(12, oid)]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.commit, landing.reverted, landing.trunk_reverted), (there, Some(back), None));
    assert_eq!(found.change(12).reverted, None);
}

#[test]
fn a_revert_that_was_picked_reverts_the_pick() {
    let yard = ground();
    let oid = fix(&yard);
    let back = revert(&yard, oid);
    switch(&yard, LINE);
    // Without -x, so that only the patch ties the two together.
    pick(&yard, &[&oid.to_string()]);
    let there = pick(&yard, &[&back.to_string()]);
    let found = look(&yard, &wants(&[(12, oid)]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.reverted, landing.trunk_reverted), (Some(there), None), "it does not live on");
}

#[test]
fn a_revert_of_a_revert_brings_it_back() {
    let yard = ground();
    let oid = fix(&yard);
    switch(&yard, LINE);
    let there = pick(&yard, &["-x", &oid.to_string()]);
    let back = revert(&yard, there);
    let again = revert(&yard, back);
    let ask = wants(&[(12, oid)]);
    assert_eq!(look(&yard, &ask).on(12, LINE).unwrap().reverted, None);
    let last = revert(&yard, again);
    // The revert is in force again, by the revert of what took it back.
    assert_eq!(look(&yard, &ask).on(12, LINE).unwrap().reverted, Some(back), "{last} puts it in force again");
}

#[test]
fn what_landed_anew_after_a_revert_is_there() {
    let yard = ground();
    let oid = fix(&yard);
    switch(&yard, LINE);
    let there = pick(&yard, &["-x", &oid.to_string()]);
    revert(&yard, there);
    let anew = pick(&yard, &["-x", &oid.to_string()]);
    let found = look(&yard, &wants(&[(12, oid)]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.commit, landing.reverted), (anew, None));
}

#[test]
fn a_revert_that_names_no_commit_counts_by_its_subject_or_number() {
    for message in [
        "Revert \"Mend the thing for good (#12)\" (#15)",
        "Take it out again\n\nReverts octo/widget#12",
        "[main] Revert \"Mend the thing for good (#12)\"",
    ] {
        let yard = ground();
        let oid = fix(&yard);
        let back = yard.commit("fix", "broken again\n", message);
        assert_eq!(look(&yard, &wants(&[(12, oid)])).change(12).reverted, Some(back), "{message}");
    }
}

#[test]
fn what_only_looks_like_a_revert() {
    for message in [
        "Talk of how Revert \"Mend the thing for good (#12)\" came to be",
        "Note\n\nThis does not say: This reverts commit {oid}.",
        "Revert \"Mend another thing (#13)\"",
    ] {
        let yard = ground();
        let oid = fix(&yard);
        yard.commit("note", "x\n", &message.replace("{oid}", &oid.to_string()));
        assert_eq!(look(&yard, &wants(&[(12, oid)])).change(12).reverted, None, "{message}");
    }
}
