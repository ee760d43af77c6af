//! The door to git.
//!
//! Reading order: [`find::find`] finds the repository without running git; [`Git::locate`] finds git; [`Git::refs`]
//! reads every branch and tag in one process; [`Git::lines`] compares the lines with the trunk over the commit
//! [`graph::Graph`], which is kept between refreshes; [`Predictor`] says what picking would come to; [`Git::fetch`] and [`Git::create_branch`] reach the remote; [`Git::make_tag`] and
//! [`Git::bump`] are what a release leaves here, and [`Git::push_tag`] sends it.
//! Every git process, reads included, starts in [`run`], hardened against what the repository's configuration,
//! hooks and names may try.

pub mod apply;
pub mod branch;
mod by_id;
pub mod commit;
mod commit_graph;
pub mod drift;
pub mod fetch;
pub mod find;
pub mod graph;
mod graph_file;
mod graph_read;
pub mod init_evidence;
pub mod lines;
pub mod notes;
pub mod porcelain;
pub mod predict;
pub mod push;
pub mod read;
pub mod refs;
pub mod remote;
pub mod run;
mod store;
pub mod tag;
pub mod there;
pub mod tier;

pub use branch::{CreatePlan, Created};
pub use commit::{Commit, PullMention};
pub use drift::{Drift, DriftCommit, Equivalent, Evidence};
pub use fetch::Risk;
pub use find::{Head, Repository, find};
pub use graph::Graph;
pub use init_evidence::{InitEvidence, TrunkEvidence, Workflow};
pub use lines::{LastTag, Line, LinesAsk, Outline};
pub use predict::Predictor;
pub use push::{Pushing, Unpushed};
pub use refs::{BranchRef, Refs, TagRef};
pub use remote::{Address, Remote, RemoteUrl, Transport};
pub use run::{Git, Trust};
pub use tag::{LocalTag, MakeTag, PushTag, RemoteTag, Signature, TagPushing, Tagged, Untagged};
pub use there::{AskedPick, Kept, Lacking, PicksAsk, PicksFound};
pub use tier::Tier;

use crate::release::ids::BadName;
use crate::release::text::Untrusted;
use crate::spawn::SpawnError;

/// Why git did not give what was asked.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no git in PATH.
    #[error("git was not found in PATH: install git 2.38 or later")]
    Missing,
    /// The installed git is too old.
    #[error("git {0} is too old: install git 2.38 or later")]
    TooOld(String),
    /// The path is in no repository.
    #[error("{0} is in no git repository")]
    NotRepository(String),
    /// The repository belongs to somebody else and is not in `safe.directory`.
    #[error(
        "this repository belongs to another user; if you trust it, run: git config --global --add safe.directory {0}"
    )]
    NotOurs(String),
    /// The process could not run to its end.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
    /// git ended with an error.
    #[error("git {command} failed ({status}): {}", said.line())]
    Failed {
        /// The subcommand.
        command: String,
        /// Its exit code, or the signal that ended it.
        status: String,
        /// What git wrote to its standard error, without hints.
        said: Untrusted,
    },
    /// The remote does not let us in: credentials, permission, host key.
    #[error("the remote did not let us in: {}", .0.line())]
    Denied(Untrusted),
    /// The remote was not reached, or there is no repository.
    #[error("the remote was not reached: {}", .0.line())]
    Unreachable(Untrusted),
    /// An address that must not be used.
    #[error("{what} is not used: {why}")]
    Refused {
        /// The address, safe to show, without secrets.
        what: String,
        /// The reason.
        why: String,
    },
    /// The answer was longer than the cap, so it is not used.
    #[error("git {0} answered with more than can be read")]
    TooLong(String),
    /// git answered in a form that we do not read.
    #[error("git {command} answered in an unexpected form: {why}")]
    Unreadable {
        /// The subcommand.
        command: String,
        /// What was unexpected.
        why: String,
    },
    /// No branch has a name of the trunk of the process: which, and what to do.
    #[error("{0}")]
    NoTrunk(String),
    /// A name is not what it should be.
    #[error(transparent)]
    Name(#[from] BadName),
    /// A file of the repository could not be read.
    #[error("{path}: {why}")]
    File {
        /// The file, safe to show.
        path: String,
        /// What the system said.
        why: std::io::Error,
    },
    /// The repository's configuration could not be read in-process.
    #[error("the configuration of the repository cannot be read: {0}")]
    Config(String),
}
