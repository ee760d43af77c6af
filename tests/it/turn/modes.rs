//! How the cockpit opens, follows and is told things.

use super::seat::Seat;
use crate::release::ground::{Book, issue, key, repo, running};
use gonogo::release::ask::{Effect, Proposal};
use gonogo::release::fact::{self, Fact};
use gonogo::release::observe::Sighting;
use gonogo::release::text::Untrusted;
use gonogo::release::{Ask, Entry};
use gonogo::screen::fresh::Source;
use gonogo::screen::notice::Tone;
use gonogo::screen::{Mode, Options, Screen};
use gonogo::turn::{Event, State, update};

#[test]
fn opening_asks_who_the_token_belongs_to_and_looks_for_what_is_in_doubt() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    let plan = book
        .release
        .draft(Proposal::Close { issues: vec![key(8)], not_planned: false }, &book.stamp())
        .unwrap();
    let (op, _) = running(&book.ask(Ask::Go(plan)).unwrap());
    book.session("gh");
    for (mode, wanted) in
        [(Mode::Live, true), (Mode::Demo, true), (Mode::ReadOnly, false), (Mode::Replay, false)]
    {
        let mut state = State::new(Screen::new(book.now, (120, 36), Options::default()));
        update(&mut state, &book.stamp(), Event::Read(book.entries.clone()));
        let batch = update(&mut state, &book.stamp(), Event::Opened(mode, None)).unwrap_or_default();
        let probes = batch.now.iter().any(|it| matches!(it, Effect::Probe { op: of, .. } if *of == op));
        assert_eq!((probes, batch.now.contains(&Effect::Identify)), (wanted, wanted), "{mode:?}");
        assert!(!batch.now.iter().any(|it| matches!(it, Effect::Run { .. })), "nothing is sent again");
        assert!(batch.notes.is_empty() && batch.after.is_empty());
    }
}

#[test]
fn without_a_token_nobody_is_asked_and_nothing_goes_out() {
    let mut book = Book::read();
    book.issues(vec![issue(8)]);
    book.session("none");
    let mut seat = Seat::on(&book, Options::default(), Mode::Live);
    seat.keys("2 j D");
    assert!(seat.dialog().is_none());
    assert!(seat.notices().contains("there is no token"), "{}", seat.notices());
}

#[test]
fn who_the_forge_says_it_is_is_on_record() {
    let mut seat = Seat::new();
    let who = |login: &str| Event::Identified("gh".into(), Some(Untrusted::from(login)), vec![]);
    seat.event(who("bob"));
    assert_eq!(seat.held(), ["session.actor"]);
    seat.settle();
    let session = seat.state.release.session.as_ref().unwrap();
    assert_eq!(session.login.as_ref().map(|it| it.as_str().to_owned()), Some("bob".to_owned()));
    seat.event(who("not a login\u{1b}[2J"));
    seat.settle();
    assert_eq!(seat.state.release.session.as_ref().unwrap().login, None);
}

#[test]
fn a_follower_shows_what_the_holder_writes() {
    let book = Book::read();
    let mut seat = Seat::on(&book, Options::default(), Mode::ReadOnly);
    let mut holder = book.clone();
    holder.issues(vec![issue(33)]);
    let new: Vec<Entry> = holder.entries[book.entries.len()..].to_vec();
    seat.event(Event::Read(new));
    assert!(seat.state.release.milestones.issues.contains_key(&key(33)));
    seat.keys("2");
    assert!(
        seat.state.screen.list().rows.iter().any(|it| it.id == gonogo::screen::rows::RowId::Issue(key(33)))
    );
    assert!(seat.held.is_none());
}

#[test]
fn notices_stay_five_seconds_and_six_when_people_look_on() {
    for (present, seconds) in [(false, 5), (true, 6)] {
        let mut seat = Seat::with(Options { present, ..Options::default() }, Mode::Live);
        seat.event(Event::Notice(Tone::Plain, "copied".into()));
        seat.wait(seconds - 1).event(Event::Deadline);
        assert_eq!(seat.notices(), "copied", "{present}");
        seat.wait(1).event(Event::Deadline);
        assert_eq!(seat.notices(), "", "{present}");
    }
    let mut seat = Seat::new();
    (0..9).for_each(|at| seat.event(Event::Notice(Tone::Plain, at.to_string())));
    assert_eq!(seat.notices(), "5 | 6 | 7 | 8", "the newest four");
}

#[test]
fn a_turn_in_which_nothing_happens_draws_and_sends_nothing() {
    let mut seat = Seat::new();
    seat.state.dirty = false;
    let rate = gonogo::screen::Rate { left: 9, limit: 10, reset: seat.now };
    seat.event(Event::Limits(Some(rate), None));
    assert!(seat.state.dirty);
    seat.state.dirty = false;
    seat.event(Event::Limits(Some(rate), None));
    assert!(!seat.state.dirty, "the same limits draw nothing");
    assert!(seat.out.is_empty());
}

#[test]
fn a_release_that_was_never_opened_is_looked_at_until_somebody_opens_it() {
    let book = Book::read();
    let opened = book.entries.iter().find_map(|entry| match &entry.fact {
        Fact::Session(fact::Session::Opened(opened)) => Some(opened.clone()),
        _ => None,
    });
    let options = Options { read_only: true, ..Options::default() };
    let mut state = State::new(Screen::new(book.now, (120, 36), options));
    state.look_on(opened.unwrap());
    let batch = update(&mut state, &book.stamp(), Event::Opened(Mode::ReadOnly, None)).unwrap();
    assert!(batch.now.iter().any(|it| matches!(it, Effect::Look(_))), "{batch:?}");
    let seen = Sighting::Issues(repo(), vec![issue(8)]);
    let batch = update(&mut state, &book.stamp(), Event::Saw(Box::new(seen), Source::Live));
    assert_eq!(batch.map(|batch| batch.notes).unwrap_or_default(), []);
    assert!(state.shown().milestones.issues.contains_key(&key(8)));
    assert!(state.release.milestones.issues.is_empty() && state.screen.unrecorded.seen);
    update(&mut state, &book.stamp(), Event::Read(book.entries.clone()));
    assert!(!state.screen.unrecorded.seen);
    assert_eq!(state.shown().head, book.release.head);
    let look = update(&mut state, &book.stamp(), Event::Deadline).unwrap_or_default().now;
    assert!(!look.iter().any(|it| matches!(it, Effect::Look(_))), "its holder looks");
}
