//! What the forge knows of picks: pull requests wanted on a line, by whom, and how far each has come.

use super::{PickKey, Picks};
use crate::release::ids::{Branch, IssueKey, Oid, Repo};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How far a pick has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PickState {
    /// Its pull request is not merged on the trunk yet.
    NotMerged,
    /// On the trunk, proposed for the line, not decided.
    Proposed,
    /// A commit on the line names it.
    Landed,
}

/// A pull request proposed for a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Number of the pull request.
    pub number: u64,
    /// Its title.
    pub title: Untrusted,
    /// Who opened it.
    pub author: Option<Untrusted>,
    /// The line it is proposed for.
    pub line: Branch,
    /// The label that proposes it; empty when something else does, see `asked`.
    #[serde(default, skip_serializing_if = "Untrusted::is_empty")]
    pub label: Untrusted,
    /// How far it has come.
    pub state: PickState,
    /// What shows that it landed: "-x trailer in 7c3dc17".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Untrusted>,
    /// The merge commit on the trunk.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Oid>,
    /// When it was merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// What else proposes it, beside the label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<Asked>,
    /// The pull request that brings it to the line, where one was found: the open one, else the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backport: Option<Backport>,
    /// What the forge knows of the pull request itself, where that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<PullFacts>,
    /// Whether it was closed and not merged: its commits may be on the trunk all the same, in parts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub closed: bool,
    /// What is to be known about how it is proposed: a label that stands for two lines, for instance.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Untrusted>,
}

impl Pick {
    /// Whether nobody wants it there who may write to the repository: it is shown, and obliges nobody.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        let weak = |asked: &Asked| matches!(asked, Asked::Comment { weak: true, .. });
        let strange = |it: &Backport| it.weak;
        let by_backport = |asked: &Asked| {
            matches!(asked, Asked::Backport { .. }) && self.backport.as_ref().is_some_and(strange)
        };
        let all = |asked: &Asked| weak(asked) || by_backport(asked);
        self.label.is_empty() && !self.asked.is_empty() && self.asked.iter().all(all)
    }

    /// Who wants it there, when and by what: the first of those who say when, else the first.
    #[must_use]
    pub fn wanted_by(&self) -> Option<&Asked> {
        let known = self.asked.iter().find(|asked| asked.at().is_some() && !asked.is_weak());
        known.or_else(|| self.asked.first())
    }
}

/// Who or what wants a pick on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Asked {
    /// A label: also that of the pick itself, where it is known who put it there.
    Label {
        /// Its name.
        label: Untrusted,
        /// Who put it there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<Untrusted>,
        /// When.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
    },
    /// A milestone.
    Milestone {
        /// Its title.
        title: Untrusted,
        /// Who put it in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<Untrusted>,
        /// When.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
    },
    /// A comment with a command: `/cherry-pick release-1.2`.
    Comment {
        /// Who wrote it.
        login: Untrusted,
        /// When.
        at: DateTime<Utc>,
        /// The command as it was written.
        #[serde(default, skip_serializing_if = "Untrusted::is_empty")]
        said: Untrusted,
        /// Whether who wrote it may not write to the repository, as far as the forge says: it is shown, and does not count.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        weak: bool,
        /// When the comment was last edited, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        edited: Option<DateTime<Utc>>,
    },
    /// A pull request that brings it to the line.
    Backport {
        /// Its number.
        number: u64,
        /// Who opened it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<Untrusted>,
        /// When.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<DateTime<Utc>>,
    },
    /// It is on the trunk since the line was cut, and touches paths that the process names.
    Paths {
        /// The paths that it touches, at most five.
        paths: Vec<Untrusted>,
    },
    /// It reverts a commit that is alive on the line.
    Reverts {
        /// The commit on the line.
        commit: Oid,
    },
    /// It was made on another line: it belongs here too.
    Forward {
        /// The line it was made on.
        from: Branch,
    },
}

impl Asked {
    /// Who.
    #[must_use]
    pub fn login(&self) -> Option<&Untrusted> {
        match self {
            Self::Label { login, .. } | Self::Milestone { login, .. } | Self::Backport { login, .. } => {
                login.as_ref()
            }
            Self::Comment { login, .. } => Some(login),
            Self::Paths { .. } | Self::Reverts { .. } | Self::Forward { .. } => None,
        }
    }

    /// When.
    #[must_use]
    pub fn at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Label { at, .. } | Self::Milestone { at, .. } | Self::Backport { at, .. } => *at,
            Self::Comment { at, .. } => Some(*at),
            Self::Paths { .. } | Self::Reverts { .. } | Self::Forward { .. } => None,
        }
    }

    /// Whether it does not count.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        matches!(self, Self::Comment { weak: true, .. })
    }

    /// By what, in a few words that are safe to show: `label backport release-1.2`, `"/cherry-pick release-1.2"`.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Label { label, .. } => format!("label {}", label.line()),
            Self::Milestone { title, .. } => format!("milestone {}", title.line()),
            Self::Comment { said, .. } if said.is_empty() => "a comment".to_owned(),
            Self::Comment { said, edited: None, .. } => format!("\"{}\"", said.line()),
            Self::Comment { said, .. } => format!("\"{}\", edited since", said.line()),
            Self::Backport { number, .. } => format!("#{number} brings it"),
            Self::Paths { paths } => {
                format!("touches {}", paths.iter().map(Untrusted::line).collect::<Vec<_>>().join(" "))
            }
            Self::Reverts { commit } => format!("reverts {}, which is alive here", commit.short()),
            Self::Forward { from } => format!("made on {}", from.line()),
        }
    }
}

/// A command in a comment that names no active line.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stray {
    /// The pull request that it stands under.
    pub number: u64,
    /// Its title.
    pub title: Untrusted,
    /// The command as it was written.
    pub said: Untrusted,
    /// Who wrote it.
    pub login: Untrusted,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether who wrote it may not write to the repository.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weak: bool,
}

/// How far a backport pull request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BackportState {
    /// Open.
    Open,
    /// Merged.
    Merged,
    /// Closed without being merged.
    Closed,
}

/// A pull request that brings a pick to a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Backport {
    /// Its number.
    pub number: u64,
    /// How far it has come.
    pub state: BackportState,
    /// Whether it is a draft: bots open one when the pick conflicts.
    #[serde(default)]
    pub draft: bool,
    /// Who opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Untrusted>,
    /// How it was told to be of this pick: "its title", "its branch mergify/bp/release-1.2/pr-17".
    pub known_by: Untrusted,
    /// When it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// When it was merged or closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<DateTime<Utc>>,
    /// Where a browser finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Untrusted>,
    /// Whether the forge says that it conflicts with the line; none where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conflict: Option<bool>,
    /// The state of all checks on its newest commit: `SUCCESS`, `FAILURE`, `PENDING`; none when none ran or they cannot
    /// be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Untrusted>,
    /// Whether it comes from a fork of somebody who may not write to the repository: it is shown, and does not count.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub weak: bool,
}

impl Backport {
    /// What is to be known of it, in a few words that are safe to show: `draft`, `conflict`, `checks failure`.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let mut said = Vec::new();
        said.extend(self.draft.then(|| "draft".to_owned()));
        said.extend((self.conflict == Some(true)).then(|| "conflict".to_owned()));
        said.extend(self.checks.as_ref().map(|it| format!("checks {}", it.line().to_lowercase())));
        said.extend(self.weak.then(|| "by somebody who may not write here".to_owned()));
        said
    }
}

/// A commit of a pull request, as it stands on its own branch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PullCommit {
    /// Its id there.
    pub oid: Oid,
    /// The first line of its message.
    pub subject: Untrusted,
}

/// What the forge knows of a pull request, for who has to decide.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PullFacts {
    /// Logins that approved it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub approved_by: Vec<Untrusted>,
    /// Who merged it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_by: Option<Untrusted>,
    /// Its labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Untrusted>,
    /// The state of all checks on its merge commit, in GitHub's words: `SUCCESS`, `FAILURE`, `PENDING`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checks: Option<Untrusted>,
    /// How many commits it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<u32>,
    /// Its commits, where it was closed and not merged: what of it is on the trunk is to be told by them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub list: Vec<PullCommit>,
    /// Lines added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub added: Option<u32>,
    /// Lines removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub removed: Option<u32>,
    /// How many files it changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u32>,
    /// What the forge does not let this token read: `reviews`, `checks`. Nothing of it is taken for clean.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Untrusted>,
}

/// Picks seen: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PicksSeen {
    /// Where.
    pub repo: Repo,
    /// New and changed.
    pub rows: Vec<Pick>,
    /// Number and line of those that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<(u64, Branch)>,
    /// All commands that name no active line; none when they are as they were.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strays: Option<Vec<Stray>>,
}

impl Picks {
    pub(super) fn see(&mut self, fact: &PicksSeen, seq: u64) {
        let key = |number, line: &Branch| {
            (PickKey::Pull(IssueKey { repo: fact.repo.clone(), number }), line.clone())
        };
        for row in &fact.rows {
            let place = key(row.number, &row.line);
            self.came.entry(place.clone()).or_insert(seq);
            self.pulls.insert(place, row.clone());
        }
        for (number, line) in &fact.gone {
            let place = key(*number, line);
            if !self.added.contains_key(&place) {
                self.came.remove(&place);
            }
            self.pulls.remove(&place);
        }
        if let Some(strays) = &fact.strays {
            self.strays.insert(fact.repo.clone(), strays.clone());
        }
    }
}
