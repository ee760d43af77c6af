//! The steps of cutting a version, as plain data: each is recorded before it leaves, and each can be looked for.

use crate::release::ids::{Branch, Oid, OpId, Repo, Tag};
use crate::release::log::plural;
use crate::release::text::Untrusted;
use crate::version::Edit;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Writes a version into files of a branch and commits it on top of the tip. No branch moves by it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BumpVersion {
    /// The branch.
    pub target: Branch,
    /// Its tip, on which the commit goes.
    pub tip: Oid,
    /// What is written where.
    pub edits: Vec<Edit>,
    /// The message of the commit.
    pub message: Untrusted,
    /// Whether it is signed off.
    #[serde(default)]
    pub sign_off: bool,
    /// Whether git has the terminal, so that it may ask for a passphrase.
    #[serde(default, skip_serializing_if = "is_no")]
    pub attended: bool,
}

/// Whether a tag is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signing {
    /// As `tag.gpgSign` of the user's git says.
    #[default]
    AsConfigured,
    /// Always: without a signature there is no tag.
    Required,
}

/// Makes an annotated tag in the clone. It reaches nobody until it is pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagVersion {
    /// The tag; it must not exist yet, or name this very commit.
    pub target: Tag,
    /// The commit; none until the commit that the version is written in is pushed. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Oid>,
    /// The operation that makes the commit, when the plan makes one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OpId>,
    /// The branch that must stand at the commit on the remote; none when the commit was tested before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Branch>,
    /// Its message.
    pub message: Untrusted,
    /// Whether it is signed.
    #[serde(default)]
    pub signing: Signing,
    /// Whether git has the terminal, so that it may ask for a passphrase.
    #[serde(default, skip_serializing_if = "is_no")]
    pub attended: bool,
}

/// Takes a tag away in the clone that was not pushed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteTag {
    /// The tag.
    pub target: Tag,
    /// The commit that it names.
    pub at: Oid,
}

/// Pushes a tag as a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PushTag {
    /// The tag; the remote must not have it, or have it at this very commit.
    pub target: Tag,
    /// The commit that it names; none until it is made. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Oid>,
    /// The tag object; none until it is made. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<Oid>,
    /// The operation that makes the tag.
    pub of: OpId,
    /// The branch that must stand at the commit on the remote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Branch>,
    /// Whether git has the terminal, so that it may ask for a passphrase.
    #[serde(default, skip_serializing_if = "is_no")]
    pub attended: bool,
}

/// Drafts a release on the forge. The body that is sent ends with a marker that names the operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftRelease {
    /// Where.
    pub repo: Repo,
    /// The tag.
    pub target: Tag,
    /// The commit that the tag names; none until it is made. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Oid>,
    /// The operation that makes the tag, when the plan does; it is drafted once the tag is pushed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OpId>,
    /// Its title.
    pub title: Untrusted,
    /// What it says.
    pub body: Untrusted,
    /// Whether it is a prerelease.
    #[serde(default)]
    pub prerelease: bool,
}

/// Publishes a release that was drafted. Everybody who watches the repository may be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublishRelease {
    /// Where.
    pub repo: Repo,
    /// The tag; the remote must have it at this commit.
    pub target: Tag,
    /// The commit that the tag names; none until it is made. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Oid>,
    /// The number of the draft; none until it is drafted. An intent always says it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub release: Option<u64>,
    /// The operation that makes the tag, when the same plan drafts the release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OpId>,
    /// What it says, where that was written after it was drafted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Untrusted>,
    /// Whether it is a prerelease.
    #[serde(default)]
    pub prerelease: bool,
    /// Whether it becomes the latest release: never for an older line.
    #[serde(default)]
    pub latest: bool,
}

/// Starts a workflow. It is never started twice: a lost reply is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DispatchWorkflow {
    /// Where.
    pub repo: Repo,
    /// The workflow's file: `release.yml`.
    pub workflow: Box<str>,
    /// The branch or tag that it runs on, by its short name.
    pub on: Untrusted,
    /// Its inputs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub inputs: BTreeMap<Box<str>, Untrusted>,
    /// The operation that makes the tag, when it waits for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<OpId>,
    /// The checklist item or channel that it is run for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Box<str>>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_no(flag: &bool) -> bool {
    !flag
}

fn commit(at: Option<Oid>) -> String {
    at.map_or_else(|| "the commit made before".to_owned(), |at| at.short())
}

impl BumpVersion {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let files: Vec<_> = self.edits.iter().map(|it| Untrusted::from(it.file.as_str()).line()).collect();
        let (name, tip) = (self.target.line(), self.tip.short());
        format!("commit on {name} at {tip}, in a worktree of its own: {}", files.join(", "))
    }
}

impl TagVersion {
    /// As one line of a plan: the very command.
    #[must_use]
    pub fn line(&self) -> String {
        let kind = if self.signing == Signing::Required { "-s" } else { "-a" };
        format!("git tag {kind} {} {}, in this clone", self.target.line(), commit(self.at))
    }
}

impl DeleteTag {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        format!("delete {} at {} in this clone: it was not pushed", self.target.line(), self.at.short())
    }
}

impl PushTag {
    /// As one line of a plan: the very command.
    #[must_use]
    pub fn line(&self) -> String {
        let name = self.target.line();
        format!(
            "git push --atomic --force-with-lease={name}: {name} at {}, as a new tag, never moved",
            commit(self.at)
        )
    }
}

impl DraftRelease {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let kind = if self.prerelease { "prerelease" } else { "release" };
        let lines = self.body.raw().lines().count();
        let noun = plural(lines, "line");
        format!("draft the {kind} {} in {}, {lines} {noun} of notes", self.target.line(), self.repo.as_str())
    }
}

impl PublishRelease {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let kind = if self.prerelease { "prerelease" } else { "release" };
        let latest = if self.latest { "latest" } else { "not latest" };
        let body = self.body.as_ref().map(|body| body.raw().lines().count());
        let body = body.map_or(String::new(), |lines| format!(", with {lines} lines of notes written since"));
        format!("publish the {kind} {} in {}, {latest}{body}", self.target.line(), self.repo.as_str())
    }
}

impl DispatchWorkflow {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let inputs: Vec<_> = self
            .inputs
            .iter()
            .map(|(name, value)| format!("{}={}", Untrusted::from(&**name).line(), value.line()))
            .collect();
        let with = if inputs.is_empty() { String::new() } else { format!(" with {}", inputs.join(" ")) };
        let file = Untrusted::from(&*self.workflow).line();
        format!("start the workflow {file} on {}{with}", self.on.line())
    }
}
