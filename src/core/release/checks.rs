//! Checks: workflow jobs, check runs and commit statuses of a branch, taken together.

use super::ids::{Branch, Oid, Repo};
use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The state of a check. Only [`CheckState::Passed`] is green.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// `failure`, `startup_failure`, or the status `error`.
    Failed,
    /// `timed_out`.
    TimedOut,
    /// `action_required`: a person must act.
    ActionRequired,
    /// `cancelled`.
    Cancelled,
    /// Required, and nothing of that name reported on this commit.
    Missing,
    /// A word that this program does not know: never green.
    Unknown,
    /// `stale`: the forge gave up on it.
    Stale,
    /// `in_progress`.
    Running,
    /// `queued`, `requested`, `waiting`, `pending`.
    Queued,
    /// `skipped`.
    Skipped,
    /// `neutral`.
    Neutral,
    /// `success`.
    Passed,
}

impl CheckState {
    /// Whether it counts as passed.
    #[must_use]
    pub fn is_green(self) -> bool {
        self == Self::Passed
    }

    /// Whether it ended badly.
    #[must_use]
    pub fn is_red(self) -> bool {
        matches!(self, Self::Failed | Self::TimedOut | Self::ActionRequired | Self::Cancelled)
    }

    /// Whether it has a result. Nothing is said of a check that is missing.
    #[must_use]
    pub fn has_ended(self) -> bool {
        !self.is_running() && self != Self::Missing
    }

    /// What it is called in the journal's timeline.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Failed => "Failed",
            Self::TimedOut => "TimedOut",
            Self::ActionRequired => "ActionRequired",
            Self::Cancelled => "Cancelled",
            Self::Missing => "Missing",
            Self::Unknown => "Unknown",
            Self::Stale => "Stale",
            Self::Running => "Running",
            Self::Queued => "Queued",
            Self::Skipped => "Skipped",
            Self::Neutral => "Neutral",
            Self::Passed => "Passed",
        }
    }

    /// Whether it has yet to end.
    #[must_use]
    pub fn is_running(self) -> bool {
        matches!(self, Self::Running | Self::Queued)
    }
}

/// Where to act on a check: the workflow run it is a job of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRef {
    /// The run.
    pub run: u64,
    /// The job in it, when it is known.
    pub job: Option<u64>,
    /// The attempt, from 1.
    pub attempt: u32,
}

/// One check on one commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// The context: what branch protection names.
    pub name: Untrusted,
    /// How it stands.
    pub state: CheckState,
    /// The workflow it belongs to, when it is a job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<Untrusted>,
    /// The run it is a job of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<RunRef>,
    /// Where a browser finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Untrusted>,
    /// When it started.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::time::maybe")]
    pub started: Option<DateTime<Utc>>,
    /// When it ended.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::time::maybe")]
    pub ended: Option<DateTime<Utc>>,
}

/// One earlier result of a check on a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// The commit it ran on.
    pub sha: Oid,
    /// How it ended.
    pub state: CheckState,
    /// When it ran.
    pub at: DateTime<Utc>,
}

/// The past of one check on a branch, newest first, at most ten.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// The check.
    pub name: Untrusted,
    /// Results, newest first.
    pub past: Vec<Past>,
}

/// Checks seen on a branch tip: new and changed rows, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecksSeen {
    /// The branch.
    pub branch: Branch,
    /// Its tip then.
    pub sha: Oid,
    /// New and changed.
    pub rows: Vec<Check>,
    /// Names that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Untrusted>,
    /// Past results, new or changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<History>,
}

/// The checks that a branch requires, by branch protection and rulesets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequiredSeen {
    /// The branch.
    pub branch: Branch,
    /// The contexts; empty when the branch requires none.
    pub contexts: Vec<Untrusted>,
    /// Whether the branch is protected at all.
    pub protected: bool,
}

/// The end of a failed step's log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogSeen {
    /// Where.
    pub repo: Repo,
    /// The job.
    pub job: u64,
    /// The step that failed.
    pub step: Option<Untrusted>,
    /// The last lines of its log.
    pub tail: Untrusted,
}

/// What is known of one branch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LineChecks {
    /// The commit that the rows are of.
    pub sha: Option<Oid>,
    /// Checks by name.
    pub rows: BTreeMap<Untrusted, Check>,
    /// Past results by name, newest first.
    pub history: BTreeMap<Untrusted, Vec<Past>>,
    /// The contexts required; none when that could not be read.
    pub required: Option<Vec<Untrusted>>,
    /// Whether the branch is protected; none when that could not be read.
    pub protected: Option<bool>,
}

impl LineChecks {
    /// Whether a check is required on this branch.
    #[must_use]
    pub fn is_required(&self, name: &Untrusted) -> bool {
        self.required.as_ref().is_some_and(|required| required.contains(name))
    }

    /// The state of a check on the tip; [`CheckState::Missing`] when nothing of that name reported.
    #[must_use]
    pub fn state(&self, name: &Untrusted) -> CheckState {
        self.rows.get(name).map_or(CheckState::Missing, |check| check.state)
    }

    /// How many results in a row are red, counted from the newest, and the oldest of them.
    #[must_use]
    pub fn red_since(&self, name: &Untrusted) -> Option<(usize, Past)> {
        let past = self.history.get(name)?;
        let red: Vec<_> = past.iter().take_while(|it| it.state.is_red()).collect();
        red.last().map(|oldest| (red.len(), **oldest))
    }

    /// The newest green result.
    #[must_use]
    pub fn last_green(&self, name: &Untrusted) -> Option<Past> {
        self.history.get(name)?.iter().find(|it| it.state.is_green()).copied()
    }

    /// Counts for a glance: red, running, green, and the rest.
    #[must_use]
    pub fn counts(&self) -> [usize; 4] {
        let mut counts = [0; 4];
        let missing = self.required.iter().flatten().filter(|name| !self.rows.contains_key(*name)).count();
        for check in self.rows.values() {
            let at = if check.state.is_red() {
                0
            } else if check.state.is_running() {
                1
            } else if check.state.is_green() {
                2
            } else {
                3
            };
            counts[at] += 1;
        }
        counts[3] += missing;
        counts
    }
}

/// What is known of checks, by branch, and logs by job.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checks {
    /// Branches.
    pub lines: BTreeMap<Branch, LineChecks>,
    /// Tails of logs by job.
    pub logs: BTreeMap<u64, LogSeen>,
}

impl Checks {
    pub(crate) fn see(&mut self, fact: ChecksSeen) {
        let line = self.lines.entry(fact.branch).or_default();
        if line.sha != Some(fact.sha) {
            line.sha = Some(fact.sha);
            line.rows.clear();
        }
        for row in fact.rows {
            match line.rows.get_mut(&row.name) {
                Some(known) => *known = row,
                None => drop(line.rows.insert(row.name.clone(), row)),
            }
        }
        for name in &fact.gone {
            line.rows.remove(name);
        }
        for history in fact.history {
            line.history.insert(history.name, history.past);
        }
    }

    pub(crate) fn require(&mut self, fact: &RequiredSeen) {
        let line = self.lines.entry(fact.branch.clone()).or_default();
        line.required = Some(fact.contexts.clone());
        line.protected = Some(fact.protected);
    }
}
