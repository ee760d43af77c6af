//! How much a sighting says: its rows, and what it lacks.

use super::observe::Sighting;
use super::text::Untrusted;

impl Sighting {
    /// What it lacks although it is there, in words; none when it is whole.
    pub(super) fn partly(&self) -> Option<&Untrusted> {
        match self {
            Self::Picks(.., partly) => partly.as_ref(),
            _ => None,
        }
    }

    /// How many rows it has.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Git { lines, .. } => lines.len(),
            Self::Weights(rows) => rows.len(),
            Self::Milestones(_, rows) => rows.len(),
            Self::Issues(_, rows) => rows.len(),
            Self::Checks { rows, .. } => rows.len(),
            Self::Required(seen) => seen.contexts.len(),
            Self::Releases(rows) => rows.len(),
            Self::Picks(_, rows, ..) => rows.len(),
            Self::Landings { landings, .. } => landings.len(),
            Self::Fixes(it) => it.rows.len(),
            Self::Log(_) | Self::Artifact(_) => 1,
            Self::Files(seen) => seen.rows.len(),
            Self::Built(seen) => seen.rows.len(),
            Self::Run(_) | Self::Tasks(_) => 1,
            Self::Failed(..) => 0,
        }
    }
}
