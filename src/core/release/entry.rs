//! One line of the journal as the release reads it: who, when, and the fact.

use super::fact::Fact;
use super::ids::OpId;
use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

/// Version of the catalogue of kinds that this program writes.
///
/// * 1: the first.
pub const VERSION: u32 = 1;

/// When something is decided, and what makes its names unique. The engine reads the clock; pure rooms are handed this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// Wall clock, for display and for deadlines.
    pub now: DateTime<Utc>,
    /// Milliseconds since the session started, on a clock that no one sets.
    pub mono: u64,
    /// 80 random bits, from which the ids of this turn are made.
    pub fresh: u128,
}

impl Stamp {
    /// The `index`-th operation id of this turn: a ULID of `now` and `fresh`.
    #[must_use]
    pub fn op(&self, index: u32) -> OpId {
        let ms = u64::try_from(self.now.timestamp_millis()).unwrap_or_default();
        let random = self.fresh.wrapping_add(u128::from(index)) & ((1 << 80) - 1);
        let text = ulid::Ulid::from_parts(ms, random).to_string();
        OpId::parse(&text).expect("a ULID is 26 letters and digits")
    }
}

/// A fact on its way to the journal.
#[derive(Debug, Clone, PartialEq)]
pub struct Note {
    /// Joins an intent with its outcome.
    pub op: Option<OpId>,
    /// What happened.
    pub fact: Fact,
}

impl From<Fact> for Note {
    fn from(fact: Fact) -> Self {
        Self { op: None, fact }
    }
}

/// A fact that is on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Number of the line, from 1, without gaps.
    pub seq: u64,
    /// Wall clock of the writer: for display only.
    pub ts: DateTime<Utc>,
    /// Milliseconds since the session started.
    pub mono: u64,
    /// The session that wrote it.
    pub ses: Box<str>,
    /// The login that acted.
    pub by: Box<str>,
    /// Joins an intent with its outcome.
    pub op: Option<OpId>,
    /// First bytes of the line's hash, for display.
    pub hash: [u8; 8],
    /// What happened.
    pub fact: Fact,
}

/// A payload as JSON text.
pub(crate) fn raw<T: serde::Serialize>(payload: &T) -> Box<RawValue> {
    serde_json::value::to_raw_value(payload).expect("payloads are structs of strings, numbers and lists")
}
