//! Past tense: everything that a journal can say happened. One table a topic, one line a kind.

use super::entry::raw;
use super::errand::{Errand, Outcome};
use super::{
    announce, artifacts, back, branches, candidates, checklist, checks, cut, gates, looks, meeting,
    milestone, notes, outbox, picks, roles, session, set, setback, steps, tasks, undo, votes, weighing,
};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// A body that does not fit its kind.
#[derive(Debug, thiserror::Error)]
#[error("the body of {kind:?} does not fit: {source}")]
pub struct BadBody {
    /// The kind as written.
    pub kind: String,
    /// What did not fit.
    #[source]
    pub source: serde_json::Error,
}

/// Makes a topic: an enum whose variants carry one payload each, and the dotted kind each has on disk.
macro_rules! topics {
    ($($(#[$doc:meta])* $topic:ident { $($(#[$vdoc:meta])* $variant:ident($payload:ty) = $kind:literal,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Debug, Clone, PartialEq)]
            pub enum $topic { $($(#[$vdoc])* $variant($payload),)* }

            impl $topic {
                /// The kind on disk.
                #[must_use]
                pub fn kind(&self) -> &'static str {
                    match self { $(Self::$variant(_) => $kind,)* }
                }

                fn body(&self) -> Box<RawValue> {
                    match self { $(Self::$variant(payload) => raw(payload),)* }
                }

                fn read(kind: &str, body: &str) -> Option<Result<Self, serde_json::Error>> {
                    match kind {
                        $($kind => Some(serde_json::from_str(body).map(Self::$variant)),)*
                        _ => None,
                    }
                }
            }

            $(impl From<$payload> for Fact {
                fn from(payload: $payload) -> Self { Fact::$topic($topic::$variant(payload)) }
            })*
        )*

        /// Everything that can have happened.
        #[derive(Debug, Clone, PartialEq)]
        pub enum Fact {
            $($(#[$doc])* $topic($topic),)*
            /// An errand is about to leave: written and synced before it does.
            Intent(Errand),
            /// What became of an errand; `kind` is the errand's.
            Outcome {
                /// The errand's kind: `issue.move`.
                kind: &'static str,
                /// What came back.
                outcome: Outcome,
            },
            /// A kind that this program does not know: kept, counted and shown.
            Unknown {
                /// The kind as written.
                kind: Box<str>,
            },
        }

        /// Every kind that is not an errand's, for the catalogue.
        pub const KINDS: &[&str] = &[$($($kind,)*)*];

        impl Fact {
            /// The kind on disk.
            #[must_use]
            pub fn kind(&self) -> Cow<'static, str> {
                match self {
                    $(Self::$topic(fact) => fact.kind().into(),)*
                    Self::Intent(errand) => format!("{}.intent", errand.kind()).into(),
                    Self::Outcome { kind, .. } => format!("{kind}.outcome").into(),
                    Self::Unknown { kind } => kind.to_string().into(),
                }
            }

            /// The payload on disk.
            #[must_use]
            pub fn body(&self) -> Box<RawValue> {
                match self {
                    $(Self::$topic(fact) => fact.body(),)*
                    Self::Intent(errand) => errand.body(),
                    Self::Outcome { outcome, .. } => raw(outcome),
                    Self::Unknown { .. } => raw(&()),
                }
            }

            /// Reads a fact from its kind and body. A kind that is not known is [`Fact::Unknown`].
            ///
            /// # Errors
            /// When the body does not fit a kind that is known.
            pub fn read(kind: &str, body: &str) -> Result<Self, BadBody> {
                let wrong = |source| BadBody { kind: kind.to_owned(), source };
                $(if let Some(read) = $topic::read(kind, body) {
                    return read.map(Self::$topic).map_err(wrong);
                })*
                if let Some(errand) = kind.strip_suffix(".intent").and_then(|kind| Errand::read(kind, body)) {
                    return errand.map(Self::Intent).map_err(wrong);
                }
                if let Some(kind) = kind.strip_suffix(".outcome").and_then(Errand::known) {
                    return serde_json::from_str(body).map(|outcome| Self::Outcome { kind, outcome }).map_err(wrong);
                }
                Ok(Self::Unknown { kind: kind.into() })
            }
        }
    };
}

topics! {
    // A kind is looked for in this order: what most lines of a journal are comes first.
    /// Milestones and their issues.
    Milestone {
        /// The milestone that the release is driven by was chosen.
        Chosen(milestone::Chosen) = "milestone.choose",
        /// Milestones seen, new or changed.
        Seen(milestone::MilestonesSeen) = "obs.milestones",
        /// Issues seen, new or changed.
        Issues(milestone::IssuesSeen) = "obs.issues",
    }
    /// Checks: workflow jobs, check runs, commit statuses.
    Checks {
        /// Checks of a branch tip, new or changed.
        Seen(checks::ChecksSeen) = "obs.checks",
        /// The checks that a branch requires.
        Required(checks::RequiredSeen) = "obs.required",
        /// The end of a failed step's log.
        Log(checks::LogSeen) = "obs.log",
        /// A run that was started from here.
        Run(cut::RunSeen) = "obs.run",
    }
    /// The journal and its sessions.
    Session {
        /// The first line of a journal.
        Opened(session::Opened) = "journal.open",
        /// A cockpit was opened on this release.
        Started(session::Started) = "session.start",
        /// The forge said whose token it is.
        Identified(session::Identified) = "session.actor",
        /// The repository's own hooks and helpers may run.
        Trusted(session::Trusted) = "trust.repo",
        /// A program of the process was read, and may be run from now on.
        CommandTrusted(steps::CommandTrusted) = "trust.command",
        /// A cockpit was closed in good order.
        Sealed(session::Sealed) = "journal.seal",
        /// The process was changed in the middle of the release.
        ProcessChanged(session::ProcessChanged) = "process.changed",
        /// Another process was written down, and the recorded one was kept.
        ProcessKept(session::ProcessKept) = "process.kept",
        /// The releases of a set were chosen, this one among them, or it is in none any more.
        SetChosen(set::SetChosen) = "set.choose",
        /// What the journals of the others of the set say, as far as it is new.
        OthersSeen(set::OthersSeen) = "obs.set",
        /// An ask was refused.
        Refused(session::Refused) = "refused",
        /// A local fact was taken back.
        Undone(undo::Undone) = "undo",
        /// A fact that was taken back was done again.
        Redone(undo::Redone) = "redo",
    }
    /// Plans of errands.
    Plan {
        /// A person has seen the plan and said go.
        Accepted(outbox::Accepted) = "plan.accept",
        /// The rest of a plan was called off.
        Cancelled(outbox::Cancelled) = "plan.cancel",
        /// A plan that a crash or a failure stopped goes on.
        Resumed(outbox::Resumed) = "plan.resume",
    }
    /// The checklist.
    Checklist {
        /// An item changed its state.
        Ticked(checklist::Ticked) = "checklist.tick",
        /// A note or link was attached to an item.
        Attached(checklist::Attached) = "checklist.attach",
        /// Whether files changed since the last final release, for items that check themselves.
        Files(checklist::FilesSeen) = "obs.files",
        /// The task list of the tracking issue, new or changed.
        Tasks(tasks::TasksSeen) = "obs.tasks",
    }
    /// Announcements.
    Announcements {
        /// A person says that an announcement was made, or takes that back.
        Vouched(announce::Vouched) = "announce.vouch",
    }
    /// Gates.
    Gate {
        /// A gate was overridden with a reason, or an override was taken back.
        Overridden(gates::Overridden) = "gate.override",
    }
    /// Roles and who holds them.
    Roles {
        /// A person holds a role from now on, or does not any more.
        Assigned(roles::RoleAssigned) = "role.assign",
    }
    /// What people say of the release.
    Votes {
        /// A person signs a commit for a role, objects to it, or takes that back.
        Signed(votes::Signed) = "sign.off",
        /// The go/no-go decision.
        Decided(votes::Decided) = "decision.record",
        /// A report is in, or is not after all.
        Reported(votes::Reported) = "report.file",
        /// Features are frozen from now on, or no more.
        Frozen(votes::Frozen) = "freeze.declare",
        /// The release is given up, or goes on after all.
        GivenUp(votes::GivenUp) = "release.abandon",
        /// A release window was scheduled, or given up.
        Scheduled(votes::Scheduled) = "window.schedule",
        /// A person attests what a gate asks for, or no more.
        Attested(votes::GateAttested) = "gate.attest",
        /// A person looked how much a second tracker has open.
        Counted(votes::Counted) = "tracker.count",
    }
    /// Meetings.
    Meetings {
        /// A meeting begins.
        Opened(meeting::Opened) = "meeting.open",
        /// People are there, or are not.
        Attended(meeting::Attended) = "meeting.attend",
        /// An item of the agenda is taken up, or the meeting is left for a while.
        TakenUp(meeting::TakenUp) = "meeting.item",
        /// An item was decided on.
        Ruled(meeting::Ruled) = "meeting.decide",
        /// Something was said of an item.
        Noted(meeting::Noted) = "meeting.note",
        /// Somebody does something until a day.
        Assigned(meeting::Assigned) = "meeting.assign",
        /// An action item is done, or is open again.
        Settled(meeting::Settled) = "meeting.settle",
        /// A meeting ended.
        Closed(meeting::Closed) = "meeting.close",
    }
    /// Branches.
    Branches {
        /// Lines seen, new or changed.
        Seen(branches::LinesSeen) = "obs.branches",
        /// Their changes weighed, new or changed.
        Weighed(weighing::Weighings) = "obs.weights",
    }
    /// Candidates and releases.
    Candidates {
        /// Tags seen, new or changed.
        Tags(candidates::TagsSeen) = "obs.tags",
        /// Releases of the forge seen, new or changed.
        Releases(candidates::ReleasesSeen) = "obs.releases",
        /// Files that a release is given, as they lie there now.
        Built(cut::BuiltSeen) = "obs.built",
        /// Artifacts seen, new or changed.
        Artifacts(artifacts::ArtifactsSeen) = "obs.artifacts",
    }
    /// The pick queue.
    Picks {
        /// Candidates for a line, new or changed.
        Seen(picks::PicksSeen) = "obs.picks",
        /// Commits that the clone shows to be wanted on a line, new or changed.
        Wanted(picks::WantedSeen) = "obs.wanted",
        /// The commits behind picks, new or changed.
        Changes(picks::ChangesSeen) = "obs.changes",
        /// What shows that picks have landed, new or changed.
        Landings(picks::LandingsSeen) = "obs.landings",
        /// What would come of applying the queue of a line, new or changed.
        Predictions(picks::PredictionsSeen) = "obs.predictions",
        /// A pick was decided.
        Decided(picks::Decided) = "pick.decide",
        /// A pick was added by hand, or taken off.
        Added(picks::Added) = "pick.add",
        /// The queue of a line was ordered.
        Ordered(picks::Ordered) = "pick.order",
        /// A person vouches that a pick has landed, or takes that back.
        Attested(picks::Attested) = "pick.attest",
    }
    /// Release notes.
    Notes {
        /// Notes were drafted.
        Drafted(notes::Drafted) = "notes.draft",
        /// A person wrote notes.
        Written(notes::Written) = "notes.write",
    }
    /// A hotfix on its way back.
    Fixes {
        /// Its commits, new or changed.
        Seen(back::FixesSeen) = "obs.fixes",
        /// A branch does not need one of them, or needs it after all.
        Settled(back::BackSettled) = "back.settle",
    }
    /// A release that went wrong.
    Setbacks {
        /// It went wrong, and how severe that is was judged.
        Wrong(setback::WentWrong) = "rollback.open",
        /// It is over.
        Over(setback::Recovered) = "rollback.close",
    }
    /// Looks at the world.
    Look {
        /// A look read everything there was.
        Complete(looks::Complete) = "obs.complete",
        /// A look failed; what was known before still stands, and is stale.
        Failed(looks::Failed) = "obs.failed",
    }
}
