//! What merges came to, remembered by what went in.

use crate::release::ids::Oid;
use crate::release::predict::{Applied, Conflict};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// The trees of a merge: ours, base, theirs. The attributes are those of ours, so its tree stands for them too.
pub(super) type Key = [Oid; 3];

/// What a merge came to.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// A tree other than ours.
    Applied(Arc<Applied>),
    /// Ours.
    Same,
    /// It conflicts.
    Conflict(Arc<Conflict>),
}

/// Merges that are remembered, and files that they changed in all: of these, a bulk import has thousands.
const MERGES: usize = 8_192;
const FILES: usize = 500_000;

/// The memory; the oldest merges are forgotten first.
#[derive(Debug, Default)]
pub(super) struct Memo {
    outcomes: HashMap<Key, Outcome>,
    order: VecDeque<Key>,
    files: usize,
    made: u64,
}

impl Memo {
    pub(super) fn get(&self, key: &Key) -> Option<Outcome> {
        self.outcomes.get(key).cloned()
    }

    pub(super) fn put(&mut self, key: Key, outcome: Outcome) {
        self.made += 1;
        self.files += outcome.files();
        if let Some(old) = self.outcomes.insert(key, outcome) {
            self.files -= old.files();
        } else {
            self.order.push_back(key);
        }
        while self.order.len() > MERGES || (self.files > FILES && self.order.len() > 1) {
            let gone = self.order.pop_front().and_then(|key| self.outcomes.remove(&key));
            self.files -= gone.map_or(0, |gone| gone.files());
        }
    }

    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// Merges that were put in, ever.
    pub(super) fn made(&self) -> u64 {
        self.made
    }

    pub(super) fn len(&self) -> usize {
        self.outcomes.len()
    }
}

impl Outcome {
    fn files(&self) -> usize {
        match self {
            Self::Applied(applied) => applied.files.len(),
            Self::Same => 0,
            Self::Conflict(conflict) => conflict.files.len(),
        }
    }
}
