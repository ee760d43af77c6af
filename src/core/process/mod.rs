//! A release process as data: what a project's release manager has to do, see and wait for.
//!
//! A process is a TOML file: a preset, `[process]` in `gonogo.toml`, or a file of its own. [`Process::parse`]
//! reads one, [`check`] finds what contradicts itself, [`merge`] lays a project's own keys over a preset,
//! [`draft`] writes a first file from what a repository shows. Every key is documented at its field.

mod backport;
mod branches;
mod calendar;
mod check;
mod checklist;
mod cutting;
mod difference;
mod draft;
mod finding;
mod gates;
mod import;
mod lines;
mod merge;
mod next;
mod parse;
mod planning;
mod presets;
mod publish;
mod reader;
mod span;
mod team;
mod tree;
mod triage;

pub use backport::{Conflicting, PickBackport};
pub use branches::{Branches, Line, LineKind, LinePattern, NoBranch, Stream, Support, SupportedLine};
pub use calendar::{Calendar, Meeting, Phase, Window};
pub use check::check;
pub use checklist::{Act, Evidence, Item, Occasion, On, SelfCheck, Stage};
pub use cutting::{Cut, EditsFor, FinalFrom, OnForge};
pub use difference::differences;
pub use draft::{Evidence as RepositoryEvidence, draft};
pub use finding::{Finding, Severity};
pub use gates::{Gate, GateKind, Guards, Pane, SignOff};
pub use import::{Imported, ImportedItem, Listed, Pattern, import};
pub use merge::{Resolved, merge, resolve, resolve_followed};
pub use next::{Next, NextAsk};
pub use planning::{
    Ci, Direction, Features, Labels, LifecycleStep, MilestoneRules, Picks, Suite, Tracker, TrackerKind,
};
pub use presets::{PRESETS, preset};
pub use publish::{
    Announcement, Artifact, ArtifactKind, Audience, Channel, Hotfix, HotfixFrom, Metric, Notes, NotesFrom,
    NotesSection, Of, Party, Rollback, SeverityRule, Then, Venue,
};
pub use span::{Brief, Span, Unit};
pub use team::{Group, Report, Role, RoleSource};
pub use triage::{PickNews, PickPublish, Triage};

use crate::version::Grammar;
use serde::Deserialize;

/// A release process.
///
/// Only `name`, `[branches] trunk` and `[version] style` are required: everything else a project may leave out, and
/// what it leaves out is not gated, not tracked and not shown.
#[derive(Clone, PartialEq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Process {
    /// `name`: short name, as in `--process llama-stack`.
    pub name: String,
    /// `title`: one line for lists; default the name.
    #[serde(default)]
    pub title: String,
    /// `about`: a paragraph for the help pane.
    #[serde(default)]
    pub about: String,
    /// `written_at`: where the process is written down for people, usually a URL.
    #[serde(default)]
    pub written_at: Option<String>,
    /// `[branches]`: trunk and release lines.
    pub branches: Branches,
    /// `[version]`: how versions, tags and candidates are written.
    pub version: Grammar,
    /// `[support]`: which lines are supported, and until when.
    #[serde(default)]
    pub support: Support,
    /// `[[streams]]`: the kinds of release (major, minor, patch, …).
    #[serde(default)]
    pub streams: Vec<Stream>,
    /// `[calendar]`: cycle, phases, freeze, cut.
    #[serde(default)]
    pub calendar: Calendar,
    /// `[[roles]]`: who acts in a release.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// `[[groups]]`: teams that own repositories or parts of the work (special interest groups).
    #[serde(default)]
    pub groups: Vec<Group>,
    /// `[milestone]`: milestones and the tracking issue.
    #[serde(default)]
    pub milestone: MilestoneRules,
    /// `[labels]`: what labels mean.
    #[serde(default)]
    pub labels: Labels,
    /// `[features]`: the life of a feature over releases.
    #[serde(default)]
    pub features: Features,
    /// `[[trackers]]`: issue trackers beside the milestone.
    #[serde(default)]
    pub trackers: Vec<Tracker>,
    /// `[picks]`: how fixes reach release lines.
    #[serde(default)]
    pub picks: Picks,
    /// `[cut]`: how a version is cut.
    #[serde(default)]
    pub cut: Cut,
    /// `[hotfix]`: how a fix of a released version is made and merged back.
    #[serde(default)]
    pub hotfix: Hotfix,
    /// `[ci]`: which checks count.
    #[serde(default)]
    pub ci: Ci,
    /// `[[stages]]`: the checklist, stage by stage.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// `[[gates]]`: what the go/no-go poll asks.
    #[serde(default)]
    pub gates: Vec<Gate>,
    /// `[[signoffs]]`: who signs a candidate.
    #[serde(default)]
    pub signoffs: Vec<SignOff>,
    /// `[[reports]]`: what people report while the release runs.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// `[[artifacts]]`: what is published, and where it is seen.
    #[serde(default)]
    pub artifacts: Vec<Artifact>,
    /// `[[channels]]`: channels that a release is promoted through (alpha, beta, stable).
    #[serde(default)]
    pub channels: Vec<Channel>,
    /// `[[announcements]]`: who is told, in order.
    #[serde(default)]
    pub announcements: Vec<Announcement>,
    /// `[[parties]]`: others who are told and followed, such as downstream packagers.
    #[serde(default)]
    pub parties: Vec<Party>,
    /// `[notes]`: release notes.
    #[serde(default)]
    pub notes: Notes,
    /// `[rollback]`: what happens when a release goes wrong.
    #[serde(default)]
    pub rollback: Rollback,
    /// `[[meetings]]`: regular meetings.
    #[serde(default)]
    pub meetings: Vec<Meeting>,
    /// `[[metrics]]`: what is measured from release to release.
    #[serde(default)]
    pub metrics: Vec<Metric>,
    /// Where each key was written, for findings; not a key of the file.
    #[serde(skip)]
    places: tree::Places,
}

impl Process {
    /// The stream with this id.
    #[must_use]
    pub fn stream(&self, id: &str) -> Option<&Stream> {
        self.streams.iter().find(|stream| stream.id == id)
    }

    /// The role with this id.
    #[must_use]
    pub fn role(&self, id: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.id == id)
    }

    /// The name of a role that people read: its title, or the id where it has none.
    #[must_use]
    pub fn role_title<'a>(&'a self, id: &'a str) -> &'a str {
        let title = self.role(id).map(|role| role.title.as_str());
        title.filter(|title| !title.is_empty()).unwrap_or(id)
    }

    /// The stage with this id.
    #[must_use]
    pub fn stage(&self, id: &str) -> Option<&Stage> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// The gate with this id.
    #[must_use]
    pub fn gate(&self, id: &str) -> Option<&Gate> {
        self.gates.iter().find(|gate| gate.id == id)
    }

    /// The suite of checks with this id.
    #[must_use]
    pub fn suite(&self, id: &str) -> Option<&Suite> {
        self.ci.suites.iter().find(|suite| suite.id == id)
    }

    /// The phase with this id.
    #[must_use]
    pub fn phase(&self, id: &str) -> Option<&Phase> {
        self.calendar.phases.iter().find(|phase| phase.id == id)
    }

    /// Every checklist item with its stage, in order.
    pub fn items(&self) -> impl Iterator<Item = (&Stage, &Item)> {
        self.stages.iter().flat_map(|stage| stage.items.iter().map(move |item| (stage, item)))
    }

    /// The checklist item with this id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        self.stages.iter().flat_map(|stage| &stage.items).find(|item| item.id == id)
    }

    /// The items of a stage that a release of this stream has to do; all of them while the stream is not known (an
    /// empty id), so that nothing counts as done because nobody could tell. Stages of a rollback have none until the
    /// release went wrong.
    pub fn items_for<'p>(
        &'p self,
        stage: &'p Stage,
        stream: &'p str,
        wrong: bool,
    ) -> impl Iterator<Item = &'p Item> {
        let fits = move |streams: &[String]| stream.is_empty() || applies(streams, stream);
        let opened = wrong || stage.when != Occasion::Rollback;
        stage.items.iter().filter(move |item| opened && fits(&stage.streams) && fits(&item.streams))
    }

    /// The gates that a release of this stream has to pass.
    pub fn gates_for<'p>(&'p self, stream: &'p str) -> impl Iterator<Item = &'p Gate> {
        self.gates.iter().filter(move |gate| applies(&gate.streams, stream))
    }

    /// The stream whose bump a version step is: the one that a release of these numbers belongs to.
    #[must_use]
    pub fn stream_of(&self, version: &crate::version::Version) -> Option<&Stream> {
        use crate::version::Bump;
        let rest = version.numbers();
        let bump = if rest.get(2..).is_some_and(|n| n.iter().any(|n| *n > 0)) {
            Bump::Patch
        } else if version.minor() > 0 || version.major() == 0 {
            Bump::Minor
        } else {
            Bump::Major
        };
        let exact = self.streams.iter().find(|stream| stream.bump == bump);
        exact.or_else(|| self.streams.iter().find(|stream| stream.bump == Bump::Minor))
    }
}

/// Whether a list of stream ids names this one; an empty list names all.
#[must_use]
pub fn applies(streams: &[String], stream: &str) -> bool {
    streams.is_empty() || streams.iter().any(|id| id == stream)
}
