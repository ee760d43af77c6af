//! Milestones and their issues, over one or several repositories.

use super::ids::{IssueKey, Repo};
use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A milestone as the forge says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// Its number in its repository.
    pub number: u64,
    /// Its title.
    pub title: Untrusted,
    /// Whether it is open.
    pub open: bool,
    /// The date it is due.
    pub due: Option<DateTime<Utc>>,
    /// Open issues in it, as the forge counts.
    pub open_issues: u32,
    /// Closed issues in it, as the forge counts.
    pub closed_issues: u32,
}

/// An issue or pull request as the forge says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issue {
    /// Its number in its repository.
    pub number: u64,
    /// Its title.
    pub title: Untrusted,
    /// Whether it is open.
    pub open: bool,
    /// Whether it is a pull request.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub pull: bool,
    /// Labels, in the forge's order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Untrusted>,
    /// Assignees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<Untrusted>,
    /// Who opened it.
    pub author: Option<Untrusted>,
    /// Number of the milestone it is in.
    pub milestone: Option<u64>,
    /// When it was opened.
    #[serde(deserialize_with = "super::time::one")]
    pub created: DateTime<Utc>,
    /// When it last changed.
    #[serde(deserialize_with = "super::time::one")]
    pub updated: DateTime<Utc>,
    /// When it was closed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "super::time::maybe")]
    pub closed: Option<DateTime<Utc>>,
    /// How many comments it has.
    #[serde(default)]
    pub comments: u32,
    /// How often it was taken out of a milestone before, where the forge said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rolls: Option<u32>,
    /// When it entered the milestone it is in, where the forge said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entered: Option<DateTime<Utc>>,
}

impl Issue {
    /// About how many bytes it takes as JSON, hardly ever less: thousands are sized in one turn.
    pub(crate) fn size(&self) -> usize {
        let text = |text: &Untrusted| {
            let escaped = text.raw().bytes().filter(|byte| matches!(byte, b'"' | b'\\' | ..=0x1f)).count();
            text.raw().len() + escaped * 5 + 3
        };
        let texts = self.labels.iter().chain(&self.assignees).chain(&self.author);
        300 + text(&self.title) + texts.map(text).sum::<usize>()
    }
}

/// The milestone that the release is driven by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// Its title, the same in every repository.
    pub title: Untrusted,
}

/// Milestones seen: new and changed rows, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MilestonesSeen {
    /// Where.
    pub repo: Repo,
    /// New and changed.
    pub rows: Vec<Milestone>,
    /// Numbers that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<u64>,
}

/// Issues seen: new and changed rows, and those that left the milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuesSeen {
    /// Where.
    pub repo: Repo,
    /// New and changed.
    pub rows: Vec<Issue>,
    /// Numbers that are no longer in the milestone looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<u64>,
}

/// A point of the burn-up: how much was in scope, how much was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BurnPoint {
    /// When.
    pub at: DateTime<Utc>,
    /// Issues in scope then.
    pub scope: u32,
    /// Issues closed then.
    pub done: u32,
}

/// What is known of milestones and issues.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Milestones {
    /// Title of the milestone that the release is driven by.
    pub chosen: Option<Untrusted>,
    /// Milestones by repository and number.
    pub list: BTreeMap<(Repo, u64), Milestone>,
    /// Issues in the chosen milestone.
    pub issues: BTreeMap<IssueKey, Issue>,
    /// Issues that left the chosen milestone during this release, with when.
    pub left: BTreeMap<IssueKey, (DateTime<Utc>, Issue)>,
    /// Issues that came in after the scope was first read in full.
    pub added: BTreeSet<IssueKey>,
    /// When those came in, as this journal saw it.
    pub came: BTreeMap<IssueKey, DateTime<Utc>>,
    /// Repositories whose issues were read in full once: what comes after is added scope.
    pub defined: BTreeSet<Repo>,
    /// Counts facts taken in, so that what is counted of all issues knows when it is out of date.
    pub revision: u64,
}

impl Milestones {
    /// The chosen milestone in a repository.
    #[must_use]
    pub fn in_repo(&self, repo: &Repo) -> Option<&Milestone> {
        let chosen = self.chosen.as_ref()?;
        self.list.iter().find(|((at, _), it)| at == repo && it.title == *chosen).map(|(_, it)| it)
    }

    /// The milestone of this title in a repository.
    #[must_use]
    pub fn by_title(&self, repo: &Repo, title: &str) -> Option<&Milestone> {
        self.list.iter().find(|((at, _), it)| at == repo && it.title.raw() == title).map(|(_, it)| it)
    }

    /// The date that the release is due: the earliest of the chosen milestone's in its repositories.
    #[must_use]
    pub fn due(&self) -> Option<DateTime<Utc>> {
        let chosen = self.chosen.as_ref()?;
        self.list.values().filter(|it| it.title == *chosen).filter_map(|it| it.due).min()
    }

    /// How often an issue was moved on: what the forge said, and at least what this journal saw.
    #[must_use]
    pub fn rolls(&self, key: &IssueKey) -> u32 {
        self.issues.get(key).or(self.left.get(key).map(|(_, it)| it)).and_then(|it| it.rolls).unwrap_or(0)
    }

    /// When an issue entered the milestone: as the forge said, or as this journal saw it come. None when neither did.
    #[must_use]
    pub fn entered(&self, key: &IssueKey) -> Option<DateTime<Utc>> {
        match self.issues.get(key) {
            Some(issue) => self.entered_of(key, issue),
            None => self.came.get(key).copied(),
        }
    }

    /// The same for an issue at hand.
    pub(crate) fn entered_of(&self, key: &IssueKey, issue: &Issue) -> Option<DateTime<Utc>> {
        issue.entered.or_else(|| self.came.get(key).copied())
    }

    /// From when each issue counts as scope, and when it counts as done. Scope counts from the day an issue entered
    /// the milestone, where that is known, else from the day it was opened; what was closed before it entered is done
    /// from then on.
    pub(crate) fn spans(&self) -> impl Iterator<Item = (DateTime<Utc>, Option<DateTime<Utc>>)> {
        self.issues.iter().map(|(key, issue)| {
            let from = self.entered_of(key, issue).unwrap_or(issue.created);
            (from, issue.closed.filter(|_| !issue.open).map(|closed| closed.max(from)))
        })
    }

    /// The burn-up, a point for each day on which something came into scope or was closed.
    #[must_use]
    pub fn burn_up(&self) -> Vec<BurnPoint> {
        let mut days: BTreeMap<chrono::NaiveDate, (u32, u32)> = BTreeMap::new();
        for (from, closed) in self.spans() {
            days.entry(from.date_naive()).or_default().0 += 1;
            if let Some(closed) = closed {
                days.entry(closed.date_naive()).or_default().1 += 1;
            }
        }
        let mut sum = (0, 0);
        days.into_iter()
            .map(|(day, (opened, closed))| {
                sum = (sum.0 + opened, sum.1 + closed);
                BurnPoint { at: day.and_time(chrono::NaiveTime::MIN).and_utc(), scope: sum.0, done: sum.1 }
            })
            .collect()
    }

    /// Takes in the choice; says whether it is another milestone than before.
    pub(crate) fn choose(&mut self, fact: &Chosen) -> bool {
        self.revision += 1;
        let other = self.chosen.as_ref() != Some(&fact.title);
        if other {
            *self = Self {
                chosen: Some(fact.title.clone()),
                list: std::mem::take(&mut self.list),
                revision: self.revision,
                ..Self::default()
            };
        }
        other
    }

    pub(crate) fn see(&mut self, fact: &MilestonesSeen) {
        self.revision += 1;
        for row in &fact.rows {
            self.list.insert((fact.repo.clone(), row.number), row.clone());
        }
        for number in &fact.gone {
            self.list.remove(&(fact.repo.clone(), *number));
        }
    }

    pub(crate) fn see_issues(&mut self, fact: IssuesSeen, at: DateTime<Utc>) {
        self.revision += 1;
        for row in fact.rows {
            let key = IssueKey { repo: fact.repo.clone(), number: row.number };
            self.left.remove(&key);
            if let Some(known) = self.issues.get_mut(&key) {
                *known = row;
                continue;
            }
            if self.defined.contains(&fact.repo) {
                self.added.insert(key.clone());
                self.came.insert(key.clone(), at);
            }
            self.issues.insert(key, row);
        }
        for number in &fact.gone {
            let key = IssueKey { repo: fact.repo.clone(), number: *number };
            if let Some(issue) = self.issues.remove(&key) {
                self.added.remove(&key);
                self.came.remove(&key);
                self.left.insert(key, (at, issue));
            }
        }
    }
}
