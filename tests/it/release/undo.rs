//! Undo and redo: always new facts; local, compensating, or not at all.

use super::ground::{Book, at, check, issue, key, line, oid, op, running, text};
use gonogo::release::ask::{Effect, Proposal};
use gonogo::release::branches::LineKind;
use gonogo::release::checklist::{Checklist, ItemState, Ticked};
use gonogo::release::errand::{Status, UndoClass};
use gonogo::release::undo::Undone;
use gonogo::release::{Ask, Outcome, Release};
use proptest::prelude::*;

fn tick(item: &str, to: ItemState, why: Option<&str>) -> Ask {
    Ask::Tick { item: item.into(), to, why: why.map(text) }
}

fn over(on: bool, why: &str) -> Ask {
    Ask::Override { gate: "decision".into(), on, why: text(why) }
}

/// Sends a plan to its end.
fn send(book: &mut Book, proposal: Proposal) {
    let plan = book.release.draft(proposal, &book.stamp()).unwrap();
    let mut effects = book.ask(Ask::Go(plan)).unwrap();
    while let [Effect::Run { .. }] = &effects[..] {
        let (op, _) = running(&effects);
        effects = book.settle(&op, Outcome::new(Status::Ok));
    }
}

/// States, reasons and notes; who and when of an undo are its own.
fn shape(checklist: &Checklist) -> Vec<(String, ItemState, String, usize)> {
    let why = |why: &Option<gonogo::release::text::Untrusted>| why.as_ref().map(|it| it.line());
    let rows = checklist.items.iter();
    rows.map(|(id, it)| (id.to_string(), it.state, why(&it.why).unwrap_or_default(), it.notes.len()))
        .filter(|(_, state, _, notes)| *state != ItemState::Open || *notes > 0)
        .collect()
}

#[test]
fn nothing_to_undo_or_redo_is_refused() {
    let book = Book::read();
    assert_eq!(book.refused(Ask::Undo), "there is nothing to take back");
    assert_eq!(book.refused(Ask::Redo), "nothing was taken back");
}

#[test]
fn ticks_are_taken_back_and_done_again_several_deep() {
    let mut book = Book::read();
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    book.ask(tick("cake", ItemState::Skipped, Some("diet"))).unwrap();
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.checklist.state("cake"), ItemState::Open);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.checklist.state("say"), ItemState::Open);
    assert_eq!(book.refused(Ask::Undo), "there is nothing to take back");
    book.ask(Ask::Redo).unwrap();
    assert_eq!(book.release.checklist.state("say"), ItemState::Done);
    book.ask(Ask::Redo).unwrap();
    assert_eq!(book.release.checklist.items["cake"].why, Some(text("diet")));
    assert_eq!(book.refused(Ask::Redo), "nothing was taken back");
    book.ask(Ask::Undo).unwrap();
    book.ask(tick("cake", ItemState::Done, None)).unwrap();
    assert_eq!(book.refused(Ask::Redo), "nothing was taken back", "a new deed empties it");
}

#[test]
fn what_stood_for_a_reason_stands_for_it_again() {
    let mut book = Book::read();
    book.ask(tick("say", ItemState::Skipped, Some("nobody is here"))).unwrap();
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    book.ask(Ask::Undo).unwrap();
    let record = &book.release.checklist.items["say"];
    assert_eq!((record.state, record.why.clone()), (ItemState::Skipped, Some(text("nobody is here"))));
    book.ask(over(true, "said aloud")).unwrap();
    book.ask(over(false, "written now")).unwrap();
    book.ask(Ask::Undo).unwrap();
    let back = book.release.overrides.of("decision").unwrap();
    assert_eq!(back.why, text("said aloud"));
    book.ask(Ask::Undo).unwrap();
    assert!(book.release.overrides.of("decision").is_none());
}

#[test]
fn the_choice_of_a_milestone_goes_back_to_the_one_before() {
    let mut book = Book::read();
    book.ask(Ask::ChooseMilestone { title: text("1.3.0") }).unwrap();
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.milestones.chosen, Some(text("1.2.0")));
    book.ask(Ask::Redo).unwrap();
    assert_eq!(book.release.milestones.chosen, Some(text("1.3.0")));
}

#[test]
fn what_left_this_machine_is_taken_back_by_a_plan_in_the_other_order() {
    let mut book = Book::read();
    book.issues(vec![issue(8), issue(9)]);
    let to = text("1.3.0");
    send(&mut book, Proposal::Move { issues: vec![key(8), key(9)], to, why: text("late") });
    let deed = book.release.last_deed().unwrap();
    assert_eq!((deed.class, deed.reverse.len()), (UndoClass::Cannot, 2), "the comments stay");
    assert!(book.refused(Ask::Undo).contains("left this machine"));
    let plan = book.release.draft(Proposal::TakeBack, &book.stamp()).unwrap();
    let lines: Vec<_> = plan.steps.iter().map(|step| step.errand.line()).collect();
    assert_eq!(lines, ["move pier/crane#9 from 1.3.0 to 1.2.0", "move pier/crane#8 from 1.3.0 to 1.2.0"]);
    let gonogo::release::Errand::MoveIssue(back) = &plan.steps[0].errand else { panic!("a move") };
    assert_eq!(back.to_number, Some(1));
}

#[test]
fn each_errand_has_its_class_and_its_way_back() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let issues = || vec![key(8)];
    let ways = [
        (Proposal::Close { issues: issues(), not_planned: true }, "reopen pier/crane#8"),
        (Proposal::Label { issues: issues(), labels: vec![text("bug")] }, "take bug off pier/crane#8"),
        (Proposal::Assign { issues: issues(), logins: vec![text("ann")] }, "unassign ann from pier/crane#8"),
    ];
    for (proposal, back) in ways {
        let mut book = book.clone();
        send(&mut book, proposal);
        assert_eq!(book.release.last_deed().unwrap().class, UndoClass::Compensating);
        let plan = book.release.draft(Proposal::TakeBack, &book.stamp()).unwrap();
        assert_eq!(plan.steps[0].errand.line(), back);
    }
    send(&mut book, Proposal::Comment { issues: issues(), text: text("hello") });
    assert_eq!(book.release.last_deed().unwrap().class, UndoClass::Cannot);
    let why = book.release.draft(Proposal::TakeBack, &book.stamp()).unwrap_err().why;
    assert_eq!(why, "it cannot be taken back");
}

#[test]
fn an_undo_that_a_crash_cut_in_half_swallows_no_later_deed() {
    let mut book = Book::read();
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    let seq = book.release.last_deed().unwrap().seq;
    book.tell(Undone { seq, what: text("done Tell the team") });
    book.session("gh");
    assert_eq!(book.release.checklist.state("say"), ItemState::Done);
    assert_eq!(book.release.last_deed().map(|deed| deed.seq), Some(seq), "it was not taken back");
    book.ask(tick("cake", ItemState::Done, None)).unwrap();
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.checklist.state("cake"), ItemState::Open);
    book.ask(Ask::Undo).unwrap();
    assert_eq!(book.release.checklist.state("say"), ItemState::Open);
}

#[test]
fn what_the_world_does_is_no_deed() {
    let mut book = Book::read();
    let rows = vec![line("main", LineKind::Trunk, oid(77))];
    book.tell(gonogo::release::branches::LinesSeen { rows, gone: vec![] });
    let rows = vec![check("build", gonogo::release::checks::CheckState::Failed)];
    let branch = super::ground::branch("main");
    let seen =
        gonogo::release::checks::ChecksSeen { branch, sha: oid(77), rows, gone: vec![], history: vec![] };
    book.tell(seen);
    assert!(book.release.deeds.is_empty());
    assert_eq!(op(3).as_str().len(), 26);
    assert!(book.now > at(0));
}

/// Something a person may ask of the checklist.
fn asks() -> impl Strategy<Value = Ask> {
    let items = prop::sample::select(vec!["say", "cake", "empty", "branch"]);
    let states = prop::sample::select(vec![
        ItemState::Open,
        ItemState::Done,
        ItemState::Skipped,
        ItemState::NotApplicable,
        ItemState::Overridden,
    ]);
    let ticks = (items, states, "[a-z]{0,3}").prop_map(|(item, to, why)| tick(item, to, Some(&why)));
    prop_oneof![
        6 => ticks,
        1 => Just(Ask::Undo),
        1 => Just(Ask::Redo),
        1 => any::<bool>().prop_map(|on| over(on, "because")),
    ]
}

fn without_words(release: &Release) -> String {
    let mut release = release.clone();
    release.process = None;
    format!("{release:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_undo_leads_back_and_a_redo_forth_again(before in prop::collection::vec(asks(), 0..12), last in asks()) {
        let mut book = Book::read();
        for ask in before {
            let _ = book.ask(ask);
        }
        let was = shape(&book.release.checklist);
        prop_assume!(!matches!(last, Ask::Undo | Ask::Redo));
        if book.ask(last).is_ok() {
            let is = shape(&book.release.checklist);
            book.ask(Ask::Undo).unwrap();
            prop_assert_eq!(&shape(&book.release.checklist), &was);
            book.ask(Ask::Redo).unwrap();
            prop_assert_eq!(shape(&book.release.checklist), is);
        }
    }

    #[test]
    fn undoing_everything_leads_back_to_the_start(asked in prop::collection::vec(asks(), 0..20)) {
        let mut book = Book::read();
        let was = shape(&book.release.checklist);
        for ask in asked {
            let _ = book.ask(ask);
        }
        while book.ask(Ask::Undo).is_ok() {}
        prop_assert_eq!(shape(&book.release.checklist), was);
    }

    #[test]
    fn the_same_entries_fold_to_the_same_release(asked in prop::collection::vec(asks(), 0..20)) {
        let mut book = Book::read();
        for ask in asked {
            let _ = book.ask(ask);
        }
        let mut again = Release::default();
        book.entries.iter().for_each(|entry| again.apply(entry));
        prop_assert_eq!(without_words(&again), without_words(&book.release));
    }
}

#[test]
fn a_tick_names_its_state_before() {
    let mut book = Book::read();
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    let body = book.entries.last().unwrap().fact.body();
    let told: Ticked = serde_json::from_str(body.get()).unwrap();
    assert_eq!((told.from, told.to), (ItemState::Open, ItemState::Done));
}

#[test]
fn an_override_to_be_taken_back_is_said_by_its_gates_title() {
    let mut book = Book::read();
    let why = text("ann is on her way");
    book.ask(Ask::Override { gate: "roles".into(), on: true, why }).unwrap();
    assert_eq!(&*book.release.last_deed().unwrap().what, "override of gate Every role has its person");
}
