//! Branches: the trunk and the release lines, compared.

use super::ids::{Branch, Oid, Tag};
use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A commit, as a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    /// Its id.
    pub oid: Oid,
    /// First line of its message.
    pub subject: Untrusted,
    /// Who wrote it.
    pub author: Untrusted,
    /// When it was committed.
    pub at: DateTime<Utc>,
}

/// What kind of branch it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Where development happens.
    Trunk,
    /// A release line, `release-1.2`.
    Release,
    /// A line that outlives its releases, `release/v1.x`.
    LongLived,
    /// A hotfix branch.
    Hotfix,
}

/// A line: a branch that the process's patterns match, or the trunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The branch.
    pub branch: Branch,
    /// What it is.
    pub kind: LineKind,
    /// Its tip.
    pub tip: Oid,
    /// First line of the tip's message.
    pub subject: Untrusted,
    /// When the tip was committed.
    pub at: DateTime<Utc>,
    /// The newest version tag that the tip contains.
    pub last_tag: Option<Tag>,
    /// Commits here and not on the trunk; none for the trunk, or when that could not be told (a shallow clone).
    pub ahead: Option<u32>,
    /// Commits on the trunk and not here.
    pub behind: Option<u32>,
    /// Commits since the last tag; none when that could not be told.
    pub unreleased: Option<u32>,
    /// The newest of them, newest first, at most fifty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<Commit>,
    /// Commits here of which no counterpart was found on the trunk, newest first, at most fifty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub drift: Vec<Commit>,
    /// How many those are in all; none when that was not told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drifting: Option<u32>,
    /// Those of the listed that the trunk has a commit of the same subject for, with that commit: its patch is another,
    /// so it shows nothing for sure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alike: Vec<(Oid, Oid)>,
}

/// Lines seen: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinesSeen {
    /// New and changed.
    pub rows: Vec<Line>,
    /// Branches that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Branch>,
}

/// What is known of branches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lines(pub BTreeMap<Branch, Line>);

impl Lines {
    /// The trunk.
    #[must_use]
    pub fn trunk(&self) -> Option<&Line> {
        self.0.values().find(|line| line.kind == LineKind::Trunk)
    }

    pub(crate) fn see(&mut self, fact: &LinesSeen) {
        for row in &fact.rows {
            self.0.insert(row.branch.clone(), row.clone());
        }
        for branch in &fact.gone {
            self.0.remove(branch);
        }
    }
}

/// Creates a branch on the remote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreateBranch {
    /// The branch; it must not exist yet.
    pub target: Branch,
    /// The commit it starts at.
    pub at: Oid,
    /// The branch that the commit was the tip of when the plan was made.
    pub from: Branch,
    /// The tag that names the commit, where it starts at a tag and not at the tip.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<Tag>,
}

impl CreateBranch {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let at = match &self.tag {
            Some(tag) => format!("the tag {}", tag.line()),
            None => format!("tip of {}", self.from.line()),
        };
        format!("create {} at {} ({at})", self.target.line(), self.at.short())
    }
}
