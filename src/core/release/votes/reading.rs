//! What gates read from what people said. What nobody said is HOLD; what was said of another commit holds no more.

use super::{FrozenBy, Said, Signed, Stand, Word, window_words};
use crate::process::{Report, SignOff, applies};
use crate::release::Release;
use crate::release::log::plural;
use crate::release::poll::Reading;
use crate::release::scope::days;
use crate::release::text::shown;
use chrono::{DateTime, TimeDelta, Utc};

/// How a required signature stands.
enum Signature<'a> {
    /// Given on the commit that is up.
    Given,
    /// Somebody objects.
    Objected(&'a Said<Signed>),
    /// Given on an earlier commit only.
    Expired(&'a Said<Signed>),
    /// Not given.
    Missing,
}

impl Release {
    /// The signatures that the process asks for in this stream, of these roles or of all.
    fn wanted_signatures(&self, roles: &[String]) -> Vec<&SignOff> {
        let stream = self.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
        let all = self.process.iter().flat_map(|process| &process.signoffs);
        let wanted = |it: &&SignOff| {
            it.required && (roles.is_empty() || roles.contains(&it.role)) && applies(&it.streams, stream)
        };
        all.filter(wanted).collect()
    }

    pub(crate) fn read_signoffs(&self, roles: &[String]) -> Reading {
        if self.process.is_none() {
            return Reading::hold("no process");
        }
        let wanted = self.wanted_signatures(roles);
        if wanted.is_empty() {
            return Reading::go("none asked for");
        }
        let title = |it: &SignOff| self.signoff_title(&it.id);
        let Some((candidate, at)) = self.up_for_decision() else {
            let titles: Vec<_> = wanted.iter().map(|it| title(it)).collect();
            return Reading::hold(format!("no candidate to sign yet: {}", titles.join(", ")));
        };
        let (mut given, mut missing) = (0, vec![]);
        for it in &wanted {
            match self.signature(&it.id, at) {
                Signature::Given => given += 1,
                Signature::Objected(said) => {
                    let why = said.what.why.as_ref().map_or(String::new(), |why| format!(": {}", why.line()));
                    let who = shown(said.what.person.as_str(), 40);
                    return Reading::no_go(format!("{} objects, {who}{}", title(it), shown(&why, 100)));
                }
                Signature::Expired(said) => {
                    missing.push(format!("{} (was on {})", title(it), said.what.candidate.line()));
                }
                Signature::Missing => missing.push(title(it)),
            }
        }
        let of = format!("{given} of {} signed {}", wanted.len(), candidate.line());
        if missing.is_empty() {
            return Reading::go(of);
        }
        Reading::hold(format!("{of}, missing {}", missing.join(", ")))
    }

    fn signature<'a>(&'a self, id: &'a str, at: crate::release::ids::Oid) -> Signature<'a> {
        let of = move |it: &&Said<Signed>| *it.what.signoff == *id;
        let all: Vec<_> = self.votes.stands(id, at).collect();
        if let Some(said) = all.iter().find(|it| it.what.stand == Stand::Objects) {
            return Signature::Objected(said);
        }
        if !all.is_empty() {
            return Signature::Given;
        }
        let signed = |it: &&Said<Signed>| it.what.stand == Stand::Signs && it.what.at != at;
        let earlier = self.votes.signed.iter().rev().filter(of).find(signed);
        earlier.map_or(Signature::Missing, Signature::Expired)
    }

    pub(crate) fn read_decision(&self) -> Reading {
        let Some(said) = self.votes.decision() else { return Reading::hold("none on record") };
        let (by, word) = (shown(&said.by, 40), said.what.word.word());
        match self.up_for_decision() {
            Some((candidate, at)) if at != said.what.at => {
                let (was, now) = (said.what.candidate.line(), candidate.line());
                // A branch keeps its name when it moves on.
                let now = if was == now {
                    format!("{now} is at {} now", at.short())
                } else {
                    format!("{now} is up now")
                };
                return Reading::hold(format!("{word} was said of {was} ({}), {now}", said.what.at.short()));
            }
            None => {
                return Reading::hold(format!(
                    "{word} was said of {}, nothing is up now",
                    said.what.candidate.line()
                ));
            }
            Some(_) => {}
        }
        let why = said.what.why.as_ref().map_or(String::new(), |why| format!(": {}", why.line()));
        let text = format!("{by} said {word} to {}{}", said.what.candidate.line(), shown(&why, 100));
        match said.what.word {
            Word::Go => Reading::go(text),
            Word::NoGo => Reading::no_go(text),
            Word::Hold | Word::Withdrawn => Reading::hold(text),
        }
    }

    /// Whether each report that is due in this phase is in: the last no older than how often it is due.
    pub(crate) fn read_reports(&self, ids: &[String], now: DateTime<Utc>) -> Reading {
        let Some(process) = &self.process else { return Reading::hold("no process") };
        if !process.reports.iter().any(|it| ids.is_empty() || ids.contains(&it.id)) {
            return Reading::hold("the process lists no such report");
        }
        let phase = self.phase(now).map(|phase| phase.id.as_str());
        let due = |it: &&Report| {
            let here =
                phase.is_none_or(|phase| it.phases.is_empty() || it.phases.iter().any(|id| id == phase));
            here && (ids.is_empty() || ids.contains(&it.id))
        };
        let reports: Vec<_> = process.reports.iter().filter(due).collect();
        if reports.is_empty() {
            return Reading::go("none is due in this phase");
        }
        let (mut until, mut oldest) = (None::<DateTime<Utc>>, None::<DateTime<Utc>>);
        for it in &reports {
            let title = self.report_title(&it.id);
            let Some(last) = self.votes.report(&it.id) else {
                return Reading::hold(format!("{title} is not in yet"));
            };
            let end = last.at + TimeDelta::hours(i64::from(it.every.max_hours()));
            if now >= end {
                return Reading::no_go(format!("{title} is late by {}", days(now - end)));
            }
            until = Some(until.map_or(end, |until| until.min(end)));
            oldest = Some(oldest.map_or(last.at, |oldest| oldest.min(last.at)));
        }
        let age = oldest.map_or(String::new(), |at| format!(", the oldest {} ago", days(now - at)));
        let many = reports.len();
        Reading { until, ..Reading::go(format!("{many} {} in{age}", plural(many, "report"))) }
    }

    /// Why features are frozen: a person declared it, or a phase of the calendar that freezes has begun. Who lifts a freeze
    /// overrules the calendar.
    #[must_use]
    pub fn frozen(&self, now: DateTime<Utc>) -> Option<FrozenBy<'_>> {
        if let Some(said) = &self.votes.freeze {
            return said.what.on.then_some(FrozenBy::Person(said));
        }
        let phase = self.phase(now)?;
        let phases = &self.process.as_ref()?.calendar.phases;
        let at = phases.iter().position(|it| it.id == phase.id)?;
        phases.iter().take(at + 1).find(|it| it.freeze).map(FrozenBy::Phase)
    }

    pub(crate) fn read_freeze(&self, now: DateTime<Utc>) -> Reading {
        match self.votes.freeze.as_ref().filter(|it| it.what.on) {
            Some(said) => {
                let by = shown(&said.by, 40);
                Reading::go(format!("in force for {}, declared by {by}", days(now - said.at)))
            }
            None => Reading::hold("not declared"),
        }
    }

    pub(crate) fn read_window(&self, id: &str, now: DateTime<Utc>) -> Reading {
        let said = self.votes.windows.get(id).and_then(|it| it.what.span);
        let Some((from, to)) = said else { return Reading::hold("none is scheduled") };
        let words = window_words((from, to));
        if now < from {
            let said = format!("opens in {}: {words}", days(from - now));
            return Reading { until: Some(from), ..Reading::hold(said) };
        }
        if now >= to {
            return Reading::no_go(format!("closed {} ago: {words}", days(now - to)));
        }
        let said = format!("open for {} more: {words}", days(to - now));
        Reading { until: Some(to), ..Reading::go(said) }
    }

    pub(crate) fn read_attest_gate(&self, gate: &str, text: &str) -> Reading {
        match self.votes.attested.get(gate).filter(|it| it.what.on) {
            Some(said) => {
                let (by, note) = (shown(&said.by, 40), shown(&said.what.note.line(), 100));
                Reading::go(format!("{by} attests it: {note}"))
            }
            None => Reading::hold(format!("nobody attests it: {}", shown(text, 120))),
        }
    }

    /// What a second tracker has open, as a person said or as it answered.
    pub(crate) fn read_tracker(&self, id: &str, now: DateTime<Utc>) -> Reading {
        let title = self.tracker_title(id);
        let Some(said) = self.votes.trackers.get(id) else {
            return Reading::hold(format!("{title} was not looked at"));
        };
        let Some(open) = said.what.open else {
            return Reading::hold(format!("{title} was not looked at"));
        };
        let (age, by) = (days(now - said.at), shown(&said.by, 40));
        if open == 0 {
            return Reading::go(format!("nothing open, {by} looked {age} ago"));
        }
        Reading::no_go(format!("{open} open, {by} looked {age} ago"))
    }
}
