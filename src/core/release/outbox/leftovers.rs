//! What an errand leaves behind that did not end well: steps that wait in vain, files that came in part.

use super::Outbox;
use crate::release::draft::move_comment;
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::OpId;
use crate::release::plan::Step;

impl Outbox {
    /// What can come of an errand no more is not waited for.
    pub(super) fn drop_what_ended(&mut self, op: &OpId, errand: &Errand, outcome: &Outcome) {
        match errand {
            _ if outcome.status == Status::Ok => {}
            // What did not move says nowhere that it did.
            Errand::MoveIssue(it) => {
                let to = it.to.clone().unwrap_or_default();
                let said = move_comment(it.from.as_ref(), &to, it.why.raw());
                self.drop_step(|errand| match errand {
                    Errand::CommentIssue(other) => other.target == it.target && other.text.raw() == said,
                    _ => false,
                });
            }
            Errand::ApplyPicks(_) if !outcome.after.contains_key("worktree") => self.drop_after(op),
            Errand::PushBackport(it) => self.drop_after(&it.of),
            // A branch that has moved, or a tag that is another's, ends the plan: nothing after it is what was shown.
            Errand::BumpVersion(_) | Errand::TagVersion(_) => self.drop_after(op),
            Errand::PushPicks(it) => self.drop_after(&it.of),
            Errand::PushTag(it) => self.drop_after(&it.of),
            Errand::DraftRelease(it) => self.drop_after(it.of.as_ref().unwrap_or(op)),
            // A release that lacks one of its files is not published.
            Errand::UploadAsset(it) => self.drop_step(|errand| match errand {
                Errand::UploadAsset(other) => other.target == it.target,
                Errand::PublishRelease(other) => other.target == it.target,
                _ => false,
            }),
            _ => {}
        }
    }

    /// A tag that was taken back is not pushed.
    pub(super) fn drop_tag(&mut self, it: &crate::release::cut::DeleteTag) {
        let waiting = self.plans.iter().flat_map(|plan| &plan.waiting);
        let push = waiting.into_iter().find_map(|step| match &step.errand {
            Errand::PushTag(push) if push.target == it.target => Some(push.of.clone()),
            _ => None,
        });
        if let Some(of) = push {
            self.made.remove(&of);
            self.drop_after(&of);
        }
    }

    /// Takes a step out of its plan.
    pub(super) fn drop_step(&mut self, is: impl Fn(&Errand) -> bool) {
        for plan in &mut self.plans {
            let before = plan.waiting.len();
            plan.waiting.retain(|step| !is(&step.errand));
            plan.total -= before - plan.waiting.len();
        }
    }

    /// Takes out of their plans the steps that wait for what an operation makes, and what waits for those.
    pub(super) fn drop_after(&mut self, of: &OpId) {
        let mut gone = vec![of.clone()];
        while let Some(of) = gone.pop() {
            for plan in &mut self.plans {
                let before = plan.waiting.len();
                let waits = |step: &&Step| step.errand.waits_for() == Some(&of);
                gone.extend(plan.waiting.iter().filter(waits).map(|step| step.op.clone()));
                plan.waiting.retain(|step| step.errand.waits_for() != Some(&of));
                plan.total -= before - plan.waiting.len();
            }
        }
    }

    /// The file that was uploaded in part and is in the way of the next step of a plan, by its number.
    #[must_use]
    pub fn in_part(&self, plan: &OpId) -> Option<u64> {
        let step = self.plans.iter().find(|running| running.plan == *plan)?.waiting.front()?;
        self.in_part.get(&step.op).copied()
    }

    /// The next step of a plan replaces what is in its way in part.
    pub(crate) fn replace(&mut self, plan: &OpId) {
        let number = self.in_part(plan);
        let running = self.plans.iter_mut().find(|running| running.plan == *plan);
        let step = running.and_then(|running| running.waiting.front_mut());
        if let Some(Errand::UploadAsset(it)) = step.map(|step| &mut step.errand) {
            it.replaces = number;
        }
    }
}
