//! What the release aims at: its version, its line, its stream, its phase.

use super::Release;
use super::branches::{Line, LineKind};
use super::candidates::TagRow;
use super::ids::{Branch, Repo};
use crate::order::Order as _;
use crate::process::{Phase, Stream};
use crate::version::{TagClass, TagKind, Version, classify};
use chrono::{DateTime, TimeDelta, Utc};

impl Release {
    /// The version that the release's name says, by the grammar of the process.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        let process = self.process.as_ref()?;
        let name = self.opened.as_ref()?.release.as_str();
        let parsed = process.version.parse(name).or_else(|_| process.version.number(name)).ok()?;
        Some(parsed.base())
    }

    /// The stream that the version belongs to.
    #[must_use]
    pub fn stream(&self) -> Option<&Stream> {
        self.process.as_ref()?.stream_of(&self.version()?)
    }

    /// The branch that the release comes from: the most exact line that holds its version, and that exists.
    #[must_use]
    pub fn line(&self) -> Option<&Line> {
        let version = self.version()?;
        let process = self.process.as_ref()?;
        let exact = |line: &&Line| {
            let parsed = process.line_of(line.branch.as_str());
            parsed
                .filter(|parsed| parsed.holds(&version))
                .map(|parsed| (parsed.patch.is_some(), parsed.minor.is_some()))
        };
        self.lines
            .0
            .values()
            .filter(|line| line.kind != LineKind::Trunk && exact(line).is_some())
            .max_by_key(exact)
    }

    /// The branch that the release comes from, whether it exists yet or not.
    #[must_use]
    pub fn line_name(&self) -> Option<Branch> {
        if let Some(line) = self.line() {
            return Some(line.branch.clone());
        }
        let process = self.process.as_ref()?;
        process.branch_for(&self.version()?).ok().and_then(|name| Branch::parse(&name).ok())
    }

    /// The trunk's name: that of the branch found, else the one that the process says first.
    #[must_use]
    pub fn trunk(&self) -> Option<Branch> {
        if let Some(line) = self.lines.trunk() {
            return Some(line.branch.clone());
        }
        Branch::parse(&self.process.as_ref()?.branches.trunk).ok()
    }

    /// The repositories of the release: the one that is open first, then those that the process names.
    #[must_use]
    pub fn repositories(&self) -> Vec<Repo> {
        let own = self.opened.as_ref().and_then(|opened| opened.repo.clone());
        let more = self.process.iter().flat_map(|process| &process.milestone.repositories);
        let mut all: Vec<Repo> = own.into_iter().collect();
        for repo in more.filter_map(|name| Repo::parse(name).ok()) {
            if !all.contains(&repo) {
                all.push(repo);
            }
        }
        all
    }

    /// The class of every tag, with its row.
    pub fn classes(&self) -> impl Iterator<Item = (TagClass, &TagRow)> {
        let process = self.process.clone();
        self.candidates.tags.values().filter_map(move |row| {
            let process = process.as_ref()?;
            Some((classify(&process.version, row.tag.as_str()), row))
        })
    }

    /// The candidates of this release, first to last.
    #[must_use]
    pub fn candidates_so_far(&self) -> Vec<(u64, &TagRow)> {
        let Some(version) = self.version() else { return Vec::new() };
        let mut found: Vec<_> = self
            .classes()
            .filter(|(class, _)| class.version.as_ref().is_some_and(|it| it.base() == version))
            .filter_map(|(class, row)| match class.kind {
                TagKind::Candidate(number) => Some((number, row)),
                _ => None,
            })
            .collect();
        found.order_by_key(|(number, _)| *number);
        found
    }

    /// The tag of the final version, when it exists.
    #[must_use]
    pub fn final_tag(&self) -> Option<&TagRow> {
        let version = self.version()?;
        self.classes()
            .find(|(class, _)| class.kind == TagKind::Final && class.version.as_ref() == Some(&version))
            .map(|(_, row)| row)
    }

    /// The newest final version before this one.
    #[must_use]
    pub fn last_final(&self) -> Option<(Version, &TagRow)> {
        let version = self.version();
        self.classes()
            .filter(|(class, _)| class.kind == TagKind::Final)
            .filter_map(|(class, row)| class.version.map(|it| (it, row)))
            .filter(|(it, _)| version.as_ref().is_none_or(|version| it < version))
            .max_by(|(a, _), (b, _)| a.cmp(b))
    }

    /// The title that the process gives the milestone of this release.
    #[must_use]
    pub fn milestone_title(&self) -> Option<String> {
        Some(self.process.as_ref()?.milestone_title(&self.version()?))
    }

    /// The phase that the calendar says it is, counted back from the date that the milestone is due.
    #[must_use]
    pub fn phase(&self, now: DateTime<Utc>) -> Option<&Phase> {
        let due = self.milestones.due()?;
        let process = self.process.as_ref()?;
        let mut end = due;
        for phase in process.calendar.phases.iter().rev() {
            let days = phase.lasts.map_or(0, |span| span.max_days());
            let start = end - TimeDelta::days(i64::from(days));
            if now >= start {
                return Some(phase);
            }
            end = start;
        }
        None
    }
}
