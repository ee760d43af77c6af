//! A plan: what will be sent, step by step, shown before anything leaves and kept as it was shown.

use super::cut::Ready;
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
    /// It cannot be taken back and is read before: enter, with the cursor on Cancel.
    Lasting,
    /// Hard to reverse: this name is typed.
    Typed(String),
}

/// A row of a plan as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PlanRow {
    /// The step at this place.
    Step(usize),
    /// A line of what people will read because of the step above.
    Text(String),
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
    /// What a plan that cuts a version rests on: it is read page by page before.
    pub cut: Option<Box<Ready>>,
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

    /// Its steps, each with what people will read because of it below.
    #[must_use]
    pub fn rows(&self) -> Vec<PlanRow> {
        let row = |(at, step): (usize, &Step)| {
            let below = step.errand.preview().into_iter().map(PlanRow::Text);
            std::iter::once(PlanRow::Step(at)).chain(below).collect::<Vec<_>>()
        };
        self.steps.iter().enumerate().flat_map(row).collect()
    }

    /// Shortest time that sending it takes, in seconds: GitHub asks for a second between writes.
    #[must_use]
    pub fn seconds(&self) -> usize {
        self.steps.len().saturating_sub(1)
    }
}
