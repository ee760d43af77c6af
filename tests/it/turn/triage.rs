//! Picks decided at the keys: at once, after questions, for all that are marked, and published by a plan.

use super::seat::Seat;
use crate::release::ground::{branch, oid};
use crate::release::triage::{place, queue};
use gonogo::release::Fact;
use gonogo::release::ask::Effect;
use gonogo::release::branches::{LineKind, LinesSeen};
use gonogo::release::picks::{
    BetterOrder, CellState, Decision, Foreseen, Foresight, PickKey, Predicted, QueueAsk, Tally,
};
use gonogo::release::text::Untrusted;
use gonogo::screen::dialog::Dialog;
use gonogo::screen::keys::{Code, Key};
use gonogo::screen::notice::JobKind;
use gonogo::screen::rows::RowId;
use gonogo::screen::{Mode, Options};
use gonogo::turn::Event;

/// At the picks tab of a queue of four.
fn seat() -> Seat {
    let mut seat = Seat::on(&queue(), Options::default(), Mode::Live);
    seat.keys("5");
    seat.out.clear();
    seat.put(&row(1));
    seat
}

fn row(number: u64) -> RowId {
    let (key, line) = place(number);
    RowId::Pick(key, line)
}

fn state(seat: &Seat, number: u64) -> CellState {
    let (key, line) = place(number);
    seat.state.release.picks.cell(&key, &line).expect("a cell").state
}

fn enter(seat: &mut Seat) {
    seat.event(Event::Key(Key::plain(Code::Enter)));
}

#[test]
fn accepting_asks_nothing_when_the_process_asks_nothing() {
    let mut seat = seat();
    seat.keys("a");
    assert_eq!(seat.held(), ["pick.decide"]);
    seat.settle();
    assert_eq!(state(&seat, 1), CellState::Approved);
    assert!(seat.notices().contains("accepted #1 → release-1.2.x: fix 1 · z undo"), "{}", seat.notices());
    assert_eq!(seat.ran(), 0, "nothing leaves");
    seat.keys("z").settle();
    assert_eq!(state(&seat, 1), CellState::Proposed);
    seat.keys("Z").settle();
    assert_eq!(state(&seat, 1), CellState::Approved);
    seat.keys("u").settle();
    assert_eq!(state(&seat, 1), CellState::Proposed);
}

#[test]
fn turning_away_asks_why_and_takes_no_answer_where_none_is_needed() {
    let mut seat = seat();
    for (key, to) in [("d", CellState::Deferred), ("x", CellState::Rejected), ("i", CellState::NotNeeded)] {
        seat.put(&row(1)).keys(key);
        assert!(matches!(seat.dialog(), Some(Dialog::Prompt { .. })), "{key}");
        assert!(seat.held().is_empty(), "nothing is decided yet");
        if key == "x" {
            seat.typed("too late");
        }
        enter(&mut seat);
        seat.settle();
        assert_eq!(state(&seat, 1), to);
        assert!(seat.dialog().is_none());
    }
    let why = |seat: &Seat| seat.state.release.picks.decisions[&place(1)].why.clone();
    assert_eq!(why(&seat), None);
    seat.keys("z").settle();
    assert_eq!(why(&seat), Some(Untrusted::from("too late")), "the reason comes back with it");
    seat.keys("x");
    seat.event(Event::Key(Key::plain(Code::Esc)));
    assert!(seat.held().is_empty() && seat.dialog().is_none(), "escape decides nothing");
}

#[test]
fn marks_and_ranges_are_decided_as_one() {
    let mut seat = seat();
    seat.keys("V").keys("jj").keys("V").keys("a");
    assert_eq!(seat.held(), ["pick.decide"; 3]);
    seat.settle();
    assert!(seat.state.screen.list().marks.is_empty());
    let told = "accepted 3 picks → release-1.2.x · z undo";
    assert_eq!(seat.notices(), told, "it is told once");
    assert_eq!(state(&seat, 2), CellState::Approved);
    seat.keys("z").settle();
    assert!([1, 2, 3].into_iter().all(|number| state(&seat, number) == CellState::Proposed));
    seat.put(&row(4)).keys("space").put(&row(2)).keys("space").keys("x").typed("no");
    enter(&mut seat);
    seat.settle();
    assert_eq!((state(&seat, 4), state(&seat, 2)), (CellState::Rejected, CellState::Rejected));
}

#[test]
fn the_questions_of_the_process_are_asked_one_after_the_other() {
    let mut seat = Seat::on(&crate::release::triage::asking(), Options::default(), Mode::Live);
    seat.keys("5").put(&row(1)).keys("a");
    let title = |seat: &Seat| match seat.dialog() {
        Some(Dialog::Prompt { title, .. }) => title.clone(),
        other => panic!("a question was expected, not {other:?}"),
    };
    assert_eq!(title(&seat), "What bug does it fix? (1 of 2)");
    enter(&mut seat);
    assert!(seat.refusal().unwrap().contains("type something"), "no question is left unanswered");
    seat.typed("a crash");
    enter(&mut seat);
    assert_eq!(title(&seat), "How was it verified? (2 of 2)");
    seat.typed("by hand");
    enter(&mut seat);
    seat.settle();
    let record = &seat.state.release.picks.decisions[&place(1)];
    assert_eq!(record.decision, Decision::Accepted);
    let answers: Vec<_> = record.answers.iter().map(|it| it.answer.line()).collect();
    assert_eq!(answers, ["a crash", "by hand"]);
    seat.put(&row(2)).keys("x");
    enter(&mut seat);
    assert!(seat.dialog().is_some(), "the process needs a reason");
    assert_eq!(state(&seat, 2), CellState::Proposed);
}

#[test]
fn what_was_decided_is_published_by_one_plan() {
    let mut seat = Seat::on(&crate::release::triage::asking(), Options::default(), Mode::Live);
    seat.keys("5").put(&row(2));
    seat.keys("P");
    assert!(seat.notices().contains("nothing that was decided waits"), "{}", seat.notices());
    seat.keys("x").typed("too large");
    enter(&mut seat);
    seat.settle();
    assert_eq!(seat.state.screen.queues.to_publish, 1);
    seat.out.clear();
    seat.keys("P");
    let Some(Dialog::Plan { plan, go, .. }) = seat.dialog() else { panic!("a plan") };
    assert_eq!((plan.title.as_str(), plan.steps.len(), *go), ("Publish 1 decision", 2, false));
    seat.event(Event::Key(Key::plain(Code::Tab)));
    enter(&mut seat);
    assert_eq!(seat.ran(), 0, "no record, no action");
    seat.wrote();
    assert_eq!(seat.ran(), 1);
    assert_eq!(seat.state.screen.queues.to_publish, 0, "what is on its way is not wanted again");
}

#[test]
fn picks_are_added_vouched_for_and_moved_by_keys() {
    let mut seat = seat();
    seat.keys("=").typed("pier/crane#77");
    enter(&mut seat);
    seat.settle();
    assert_eq!(state(&seat, 77), CellState::Proposed);
    seat.put(&row(77)).keys("-").settle();
    assert!(seat.state.release.picks.cell(&place(77).0, &branch("release-1.2.x")).is_none());
    seat.put(&row(3)).keys("v").typed("seen in 1.2.1");
    enter(&mut seat);
    seat.settle();
    assert_eq!(state(&seat, 3), CellState::Landed);
    seat.put(&row(3)).keys("v").settle();
    assert_eq!(state(&seat, 3), CellState::Proposed);
    seat.put(&row(2)).keys("<").settle();
    let rows: Vec<_> = seat.state.screen.list().rows.iter().filter(|it| it.heading.is_none()).collect();
    assert_eq!(rows[0].id, row(2), "the rows stand in the order of the queue");
    assert_eq!(seat.cursor(), Some(&row(2)), "the cursor goes with it");
    seat.keys(">").settle();
    assert_eq!(seat.state.screen.list().rows[1].id, row(1));
}

#[test]
fn the_matrix_comes_and_goes_with_a_key() {
    let mut seat = seat();
    let before = seat.state.screen.list().rows.len();
    seat.keys("m");
    assert!(seat.state.screen.matrix);
    assert_eq!(seat.state.screen.list().rows.len(), before - 1, "no headings");
    assert_eq!(seat.cursor(), Some(&row(1)));
    seat.keys("m");
    assert_eq!(seat.state.screen.list().rows.len(), before);
}

#[test]
fn the_next_that_needs_a_decision() {
    let mut seat = seat();
    seat.keys("a").settle();
    seat.put(&row(1)).keys("n");
    let at = seat.cursor().cloned();
    assert!([row(2), row(3), row(4)].contains(&at.unwrap()));
}

/// The prediction that was asked for last.
fn asked(seat: &Seat) -> Option<(u64, QueueAsk)> {
    let ask = |effect: &Effect| match effect {
        Effect::Predict(generation, ask, _) => Some((*generation, (**ask).clone())),
        _ => None,
    };
    seat.out.iter().rev().find_map(ask)
}

fn part(ask: &QueueAsk, numbers: &[u64], verdict: &Foreseen, whole: bool) -> Foresight {
    let row = |number: &u64| Predicted {
        pick: place(*number).0,
        verdict: verdict.clone(),
        tree: None,
        remedy: None,
    };
    Foresight {
        line: ask.line.clone(),
        tip: ask.tip,
        tier: Untrusted::from("git"),
        rows: numbers.iter().map(row).collect(),
        done: numbers.len(),
        whole: whole.then(|| ask.queue.iter().map(|(key, _)| key.clone()).collect()),
    }
}

#[test]
fn a_queue_is_predicted_when_it_its_order_or_its_branch_moves_and_not_before_the_journal_is_read() {
    let book = queue();
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    // The seat forgets what left at its start: it was asked when the journal was read, and not before.
    assert!(asked(&seat).is_none());
    assert!(seat.state.screen.jobs.iter().any(|job| job.kind == JobKind::Predict));
    seat.keys("5").put(&row(1));
    assert!(asked(&seat).is_none(), "moves of the eye predict nothing anew");
    seat.keys("j").keys("a");
    seat.settle();
    assert!(asked(&seat).is_none(), "an accepted pick stays where it is in the queue");
    seat.put(&row(2)).keys("<").settle();
    let (first, ask) = asked(&seat).expect("the order moved");
    let order: Vec<_> = ask.queue.iter().filter_map(|(key, _)| PickKey::number(key)).collect();
    assert_eq!(order, [2, 1, 3, 4]);
    seat.put(&row(4)).keys("x");
    enter(&mut seat);
    seat.settle();
    let (second, ask) = asked(&seat).expect("the queue moved");
    assert!(second > first && ask.queue.len() == 3);
    seat.keys("p");
    assert!(asked(&seat).unwrap().0 > second, "a person may ask");
}

#[test]
fn verdicts_come_in_parts_late_ones_are_dropped_and_only_changes_are_written() {
    let mut seat = seat();
    seat.keys("p");
    let (old, ask) = asked(&seat).unwrap();
    seat.keys("p");
    let (now, _) = asked(&seat).unwrap();
    seat.event(Event::Foresaw(old, Box::new(part(&ask, &[1], &Foreseen::Clean, false))));
    assert!(seat.held().is_empty(), "what an earlier run says is dropped");
    seat.event(Event::Foresaw(now, Box::new(part(&ask, &[1, 2], &Foreseen::Clean, false))));
    assert_eq!(seat.held(), ["obs.predictions"]);
    seat.settle();
    let job = seat.state.screen.jobs.iter().find(|job| job.kind == JobKind::Predict).unwrap();
    assert_eq!(job.progress, Some((2, 4)));
    assert!(!seat.state.screen.queues.untold.contains(&place(1).0));
    assert!(seat.state.screen.queues.untold.contains(&place(3).0));
    let rest = part(&ask, &[3, 4], &Foreseen::Empty { there: true }, true);
    seat.event(Event::Foresaw(now, Box::new(rest)));
    seat.settle();
    assert!(seat.state.screen.jobs.iter().all(|job| job.kind != JobKind::Predict));
    let at = seat.entries.len();
    seat.keys("p");
    let (again, ask) = asked(&seat).unwrap();
    seat.event(Event::Foresaw(again, Box::new(part(&ask, &[1, 2], &Foreseen::Clean, false))));
    let rest = part(&ask, &[3, 4], &Foreseen::Empty { there: true }, true);
    seat.event(Event::Foresaw(again, Box::new(rest)));
    assert_eq!(seat.entries.len(), at, "nothing has changed");
    assert!(seat.held().is_empty());
}

#[test]
fn the_poll_says_the_conflicts_of_the_queue_as_they_come_in() {
    let mut seat = seat();
    seat.keys("p");
    let (generation, ask) = asked(&seat).unwrap();
    let clash = || Foreseen::Conflict { files: vec![], more: 1 };
    let verdicts =
        [(1, Foreseen::Clean), (2, clash()), (3, clash()), (2, Foreseen::Clean), (3, Foreseen::Clean)];
    let picks = |seat: &Seat| {
        let polled = seat.state.screen.poll.iter().find(|polled| polled.gate == "picks").unwrap();
        polled.reading.reason.clone()
    };
    let mut said = vec![];
    for (pick, verdict) in verdicts {
        seat.event(Event::Foresaw(generation, Box::new(part(&ask, &[pick], &verdict, false))));
        seat.settle();
        assert_eq!(seat.state.screen.poll, seat.state.release.poll(seat.now));
        assert_eq!(seat.state.screen.agenda, seat.state.release.agenda(&seat.state.screen.poll, seat.now));
        said.push(
            picks(&seat).matches("conflict").count() + 2 * picks(&seat).matches("2 in conflict").count(),
        );
    }
    assert_eq!(said, [0, 1, 3, 1, 0]);
}

#[test]
fn a_prediction_that_is_cancelled_stops_and_is_not_begun_again_by_itself() {
    let mut seat = seat();
    seat.keys("p");
    let (generation, ask) = asked(&seat).unwrap();
    seat.out.clear();
    seat.keys("ctrl-x");
    assert!(seat.out.contains(&Effect::Cancel));
    seat.event(Event::Foresaw(generation, Box::new(part(&ask, &[1], &Foreseen::Clean, false))));
    assert!(seat.held().is_empty());
    assert!(asked(&seat).is_none());
    seat.keys("p");
    let (generation, _) = asked(&seat).unwrap();
    seat.event(Event::Unforeseen(generation, Untrusted::from("git is gone\u{1b}[1m")));
    assert!(
        seat.notices().contains("the queue of release-1.2.x could not be predicted: git is gone"),
        "{}",
        seat.notices()
    );
    assert!(!seat.notices().contains('\u{1b}'));
}

#[test]
fn a_pick_that_leaves_the_queue_leaves_the_predictions_with_the_next_whole_run() {
    let mut seat = seat();
    seat.keys("p");
    let (generation, ask) = asked(&seat).unwrap();
    seat.event(Event::Foresaw(generation, Box::new(part(&ask, &[1, 2, 3, 4], &Foreseen::Clean, true))));
    seat.settle();
    seat.put(&row(4)).keys("x");
    enter(&mut seat);
    seat.settle();
    let (generation, ask) = asked(&seat).unwrap();
    seat.event(Event::Foresaw(generation, Box::new(part(&ask, &[1, 2, 3], &Foreseen::Clean, true))));
    seat.settle();
    let known = &seat.state.release.picks.predictions[&branch("release-1.2.x")];
    assert_eq!(known.rows.len(), 3);
    let mut release = gonogo::release::Release::default();
    seat.entries.iter().for_each(|entry| release.apply(entry));
    assert_eq!(release.picks, seat.state.release.picks, "a replay comes to the same");
}

#[test]
fn a_follower_and_a_replay_neither_decide_nor_predict() {
    for mode in [Mode::ReadOnly, Mode::Replay] {
        let mut seat = Seat::on(&queue(), Options::default(), mode);
        seat.keys("5").put(&row(1));
        for key in ["a", "d", "x", "i", "u", "P", "=", "-", "v", "p"] {
            seat.keys(key);
            assert!(seat.held().is_empty() && seat.dialog().is_none(), "{mode:?} {key}");
        }
        assert!(asked(&seat).is_none(), "{mode:?}");
        assert!(
            seat.entries
                .iter()
                .all(|entry| !matches!(&entry.fact, Fact::Picks(fact) if fact.kind() == "pick.decide"))
        );
    }
}

#[test]
fn an_order_is_looked_for_shown_and_taken_at_a_key() {
    let mut seat = seat();
    seat.keys("s");
    let ask = |effect: &Effect| match effect {
        Effect::Order(generation, ask) => Some((*generation, (**ask).clone())),
        _ => None,
    };
    let (generation, asked) = seat.out.iter().find_map(ask).expect("it is looked for");
    assert!(seat.state.screen.jobs.iter().any(|job| job.kind == JobKind::Order));
    let keys = |numbers: &[u64]| numbers.iter().map(|number| place(*number).0).collect::<Vec<_>>();
    let found = BetterOrder {
        line: asked.line.clone(),
        tip: asked.tip,
        order: keys(&[2, 1, 3, 4]),
        moved: vec![(place(2).0, None)],
        before: Tally { applies: 2, conflicts: 2, ..Tally::default() },
        after: Tally { applies: 4, ..Tally::default() },
        whole: true,
    };
    let same = BetterOrder { after: found.before, moved: vec![], ..found.clone() };
    seat.event(Event::Ordered(generation - 1, Box::new(Ok(found.clone()))));
    assert!(seat.state.screen.dialogs.is_empty(), "what an earlier search finds is dropped");
    seat.event(Event::Ordered(generation, Box::new(Ok(found))));
    assert!(seat.state.screen.jobs.iter().all(|job| job.kind != JobKind::Order));
    let Some(Dialog::Choose { about, .. }) = seat.state.screen.dialogs.last() else { panic!("no dialog") };
    assert_eq!(about[0], "as it is:  2 apply, 2 conflict");
    assert_eq!(about[1], "reordered: 4 apply, 0 conflict");
    assert!(about[2].starts_with("#2 ") && about[2].ends_with(" first"), "{about:?}");
    assert!(seat.held().is_empty(), "nothing is decided before it is taken");
    enter(&mut seat);
    assert_eq!(seat.held(), ["pick.order"]);
    seat.settle();
    let (_, line) = place(1);
    assert_eq!(seat.state.release.picks.queue(&line), keys(&[2, 1, 3, 4]));
    seat.keys("z").settle();
    assert_eq!(seat.state.release.picks.queue(&line), keys(&[1, 2, 3, 4]));
    seat.keys("s");
    let (generation, _) = seat.out.iter().rev().find_map(ask).unwrap();
    seat.event(Event::Ordered(generation, Box::new(Ok(same))));
    assert!(seat.state.screen.dialogs.is_empty());
    assert!(seat.notices().contains("no order was found in which more applies: 2 apply, 2 conflict"));
}

#[test]
fn every_line_is_predicted_the_one_that_is_shown_first() {
    let mut book = queue();
    let other = branch("release-1.1.x");
    let mut rows: Vec<_> = (1..=4).map(crate::release::triage::pull).collect();
    rows.push(gonogo::release::picks::Pick { line: other.clone(), ..crate::release::triage::pull(2) });
    crate::release::triage::seen(&mut book, rows);
    let rows = vec![crate::release::ground::line("release-1.1.x", LineKind::Release, oid(4))];
    book.tell(LinesSeen { rows, gone: vec![] });
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    seat.keys("5p");
    let (generation, ask) = asked(&seat).unwrap();
    assert_eq!(ask.line, place(1).1, "the line that is shown comes first");
    seat.event(Event::Foresaw(generation, Box::new(part(&ask, &[1, 2, 3, 4], &Foreseen::Clean, true))));
    seat.settle();
    let (generation, ask) = asked(&seat).unwrap();
    assert_eq!(ask.line, other, "then the other");
    assert!(seat.state.screen.queues.untold.is_empty(), "what is shown is told");
    seat.keys("p");
    let (_, again) = asked(&seat).unwrap();
    assert_eq!(again.line, place(1).1, "a person goes first");
    let dropped = part(&ask, &[2], &Foreseen::Clean, true);
    seat.event(Event::Foresaw(generation, Box::new(dropped)));
    let (generation, ask) = asked(&seat).unwrap();
    seat.event(Event::Foresaw(generation, Box::new(part(&ask, &[1, 2, 3, 4], &Foreseen::Clean, true))));
    seat.settle();
    let (generation, ask) = asked(&seat).unwrap();
    assert_eq!(ask.line, other, "what was broken off is begun again");
    let conflict = Foreseen::Conflict { files: vec![], more: 0 };
    seat.event(Event::Foresaw(generation, Box::new(part(&ask, &[2], &conflict, true))));
    seat.settle();
    assert!(seat.state.release.picks.told(&place(2).0, &other).unwrap().conflict, "the matrix shows it");
    let before = seat.out.len();
    seat.event(Event::Deadline);
    assert!(seat.out[before..].iter().all(|it| !matches!(it, Effect::Predict(..))), "all is predicted");
}

#[test]
fn a_release_without_a_line_shows_and_predicts_nothing_of_others_until_somebody_asks() {
    let mut book = queue();
    let (own, other) = (place(1).1, branch("release-1.1.x"));
    let rows = vec![gonogo::release::picks::Pick { line: other.clone(), ..crate::release::triage::pull(2) }];
    crate::release::triage::seen(&mut book, rows);
    let rows = vec![crate::release::ground::line("release-1.1.x", LineKind::Release, oid(4))];
    book.tell(LinesSeen { rows, gone: vec![own] });
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    seat.keys("5");
    assert!(seat.state.release.line().is_none());
    assert!(seat.state.screen.jobs.iter().all(|job| job.kind != JobKind::Predict), "nobody asked");
    assert!(seat.state.screen.list().rows.is_empty(), "{:?}", seat.state.screen.list().rows);
    let queues = seat.state.screen.queues.clone();
    assert_eq!((queues.to_decide, queues.count(CellState::Proposed)), (0, 0), "counters agree");
    assert!(queues.elsewhere.contains(&(other.clone(), 1)), "{:?}", queues.elsewhere);
    while seat.state.screen.branch.as_ref() != Some(&other) {
        seat.keys("b");
    }
    assert!(seat.state.screen.list().rows.iter().any(|it| it.id == RowId::Pick(place(2).0, other.clone())));
    assert_eq!(seat.state.screen.queues.to_decide, 1);
    assert_eq!(asked(&seat).unwrap().1.line, other, "what is shown is predicted");
}

#[test]
fn beside_the_line_that_is_shown_three_are_predicted_the_newest() {
    let mut book = queue();
    let mut rows: Vec<_> = (1..=4).map(crate::release::triage::pull).collect();
    let names: Vec<_> = (2..=8).map(|minor| format!("release-0.{minor}.x")).collect();
    rows.extend(
        names.iter().map(|name| gonogo::release::picks::Pick {
            line: branch(name),
            ..crate::release::triage::pull(2)
        }),
    );
    crate::release::triage::seen(&mut book, rows);
    let rows = names.iter().enumerate().map(|(age, name)| gonogo::release::branches::Line {
        at: book.now - chrono::TimeDelta::days(10 + i64::try_from(age).unwrap()),
        ..crate::release::ground::line(name, LineKind::Release, oid(4))
    });
    let rows = rows.collect();
    book.tell(LinesSeen { rows, gone: vec![] });
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    seat.keys("5p");
    let mut lines = vec![];
    while lines.last() != asked(&seat).map(|(_, ask)| ask.line).as_ref() && lines.len() < 9 {
        let (generation, ask) = asked(&seat).unwrap();
        lines.push(ask.line.clone());
        let numbers: Vec<u64> = ask.queue.iter().filter_map(|(key, _)| key.number()).collect();
        seat.event(Event::Foresaw(generation, Box::new(part(&ask, &numbers, &Foreseen::Clean, true))));
        seat.settle();
    }
    let own = place(1).1;
    assert_eq!(lines, [own, branch(&names[0]), branch(&names[1]), branch(&names[2])]);
}
