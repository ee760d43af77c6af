//! Where a replay stands: a cursor between the entries of a journal.

use chrono::{DateTime, Utc};

/// A place worth stopping at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MarkKind {
    /// A session began.
    Session,
    /// A person decided.
    Decision,
    /// Something was refused.
    Refusal,
    /// A candidate or release was tagged.
    Tag,
    /// An errand failed.
    Failure,
}

/// A mark on the timeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The entry.
    pub seq: u64,
    /// What it is.
    pub kind: MarkKind,
}

/// Where a replay stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    /// The last entry that is shown, 0 before the first.
    pub at: u64,
    /// The last entry there is.
    pub last: u64,
    /// When the entry shown was written.
    pub ts: Option<DateTime<Utc>>,
    /// First and last moment.
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Marks in order.
    pub marks: Vec<Mark>,
    /// Entries an equal part of the time, for the strip.
    pub density: Vec<u32>,
    /// Whether it plays.
    pub playing: bool,
    /// 1, 2, 4 … 64 times.
    pub speed: u32,
    /// What the chain is worth: "chain holds", "edited at 17".
    pub chain: String,
    /// Whether the chain holds.
    pub holds: bool,
}
