//! What the candidate tab shows of cutting, made once for what is known.

use super::ready::{Ready, What};
use super::stages::Stage;
use crate::release::Release;
use crate::release::ask::Refusal;
use crate::release::ids::Tag;
use chrono::{DateTime, Utc};

/// What may be cut, what is being cut, and whether the release is out.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The tag that is being cut or was cut last, and its steps.
    pub under_way: Option<(Tag, Vec<Stage>)>,
    /// The final tag, when it exists: then nothing is left to cut.
    pub out: Option<Tag>,
    candidate: Result<Ready, Refusal>,
    last: Result<Ready, Refusal>,
}

impl Outlook {
    /// The outlook of a release.
    #[must_use]
    pub fn of(release: &Release, now: DateTime<Utc>) -> Self {
        Self {
            under_way: release.cutting().map(|tag| (tag.clone(), release.stages_of(&tag))),
            out: release.final_tag().map(|row| row.tag.clone()),
            candidate: release.ready_to_cut(What::Candidate, now),
            last: release.ready_to_cut(What::Final, now),
        }
    }

    /// What would be cut.
    ///
    /// # Errors
    /// Why there is nothing to cut.
    pub fn ready(&self, what: What) -> Result<&Ready, &Refusal> {
        match what {
            What::Candidate => self.candidate.as_ref(),
            What::Final => self.last.as_ref(),
        }
    }
}
