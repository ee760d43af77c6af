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
    /// A file being uploaded by this errand: its progress is in bytes.
    Upload(OpId),
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
    /// Steps done and steps in all, of an upload bytes; none when that is not known.
    pub progress: Option<(usize, usize)>,
    /// Since when: it is shown after 200 ms.
    pub since: DateTime<Utc>,
    /// Whether `ctrl-x` can stop it.
    pub cancel: bool,
}

impl Job {
    /// How far it is, in words with this between the two: `3/5`, `1.5/40.0 MiB`. None when that is not known.
    #[must_use]
    pub fn done(&self, of: &str) -> Option<String> {
        let (done, all) = self.progress?;
        if !matches!(self.kind, JobKind::Upload(_)) {
            return Some(format!("{done}{of}{all}"));
        }
        let (unit, word) = match all {
            0..1_024 => (1, "bytes"),
            1_024..1_048_576 => (1_024, "KiB"),
            _ => (1_048_576, "MiB"),
        };
        let tenths = |bytes: usize| {
            let tenths = bytes.saturating_mul(10) / unit;
            if unit == 1 { bytes.to_string() } else { format!("{}.{}", tenths / 10, tenths % 10) }
        };
        Some(format!("{}{of}{} {word}", tenths(done), tenths(all)))
    }
}
