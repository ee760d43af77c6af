//! Steps of the runbook that the cockpit does itself: programs and questions to a URL, and what came of them.

mod draft;

use super::entry::Entry;
use super::errand::{Errand, Outcome, Status};
use super::ids::OpId;
use super::poll::Reading;
use super::text::{Untrusted, shown};
use super::{Fact, Release};
use crate::process::{Act, Item};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the process says of a program: exactly this is trusted, or not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Declared {
    /// Program and arguments, with words in braces.
    pub argv: Vec<Untrusted>,
    /// How long it may take, in seconds.
    pub timeout: u32,
    /// Whether it may be run again once it was begun.
    #[serde(default)]
    pub repeatable: bool,
    /// Variables of the environment that it gets beside the usual ones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<Untrusted>,
}

impl Declared {
    /// As one line, safe to show.
    #[must_use]
    pub fn line(&self) -> String {
        let words: Vec<_> = self.argv.iter().map(Untrusted::line).collect();
        shown(&words.join(" "), 200)
    }
}

/// A person has read a program of the process, and said that exactly this may be run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommandTrusted {
    /// The item that it belongs to.
    pub item: Box<str>,
    /// What was read.
    pub declared: Declared,
}

/// Runs a program. It is never run again by itself: nobody can look whether it did its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCommand {
    /// The item that it is run for.
    pub item: Box<str>,
    /// What the process says of it.
    pub declared: Declared,
    /// Program and arguments as they are run.
    pub argv: Vec<Untrusted>,
    /// Whether saying go also says that exactly this may be run from now on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trust: bool,
}

/// Asks a URL until it answers as it should, or was asked often enough. It changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeUrl {
    /// The item that it is asked for.
    pub item: Box<str>,
    /// Where.
    pub url: Untrusted,
    /// The expected HTTP status.
    pub status: u16,
    /// Text that the answer must hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contains: Option<Untrusted>,
    /// How often it is asked at most.
    pub tries: u32,
    /// Seconds between two tries.
    pub every: u32,
}

impl RunCommand {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let words: Vec<_> = self.argv.iter().map(|word| quoted(word.raw())).collect();
        format!("run {}", shown(&words.join(" "), 300))
    }

    /// Every argument on a line of its own, and what holds while it runs.
    #[must_use]
    pub fn preview(&self) -> Vec<String> {
        let arguments = self.argv.iter().enumerate().map(|(at, word)| match at {
            0 => format!("program   {}", shown(word.raw(), 400)),
            _ => format!("argument  {}", shown(word.raw(), 400)),
        });
        let mut lines: Vec<String> = arguments.collect();
        let env: Vec<_> = self.declared.env.iter().map(Untrusted::line).collect();
        if !env.is_empty() {
            lines.push(format!("it gets   {}", env.join(", ")));
        }
        let again = if self.declared.repeatable { "it may be run again" } else { "it is run once" };
        lines.push(format!("no shell, at most {}, {again}", duration(self.declared.timeout)));
        if self.trust {
            lines.push("Trust: from now on exactly this may be run in this release".to_owned());
        }
        lines
    }
}

impl ProbeUrl {
    /// As one line of a plan.
    #[must_use]
    pub fn line(&self) -> String {
        let holds = self.contains.as_ref().map_or(String::new(), |text| format!(" with “{}”", text.line()));
        let tries = match self.tries {
            1 => "once".to_owned(),
            tries => format!("{tries} times at most, every {}", duration(self.every)),
        };
        format!("ask {} for {}{holds}, {tries}", shown(self.url.raw(), 200), self.status)
    }
}

/// A word as a shell would take it for one, for people to tell arguments apart.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) { word.to_owned() } else { format!("'{word}'") }
}

/// Seconds in words.
#[must_use]
pub fn duration(seconds: u32) -> String {
    match seconds {
        s if s >= 3600 && s % 3600 == 0 => format!("{} h", s / 3600),
        s if s >= 60 && s % 60 == 0 => format!("{} min", s / 60),
        s => format!("{s} s"),
    }
}

/// What came of a step when it was done last.
#[derive(Debug, Clone, PartialEq)]
pub struct Attempt {
    /// When it ended.
    pub at: DateTime<Utc>,
    /// Who began it, or said what became of it.
    pub by: Box<str>,
    /// How it ended.
    pub status: Status,
    /// Whether it was begun at all: a program that was not found was not.
    pub begun: bool,
    /// What is to be known about it: `exit 0 in 3 s`.
    pub said: Untrusted,
    /// The end of what it printed, or of what answered.
    pub tail: Option<Untrusted>,
}

/// What is on record of steps.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Steps {
    /// How each ended last, by item.
    pub last: BTreeMap<Box<str>, Attempt>,
    /// The programs that may be run.
    pub trusted: std::collections::BTreeSet<Declared>,
}

/// How far a step is that is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// It waits in a plan, or runs.
    Going,
    /// It waits in a plan that stands still: a person goes on or calls it off.
    Stopped,
    /// It may have been done: a person says.
    InDoubt,
}

fn item_of(errand: &Errand) -> Option<&str> {
    match errand {
        Errand::RunCommand(it) => Some(&it.item),
        Errand::ProbeUrl(it) => Some(&it.item),
        _ => None,
    }
}

impl Release {
    /// Whether a step is under way.
    #[must_use]
    pub fn doing(&self, item: &str) -> Option<Doing> {
        let is = |errand: &Errand| item_of(errand) == Some(item);
        if let Some(open) = self.outbox.open.values().find(|open| is(&open.errand)) {
            return Some(if open.in_doubt { Doing::InDoubt } else { Doing::Going });
        }
        let waits = self.outbox.plans.iter().find(|plan| plan.waiting.iter().any(|step| is(&step.errand)))?;
        Some(if waits.stopped.is_some() { Doing::Stopped } else { Doing::Going })
    }

    /// Takes in how a step ended, while its errand is still open.
    pub(crate) fn take_step(&mut self, op: &OpId, outcome: &Outcome, entry: &Entry) {
        let Some(open) = self.outbox.open.get(op) else { return };
        let Some(item) = item_of(&open.errand).map(Box::<str>::from) else { return };
        match outcome.status {
            // It is in doubt until somebody says.
            Status::Unknown => return,
            // It did not happen: what was known before still is.
            Status::Abandoned => return,
            Status::Ok | Status::Failed | Status::Refused | Status::Conflict => {}
        }
        let attempt = Attempt {
            at: entry.ts,
            by: entry.by.clone(),
            status: outcome.status,
            begun: outcome.status == Status::Ok || outcome.after.contains_key("seconds"),
            said: outcome.note.clone().unwrap_or_default(),
            tail: outcome.after.get("tail").cloned(),
        };
        self.steps.last.insert(item, attempt);
    }

    pub(crate) fn take_trusted(&mut self, fact: &CommandTrusted) {
        self.steps.trusted.insert(fact.declared.clone());
    }

    /// The facts that say which programs of a plan are trusted from now on.
    pub(crate) fn trusts(&self, errands: &[&Errand]) -> Vec<Fact> {
        let mut facts: Vec<Fact> = vec![];
        for errand in errands {
            if let Errand::RunCommand(it) = errand
                && !self.steps.trusted.contains(&it.declared)
            {
                let (item, declared) = (it.item.clone(), it.declared.clone());
                facts.push(CommandTrusted { item, declared }.into());
            }
        }
        facts
    }

    /// What an item says that the cockpit does itself and that names no check: how it ended last.
    pub(crate) fn read_step(&self, item: &Item) -> Option<Reading> {
        match &item.act {
            Some(Act::Command { .. } | Act::Probe { .. }) => {}
            Some(Act::Promote { channel }) => return Some(self.read_channel(channel)),
            _ => return None,
        }
        Some(match self.doing(&item.id) {
            Some(Doing::InDoubt) => {
                Reading::hold("it may have been run: look what became of it, then gu says whether it was")
            }
            Some(Doing::Going) => Reading::hold("it is under way"),
            Some(Doing::Stopped) => Reading::hold("its plan stands still: gu goes on or calls it off"),
            None => match self.steps.last.get(item.id.as_str()) {
                None => Reading::hold("not done yet: X does it"),
                Some(it) => {
                    let when = it.at.format("%-d %b %H:%M UTC");
                    let said = format!("{}, {when} by {}", shown(it.said.raw(), 160), shown(&it.by, 40));
                    if it.status == Status::Ok { Reading::go(said) } else { Reading::no_go(said) }
                }
            },
        })
    }

    /// The item that must be settled before this one, where its stage goes in order.
    #[must_use]
    pub fn comes_before(&self, item: &str, now: DateTime<Utc>) -> Option<String> {
        let process = self.process.clone()?;
        let stage = process.stages.iter().find(|stage| stage.items.iter().any(|it| it.id == item))?;
        if !stage.ordered {
            return None;
        }
        let stream = self.stream().map(|stream| stream.id.clone()).unwrap_or_default();
        let mut before = process.items_for(stage, &stream, true).take_while(|it| it.id != item);
        before.find(|it| it.required && !self.is_settled(it, now)).map(|it| self.item_text(&it.id))
    }
}
