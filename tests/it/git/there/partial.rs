//! Clones that lack something, and repositories with longer ids.

use super::super::yard::{Yard, branch, git, run};
use super::{Found, LINE, ask, ground, look, pick, pull, switch, wants};
use gonogo::git::{AskedPick, Graph, Kept, PicksAsk, PicksFound, find};
use gonogo::release::ids::Oid;
use gonogo::release::picks::Grade;
use gonogo::spawn::Cancel;
use std::path::Path;
use std::sync::Arc;

fn look_at(dir: &Path, ask: &PicksAsk) -> PicksFound {
    let (git, at) = (git(), find(dir).unwrap());
    let refs = run(git.refs(&at)).unwrap();
    let mut graph = Graph::new();
    let tips: Vec<Oid> = refs.branches.values().map(|row| row.tip).collect();
    run(graph.extend(&git, &at, &tips)).unwrap();
    run(git.picks(&at, Arc::new(graph), &refs, ask, &mut Kept::default(), &Cancel::new())).unwrap()
}

/// A fix that is on the line by trailer, one by its patch alone, and history on both sides.
fn story() -> (Yard, Oid, Oid) {
    let yard = ground();
    let one = yard.commit("one", "1\n", "Mend one (#12)");
    let two = yard.commit("two", "1\n", "Mend two (#13)");
    yard.commit("three", "1\n", "Go on (#14)");
    switch(&yard, LINE);
    pick(&yard, &["-x", &one.to_string()]);
    yard.commit("two", "1\n", "Called otherwise");
    (yard, one, two)
}

fn clone(yard: &Yard, words: &[&str]) -> std::path::PathBuf {
    let url = format!("file://{}", yard.path().display());
    yard.git(&["config", "uploadpack.allowFilter", "true"]);
    let mut all = vec!["clone", "-q", "--no-checkout", "--no-single-branch"];
    all.extend(words);
    all.extend([url.as_str(), "copy"]);
    yard.git_in(yard.root(), &all);
    yard.root().join("copy")
}

#[test]
fn a_partial_clone_tells_what_it_can_and_says_the_rest() {
    let (yard, one, two) = story();
    let copy = clone(&yard, &["--filter=blob:none"]);
    let found = look_at(&copy, &wants(&[(12, one), (13, two)]));
    let landing = found.on(12, LINE).unwrap();
    assert_eq!((landing.grade, landing.modified), (Grade::Trailer, None), "not compared is not known");
    assert!(found.on(13, LINE).is_none());
    assert!(found.notes.iter().any(|note| note.contains("patches were not compared")), "{:?}", found.notes);
    assert!(
        found.notes.iter().any(|note| note.contains("sizes of changes are not known")),
        "{:?}",
        found.notes
    );
    assert_eq!(found.change(12).commits[0].oid, one);
}

#[test]
fn a_shallow_clone_compares_no_patch_at_its_cut() {
    let (yard, one, two) = story();
    let copy = clone(&yard, &["--depth=2"]);
    let mut ask = wants(&[(12, one), (13, two)]);
    super::add(&mut ask, AskedPick::of(pull(14)), LINE);
    let found = look_at(&copy, &ask);
    let why = |number| found.change(number).problem.as_ref().map(|it| it.line()).unwrap_or_default();
    assert!(why(12).ends_with("is not in this clone: fetch it"), "{}", why(12));
    assert_eq!(why(14), "");
    // Number 13 stands at the cut: its own change is not known, so nothing is claimed of it.
    assert!(found.on(13, LINE).is_none());
    assert!(found.notes.iter().any(|note| note.contains("shallow")), "{:?}", found.notes);
}

#[test]
fn a_repository_of_sha_256() {
    let yard = Yard::with(&["--initial-branch=main", "--object-format=sha256"]);
    yard.commit("base", "1\n", "Start of everything");
    yard.git(&["branch", LINE]);
    let one = yard.commit("one", "1\n", "Mend one (#12)");
    let two = yard.commit("two", "1\n", "Mend two (#13)");
    let gone = yard.commit("gone", "1\n", "A mistake (#14)");
    yard.git(&["revert", "--no-edit", &gone.to_string()]);
    let back = yard.head();
    switch(&yard, LINE);
    pick(&yard, &["-x", &one.to_string()]);
    yard.commit("two", "1\n", "Called otherwise");
    let found = look(&yard, &wants(&[(12, one), (13, two), (14, gone)]));
    assert_eq!(found.grade(12), Some((Grade::Trailer, Some(false))));
    assert_eq!(found.grade(13), Some((Grade::PatchId, Some(false))));
    assert_eq!(found.change(14).reverted, Some(back));
}

#[test]
fn a_look_that_is_cancelled_says_so() {
    let (yard, one, _) = story();
    let (git, at, refs) = (git(), yard.at(), yard.refs());
    let mut graph = Graph::new();
    let tips: Vec<Oid> = refs.branches.values().map(|row| row.tip).collect();
    run(graph.extend(&git, &at, &tips)).unwrap();
    let cancel = Cancel::new();
    cancel.cancel();
    let (ask, mut kept) = (wants(&[(12, one)]), Kept::default());
    let graph = Arc::new(graph);
    let asked = git.picks(&at, Arc::clone(&graph), &refs, &ask, &mut kept, &cancel);
    assert!(run(asked).unwrap_err().to_string().contains("cancelled"));
    // What was kept by then is of use to the next look.
    let found = run(git.picks(&at, graph, &refs, &ask, &mut kept, &Cancel::new())).unwrap();
    assert_eq!(found.grade(12), Some((Grade::Trailer, Some(false))));
}

#[test]
fn a_trunk_that_is_not_there_is_named() {
    let yard = ground();
    let ask = PicksAsk { trunk: branch("master"), ..ask(&[LINE]) };
    let (git, at, refs) = (git(), yard.at(), yard.refs());
    let mut kept = Kept::default();
    let cancel = Cancel::new();
    let asked = git.picks(&at, Arc::new(Graph::new()), &refs, &ask, &mut kept, &cancel);
    let why = run(asked).unwrap_err().to_string();
    assert!(why.starts_with("the trunk of the process, ") && why.contains("is not in this clone; "), "{why}");
    assert!(why.contains("write trunk"), "it says what to do: {why}");
}
