//! Issues, pull requests, milestones and comments.

use super::User;
use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A milestone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Milestone {
    /// Its number.
    pub number: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// `open` or `closed`.
    pub state: Option<String>,
    /// When it is due.
    pub due_on: Option<DateTime<Utc>>,
    /// Open issues in it.
    pub open_issues: Option<u32>,
    /// Closed issues in it.
    pub closed_issues: Option<u32>,
}

/// What an issue that is a pull request says about that.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PullPart {
    /// When it was merged, null when it was not.
    pub merged_at: Option<DateTime<Utc>>,
}

/// An issue or pull request.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct Issue {
    /// Its id in GraphQL.
    pub node_id: Option<String>,
    /// Its number.
    pub number: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// `open` or `closed`.
    pub state: Option<String>,
    /// Why it was closed.
    pub state_reason: Option<String>,
    /// Labels: GitHub describes them as objects or plain texts.
    pub labels: Option<Vec<serde_json::Value>>,
    /// Assignees.
    pub assignees: Option<Vec<User>>,
    /// Who opened it.
    pub user: Option<User>,
    /// The milestone it is in.
    pub milestone: Option<Milestone>,
    /// When it was opened.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// Its text.
    pub body: Option<String>,
    /// Where a browser finds it.
    pub html_url: Option<String>,
    /// How many comments it has.
    pub comments: Option<u32>,
    /// Present when it is a pull request.
    pub pull_request: Option<PullPart>,
}

impl Issue {
    /// Names of its labels, in the forge's order.
    #[must_use]
    pub fn label_names(&self) -> Vec<&str> {
        self.labels.iter().flatten().filter_map(label_name).collect()
    }

    /// Whether its labels came, each with its name: a name may be null by GitHub's description.
    #[must_use]
    pub fn has_all_labels(&self) -> bool {
        self.labels.as_ref().is_some_and(|labels| labels.iter().all(|label| label_name(label).is_some()))
    }

    /// Logins of its assignees.
    #[must_use]
    pub fn assigned(&self) -> Vec<&str> {
        self.assignees.iter().flatten().filter_map(|user| user.login.as_deref()).collect()
    }
}

fn label_name(label: &serde_json::Value) -> Option<&str> {
    label.as_str().or_else(|| label.get("name")?.as_str())
}

/// A comment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Comment {
    /// Its id.
    pub id: Option<u64>,
    /// What it says.
    pub body: Option<String>,
    /// Where a browser finds it.
    pub html_url: Option<String>,
    /// Who wrote it.
    pub user: Option<User>,
    /// How who wrote it stands to the repository: `OWNER`, `MEMBER`, `CONTRIBUTOR`, …
    pub author_association: Option<String>,
    /// When it was written.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
}
