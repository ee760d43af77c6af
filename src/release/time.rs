//! Times in RFC 3339, read fast in the form that journals hold: a journal has more of them than lines.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// `2026-03-01T12:30:00`, and no other form.
#[must_use]
pub fn whole_seconds(text: &[u8]) -> Option<NaiveDateTime> {
    let form = b"dddd-dd-ddTdd:dd:dd";
    let text: &[u8; 19] = text.try_into().ok()?;
    let fits = |(byte, form): (&u8, &u8)| if *form == b'd' { byte.is_ascii_digit() } else { byte == form };
    if !text.iter().zip(form).all(fits) {
        return None;
    }
    let number = |at: std::ops::Range<usize>| {
        text[at].iter().fold(0_u32, |sum, digit| sum * 10 + u32::from(digit - b'0'))
    };
    let year = i32::try_from(number(0..4)).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(5..7), number(8..10))?;
    date.and_hms_opt(number(11..13), number(14..16), number(17..19))
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
