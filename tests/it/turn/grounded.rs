//! The journal cannot be written: what is seen is shown and marked, and the record stays the record.

use super::seat::Seat;
use crate::release::ground::{issue, key, repo};
use gonogo::release::ask::Effect;
use gonogo::release::errand::Status;
use gonogo::release::looks::Topic;
use gonogo::release::observe::Sighting;
use gonogo::release::{Outcome, Release};
use gonogo::screen::Mode;
use gonogo::screen::fresh::Source;
use gonogo::screen::rows::RowId;
use gonogo::turn::Event;

fn saw(seat: &mut Seat, numbers: &[u64]) {
    let rows = numbers.iter().map(|number| issue(*number)).collect();
    seat.event(Event::Saw(Box::new(Sighting::Issues(repo(), rows)), Source::Live));
}

fn grounded() -> Seat {
    let mut seat = Seat::new();
    seat.keys("6").put(&RowId::Item("say".into())).keys("space").failed();
    seat
}

/// The release that the journal alone gives.
fn folded(seat: &Seat) -> Release {
    let mut release = Release::default();
    seat.entries.iter().for_each(|entry| release.apply(entry));
    release
}

fn is_listed(seat: &Seat, number: u64) -> bool {
    // The rows of a tab are made when it is shown.
    let mut seat = seat.clone();
    seat.keys("2");
    let id = RowId::Issue(key(number));
    seat.state.screen.list().rows.iter().any(|row| row.id == id)
}

#[test]
fn what_is_seen_is_shown_as_unrecorded_beside_the_record() {
    let mut seat = grounded();
    assert!(!seat.state.screen.unrecorded.seen, "nothing was seen yet");
    saw(&mut seat, &[20, 21, 77]);
    assert!(seat.held.is_none(), "nothing is written");
    assert!(seat.state.screen.unrecorded.seen);
    assert!(is_listed(&seat, 77) && !is_listed(&seat, 22));
    assert!(seat.state.shown().milestones.issues.contains_key(&key(77)));
    let recorded = format!("{:?}", seat.state.release.milestones);
    assert_eq!(recorded, format!("{:?}", folded(&seat).milestones), "the record is the fold of the journal");
    assert_eq!(
        seat.state.shown().log.rows.len(),
        seat.state.release.log.rows.len(),
        "the journal is as it was"
    );
    saw(&mut seat, &[20, 78]);
    assert!(is_listed(&seat, 78) && !is_listed(&seat, 77), "the next look folds on it");
}

#[test]
fn when_the_journal_can_be_written_again_the_record_is_shown_and_the_looks_are_taken_anew() {
    let mut seat = grounded();
    saw(&mut seat, &[20, 77]);
    seat.out.clear();
    seat.event(Event::Recorded(0, vec![]));
    assert_eq!(seat.state.screen.mode, Mode::Live);
    assert!(!seat.state.screen.unrecorded.seen);
    assert!(!is_listed(&seat, 77) && is_listed(&seat, 22), "what was supposed is gone");
    let asked =
        |it: &Effect| matches!(it, Effect::Look(keys) if keys.iter().any(|key| key.topic == Topic::Issues));
    let fresh = &seat.state.screen.fresh.0;
    let look = fresh.iter().find(|(key, _)| key.topic == Topic::Issues).map(|(_, look)| look).unwrap();
    assert!(seat.out.iter().any(asked) || look.asked.is_some(), "{:?}", seat.out);
    let before = seat.entries.len();
    saw(&mut seat, &[20, 77]);
    seat.settle();
    assert_eq!(seat.kinds(before), ["obs.issues", "obs.complete"]);
    assert!(is_listed(&seat, 77) && !is_listed(&seat, 22));
    assert_eq!(format!("{:?}", seat.state.shown().milestones), format!("{:?}", folded(&seat).milestones));
}

#[test]
fn the_world_is_looked_at_while_nothing_can_be_recorded() {
    let mut seat = Seat::new();
    saw(&mut seat, &[20]);
    seat.settle().out.clear();
    seat.keys("6").put(&RowId::Item("say".into())).keys("space").failed();
    let looked = |seat: &Seat| seat.out.iter().any(|it| matches!(it, Effect::Look(_)));
    assert!(looked(&seat), "what the lost batch saw is seen again: {:?}", seat.out);
    saw(&mut seat, &[20]);
    seat.out.clear();
    seat.wait(120).event(Event::Deadline);
    assert!(looked(&seat), "and again at its time");
}

#[test]
fn what_is_confirmed_in_a_dialog_while_grounded_is_refused_and_never_done_late() {
    let mut seat = Seat::new();
    seat.keys("2").put(&RowId::Issue(key(21))).keys("D tab");
    assert!(seat.dialog().is_some(), "a plan is shown");
    seat.event(Event::Unwritten(0, "the disk is full".into()));
    seat.state.screen.notices.clear();
    seat.keys("enter");
    assert!(seat.notices().contains("what was asked was not done"), "{}", seat.notices());
    seat.event(Event::Recorded(0, vec![]));
    assert!(seat.held.is_none());
    assert_eq!(seat.ran(), 0);
}

#[test]
fn an_outcome_that_is_not_on_record_is_said_until_it_is() {
    let mut seat = Seat::new();
    seat.keys("2").put(&RowId::Issue(key(21))).keys("D tab enter").settle();
    let Some(Effect::Run { op, .. }) = seat.out.iter().find(|it| matches!(it, Effect::Run { .. })).cloned()
    else {
        panic!("nothing was sent: {:?}", seat.out)
    };
    seat.event(Event::CameBack(op, Outcome::noted(Status::Ok, "closed")));
    seat.failed();
    assert_eq!(seat.state.screen.unrecorded.outcomes, ["close pier/crane#21: done (closed)"]);
    seat.wait(60).event(Event::Deadline);
    let banner = gonogo::view::banner::lines(&seat.state.screen);
    assert!(
        banner.iter().any(|(_, text)| text.contains("HAPPENED AND NOT ON RECORD: close pier/crane#21")),
        "{banner:?}"
    );
    seat.event(Event::Recorded(0, vec![]));
    seat.settle();
    assert!(seat.state.screen.unrecorded.outcomes.is_empty());
    assert!(seat.state.release.outbox.open.is_empty());
}
