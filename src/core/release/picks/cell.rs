//! One pick on one line: everything that is known of it, joined.

use super::{BackportState, Decision, Landing, PickKey, PickState, Picks, Place, Record};
use crate::release::ids::{Branch, Oid};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// How far a pick has come on a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CellState {
    /// Its commits are on the line.
    Landed,
    /// It was on the line and was reverted there.
    Reverted,
    /// A pull request that brings it to the line is open.
    OpenPull,
    /// Accepted, and waits to be applied.
    Approved,
    /// Wanted, not decided.
    Proposed,
    /// Asked for by somebody who may not write to the repository: shown, and waited for by nobody.
    Asked,
    /// Its pull request is not merged on the trunk yet.
    NotMerged,
    /// Rejected.
    Rejected,
    /// Deferred to a later release.
    Deferred,
    /// The line does not need it.
    NotNeeded,
}

impl CellState {
    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Landed => "landed",
            Self::Reverted => "reverted",
            Self::OpenPull => "open PR",
            Self::Approved => "accepted",
            Self::Proposed => "to decide",
            Self::Asked => "asked",
            Self::NotMerged => "not merged",
            Self::Rejected => "rejected",
            Self::Deferred => "deferred",
            Self::NotNeeded => "not needed",
        }
    }

    /// Whether it belongs to the queue that is predicted and applied.
    #[must_use]
    pub fn is_queued(self) -> bool {
        matches!(self, Self::Approved | Self::Proposed)
    }

    /// Whether nothing is left to do about it. What a stranger asks for obliges nobody.
    #[must_use]
    pub fn is_settled(self) -> bool {
        matches!(self, Self::Landed | Self::Rejected | Self::Deferred | Self::NotNeeded | Self::Asked)
    }
}

/// One pick on one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing<'a> {
    /// How far it has come.
    pub state: CellState,
    /// What shows that it is there, weak evidence included.
    pub landing: Option<&'a Landing>,
    /// What was decided, by whom, when, why.
    pub record: Option<&'a Record>,
    /// Who vouches that it is there, and by what.
    pub attested: Option<&'a (Box<str>, Untrusted)>,
}

impl Picks {
    /// One pick on one line; none when nobody wants it there.
    #[must_use]
    pub fn cell(&self, key: &PickKey, line: &Branch) -> Option<Standing<'_>> {
        let place: Place = (key.clone(), line.clone());
        let pull = self.pulls.get(&place);
        let known = self.wanted.contains_key(&place) || self.added.contains_key(&place);
        if pull.is_none() && !known {
            return None;
        }
        let closed = pull.is_some_and(|pull| pull.closed);
        // What was closed and is not on the trunk in any part was given up: nobody wants it anywhere.
        let in_parts = || self.changes.get(key).is_some_and(|change| !change.commits.is_empty());
        if closed && !known && !self.decisions.contains_key(&place) && !in_parts() {
            return None;
        }
        let landing = self.landings.get(&place);
        let attested = self.attested.get(&place);
        let record = self.decisions.get(&place);
        let sure = landing.is_some_and(|landing| landing.grade.is_sure());
        let shown = pull.is_some_and(|pull| pull.state == PickState::Landed);
        let backport = pull.and_then(|pull| pull.backport.as_ref()).filter(|it| !it.weak).map(|it| it.state);
        let weak = !known && pull.is_some_and(super::Pick::is_weak);
        let waits = pull.is_some_and(|pull| pull.state == PickState::NotMerged && !pull.closed);
        // Whoever decides after it was taken back knows that it was.
        let since = self.reverted.get(&place).is_some_and(|seen| {
            record.is_some_and(|it| it.seq > *seen && it.decision != Decision::Undecided)
        });
        let reverted = landing.is_some_and(|landing| landing.reverted.is_some());
        let state = if reverted && !since {
            CellState::Reverted
        } else if (sure || shown) && !reverted || attested.is_some() {
            CellState::Landed
        } else if backport == Some(BackportState::Open)
            || backport.is_none() && self.opened.contains_key(&place)
        {
            CellState::OpenPull
        } else {
            match record.map(|record| record.decision).unwrap_or_default() {
                Decision::Rejected => CellState::Rejected,
                Decision::Deferred => CellState::Deferred,
                Decision::NotNeeded => CellState::NotNeeded,
                Decision::Undecided if weak => CellState::Asked,
                _ if waits => CellState::NotMerged,
                Decision::Accepted => CellState::Approved,
                Decision::Undecided => CellState::Proposed,
            }
        };
        Some(Standing { state, landing, record, attested })
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self, key: &PickKey, line: &Branch) -> Option<&Untrusted> {
        let place: Place = (key.clone(), line.clone());
        let pull = self.pulls.get(&place).map(|pull| &pull.title);
        pull.or_else(|| self.wanted.get(&place).map(|it| &it.title)).or_else(|| self.added.get(&place))
    }

    /// Who wrote it.
    #[must_use]
    pub fn author(&self, key: &PickKey, line: &Branch) -> Option<&Untrusted> {
        let place: Place = (key.clone(), line.clone());
        let pull = self.pulls.get(&place).and_then(|pull| pull.author.as_ref());
        pull.or_else(|| self.wanted.get(&place).map(|it| &it.author))
    }

    /// Its commit on the trunk: the last one, where it has several.
    #[must_use]
    pub fn commit(&self, key: &PickKey, line: &Branch) -> Option<Oid> {
        let known = self.changes.get(key).and_then(|change| change.commits.last()).map(|commit| commit.oid);
        let pull = self.pulls.get(&(key.clone(), line.clone())).and_then(|pull| pull.merged);
        known.or(pull).or(match key {
            PickKey::Commit(oid) => Some(*oid),
            PickKey::Pull(_) => None,
        })
    }

    /// How many picks of a line are in each state, in the order of the states.
    #[must_use]
    pub fn counts(&self, line: &Branch) -> BTreeMap<CellState, usize> {
        self.board(line).into_owned().counts
    }

    /// When it came to the trunk.
    #[must_use]
    pub fn merged_at(&self, key: &PickKey, line: &Branch) -> Option<DateTime<Utc>> {
        let place: Place = (key.clone(), line.clone());
        let pull = self.pulls.get(&place).and_then(|pull| pull.at);
        pull.or_else(|| self.wanted.get(&place).map(|it| it.at))
    }
}
