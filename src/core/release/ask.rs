//! Imperative: what a person wants, what follows from it, and why it is refused.

use super::announce::Route;
use super::checklist::ItemState;
use super::entry::Note;
use super::errand::Errand;
use super::ids::{Branch, IssueKey, OpId};
use super::looks::LookKey;
use super::picks::{Fork, PickAsk, PickKey, Place, QueueAsk, Resolve, Resolving};
use super::plan::Plan;
use super::planned::Planned;
use super::text::Untrusted;
use chrono::{DateTime, Utc};

/// What a person asks for, and what stays on this machine until a plan leaves.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Gives a checklist item a state.
    Tick {
        /// The item's id.
        item: Box<str>,
        /// The state.
        to: ItemState,
        /// Why: asked for when skipping, when not applicable, and against the item's own check.
        why: Option<Untrusted>,
    },
    /// Attaches a note or link to an item.
    Attach {
        /// The item's id.
        item: Box<str>,
        /// The note or link.
        text: Untrusted,
    },
    /// Says that an announcement was made.
    Vouch {
        /// The announcement's id.
        id: Box<str>,
        /// Where it is read.
        link: Option<Untrusted>,
        /// What was copied for it.
        text: Option<Untrusted>,
    },
    /// Overrides a gate, or takes the override back.
    Override {
        /// The gate's id.
        gate: Box<str>,
        /// Whether the override is to be in force.
        on: bool,
        /// Why.
        why: Untrusted,
    },
    /// Chooses the milestone that the release is driven by.
    ChooseMilestone {
        /// Its title.
        title: Untrusted,
    },
    /// Sends a plan that was shown.
    Go(Plan),
    /// Calls the rest of a plan off.
    CallOff {
        /// The plan.
        plan: OpId,
        /// Why.
        why: Untrusted,
    },
    /// Goes on with a plan that stands still.
    GoOn {
        /// The plan.
        plan: OpId,
        /// Whether git gets the terminal for its next step, so that it may ask for a passphrase.
        attended: bool,
        /// Whether its next step replaces a file that was uploaded in part.
        replaces: bool,
    },
    /// A person says what became of an errand in doubt.
    Attest {
        /// The operation.
        op: OpId,
        /// Whether it happened.
        happened: bool,
    },
    /// Follows another process from now on, or keeps the one that is recorded.
    Process {
        /// `sha256:…` of the other profile.
        to: Box<str>,
        /// Whether it is taken.
        take: bool,
        /// Why.
        why: Untrusted,
    },
    /// Says that a branch does not need a commit of the hotfix, or takes that back.
    Back(super::back::BackSettled),
    /// Says who holds a role.
    Role(super::roles::RoleAsk),
    /// Says that the release went wrong, or that this is over.
    Setback(super::setback::SetbackAsk),
    /// Says something of the release: a signature, the decision, a report.
    Say(super::votes::Say),
    /// Has something of a meeting written down.
    Meet(super::meeting::Meet),
    /// Something about picks.
    Pick(PickAsk),
    /// Keeps notes that were drafted.
    KeepNotes(Box<super::notes::Drafted>),
    /// Keeps notes that a person wrote.
    WriteNotes(super::notes::Written),
    /// Takes the last local deed back.
    Undo,
    /// Does again what was last taken back.
    Redo,
}

/// What a person wants to send: a plan is drafted from it, and shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Proposal {
    /// Move issues to another milestone; the rationale becomes a comment.
    Move {
        /// The issues.
        issues: Vec<IssueKey>,
        /// Title of the milestone; empty to take them out.
        to: Untrusted,
        /// The rationale.
        why: Untrusted,
    },
    /// Close issues.
    Close {
        /// The issues.
        issues: Vec<IssueKey>,
        /// Whether as not planned.
        not_planned: bool,
    },
    /// Reopen issues.
    Reopen {
        /// The issues.
        issues: Vec<IssueKey>,
    },
    /// Add labels, or take them off when they start with a dash.
    Label {
        /// The issues.
        issues: Vec<IssueKey>,
        /// The labels.
        labels: Vec<Untrusted>,
    },
    /// Assign people, or unassign when they start with a dash.
    Assign {
        /// The issues.
        issues: Vec<IssueKey>,
        /// The logins.
        logins: Vec<Untrusted>,
    },
    /// Comment on issues.
    Comment {
        /// The issues.
        issues: Vec<IssueKey>,
        /// What is said.
        text: Untrusted,
    },
    /// Run the failed jobs of checks again.
    Rerun {
        /// The branch.
        branch: Branch,
        /// The checks.
        checks: Vec<Untrusted>,
    },
    /// Create a branch on the remote.
    CreateBranch {
        /// Its name.
        name: Untrusted,
        /// The branch whose tip it starts at.
        from: Branch,
    },
    /// Apply picks to a line and push it.
    ApplyPicks {
        /// The line.
        line: Branch,
        /// The picks; all that were accepted when empty.
        picks: Vec<PickKey>,
    },
    /// Go on with picks that have stopped.
    ResolvePicks {
        /// The line.
        line: Branch,
        /// How.
        answer: Resolve,
        /// Whether git gets the terminal, so that it may ask for a passphrase.
        attended: bool,
    },
    /// Bring picks to a line by pull requests.
    Backport {
        /// The line.
        line: Branch,
        /// The picks; all that were accepted when empty.
        picks: Vec<PickKey>,
        /// Whether each gets a pull request of its own.
        each: bool,
        /// Where their branches are pushed to; the repository's own remote unless told.
        fork: Option<Fork>,
    },
    /// Cut a candidate or the final version.
    Cut(super::cut::What),
    /// Publish the release of a tag.
    PublishRelease(super::ids::Tag),
    /// Start the workflow of a checklist item.
    Workflow {
        /// The item's id.
        item: Box<str>,
    },
    /// Create the branch of a hotfix at the tag that runs in production.
    HotfixBranch,
    /// Promote the final version to a channel, for a checklist item.
    Promote {
        /// The item's id.
        item: Box<str>,
        /// The channel's id.
        channel: Box<str>,
    },
    /// Run the program of a checklist item, or ask its URL.
    Step {
        /// The item's id.
        item: Box<str>,
        /// Why programs of this process may not be run here.
        barred: Option<Box<str>>,
    },
    /// Post an announcement.
    Announce {
        /// Its id.
        id: Box<str>,
        /// The fields that a person filled in, with their texts.
        fields: Vec<(Box<str>, Untrusted)>,
        /// How its address is posted to.
        route: Route,
    },
    /// Create a milestone, open the tracking issue, move what is left to the next milestone.
    Planned(Planned),
    /// Put ticks on the tracking issue.
    Ticks,
    /// Say on the tracking issue how the release stands.
    Status,
    /// Take back what an earlier plan did.
    TakeBack,
    /// Put the labels and comments of decisions about picks on the forge.
    Publish {
        /// Of these picks; of all when empty.
        only: Vec<Place>,
    },
}

/// What follows from an ask: facts to record, and what leaves once they are on disk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// Facts, in order.
    pub notes: Vec<Note>,
    /// Errands and looks, after the facts are on disk.
    pub effects: Vec<Effect>,
}

/// An errand for the engine, as plain data. A turn may give some at any time; those that change the world outside
/// leave only with the fact that says so.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Read something of the world.
    Look(Vec<LookKey>),
    /// Change something of the world: its intent is in the same batch.
    Run {
        /// The operation.
        op: OpId,
        /// What is sent.
        errand: Errand,
    },
    /// Look what became of an errand in doubt. Sends nothing.
    Probe {
        /// The operation.
        op: OpId,
        /// What was meant.
        errand: Errand,
        /// When its intent was recorded.
        since: DateTime<Utc>,
    },
    /// Predict what would come of a queue; what comes back carries this number. An earlier run stops. Whether
    /// somebody looks at the queue, so that git's processes stay for what comes next.
    Predict(u64, Box<QueueAsk>, bool),
    /// Look for an order of a queue in which more of it applies; what comes back carries this number.
    Order(u64, Box<QueueAsk>),
    /// Draft notes; what comes back carries this number.
    Notes(u64, Box<super::notes::Order>),
    /// Look what a version changes in files; what comes back carries the plan's id.
    ForeseeBump(OpId, Box<super::cut::BumpVersion>),
    /// Open a browser.
    Browse(String),
    /// Copy to the clipboard of the terminal.
    Copy(String),
    /// Open `$EDITOR` on a text, the screen suspended; what was written comes back as an event.
    Edit(String),
    /// Resolve a conflict in its worktree with a tool, the screen suspended.
    Resolve(Box<Resolving>, Tool),
    /// Write the plan's steps that have not left as called off, and stop the look or errand that is cancelled.
    Cancel,
    /// Stop the step of the runbook that is under way.
    Halt,
    /// Show the release as it was: replay only.
    Travel(To),
    /// Fetch the remote with the next look at git.
    Fetch,
    /// Ask the forge whose token it is.
    Identify,
    /// Try the journal again.
    Retry,
    /// Suspend, as ctrl-z does in a shell.
    Suspend,
    /// Read the journals of the other releases of the set, and put the set on record where it is not.
    Survey,
    /// Leave this release in good order, and go to another of the set.
    Switch(super::ids::ReleaseName),
    /// Leave in good order.
    Quit,
}

/// What a person resolves a conflict with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// `$EDITOR`, on the files that are unmerged.
    Editor,
    /// `git mergetool`.
    Mergetool,
    /// `$SHELL`.
    Shell,
}

/// Where a replay goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// After the entry of this number; 0 is before the first.
    Entry(u64),
    /// After the last entry written by then.
    Time(DateTime<Utc>),
}

/// Why an ask is refused, and what to do instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct Refusal {
    /// What was asked, in words.
    pub ask: String,
    /// What it was about.
    pub target: String,
    /// Why not.
    pub why: String,
    /// What to do instead.
    pub hint: Option<String>,
}

impl Refusal {
    /// A refusal.
    #[must_use]
    pub fn new(ask: impl Into<String>, target: impl Into<String>, why: impl Into<String>) -> Self {
        Self { ask: ask.into(), target: target.into(), why: why.into(), hint: None }
    }

    /// The same, with what to do instead.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The fact that records it.
    #[must_use]
    pub fn fact(&self) -> super::Fact {
        let text = |text: &str| Untrusted::from(text);
        super::session::Refused {
            ask: text(&self.ask),
            target: text(&self.target),
            why: text(&self.why),
            hint: self.hint.as_deref().map(text),
        }
        .into()
    }
}
