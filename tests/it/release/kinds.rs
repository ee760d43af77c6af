//! The catalogue of kinds: what was ever written must be read for ever.
//!
//! `tests/journals/kinds.txt` holds one line a kind: its name and a body. A line is added for a new kind and never
//! changed or taken away: that would be a journal that can no longer be read.

use gonogo::release::errand::Errand;
use gonogo::release::fact::{Fact, KINDS};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// How many kinds the catalogue had when it was last added to: none is ever taken away.
const AT_LEAST: usize = 49;

fn catalogue() -> Vec<(&'static str, Box<RawValue>)> {
    let lines = include_str!("../../journals/kinds.txt").lines();
    let rows = lines.filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let (kind, body) = line.split_once(' ').unwrap();
        (kind, serde_json::from_str(body).unwrap())
    });
    rows.collect()
}

#[test]
fn every_kind_of_the_catalogue_is_read_and_written_the_same() {
    for (kind, body) in catalogue() {
        let fact = Fact::read(kind, body.get()).unwrap_or_else(|why| panic!("{kind}: {why}"));
        assert!(!matches!(fact, Fact::Unknown { .. }), "{kind} is no longer known");
        assert_eq!(fact.kind(), kind);
        assert_eq!(fact.body().get(), body.get(), "{kind} is written otherwise than it was");
        assert_eq!(Fact::read(kind, fact.body().get()).unwrap(), fact);
    }
}

#[test]
fn every_kind_is_in_the_catalogue_and_none_was_taken_away() {
    let rows = catalogue();
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    rows.iter().for_each(|(kind, _)| *count.entry(kind).or_default() += 1);
    let errands = Errand::KINDS.iter().flat_map(|kind| [format!("{kind}.intent"), format!("{kind}.outcome")]);
    for kind in KINDS.iter().map(|kind| (*kind).to_owned()).chain(errands) {
        assert!(count.contains_key(&*kind), "tests/journals/kinds.txt lacks a line for {kind}");
    }
    assert!(count.len() >= AT_LEAST, "a kind was taken out of the catalogue: {} are left", count.len());
}

#[test]
fn kinds_are_dotted_lower_case_and_no_two_are_one() {
    let mut seen = std::collections::BTreeSet::new();
    for kind in KINDS.iter().chain(Errand::KINDS) {
        assert!(kind.chars().all(|c| c.is_ascii_lowercase() || c == '.'), "{kind}");
        assert!(seen.insert(kind), "{kind} is there twice");
    }
}

#[test]
fn a_kind_that_is_not_known_is_kept_and_counted() {
    let body: Box<RawValue> = serde_json::from_str(r#"{"x":1}"#).unwrap();
    let mut book = super::ground::Book::new();
    for kind in ["mars.land", "issue.teleport.intent", "refused@2", "obs.checks.outcome"] {
        let fact = Fact::read(kind, body.get()).unwrap();
        assert_eq!(fact, Fact::Unknown { kind: kind.into() });
        assert_eq!(fact.kind(), kind);
        book.tell(fact.clone());
        book.tell(fact);
        assert_eq!(book.release.unknown[kind], 2);
        assert_eq!(&*book.release.log.rows.last().unwrap().kind, kind, "it is shown");
    }
}

#[test]
fn a_body_that_does_not_fit_its_kind_is_an_error_that_names_it() {
    for (kind, _) in catalogue() {
        for body in ["[]", "7", "\"x\"", "null"] {
            let body: Box<RawValue> = serde_json::from_str(body).unwrap();
            let wrong = Fact::read(kind, body.get());
            assert!(wrong.is_err(), "{kind} takes {body}");
            assert!(wrong.unwrap_err().to_string().contains(kind));
        }
    }
}

#[test]
fn a_field_of_a_later_version_does_no_harm() {
    for (kind, body) in catalogue() {
        let later = body.get().replacen('{', r#"{"zz_later":{"deep":[1]},"#, 1).replacen(",}", "}", 1);
        let later: Box<RawValue> = serde_json::from_str(&later).unwrap();
        let fact = Fact::read(kind, later.get()).unwrap_or_else(|why| panic!("{kind}: {why}"));
        assert_eq!(fact.body().get(), body.get(), "{kind}");
    }
}

#[test]
fn every_kind_that_minutes_list_has_words() {
    use gonogo::journal::spoken::spoken;
    let listed = |kind: &&&str| !kind.starts_with("obs.") && !kind.starts_with("ui.");
    for kind in KINDS.iter().chain(Errand::KINDS).filter(listed) {
        assert!(!spoken(kind).contains('.'), "{kind} has no words in the minutes");
    }
    assert_eq!(spoken("mars.land"), "mars.land");
}
