//! Picks applied for real, and nobody's checkout touched.
//!
//! [`Git::apply`] runs `git cherry-pick` for the picks of an [`Order`] in a worktree of its own, which lies outside the
//! repository and which the repository knows nothing of: index, stash, configuration, worktree list, checked-out
//! branches stay as they are. No branch moves; the commits are kept by a ref of ours ([`keep_ref`]) until they have
//! landed, and [`Git::push_onto`] moves the branch by compare-and-swap.
//!
//! The invariant: after each pick the tree is the one that was predicted, or the run stops. What is to be done, and how
//! far it has come, is in a [`Record`] on disk before anything is executed. So a run that was killed goes on where it
//! stood: what was committed is found by its trees and never made twice, and a pick that was half done is done anew.
//!
//! A conflict leaves the worktree for a person; [`Git::apply_on`] goes on from there.
//!
//! [`Git::bump`] commits a version in the same way, in a worktree of the same kind.

mod bump;
mod conflict;
mod pick;
mod record;
mod resume;
mod run;
mod worktree;

pub use bump::{Bump, Bumped, FileChange};
pub use conflict::{Answer, for_person};
pub use record::{Done, How, Item, Order, Record};
pub use worktree::{Workplace, keep_ref};

use super::GitError;
use crate::release::ids::Oid;
use crate::release::text::Untrusted;
use std::path::PathBuf;

#[cfg(doc)]
use super::Git;

/// What became of a run. No branch has moved in any case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// All was applied; the commits are kept by [`keep_ref`].
    Done {
        /// The last commit: what the branch is to become.
        tip: Oid,
        /// What became of each pick.
        done: Vec<Done>,
    },
    /// A pick conflicts, and waits for a person in the worktree.
    Conflict {
        /// Its place in the order, from 0.
        at: usize,
        /// The files that are unmerged.
        files: Vec<Untrusted>,
        /// Where to resolve them.
        worktree: PathBuf,
    },
    /// A pick left another tree than was predicted. Nothing goes on from here.
    Differs {
        /// Its place in the order, from 0.
        at: usize,
        /// What was predicted; none when it was not predicted to apply.
        predicted: Option<Oid>,
        /// What it came to; none when it conflicted.
        executed: Option<Oid>,
    },
    /// What a person saw before saying go is not what is predicted now.
    Stale {
        /// Place in the order of the first pick that is told otherwise, from 0.
        at: usize,
        /// What is told now.
        now: Untrusted,
    },
    /// git stopped: a hook, a signature, a full disk. The same run may be tried again.
    Failed {
        /// Its place in the order, from 0.
        at: usize,
        /// What git said.
        said: Untrusted,
    },
    /// What a person left is not taken, and why. It waits on.
    NotYet {
        /// Its place in the order, from 0.
        at: usize,
        /// What is to be done first.
        why: Untrusted,
    },
    /// The worktree is not where the record left it: somebody committed there.
    Strange {
        /// What was found.
        said: Untrusted,
    },
}

fn io(path: &std::path::Path, why: std::io::Error) -> GitError {
    GitError::File { path: Untrusted::from(path.display().to_string()).line(), why }
}
