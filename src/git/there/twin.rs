//! Twins: the commits of one branch that repeat a commit of another, each with what shows it.

use super::cache::Patch;
use super::patches::NOTHING;
use super::study::Study;
use crate::git::commit::Commit;
use crate::git::drift::subject_core;
use crate::git::graph::Set;
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::picks::Grade;
use std::collections::HashMap;

/// A commit that repeats another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Twin {
    /// The commit.
    pub oid: Oid,
    /// What shows it.
    pub grade: Grade,
    /// Whether its patch differs; none when it was not compared.
    pub modified: Option<bool>,
}

/// Picks of picks that are followed.
const CHAIN: usize = 16;

/// Commits by what may show that they repeat another.
pub(super) struct Twins<'a> {
    study: &'a Study<'a>,
    by_source: HashMap<Oid, Vec<Oid>>,
    by_patch: HashMap<[u8; 20], Vec<Oid>>,
    by_origin: HashMap<u64, Vec<Oid>>,
    by_own: HashMap<u64, Vec<Oid>>,
    by_core: HashMap<&'a str, Vec<Oid>>,
}

impl<'a> Twins<'a> {
    pub(super) fn of(study: &'a Study<'a>) -> Self {
        let mut twins = Self {
            study,
            by_source: HashMap::new(),
            by_patch: HashMap::new(),
            by_origin: HashMap::new(),
            by_own: HashMap::new(),
            by_core: HashMap::new(),
        };
        for (oid, commit) in study.commits {
            for source in sources(study.commits, commit) {
                twins.by_source.entry(source).or_default().push(*oid);
            }
            if let Some(Patch::Id(patch)) = study.patches.patch(oid) {
                twins.by_patch.entry(patch).or_default().push(*oid);
            }
            for pull in commit.backport_of() {
                twins.by_origin.entry(pull).or_default().push(*oid);
            }
            if let Some(pull) = commit.own_pull() {
                twins.by_own.entry(pull).or_default().push(*oid);
            }
            let core = subject_core(commit.subject.raw());
            if !core.is_empty() && !commit.is_merge() {
                twins.by_core.entry(core).or_default().push(*oid);
            }
        }
        twins
    }

    /// The commits of `target` that repeat a commit of `home`, the surest first, of equals those that are not
    /// reverted, then the newest.
    pub(super) fn find(&self, of: &Commit, home: &'a Set, target: &'a Set) -> Vec<Twin> {
        let layout = self.study.layout;
        let is_there = |oid: &Oid| layout.has(target, *oid) && !layout.has(home, *oid) && *oid != of.oid;
        let mut found: HashMap<Oid, Grade> = HashMap::new();
        let mut note = |oid: Oid, grade: Grade| {
            found.entry(oid).and_modify(|known| *known = grade.min(*known)).or_insert(grade);
        };
        for oid in self.named(&self.by_source, &of.oid).filter(is_there) {
            if self.source_in(&oid, home) == Some(of.oid) {
                note(oid, Grade::Trailer);
            }
        }
        if let Some(source) = self.source_in(&of.oid, target).filter(is_there) {
            note(source, Grade::Trailer);
        }
        if let Some(Patch::Id(patch)) = self.study.patches.patch(&of.oid) {
            for oid in self.named(&self.by_patch, &patch).filter(is_there) {
                note(oid, Grade::PatchId);
            }
        }
        if let Some(pull) = of.own_pull() {
            for oid in self.named(&self.by_origin, &pull).filter(is_there) {
                note(oid, Grade::Pull);
            }
        }
        for pull in of.backport_of() {
            for oid in self.named(&self.by_own, &pull).filter(is_there) {
                note(oid, Grade::Pull);
            }
        }
        if let Some(pull) = of.own_pull() {
            // Of several commits of one pull request, the number does not tell which is meant.
            let here = |oid: &Oid| layout.has(home, *oid) && !layout.has(target, *oid);
            let alone = self.named(&self.by_own, &pull).filter(here).count() == 1;
            let there = self.named(&self.by_own, &pull).filter(is_there);
            for oid in there.filter(|oid| alone && self.has_same_files(of.oid, *oid)) {
                note(oid, Grade::Number);
            }
        }
        for oid in self.named(&self.by_core, &subject_core(of.subject.raw())).filter(is_there) {
            if let Some(grade) = self.study.commits.get(&oid).and_then(|other| by_subject(of, other)) {
                note(oid, grade);
            }
        }
        let twins = found.into_iter().map(|(oid, grade)| self.twin(of, oid, grade));
        self.in_order(of, twins.collect(), target)
    }

    /// The commits of a branch that say to be a backport of a pull request.
    pub(super) fn of_pull(&self, pull: u64, home: &Set, target: &'a Set) -> Vec<Oid> {
        let layout = self.study.layout;
        let is_there = |oid: &Oid| layout.has(target, *oid) && !layout.has(home, *oid);
        let mut found: Vec<Oid> = self.named(&self.by_origin, &pull).filter(is_there).collect();
        let at = |oid: &Oid| self.study.commits.get(oid).map(|commit| commit.committed);
        found.order_by_key(|oid| std::cmp::Reverse((at(oid), *oid)));
        found
    }

    fn named<K: std::hash::Hash + Eq>(
        &self,
        index: &'a HashMap<K, Vec<Oid>>,
        key: &K,
    ) -> impl Iterator<Item = Oid> + 'a {
        index.get(key).into_iter().flatten().copied()
    }

    /// The commit of a branch that a commit was picked from: of several the last, as git adds a line for each pick.
    fn source_in(&self, oid: &Oid, home: &Set) -> Option<Oid> {
        let commit = self.study.commits.get(oid)?;
        let sources = sources(self.study.commits, commit);
        sources.into_iter().find(|source| self.study.layout.has(home, *source))
    }

    /// Whether two commits change the same files, as far as they change any.
    fn has_same_files(&self, one: Oid, two: Oid) -> bool {
        let header = |oid| self.study.patches.header(&oid).filter(|header| *header != NOTHING);
        header(one).is_some_and(|own| header(two) == Some(own))
    }

    fn twin(&self, of: &Commit, oid: Oid, grade: Grade) -> Twin {
        Twin { oid, grade, modified: self.modified(of.oid, oid) }
    }

    /// Whether two patches differ; none when that is not known.
    pub(super) fn modified(&self, one: Oid, two: Oid) -> Option<bool> {
        let patches = self.study.patches;
        match (patches.patch(&one)?, patches.patch(&two)?) {
            (Patch::Id(one), Patch::Id(two)) => Some(one != two),
            // Different files: the patches were never computed, and cannot be equal.
            _ if patches.header(&one) != patches.header(&two) => Some(true),
            _ => None,
        }
    }

    fn in_order(&self, of: &Commit, mut twins: Vec<Twin>, target: &'a Set) -> Vec<Twin> {
        let key = |twin: &Twin| {
            let reverted = self.study.reverted(twin.oid, &[of.oid], target).is_some();
            let at = self.study.commits.get(&twin.oid).map(|commit| commit.committed);
            (!twin.grade.is_sure(), reverted, twin.grade, std::cmp::Reverse((at, twin.oid)))
        };
        twins.order_by_key(key);
        twins
    }
}

/// What a commit was picked from, the nearest first: its own lines from the last, and what those were picked from.
fn sources(commits: &HashMap<Oid, Commit>, commit: &Commit) -> Vec<Oid> {
    fn follow(commits: &HashMap<Oid, Commit>, commit: &Commit, found: &mut Vec<Oid>) {
        for oid in commit.picked_from.iter().rev() {
            if found.len() >= CHAIN {
                return;
            }
            if !found.contains(oid) {
                found.push(*oid);
                if let Some(further) = commits.get(oid) {
                    follow(commits, further, found);
                }
            }
        }
    }
    let mut found = Vec::new();
    follow(commits, commit, &mut found);
    found.retain(|oid| *oid != commit.oid);
    found
}

/// What an equal subject shows. A number that is kept too is the pull request's own; else the author must be the same,
/// or the subject must say that it is a backport, as bots write in their own name.
fn by_subject(of: &Commit, other: &Commit) -> Option<Grade> {
    let own = of.own_pull().filter(|pull| !of.is_merge() && *pull > 0);
    if own.is_some() && own == other.own_pull() {
        return Some(Grade::Pull);
    }
    let same = |one: &str, two: &str| !one.is_empty() && one.eq_ignore_ascii_case(two);
    let author = same(of.author.raw(), other.author.raw()) || same(of.email.raw(), other.email.raw());
    let marked = |commit: &Commit| commit.subject.raw().trim_start().starts_with('[');
    (author || marked(other) && !marked(of)).then_some(Grade::Subject)
}
