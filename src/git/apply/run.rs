//! A whole order, from where it stands to its end or its first stop.

use super::Applied;
use super::conflict::{Answer, Answered};
use super::pick::{Left, Made};
use super::record::{Done, How, Item, Order, Record};
use super::resume::Standing;
use super::worktree::Workplace;
use crate::git::{Git, GitError, Predictor, Repository, Trust};
use crate::release::ids::{Oid, OpId};
use crate::release::predict::{Picked, Verdict};
use crate::spawn::Cancel;
use std::path::Path;

impl Git {
    /// Applies an order below `root`, a directory of ours outside the repository: from its beginning, or from where
    /// an earlier run of the same operation stood. The repository must be trusted: its hooks, filters and merge
    /// drivers run.
    ///
    /// # Errors
    /// When the tip is not in the clone, the place cannot be made, another process works in it, git cannot be
    /// started, or `cancel` says so. In each case the same call may be made again.
    pub async fn apply(
        &self,
        at: &Repository,
        root: &Path,
        order: &Order,
        cancel: &Cancel,
    ) -> Result<Applied, GitError> {
        let mut predictor = Predictor::open(self, at, Trust::Given).await?;
        self.apply_by(at, root, order, &mut predictor, cancel).await
    }

    /// [`Git::apply`] with a predictor of the same repository that trusts it ([`Predictor::trust`]): what it
    /// remembers is not merged again.
    ///
    /// # Errors
    /// As [`Git::apply`].
    pub async fn apply_by(
        &self,
        at: &Repository,
        root: &Path,
        order: &Order,
        predictor: &mut Predictor,
        cancel: &Cancel,
    ) -> Result<Applied, GitError> {
        let place = Workplace::open(self, at, root, &order.op)?;
        let mut record = match Record::read(&place.record())? {
            Some(record) => record,
            None => {
                let mut record = Record::new(order.clone());
                if let Some(stop) = foresee(predictor, &mut record, true, cancel).await? {
                    return Ok(stop);
                }
                record.write(&place.record(), true)?;
                record
            }
        };
        match place.standing(&mut record, cancel).await? {
            Standing::Clean => {}
            Standing::Conflict if record.order.markers => {
                if let Some(stop) = conflicted(&place, &mut record, predictor, cancel).await? {
                    return Ok(stop);
                }
            }
            Standing::Conflict | Standing::Committed(_) => return stopped(&place, &record, cancel).await,
            Standing::Strange(said) => return Ok(Applied::Strange { said }),
        }
        go(&place, record, predictor, cancel).await
    }

    /// Goes on after a conflict, as a person answers it.
    ///
    /// # Errors
    /// As [`Git::apply`]; and when nothing of the operation is there.
    pub async fn apply_on(
        &self,
        at: &Repository,
        root: &Path,
        op: &OpId,
        answer: Answer,
        cancel: &Cancel,
    ) -> Result<Applied, GitError> {
        let place = Workplace::open(self, at, root, op)?;
        let Some(mut record) = Record::read(&place.record())? else {
            let said = "its worktree is gone; the branch is as it was".into();
            return Ok(Applied::Strange { said });
        };
        let standing = place.standing(&mut record, cancel).await?;
        match place.answer(&mut record, standing, answer, cancel).await? {
            Answered::GoOn => {}
            Answered::NotYet(why) => return Ok(Applied::NotYet { at: record.done.len(), why }),
            Answered::Stop(stop) => return Ok(stop),
        }
        place.keep(op, record.head()).await?;
        record.write(&place.record(), true)?;
        let mut predictor = Predictor::open(self, at, Trust::Given).await?;
        go(&place, record, &mut predictor, cancel).await
    }

    /// Takes away what an operation left: it was called off, or its commits have landed. The branch is not touched.
    ///
    /// # Errors
    /// When another process works there, or it cannot be taken away.
    pub async fn apply_off(&self, at: &Repository, root: &Path, op: &OpId) -> Result<(), GitError> {
        Workplace::open(self, at, root, op)?.remove(op).await
    }
}

/// Predicts what is left, on top of what is there. In a new order, what a person saw is compared.
async fn foresee(
    predictor: &mut Predictor,
    record: &mut Record,
    new: bool,
    cancel: &Cancel,
) -> Result<Option<Applied>, GitError> {
    let head = record.head();
    if let Some(why) = predictor.refused() {
        let said = format!("nothing can be told of it: {}", why.line());
        return Ok(Some(Applied::Failed { at: record.done.len(), said: said.into() }));
    }
    let Some(tree) = predictor.tree_of(head, cancel).await? else {
        let said = format!("the tip {head} is not in this clone: fetch it").into();
        return Err(GitError::Failed { command: "cherry-pick".into(), status: "missing".into(), said });
    };
    let first = record.done.len();
    let queue: Vec<_> =
        record.rest().iter().map(|item| Picked { commit: item.commit, mainline: item.mainline }).collect();
    let told = predictor.replay(tree, &queue, cancel).await?;
    for (at, prediction) in told.iter().enumerate() {
        let Some(item) = record.order.items.get_mut(first + at) else { continue };
        let files = prediction.verdict.applied().map_or(&[][..], |applied| &applied.files);
        if files.iter().any(|file| file.path.raw().rsplit('/').next() == Some(".gitattributes")) {
            record.attributes.insert(first + at);
        }
        let now = match &prediction.verdict {
            Verdict::Conflict(_) => None,
            Verdict::Unknown(why) => {
                let said = format!("it cannot be told what {} comes to: {}", item.commit.short(), why.line());
                return Ok(Some(Applied::Failed { at: first + at, said: said.into() }));
            }
            Verdict::Clean(_) | Verdict::CleanAfter(..) | Verdict::Empty(_) => prediction.after(),
        };
        if new && item.tree.is_some() && item.tree != now {
            let now = format!("{} is {} now", item.commit.short(), prediction.verdict.word());
            return Ok(Some(Applied::Stale { at: first + at, now: now.into() }));
        }
        item.tree = now;
    }
    Ok(None)
}

/// Picks what is left, one after the other.
async fn go(
    place: &Workplace,
    mut record: Record,
    predictor: &mut Predictor,
    cancel: &Cancel,
) -> Result<Applied, GitError> {
    if let Some(stop) = foresee(predictor, &mut record, false, cancel).await? {
        return Ok(stop);
    }
    record.write(&place.record(), true)?;
    let mut before = place.made("HEAD", cancel).await?;
    loop {
        record.pass_empty(before.tree);
        let items = record.together(before.tree);
        let Some(first) = items.first().copied() else { break };
        let (made, left) = place.pick(&record.order, &items, &before, cancel).await?;
        for (item, made) in items.iter().zip(&made) {
            if item.tree != Some(made.tree) {
                return differs(place, &record, item.tree, Some(made.tree)).await;
            }
            record.done.push(Done { commit: Some(made.oid), how: How::Picked });
            before = made.clone();
        }
        match left {
            Left::Commits if made.len() == items.len() => record.write(&place.record(), false)?,
            Left::Unmerged if first.tree.is_none() => {
                if let Some(stop) = conflicted(place, &mut record, predictor, cancel).await? {
                    return Ok(stop);
                }
                before = place.made("HEAD", cancel).await?;
            }
            left => return broke_off(place, record, &items, &made, left, &before).await,
        }
    }
    place.keep(&record.order.op, before.oid).await?;
    record.write(&place.record(), true)?;
    Ok(Applied::Done { tip: before.oid, done: record.done })
}

/// git stopped, or left more commits or fewer than were predicted: nothing goes on. `before` is the last that is kept.
async fn broke_off(
    place: &Workplace,
    mut record: Record,
    items: &[Item],
    made: &[Made],
    left: Left,
    before: &Made,
) -> Result<Applied, GitError> {
    let predicted = |item: Option<&Item>| item.and_then(|item| item.tree);
    match left {
        Left::Failed(said) => {
            record.write(&place.record(), true)?;
            place.keep(&record.order.op, before.oid).await?;
            Ok(Applied::Failed { at: record.done.len(), said })
        }
        Left::Commits if made.len() > items.len() => {
            // Somebody's hook committed beside: whose tree is whose cannot be told.
            record.done.pop();
            differs(place, &record, predicted(items.last()), made.last().map(|made| made.tree)).await
        }
        // What was predicted to leave a commit left none, or not one for each.
        Left::Commits | Left::Unmerged | Left::Nothing => {
            let executed = (!matches!(left, Left::Unmerged)).then_some(before.tree);
            let item = items.get(made.len()).or(items.first());
            differs(place, &record, predicted(item), executed).await
        }
    }
}

/// A pick left another tree than was predicted: nothing of it is kept, and nothing goes on.
async fn differs(
    place: &Workplace,
    record: &Record,
    predicted: Option<Oid>,
    executed: Option<Oid>,
) -> Result<Applied, GitError> {
    place.clean(record.head()).await?;
    record.write(&place.record(), true)?;
    Ok(Applied::Differs { at: record.done.len(), predicted, executed })
}

/// A pick conflicts, as was predicted: it waits for a person, or is committed with its markers where the order says
/// so, and then the run goes on.
async fn conflicted(
    place: &Workplace,
    record: &mut Record,
    predictor: &mut Predictor,
    cancel: &Cancel,
) -> Result<Option<Applied>, GitError> {
    if record.order.markers && place.commit_markers(record, cancel).await?.is_none() {
        // What was predicted of the rest was predicted without it.
        let stop = foresee(predictor, record, false, cancel).await?;
        record.write(&place.record(), true)?;
        return Ok(stop);
    }
    record.conflict = true;
    record.write(&place.record(), true)?;
    place.keep(&record.order.op, record.head()).await?;
    stopped(place, record, cancel).await.map(Some)
}

/// The conflict that a run has stopped at.
async fn stopped(place: &Workplace, record: &Record, cancel: &Cancel) -> Result<Applied, GitError> {
    let files = place.unmerged(cancel).await?;
    Ok(Applied::Conflict { at: record.done.len(), files, worktree: place.work() })
}
