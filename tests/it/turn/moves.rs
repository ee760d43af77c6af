//! Moves of the eye: tabs, rows, filters, marks, folds. They never wait and write nothing.

use super::seat::Seat;
use crate::release::ground::{key, repo, text};
use gonogo::release::Pane;
use gonogo::release::agenda::Subject;
use gonogo::release::milestone::{Issue, IssuesSeen};
use gonogo::release::observe::Sighting;
use gonogo::screen::fresh::Source;
use gonogo::screen::rows::RowId;
use gonogo::screen::{Part, TABS};
use gonogo::turn::Event;

fn row(number: u64) -> RowId {
    RowId::Issue(key(number))
}

fn shown(seat: &Seat) -> Vec<RowId> {
    seat.state.screen.list().rows.iter().map(|it| it.id.clone()).filter(RowId::is_item).collect()
}

#[test]
fn digits_and_letters_show_tabs() {
    let mut seat = Seat::new();
    for (at, tab) in TABS.into_iter().enumerate() {
        seat.keys(&(at + 1).to_string());
        assert_eq!(seat.tab(), tab);
    }
    seat.keys("l");
    assert_eq!(seat.tab(), TABS[0], "round");
    seat.keys("h");
    assert_eq!(seat.tab(), TABS[7]);
    assert!(seat.held.is_none() && seat.out.is_empty());
}

#[test]
fn a_filter_is_typed_narrows_as_it_is_and_is_cleared() {
    let mut seat = Seat::new();
    seat.keys("2 /").typed("'issue '22");
    assert_eq!(shown(&seat), [row(22)]);
    assert_eq!(seat.state.screen.list().all, 6);
    seat.keys("enter");
    assert!(!seat.state.screen.list().typing);
    assert_eq!(shown(&seat), [row(22)]);
    seat.keys("esc");
    assert!(shown(&seat).len() > 4);
    seat.keys("/").typed("zzz");
    assert!(shown(&seat).is_empty());
    seat.keys("backspace backspace backspace");
    assert!(shown(&seat).len() > 4);
    seat.keys("backspace");
    assert!(!seat.state.screen.list().typing, "backspace on an empty filter leaves it");
    seat.keys("/").typed("a b c").keys("ctrl-w");
    assert_eq!(seat.state.screen.list().filter, "a b ");
    seat.keys("ctrl-u");
    assert_eq!(seat.state.screen.list().filter, "");
}

#[test]
fn while_a_filter_is_typed_letters_are_no_keys() {
    let mut seat = Seat::new();
    seat.keys("2 /").typed("qDz1");
    assert_eq!(seat.state.screen.list().filter, "qDz1");
    assert_eq!(seat.tab(), Pane::Milestone);
    assert!(seat.out.is_empty() && seat.held.is_none() && seat.dialog().is_none());
}

#[test]
fn n_goes_through_matches_with_a_filter_and_through_what_needs_a_person_without() {
    let mut seat = Seat::new();
    seat.keys("2").put(&row(22)).keys("n");
    assert_eq!(seat.cursor(), Some(&row(20)), "the blocker");
    seat.keys("/").typed("issue").keys("enter").put(&row(21)).keys("n");
    assert_eq!(seat.cursor(), Some(&row(22)));
    seat.keys("N N");
    assert_eq!(seat.cursor(), Some(&row(20)));
    seat.keys("esc 5 n");
    assert!(seat.notices().contains("nothing here needs a person"), "{}", seat.notices());
}

#[test]
fn marks_are_set_one_by_one_and_as_a_range_and_cleared_by_esc() {
    let mut seat = Seat::new();
    seat.keys("2").put(&row(21)).keys("space");
    assert_eq!(seat.cursor(), Some(&row(22)), "it goes on to the next");
    seat.put(&row(21)).keys("space");
    assert!(seat.state.screen.list().marks.is_empty(), "again takes it off");
    seat.put(&row(22)).keys("V").put(&row(24)).keys("V");
    assert_eq!(seat.state.screen.list().chosen(), [row(22), row(23), row(24)]);
    seat.keys("esc");
    assert!(seat.state.screen.list().marks.is_empty());
    assert_eq!(seat.state.screen.list().chosen(), [row(24)]);
    seat.put(&row(24)).keys("V").put(&row(21)).keys("V");
    assert_eq!(seat.state.screen.list().chosen().len(), 4, "a range may go up");
}

#[test]
fn a_heading_folds_and_unfolds() {
    let mut seat = Seat::new();
    let heading = RowId::Heading("open".into());
    seat.keys("2").put(&heading).keys("enter");
    assert!(!shown(&seat).contains(&row(21)));
    assert!(shown(&seat).contains(&row(20)), "the other group stays");
    seat.keys("enter");
    assert!(shown(&seat).contains(&row(21)));
    let at = seat.state.screen.list().rows.iter().position(|it| it.id == heading).unwrap();
    seat.event(Event::ClickRow(at));
    assert!(!shown(&seat).contains(&row(21)), "a click folds too");
    seat.keys("space");
    assert!(shown(&seat).contains(&row(21)), "so does the key that marks rows");
    assert!(seat.state.screen.list().marks.is_empty(), "a heading is never marked");
}

#[test]
fn in_the_checklist_a_stage_folds_by_the_key_that_ticks_and_others_say_why_not() {
    let mut seat = Seat::new();
    seat.keys("6");
    let rows = seat.state.screen.list().rows.clone();
    let stage = rows.iter().find(|it| !it.id.is_item()).expect("a stage").id.clone();
    seat.put(&stage).keys("space");
    assert!(seat.state.screen.list().rows.len() < rows.len(), "it folds");
    seat.keys("space");
    assert_eq!(seat.state.screen.list().rows.len(), rows.len(), "it unfolds");
    seat.put(&stage);
    for key in ["d", "i", "a"] {
        seat.state.screen.notices.clear();
        seat.keys(key);
        assert!(seat.dialog().is_none());
        assert!(seat.notices().contains("move to one of its items"), "{key}: {}", seat.notices());
    }
    assert!(seat.held.is_none());
}

#[test]
fn the_cursor_stays_on_its_row_when_rows_come_and_go() {
    let mut seat = Seat::new();
    seat.keys("2").put(&row(23));
    let seen = |rows: Vec<u64>| {
        let rows = rows.into_iter().map(crate::release::ground::issue).collect();
        Event::Saw(Box::new(Sighting::Issues(repo(), rows)), Source::Live)
    };
    seat.event(seen(vec![1, 2, 3, 21, 22, 23, 24]));
    seat.settle();
    assert_eq!(seat.cursor(), Some(&row(23)));
    seat.event(seen(vec![1, 2, 3, 21, 22, 24]));
    seat.settle();
    assert_eq!(seat.cursor(), Some(&row(24)), "the row that took its place");
    seat.event(seen(vec![]));
    seat.settle();
    assert_ne!(seat.cursor(), Some(&row(24)));
}

#[test]
fn rows_that_come_in_are_new_until_the_cursor_is_on_them() {
    let mut seat = Seat::new();
    seat.keys("2");
    let mut rows: Vec<Issue> = (20..25).map(crate::release::ground::issue).collect();
    rows.push(crate::release::ground::issue(30));
    seat.event(Event::Saw(Box::new(Sighting::Issues(repo(), rows)), Source::Live));
    seat.settle();
    let fresh = &seat.state.screen.list().fresh;
    assert_eq!(fresh.iter().collect::<Vec<_>>(), [&row(30)]);
    let at = seat.state.screen.list().rows.iter().position(|it| it.id == row(30)).unwrap();
    seat.event(Event::ClickRow(at));
    assert!(seat.state.screen.list().fresh.is_empty());
}

#[test]
fn enter_on_a_gate_shows_the_pane_that_settles_it_and_on_a_blocker_its_row() {
    let mut seat = Seat::new();
    seat.put(&RowId::Gate("trunk-ci".into())).keys("enter");
    assert_eq!(seat.tab(), Pane::Ci);
    seat.keys("1").put(&RowId::Gate("decision".into())).keys("enter");
    assert_eq!((seat.tab(), seat.state.screen.part), (Pane::Overview, Part::Detail), "it is settled here");
    seat.keys("esc").put(&RowId::Blocker(Subject::Issue(key(20)))).keys("enter");
    assert_eq!((seat.tab(), seat.cursor()), (Pane::Milestone, Some(&row(20))));
    seat.keys("1").put(&RowId::Blocker(Subject::Item("say".into()))).keys("enter");
    assert_eq!((seat.tab(), seat.cursor()), (Pane::Checklist, Some(&RowId::Item("say".into()))));
}

#[test]
fn what_a_filter_or_a_fold_hides_is_shown_when_it_is_gone_to() {
    let mut seat = Seat::new();
    seat.keys("2 /").typed("nothing like it").keys("enter 1");
    seat.put(&RowId::Blocker(Subject::Issue(key(20)))).keys("enter");
    assert_eq!(seat.cursor(), Some(&row(20)));
    seat.put(&RowId::Heading("blockers".into())).keys("enter 1");
    seat.put(&RowId::Blocker(Subject::Issue(key(20)))).keys("enter");
    assert_eq!(seat.cursor(), Some(&row(20)));
}

#[test]
fn gj_goes_to_the_last_entry_about_the_row() {
    let mut seat = Seat::new();
    let changed = Issue { title: text("another title"), ..crate::release::ground::issue(22) };
    let seen = IssuesSeen { repo: repo(), rows: vec![changed], gone: vec![] };
    let mut book = crate::release::ground::Book::read();
    book.issues(vec![crate::release::ground::issue(22)]);
    let seq = book.tell(seen);
    let mut about = Seat::on(&book, seat.state.screen.options.clone(), gonogo::screen::Mode::Live);
    about.keys("2").put(&row(22)).keys("gj");
    assert_eq!((about.tab(), about.cursor()), (Pane::Journal, Some(&RowId::Entry(seq))));
    seat.keys("1").put(&RowId::Gate("decision".into())).keys("gj");
    assert!(seat.notices().contains("the journal has nothing about this"));
}

#[test]
fn clicks_and_the_wheel_do_not_reach_behind_a_dialog() {
    let mut seat = Seat::new();
    seat.keys("2").put(&row(21)).keys("?");
    seat.event(Event::ClickTab(Pane::Ci));
    seat.event(Event::Wheel(3));
    seat.event(Event::ClickRow(0));
    assert_eq!((seat.tab(), seat.cursor()), (Pane::Milestone, Some(&row(21))));
    seat.keys("esc");
    seat.event(Event::Wheel(1));
    assert_eq!(seat.cursor(), Some(&row(22)));
}

#[test]
fn top_bottom_halves_and_sections() {
    let mut seat = Seat::new();
    seat.keys("2 G");
    let last = seat.state.screen.list().rows.last().unwrap().id.clone();
    assert_eq!(seat.cursor(), Some(&last));
    seat.keys("gg");
    let first = seat.state.screen.list().rows[0].id.clone();
    assert_eq!(seat.cursor(), Some(&first));
    seat.keys("]");
    assert_eq!(seat.cursor(), Some(&RowId::Heading("open".into())));
    seat.keys("[");
    assert_eq!(seat.cursor(), Some(&first));
    seat.keys("ctrl-d ctrl-u k");
    assert_eq!(seat.cursor(), Some(&first));
}

/// A release went wrong: the cursor goes to the stage that holds the steps, once that is open, and nowhere else.
#[test]
fn after_gb_the_cursor_is_on_the_steps() {
    let more = "[[stages]]\nid = \"back\"\ntitle = \"Take it back\"\nwhen = \"rollback\"\n\
                items = [{ id = \"judge\", text = \"Judge it\" }, { id = \"undo\", text = \"Undo it\" }]\n\
                [rollback]\nstage = \"back\"\nseverities = [{ id = \"bad\", then = \"roll-back\" }]\n";
    let mut book = crate::release::ground::Book::read();
    let profile = Some(format!("{}{more}", crate::release::ground::PROFILE).into());
    let (from, to, why) = ("sha256:0".into(), "sha256:1".into(), crate::release::ground::text("it says how"));
    book.tell(gonogo::release::session::ProcessChanged { from, to, profile, why });
    assert_eq!(book.release.process_error, None);
    // It is not released: what is refused leaves everything where it was.
    let mut early = Seat::on(&book, gonogo::screen::Options::default(), gonogo::screen::Mode::Live);
    early.keys("4 g b enter").typed("orders are lost").keys("enter");
    assert_eq!(early.held(), ["refused"]);
    early.wrote().keys("esc");
    assert_eq!(early.tab(), Pane::Branches);
    let tag = gonogo::release::ids::Tag::parse("v1.2.0").unwrap();
    let oid = crate::release::ground::oid(3);
    let row = gonogo::release::candidates::TagRow { tag, oid, annotated: true, at: None };
    book.tell(gonogo::release::candidates::TagsSeen { rows: vec![row], gone: vec![] });
    let mut seat = Seat::on(&book, gonogo::screen::Options::default(), gonogo::screen::Mode::Live);
    seat.keys("g b enter").typed("orders are lost").keys("enter").wrote();
    assert_eq!(seat.tab(), Pane::Checklist);
    assert_eq!(seat.cursor(), Some(&RowId::Heading("back".to_owned())), "{}", seat.notices());
}
