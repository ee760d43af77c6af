//! Notices and jobs: what just happened, and what is on its way.

use crate::release::ids::OpId;
use chrono::{DateTime, Utc};

/// How a notice is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// Hardly worth a look: a key that does nothing.
    Faint,
    /// For information.
    Plain,
    /// It was refused, or needs a look.
    Warn,
    /// It failed.
    Bad,
}

/// A line that stays for some seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says, safe to show.
    pub text: String,
    /// Until when it is shown.
    pub until: DateTime<Utc>,
}

/// What a job is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobKind {
    /// A look or several.
    Look,
    /// A plan being sent.
    Plan(OpId),
    /// A queue being predicted.
    Predict,
    /// A better order of a queue being looked for.
    Order,
    /// Notes being drafted.
    Notes,
    /// A batch being written to the journal.
    Record,
    /// The token being looked for.
    Token,
    /// Anything else.
    Other,
}

/// Something that takes longer than a blink.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// What it is.
    pub kind: JobKind,
    /// What it does, safe to show.
    pub text: String,
    /// Steps done and steps in all; none when that is not known.
    pub progress: Option<(usize, usize)>,
    /// Since when: it is shown after 200 ms.
    pub since: DateTime<Utc>,
    /// Whether `ctrl-x` can stop it.
    pub cancel: bool,
}
