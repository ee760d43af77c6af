//! The timeline: one compact row an entry, with what was before and after.

use super::entry::Entry;
use super::errand::Status;
use super::{Release, text::Untrusted};
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// What an entry is about, for filters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// Sessions and the process.
    Session,
    /// The checklist.
    Checklist,
    /// Gates.
    Gate,
    /// Milestones and issues.
    Milestone,
    /// Checks.
    Checks,
    /// Branches, tags and releases.
    Branches,
    /// Picks.
    Picks,
    /// Plans.
    Plan,
    /// Looks.
    Look,
    /// Refusals and undo.
    Decision,
}

impl About {
    /// The word for it, as typed into a filter.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Session => "session",
            Self::Checklist => "checklist",
            Self::Gate => "gate",
            Self::Milestone => "milestone",
            Self::Checks => "checks",
            Self::Branches => "branches",
            Self::Picks => "picks",
            Self::Plan => "plan",
            Self::Look => "look",
            Self::Decision => "decision",
        }
    }
}

/// One entry, as a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Number of the line.
    pub seq: u64,
    /// When.
    pub ts: DateTime<Utc>,
    /// Who.
    pub by: Box<str>,
    /// The kind on disk.
    pub kind: Cow<'static, str>,
    /// What it is about.
    pub about: About,
    /// What happened, in words that are safe to show.
    pub what: Box<str>,
    /// The item, issue, gate or branch it is about.
    pub target: Box<str>,
    /// What was before.
    pub before: Option<Cow<'static, str>>,
    /// What was after.
    pub after: Option<Cow<'static, str>>,
    /// Why.
    pub why: Option<Untrusted>,
    /// How an errand ended.
    pub status: Option<Status>,
    /// Whether a person did it, and not a look.
    pub deed: bool,
    /// First bytes of the line's hash.
    pub hash: [u8; 8],
}

/// All rows, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Log {
    /// Rows, oldest first.
    pub rows: Vec<Row>,
}

impl Log {
    pub(crate) fn push(&mut self, row: Row) {
        self.rows.push(row);
    }

    /// The last row about a target.
    #[must_use]
    pub fn last_about(&self, target: &str) -> Option<&Row> {
        self.rows.iter().rev().find(|row| &*row.target == target)
    }
}

impl Release {
    /// The row of an entry, made before the entry is taken in, so that it knows what was before.
    pub(crate) fn log_row(&self, entry: &Entry) -> Row {
        let (about, words) = self.words(entry);
        let kind = entry.fact.kind();
        let deed = !matches!(about, About::Look) && !kind.starts_with("obs.");
        Row {
            seq: entry.seq,
            ts: entry.ts,
            by: entry.by.clone(),
            kind,
            about,
            what: words.what.into(),
            target: words.target.into(),
            before: words.before,
            after: words.after,
            why: words.why,
            status: words.status,
            deed,
            hash: entry.hash,
        }
    }
}

/// The noun, with an `s` unless there is one.
#[must_use]
pub fn plural(count: usize, noun: &str) -> String {
    match (count, noun) {
        (1, _) => noun.to_owned(),
        (_, "branch") => "branches".to_owned(),
        _ => format!("{noun}s"),
    }
}
