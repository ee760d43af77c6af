//! Keys as people write them, read and written.

use gonogo::screen::keys::{Code, Key, parse};
use proptest::prelude::*;

#[test]
fn keys_are_read_in_all_their_forms() {
    let plain = Key::plain;
    assert_eq!(parse("j"), Ok(vec![Key::char('j')]));
    assert_eq!(parse("G"), Ok(vec![Key::char('G')]));
    assert_eq!(parse("gg"), Ok(vec![Key::char('g'), Key::char('g')]));
    assert_eq!(parse("g p"), Ok(vec![Key::char('g'), Key::char('p')]));
    assert_eq!(parse("ctrl-d"), Ok(vec![Key::ctrl('d')]));
    assert_eq!(parse("alt-x"), Ok(vec![Key { alt: true, ..Key::char('x') }]));
    assert_eq!(parse("ctrl-alt-x"), Ok(vec![Key { alt: true, ..Key::ctrl('x') }]));
    assert_eq!(parse("space"), Ok(vec![Key::char(' ')]));
    assert_eq!(parse("shift-tab"), Ok(vec![plain(Code::BackTab)]));
    assert_eq!(parse("f5"), Ok(vec![plain(Code::F(5))]));
    assert_eq!(parse("f"), Ok(vec![Key::char('f')]));
    assert_eq!(parse("pgup enter"), Ok(vec![plain(Code::PageUp), plain(Code::Enter)]));
}

#[test]
fn what_is_no_key_is_refused_and_says_what_is() {
    for text in ["", "  ", "enterr", "ctrl-", "hello", "ctrl-enterr"] {
        let wrong = parse(text);
        assert!(wrong.is_err(), "{text:?} is read as {wrong:?}");
    }
    assert_eq!(parse("hello").unwrap_err(), "\"hello\" is no key; write j, G, gg, ctrl-d, enter, space, f5");
}

fn codes() -> impl Strategy<Value = Code> {
    prop_oneof![
        4 => prop::char::range('!', '~').prop_map(Code::Char),
        1 => Just(Code::Char('ä')),
        1 => Just(Code::Char(' ')),
        2 => prop::sample::select(vec![
            Code::Enter, Code::Esc, Code::Tab, Code::BackTab, Code::Backspace, Code::Delete, Code::Up, Code::Down,
            Code::Left, Code::Right, Code::Home, Code::End, Code::PageUp, Code::PageDown,
        ]),
        1 => (1u8..=12).prop_map(Code::F),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_as_the_same_key(code in codes(), ctrl: bool, alt: bool) {
        let key = Key { code, ctrl, alt };
        prop_assert_eq!(parse(&key.to_string()), Ok(vec![key]));
    }

    #[test]
    fn a_sequence_with_blanks_is_read_as_the_same_keys(
        keys in prop::collection::vec((codes(), any::<bool>()), 1..5),
    ) {
        let keys: Vec<_> = keys.into_iter().map(|(code, ctrl)| Key { code, ctrl, alt: false }).collect();
        let text = keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        prop_assert_eq!(parse(&text), Ok(keys));
    }

    #[test]
    fn no_text_makes_the_reader_fail_otherwise_than_by_saying_so(text in ".{0,12}") {
        let _ = parse(&text);
    }
}
