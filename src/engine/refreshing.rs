//! What a refresh of the forge asks for, given the looks that are due.

use crate::forge::RefreshPlan;
use crate::release::Release;
use crate::release::ids::{Branch, Repo};
use crate::release::looks::{LookKey, Topic};

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
