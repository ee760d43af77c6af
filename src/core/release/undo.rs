//! Undo: never a removal, always a new fact.

use super::checklist::Ticked;
use super::entry::Entry;
use super::errand::{Errand, Status, UndoClass};
use super::gates::Overridden;
use super::ids::OpId;
use super::milestone::Chosen;
use super::text::Untrusted;
use super::{Fact, Release, fact};
use serde::{Deserialize, Serialize};

/// A local deed was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    /// The entry that was taken back.
    pub seq: u64,
    /// What it was, in words.
    pub what: Untrusted,
}

/// A deed that was taken back was done again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redone {
    /// The entry that had been taken back.
    pub seq: u64,
    /// What it was, in words.
    pub what: Untrusted,
}

/// A deed that `z` may take back.
#[derive(Debug, Clone, PartialEq)]
pub struct Deed {
    /// The entry.
    pub seq: u64,
    /// What it was, in words.
    pub what: Box<str>,
    /// How undoable it is.
    pub class: UndoClass,
    /// The facts that take it back, for a local deed.
    pub back: Vec<Fact>,
    /// The errands that take it back, for one that left this machine.
    pub reverse: Vec<Errand>,
    /// The plan or the batch of decisions that it belonged to: all of it is taken back at once.
    pub plan: Option<OpId>,
    /// The facts themselves, for a redo.
    pub facts: Vec<Fact>,
}

/// How many deeds can be taken back.
const DEEDS: usize = 64;

impl Release {
    /// The deed that `z` would take back now.
    #[must_use]
    pub fn last_deed(&self) -> Option<&Deed> {
        self.deeds.last()
    }

    /// Keeps what `z` can take back, before the entry itself is taken in.
    pub(crate) fn keep_deed(&mut self, entry: &Entry) {
        let Some(deed) = self.deed_of(entry) else { return };
        if self.taking_back > 0 {
            self.taking_back -= 1;
            return;
        }
        if std::mem::take(&mut self.redoing) {
            self.redone = self.undone.pop().map_or(0, |deed| deed.facts.len().saturating_sub(1));
        } else if self.redone > 0 {
            self.redone -= 1;
        } else {
            self.undone.clear();
        }
        match self.deeds.last_mut() {
            Some(last) if last.plan.is_some() && last.plan == deed.plan => {
                last.seq = deed.seq;
                // A tag that is pushed stays.
                if matches!(&deed.facts[..], [Fact::Outcome { kind: "tag.push", .. }]) {
                    last.reverse.retain(|errand| !matches!(errand, Errand::DeleteTag(_)));
                }
                last.reverse.extend(deed.reverse);
                last.back.extend(deed.back);
                last.facts.extend(deed.facts);
                if let Some(what) = several(&last.facts) {
                    last.what = what.into();
                }
                if deed.class == UndoClass::Cannot {
                    last.class = UndoClass::Cannot;
                }
            }
            _ => self.deeds.push(deed),
        }
        if self.deeds.len() > DEEDS {
            self.deeds.remove(0);
        }
    }

    fn deed_of(&self, entry: &Entry) -> Option<Deed> {
        let local = |what: String, back: Fact| Deed {
            seq: entry.seq,
            what: what.into(),
            class: UndoClass::Local,
            back: vec![back],
            reverse: vec![],
            plan: None,
            facts: vec![entry.fact.clone()],
        };
        match &entry.fact {
            Fact::Checklist(fact::Checklist::Ticked(it)) => {
                // What stood before stood for a reason, which comes back with it.
                let why = self.checklist.items.get(&it.item).and_then(|record| record.why.clone());
                let back = Ticked { from: it.to, to: it.from, why, evidence: vec![], item: it.item.clone() };
                Some(local(format!("{} {}", it.to.word(), self.item_text(&it.item)), back.into()))
            }
            Fact::Gate(fact::Gate::Overridden(it)) => {
                let before = self.overrides.0.get(&it.gate).filter(|before| before.on && !it.on);
                let why = before.map_or_else(|| it.why.clone(), |before| before.why.clone());
                let back = Overridden { on: !it.on, why, ..it.clone() };
                Some(local(format!("override of gate {}", self.gate_title(&it.gate)), back.into()))
            }
            Fact::Announcements(fact::Announcements::Vouched(it)) => {
                Some(local(self.announcement_title(&it.id), self.vouched_before(it)))
            }
            Fact::Milestone(fact::Milestone::Chosen(it)) => {
                let before = self.milestones.chosen.clone()?;
                Some(local(format!("milestone {}", it.title.line()), Chosen { title: before }.into()))
            }
            Fact::Fixes(fact::Fixes::Settled(it)) => {
                let back = super::back::BackSettled { on: !it.on, ..it.clone() };
                Some(local(format!("{} on {}", it.commit.short(), it.line.line()), back.into()))
            }
            Fact::Roles(fact::Roles::Assigned(it)) => {
                let back = super::roles::RoleAssigned { on: !it.on, ..it.clone() };
                Some(local(format!("{}, {}", self.role_title(&it.role), it.login.as_str()), back.into()))
            }
            Fact::Votes(fact) => Some(local(self.vote_words(fact).1.what, self.votes.back(fact))),
            Fact::Notes(fact::Notes::Written(it)) => {
                Some(local(format!("notes of {}", it.tag.line()), self.notes.back(it).into()))
            }
            Fact::Picks(fact) => {
                let back = self.picks.back(fact)?;
                Some(Deed { plan: fact.batch(), ..local(self.pick_words(fact).what, back) })
            }
            Fact::Outcome { outcome, .. } if outcome.status == Status::Ok => self.errand_done(entry),
            _ => None,
        }
    }

    /// An errand that was carried out, as a deed.
    fn errand_done(&self, entry: &Entry) -> Option<Deed> {
        let op = entry.op.as_ref()?;
        let open = self.outbox.open.get(op)?;
        Some(Deed {
            seq: entry.seq,
            what: open.errand.line().into(),
            class: open.errand.undo_class(),
            back: vec![],
            reverse: open.errand.reverse().into_iter().collect(),
            plan: self.plan_of.get(op).cloned(),
            facts: vec![entry.fact.clone()],
        })
    }

    /// A session that broke off between the words of an undo or a redo and the fact itself did neither.
    pub(crate) fn forget_half_undone(&mut self) {
        if std::mem::take(&mut self.taking_back) > 0 {
            self.deeds.extend(self.undone.pop());
        }
        self.redoing = false;
        self.redone = 0;
    }

    /// Takes in that a deed was taken back: the facts that do so follow and are no deeds themselves.
    pub(crate) fn take_undone(&mut self, fact: &Undone) {
        if let Some(at) = self.deeds.iter().position(|deed| deed.seq == fact.seq) {
            let deed = self.deeds.remove(at);
            self.taking_back = deed.back.len();
            if deed.class == UndoClass::Local {
                self.undone.push(deed);
            }
        }
    }
}

/// Decisions about several picks in words.
fn several(facts: &[Fact]) -> Option<String> {
    if let Some(Fact::Picks(fact::Picks::Ordered(it))) = facts.last() {
        return Some(format!("put first on {} what is needed, {} added", it.line.line(), facts.len() - 1));
    }
    let Some(Fact::Picks(fact::Picks::Decided(first))) = facts.first() else { return None };
    Some(format!("{} {} picks → {}", first.to.word(), facts.len(), first.line.line()))
}
