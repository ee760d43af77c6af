//! What a pick is called: its pull request, or its commit where it has none.

use crate::release::ids::{BadName, IssueKey, Oid, Repo};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A pull request, or a commit that belongs to none.
///
/// On disk it is a string: `octo/widget#17`, or the full id of the commit.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum PickKey {
    /// A pull request.
    Pull(IssueKey),
    /// A commit.
    Commit(Oid),
}

impl PickKey {
    /// Reads `octo/widget#17`, or a full object id.
    ///
    /// # Errors
    /// When it is neither.
    pub fn parse(text: &str) -> Result<Self, BadName> {
        let Some((repo, number)) = text.rsplit_once('#') else { return Oid::parse(text).map(Self::Commit) };
        let number = number.parse().map_err(|_| BadName {
            text: crate::release::text::shown(text, 120),
            what: "a pick",
            why: "it must be owner/name#number or a full commit id",
        })?;
        Ok(Self::Pull(IssueKey { repo: Repo::parse(repo)?, number }))
    }

    /// The number of the pull request.
    #[must_use]
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Pull(key) => Some(key.number),
            Self::Commit(_) => None,
        }
    }

    /// As people say it: `#17`, `9f31c02`.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Pull(key) => format!("#{}", key.number),
            Self::Commit(oid) => oid.short(),
        }
    }
}

impl fmt::Display for PickKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pull(key) => key.fmt(f),
            Self::Commit(oid) => oid.fmt(f),
        }
    }
}

impl TryFrom<String> for PickKey {
    type Error = BadName;
    fn try_from(text: String) -> Result<Self, BadName> {
        Self::parse(&text)
    }
}

impl From<PickKey> for String {
    fn from(key: PickKey) -> Self {
        key.to_string()
    }
}
