//! The write queue: plans that a person has accepted, sent one errand at a time, nothing twice.

use super::errand::{Errand, Open, Outcome, Status};
use super::ids::{Oid, OpId};
use super::picks::{PushPicks, Resolve};
use super::plan::Step;
use super::text::Untrusted;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A person has seen the plan and said go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// The plan's id.
    pub plan: OpId,
    /// What it does, in words.
    pub title: Untrusted,
    /// The steps, as shown.
    pub steps: Vec<Step>,
}

/// The rest of a plan was called off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// The plan's id.
    pub plan: OpId,
    /// Why.
    pub why: Untrusted,
}

/// A stopped plan goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resumed {
    /// The plan's id.
    pub plan: OpId,
}

/// A plan under way.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// The plan's id.
    pub plan: OpId,
    /// What it does, in words.
    pub title: Untrusted,
    /// Steps that were not begun.
    pub waiting: VecDeque<Step>,
    /// How many steps it has.
    pub total: usize,
    /// How many ended well.
    pub done: usize,
    /// What went wrong, step by step.
    pub failed: Vec<(String, Untrusted)>,
    /// Why it stands still: a crash, a failure, a doubt. A person resumes it or calls it off.
    pub stopped: Option<Untrusted>,
}

/// Everything that is to be sent, or was sent and is not known to have ended.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Outbox {
    /// Plans, oldest first. The first that is not stopped is the one being sent.
    pub plans: VecDeque<Running>,
    /// Errands begun and not ended, by operation.
    pub open: BTreeMap<OpId, Open>,
    /// The plans that ended last, newest first, at most eight.
    pub ended: VecDeque<Running>,
    /// What operations that apply picks came to: what is pushed later.
    pub made: BTreeMap<OpId, Oid>,
    /// Operations that applied picks, whatever came of them: each had a worktree.
    pub applied: BTreeSet<OpId>,
}

impl Outbox {
    /// The step that may leave now: none while an errand is open, so that writes are serial.
    #[must_use]
    pub fn next(&self) -> Option<&Step> {
        if self.open.values().any(|open| !open.in_doubt) {
            return None;
        }
        let going = self.plans.iter().filter(|plan| plan.stopped.is_none());
        going.filter_map(|plan| plan.waiting.front()).find(|step| self.complete(&step.errand).is_some())
    }

    /// The errand as it leaves, with what an earlier step came to filled in; none while that is not known.
    #[must_use]
    pub fn complete(&self, errand: &Errand) -> Option<Errand> {
        match errand {
            Errand::PushPicks(it) if it.to.is_none() => {
                let to = Some(*self.made.get(&it.of)?);
                Some(Errand::PushPicks(PushPicks { to, ..it.clone() }))
            }
            other => Some(other.clone()),
        }
    }

    /// Notes what applying picks came to. What was called off is pushed no more.
    fn note_made(&mut self, op: &OpId, outcome: &Outcome) {
        let tip = || outcome.after.get("tip").and_then(|tip| Oid::parse(tip.raw()).ok());
        let of = match self.open.get(op).map(|open| &open.errand) {
            Some(Errand::ApplyPicks(_)) => op.clone(),
            Some(Errand::ResolvePicks(it)) if it.answer == Resolve::Abort => {
                let of = it.of.clone();
                for plan in &mut self.plans {
                    plan.waiting.retain(|step| !matches!(&step.errand, Errand::PushPicks(it) if it.of == of));
                }
                return;
            }
            Some(Errand::ResolvePicks(it)) => it.of.clone(),
            _ => return,
        };
        self.made.extend(tip().map(|tip| (of, tip)));
    }

    /// The operations that apply picks and are neither open nor waited for by a plan: their worktrees may go, unless
    /// they wait for a person.
    pub(crate) fn applied_and_over(&self) -> impl Iterator<Item = &OpId> {
        let waiting = self.plans.iter().flat_map(|plan| &plan.waiting).map(|step| (&step.op, &step.errand));
        let open = self.open.iter().map(|(op, open)| (op, &open.errand));
        let wanted: BTreeSet<&OpId> = waiting
            .chain(open)
            .map(|(op, errand)| match errand {
                Errand::PushPicks(it) => &it.of,
                Errand::ResolvePicks(it) => &it.of,
                _ => op,
            })
            .collect();
        self.applied.iter().filter(move |op| !wanted.contains(op))
    }

    /// How many errands are waiting or open.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.open.len() + self.plans.iter().map(|plan| plan.waiting.len()).sum::<usize>()
    }

    /// Errands that may have happened: sent, and no outcome on record.
    pub fn in_doubt(&self) -> impl Iterator<Item = &Open> {
        self.open.values().filter(|open| open.in_doubt)
    }

    pub(crate) fn accept(&mut self, fact: &Accepted) {
        self.plans.push_back(Running {
            plan: fact.plan.clone(),
            title: fact.title.clone(),
            total: fact.steps.len(),
            waiting: fact.steps.iter().cloned().collect(),
            done: 0,
            failed: Vec::new(),
            stopped: None,
        });
    }

    pub(crate) fn begin(&mut self, op: &OpId, errand: &Errand, since: chrono::DateTime<chrono::Utc>) {
        for plan in &mut self.plans {
            plan.waiting.retain(|step| step.op != *op);
        }
        if matches!(errand, Errand::ApplyPicks(_)) {
            self.applied.insert(op.clone());
        }
        let open = Open { op: op.clone(), errand: errand.clone(), since, in_doubt: false };
        self.open.insert(op.clone(), open);
    }

    /// Takes in an outcome. One that leaves a doubt keeps the errand open.
    pub(crate) fn end(&mut self, op: &OpId, outcome: &Outcome, plan: Option<&OpId>) {
        let line = self.open.get(op).map(|open| open.errand.line()).unwrap_or_default();
        if outcome.status == Status::Ok {
            self.note_made(op, outcome);
        }
        if outcome.status == Status::Unknown {
            if let Some(open) = self.open.get_mut(op) {
                open.in_doubt = true;
            }
        } else {
            self.open.remove(op);
        }
        let Some(running) = self.plans.iter_mut().find(|running| Some(&running.plan) == plan) else { return };
        let why = || outcome.note.clone().unwrap_or_else(|| Untrusted::from("no reason was given"));
        if outcome.status == Status::Ok {
            running.done += 1;
        } else if outcome.status == Status::Unknown {
            // Neither done nor failed, until somebody has looked.
            if !running.waiting.is_empty() {
                running.stopped = Some(why());
            }
        } else {
            let why = why();
            running.failed.push((line, why.clone()));
            if !running.waiting.is_empty() && outcome.status != Status::Abandoned {
                running.stopped = Some(why);
            }
        }
        self.retire();
    }

    pub(crate) fn cancel(&mut self, plan: &OpId) {
        for running in self.plans.iter_mut().filter(|running| running.plan == *plan) {
            running.waiting.clear();
        }
        self.retire();
    }

    pub(crate) fn resume(&mut self, plan: &OpId) {
        for running in self.plans.iter_mut().filter(|running| running.plan == *plan) {
            running.stopped = None;
        }
    }

    /// A new session: whatever was open may have happened, whatever was waiting stands still until a person says go.
    pub(crate) fn interrupt(&mut self) {
        for open in self.open.values_mut() {
            open.in_doubt = true;
        }
        for plan in &mut self.plans {
            plan.stopped.get_or_insert_with(|| Untrusted::from("the session ended before it was done"));
        }
    }

    fn retire(&mut self) {
        let open: Vec<_> = self.open.keys().cloned().collect();
        let mut kept = VecDeque::new();
        for plan in std::mem::take(&mut self.plans) {
            if plan.waiting.is_empty() && (open.is_empty() || plan.done + plan.failed.len() >= plan.total) {
                self.ended.push_front(plan);
                self.ended.truncate(8);
            } else {
                kept.push_back(plan);
            }
        }
        self.plans = kept;
    }
}
