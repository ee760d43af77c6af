//! Every pane in every state: full, empty, not read, stale, failed; and what each state has to say.

use super::super::paper::styled;
use super::super::story::{Story, ago, repo, text as outside};
use super::{draw, on, text};
use gonogo::release::Pane;
use gonogo::release::looks::{Complete, LookKey, Topic};
use gonogo::release::milestone::{Chosen, Milestone, MilestonesSeen};
use gonogo::screen::{Mode, TABS};

/// Heights are those of the body, between the bars.
const SIZES: [(u16, u16); 3] = [(80, 20), (120, 31), (200, 45)];

/// Everything was read, and there is nothing of anything.
fn empty() -> Story {
    let mut story = Story::opened();
    story.add("seb", ago(60), Chosen { title: outside("0.6.0") });
    let row = Milestone {
        number: 21,
        title: outside("0.6.0"),
        open: true,
        due: None,
        open_issues: 0,
        closed_issues: 0,
    };
    story.add("seb", ago(59), MilestonesSeen { repo: repo(), rows: vec![row], gone: vec![] });
    let owner = repo();
    let looks = [
        (Topic::Git, ""),
        (Topic::Milestones, owner.as_str()),
        (Topic::Issues, owner.as_str()),
        (Topic::Picks, owner.as_str()),
        (Topic::Releases, ""),
        (Topic::Checks, "main"),
        (Topic::Checks, "release-0.6.x"),
        (Topic::Required, "main"),
    ];
    for (topic, scope) in looks {
        story.add(
            "seb",
            ago(58),
            Complete { look: LookKey::new(topic, scope), count: 0, upto: None, partly: None },
        );
    }
    story.fold()
}

fn shots(name: &str, story: &Story) {
    for tab in TABS {
        let mut out = String::new();
        for size in SIZES {
            let mut screen = story.screen(size.0, size.1);
            if name != "full" {
                // What is known of looks comes from the journal alone.
                screen.fresh.0.clear();
            }
            let screen = on(screen, &story.release, tab);
            out.push_str(&format!("{}x{}\n{}\n", size.0, size.1, styled(&draw(&story.release, &screen))));
        }
        insta::assert_snapshot!(format!("{name}_{tab:?}").to_lowercase(), out);
    }
}

#[test]
fn full() {
    shots("full", &Story::full());
}

#[test]
fn not_read() {
    shots("not_read", &Story::opened());
}

#[test]
fn nothing_there() {
    shots("empty", &empty());
}

#[test]
fn stale() {
    shots("stale", &Story::full().failing());
}

#[test]
fn failed() {
    shots("failed", &Story::opened().failing());
}

fn shown(story: &Story, tab: Pane) -> String {
    let mut screen = story.screen(120, 31);
    screen.fresh.0.clear();
    let screen = on(screen, &story.release, tab);
    text(&story.release, &screen)
}

#[test]
fn what_was_not_read_says_which_key_reads_it() {
    for tab in [Pane::Branches, Pane::Picks, Pane::Candidate, Pane::Ci] {
        let text = shown(&Story::opened(), tab);
        assert!(text.contains("not read yet") && text.contains("r reads"), "{tab:?}\n{text}");
    }
}

#[test]
fn a_look_that_failed_keeps_the_rows_and_says_their_age_and_why() {
    for tab in [Pane::Milestone, Pane::Ci, Pane::Picks] {
        let text = shown(&Story::full().failing(), tab);
        assert!(text.contains("! stale,") && text.contains("old: GitHub answered 502"), "{tab:?}\n{text}");
    }
    let milestone = shown(&Story::full().failing(), Pane::Milestone);
    assert!(milestone.contains("#5748"), "{milestone}");
}

#[test]
fn what_was_never_readable_says_why_and_what_next() {
    for tab in [Pane::Ci, Pane::Picks] {
        let mut story = Story::opened();
        story.add(
            "seb",
            ago(20),
            gonogo::release::looks::Failed {
                look: LookKey::new(Topic::Checks, "main"),
                why: outside("403: the token lacks the permission checks: read"),
            },
        );
        story.add(
            "seb",
            ago(20),
            gonogo::release::looks::Failed {
                look: LookKey::new(Topic::Picks, repo().as_str()),
                why: outside("403: the token lacks the permission checks: read"),
            },
        );
        let text = shown(&story.fold(), tab);
        assert!(text.contains("could not be read"), "{tab:?}\n{text}");
        assert!(text.contains("lacks the permission") && text.contains("tries again"), "{tab:?}\n{text}");
    }
}

#[test]
fn an_empty_pane_says_why_and_what_to_do() {
    let story = empty();
    let wanted = [
        (Pane::Milestone, "The milestone is empty"),
        (Pane::Picks, "A pick goes to a release branch"),
        (Pane::Candidate, "Nothing is tagged in this clone"),
        (Pane::Branches, "Neither main nor a branch"),
        (Pane::Ci, "Nothing reported on the tip"),
    ];
    for (tab, said) in wanted {
        let text = shown(&story, tab);
        assert!(text.contains(said), "{tab:?} {said}\n{text}");
    }
}

#[test]
fn an_overridden_gate_names_who_overrode_it() {
    let text = shown(&Story::full(), Pane::Overview);
    let row = text.lines().find(|line| line.contains("test.py")).expect("the gate");
    assert!(row.contains("! GO") && row.contains("overridden by seb"), "{row}");
}

#[test]
fn a_replay_offers_no_key_that_writes() {
    let story = Story::full();
    for tab in TABS {
        for mode in [Mode::Live, Mode::Replay] {
            let mut screen = story.screen(200, 45);
            screen.mode = mode;
            let mut screen = on(screen, &story.release, tab);
            let list = screen.list_mut();
            if tab != Pane::Overview {
                list.go(3);
            }
            let text = text(&story.release, &screen);
            let writes = ["Punt…", "Re-run failed…", "Branch…", "skip…", "waive…"];
            let offered = writes.iter().any(|word| text.contains(word));
            let may = mode == Mode::Live
                && matches!(
                    tab,
                    Pane::Overview | Pane::Milestone | Pane::Ci | Pane::Branches | Pane::Checklist
                );
            assert_eq!(offered, may, "{tab:?} {mode:?}\n{text}");
        }
    }
}

#[test]
fn the_checks_beside_the_poll_are_never_blank() {
    use gonogo::release::checks::RequiredSeen;
    let block = |story: &Story| {
        let shown = shown(story, Pane::Overview);
        let from = shown.find("CI release-0.6.x").unwrap_or_else(|| panic!("{shown}"));
        shown[from..].lines().skip(1).take(4).collect::<Vec<_>>().join("\n")
    };
    let required = |names: &[&str]| {
        let mut story = Story::opened();
        let names = names.iter().map(|it| outside(it)).collect();
        story.add(
            "seb",
            ago(20),
            RequiredSeen {
                branch: super::super::story::branch("release-0.6.x"),
                contexts: names,
                protected: true,
            },
        );
        story.fold()
    };
    for names in [&[][..], &["lint"]] {
        let story = required(names);
        assert!(block(&story).contains("not read yet"), "{}", block(&story));
        let mut story = required(names);
        let look = LookKey::new(Topic::Checks, "release-0.6.x");
        let why = outside("the reply is not understood");
        story.add("seb", ago(20), gonogo::release::looks::Failed { look, why });
        let said = block(&story.fold());
        assert!(said.contains("could not be read") && !said.contains("missing"), "{said}");
    }
}

#[test]
fn no_key_is_named_that_reads_nothing() {
    // While the forge asks to be left alone.
    for (story, tab) in [(Story::opened(), Pane::Picks), (Story::opened().failing(), Pane::Picks)] {
        let mut screen = story.screen(120, 31);
        screen.fresh.0.clear();
        screen.held = Some(super::super::story::now() + chrono::TimeDelta::minutes(7));
        let text = text(&story.release, &on(screen, &story.release, tab));
        assert!(text.contains("goes on in 7m"), "{text}");
        assert!(!text.contains("r reads") && !text.contains("r tries"), "{text}");
    }
    // Where there is no forge.
    let mut book = crate::release::ground::Book::blank("v1.2.0", None, "none");
    book.complete(Topic::Git, "");
    let mut screen = Story::opened().screen(120, 31);
    screen.fresh.0.clear();
    let text = text(&book.release, &on(screen, &book.release, Pane::Ci));
    assert!(text.contains("on no forge") && !text.contains("r reads"), "{text}");
}
