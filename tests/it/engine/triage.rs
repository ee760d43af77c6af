//! A queue in the demo: predicted by real git, decided by a key, taken back, and the same in a replay.

use super::demo::{journal, open, printed};

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
    term.see("Approved, to apply");
    term.press("z");
    term.see("To decide");
    assert!(term.leave().success());
    let journal = journal(dir.path());
    let journal = journal.to_str().unwrap();
    let shown = printed(&["journal", "show", journal], dir.path());
    for said in ["predicted", "accepted", "undo"] {
        assert!(shown.contains(said), "{said}\n{shown}");
    }
    printed(&["journal", "verify", journal], dir.path());
}
