//! Gates and sign-offs: what the go/no-go poll asks, and of whom.

use super::checklist::On;
use serde::{Deserialize, Serialize};

/// A pane of the cockpit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pane {
    /// The go/no-go poll.
    Overview,
    /// The milestone's issues.
    Milestone,
    /// Jobs by branch.
    Ci,
    /// Release lines.
    Branches,
    /// Stages and items.
    Checklist,
    /// The pick queue.
    Picks,
    /// Candidates, tags, notes, artifacts.
    Candidate,
    /// What happened.
    Journal,
}

/// Which decision a gate guards.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Guards {
    /// Tagging the final version.
    #[default]
    Cut,
    /// Closing the release, once the final version is tagged: what is published, what is merged back.
    Close,
}

/// `[[gates]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// `id`: its name.
    pub id: String,
    /// `title`: one line in the poll; default the id.
    #[serde(default)]
    pub title: String,
    /// `kind`: what it asks: `"milestone"`, `{ checks = { on = "line" } }`, ….
    pub kind: GateKind,
    /// `required`: whether NO-GO stops the release; default yes. A gate that is not required only informs.
    #[serde(default = "yes")]
    pub required: bool,
    /// `guards`: which decision it guards: `"cut"` (default), or `"close"`: then it is asked once the final version
    /// is tagged.
    #[serde(default)]
    pub guards: Guards,
    /// `streams`: ids of the streams it belongs to; default all.
    #[serde(default)]
    pub streams: Vec<String>,
    /// `phases`: ids of the phases it is asked in; default all.
    #[serde(default)]
    pub phases: Vec<String>,
    /// `settled_by`: the pane that settles it; default by its kind, see [`GateKind::pane`].
    #[serde(default)]
    pub settled_by: Option<Pane>,
    /// `override_roles`: role ids of who may override it with a reason; default nobody.
    #[serde(default)]
    pub override_roles: Vec<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}

fn yes() -> bool {
    true
}

impl Gate {
    /// The pane that settles it.
    #[must_use]
    pub fn pane(&self) -> Pane {
        self.settled_by.unwrap_or_else(|| self.kind.pane())
    }
}

/// What a gate asks.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum GateKind {
    /// Every issue of the milestone is closed, or moved with a rationale where the process asks for one.
    Milestone,
    /// The milestone holds no pull request.
    IssuesOnly,
    /// No open issue has a blocker label.
    Blockers,
    /// Checks are green.
    Checks {
        /// `on`: where; default trunk.
        #[serde(default)]
        on: On,
        /// `suite`: suite id; default the required checks.
        #[serde(default)]
        suite: Option<String>,
    },
    /// Every pick is decided, and every accepted one has landed.
    Picks,
    /// Every required item of a checklist stage is done.
    Stage {
        /// `stage`: stage id.
        stage: String,
    },
    /// A checklist item is done.
    Item {
        /// `item`: item id.
        item: String,
    },
    /// Signed, on the candidate's commit.
    SignOffs {
        /// `roles`: role ids; default all that [`SignOff`] lists.
        #[serde(default)]
        roles: Vec<String>,
    },
    /// The testing time of the stream has passed since the last candidate.
    TestingWindow,
    /// Enough candidates were published (`streams.min_candidates`).
    Candidates,
    /// Reports are in.
    Reports {
        /// `reports`: report ids; default all.
        #[serde(default)]
        reports: Vec<String>,
    },
    /// Documents changed since the last release.
    Documents {
        /// `paths`: paths in the repository, with `*`.
        paths: Vec<String>,
        /// `on`: where; default trunk.
        #[serde(default)]
        on: On,
    },
    /// Artifacts are published.
    Artifacts {
        /// `ids`: artifact ids; default all of the stream.
        #[serde(default)]
        ids: Vec<String>,
    },
    /// Roles are held by people who may hold them.
    Roles {
        /// `roles`: role ids; default all.
        #[serde(default)]
        roles: Vec<String>,
    },
    /// What goes in belongs to the stream: nothing with a label that the stream refuses.
    Scope,
    /// The version is written as the process writes versions, and goes forward.
    Version,
    /// The branch that the release comes from exists.
    Branch,
    /// A released fix is on all active branches.
    MergeBack,
    /// A second tracker has nothing open.
    Tracker {
        /// `tracker`: tracker id.
        tracker: String,
    },
    /// Features are frozen.
    Freeze,
    /// The merge queue is empty.
    MergeQueue,
    /// The release window is open.
    Window {
        /// `window`: window id.
        window: String,
    },
    /// The go/no-go decision is recorded.
    Decision,
    /// A person says so, with a note.
    Attested {
        /// `text`: what the person attests.
        text: String,
    },
}

impl GateKind {
    /// Whether people settle it by what they say.
    #[must_use]
    pub fn is_said(&self) -> bool {
        match self {
            Self::SignOffs { .. }
            | Self::Reports { .. }
            | Self::Tracker { .. }
            | Self::Freeze
            | Self::Window { .. }
            | Self::Decision
            | Self::Attested { .. } => true,
            Self::Milestone
            | Self::IssuesOnly
            | Self::Blockers
            | Self::Checks { .. }
            | Self::Picks
            | Self::Stage { .. }
            | Self::Item { .. }
            | Self::TestingWindow
            | Self::Candidates
            | Self::Documents { .. }
            | Self::Artifacts { .. }
            | Self::Roles { .. }
            | Self::Scope
            | Self::Version
            | Self::Branch
            | Self::MergeBack
            | Self::MergeQueue => false,
        }
    }

    /// The pane that settles a gate of this kind.
    #[must_use]
    pub fn pane(&self) -> Pane {
        match self {
            Self::Milestone | Self::IssuesOnly | Self::Blockers | Self::Scope => Pane::Milestone,
            Self::Checks { .. } | Self::MergeQueue => Pane::Ci,
            Self::Picks => Pane::Picks,
            Self::Branch | Self::MergeBack | Self::Freeze => Pane::Branches,
            Self::Version
            | Self::SignOffs { .. }
            | Self::TestingWindow
            | Self::Candidates
            | Self::Artifacts { .. } => Pane::Candidate,
            Self::Stage { .. } | Self::Item { .. } | Self::Documents { .. } | Self::Attested { .. } => {
                Pane::Checklist
            }
            Self::Reports { .. }
            | Self::Roles { .. }
            | Self::Tracker { .. }
            | Self::Window { .. }
            | Self::Decision => Pane::Overview,
        }
    }
}

/// `[[signoffs]]`: one signature on a candidate; one person signs for one role.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOff {
    /// `id`: its name.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `role`: role id of who signs.
    pub role: String,
    /// `says`: what the signature says and what it starts.
    #[serde(default)]
    pub says: String,
    /// `required`: default yes.
    #[serde(default = "yes")]
    pub required: bool,
    /// `streams`: ids of the streams it belongs to; default all.
    #[serde(default)]
    pub streams: Vec<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
}
