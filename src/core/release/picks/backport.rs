//! Picks on their way to a line by pull request: a branch of their own, the pull request, its labels and people.

use super::{ApplyPicks, PickKey, Picks, Place};
use crate::release::errand::{Errand, Outcome, Status};
use crate::release::ids::{Branch, IssueKey, Oid, OpId, Repo};
use crate::release::looks::Topic;
use crate::release::text::{Untrusted, markdown};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The user's fork, where backports are pushed to when the clone names one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    /// The name of its remote in the clone.
    pub remote: Box<str>,
    /// Who owns it on the forge.
    pub owner: Box<str>,
}

/// Puts what was applied on a new branch of the remote. It is never an existing one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushBackport {
    /// The new branch.
    pub target: Branch,
    /// The line that the picks are for.
    pub line: Branch,
    /// The tip of the line that they were applied on.
    pub from: Oid,
    /// What is pushed; none until it is applied. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Oid>,
    /// The operation that applied it.
    pub of: OpId,
    /// The remote of the user's fork; none for the repository's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remote: Option<Untrusted>,
    /// Whether git has the terminal, so that it may ask for a passphrase.
    #[serde(default, skip_serializing_if = "is_no")]
    pub attended: bool,
}

/// Opens a pull request from a branch that was pushed. The body that is sent ends with a marker that names the
/// operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPull {
    /// Where it is opened.
    pub target: Repo,
    /// The line.
    pub base: Branch,
    /// The branch that was pushed.
    pub head: Branch,
    /// Who owns the fork that has the branch; none when it is in the repository itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Untrusted>,
    /// Its title.
    pub title: Untrusted,
    /// What it says.
    pub body: Untrusted,
    /// Whether it is a draft: asked for, or because it holds conflicts.
    #[serde(default)]
    pub draft: bool,
    /// The picks that it brings.
    pub picks: Vec<PickKey>,
    /// Files that were committed with conflict markers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conflicts: Vec<Untrusted>,
    /// The operation that applied the picks.
    pub of: OpId,
}

/// Gives a pull request that was opened its labels and people. What it has already is not sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DressPull {
    /// Where it is.
    pub target: Repo,
    /// Its number; none until it is opened. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The operation that applied the picks.
    pub of: OpId,
    /// Labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<Untrusted>,
    /// Assignees.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assignees: Vec<Untrusted>,
    /// People who are asked to review, and teams as `owner/team`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reviewers: Vec<Untrusted>,
}

/// A pull request that was opened for a pick, until the forge itself shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its number.
    pub number: u64,
    /// Where a browser finds it.
    pub url: Option<Untrusted>,
    /// Whether it is a draft.
    pub draft: bool,
    /// How many looks at picks have ended since.
    looks: u8,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
pub(super) fn is_no(flag: &bool) -> bool {
    !flag
}

impl PushBackport {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let to = self.to.map_or_else(|| "what was applied".to_owned(), |to| to.short());
        let remote = self.remote.as_ref().map_or("the remote".to_owned(), Untrusted::line);
        let name = self.target.line();
        format!("git push --atomic --force-with-lease={name}: {to} as the new branch {name} of {remote}")
    }
}

impl OpenPull {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let draft = if self.draft { " as a draft" } else { "" };
        let holds = match self.conflicts.len() {
            0 => String::new(),
            many => format!(", {many} {} with conflict markers", crate::release::log::plural(many, "file")),
        };
        let (head, base, title) = (self.head_name(), self.base.line(), self.title.line());
        format!("POST /repos/{}/pulls {head} into {base}{draft}: {title}{holds}", self.target.as_str())
    }

    /// `branch`, or `owner:branch` of a fork.
    #[must_use]
    pub fn head_name(&self) -> String {
        let owner = self.owner.as_ref().map(|owner| format!("{}:", owner.line())).unwrap_or_default();
        format!("{owner}{}", self.head.line())
    }

    /// The same with what an earlier step left: a pull request that holds conflicts is a draft, and says so.
    #[must_use]
    pub(crate) fn holding(&self, conflicts: &[Untrusted]) -> Self {
        if conflicts.is_empty() || !self.conflicts.is_empty() {
            return self.clone();
        }
        let files: Vec<_> =
            conflicts.iter().take(50).map(|path| format!("- {}", markdown(path.raw(), 300))).collect();
        let said = "**It holds conflicts.** These files are committed with their conflict markers, and are to be \
                    resolved before it is merged:";
        let body = format!("{}\n\n{said}\n\n{}", self.body.raw().trim_end(), files.join("\n"));
        Self { draft: true, conflicts: conflicts.to_vec(), body: Untrusted::from(body), ..self.clone() }
    }
}

impl DressPull {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let join = |texts: &[Untrusted]| texts.iter().map(Untrusted::line).collect::<Vec<_>>().join(", ");
        let mut said = vec![];
        for (what, texts) in
            [("label it", &self.labels), ("assign", &self.assignees), ("ask to review", &self.reviewers)]
        {
            if !texts.is_empty() {
                said.push(format!("{what} {}", join(texts)));
            }
        }
        let which = self.number.map_or("the new pull request".to_owned(), |number| format!("#{number}"));
        format!("{which}: {}", said.join("; "))
    }

    /// The pull request, once it is known.
    #[must_use]
    pub fn key(&self) -> Option<IssueKey> {
        Some(IssueKey { repo: self.target.clone(), number: self.number? })
    }
}

impl Errand {
    /// Whether git has the terminal while it carries this out.
    #[must_use]
    pub fn is_attended(&self) -> bool {
        match self {
            Self::ResolvePicks(it) => it.attended,
            Self::PushPicks(it) => it.attended,
            Self::PushBackport(it) => it.attended,
            Self::BumpVersion(it) => it.attended,
            Self::TagVersion(it) => it.attended,
            Self::PushTag(it) => it.attended,
            _ => false,
        }
    }

    /// The same on the terminal, or in the background; one that never needs a terminal stays as it is.
    #[must_use]
    pub fn attended(mut self, on: bool) -> Self {
        match &mut self {
            Self::ResolvePicks(it) => it.attended = on,
            Self::PushPicks(it) => it.attended = on,
            Self::PushBackport(it) => it.attended = on,
            Self::BumpVersion(it) => it.attended = on,
            Self::TagVersion(it) => it.attended = on,
            Self::PushTag(it) => it.attended = on,
            _ => {}
        }
        self
    }

    /// The operation that makes what this waits for: picks that are applied, a commit, a tag.
    #[must_use]
    pub fn waits_for(&self) -> Option<&OpId> {
        match self {
            Self::PushPicks(it) => Some(&it.of),
            Self::PushBackport(it) => Some(&it.of),
            Self::OpenPull(it) => Some(&it.of),
            Self::DressPull(it) => Some(&it.of),
            Self::TagVersion(it) => it.of.as_ref(),
            Self::PushTag(it) => Some(&it.of),
            Self::DraftRelease(it) => it.of.as_ref(),
            Self::UploadAsset(it) => it.of.as_ref(),
            Self::PublishRelease(it) => it.of.as_ref(),
            Self::DispatchWorkflow(it) => it.of.as_ref(),
            _ => None,
        }
    }

    /// Whether it is put back into its plan when it certainly did not happen: the rest of the plan needs it.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        matches!(
            self,
            Self::PushPicks(_)
                | Self::PushBackport(_)
                | Self::OpenPull(_)
                | Self::BumpVersion(_)
                | Self::TagVersion(_)
                | Self::PushTag(_)
                | Self::DraftRelease(_)
                | Self::UploadAsset(_)
                | Self::PublishRelease(_)
                | Self::DispatchWorkflow(_)
                | Self::TickTasks(_)
                | Self::MoveIssue(_)
        )
    }
}

impl ApplyPicks {
    /// The picks that it applies, each once, in order.
    #[must_use]
    pub fn keys(&self) -> Vec<PickKey> {
        let mut keys: Vec<PickKey> = self.picks.iter().map(|step| step.pick.clone()).collect();
        keys.dedup();
        keys
    }
}

impl Picks {
    /// Takes in how a step of a backport ended, while its errand is still open.
    pub(crate) fn take_backported(&mut self, errand: &Errand, outcome: &Outcome) {
        match errand {
            // A name that was used, by us or by others, is not used again.
            Errand::PushBackport(it) if matches!(outcome.status, Status::Ok | Status::Conflict) => {
                self.branches.insert(it.target.clone());
            }
            Errand::OpenPull(it) if outcome.status == Status::Ok => {
                let Some(number) = number(outcome) else { return };
                let url = outcome.after.get("url").cloned();
                let opened = Opened { number, url, draft: it.draft, looks: 0 };
                self.boards.forget();
                for key in &it.picks {
                    self.opened.insert((key.clone(), it.base.clone()), opened.clone());
                }
            }
            _ => {}
        }
    }

    /// A look at picks has ended. What it shows counts from now on: the second that ended since a pull request was
    /// opened has begun after that.
    pub(crate) fn looked(&mut self, topic: Topic) {
        if topic == Topic::Picks && !self.opened.is_empty() {
            self.boards.forget();
            self.opened.retain(|_, opened| {
                opened.looks += 1;
                opened.looks < 2
            });
        }
    }

    /// The pull request that was opened for a pick, while the forge was not seen to show it.
    #[must_use]
    pub fn opened(&self, place: &Place) -> Option<&Opened> {
        self.opened.get(place)
    }

    /// Whether a branch's name was used for a backport already.
    #[must_use]
    pub(crate) fn used(&self) -> &BTreeSet<Branch> {
        &self.branches
    }
}

/// The number of the pull request that an outcome tells.
pub(crate) fn number(outcome: &Outcome) -> Option<u64> {
    outcome.after.get("number")?.raw().parse().ok()
}
