//! Picks that have landed: commits on a line since its last tag that come from elsewhere.

use super::drift::Equivalent;
use super::lines::Line;
use crate::release::ids::Oid;
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::HashMap;

/// A pick that is on a line and in no tag yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Landed {
    /// The commit on the line.
    pub commit: Oid,
    /// First line of its message.
    pub subject: Untrusted,
    /// Who wrote the change.
    pub author: Untrusted,
    /// When it landed.
    pub committed: DateTime<Utc>,
    /// The pull request that brought it to the line, when the message says.
    pub own_pull: Option<u64>,
    /// Pull requests that it may be a backport of, the surest first.
    pub origin_pulls: Vec<u64>,
    /// The commit on the trunk that it repeats.
    pub on_trunk: Option<Equivalent>,
}

/// The picks among a line's unreleased commits, newest first: those whose message says so, and those that have a
/// counterpart on the trunk. As complete as the lists of the line.
#[must_use]
pub fn landed(line: &Line) -> Vec<Landed> {
    let found: HashMap<Oid, Equivalent> =
        line.drift.commits.iter().filter_map(|row| Some((row.commit.oid, row.on_trunk?))).collect();
    let commits = line.unreleased_commits.iter().filter(|commit| !commit.is_merge());
    let picks = commits.filter(|commit| commit.says_backport() || found.contains_key(&commit.oid));
    let row = |commit: &super::Commit| Landed {
        commit: commit.oid,
        subject: commit.subject.clone(),
        author: commit.author.clone(),
        committed: commit.committed,
        own_pull: commit.own_pull(),
        origin_pulls: commit.origin_pulls(),
        on_trunk: found.get(&commit.oid).copied(),
    };
    picks.map(row).collect()
}
