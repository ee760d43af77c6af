//! Ids: each once, and each that is named exists.

use super::List;
use crate::process::parse::nearest;
use crate::process::{Act, ArtifactKind, GateKind, SelfCheck};
use std::collections::BTreeMap;

/// What an id may name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Stream,
    Phase,
    Window,
    Role,
    Group,
    Step,
    Tracker,
    Suite,
    Stage,
    Item,
    Gate,
    SignOff,
    Report,
    Artifact,
    Channel,
    Announcement,
    Party,
    Severity,
    Meeting,
    Metric,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Stream => "stream",
            Self::Phase => "phase",
            Self::Window => "window",
            Self::Role => "role",
            Self::Group => "group",
            Self::Step => "feature step",
            Self::Tracker => "tracker",
            Self::Suite => "suite",
            Self::Stage => "stage",
            Self::Item => "checklist item",
            Self::Gate => "gate",
            Self::SignOff => "sign-off",
            Self::Report => "report",
            Self::Artifact => "artifact",
            Self::Channel => "channel",
            Self::Announcement => "announcement",
            Self::Party => "party",
            Self::Severity => "severity",
            Self::Meeting => "meeting",
            Self::Metric => "metric",
        }
    }
}

/// Every id with its path.
type Ids = BTreeMap<Kind, Vec<(String, String)>>;

fn ids(list: &List<'_>) -> Ids {
    let mut ids = Ids::new();
    macro_rules! collect {
        ($($kind:ident, $path:literal, $entries:expr;)*) => {$(
            for (at, entry) in $entries.iter().enumerate() {
                let path = format!(concat!($path, "[{}].id"), at);
                ids.entry(Kind::$kind).or_default().push((entry.id.clone(), path));
            }
        )*};
    }
    let p = list.process;
    collect! {
        Stream, "streams", p.streams;
        Phase, "calendar.phases", p.calendar.phases;
        Window, "calendar.windows", p.calendar.windows;
        Role, "roles", p.roles;
        Group, "groups", p.groups;
        Step, "features.steps", p.features.steps;
        Tracker, "trackers", p.trackers;
        Suite, "ci.suites", p.ci.suites;
        Stage, "stages", p.stages;
        Gate, "gates", p.gates;
        SignOff, "signoffs", p.signoffs;
        Report, "reports", p.reports;
        Artifact, "artifacts", p.artifacts;
        Channel, "channels", p.channels;
        Announcement, "announcements", p.announcements;
        Party, "parties", p.parties;
        Severity, "rollback.severities", p.rollback.severities;
        Meeting, "meetings", p.meetings;
        Metric, "metrics", p.metrics;
    }
    for (at, stage) in p.stages.iter().enumerate() {
        for (place, item) in stage.items.iter().enumerate() {
            let path = format!("stages[{at}].items[{place}].id");
            ids.entry(Kind::Item).or_default().push((item.id.clone(), path));
        }
    }
    ids
}

/// Reports ids that are given twice, and empty ones.
pub(super) fn duplicates(list: &mut List<'_>) {
    for (kind, entries) in ids(list) {
        let mut seen = BTreeMap::new();
        for (id, path) in &entries {
            if id.trim().is_empty() {
                list.error(path, format!("a {} has an empty id", kind.word()), "give it a short name");
            }
            if let Some(first) = seen.insert(id, path) {
                let line = list.process.places.of(first).map_or(0, |place| place.line);
                let message = format!("two {}s have the id {id:?}", kind.word());
                list.error(path, message, format!("the first is at line {line}; an id is given once"));
            }
        }
    }
}

/// The ids that a process names, each with the path of the naming.
struct Names<'p, 'l> {
    list: &'l mut List<'p>,
    ids: Ids,
}

impl Names<'_, '_> {
    fn one(&mut self, kind: Kind, path: &str, id: &str) {
        let known = self.ids.get(&kind).map(Vec::as_slice).unwrap_or_default();
        if known.iter().any(|(other, _)| other == id) {
            return;
        }
        let names: Vec<&str> = known.iter().map(|(other, _)| other.as_str()).collect();
        let hint = match nearest(id, names.iter().copied()) {
            Some(name) => format!("did you mean {name:?}?"),
            None if names.is_empty() => format!("the process has no {}", kind.word()),
            None => format!("{}s are: {}", kind.word(), names.join(", ")),
        };
        self.list.error(path, format!("{path} names the {} {id:?}, which there is not", kind.word()), hint);
    }

    fn maybe(&mut self, kind: Kind, path: &str, id: Option<&String>) {
        if let Some(id) = id {
            self.one(kind, path, id);
        }
    }

    fn all(&mut self, kind: Kind, path: &str, ids: &[String]) {
        for (at, id) in ids.iter().enumerate() {
            self.one(kind, &format!("{path}[{at}]"), id);
        }
    }
}

/// Reports ids that name nothing.
pub(super) fn references(list: &mut List<'_>) {
    let ids = ids(list);
    let mut names = Names { list, ids };
    people(&mut names);
    planning(&mut names);
    checklist(&mut names);
    gates(&mut names);
    publishing(&mut names);
}

fn people(names: &mut Names<'_, '_>) {
    let p = names.list.process;
    for (at, role) in p.roles.iter().enumerate() {
        names.all(Kind::Phase, &format!("roles[{at}].phases"), &role.phases);
        names.all(Kind::Role, &format!("roles[{at}].must_have_been"), &role.must_have_been);
        names.all(Kind::Role, &format!("roles[{at}].may_delegate_to"), &role.may_delegate_to);
        names.maybe(Kind::Role, &format!("roles[{at}].same_rights_as"), role.same_rights_as.as_ref());
    }
    for (at, report) in p.reports.iter().enumerate() {
        names.one(Kind::Role, &format!("reports[{at}].role"), &report.role);
        names.all(Kind::Phase, &format!("reports[{at}].phases"), &report.phases);
    }
    for (at, meeting) in p.meetings.iter().enumerate() {
        names.all(Kind::Phase, &format!("meetings[{at}].phases"), &meeting.phases);
        names.maybe(Kind::Role, &format!("meetings[{at}].led_by"), meeting.led_by.as_ref());
    }
    for (at, signoff) in p.signoffs.iter().enumerate() {
        names.one(Kind::Role, &format!("signoffs[{at}].role"), &signoff.role);
        names.all(Kind::Stream, &format!("signoffs[{at}].streams"), &signoff.streams);
    }
}

fn planning(names: &mut Names<'_, '_>) {
    let p = names.list.process;
    names.all(Kind::Role, "milestone.managed_by", &p.milestone.managed_by);
    names.all(Kind::Role, "picks.approved_by", &p.picks.approved_by);
    names.all(Kind::Role, "hotfix.approved_by", &p.hotfix.approved_by);
    names.all(Kind::Role, "rollback.decided_by", &p.rollback.decided_by);
    names.maybe(Kind::Stage, "rollback.stage", p.rollback.stage.as_ref());
    for (at, suite) in p.ci.suites.iter().enumerate() {
        names.maybe(Kind::Role, &format!("ci.suites[{at}].role"), suite.role.as_ref());
    }
}

fn checklist(names: &mut Names<'_, '_>) {
    for (at, stage) in names.list.process.stages.iter().enumerate() {
        let path = format!("stages[{at}]");
        names.maybe(Kind::Phase, &format!("{path}.phase"), stage.phase.as_ref());
        names.all(Kind::Stream, &format!("{path}.streams"), &stage.streams);
        for (place, item) in stage.items.iter().enumerate() {
            let path = format!("{path}.items[{place}]");
            names.maybe(Kind::Role, &format!("{path}.role"), item.role.as_ref());
            names.maybe(Kind::Group, &format!("{path}.group"), item.group.as_ref());
            names.all(Kind::Stream, &format!("{path}.streams"), &item.streams);
            names.maybe(Kind::Item, &format!("{path}.fallback_for"), item.fallback_for.as_ref());
            if let Some(check) = &item.check {
                self_check(names, &format!("{path}.check"), check);
            }
            match &item.act {
                Some(Act::Promote { channel }) => {
                    names.one(Kind::Channel, &format!("{path}.act.promote"), channel)
                }
                Some(Act::Announce { id }) => {
                    names.one(Kind::Announcement, &format!("{path}.act.announce"), id)
                }
                Some(_) | None => {}
            }
        }
    }
}

fn self_check(names: &mut Names<'_, '_>, path: &str, check: &SelfCheck) {
    match check {
        SelfCheck::CiGreen { suite, .. } => {
            names.maybe(Kind::Suite, &format!("{path}.ci-green.suite"), suite.as_ref());
        }
        SelfCheck::Artifact { id } => names.one(Kind::Artifact, &format!("{path}.artifact.id"), id),
        SelfCheck::Announced { id } => names.one(Kind::Announcement, &format!("{path}.announced.id"), id),
        SelfCheck::TrackerEmpty { id } => names.one(Kind::Tracker, &format!("{path}.tracker-empty.id"), id),
        SelfCheck::RolesHeld { roles } => names.all(Kind::Role, &format!("{path}.roles-held.roles"), roles),
        SelfCheck::Gate { id } => names.one(Kind::Gate, &format!("{path}.gate.id"), id),
        SelfCheck::MilestoneEmpty
        | SelfCheck::MilestoneExists
        | SelfCheck::TrackingIssueExists
        | SelfCheck::BranchExists
        | SelfCheck::TagExists
        | SelfCheck::CandidateExists
        | SelfCheck::FileChanged { .. }
        | SelfCheck::PicksLanded
        | SelfCheck::NotesPublished => {}
    }
}

fn gates(names: &mut Names<'_, '_>) {
    for (at, gate) in names.list.process.gates.iter().enumerate() {
        let path = format!("gates[{at}]");
        names.all(Kind::Stream, &format!("{path}.streams"), &gate.streams);
        names.all(Kind::Phase, &format!("{path}.phases"), &gate.phases);
        names.all(Kind::Role, &format!("{path}.override_roles"), &gate.override_roles);
        let path = format!("{path}.kind");
        match &gate.kind {
            GateKind::Checks { suite, .. } => {
                names.maybe(Kind::Suite, &format!("{path}.checks.suite"), suite.as_ref());
            }
            GateKind::Stage { stage } => names.one(Kind::Stage, &format!("{path}.stage.stage"), stage),
            GateKind::Item { item } => names.one(Kind::Item, &format!("{path}.item.item"), item),
            GateKind::SignOffs { roles } => names.all(Kind::Role, &format!("{path}.sign-offs.roles"), roles),
            GateKind::Reports { reports } => {
                names.all(Kind::Report, &format!("{path}.reports.reports"), reports)
            }
            GateKind::Artifacts { ids } => names.all(Kind::Artifact, &format!("{path}.artifacts.ids"), ids),
            GateKind::Roles { roles } => names.all(Kind::Role, &format!("{path}.roles.roles"), roles),
            GateKind::Tracker { tracker } => {
                names.one(Kind::Tracker, &format!("{path}.tracker.tracker"), tracker)
            }
            GateKind::Window { window } => names.one(Kind::Window, &format!("{path}.window.window"), window),
            GateKind::Milestone
            | GateKind::IssuesOnly
            | GateKind::Blockers
            | GateKind::Picks
            | GateKind::TestingWindow
            | GateKind::Candidates
            | GateKind::Documents { .. }
            | GateKind::Scope
            | GateKind::Version
            | GateKind::Branch
            | GateKind::MergeBack
            | GateKind::Freeze
            | GateKind::MergeQueue
            | GateKind::Decision
            | GateKind::Attested { .. } => {}
        }
    }
}

fn publishing(names: &mut Names<'_, '_>) {
    let p = names.list.process;
    for (at, artifact) in p.artifacts.iter().enumerate() {
        names.all(Kind::Stream, &format!("artifacts[{at}].streams"), &artifact.streams);
        names.maybe(Kind::Group, &format!("artifacts[{at}].group"), artifact.group.as_ref());
        if let ArtifactKind::Oci { same_as, .. } = &artifact.at {
            names.maybe(Kind::Artifact, &format!("artifacts[{at}].at.oci.same_as"), same_as.as_ref());
        }
    }
    for (at, channel) in p.channels.iter().enumerate() {
        names.all(Kind::Artifact, &format!("channels[{at}].artifacts"), &channel.artifacts);
        names.maybe(Kind::Channel, &format!("channels[{at}].after"), channel.after.as_ref());
    }
    for (at, announcement) in p.announcements.iter().enumerate() {
        let path = format!("announcements[{at}]");
        names.all(Kind::Stream, &format!("{path}.streams"), &announcement.streams);
        names.maybe(Kind::Role, &format!("{path}.role"), announcement.role.as_ref());
        names.all(Kind::Announcement, &format!("{path}.uses"), &announcement.uses);
        names.maybe(Kind::Announcement, &format!("{path}.thread_of"), announcement.thread_of.as_ref());
        names.maybe(Kind::Announcement, &format!("{path}.copy_of"), announcement.copy_of.as_ref());
    }
}
