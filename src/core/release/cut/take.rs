//! What the steps of cutting come to, taken in before the world itself shows it.

use crate::release::Release;
use crate::release::candidates::TagRow;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::{Oid, OpId};
use crate::release::outbox::Made;
use chrono::{DateTime, Utc};

impl Made {
    /// Notes what a step of cutting came to, for the steps that follow.
    pub(crate) fn take_cut(&mut self, errand: &Errand, outcome: &Outcome) {
        let oid = |name: &str| outcome.after.get(name).and_then(|it| Oid::parse(it.raw()).ok());
        match errand {
            Errand::BumpVersion(_) => self.tip = oid("tip"),
            Errand::TagVersion(it) => (self.tip, self.object) = (it.at, oid("object")),
            Errand::PushTag(_) => self.tagged = true,
            Errand::DraftRelease(_) => {
                self.tagged = true;
                self.release = outcome.after.get("release").and_then(|it| it.raw().parse().ok());
            }
            _ => {}
        }
    }
}

impl Release {
    /// Takes in how a step of cutting ended, while its errand is still open.
    pub(crate) fn take_cut(&mut self, op: &OpId, errand: &Errand, outcome: &Outcome, at: DateTime<Utc>) {
        match errand {
            Errand::DispatchWorkflow(it) => self.runs.take_started(it, outcome, at),
            _ if outcome.status != Status::Ok => {}
            // Its number is used from now on, even before git is looked at again.
            Errand::TagVersion(it) => {
                let signed = outcome.after.get("signed").cloned();
                let made = super::Made { op: op.clone(), at: it.at, signed, pushed: false };
                self.cuts.0.insert(it.target.clone(), made);
                if let Some(oid) = it.at {
                    let row = TagRow { tag: it.target.clone(), oid, annotated: true, at: Some(at) };
                    self.candidates.tags.entry(it.target.clone()).or_insert(row);
                    self.find_artifact_tags();
                }
            }
            // It reached nobody: its number may be used.
            Errand::PushTag(it) => {
                if let Some(made) = self.cuts.0.get_mut(&it.target) {
                    made.pushed = true;
                }
            }
            Errand::DeleteTag(it) => {
                self.cuts.0.remove(&it.target);
                self.candidates.tags.remove(&it.target);
                self.candidates.burned.remove(&it.target);
                self.find_artifact_tags();
            }
            _ => {}
        }
    }
}
