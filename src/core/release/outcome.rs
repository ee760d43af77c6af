//! What came back from an errand, and the errands of which nothing came back yet.

use super::errand::Errand;
use super::ids::OpId;
use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an errand ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Done.
    Ok,
    /// Tried, and did not work; nothing was changed.
    Failed,
    /// The other side said no.
    Refused,
    /// The world is not as the plan expected; nothing was sent.
    Conflict,
    /// A person called it off before it was sent.
    Abandoned,
    /// Sent, and no answer came that could be read: it may have happened. Never sent again by itself.
    Unknown,
}

/// What came back from an errand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// How it ended.
    pub status: Status,
    /// `probe` when it was found by looking and not by the reply; otherwise absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Box<str>>,
    /// HTTP status of the reply, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<u16>,
    /// `x-github-request-id` of the reply.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub req: Option<Untrusted>,
    /// What the other side said, or what is to be known about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Untrusted>,
    /// What is there now, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub after: BTreeMap<Box<str>, Untrusted>,
}

impl Outcome {
    /// An outcome with nothing more to say.
    #[must_use]
    pub fn new(status: Status) -> Self {
        Self { status, by: None, http: None, req: None, note: None, after: BTreeMap::new() }
    }

    /// The same, with a note.
    #[must_use]
    pub fn noted(status: Status, note: impl Into<String>) -> Self {
        Self { note: Some(Untrusted::from(note.into())), ..Self::new(status) }
    }

    /// The same, found by looking and not told by a reply.
    #[must_use]
    pub fn by_probe(self) -> Self {
        Self { by: Some("probe".into()), ..self }
    }
}

/// An errand that was recorded as about to leave, and of which no outcome is on record.
#[derive(Debug, Clone, PartialEq)]
pub struct Open {
    /// Its operation.
    pub op: OpId,
    /// What was meant.
    pub errand: Errand,
    /// When it was recorded.
    pub since: DateTime<Utc>,
    /// Whether it was left open by an earlier session, or its reply could not be read: it may have happened.
    pub in_doubt: bool,
}
