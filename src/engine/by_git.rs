//! Errands of git, carried out one after the other, and what became of them.

use super::git_side::SharedGit;
use crate::release::errand::{Errand, Outcome};
use crate::release::ids::OpId;
use crate::spawn::Cancel;

/// Carries out an errand of git; none when it is the forge's.
pub(super) async fn by_git(git: &SharedGit, op: &OpId, errand: &Errand, cancel: &Cancel) -> Option<Outcome> {
    if !errand.is_of_git() {
        return None;
    }
    let mut git = git.lock().await;
    Some(match errand {
        Errand::CreateBranch(it) => git.create(it, cancel).await,
        Errand::ApplyPicks(it) => git.apply(op, it, cancel).await,
        Errand::ResolvePicks(it) => git.resolve(it, cancel).await,
        Errand::PushPicks(it) => git.push_picks(it, cancel).await,
        Errand::PushBackport(it) => git.push_backport(it, cancel).await,
        Errand::BumpVersion(it) => git.bump(op, it, cancel).await,
        Errand::TagVersion(it) => git.tag(it, cancel).await,
        Errand::DeleteTag(it) => git.untag(it, cancel).await,
        Errand::PushTag(it) => git.push_tag(it, cancel).await,
        _ => return None,
    })
}

/// Looks what became of an errand of git; none when it is the forge's. Sends nothing.
pub(super) async fn looked_for(git: &SharedGit, op: &OpId, errand: &Errand) -> Option<Outcome> {
    if !errand.is_of_git() {
        return None;
    }
    let mut git = git.lock().await;
    let cancel = Cancel::new();
    Some(match errand {
        Errand::CreateBranch(it) => git.probe(it).await,
        // Applying reaches nobody: what was begun is gone on with, and what was done is found.
        Errand::ApplyPicks(it) => git.apply(op, it, &cancel).await.by_probe(),
        Errand::ResolvePicks(it) => git.resolve(it, &cancel).await.by_probe(),
        Errand::PushPicks(it) => git.probe_push(it).await,
        Errand::PushBackport(it) => git.probe_backport(it).await,
        // Neither reaches anybody: what was made is found, what was not is made.
        Errand::BumpVersion(it) => git.bump(op, it, &cancel).await.by_probe(),
        Errand::DeleteTag(it) => git.untag(it, &cancel).await.by_probe(),
        Errand::TagVersion(it) => git.probe_tag(it).await,
        Errand::PushTag(it) => git.probe_tag_push(it).await,
        _ => return None,
    })
}
