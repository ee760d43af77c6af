//! What came back, taken in. It never refuses: it happened.

use super::ask::{Decision, Effect};
use super::decide::follow;
use super::entry::Note;
use super::errand::{Outcome, Status};
use super::ids::OpId;
use super::{Fact, Release};

impl Release {
    /// Takes in the outcome of an errand: the fact, and the errand that leaves next.
    #[must_use]
    pub fn settle(&self, op: &OpId, outcome: Outcome) -> Decision {
        let Some(open) = self.outbox.open.get(op) else { return Decision::default() };
        if open.in_doubt && outcome.status == Status::Unknown {
            // It was in doubt and still is: nothing happened that a journal could say.
            return Decision::default();
        }
        let kind = open.errand.kind();
        let mut outbox = self.outbox.clone();
        outbox.end(op, &outcome, self.plan_of.get(op));
        follow(vec![Note { op: Some(op.clone()), fact: Fact::Outcome { kind, outcome } }], &outbox)
    }

    /// Looks for what became of every errand in doubt.
    #[must_use]
    pub fn probes(&self) -> Vec<Effect> {
        self.outbox
            .in_doubt()
            .map(|open| Effect::Probe { op: open.op.clone(), errand: open.errand.clone(), since: open.since })
            .collect()
    }
}
