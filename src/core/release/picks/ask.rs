//! Imperative: what a person wants of picks.

use super::{Answer, Decision, OrderedBy, PickKey, Place};
use crate::release::ids::Branch;
use crate::release::text::Untrusted;

/// What a person asks of picks. Everything of it stays on this machine.
#[derive(Debug, Clone, PartialEq)]
pub enum PickAsk {
    /// Decides about picks, all in the same way.
    Decide {
        /// The picks, each on its line.
        picks: Vec<Place>,
        /// What is decided.
        to: Decision,
        /// Why.
        why: Option<Untrusted>,
        /// Answers to the questions of the process.
        answers: Vec<Answer>,
    },
    /// Adds a pick to a line by hand.
    Add {
        /// The pick as typed: `17`, `#17`, `owner/name#17`, its address, or a commit id.
        what: Untrusted,
        /// The line.
        line: Branch,
    },
    /// Takes picks that were added by hand off their lines.
    TakeOff {
        /// The picks, each on its line.
        picks: Vec<Place>,
    },
    /// Vouches that picks are on their lines, or takes that back.
    Attest {
        /// The picks, each on its line.
        picks: Vec<Place>,
        /// Whether they are vouched for from now on.
        on: bool,
        /// What shows it.
        why: Untrusted,
    },
    /// Moves a pick in the queue of its line by one place.
    Shift {
        /// The pick.
        pick: Place,
        /// Whether it is to be applied later.
        later: bool,
    },
    /// Puts what a conflicting pick needs right before it in the queue, and adds what of it is not wanted there yet.
    PutNeedsFirst {
        /// The pick.
        pick: Place,
    },
    /// Gives the queue of a line an order.
    Order {
        /// The line.
        line: Branch,
        /// Its picks, the first to be applied first.
        order: Vec<PickKey>,
        /// Where the order comes from.
        by: OrderedBy,
    },
}
