//! Ages in steps, and the moment of the next one.

use crate::release::ground::at;
use chrono::TimeDelta;
use gonogo::release::looks::{LookKey, Topic};
use gonogo::screen::fresh::{Fresh, Look, Source, age, next_step};
use proptest::prelude::*;

#[test]
fn ages_come_in_steps() {
    let shown = |seconds: i64| age(at(0), at(0) - TimeDelta::seconds(seconds));
    let steps = [
        (-5, "now"),
        (0, "now"),
        (14, "now"),
        (15, "15s"),
        (29, "15s"),
        (30, "30s"),
        (59, "30s"),
        (60, "1m"),
        (3599, "59m"),
        (3600, "1h"),
        (86_399, "23h"),
        (86_400, "1d"),
        (900_000, "10d"),
    ];
    for (seconds, text) in steps {
        assert_eq!(shown(seconds), text, "{seconds}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_next_step_is_when_the_text_changes_and_not_before(seconds in 0i64..1_000_000) {
        let then = at(0);
        let now = then + TimeDelta::seconds(seconds);
        let next = next_step(now, then);
        prop_assert!(next > now);
        prop_assert_ne!(age(next, then), age(now, then));
        prop_assert_eq!(age(next - TimeDelta::seconds(1), then), age(now, then));
    }
}

#[test]
fn the_worst_look_is_the_failed_one_then_the_one_never_made_then_the_oldest() {
    let look = |at, error: Option<&str>| Look {
        upto: None,
        at,
        source: Source::Live,
        asked: None,
        error: error.map(str::to_owned),
        due: None,
    };
    let key = |topic| LookKey::new(topic, "");
    let mut fresh = Fresh::default();
    assert_eq!(fresh.worst(|_| true), None);
    fresh.0.insert(key(Topic::Git), look(Some(at(0)), None));
    fresh.0.insert(key(Topic::Issues), look(Some(at(-5)), None));
    assert_eq!(fresh.worst(|_| true).unwrap().at, Some(at(-5)));
    fresh.0.insert(key(Topic::Picks), look(None, None));
    assert_eq!(fresh.worst(|_| true).unwrap().at, None);
    fresh.0.insert(key(Topic::Checks), look(Some(at(0)), Some("502")));
    assert_eq!(fresh.worst(|_| true).unwrap().error.as_deref(), Some("502"));
    assert_eq!(fresh.worst(|key| key.topic == Topic::Git).unwrap().at, Some(at(0)));
}
