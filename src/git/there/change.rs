//! The commits behind a pick: how its pull request came to the trunk, and what of it is in this clone.

use super::ask::AskedPick;
use super::study::Study;
use crate::git::commit::{Commit, trailing_pulls};
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::picks::{Change, ChangeCommit, Merged, PickKey, PullCommit};
use crate::release::text::Untrusted;
use chrono::TimeDelta;
use std::collections::HashMap;

/// How far apart the commits of one rebase may have been committed: a forge writes them in one go.
const ONE_GO: TimeDelta = TimeDelta::seconds(3);
/// Most commits that are taken for one pull request.
const MOST: usize = 250;

/// What a pick is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub commits: Vec<ChangeCommit>,
    pub merged: Option<Merged>,
    pub problem: Option<String>,
}

impl Parts {
    fn single(oid: Oid, merged: Option<Merged>) -> Self {
        Self { commits: vec![ChangeCommit { oid, mainline: None }], merged, problem: None }
    }

    fn many(oids: &[Oid], merged: Option<Merged>) -> Self {
        let commit = |oid: &Oid| ChangeCommit { oid: *oid, mainline: None };
        Self { commits: oids.iter().map(commit).collect(), merged, problem: None }
    }

    fn problem(why: impl Into<String>) -> Self {
        Self { commits: Vec::new(), merged: None, problem: Some(why.into()) }
    }

    /// The change as it is recorded, its size and owners not read yet.
    pub(super) fn change(&self, pick: PickKey) -> Change {
        Change {
            pick,
            commits: self.commits.clone(),
            merged: self.merged,
            added: 0,
            removed: 0,
            files: 0,
            paths: Vec::new(),
            owners: Vec::new(),
            reverted: None,
            problem: self.problem.as_deref().map(Untrusted::from),
        }
    }
}

impl Study<'_> {
    /// The commits behind a pick; none for a pull request that is not merged. `elsewhere` says of a commit that no
    /// branch here has whether the clone has it all the same.
    pub(super) fn parts(&self, pick: &AskedPick, elsewhere: impl Fn(Oid) -> bool) -> Option<Parts> {
        if !pick.commits.is_empty() {
            return Some(self.given(&pick.commits));
        }
        let number = pick.key.number();
        if let (Some(list), Some(number)) = (&pick.closed, number) {
            return Some(self.in_parts(number, list));
        }
        let at = match (&pick.key, pick.merged) {
            (PickKey::Commit(oid), _) => *oid,
            (_, Some(oid)) => oid,
            (PickKey::Pull(key), None) => {
                return match self.by_number(key.number) {
                    None if pick.open => None,
                    None => Some(Parts::problem(format!(
                        "no commit on {} says that it is of #{}: fetch, or add it by its commit",
                        self.layout.trunk_name.line(),
                        key.number
                    ))),
                    found => found,
                };
            }
        };
        if self.layout.has(&self.layout.trunk, at) || self.layout.graph.place(at).is_some() {
            let found = self.merged_at(at, number, pick.count);
            let rewritten = number.is_some() && !self.layout.has(&self.layout.trunk, at);
            return Some(match rewritten.then(|| number.and_then(|it| self.by_number(it))).flatten() {
                Some(on_trunk) => on_trunk,
                None => found,
            });
        }
        // The trunk was rewritten, and the forge names the commit from before.
        if let Some(found) = number.and_then(|number| self.by_number(number)) {
            return Some(found);
        }
        if elsewhere(at) {
            return Some(Parts::single(at, None));
        }
        Some(Parts::problem(format!("{} is not in this clone: fetch it", at.short())))
    }

    /// Commits that are known to be it.
    fn given(&self, oids: &[Oid]) -> Parts {
        match oids {
            [one] if self.layout.is_merge(*one) => merge(*one),
            [one] => Parts::single(*one, Some(Merged::Squash)),
            many => Parts::many(many, Some(Merged::Rebase)),
        }
    }

    /// What of a pull request that was closed and not merged is on the trunk all the same: commits that name it, those of
    /// its own, and those that have the subject of one. Subjects prove little, so it is never called whole.
    fn in_parts(&self, number: u64, list: &[PullCommit]) -> Parts {
        let trunk = &self.layout.trunk;
        let named = self.brought.by_pull.get(&number).cloned().unwrap_or_default();
        let mut by_subject: HashMap<&str, Vec<Oid>> = HashMap::new();
        for commit in self.commits.values().filter(|it| !it.is_merge() && self.layout.has(trunk, it.oid)) {
            by_subject.entry(stem(commit.subject.raw())).or_default().push(commit.oid);
        }
        let of = |it: &PullCommit| match by_subject.get(stem(it.subject.raw())).map(Vec::as_slice) {
            _ if self.layout.has(trunk, it.oid) => Some(it.oid),
            // Two of one subject: nobody can say which.
            Some([one]) if !stem(it.subject.raw()).is_empty() => Some(*one),
            _ => None,
        };
        let found: Vec<Oid> = list.iter().filter_map(of).collect();
        let mut oids: Vec<Oid> = named.iter().chain(&found).copied().collect();
        oids.order_by_key(|oid| (self.commits.get(oid).map(|commit| commit.committed), *oid));
        oids.dedup();
        let on = self.layout.trunk_name.line();
        let why = match (oids.is_empty(), list.len()) {
            (true, _) => format!("#{number} was closed without a merge, and nothing of it is found on {on}"),
            (false, 0) => {
                format!("#{number} was closed without a merge; what names it on {on} may be a part of it")
            }
            (false, all) => {
                let some = found.len();
                let more =
                    if named.is_empty() { String::new() } else { format!(", {} name it", named.len()) };
                format!(
                    "#{number} was closed without a merge: {some} of its {all} commits are found on {on} by their subjects{more}"
                )
            }
        };
        Parts { problem: Some(why), ..Parts::many(&oids, None) }
    }

    /// A pull request by its number in the subjects of the trunk.
    fn by_number(&self, number: u64) -> Option<Parts> {
        let found = self.brought.by_pull.get(&number)?;
        let newest = *found.first()?;
        if self.layout.is_merge(newest) {
            return Some(merge(newest));
        }
        let mut oids: Vec<Oid> = found.iter().copied().filter(|oid| !self.layout.is_merge(*oid)).collect();
        oids.reverse();
        Some(match &oids[..] {
            [one] => Parts::single(*one, Some(Merged::Squash)),
            many => Parts::many(many, Some(Merged::Rebase)),
        })
    }

    /// A pull request by the commit that the forge says it was merged as.
    fn merged_at(&self, at: Oid, number: Option<u64>, count: Option<u32>) -> Parts {
        if self.layout.is_merge(at) {
            return merge(at);
        }
        let Some(number) = number else { return Parts::single(at, Some(Merged::Squash)) };
        if let Some(found) = self.brought.by_pull.get(&number).filter(|found| found.len() > 1) {
            // Merged in parts, or rebased with its number in each: all that name it, wherever they stand.
            let mut oids = found.clone();
            oids.reverse();
            return Parts::many(&oids, Some(Merged::Rebase));
        }
        let Some(commit) = self.commits.get(&at) else { return Parts::single(at, None) };
        // A forge that squashes adds the number; one that rebases leaves the subjects alone.
        if trailing_pulls(commit.subject.raw()).last() == Some(&number) || count == Some(1) {
            return Parts::single(at, Some(Merged::Squash));
        }
        if commit.subject.raw().contains(&format!("#{number}")) {
            return Parts::single(at, None);
        }
        self.rebased(commit, number, count)
    }

    /// The commits of a rebase that ends at a commit: as many as the forge says, else those before it that the same
    /// person committed in the same moment and that are of no pull request of their own.
    fn rebased(&self, last: &Commit, number: u64, count: Option<u32>) -> Parts {
        let mut run = vec![last.oid];
        let mut authors = vec![last.author.raw()];
        let mut at = last;
        let most = count.map_or(MOST, |count| count as usize);
        while run.len() < most {
            let Some(before) = at.parents.first().and_then(|oid| self.commits.get(oid)) else { break };
            let one_go = at.committed - before.committed <= ONE_GO && before.committer == at.committer;
            let other = before.own_pull().is_some_and(|pull| pull != number);
            if before.is_merge() || count.is_none() && (!one_go || other) {
                break;
            }
            run.push(before.oid);
            authors.push(before.author.raw());
            at = before;
        }
        let told = count.is_some_and(|count| count as usize == run.len());
        run.reverse();
        authors.dedup();
        let merged = if run.len() > 1 || told { Some(Merged::Rebase) } else { None };
        let mut parts = Parts::many(&run, merged);
        if count.is_some() && !told {
            parts.problem = Some(format!(
                "#{number} has {} commits, and only {} of them can be told on {}",
                count.unwrap_or_default(),
                run.len(),
                self.layout.trunk_name.line()
            ));
        } else if !told && authors.len() > 1 {
            parts.problem = Some(format!(
                "which commits #{number} brought cannot be told: {} were committed at once, by several authors",
                run.len()
            ));
        }
        parts
    }
}

/// A subject without the numbers that a forge puts behind it.
fn stem(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((before, number)) = rest.strip_suffix(')').and_then(|rest| rest.rsplit_once("(#")) {
        if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
            break;
        }
        rest = before.trim_end();
    }
    rest
}

fn merge(oid: Oid) -> Parts {
    let commits = vec![ChangeCommit { oid, mainline: Some(1) }];
    Parts { commits, merged: Some(Merged::Merge), problem: None }
}
