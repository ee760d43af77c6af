//! Rollback: a released version goes wrong; how severe it is, what follows, how it ended.

use super::ask::Refusal;
use super::entry::Entry;
use super::log::About;
use super::text::{Untrusted, shown};
use super::words::Words;
use super::{Fact, Release, fact};
use crate::process::Then;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// A released version went wrong, and a person judged how severe it is. The process says what follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WentWrong {
    /// The severity's id in the process.
    pub severity: Box<str>,
    /// What follows from it by the process, at that moment.
    pub then: Then,
    /// What went wrong.
    pub what: Untrusted,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovered {
    /// What was done, and how it is now.
    pub outcome: Untrusted,
    /// The hotfix that mends it, by its version or its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hotfix: Option<Untrusted>,
}

/// What went wrong, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setback {
    /// What went wrong, as judged last.
    pub wrong: WentWrong,
    /// When it was judged first.
    pub at: DateTime<Utc>,
    /// Who judged.
    pub by: Box<str>,
    /// How it ended: when, by whom, and how.
    pub ended: Option<(DateTime<Utc>, Box<str>, Recovered)>,
}

/// Everything that went wrong with the release, oldest first.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Setbacks(pub Vec<Setback>);

impl Setbacks {
    /// The one that has not ended.
    #[must_use]
    pub fn open(&self) -> Option<&Setback> {
        self.0.last().filter(|it| it.ended.is_none())
    }
}

/// What follows, in words.
#[must_use]
pub fn then_words(then: Then) -> &'static str {
    match then {
        Then::RollBack => "roll back at once",
        Then::Hotfix => "make a hotfix",
        Then::Wait => "wait for the next release",
    }
}

/// What a person says of a release that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetbackAsk {
    /// It went wrong, this severely. Said again, it is judged anew.
    Wrong {
        /// The severity's id.
        severity: Box<str>,
        /// What went wrong.
        what: Untrusted,
    },
    /// It is over.
    Over(Recovered),
}

impl Release {
    pub(crate) fn decide_setback(&self, ask: SetbackAsk) -> Result<Fact, Refusal> {
        let refuse = |why: &str| Refusal::new("roll back", self.name(), why);
        let long = |text: &Untrusted| text.raw().len() > 4096;
        match ask {
            SetbackAsk::Wrong { severity, what } => {
                let process = self.process.as_ref().ok_or_else(|| refuse("no process is known"))?;
                let rule = process.rollback.severities.iter().find(|it| *it.id == *severity);
                let rule = rule.ok_or_else(|| {
                    refuse("the process has no such severity")
                        .hint("it lists them under [[rollback.severities]]")
                })?;
                if what.raw().trim().is_empty() {
                    return Err(refuse("say what went wrong").hint("it goes into the journal"));
                }
                if long(&what) {
                    return Err(refuse("it is longer than 4,096 bytes").hint("link to the long version"));
                }
                if self.final_tag().is_none() {
                    let refusal = refuse("the version is not released: there is nothing to roll back");
                    return Err(refusal.hint("what goes wrong before is a blocker, or a NO-GO"));
                }
                let then = rule.then;
                let same = |it: &Setback| it.wrong.severity == severity && it.wrong.what == what;
                if self.setbacks.open().is_some_and(same) {
                    return Err(refuse("it is judged so already"));
                }
                Ok(WentWrong { severity, then, what }.into())
            }
            SetbackAsk::Over(it) => {
                if self.setbacks.open().is_none() {
                    return Err(refuse("nothing went wrong that has not ended"));
                }
                if it.outcome.raw().trim().is_empty() {
                    return Err(refuse("say what was done and how it is now"));
                }
                if long(&it.outcome) || it.hotfix.as_ref().is_some_and(long) {
                    return Err(refuse("it is longer than 4,096 bytes").hint("link to the long version"));
                }
                let then = self.setbacks.open().map(|it| it.wrong.then);
                if then == Some(Then::Hotfix) && it.hotfix.is_none() {
                    return Err(refuse("the process asks for a hotfix: say which mends it"));
                }
                Ok(it.into())
            }
        }
    }

    pub(crate) fn take_setback(&mut self, fact: &fact::Setbacks, entry: &Entry) {
        match fact {
            fact::Setbacks::Wrong(it) => match self.setbacks.0.last_mut().filter(|it| it.ended.is_none()) {
                Some(open) => open.wrong = it.clone(),
                None => self.setbacks.0.push(Setback {
                    wrong: it.clone(),
                    at: entry.ts,
                    by: entry.by.clone(),
                    ended: None,
                }),
            },
            fact::Setbacks::Over(it) => {
                if let Some(open) = self.setbacks.0.last_mut() {
                    open.ended.get_or_insert_with(|| (entry.ts, entry.by.clone(), it.clone()));
                }
            }
        }
    }

    pub(crate) fn setback_words(&self, fact: &fact::Setbacks) -> (About, Words) {
        let words = match fact {
            fact::Setbacks::Wrong(it) => {
                let severity = shown(&it.severity, 40);
                let what = format!("it went wrong, {severity}: {}", then_words(it.then));
                Words::about(what, "rollback").why(Some(it.what.clone()))
            }
            fact::Setbacks::Over(it) => {
                let by = it.hotfix.as_ref().map_or(String::new(), |it| format!(", hotfix {}", it.line()));
                Words::about(format!("it is over{by}"), "rollback").why(Some(it.outcome.clone()))
            }
        };
        (About::Decision, words)
    }

    /// Whether stages that are only for a release that is taken back are shown: something went wrong.
    #[must_use]
    pub fn went_wrong(&self) -> bool {
        !self.setbacks.0.is_empty()
    }

    /// What is said while something that went wrong has not ended.
    #[must_use]
    pub fn setback_banner(&self) -> Option<String> {
        let open = self.setbacks.open()?;
        let (severity, what) = (shown(&open.wrong.severity, 40), shown(open.wrong.what.raw(), 120));
        Some(format!("{severity}: {} – {what}", then_words(open.wrong.then)))
    }
}
