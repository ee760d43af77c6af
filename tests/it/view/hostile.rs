//! Text that would move the cursor, turn the line round or hide something: shown, never obeyed.

use super::paper::{dark, draw};
use super::stories;
use super::story::{Story, branch, repo, text};
use gonogo::release::branches::LinesSeen;
use gonogo::release::candidates::ReleasesSeen;
use gonogo::release::checklist::Attached;
use gonogo::release::checks::{ChecksSeen, LogSeen};
use gonogo::release::ids::{Branch, Tag};
use gonogo::release::looks::{Failed, LookKey, Topic};
use gonogo::release::milestone::{Chosen, IssuesSeen, MilestonesSeen};
use gonogo::release::picks::PicksSeen;
use gonogo::release::session::Refused;
use gonogo::release::text::Untrusted;
use gonogo::release::{Fact, fact};
use gonogo::screen::{TABS, rows};
use gonogo::view::plain;

const VECTORS: [&str; 9] = [
    "\x1b[2J\x1b[H\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07\x1b]8;;http://evil\x1b\\x\x1b]52;c;ZXZpbA==\x07",
    "\u{9b}2J\u{90}q\u{9c}",
    "safe\u{202e}gnp.exe\u{202c}\u{2066}x\u{2069}\u{200f}",
    "ad\u{200b}m\u{2060}i\u{feff}n\u{ad}\u{200d}",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}",
    "tag\u{e0041}\u{e0042}\u{2028}\u{2029}\u{fff9}",
    "\r\n\t\x08\x08\x7f\0over",
    "\u{e000}private\u{10fffe}\u{fdd0}",
];

/// What no cell may hold.
fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}' | '\u{e0000}'..='\u{10ffff}')
}

/// Puts hostile text into every text field of a fact.
fn poison(fact: &mut Fact, evil: &str) {
    let evil = &text(evil);
    let all = |list: &mut Vec<Untrusted>| list.iter_mut().for_each(|it| *it = evil.clone());
    match fact {
        Fact::Milestone(fact::Milestone::Issues(IssuesSeen { rows, .. })) => {
            for row in rows {
                row.title = evil.clone();
                all(&mut row.labels);
                row.labels.push(text("release-blocker"));
                row.assignees = vec![evil.clone()];
                row.author = Some(evil.clone());
            }
        }
        Fact::Milestone(fact::Milestone::Seen(MilestonesSeen { rows, .. })) => {
            rows.iter_mut().for_each(|row| row.title = evil.clone());
        }
        Fact::Milestone(fact::Milestone::Chosen(Chosen { title })) => *title = evil.clone(),
        Fact::Checks(fact::Checks::Seen(ChecksSeen { rows, .. })) => {
            for row in rows.iter_mut().take(12) {
                row.workflow = Some(evil.clone());
            }
            if let Some(row) = rows.first_mut() {
                row.name = evil.clone();
            }
        }
        Fact::Checks(fact::Checks::Log(LogSeen { step, tail, .. })) => {
            *step = Some(evil.clone());
            *tail = evil.clone();
        }
        Fact::Branches(fact::Branches::Seen(LinesSeen { rows, .. })) => {
            for row in rows {
                row.subject = evil.clone();
                for commit in row.commits.iter_mut().chain(&mut row.drift) {
                    commit.subject = evil.clone();
                    commit.author = evil.clone();
                }
            }
        }
        Fact::Candidates(fact::Candidates::Releases(ReleasesSeen { rows, .. })) => {
            for row in rows {
                row.name = Some(evil.clone());
                if row.draft {
                    row.tag = evil.clone();
                }
            }
        }
        Fact::Picks(fact::Picks::Seen(PicksSeen { rows, .. })) => {
            for row in rows {
                row.title = evil.clone();
                row.author = Some(evil.clone());
                row.label = evil.clone();
                row.evidence = Some(evil.clone());
            }
        }
        Fact::Checklist(fact::Checklist::Ticked(it)) => {
            it.why = Some(evil.clone());
            all(&mut it.evidence);
        }
        Fact::Checklist(fact::Checklist::Attached(Attached { text, .. })) => *text = evil.clone(),
        Fact::Gate(fact::Gate::Overridden(it)) => {
            it.why = evil.clone();
            it.reading = evil.clone();
        }
        Fact::Session(fact::Session::Refused(Refused { ask, target, why, hint })) => {
            (*ask, *target, *why, *hint) = (evil.clone(), evil.clone(), evil.clone(), Some(evil.clone()));
        }
        Fact::Plan(fact::Plan::Accepted(it)) => it.title = evil.clone(),
        _ => {}
    }
}

fn poisoned(evil: &str) -> Story {
    let mut story = Story::default();
    for mut entry in Story::full().entries {
        poison(&mut entry.fact, evil);
        entry.by = evil.into();
        story.release.apply(&entry);
        story.entries.push(entry);
    }
    let failed = Failed { look: LookKey::new(Topic::Issues, repo().as_str()), why: text(evil) };
    story.add(evil, gonogo_now(), failed);
    story.fold()
}

fn gonogo_now() -> chrono::DateTime<chrono::Utc> {
    super::story::now()
}

#[test]
fn no_text_from_outside_reaches_a_cell_as_it_came() {
    for evil in VECTORS {
        let story = poisoned(evil);
        let mut screens = vec![];
        for tab in TABS {
            let mut screen = story.screen(140, 30);
            screen.tab = tab;
            for present in [false, true] {
                screen.options.present = present;
                screen.list_mut().filter = evil.to_owned();
                screen.list_mut().typing = true;
                screens.push(screen.clone());
                screen.list_mut().filter = String::new();
                rows::remake(&mut screen, &story.release);
                screen.list_mut().step(4);
                screens.push(screen.clone());
            }
        }
        for (_, (_, dialog)) in stories::all() {
            let mut screen = story.screen(120, 36);
            screen.dialogs = dialog.dialogs;
            screens.push(screen);
        }
        for screen in screens {
            let (buffer, _) = draw(&story.release, &screen, &dark());
            for cell in &buffer.content {
                let found = cell.symbol().chars().find(|c| is_forbidden(*c));
                assert_eq!(found, None, "{:?} of {evil:?} in {:?}", cell.symbol(), screen.tab);
            }
        }
        let mut screen = story.screen(120, 36);
        let mut lines = plain::status(&story.release, &screen);
        lines.extend(plain::changes(&story.release, 0));
        for tab in TABS {
            screen.tab = tab;
            lines.extend(plain::tab(&story.release, &screen));
        }
        assert!(!lines.join("").contains(is_forbidden), "{evil:?}");
    }
}

#[test]
fn hostile_names_that_git_allows_are_shown() {
    let name = "release-0.6.x\u{202e}\u{9b}";
    assert!(Branch::parse(name).is_ok() && Tag::parse(name).is_ok());
    let mut story = Story::full();
    let mut lines: Vec<_> = story.release.lines.0.values().cloned().collect();
    lines.iter_mut().for_each(|line| line.branch = branch(name));
    story.add("seb", gonogo_now(), LinesSeen { rows: lines, gone: vec![] });
    let story = story.fold();
    for tab in TABS {
        let mut screen = story.screen(120, 36);
        screen.tab = tab;
        screen.branch = Some(branch(name));
        rows::remake(&mut screen, &story.release);
        let (buffer, _) = draw(&story.release, &screen, &dark());
        assert!(buffer.content.iter().all(|cell| !cell.symbol().contains(is_forbidden)), "{tab:?}");
    }
}
