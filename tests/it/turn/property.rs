//! Random sessions: folding what was recorded gives, at each entry, the very release that was live.

use super::seat::Seat;
use crate::release::ground::{branch, check, issue, labelled, oid, repo, text};
use gonogo::release::ask::Effect;
use gonogo::release::checks::CheckState;
use gonogo::release::errand::Status;
use gonogo::release::milestone::Issue;
use gonogo::release::observe::Sighting;
use gonogo::release::{Outcome, Release};
use gonogo::screen::fresh::Source;
use gonogo::screen::keys::Key;
use gonogo::turn::Event;
use proptest::prelude::*;

/// One thing that happens.
#[derive(Debug, Clone)]
enum Step {
    Keys(&'static str),
    Letter(char),
    Issues(Vec<u64>),
    Red(bool),
    Lost,
    CameBack(Status),
    Wrote,
    Unwritten,
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Step> {
    let keys = prop::sample::select(vec![
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "8",
        "j",
        "j",
        "k",
        "G",
        "gg",
        "n",
        "space",
        "space",
        "enter",
        "esc",
        "tab",
        "V",
        "D",
        "U",
        "P",
        "A",
        "L",
        "C",
        "W",
        "X",
        "R",
        "B",
        "d",
        "i",
        "a",
        "w",
        "m",
        "z",
        "z",
        "Z",
        "r",
        "gu",
        "gj",
        "?",
        ":",
        "ctrl-x",
        "s",
        "f",
        "b",
        "/",
        "tab enter",
        "enter",
        "D tab enter",
        "6 j space",
        "2 j D tab enter",
        "2 / i s s",
        "8 / e",
        "/ ! b",
        "backspace",
    ]);
    let statuses = prop::sample::select(vec![
        Status::Ok,
        Status::Ok,
        Status::Ok,
        Status::Failed,
        Status::Refused,
        Status::Conflict,
        Status::Unknown,
        Status::Abandoned,
    ]);
    prop_oneof![
        12 => keys.prop_map(Step::Keys),
        3 => prop::char::range('a', 'z').prop_map(Step::Letter),
        2 => prop::collection::vec(20u64..30, 0..6).prop_map(Step::Issues),
        1 => any::<bool>().prop_map(Step::Red),
        1 => Just(Step::Lost),
        3 => statuses.prop_map(Step::CameBack),
        9 => Just(Step::Wrote),
        1 => Just(Step::Unwritten),
        1 => (0i64..200).prop_map(Step::Wait),
    ]
}

fn act(seat: &mut Seat, step: Step) {
    match step {
        Step::Keys(keys) => drop(seat.keys(keys)),
        Step::Letter(c) => seat.event(Event::Key(Key::char(c))),
        Step::Issues(numbers) => {
            let row = |number: &u64| match number % 3 {
                0 => labelled(*number, &["blocker"]),
                1 => Issue { title: text("another"), ..issue(*number) },
                _ => issue(*number),
            };
            let rows = numbers.iter().map(row).collect();
            seat.event(Event::Saw(Box::new(Sighting::Issues(repo(), rows)), Source::Live));
        }
        Step::Red(red) => {
            let state = if red { CheckState::Failed } else { CheckState::Passed };
            let rows = vec![check("build", state)];
            let saw = Sighting::Checks { branch: branch("main"), sha: oid(2), rows, history: vec![] };
            seat.event(Event::Saw(Box::new(saw), Source::Live));
        }
        Step::Lost => {
            let look =
                gonogo::release::looks::LookKey::new(gonogo::release::looks::Topic::Picks, "pier/crane");
            seat.event(Event::Saw(Box::new(Sighting::Failed(look, text("502"))), Source::Live));
        }
        Step::CameBack(status) => {
            let at = seat.out.iter().position(|it| matches!(it, Effect::Run { .. } | Effect::Probe { .. }));
            if let Some(Effect::Run { op, .. } | Effect::Probe { op, .. }) = at.map(|at| seat.out.remove(at))
            {
                seat.event(Event::CameBack(op, Outcome::noted(status, "so it is")));
            }
        }
        Step::Wrote => {
            if seat.held.is_some() {
                seat.wrote();
            }
        }
        Step::Unwritten => {
            if seat.held.is_some() {
                seat.failed();
                seat.event(Event::Recorded(0, vec![]));
            }
        }
        Step::Wait(seconds) => {
            seat.wait(seconds);
            seat.event(Event::Deadline);
        }
    }
}

/// The whole release as text, but for the process, which no session changes.
fn whole(release: &Release) -> String {
    let mut release = release.clone();
    release.process = None;
    format!("{release:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_journal_alone_tells_what_was_true_at_each_entry(session in prop::collection::vec(steps(), 1..80)) {
        let mut seat = Seat::new();
        let mut live = vec![(seat.entries.len(), whole(&seat.state.release))];
        for step in session {
            act(&mut seat, step);
            if live.last().is_none_or(|(seq, _)| *seq != seat.entries.len()) {
                live.push((seat.entries.len(), whole(&seat.state.release)));
            }
        }
        let mut folded = Release::default();
        let mut done = 0;
        for (seq, was) in live {
            seat.entries[done..seq].iter().for_each(|entry| folded.apply(entry));
            done = seq;
            prop_assert_eq!(whole(&folded), was, "after entry {}", seq);
        }
        prop_assert_eq!(whole(&folded), whole(&seat.state.release));
    }

    #[test]
    fn the_rows_that_are_kept_are_those_made_afresh(session in prop::collection::vec(steps(), 1..80)) {
        let mut seat = Seat::new();
        for step in session {
            act(&mut seat, step);
            let mut afresh = seat.state.screen.clone();
            gonogo::screen::rows::remake(&mut afresh, seat.state.shown());
            let (list, wanted) = (seat.state.screen.list(), afresh.list());
            prop_assert_eq!(&list.rows, &wanted.rows, "tab {:?}, filter {:?}", seat.tab(), list.filter);
            prop_assert_eq!((list.all, &list.cursor), (wanted.all, &wanted.cursor));
            prop_assert_eq!(&seat.state.screen.tally, &afresh.tally);
            prop_assert_eq!(&seat.state.screen.since, &afresh.since);
        }
    }

    #[test]
    fn every_errand_that_left_has_its_intent_on_disk_and_left_once(
        session in prop::collection::vec(steps(), 1..80)
    ) {
        let mut seat = Seat::new();
        let mut left = std::collections::BTreeSet::new();
        for step in session {
            let before = seat.out.len();
            act(&mut seat, step);
            for effect in seat.out.iter().skip(before.min(seat.out.len())) {
                let Effect::Run { op, .. } = effect else { continue };
                prop_assert!(left.insert(op.clone()), "{:?} left twice", op);
                let written = seat.entries.iter().filter(|it| it.op.as_ref() == Some(op)).count();
                prop_assert!(written >= 1, "{:?} left before it was on disk", op);
            }
        }
    }
}
