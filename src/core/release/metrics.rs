//! Metrics: what a release came to, in numbers. Each is recomputed from the lines of its journal alone, and
//! [`COLUMNS`] says of each from lines of which kinds.

use super::entry::Entry;
use super::errand::Status;
use super::ids::{IssueKey, Tag};
use super::looks::Topic;
use super::picks::{Asked, CellState, Decision, Grade, PickKey, Place};
use super::text::Untrusted;
use super::{Fact, Release, fact};
use crate::order::Order as _;
use crate::version::{TagKind, classify};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

pub use columns::{COLUMNS, Column, Value};

mod columns;

/// Who writes where nobody is known by a login.
const NOBODY: &str = "local";

/// What the state of a release does not keep, gathered line by line while a journal is folded.
#[derive(Debug, Clone, Default)]
pub struct Gauge {
    entries: u64,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    /// The milestone that the release was driven by last, and the first date that it was seen to be due.
    planned: (Option<Untrusted>, Option<DateTime<Utc>>),
    ways: BTreeMap<Place, Way>,
    overrides: u64,
    reruns: u64,
    refused: u64,
    people: BTreeSet<String>,
    /// Whether something was done by nobody who is known by a login.
    nameless: bool,
}

/// The way of a pick to a line.
#[derive(Debug, Clone)]
struct Way {
    /// When the journal first saw it wanted.
    seen: DateTime<Utc>,
    /// When it was first asked for, as the forge says; else when it was seen.
    asked: DateTime<Utc>,
    /// When it was decided, by the decision that nobody took back.
    decided: Option<DateTime<Utc>>,
    /// Whether it was seen to be on the line.
    there: bool,
    /// When it landed, and whether the commit says so.
    landed: Option<(DateTime<Utc>, bool)>,
    /// Whether it was reverted there while this journal was kept.
    reverted: bool,
}

/// Times that things took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spread {
    /// How many there are.
    pub count: u64,
    /// The median: of an even number, the middle between the two in the middle. None of none.
    pub median: Option<TimeDelta>,
    /// The 90th percentile by nearest rank: the shortest time that at least nine in ten did not exceed. None of none.
    pub p90: Option<TimeDelta>,
}

impl Spread {
    /// Of times in any order.
    #[must_use]
    pub fn of(mut times: Vec<TimeDelta>) -> Self {
        times.order();
        let count = times.len();
        let Some(last) = count.checked_sub(1) else { return Self::default() };
        let median = (times[last / 2] + times[count / 2]) / 2;
        let p90 = times[(count * 9).div_ceil(10) - 1];
        Self { count: u64::try_from(count).unwrap_or(u64::MAX), median: Some(median), p90: Some(p90) }
    }
}

/// What a release came to. What the journal does not say is none, and never 0.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Lines read. Every kind counts.
    pub entries: u64,
    /// When the first line was written. Every kind counts.
    pub first: Option<DateTime<Utc>>,
    /// When the last line was written. Every kind counts.
    pub last: Option<DateTime<Utc>>,
    /// The tag of the final version (`obs.tags`).
    pub tag: Option<Tag>,
    /// Day on which the milestone that was chosen last was first seen to be due, in UTC
    /// (`milestone.choose`, `obs.milestones`).
    pub planned: Option<NaiveDate>,
    /// Day on which it was due as seen last, in UTC (the same kinds).
    pub replanned: Option<NaiveDate>,
    /// Day of the final tag, in UTC (`obs.tags`).
    pub actual: Option<NaiveDate>,
    /// Candidates, those whose tag is gone among them; none before anybody looked at tags (`obs.tags`).
    pub candidates: Option<u64>,
    /// From when a pick of the release's line was first asked for or seen to when it was on the line, of those that
    /// came between the first line of the journal and the final tag; none before anybody looked at picks (`obs.picks`,
    /// `obs.wanted`, `obs.changes`, `obs.landings`, `pick.*`, `obs.tags`).
    pub lead: Option<Spread>,
    /// From when a pick of the release's line was first seen to when it was decided, of decisions that nobody took
    /// back (the kinds of picks above, `pick.decide` among them).
    pub decision: Option<Spread>,
    /// Picks of the release's line that were reverted there (the same kinds).
    pub reverted: Option<u64>,
    /// How often a gate was overridden (`gate.override`).
    pub overrides: u64,
    /// Gates that are overridden at the end (`gate.override`, `set.choose`).
    pub overridden: u64,
    /// How often failed jobs were started again from here (`run.rerun.outcome`).
    pub reruns: u64,
    /// Issues that left the milestone while they were open; none before its issues were read in full (`obs.issues`,
    /// `obs.complete`).
    pub rolled_out: Option<u64>,
    /// Issues of the milestone that had been taken out of one before, as the forge says; none where it says it of none
    /// (`obs.issues`).
    pub rolled_before: Option<u64>,
    /// Asks that were refused (`refused`).
    pub refused: u64,
    /// Meetings that were begun (`meeting.open`).
    pub meetings: u64,
    /// Time for which an item was taken up in them (`meeting.open`, `meeting.item`, `meeting.close`, `session.start`).
    pub met: TimeDelta,
    /// Action items that are open at the end (`meeting.assign`, `meeting.settle`).
    pub actions_open: u64,
    /// Action items that are done (`meeting.assign`, `meeting.settle`).
    pub actions_done: u64,
    /// People, by login, who did more than look; none where nothing says who did what was done. Every kind counts but
    /// observations, outcomes, refusals, `milestone.choose` and those of a session.
    pub people: Option<u64>,
    /// How many hold each role at the end (`role.assign`).
    pub roles: BTreeMap<Box<str>, u64>,
}

impl Figures {
    /// Days from the day that was planned first to the day of the final tag, negative for early.
    #[must_use]
    pub fn slip(&self) -> Option<i64> {
        Some((self.actual? - self.planned?).num_days())
    }

    /// The day that the release stands for among others: that of its final tag, else of the last line.
    #[must_use]
    pub fn day(&self) -> Option<NaiveDate> {
        self.actual.or(self.last.map(|at| at.date_naive()))
    }
}

impl Gauge {
    /// Takes in an entry. `release` has taken it in already.
    pub fn take(&mut self, release: &Release, entry: &Entry) {
        self.entries += 1;
        self.first.get_or_insert(entry.ts);
        self.last = Some(entry.ts);
        if is_deed(&entry.fact) {
            match &*entry.by {
                NOBODY => self.nameless = true,
                by => drop(self.people.insert(by.to_lowercase())),
            }
        }
        match &entry.fact {
            Fact::Milestone(_) => self.plan(release),
            Fact::Picks(fact) => self.pick(release, fact, entry),
            Fact::Gate(fact::Gate::Overridden(it)) => self.overrides += u64::from(it.on),
            Fact::Session(fact::Session::Refused(_)) => self.refused += 1,
            Fact::Outcome { kind: "run.rerun", outcome } => {
                self.reruns += u64::from(outcome.status == Status::Ok);
            }
            _ => {}
        }
    }

    fn plan(&mut self, release: &Release) {
        if self.planned.0 != release.milestones.chosen {
            self.planned = (release.milestones.chosen.clone(), None);
        }
        self.planned.1 = self.planned.1.or_else(|| release.milestones.due());
    }

    fn pick(&mut self, release: &Release, fact: &fact::Picks, entry: &Entry) {
        if let fact::Picks::Decided(it) = fact {
            let way = self.ways.get_mut(&(it.pick.clone(), it.line.clone()));
            if let Some(way) = way {
                let decided = way.decided.unwrap_or(entry.ts);
                way.decided = (it.to != Decision::Undecided).then_some(decided);
            }
            return;
        }
        let first = self.first.unwrap_or(entry.ts);
        for place in &places(fact) {
            let Some(cell) = release.picks.cell(&place.0, &place.1) else { continue };
            let is_new = !self.ways.contains_key(place);
            let pull = release.picks.pulls.get(place);
            let wanted = release.picks.wanted.get(place).map(|it| &it.asked);
            let asked = pull.and_then(|it| it.wanted_by()).filter(|it| !it.is_weak()).or(wanted);
            let asked = asked.and_then(Asked::at);
            let way = self.ways.entry(place.clone()).or_insert_with(|| Way::seen(entry.ts));
            way.asked = asked.map_or(way.asked, |at| at.min(way.asked));
            let sure = cell.landing.filter(|it| Grade::is_sure(it.grade));
            let at = sure.and_then(|it| it.at);
            if sure.is_some_and(|it| it.reverted.is_some()) {
                way.reverted |= way.there || at.is_some_and(|at| at >= first);
            }
            if cell.state != CellState::Landed {
                continue;
            }
            let by_commit = way.landed.is_some_and(|(_, by_commit)| by_commit);
            if let Some(at) = at.filter(|_| !by_commit) {
                way.landed = Some((at, true));
            } else if sure.is_none() && !is_new && !way.there {
                way.landed = Some((entry.ts, false));
            }
            way.there = true;
        }
    }

    /// What the release came to. `release` has taken in all that was taken in here, and nothing more.
    #[must_use]
    pub fn figures(&self, release: &Release) -> Figures {
        let day = |at: DateTime<Utc>| at.date_naive();
        let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let done = release.final_tag();
        let picks = self.picks(release, done.and_then(|row| row.at));
        let (milestones, meetings) = (&release.milestones, &release.meetings);
        let scope = !milestones.defined.is_empty();
        let rolls: Vec<u32> = milestones.issues.values().filter_map(|it| it.rolls).collect();
        let end = self.last.unwrap_or_default();
        let open = count(meetings.open_actions().count());
        Figures {
            entries: self.entries,
            first: self.first,
            last: self.last,
            tag: done.map(|row| row.tag.clone()),
            planned: self.planned.1.map(day),
            replanned: milestones.due().map(day),
            actual: done.and_then(|row| row.at).map(day),
            candidates: candidates(release).filter(|_| looked(release, Topic::Git)).map(count),
            lead: picks.as_ref().map(|it| it.0),
            decision: picks.as_ref().map(|it| it.1),
            reverted: picks.as_ref().map(|it| it.2),
            overrides: self.overrides,
            overridden: count(release.overrides.0.values().filter(|it| it.on).count()),
            reruns: self.reruns,
            rolled_out: scope.then(|| count(milestones.left.values().filter(|(_, it)| it.open).count())),
            rolled_before: (!rolls.is_empty()).then(|| count(rolls.iter().filter(|it| **it > 0).count())),
            refused: self.refused,
            meetings: count(meetings.held.len()),
            met: meetings.held.iter().map(|held| held.time(end)).sum(),
            actions_open: open,
            actions_done: count(meetings.actions.len()) - open,
            people: (!self.nameless || !self.people.is_empty()).then(|| count(self.people.len())),
            roles: release.roles.0.iter().map(|(role, held)| (role.clone(), count(held.len()))).collect(),
        }
    }

    /// Lead times, decision times and reverts on the line of the release; none when nobody looked, or there is no line.
    fn picks(&self, release: &Release, end: Option<DateTime<Utc>>) -> Option<(Spread, Spread, u64)> {
        let line = release.line_name()?;
        if !looked(release, Topic::Landings) && !looked(release, Topic::Picks) {
            return None;
        }
        let first = self.first?;
        let ways = || self.ways.iter().filter(|((_, on), _)| *on == line).map(|(_, way)| way);
        let since = |from: DateTime<Utc>, to: DateTime<Utc>| (to - from).max(TimeDelta::zero());
        let lead = ways().filter_map(|way| {
            let (at, _) = way.landed?;
            (at >= first && end.is_none_or(|end| at <= end)).then(|| since(way.asked, at))
        });
        let decision = ways().filter_map(|way| Some(since(way.seen, way.decided?)));
        let reverted = u64::try_from(ways().filter(|way| way.reverted).count()).ok()?;
        Some((Spread::of(lead.collect()), Spread::of(decision.collect()), reverted))
    }
}

impl Way {
    fn seen(at: DateTime<Utc>) -> Self {
        Self { seen: at, asked: at, decided: None, there: false, landed: None, reverted: false }
    }
}

/// Whether somebody did something, and neither looked nor was refused.
fn is_deed(fact: &Fact) -> bool {
    use fact::Session;
    match fact {
        Fact::Session(it) => !matches!(
            it,
            Session::Opened(_)
                | Session::Started(_)
                | Session::Sealed(_)
                | Session::Identified(_)
                | Session::Refused(_)
        ),
        // What was started is a deed, what came of it is not: the cockpit may have found it by looking. A milestone is
        // chosen by a look too.
        Fact::Milestone(_) | Fact::Look(_) | Fact::Outcome { .. } | Fact::Unknown { .. } => false,
        fact => !fact.kind().starts_with("obs."),
    }
}

/// The picks that a fact says something of.
fn places(fact: &fact::Picks) -> Vec<Place> {
    match fact {
        fact::Picks::Seen(it) => {
            let key = |number| PickKey::Pull(IssueKey { repo: it.repo.clone(), number });
            it.rows.iter().map(|row| (key(row.number), row.line.clone())).collect()
        }
        fact::Picks::Wanted(it) => it.rows.iter().map(|row| (row.pick.clone(), row.line.clone())).collect(),
        fact::Picks::Landings(it) => it.rows.iter().map(|row| (row.pick.clone(), row.line.clone())).collect(),
        fact::Picks::Added(it) if it.on => vec![(it.pick.clone(), it.line.clone())],
        fact::Picks::Attested(it) if it.on => vec![(it.pick.clone(), it.line.clone())],
        _ => vec![],
    }
}

fn looked(release: &Release, topic: Topic) -> bool {
    release.looks.0.iter().any(|(key, known)| key.topic == topic && known.since.is_some())
}

/// How many candidates there are and were; none when no process says what a candidate is.
fn candidates(release: &Release) -> Option<usize> {
    let (version, process) = (release.version()?, release.process.as_ref()?);
    let tags = release.candidates.tags.keys().chain(release.candidates.burned.keys());
    let own = tags.map(|tag| classify(&process.version, tag.as_str())).filter(|class| {
        class.version.as_ref().is_some_and(|it| it.base() == version)
            && matches!(class.kind, TagKind::Candidate(_))
    });
    Some(own.count())
}
