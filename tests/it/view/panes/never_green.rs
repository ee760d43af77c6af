//! What is not known to have passed is not shown as passed.

use super::super::story::{Story, ago, branch, oid, text as outside};
use super::{on, text};
use gonogo::release::Pane;
use gonogo::release::checks::{Check, CheckState, ChecksSeen, RequiredSeen};

fn with(state: Option<CheckState>) -> Story {
    let mut story = Story::full();
    let line = branch("release-0.6.x");
    let contexts = vec![outside("gate-keeper")];
    story.add("seb", ago(2), RequiredSeen { branch: line.clone(), contexts, protected: true });
    let row = |state| Check {
        name: outside("gate-keeper"),
        state,
        workflow: None,
        run: None,
        url: None,
        started: None,
        ended: None,
    };
    let rows = state.into_iter().map(row).collect();
    story.add("seb", ago(1), ChecksSeen { branch: line, sha: oid(777), rows, gone: vec![], history: vec![] });
    story.fold()
}

#[test]
fn unknown_skipped_and_missing_checks_are_not_green() {
    let states = [
        (None, "! missing"),
        (Some(CheckState::Unknown), "! unknown"),
        (Some(CheckState::Skipped), "– skipped"),
        (Some(CheckState::Neutral), "– neutral"),
        (Some(CheckState::Stale), "! stale"),
        (Some(CheckState::ActionRequired), "⚑ needs action"),
        (Some(CheckState::Queued), "◌ queued"),
        (Some(CheckState::Cancelled), "✗ cancelled"),
    ];
    for (state, word) in states {
        let story = with(state);
        let screen = on(story.screen(120, 31), &story.release, Pane::Ci);
        let shown = text(&story.release, &screen);
        let row = shown.lines().find(|line| line.contains("* gate-keeper")).expect("the row");
        assert!(row.contains(word), "{word}\n{row}");
        assert!(!row.contains('✓') && !row.contains("passed"), "{row}");
        // The same in the branches' own column, and in the poll.
        let screen = on(story.screen(120, 31), &story.release, Pane::Branches);
        let shown = text(&story.release, &screen);
        let row = shown.lines().find(|line| line.contains("release-0.6.x")).expect("the row");
        assert!(!row.contains('✓'), "{row}");
    }
    let story = with(Some(CheckState::Passed));
    let screen = on(story.screen(120, 31), &story.release, Pane::Ci);
    let shown = text(&story.release, &screen);
    let row = shown.lines().find(|line| line.contains("* gate-keeper")).expect("the row");
    assert!(row.contains("✓ passed"), "{row}");
}

#[test]
fn checks_of_an_older_commit_say_that_none_of_them_counts() {
    let story = with(Some(CheckState::Passed));
    let screen = on(story.screen(120, 31), &story.release, Pane::Ci);
    let shown = text(&story.release, &screen);
    assert!(shown.contains("none of them counts"), "{shown}");
}
