//! The journal's own facts: opened, started, sealed, refused.

use super::ids::{Login, Oid, ReleaseName, Repo};
use super::text::Untrusted;
use serde::{Deserialize, Serialize};

/// The first line of a journal: what it is about, and under which process it is folded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// `gonogo-journal/1`.
    pub format: Box<str>,
    /// The program that wrote it, with its version.
    pub tool: Box<str>,
    /// The writer: random, per machine and clone.
    pub writer: Box<str>,
    /// Host of the forge, none for a repository without one.
    #[serde(default)]
    pub host: Option<Box<str>>,
    /// The repository on the forge, none for a repository without one.
    #[serde(default)]
    pub repo: Option<Repo>,
    /// The first commit of the trunk; none in an empty repository.
    #[serde(default)]
    pub root: Option<Oid>,
    /// The release.
    pub release: ReleaseName,
    /// `sha256:…` of the catalogue of kinds that the writer knew.
    pub kinds: Box<str>,
    /// `sha256:…` of the process profile, a blob beside the journal.
    pub process: Box<str>,
    /// The profile itself: never on disk in the line, filled in from the blob when the journal is read.
    #[serde(skip)]
    pub profile: Option<Box<str>>,
    /// `live`, or `demo`.
    pub mode: Box<str>,
}

/// A cockpit was opened on the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Default)]
pub struct Started {
    /// Whether the session before it ended without being sealed.
    #[serde(default)]
    pub resumed: bool,
    /// What was found at the end of the journal: `clean`, `torn`.
    pub tail: Box<str>,
    /// Operations whose outcome is not on record.
    #[serde(default)]
    pub in_doubt: Vec<Box<str>>,
    /// Offset of the local clock from UTC, `+01:00`.
    pub tz: Box<str>,
    /// Where the token came from: `gh`, `GONOGO_TOKEN`, `none`.
    pub auth: Box<str>,
    /// The login that the token belongs to, as the forge says.
    #[serde(default)]
    pub login: Option<Login>,
    /// Who the user's configuration says sits here; what a token says comes first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Login>,
}

/// A cockpit was closed in good order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Why it ended: `quit`, `SIGTERM`.
    pub note: Box<str>,
}

/// The process was changed in mid-release: a decision, on record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessChanged {
    /// `sha256:…` of the profile until now.
    pub from: Box<str>,
    /// `sha256:…` of the profile from now on.
    pub to: Box<str>,
    /// The profile itself, filled in from the blob when the journal is read.
    #[serde(skip)]
    pub profile: Option<Box<str>>,
    /// Why.
    pub why: Untrusted,
}

/// Another process was written down in mid-release, and a person decided against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProcessKept {
    /// `sha256:…` of the profile that stays in force.
    pub from: Box<str>,
    /// `sha256:…` of the profile that was not taken.
    pub offered: Box<str>,
    /// Why.
    pub why: Untrusted,
}

/// An ask that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// What was asked, in words.
    pub ask: Untrusted,
    /// What it was about.
    pub target: Untrusted,
    /// Why it was refused.
    pub why: Untrusted,
    /// What to do instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Untrusted>,
}

/// The forge said whose token it is: what follows is done under this login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identified {
    /// Where the token came from.
    pub how: Box<str>,
    /// The login.
    pub login: Option<Login>,
    /// Scopes of a classic token.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Untrusted>,
}

/// The user said that what the repository's own configuration and hooks start may run when something is pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trusted {
    /// The address pushed to, without user name and password.
    pub remote: Untrusted,
}
