//! Looks at picks in the clone: what is asked of it, and what is kept between looks.

use super::git_side::SharedGit;
use crate::git::{AskedPick, GitError, Kept, PicksAsk, PicksFound, Repository};
use crate::release::Release;
use crate::release::ids::{Branch, Oid};
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::picks::{PickKey, PickState};
use crate::release::text::Untrusted;
use crate::spawn::Cancel;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Most commits that are fetched by themselves at once.
const MOST: usize = 50;

/// What is kept between looks at picks.
#[derive(Default)]
pub(super) struct PicksSide {
    /// Where patch ids are kept on disk; none to keep them in memory.
    dir: Option<PathBuf>,
    kept: Option<Kept>,
    /// The latest answer, with the tips and the question that it was for.
    last: Option<(BTreeMap<Branch, Oid>, PicksAsk, PicksFound)>,
}

/// What a release asks of its clone.
pub(super) fn ask(release: &Release) -> Option<PicksAsk> {
    let process = release.process.clone()?;
    let mut picks: BTreeMap<PickKey, AskedPick> = BTreeMap::new();
    for ((key, _), pull) in &release.picks.pulls {
        let pick = picks.entry(key.clone()).or_insert_with(|| AskedPick::of(key.clone()));
        pick.merged = pick.merged.or(pull.merged);
        pick.open |= pull.state == PickState::NotMerged && !pull.closed;
        if pull.closed {
            let list = pull.facts.as_ref().map(|facts| facts.list.clone());
            pick.closed = Some(list.unwrap_or_default());
        }
        pick.count = pick.count.or(pull.facts.as_ref().and_then(|facts| facts.commits));
    }
    for (key, _) in release.picks.added.keys() {
        picks.entry(key.clone()).or_insert_with(|| AskedPick::of(key.clone()));
    }
    let places = release.picks.pulls.keys().chain(release.picks.added.keys());
    Some(PicksAsk {
        trunk: release.trunk()?,
        process,
        repo: release.repositories().into_iter().next(),
        active: release.active_lines(),
        own: release.line_name(),
        places: places.cloned().collect(),
        picks: picks.into_values().collect(),
    })
}

impl PicksSide {
    pub fn new(dir: Option<PathBuf>) -> Self {
        Self { dir, ..Self::default() }
    }

    /// Looks, and gives what was seen with what could not be told. git is shared with errands, so it is held only
    /// until the refs are read.
    pub async fn look(&mut self, git: &SharedGit, ask: PicksAsk, cancel: &Cancel) -> (Sighting, Vec<String>) {
        match self.read(git, ask, cancel).await {
            Ok(found) => {
                let PicksFound { wanted, changes, landings, lacking: _, notes } = found;
                (Sighting::Landings { wanted, changes, landings }, notes)
            }
            Err(why) => {
                let key = LookKey::new(Topic::Landings, "");
                (Sighting::Failed(key, Untrusted::from(why.to_string())), Vec::new())
            }
        }
    }

    async fn read(
        &mut self,
        git: &SharedGit,
        ask: PicksAsk,
        cancel: &Cancel,
    ) -> Result<PicksFound, GitError> {
        let lines = ask.active.iter().chain(ask.places.iter().map(|(_, line)| line)).chain([&ask.trunk]);
        let basis = git.lock().await.basis(lines).await?;
        let tips: BTreeMap<Branch, Oid> =
            basis.refs.branches.iter().map(|(name, row)| (name.clone(), row.tip)).collect();
        // What was lacking may have been fetched, which moves no branch.
        let same =
            |last: &&(_, PicksAsk, PicksFound)| last.0 == tips && last.1 == ask && last.2.lacking.is_empty();
        if let Some((_, _, found)) = self.last.as_ref().filter(same) {
            return Ok(found.clone());
        }
        let kept = self.kept(&basis.repository);
        let asked = basis.git.picks(&basis.repository, basis.graph, &basis.refs, &ask, kept, cancel);
        let found = asked.await?;
        git.lock().await.lacking = found.lacking.iter().take(MOST).copied().collect();
        self.last = Some((tips, ask, found.clone()));
        Ok(found)
    }

    fn kept(&mut self, repository: &Repository) -> &mut Kept {
        let dir = self.dir.clone();
        self.kept.get_or_insert_with(|| Kept::open(dir.as_deref(), repository))
    }
}

/// Looks at picks, shared by the tasks that look one after the other.
pub(super) type SharedPicks = Arc<tokio::sync::Mutex<PicksSide>>;
