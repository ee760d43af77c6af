//! Meetings: one item at a time, decided and timed; what is open is carried on, and minutes say what was said.

use super::ground::{Book, text};
use chrono::TimeDelta;
use gonogo::release::Ask;
use gonogo::release::meeting::{Meet, Ruling, Topic};
use gonogo::release::milestone::IssuesSeen;
use gonogo::release::session::Started;

fn meet(book: &mut Book, ask: Meet) {
    if let Err(refusal) = book.ask(Ask::Meet(ask)) {
        panic!("{}", refusal.why);
    }
}

fn refused(book: &Book, ask: Meet) -> String {
    book.refused(Ask::Meet(ask))
}

fn topics(book: &Book) -> Vec<Topic> {
    let held = book.release.meetings.now().unwrap();
    book.release.topics(held, &book.release.poll(book.now), book.now)
}

fn take_up(book: &mut Book, at: usize) {
    let topic = topics(book).remove(at);
    meet(book, Meet::TakeUp { item: Some(topic.key.into()), title: text(&topic.title) });
}

fn open(book: &mut Book) {
    meet(book, Meet::Open { meeting: "weekly".into(), title: text("Release meeting") });
}

fn minutes_on(book: &mut Book, minutes: i64) {
    book.now += TimeDelta::minutes(minutes);
}

#[test]
fn an_item_is_taken_up_decided_and_timed_and_what_is_open_is_carried_on() {
    let mut book = Book::read();
    assert!(refused(&book, Meet::Close).contains("no meeting"));
    open(&mut book);
    assert!(refused(&book, Meet::Open { meeting: "x".into(), title: text("x") }).contains("has not ended"));
    let rule = |ruling, why: &str| Meet::Rule { ruling, why: text(why) };
    assert!(refused(&book, rule(Ruling::Go, "")).contains("no item is taken up"));
    meet(&mut book, Meet::Attend(text("ann, @ben")));
    meet(&mut book, Meet::Attend(text("-ben")));
    assert!(refused(&book, Meet::Attend(text("ann, -ben"))).contains("not both"));
    take_up(&mut book, 0);
    minutes_on(&mut book, 4);
    assert!(refused(&book, rule(Ruling::Hold, " ")).contains("say why"));
    meet(&mut book, rule(Ruling::Hold, "wait for QA"));
    meet(&mut book, Meet::Assign(text("@ben: mend the import by 2026-11-24")));
    meet(&mut book, Meet::Assign(text("ann walk the docs by hand")));
    assert!(refused(&book, Meet::Assign(text("ben mend it by 2026-13-01"))).contains("is no day"));
    assert!(refused(&book, Meet::Assign(text("ben"))).contains("who, and what"));
    take_up(&mut book, 1);
    minutes_on(&mut book, 1);
    meet(&mut book, Meet::Note(text("as planned")));
    // Left for an hour: the time of no item runs on.
    meet(&mut book, Meet::TakeUp { item: None, title: text("") });
    minutes_on(&mut book, 60);
    take_up(&mut book, 1);
    minutes_on(&mut book, 2);
    let held = book.release.meetings.now().unwrap().clone();
    let keys: Vec<_> = held.turns.iter().filter_map(|turn| turn.what.item.clone()).collect();
    assert_eq!(held.time_of(&keys[0], book.now).num_minutes(), 4);
    assert_eq!(held.time_of(&keys[1], book.now).num_minutes(), 3);
    meet(&mut book, Meet::Close);
    let held = book.release.meetings.before().unwrap().clone();
    let said = book.release.meeting_minutes(&held, book.now);
    for wanted in [
        "# Release meeting: v1.2.0",
        "Present: ann.",
        "7 min of it at work",
        "- **HOLD**: wait for QA",
        "- Action 1: ben, mend the import, by 2026-11-24",
        "- Action 2: ann, walk the docs by hand",
        "- as planned",
        "| 1 | ben | mend the import | 2026-11-24 | open |",
    ] {
        assert!(said.contains(wanted), "{wanted} is not in\n{said}");
    }
    // What came later changes nothing in the minutes of then.
    minutes_on(&mut book, 600);
    open(&mut book);
    assert_eq!(topics(&book)[0].title, "2 open action items");
    meet(&mut book, Meet::Settle { action: 1, done: true, why: text("#12") });
    assert!(refused(&book, Meet::Settle { action: 1, done: true, why: text("") }).contains("done already"));
    assert_eq!(topics(&book)[0].title, "1 open action item");
    assert_eq!(book.release.meeting_minutes(&held, book.now), said);
    let now = book.release.meetings.now().unwrap();
    let second = book.release.meeting_minutes(now, book.now);
    assert!(second.contains("| 1 | ben | mend the import | 2026-11-24 | done: #\u{2060}12 |"), "{second}");
    let status = book.release.meeting_status(now, book.now);
    assert!(status.starts_with("**v1.2.0: ") && status.contains("2: ann, walk the docs"), "{status}");
}

#[test]
fn the_agenda_names_gates_that_say_something_else_than_last_time() {
    let mut book = Book::read();
    open(&mut book);
    meet(&mut book, Meet::Close);
    let before = book.release.poll(book.now);
    let blocker = super::ground::labelled(77, &["blocker"]);
    let process = book.release.process.clone().unwrap();
    let label = process.labels.blockers.first().cloned().unwrap_or_default();
    let row = gonogo::release::milestone::Issue { labels: vec![text(&label)], ..blocker };
    book.tell(IssuesSeen { repo: super::ground::repo(), rows: vec![row], gone: vec![] });
    open(&mut book);
    let held = book.release.meetings.now().unwrap();
    let changed = book.release.changed_since(held, &book.release.poll(book.now));
    assert!(
        changed.iter().any(|(title, was, now)| {
            let gate = before.iter().find(|it| it.title == *title).unwrap();
            gate.gate == "blockers" && *was == Some(Ruling::Go) && *now == Ruling::NoGo
        }),
        "{changed:?}"
    );
    let gates = topics(&book).into_iter().find(|it| it.key == "gates").unwrap();
    assert!(gates.lines.iter().any(|line| line.contains("GO → NO-GO")), "{gates:?}");
    assert!(topics(&book).iter().any(|it| it.title.contains("#77")), "a blocker is an item of its own");
}

#[test]
fn a_session_that_breaks_off_leaves_the_meeting_where_the_journal_ends() {
    let mut book = Book::read();
    open(&mut book);
    take_up(&mut book, 0);
    minutes_on(&mut book, 5);
    meet(&mut book, Meet::Note(text("the lights went out")));
    minutes_on(&mut book, 90);
    let started = Started { resumed: true, ..book.release.session.clone().unwrap() };
    book.tell(started);
    let held = book.release.meetings.now().unwrap();
    assert_eq!(held.current(), None);
    assert_eq!(held.time(book.now).num_minutes(), 5);
}

#[test]
fn hostile_words_reach_no_minutes_raw() {
    let mut book = Book::read();
    open(&mut book);
    take_up(&mut book, 0);
    meet(&mut book, Meet::Note(text("\u{1b}[31m<script>|x|\u{202e}@all\n# a heading")));
    let held = book.release.meetings.now().unwrap();
    let said = book.release.meeting_minutes(held, book.now);
    assert!(!said.contains('\u{1b}') && !said.contains('\u{202e}') && !said.contains("<script>"), "{said}");
    assert!(!said.contains("@all") && !said.contains("\n# a heading"), "{said}");
}
