//! What people decide about a pick: local until it is published, and on record at once.

use super::PickKey;
use crate::process::Triage;
use crate::release::entry::Entry;
use crate::release::ids::{Branch, OpId};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// What was decided about a pick on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Nothing yet.
    #[default]
    Undecided,
    /// It goes to the line.
    Accepted,
    /// It does not.
    Rejected,
    /// Not in this release.
    Deferred,
    /// The line does not need it: what it mends was never broken there.
    NotNeeded,
}

impl Decision {
    /// As the keys of `[picks]` name it; none when nothing is decided.
    #[must_use]
    pub fn triage(self) -> Option<Triage> {
        match self {
            Self::Undecided => None,
            Self::Accepted => Some(Triage::Accept),
            Self::Rejected => Some(Triage::Reject),
            Self::Deferred => Some(Triage::Defer),
            Self::NotNeeded => Some(Triage::NotNeeded),
        }
    }

    /// Whether it keeps a pick off the line.
    #[must_use]
    pub fn is_against(self) -> bool {
        matches!(self, Self::Rejected | Self::Deferred | Self::NotNeeded)
    }

    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Deferred => "deferred",
            Self::NotNeeded => "not needed",
        }
    }
}

/// An answer to a question that the process asks of who nominates a pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// The question: "What bug does it fix?".
    pub question: Untrusted,
    /// The answer.
    pub answer: Untrusted,
}

/// A pick was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// The pick.
    pub pick: PickKey,
    /// The line.
    pub line: Branch,
    /// What was decided before.
    pub from: Decision,
    /// What is decided now.
    pub to: Decision,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
    /// Answers to the questions of the process.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<Answer>,
    /// Joins decisions that were taken with one key about several picks: one undo takes all of them back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<OpId>,
}

/// A pick was added to a line by hand, or taken off it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Added {
    /// The pick.
    pub pick: PickKey,
    /// The line.
    pub line: Branch,
    /// What it is called.
    pub title: Untrusted,
    /// Whether it is on the queue from now on.
    pub on: bool,
    /// Joins it with what was decided with the same key: one undo takes all of it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<OpId>,
}

/// Where an order comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderedBy {
    /// A person moved a pick.
    Hand,
    /// The order in which most picks apply.
    Fix,
    /// What a pick needs first was put before it.
    Needs,
}

/// The queue of a line was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ordered {
    /// The line.
    pub line: Branch,
    /// Its picks, the first to be applied first.
    pub order: Vec<PickKey>,
    /// Where the order comes from.
    pub by: OrderedBy,
    /// Joins it with what was decided with the same key: one undo takes all of it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch: Option<OpId>,
}

/// A person vouches that a pick is on a line, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attested {
    /// The pick.
    pub pick: PickKey,
    /// The line.
    pub line: Branch,
    /// Whether it is vouched for from now on.
    pub on: bool,
    /// What shows it.
    pub why: Untrusted,
}

/// A decision on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// What was decided.
    pub decision: Decision,
    /// Who.
    pub by: Box<str>,
    /// When.
    pub at: DateTime<Utc>,
    /// The entry.
    pub seq: u64,
    /// Why.
    pub why: Option<Untrusted>,
    /// Answers to the questions of the process.
    pub answers: Vec<Answer>,
}

impl Record {
    pub(super) fn of(fact: &Decided, entry: &Entry) -> Self {
        Self {
            decision: fact.to,
            by: entry.by.clone(),
            at: entry.ts,
            seq: entry.seq,
            why: fact.why.clone(),
            answers: fact.answers.clone(),
        }
    }
}
