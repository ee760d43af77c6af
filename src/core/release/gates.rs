//! Gates: overrides on record, shown for ever. What a gate reads is in [`super::poll`].

use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A gate was overridden, or an override was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    /// The gate's id in the process.
    pub gate: Box<str>,
    /// Whether the override is in force from now on.
    pub on: bool,
    /// What the gate said at that moment.
    pub reading: Untrusted,
    /// Why.
    pub why: Untrusted,
}

/// An override on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override {
    /// Whether it is in force.
    pub on: bool,
    /// Who.
    pub by: Box<str>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub why: Untrusted,
    /// The entry.
    pub seq: u64,
}

/// Overrides by gate: the latest of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overrides(pub BTreeMap<Box<str>, Override>);

impl Overrides {
    /// The override that is in force on a gate.
    #[must_use]
    pub fn of(&self, gate: &str) -> Option<&Override> {
        self.0.get(gate).filter(|it| it.on)
    }
}
