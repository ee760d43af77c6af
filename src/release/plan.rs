//! A plan: what will be sent, step by step, shown before anything leaves and kept as it was shown.

use super::errand::{Errand, UndoClass};
use super::ids::OpId;
use serde::{Deserialize, Serialize};

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// The operation that it will be recorded under.
    pub op: OpId,
    /// What is sent.
    pub errand: Errand,
    /// Entries with the decisions that it publishes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follows: Vec<u64>,
}

impl Step {
    /// A step that follows from nothing but the plan itself.
    #[must_use]
    pub fn new(op: OpId, errand: Errand) -> Self {
        Self { op, errand, follows: Vec::new() }
    }
}

/// How hard the way back is, and so what a person must do to say go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Danger {
    /// Reversible: enter, with the cursor on Cancel.
    Reversible,
    /// Hard to reverse: this name is typed.
    Typed(String),
}

/// What will be sent, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The plan's own id.
    pub id: OpId,
    /// What it does, in words.
    pub title: String,
    /// The steps.
    pub steps: Vec<Step>,
    /// How hard the way back is.
    pub danger: Danger,
    /// Whether saying go also says that the repository's own hooks and helpers may run from now on.
    pub trust: bool,
}

impl Plan {
    /// The weakest undo class of its steps.
    #[must_use]
    pub fn undo_class(&self) -> UndoClass {
        let classes = || self.steps.iter().map(|step| step.errand.undo_class());
        if classes().any(|class| class == UndoClass::Cannot) {
            UndoClass::Cannot
        } else if classes().any(|class| class == UndoClass::Compensating) {
            UndoClass::Compensating
        } else {
            UndoClass::Local
        }
    }

    /// Shortest time that sending it takes, in seconds: GitHub asks for a second between writes.
    #[must_use]
    pub fn seconds(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }
}
