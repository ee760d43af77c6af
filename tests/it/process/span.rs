//! Lengths of time.

use gonogo::process::{Span, Unit};
use proptest::prelude::*;

#[test]
fn what_the_five_processes_write() {
    let days = |text: &str| Span::parse(text).map(|span| (span.min_days(), span.max_days())).unwrap();
    assert_eq!(days("26 weeks"), (182, 182));
    assert_eq!(days("6 months"), (182, 182));
    assert_eq!(days("6-8 months"), (182, 243));
    assert_eq!(days("2–3 weeks"), (14, 21));
    assert_eq!(days("weekly"), (7, 7));
    assert_eq!(days("1 day"), (1, 1));
    assert_eq!(days("36 hours"), (1, 1));
}

#[test]
fn what_is_no_length() {
    for text in [
        "",
        "2",
        "weeks",
        "two weeks",
        "3-2 weeks",
        "-1 weeks",
        "2 fortnights",
        "1.5 weeks",
        "99999999999 days",
        "2-3-4 days",
    ] {
        assert!(Span::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn a_length_reads_back(min in 0u32..10_000, more in 0u32..100, unit in 0usize..4) {
        let unit = [Unit::Hours, Unit::Days, Unit::Weeks, Unit::Months][unit];
        let span = Span { min, max: (min + more).min(10_000), unit };
        prop_assert_eq!(Span::parse(&span.to_string()), Ok(span));
    }
}
