//! The acts that plan a release, from the key to the forge: milestone, tracking issue, what is left over.

use super::backport::{counts, text};
use super::demo::{journal, printed};
use super::pty::{ENTER, Term, gonogo};
use super::trouble::Site;
use gonogo::demo::Fault;
use rustix::process::Signal;
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

/// A forge of its own, that goes on when the cockpit is killed, and the cockpit on its checklist.
fn apart() -> (Site, Term) {
    let mut site = Site::of("dragonfly");
    let at = site.args.iter().position(|word| word == "--release").unwrap() + 1;
    site.args[at] = "v2.7.0".to_owned();
    let term = again(&site);
    (site, term)
}

fn again(site: &Site) -> Term {
    let mut term = site.open_with(&[]);
    term.see("api ");
    term.press("6");
    term.see("[6 Checklist");
    term
}

/// Answers what is unfinished until nothing is: what stays in doubt did not happen, what stands still goes on.
fn go_on(term: &mut Term, dir: &Path, kinds: &[&str], lost: bool, over: impl Fn() -> bool) {
    let settled = || {
        kinds.iter().all(|kind| {
            let [begun, ended] = counts(dir, kind);
            begun <= ended
        })
    };
    if !lost {
        term.meanwhile("what is in doubt to be looked for", settled);
    }
    term.settle();
    if !settled() {
        answer(term, "it did not happen");
        term.meanwhile("the word of a person", settled);
        term.settle();
    }
    if !over() {
        answer(term, "go on with");
        // A plan of many steps keeps the pace that the forge asks for: each step has its own time.
        let done = || kinds.iter().map(|kind| counts(dir, kind)[1]).sum::<usize>();
        while !over() {
            let before = done();
            term.meanwhile("the next step of the plan", || over() || done() > before);
        }
    }
}

fn answer(term: &mut Term, choice: &str) {
    term.press("gu");
    term.see("Unfinished");
    term.press(choice);
    term.press(ENTER);
    term.until("its effect", |screen| !screen.contains("Unfinished"));
}

#[test]
fn killed_while_issues_move_each_moves_once_and_says_so_once() {
    for (kind, end, fault) in
        [("issue.move", "intent", Some(Fault::Drop)), ("issue.comment", "intent", Some(Fault::LostReply))]
    {
        let (site, mut term) = apart();
        let dir = site.dir.path();
        term.meanwhile("the issues", || {
            text(dir).contains("\"obs.issues\"") && text(dir).contains("\"obs.milestones\"")
        });
        term.settle();
        begin(&mut term, "Move complex features");
        term.see("Why move them to ");
        term.press("no time left");
        term.press(ENTER);
        term.see("issues to ");
        if let Some(fault) = fault.clone() {
            let (method, path) =
                if kind == "issue.move" { ("PATCH", "/issues/") } else { ("POST", "/comments") };
            site.faults.next(1, method, path, fault);
        }
        go(&mut term);
        term.meanwhile(end, || text(dir).contains(&format!("\"kind\":\"{kind}.{end}\"")));
        term.meanwhile("the request", || fault.is_none() || site.faults.all_met());
        term.signal(Signal::KILL);
        term.end();
        let steps = text(dir)
            .lines()
            .find(|it| it.contains("\"plan.accept\""))
            .unwrap()
            .matches("\"kind\":\"issue.move\"")
            .count();
        let mut term = again(&site);
        let over = || {
            let (moves, said) = (ended(dir, "issue.move", "ok"), ended(dir, "issue.comment", "ok"));
            moves == steps && said == steps
        };
        let lost = fault == Some(Fault::Drop);
        go_on(&mut term, dir, &["issue.move", "issue.comment"], lost, over);
        let (all, there) = (moved(dir), forge(&dir.join("demo")));
        assert_eq!(all.len(), steps);
        for (repo, number) in &all {
            let full = |it: &&Value| {
                *repo == format!("{}/{}", it["owner"].as_str().unwrap(), it["name"].as_str().unwrap())
            };
            let held = there["repositories"].as_array().unwrap().iter().find(full).unwrap();
            let says =
                |it: &&Value| it["issue"] == *number && it["body"].as_str().unwrap().contains("no time left");
            assert_eq!(
                held["comments"].as_array().unwrap().iter().filter(says).count(),
                1,
                "{repo}#{number} {kind}.{end}"
            );
            // How often it left a milestone is counted by the forge, and so by the next release.
            let left = |it: &&Value| {
                it["issue"] == *number && it["kind"] == "demilestoned" && it["detail"] == "v2.7.0"
            };
            assert_eq!(
                held["events"].as_array().unwrap().iter().filter(left).count(),
                1,
                "{repo}#{number} {kind}.{end}"
            );
        }
        assert!(term.leave().success());
        printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
    }
}

#[test]
fn killed_while_a_milestone_is_created_each_repository_has_it_once() {
    for end in ["intent", "outcome"] {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path();
        let mut term = open(dir);
        term.meanwhile("the milestones", || text(dir).contains("\"obs.milestones\""));
        term.settle();
        begin(&mut term, "Create the milestone in each");
        term.see("when is it due?");
        term.press(ENTER);
        term.see("create the milestone");
        go(&mut term);
        term.meanwhile(end, || text(dir).contains(&format!("\"kind\":\"milestone.create.{end}\"")));
        term.signal(Signal::KILL);
        term.end();
        let accepted = text(dir).lines().find(|it| it.contains("\"plan.accept\"")).unwrap().to_owned();
        let accepted: Value = serde_json::from_str(&accepted).unwrap();
        let steps = accepted["body"]["steps"].as_array().unwrap();
        let title = steps[0]["errand"]["body"]["title"].as_str().unwrap();
        let mut term = open(dir);
        let over = || {
            let all = ["ok", "abandoned"].iter().map(|it| ended(dir, "milestone.create", it));
            all.sum::<usize>() == steps.len()
        };
        go_on(&mut term, dir, &["milestone.create"], true, over);
        let there = forge(dir);
        let mut count = 0;
        for step in steps {
            let repo = step["errand"]["body"]["target"].as_str().unwrap();
            let full = |it: &&Value| {
                repo == format!("{}/{}", it["owner"].as_str().unwrap(), it["name"].as_str().unwrap())
            };
            let held = there["repositories"].as_array().unwrap().iter().find(full).unwrap();
            let here =
                held["milestones"].as_array().unwrap().iter().filter(|it| it["title"] == title).count();
            assert!(here <= 1, "{repo} {end}");
            count += here;
        }
        // What never arrived, and of which a person said so, is for the next plan to make.
        assert!(count >= ended(dir, "milestone.create", "ok"), "{end}");
        assert!(count + 1 >= steps.len(), "{end}");
        assert!(term.leave().success());
        printed(&["journal", "verify", journal(dir).to_str().unwrap()], dir);
    }
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
