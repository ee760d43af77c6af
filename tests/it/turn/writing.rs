//! The journal's side of a turn: one batch at a time, nothing leaves before it is on disk.

use super::seat::Seat;
use crate::release::ground::{Book, issue, key, labelled, repo};
use gonogo::release::Outcome;
use gonogo::release::ask::Effect;
use gonogo::release::checklist::ItemState;
use gonogo::release::errand::Status;
use gonogo::release::ids::OpId;
use gonogo::release::observe::Sighting;
use gonogo::screen::fresh::Source;
use gonogo::screen::rows::{RowId, remake};
use gonogo::screen::{Mode, Options};
use gonogo::turn::{Event, fit, in_turns};

fn item(seat: &mut Seat, id: &str) {
    seat.keys("6").put(&RowId::Item(id.into()));
}

fn sent(seat: &mut Seat) -> OpId {
    seat.keys("2").put(&RowId::Issue(key(21))).keys("D tab enter").settle();
    match seat.out.iter().find(|it| matches!(it, Effect::Run { .. })) {
        Some(Effect::Run { op, .. }) => op.clone(),
        _ => panic!("nothing was sent: {:?}", seat.out),
    }
}

#[test]
fn only_what_is_on_disk_is_true() {
    let mut seat = Seat::new();
    item(&mut seat, "say");
    seat.keys("space");
    assert_eq!(seat.state.release.checklist.state("say"), ItemState::Open);
    seat.wrote();
    assert_eq!(seat.state.release.checklist.state("say"), ItemState::Done);
}

#[test]
fn what_is_asked_while_a_batch_is_written_waits_in_order() {
    let mut seat = Seat::new();
    item(&mut seat, "say");
    seat.keys("space").settle();
    let before = seat.entries.len();
    item(&mut seat, "cake");
    seat.keys("space z");
    seat.event(Event::Saw(Box::new(Sighting::Issues(repo(), vec![issue(20)])), Source::Live));
    assert_eq!(seat.held(), ["checklist.tick"]);
    seat.keys("1 2 3");
    assert_eq!(seat.tab(), gonogo::release::Pane::Ci, "moves of the eye do not wait");
    seat.settle();
    let kinds = seat.kinds(before);
    assert_eq!(kinds, ["checklist.tick", "undo", "checklist.tick", "obs.issues", "obs.complete"]);
    assert_eq!(seat.state.release.checklist.state("say"), ItemState::Done);
    assert_eq!(seat.state.release.checklist.state("cake"), ItemState::Open);
}

#[test]
fn a_key_that_bounces_ticks_once() {
    let mut seat = Seat::new();
    item(&mut seat, "say");
    seat.keys("space space");
    seat.wrote();
    assert_eq!(seat.held(), ["refused"], "the second wanted what the first had done");
    seat.settle();
    assert_eq!(seat.state.release.checklist.state("say"), ItemState::Done);
}

#[test]
fn a_refusal_is_on_record() {
    let mut seat = Seat::new();
    item(&mut seat, "empty");
    seat.keys("space");
    assert_eq!(seat.held(), ["refused"]);
    assert!(seat.notices().contains("its own check says NO-GO"), "{}", seat.notices());
    seat.wrote();
    let row = seat.state.release.log.rows.last().unwrap();
    assert_eq!(&*row.kind, "refused");
}

#[test]
fn a_batch_that_cannot_be_written_grounds_the_cockpit_and_sends_nothing() {
    let mut seat = Seat::new();
    seat.keys("2").put(&RowId::Issue(key(21))).keys("D tab enter");
    item(&mut seat, "say");
    seat.keys("space").failed();
    assert_eq!(seat.state.screen.mode, Mode::Grounded);
    assert_eq!(seat.ran(), 0);
    assert!(seat.held.is_none(), "what waited is not tried");
    assert!(seat.notices().contains("what was asked was not done"), "{}", seat.notices());
    seat.keys("space");
    assert!(seat.held.is_none());
    assert!(seat.notices().contains("r tries again"), "{}", seat.notices());
    seat.out.clear();
    seat.keys("r");
    assert_eq!(seat.out, [Effect::Retry]);
    seat.event(Event::Recorded(0, vec![]));
    assert_eq!(seat.state.screen.mode, Mode::Live);
    assert_eq!(seat.ran(), 0, "what was asked before is not done late");
    seat.keys("space").settle();
    assert_eq!(seat.state.release.checklist.state("say"), ItemState::Done);
}

#[test]
fn a_demo_that_was_grounded_is_a_demo_again() {
    let mut seat = Seat::with(Options::default(), Mode::Demo);
    item(&mut seat, "say");
    seat.keys("space").failed();
    seat.event(Event::Unwritten(0, "still full".into()));
    seat.event(Event::Recorded(0, vec![]));
    assert_eq!(seat.state.screen.mode, Mode::Demo);
}

#[test]
fn an_outcome_that_could_not_be_written_is_written_after_the_retry() {
    let mut seat = Seat::new();
    let op = sent(&mut seat);
    let before = seat.entries.len();
    seat.event(Event::CameBack(op.clone(), Outcome::new(Status::Ok)));
    assert_eq!(seat.held(), ["issue.close.outcome"]);
    seat.failed();
    assert_eq!(seat.state.screen.unrecorded.outcomes, ["close pier/crane#21: done"]);
    assert!(seat.held.is_none(), "it is not tried again and again");
    seat.event(Event::Deadline);
    assert!(seat.held.is_none());
    seat.event(Event::Recorded(0, vec![]));
    seat.settle();
    assert_eq!(seat.kinds(before), ["issue.close.outcome"]);
    assert!(seat.state.release.outbox.open.is_empty());
}

#[test]
fn an_outcome_that_comes_while_grounded_waits_for_the_retry() {
    let mut seat = Seat::new();
    let op = sent(&mut seat);
    item(&mut seat, "say");
    seat.keys("space").failed();
    seat.event(Event::CameBack(op, Outcome::new(Status::Ok)));
    assert!(seat.held.is_none());
    seat.event(Event::Recorded(0, vec![]));
    assert_eq!(seat.held(), ["issue.close.outcome"]);
}

/// Until the disk answers nothing that was asked is done, so a slow one is not kept quiet.
#[test]
fn a_write_that_takes_long_is_shown_until_it_ends() {
    let recording = |seat: &Seat| {
        gonogo::view::news::jobs(&seat.state.screen).filter(|job| job.text == "recording…").count() == 1
    };
    for fails in [false, true] {
        let mut seat = Seat::new();
        item(&mut seat, "say");
        seat.keys("space");
        assert!(!recording(&seat), "most writes are over at once");
        let due = gonogo::turn::watch::next_deadline(&seat.state).expect("the cockpit wakes up to show it");
        assert!(due <= seat.now + chrono::TimeDelta::milliseconds(200));
        seat.wait(1).event(Event::Deadline);
        assert!(recording(&seat));
        let ended = if fails { seat.failed() } else { seat.wrote() };
        assert!(!recording(ended));
    }
}

#[test]
fn the_job_line_shows_the_plan_and_ctrl_x_calls_the_rest_off() {
    let mut seat = Seat::new();
    seat.keys("2").put(&RowId::Issue(key(21))).keys("space space space D tab enter").settle();
    let job = |seat: &Seat| {
        let plan = |it: &&gonogo::screen::notice::Job| it.kind != gonogo::screen::notice::JobKind::Look;
        seat.state.screen.jobs.iter().find(plan).and_then(|it| it.progress)
    };
    assert_eq!(job(&seat), Some((0, 3)));
    let Some(Effect::Run { op, .. }) = seat.out.last().cloned() else { panic!("{:?}", seat.out) };
    seat.event(Event::CameBack(op, Outcome::new(Status::Ok)));
    seat.settle();
    assert_eq!(job(&seat), Some((1, 3)));
    let Some(Effect::Run { op, .. }) = seat.out.last().cloned() else { panic!("{:?}", seat.out) };
    seat.keys("ctrl-x").settle();
    seat.event(Event::CameBack(op, Outcome::new(Status::Ok)));
    seat.settle();
    assert_eq!(seat.ran(), 2, "the third was called off");
    assert_eq!(job(&seat), None);
    assert!(!seat.state.is_busy());
}

#[test]
fn quit_asks_twice_while_a_write_runs_and_once_otherwise() {
    let mut seat = Seat::new();
    seat.keys("q");
    assert_eq!(seat.out, [Effect::Quit]);
    for keys in ["q q", "ctrl-c ctrl-c", "q ctrl-c"] {
        let mut seat = Seat::new();
        sent(&mut seat);
        seat.out.clear();
        let (first, second) = keys.split_once(' ').unwrap();
        seat.keys(first);
        assert!(seat.out.is_empty(), "{keys}");
        seat.keys(second);
        assert_eq!(seat.out, [Effect::Quit], "{keys}");
    }
}

#[test]
fn quit_is_taken_back_by_any_other_key() {
    let mut seat = Seat::new();
    sent(&mut seat);
    seat.out.clear();
    seat.keys("q j").settle();
    assert!(seat.dialog().is_none() && seat.out.is_empty());
}

#[test]
fn quitting_waits_for_a_line_of_the_journal_and_asks_nobody() {
    let mut seat = Seat::new();
    item(&mut seat, "say");
    seat.keys("space q");
    assert!(seat.dialog().is_none() && seat.out.is_empty());
    seat.settle();
    assert_eq!(seat.out, [Effect::Quit]);
}

#[test]
fn the_end_of_the_process_waits_for_what_is_on_its_way_but_not_for_a_dead_journal() {
    let mut seat = Seat::new();
    let op = sent(&mut seat);
    seat.out.clear();
    seat.event(Event::Terminate);
    assert!(seat.out.is_empty());
    seat.event(Event::CameBack(op, Outcome::new(Status::Ok)));
    assert!(seat.out.is_empty());
    seat.settle();
    assert_eq!(seat.out, [Effect::Quit]);
    let mut seat = Seat::new();
    let op = sent(&mut seat);
    seat.event(Event::CameBack(op, Outcome::new(Status::Ok)));
    seat.failed();
    seat.out.clear();
    seat.event(Event::Terminate);
    assert_eq!(seat.out, [Effect::Quit]);
}

/// A first look at thousands of issues is taken in by several turns, and something may come between any two of them.
#[test]
fn a_batch_in_turns_comes_to_what_it_comes_to_at_once() {
    let look = || {
        let severe = |number| if number % 100 == 7 { labelled(number, &["blocker"]) } else { issue(number) };
        Event::Saw(Box::new(Sighting::Issues(repo(), (20..1500).map(severe).collect())), Source::Live)
    };
    let first = Seat::on(&Book::read(), Options::default(), Mode::Live);
    for (mut start, between) in [first, Seat::new()].into_iter().flat_map(|seat| {
        ["", "resize", "draw", "end", "1 2", "/ i s"].map(move |between| (seat.clone(), between))
    }) {
        start.keys("2").event(look());
        let mut whole = start.clone();
        whole.wrote();
        let (id, entries) = start.on_disk();
        let count = entries.len();
        let turns = in_turns(id, entries);
        assert!(turns.len() > 3, "{} turns", turns.len());
        let folded = |event: &Event| match event {
            Event::Read(entries) | Event::Recorded(_, entries) => entries.len(),
            _ => 0,
        };
        assert_eq!(turns.iter().map(folded).sum::<usize>(), count);
        for (at, turn) in turns.into_iter().enumerate() {
            start.event(turn);
            // Once in the middle; a batch that is not there as a whole lets nothing leave.
            if at != 1 {
                continue;
            }
            assert!(start.state.is_busy());
            for seat in [&mut start, &mut whole] {
                match between {
                    "resize" => seat.event(Event::Resize(80, 24)),
                    "end" => seat.event(Event::Terminate),
                    "draw" | "" => {}
                    keys => _ = seat.keys(keys),
                }
            }
            assert!(between != "end" || !start.out.contains(&Effect::Quit), "it leaves in mid-batch");
            if !between.is_empty() {
                fit(&mut start.state, 20);
                let mut rows = start.state.screen.list().rows.iter();
                let there = |id: &RowId| match id {
                    RowId::Issue(key) => start.state.release.milestones.issues.contains_key(key),
                    _ => true,
                };
                assert!(rows.all(|row| there(&row.id)));
                let known = &start.state.release.milestones;
                let count = known.issues.len() + known.left.len();
                assert_eq!(start.state.screen.list().all, count, "rows of the release as it is");
            }
        }
        for seat in [&mut start, &mut whole] {
            seat.settle();
            remake(&mut seat.state.screen, &seat.state.release);
        }
        assert_eq!(start.state.release.revision, whole.state.release.revision, "{between}");
        assert_eq!(start.state.release.milestones, whole.state.release.milestones, "{between}");
        assert_eq!(start.state.release.log.rows, whole.state.release.log.rows, "{between}");
        assert_eq!(start.state.screen.poll, whole.state.screen.poll, "{between}");
        assert_eq!(start.kinds(0), whole.kinds(0), "{between}");
        assert_eq!(start.out, whole.out, "{between}");
        for (mine, other) in start.state.screen.lists.iter().zip(&whole.state.screen.lists) {
            assert_eq!((&mine.cursor, mine.all), (&other.cursor, other.all), "{between}");
            assert_eq!((&mine.fresh, &mine.marks), (&other.fresh, &other.marks), "{between}");
            assert!(mine.rows == other.rows, "{between}: other rows");
        }
    }
}

#[test]
fn a_journal_that_is_opened_again_while_a_batch_is_taken_in_folds_nothing_twice() {
    let mut seat = Seat::on(&Book::read(), Options::default(), Mode::Live);
    let rows = (20..1500).map(issue).collect();
    seat.event(Event::Saw(Box::new(Sighting::Issues(repo(), rows)), Source::Live));
    let (id, entries) = seat.on_disk();
    let mut turns = in_turns(id, entries).into_iter();
    assert!(turns.len() > 3);
    seat.event(turns.next().unwrap());
    // What is on disk behind the head is read again, and then come the turns that were on their way.
    let head = seat.state.release.head.unwrap().0;
    let again = seat.entries.iter().filter(|entry| entry.seq > head).cloned().collect();
    seat.event(Event::Read(again));
    turns.for_each(|event| seat.event(event));
    assert!(!seat.state.is_busy());
    let mut once = gonogo::release::Release::default();
    seat.entries.iter().for_each(|entry| once.apply(entry));
    assert_eq!(seat.state.release.log.rows.len(), once.log.rows.len());
    assert_eq!(seat.state.release.head, once.head);
    assert_eq!(seat.state.release.milestones.issues, once.milestones.issues);
}
