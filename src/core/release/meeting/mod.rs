//! Meetings: who was there, what was taken up and for how long, what was decided, and who does what until when.

mod asking;
mod minutes;
mod topics;

pub use asking::Meet;
pub use topics::Topic;

use super::Release;
use super::entry::Entry;
use super::fact;
use super::log::About;
use super::poll::{Polled, Verdict};
use super::text::{Untrusted, shown};
use super::words::Words;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// What a gate said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GateSaid {
    /// The gate's id.
    pub gate: Box<str>,
    /// `go`, `hold` or `no-go`.
    pub said: Ruling,
}

/// A meeting begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The meeting's id in the process.
    pub meeting: Box<str>,
    /// Its title.
    pub title: Untrusted,
    /// What the poll said as it began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gates: Vec<GateSaid>,
}

/// People are there, or are not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attended {
    /// Who: logins or names.
    pub who: Vec<Untrusted>,
    /// Whether they are there.
    pub on: bool,
}

/// An item of the agenda is taken up; none while the meeting is left for a while.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenUp {
    /// Its key in the agenda.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Box<str>>,
    /// Its title, as it was read out.
    pub title: Untrusted,
}

/// What was decided of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ruling {
    /// It is good.
    Go,
    /// It waits.
    Hold,
    /// It is not good.
    NoGo,
    /// It is left to a later meeting or release.
    Defer,
}

impl Ruling {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::Hold => "HOLD",
            Self::NoGo => "NO-GO",
            Self::Defer => "defer",
        }
    }

    fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Go => Self::Go,
            Verdict::Hold => Self::Hold,
            Verdict::NoGo => Self::NoGo,
        }
    }
}

/// An item of the agenda was decided on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ruled {
    /// The item's key.
    pub item: Box<str>,
    /// Its title.
    pub title: Untrusted,
    /// What was decided.
    pub ruling: Ruling,
    /// What was said to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
}

/// Something was said of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// The item's key.
    pub item: Box<str>,
    /// Its title.
    pub title: Untrusted,
    /// What.
    pub text: Untrusted,
}

/// Somebody does something until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    /// Its number, from 1, in this release.
    pub action: u32,
    /// The item it came of.
    pub item: Box<str>,
    /// Who.
    pub who: Untrusted,
    /// What.
    pub what: Untrusted,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<NaiveDate>,
}

/// An action item is done, or is open again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Its number.
    pub action: u32,
    /// Whether it is done.
    pub done: bool,
    /// What came of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
}

/// A meeting ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// What the poll said as it ended.
    pub gates: Vec<GateSaid>,
}

/// When an item was taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// What; no item while the meeting was left.
    pub what: TakenUp,
    /// When.
    pub at: DateTime<Utc>,
}

/// A meeting that was held, or is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// How it began.
    pub opened: Opened,
    /// When.
    pub at: DateTime<Utc>,
    /// Who opened it.
    pub by: Box<str>,
    /// The entry that opened it.
    pub seq: u64,
    /// Who was there.
    pub present: Vec<Untrusted>,
    /// What was taken up, in order.
    pub turns: Vec<Turn>,
    /// What was decided, in order.
    pub ruled: Vec<Ruled>,
    /// What was said, in order.
    pub noted: Vec<Noted>,
    /// How it ended: when, the entry, and what the poll said.
    pub ended: Option<(DateTime<Utc>, u64, Vec<GateSaid>)>,
}

impl Held {
    /// The item that is taken up now; none when it has ended, was left, or has not begun.
    #[must_use]
    pub fn current(&self) -> Option<&Turn> {
        self.turns.last().filter(|turn| self.ended.is_none() && turn.what.item.is_some())
    }

    /// How long an item was taken up so far.
    #[must_use]
    pub fn time_of(&self, item: &str, now: DateTime<Utc>) -> TimeDelta {
        self.spans(now)
            .filter(|(turn, _)| turn.what.item.as_deref() == Some(item))
            .map(|(_, time)| time)
            .sum()
    }

    /// How long anything was taken up so far.
    #[must_use]
    pub fn time(&self, now: DateTime<Utc>) -> TimeDelta {
        self.spans(now).filter(|(turn, _)| turn.what.item.is_some()).map(|(_, time)| time).sum()
    }

    fn spans(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&Turn, TimeDelta)> {
        let end = self.ended.as_ref().map_or(now, |(at, ..)| *at);
        let next = self.turns.iter().skip(1).map(|turn| turn.at).chain([end]);
        self.turns.iter().zip(next).map(|(turn, next)| (turn, (next - turn.at).max(TimeDelta::zero())))
    }
}

/// Something that somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionItem {
    /// What.
    pub given: Assigned,
    /// When it was given.
    pub at: DateTime<Utc>,
    /// Since when it is done, and what came of it.
    pub done: Option<(DateTime<Utc>, Option<Untrusted>)>,
}

/// The meetings of the release, and what people took upon them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Meetings {
    /// Every meeting, oldest first.
    pub held: Vec<Held>,
    /// Every action item, oldest first.
    pub actions: Vec<ActionItem>,
}

impl Meetings {
    /// The meeting that has not ended.
    #[must_use]
    pub fn now(&self) -> Option<&Held> {
        self.held.last().filter(|held| held.ended.is_none())
    }

    /// The last meeting that ended.
    #[must_use]
    pub fn before(&self) -> Option<&Held> {
        self.held.iter().rev().find(|held| held.ended.is_some())
    }

    /// Action items that are not done.
    pub fn open_actions(&self) -> impl Iterator<Item = &ActionItem> {
        self.actions.iter().filter(|it| it.done.is_none())
    }

    /// A session that broke off left the meeting where the journal ends.
    pub(crate) fn interrupt(&mut self, last: Option<DateTime<Utc>>) {
        let Some(held) = self.held.last_mut().filter(|held| held.ended.is_none()) else { return };
        if let Some(at) = last.filter(|_| held.current().is_some()) {
            held.turns.push(Turn { what: TakenUp { item: None, title: Untrusted::default() }, at });
        }
    }

    fn take(&mut self, fact: &fact::Meetings, entry: &Entry) {
        match fact {
            fact::Meetings::Opened(it) => self.held.push(Held {
                opened: it.clone(),
                at: entry.ts,
                by: entry.by.clone(),
                seq: entry.seq,
                present: vec![],
                turns: vec![],
                ruled: vec![],
                noted: vec![],
                ended: None,
            }),
            fact::Meetings::Assigned(it) => {
                self.actions.push(ActionItem { given: it.clone(), at: entry.ts, done: None });
            }
            fact::Meetings::Settled(it) => {
                let known = self.actions.iter_mut().find(|known| known.given.action == it.action);
                if let Some(known) = known {
                    known.done = it.done.then(|| (entry.ts, it.why.clone()));
                }
            }
            _ => {
                if let Some(held) = self.held.last_mut() {
                    held.take(fact, entry);
                }
            }
        }
    }
}

impl Held {
    fn take(&mut self, fact: &fact::Meetings, entry: &Entry) {
        match fact {
            fact::Meetings::Attended(it) => {
                self.present.retain(|known| !it.who.contains(known));
                if it.on {
                    self.present.extend(it.who.iter().cloned());
                }
            }
            fact::Meetings::TakenUp(it) => self.turns.push(Turn { what: it.clone(), at: entry.ts }),
            fact::Meetings::Ruled(it) => self.ruled.push(it.clone()),
            fact::Meetings::Noted(it) => self.noted.push(it.clone()),
            fact::Meetings::Closed(it) => self.ended = Some((entry.ts, entry.seq, it.gates.clone())),
            fact::Meetings::Opened(_) | fact::Meetings::Assigned(_) | fact::Meetings::Settled(_) => {}
        }
    }
}

/// What a poll said, to be kept.
fn said_by(poll: &[Polled]) -> Vec<GateSaid> {
    poll.iter().map(|it| GateSaid { gate: it.gate.as_str().into(), said: Ruling::of(it.verdict) }).collect()
}

impl Release {
    pub(crate) fn take_meeting(&mut self, fact: &fact::Meetings, entry: &Entry) {
        self.meetings.take(fact, entry);
    }

    pub(crate) fn meeting_words(&self, fact: &fact::Meetings) -> (About, Words) {
        let words = match fact {
            fact::Meetings::Opened(it) => Words::about(format!("{} begins", it.title.line()), "meeting"),
            fact::Meetings::Attended(it) => {
                let who: Vec<_> = it.who.iter().map(Untrusted::line).collect();
                let how = if it.on { "there" } else { "not there" };
                Words::about(format!("{how}: {}", shown(&who.join(", "), 200)), "meeting")
            }
            fact::Meetings::TakenUp(TakenUp { item: Some(item), title }) => {
                Words::about(format!("taken up: {}", title.line()), &**item)
            }
            fact::Meetings::TakenUp(_) => Words::about("the meeting is left for a while", "meeting"),
            fact::Meetings::Ruled(it) => {
                let what = format!("{}: {}", it.ruling.word(), it.title.line());
                Words::about(what, &*it.item).why(it.why.clone())
            }
            fact::Meetings::Noted(it) => {
                Words::about(format!("said of {}", it.title.line()), &*it.item).why(Some(it.text.clone()))
            }
            fact::Meetings::Assigned(it) => {
                let due = it.due.map_or(String::new(), |due| format!(", due {due}"));
                let what = format!("action {}: {}{due}", it.action, it.who.line());
                Words::about(what, &*it.item).why(Some(it.what.clone()))
            }
            fact::Meetings::Settled(it) => {
                let how = if it.done { "done" } else { "open again" };
                let known = self.meetings.actions.iter().find(|known| known.given.action == it.action);
                let of = known.map_or(String::new(), |known| format!(": {}", known.given.what.line()));
                Words::about(format!("action {} {how}{of}", it.action), "meeting").why(it.why.clone())
            }
            fact::Meetings::Closed(_) => {
                let title = self.meetings.now().map_or("the meeting".to_owned(), |it| it.opened.title.line());
                Words::about(format!("{title} ends"), "meeting")
            }
        };
        (About::Decision, words)
    }
}
