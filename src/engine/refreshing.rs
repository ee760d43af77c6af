//! What a refresh of the forge asks for, given the looks that are due.

use crate::forge::{Forge, Look, RefreshPlan};
use crate::release::Release;
use crate::release::ids::{Branch, IssueKey, Repo};
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;

/// The refresh that the looks come to.
pub(super) fn plan(keys: &[LookKey], release: &Release, main: Repo) -> RefreshPlan {
    let mut branches: Vec<Branch> = vec![];
    for key in keys.iter().filter(|key| matches!(key.topic, Topic::Checks | Topic::Required)) {
        let branch = Branch::parse(&key.scope).ok().filter(|branch| !branches.contains(branch));
        branches.extend(branch);
    }
    let picks = release.gather(&main);
    RefreshPlan {
        main,
        repos: release.repositories(),
        milestone: release.milestones.chosen.clone(),
        branches,
        picks,
        topics: keys.iter().map(|key| key.topic).collect(),
    }
}

/// A look at one thing: a log, a run, a task list.
pub(super) async fn one(forge: &dyn Forge, repo: Option<Repo>, key: LookKey) -> Sighting {
    let tasks = (key.topic == Topic::Tasks).then(|| IssueKey::parse(&key.scope).ok()).flatten();
    match (repo, key.scope.parse()) {
        _ if let Some(issue) = tasks => forge.look(&Look::Tasks(issue)).await.sighting,
        (Some(repo), Ok(run)) if key.topic == Topic::Runs => {
            forge.look(&Look::Run { repo, run }).await.sighting
        }
        (Some(repo), Ok(job)) => forge.look(&Look::Log { repo, job }).await.sighting,
        _ => Sighting::Failed(key, Untrusted::from("this repository is on no forge")),
    }
}
