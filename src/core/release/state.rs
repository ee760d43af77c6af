//! The state of a release: the fold of its journal.

use super::announce::Announcements;
use super::artifacts::Artifacts;
use super::branches::Lines;
use super::candidates::Candidates;
use super::checklist::Checklist;
use super::checks::Checks;
use super::entry::{Entry, Note};
use super::fact::{self, Fact};
use super::gates::{Override, Overrides};
use super::log::Log;
use super::looks::{Looks, Topic};
use super::milestone::Milestones;
use super::outbox::Outbox;
use super::picks::Picks;
use super::session::{Opened, Started};
use super::undo::Deed;
use crate::process::Process;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A release: what the journal says is true.
#[derive(Debug, Clone, Default)]
pub struct Release {
    /// Counts entries taken in, so that what is derived knows when it is out of date.
    pub revision: u64,
    /// The same without predictions, which come in pick by pick and of which little is derived.
    pub steady: u64,
    /// The first line of the journal, none before it is read.
    pub opened: Option<Opened>,
    /// The process that the release follows, none when its profile could not be read.
    pub process: Option<Arc<Process>>,
    /// `sha256:…` of the profile in force.
    pub profile: Option<Box<str>>,
    /// `sha256:…` of the profile that a person decided against last.
    pub kept: Option<Box<str>>,
    /// Why the profile could not be read.
    pub process_error: Option<Box<str>>,
    /// The running session.
    pub session: Option<Started>,
    /// Number, time and first hash bytes of the last line.
    pub head: Option<(u64, DateTime<Utc>, [u8; 8])>,
    /// Milestones and issues.
    pub milestones: Milestones,
    /// Checks.
    pub checks: Checks,
    /// Branches.
    pub lines: Lines,
    /// What their changes weigh.
    pub weights: super::weighing::Weights,
    /// Tags and releases.
    pub candidates: Candidates,
    /// What registries said of the artifacts.
    pub artifacts: Artifacts,
    /// The pick queue.
    pub picks: Picks,
    /// Tags that were cut from here.
    pub cuts: super::cut::Cuts,
    /// Release notes.
    pub notes: super::notes::Kept,
    /// Who holds which role.
    pub roles: super::roles::Holders,
    /// Runs that were started from here.
    pub runs: super::cut::Runs,
    /// The files that releases are given, as they were found last.
    pub built: super::cut::BuiltSeen,
    /// What was announced.
    pub announcements: Announcements,
    /// The tracking issue that was opened from here.
    pub tracking: Option<super::ids::IssueKey>,
    /// The task list of the tracking issue.
    pub tasks: super::tasks::Tasks,
    /// A hotfix on its way back.
    pub fixes: super::back::Fixes,
    /// What went wrong with the release.
    pub setbacks: super::setback::Setbacks,
    /// Steps that were done from here.
    pub steps: super::steps::Steps,
    /// What people said of it: signatures, the decision, reports.
    pub votes: super::votes::Votes,
    /// Meetings, and who does what.
    pub meetings: super::meeting::Meetings,
    /// The checklist.
    pub checklist: Checklist,
    /// Overridden gates.
    pub overrides: Overrides,
    /// What was looked at.
    pub looks: Looks,
    /// The write queue.
    pub outbox: Outbox,
    /// The set that the release is in.
    pub set: super::set::ReleaseSet,
    /// Whether the repository's own hooks and helpers may run when something is pushed.
    pub trusted: bool,
    /// Deeds that `z` may take back, oldest first.
    pub deeds: Vec<Deed>,
    /// Deeds that were taken back, for `Z`; emptied by a new deed.
    pub undone: Vec<Deed>,
    /// The timeline.
    pub log: Log,
    /// Kinds that this program does not know, with how often they came.
    pub unknown: BTreeMap<Box<str>, u64>,
    /// How many of the facts that follow take a deed back, and so are no deeds.
    pub(crate) taking_back: usize,
    /// Whether the next deed is one done again.
    pub(crate) redoing: bool,
    /// The profile that the journal is expected to name, with its process.
    expected: Option<Arc<(Box<str>, Arc<Process>)>>,
    /// How many more facts of the deed that is done again follow.
    pub(crate) redone: usize,
    /// Which plan each operation belongs to.
    pub(crate) plan_of: BTreeMap<super::ids::OpId, super::ids::OpId>,
}

impl Release {
    /// A release before its journal is read. A journal that keeps the very profile that was read already need not
    /// have it parsed once more.
    #[must_use]
    pub fn expecting(profile: &str, process: Arc<Process>) -> Self {
        Self { expected: Some(Arc::new((profile.into(), process))), ..Self::default() }
    }

    /// Takes in one entry. The only way that a release changes; it cannot fail and cannot ask.
    pub fn apply(&mut self, entry: &Entry) {
        self.apply_owned(entry.clone());
    }

    /// The same as [`Release::apply`] for an entry that nobody else needs: what it carries is not copied.
    pub fn apply_owned(&mut self, entry: Entry) {
        let row = self.log_row(&entry);
        self.log.push(row);
        self.keep_deed(&entry);
        self.revision += 1;
        self.head = Some((entry.seq, entry.ts, entry.hash));
        self.take(entry);
    }

    /// Takes in a fact that is not on record and is shown as such: neither the timeline nor the head of the journal
    /// know of it. Only for a copy of the release, never for the release itself.
    pub fn suppose(&mut self, note: &Note, now: DateTime<Utc>) {
        self.revision += 1;
        self.take(Entry {
            seq: self.head.map_or(0, |(seq, ..)| seq),
            ts: now,
            mono: 0,
            ses: Box::default(),
            by: Box::default(),
            op: note.op.clone(),
            hash: [0; 8],
            fact: note.fact.clone(),
        });
    }

    fn take(&mut self, entry: Entry) {
        self.steady += u64::from(!matches!(entry.fact, Fact::Picks(fact::Picks::Predictions(_))));
        match entry.fact {
            Fact::Milestone(fact::Milestone::Issues(it)) => self.milestones.see_issues(it, entry.ts),
            Fact::Checks(fact::Checks::Seen(it)) => self.checks.see(it),
            _ => self.take_rest(&entry),
        }
    }

    /// Takes in what a journal has few of.
    fn take_rest(&mut self, entry: &Entry) {
        match &entry.fact {
            Fact::Session(fact) => self.take_session(fact, entry),
            Fact::Plan(fact) => self.take_plan(fact),
            Fact::Intent(errand) => {
                if let Some(op) = &entry.op {
                    self.outbox.begin(op, errand, entry.ts);
                }
            }
            Fact::Outcome { outcome, .. } => {
                if let Some(op) = &entry.op {
                    self.take_outcome(op, outcome, entry);
                }
            }
            Fact::Checklist(fact) => self.take_checklist(fact, entry),
            Fact::Announcements(fact::Announcements::Vouched(it)) => self.take_vouched(it, entry),
            Fact::Gate(fact::Gate::Overridden(it)) => {
                let record = Override {
                    on: it.on,
                    by: entry.by.clone(),
                    at: entry.ts,
                    why: it.why.clone(),
                    seq: entry.seq,
                };
                self.overrides.0.insert(it.gate.clone(), record);
            }
            Fact::Milestone(fact) => self.take_milestone(fact),
            Fact::Checks(fact) => match fact {
                // Taken in by value before.
                fact::Checks::Seen(_) => {}
                fact::Checks::Required(it) => self.checks.require(it),
                fact::Checks::Log(it) => {
                    self.checks.logs.insert(it.job, it.clone());
                }
                fact::Checks::Run(it) => self.runs.see(it),
            },
            Fact::Branches(fact) => self.take_branches(fact, entry),
            Fact::Candidates(fact) => self.take_candidates(fact, entry),
            Fact::Picks(fact) => self.picks.take(fact, entry),
            Fact::Notes(fact) => self.notes.take(fact),
            Fact::Fixes(_) | Fact::Setbacks(_) | Fact::Votes(_) | Fact::Roles(_) | Fact::Meetings(_) => {
                self.take_said(entry);
            }
            Fact::Look(fact) => self.take_look(fact, entry),
            Fact::Unknown { kind } => *self.unknown.entry(kind.clone()).or_default() += 1,
        }
    }

    fn take_branches(&mut self, fact: &fact::Branches, entry: &Entry) {
        match fact {
            fact::Branches::Seen(it) => {
                self.picks.meet(it, entry.seq);
                self.lines.see(it);
            }
            fact::Branches::Weighed(it) => it.see(&mut self.weights),
        }
    }

    /// Takes in what people said.
    fn take_said(&mut self, entry: &Entry) {
        match &entry.fact {
            Fact::Fixes(fact) => self.take_back(fact, entry),
            Fact::Setbacks(fact) => self.take_setback(fact, entry),
            Fact::Votes(fact) => self.take_vote(fact, entry),
            Fact::Meetings(fact) => self.take_meeting(fact, entry),
            Fact::Roles(fact::Roles::Assigned(it)) => self.roles.take(it, entry),
            _ => {}
        }
    }

    fn take_candidates(&mut self, fact: &fact::Candidates, entry: &Entry) {
        match fact {
            fact::Candidates::Tags(it) => {
                self.candidates.see_tags(it);
                self.find_artifact_tags();
            }
            fact::Candidates::Releases(it) => self.candidates.see_releases(it),
            fact::Candidates::Built(it) => self.built = it.clone(),
            fact::Candidates::Artifacts(it) => self.artifacts.see(it, entry.ts),
        }
    }

    fn take_outcome(&mut self, op: &super::ids::OpId, outcome: &super::errand::Outcome, entry: &Entry) {
        self.take_announced(op, outcome, entry);
        self.take_published(op, outcome);
        self.take_opened_issue(op, outcome, entry);
        self.take_step(op, outcome, entry);
        if let Some(errand) = self.outbox.open.get(op).map(|open| open.errand.clone()) {
            self.take_cut(op, &errand, outcome, entry.ts);
        }
        if let Some(open) = self.outbox.open.get(op) {
            let of = match &open.errand {
                super::errand::Errand::ResolvePicks(it) => &it.of,
                _ => op,
            };
            let apart = self.outbox.is_apart(of);
            self.picks.take_applied(op, &open.errand, outcome, apart);
            self.picks.take_backported(&open.errand, outcome);
        }
        let plan = self.plan_of.get(op).cloned();
        self.outbox.end(op, outcome, plan.as_ref());
    }

    fn take_checklist(&mut self, fact: &fact::Checklist, entry: &Entry) {
        match fact {
            fact::Checklist::Ticked(it) => self.checklist.tick(it, &entry.by, entry.ts, entry.seq),
            fact::Checklist::Attached(it) => self.checklist.attach(it, entry.seq),
            fact::Checklist::Files(it) => self.checklist.files.clone_from(&it.rows),
            fact::Checklist::Tasks(it) => self.tasks.see(it, entry.seq),
        }
    }

    fn take_milestone(&mut self, fact: &fact::Milestone) {
        match fact {
            fact::Milestone::Chosen(it) => {
                if self.milestones.choose(it) {
                    // What was read was read of another milestone: a gate must not take it for this one.
                    self.looks.0.retain(|key, _| key.topic != Topic::Issues);
                }
            }
            fact::Milestone::Seen(it) => self.milestones.see(it),
            // Taken in by value before.
            fact::Milestone::Issues(_) => {}
        }
    }

    fn take_session(&mut self, fact: &fact::Session, entry: &Entry) {
        match fact {
            fact::Session::Opened(it) => {
                // A later segment repeats the first line; the process in force stays.
                if self.opened.is_none() {
                    self.profile = Some(it.process.clone());
                    self.adopt(it.profile.as_deref());
                    self.opened = Some(Opened { profile: None, ..it.clone() });
                    self.find_artifact_tags();
                }
            }
            fact::Session::Started(it) => {
                self.session = Some(it.clone());
                self.meetings.interrupt(self.log.rows.iter().rev().nth(1).map(|row| row.ts));
                self.outbox.interrupt();
                self.forget_half_undone();
            }
            fact::Session::ProcessChanged(it) => {
                self.profile = Some(it.to.clone());
                self.kept = None;
                self.adopt(it.profile.as_deref());
                self.find_artifact_tags();
            }
            fact::Session::ProcessKept(it) => self.kept = Some(it.offered.clone()),
            fact::Session::Identified(it) => {
                if let Some(session) = &mut self.session {
                    session.auth.clone_from(&it.how);
                    session.login.clone_from(&it.login);
                }
            }
            fact::Session::Trusted(_) => self.trusted = true,
            fact::Session::CommandTrusted(it) => self.take_trusted(it),
            fact::Session::SetChosen(it) => self.take_set(it, entry.ts),
            fact::Session::OthersSeen(it) => self.take_others(it),
            fact::Session::Sealed(_) | fact::Session::Refused(_) => {}
            fact::Session::Undone(it) => self.take_undone(it),
            fact::Session::Redone(_) => self.redoing = true,
        }
    }

    fn take_plan(&mut self, fact: &fact::Plan) {
        match fact {
            fact::Plan::Accepted(it) => {
                for step in &it.steps {
                    self.plan_of.insert(step.op.clone(), it.plan.clone());
                }
                self.picks.send(&it.steps);
                self.outbox.accept(it);
            }
            fact::Plan::Cancelled(it) => self.outbox.cancel(&it.plan),
            fact::Plan::Resumed(it) => {
                self.outbox.resume(&it.plan);
                if it.replaces {
                    self.outbox.replace(&it.plan);
                }
            }
        }
    }

    fn take_look(&mut self, fact: &fact::Look, entry: &Entry) {
        match fact {
            fact::Look::Complete(it) => {
                self.looks.complete(it, entry.ts);
                self.picks.looked(it.look.topic);
                if it.look.topic == Topic::Issues
                    && let Ok(repo) = super::ids::Repo::parse(&it.look.scope)
                {
                    self.milestones.defined.insert(repo);
                }
            }
            fact::Look::Failed(it) => self.looks.fail(it, entry.ts),
        }
    }

    /// Takes a profile as the process in force. A profile that does not parse leaves none: its gates are then HOLD.
    fn adopt(&mut self, profile: Option<&str>) {
        if let Some(expected) = self.expected.as_deref().filter(|it| profile == Some(&*it.0)) {
            self.process = Some(expected.1.clone());
            self.process_error = None;
            return;
        }
        let parsed = profile.ok_or_else(|| "the profile is not beside the journal".into()).and_then(|text| {
            Process::parse(text, "the journaled profile").map_err(|findings| {
                findings
                    .first()
                    .map_or_else(|| "unreadable".into(), |first| first.message.clone().into_boxed_str())
            })
        });
        match parsed {
            Ok((process, _)) => {
                self.process = Some(Arc::new(process));
                self.process_error = None;
            }
            Err(why) => {
                self.process = None;
                self.process_error = Some(why);
            }
        }
    }

    /// The release's name, or a dash before the journal is read.
    #[must_use]
    pub fn name(&self) -> String {
        self.opened.as_ref().map_or_else(|| "–".to_owned(), |opened| opened.release.line())
    }
}
