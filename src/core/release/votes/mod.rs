//! What people say of a release: signatures on a candidate, the decision, reports, a freeze, a window, what a person
//! attests, what a second tracker still has open.

mod deciding;
mod giving_up;
mod reading;
mod window;

pub use deciding::Say;
pub use giving_up::GivenUp;

use super::entry::Entry;
use super::ids::{Login, Oid};
use super::log::About;
use super::poll::Verdict;
use super::text::{Untrusted, shown};
use super::words::Words;
use super::{Fact, Release, fact};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a person stands to what is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// Signs it.
    Signs,
    /// Will not have it released, and says why.
    Objects,
    /// Takes back what was said.
    Withdrawn,
}

/// A person signs a commit for a role, objects to it, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The sign-off's id in the process.
    pub signoff: Box<str>,
    /// Who: for what another person said, the entry's author only recorded it.
    pub person: Login,
    /// How the person stands.
    pub stand: Stand,
    /// The candidate's tag, or the branch, by the name it had.
    pub candidate: Untrusted,
    /// The commit.
    pub at: Oid,
    /// Why, and where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
}

/// What was decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// It goes out.
    Go,
    /// It waits.
    Hold,
    /// It does not go out.
    NoGo,
    /// What was decided before holds no more.
    Withdrawn,
}

impl Word {
    /// As the poll writes it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => Verdict::Go.word(),
            Self::Hold => Verdict::Hold.word(),
            Self::NoGo => Verdict::NoGo.word(),
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The go/no-go decision about a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What was decided.
    pub word: Word,
    /// The candidate's tag, or the branch, by the name it had.
    pub candidate: Untrusted,
    /// The commit.
    pub at: Oid,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
}

/// A report is in, or was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// The report's id in the process.
    pub report: Box<str>,
    /// Whether it is in.
    pub on: bool,
    /// What it says, or where it is read.
    pub text: Untrusted,
}

/// Features are frozen from now on, or no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frozen {
    /// Whether they are frozen.
    pub on: bool,
    /// What was said to it.
    pub why: Untrusted,
}

impl Frozen {
    fn words(&self) -> &'static str {
        if self.on { "features are frozen" } else { "features are frozen no more" }
    }
}

/// A release window was scheduled, or given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// The window's id in the process.
    pub window: Box<str>,
    /// From when to when; none when it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<(DateTime<Utc>, DateTime<Utc>)>,
    /// Why, where it lies outside of the days and hours of the process.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
}

impl Scheduled {
    fn words(&self) -> String {
        let window = shown(&self.window, 40);
        match &self.span {
            Some(span) => format!("window {window} on {}", window_words(*span)),
            None => format!("window {window} given up"),
        }
    }
}

/// A person attests what a gate asks for, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateAttested {
    /// The gate's id.
    pub gate: Box<str>,
    /// Whether it holds.
    pub on: bool,
    /// What shows it: a note or a link.
    pub note: Untrusted,
}

/// A person looked how much a second tracker has open, or takes that back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counted {
    /// The tracker's id in the process.
    pub tracker: Box<str>,
    /// How many are open; none when what was said is taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub open: Option<u32>,
    /// Where it was looked.
    pub link: Untrusted,
}

/// Something said, with who wrote it down and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said<T> {
    /// What.
    pub what: T,
    /// When.
    pub at: DateTime<Utc>,
    /// Who wrote it down.
    pub by: Box<str>,
    /// The entry.
    pub seq: u64,
}

/// Why features are frozen.
#[derive(Debug, Clone, Copy)]
pub enum FrozenBy<'a> {
    /// A person declared it.
    Person(&'a Said<Frozen>),
    /// This phase of the calendar freezes.
    Phase(&'a crate::process::Phase),
}

impl<T: Clone> Said<T> {
    fn of(what: &T, entry: &Entry) -> Self {
        Self { what: what.clone(), at: entry.ts, by: entry.by.clone(), seq: entry.seq }
    }
}

/// What people said of the release, as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Votes {
    /// Everything that was signed, objected to and taken back, oldest first.
    pub signed: Vec<Said<Signed>>,
    /// Every decision, oldest first.
    pub decided: Vec<Said<Decided>>,
    /// Every report that is in, oldest first.
    pub reports: Vec<Said<Reported>>,
    /// The last word on a freeze.
    pub freeze: Option<Said<Frozen>>,
    /// The last word on whether the release is given up.
    pub given_up: Option<Said<GivenUp>>,
    /// The windows that are scheduled.
    pub windows: BTreeMap<Box<str>, Said<Scheduled>>,
    /// What is attested, by gate.
    pub attested: BTreeMap<Box<str>, Said<GateAttested>>,
    /// What second trackers have open.
    pub trackers: BTreeMap<Box<str>, Said<Counted>>,
}

impl Votes {
    /// How each person stands to a sign-off on a commit, the last word of each.
    pub fn stands<'a>(&'a self, signoff: &'a str, at: Oid) -> impl Iterator<Item = &'a Said<Signed>> {
        let of = move |it: &&Said<Signed>| *it.what.signoff == *signoff && it.what.at == at;
        self.signed.iter().filter(of).filter(move |it| {
            let later = |other: &&Said<Signed>| other.seq > it.seq && other.what.person == it.what.person;
            it.what.stand != Stand::Withdrawn && !self.signed.iter().filter(of).any(|other| later(&other))
        })
    }

    /// The decision in force, whatever commit it is about.
    #[must_use]
    pub fn decision(&self) -> Option<&Said<Decided>> {
        self.decided.last().filter(|it| it.what.word != Word::Withdrawn)
    }

    /// The last report of its kind that is in.
    #[must_use]
    pub fn report(&self, id: &str) -> Option<&Said<Reported>> {
        self.reports.iter().rev().find(|it| *it.what.report == *id)
    }

    /// Whether features are declared frozen by a person.
    #[must_use]
    pub fn is_frozen(&self) -> bool {
        self.freeze.as_ref().is_some_and(|it| it.what.on)
    }

    fn take(&mut self, fact: &fact::Votes, entry: &Entry) {
        match fact {
            fact::Votes::Signed(it) => self.signed.push(Said::of(it, entry)),
            fact::Votes::Decided(it) => self.decided.push(Said::of(it, entry)),
            fact::Votes::Reported(it) if it.on => self.reports.push(Said::of(it, entry)),
            fact::Votes::Reported(it) => {
                let last = self.reports.iter().rposition(|known| known.what.report == it.report);
                last.map(|at| self.reports.remove(at));
            }
            fact::Votes::Frozen(it) => self.freeze = Some(Said::of(it, entry)),
            fact::Votes::GivenUp(it) => self.given_up = Some(Said::of(it, entry)),
            fact::Votes::Scheduled(it) => {
                self.windows.insert(it.window.clone(), Said::of(it, entry));
            }
            fact::Votes::Attested(it) => {
                self.attested.insert(it.gate.clone(), Said::of(it, entry));
            }
            fact::Votes::Counted(it) => {
                self.trackers.insert(it.tracker.clone(), Said::of(it, entry));
            }
        }
    }

    /// The fact that takes one back: what was said before, or that nothing is said any more.
    pub(super) fn back(&self, fact: &fact::Votes) -> Fact {
        match fact {
            fact::Votes::Signed(it) => {
                let before = self.stands(&it.signoff, it.at).find(|known| known.what.person == it.person);
                let none = Signed { stand: Stand::Withdrawn, why: None, ..it.clone() };
                before.map_or(none, |known| known.what.clone()).into()
            }
            fact::Votes::Decided(it) => {
                let none = Decided { word: Word::Withdrawn, why: None, ..it.clone() };
                self.decided.last().map_or(none, |known| known.what.clone()).into()
            }
            fact::Votes::Reported(it) => Reported { on: !it.on, ..it.clone() }.into(),
            fact::Votes::Frozen(it) => Frozen { on: !it.on, ..it.clone() }.into(),
            fact::Votes::GivenUp(it) => GivenUp { on: !it.on, ..it.clone() }.into(),
            fact::Votes::Scheduled(it) => {
                let none = Scheduled { span: None, why: None, ..it.clone() };
                self.windows.get(&it.window).map_or(none, |known| known.what.clone()).into()
            }
            fact::Votes::Attested(it) => {
                let none = GateAttested { on: false, ..it.clone() };
                self.attested.get(&it.gate).map_or(none, |known| known.what.clone()).into()
            }
            fact::Votes::Counted(it) => {
                let none = Counted { open: None, ..it.clone() };
                self.trackers.get(&it.tracker).map_or(none, |known| known.what.clone()).into()
            }
        }
    }
}

impl Release {
    pub(crate) fn take_vote(&mut self, fact: &fact::Votes, entry: &Entry) {
        self.votes.take(fact, entry);
    }

    pub(crate) fn vote_words(&self, fact: &fact::Votes) -> (About, Words) {
        let words = match fact {
            fact::Votes::Signed(it) => {
                let (person, title) = (shown(it.person.as_str(), 40), self.signoff_title(&it.signoff));
                let of = format!("{} ({})", it.candidate.line(), it.at.short());
                let what = match it.stand {
                    Stand::Signs => format!("{person} signs {of} for {title}"),
                    Stand::Objects => format!("{person} objects to {of} for {title}"),
                    Stand::Withdrawn => format!("{person} takes back what was said of {of} for {title}"),
                };
                Words::about(what, &*it.signoff).why(it.why.clone())
            }
            fact::Votes::Decided(it) => {
                let of = format!("{} ({})", it.candidate.line(), it.at.short());
                let words = Words::about(format!("decision {} for {of}", it.word.word()), "decision");
                words.why(it.why.clone())
            }
            fact::Votes::Reported(it) => {
                let how = if it.on { "is in" } else { "is not in after all" };
                let what = format!("report {} {how}", self.report_title(&it.report));
                Words::about(what, &*it.report).why(Some(it.text.clone()))
            }
            fact::Votes::Frozen(it) => Words::about(it.words(), "freeze").why(Some(it.why.clone())),
            fact::Votes::GivenUp(it) => Words::about(it.words(), "release").why(Some(it.why.clone())),
            fact::Votes::Scheduled(it) => Words::about(it.words(), &*it.window).why(it.why.clone()),
            fact::Votes::Attested(it) => {
                let title = self.gate_title(&it.gate);
                let how = if it.on { "attest" } else { "attest no more" };
                Words::about(format!("{how}: {title}"), &*it.gate).why(Some(it.note.clone()))
            }
            fact::Votes::Counted(it) => {
                let title = self.tracker_title(&it.tracker);
                let what = match it.open {
                    Some(open) => format!("{title} has {open} open"),
                    None => format!("what {title} has open is not known any more"),
                };
                Words::about(what, &*it.tracker).why(Some(it.link.clone()))
            }
        };
        (About::Decision, words)
    }

    /// The title of a sign-off, safe to show.
    #[must_use]
    pub fn signoff_title(&self, id: &str) -> String {
        let known = self.process.iter().flat_map(|process| &process.signoffs).find(|it| it.id == id);
        shown(known.map_or(id, |it| if it.title.is_empty() { &it.id } else { &it.title }), 60)
    }

    /// The title of a report, safe to show.
    #[must_use]
    pub fn report_title(&self, id: &str) -> String {
        let known = self.process.iter().flat_map(|process| &process.reports).find(|it| it.id == id);
        shown(known.map_or(id, |it| if it.title.is_empty() { &it.id } else { &it.title }), 60)
    }

    /// The title of a second tracker, safe to show.
    #[must_use]
    pub fn tracker_title(&self, id: &str) -> String {
        let known = self.process.iter().flat_map(|process| &process.trackers).find(|it| it.id == id);
        shown(known.map_or(id, |it| if it.title.is_empty() { &it.id } else { &it.title }), 60)
    }
}

/// A window in words, in UTC.
#[must_use]
pub fn window_words((from, to): (DateTime<Utc>, DateTime<Utc>)) -> String {
    let end = if from.date_naive() == to.date_naive() { "%H:%M UTC" } else { "%a %-d %b %H:%M UTC" };
    format!("{} to {}", from.format("%a %-d %b %H:%M"), to.format(end))
}
