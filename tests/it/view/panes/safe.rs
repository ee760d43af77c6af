//! Text from outside is shown, never obeyed.

use super::super::story::{Story, ago, branch, oid, repo, text as outside};
use super::{draw, on, text};
use gonogo::release::Pane;
use gonogo::release::branches::{Commit, Line, LineKind, LinesSeen};
use gonogo::release::checks::{Check, CheckState, ChecksSeen};
use gonogo::release::milestone::{Issue, IssuesSeen};
use gonogo::release::picks::{Pick, PickState, PicksSeen};
use gonogo::screen::TABS;

/// Escape sequences, a bidi override, a zero-width space, a newline.
const EVIL: &str = "\u{1b}[31mred\u{1b}]52;c;AAAA\u{7}\u{202e}gpj\u{200b}\n\rsecond";

fn evil() -> Story {
    let mut story = Story::full();
    let issue = Issue {
        number: 1,
        title: outside(EVIL),
        open: true,
        pull: false,
        labels: vec![outside("blocker"), outside(EVIL)],
        assignees: vec![outside(EVIL)],
        author: Some(outside(EVIL)),
        milestone: Some(21),
        created: ago(5),
        updated: ago(5),
        closed: None,
        comments: 0,
        rolls: None,
        entered: None,
    };
    story.add(EVIL, ago(9), IssuesSeen { repo: repo(), rows: vec![issue], gone: vec![] });
    let check = Check {
        name: outside(EVIL),
        state: CheckState::Failed,
        workflow: Some(outside(EVIL)),
        run: None,
        url: None,
        started: None,
        ended: None,
    };
    let line = branch("release-0.6.x");
    story.add(
        EVIL,
        ago(8),
        ChecksSeen { branch: line.clone(), sha: oid(601), rows: vec![check], gone: vec![], history: vec![] },
    );
    let pick = Pick {
        number: 1,
        title: outside(EVIL),
        author: Some(outside(EVIL)),
        line: line.clone(),
        label: outside(EVIL),
        state: PickState::Proposed,
        evidence: Some(outside(EVIL)),
        merged: None,
        at: None,
        asked: vec![],
        backport: None,
        facts: None,
        closed: false,
        notes: vec![],
    };
    story.add(EVIL, ago(7), PicksSeen { repo: repo(), rows: vec![pick], gone: vec![], strays: None });
    let commit = Commit { oid: oid(3), subject: outside(EVIL), author: outside(EVIL), at: ago(3) };
    let row = Line {
        branch: line,
        kind: LineKind::Release,
        tip: oid(601),
        subject: outside(EVIL),
        at: ago(3),
        last_tag: None,
        ahead: Some(1),
        behind: Some(1),
        unreleased: Some(1),
        commits: vec![commit.clone()],
        drift: vec![commit],
        drifting: Some(1),
        alike: vec![],
    };
    story.add(EVIL, ago(6), LinesSeen { rows: vec![row], gone: vec![] });
    story.fold()
}

#[test]
fn no_cell_holds_a_control_or_a_bidi_character() {
    let story = evil();
    for tab in TABS {
        for size in [(80, 20), (120, 31), (200, 45)] {
            let mut screen = on(story.screen(size.0, size.1), &story.release, tab);
            for at in 0..screen.list().rows.len().min(12) {
                screen.list_mut().go(at);
                for cell in &draw(&story.release, &screen).content {
                    let bad = |c: char| {
                        c.is_control() || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
                    };
                    assert!(!cell.symbol().chars().any(bad), "{tab:?} {:?}", cell.symbol());
                }
            }
        }
    }
}

#[test]
fn what_was_made_safe_is_still_seen() {
    let story = evil();
    let screen = on(story.screen(200, 45), &story.release, Pane::Milestone);
    let shown = text(&story.release, &screen);
    assert!(shown.contains("␛[31mred") && shown.contains("⟨U+202E⟩"), "{shown}");
}
