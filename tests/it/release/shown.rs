//! Text from outside, made safe to show.

use gonogo::release::text::{clean, shown};
use std::borrow::Cow;

#[test]
fn each_byte_of_ascii_is_shown_as_it_is_or_as_a_sign_wherever_it_stands() {
    for length in 1..=20 {
        for at in 0..length {
            for byte in 0..=0x7f_u8 {
                let mut bytes = vec![b'a'; length];
                bytes[at] = byte;
                let text = String::from_utf8(bytes).unwrap();
                let plain = (b' '..=b'~').contains(&byte);
                let cleaned = clean(&text, 100);
                assert_eq!(matches!(cleaned, Cow::Borrowed(_)), plain, "{text:?}");
                assert_eq!(cleaned == text, plain, "{text:?}");
                assert!(!cleaned.chars().any(char::is_control), "{text:?}");
                assert_eq!(cleaned.chars().count(), length, "{text:?}");
            }
        }
    }
}

#[test]
fn what_is_not_ascii_and_what_is_long_is_looked_at_character_by_character() {
    assert_eq!(shown("aaaaaaa\u{202e}aaaaaaaa", 100), "aaaaaaa⟨U+202E⟩aaaaaaaa");
    assert_eq!(shown("aaaaaaaaaaaé", 100), "aaaaaaaaaaaé");
    assert_eq!(shown("aaaaaaaaaaaa", 8), "aaaaaaaa…");
}
