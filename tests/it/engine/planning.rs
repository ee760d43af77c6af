//! The acts that plan a release, from the key to the forge: milestone, tracking issue, what is left over.

use super::backport::text;
use super::pty::{ENTER, Term, gonogo};
use std::path::Path;

fn open(dir: &Path) -> Term {
    let mut term = Term::start(gonogo(
        &["demo", "--process", "dragonfly", "--release", "v2.7.0", "--dir", dir.to_str().unwrap()],
        dir,
    ));
    term.see("api ");
    term.press("6");
    term.see("[6 Checklist");
    term
}

/// Goes to an item and presses its key.
fn begin(term: &mut Term, item: &str) {
    term.press(&format!("/{item}"));
    term.see(&format!(" /{item}"));
    term.see("1 of ");
    term.press(ENTER);
    term.press("G");
    term.press("X");
}

fn go(term: &mut Term) {
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
}

/// How many outcomes of a kind say this.
fn ended(dir: &Path, kind: &str, status: &str) -> usize {
    let (kind, status) = (format!("\"{kind}.outcome\""), format!("\"status\":\"{status}\""));
    text(dir).lines().filter(|line| line.contains(&kind) && line.contains(&status)).count()
}

#[test]
fn a_milestone_an_issue_and_the_rest_go_to_the_forge_and_are_seen_there() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    begin(&mut term, "Create the tracking issue");
    term.see("### ");
    go(&mut term);
    term.meanwhile("the issue", || ended(dir.path(), "issue.open", "ok") == 1);
    term.settle();
    term.press("X");
    term.see("it is there: ");
    term.press("\x1b");
    term.settle();
    begin(&mut term, "Move complex features");
    term.see("Why move them to ");
    term.press(ENTER);
    term.see("a rationale is needed");
    term.press("no time left");
    term.press(ENTER);
    term.see("issues to ");
    go(&mut term);
    let moved = || ended(dir.path(), "issue.move", "ok") > 0;
    term.meanwhile("a move", moved);
    assert!(text(dir.path()).contains("no time left"));
    term.leave();
}
