//! What is to be known of a queued pick at a glance: will it apply, is it there already, was it taken back.

use super::{Change, Foreseen, Grade, Landing, PickKey, Picks, Predicted, Standing};
use crate::release::ids::{Branch, Oid};
use crate::release::text::Untrusted;

/// What is to be known first of a pick that is queued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outlook<'a> {
    /// The trunk has taken it back, and it is still queued here.
    Reverted(Oid),
    /// It conflicts.
    Conflict(&'a Predicted),
    /// What it changes is there already, or it changes nothing.
    Empty(&'a Predicted),
    /// A commit of the line looks like it: weak evidence, not called landed.
    Likely(&'a Landing),
    /// It applies where it stands in the queue, and not without these before it.
    CleanAfter(&'a [PickKey]),
    /// It applies.
    Clean,
    /// It cannot be told.
    Unknown(&'a Untrusted),
    /// It was not predicted yet.
    Untried,
}

impl Outlook<'_> {
    /// In a word.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Reverted(_) => "REVERTED",
            Self::Conflict(_) => "CONFLICT",
            Self::Empty(_) => "empty",
            Self::Likely(_) => "likely",
            Self::CleanAfter(_) => "after",
            Self::Clean => "clean",
            Self::Unknown(_) => "unknown",
            Self::Untried => "not tried",
        }
    }
}

impl Picks {
    /// What is to be known first of a pick that is queued on a line.
    #[must_use]
    pub fn outlook(&self, key: &PickKey, line: &Branch) -> Outlook<'_> {
        let place = (key.clone(), line.clone());
        if let Some(by) = self.changes.get(key).and_then(|change: &Change| change.reverted) {
            return Outlook::Reverted(by);
        }
        let row = self.predictions.get(line).and_then(|known| known.rows.get(key)).map(|(row, _)| row);
        // What is there in part is still to come: what would come of it is to be known first.
        let likely =
            |it: &&Landing| matches!(it.grade, Grade::Number | Grade::Subject) && it.reverted.is_none();
        let weak = self.landings.get(&place).filter(likely);
        match (row.map(|row| (&row.verdict, row)), weak) {
            (Some((Foreseen::Conflict { .. }, row)), _) => Outlook::Conflict(row),
            (Some((Foreseen::Empty { .. }, row)), _) => Outlook::Empty(row),
            (_, Some(landing)) => Outlook::Likely(landing),
            (Some((Foreseen::CleanAfter { picks }, _)), None) => Outlook::CleanAfter(picks),
            (Some((Foreseen::Clean, _)), None) => Outlook::Clean,
            (Some((Foreseen::Unknown { why }, _)), None) => Outlook::Unknown(why),
            (None, None) => Outlook::Untried,
        }
    }

    /// Why a pick rings the alarm: it was taken back in one place, and lives on in another.
    #[must_use]
    pub fn alarm(&self, key: &PickKey, line: &Branch) -> Option<String> {
        let on_trunk = self.changes.get(key).and_then(|change| change.reverted);
        let here = line.line();
        Some(match self.cell(key, line)?.alarm(on_trunk)? {
            Alarm::QueuedHere(by) => {
                format!("reverted on {here} by {}, and still in the queue", by.short())
            }
            Alarm::Alive(by) => format!("reverted on the trunk by {}, and alive on {here}", by.short()),
            Alarm::Queued(by) => format!("reverted on the trunk by {}, and still in the queue", by.short()),
        })
    }
}

/// What is wrong with a pick that was taken back, with the commit that did.
pub(super) enum Alarm {
    /// On the line, and it is still queued there.
    QueuedHere(Oid),
    /// On the trunk, and it lives on the line.
    Alive(Oid),
    /// On the trunk, and it is still queued.
    Queued(Oid),
}

impl Standing<'_> {
    /// Why it rings the alarm, given the commit that has taken it back on the trunk.
    pub(super) fn alarm(&self, on_trunk: Option<Oid>) -> Option<Alarm> {
        let queued = self.state.is_queued();
        if let Some(landing) = self.landing {
            if let Some(by) = landing.reverted.filter(|_| queued) {
                return Some(Alarm::QueuedHere(by));
            }
            let lives = landing.reverted.is_none() && landing.grade.is_sure();
            if let Some(by) = landing.trunk_reverted.or(on_trunk).filter(|_| lives) {
                return Some(Alarm::Alive(by));
            }
        }
        on_trunk.filter(|_| queued).map(Alarm::Queued)
    }
}
