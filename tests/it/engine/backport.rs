//! Picks on their way to a line in the demo: by pull request, through a conflict, killed in between.

use super::demo::{journal, open, printed};
use super::pty::{ENTER, Term, gonogo};
use crate::git::yard::put_script;
use rustix::process::Signal;
use serde_json::Value;
use std::path::Path;

/// The journal's text as it is now.
pub fn text(dir: &Path) -> String {
    std::fs::read_to_string(journal(dir).join("seg-000001.jsonl")).unwrap_or_default()
}

/// Pull requests that the forge keeps, by their own branch.
pub fn pulls(dir: &Path) -> Vec<String> {
    // The forge writes the file while this reads it.
    let text = std::fs::read_to_string(dir.join("forge.json")).unwrap_or_default();
    let Ok(forge) = serde_json::from_str::<Value>(&text) else { return Vec::new() };
    let mut found = vec![];
    let mut todo = vec![&forge];
    while let Some(value) = todo.pop() {
        match value {
            Value::Object(map) => {
                let body = map.get("body").and_then(Value::as_str).unwrap_or_default();
                if let (Some(pull), true) = (map.get("pull"), body.contains("gonogo:op=")) {
                    found.extend(pull["head"].as_str().map(str::to_owned));
                }
                todo.extend(map.values());
            }
            Value::Array(list) => todo.extend(list),
            _ => {}
        }
    }
    found
}

fn begin(term: &mut Term) {
    term.press("5");
    term.see("[5 Picks");
    term.see("To decide");
    term.see("clean");
    term.press("n");
    term.press("a");
    term.see("Accepted, to apply");
    term.press("B");
    term.see("Open 1 backport pull request");
    term.see("POST /repos/");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
}

#[test]
fn a_pick_becomes_a_branch_and_a_pull_request_and_its_row_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    begin(&mut term);
    term.meanwhile("the pull request", || text(dir.path()).contains("\"pull.open.outcome\""));
    term.see("open PR");
    assert!(term.leave().success());
    let kinds: Vec<_> = ["pick.apply", "pick.push", "pull.open"]
        .iter()
        .map(|kind| text(dir.path()).matches(&format!("\"{kind}.outcome\"")).count())
        .collect();
    assert_eq!(kinds, [1, 1, 1]);
    assert_eq!(pulls(dir.path()).len(), 1);
    let left = std::fs::read_dir(dir.path().join("state/applying")).unwrap().count();
    assert_eq!(left, 0, "the worktree is gone");
    printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
}

/// How many errands of a kind are on record as begun, and as ended.
pub fn counts(dir: &Path, kind: &str) -> [usize; 2] {
    let text = text(dir);
    ["intent", "outcome"].map(|end| text.matches(&format!("\"kind\":\"{kind}.{end}\"")).count())
}

/// Opens it again after a crash, and says go until the pull request is there.
fn go_on(dir: &Path) {
    let mut term = open(dir);
    let opened =
        || text(dir).lines().any(|it| it.contains("pull.open.outcome\"") && it.contains("\"status\":\"ok\""));
    let settled = || {
        ["pick.apply", "pick.push", "pull.open"].iter().all(|kind| {
            let [begun, ended] = counts(dir, kind);
            begun <= ended
        })
    };
    for _ in 0..4 {
        term.meanwhile("what is in doubt to be looked for", settled);
        if opened() {
            break;
        }
        let ended = counts(dir, "pull.open")[1];
        term.unfinished(&["go on with"]);
        term.meanwhile("the pull request", || opened() || counts(dir, "pull.open")[1] > ended);
    }
    assert!(opened(), "{}", text(dir));
    term.leave();
}

#[test]
fn killed_at_any_step_there_is_one_branch_and_one_pull_request_in_the_end() {
    for step in ["pick.apply.intent", "pick.push.intent", "pick.push.outcome", "pull.open.intent"] {
        let dir = tempfile::tempdir().unwrap();
        let mut term = open(dir.path());
        begin(&mut term);
        term.meanwhile(step, || text(dir.path()).contains(&format!("\"kind\":\"{step}\"")));
        term.signal(Signal::KILL);
        term.end();
        go_on(dir.path());
        assert_eq!(pulls(dir.path()).len(), 1, "{step}");
        printed(&["journal", "verify", journal(dir.path()).to_str().unwrap()], dir.path());
    }
}

/// Opens the demo with an editor that leaves both sides of each conflict.
fn open_with_editor(dir: &Path) -> Term {
    let editor = dir.join("editor");
    put_script(&editor, "sed -i -e '/^<<<<<<< /d' -e '/^=======$/d' -e '/^>>>>>>> /d' \"$@\"");
    open_with(dir, &[("EDITOR", editor.to_str().unwrap())])
}

/// Opens the demo with variables in its environment.
pub fn open_with(dir: &Path, variables: &[(&str, &str)]) -> Term {
    let mut command = gonogo(&["demo", "--dir", dir.to_str().unwrap()], dir);
    command.envs(variables.iter().copied());
    let mut term = Term::start(command);
    term.see("Release Owner");
    term.see("api ");
    term
}

pub fn stop_at_conflict(term: &mut Term) {
    term.press("5");
    term.see("[5 Picks");
    term.see("CONFLICT");
    term.press("/negotiate");
    term.see("1 of ");
    term.press(ENTER);
    term.press("G");
    term.press("a");
    term.see("accepted ·");
    term.press("A");
    term.see("Apply 1 pick to ");
    let screen = term.screen();
    let line = screen.split("Apply 1 pick to ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    term.see("git cherry-pick -x");
    term.press(&line);
    term.see("enter goes");
    term.press(ENTER);
    term.see("resolving");
}

/// Chooses of what `c` offers, and says go to the plan that follows.
pub fn answer(term: &mut Term, choice: &str) {
    term.press("c");
    term.see(" stopped at ");
    term.press(choice);
    term.press(ENTER);
    term.see("[ Cancel ]");
    term.press("\t");
    term.see("[ Go ]");
    term.press(ENTER);
}

#[test]
fn a_conflict_is_resolved_in_the_editor_after_a_crash_and_pushed_once_it_was_shown() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open_with_editor(dir.path());
    stop_at_conflict(&mut term);
    term.signal(Signal::KILL);
    term.end();
    let mut term = open_with_editor(dir.path());
    term.press("5");
    term.see("resolving");
    answer(&mut term, "go on");
    term.meanwhile("the refusal", || text(dir.path()).contains("has conflict markers left"));
    term.press("c");
    term.see("edit the conflicting files");
    term.press(ENTER);
    term.see("c goes on with the picks");
    answer(&mut term, "go on");
    term.meanwhile("the resolution", || text(dir.path()).contains("1 resolved by hand"));
    term.until("no flag", |screen| !screen.contains("resolving"));
    assert!(!text(dir.path()).contains("\"ref.push.intent\""), "nothing is pushed before it was shown");
    term.press("c");
    term.see("git push --atomic");
    term.press(ENTER);
    term.meanwhile("the push", || text(dir.path()).contains("\"ref.push.outcome\""));
    assert!(term.leave().success());
    let last = text(dir.path()).lines().filter(|it| it.contains("\"ref.push.outcome\"")).count();
    assert_eq!(last, 1);
    assert!(text(dir.path()).contains("\"status\":\"ok\",\"note\":\"release-"), "{}", text(dir.path()));
}

#[test]
fn a_conflict_that_is_called_off_leaves_the_line_and_no_worktree() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open_with_editor(dir.path());
    stop_at_conflict(&mut term);
    answer(&mut term, "call off");
    term.meanwhile("the end of it", || text(dir.path()).contains("called off; the branch is as it was"));
    term.until("no flag", |screen| !screen.contains("resolving"));
    assert!(term.leave().success());
    assert!(!text(dir.path()).contains("\"ref.push.intent\""));
    assert_eq!(std::fs::read_dir(dir.path().join("state/applying")).unwrap().count(), 0);
}
