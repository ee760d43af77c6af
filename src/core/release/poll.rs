//! The go/no-go poll: every gate of the process, read from what is known.

use super::gates::Override;
use super::{Release, reading};
use crate::process::{Gate, Guards, Pane};
use chrono::{DateTime, Utc};

/// What a gate says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The condition holds, and was read.
    Go,
    /// It waits, or nobody could read it.
    Hold,
    /// The condition does not hold.
    NoGo,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Go => "GO",
            Self::Hold => "HOLD",
            Self::NoGo => "NO-GO",
        }
    }
}

/// A gate's condition, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// What it says.
    pub verdict: Verdict,
    /// Why, in a few words that are safe to show: "2 red", "41 of 48 done".
    pub reason: String,
    /// When it stops to be so by itself: the end of a testing window.
    pub until: Option<DateTime<Utc>>,
}

impl Reading {
    /// GO.
    #[must_use]
    pub fn go(reason: impl Into<String>) -> Self {
        Self { verdict: Verdict::Go, reason: reason.into(), until: None }
    }

    /// HOLD.
    #[must_use]
    pub fn hold(reason: impl Into<String>) -> Self {
        Self { verdict: Verdict::Hold, reason: reason.into(), until: None }
    }

    /// NO-GO.
    #[must_use]
    pub fn no_go(reason: impl Into<String>) -> Self {
        Self { verdict: Verdict::NoGo, reason: reason.into(), until: None }
    }
}

/// A gate as the poll shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Polled {
    /// The gate's id.
    pub gate: String,
    /// Its title.
    pub title: String,
    /// What it says, an override taken into account.
    pub verdict: Verdict,
    /// What was read.
    pub reading: Reading,
    /// The pane that settles it.
    pub pane: Pane,
    /// Whether people settle it by what they say.
    pub said: bool,
    /// Whether it stops the release.
    pub required: bool,
    /// Who overrode it, when and why, while that is in force.
    pub overridden: Option<Override>,
}

impl Polled {
    /// Why, for a row of the poll.
    #[must_use]
    pub fn reason(&self) -> String {
        match &self.overridden {
            Some(by) => format!("{}, overridden by {}", self.reading.reason, super::text::shown(&by.by, 40)),
            None => self.reading.reason.clone(),
        }
    }
}

impl Release {
    /// Reads every gate that the release has to pass, in the order of the process. A gate that guards the close is
    /// asked once the final version is tagged.
    #[must_use]
    pub fn poll(&self, now: DateTime<Utc>) -> Vec<Polled> {
        let Some(process) = self.process.clone() else { return Vec::new() };
        let stream = self.stream().map(|stream| stream.id.clone());
        let phase = self.phase(now).map(|it| it.id.clone());
        let tagged = self.final_tag().is_some();
        let asked = |gate: &&Gate| {
            // What is published or merged back can only be asked once there is a final version.
            let due = match gate.guards {
                Guards::Cut => true,
                Guards::Close => tagged,
            };
            let stream =
                stream.as_deref().is_none_or(|stream| crate::process::applies(&gate.streams, stream));
            let phase =
                phase.as_ref().is_none_or(|phase| gate.phases.is_empty() || gate.phases.contains(phase));
            due && stream && phase
        };
        process.gates.iter().filter(asked).map(|gate| self.polled(gate, now)).collect()
    }

    fn polled(&self, gate: &Gate, now: DateTime<Utc>) -> Polled {
        let reading = reading::read(self, gate, now);
        let overridden = self.overrides.of(&gate.id).cloned();
        let verdict = if overridden.is_some() { Verdict::Go } else { reading.verdict };
        let title = if gate.title.is_empty() { &gate.id } else { &gate.title };
        Polled {
            gate: gate.id.clone(),
            title: super::text::shown(title, 80),
            verdict,
            reading,
            pane: gate.pane(),
            said: gate.kind.is_said(),
            required: gate.required,
            overridden,
        }
    }
}

/// The verdict of the whole poll: the worst of what is required. An empty poll is HOLD: nobody asked anything.
#[must_use]
pub fn verdict(poll: &[Polled]) -> Verdict {
    let required = poll.iter().filter(|polled| polled.required).map(|polled| polled.verdict);
    if poll.is_empty() { Verdict::Hold } else { required.max().unwrap_or(Verdict::Go) }
}
