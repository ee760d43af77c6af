//! Times are read fast in the form that journals hold, and as before in every other.

use chrono::{DateTime, Utc};
use gonogo::release::milestone::Issue;
use gonogo::release::time::whole_seconds;
use proptest::prelude::*;

fn issue(created: &str) -> Result<Issue, serde_json::Error> {
    let text = format!(
        r#"{{"number":1,"title":"t","open":true,"author":null,"milestone":null,"created":"{created}","updated":"{created}","closed":null}}"#
    );
    serde_json::from_str(&text)
}

proptest! {
    #[test]
    fn a_time_reads_back_as_it_was_written(at in -62_000_000_000_i64..253_000_000_000, nanos in prop::sample::select(vec![0_u32, 1_000, 120_000_000])) {
        let time = DateTime::<Utc>::from_timestamp(at, nanos).unwrap();
        let text = serde_json::to_string(&time).unwrap();
        let read = issue(text.trim_matches('"')).unwrap();
        prop_assert_eq!((read.created, read.updated, read.closed), (time, time, None));
    }
}

#[test]
fn other_forms_are_read_too_and_what_is_no_time_is_refused() {
    let noon: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    for form in ["2026-03-01T12:00:00Z", "2026-03-01T13:00:00+01:00", "2026-03-01T12:00:00.000Z"] {
        assert_eq!(issue(form).unwrap().created, noon, "{form}");
    }
    for wrong in
        ["", "2026-02-30T12:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01 12:00", "2026-03-01T12:00:0xZ"]
    {
        assert!(issue(wrong).is_err(), "{wrong}");
    }
    for wrong in
        [&b"2026-13-01T12:00:00"[..], b"2026-03-01T12:60:00", b"2026-03-01T12:00:00Z", b"+026-03-01T12:00:00"]
    {
        assert_eq!(whole_seconds(wrong), None);
    }
}
