//! The overview of a set, and the way from one of its releases to another.

use super::seat::Seat;
use crate::release::ground::Book;
use gonogo::release::ask::Effect;
use gonogo::release::ids::ReleaseName;
use gonogo::release::set::SetChosen;
use gonogo::screen::dialog::Dialog;
use gonogo::screen::set::{Member, Stand, rows};
use gonogo::screen::{Mode, Options};
use gonogo::turn::Event;

fn name(name: &str) -> ReleaseName {
    ReleaseName::parse(name).unwrap()
}

fn in_a_set() -> Book {
    let mut book = Book::read();
    book.tell(SetChosen { releases: ["v1.0.9", "v1.1.3", "v1.2.0"].map(name).to_vec() });
    book
}

/// At work on v1.2.0 of a set, the journals of the others read.
fn seat_of(mode: Mode) -> Seat {
    let mut seat = Seat::on(&in_a_set(), Options::default(), mode);
    seat.event(Event::Surveyed(found()));
    seat
}

fn found() -> Vec<(ReleaseName, Member)> {
    let member = |stand| Member { stand, held: None, lacks: None };
    vec![
        (name("v1.0.9"), member(Stand::Unopened(None))),
        (name("v1.1.3"), member(Stand::Unread("it is torn".to_owned()))),
    ]
}

fn count(seat: &Seat, effect: &Effect) -> usize {
    seat.out.iter().filter(|it| *it == effect).count()
}

fn switched(seat: &Seat) -> Vec<&str> {
    fn to(effect: &Effect) -> Option<&str> {
        if let Effect::Switch(name) = effect { Some(name.as_str()) } else { None }
    }
    seat.out.iter().filter_map(to).collect()
}

#[test]
fn the_journals_of_the_others_are_read_when_the_release_is_opened() {
    let book = in_a_set();
    let seat = Seat::on(&book, Options::default(), Mode::Live);
    assert!(seat.state.screen.set.reading.is_some());
    let alone = Seat::on(&Book::read(), Options::default(), Mode::Live);
    assert!(alone.state.screen.set.reading.is_none());
}

#[test]
fn without_a_set_the_key_says_how_there_is_one() {
    let mut seat = Seat::new();
    seat.keys("gs");
    assert!(seat.notices().contains("gonogo open --set"), "{}", seat.notices());
    assert_eq!(seat.dialog(), None);
}

#[test]
fn the_overview_opens_on_the_release_that_is_open_and_the_cursor_stays_on_a_release() {
    let mut seat = seat_of(Mode::Live);
    seat.keys("gs");
    assert_eq!(seat.dialog(), Some(&Dialog::Set(name("v1.2.0"))));
    seat.keys("j");
    assert_eq!(seat.dialog(), Some(&Dialog::Set(name("v1.2.0"))), "it is the last");
    seat.keys("k");
    assert_eq!(seat.dialog(), Some(&Dialog::Set(name("v1.1.3"))));
    seat.event(Event::Surveyed(found()));
    assert_eq!(seat.dialog(), Some(&Dialog::Set(name("v1.1.3"))));
    seat.keys("g").keys("G").keys("k").keys("k").keys("k");
    assert_eq!(seat.dialog(), Some(&Dialog::Set(name("v1.0.9"))));
    seat.keys("q");
    assert_eq!(seat.dialog(), None);
}

#[test]
fn enter_goes_to_another_release_and_closes_on_the_own_one() {
    let mut seat = seat_of(Mode::Live);
    seat.keys("gs").event(Event::Surveyed(found()));
    seat.keys("enter");
    assert_eq!((seat.dialog(), switched(&seat)), (None, vec![]));
    seat.keys("gs").event(Event::Surveyed(found()));
    seat.keys("k").keys("enter");
    assert_eq!(switched(&seat), ["v1.1.3"]);
}

#[test]
fn what_is_being_written_and_what_is_being_read_comes_first() {
    let mut seat = seat_of(Mode::Live);
    seat.put(&gonogo::screen::rows::RowId::Gate("attested".to_owned()));
    seat.keys("w").typed("known").keys("enter");
    assert!(seat.held.is_some());
    seat.keys("gs").keys("k").keys("enter");
    assert_eq!(switched(&seat), Vec::<&str>::new(), "a line is being written");
    seat.settle();
    assert_eq!(switched(&seat), Vec::<&str>::new(), "the journals are being read, and may be held by that");
    seat.event(Event::Surveyed(found()));
    assert_eq!(switched(&seat), ["v1.1.3"]);
}

#[test]
fn a_replay_and_a_journal_that_cannot_be_written_are_not_left_for_another() {
    let mut seat = seat_of(Mode::Replay);
    assert!(seat.state.screen.set.reading.is_none(), "a replay reads nothing else");
    seat.keys("gs").keys("k").keys("enter");
    assert_eq!(switched(&seat), Vec::<&str>::new());
    assert!(seat.notices().contains("a replay shows one journal"), "{}", seat.notices());
    let mut seat = seat_of(Mode::Live);
    seat.event(Event::Unwritten(0, "the disk is full".to_owned()));
    seat.keys("gs").event(Event::Surveyed(found()));
    seat.keys("k").keys("enter");
    assert_eq!(switched(&seat), Vec::<&str>::new());
    assert!(seat.notices().contains("cannot be written"), "{}", seat.notices());
}

#[test]
fn while_it_is_shown_the_journals_are_read_again_at_the_pace_of_the_looks() {
    let mut seat = seat_of(Mode::Live);
    seat.out.clear();
    seat.wait(600).event(Event::Deadline);
    assert_eq!(count(&seat, &Effect::Survey), 0, "nobody looks");
    seat.keys("gs");
    assert_eq!(count(&seat, &Effect::Survey), 1);
    seat.keys("r");
    assert_eq!(count(&seat, &Effect::Survey), 1, "one at a time");
    seat.event(Event::Surveyed(found()));
    assert_eq!(count(&seat, &Effect::Survey), 2, "and once more for who asked meanwhile");
    seat.event(Event::Surveyed(found()));
    seat.wait(61).event(Event::Deadline);
    assert_eq!(count(&seat, &Effect::Survey), 3);
}

#[test]
fn of_every_release_something_is_said() {
    let mut seat = Seat::on(&in_a_set(), Options::default(), Mode::Live);
    let said = |seat: &Seat| {
        let shown = rows(seat.state.shown(), &seat.state.screen);
        let one = |row| gonogo::view::set::line(row, seat.now);
        shown.iter().map(one).collect::<Vec<_>>()
    };
    let before = said(&seat);
    assert!(before[0].contains("v1.0.9") && before[0].contains("being read"), "{before:?}");
    seat.event(Event::Surveyed(found()));
    let after = said(&seat);
    assert!(after[0].contains("not opened yet"), "{after:?}");
    assert!(after[1].contains("cannot be read: it is torn"), "{after:?}");
    assert!(after[2].contains("v1.2.0 (here)") && after[2].contains("release-1.2.x"), "{after:?}");
    let elsewhere = Member {
        stand: Stand::Known(Box::new(seat.state.release.standing(seat.now))),
        held: Some("pid 17 on desk".to_owned()),
        lacks: Some("the disk is full".to_owned()),
    };
    seat.event(Event::Surveyed(vec![(name("v1.0.9"), elsewhere)]));
    let after = said(&seat);
    assert!(after[0].contains("open in another cockpit (pid 17 on desk)"), "{after:?}");
    assert!(after[0].contains("not on record there: the disk is full"), "{after:?}");
}
