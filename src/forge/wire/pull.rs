//! Pull requests as REST tells them: their own reply, their reviews, events and commits.

use super::User;
use super::issue::Issue;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A pull request, in a list or in its own reply; the fields that only the latter has are absent in the former.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Pull {
    /// Its number.
    pub number: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// `open` or `closed`.
    pub state: Option<String>,
    /// Whether it is a draft.
    pub draft: Option<bool>,
    /// Who opened it.
    pub user: Option<User>,
    /// How who opened it stands to the repository.
    pub author_association: Option<String>,
    /// Where its commits are.
    pub head: Option<End>,
    /// Where they are to go.
    pub base: Option<End>,
    /// Where a browser finds it.
    pub html_url: Option<String>,
    /// When it was opened.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was merged.
    pub merged_at: Option<DateTime<Utc>>,
    /// The commit it was merged as, or a test merge while it is open.
    pub merge_commit_sha: Option<String>,
    /// Who merged it.
    pub merged_by: Option<User>,
    /// Its labels.
    pub labels: Option<Vec<serde_json::Value>>,
    /// Whether it can be merged; null while GitHub works it out.
    pub mergeable: Option<bool>,
    /// How many commits it holds.
    pub commits: Option<u32>,
    /// Lines added.
    pub additions: Option<u32>,
    /// Lines removed.
    pub deletions: Option<u32>,
    /// Files changed.
    pub changed_files: Option<u32>,
}

impl Pull {
    /// Names of its labels.
    #[must_use]
    pub fn label_names(&self) -> Vec<String> {
        let as_issue = Issue { labels: self.labels.clone(), ..Issue::default() };
        as_issue.label_names().into_iter().map(str::to_owned).collect()
    }
}

/// One end of a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct End {
    /// The branch.
    #[serde(rename = "ref")]
    pub name: Option<String>,
    /// Its commit.
    pub sha: Option<String>,
    /// The repository; null when it is gone.
    pub repo: Option<Named>,
}

/// A repository by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Named {
    /// `owner/name`.
    pub full_name: Option<String>,
}

/// A review.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Review {
    /// Who wrote it.
    pub user: Option<User>,
    /// `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`.
    pub state: Option<String>,
}

/// Something that happened to an issue or pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Event {
    /// What: `labeled`, `milestoned`, …
    pub event: Option<String>,
    /// Who did it.
    pub actor: Option<User>,
    /// When.
    pub created_at: Option<DateTime<Utc>>,
    /// The label.
    pub label: Option<EventLabel>,
    /// The milestone.
    pub milestone: Option<EventMilestone>,
}

/// The label of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EventLabel {
    /// Its name.
    pub name: Option<String>,
}

/// The milestone of an event.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct EventMilestone {
    /// Its title.
    pub title: Option<String>,
}

/// A commit of a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PullCommit {
    /// Its id.
    pub sha: Option<String>,
    /// What git knows of it.
    pub commit: Option<Message>,
}

/// What a commit says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Message {
    /// Its message.
    pub message: Option<String>,
}
