//! Release sets: several releases in one sitting, the lowest first, and what is known of each of them.

use super::cut::What;
use super::ids::{Branch, ReleaseName, Tag};
use super::looks::Topic;
use super::picks::CellState;
use super::poll::{Polled, Reading, Verdict, verdict};
use super::text::Untrusted;
use super::{Pane, Release};
use crate::order::Order as _;
use crate::version::{TagKind, Version};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The id under which the order of a set is waived, as a gate is.
pub const ORDER: &str = "gonogo:set-order";

/// Most releases of a set; the rest of what a journal says is left out.
pub const MOST: usize = 32;

/// The releases of a set were chosen. Each of them has it on record in its own journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetChosen {
    /// The releases, the lowest version first; none when this release is in no set any more.
    pub releases: Vec<ReleaseName>,
}

/// What the journals of the other releases of the set say of them, as far as this one goes by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OthersSeen {
    /// New and changed.
    pub rows: Vec<Other>,
}

/// Another release of the set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Other {
    /// The release.
    pub release: ReleaseName,
    /// Why it is given up; none when it is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_up: Option<Untrusted>,
}

/// The set that a release is in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReleaseSet {
    /// The releases, this one among them, the lowest version first; none when it is in no set.
    pub releases: Vec<ReleaseName>,
    /// Releases that were in it and are not any more.
    pub left: Vec<ReleaseName>,
    /// Those of the others that are given up, with why, as their journals said when they were read last.
    pub given_up: BTreeMap<ReleaseName, Untrusted>,
    /// Since when; none when it never was in one.
    pub since: Option<DateTime<Utc>>,
}

/// Where a release stands, for a row of its set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The verdict of its poll.
    pub verdict: Verdict,
    /// What blocks it first, safe to show.
    pub blocked: Option<String>,
    /// How much blocks it.
    pub blockers: usize,
    /// The branch that it comes from, whether it exists yet or not.
    pub line: Option<Branch>,
    /// Its last candidate.
    pub candidate: Option<Tag>,
    /// Its final version, when it is tagged.
    pub out: Option<Tag>,
    /// Picks that are to be decided or to land; none when nobody looked yet.
    pub picks: Option<usize>,
    /// Why it is given up; none when it is not.
    pub given_up: Option<Untrusted>,
    /// What stands in the way of its final version, safe to show.
    pub way: Option<String>,
    /// Steps in doubt, and plans that stand still.
    pub unfinished: usize,
    /// The oldest of what its journal knows of the world; none when nobody looked yet.
    pub seen: Option<DateTime<Utc>>,
}

impl SetChosen {
    /// What was chosen, in words that are safe to show.
    pub(crate) fn words(&self) -> String {
        let names: Vec<_> = self.releases.iter().take(MOST).map(ReleaseName::line).collect();
        match &names[..] {
            [] => "in no set of releases any more".to_owned(),
            names => format!("in a set of releases: {}", names.join(", ")),
        }
    }
}

impl OthersSeen {
    /// What was seen, in words that are safe to show.
    pub(crate) fn words(&self) -> String {
        let word = |row: &Other| match &row.given_up {
            Some(why) => format!("{} of the set is given up: {}", row.release.line(), why.line()),
            None => format!("{} of the set goes on after all", row.release.line()),
        };
        self.rows.iter().map(word).collect::<Vec<_>>().join("; ")
    }
}

impl ReleaseSet {
    /// The place of a release among all, from 1, and how many there are; none when it is in no set.
    #[must_use]
    pub fn place_of(&self, name: &ReleaseName) -> Option<(usize, usize)> {
        let at = self.releases.iter().position(|it| it == name)?;
        Some((at + 1, self.releases.len()))
    }
}

impl Release {
    /// The version that the name of a release says, by the grammar of the process.
    fn version_of(&self, name: &ReleaseName) -> Option<Version> {
        self.process.as_ref()?.version.release(name.as_str()).ok()
    }

    /// Takes in which releases are in the set. A waiver of the order was given for the set as it was.
    pub(crate) fn take_set(&mut self, fact: &SetChosen, at: DateTime<Utc>) {
        let own = self.opened.as_ref().map(|opened| opened.release.clone());
        let mut releases: Vec<ReleaseName> = vec![];
        for name in fact.releases.iter().take(MOST) {
            if !releases.contains(name) {
                releases.push(name.clone());
            }
        }
        // One release is no set, and a set without this one is another's.
        if releases.len() < 2 || own.is_some_and(|own| !releases.contains(&own)) {
            releases.clear();
        }
        releases.order_by_key(|name| {
            let version = self.version_of(name);
            (version.is_none(), version)
        });
        if releases != self.set.releases {
            self.overrides.0.remove(ORDER);
        }
        let mut left = std::mem::take(&mut self.set.left);
        left.append(&mut self.set.releases);
        left.retain(|it| !releases.contains(it));
        left.order();
        left.dedup();
        let mut given_up = std::mem::take(&mut self.set.given_up);
        given_up.retain(|name, _| releases.contains(name));
        self.set = ReleaseSet { releases, left, given_up, since: Some(at) };
    }

    /// Takes in what the journals of the others say.
    pub(crate) fn take_others(&mut self, fact: &OthersSeen) {
        for Other { release, given_up } in &fact.rows {
            match given_up {
                Some(why) => self.set.given_up.insert(release.clone(), why.clone()),
                None => self.set.given_up.remove(release),
            };
        }
    }

    /// What is new in what the journals of the others say; none when nothing is.
    #[must_use]
    pub fn see_others(&self, mut rows: Vec<Other>) -> Option<OthersSeen> {
        rows.retain(|row| {
            self.set.releases.contains(&row.release)
                && self.set.given_up.get(&row.release) != row.given_up.as_ref()
        });
        (!rows.is_empty()).then_some(OthersSeen { rows })
    }

    /// This release's place in its set, from 1, and how many there are.
    #[must_use]
    pub fn place_in_set(&self) -> Option<(usize, usize)> {
        self.set.place_of(&self.opened.as_ref()?.release)
    }

    /// Whether the final version of another release is tagged.
    fn is_out(&self, version: &Version) -> bool {
        self.classes()
            .any(|(class, _)| class.kind == TagKind::Final && class.version.as_ref() == Some(version))
    }

    /// Releases of the set that come before this one, are not final yet and not given up, the lowest first.
    #[must_use]
    pub fn before_in_set(&self) -> Vec<&ReleaseName> {
        let Some(own) = self.version() else { return Vec::new() };
        let comes_first = |name: &&ReleaseName| {
            self.version_of(name).is_some_and(|version| version < own && !self.is_out(&version))
        };
        let wanted = |name: &&ReleaseName| !self.set.given_up.contains_key(*name);
        self.set.releases.iter().filter(comes_first).filter(wanted).collect()
    }

    /// Whether a version is above every other of the set: what is not is never the latest.
    pub(crate) fn is_highest_in_set(&self, version: &Version) -> bool {
        let others = self.set.releases.iter().filter_map(|name| self.version_of(name));
        others.into_iter().all(|other| other <= *version)
    }

    /// The order of the set as a gate: the lowest first. None when the release is in no set. It guards the final
    /// version alone, and is no part of the poll.
    #[must_use]
    pub fn set_order(&self) -> Option<Polled> {
        if self.set.releases.is_empty() {
            return None;
        }
        let before = self.before_in_set();
        let reading = match &before[..] {
            [] => Reading::go("no lower release of the set is left to cut"),
            [first] => {
                Reading::no_go(format!("{} comes first in the set and is not final yet", first.line()))
            }
            [first, second] => {
                let (first, second) = (first.line(), second.line());
                Reading::no_go(format!("{first} and {second} come first in the set and are not final yet"))
            }
            [first, more @ ..] => {
                let (first, more) = (first.line(), more.len());
                Reading::no_go(format!("{first} and {more} more come first in the set and are not final yet"))
            }
        };
        let overridden = self.overrides.of(ORDER).cloned();
        let verdict = if overridden.is_some() { Verdict::Go } else { reading.verdict };
        Some(Polled {
            gate: ORDER.to_owned(),
            title: "Order of the set".to_owned(),
            verdict,
            reading,
            pane: Pane::Candidate,
            said: false,
            required: true,
            overridden,
        })
    }

    /// Where the release stands, for a row of its set.
    #[must_use]
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        let poll = self.poll(now);
        let agenda = self.agenda(&poll, now);
        let given_up = self.given_up().cloned();
        let out = self.final_tag().map(|row| row.tag.clone());
        let stopped = self.outbox.plans.iter().filter(|plan| plan.stopped.is_some()).count();
        // Registries and logs are read at a pace of their own.
        let world =
            self.looks.0.iter().filter(|(key, _)| !matches!(key.topic, Topic::Artifacts | Topic::Log));
        Standing {
            verdict: if given_up.is_some() { Verdict::NoGo } else { verdict(&poll) },
            blocked: agenda.first().map(|first| first.text.clone()).filter(|_| given_up.is_none()),
            blockers: agenda.len(),
            given_up,
            line: self.line_name(),
            candidate: self.candidates_so_far().pop().map(|(_, row)| row.tag.clone()),
            way: if out.is_some() { None } else { self.in_the_way(now) },
            out,
            picks: self.picks_left(),
            unfinished: self.outbox.in_doubt().count() + stopped,
            seen: world.filter_map(|(_, known)| known.since).min(),
        }
    }

    /// Whether the last session of its journal has ended in good order.
    #[must_use]
    pub fn is_sealed(&self) -> bool {
        self.log.rows.last().is_some_and(|row| &*row.kind == "journal.seal")
    }

    /// What stands in the way of the final version, in words that are safe to show.
    fn in_the_way(&self, now: DateTime<Utc>) -> Option<String> {
        match self.ready_to_cut(What::Final, now) {
            Err(refusal) => Some(refusal.why),
            Ok(ready) => {
                let mut open = ready.open();
                let first = open.next()?;
                let more = open.count();
                let more = if more > 0 { format!(", and {more} more") } else { String::new() };
                Some(format!("{}: {}{more}", first.title, first.reason))
            }
        }
    }

    /// Picks of the release's line that are to be decided, to be applied or to be merged.
    fn picks_left(&self) -> Option<usize> {
        let line = &self.line()?.branch;
        self.looks.0.iter().find(|(key, known)| key.topic == Topic::Landings && known.since.is_some())?;
        let board = self.picks.board(line);
        let left = [CellState::Proposed, CellState::Approved, CellState::OpenPull, CellState::NotMerged];
        Some(left.into_iter().map(|state| board.count(state)).sum())
    }
}
