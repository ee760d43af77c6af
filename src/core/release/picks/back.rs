//! How a deed about a pick is taken back: by a fact of the same kind that restores what stood before.

use super::{Added, Attested, Decided, Decision, Ordered, Picks};
use crate::release::fact::{self, Fact};
use crate::release::ids::OpId;

impl Picks {
    /// The fact that takes a deed back; none for what was only seen.
    pub(crate) fn back(&self, fact: &fact::Picks) -> Option<Fact> {
        Some(match fact {
            fact::Picks::Decided(it) => {
                // What stood before stood for a reason, which comes back with it.
                let before = self.decisions.get(&(it.pick.clone(), it.line.clone()));
                Decided {
                    from: it.to,
                    to: before.map_or(Decision::Undecided, |before| before.decision),
                    why: before.and_then(|before| before.why.clone()),
                    answers: before.map(|before| before.answers.clone()).unwrap_or_default(),
                    pick: it.pick.clone(),
                    line: it.line.clone(),
                    batch: it.batch.clone(),
                }
                .into()
            }
            fact::Picks::Added(it) => Added { on: !it.on, ..it.clone() }.into(),
            fact::Picks::Ordered(it) => {
                let order = self.order.get(&it.line).cloned().unwrap_or_default();
                Ordered { order, ..it.clone() }.into()
            }
            fact::Picks::Attested(it) => Attested { on: !it.on, ..it.clone() }.into(),
            fact::Picks::Seen(_)
            | fact::Picks::Wanted(_)
            | fact::Picks::Changes(_)
            | fact::Picks::Landings(_)
            | fact::Picks::Predictions(_) => return None,
        })
    }
}

impl fact::Picks {
    /// What joins it with others that are taken back with it.
    pub fn batch(&self) -> Option<OpId> {
        match self {
            Self::Decided(it) => it.batch.clone(),
            Self::Added(it) => it.batch.clone(),
            Self::Ordered(it) => it.batch.clone(),
            _ => None,
        }
    }
}
