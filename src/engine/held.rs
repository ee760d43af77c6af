//! What leaves once its batch is on disk, and never leaves when it is not.

use crate::release::ask::Effect;
use std::collections::BTreeMap;

/// Effects by the batch that they wait for.
#[derive(Debug, Default)]
pub struct Held(BTreeMap<u64, Vec<Effect>>);

impl Held {
    /// Keeps what a batch lets leave.
    pub fn hold(&mut self, batch: u64, effects: Vec<Effect>) {
        if !effects.is_empty() {
            self.0.insert(batch, effects);
        }
    }

    /// The batch is on disk: what waited for it.
    #[must_use]
    pub fn written(&mut self, batch: u64) -> Vec<Effect> {
        self.0.remove(&batch).unwrap_or_default()
    }

    /// The batch will never be on disk: what waited for it is dropped.
    pub fn lost(&mut self, batch: u64) {
        self.0.remove(&batch);
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
