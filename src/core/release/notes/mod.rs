//! Release notes: what changed between two versions, as Markdown for people, in the sections of the process.
//!
//! [`gathered`](Gathered) changes come from git, what a pull request is called and labelled from the forge where it
//! can be asked. [`draft`] makes a text of them, and says what somebody should look at before it is published.

mod entry;
mod kept;
mod missing;
mod range;
mod section;
mod take_back;
mod text;
mod title;
mod weigh;

pub use entry::Entry;
pub use kept::{Drafted, Kept, Order, Part, Written};
pub use missing::missing;
pub use range::{Mark, Since, before};
pub use section::{Kind, Section};
pub use text::{Draft, Wanted, draft};
pub use title::{bare_title, is_bump};
pub use weigh::{Heavy, Weighed, labels_weigh, nature_of, refused, weigh};

use super::ids::Oid;
use super::text::Untrusted;
use crate::version::Nature;
use std::collections::BTreeMap;

/// Most bytes of a text of notes: it is one line of the journal, and GitHub takes 125,000 characters.
pub const MOST_BYTES: usize = 40 * 1024;

/// A commit that is no merge, as git tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its id.
    pub oid: Oid,
    /// The first paragraph of its message, in one line.
    pub subject: Untrusted,
    /// Who wrote it, by the mailmap.
    pub author: Untrusted,
    /// Whether nobody of that name or address wrote a commit before the range; none where that cannot be told.
    pub is_new: Option<bool>,
    /// What the message says of the change.
    pub nature: Nature,
    /// The pull request that brought it here.
    pub pull: Option<u64>,
    /// The merge that brought it here.
    pub merge: Option<Oid>,
    /// The pull requests that it brings back from another branch.
    pub of: Vec<u64>,
    /// The commits that it was picked from.
    pub picked_from: Vec<Oid>,
    /// What it takes back.
    pub reverts: Reverts,
}

impl Change {
    /// Whether it takes something back: its own subject says so. What a squashed text quotes of the work that went into
    /// it is no revert.
    #[must_use]
    pub fn is_revert(&self) -> bool {
        let subject = bare_title(self.subject.raw(), true);
        let says = subject.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("revert"));
        self.reverts.is_some() && (says || self.reverts.subject.is_some())
    }
}

/// What a message says it reverts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reverts {
    /// Commits, by their ids.
    pub commits: Vec<Oid>,
    /// The subject that it quotes.
    pub subject: Option<Box<str>>,
    /// The pull request that it names.
    pub pull: Option<u64>,
}

impl Reverts {
    /// Whether it reverts anything.
    #[must_use]
    pub fn is_some(&self) -> bool {
        !self.commits.is_empty() || self.subject.is_some() || self.pull.is_some()
    }
}

/// What git tells of a range.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gathered {
    /// Its changes, newest first.
    pub changes: Vec<Change>,
    /// Titles of pull requests, by the merges that brought them.
    pub titles: BTreeMap<u64, Untrusted>,
    /// Commits left out since the other side has the same patch.
    pub same_patch: usize,
    /// Commits left out since commits of the other side say that they bring them.
    pub said_there: usize,
    /// Whether more commits follow that were not read.
    pub is_cut: bool,
    /// Whether the clone lacks history, so that nobody can be told to be new.
    pub is_shallow: bool,
}

impl Gathered {
    /// Every pull request that the notes may name, in rising order.
    #[must_use]
    pub fn pulls(&self) -> Vec<u64> {
        let mut all: Vec<u64> =
            self.changes.iter().flat_map(|it| it.pull.into_iter().chain(it.of.iter().copied())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}

/// A pull request, as the forge tells it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pull {
    /// Its title.
    pub title: Untrusted,
    /// Its labels.
    pub labels: Vec<Untrusted>,
    /// The login of who opened it.
    pub login: Option<Untrusted>,
}
