//! Lines compared with the trunk by patch: at once where little is to be read, else beside what else git is asked.

use super::sightings;
use crate::git::there::cache::PatchCache;
use crate::git::{Git, GitError, Graph, Line, Repository};
use crate::order::Order as _;
use crate::process::Process;
use crate::release::candidates::TagRow;
use crate::release::ids::{Branch, Oid};
use crate::release::looks::{LookKey, Topic};
use crate::release::observe::Sighting;
use crate::release::text::Untrusted;
use crate::spawn::Cancel;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{Mutex, MutexGuard};

/// Commits listed of a line that matters now, and of all others.
const MANY: usize = 30;
const FEW: usize = 8;
/// Lines that matter: the newest, beside the trunk and the release's own.
const NEWEST: usize = 4;
/// Commits whose patches may be read while the lines are waited for: some hundredths of a second.
const AT_ONCE: usize = 500;

/// Lines that are still to be compared with the trunk by patch.
pub(super) struct Comparing {
    pub git: Git,
    pub repository: Repository,
    pub graph: Arc<Graph>,
    pub patches: SharedPatches,
    pub lines: Vec<Line>,
    pub tags: Vec<TagRow>,
    pub process: Process,
    pub trunk: (Branch, Oid),
    pub own: Option<Branch>,
}

/// The patch ids, read from disk the first time, shared by those who compare one after the other.
#[derive(Debug, Clone)]
pub(super) struct SharedPatches {
    dir: Option<PathBuf>,
    cache: Arc<Mutex<Option<PatchCache>>>,
}

impl SharedPatches {
    /// Patch ids that are kept in a directory; without one they live in memory.
    pub fn kept_in(dir: Option<PathBuf>) -> Self {
        Self { dir, cache: Arc::default() }
    }

    async fn open<'a>(
        &self,
        cache: &'a mut MutexGuard<'_, Option<PatchCache>>,
        at: &Repository,
    ) -> &'a mut PatchCache {
        let known = match cache.take() {
            Some(known) => known,
            None => PatchCache::open(self.dir.as_deref(), at).await,
        };
        cache.insert(known)
    }
}

impl Comparing {
    /// Compares, and gives the lines anew.
    pub async fn run(mut self, cancel: &Cancel) -> Sighting {
        match self.compare(cancel).await {
            Ok(()) => self.sighting(true),
            Err(why) => failed(&why),
        }
    }

    /// Whether so much is to be read first that nobody should wait for it.
    pub async fn is_long(&self) -> bool {
        let Ok(mut cache) = self.patches.cache.try_lock() else { return true };
        let cache = self.patches.open(&mut cache, &self.repository).await;
        cache.unread_for(&self.graph, self.trunk.1, &self.lines) > AT_ONCE
    }

    pub async fn compare(&mut self, cancel: &Cancel) -> Result<(), GitError> {
        let patches = self.patches.clone();
        let mut cache = patches.cache.lock().await;
        let cache = patches.open(&mut cache, &self.repository).await;
        let (git, at) = (&self.git, &self.repository);
        git.compare_drift(at, &self.graph, self.trunk.1, &mut self.lines, cache, cancel).await
    }

    pub fn sighting(&self, compared: bool) -> Sighting {
        let trunk = &self.trunk.0;
        let mut newest: Vec<_> = self.lines.iter().collect();
        newest.order_by_key(|line| std::cmp::Reverse(line.committed));
        let matters: Vec<&Branch> = newest.into_iter().take(NEWEST).map(|line| &line.branch).collect();
        let rows = self.lines.iter().map(|line| {
            let named = Some(&line.branch) == self.own.as_ref() || line.branch == *trunk;
            let most = if named || matters.contains(&&line.branch) { MANY } else { FEW };
            sightings::line(&self.process, trunk, line, most, compared)
        });
        Sighting::Git { lines: rows.collect(), tags: self.tags.clone() }
    }
}

pub(super) fn failed(why: &GitError) -> Sighting {
    Sighting::Failed(LookKey::new(Topic::Git, ""), Untrusted::from(why.to_string()))
}
