//! What is known of history before picks are judged: who has which commit, what messages say, which patches are equal.

use super::cache::PatchCache;
use super::revert::{Branchful, Reverts};
use crate::git::commit::Commit;
use crate::git::graph::{Graph, Set};
use crate::order::Order as _;
use crate::release::ids::{Branch, Oid};
use std::collections::HashMap;
use std::sync::Arc;

/// The branches as sets of commits.
#[derive(Debug)]
pub(super) struct Layout {
    pub graph: Arc<Graph>,
    pub trunk: Set,
    pub trunk_name: Branch,
    pub trunk_tip: Oid,
    pub lines: HashMap<Branch, (Oid, Set)>,
    /// Commits that the trunk and some line do not share, each with whether it is on the trunk.
    pub unshared: Vec<(Oid, bool)>,
}

impl Layout {
    /// Reads the graph; none when the trunk is not in it.
    pub(super) fn of(graph: Arc<Graph>, trunk: (Branch, Oid), lines: &[(Branch, Oid)]) -> Option<Self> {
        let own = graph.set(trunk.1)?;
        let sets = lines.iter().filter_map(|(name, tip)| Some((name.clone(), (*tip, graph.set(*tip)?))));
        let lines: HashMap<_, _> = sets.collect();
        let places = graph.unshared(&own, lines.values().map(|(_, set)| set));
        let unshared = places.into_iter().map(|place| (graph.oid(place), own.has(place))).collect();
        Some(Self { trunk: own, trunk_name: trunk.0, trunk_tip: trunk.1, lines, unshared, graph })
    }

    /// The commits of a branch; none when it is not known.
    pub(super) fn set(&self, branch: &Branch) -> Option<&Set> {
        if *branch == self.trunk_name {
            return Some(&self.trunk);
        }
        self.lines.get(branch).map(|(_, set)| set)
    }

    pub(super) fn has(&self, set: &Set, oid: Oid) -> bool {
        self.graph.place(oid).is_some_and(|place| set.has(place))
    }

    pub(super) fn is_merge(&self, oid: Oid) -> bool {
        self.graph.place(oid).is_some_and(|place| self.graph.is_merge(place))
    }
}

/// The trunk by pull request: which commits each brought.
#[derive(Debug, Default)]
pub(super) struct Brought {
    /// The commits of the trunk's first-parent chain that name a pull request as their own, newest first.
    pub by_pull: HashMap<u64, Vec<Oid>>,
    /// Of each commit that a merge brought to the trunk, that merge.
    pub merge: HashMap<Oid, Oid>,
    /// What each merge brought without the merges among it, in the order in which it is picked.
    pub inner: HashMap<Oid, Vec<Oid>>,
}

impl Brought {
    pub(super) fn of(layout: &Layout, commits: &HashMap<Oid, Commit>) -> Self {
        let graph = &layout.graph;
        let mut all = Self::default();
        // The chain within what the lines do not share; what is older is on every line.
        let mut chain = Vec::new();
        let mut next = graph.place(layout.trunk_tip);
        while let Some(place) = next.filter(|place| commits.contains_key(&graph.oid(*place))) {
            chain.push(place);
            next = graph.parents_of(place).first().copied();
        }
        for place in &chain {
            let oid = graph.oid(*place);
            if let Some(pull) = commits.get(&oid).and_then(Commit::own_pull) {
                all.by_pull.entry(pull).or_default().push(oid);
            }
        }
        let mut seen: std::collections::HashSet<u32> = chain.iter().copied().collect();
        for place in chain.into_iter().rev().filter(|place| graph.is_merge(*place)) {
            let mut stack: Vec<u32> = graph.parents_of(place).iter().skip(1).copied().collect();
            let mut inner = Vec::new();
            while let Some(at) = stack.pop() {
                if !commits.contains_key(&graph.oid(at)) || !seen.insert(at) {
                    continue;
                }
                all.merge.insert(graph.oid(at), graph.oid(place));
                stack.extend_from_slice(graph.parents_of(at));
                if !graph.is_merge(at) {
                    inner.push(at);
                }
            }
            inner.order_by_key(|at| (graph.time(*at), graph.oid(*at)));
            all.inner.insert(graph.oid(place), inner.into_iter().map(|at| graph.oid(at)).collect());
        }
        all
    }
}

/// Everything that judging needs; nothing in it waits.
pub(super) struct Study<'a> {
    pub layout: &'a Layout,
    pub commits: &'a HashMap<Oid, Commit>,
    pub patches: &'a PatchCache,
    pub brought: Brought,
    pub reverts: Reverts,
}

impl<'a> Study<'a> {
    pub(super) fn of(layout: &'a Layout, commits: &'a HashMap<Oid, Commit>, patches: &'a PatchCache) -> Self {
        Self {
            brought: Brought::of(layout, commits),
            reverts: Reverts::of(commits.values()),
            layout,
            commits,
            patches,
        }
    }

    pub(super) fn branch(&self, set: &'a Set) -> Branchful<'a> {
        Branchful { graph: &self.layout.graph, commits: self.commits, set }
    }

    /// The commit of a branch that reverts another one and is in force.
    pub(super) fn reverted(&self, oid: Oid, names: &[Oid], set: &'a Set) -> Option<Oid> {
        self.reverts.in_force(self.commits.get(&oid)?, names, &self.branch(set))
    }
}
