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
    swept(dir.path(), &text());
}

/// What a crash left of the operation in a journal goes at the next start, and what is not known to be over stays.
fn swept(dir: &std::path::Path, text: &str) {
    let intent = text.lines().find(|it| it.contains("ApplyPicks") || it.contains(".apply.intent")).unwrap();
    let intent: serde_json::Value = serde_json::from_str(intent).unwrap();
    let applying = dir.join("state/applying");
    let left = |op: &str| {
        let place = applying.join(format!("gonogo-picks-{op}"));
        std::fs::create_dir_all(place.join("git")).unwrap();
        let common = dir.join("widget/.git").canonicalize().unwrap();
        std::fs::write(place.join("git/commondir"), format!("{}\n", common.display())).unwrap();
        place
    };
    let (over, other) = (left(intent["op"].as_str().unwrap()), left("01K00000000000000000000001"));
    let mut term = open(dir);
    term.meanwhile("what is over is swept away", || !over.exists());
    assert!(term.leave().success());
    assert!(other.exists(), "it may be another release's");
}
