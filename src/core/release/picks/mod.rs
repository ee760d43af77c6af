//! The pick queue: what is wanted on each line, what shows that it is there, what was decided, what would happen.
//!
//! Four sources know something of a pick, each in facts of its own, so that none takes back what another saw:
//! the forge sees pull requests ([`PicksSeen`]), the clone sees commits wanted on a line ([`WantedSeen`]), the
//! commits behind each pick ([`ChangesSeen`]) and what shows that it landed ([`LandingsSeen`]), and people decide
//! ([`Decided`], [`Added`], [`Ordered`], [`Attested`]). [`Picks::cell`] joins them: one pick on one line.

mod applying;
mod ask;
mod back;
pub(crate) mod backport;
mod board;
mod brought;
mod cell;
mod command;
mod decision;
mod gate;
mod gather;
mod key;
mod landing;
mod matrix;
mod place;
mod predicted;
mod prerequisites;
mod publish;
mod pulls;
mod seen;
mod triage;
mod wanted;
mod words;

pub use applying::{ApplyPicks, PickStep, PushPicks, Resolve, ResolvePicks, Resolving};
pub use ask::PickAsk;
pub use backport::{DressPull, Fork, OpenPull, Opened, PushBackport};
pub use board::{Board, Seat};
pub use brought::{branch_numbers, brings, is_backport_word, leading_number, picked_from, sentence};
pub use cell::{CellState, Standing};
pub use command::{Command, NamedLine, Wish, wishes};
pub use decision::{Added, Answer, Attested, Decided, Decision, Ordered, OrderedBy, Record};
pub use gather::{Gather, MilestoneOf};
pub use key::PickKey;
pub use landing::{Grade, Landing, LandingsSeen};
pub use matrix::Told;
pub use place::Outlook;
pub use predicted::{
    BetterOrder, Clash, Foreseen, Foresight, Hunk, Needed, Predicted, Predictions, PredictionsSeen, QueueAsk,
    Remedy, Tally,
};
pub use publish::Published;
pub use seen::{Asked, Backport, BackportState, Pick, PickState, PicksSeen, PullCommit, PullFacts, Stray};
pub use wanted::{Change, ChangeCommit, ChangesSeen, Merged, Wanted, WantedSeen};

use super::entry::Entry;
use super::fact;
use super::ids::{Branch, OpId, Repo};
use super::text::Untrusted;
use std::collections::{BTreeMap, BTreeSet};

/// A pick on a line.
pub type Place = (PickKey, Branch);

/// What is known of the queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Picks {
    /// Pull requests that the forge shows to be wanted on a line.
    pub pulls: BTreeMap<Place, Pick>,
    /// Commands in comments that name no active line.
    pub strays: BTreeMap<Repo, Vec<Stray>>,
    /// Commits that the clone shows to be wanted on a line.
    pub wanted: BTreeMap<Place, Wanted>,
    /// The commits behind each pick.
    pub changes: BTreeMap<PickKey, Change>,
    /// What shows that a pick is on a line.
    pub landings: BTreeMap<Place, Landing>,
    /// What people decided: the latest of each.
    pub decisions: BTreeMap<Place, Record>,
    /// What people added by hand, with what it was called.
    pub added: BTreeMap<Place, Untrusted>,
    /// Landings that a person vouches for: who, and why.
    pub attested: BTreeMap<Place, (Box<str>, Untrusted)>,
    /// Picks that have stopped on their way to a line, and wait for a person.
    pub resolving: BTreeMap<Branch, Resolving>,
    /// Pull requests that were opened for picks, until the forge itself shows them.
    pub(crate) opened: BTreeMap<Place, Opened>,
    /// Branches that were made for backports, or that somebody else has made.
    pub(crate) branches: BTreeSet<Branch>,
    /// The order that people gave a line's queue.
    pub order: BTreeMap<Branch, Vec<PickKey>>,
    /// What would come of applying the queue of each line.
    pub predictions: BTreeMap<Branch, Predictions>,
    /// What plans are known to have put on pull requests for decisions.
    pub published: BTreeMap<Place, Published>,
    /// Steps of plans that publish decisions, each with the picks that it is about.
    pub(crate) sending: BTreeMap<OpId, Vec<Place>>,
    /// The entries that first showed a pick to be reverted on its line.
    pub(crate) reverted: BTreeMap<Place, u64>,
    /// The entries that first showed a pick to be wanted on a line, by the forge or by a person.
    came: BTreeMap<Place, u64>,
    /// The entries that first showed a line.
    lines_came: BTreeMap<Branch, u64>,
    /// What is made of all of a line's picks, until they change.
    boards: board::Boards,
}

impl Picks {
    /// Every pick of a line, whoever wants it there.
    #[must_use]
    pub fn on(&self, line: &Branch) -> BTreeSet<&PickKey> {
        let places = self.pulls.keys().chain(self.wanted.keys()).chain(self.added.keys());
        places.filter(|(_, on)| on == line).map(|(key, _)| key).collect()
    }

    /// Every line that something is wanted on.
    #[must_use]
    pub fn lines(&self) -> BTreeSet<&Branch> {
        let places = self.pulls.keys().chain(self.wanted.keys()).chain(self.added.keys());
        places.map(|(_, on)| on).collect()
    }

    /// The picks that are to be applied to a line, in the order in which they would be: as people ordered them, and
    /// behind those the others, oldest on the trunk first.
    #[must_use]
    pub fn queue(&self, line: &Branch) -> Vec<PickKey> {
        self.board(line).queue().to_vec()
    }

    pub(crate) fn take(&mut self, fact: &fact::Picks, entry: &Entry) {
        // A prediction comes in pick by pick, and says nothing of where one stands.
        if !matches!(fact, fact::Picks::Predictions(_)) {
            self.boards.forget();
        }
        match fact {
            fact::Picks::Seen(it) => self.see(it, entry.seq),
            fact::Picks::Wanted(it) => it.take(&mut self.wanted),
            fact::Picks::Changes(it) => it.take(&mut self.changes),
            fact::Picks::Landings(it) => {
                it.take(&mut self.landings);
                for row in &it.rows {
                    let place = (row.pick.clone(), row.line.clone());
                    if row.reverted.is_none() {
                        self.reverted.remove(&place);
                    } else {
                        self.reverted.entry(place).or_insert(entry.seq);
                    }
                }
            }
            fact::Picks::Predictions(it) => {
                self.predictions.entry(it.line.clone()).or_default().take(it, entry);
            }
            fact::Picks::Decided(it) => {
                self.decisions.insert((it.pick.clone(), it.line.clone()), Record::of(it, entry));
            }
            fact::Picks::Added(it) => self.take_added(it, entry.seq),
            fact::Picks::Ordered(it) => {
                self.order.insert(it.line.clone(), it.order.clone());
            }
            fact::Picks::Attested(it) => {
                let place = (it.pick.clone(), it.line.clone());
                if it.on {
                    self.attested.insert(place, (entry.by.clone(), it.why.clone()));
                } else {
                    self.attested.remove(&place);
                }
            }
        }
    }

    fn take_added(&mut self, fact: &Added, seq: u64) {
        let place = (fact.pick.clone(), fact.line.clone());
        if fact.on {
            self.came.entry(place.clone()).or_insert(seq);
            self.added.insert(place, fact.title.clone());
        } else {
            if !self.pulls.contains_key(&place) {
                self.came.remove(&place);
            }
            self.added.remove(&place);
        }
    }
}
