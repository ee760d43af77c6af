//! The door to GitHub: looks bring sightings, errands bring outcomes.
//!
//! [`Forge`] is the door; [`Github`] goes through it with octocrab, [`Offline`] says why it is closed. Reads may be
//! asked again, come whole or not at all, and cost nothing when nothing changed. Writes are sent once: looked at
//! before, read back after, and settled by looking when no answer came.

pub mod api;
mod cache;
pub mod client;
pub mod error;
pub mod github;
pub mod graphql;
mod hold;
mod network;
mod offline;
pub mod rate;
mod reading;
pub mod token;
pub mod wire;

pub use api::Api;
pub use cache::CacheSize;
pub use client::{Patience, Setup};
pub use error::ForgeError;
pub use github::Github;
pub use offline::Offline;
pub use rate::{RateState, Rates};
pub use token::Token;

use crate::release::artifacts::ArtifactAsk;
use crate::release::cut::UploadAsset;
use crate::release::errand::{Errand, Outcome};
use crate::release::ids::{Branch, IssueKey, OpId, Repo, Tag};
use crate::release::looks::{LookKey, Topic};
use crate::release::notes::Pull;
use crate::release::observe::Sighting;
use crate::release::picks::Gather;
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;

/// One thing to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Every milestone of a repository, open and closed.
    Milestones(Repo),
    /// Every issue and pull request of the milestone with this title; none when the repository has no such one.
    Issues {
        /// Where.
        repo: Repo,
        /// The milestone's title, exactly.
        milestone: Untrusted,
    },
    /// Every check of a branch tip, and the past of each.
    Checks {
        /// Where.
        repo: Repo,
        /// The branch.
        branch: Branch,
    },
    /// The checks that a branch requires.
    Required {
        /// Where.
        repo: Repo,
        /// The branch.
        branch: Branch,
    },
    /// Every release, drafts included where the token sees them.
    Releases(Repo),
    /// The release of one tag with its files, for an artifact that is one.
    Release(Box<ArtifactAsk>),
    /// Pull requests proposed for a line, by a label, a milestone, a comment or a pull request on the line. How far one
    /// has come is said as far as GitHub knows: `NotMerged` or `Proposed`; that it landed is for the git door to find.
    Picks {
        /// Where.
        repo: Repo,
        /// What proposes.
        gather: Box<Gather>,
    },
    /// A workflow run.
    Run {
        /// Where.
        repo: Repo,
        /// The run.
        run: u64,
    },
    /// The text of an issue, for the ticks of its task list, and who edited it.
    Tasks(IssueKey),
    /// The end of a failed job's log.
    Log {
        /// Where.
        repo: Repo,
        /// The job.
        job: u64,
    },
}

impl Look {
    /// The look's name in the journal.
    #[must_use]
    pub fn key(&self) -> LookKey {
        match self {
            Self::Milestones(repo) => LookKey::new(Topic::Milestones, repo.as_str()),
            Self::Issues { repo, .. } => LookKey::new(Topic::Issues, repo.as_str()),
            Self::Checks { branch, .. } => LookKey::new(Topic::Checks, branch.as_str()),
            Self::Required { branch, .. } => LookKey::new(Topic::Required, branch.as_str()),
            Self::Releases(_) => LookKey::new(Topic::Releases, ""),
            Self::Release(ask) => ask.key(),
            Self::Picks { repo, .. } => LookKey::new(Topic::Picks, repo.as_str()),
            Self::Run { run, .. } => LookKey::new(Topic::Runs, run.to_string()),
            Self::Tasks(key) => LookKey::new(Topic::Tasks, key.to_string()),
            Self::Log { job, .. } => LookKey::new(Topic::Log, job.to_string()),
        }
    }
}

/// What to look at in one refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshPlan {
    /// The repository of the release: its branches, releases and picks are looked at.
    pub main: Repo,
    /// Repositories whose milestones are looked at.
    pub repos: Vec<Repo>,
    /// Title of the chosen milestone, none to look at no issues.
    pub milestone: Option<Untrusted>,
    /// Branches whose checks are looked at.
    pub branches: Vec<Branch>,
    /// What proposes a pull request for a line.
    pub picks: Gather,
    /// What is due. Topics that are not the forge's are passed over.
    pub topics: BTreeSet<Topic>,
}

impl RefreshPlan {
    /// The looks that the plan comes to.
    #[must_use]
    pub fn looks(&self) -> Vec<Look> {
        let due = |topic| self.topics.contains(&topic);
        let main = || self.main.clone();
        let mut looks = Vec::new();
        for repo in &self.repos {
            if due(Topic::Milestones) {
                looks.push(Look::Milestones(repo.clone()));
            }
            if let Some(milestone) = self.milestone.clone().filter(|_| due(Topic::Issues)) {
                looks.push(Look::Issues { repo: repo.clone(), milestone });
            }
        }
        for branch in &self.branches {
            if due(Topic::Checks) {
                looks.push(Look::Checks { repo: main(), branch: branch.clone() });
            }
            if due(Topic::Required) {
                looks.push(Look::Required { repo: main(), branch: branch.clone() });
            }
        }
        if due(Topic::Releases) {
            looks.push(Look::Releases(main()));
        }
        if due(Topic::Picks) {
            looks.push(Look::Picks { repo: main(), gather: Box::new(self.picks.clone()) });
        }
        looks
    }
}

/// Where a sighting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Read just now.
    Live,
    /// GitHub said that nothing changed since it was last read.
    Unchanged,
}

/// What a look brought, whole, or why it failed: then the sighting is `Sighting::Failed`.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What was seen.
    pub sighting: Sighting,
    /// Where from.
    pub source: Source,
    /// What is to be known about it: that other apps' checks are hidden from this token, for instance.
    pub note: Option<String>,
    /// When to ask again at the earliest, after a rate limit.
    pub until: Option<DateTime<Utc>>,
}

impl Seen {
    /// A look that failed.
    #[must_use]
    pub fn failed(look: LookKey, error: &ForgeError) -> Self {
        Self {
            sighting: Sighting::Failed(look, Untrusted::from(error.say_again())),
            source: Source::Live,
            note: None,
            until: error.until(),
        }
    }
}

/// Who the token belongs to, and what it may do, as the forge says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Viewer {
    /// The login, none for a token without one (an app's).
    pub login: Option<Untrusted>,
    /// `X-OAuth-Scopes` of a classic token; none for a fine-grained one, which does not say.
    pub scopes: Option<Vec<Untrusted>>,
    /// When the token expires, as GitHub writes it.
    pub expires: Option<Untrusted>,
    /// The repository's own name now: it may have been renamed.
    pub full_name: Option<Untrusted>,
    /// What the viewer may do in the repository, the most first: `admin`, `push`, `pull`.
    pub permissions: Vec<Untrusted>,
    /// The repository's default branch.
    pub default_branch: Option<Untrusted>,
}

/// What notes are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotesAsk {
    /// Where.
    pub repo: Repo,
    /// The tag that they are for; it need not be there yet.
    pub tag: Tag,
    /// What is tagged when it is not: a commit or a branch.
    pub target: Option<Untrusted>,
    /// The tag that they begin after; none for the one that the forge chooses.
    pub previous: Option<Tag>,
}

/// A file on its way.
pub struct Sending {
    /// Hears how many bytes of it the connection has taken so far.
    pub told: Box<dyn Fn(u64) + Send + Sync>,
    /// Comes to its end when a person says that it is to stop.
    pub stop: BoxFuture<'static, ()>,
}

impl Default for Sending {
    /// Nobody listens, and nobody stops it.
    fn default() -> Self {
        Self { told: Box::new(|_| {}), stop: Box::pin(std::future::pending()) }
    }
}

/// Notes that the forge wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotesMade {
    /// A title.
    pub title: Untrusted,
    /// The text, in Markdown.
    pub body: Untrusted,
}

/// The door to a forge.
pub trait Forge: Send + Sync {
    /// Looks at several things in as few requests as can be. One sighting for each look of the plan.
    fn refresh<'a>(&'a self, plan: &'a RefreshPlan) -> BoxFuture<'a, Vec<Seen>>;

    /// Looks at one thing.
    fn look<'a>(&'a self, look: &'a Look) -> BoxFuture<'a, Seen>;

    /// Runs an errand: looks first, sends once, reads back. Never sends anything twice.
    fn run<'a>(&'a self, op: &'a OpId, errand: &'a Errand) -> BoxFuture<'a, Outcome>;

    /// Uploads a file that is open where it begins, and was compared with what the plan showed: looks first, sends once,
    /// compares what arrived. What a person stops in the middle is looked for: what came of it is what is there.
    fn upload<'a>(&'a self, it: &'a UploadAsset, file: File, sending: Sending) -> BoxFuture<'a, Outcome>;

    /// Looks whether an errand in doubt was carried out. Sends nothing.
    fn probe<'a>(&'a self, op: &'a OpId, errand: &'a Errand, since: DateTime<Utc>) -> BoxFuture<'a, Outcome>;

    /// Who the token belongs to, and what it may do.
    ///
    /// # Errors
    /// When the forge cannot be asked.
    fn viewer<'a>(&'a self, repo: &'a Repo) -> BoxFuture<'a, Result<Viewer, ForgeError>>;

    /// Lets the forge write the notes of a release. Nothing is kept there.
    ///
    /// # Errors
    /// When the forge cannot be asked, or the token may not write contents.
    fn notes<'a>(&'a self, ask: &'a NotesAsk) -> BoxFuture<'a, Result<NotesMade, ForgeError>>;

    /// Title, labels and author of pull requests, fifty at most; one that is not there is left out.
    ///
    /// # Errors
    /// When the forge cannot be asked, or there is no token.
    fn pulls<'a>(
        &'a self,
        repo: &'a Repo,
        numbers: &'a [u64],
    ) -> BoxFuture<'a, Result<BTreeMap<u64, Pull>, ForgeError>>;

    /// What is left of the limits, by the replies so far.
    fn rates(&self) -> Rates;
}
