//! The task list of the tracking issue, and the checklist: ticks made here wait to be published there, ticks made there
//! count here with who made them, and none is lost.
//!
//! The later word on an item holds. A tick or an untick made here that is later than what was last seen there waits
//! to be published. A tick seen there counts as one made here would: not where the item is bound to a role that its
//! author does not hold, wants evidence that is not attached, or comes after one that is not settled. An untick seen
//! there takes no tick away here: both are shown, and a person decides.

pub mod history;
pub mod lines;
mod seen;
mod status;
mod wish;

pub use seen::{Place, Task, TaskEdit, TaskRow, Tasks, TasksRead, TasksSeen};

use super::ids::IssueKey;
use super::log::plural;
use super::text::{Untrusted, shown};
use serde::{Deserialize, Serialize};

/// A tick that is set or taken away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskTick {
    /// The item's id in the process.
    pub item: Box<str>,
    /// Its text, by which its line is known where no comment in it names it.
    pub text: Untrusted,
    /// Whether its line is ticked afterwards.
    pub on: bool,
}

/// Sets ticks in the task list of an issue. The text is read right before, and nothing of it but these ticks changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickTasks {
    /// The issue.
    pub target: IssueKey,
    /// The ticks.
    pub ticks: Vec<TaskTick>,
}

impl TickTasks {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let on = self.ticks.iter().filter(|tick| tick.on).count();
        let words = [("tick", on), ("untick", self.ticks.len() - on)];
        let words = words.iter().filter(|(_, count)| *count > 0);
        let words: Vec<_> = words.map(|(verb, count)| format!("{verb} {count}")).collect();
        format!("{} {} on {}", words.join(" and "), plural(self.ticks.len(), "item"), self.target)
    }

    /// Its ticks, line by line.
    #[must_use]
    pub fn preview(&self) -> Vec<String> {
        let line = |tick: &TaskTick| {
            format!("[{}] {}", if tick.on { 'x' } else { ' ' }, shown(tick.text.raw(), 120))
        };
        self.ticks.iter().map(line).collect()
    }
}
