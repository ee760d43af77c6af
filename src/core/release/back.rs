//! Merge-back: every commit of a hotfix on every branch that is alive, with what shows that it is there.

use super::ask::Refusal;
use super::branches::{Commit, LineKind};
use super::entry::Entry;
use super::ids::{Branch, Oid, Tag};
use super::log::About;
use super::looks::{LookKey, Topic};
use super::picks::{CellState, Grade, PickKey};
use super::poll::Reading;
use super::text::{Untrusted, shown};
use super::words::Words;
use super::{Fact, Release, fact};
use crate::version::Bump;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which commits are to come back, and to where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FixesAsk {
    /// The tag that ran in production before.
    pub from: Tag,
    /// Its commit.
    pub base: Oid,
    /// The branch of the hotfix.
    pub line: Branch,
    /// Its last commit: that of the final tag, once there is one.
    pub tip: Oid,
    /// The branches that they are to come back to.
    pub on: Vec<Branch>,
    /// Paths that live on release branches alone: a commit that touches nothing else is no fix.
    pub passed_over: Vec<String>,
}

/// The commits of a hotfix, as the clone has them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixesSeen {
    /// The tag that ran in production before.
    pub from: Tag,
    /// Its commit.
    pub base: Oid,
    /// The last commit that was looked at.
    pub tip: Oid,
    /// The branches whose evidence was looked at with it.
    pub on: Vec<Branch>,
    /// The commits, newest first; merges are left out.
    pub rows: Vec<Commit>,
    /// Whether there are more than were listed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub more: bool,
}

/// A person says that a branch does not need a commit, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackSettled {
    /// The commit.
    pub commit: Oid,
    /// The branch.
    pub line: Branch,
    /// Whether it is not needed from now on.
    pub on: bool,
    /// Why.
    pub why: Untrusted,
}

/// What is known of a hotfix on its way back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fixes {
    /// Its commits.
    pub seen: Option<FixesSeen>,
    /// Where they are not needed: who says so, and why.
    pub not_needed: BTreeMap<(Oid, Branch), (Box<str>, Untrusted)>,
}

/// Where a commit stands on a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Back {
    /// It is there, with what shows it: `merged`, `picked as 9f31c02 (-x trailer)`.
    There(String),
    /// It is not needed: who says so, and why.
    NotNeeded(String),
    /// It is missing, with what is known of it.
    Missing(String),
}

/// A commit with where it stands on each branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackRow {
    /// The commit.
    pub commit: Commit,
    /// By branch.
    pub cells: Vec<(Branch, Back)>,
}

/// Most commits that are listed.
pub const MOST: usize = 200;

impl Release {
    /// What is asked of the clone: none where nothing is to come back.
    #[must_use]
    pub fn fixes_ask(&self) -> Option<FixesAsk> {
        self.fixes_due().ok()
    }

    /// Whether a commit is one of the hotfix.
    #[must_use]
    pub fn is_fix(&self, commit: Oid) -> bool {
        self.fixes.seen.iter().any(|seen| seen.rows.iter().any(|row| row.oid == commit))
    }

    fn fixes_due(&self) -> Result<FixesAsk, Reading> {
        let process = self.process.as_ref().ok_or_else(|| Reading::hold("no process"))?;
        if !process.hotfix.merge_back {
            return Err(Reading::hold("hotfix.merge_back is not set in the process"));
        }
        if self.stream().is_some_and(|stream| stream.bump != Bump::Patch) {
            return Err(Reading::go("only a fix of a released version is merged back"));
        }
        let (production, row) =
            self.last_final().ok_or_else(|| Reading::hold("there is no final version before this one"))?;
        let line = self.line().ok_or_else(|| Reading::hold("the branch of the fix does not exist"))?;
        let tip = self.final_tag().map_or(line.tip, |row| row.oid);
        let supported = |name: &str| process.support.lines.iter().any(|it| it.line == name);
        let alive = |it: &&super::branches::Line| {
            if it.branch == line.branch {
                return false;
            }
            let parsed = process.line_of(it.branch.as_str());
            let numbers = parsed.map(|it| (it.major, it.minor, it.patch));
            match (it.kind, numbers) {
                (LineKind::Trunk | LineKind::LongLived, _) => true,
                (_, None) => false,
                (_, Some((major, minor, patch))) => {
                    let newest = (production.major(), production.minor(), production.patch());
                    let own = (major, minor.unwrap_or(u64::MAX), patch.unwrap_or(u64::MAX));
                    own > newest || supported(&format!("{major}.{}", minor.unwrap_or_default()))
                }
            }
        };
        let on = self.lines.0.values().filter(alive).map(|it| it.branch.clone()).collect();
        Ok(FixesAsk {
            from: row.tag.clone(),
            base: row.oid,
            line: line.branch.clone(),
            tip,
            on,
            passed_over: process.picks.branch_only_paths.clone(),
        })
    }

    /// The matrix, when it was read of the branch as it stands now.
    ///
    /// # Errors
    /// Why there is none.
    pub fn back_matrix(&self) -> Result<Vec<BackRow>, Reading> {
        let ask = self.fixes_due()?;
        if let Some(known) = self.looks.get(&LookKey::new(Topic::Landings, ""))
            && let Some((_, why)) = &known.failed
        {
            return Err(Reading::hold(format!("not readable: {}", why.line())));
        }
        let seen = self.fixes.seen.as_ref().filter(|it| it.tip == ask.tip && it.base == ask.base);
        let seen = seen.ok_or_else(|| Reading::hold("the commits of the fix were not read yet"))?;
        if ask.on.iter().any(|line| !seen.on.contains(line)) {
            return Err(Reading::hold("a branch is new, and was not looked at yet"));
        }
        let row = |commit: &Commit| {
            let cells = ask.on.iter().map(|line| (line.clone(), self.back(commit.oid, line))).collect();
            BackRow { commit: commit.clone(), cells }
        };
        Ok(seen.rows.iter().map(row).collect())
    }

    fn back(&self, commit: Oid, line: &Branch) -> Back {
        let place = (PickKey::Commit(commit), line.clone());
        if let Some((by, why)) = self.fixes.not_needed.get(&(commit, line.clone())) {
            return Back::NotNeeded(format!("not needed: {} ({})", shown(why.raw(), 100), shown(by, 40)));
        }
        if let Some((by, why)) = self.picks.attested.get(&place) {
            return Back::There(format!("{} vouches: {}", shown(by, 40), shown(why.raw(), 100)));
        }
        let Some(it) = self.picks.landings.get(&place) else { return Back::Missing(self.on_its_way(&place)) };
        let (at, how) = (it.commit.short(), it.grade.word());
        match (it.reverted, it.grade) {
            (Some(by), _) => Back::Missing(format!("{at} was reverted by {}", by.short())),
            (None, Grade::Ancestor) => Back::There("merged".to_owned()),
            (None, Grade::Subject) => Back::Missing(format!("only its subject is there, in {at}")),
            (None, Grade::Number) => Back::Missing(format!("only its number and files are there, in {at}")),
            (None, Grade::PatchId) => Back::There(format!("equivalent to {at} ({how})")),
            (None, _) if it.modified == Some(true) => Back::There(format!("picked as {at}, changed ({how})")),
            (None, _) => Back::There(format!("picked as {at} ({how})")),
        }
    }

    fn on_its_way(&self, place: &(PickKey, Branch)) -> String {
        let cell = self.picks.cell(&place.0, &place.1);
        match cell.map(|cell| cell.state) {
            Some(state) if state != CellState::Landed => format!("missing; in the queue: {}", state.word()),
            _ => "missing".to_owned(),
        }
    }

    /// What the gate reads.
    pub(crate) fn read_merge_back(&self) -> Reading {
        let rows = match self.back_matrix() {
            Ok(rows) => rows,
            Err(reading) => return reading,
        };
        if rows.is_empty() {
            return Reading::hold("the branch holds no commit since the last final version");
        }
        let more = self.fixes.seen.as_ref().is_some_and(|seen| seen.more);
        if more {
            return Reading::hold(format!("more than {MOST} commits: they are not all looked at"));
        }
        let cells = || rows.iter().flat_map(|row| row.cells.iter().map(move |cell| (row, cell)));
        let missing: Vec<_> = cells().filter(|(_, (_, it))| matches!(it, Back::Missing(_))).collect();
        let all = cells().count();
        match missing.first() {
            Some((row, (line, _))) => {
                let first = format!("{} on {}", row.commit.oid.short(), line.line());
                Reading::no_go(format!("{} of {all} missing: {first}", missing.len()))
            }
            None => {
                let branches = rows.first().map_or(0, |row| row.cells.len());
                let noun = super::log::plural(branches, "branch");
                Reading::go(format!("{} on {branches} {noun}", rows.len()))
            }
        }
    }

    pub(crate) fn decide_back(&self, fact: BackSettled) -> Result<Fact, Refusal> {
        let about = format!("{} on {}", fact.commit.short(), fact.line.line());
        let refuse = |why: &str| Refusal::new("settle a merge-back", about.clone(), why);
        let rows = self.back_matrix().map_err(|reading| refuse(&reading.reason))?;
        let row = rows.iter().find(|row| row.commit.oid == fact.commit);
        let cell = row.and_then(|row| row.cells.iter().find(|(line, _)| *line == fact.line));
        match (cell.map(|(_, cell)| cell), fact.on) {
            (None, _) => Err(refuse("it is not to come back there")),
            (Some(Back::There(how)), true) => Err(refuse(&format!("it is there already: {how}"))),
            (Some(Back::NotNeeded(_)), true) => Err(refuse("somebody says so already")),
            (Some(Back::There(_) | Back::Missing(_)), false) => {
                Err(refuse("nobody says that it is not needed"))
            }
            (Some(Back::Missing(_)), true) if fact.why.raw().trim().is_empty() => {
                Err(refuse("a reason is needed").hint("type why; it goes into the journal"))
            }
            (Some(Back::Missing(_)), true) if fact.why.raw().len() > 4096 => {
                Err(refuse("the reason is longer than 4,096 bytes").hint("link to the long version"))
            }
            (Some(_), _) => Ok(fact.into()),
        }
    }

    pub(crate) fn take_back(&mut self, fact: &fact::Fixes, entry: &Entry) {
        match fact {
            fact::Fixes::Seen(it) => self.fixes.seen = Some(it.clone()),
            fact::Fixes::Settled(it) => {
                let key = (it.commit, it.line.clone());
                if it.on {
                    self.fixes.not_needed.insert(key, (entry.by.clone(), it.why.clone()));
                } else {
                    self.fixes.not_needed.remove(&key);
                }
            }
        }
    }

    pub(crate) fn back_words(&self, fact: &fact::Fixes) -> (About, Words) {
        match fact {
            fact::Fixes::Seen(it) => {
                let noun = super::log::plural(it.rows.len(), "commit");
                let what = format!("{} {noun} of the fix since {}", it.rows.len(), it.from.line());
                (About::Branches, Words::new(what))
            }
            fact::Fixes::Settled(it) => {
                let not = if it.on { "not needed" } else { "needed after all" };
                let what = format!("{not}: {} on {}", it.commit.short(), it.line.line());
                (About::Branches, Words::about(what, it.commit.to_string()).why(Some(it.why.clone())))
            }
        }
    }
}
