//! The acts that plan a release, from the key to the forge: milestone, tracking issue, what is left over.

use super::backport::text;
use super::pty::{ENTER, Term, gonogo};
use serde_json::Value;
use std::collections::BTreeSet;
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

/// A value of the forge's records.
fn forge(dir: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(dir.join("forge.json")).unwrap()).unwrap()
}

/// The issues that the journal says were to be moved: repository and number.
fn moved(dir: &Path) -> BTreeSet<(String, u64)> {
    let all = text(dir);
    let lines = all.lines().filter(|line| line.contains("\"issue.move.intent\""));
    let target = |line: &str| {
        let target = serde_json::from_str::<Value>(line).unwrap()["body"]["target"].clone();
        (target["repo"].as_str().unwrap().to_owned(), target["number"].as_u64().unwrap())
    };
    lines.map(target).collect()
}

#[test]
fn what_rolls_over_is_moved_once_and_says_why_once() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.meanwhile("the issues", || {
        let lines = text(dir.path());
        lines.contains("\"obs.issues\"") && lines.contains("\"obs.milestones\"")
    });
    term.settle();
    begin(&mut term, "Move complex features");
    term.see("Why move them to ");
    term.press("no time left");
    term.press(ENTER);
    term.see("issues to ");
    go(&mut term);
    term.meanwhile("the first move", || !moved(dir.path()).is_empty());
    let sent = || {
        let (moves, said) = (ended(dir.path(), "issue.move", "ok"), ended(dir.path(), "issue.comment", "ok"));
        moves > 1 && moves == said && moves == moved(dir.path()).len()
    };
    term.until("the end of the plan", |screen| !screen.contains("cancel") && sent());
    let (all, there) = (moved(dir.path()), forge(dir.path()));
    for (repo, number) in &all {
        let full = |it: &&Value| {
            *repo == format!("{}/{}", it["owner"].as_str().unwrap(), it["name"].as_str().unwrap())
        };
        let held = there["repositories"].as_array().unwrap().iter().find(full).unwrap();
        let title = |number: &Value| {
            let of_it = |it: &&Value| it["number"] == *number;
            held["milestones"].as_array().unwrap().iter().find(of_it).map(|it| it["title"].clone())
        };
        let milestone = title(&held["issues"][number.to_string()]["milestone"]);
        assert_ne!(milestone, Some("v2.7.0".into()), "{repo}#{number}");
        let says =
            |it: &&Value| it["issue"] == *number && it["body"].as_str().unwrap().contains("no time left");
        let comments = held["comments"].as_array().unwrap().iter().filter(says).count();
        assert_eq!(comments, 1, "{repo}#{number} says why, once");
    }
    assert!(term.leave().success());
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
