//! Dialogs: prompts, choices, plans, help, palette, which-key.

use super::seat::Seat;
use crate::release::ground::{branch, key, text};
use gonogo::release::ask::Effect;
use gonogo::release::checklist::ItemState;
use gonogo::screen::dialog::{Dialog, offered};
use gonogo::screen::keymap::Action;
use gonogo::screen::rows::RowId;
use gonogo::screen::{Mode, Options};
use gonogo::turn::Event;

fn on_issue(number: u64) -> Seat {
    let mut seat = Seat::new();
    seat.keys("2").put(&RowId::Issue(key(number)));
    seat
}

#[test]
fn a_move_asks_where_to_and_why_then_shows_the_plan_and_starts_on_cancel() {
    let mut seat = on_issue(21);
    seat.keys("P");
    assert!(matches!(seat.dialog(), Some(Dialog::Choose { .. })), "{:?}", seat.dialog());
    seat.typed("1.3").keys("enter");
    assert!(matches!(seat.dialog(), Some(Dialog::Prompt { .. })));
    seat.typed("too late").keys("enter");
    let Some(Dialog::Plan { plan, go, .. }) = seat.dialog() else { panic!("{:?}", seat.dialog()) };
    assert_eq!((plan.steps.len(), *go), (2, false));
    seat.keys("enter");
    assert!(seat.dialog().is_none() && seat.held.is_none(), "the cursor was on Cancel");
}

#[test]
fn a_move_without_a_rationale_is_refused_in_the_prompt_and_on_record() {
    let mut seat = on_issue(21);
    seat.keys("P enter enter");
    assert_eq!(seat.held(), ["refused"]);
    assert!(seat.refusal().unwrap().contains("a rationale is needed"), "{:?}", seat.refusal());
    seat.wrote().typed("late").keys("enter");
    assert!(matches!(seat.dialog(), Some(Dialog::Plan { .. })), "what was typed after goes on");
}

#[test]
fn a_plan_is_sent_once_however_fast_enter_is_pressed() {
    let mut seat = on_issue(21);
    let before = seat.entries.len();
    seat.keys("D tab enter enter enter");
    assert_eq!(seat.held(), ["plan.accept", "issue.close.intent"]);
    assert_eq!(seat.ran(), 0, "nothing leaves before it is on disk");
    seat.settle();
    assert_eq!(seat.ran(), 1);
    assert_eq!(seat.kinds(before), ["plan.accept", "issue.close.intent"]);
}

#[test]
fn a_branch_is_made_only_by_its_name_typed_whole() {
    let mut seat = Seat::new();
    seat.keys("4").put(&RowId::Line(branch("main"))).keys("B");
    let written =
        matches!(seat.dialog(), Some(Dialog::Prompt { input, .. }) if input.text == "release-0.1.x");
    assert!(written, "the next line's name is there to be changed: {:?}", seat.dialog());
    seat.keys("ctrl-u").typed("release-1.3.x").keys("enter");
    assert!(matches!(seat.dialog(), Some(Dialog::Plan { .. })), "{:?} {}", seat.dialog(), seat.notices());
    seat.keys("enter");
    assert_eq!(seat.refusal(), Some("type release-1.3.x to go on"));
    seat.typed("release-1.3").keys("enter");
    assert!(seat.held.is_none());
    seat.typed(".x").keys("enter");
    assert_eq!(seat.held(), ["trust.repo", "plan.accept", "ref.create.intent"]);
}

#[test]
fn a_dry_run_shows_and_sends_nothing() {
    let mut seat = Seat::with(Options { dry_run: true, ..Options::default() }, Mode::Live);
    seat.keys("2").put(&RowId::Issue(key(21))).keys("D tab enter");
    assert!(seat.held.is_none() && seat.out.is_empty());
    assert!(seat.notices().contains("nothing was sent"));
}

#[test]
fn marks_are_acted_on_together_and_are_gone_after() {
    let mut seat = on_issue(21);
    seat.keys("space space D");
    let Some(Dialog::Plan { plan, .. }) = seat.dialog() else { panic!("{:?}", seat.dialog()) };
    assert_eq!(plan.steps.len(), 2);
    seat.keys("tab enter");
    assert!(seat.state.screen.list().marks.is_empty());
}

#[test]
fn a_reason_is_typed_edited_and_kept_when_it_is_refused() {
    let mut seat = Seat::new();
    seat.keys("6").put(&RowId::Item("say".into())).keys("d enter");
    assert_eq!(seat.held(), ["refused"]);
    assert!(matches!(seat.dialog(), Some(Dialog::Prompt { .. })));
    seat.wrote().typed("nobody was here").keys("ctrl-w ctrl-w").typed("is in").keys("enter");
    assert_eq!(seat.held(), ["checklist.tick"]);
    seat.wrote();
    assert_eq!(seat.state.release.checklist.items["say"].why, Some(text("nobody is in")));
    assert!(seat.notices().contains("z undo"), "{}", seat.notices());
}

#[test]
fn a_reason_comes_back_from_the_editor() {
    let mut seat = Seat::new();
    seat.keys("6").put(&RowId::Item("say".into())).keys("a").typed("draft").keys("ctrl-o");
    assert_eq!(seat.out, [Effect::Edit("draft".into())]);
    seat.event(Event::Edited(Some("a longer note\n".into())));
    seat.keys("enter").settle();
    assert_eq!(seat.state.release.checklist.items["say"].notes, [text("a longer note")]);
}

#[test]
fn a_paste_presses_no_key() {
    let mut seat = Seat::new();
    seat.event(Event::Paste("q\nD\n".into()));
    assert!(seat.out.is_empty() && seat.held.is_none(), "nobody types: a paste goes nowhere");
    seat.keys("6").put(&RowId::Item("say".into())).keys("a");
    seat.event(Event::Paste("one\ntwo\u{1b}".into()));
    assert!(matches!(seat.dialog(), Some(Dialog::Prompt { input, .. }) if input.text == "one two"));
    assert!(seat.held.is_none());
}

#[test]
fn a_waiver_asks_why_and_the_second_takes_it_back() {
    let mut seat = Seat::new();
    seat.put(&RowId::Gate("decision".into())).keys("w").typed("said aloud").keys("enter").settle();
    assert!(seat.state.release.overrides.of("decision").is_some());
    seat.keys("w").typed("written").keys("enter").settle();
    assert!(seat.state.release.overrides.of("decision").is_none());
    seat.put(&RowId::Gate("version".into())).keys("w");
    assert!(seat.dialog().is_none(), "there is nothing to waive");
    seat.keys("6").put(&RowId::Item("say".into())).keys("w");
    assert!(seat.dialog().is_none(), "it does not check itself");
}

#[test]
fn the_popup_of_keys_never_takes_the_next_key() {
    let mut seat = Seat::new();
    seat.keys("g");
    assert!(matches!(seat.dialog(), Some(Dialog::WhichKey { .. })));
    seat.keys("p");
    assert!(seat.dialog().is_none() && seat.state.screen.options.present);
    seat.keys("g esc");
    assert!(seat.dialog().is_none() && seat.state.screen.pending.is_empty());
    seat.keys("g 3");
    assert_eq!(seat.tab(), gonogo::release::Pane::Ci, "a key that continues nothing is a key of its own");
    seat.keys("g y 4");
    assert_eq!(seat.tab(), gonogo::release::Pane::Branches, "and may begin anew");
    seat.keys("g ctrl-c");
    assert_eq!(seat.out, [Effect::Quit]);
}

#[test]
fn help_runs_what_it_shows() {
    let mut seat = Seat::new();
    seat.keys("2").put(&RowId::Issue(key(21))).keys("?").typed("presentation").keys("enter");
    assert!(seat.state.screen.options.present && seat.dialog().is_none());
    seat.keys("?").typed("close issues as done").keys("enter");
    assert!(matches!(seat.dialog(), Some(Dialog::Plan { .. })), "{:?}", seat.dialog());
    seat.keys("esc ? ?");
    assert!(matches!(seat.dialog(), Some(Dialog::Help { all: true, .. })));
    let all = offered(&seat.state.screen, true, "");
    assert_eq!(all.len(), gonogo::screen::keymap::ACTIONS.len());
}

#[test]
fn the_palette_says_why_an_action_cannot_be_run() {
    let mut seat = Seat::new();
    seat.keys("9");
    let undo = offered(&seat.state.screen, false, "take back the last decision");
    assert_eq!(undo[0].why_not.as_deref(), Some("there is nothing to take back"));
    seat.keys(":").typed("take back the last").keys("enter");
    assert!(seat.notices().contains("undo: there is nothing to take back"), "{}", seat.notices());
    assert!(seat.held.is_none());
    seat.keys("6").put(&RowId::Item("say".into())).keys("space").settle();
    assert!(offered(&seat.state.screen, false, "take back the last decision")[0].why_not.is_none());
    assert!(seat.state.screen.why_not(Action::Undo).is_none());
    seat.keys("z").settle();
    assert_eq!(seat.state.release.checklist.state("say"), ItemState::Open);
    seat.keys("Z").settle();
    assert_eq!(seat.state.release.checklist.state("say"), ItemState::Done);
}

#[test]
fn unfinished_business_is_offered_and_settled_by_a_person() {
    let mut book = crate::release::ground::Book::read();
    book.issues(vec![crate::release::ground::issue(21), crate::release::ground::issue(22)]);
    let issues = vec![key(21), key(22)];
    let proposal = gonogo::release::ask::Proposal::Close { issues, not_planned: false };
    let plan = book.release.draft(proposal, &book.stamp()).unwrap();
    book.ask(gonogo::release::Ask::Go(plan)).unwrap();
    book.session("gh");
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    assert!(seat.notices().contains("1 unfinished"), "{}", seat.notices());
    seat.keys("gu").typed("it happened").keys("enter").settle();
    assert_eq!(seat.state.release.outbox.in_doubt().count(), 0);
    assert_eq!(seat.ran(), 0, "nothing leaves by itself");
    seat.keys("gu").typed("go on").keys("enter").settle();
    assert_eq!(seat.ran(), 1);
}

#[test]
fn what_there_is_to_know_before_a_choice_is_read_to_its_end() {
    use gonogo::screen::dialog::{Choice, Choosing, Input};
    let mut seat = Seat::new();
    let choice = Choice { value: "x".to_owned(), label: "x".to_owned(), note: String::new(), ask: None };
    seat.state.screen.dialogs.push(Dialog::Choose {
        title: "Merge back".to_owned(),
        about: (1..=40).map(|n| format!("row {n}.")).collect(),
        choices: vec![choice],
        input: Input::default(),
        cursor: 0,
        top: 0,
        purpose: Choosing::MergeBack,
    });
    let mut seen = String::new();
    let mut last = 0;
    for _ in 0..12 {
        let theme = crate::view::paper::dark();
        let (buffer, _) = crate::view::paper::draw(&seat.state.release, &seat.state.screen, &theme);
        seen.push_str(&crate::view::paper::text(&buffer));
        seat.keys("pgdn");
        let Some(Dialog::Choose { top, .. }) = seat.dialog() else { panic!("{:?}", seat.dialog()) };
        last = *top;
    }
    for n in 1..=40 {
        assert!(seen.contains(&format!("row {n}.")), "row {n}");
    }
    assert_eq!(last, 28, "no further than the last row");
    seat.keys("pgup pgup pgup pgup pgup pgup");
    assert!(matches!(seat.dialog(), Some(Dialog::Choose { top: 0, .. })));
}
