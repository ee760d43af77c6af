//! Looks at picks in the clone: what is asked of it, and what is kept between looks.

use super::git_side::SharedGit;
use crate::git::{AskedPick, GitError, Kept, PicksAsk, PicksFound, Repository};
use crate::release::Release;
use crate::release::back::{FixesAsk, FixesSeen, MOST as MOST_FIXES};
use crate::release::branches::Commit;
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

/// What a release asks of its clone: its picks, and the commits of its hotfix.
pub(super) struct Asked {
    picks: PicksAsk,
    fixes: Option<FixesAsk>,
}

/// What a release asks of its clone.
pub(super) fn ask(release: &Release) -> Option<Asked> {
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
    let picks = PicksAsk {
        trunk: release.trunk()?,
        process,
        repo: release.repositories().into_iter().next(),
        active: release.active_lines(),
        own: release.line_name(),
        places: places.cloned().collect(),
        picks: picks.into_values().collect(),
    };
    Some(Asked { picks, fixes: release.fixes_ask() })
}

impl PicksSide {
    pub fn new(dir: Option<PathBuf>) -> Self {
        Self { dir, ..Self::default() }
    }

    /// Looks, and gives what was seen with what could not be told. git is shared with errands, so it is held only
    /// until the refs are read.
    pub async fn look(
        &mut self,
        git: &SharedGit,
        ask: Asked,
        cancel: &Cancel,
    ) -> (Vec<Sighting>, Vec<String>) {
        match self.read_all(git, ask, cancel).await {
            Ok((found, fixes)) => {
                let PicksFound { wanted, changes, landings, lacking: _, notes } = found;
                let landings = Sighting::Landings { wanted, changes, landings };
                // The evidence first: what the matrix says rests on it.
                (std::iter::once(landings).chain(fixes.map(Sighting::Fixes)).collect(), notes)
            }
            Err(why) => {
                let key = LookKey::new(Topic::Landings, "");
                (vec![Sighting::Failed(key, Untrusted::from(why.to_string()))], Vec::new())
            }
        }
    }

    async fn read_all(
        &mut self,
        git: &SharedGit,
        ask: Asked,
        cancel: &Cancel,
    ) -> Result<(PicksFound, Option<FixesSeen>), GitError> {
        let Asked { mut picks, fixes } = ask;
        let Some(fixes) = fixes else { return Ok((self.read(git, picks, cancel).await?, None)) };
        let seen = fixes_seen(git, &fixes).await?;
        for commit in &seen.rows {
            let key = PickKey::Commit(commit.oid);
            if picks.picks.iter().all(|it| it.key != key) {
                picks.picks.push(AskedPick { home: Some(fixes.line.clone()), ..AskedPick::of(key.clone()) });
            }
            picks.places.extend(fixes.on.iter().map(|line| (key.clone(), line.clone())));
        }
        if !picks.active.contains(&fixes.line) {
            picks.active.push(fixes.line);
        }
        Ok((self.read(git, picks, cancel).await?, Some(seen)))
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
        let kept = self.kept(&basis.repository).await;
        let asked = basis.git.picks(&basis.repository, basis.graph, &basis.refs, &ask, kept, cancel);
        let found = asked.await?;
        git.lock().await.lacking = found.lacking.iter().take(MOST).copied().collect();
        self.last = Some((tips, ask, found.clone()));
        Ok(found)
    }

    async fn kept(&mut self, repository: &Repository) -> &mut Kept {
        let kept = match self.kept.take() {
            Some(kept) => kept,
            None => Kept::open(self.dir.as_deref(), repository).await,
        };
        self.kept.insert(kept)
    }
}

/// The commits of a hotfix, without merges and without what lives on release branches alone.
async fn fixes_seen(git: &SharedGit, ask: &FixesAsk) -> Result<FixesSeen, GitError> {
    let (git, repository) = git.lock().await.at_hand().await?;
    let mut oids =
        git.commits_between(&repository, ask.base, ask.tip, MOST_FIXES + 1, &ask.passed_over).await?;
    let more = oids.len() > MOST_FIXES;
    oids.truncate(MOST_FIXES);
    let read = git.commits(&repository, &oids).await?;
    let row = |it: crate::git::Commit| Commit {
        oid: it.oid,
        subject: it.subject,
        author: it.author,
        at: it.committed,
    };
    let rows = read.into_iter().map(row).collect();
    let (from, base, tip, on) = (ask.from.clone(), ask.base, ask.tip, ask.on.clone());
    Ok(FixesSeen { from, base, tip, on, rows, more })
}

/// Looks at picks, shared by the tasks that look one after the other.
pub(super) type SharedPicks = Arc<tokio::sync::Mutex<PicksSide>>;
