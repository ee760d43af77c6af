//! The changes of branches weighed for their next versions, beside the loop: by commits, and by labels from the forge.

use super::git_side::SharedGit;
use super::noting;
use crate::forge::Forge;
use crate::git::{Git, GitError, Refs, Repository};
use crate::process::{NextAsk, Process};
use crate::release::Release;
use crate::release::ids::{Branch, Oid, Repo, Tag};
use crate::release::notes::{Gathered, Pull, labels_weigh, refused, weigh};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use crate::release::weighing::{Weighing, Weights};
use crate::spawn::Cancel;
use crate::version::{TagClass, classify};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Commits of a branch that are weighed at most.
pub const MOST: usize = 20_000;

/// What a weighing needs of the release: its process, and what was weighed already.
pub(super) struct Ask {
    process: Arc<Process>,
    own: Option<Branch>,
    known: Weights,
    forge: Arc<dyn Forge>,
    repo: Option<Repo>,
}

/// What is weighed once more although its branch stands where it stood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum Due {
    /// Nothing.
    #[default]
    No,
    /// What the forge was not asked for, or not to the end.
    Unread,
    /// Everything: a person asks, and labels may have changed.
    All,
}

impl Due {
    /// What a person asked for.
    pub fn of(asked: bool) -> Self {
        if asked { Self::All } else { Self::No }
    }
}

/// A clone as it is now.
struct Ground {
    git: Git,
    at: Repository,
    refs: Refs,
    process: Process,
    known: Vec<TagClass>,
}

impl Ask {
    /// What is to be weighed; none without a process.
    pub fn of(release: &Release, forge: &Arc<dyn Forge>, repo: Option<&Repo>) -> Option<Self> {
        Some(Self {
            process: release.process.clone()?,
            own: release.line_name(),
            known: release.weights.clone(),
            forge: Arc::clone(forge),
            repo: repo.cloned(),
        })
    }

    /// Weighs the trunk and the lines that are worked on. What stands where it stood is weighed again when it is due. None
    /// when nothing could be read: what is known stays.
    pub async fn run(self, git: &SharedGit, due: Due, cancel: &Cancel) -> Option<Sighting> {
        let ground = self.ground(git).await.ok()?;
        let mut rows = vec![];
        let names: Vec<&str> = ground.refs.branches.keys().map(Branch::as_str).collect();
        let ahead = ground.process.worked_on(names.iter().copied(), &ground.known);
        let own = self.own.as_ref().map(Branch::as_str).filter(|own| !ahead.contains(own));
        for name in ahead.iter().copied().chain(own) {
            let found = Branch::parse(name).ok().and_then(|it| ground.refs.branches.get_key_value(&it));
            let Some((branch, tip)) = found.map(|(branch, row)| (branch, row.tip)) else { continue };
            let since = ground.process.last_on(name, &ground.known).and_then(|it| Tag::parse(&it.tag).ok());
            let is_due = |it: &Weighing| due >= if it.unread.is_some() { Due::Unread } else { Due::All };
            let stands = |it: &&Weighing| it.tip == tip && it.since == since && !is_due(it);
            let row = match self.known.get(branch).filter(stands) {
                Some(known) => known.clone(),
                None => self.weighed(&ground, (branch, tip), since, cancel).await.ok()?,
            };
            rows.push(row);
        }
        Some(Sighting::Weights(rows))
    }

    async fn ground(&self, git: &SharedGit) -> Result<Ground, GitError> {
        let (git, at) = git.lock().await.at_hand().await?;
        let refs = git.refs(&at).await?;
        let mut process = Process::clone(&self.process);
        let names: Vec<&str> = refs.branches.keys().map(Branch::as_str).collect();
        process.branches.trunk = process.branches.trunk_among(|name| names.contains(&name)).to_owned();
        let known = refs.tags.keys().map(|tag| classify(&process.version, tag.as_str())).collect();
        Ok(Ground { git, at, refs, process, known })
    }

    async fn weighed(
        &self,
        ground: &Ground,
        (branch, tip): (&Branch, Oid),
        since: Option<Tag>,
        cancel: &Cancel,
    ) -> Result<Weighing, GitError> {
        let process = &ground.process;
        let from = since.as_ref().and_then(|tag| ground.refs.tags.get(tag)).map(|tag| tag.commit);
        let gathered = ground.git.gather_notes(&ground.at, from, tip, MOST, cancel).await?;
        let (pulls, unread) = self.pulls(process, &gathered).await;
        let weighed = weigh(&process.labels, &gathered, &pulls);
        let names: Vec<&str> = ground.refs.branches.keys().map(Branch::as_str).collect();
        let ask = NextAsk {
            branch: branch.as_str(),
            is_trunk: branch.as_str() == process.branches.trunk,
            known: &ground.known,
            burned: &[],
            weight: weighed.weight,
            chosen: None,
            branches: &names,
        };
        let stream = process.next_on(&ask).ok().flatten().and_then(|next| next.stream);
        let stream = stream.as_deref().and_then(|id| process.stream(id));
        let cut = gathered.is_cut.then(|| format!("only the newest {MOST} commits were weighed"));
        let refused = stream.and_then(|stream| refused((&process.labels, stream), &gathered, &pulls));
        Ok(Weighing {
            branch: branch.clone(),
            tip,
            since,
            weight: weighed.weight,
            by_label: weighed.by_label,
            unread: unread.map(Untrusted::from),
            findings: cut.into_iter().chain(refused).map(Untrusted::from).collect(),
        })
    }

    /// The pull requests of a range as far as the forge tells of them, and why no further.
    async fn pulls(&self, process: &Process, gathered: &Gathered) -> (BTreeMap<u64, Pull>, Option<String>) {
        let numbers = gathered.pulls();
        if numbers.is_empty() || !labels_weigh(&process.labels, &process.streams) {
            return (BTreeMap::new(), None);
        }
        let Some(repo) = &self.repo else {
            return (BTreeMap::new(), Some("this repository is on no forge".to_owned()));
        };
        let (known, why) = noting::pulls(&*self.forge, repo, &numbers, &|_, _| {}).await;
        (known, noting::unasked(why, numbers.len()))
    }
}
