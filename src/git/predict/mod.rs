//! What picking a queue onto a line would come to, without picking.
//!
//! [`Predictor::predict`] tries a queue in order with git's own merge, each pick on top of those before it, and says
//! a [`Prediction`] of each as soon as it is known. Nothing is checked out, no ref is made, and the objects land in
//! a [`Quarantine`] that is gone when the predictor is dropped. A pick that conflicts, or cannot be told, is left
//! out: those behind it are tried on the tree before it.
//!
//! [`Predictor::remedies`] looks for what would make conflicting picks apply, and [`Predictor::order`] for an order in
//! which more of a queue applies. Both say only what was replayed.
//!
//! A `Predictor` is kept for a line: it remembers every merge by its trees, so that appending to a queue costs one
//! merge and reordering costs those from the first change on. Its processes stay between calls;
//! [`Predictor::rest`] ends them.
//!
//! What is equal to `git cherry-pick` in a new worktree, by construction: rename detection and its limits, the diff
//! algorithm, attributes (of the tree merged into), merge drivers, submodules that are not checked out, replaced
//! and grafted commits. What runs a command of the repository's own configuration runs only when it is trusted, and
//! is [`Why::Untrusted`] otherwise.

mod answer;
mod attributes;
mod changes;
mod desk;
mod hunks;
mod lineage;
mod memo;
mod merge;
mod needs;
mod objects;
mod order;
mod place;
mod quarantine;
mod queue;
mod remedy;
mod rerere;
mod settings;
mod sketch;
mod touch;
mod trace;

pub use order::{Found as FoundOrder, Stand};
pub use quarantine::Quarantine;
pub use remedy::{Remedied, Stuck, Whole};

use super::{Git, GitError, Repository, Trust};
use crate::release::ids::Oid;
use crate::release::predict::{ConflictFile, Detail, Picked, Prediction, Verdict, Why};
use crate::spawn::Cancel;
use changes::Changes;
use memo::Memo;
use merge::Merges;
use objects::Objects;
use place::Place;

/// Gets each prediction with its number in the queue, from 0, as soon as it is known. One that was said to be clean
/// may be said again as clean only after others.
pub type Heard<'a> = dyn FnMut(usize, &Prediction) + Send + 'a;

/// Predicts for one line, and remembers what it merged.
#[derive(Debug)]
pub struct Predictor {
    place: Place,
    objects: Objects,
    changes: Changes,
    merges: Merges,
    memo: Memo,
    resolved: Option<rerere::Resolved>,
    /// What each pick of the queue that was predicted last needs of it.
    related: needs::Related,
    touches: touch::Touches,
    desk: desk::Desk,
}

impl Predictor {
    /// Prepares for predictions in a repository. `trust` says whether merge drivers and filters of the repository's
    /// own configuration may run; those of the user's own always do.
    ///
    /// # Errors
    /// When the configuration cannot be read ([`GitError::NotOurs`] is found here), or there is no room for the
    /// quarantine. A git that is too old is no error: each pick is unknown then, and says why.
    pub async fn open(git: &Git, at: &Repository, trust: Trust) -> Result<Self, GitError> {
        // Beside: what was left may be thousands of files.
        tokio::task::spawn_blocking(|| Quarantine::sweep(&std::env::temp_dir()));
        Ok(Self {
            place: Place::new(git, at, trust).await?,
            objects: Objects::default(),
            changes: Changes::default(),
            merges: Merges::default(),
            memo: Memo::default(),
            resolved: None,
            related: needs::Related::default(),
            touches: touch::Touches::default(),
            desk: desk::Desk::default(),
        })
    }

    /// Predicts a queue of picks, in order, onto the commit `tip`.
    ///
    /// First the chain is walked, and each verdict said once. Then each clean pick is tried alone on the tip; one
    /// that conflicts there is said again, with the picks of the queue that it needs, verified by replay.
    ///
    /// # Errors
    /// When `tip` is not in the clone, git cannot be started, or `cancel` says so. What goes wrong with one pick is
    /// its verdict.
    pub async fn predict(
        &mut self,
        tip: Oid,
        queue: &[Picked],
        cancel: &Cancel,
        heard: &mut Heard<'_>,
    ) -> Result<Vec<Prediction>, GitError> {
        self.refresh(cancel).await?;
        if let Some(why) = self.refused() {
            return Ok(unknown(why, queue, heard));
        }
        let tree = self.known_tree(tip).await?;
        let mut all = self.chain((tree, Some(tip)), queue, heard).await?;
        self.relate(tree, &mut all, heard).await?;
        Ok(all)
    }

    /// Walks the chain only: what [`Predictor::predict`] says first. `tree` is what the first pick is tried on, any
    /// tree of the repository or of the quarantine. For trying other orders, and for verifying a claim.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub async fn replay(
        &mut self,
        tree: Oid,
        queue: &[Picked],
        cancel: &Cancel,
    ) -> Result<Vec<Prediction>, GitError> {
        self.refresh(cancel).await?;
        if let Some(why) = self.refused() {
            return Ok(unknown(why, queue, &mut |_, _| ()));
        }
        self.chain((tree, None), queue, &mut |_, _| ()).await
    }

    /// Why nothing can be predicted at all, as with a git that cannot merge in memory; none when it can.
    #[must_use]
    pub fn refused(&self) -> Option<&Why> {
        self.place.settings.refused.as_ref()
    }

    /// The tree of a commit; none when it is not in the clone, or nothing can be predicted.
    ///
    /// # Errors
    /// When git cannot be started, or `cancel` says so.
    pub async fn tree_of(&mut self, commit: Oid, cancel: &Cancel) -> Result<Option<Oid>, GitError> {
        self.place.cancel = cancel.clone();
        // A git that is too old for merges is too old for what reads objects here as well.
        if self.refused().is_some() {
            return Ok(None);
        }
        self.objects.tree_of(&self.place, commit).await
    }

    /// Reads a conflicting file for the screen: both sides and the base of each place, bounded.
    ///
    /// # Errors
    /// When git cannot be started, an object is missing, or `cancel` says so.
    pub async fn detail(&mut self, file: &ConflictFile, cancel: &Cancel) -> Result<Detail, GitError> {
        self.place.cancel = cancel.clone();
        hunks::detail(&self.place, &mut self.objects, file).await
    }

    /// Where the objects of its predictions are.
    #[must_use]
    pub fn quarantine(&self) -> &Quarantine {
        &self.place.quarantine
    }

    /// How many merges it remembers.
    #[must_use]
    pub fn remembered(&self) -> usize {
        self.memo.len()
    }

    /// Trusts the repository from now on, so that what is remembered can be applied. False where something of the
    /// repository's own configuration was set aside: what was said went without that, and is not what applying does.
    pub fn trust(&mut self) -> bool {
        let same = self.place.trust == Trust::Given || self.place.settings.set_aside.is_empty();
        if same {
            self.place.trust = Trust::Given;
        }
        same
    }

    /// Ends its processes, for a line that is not looked at; what it remembers stays.
    pub fn rest(&mut self) {
        self.objects.rest();
        self.changes.rest();
        self.merges.rest();
    }

    /// Takes in what changed outside since the last call: settings, the depth of a shallow clone, a quarantine that
    /// somebody cleaned up.
    async fn refresh(&mut self, cancel: &Cancel) -> Result<(), GitError> {
        let lost = !self.place.quarantine.is_there();
        if lost || self.place.settings.are_stale() {
            self.rest();
            self.memo.forget();
            self.objects.forget();
            self.merges.attributes.forget();
            self.related = needs::Related::default();
            self.place = Place::new(&self.place.git, &self.place.at, self.place.trust).await?;
        }
        self.place.cancel = cancel.clone();
        self.place.read_cuts();
        self.resolved = None;
        Ok(())
    }

    async fn known_tree(&mut self, tip: Oid) -> Result<Oid, GitError> {
        if let Some(why) = self.refused() {
            let (command, status) = ("merge-tree".into(), "not tried".into());
            return Err(GitError::Failed { command, status, said: why.line().into() });
        }
        let tree = self.objects.tree_of(&self.place, tip).await?;
        tree.ok_or_else(|| GitError::Failed {
            command: "cat-file".into(),
            status: "missing".into(),
            said: format!("the tip {tip} is not in this clone: fetch it").into(),
        })
    }
}

/// A queue of which nothing can be known.
fn unknown(why: &Why, queue: &[Picked], heard: &mut Heard<'_>) -> Vec<Prediction> {
    let of = |pick: &Picked| Prediction { pick: *pick, onto: None, verdict: Verdict::Unknown(why.clone()) };
    let all: Vec<_> = queue.iter().map(of).collect();
    all.iter().enumerate().for_each(|(number, it)| heard(number, it));
    all
}
