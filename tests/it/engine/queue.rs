//! The queue before it is applied: what is needed is put first, an order is found and taken, what has moved meanwhile
//! stops it, and what is too much is counted.

use super::backport::{answer, stop_at_conflict, text};
use super::demo::{journal, open, printed};
use super::landing::{apply, git, pushed, received, watch};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::put_script;
use std::path::Path;

const ESCAPE: &str = "\x1b";
/// What the pick of the sample that conflicts needs first, #247.
const ONE_PLACE: &str = "one place for the retry";

/// Goes to the pick whose title holds some words, by the filter.
fn go_to(term: &mut Term, words: &str) {
    term.press(&format!("/{words}"));
    term.see(&format!("/{words}"));
    term.see("1 of ");
    term.press(ENTER);
    term.until("the filter is kept", |screen| !screen.contains("enter keep"));
    term.press("G");
    term.until("the pick alone", |screen| screen.contains(words) && !screen.contains("≡ landed"));
}

/// Takes the filter away. Escape and a key in one read would be a key with alt.
fn all_of_it(term: &mut Term) {
    term.press(ESCAPE);
    term.see("≡ landed");
}

fn picks(term: &mut Term) {
    term.press("5");
    term.see("[5 Picks");
    term.see("To decide");
    term.see("CONFLICT");
}

/// The order that a fact of the journal says, by numbers; none when there is none by that.
fn ordered(dir: &Path, by: &str) -> Option<Vec<String>> {
    let text = text(dir);
    let line = text
        .lines()
        .rfind(|it| it.contains("\"kind\":\"pick.order\"") && it.contains(&format!("\"by\":\"{by}\"")))?;
    let entry: serde_json::Value = serde_json::from_str(line).unwrap();
    let names = entry["body"]["order"].as_array().unwrap().iter();
    Some(names.map(|it| it.as_str().unwrap().rsplit('#').next().unwrap().to_owned()).collect())
}

#[test]
fn what_a_pick_needs_is_put_first_by_a_key_and_both_are_applied_in_their_order() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    let origin = dir.path().join("origin.git");
    watch(&origin);
    picks(&mut term);
    go_to(&mut term, "jitter");
    term.see("Needs first");
    term.see("w puts it there");
    assert!(ordered(dir.path(), "needs").is_none());
    term.press("w");
    term.meanwhile("the order on record", || ordered(dir.path(), "needs").is_some());
    let order = ordered(dir.path(), "needs").unwrap();
    let place = |number: &str| order.iter().position(|it| it == number).unwrap();
    assert_eq!(place("247") + 1, place("249"), "{order:?}");
    // It is predicted again, on top of what it needs.
    term.see("after 247");
    term.press("a");
    term.see("accepted #249");
    all_of_it(&mut term);
    go_to(&mut term, ONE_PLACE);
    term.press("a");
    term.see("accepted #247");
    all_of_it(&mut term);
    term.press("A");
    term.see("Apply 2 picks to ");
    let screen = term.screen();
    let line = screen.split("Apply 2 picks to ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    term.see("git cherry-pick -x");
    term.press(&line);
    term.see("enter goes");
    term.press(ENTER);
    term.meanwhile("the push", || pushed(dir.path()));
    let [[old, new, _]] = &received(&origin)[..] else { panic!("{:?}", received(&origin)) };
    let subjects = git(&origin, &["log", "--reverse", "--format=%s", &format!("{old}..{new}")]);
    let lines: Vec<_> = subjects.lines().collect();
    assert!(lines.len() == 2 && lines[0].contains(ONE_PLACE) && lines[1].contains("jitter"), "{subjects}");
    assert!(!text(dir.path()).contains("\"status\":\"conflict\""), "both applied clean");
    assert!(term.leave().success());
    let journal = journal(dir.path());
    printed(&["journal", "verify", journal.to_str().unwrap()], dir.path());
}

#[test]
fn an_order_that_helps_is_shown_before_it_is_taken_and_is_on_record() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    picks(&mut term);
    go_to(&mut term, ONE_PLACE);
    term.press("a");
    term.see("accepted #247");
    all_of_it(&mut term);
    go_to(&mut term, "jitter");
    term.see("after 247");
    // Moved before what it needs, it conflicts.
    for _ in 0..12 {
        if term.screen().contains("CONFLICT on") {
            break;
        }
        let before = ordered(dir.path(), "hand");
        term.press("<");
        term.meanwhile("the move", || ordered(dir.path(), "hand") != before);
        term.until("a verdict", |screen| screen.contains("CONFLICT on") || screen.contains("after 247"));
        term.settle();
    }
    term.see("CONFLICT on");
    term.press("s");
    term.see("Order of release-0.6.x: 1 pick elsewhere");
    term.see("as it is:  7 apply, 2 conflict, 1 empty");
    term.see("reordered: 8 apply, 1 conflicts, 1 empty");
    assert!(ordered(dir.path(), "fix").is_none(), "it is shown before it is taken");
    term.press(ENTER);
    term.meanwhile("the order on record", || ordered(dir.path(), "fix").is_some());
    let order = ordered(dir.path(), "fix").unwrap();
    let place = |number: &str| order.iter().position(|it| it == number).unwrap();
    assert!(place("247") < place("249"), "{order:?}");
    term.see("after 247");
    assert!(term.leave().success());
    let journal = journal(dir.path());
    let shown = printed(&["journal", "show", journal.to_str().unwrap()], dir.path());
    assert!(shown.contains("order"), "{shown}");
    printed(&["journal", "verify", journal.to_str().unwrap()], dir.path());
}

#[test]
fn a_line_that_somebody_forced_elsewhere_meanwhile_stops_it_and_nothing_is_pushed() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    let origin = dir.path().join("origin.git");
    picks(&mut term);
    term.press("n");
    term.press("a");
    term.see("Accepted, to apply");
    term.press("A");
    term.see("Apply 1 pick to ");
    let line = "release-0.6.x";
    term.press(line);
    term.see("enter goes");
    // While the plan is read, the line is forced one commit back.
    let name = format!("refs/heads/{line}");
    let before = git(&origin, &["rev-parse", &name]);
    git(&origin, &["update-ref", &name, &format!("{before}~1")]);
    watch(&origin);
    term.press(ENTER);
    let ended = || text(dir.path()).contains("\"kind\":\"ref.push.outcome\"");
    term.meanwhile("the end of the push", ended);
    let said = text(dir.path());
    assert!(said.contains("nothing was pushed. Plan again on the new tip"), "{said}");
    assert!(!pushed(dir.path()) && received(&origin).is_empty());
    assert_eq!(git(&origin, &["rev-parse", &name]), git(&origin, &["rev-parse", &format!("{before}~1")]));
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

#[test]
fn a_trunk_that_somebody_rewrote_meanwhile_loses_no_pick_that_was_accepted() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    let (origin, clone) = (dir.path().join("origin.git"), dir.path().join("widget"));
    picks(&mut term);
    term.press("n");
    term.press("a");
    term.see("Accepted, to apply");
    // The trunk is one commit on top of the first, and none of those that were merged.
    let first = git(&origin, &["rev-list", "--max-parents=0", "refs/heads/main"]);
    let old = git(&origin, &["rev-parse", "refs/heads/main"]);
    let tree = format!("{old}^{{tree}}");
    let new = git(&origin, &["commit-tree", "-p", &first, "-m", "All of it, in one", &tree]);
    git(&origin, &["update-ref", "refs/heads/main", &new]);
    watch(&origin);
    git(&clone, &["fetch", "-q", "origin"]);
    term.press("r");
    let seen = || {
        let rows = text(dir.path());
        rows.lines().any(|it| it.contains("\"kind\":\"obs.branches\"") && it.contains(&new))
    };
    term.meanwhile("the new trunk on record", seen);
    term.see("Accepted, to apply");
    apply(&mut term);
    term.meanwhile("the push", || pushed(dir.path()));
    let got = received(&origin);
    let [[before, after, _]] = &got[..] else { panic!("{got:?}") };
    assert_eq!(git(&origin, &["rev-list", "--count", &format!("{before}..{after}")]), "1");
    let said = git(&origin, &["log", "-1", "--format=%B", after]);
    let of = said.split("(cherry picked from commit ").nth(1).unwrap().split(')').next().unwrap();
    git(&clone, &["merge-base", "--is-ancestor", of, &old]);
    assert_eq!(git(&origin, &["rev-parse", "refs/heads/main"]), new, "the trunk is as somebody made it");
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

#[test]
fn conflict_markers_are_not_offered_for_a_line_and_may_be_refused_for_a_draft() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    stop_at_conflict(&mut term);
    term.press("c");
    term.see("stopped at 1 of 1");
    term.see("leave this commit out");
    assert!(!term.screen().contains("commit the markers"), "{}", term.screen());
    term.press(ESCAPE);
    term.until("closed", |screen| !screen.contains("stopped at 1 of 1"));
    answer(&mut term, "call off");
    term.meanwhile("the end of it", || text(dir.path()).contains("called off; the branch is as it was"));
    term.until("no flag", |screen| !screen.contains("resolving"));
    // For a pull request of its own they are; a hook of the repository has the last word.
    let hook = dir.path().join("widget/.git/hooks/pre-commit");
    put_script(&hook, "git diff --cached | grep -q '^+<<<<<<< ' || exit 0; echo 'markers never' >&2; exit 1");
    term.press("B");
    term.see("Open 1 backport pull request");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
    term.see("resolving");
    answer(&mut term, "commit the markers");
    term.meanwhile("the refusal", || text(dir.path()).contains("markers never"));
    assert!(!text(dir.path()).contains("\"pull.open.intent\""), "nothing is opened of it");
    term.until("the notice", |screen| screen.contains("markers never"));
    std::fs::remove_file(hook).unwrap();
    answer(&mut term, "commit the markers");
    term.meanwhile("the commit", || text(dir.path()).contains("1 committed with conflict markers"));
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

/// Puts three hundred files on the trunk and others of the same names on the line, and gives the commit of the trunk.
fn crowd(dir: &Path) -> String {
    git(dir, &["clone", "-q", "origin.git", "other"]);
    let other = dir.join("other");
    let put = |text: &str| {
        std::fs::create_dir_all(other.join("many")).unwrap();
        for number in 0..300 {
            std::fs::write(other.join(format!("many/{number}")), format!("{text}\n")).unwrap();
        }
        git(&other, &["add", "many"]);
        git(&other, &["commit", "-q", "-m", &format!("Three hundred files of the {text}")]);
        git(&other, &["push", "-q", "origin", "HEAD"]);
        git(&other, &["rev-parse", "HEAD"])
    };
    let commit = put("trunk");
    git(&other, &["checkout", "-q", "release-0.6.x"]);
    put("line");
    commit
}

#[test]
fn a_conflict_in_three_hundred_files_is_counted_and_waits() {
    let dir = tempfile::tempdir().unwrap();
    assert!(open(dir.path()).leave().success());
    let commit = crowd(dir.path());
    git(&dir.path().join("widget"), &["fetch", "-q"]);
    let mut term = open(dir.path());
    picks(&mut term);
    term.press("=");
    term.see("Add to the queue");
    term.press(&commit);
    term.press(ENTER);
    term.meanwhile("the pick", || text(dir.path()).contains("\"kind\":\"pick.add\""));
    go_to(&mut term, "Three hundred");
    term.see("CONFLICT on");
    term.see("more file");
    term.press("a");
    term.see("accepted ");
    apply(&mut term);
    term.see("resolving");
    let said = text(dir.path());
    assert!(said.contains("and 295 more") || said.contains("295 more; c resolves it"), "{said}");
    assert!(said.contains("\"conflicts\":\"300\""), "{said}");
    answer(&mut term, "call off");
    term.meanwhile("the end of it", || text(dir.path()).contains("called off; the branch is as it was"));
    assert!(term.leave().success());
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

#[test]
fn a_label_that_stands_for_several_lines_says_so_beside_the_pick() {
    let dir = tempfile::tempdir().unwrap();
    let preset = include_str!("../../../src/core/process/presets/llama-stack.toml");
    let process = dir.path().join("process.toml");
    let labels =
        preset.replace("labels = [\"backport {branch}\"]", "labels = [\"backport release-{major}.6.x\"]");
    assert_ne!(labels, preset);
    std::fs::write(&process, labels).unwrap();
    let words = ["demo", "--process", process.to_str().unwrap(), "--dir", dir.path().to_str().unwrap()];
    let mut term = Term::start(gonogo(&words, dir.path()));
    term.see("api ");
    picks(&mut term);
    go_to(&mut term, "jitter");
    term.until("the doubt", |screen| {
        let said: String = screen.split_whitespace().collect::<Vec<_>>().join(" ");
        said.contains("stands for") && said.contains("alike")
    });
    assert!(term.leave().success());
}
