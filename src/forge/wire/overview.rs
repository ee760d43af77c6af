//! Required checks, labelled pull requests and releases as GraphQL tells them.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// One page of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// Whether there are more.
    pub page_info: PageInfo,
    /// Its rows.
    pub nodes: Option<Vec<T>>,
}

/// Where a page stands.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether another page follows.
    pub has_next_page: Option<bool>,
}

/// A branch with what protects it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// Its branch protection, as everyone may see it.
    pub ref_update_rule: Option<UpdateRule>,
    /// Rules of rulesets that apply to it.
    pub rules: Option<Page<Rule>>,
}

/// Branch protection.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UpdateRule {
    /// The checks it requires.
    pub required_status_check_contexts: Option<Vec<Option<String>>>,
}

/// A rule of a ruleset.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// `REQUIRED_STATUS_CHECKS`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its parameters; only those of required checks are asked for.
    pub parameters: Option<Parameters>,
}

/// Parameters of a rule that requires checks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// The checks.
    pub required_status_checks: Option<Vec<super::repo::RequiredCheck>>,
}

/// A pull request with a label or in a milestone.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Labelled {
    /// Its number.
    pub number: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// Who opened it.
    pub author: Option<Found>,
    /// `OPEN`, `MERGED`, `CLOSED`.
    pub state: Option<String>,
    /// When it was merged.
    pub merged_at: Option<DateTime<Utc>>,
    /// What it was merged as.
    pub merge_commit: Option<Commit>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// Where it was merged to.
    pub base_ref_name: Option<String>,
}

/// A pull request for a line.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Incoming {
    /// Its number.
    pub number: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// Its text.
    pub body: Option<String>,
    /// Its branch.
    pub head_ref_name: Option<String>,
    /// The newest commit of that.
    pub head_ref_oid: Option<String>,
    /// Whether it is a draft.
    pub is_draft: Option<bool>,
    /// `OPEN`, `MERGED`, `CLOSED`.
    pub state: Option<String>,
    /// `MERGEABLE`, `CONFLICTING`, `UNKNOWN`.
    pub mergeable: Option<String>,
    /// Whether it comes from a fork.
    pub is_cross_repository: Option<bool>,
    /// How who opened it stands to the repository.
    pub author_association: Option<String>,
    /// Who opened it.
    pub author: Option<Found>,
    /// When it was opened.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// When it was merged.
    pub merged_at: Option<DateTime<Utc>>,
    /// Where a browser finds it.
    pub url: Option<String>,
}

/// What a pull request is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Candidate {
    /// Its number.
    pub number: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// `OPEN`, `MERGED`, `CLOSED`.
    pub state: Option<String>,
    /// Who opened it.
    pub author: Option<Found>,
    /// Where it was merged to.
    pub base_ref_name: Option<String>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was merged.
    pub merged_at: Option<DateTime<Utc>>,
    /// Who merged it.
    pub merged_by: Option<Found>,
    /// What it was merged as.
    pub merge_commit: Option<Commit>,
    /// Lines added.
    pub additions: Option<u32>,
    /// Lines removed.
    pub deletions: Option<u32>,
    /// Files changed.
    pub changed_files: Option<u32>,
    /// Its commits; only their number is asked for.
    pub commits: Option<Count>,
    /// Its labels.
    pub labels: Option<Nodes<Label>>,
    /// The latest review of each reviewer that approves, refuses or was dismissed.
    pub latest_opinionated_reviews: Option<Nodes<Review>>,
    /// When it got labels and milestones.
    pub timeline_items: Option<Nodes<Event>>,
    /// The newest comments.
    pub comments: Option<Nodes<Comment>>,
}

/// Rows of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Nodes<T> {
    /// How many there are in all, where that is asked for.
    pub total_count: Option<u32>,
    /// The rows.
    pub nodes: Option<Vec<Option<T>>>,
}

impl<T> Nodes<T> {
    /// The rows that are there.
    pub fn rows(self) -> impl Iterator<Item = T> {
        self.nodes.into_iter().flatten().flatten()
    }
}

/// A label.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Label {
    /// Its name.
    pub name: Option<String>,
}

/// A review.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Review {
    /// `APPROVED`, `CHANGES_REQUESTED`, `DISMISSED`.
    pub state: Option<String>,
    /// Who wrote it.
    pub author: Option<Found>,
}

/// A label or a milestone that was given.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Event {
    /// When.
    pub created_at: Option<DateTime<Utc>>,
    /// Who gave it.
    pub actor: Option<Found>,
    /// The label.
    pub label: Option<Label>,
    /// The milestone.
    pub milestone_title: Option<String>,
}

/// A comment.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Comment {
    /// Its id.
    pub database_id: Option<u64>,
    /// What it says.
    pub body: Option<String>,
    /// Who wrote it.
    pub author: Option<Found>,
    /// How who wrote it stands to the repository.
    pub author_association: Option<String>,
    /// When it was written.
    pub created_at: Option<DateTime<Utc>>,
    /// When it was last changed.
    pub updated_at: Option<DateTime<Utc>>,
}

/// An account.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Found {
    /// `User`, `Bot`, …
    #[serde(rename = "__typename")]
    pub kind: Option<String>,
    /// Its login.
    pub login: Option<String>,
}

impl Found {
    /// Its login as REST says it: with `[bot]` after a bot's.
    #[must_use]
    pub fn name(self) -> Option<String> {
        match (self.kind.as_deref(), self.login?) {
            (Some("Bot"), login) if !login.ends_with("[bot]") => Some(format!("{login}[bot]")),
            (_, login) => Some(login),
        }
    }
}

/// A commit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Commit {
    /// Its id.
    pub oid: Option<String>,
}

/// A release.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Release {
    /// Its id.
    pub database_id: Option<u64>,
    /// Its tag.
    pub tag_name: Option<String>,
    /// Its title.
    pub name: Option<String>,
    /// Whether it is a draft.
    pub is_draft: Option<bool>,
    /// Whether it is a prerelease.
    pub is_prerelease: Option<bool>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Its assets.
    pub release_assets: Option<Count>,
}

/// How many there are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Count {
    /// In all.
    pub total_count: Option<u32>,
}
