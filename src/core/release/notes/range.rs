//! From where to where: since the last candidate, and since the last final version.

use crate::release::ids::Oid;
use crate::version::{TagClass, TagKind, Version};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A tag that a range may start at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What it is.
    pub class: TagClass,
    /// The commit.
    pub at: Oid,
    /// When it was tagged, where that is known.
    pub tagged: Option<DateTime<Utc>>,
}

/// What a range starts at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Since {
    /// The last candidate of the same version.
    Candidate,
    /// The last final version before it.
    Final,
    /// A tag that somebody named.
    Named,
    /// The start of the history: there is no version before.
    Start,
}

impl Since {
    /// In words: `the last candidate`, `the last final version`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Candidate => "the last candidate",
            Self::Final => "the last final version",
            Self::Named => "the tag that was named",
            Self::Start => "the start",
        }
    }
}

/// The marks before a version: its last candidate, and the last final version below it. Of a version that is tagged,
/// only what was tagged no later counts: a fix for an older line that came after is not before it.
#[must_use]
pub fn before<'m>(
    version: &Version,
    tagged: Option<DateTime<Utc>>,
    marks: &'m [Mark],
) -> (Option<&'m Mark>, Option<&'m Mark>) {
    let base = version.base();
    let in_time = |it: &&Mark| match (it.tagged, tagged) {
        (Some(it), Some(tagged)) => it <= tagged,
        _ => true,
    };
    let highest = |fits: &dyn Fn(&TagClass, &Version) -> bool| {
        marks
            .iter()
            .filter(in_time)
            .filter(|it| it.class.version.as_ref().is_some_and(|at| at < version && fits(&it.class, at)))
            .max_by(|a, b| a.class.version.cmp(&b.class.version))
    };
    let candidate = highest(&|class, at| matches!(class.kind, TagKind::Candidate(_)) && at.base() == base);
    let last = highest(&|class, at| class.kind == TagKind::Final && *at < base);
    (candidate, last)
}
