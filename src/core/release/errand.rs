//! Errands: everything that changes the world outside, as plain data, and what became of them.

mod undo;

use super::announce::Announce;
pub use super::branches::CreateBranch;
use super::cut::{
    BumpVersion, DeleteTag, DispatchWorkflow, DraftRelease, PublishRelease, PushTag, TagVersion, UploadAsset,
};
use super::entry::raw;
use super::ids::{IssueKey, Repo};
use super::picks::{ApplyPicks, DressPull, OpenPull, PushBackport, PushPicks, ResolvePicks};
use super::planned::{CreateMilestone, OpenIssue};
use super::steps::{ProbeUrl, RunCommand};
use super::tasks::TickTasks;
use super::text::Untrusted;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

pub use super::outcome::{Open, Outcome, Status};

/// Moves an issue to another milestone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoveIssue {
    /// The issue.
    pub target: IssueKey,
    /// Title of the milestone it is in, none when it is in none.
    pub from: Option<Untrusted>,
    /// Title of the milestone it goes to, none to take it out.
    pub to: Option<Untrusted>,
    /// Number of that milestone in the issue's repository.
    pub to_number: Option<u64>,
    /// The rationale.
    pub why: Untrusted,
}

/// Closes or reopens an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateIssue {
    /// The issue.
    pub target: IssueKey,
    /// Whether it was closed for being not planned (`state_reason` of the REST API); only for closing.
    #[serde(default)]
    pub not_planned: bool,
    /// The reason given, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
}

/// Adds or removes labels of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelIssue {
    /// The issue.
    pub target: IssueKey,
    /// The labels.
    pub labels: Vec<Untrusted>,
}

/// Adds or removes assignees of an issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignIssue {
    /// The issue.
    pub target: IssueKey,
    /// The logins.
    pub logins: Vec<Untrusted>,
}

/// Writes a comment. The body that is sent ends with a marker that names the operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommentIssue {
    /// The issue.
    pub target: IssueKey,
    /// What is said.
    pub text: Untrusted,
}

/// Runs the failed jobs of a workflow run again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RerunFailed {
    /// Where the run is.
    pub target: Repo,
    /// The run.
    pub run: u64,
    /// The attempt that failed; done when a later one exists.
    pub attempt: u32,
    /// The name of the workflow, for people.
    pub name: Untrusted,
}

macro_rules! errands {
    ($($(#[$doc:meta])* $name:ident($payload:ty) = $kind:literal,)*) => {
        /// An errand for the outside. Plain data: comparable, printable, written to the journal before it leaves.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(tag = "kind", content = "body")]
        pub enum Errand { $($(#[$doc])* #[serde(rename = $kind)] $name($payload),)* }

        impl Errand {
            /// Every kind of errand; on disk `.intent` and `.outcome` follow.
            pub const KINDS: &'static [&'static str] = &[$($kind,)*];

            /// The kind without `.intent` or `.outcome`.
            #[must_use]
            pub fn kind(&self) -> &'static str {
                match self { $(Self::$name(_) => $kind,)* }
            }

            /// The payload on disk.
            #[must_use]
            pub fn body(&self) -> Box<RawValue> {
                match self { $(Self::$name(payload) => raw(payload),)* }
            }

            /// Reads an errand; none when the kind is not an errand's.
            pub(crate) fn read(kind: &str, body: &str) -> Option<Result<Self, serde_json::Error>> {
                match kind { $($kind => Some(serde_json::from_str(body).map(Self::$name)),)* _ => None }
            }

            /// The kind, when it is an errand's.
            #[must_use]
            pub fn known(kind: &str) -> Option<&'static str> {
                Self::KINDS.iter().copied().find(|known| *known == kind)
            }
        }
    };
}

errands! {
    /// Move to a milestone.
    MoveIssue(MoveIssue) = "issue.move",
    /// Close.
    CloseIssue(StateIssue) = "issue.close",
    /// Reopen.
    ReopenIssue(StateIssue) = "issue.reopen",
    /// Add labels.
    LabelIssue(LabelIssue) = "issue.label",
    /// Remove labels.
    UnlabelIssue(LabelIssue) = "issue.unlabel",
    /// Add assignees.
    AssignIssue(AssignIssue) = "issue.assign",
    /// Remove assignees.
    UnassignIssue(AssignIssue) = "issue.unassign",
    /// Comment.
    CommentIssue(CommentIssue) = "issue.comment",
    /// Set ticks in the task list of an issue.
    TickTasks(TickTasks) = "issue.tasks",
    /// Create a milestone.
    CreateMilestone(CreateMilestone) = "milestone.create",
    /// Open an issue.
    OpenIssue(OpenIssue) = "issue.open",
    /// Run failed jobs again.
    RerunFailed(RerunFailed) = "run.rerun",
    /// Create a branch.
    CreateBranch(CreateBranch) = "ref.create",
    /// Apply picks, in a worktree of gonogo's own.
    ApplyPicks(ApplyPicks) = "pick.apply",
    /// Go on with picks that have stopped.
    ResolvePicks(ResolvePicks) = "pick.resolve",
    /// Move a line forward to what was applied.
    PushPicks(PushPicks) = "ref.push",
    /// Put what was applied on a new branch.
    PushBackport(PushBackport) = "pick.push",
    /// Open a pull request.
    OpenPull(OpenPull) = "pull.open",
    /// Give a pull request that was opened its labels and people.
    DressPull(DressPull) = "pull.dress",
    /// Write a version into files of a branch, in a worktree of gonogo's own.
    BumpVersion(BumpVersion) = "version.bump",
    /// Tag a version in the clone.
    TagVersion(TagVersion) = "tag.create",
    /// Take back a tag that was not pushed.
    DeleteTag(DeleteTag) = "tag.delete",
    /// Push a tag.
    PushTag(PushTag) = "tag.push",
    /// Draft a release on the forge.
    DraftRelease(DraftRelease) = "release.draft",
    /// Upload a file to a release that is drafted.
    UploadAsset(UploadAsset) = "release.upload",
    /// Publish a release.
    PublishRelease(PublishRelease) = "release.publish",
    /// Start a workflow.
    DispatchWorkflow(DispatchWorkflow) = "run.dispatch",
    /// Post an announcement.
    Announce(Announce) = "announce.send",
    /// Run a program of the process.
    RunCommand(RunCommand) = "step.run",
    /// Ask a URL whether it answers as it should.
    ProbeUrl(ProbeUrl) = "step.ask",
}

/// How undoable a deed is, said before the key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UndoClass {
    /// Never left this machine.
    Local,
    /// Left, and a second errand takes it back.
    Compensating,
    /// Cannot be taken back.
    Cannot,
}

impl Errand {
    /// The issue that it is about.
    #[must_use]
    pub fn issue(&self) -> Option<&IssueKey> {
        match self {
            Self::MoveIssue(it) => Some(&it.target),
            Self::CloseIssue(it) | Self::ReopenIssue(it) => Some(&it.target),
            Self::LabelIssue(it) | Self::UnlabelIssue(it) => Some(&it.target),
            Self::AssignIssue(it) | Self::UnassignIssue(it) => Some(&it.target),
            Self::CommentIssue(it) => Some(&it.target),
            Self::TickTasks(it) => Some(&it.target),
            _ => None,
        }
    }

    /// What it is about, in a word: `octo/widget#17`, `release-1.2`, `run 18`.
    #[must_use]
    pub fn target(&self) -> String {
        match self {
            Self::RerunFailed(it) => format!("run {}", it.run),
            Self::CreateMilestone(it) => it.target.as_str().to_owned(),
            Self::OpenIssue(it) => it.target.as_str().to_owned(),
            Self::CreateBranch(it) => it.target.line(),
            Self::ApplyPicks(it) => it.target.line(),
            Self::ResolvePicks(it) => it.target.line(),
            Self::PushPicks(it) => it.target.line(),
            Self::PushBackport(it) => it.target.line(),
            Self::OpenPull(it) => it.head.line(),
            Self::BumpVersion(it) => it.target.line(),
            Self::TagVersion(it) => it.target.line(),
            Self::DeleteTag(it) => it.target.line(),
            Self::PushTag(it) => it.target.line(),
            Self::DraftRelease(it) => it.target.line(),
            Self::UploadAsset(it) => it.file.path.line(),
            Self::PublishRelease(it) => it.target.line(),
            Self::DispatchWorkflow(it) => Untrusted::from(&*it.workflow).line(),
            Self::Announce(it) => Untrusted::from(&*it.id).line(),
            Self::RunCommand(it) => Untrusted::from(&*it.item).line(),
            Self::ProbeUrl(it) => Untrusted::from(&*it.item).line(),
            Self::DressPull(it) => {
                it.key().map_or_else(|| it.target.as_str().to_owned(), |key| key.to_string())
            }
            _ => self.issue().map(ToString::to_string).unwrap_or_default(),
        }
    }

    /// What it does, as one line of a plan, safe to show.
    #[must_use]
    pub fn line(&self) -> String {
        let join = |texts: &[Untrusted]| texts.iter().map(Untrusted::line).collect::<Vec<_>>().join(", ");
        let title = |to: &Option<Untrusted>| to.as_ref().map_or("no milestone".to_owned(), Untrusted::line);
        match self {
            Self::MoveIssue(it) => {
                format!("move {} from {} to {}", it.target, title(&it.from), title(&it.to))
            }
            Self::CloseIssue(it) if it.not_planned => format!("close {} as not planned", it.target),
            Self::CloseIssue(it) => format!("close {}", it.target),
            Self::ReopenIssue(it) => format!("reopen {}", it.target),
            Self::LabelIssue(it) => format!("label {} with {}", it.target, join(&it.labels)),
            Self::UnlabelIssue(it) => format!("take {} off {}", join(&it.labels), it.target),
            Self::AssignIssue(it) => format!("assign {} to {}", it.target, join(&it.logins)),
            Self::UnassignIssue(it) => format!("unassign {} from {}", join(&it.logins), it.target),
            Self::CommentIssue(it) => format!("comment on {}: {}", it.target, it.text.line()),
            Self::RerunFailed(it) => format!("re-run failed jobs of {} (run {})", it.name.line(), it.run),
            Self::TickTasks(it) => it.line(),
            Self::CreateMilestone(it) => it.line(),
            Self::OpenIssue(it) => it.line(),
            Self::CreateBranch(it) => it.line(),
            Self::ApplyPicks(it) => it.line(),
            Self::ResolvePicks(it) => it.line(),
            Self::PushPicks(it) => it.line(),
            Self::PushBackport(it) => it.line(),
            Self::OpenPull(it) => it.line(),
            Self::DressPull(it) => it.line(),
            Self::BumpVersion(it) => it.line(),
            Self::TagVersion(it) => it.line(),
            Self::DeleteTag(it) => it.line(),
            Self::PushTag(it) => it.line(),
            Self::DraftRelease(it) => it.line(),
            Self::UploadAsset(it) => it.line(),
            Self::PublishRelease(it) => it.line(),
            Self::DispatchWorkflow(it) => it.line(),
            Self::Announce(it) => it.line(),
            Self::RunCommand(it) => it.line(),
            Self::ProbeUrl(it) => it.line(),
        }
    }

    /// What people will read because of it, line by line, safe to show; empty where its own line says all.
    #[must_use]
    pub fn preview(&self) -> Vec<String> {
        match self {
            Self::Announce(it) => it.preview(),
            Self::RunCommand(it) => it.preview(),
            Self::UploadAsset(it) => it.preview(),
            Self::OpenIssue(it) => super::announce::preview(it.body.raw()),
            Self::TickTasks(it) => it.preview(),
            // A comment of one line is all in the line of its step.
            Self::CommentIssue(it) if it.text.raw().contains('\n') => super::announce::preview(it.text.raw()),
            _ => vec![],
        }
    }

    /// Whether the forge carries it out, and so a token for it is needed.
    #[must_use]
    pub fn is_of_forge(&self) -> bool {
        match self {
            Self::Announce(it) => it.is_of_forge(),
            Self::RunCommand(_) | Self::ProbeUrl(_) => false,
            _ => !self.is_of_git(),
        }
    }

    /// Whether it is carried out on this machine, and nothing is sent but what a program of the process itself may send.
    /// A URL that is asked is only read.
    #[must_use]
    pub fn runs_here(&self) -> bool {
        match self {
            Self::RunCommand(_)
            | Self::ProbeUrl(_)
            | Self::ApplyPicks(_)
            | Self::ResolvePicks(_)
            | Self::BumpVersion(_)
            | Self::TagVersion(_)
            | Self::DeleteTag(_) => true,
            Self::Announce(it) => it.via == super::announce::Via::File,
            _ => false,
        }
    }

    /// Whether git carries it out, and not the forge.
    #[must_use]
    pub fn is_of_git(&self) -> bool {
        matches!(
            self,
            Self::CreateBranch(_)
                | Self::ApplyPicks(_)
                | Self::ResolvePicks(_)
                | Self::PushPicks(_)
                | Self::PushBackport(_)
                | Self::BumpVersion(_)
                | Self::TagVersion(_)
                | Self::DeleteTag(_)
                | Self::PushTag(_)
        )
    }
}
