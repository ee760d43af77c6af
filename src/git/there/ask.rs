//! What is asked of the clone about picks, and what it answers.

use crate::process::Process;
use crate::release::ids::{Branch, Oid, Repo};
use crate::release::picks::{Change, Landing, PickKey, Place, PullCommit, Wanted};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A pick that something wants on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedPick {
    /// Which.
    pub key: PickKey,
    /// The commit that the forge says it was merged as.
    pub merged: Option<Oid>,
    /// Whether its pull request is not merged yet.
    pub open: bool,
    /// How many commits the forge says it has.
    pub count: Option<u32>,
    /// Its commits, where they are known: those of a change that was made on a line.
    pub commits: Vec<Oid>,
    /// The branch that it was made on; the trunk unless told.
    pub home: Option<Branch>,
    /// Its commits as they stood on its own branch, when it was closed and not merged: some may be on the trunk.
    pub closed: Option<Vec<PullCommit>>,
}

impl AskedPick {
    /// A pick of which nothing but its name is known.
    #[must_use]
    pub fn of(key: PickKey) -> Self {
        Self { key, merged: None, open: false, count: None, commits: Vec::new(), home: None, closed: None }
    }

    /// The commit that it is known by: its own, or the one that it was merged as.
    #[must_use]
    pub fn at(&self) -> Option<Oid> {
        match &self.key {
            PickKey::Commit(oid) => Some(*oid),
            PickKey::Pull(_) => self.merged,
        }
    }
}

/// What is asked of the clone about picks.
#[derive(Debug, Clone, PartialEq)]
pub struct PicksAsk {
    /// The process: which paths are proposed, which way fixes go, how lines are called.
    pub process: Arc<Process>,
    /// The repository on the forge, by which pull requests are named; without it picks are commits.
    pub repo: Option<Repo>,
    /// The trunk.
    pub trunk: Branch,
    /// The lines that releases are still made of.
    pub active: Vec<Branch>,
    /// The line whose CODEOWNERS counts; the trunk's unless told.
    pub own: Option<Branch>,
    /// The picks that are wanted.
    pub picks: Vec<AskedPick>,
    /// Where each is wanted.
    pub places: BTreeSet<Place>,
}

/// What the clone knows of picks.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PicksFound {
    /// Commits that the clone itself shows to be wanted.
    pub wanted: Vec<Wanted>,
    /// The commits behind each pick.
    pub changes: Vec<Change>,
    /// What shows that picks are there already.
    pub landings: Vec<Landing>,
    /// Commits of picks that are not in the clone.
    pub lacking: Vec<Lacking>,
    /// What could not be told, in words for people.
    pub notes: Vec<String>,
}

/// A commit of a pick that is not in the clone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lacking {
    /// The commit.
    pub commit: Oid,
    /// The number of its pull request, where it has one.
    pub pull: Option<u64>,
}
