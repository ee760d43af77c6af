//! The columns of a table of metrics: the key of each, its unit, and the kinds that it is computed from.

use super::{Figures, Spread};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeMap;

/// A value; none when the journal does not say.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A name from outside.
    Text(Option<String>),
    /// A day in UTC.
    Day(Option<NaiveDate>),
    /// A moment.
    Time(Option<DateTime<Utc>>),
    /// A whole number, negative for what came early.
    Whole(Option<i64>),
    /// Hours, to the hundredth.
    Hours(Option<f64>),
    /// How many, by a name from outside.
    Each(BTreeMap<Box<str>, u64>),
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its key, with the unit in it: `slip_days`. It keeps its name and its meaning.
    pub key: &'static str,
    /// What a table for people calls it; none where it is no part of that.
    pub head: Option<&'static str>,
    /// What it says.
    pub says: &'static str,
    /// The kinds of lines that it is computed from; none where every line counts.
    pub kinds: &'static [&'static str],
    /// The value.
    pub value: fn(&Figures) -> Value,
}

const TAGS: &[&str] = &["obs.tags"];
const DUE: &[&str] = &["milestone.choose", "obs.milestones"];
const SLIP: &[&str] = &["milestone.choose", "obs.milestones", "obs.tags"];
/// What says where a pick stands on a line.
const PICKS: &[&str] =
    &["obs.picks", "obs.wanted", "obs.changes", "obs.landings", "pick.add", "pick.attest", "pick.decide"];
const LEAD: &[&str] = &[
    "obs.picks",
    "obs.wanted",
    "obs.changes",
    "obs.landings",
    "pick.add",
    "pick.attest",
    "pick.decide",
    "obs.tags",
];
const ACTIONS: &[&str] = &["meeting.assign", "meeting.settle"];
const MET: &[&str] = &["meeting.open", "meeting.item", "meeting.close", "session.start"];

macro_rules! columns {
    ($($key:literal, $head:expr, $kinds:expr, $value:expr, $says:literal;)*) => {
        /// Every column behind the name of the release, in order.
        pub const COLUMNS: &[Column] =
            &[$(Column { key: $key, head: $head, says: $says, kinds: $kinds, value: $value },)*];
    };
}

columns! {
    "final_tag", None, TAGS, |it| Value::Text(it.tag.as_ref().map(|it| it.as_str().to_owned())),
        "the tag of the final version";
    "planned_first_date", Some("planned"), DUE, |it| Value::Day(it.planned),
        "when the milestone was due as seen first";
    "planned_last_date", Some("planned last"), DUE, |it| Value::Day(it.replanned),
        "when it was due as seen last";
    "actual_date", Some("final tag"), TAGS, |it| Value::Day(it.actual), "when the final version was tagged";
    "slip_days", Some("slip, days"), SLIP, |it| Value::Whole(it.slip()),
        "days from the first plan to the final tag, negative for early";
    "candidates", Some("candidates"), TAGS, |it| many(it.candidates),
        "candidates that were tagged, those whose tag is gone among them";
    "picks_landed", Some("picks landed"), LEAD, |it| many(it.lead.map(|it| it.count)),
        "picks that came to the line between the first line of the journal and the final tag";
    "pick_lead_hours_median", Some("lead time, median"), LEAD, |it| median(it.lead),
        "hours from when such a pick was asked for, else first seen, to when it was on the line";
    "pick_lead_hours_p90", Some("lead time, p90"), LEAD, |it| p90(it.lead), "nine in ten took no longer";
    "picks_decided", Some("picks decided"), PICKS, |it| many(it.decision.map(|it| it.count)),
        "picks of the line that were decided, and the decision not taken back";
    "decision_hours_median", Some("decision, median"), PICKS, |it| median(it.decision),
        "hours from when such a pick was first seen to when it was decided";
    "decision_hours_p90", Some("decision, p90"), PICKS, |it| p90(it.decision), "nine in ten took no longer";
    "picks_reverted", Some("reverts"), PICKS, |it| many(it.reverted),
        "picks that were reverted on the line";
    "overrides_given", Some("overrides"), &["gate.override"], |it| many(Some(it.overrides)),
        "how often a gate was overridden";
    "overrides_standing", None, &["gate.override", "set.choose"], |it| many(Some(it.overridden)),
        "gates that are overridden at the end";
    "ci_reruns", Some("CI re-runs"), &["run.rerun.outcome"], |it| many(Some(it.reruns)),
        "how often failed jobs were started again from here";
    "issues_rolled_out", Some("rolled out"), &["milestone.choose", "obs.issues", "obs.complete"],
        |it| many(it.rolled_out), "issues that left the milestone while they were open";
    "issues_rolled_before", Some("rolled before"), &["milestone.choose", "obs.issues"],
        |it| many(it.rolled_before), "issues of the milestone that had left another before";
    "refused", Some("refused asks"), &["refused"], |it| many(Some(it.refused)), "asks that were refused";
    "meetings", Some("meetings"), &["meeting.open"], |it| many(Some(it.meetings)), "meetings that were begun";
    "meeting_minutes", Some("minutes in them"), MET, |it| Value::Whole(Some(it.met.num_minutes())),
        "whole minutes for which an item was taken up in them";
    "actions_open", Some("actions open"), ACTIONS, |it| many(Some(it.actions_open)),
        "action items that are open at the end";
    "actions_done", Some("actions done"), ACTIONS, |it| many(Some(it.actions_done)),
        "action items that are done";
    "people_acted", Some("people who acted"), &[], |it| many(it.people),
        "people by login who did more than look; every line but what was observed or came of an errand, refusals, milestone.choose and those of a session";
    "people_per_role", Some("people per role"), &["role.assign"], |it| Value::Each(it.roles.clone()),
        "how many hold each role at the end";
    "entries", None, &[], |it| many(Some(it.entries)), "lines of the journal";
    "first_entry_at", None, &[], |it| Value::Time(it.first), "when the first of them was written";
    "last_entry_at", None, &[], |it| Value::Time(it.last), "when the last of them was written";
}

fn many(count: Option<u64>) -> Value {
    Value::Whole(count.map(|it| i64::try_from(it).unwrap_or(i64::MAX)))
}

fn median(spread: Option<Spread>) -> Value {
    Value::Hours(spread.and_then(|it| it.median).map(hours))
}

fn p90(spread: Option<Spread>) -> Value {
    Value::Hours(spread.and_then(|it| it.p90).map(hours))
}

/// Hours to the hundredth, half up.
fn hours(time: TimeDelta) -> f64 {
    let hundredths = (time.num_seconds() * 100 + 1800) / 3600;
    f64::from(u32::try_from(hundredths).unwrap_or(u32::MAX)) / 100.0
}
