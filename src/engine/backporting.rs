//! Branches of backports: pushed as new ones, looked for when it is not known whether they were.

use super::applying::{no_remote, refused, with};
use super::git_side::GitSide;
use crate::git::push::Move;
use crate::git::{GitError, Pushing, Remote, Repository, Trust};
use crate::release::errand::{Outcome, Status};
use crate::release::ids::Oid;
use crate::release::picks::{Fork, PushBackport};
use crate::spawn::Cancel;

impl GitSide {
    /// Puts what was applied on a new branch of the remote, and cleans up after it.
    pub async fn push_backport(&mut self, errand: &PushBackport, cancel: &Cancel) -> Outcome {
        let Some(new) = errand.to else {
            return Outcome::noted(Status::Failed, "nothing was applied, so nothing was pushed");
        };
        let pushed = async {
            let git = self.git_for(errand.attended).await?;
            let remote = self.remote_of(errand)?;
            let to = Move { old: None, new };
            git.push_onto(&self.repository, &remote, &errand.target, to, Trust::Given, cancel).await
        };
        match pushed.await {
            Ok(Pushing::Done | Pushing::AlreadyThere) => self.branched(errand, new).await,
            Ok(Pushing::Moved { tip }) => self.taken(errand, tip).await,
            Ok(other) => refused(other),
            Err(why) => Outcome::noted(Status::Unknown, why.to_string()),
        }
    }

    /// Looks whether the branch was pushed. Sends nothing.
    pub async fn probe_backport(&mut self, errand: &PushBackport) -> Outcome {
        let found = async {
            let git = self.git().await?;
            let remote = self.remote_of(errand)?;
            git.remote_tip(&self.repository, &remote, &errand.target, Trust::Given, &Cancel::new()).await
        };
        match (found.await, errand.to) {
            (Ok(Some(tip)), Some(to)) if tip == to => Outcome::by_probe(self.branched(errand, to).await),
            (Ok(None), _) => Outcome::by_probe(Outcome::noted(
                Status::Failed,
                "the remote does not have it: it did not happen",
            )),
            (Ok(tip), _) => Outcome::by_probe(self.taken(errand, tip).await),
            (Err(why), _) => Outcome::noted(Status::Unknown, why.to_string()),
        }
    }

    /// The remote that it goes to: the one that the plan names, or the repository's own.
    fn remote_of(&self, errand: &PushBackport) -> Result<Remote, GitError> {
        let remote = match &errand.remote {
            Some(name) => self.repository.named(name.raw()),
            None => self.repository.remote(),
        };
        remote.cloned().ok_or_else(no_remote)
    }

    async fn taken(&mut self, errand: &PushBackport, tip: Option<Oid>) -> Outcome {
        let by = self.whose(tip, &errand.target).await;
        let note = format!(
            "{} is taken: {by}; nothing was changed. Plan again, and it gets another name",
            errand.target.line()
        );
        Outcome::noted(Status::Conflict, note)
    }

    /// The branch is there: the worktree that made its commits is not needed any more.
    async fn branched(&mut self, errand: &PushBackport, new: Oid) -> Outcome {
        let left = match &self.git {
            Some(git) => git.apply_off(&self.repository, &self.applying, &errand.of).await,
            None => Ok(()),
        };
        let left = left.map_or_else(|why| format!("; {why}"), |()| String::new());
        let note = format!("{} is at {}{left}", errand.target.line(), new.short());
        with(Outcome::noted(Status::Ok, note), &[("tip", new.to_string())])
    }
}

/// The user's fork, where the clone names one.
pub(super) fn fork(repository: &Repository) -> Option<Fork> {
    let (remote, url) = repository.fork()?;
    Some(Fork { remote: remote.name.as_str().into(), owner: url.owner.as_str().into() })
}
