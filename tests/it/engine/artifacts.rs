//! From the tag to the gate in the demo: nobody is asked before the tag, then what its registries have is on record,
//! on the screen and in a replay.

use super::demo::{journal, open, printed};
use super::pty::{ENTER, Term, gonogo};
use git2::{Repository, Signature, Time};

/// Puts the cursor on the final tag: its artifacts stand first beside it.
fn find(term: &mut Term) {
    term.see("v0.6.2 so far");
    let row = |line: &str| line.contains("v0.6.2 ") && line.contains("final");
    term.until("the row of the tag", |screen| screen.lines().any(row));
    term.press("/v0.6.2");
    term.press(ENTER);
    // The cursor stays on the row where it was, which may be a candidate.
    term.press("gg");
}

#[test]
fn what_is_published_of_a_tag_is_seen_recorded_and_replayed() {
    let dir = tempfile::tempdir().unwrap();
    let mut term = open(dir.path());
    term.press("7");
    term.see("[7 RC");
    // A tag of yesterday: its build and its registries are long done.
    let clone = Repository::open(dir.path().join("widget")).unwrap();
    let head = clone.revparse_single("refs/remotes/origin/release-0.6.x").unwrap();
    let when = Time::new(chrono::Utc::now().timestamp() - 86_400, 0);
    let by = Signature::new("ann", "ann@example.com", &when).unwrap();
    clone.tag("v0.6.2", &head, &by, "v0.6.2", false).unwrap();
    clone.find_remote("origin").unwrap().push(&["refs/tags/v0.6.2:refs/tags/v0.6.2"], None).unwrap();
    term.press("r");
    find(&mut term);
    // All but the GitHub release, which nobody has published.
    term.see("Artifacts: 5 of 6 there");
    term.see("linux/arm64");
    term.see("a draft, not published");
    assert!(term.leave().success());

    let journal = journal(dir.path());
    let shown = printed(&["journal", "show", journal.to_str().unwrap()], dir.path());
    assert!(shown.contains("llama-stack on PyPI is there for v0.6.2"), "{shown}");
    assert!(shown.contains("GitHub release is not there for v0.6.2"), "{shown}");
    printed(&["journal", "verify", journal.to_str().unwrap()], dir.path());

    let mut replay = Term::start(gonogo(&["replay", journal.to_str().unwrap()], dir.path()));
    replay.see("REPLAY");
    replay.press("7");
    replay.see("[7 RC");
    find(&mut replay);
    replay.see("Artifacts: 5 of 6 there");
    assert!(replay.leave().success());
}
