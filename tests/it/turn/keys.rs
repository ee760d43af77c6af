//! Which keys exist where: none that writes in a replay, none that runs where nothing may be written.

use super::seat::Seat;
use crate::release::ground::{Book, key};
use chrono::SubsecRound as _;
use gonogo::release::Pane;
use gonogo::release::ask::{Effect, To};
use gonogo::screen::keymap::{ACTIONS, Keymap, Meaning, Reach};
use gonogo::screen::keys::{Key, parse};
use gonogo::screen::rows::RowId;
use gonogo::screen::timeline::{Mark, MarkKind, Timeline};
use gonogo::screen::{Mode, Options, Screen, TABS};
use gonogo::turn::{Event, State, update};

/// A replay that stands at the end of a book.
fn replay(book: &Book) -> Seat {
    let mut seat = Seat::on(book, Options::default(), Mode::Live);
    seat.state = State::new(Screen::new(book.now, (120, 36), Options::default()));
    seat.event(Event::Opened(Mode::Replay, None));
    let last = book.entries.len() as u64;
    let timeline = Timeline {
        at: last,
        last,
        ts: Some(book.now),
        span: Some((book.entries[0].ts, book.now)),
        marks: vec![
            Mark { seq: 2, kind: MarkKind::Session },
            Mark { seq: 5, kind: MarkKind::Decision },
            Mark { seq: 9, kind: MarkKind::Failure },
        ],
        density: vec![],
        playing: false,
        speed: 1,
        chain: "chain holds".into(),
        holds: true,
    };
    seat.event(Event::Travelled(Box::new(book.release.clone()), Box::new(timeline)));
    seat.out.clear();
    seat
}

fn all_keys() -> Vec<Vec<Key>> {
    ACTIONS.iter().flat_map(|def| def.keys).map(|keys| parse(keys).unwrap()).collect()
}

/// Rows of every tab, so that keys have something to act on.
fn full() -> Book {
    let mut book = Book::read();
    book.issues((20..25).map(crate::release::ground::issue).collect());
    book.ask(gonogo::release::Ask::Tick {
        item: "say".into(),
        to: gonogo::release::checklist::ItemState::Done,
        why: None,
    })
    .unwrap();
    book
}

#[test]
fn no_key_of_a_replay_means_an_action_that_writes() {
    let keymap = Keymap::default();
    for tab in TABS {
        for keys in all_keys() {
            if let Meaning::Run(action) = keymap.meaning(tab, true, &keys) {
                assert_eq!(action.def().reach, Reach::Eye, "{} in {tab:?}", action.def().name);
            }
        }
    }
}

/// Nothing that reaches outside, beyond the eye.
fn harmless(effect: &Effect) -> bool {
    matches!(effect, Effect::Travel(_) | Effect::Copy(_) | Effect::Browse(_) | Effect::Suspend | Effect::Quit)
}

#[test]
fn a_replay_writes_nothing_whatever_is_pressed() {
    let base = replay(&full());
    for tab in TABS {
        for keys in all_keys() {
            let mut seat = base.clone();
            seat.event(Event::ClickTab(tab));
            seat.keys("j");
            for key in keys.iter().copied().chain(parse("x enter tab enter").unwrap()) {
                seat.event(Event::Key(key));
            }
            assert!(seat.held.is_none(), "{keys:?} in {tab:?} records {:?}", seat.held());
            let bad = |it: &&Effect| !harmless(it) && !matches!(it, Effect::Fetch | Effect::Cancel);
            assert_eq!(seat.out.iter().find(bad), None, "{keys:?} in {tab:?}");
        }
    }
}

#[test]
fn every_action_that_writes_says_why_not_where_nothing_may_be_written() {
    let book = full();
    for (mode, options) in [
        (Mode::ReadOnly, Options::default()),
        (Mode::Live, Options { read_only: true, ..Options::default() }),
    ] {
        let base = Seat::on(&book, options, mode);
        let mut seat = base.clone();
        seat.keys("j");
        for def in ACTIONS.iter().filter(|def| def.reach != Reach::Eye) {
            let why = seat.state.screen.why_not(def.action);
            assert!(why.is_some_and(|why| why.starts_with("read-only")), "{mode:?} {}: {why:?}", def.name);
        }
        for tab in TABS {
            for keys in all_keys() {
                let mut seat = base.clone();
                seat.event(Event::ClickTab(tab));
                seat.keys("j");
                for key in keys.iter().copied().chain(parse("x enter tab enter").unwrap()) {
                    seat.event(Event::Key(key));
                }
                assert!(seat.held.is_none(), "{keys:?} in {tab:?} {mode:?} records {:?}", seat.held());
                assert_eq!(seat.ran(), 0);
            }
        }
    }
}

#[test]
fn keys_pressed_before_the_journal_is_read_ask_for_nothing() {
    let book = full();
    let mut state = State::new(Screen::new(book.now, (120, 36), Options::default()));
    let stamp = book.stamp();
    for keys in all_keys().into_iter().filter(|keys| *keys != parse("q").unwrap()) {
        for key in keys {
            let batch = update(&mut state, &stamp, Event::Key(key));
            assert!(batch.is_none_or(|batch| batch.notes.is_empty()));
        }
        state.screen.dialogs.clear();
        state.screen.pending.clear();
        state.screen.list_mut().typing = false;
    }
    update(&mut state, &stamp, Event::Read(book.entries.clone()));
    let batch = update(&mut state, &stamp, Event::Opened(Mode::Live, None)).unwrap();
    assert!(batch.notes.is_empty(), "{:?}", batch.notes);
}

#[test]
fn a_key_of_another_tab_says_where_it_works() {
    let mut seat = Seat::new();
    seat.keys("B");
    assert!(seat.notices().contains("works in tab 4"), "{}", seat.notices());
    let mut seat = replay(&full());
    seat.keys("2 D");
    assert!(seat.notices().contains("does not exist in a replay"), "{}", seat.notices());
}

#[test]
fn a_replay_steps_jumps_plays_and_goes_to() {
    let book = full();
    let last = book.entries.len() as u64;
    let mut seat = replay(&book);
    let go = |seat: &mut Seat, keys: &str| {
        seat.out.clear();
        seat.keys(keys);
        seat.out.clone()
    };
    assert_eq!(go(&mut seat, ","), [Effect::Travel(To::Entry(last - 1))]);
    assert_eq!(go(&mut seat, "."), [Effect::Travel(To::Entry(last))]);
    assert_eq!(go(&mut seat, "["), [Effect::Travel(To::Entry(9))]);
    assert_eq!(go(&mut seat, "]"), [Effect::Travel(To::Entry(last))]);
    assert!(go(&mut seat, "space > >").is_empty());
    let timeline = seat.state.screen.timeline.as_ref().unwrap();
    assert!(timeline.playing && timeline.speed == 4);
    go(&mut seat, "< < <");
    assert_eq!(seat.state.screen.timeline.as_ref().unwrap().speed, 1);
    go(&mut seat, "go");
    seat.typed("7");
    assert_eq!(go(&mut seat, "enter"), [Effect::Travel(To::Entry(7))]);
    go(&mut seat, "go");
    seat.typed("99999");
    assert!(go(&mut seat, "enter").is_empty());
    assert_eq!(seat.refusal(), Some("no entry has that number or time"));
}

#[test]
fn the_palette_of_a_replay_takes_the_place_to_go_to_on_its_line() {
    let book = full();
    let mut seat = replay(&book);
    let go = |seat: &mut Seat, line: &str| {
        seat.out.clear();
        seat.keys(":").typed(line).keys("enter");
        seat.out.clone()
    };
    assert_eq!(go(&mut seat, "goto 7"), [Effect::Travel(To::Entry(7))]);
    assert!(seat.dialog().is_none());
    assert_eq!(go(&mut seat, "  Goto  #3 "), [Effect::Travel(To::Entry(3))]);
    let ts = book.entries[0].ts;
    let time = ts.format("goto %Y-%m-%dT%H:%M:%SZ").to_string();
    assert_eq!(go(&mut seat, &time), [Effect::Travel(To::Time(ts.trunc_subsecs(0)))]);
    assert!(go(&mut seat, "goto 99999").is_empty());
    assert_eq!(
        seat.refusal(),
        Some("no entry has that number or time"),
        "the prompt is open with what was typed"
    );
    seat.keys("backspace backspace backspace backspace enter");
    assert_eq!(seat.out, [Effect::Travel(To::Entry(9))]);
    assert!(go(&mut seat, "goto").is_empty(), "alone it asks where to");
    seat.typed("5").keys("enter");
    assert_eq!(seat.out, [Effect::Travel(To::Entry(5))]);
    let mut live = Seat::new();
    live.keys(":").typed("goto 7").keys("enter");
    assert!(live.out.is_empty(), "only a replay goes anywhere");
}

#[test]
fn in_presentation_mode_keys_are_shown_for_two_seconds() {
    let mut seat = Seat::new();
    seat.keys("j");
    assert!(seat.state.screen.pressed.is_empty(), "only then");
    seat.keys("gp 2 gg");
    let pressed: Vec<_> =
        seat.state.screen.pressed.iter().map(|it| (it.key.clone(), it.label.clone())).collect();
    assert_eq!(pressed, [("2".into(), "Milestone".into()), ("gg".to_owned(), "top".to_owned())]);
    seat.keys("j j j j");
    assert_eq!(seat.state.screen.pressed.len(), 3);
    seat.wait(2).event(Event::Deadline);
    assert!(seat.state.screen.pressed.is_empty());
}

#[test]
fn what_is_copied_and_opened_is_built_from_ids() {
    let mut seat = Seat::new();
    seat.keys("2").put(&RowId::Issue(key(21))).keys("yy yn ym");
    assert_eq!(
        seat.out,
        [
            Effect::Copy("https://github.com/pier/crane/issues/21".into()),
            Effect::Copy("#21".into()),
            Effect::Copy("[issue 21](https://github.com/pier/crane/issues/21)".into()),
        ]
    );
    seat.out.clear();
    seat.keys("o");
    assert_eq!(seat.out, [Effect::Browse("https://github.com/pier/crane/issues/21".into())]);
    seat.out.clear();
    seat.keys("yh");
    assert!(seat.out.is_empty() && seat.notices().contains("this row has none"));
    assert_eq!(seat.tab(), Pane::Milestone);
}

#[test]
fn a_key_that_does_nothing_anywhere_says_so_once() {
    let mut seat = Seat::new();
    let said = |seat: &Seat| seat.notices().matches("no key:").count();
    seat.event(Event::Key(Key::char('Ω')));
    assert!(seat.notices().contains("no key: Ω; ? shows keys"), "{}", seat.notices());
    seat.event(Event::Key(Key::char('Ω')));
    seat.event(Event::Focus(false));
    seat.event(Event::Paste("Ωß".to_owned()));
    assert_eq!(said(&seat), 1, "{}", seat.notices());
    // Another key is another answer, and a key that works begins anew.
    seat.event(Event::Key(Key::char('ß')));
    assert_eq!(said(&seat), 2);
    seat.event(Event::Key(Key::char('j')));
    seat.event(Event::Key(Key::char('ß')));
    assert_eq!(said(&seat), 3);
}
