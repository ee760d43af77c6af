//! A line is what its bytes say, and nothing else passes.

use super::sample::{journal, reseal, stated};
use gonogo::journal::line::{Fault, LINE_CAP, Parsed, hex, parse, seal_tombstone, sha256, unhex};
use proptest::prelude::*;

fn first() -> String {
    String::from_utf8(journal()).unwrap().lines().next().unwrap().to_owned()
}

fn resealed(from: &str, to: &str) -> Result<Parsed, Fault> {
    let line = first();
    let changed = line.replace(from, to);
    assert_ne!(line, changed, "the sample holds {from}");
    parse(reseal(&changed, &"0".repeat(64)).as_bytes())
}

#[test]
fn a_line_is_written_as_it_was_read() {
    for text in String::from_utf8(journal()).unwrap().lines() {
        let Ok(Parsed::Whole(line)) = parse(text.as_bytes()) else { panic!("{text}") };
        assert_eq!(line.text(), text);
        assert!(text.starts_with(r#"{"v":1,"seq":"#), "{text}");
    }
}

/// The recipe of the format: cut `,"h":"…"}` off and hash what is left.
#[test]
fn the_hash_is_that_of_the_bytes_before_it() {
    let text = first();
    let cut = text.rfind(r#","h":""#).unwrap();
    assert_eq!(hex(&sha256(&text.as_bytes()[..cut])), stated(&text));
    assert_eq!(unhex(stated(&text).as_bytes()).map(|h| hex(&h)).as_deref(), Some(stated(&text)));
    assert_eq!(unhex(stated(&text).to_uppercase().as_bytes()), None);
}

#[test]
fn sealed_json_of_another_shape_is_refused() {
    for (from, to) in [
        (r#""mono":0"#, r#""mono":-1"#),
        (r#""mono":0"#, r#""mono":0,"mono":0"#),
        (r#""mono":0"#, r#""mono":0,"extra":0"#),
        (r#""mono":0,"#, ""),
        (r#""mode":"live""#, r#""mode":"live","mode":"dead""#),
        (r#""mode":"live""#, r#""mode":"live","m\u006fde":"dead""#),
        (r#""mode":"live""#, r#""mode":{"a":1,"b":[{"c":1,"c":2}]}"#),
        (r#""by":"alice""#, r#""by":"al ice""#),
        (r#""by":"alice""#, "\"by\":\"al\u{202e}ice\""),
        (r#""kind":"journal.open""#, r#""kind":"journal..open""#),
        (r#""kind":"journal.open""#, r#""kind":"journal.open","op":null"#),
        (r#""ses":"01KAHQ8Z7V""#, r#""ses":"../../../..""#),
        ("09:00:00.123456Z", "09:00:00.123Z"),
        ("09:00:00.123456Z", "09:00:60.123456Z"),
        ("2026-11-21T", "2026-11-31T"),
        (r#"{"v":1"#, r#"{"v":0"#),
    ] {
        let found = resealed(from, to);
        assert!(matches!(found, Err(Fault::BadJson(_))), "{to}: {found:?}");
    }
    let same_key_elsewhere = r#""mode":{"a":1,"b":[{"a":1},{"a":2,"mode":"\"a\":1"}]}"#;
    assert!(resealed(r#""mode":"live""#, same_key_elsewhere).is_ok());
}

fn with_body(body: &str) -> Result<Parsed, Fault> {
    let line = first();
    let (front, rest) = line.split_once(r#""body":"#).unwrap();
    let (_, back) = rest.split_once(r#","prev":"#).unwrap();
    parse(reseal(&format!(r#"{front}"body":{body},"prev":{back}"#), &"0".repeat(64)).as_bytes())
}

const PIECES: [&str; 40] = [
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "\"a\"",
    "\"a\":",
    "\"b\":1",
    "\"\\u0061\"",
    "\"\\ud800\"",
    "\"\\x\"",
    "\\",
    "\\u00",
    "\\\"",
    "true",
    "false",
    "null",
    "nul",
    "tru",
    "0",
    "-",
    "-0",
    "01",
    "1.",
    "1.5",
    ".5",
    "1e",
    "1e5",
    "1E+5",
    "1e-",
    "+1",
    " ",
    "\t",
    "\r",
    "\u{b}",
    "\u{1}",
    "é票",
    "\u{202e}",
];

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|it| it.to_string()),
        any::<f64>().prop_map(|it| serde_json::to_string(&it).unwrap()),
        any::<i64>().prop_map(|it| it.to_string()),
        any::<String>().prop_map(|it| serde_json::to_string(&it).unwrap()),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let pair = ("[ab]{0,2}", inner.clone());
        let object = prop::collection::vec(pair, 0..5).prop_map(|pairs| {
            let pairs: Vec<String> = pairs.iter().map(|(key, value)| format!("{key:?} :{value}")).collect();
            format!("{{{}}}", pairs.join(" ,"))
        });
        let list = prop::collection::vec(inner, 0..4).prop_map(|it| format!("[{}]", it.join(", ")));
        prop_oneof![object, list]
    })
}

/// What an audit refuses of any JSON: a key that stands twice. None of what a parser cannot make anything of: a number
/// out of range, half of a surrogate pair.
fn twice(value: &str) -> Option<bool> {
    struct Strict(bool);
    impl<'de> serde::Deserialize<'de> for Strict {
        fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
            struct Any;
            impl<'de> serde::de::Visitor<'de> for Any {
                type Value = Strict;
                fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str("anything")
                }
                fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<Strict, A::Error> {
                    let (mut seen, mut twice) = (std::collections::BTreeSet::new(), false);
                    while let Some((key, Strict(inner))) = map.next_entry::<String, Strict>()? {
                        twice |= inner | !seen.insert(key);
                    }
                    Ok(Strict(twice))
                }
                fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut seq: A) -> Result<Strict, A::Error> {
                    let mut twice = false;
                    while let Some(Strict(inner)) = seq.next_element()? {
                        twice |= inner;
                    }
                    Ok(Strict(twice))
                }
                fn visit_bool<E>(self, _: bool) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_i64<E>(self, _: i64) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_u64<E>(self, _: u64) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_f64<E>(self, _: f64) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_str<E>(self, _: &str) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
                fn visit_unit<E>(self) -> Result<Strict, E> {
                    Ok(Strict(false))
                }
            }
            from.deserialize_any(Any)
        }
    }
    serde_json::from_str::<Strict>(value).ok().map(|it| it.0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    /// The check of a body is our own, in one pass; a known parser says of the same texts whether they are JSON.
    #[test]
    fn a_body_is_json_where_a_json_parser_says_so(
        whole in json(),
        pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..10),
        (from, len) in (any::<prop::sample::Index>(), 0_usize..3),
    ) {
        // A good text, one with some of it changed, and one of pieces alone.
        let chars: Vec<char> = whole.chars().collect();
        let at = from.index(chars.len() + 1);
        let end = (at + len).min(chars.len());
        let changed: String = chars[..at].iter().chain(&pieces.concat().chars().collect::<Vec<_>>()).chain(&chars[end..]).collect();
        for text in [whole, changed, pieces.concat()] {
            let body = format!("{{\"x\":{text}}}");
            let known = serde_json::from_str::<&serde_json::value::RawValue>(&body).is_ok();
            let found = matches!(with_body(&body), Ok(Parsed::Whole(_)));
            match twice(&body) {
                Some(twice) => prop_assert_eq!(found, known && !twice, "{}", body),
                None => prop_assert!(known || !found, "{}", body),
            }
        }
    }
}

/// JSON has no order of keys, and blanks between them mean nothing.
#[test]
fn an_envelope_is_read_in_any_spelling() {
    let Ok(Parsed::Whole(usual)) = parse(first().as_bytes()) else { panic!("the sample is a line") };
    for (from, to) in [
        (r#"{"v":1,"#, r#"{ "v" : 1, "#),
        (r#""ses":"01KAHQ8Z7V","by":"alice","#, r#""by":"alice","ses":"01KAHQ8Z7V","#),
        (r#""by":"alice""#, r#""by": "alice""#),
        (r#""body":{"#, r#""body": {"#),
    ] {
        let Ok(Parsed::Whole(line)) = resealed(from, to) else { panic!("{to}") };
        assert_eq!((&line.ses, &line.by, line.seq), (&usual.ses, &usual.by, usual.seq), "{to}");
        assert_eq!(line.body.get(), usual.body.get(), "{to}");
    }
    for (from, to) in [
        (r#","prev":""#, r#"{},"prev":""#),
        (r#""body":{"#, r#""body":[],"body":{"#),
        (r#""seq":1,"#, r#""seq":01,"#),
        (r#""by":"alice""#, "\"by\":\"al\tice\""),
    ] {
        let found = resealed(from, to);
        assert!(matches!(found, Err(Fault::BadJson(_))), "{to}: {found:?}");
    }
}

#[test]
fn a_newer_envelope_is_told_from_a_bad_one() {
    assert_eq!(resealed(r#"{"v":1"#, r#"{"v":2"#).unwrap_err(), Fault::TooNew(2));
    assert_eq!(resealed(r#"{"v":1"#, r#"{"v":3,"zone":"+01:00""#).unwrap_err(), Fault::TooNew(3));
}

#[test]
fn what_a_newer_program_began_is_not_called_unfinished() {
    for newer in [r#"{"v":2,"seq":12,"la"#, r#"{"v":2,"seq":12,"kind":"x","seal":"blake3:00"}"#] {
        assert_eq!(parse(newer.as_bytes()).unwrap_err(), Fault::TooNew(2), "{newer}");
    }
    for torn in [
        "{",
        r#"{"v":1,"seq":12"#,
        r#"{"v":2"#,
        r#"{"v":2x,"#,
        r#"{"v":+2,"#,
        r#"{"v":99999999999999999999999,"#,
    ] {
        assert_eq!(parse(torn.as_bytes()).unwrap_err(), Fault::NotWhole, "{torn}");
    }
}

#[test]
fn depth_and_length_have_an_end() {
    let nest = |n: usize| format!(r#""mode":{}{}"#, "[".repeat(n), "]".repeat(n));
    assert!(resealed(r#""mode":"live""#, &nest(126)).is_ok());
    assert!(matches!(resealed(r#""mode":"live""#, &nest(127)), Err(Fault::BadJson(_))));
    assert!(matches!(resealed(r#""mode":"live""#, &nest(30_000)), Err(Fault::BadJson(_))));
    assert_eq!(parse(&vec![b'x'; LINE_CAP + 1]).unwrap_err(), Fault::TooLong);
    assert_eq!(parse(b"").unwrap_err(), Fault::NotWhole);
}

#[test]
fn a_tombstone_has_one_spelling() {
    let stone = seal_tombstone(7, &[1; 32], &[2; 32]);
    assert!(matches!(parse(stone.as_bytes()), Ok(Parsed::Tombstone { seq: 7, .. })));
    for other in [stone.replace(r#""seq":7"#, r#""seq":07"#), stone.replace(r#","kind""#, r#", "kind""#)] {
        assert_eq!(parse(other.as_bytes()).unwrap_err(), Fault::WrongHash);
    }
}

#[test]
fn only_lower_case_hexadecimal_digits_are_a_hash() {
    let whole = hex(&sha256(b"a line"));
    for at in 0..whole.len() {
        for byte in 0..=u8::MAX {
            let mut digits = whole.clone().into_bytes();
            digits[at] = byte;
            let value = char::from(byte).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
            assert_eq!(unhex(&digits).is_some(), value.is_some(), "{byte} at {at}");
            if let Some(hash) = unhex(&digits) {
                assert_eq!(hex(&hash).as_bytes(), digits);
            }
        }
    }
}
