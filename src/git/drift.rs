//! Commits on a line and not on the trunk, and the counterparts that they have there.
//!
//! No signal suffices alone: of release-only commits, a `-x` line finds 0–61 %, a number in the subject 0–76 %, an
//! equal patch 15–67 %, an equal subject 0–79 % (measured on eleven histories). So each counterpart says how it was
//! found, and what has none is shown: version bumps, notes and true hotfixes are among these.

use super::commit::{Commit, own_pull, pulls_in_subject};
use super::graph::{Graph, Set};
use crate::release::ids::Oid;
use serde::Serialize;
use std::collections::HashMap;

/// How the counterpart of a commit was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Its `(cherry picked from commit …)` line names a commit that the trunk has.
    Trailer,
    /// Its message names the pull request that a commit of the trunk merged.
    Pull(u64),
    /// A commit of the trunk that the line does not have changes the same in the same way: what `git cherry` goes by.
    Patch,
    /// Its subject is the same but for numbers and backport marks. The weakest: read it as "probably".
    Subject,
}

/// The counterpart of a commit on the trunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Equivalent {
    /// The commit on the trunk.
    pub oid: Oid,
    /// How it was found.
    pub evidence: Evidence,
}

/// A commit on a line and not on the trunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DriftCommit {
    /// The commit.
    pub commit: Commit,
    /// Its counterpart on the trunk; none when none was found.
    pub on_trunk: Option<Equivalent>,
}

/// How a line differs from the trunk, merges left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Drift {
    /// The newest commits on the line and not on the trunk, newest first, up to the cap.
    pub commits: Vec<DriftCommit>,
    /// How many there are in all, counterpart or not.
    pub total: u32,
}

impl Drift {
    /// The commits that have no counterpart on the trunk, as far as was looked.
    pub fn unexplained(&self) -> impl Iterator<Item = &Commit> {
        self.commits.iter().filter(|it| it.on_trunk.is_none()).map(|it| &it.commit)
    }

    /// How many commits have no counterpart; none when the list was cut, so that it was not told of all.
    #[must_use]
    pub fn unexplained_count(&self) -> Option<usize> {
        (self.commits.len() == self.total as usize).then(|| self.unexplained().count())
    }

    pub(super) fn judge(index: Option<&TrunkIndex<'_>>, total: u32, commits: Vec<Commit>) -> Self {
        let Some(index) = index else { return Self::default() };
        let found = |commit: Commit| DriftCommit { on_trunk: index.counterpart(&commit), commit };
        Self { commits: commits.into_iter().map(found).collect(), total }
    }
}

/// What is kept of a trunk commit's subject.
#[derive(Debug, Clone)]
pub(super) struct TrunkSubject {
    pull: Option<u64>,
    core: Box<str>,
}

impl TrunkSubject {
    pub(super) fn of(subject: &str) -> Self {
        Self { pull: own_pull(&pulls_in_subject(subject)), core: subject_core(subject).into() }
    }
}

/// A subject without what backporting adds: `[release-1.2]` before it, `(#12)` and `(backport #12)` behind it. Empty
/// when too little is left to tell one change from another.
pub(super) fn subject_core(subject: &str) -> &str {
    let mut core = subject.trim();
    while let Some((_, rest)) = core.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        core = rest.trim_start_matches(':').trim_start();
    }
    while let Some((rest, inside)) = core.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        if !inside.contains('#') {
            break;
        }
        core = rest.trim_end();
    }
    if core.len() < 12 || core.starts_with("Merge ") { "" } else { core }
}

/// The trunk by what a backport may name.
pub(super) struct TrunkIndex<'a> {
    graph: &'a Graph,
    trunk: &'a Set,
    by_pull: HashMap<u64, u32>,
    by_core: HashMap<&'a str, u32>,
}

impl<'a> TrunkIndex<'a> {
    pub(super) fn of(graph: &'a Graph, trunk: &'a Set) -> Self {
        let (mut by_pull, mut by_core) = (HashMap::new(), HashMap::new());
        for (place, subject) in graph.subjects.iter().filter(|(place, _)| trunk.has(**place)) {
            if let Some(pull) = subject.pull {
                keep_first(&mut by_pull, pull, *place, graph);
            }
            if !subject.core.is_empty() && !graph.is_merge(*place) {
                keep_first(&mut by_core, &*subject.core, *place, graph);
            }
        }
        Self { graph, trunk, by_pull, by_core }
    }

    fn counterpart(&self, commit: &Commit) -> Option<Equivalent> {
        let on_trunk = |oid: &&Oid| self.graph.place(**oid).is_some_and(|place| self.trunk.has(place));
        // A pick of a pick has two lines, and one may name a commit that never reached the trunk: the last that did.
        if let Some(oid) = commit.picked_from.iter().rev().find(on_trunk) {
            return Some(Equivalent { oid: *oid, evidence: Evidence::Trailer });
        }
        for number in commit.origin_pulls() {
            if let Some(place) = self.by_pull.get(&number) {
                return Some(Equivalent { oid: self.graph.oid(*place), evidence: Evidence::Pull(number) });
            }
        }
        let place = self.by_core.get(subject_core(commit.subject.raw()))?;
        Some(Equivalent { oid: self.graph.oid(*place), evidence: Evidence::Subject })
    }
}

/// Of two commits with the same mark the smaller id is kept, so that the answer does not depend on a hash order.
fn keep_first<K: std::hash::Hash + Eq>(map: &mut HashMap<K, u32>, key: K, place: u32, graph: &Graph) {
    let kept = map.entry(key).or_insert(place);
    if graph.oid(place) < graph.oid(*kept) {
        *kept = place;
    }
}
