//! What the clone itself shows to be wanted on a line: changes to paths that the process names, reverts of what is
//! alive there, fixes that were made on another line.

use super::ask::{AskedPick, PicksAsk};
use super::land::Judge;
use crate::git::commit::Commit;
use crate::git::graph::Set;
use crate::order::Order as _;
use crate::process::Direction;
use crate::release::ids::{Branch, IssueKey, Oid};
use crate::release::picks::{Asked, PickKey, Wanted};
use crate::release::text::Untrusted;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Most rows of one kind on one line, the newest first; the rest is said to be left out.
const MOST: usize = 300;
/// Paths that a row shows.
const PATHS: usize = 5;

/// What was read of files, for the rows.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// Commits that touch the paths of the process, with those.
    pub touched: HashMap<Oid, Vec<String>>,
    /// Commits of which some file is none of those that change only on a line.
    pub lasting: HashSet<Oid>,
}

/// A row, and the pick that it is of.
pub(super) struct Want {
    pub row: Wanted,
    pub pick: AskedPick,
}

impl<'a> Judge<'a> {
    /// Every row, and what was left out.
    pub(super) fn wanted(&self, ask: &PicksAsk, files: &Files) -> (Vec<Want>, Vec<String>) {
        let mut wants = BTreeMap::new();
        let mut notes = Vec::new();
        for line in ask.active.iter().filter(|line| **line != ask.trunk) {
            let mut rows = self.by_paths(ask, files, line);
            rows.extend(self.by_reverts(ask, line));
            if ask.process.picks.direction != Direction::TrunkFirst {
                rows.extend(self.forward(ask, files, line));
            }
            rows.order_by_key(|want| std::cmp::Reverse(want.row.at));
            if rows.len() > MOST {
                let many = rows.len() - MOST;
                notes
                    .push(format!("{many} older commits that may be wanted on {} are left out", line.line()));
                rows.truncate(MOST);
            }
            for want in rows {
                let place = (want.row.pick.clone(), want.row.line.clone());
                // A revert says more than a path, so what came first stays.
                wants.entry(place).or_insert(want);
            }
        }
        (wants.into_values().collect(), notes)
    }

    fn key(&self, ask: &PicksAsk, pull: Option<u64>, oid: Oid) -> PickKey {
        match (pull, &ask.repo) {
            (Some(number), Some(repo)) => PickKey::Pull(IssueKey { repo: repo.clone(), number }),
            _ => PickKey::Commit(oid),
        }
    }

    /// The pick that a commit of the trunk belongs to: by the merge that brought it, else by its own number.
    fn pick_of(&self, ask: &PicksAsk, commit: &Commit) -> AskedPick {
        let merge = self.study.brought.merge.get(&commit.oid).and_then(|oid| self.study.commits.get(oid));
        let merge = merge.filter(|merge| merge.own_pull().is_some());
        let (pull, at) = match merge {
            Some(merge) => (merge.own_pull(), merge.oid),
            None => (commit.own_pull(), commit.oid),
        };
        let known = ask.picks.iter().find(|pick| pick.key == self.key(ask, pull, at));
        known
            .cloned()
            .unwrap_or_else(|| AskedPick { merged: Some(at), ..AskedPick::of(self.key(ask, pull, at)) })
    }

    fn row(&self, pick: AskedPick, line: &Branch, commit: &Commit, asked: Asked) -> Want {
        let row = Wanted {
            pick: pick.key.clone(),
            line: line.clone(),
            title: commit.subject.clone(),
            author: commit.author.clone(),
            at: commit.committed,
            asked,
        };
        Want { row, pick }
    }

    /// Commits of the trunk that a line does not have, and that touch paths of the process.
    fn by_paths(&self, ask: &PicksAsk, files: &Files, line: &Branch) -> Vec<Want> {
        let layout = self.study.layout;
        let Some(set) = layout.set(line) else { return Vec::new() };
        let mut rows: BTreeMap<PickKey, Want> = BTreeMap::new();
        for (oid, paths) in &files.touched {
            if !layout.has(&layout.trunk, *oid) || layout.has(set, *oid) {
                continue;
            }
            let Some(commit) = self.study.commits.get(oid).filter(|commit| !commit.is_merge()) else {
                continue;
            };
            let pick = self.pick_of(ask, commit);
            let mut paths: Vec<Untrusted> = paths.iter().map(|path| path.as_str().into()).collect();
            if let Some(Asked::Paths { paths: more }) = rows.get(&pick.key).map(|want| &want.row.asked) {
                paths.extend(more.iter().cloned());
            }
            paths.order_by(|one, two| one.raw().cmp(two.raw()));
            paths.dedup();
            paths.truncate(PATHS);
            let newest = rows.get(&pick.key).is_none_or(|known| known.row.at <= commit.committed);
            match rows.get_mut(&pick.key) {
                Some(known) if !newest => known.row.asked = Asked::Paths { paths },
                _ => {
                    let want = self.row(pick.clone(), line, commit, Asked::Paths { paths });
                    rows.insert(pick.key, want);
                }
            }
        }
        rows.into_values().collect()
    }

    /// Reverts on the trunk of what a line has.
    fn by_reverts(&self, ask: &PicksAsk, line: &Branch) -> Vec<Want> {
        let layout = self.study.layout;
        let Some(set) = layout.set(line) else { return Vec::new() };
        let mut rows = Vec::new();
        for commit in self.study.commits.values().filter(|commit| commit.reverts.is_some()) {
            if !layout.has(&layout.trunk, commit.oid) || layout.has(set, commit.oid) {
                continue;
            }
            // A revert that was itself taken back is wanted nowhere.
            if self.study.reverted(commit.oid, &[], &layout.trunk).is_some() {
                continue;
            }
            let Some(alive) = self.reverted_by(commit).find_map(|target| {
                if layout.has(set, target.oid) {
                    return Some(target.oid);
                }
                let twins = self.twins.find(target, &layout.trunk, set);
                twins.first().filter(|twin| twin.grade.is_sure()).map(|twin| twin.oid)
            }) else {
                continue;
            };
            let pick = self.pick_of(ask, commit);
            rows.push(self.row(pick, line, commit, Asked::Reverts { commit: alive }));
        }
        rows
    }

    /// The commits of the trunk that a commit of the trunk takes back.
    fn reverted_by<'b>(&'b self, revert: &'b Commit) -> impl Iterator<Item = &'b Commit> {
        let trunk = &self.study.layout.trunk;
        let by_id = revert.reverts.commits.iter().filter_map(|oid| self.study.commits.get(oid));
        let subject = revert.reverts.subject.as_deref().filter(|_| revert.reverts.commits.is_empty());
        let by_subject = self.study.commits.values().filter(move |commit| {
            Some(commit.subject.raw()) == subject
                && commit.committed <= revert.committed
                && self.study.layout.has(trunk, commit.oid)
        });
        by_id.chain(by_subject)
    }

    /// Commits that were made on a line and are not on the trunk: wanted there, and on every other active line.
    fn forward(&self, ask: &PicksAsk, files: &Files, line: &Branch) -> Vec<Want> {
        let layout = self.study.layout;
        let Some(set) = layout.set(line) else { return Vec::new() };
        let own = |oid: &Oid| layout.has(set, *oid) && !layout.has(&layout.trunk, *oid);
        let mut picks: BTreeMap<PickKey, (AskedPick, &Commit)> = BTreeMap::new();
        let mut commits: Vec<&Commit> = layout
            .unshared
            .iter()
            .filter(|(oid, _)| own(oid))
            .filter_map(|it| self.study.commits.get(&it.0))
            .collect();
        commits.order_by_key(|commit| (commit.committed, commit.oid));
        let newest = self.study.commits.values().map(|commit| commit.committed).max().unwrap_or_default();
        for commit in commits {
            if commit.is_merge()
                || newest - commit.committed > CARRIED_WITHIN
                || !files.lasting.contains(&commit.oid)
                || self.is_of_the_line(ask, line, commit)
            {
                continue;
            }
            // What is on the trunk for sure is picked from there to the lines that want it. What only looks like it is
            // asked, and shown with what looks like it.
            if self.is_surely_on(commit, set, &layout.trunk) || self.is_asked_before(ask, line, commit) {
                continue;
            }
            let key = self.key(ask, commit.own_pull(), commit.oid);
            let row = picks
                .entry(key.clone())
                .or_insert_with(|| (AskedPick { home: Some(line.clone()), ..AskedPick::of(key) }, commit));
            row.0.commits.push(commit.oid);
        }
        let others = ask.active.iter().filter(|it| *it != line && **it != ask.trunk);
        let targets: Vec<_> = std::iter::once(&ask.trunk).chain(others).collect();
        let mut rows = Vec::new();
        for (pick, commit) in picks.into_values() {
            for target in &targets {
                if !self.is_carried(&pick, commit, set, target) {
                    let asked = Asked::Forward { from: line.clone() };
                    rows.push(self.row(pick.clone(), target, commit, asked));
                }
            }
        }
        rows
    }

    /// Whether the same fix stands on a line that was looked at before this one: what was made on four lines alike is
    /// asked once, of the first.
    fn is_asked_before(&self, ask: &PicksAsk, line: &Branch, commit: &Commit) -> bool {
        let layout = self.study.layout;
        let before = ask.active.iter().take_while(|it| *it != line).filter(|it| **it != ask.trunk);
        let mut sets = before.filter_map(|it| layout.set(it)).zip(std::iter::repeat(layout.set(line)));
        sets.any(|(there, home)| {
            let twins = home.map(|home| self.twins.find(commit, home, there)).unwrap_or_default();
            let alive = |oid: Oid| self.study.reverted(oid, &[], there).is_none();
            twins.first().is_some_and(|twin| alive(twin.oid))
        })
    }

    /// Whether a line other than its own has a fix: because it was cut from that line, or had its own copy made.
    fn is_carried(&self, pick: &AskedPick, commit: &Commit, home: &'a Set, target: &Branch) -> bool {
        let layout = self.study.layout;
        layout.set(target).is_some_and(|there| {
            pick.commits.iter().all(|oid| layout.has(there, *oid)) || self.is_surely_on(commit, home, there)
        })
    }

    /// Whether a commit of `home` has a twin on another branch that is more than a guess.
    fn is_surely_on(&self, commit: &Commit, home: &'a Set, there: &'a Set) -> bool {
        self.twins.find(commit, home, there).iter().any(|twin| twin.grade.is_sure())
    }

    /// Whether a commit concerns its line alone: it sets the line's version, or takes back what the line has, or was
    /// taken back there.
    fn is_of_the_line(&self, ask: &PicksAsk, line: &Branch, commit: &Commit) -> bool {
        let Some(set) = self.study.layout.set(line) else { return true };
        if self.study.reverted(commit.oid, &[], set).is_some() {
            return true;
        }
        let named = &commit.reverts.commits;
        if commit.reverts.is_some()
            && (named.is_empty() || named.iter().any(|oid| self.study.commits.contains_key(oid)))
        {
            return true;
        }
        ask.process.line_of(line.as_str()).is_some_and(|parsed| {
            let version = match parsed.minor {
                Some(minor) => format!("{}.{minor}.", parsed.major),
                None => format!("{}.", parsed.major),
            };
            sets_version(commit.subject.raw(), &version)
        })
    }
}

/// How old a fix of a line may be, against the newest commit that was read, to be proposed for the trunk and the other
/// lines: what nobody carried on in half a year is history, and a queue of it would hide the fix of last week.
const CARRIED_WITHIN: chrono::TimeDelta = chrono::TimeDelta::days(183);

/// Whether a subject says that it sets the version of a line, whose versions start so: `Release v1.2.3`, `Bump version
/// to 1.2.4-rc.0`. `Bump golang.org/x/net from 1.2.3 to 1.2.4` does not.
fn sets_version(subject: &str, start: &str) -> bool {
    let subject = subject.to_lowercase();
    let words = ["release", "version", "bump", "prepare", "changelog", "tag "];
    if subject.contains(" from ") || !words.iter().any(|word| subject.contains(word)) {
        return false;
    }
    let mut tokens = subject.split(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '-'));
    tokens.any(|token| token.trim_start_matches('v').starts_with(start))
}
