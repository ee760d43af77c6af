//! The checklist: stages, items, the checks that items make themselves, the acts that steps start.

use super::span::Brief;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// `[[stages]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// `id`: its name in gates.
    pub id: String,
    /// `title`: for people; default the id.
    #[serde(default)]
    pub title: String,
    /// `about`: for people.
    #[serde(default)]
    pub about: String,
    /// `phase`: id of the phase it is done in.
    #[serde(default)]
    pub phase: Option<String>,
    /// `streams`: ids of the streams it belongs to; default all.
    #[serde(default)]
    pub streams: Vec<String>,
    /// `ordered`: whether an item may be done only after the one before it; default no.
    #[serde(default)]
    pub ordered: bool,
    /// `when`: `"always"` (default), or only for a `"hotfix"` or a `"rollback"`.
    #[serde(default)]
    pub when: Occasion,
    /// `[[stages.items]]`, or `items = [ { id = …, text = … }, … ]`.
    #[serde(default)]
    pub items: Vec<Item>,
}

/// When a stage is opened.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occasion {
    /// In every release.
    #[default]
    Always,
    /// Only for a fix of a released version.
    Hotfix,
    /// Only when a release is taken back.
    Rollback,
}

/// `[[stages.items]]`.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// `id`: unique in the process.
    pub id: String,
    /// `text`: what to do.
    pub text: String,
    /// `role`: role id of who does it; default anybody.
    #[serde(default)]
    pub role: Option<String>,
    /// `binding`: whether only who holds `role` may settle it; default no: others may, and it is said whose it is.
    #[serde(default)]
    pub binding: bool,
    /// `group`: group id of who does it.
    #[serde(default)]
    pub group: Option<String>,
    /// `required`: whether the stage is complete only with it; default yes.
    #[serde(default = "yes")]
    pub required: bool,
    /// `evidence`: what a tick needs: `"none"` (default), `"note"`, `"link"` or `"file"`.
    #[serde(default)]
    pub evidence: Evidence,
    /// `streams`: ids of the streams it belongs to; default all of its stage.
    #[serde(default)]
    pub streams: Vec<String>,
    /// `serves`: ids of the written requirements it serves.
    #[serde(default)]
    pub serves: Vec<String>,
    /// `check`: how the item checks itself: `"milestone-empty"`, `{ ci-green = { on = "line" } }`, ….
    #[serde(default)]
    pub check: Option<SelfCheck>,
    /// `act`: what the cockpit does for it on a key: `"create-branch"`, `{ workflow = { … } }`, ….
    #[serde(default)]
    pub act: Option<Act>,
    /// `quirk`: a known trap of the step, shown with it.
    #[serde(default)]
    pub quirk: Option<String>,
    /// `fallback_for`: item id whose failure this step makes good; it is not needed otherwise.
    #[serde(default)]
    pub fallback_for: Option<String>,
    /// `only_if`: the condition under which it is done, for people.
    #[serde(default)]
    pub only_if: Option<String>,
    /// `irreversible`: what cannot be taken back once it is done: `"mails all watchers"`.
    #[serde(default)]
    pub irreversible: Option<String>,
}

fn yes() -> bool {
    true
}

/// What a tick needs.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Nothing.
    #[default]
    None,
    /// A written note.
    Note,
    /// A link.
    Link,
    /// A file in the repository.
    File,
}

/// Where something is looked for.
#[derive(Clone, Copy, PartialEq, Eq, Default, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// The trunk branch.
    #[default]
    Trunk,
    /// The release branch.
    Line,
    /// The commit of the last candidate.
    Candidate,
}

/// How an item checks itself.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum SelfCheck {
    /// No open issue is left in the milestone.
    MilestoneEmpty,
    /// The milestone exists, in every repository.
    MilestoneExists,
    /// The tracking issue exists.
    TrackingIssueExists,
    /// The release branch exists.
    BranchExists,
    /// The final tag exists.
    TagExists,
    /// A candidate is tagged.
    CandidateExists,
    /// The required checks, or a named suite, are green.
    CiGreen {
        /// `on`: where; default trunk.
        #[serde(default)]
        on: On,
        /// `suite`: suite id; default the required checks.
        #[serde(default)]
        suite: Option<String>,
    },
    /// A file changed since the last release.
    FileChanged {
        /// `path`: path in the repository, with `*`.
        path: String,
        /// `on`: where; default trunk.
        #[serde(default)]
        on: On,
    },
    /// An artifact is published.
    Artifact {
        /// `id`: artifact id.
        id: String,
    },
    /// An announcement was sent.
    Announced {
        /// `id`: announcement id.
        id: String,
    },
    /// A tracker has nothing open.
    TrackerEmpty {
        /// `id`: tracker id.
        id: String,
    },
    /// Every role has its holders.
    RolesHeld {
        /// `roles`: role ids; default all.
        #[serde(default)]
        roles: Vec<String>,
    },
    /// Every pick is decided and landed.
    PicksLanded,
    /// Release notes are published.
    NotesPublished,
    /// A gate is GO.
    Gate {
        /// `id`: gate id.
        id: String,
    },
}

/// What the cockpit does for an item.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Act {
    /// Makes the release branch.
    CreateBranch,
    /// Tags a candidate.
    TagCandidate,
    /// Tags the final version.
    TagFinal,
    /// Makes the milestone in every repository.
    CreateMilestone,
    /// Makes the tracking issue, or brings it up to date.
    TrackingIssue,
    /// Moves the rest to the next milestone.
    Rollover,
    /// Opens the picks.
    Picks,
    /// Drafts the release notes.
    DraftNotes,
    /// Publishes the release notes.
    PublishNotes,
    /// Posts a status update.
    Status,
    /// Merges or picks the fix back to all active branches.
    MergeBack,
    /// Starts a workflow on GitHub and follows that run.
    Workflow {
        /// `file`: `"release.yml"`.
        file: String,
        /// `inputs`: with `{version}`, `{tag}`, `{commit}`, `{branch}`, `{channel}`.
        #[serde(default)]
        inputs: BTreeMap<String, String>,
    },
    /// Promotes the release to a channel.
    Promote {
        /// `channel`: channel id.
        channel: String,
    },
    /// Sends an announcement.
    Announce {
        /// `id`: announcement id.
        id: String,
    },
    /// Runs a program, without a shell, only from a file the user trusted, in the directory of the clone.
    Command {
        /// `argv`: program and arguments, with `{version}`, `{tag}`, `{commit}`, `{branch}` inside an argument.
        argv: Vec<String>,
        /// `timeout`: how long it may take; default `"10 minutes"`.
        #[serde(default = "ten_minutes")]
        timeout: Brief,
        /// `repeatable`: whether it may be run again once it was begun; default no.
        #[serde(default)]
        repeatable: bool,
        /// `env`: variables of the environment that it gets beside PATH, HOME and the like: `["KUBECONFIG"]`.
        #[serde(default)]
        env: Vec<String>,
    },
    /// Asks a URL, until it answers as it should.
    Probe {
        /// `url`: where, with `{version}`, `{tag}`, `{commit}`, `{branch}`.
        url: String,
        /// `status`: the expected HTTP status; default 200.
        #[serde(default = "ok")]
        status: u16,
        /// `contains`: text that the answer must hold, with the same words in braces.
        #[serde(default)]
        contains: Option<String>,
        /// `tries`: how often it is asked at most, 1 to 100; default 5.
        #[serde(default = "five")]
        tries: u32,
        /// `every`: how long it rests between two tries; default `"10 seconds"`.
        #[serde(default = "ten_seconds")]
        every: Brief,
    },
}

fn ten_minutes() -> Brief {
    Brief { seconds: 600 }
}

fn ten_seconds() -> Brief {
    Brief { seconds: 10 }
}

fn five() -> u32 {
    5
}

fn ok() -> u16 {
    200
}
