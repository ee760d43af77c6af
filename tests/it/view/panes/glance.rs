//! What is understood at one glance: titles are read, what is GO makes room, a state has one sign everywhere.

use super::super::paper::{dark, draw as whole, text as words};
use super::super::queue;
use super::super::story::{Story, branch};
use super::{on, text};
use gonogo::release::Pane;
use gonogo::release::poll::Verdict;
use gonogo::screen::rows::RowId;
use gonogo::screen::{Glyphs, TABS};

#[test]
fn gates_that_are_go_make_room_for_those_that_are_not() {
    let story = Story::full();
    let wide = on(story.screen(120, 36), &story.release, Pane::Overview);
    assert!(!words(&whole(&story.release, &wide, &dark()).0).contains("more gates"));
    let mut screen = on(story.screen(80, 24), &story.release, Pane::Overview);
    let shown = words(&whole(&story.release, &screen, &dark()).0);
    assert!(shown.contains("✓ 3 more gates are GO"), "{shown}");
    for polled in &screen.poll {
        let stays = polled.verdict != Verdict::Go || polled.overridden.is_some();
        let row = format!(" {}  ", polled.title);
        assert_eq!(shown.lines().take(14).any(|line| line.contains(&row)), stays, "{row}\n{shown}");
    }
    let green = screen.poll.iter().find(|it| it.verdict == Verdict::Go).expect("a gate that is GO");
    let (id, title) = (RowId::Gate(green.gate.clone()), format!(" {}  ", green.title));
    assert!(screen.list_mut().go_to(&id));
    let shown = words(&whole(&story.release, &screen, &dark()).0);
    assert!(shown.contains("✓ 2 more gates are GO"), "{shown}");
    assert!(shown.lines().any(|line| line.contains("✓ GO") && line.contains(&title)), "{shown}");
}

#[test]
fn forty_cells_of_a_title_are_read_before_a_column_that_may_leave() {
    let story = queue::story();
    let gonogo::release::picks::PickKey::Pull(issue) = queue::pull(5742) else {
        unreachable!("a pull request")
    };
    let fix = "fix(deps): critical and high severity C";
    let rows = [
        (Pane::Milestone, RowId::Issue(issue), fix),
        (Pane::Checklist, RowId::Item("triage".to_owned()), "Settle what is open in #triage; priorit"),
        (Pane::Picks, RowId::Pick(queue::pull(5742), branch("release-0.6.x")), fix),
    ];
    for (tab, id, title) in rows {
        assert_eq!(title.len(), 39, "the fortieth is the sign that it was cut");
        for (columns, height) in [(80, 24), (120, 36), (200, 50)] {
            let mut screen = on(story.screen(columns, height), &story.release, tab);
            assert!(screen.list_mut().go_to(&id), "{tab:?}");
            let shown = words(&whole(&story.release, &screen, &dark()).0);
            // In the detail the title stands at the start of its line; in the list after other columns.
            let listed = |line: &str| line.find(title).is_some_and(|at| at > 12 && at < 60);
            assert!(shown.lines().any(listed), "{tab:?} {columns}\n{shown}");
        }
    }
}

#[test]
fn an_item_has_the_same_sign_in_its_checklist_its_detail_and_what_blocks() {
    let story = Story::full();
    let mut list = on(story.screen(200, 45), &story.release, Pane::Checklist);
    let agenda = on(story.screen(200, 50), &story.release, Pane::Overview);
    let blocking = words(&whole(&story.release, &agenda, &dark()).0);
    let sign = |shown: &str, words: &str| {
        let line = shown.lines().find(|line| line.contains(words)).expect("the row");
        line.chars().find(|c| "✓✗◒◌⚑⊘!–≡".contains(*c)).expect("a sign")
    };
    let row = sign(&text(&story.release, &list), "The docs are verified ");
    assert_eq!(sign(&blocking, "item    The docs are verified"), row);
    assert!(list.list_mut().go_to(&RowId::Item("docs-verified".to_owned())));
    let detail = text(&story.release, &list);
    let said = detail.lines().find(|line| line.contains("Says now")).expect("its check");
    assert!(said.split("Says now").nth(1).is_some_and(|rest| rest.trim_start().starts_with(row)), "{said}");
}

#[test]
fn a_red_check_names_the_commits_between_its_last_green_and_its_first_red() {
    let story = Story::full();
    let mut screen = on(story.screen(120, 36), &story.release, Pane::Ci);
    let go = |name: &str| RowId::Check(super::super::story::text(name));
    assert!(screen.list_mut().go_to(&go("e2e / postgres")));
    let shown = text(&story.release, &screen);
    assert!(shown.contains("Suspect") && shown.contains("(#5733), by seb"), "{shown}");
    assert!(!shown.contains("by ali"), "it was green on the commit before\n{shown}");
    assert!(screen.list_mut().go_to(&go("pre-commit")));
    assert!(!text(&story.release, &screen).contains("Suspect"), "it is green");
}

#[test]
fn the_room_sees_how_far_the_agenda_is_and_how_long_it_took() {
    let story = Story::full();
    let mut screen = on(story.screen(120, 36), &story.release, Pane::Milestone);
    screen.options.present = true;
    screen.presenting = Some(screen.now - chrono::TimeDelta::minutes(12));
    let key = super::super::queue::pull(5733);
    let gonogo::release::picks::PickKey::Pull(key) = key else { unreachable!("a pull request") };
    assert!(screen.list_mut().go_to(&RowId::Issue(key)));
    let shown = words(&whole(&story.release, &screen, &dark()).0);
    let place = screen.agenda.iter().position(|it| it.mark == "#5733").expect("it blocks") + 1;
    let said = format!("agenda {place} of {}", screen.agenda.len());
    assert!(shown.contains(&said) && shown.contains("12 min used"), "{said}\n{shown}");
}

#[test]
fn ascii_leaves_no_sign_in_any_pane_that_is_not_a_letter() {
    let story = queue::story();
    for tab in TABS {
        for size in [(80, 24), (120, 36), (200, 50)] {
            let mut screen = on(story.screen(size.0, size.1), &story.release, tab);
            screen.options.glyphs = Glyphs::Ascii;
            let shown = words(&whole(&story.release, &screen, &dark()).0);
            // Titles in Chinese are other people's, with their punctuation.
            let wide = |c: &char| unicode_width::UnicodeWidthChar::width(*c) == Some(2);
            let odd: Vec<char> =
                shown.chars().filter(|c| !c.is_ascii() && !c.is_alphabetic() && !wide(c)).collect();
            assert!(odd.is_empty(), "{tab:?} {size:?} {odd:?}\n{shown}");
        }
    }
}
