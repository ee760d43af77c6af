//! The pick queue: what is proposed for a line, by label.

use super::ids::{Branch, IssueKey, Oid, Repo};
use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a pick has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickState {
    /// Its pull request is not merged on the trunk yet.
    NotMerged,
    /// On the trunk, proposed for the line, not decided.
    Proposed,
    /// A commit on the line names it.
    Landed,
}

/// A pull request proposed for a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Number of the pull request.
    pub number: u64,
    /// Its title.
    pub title: Untrusted,
    /// Who opened it.
    pub author: Option<Untrusted>,
    /// The line it is proposed for.
    pub line: Branch,
    /// The label that proposes it.
    pub label: Untrusted,
    /// How far it has come.
    pub state: PickState,
    /// What shows that it landed: "-x trailer in 7c3dc17".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Untrusted>,
    /// The merge commit on the trunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Oid>,
    /// When it was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
}

/// Picks seen: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PicksSeen {
    /// Where.
    pub repo: Repo,
    /// New and changed.
    pub rows: Vec<Pick>,
    /// Number and line of those that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<(u64, Branch)>,
}

/// What is known of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picks(pub BTreeMap<(IssueKey, Branch), Pick>);

impl Picks {
    pub(crate) fn see(&mut self, fact: &PicksSeen) {
        let key = |number, line: &Branch| (IssueKey { repo: fact.repo.clone(), number }, line.clone());
        for row in &fact.rows {
            self.0.insert(key(row.number, &row.line), row.clone());
        }
        for (number, line) in &fact.gone {
            self.0.remove(&key(*number, line));
        }
    }
}
