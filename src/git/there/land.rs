//! Landings: whether a pick is on a line already, and what shows it.

use super::ask::AskedPick;
use super::change::Parts;
use super::study::Study;
use super::twin::{Twin, Twins};
use crate::git::graph::Set;
use crate::order::Order as _;
use crate::release::ids::{Branch, Oid};
use crate::release::picks::{Grade, Landing, PickKey};

/// What shows that a pick is on a line, before it is dressed with time and person.
struct Shown {
    grade: Grade,
    commit: Oid,
    of: Option<Oid>,
    modified: Option<bool>,
}

/// Judges picks one by one.
pub(super) struct Judge<'a> {
    pub study: &'a Study<'a>,
    pub twins: &'a Twins<'a>,
}

impl<'a> Judge<'a> {
    /// The branch that a pick was made on.
    fn home(&self, pick: &AskedPick) -> &'a Set {
        let layout = self.study.layout;
        pick.home.as_ref().and_then(|home| layout.set(home)).unwrap_or(&layout.trunk)
    }

    /// What shows that a pick is on a line; none when nothing does.
    pub(super) fn landing(&self, pick: &AskedPick, parts: &Parts, line: &Branch) -> Option<Landing> {
        let layout = self.study.layout;
        let (home, target) = (self.home(pick), layout.set(line)?);
        let oids: Vec<Oid> = parts.commits.iter().map(|commit| commit.oid).collect();
        let shown = self.ancestor(&oids, target).or_else(|| {
            let by_part = self.by_parts(&oids, home, target);
            let inner = oids.first().and_then(|oid| self.study.brought.inner.get(oid));
            let by_inner = inner.filter(|_| oids.len() == 1).and_then(|it| self.by_parts(it, home, target));
            let by_number = self.by_number(pick, &oids, home, target);
            [by_part, by_inner, by_number].into_iter().flatten().min_by_key(|shown| shown.grade)
        })?;
        let commit = self.study.commits.get(&shown.commit);
        let mut names = oids.clone();
        names.extend(shown.of);
        let reverted = self.study.reverted(shown.commit, &names, target);
        let on_trunk = || self.reverted_on_trunk(parts);
        Some(Landing {
            pick: pick.key.clone(),
            line: line.clone(),
            grade: shown.grade,
            commit: shown.commit,
            of: shown.of,
            modified: shown.modified,
            reverted,
            trunk_reverted: if reverted.is_none() && *line != layout.trunk_name { on_trunk() } else { None },
            at: commit.map(|commit| commit.committed),
            by: commit.map(|commit| commit.committer.clone()),
        })
    }

    /// The commit of the trunk that reverts a pick and is in force.
    pub(super) fn reverted_on_trunk(&self, parts: &Parts) -> Option<Oid> {
        let trunk = &self.study.layout.trunk;
        let on_trunk = parts.commits.iter().filter(|part| self.study.layout.has(trunk, part.oid));
        on_trunk.rev().find_map(|part| self.study.reverted(part.oid, &[], trunk))
    }

    fn ancestor(&self, oids: &[Oid], target: &Set) -> Option<Shown> {
        let last = *oids.last()?;
        let all = oids.iter().all(|oid| self.study.layout.has(target, *oid));
        all.then_some(Shown { grade: Grade::Ancestor, commit: last, of: Some(last), modified: None })
    }

    /// Every commit of a pick has a twin: as sure as the weakest of them. Where some have one for sure and others have
    /// none, it is there in part.
    fn by_parts(&self, oids: &[Oid], home: &'a Set, target: &'a Set) -> Option<Shown> {
        let mut twins: Vec<(Oid, Twin)> = Vec::with_capacity(oids.len());
        for oid in oids {
            let commit = self.study.commits.get(oid)?;
            let found = self.twins.find(commit, home, target);
            let own = |twin: &&Twin| self.part_of(oids, twin.oid).is_none_or(|part| part == *oid);
            twins.extend(found.iter().find(own).map(|twin| (*oid, *twin)));
        }
        if twins.len() < oids.len() {
            let (of, last) = twins.iter().rev().find(|(_, twin)| twin.grade.is_sure())?;
            return Some(Shown { grade: Grade::Part, commit: last.oid, of: Some(*of), modified: None });
        }
        let grade = twins.iter().map(|(_, twin)| twin.grade).max()?;
        let (of, last) = twins.last()?;
        let any = |modified| twins.iter().any(|(_, twin)| twin.modified == modified);
        let modified = match (any(Some(true)), any(None)) {
            (true, _) => Some(true),
            (false, true) => None,
            (false, false) => Some(false),
        };
        Some(Shown { grade, commit: last.oid, of: Some(*of), modified })
    }

    /// The only one of several commits that a commit of the line repeats: it has the same patch, or names that one alone.
    fn part_of(&self, oids: &[Oid], there: Oid) -> Option<Oid> {
        if oids.len() < 2 {
            return None;
        }
        let same = oids.iter().find(|oid| self.twins.modified(**oid, there) == Some(false));
        let named = || match &self.study.commits.get(&there)?.picked_from[..] {
            [one] => oids.iter().find(|oid| *oid == one),
            _ => None,
        };
        same.or_else(named).copied()
    }

    /// A commit of the line says that it is a backport of the pull request.
    fn by_number(&self, pick: &AskedPick, oids: &[Oid], home: &Set, target: &'a Set) -> Option<Shown> {
        let PickKey::Pull(key) = &pick.key else { return None };
        let mut found = self.twins.of_pull(key.number, home, target);
        found.retain(|oid| self.part_of(oids, *oid).is_none());
        // One that was reverted shows less than one that was not.
        found.order_by_key(|oid| self.study.reverted(*oid, oids, target).is_some());
        let commit = *found.first()?;
        let modified = match oids {
            [one] => self.twins.modified(*one, commit),
            _ => None,
        };
        Some(Shown { grade: Grade::Pull, commit, of: oids.last().copied(), modified })
    }
}
