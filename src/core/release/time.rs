//! Times in RFC 3339, read fast in the form that journals hold: a journal has more of them than lines.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// `2026-03-01T12:30:00`, and no other form.
#[must_use]
pub fn whole_seconds(text: &[u8]) -> Option<NaiveDateTime> {
    let text: &[u8; 19] = text.try_into().ok()?;
    let mut fits =
        text[4] == b'-' && text[7] == b'-' && text[10] == b'T' && text[13] == b':' && text[16] == b':';
    let mut two = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        fits &= tens < 10 && ones < 10;
        u32::from(tens) * 10 + u32::from(ones)
    };
    let (year, month, day) = (two(0) * 100 + two(2), two(5), two(8));
    let (hour, minute, second) = (two(11), two(14), two(17));
    if !fits {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    date.and_hms_opt(hour, minute, second)
}

/// A time of a body: whole seconds in UTC at once, anything else as chrono reads it.
struct Time;

impl Visitor<'_> for Time {
    type Value = DateTime<Utc>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time in RFC 3339")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        let fast = text.as_bytes().strip_suffix(b"Z").and_then(whole_seconds);
        match fast {
            Some(time) => Ok(time.and_utc()),
            None => text.parse().map_err(E::custom),
        }
    }
}

/// The same where there may be none.
struct MaybeTime;

impl<'de> Visitor<'de> for MaybeTime {
    type Value = Option<DateTime<Utc>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time in RFC 3339, or null")
    }

    fn visit_none<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Self::Value, D::Error> {
        one(from).map(Some)
    }
}

/// Reads a time.
///
/// # Errors
/// When it is none.
pub(super) fn one<'de, D: Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    from.deserialize_str(Time)
}

/// Reads a time, or none for null.
///
/// # Errors
/// When it is neither.
pub(super) fn maybe<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    from.deserialize_option(MaybeTime)
}
