//! A line being typed: the cursor stays on a character's start whatever is pressed.

use gonogo::screen::dialog::{Choice, Input, fitting};
use proptest::prelude::*;

#[test]
fn characters_go_in_at_the_cursor() {
    let mut input = Input::of("añb");
    input.step(false);
    input.step(false);
    input.insert('X');
    assert_eq!(input.text, "aXñb");
    input.end(true);
    input.backspace();
    input.backspace();
    assert_eq!((input.text.as_str(), input.at), ("aX", 2));
    input.insert('\u{1b}');
    input.insert('\n');
    assert_eq!(input.text, "aX", "no control character goes in");
}

#[test]
fn a_word_and_all_of_it_are_taken_away() {
    let mut input = Input::of("one two  ");
    input.kill_word();
    assert_eq!(input.text, "one ");
    input.kill_word();
    assert_eq!(input.text, "");
    input.kill_word();
    input.backspace();
    assert_eq!(input, Input::default());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_keys_break_a_line(keys in prop::collection::vec((0u8..8, any::<char>()), 0..60)) {
        let mut input = Input::default();
        for (key, c) in keys {
            match key {
                0 => input.backspace(),
                1 => input.kill_word(),
                2 => input.step(true),
                3 => input.step(false),
                4 => input.end(c > 'm'),
                5 if c == 'x' => input.clear(),
                _ => input.insert(c),
            }
            prop_assert!(input.text.is_char_boundary(input.at));
        }
    }
}

#[test]
fn choices_are_narrowed_by_what_is_typed() {
    let choice = |label: &str, note: &str| Choice {
        value: label.into(),
        label: label.into(),
        note: note.into(),
        ask: None,
    };
    let choices = [choice("1.2.0", "3 open"), choice("1.3.0", "none open"), choice("Later", "")];
    assert_eq!(fitting(&choices, ""), [0, 1, 2]);
    assert_eq!(fitting(&choices, "LATER"), [2]);
    assert_eq!(fitting(&choices, "3"), [0, 1]);
    assert!(fitting(&choices, "zzz").is_empty());
}
