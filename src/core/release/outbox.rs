//! The write queue: plans that a person has accepted, sent one errand at a time, nothing twice.

mod leftovers;

use super::errand::{Errand, Open, Outcome, Status};
use super::ids::{Oid, OpId};
use super::picks::Resolve;
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
    /// Whether its next step replaces a file that was uploaded in part.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub replaces: bool,
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
    /// What operations that apply picks came to, for the steps that follow.
    pub made: BTreeMap<OpId, Made>,
    /// Operations that applied picks, whatever came of them: each had a worktree.
    pub applied: BTreeSet<OpId>,
    /// What uploads found in their way: a file that was uploaded in part, by its number.
    in_part: BTreeMap<OpId, u64>,
}

/// What applying picks came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Made {
    /// The last commit: what is pushed.
    pub tip: Option<Oid>,
    /// Files that were committed with conflict markers.
    pub conflicts: Vec<Untrusted>,
    /// Files that a person changed beyond the picks.
    pub beyond: Vec<Untrusted>,
    /// Whether it is on a branch of its own.
    pub pushed: bool,
    /// The number of the pull request that was opened for it.
    pub pull: Option<u64>,
    /// The tag object that was made.
    pub object: Option<Oid>,
    /// Whether the tag is on the remote.
    pub tagged: bool,
    /// The number of the release that was drafted for it.
    pub release: Option<u64>,
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
        let Some(of) = errand.waits_for() else { return Some(errand.clone()) };
        let made = self.made.get(of);
        let mut errand = errand.clone();
        match &mut errand {
            Errand::PushPicks(it) if it.to.is_none() => {
                let made = made.filter(|made| made.conflicts.is_empty())?;
                (it.to, it.beyond) = (Some(made.tip?), made.beyond.clone());
            }
            Errand::PushBackport(it) if it.to.is_none() => it.to = Some(made?.tip?),
            Errand::OpenPull(it) => *it = it.holding(&made.filter(|made| made.pushed)?.conflicts),
            Errand::DressPull(it) if it.number.is_none() => it.number = Some(made?.pull?),
            Errand::TagVersion(it) if it.at.is_none() => it.at = Some(made.filter(|made| made.pushed)?.tip?),
            Errand::PushTag(it) if it.object.is_none() => {
                (it.at, it.object) = (Some(made?.tip?), Some(made?.object?));
            }
            Errand::DraftRelease(it) => {
                let made = made.filter(|made| made.tagged)?;
                it.at = it.at.or(made.tip);
            }
            Errand::PublishRelease(it) => {
                let made = made.filter(|made| made.tagged)?;
                it.release = Some(it.release.or(made.release)?);
                it.at = it.at.or(made.tip);
            }
            Errand::UploadAsset(it) => {
                let made = made.filter(|made| made.tagged)?;
                it.release = Some(it.release.or(made.release)?);
            }
            Errand::DispatchWorkflow(_) => _ = made.filter(|made| made.tagged)?,
            _ => {}
        }
        Some(errand)
    }

    /// Notes what applying picks came to, and how far it has come since. What was called off, or came to nothing, is
    /// neither pushed nor opened.
    fn note_made(&mut self, op: &OpId, outcome: &Outcome) {
        let Some(errand) = self.open.get(op).map(|open| open.errand.clone()) else { return };
        let paths = |name: &str| -> Vec<Untrusted> {
            let listed = outcome.after.get(name).filter(|it| !it.is_empty());
            listed.map(|it| it.raw().split('\0').map(Untrusted::from).collect()).unwrap_or_default()
        };
        let of = match &errand {
            Errand::ApplyPicks(_) => op,
            Errand::ResolvePicks(it) if it.answer == Resolve::Abort => return self.drop_after(&it.of),
            Errand::ResolvePicks(it) => &it.of,
            Errand::BumpVersion(_) | Errand::TagVersion(_) => op,
            Errand::DeleteTag(it) => return self.drop_tag(it),
            // The release of a tag that was there already.
            Errand::DraftRelease(it) if it.of.is_none() => op,
            other => match other.waits_for() {
                Some(of) => of,
                None => return,
            },
        };
        let made = self.made.entry(of.clone()).or_default();
        match &errand {
            Errand::ApplyPicks(_) | Errand::ResolvePicks(_) => {
                made.tip = outcome.after.get("tip").and_then(|tip| Oid::parse(tip.raw()).ok());
                (made.conflicts, made.beyond) = (paths("markers"), paths("beyond"));
                let (of, tip) = (of.clone(), made.tip);
                let nothing = |step: &Step| match &step.errand {
                    Errand::PushBackport(it) => it.of == of && Some(it.from) == tip,
                    Errand::PushPicks(it) => it.of == of && Some(it.from) == tip,
                    _ => false,
                };
                if self.plans.iter().flat_map(|plan| &plan.waiting).any(nothing) {
                    self.drop_after(&of);
                }
            }
            Errand::PushBackport(_) | Errand::PushPicks(_) => made.pushed = true,
            Errand::BumpVersion(it) => {
                made.take_cut(&errand, outcome);
                // The files say it already: there is nothing to push, and the tag goes on the commit that is there.
                if made.tip == Some(it.tip) {
                    made.pushed = true;
                    self.drop_step(|errand| matches!(errand, Errand::PushPicks(it) if it.of == *op));
                }
            }
            Errand::TagVersion(_) | Errand::PushTag(_) | Errand::DraftRelease(_) => {
                made.take_cut(&errand, outcome);
            }
            Errand::OpenPull(_) => made.pull = super::picks::backport::number(outcome),
            _ => {}
        }
    }

    /// Whether steps wait for what an operation applies, to push it as a branch of its own.
    pub(crate) fn is_apart(&self, of: &OpId) -> bool {
        let waiting = self.plans.iter().flat_map(|plan| &plan.waiting);
        waiting.into_iter().any(|step| matches!(&step.errand, Errand::PushBackport(it) if it.of == *of))
    }

    /// The operations that apply picks and are neither open nor waited for by a plan: their worktrees may go, unless
    /// they wait for a person.
    pub(crate) fn applied_and_over(&self) -> impl Iterator<Item = &OpId> {
        let waiting = self.plans.iter().flat_map(|plan| &plan.waiting).map(|step| (&step.op, &step.errand));
        let open = self.open.iter().map(|(op, open)| (op, &open.errand));
        let wanted: BTreeSet<&OpId> = waiting
            .chain(open)
            .map(|(op, errand)| match errand {
                Errand::ResolvePicks(it) => &it.of,
                other => other.waits_for().unwrap_or(op),
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
        if matches!(errand, Errand::ApplyPicks(_) | Errand::BumpVersion(_)) {
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
        let errand = match outcome.status {
            Status::Unknown => {
                if let Some(open) = self.open.get_mut(op) {
                    open.in_doubt = true;
                }
                None
            }
            _ => self.open.remove(op).map(|open| open.errand),
        };
        if matches!(errand, Some(Errand::UploadAsset(_))) {
            self.in_part.remove(op);
            let number = outcome.after.get("starter").and_then(|it| it.raw().parse().ok());
            self.in_part.extend(number.map(|number| (op.clone(), number)));
        }
        let not = matches!(outcome.status, Status::Failed | Status::Refused | Status::Abandoned);
        let kept = errand.as_ref().filter(|errand| not && errand.is_kept());
        if let (None, Some(errand)) = (kept, &errand) {
            self.drop_what_ended(op, errand, outcome);
        }
        let Some(running) = self.plans.iter_mut().find(|running| Some(&running.plan) == plan) else { return };
        let why = || outcome.note.clone().unwrap_or_else(|| Untrusted::from("no reason was given"));
        match (outcome.status, kept) {
            (Status::Ok, _) => running.done += 1,
            (Status::Unknown, _) => {
                // Neither done nor failed, until somebody has looked.
                if !running.waiting.is_empty() {
                    running.stopped = Some(why());
                }
            }
            (_, Some(errand)) => {
                // It certainly did not happen: a person sends it once more, or calls it off.
                running.waiting.push_front(Step::new(op.clone(), errand.clone().attended(false)));
                running.stopped = Some(why());
            }
            (status, None) => {
                running.failed.push((line, why()));
                if !running.waiting.is_empty() && status != Status::Abandoned {
                    running.stopped = Some(why());
                }
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

    /// The next step of a plan gets the terminal.
    pub(crate) fn attend(&mut self, plan: &OpId) {
        let running = self.plans.iter_mut().find(|running| running.plan == *plan);
        if let Some(step) = running.and_then(|running| running.waiting.front_mut()) {
            step.errand = step.errand.clone().attended(true);
        }
    }

    /// The first plan that stands still before something that was applied is pushed or opened.
    #[must_use]
    pub fn waiting_to_land(&self) -> Option<&Running> {
        let waits = |plan: &&Running| {
            let step = plan.waiting.front().filter(|step| step.errand.waits_for().is_some());
            plan.stopped.is_some() && step.is_some_and(|step| self.complete(&step.errand).is_some())
        };
        self.plans.iter().find(waits)
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
