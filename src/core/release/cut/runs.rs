//! Runs that gonogo started: each is followed until it is over.

use super::DispatchWorkflow;
use crate::release::checks::CheckState;
use crate::release::errand::{Outcome, Status};
use crate::release::ids::Oid;
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A run, as the forge shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunSeen {
    /// Its id.
    pub run: u64,
    /// What the forge calls it.
    pub name: Untrusted,
    /// How far it is.
    pub state: CheckState,
    /// Which attempt it is, from 1.
    pub attempt: u32,
    /// The commit that it runs on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha: Option<Oid>,
    /// When this attempt began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<DateTime<Utc>>,
    /// When it was last heard of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated: Option<DateTime<Utc>>,
    /// Where a browser finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Untrusted>,
}

/// A run that was started from here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Started {
    /// What was started.
    pub errand: DispatchWorkflow,
    /// When.
    pub at: DateTime<Utc>,
    /// Where a browser finds it, as the reply said.
    pub url: Option<Untrusted>,
    /// What the forge says of it; none until it was looked at.
    pub seen: Option<RunSeen>,
}

/// Every run that was started from here, by its id.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Runs(pub BTreeMap<u64, Started>);

impl Runs {
    /// Takes in what became of starting a workflow.
    pub(crate) fn take_started(&mut self, errand: &DispatchWorkflow, outcome: &Outcome, at: DateTime<Utc>) {
        let said = |name: &str| outcome.after.get(name).filter(|_| outcome.status == Status::Ok);
        if let Some(run) = said("run").and_then(|run| run.raw().parse().ok()) {
            let url = said("url").cloned();
            self.0.insert(run, Started { errand: errand.clone(), at, url, seen: None });
        }
    }

    /// Takes in what the forge says of a run.
    pub(crate) fn see(&mut self, seen: &RunSeen) {
        if let Some(known) = self.0.get_mut(&seen.run) {
            known.seen = Some(seen.clone());
        }
    }

    /// The runs that are not over, or of which nothing is known yet.
    pub fn going(&self) -> impl Iterator<Item = u64> {
        let over = |it: &Started| it.seen.as_ref().is_some_and(|seen| seen.state.has_ended());
        self.0.iter().filter(move |(_, it)| !over(it)).map(|(run, _)| *run)
    }

    /// The newest run that was started for a checklist item or a channel.
    #[must_use]
    pub fn of(&self, item: &str) -> Option<(u64, &Started)> {
        let ours = self.0.iter().filter(|(_, it)| it.errand.item.as_deref() == Some(item));
        ours.max_by_key(|(run, it)| (it.at, **run)).map(|(run, it)| (*run, it))
    }
}
