//! What the forge knows of picks: pull requests wanted on a line, by whom, and how far each has come.

use super::{PickKey, Picks};
use crate::release::branches::LineKind;
use crate::release::ids::{Branch, IssueKey, Oid, Repo};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

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
    /// The label that proposes it; empty when something else does, see `asked`.
    #[serde(default, skip_serializing_if = "Untrusted::is_empty")]
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
    /// What else proposes it, beside the label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// The pull request that brings it to the line, where one was found: the open one, else the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backport: Option<Backport>,
    /// What the forge knows of the pull request itself, where that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<PullFacts>,
}

/// Who or what wants a pick on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Asked {
    /// A label.
    Label {
        /// Its name.
        label: Untrusted,
    },
    /// A milestone.
    Milestone {
        /// Its title.
        title: Untrusted,
    },
    /// A comment with a command: `/cherry-pick release-1.2`.
    Comment {
        /// Who wrote it.
        login: Untrusted,
        /// When.
        at: DateTime<Utc>,
    },
    /// A pull request that brings it to the line.
    Backport {
        /// Its number.
        number: u64,
    },
    /// It is on the trunk since the line was cut, and touches paths that the process names.
    Paths {
        /// The paths that it touches, at most five.
        paths: Vec<Untrusted>,
    },
    /// It reverts a commit that is alive on the line.
    Reverts {
        /// The commit on the line.
        commit: Oid,
    },
    /// It was made on another line: it belongs here too.
    Forward {
        /// The line it was made on.
        from: Branch,
    },
}

/// How far a backport pull request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackportState {
    /// Open.
    Open,
    /// Merged.
    Merged,
    /// Closed without being merged.
    Closed,
}

/// A pull request that brings a pick to a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backport {
    /// Its number.
    pub number: u64,
    /// How far it has come.
    pub state: BackportState,
    /// Whether it is a draft: bots open one when the pick conflicts.
    #[serde(default)]
    pub draft: bool,
    /// Who opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Untrusted>,
    /// How it was told to be of this pick: "Mergify's title", "its branch name".
    pub known_by: Untrusted,
}

/// What the forge knows of a pull request, for who has to decide.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PullFacts {
    /// Logins that approved it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved_by: Vec<Untrusted>,
    /// Who merged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_by: Option<Untrusted>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Untrusted>,
    /// The state of all checks on its merge commit, in GitHub's words: `SUCCESS`, `FAILURE`, `PENDING`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Untrusted>,
    /// How many commits it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<u32>,
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

impl Picks {
    pub(super) fn see(&mut self, fact: &PicksSeen) {
        let key = |number, line: &Branch| {
            (PickKey::Pull(IssueKey { repo: fact.repo.clone(), number }), line.clone())
        };
        for row in &fact.rows {
            self.pulls.insert(key(row.number, &row.line), row.clone());
        }
        for (number, line) in &fact.gone {
            self.pulls.remove(&key(*number, line));
        }
    }
}

/// Lines that are followed beside the release's own: the newest.
const ACTIVE: usize = 8;

impl crate::release::Release {
    /// The lines that releases are still made of, as far as picks go: that of this release, and the newest others.
    #[must_use]
    pub fn active_lines(&self) -> Vec<Branch> {
        let own = self.line();
        let mut lines: Vec<_> = self.lines.0.values().filter(|line| line.kind != LineKind::Trunk).collect();
        lines.sort_by_key(|line| (own != Some(*line), std::cmp::Reverse(line.at)));
        lines.truncate(ACTIVE + 1);
        lines.into_iter().map(|line| line.branch.clone()).collect()
    }
}

/// Most lines whose labels are asked for.
const LINES: usize = 4;

impl crate::release::Release {
    /// Labels that propose a pull request for a line, each with its line: for the line of this release and the
    /// newest others, as each label costs a request. A label that names no line proposes for the line of this release.
    #[must_use]
    pub fn pick_labels(&self) -> Vec<(Untrusted, Branch)> {
        let Some(process) = &self.process else { return Vec::new() };
        let own = self.line();
        let mut lines: Vec<_> = self.lines.0.values().filter(|line| line.kind != LineKind::Trunk).collect();
        lines.sort_by_key(|line| (own != Some(*line), std::cmp::Reverse(line.at)));
        lines.truncate(LINES);
        let mut labels = Vec::new();
        for pattern in &process.picks.labels {
            let placed = ["{branch}", "{major}", "{minor}"].iter().any(|place| pattern.contains(place));
            if !placed {
                labels
                    .extend(self.line().map(|line| (Untrusted::from(pattern.as_str()), line.branch.clone())));
                continue;
            }
            for branch in lines.iter().map(|line| &line.branch) {
                let Some(label) = process.pick_label(pattern, branch.as_str()) else { continue };
                labels.push((Untrusted::from(label), branch.clone()));
            }
        }
        labels
    }
}
