//! When the world is looked at, and when the cockpit wakes up at all.

use super::seat::Seat;
use crate::release::ground::{Book, at, branch, check, issue, labelled, line, milestone, oid, repo, text};
use chrono::TimeDelta;
use gonogo::release::ask::Effect;
use gonogo::release::branches::{LineKind, LinesSeen};
use gonogo::release::checklist::FilesSeen;
use gonogo::release::checks::{CheckState, RequiredSeen};
use gonogo::release::looks::{LookKey, Topic};
use gonogo::release::milestone::MilestonesSeen;
use gonogo::release::observe::Sighting;
use gonogo::screen::fresh::{Source, next_step};
use gonogo::screen::{Mode, Options, Rate};
use gonogo::turn::Event;
use gonogo::turn::watch::{branches, next_deadline, wanted};

fn look(topic: Topic, scope: &str) -> LookKey {
    LookKey::new(topic, scope)
}

/// What was looked for since the last time.
fn asked(seat: &mut Seat) -> Vec<LookKey> {
    let out = std::mem::take(&mut seat.out);
    out.into_iter()
        .filter_map(|it| if let Effect::Look(keys) = it { Some(keys) } else { None })
        .flatten()
        .collect()
}

/// Answers every look that is on its way, with what is known already.
fn answer(seat: &mut Seat) {
    let keys: Vec<_> = seat.state.screen.fresh.0.iter().filter(|(_, it)| it.asked.is_some()).collect();
    let keys: Vec<LookKey> = keys.into_iter().map(|(key, _)| key.clone()).collect();
    for key in keys {
        let release = &seat.state.release;
        let sighting = match key.topic {
            Topic::Git => Sighting::Git {
                lines: release.lines.0.values().cloned().collect(),
                tags: release.candidates.tags.values().cloned().collect(),
            },
            Topic::Milestones => {
                Sighting::Milestones(repo(), release.milestones.list.values().cloned().collect())
            }
            Topic::Issues => Sighting::Issues(repo(), release.milestones.issues.values().cloned().collect()),
            Topic::Checks => {
                let line = &release.checks.lines[&branch(&key.scope)];
                let rows = line.rows.values().cloned().collect();
                Sighting::Checks { branch: branch(&key.scope), sha: line.sha.unwrap(), rows, history: vec![] }
            }
            Topic::Picks => Sighting::Picks(repo(), vec![], vec![], None),
            Topic::Releases => Sighting::Releases(vec![]),
            Topic::Required => {
                let contexts = release.checks.lines[&branch(&key.scope)].required.clone().unwrap_or_default();
                let branch = branch(&key.scope);
                Sighting::Required(RequiredSeen { branch, contexts, protected: true })
            }
            Topic::Files => Sighting::Files(FilesSeen { rows: vec![] }),
            Topic::Landings => Sighting::Landings { wanted: vec![], changes: vec![], landings: vec![] },
            Topic::Log | Topic::Runs | Topic::Artifacts | Topic::Built | Topic::Tasks => {
                Sighting::Failed(key.clone(), text("not here"))
            }
        };
        seat.event(Event::Saw(Box::new(sighting), Source::Live));
        seat.settle();
    }
    seat.out.clear();
}

#[test]
fn everything_that_the_release_needs_is_wanted() {
    let keys = wanted(&Book::read().release);
    for key in [
        look(Topic::Git, ""),
        look(Topic::Milestones, "pier/crane"),
        look(Topic::Issues, "pier/crane"),
        look(Topic::Releases, ""),
        look(Topic::Picks, "pier/crane"),
        look(Topic::Landings, ""),
        look(Topic::Checks, "main"),
        look(Topic::Required, "release-1.2.x"),
        look(Topic::Files, ""),
    ] {
        assert!(keys.contains(&key), "{key:?}");
    }
    let bare = Book::blank("v1.2.0", None, "none");
    assert_eq!(wanted(&bare.release), [look(Topic::Git, ""), look(Topic::Files, "")]);
    let fresh = Book::new();
    assert!(!wanted(&fresh.release).iter().any(|it| it.topic == Topic::Issues), "no milestone is chosen");
}

#[test]
fn checks_are_looked_at_on_the_trunk_the_line_and_the_newest_others() {
    let mut book = Book::read();
    let rows = (3..9u8).map(|minor| {
        let mut row = line(&format!("release-1.{minor}.x"), LineKind::Release, oid(minor));
        row.at = at(-i64::from(minor));
        row
    });
    book.tell(LinesSeen { rows: rows.collect(), gone: vec![] });
    let names: Vec<_> = branches(&book.release).iter().map(|it| it.as_str().to_owned()).collect();
    assert_eq!(names, ["main", "release-1.2.x", "release-1.3.x", "release-1.4.x"]);
}

#[test]
fn each_look_is_made_once_until_it_answers() {
    let book = Book::read();
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    // The seat has asked for all of them when it was opened.
    assert!(seat.state.screen.fresh.0.values().all(|it| it.asked.is_some()));
    seat.wait(600).keys("j r j");
    assert_eq!(asked(&mut seat), [], "they are on their way");
    answer(&mut seat);
    assert!(seat.state.screen.fresh.0.values().all(|it| it.asked.is_none()));
    seat.event(Event::Deadline);
    assert_eq!(asked(&mut seat), [], "nothing is due");
    seat.keys("r");
    let again = asked(&mut seat);
    assert_eq!(again.len(), wanted(&seat.state.release).len());
}

#[test]
fn looks_are_due_after_a_minute_and_those_that_change_seldom_after_five() {
    let book = Book::read();
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    answer(&mut seat);
    seat.wait(53).event(Event::Deadline);
    assert_eq!(asked(&mut seat), [], "jitter is a tenth at most");
    seat.wait(14).event(Event::Deadline);
    let due = asked(&mut seat);
    assert!(due.contains(&look(Topic::Git, "")) && due.contains(&look(Topic::Checks, "main")), "{due:?}");
    assert!(!due.contains(&look(Topic::Releases, "")), "{due:?}");
    answer(&mut seat);
    seat.wait(5 * 66).event(Event::Deadline);
    assert!(asked(&mut seat).contains(&look(Topic::Releases, "")));
}

#[test]
fn without_the_focus_looks_are_five_times_rarer_and_made_up_for_when_it_is_back() {
    let book = Book::read();
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    seat.event(Event::Focus(false));
    answer(&mut seat);
    seat.wait(200).event(Event::Deadline);
    assert_eq!(asked(&mut seat), []);
    seat.event(Event::Focus(true));
    assert!(asked(&mut seat).contains(&look(Topic::Git, "")), "stale when people come back");
    let mut away = Seat::on(&book, Options::default(), Mode::Live);
    away.event(Event::Focus(false));
    answer(&mut away);
    away.wait(5 * 66 + 1).event(Event::Deadline);
    assert!(asked(&mut away).contains(&look(Topic::Git, "")));
}

#[test]
fn running_checks_are_looked_at_more_often_while_they_are_shown() {
    let book = Book::read();
    for (tab, wanted) in [("3", true), ("2", false)] {
        let mut seat = Seat::on(&book, Options::default(), Mode::Live);
        answer(&mut seat);
        seat.keys(tab);
        let rows = vec![check("build", CheckState::Running)];
        for _ in 0..2 {
            let saw =
                Sighting::Checks { branch: branch("main"), sha: oid(2), rows: rows.clone(), history: vec![] };
            seat.event(Event::Saw(Box::new(saw), Source::Live));
            seat.settle();
        }
        seat.out.clear();
        seat.wait(17).event(Event::Deadline);
        assert_eq!(asked(&mut seat).contains(&look(Topic::Checks, "main")), wanted, "tab {tab}");
    }
}

#[test]
fn while_polling_is_paused_nothing_is_looked_at_by_itself_and_nothing_wakes_up() {
    let options = Options { poll: None, ..Options::default() };
    let book = Book::read();
    let mut seat = Seat::on(&book, options, Mode::Live);
    answer(&mut seat);
    seat.wait(60).event(Event::Deadline);
    assert_eq!(next_deadline(&seat.state), None, "nothing is due and no age is shown");
    for _ in 0..5 {
        seat.wait(3600).event(Event::Deadline);
        seat.keys("j");
        seat.event(Event::Focus(false));
        seat.event(Event::Focus(true));
    }
    assert_eq!(asked(&mut seat), []);
    seat.keys("r");
    assert!(!asked(&mut seat).is_empty(), "a person may look");
}

#[test]
fn a_follower_and_a_replay_look_at_nothing() {
    for mode in [Mode::ReadOnly, Mode::Replay] {
        let mut seat = Seat::on(&Book::read(), Options::default(), mode);
        seat.wait(600).event(Event::Deadline);
        seat.keys("r");
        assert_eq!(asked(&mut seat), [], "{mode:?}");
        seat.wait(600).event(Event::Deadline);
        assert_eq!(next_deadline(&seat.state), None, "{mode:?}");
    }
}

#[test]
fn what_is_no_longer_wanted_wakes_nobody_up() {
    let mut seat = Seat::on(&Book::read(), Options::default(), Mode::Live);
    answer(&mut seat);
    let log = gonogo::release::checks::LogSeen { repo: repo(), job: 9, step: None, tail: text("boom") };
    seat.event(Event::Saw(Box::new(Sighting::Log(log)), Source::Live));
    seat.settle();
    let gone = LinesSeen { rows: vec![], gone: vec![branch("release-1.2.x")] };
    let lines = seat.state.release.lines.0.values().filter(|it| it.branch != gone.gone[0]);
    let tags = seat.state.release.candidates.tags.values().cloned().collect();
    let saw = Sighting::Git { lines: lines.cloned().collect(), tags };
    seat.event(Event::Saw(Box::new(saw), Source::Live));
    seat.settle();
    seat.keys("r");
    answer(&mut seat);
    let start = seat.now;
    for _ in 0..20 {
        seat.now = next_deadline(&seat.state).unwrap();
        seat.event(Event::Deadline);
        answer(&mut seat);
    }
    // Two looks may be due in the same moment, but not all twenty.
    assert!(seat.now - start >= TimeDelta::seconds(4), "it wakes up at once, again and again");
}

#[test]
fn the_cockpit_wakes_up_once_a_second_at_most() {
    let mut seat = Seat::on(&Book::read(), Options::default(), Mode::Live);
    answer(&mut seat);
    seat.keys("g x");
    let mut wakes = 0;
    let end = seat.now + TimeDelta::seconds(600);
    while seat.now < end {
        let next = next_deadline(&seat.state).unwrap();
        assert!(next > seat.now);
        seat.now = next;
        seat.event(Event::Deadline);
        answer(&mut seat);
        wakes += 1;
    }
    assert!(wakes <= 600, "{wakes} wake-ups in ten minutes");
}

#[test]
fn an_age_wakes_the_cockpit_when_it_is_shown_differently() {
    let mut seat = Seat::on(&Book::read(), Options::default(), Mode::Live);
    answer(&mut seat);
    let then = seat.now;
    assert_eq!(next_deadline(&seat.state), Some(next_step(then, then)));
    assert_eq!(next_step(then, then), then + TimeDelta::seconds(15));
}

#[test]
fn a_forge_that_says_wait_is_waited_for() {
    let mut seat = Seat::on(&Book::read(), Options::default(), Mode::Live);
    answer(&mut seat);
    let held = seat.now + TimeDelta::seconds(120);
    seat.event(Event::Limits(Some(Rate { left: 0, limit: 5000, reset: held }), Some(held)));
    seat.wait(100).event(Event::Deadline);
    assert_eq!(asked(&mut seat), []);
    seat.wait(20).event(Event::Deadline);
    assert!(!asked(&mut seat).is_empty());
}

#[test]
fn another_milestone_is_looked_at_at_once_and_once() {
    let mut book = Book::read();
    book.tell(MilestonesSeen { repo: repo(), rows: vec![milestone(2, "1.3.0")], gone: vec![] });
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    answer(&mut seat);
    seat.keys("m").typed("1.3").keys("enter").settle();
    let issues = look(Topic::Issues, "pier/crane");
    let again = asked(&mut seat);
    assert_eq!(again.iter().filter(|it| **it == issues).count(), 1, "{again:?}");
    let other = gonogo::release::milestone::Issue { milestone: Some(2), ..issue(40) };
    seat.event(Event::Saw(Box::new(Sighting::Issues(repo(), vec![other])), Source::Live));
    seat.settle();
    seat.keys("j j").event(Event::Deadline);
    assert!(!asked(&mut seat).contains(&issues), "it was read");
    assert_eq!(seat.state.release.milestones.issues.len(), 1);
}

#[test]
fn a_look_that_fails_keeps_the_rows_and_says_why() {
    let mut seat = Seat::new();
    answer(&mut seat);
    let before = seat.state.release.milestones.issues.len();
    let key = look(Topic::Issues, "pier/crane");
    let failed = || Event::Saw(Box::new(Sighting::Failed(key.clone(), text("502"))), Source::Live);
    let at = seat.state.screen.fresh.0[&key].at;
    seat.wait(30).event(failed());
    seat.settle();
    let fresh = &seat.state.screen.fresh.0[&key];
    assert_eq!((fresh.error.as_deref(), fresh.at), (Some("502"), at));
    assert_eq!(seat.state.release.milestones.issues.len(), before);
    let written = seat.entries.len();
    seat.event(failed());
    assert!(seat.held.is_none() && seat.entries.len() == written, "once is enough");
}

#[test]
fn ctrl_x_stops_looks_for_a_minute() {
    let mut seat = Seat::on(&Book::read(), Options::default(), Mode::Live);
    seat.keys("ctrl-x");
    assert_eq!(seat.out, [Effect::Cancel]);
    assert!(seat.state.screen.jobs.is_empty());
    seat.out.clear();
    seat.wait(59).event(Event::Deadline);
    assert_eq!(asked(&mut seat), []);
    seat.wait(2).event(Event::Deadline);
    assert!(!asked(&mut seat).is_empty());
}

#[test]
fn a_gate_that_waits_for_a_time_is_read_when_it_has_come() {
    let mut book = Book::read();
    let tag = gonogo::release::candidates::TagRow {
        tag: gonogo::release::ids::Tag::parse("v1.2.0-rc.2").unwrap(),
        oid: oid(3),
        annotated: true,
        at: Some(at(-3 * 1440 + 10)),
    };
    book.tell(gonogo::release::candidates::TagsSeen { rows: vec![tag], gone: vec![] });
    book.issues(vec![labelled(20, &[])]);
    let options = Options { poll: None, ..Options::default() };
    let mut seat = Seat::on(&book, options, Mode::Live);
    answer(&mut seat);
    let word =
        |seat: &Seat| seat.state.screen.poll.iter().find(|it| it.gate == "testing").unwrap().verdict.word();
    assert_eq!(word(&seat), "HOLD");
    seat.state.screen.notices.clear();
    assert_eq!(next_deadline(&seat.state), Some(at(10)));
    seat.now = at(10);
    seat.event(Event::Deadline);
    assert_eq!(word(&seat), "GO");
    assert_eq!(next_deadline(&seat.state), None);
}

#[test]
fn nothing_is_looked_at_before_the_first_line_of_the_journal_says_what_the_release_is() {
    let mut screen = gonogo::screen::Screen::new(Book::read().now, (120, 36), Options::default());
    screen.mode = Mode::Live;
    let mut state = gonogo::turn::State::new(screen);
    let stamp = gonogo::release::Stamp { now: state.screen.now, mono: 0, fresh: 1 };
    let batch = gonogo::turn::update(&mut state, &stamp, Event::Deadline);
    let looks = batch.iter().flat_map(|batch| &batch.now).any(|it| matches!(it, Effect::Look(_)));
    assert!(!looks, "a look at git without a process fails, and is not tried again for a minute");
}

#[test]
fn the_minutes_that_the_room_looks_on_are_counted_and_wake_the_cockpit_once_each() {
    let options = Options { poll: None, ..Options::default() };
    let mut seat = Seat::on(&Book::read(), options, Mode::Live);
    answer(&mut seat);
    seat.state.screen.notices.clear();
    assert_eq!(seat.state.screen.minutes_used(), None);
    let from = seat.now;
    seat.keys("gp");
    seat.state.screen.pressed.clear();
    assert_eq!(seat.state.screen.minutes_used(), Some(0));
    assert_eq!(next_deadline(&seat.state), Some(from + chrono::TimeDelta::minutes(1)));
    seat.wait(12 * 60 + 5).event(Event::Deadline);
    assert_eq!(seat.state.screen.minutes_used(), Some(12));
    assert_eq!(next_deadline(&seat.state), Some(from + chrono::TimeDelta::minutes(13)));
    seat.keys("gp");
    seat.state.screen.pressed.clear();
    assert_eq!((seat.state.screen.minutes_used(), next_deadline(&seat.state)), (None, None));
}

#[test]
fn a_forge_that_says_wait_and_nothing_of_its_limits_is_waited_for_and_r_says_so() {
    let mut seat = Seat::on(&Book::read(), Options::default(), Mode::Live);
    answer(&mut seat);
    let held = seat.now + TimeDelta::minutes(5);
    seat.event(Event::Limits(None, Some(held)));
    // An errand that came back meanwhile says nothing of it, which lifts nothing.
    let rate = Rate { left: 9, limit: 5000, reset: held };
    seat.event(Event::Limits(Some(rate), None));
    assert_eq!((seat.state.screen.held, seat.state.screen.rate), (Some(held), Some(rate)));
    seat.keys("r");
    assert_eq!(asked(&mut seat), []);
    assert!(seat.notices().contains("left alone for 5m"), "{}", seat.notices());
    seat.wait(300).event(Event::Deadline);
    assert!(!asked(&mut seat).is_empty(), "it goes on by itself");
}

#[test]
fn r_says_that_there_is_no_forge_and_so_does_what_would_be_sent_there() {
    let book = Book::blank("v1.2.0", None, "none");
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    answer(&mut seat);
    seat.keys("r");
    assert!(seat.notices().contains("on no forge"), "{}", seat.notices());
    let why =
        |action| seat.state.screen.disabled.iter().find(|(it, _)| *it == action).map(|(_, why)| why.as_str());
    let publish = why(gonogo::screen::keymap::Action::PublishRelease).unwrap_or_default();
    assert!(publish.contains("on no forge") && !publish.contains("GONOGO_TOKEN"), "{publish}");
}
