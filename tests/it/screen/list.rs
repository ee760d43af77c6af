//! A list: a cursor that stays on its id, marks, scrolling.

use crate::release::ground::key;
use gonogo::screen::list::List;
use gonogo::screen::rows::{Row, RowId};
use proptest::prelude::*;

fn id(number: u64) -> RowId {
    RowId::Issue(key(number))
}

fn rows(numbers: &[u64]) -> Vec<Row> {
    numbers.iter().map(|number| Row::item(id(*number), false)).collect()
}

fn list(numbers: &[u64]) -> List {
    let mut list = List::default();
    list.set(rows(numbers), numbers.len());
    list
}

#[test]
fn the_first_row_to_act_on_gets_the_cursor() {
    let mut list = List::default();
    assert_eq!(list.cursor, None);
    let heading = Row { id: RowId::Heading("open".into()), heading: None, open: false };
    let mut with_heading = vec![heading.clone()];
    with_heading.extend(rows(&[1, 2]));
    list.set(with_heading, 2);
    assert_eq!(list.cursor, Some(id(1)));
    list.set(vec![heading.clone()], 0);
    assert_eq!(list.cursor, Some(heading.id), "a heading, when there is nothing else");
    list.set(vec![], 0);
    assert_eq!((list.cursor.clone(), list.position()), (None, None));
    list.step(1);
    list.scroll(10);
    list.section(true);
    assert!(list.chosen().is_empty());
}

#[test]
fn the_cursor_follows_its_row_and_takes_the_place_of_one_that_is_gone() {
    let mut list = list(&[1, 2, 3, 4]);
    list.go_to(&id(3));
    list.set(rows(&[9, 8, 4, 3]), 4);
    assert_eq!(list.cursor, Some(id(3)));
    list.set(rows(&[9, 8, 4]), 3);
    assert_eq!(list.cursor, Some(id(4)), "the last, as the place is gone too");
    list.go_to(&id(9));
    list.set(rows(&[8, 4]), 2);
    assert_eq!(list.cursor, Some(id(8)));
    assert!(!list.go_to(&id(77)));
    assert_eq!(list.cursor, Some(id(8)));
}

#[test]
fn steps_stay_inside() {
    let mut list = list(&[1, 2, 3]);
    list.step(-5);
    assert_eq!(list.position(), Some(0));
    list.step(isize::MAX / 2);
    assert_eq!(list.position(), Some(2));
}

#[test]
fn new_rows_are_news_only_after_the_first_set() {
    let mut list = list(&[1, 2]);
    assert!(list.fresh.is_empty());
    list.set(rows(&[1, 2, 3]), 3);
    assert_eq!(list.fresh.iter().collect::<Vec<_>>(), [&id(3)]);
    list.go_to(&id(3));
    assert!(list.fresh.is_empty());
}

#[test]
fn marked_rows_are_chosen_in_order_else_the_row_under_the_cursor() {
    let mut list = list(&[1, 2, 3, 4]);
    assert_eq!(list.chosen(), [id(1)]);
    list.marks.extend([id(4), id(2)]);
    assert_eq!(list.chosen(), [id(2), id(4)]);
    list.marks.clear();
    list.go_to(&id(3));
    list.mark_range();
    list.go_to(&id(1));
    list.mark_range();
    assert_eq!(list.chosen(), [id(1), id(2), id(3)]);
}

#[test]
fn while_all_marked_rows_are_hidden_nothing_is_chosen() {
    let mut list = list(&[1, 2, 3]);
    list.marks.insert(id(2));
    list.set(rows(&[1, 3]), 3);
    assert!(list.chosen().is_empty(), "the row under the cursor was not meant");
    list.set(rows(&[1, 2, 3]), 3);
    assert_eq!(list.chosen(), [id(2)]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_cursor_is_always_in_sight(
        count in 1u64..60, height in 0usize..30, moves in prop::collection::vec(-20isize..20, 0..30),
    ) {
        let mut list = list(&(0..count).collect::<Vec<_>>());
        for by in moves {
            list.step(by);
            list.scroll(height);
            let at = list.position().unwrap();
            let seen = height.max(1);
            prop_assert!(at >= list.top && at < list.top + seen, "row {at}, from {} to {}", list.top, list.top + seen);
            prop_assert!(list.top + seen.min(list.rows.len()) <= list.rows.len(), "no empty rows below");
        }
    }

    #[test]
    fn the_cursor_stays_on_a_row_that_stays(
        before in prop::collection::btree_set(0u64..40, 1..20), after in prop::collection::vec(0u64..40, 0..30),
        at in 0usize..20,
    ) {
        let before: Vec<_> = before.into_iter().collect();
        let mut list = list(&before);
        list.go(at);
        let was = list.cursor.clone().unwrap();
        let mut seen = std::collections::BTreeSet::new();
        let after: Vec<_> = after.into_iter().filter(|it| seen.insert(*it)).collect();
        list.set(rows(&after), after.len());
        if after.iter().any(|number| id(*number) == was) {
            prop_assert_eq!(list.cursor, Some(was));
        } else {
            prop_assert_eq!(list.position().is_some(), !after.is_empty());
        }
    }
}
