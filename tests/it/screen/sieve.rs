//! The filter of a list: the best match first, kept between keys and never otherwise than made afresh.

use crate::release::ground::{issue, key, repo, text};
use crate::turn::seat::Seat;
use gonogo::release::milestone::Issue;
use gonogo::release::observe::Sighting;
use gonogo::screen::fresh::Source;
use gonogo::screen::keys::{Code, Key};
use gonogo::screen::rows::{self, RowId};
use gonogo::turn::Event;
use proptest::prelude::*;

fn titled(number: u64, title: &str) -> Issue {
    Issue { title: text(title), ..issue(number) }
}

fn saw(seat: &mut Seat, issues: Vec<Issue>) {
    seat.event(Event::Saw(Box::new(Sighting::Issues(repo(), issues)), Source::Live));
    seat.settle();
}

/// Somebody in the milestone tab with these issues.
fn looking_at(titles: &[&str]) -> Seat {
    let mut seat = Seat::new();
    let issues = (30..).zip(titles).map(|(number, title)| titled(number, title));
    saw(&mut seat, issues.collect());
    seat.keys("2");
    seat
}

fn shown(seat: &Seat) -> Vec<RowId> {
    seat.state.screen.list().rows.iter().map(|row| row.id.clone()).collect()
}

fn ids(numbers: &[u64]) -> Vec<RowId> {
    numbers.iter().map(|number| RowId::Issue(key(*number))).collect()
}

#[test]
fn the_best_match_of_all_groups_is_first_and_equals_stay_in_order() {
    let mut seat = looking_at(&["q u o t a", "a queue that takes", "quota", "nothing", "the quota of disks"]);
    seat.keys("/").typed("quota");
    assert_eq!(shown(&seat), ids(&[32, 34, 30]), "as typed, then scattered");
    let mut closed = titled(35, "quota, done");
    closed.open = false;
    let rows = vec![titled(30, "q u o t a"), titled(33, "nothing"), titled(34, "the quota of disks"), closed];
    saw(&mut seat, rows);
    assert_eq!(shown(&seat), ids(&[34, 35, 32, 30]), "what is folded away is found, after what is as good");
    seat.keys("esc");
    assert!(matches!(shown(&seat)[0], RowId::Heading(_)), "without a filter there are headings again");
}

#[test]
fn the_cursor_stays_on_its_row_while_that_fits_and_then_goes_to_the_best() {
    let mut seat = looking_at(&["disk full", "network", "disk slow", "d-i-s-k"]);
    seat.put(&ids(&[32])[0]).keys("/").typed("d");
    assert_eq!(seat.cursor(), Some(&ids(&[32])[0]));
    seat.typed("isk");
    assert_eq!((shown(&seat), seat.cursor()), (ids(&[30, 32, 33]), Some(&ids(&[32])[0])));
    seat.typed(" full");
    assert_eq!(seat.cursor(), Some(&ids(&[30])[0]));
    seat.keys("ctrl-u").typed("network");
    assert_eq!(seat.cursor(), Some(&ids(&[31])[0]));
    seat.keys("esc");
    assert_eq!(seat.cursor(), Some(&ids(&[31])[0]), "it stays when the others come back");
}

#[test]
fn what_a_filter_hid_is_no_news_when_it_is_shown_again() {
    let mut seat = looking_at(&["disk", "network"]);
    seat.keys("/").typed("disk").keys("esc");
    assert!(!seat.state.screen.list().fresh.contains(&ids(&[31])[0]));
    saw(&mut seat, vec![titled(30, "disk"), titled(31, "network"), titled(32, "memory")]);
    assert!(seat.state.screen.list().fresh.contains(&ids(&[32])[0]), "what came in is");
}

/// What is typed into a filter, and what happens meanwhile.
#[derive(Debug, Clone)]
enum Step {
    Type(char),
    Back,
    Clear,
    Order,
    Issues(Vec<(u64, String)>),
}

fn steps() -> impl Strategy<Value = Step> {
    let letters = prop::sample::select("aabbcAé !$^'\\#3".chars().collect::<Vec<_>>());
    let rows = prop::collection::vec((30u64..40, "[abcAé!$ ]{0,6}"), 0..8);
    prop_oneof![
        8 => letters.prop_map(Step::Type),
        2 => Just(Step::Back),
        1 => Just(Step::Clear),
        1 => Just(Step::Order),
        1 => rows.prop_map(Step::Issues),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_kept_between_keys_are_those_made_afresh(
        rows in prop::collection::vec((30u64..60, "[abcAé!$ ]{0,6}"), 0..20),
        session in prop::collection::vec(steps(), 1..40),
    ) {
        let mut seat = looking_at(&[]);
        let issues = |rows: Vec<(u64, String)>| {
            let rows: std::collections::BTreeMap<_, _> = rows.into_iter().collect();
            rows.into_iter().map(|(number, title)| titled(number, &title)).collect::<Vec<_>>()
        };
        saw(&mut seat, issues(rows));
        seat.keys("/");
        for step in session {
            match step {
                Step::Type(c) => drop(seat.typed(&c.to_string())),
                Step::Back if seat.state.screen.list().filter.is_empty() => {}
                Step::Back => seat.event(Event::Key(Key::plain(Code::Backspace))),
                Step::Clear => drop(seat.keys("ctrl-u")),
                Step::Order => drop(seat.keys("enter s /")),
                Step::Issues(rows) => saw(&mut seat, issues(rows)),
            }
            let mut afresh = seat.state.screen.clone();
            rows::remake(&mut afresh, seat.state.shown());
            let (list, wanted) = (seat.state.screen.list(), afresh.list());
            prop_assert_eq!(&list.rows, &wanted.rows, "filter {:?}", list.filter);
            prop_assert_eq!((list.all, &list.cursor), (wanted.all, &wanted.cursor), "filter {:?}", list.filter);
        }
    }
}
