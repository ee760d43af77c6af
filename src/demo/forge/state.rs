//! What the forge remembers, apart from git: typed, and saved as it is in `forge.json`.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Everything on the forge.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::demo) struct World {
    pub(super) repositories: Vec<Repository>,
    pub(super) teams: Vec<Team>,
    /// The last id given to a thing whose id is not derived.
    pub last_id: u64,
}

impl World {
    /// A new id, larger than all before.
    pub(super) fn id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Repository {
    pub id: u64,
    pub owner: String,
    pub name: String,
    /// Full names that it had before and that redirect here.
    pub formerly: Vec<String>,
    pub origin: PathBuf,
    pub trunk: String,
    pub about: String,
    pub created: i64,
    pub labels: Vec<Label>,
    pub milestones: Vec<Milestone>,
    pub issues: BTreeMap<u64, Issue>,
    pub comments: Vec<Comment>,
    pub events: Vec<Happening>,
    pub workflows: Vec<Workflow>,
    pub runs: Vec<Run>,
    pub checks: Vec<Check>,
    pub statuses: Vec<Status>,
    pub protections: Vec<Protection>,
    pub rulesets: Vec<Ruleset>,
    pub releases: Vec<Release>,
    /// Categories of discussions; without any, discussions are not enabled.
    #[serde(default)]
    pub categories: Vec<Category>,
    #[serde(default)]
    pub discussions: Vec<Discussion>,
}

impl Repository {
    pub(super) fn full_name(&self) -> String {
        format!("{}/{}", self.owner, self.name)
    }

    pub(super) fn milestone(&self, number: u64) -> Option<&Milestone> {
        self.milestones.iter().find(|milestone| milestone.number == number)
    }

    /// The number that the next issue or pull request gets.
    pub(super) fn next_number(&self) -> u64 {
        let issues = self.issues.keys().next_back().copied().unwrap_or_default();
        // Discussions are counted with them.
        let discussions = self.discussions.iter().map(|it| it.number).max().unwrap_or_default();
        issues.max(discussions) + 1
    }
}

/// A category of discussions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Category {
    pub id: u64,
    pub name: String,
    pub slug: String,
    pub emoji: String,
    pub answerable: bool,
    pub created: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Discussion {
    pub number: u64,
    pub category: u64,
    pub title: String,
    pub body: String,
    pub author: String,
    pub created: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Team {
    pub org: String,
    pub slug: String,
    pub members: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Label {
    pub id: u64,
    pub name: String,
    pub color: String,
    pub description: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Milestone {
    pub id: u64,
    pub number: u64,
    pub title: String,
    pub description: Option<String>,
    pub creator: String,
    pub created: i64,
    pub updated: i64,
    pub closed: Option<i64>,
    pub due: Option<i64>,
}

/// An issue, or a pull request when it has a [`Pull`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Issue {
    pub number: u64,
    pub title: String,
    pub body: Option<String>,
    pub author: String,
    /// `completed`, `not_planned`, `reopened`.
    pub reason: Option<String>,
    pub labels: Vec<String>,
    pub assignees: Vec<String>,
    pub milestone: Option<u64>,
    pub locked: bool,
    pub created: i64,
    pub updated: i64,
    pub closed: Option<i64>,
    pub closed_by: Option<String>,
    pub pull: Option<Pull>,
    /// Edits of its text, oldest first, once there was one: the first is the text that it was opened with.
    #[serde(default)]
    pub edits: Vec<Edit>,
}

/// An edit of an issue's text.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Edit {
    pub id: u64,
    pub by: String,
    pub at: i64,
    pub body: String,
}

impl Issue {
    pub(super) fn new(number: u64, title: &str, author: &str, created: i64) -> Self {
        Self {
            number,
            title: title.to_owned(),
            body: None,
            author: author.to_owned(),
            reason: None,
            labels: Vec::new(),
            assignees: Vec::new(),
            milestone: None,
            locked: false,
            created,
            updated: created,
            closed: None,
            closed_by: None,
            pull: None,
            edits: Vec::new(),
        }
    }

    pub(super) fn open(&self) -> bool {
        self.closed.is_none()
    }

    pub(super) fn state(&self) -> &'static str {
        if self.open() { "open" } else { "closed" }
    }
}

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Pull {
    pub draft: bool,
    pub base: String,
    pub head: String,
    pub head_sha: String,
    pub base_sha: String,
    pub merged: Option<i64>,
    pub merged_by: Option<String>,
    pub merge_sha: Option<String>,
    pub asked: Vec<String>,
    pub reviews: Vec<Review>,
    /// The owner of the fork that its branch is in; none when it is here.
    #[serde(default)]
    pub fork: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Review {
    pub id: u64,
    pub author: String,
    pub state: String,
    pub body: String,
    pub at: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Comment {
    pub id: u64,
    pub issue: u64,
    pub author: String,
    pub body: String,
    pub created: i64,
    pub updated: i64,
}

/// One entry of an issue's timeline that is no comment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Happening {
    pub id: u64,
    pub issue: u64,
    /// GitHub's name of it: `milestoned`, `labeled`, `closed`, …
    pub kind: String,
    pub actor: String,
    pub at: i64,
    /// The milestone's title, the label's name, the assignee's login, as the kind says.
    pub detail: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Workflow {
    pub id: u64,
    pub name: String,
    pub path: String,
    pub jobs: Vec<Plan>,
}

/// How a job of a workflow goes when nothing is said about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Plan {
    pub name: String,
    /// Seconds that it takes.
    pub length: i64,
    pub steps: Vec<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Run {
    pub id: u64,
    pub workflow: u64,
    pub number: u64,
    pub attempt: u64,
    pub branch: String,
    pub sha: String,
    pub event: String,
    pub actor: String,
    pub title: String,
    pub created: i64,
    /// When this attempt started.
    pub started: i64,
    pub cancelled: Option<i64>,
    pub jobs: Vec<Job>,
    /// What it makes when it ends well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub makes: Option<TagOrder>,
}

/// A tag that a pipeline makes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct TagOrder {
    pub tag: String,
    pub commit: String,
    pub message: String,
}

/// A job whose state follows from the clock: it waits, runs and ends.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Job {
    pub id: u64,
    pub name: String,
    /// When it was asked for, in this attempt.
    pub queued: i64,
    /// Seconds from there until a runner takes it.
    pub delay: i64,
    /// Seconds that it runs.
    pub length: i64,
    /// How it ends: `success`, `failure`, `skipped`, `timed_out`, …
    pub conclusion: String,
    pub steps: Vec<String>,
    /// The step, counted from 0, at which a failure happens.
    pub failing: usize,
    pub attempt: u64,
}

/// A check run of another app than Actions.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Check {
    pub id: u64,
    pub suite: u64,
    pub sha: String,
    pub name: String,
    pub status: String,
    pub conclusion: Option<String>,
    pub started: i64,
    pub completed: Option<i64>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Status {
    pub id: u64,
    pub sha: String,
    pub context: String,
    pub state: String,
    pub description: Option<String>,
    pub target: Option<String>,
    pub creator: String,
    pub created: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Protection {
    /// A branch, or a pattern that ends in `*`.
    pub pattern: String,
    pub contexts: Vec<String>,
    pub reviews: u64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Ruleset {
    pub id: u64,
    pub name: String,
    /// `branch` or `tag`.
    pub target: String,
    /// Ref patterns such as `refs/heads/release-*`.
    pub include: Vec<String>,
    pub contexts: Vec<String>,
    /// Rules without parameters: `deletion`, `non_fast_forward`, `creation`, `required_signatures`.
    pub plain: Vec<String>,
    pub created: i64,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Release {
    pub id: u64,
    pub tag: String,
    pub target: String,
    pub name: Option<String>,
    pub body: Option<String>,
    pub draft: bool,
    pub prerelease: bool,
    pub author: String,
    pub created: i64,
    pub published: Option<i64>,
    pub latest: bool,
    pub assets: Vec<Asset>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Asset {
    pub id: u64,
    pub name: String,
    pub label: Option<String>,
    pub kind: String,
    pub size: u64,
    pub digest: Option<String>,
    /// Whether it came to its end; one that did not is a `starter`.
    #[serde(default = "whole")]
    pub whole: bool,
    pub uploader: String,
    pub at: i64,
}

fn whole() -> bool {
    true
}

impl Repository {
    /// The release that is called the latest: the one that was made it, else the newest that is neither a draft nor a
    /// prerelease.
    pub(super) fn latest(&self) -> Option<&Release> {
        let fits = || self.releases.iter().filter(|release| !release.draft && !release.prerelease);
        fits()
            .find(|release| release.latest)
            .or_else(|| fits().max_by_key(|release| (release.created, release.id)))
    }
}

/// Whether a name fits a pattern in which `*` stands for anything.
pub(super) fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            after.is_empty()
                || (0..=rest.len()).any(|at| rest.is_char_boundary(at) && fits(after, &rest[at..]))
        }),
    }
}
