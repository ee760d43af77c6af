//! A queue in the demo: predicted by real git, decided by a key, taken back, and the same in a replay.

use super::demo::{journal, open, printed};
use super::pty::ENTER;

#[test]
fn a_queue_is_predicted_decided_and_taken_back() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.press("5");
    term.see("[5 Picks");
    term.see("To decide");
    term.see("clean");
    term.press("n");
    term.press("a");
    term.see("z undo");
    term.see("Accepted, to apply");
    term.press("z");
    let journal = journal(dir.path());
    let segment = journal.join("seg-000001.jsonl");
    let undone = || std::fs::read_to_string(&segment).unwrap_or_default().contains("\"undo\"");
    term.meanwhile("the undo", undone);
    assert!(term.leave().success());
    let journal = journal.to_str().unwrap();
    let shown = printed(&["journal", "show", journal], dir.path());
    for said in ["predicted", "accepted", "undo"] {
        assert!(shown.contains(said), "{said}\n{shown}");
    }
    printed(&["journal", "verify", journal], dir.path());
}

#[test]
fn accepted_picks_are_applied_and_pushed_and_nothing_is_left_behind() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.press("5");
    term.see("To decide");
    term.see("clean");
    term.press("n");
    term.press("a");
    term.see("Accepted, to apply");
    term.press("A");
    term.see("Apply 1 pick to ");
    let screen = term.screen();
    let line = screen.split("Apply 1 pick to ").nth(1).unwrap().split(' ').next().unwrap().to_owned();
    term.see("git cherry-pick -x");
    term.press(&line);
    term.see("enter goes");
    term.press(ENTER);
    let at = journal(dir.path());
    let text = || std::fs::read_to_string(at.join("seg-000001.jsonl")).unwrap_or_default();
    term.meanwhile("the push", || text().contains("\"ref.push.outcome\""));
    assert!(term.leave().success());
    let ends: Vec<_> = text().lines().filter(|it| it.contains(".outcome\"")).map(str::to_owned).collect();
    assert!(ends.iter().all(|it| it.contains("\"status\":\"ok\"")), "{ends:#?}");
    let left = std::fs::read_dir(dir.path().join("state/applying")).unwrap().count();
    assert_eq!(left, 0, "the worktree is gone");
    printed(&["journal", "verify", at.to_str().unwrap()], dir.path());
}
