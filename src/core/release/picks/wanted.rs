//! What the clone knows of picks: commits wanted on a line, and the commits behind each pick.

use super::{Asked, PickKey, Place};
use crate::release::ids::{Branch, Oid};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A commit that the clone shows to be wanted on a line: on the trunk since the cut and touching paths that the
/// process names, a revert of what is alive there, or a fix made on another line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The pick.
    pub pick: PickKey,
    /// The line.
    pub line: Branch,
    /// Its title.
    pub title: Untrusted,
    /// Who wrote it.
    pub author: Untrusted,
    /// When it was committed.
    pub at: DateTime<Utc>,
    /// Why it is wanted.
    pub asked: Asked,
}

/// Commits wanted on lines: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedSeen {
    /// New and changed.
    pub rows: Vec<Wanted>,
    /// Those that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Place>,
}

impl WantedSeen {
    pub(super) fn take(&self, known: &mut BTreeMap<Place, Wanted>) {
        for row in &self.rows {
            known.insert((row.pick.clone(), row.line.clone()), row.clone());
        }
        for place in &self.gone {
            known.remove(place);
        }
    }
}

/// How a pull request came to the trunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Merged {
    /// As one commit.
    Squash,
    /// As a merge commit: picked with `-m 1`.
    Merge,
    /// As its own commits, one after the other.
    Rebase,
}

/// A commit to pick.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeCommit {
    /// The commit.
    pub oid: Oid,
    /// Which parent is the mainline of a merge commit, from 1: `git cherry-pick -m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mainline: Option<u8>,
}

/// The commits behind a pick, with what makes it a risk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The pick.
    pub pick: PickKey,
    /// Its commits on the trunk, in the order in which they are picked. Empty when they are not in the clone.
    pub commits: Vec<ChangeCommit>,
    /// How it came to the trunk, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Merged>,
    /// Lines added.
    #[serde(default)]
    pub added: u32,
    /// Lines removed.
    #[serde(default)]
    pub removed: u32,
    /// How many files it changes.
    #[serde(default)]
    pub files: u32,
    /// Their paths, at most twenty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<Untrusted>,
    /// Owners of the paths by CODEOWNERS of the line, at most eight.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub owners: Vec<Untrusted>,
    /// The commit of the trunk that reverts it, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverted: Option<Oid>,
    /// Why its commits cannot be told: "9f31c02 is not in this clone: fetch it".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<Untrusted>,
}

/// Changes seen: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangesSeen {
    /// New and changed.
    pub rows: Vec<Change>,
    /// Those that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<PickKey>,
}

impl ChangesSeen {
    pub(super) fn take(&self, known: &mut BTreeMap<PickKey, Change>) {
        for row in &self.rows {
            known.insert(row.pick.clone(), row.clone());
        }
        for key in &self.gone {
            known.remove(key);
        }
    }
}
