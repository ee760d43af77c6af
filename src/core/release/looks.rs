//! Looks: what was read of the world, whether all of it, and what could not be read.

use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a look reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// Refs, tags and lines of the clone.
    Git,
    /// Milestones of the repositories.
    Milestones,
    /// Issues of the milestone.
    Issues,
    /// Checks of a branch tip.
    Checks,
    /// Required checks of a branch.
    Required,
    /// Releases of the forge.
    Releases,
    /// The pick queue.
    Picks,
    /// What the clone knows of picks: what is wanted, the commits behind each, what shows that they landed.
    Landings,
    /// The log of a failed step.
    Log,
    /// Files changed, for items that check themselves.
    Files,
    /// Files that a release is given.
    Built,
    /// The task list of the tracking issue.
    Tasks,
    /// A run that was started from here.
    Runs,
    /// Whether an artifact is published.
    Artifacts,
}

/// A look: its topic, and the repository, branch or milestone it is about (empty when there is but one).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LookKey {
    /// What is read.
    pub topic: Topic,
    /// Of what.
    pub scope: Box<str>,
}

impl LookKey {
    /// A look.
    #[must_use]
    pub fn new(topic: Topic, scope: impl Into<Box<str>>) -> Self {
        Self { topic, scope: scope.into() }
    }
}

/// A look read everything there was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complete {
    /// The look.
    pub look: LookKey,
    /// How many rows there are now.
    pub count: usize,
    /// Of a look at picks or their landings: the number of the journal's last entry when it was asked. It read what was
    /// known up to then, and not a line or a pick that came later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upto: Option<u64>,
    /// What it did not read although it is there, in words; none when it read all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partly: Option<Untrusted>,
}

/// A look failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failed {
    /// The look.
    pub look: LookKey,
    /// Why, in words that say what to do.
    pub why: Untrusted,
}

/// What is known of a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// When all of it was read, and it differed from before.
    pub since: Option<DateTime<Utc>>,
    /// How many rows there were then.
    pub count: usize,
    /// Why the latest look failed, and when it first did.
    pub failed: Option<(DateTime<Utc>, Untrusted)>,
    /// Up to which entry of the journal what it reads was known to it; none when that was not said.
    pub upto: Option<u64>,
    /// What the latest look that did not fail left unread, in words.
    pub partly: Option<Untrusted>,
}

/// All looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Looks(pub BTreeMap<LookKey, Known>);

impl Looks {
    /// What is known of a look, none when it was never made.
    #[must_use]
    pub fn get(&self, key: &LookKey) -> Option<&Known> {
        self.0.get(key)
    }

    /// Whether all of it was read at least once and the latest look did not fail.
    #[must_use]
    pub fn is_read(&self, key: &LookKey) -> bool {
        self.get(key).is_some_and(|known| known.since.is_some() && known.failed.is_none())
    }

    pub(crate) fn complete(&mut self, fact: &Complete, at: DateTime<Utc>) {
        let known = Known {
            since: Some(at),
            count: fact.count,
            failed: None,
            upto: fact.upto,
            partly: fact.partly.clone(),
        };
        self.0.insert(fact.look.clone(), known);
    }

    pub(crate) fn fail(&mut self, fact: &Failed, at: DateTime<Utc>) {
        let none = Known { since: None, count: 0, failed: None, upto: None, partly: None };
        let known = self.0.entry(fact.look.clone()).or_insert(none);
        let since = known.failed.as_ref().map_or(at, |(since, _)| *since);
        known.failed = Some((since, fact.why.clone()));
    }
}
