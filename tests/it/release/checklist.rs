//! Ticking, skipping, overriding and attaching, and every refusal.

use super::ground::{Book, closed, issue, text};
use gonogo::release::Ask;
use gonogo::release::checklist::ItemState;

fn tick(item: &str, to: ItemState, why: Option<&str>) -> Ask {
    Ask::Tick { item: item.into(), to, why: why.map(text) }
}

#[test]
fn a_plain_item_is_ticked_and_unticked() {
    let mut book = Book::read();
    assert_eq!(book.gate("item"), "NO-GO not done");
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    assert_eq!(book.release.checklist.state("say"), ItemState::Done);
    assert_eq!(&*book.release.checklist.items["say"].by, "ann");
    assert_eq!(book.gate("item"), "GO done");
    book.ask(tick("say", ItemState::Open, None)).unwrap();
    assert_eq!(book.gate("item"), "NO-GO not done");
}

#[test]
fn the_state_that_an_item_has_already_is_refused() {
    let mut book = Book::read();
    assert_eq!(book.refused(tick("say", ItemState::Open, None)), "it is open already");
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    assert_eq!(book.refused(tick("say", ItemState::Done, None)), "it is done already");
}

#[test]
fn an_item_that_the_process_does_not_have_is_refused() {
    let book = Book::read();
    let no = "the process has no such item";
    assert_eq!(book.refused(tick("nothing", ItemState::Done, None)), no);
    assert_eq!(book.refused(Ask::Attach { item: "nothing".into(), text: text("x") }), no);
}

#[test]
fn leaving_an_item_out_takes_a_reason() {
    for to in [ItemState::Skipped, ItemState::NotApplicable, ItemState::Overridden] {
        let mut book = Book::read();
        assert_eq!(book.refused(tick("say", to, None)), "a reason is needed");
        assert_eq!(book.refused(tick("say", to, Some(" \t"))), "a reason is needed");
        book.ask(tick("say", to, Some("nobody is here"))).unwrap();
        assert_eq!(book.release.checklist.items["say"].why, Some(text("nobody is here")));
        assert_eq!(book.gate("item"), "GO done");
    }
}

#[test]
fn an_item_that_checks_itself_is_not_ticked_against_its_check() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let why = book.refused(tick("empty", ItemState::Done, None));
    assert_eq!(why, "its own check says NO-GO: 1 open, 1 of 2 done");
    book.ask(tick("empty", ItemState::Overridden, Some("moves tomorrow"))).unwrap();
    let item = book.release.process.as_ref().unwrap().item("empty").unwrap().clone();
    assert!(book.release.is_settled(&item, book.now));
}

#[test]
fn a_tick_lasts_only_as_long_as_the_check_agrees_and_keeps_its_evidence() {
    let mut book = Book::read();
    book.ask(tick("empty", ItemState::Done, None)).unwrap();
    let body = book.entries.last().unwrap().fact.body();
    assert!(body.get().contains("1 of 1 done"), "{body}");
    let item = book.release.process.as_ref().unwrap().item("empty").unwrap().clone();
    assert!(book.release.is_settled(&item, book.now));
    book.issues(vec![issue(8)]);
    assert!(!book.release.is_settled(&item, book.now));
    book.issues(vec![closed(8)]);
    assert!(book.release.is_settled(&item, book.now));
}

#[test]
fn an_unread_check_does_not_let_an_item_be_ticked() {
    let book = Book::new();
    let why = book.refused(tick("branch", ItemState::Done, None));
    assert_eq!(why, "its own check says HOLD: git not read yet");
}

#[test]
fn notes_are_kept_in_order_and_have_limits() {
    let mut book = Book::read();
    let note = |note: &str| Ask::Attach { item: "say".into(), text: text(note) };
    book.ask(note("one")).unwrap();
    book.ask(note("two")).unwrap();
    assert_eq!(book.release.checklist.items["say"].notes, [text("one"), text("two")]);
    assert_eq!(book.refused(note("  ")), "the note is empty");
    assert_eq!(book.refused(note(&"x".repeat(4097))), "the note is longer than 4,096 bytes");
    assert!(book.ask(note(&"x".repeat(4096))).is_ok());
}

#[test]
fn a_stage_counts_what_is_required_and_the_agenda_lists_what_is_open() {
    let mut book = Book::read();
    assert_eq!(book.gate("stage"), "NO-GO 2 of 3 done");
    let poll = book.release.poll(book.now);
    let agenda = book.release.agenda(&poll, book.now);
    let texts: Vec<_> = agenda.iter().map(|it| it.text.as_str()).collect();
    assert!(texts.contains(&"Tell the team"), "{texts:?}");
    assert!(!texts.contains(&"Bake a cake"), "{texts:?}");
    book.ask(tick("say", ItemState::Done, None)).unwrap();
    assert_eq!(book.gate("stage"), "GO 3 of 3 done");
}
