//! How fresh each look is: when it last answered, from where, and whether one is on its way.

use crate::release::looks::LookKey;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Read anew.
    Live,
    /// The forge said that nothing changed (304).
    Unchanged,
    /// The journal: what was known when the cockpit was last open.
    Journal,
}

/// One look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// When it last answered.
    pub at: Option<DateTime<Utc>>,
    /// Where that answer came from.
    pub source: Source,
    /// When the one on its way was sent.
    pub asked: Option<DateTime<Utc>>,
    /// The number of the journal's last entry when it was last asked.
    pub upto: Option<u64>,
    /// Why it last failed, safe to show.
    pub error: Option<String>,
    /// When the next is due.
    pub due: Option<DateTime<Utc>>,
}

/// How often something was asked for that takes its time to appear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tries {
    /// The tag it was asked for.
    pub tag: crate::release::ids::Tag,
    /// When it was first asked for.
    pub since: DateTime<Utc>,
    /// How often.
    pub times: u32,
}

/// All looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Fresh(pub BTreeMap<LookKey, Look>);

impl Fresh {
    /// The oldest answer among the looks that fit, and whether any failed.
    pub fn worst(&self, fits: impl Fn(&LookKey) -> bool) -> Option<&Look> {
        self.0
            .iter()
            .filter(|(key, _)| fits(key))
            .map(|(_, look)| look)
            .max_by_key(|look| (look.error.is_some(), look.at.is_none(), look.at.map(std::cmp::Reverse)))
    }

    /// When the next look is due.
    #[must_use]
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        self.0.values().filter(|look| look.asked.is_none()).filter_map(|look| look.due).min()
    }
}

/// An age in the steps that are shown: `now`, `15s`, `30s`, then whole minutes, hours, days.
#[must_use]
pub fn age(now: DateTime<Utc>, then: DateTime<Utc>) -> String {
    let seconds = (now - then).num_seconds().max(0);
    match seconds {
        0..15 => "now".to_owned(),
        15..30 => "15s".to_owned(),
        30..60 => "30s".to_owned(),
        60..3600 => format!("{}m", seconds / 60),
        3600..86400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86400),
    }
}

/// An age in words: `now`, `15s ago`.
#[must_use]
pub fn ago(now: DateTime<Utc>, then: DateTime<Utc>) -> String {
    match age(now, then).as_str() {
        "now" => "now".to_owned(),
        age => format!("{age} ago"),
    }
}

/// When the age of something will next be shown differently.
#[must_use]
pub fn next_step(now: DateTime<Utc>, then: DateTime<Utc>) -> DateTime<Utc> {
    let seconds = (now - then).num_seconds().max(0);
    let next = match seconds {
        0..15 => 15,
        15..30 => 30,
        30..3600 => seconds / 60 * 60 + 60,
        3600..86400 => seconds / 3600 * 3600 + 3600,
        _ => seconds / 86400 * 86400 + 86400,
    };
    then + chrono::TimeDelta::seconds(next)
}
