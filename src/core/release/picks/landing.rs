//! What shows that a pick is on a line already, graded: weak evidence is shown, and is not called landed.

use super::{PickKey, Place};
use crate::release::ids::{Branch, Oid};
use crate::release::text::Untrusted;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How sure it is that a pick is on a line, the surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// The commit itself is an ancestor of the line's tip.
    Ancestor,
    /// A commit of the line names it with `(cherry picked from commit …)`, and the named one is on the trunk.
    Trailer,
    /// A commit of the line has the same stable patch id.
    PatchId,
    /// A commit of the line says in its subject, in a form that backports have, that it is of this pull request:
    /// `(backport #17)`, `Automated cherry pick of #17`.
    Pull,
    /// A commit of the line has the same pull request's number as its own and changes the same files, under another
    /// subject and in another way. Not called landed.
    Number,
    /// A commit of the line has the same subject and the same author. Not called landed.
    Subject,
    /// Some of its commits are on the line for sure, and others are not. Not called landed.
    Part,
}

impl Grade {
    /// Whether it is enough to call the pick landed.
    #[must_use]
    pub fn is_sure(self) -> bool {
        !matches!(self, Self::Number | Self::Subject | Self::Part)
    }

    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Ancestor => "ancestor",
            Self::Trailer => "-x trailer",
            Self::PatchId => "patch-id",
            Self::Pull => "number in subject",
            Self::Number => "same number and files",
            Self::Subject => "same subject",
            Self::Part => "a part of it",
        }
    }
}

/// A pick on a line, as a commit of the line shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landing {
    /// The pick.
    pub pick: PickKey,
    /// The line.
    pub line: Branch,
    /// How sure it is.
    pub grade: Grade,
    /// The commit of the line.
    pub commit: Oid,
    /// The commit on the trunk that it repeats, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Oid>,
    /// Whether its patch differs from the one on the trunk: backported with changes. None when not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub modified: Option<bool>,
    /// The commit of the line that reverted it, where one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reverted: Option<Oid>,
    /// The commit of the trunk that reverted the original, where one did: it lives on here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trunk_reverted: Option<Oid>,
    /// When the commit came to the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<chrono::DateTime<chrono::Utc>>,
    /// Who committed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Untrusted>,
}

/// Landings seen: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LandingsSeen {
    /// New and changed.
    pub rows: Vec<Landing>,
    /// Those that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Place>,
}

impl LandingsSeen {
    pub(super) fn take(&self, known: &mut BTreeMap<Place, Landing>) {
        for row in &self.rows {
            known.insert((row.pick.clone(), row.line.clone()), row.clone());
        }
        for place in &self.gone {
            known.remove(place);
        }
    }
}
