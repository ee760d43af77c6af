//! Check runs, commit statuses, workflow runs and their jobs.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// The suite of a check run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Suite {
    /// Its id.
    pub id: Option<u64>,
}

/// A check run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct CheckRun {
    /// Its id: the job's id, when GitHub Actions made it.
    pub id: Option<u64>,
    /// Its name.
    pub name: Option<String>,
    /// `queued`, `in_progress`, `completed`, …
    pub status: Option<String>,
    /// `success`, `failure`, …; null while it runs.
    pub conclusion: Option<String>,
    /// When it started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
    /// Where its app shows it.
    pub details_url: Option<String>,
    /// Where GitHub shows it.
    pub html_url: Option<String>,
    /// Its suite.
    pub check_suite: Option<Suite>,
}

/// A commit status.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Status {
    /// Its name.
    pub context: Option<String>,
    /// `success`, `failure`, `error`, `pending`.
    pub state: Option<String>,
    /// Where more is to be read.
    pub target_url: Option<String>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
}

/// A workflow run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Run {
    /// Its id.
    pub id: Option<u64>,
    /// The workflow's name.
    pub name: Option<String>,
    /// The branch.
    pub head_branch: Option<String>,
    /// The commit.
    pub head_sha: Option<String>,
    /// What started it: `push`, `schedule`, …
    pub event: Option<String>,
    /// `queued`, `in_progress`, `completed`, …
    pub status: Option<String>,
    /// `success`, `failure`, …
    pub conclusion: Option<String>,
    /// The attempt, from 1.
    pub run_attempt: Option<u32>,
    /// The suite of its check runs.
    pub check_suite_id: Option<u64>,
    /// When it was created.
    pub created_at: Option<DateTime<Utc>>,
    /// When this attempt began.
    pub run_started_at: Option<DateTime<Utc>>,
    /// When it was last heard of.
    pub updated_at: Option<DateTime<Utc>>,
    /// Who started it.
    pub actor: Option<super::User>,
    /// What it is called: `run-name` of its workflow.
    pub display_title: Option<String>,
    /// Where GitHub shows it.
    pub html_url: Option<String>,
}

/// A step of a job.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Step {
    /// Its name.
    pub name: Option<String>,
    /// How it ended.
    pub conclusion: Option<String>,
    /// When it started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
}

/// A job of a workflow run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Job {
    /// Its id.
    pub id: Option<u64>,
    /// The run.
    pub run_id: Option<u64>,
    /// The attempt.
    pub run_attempt: Option<u32>,
    /// Its name.
    pub name: Option<String>,
    /// The commit.
    pub head_sha: Option<String>,
    /// `queued`, `in_progress`, `completed`, …
    pub status: Option<String>,
    /// `success`, `failure`, …
    pub conclusion: Option<String>,
    /// When it started.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub completed_at: Option<DateTime<Utc>>,
    /// Where GitHub shows it.
    pub html_url: Option<String>,
    /// Its steps.
    pub steps: Option<Vec<Step>>,
}

/// A commit in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Commit {
    /// Its id.
    pub sha: Option<String>,
    /// What git knows of it.
    pub commit: Option<GitCommit>,
}

/// What git knows of a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GitCommit {
    /// Who committed it, when.
    pub committer: Option<Signature>,
}

/// A date in a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Signature {
    /// When.
    pub date: Option<DateTime<Utc>>,
}

/// A workflow.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Workflow {
    /// Its id.
    pub id: Option<u64>,
    /// `active`, `disabled_manually`, …
    pub state: Option<String>,
}

/// A run that was started.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Started {
    /// Its id.
    pub workflow_run_id: Option<u64>,
    /// Where GitHub shows it.
    pub html_url: Option<String>,
}
