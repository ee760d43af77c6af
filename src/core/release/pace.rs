//! The pace of a milestone: how many issues a day are closed, how many need to be, by how much it slips; and the
//! burn-up in a fixed number of steps. Both are read off a [`Tally`], so that a frame goes through no issue.

use super::milestone::{BurnPoint, Milestones};
use super::text::Untrusted;
use crate::order::Order as _;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;

/// Days that the pace is measured over.
pub const WINDOW: i64 = 14;

/// The pace of a milestone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Issues closed a day, over the last [`WINDOW`] days.
    pub done: f64,
    /// Issues to close a day until it is due; none when it is not due, or the day is past.
    pub needed: Option<f64>,
    /// Days late at this pace, negative for early; none when it is not due, or nothing is being closed.
    pub slips: Option<f64>,
}

/// The burn-up in equal steps of time, with where the milestone is due.
#[derive(Debug, Clone, PartialEq)]
pub struct Burn {
    /// Scope and done at the end of each step up to now.
    pub points: Vec<BurnPoint>,
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The last moment: when it is due, or now.
    pub to: DateTime<Utc>,
}

/// What is counted of all issues of a milestone at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// How many issues there are.
    pub all: usize,
    /// How many of them are closed.
    pub done: usize,
    /// How many are open and assigned to somebody.
    pub owned: usize,
    /// How many count as scope from the day they were opened, because nobody said when they entered.
    pub without_entry: usize,
    /// Open issues by who is assigned first, the most first; those of nobody under the empty name.
    pub people: Vec<(Untrusted, usize)>,
    /// When the milestone is due.
    pub due: Option<DateTime<Utc>>,
    /// When each issue came into scope, in order.
    entered: Vec<DateTime<Utc>>,
    /// When each issue that is done came to count as done, in order.
    ended: Vec<DateTime<Utc>>,
    /// When each issue that is done was closed, in order.
    closed: Vec<DateTime<Utc>>,
}

impl Milestones {
    /// Counts all issues of the chosen milestone.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally { all: self.issues.len(), due: self.due(), ..Tally::default() };
        let mut people: BTreeMap<&str, usize> = BTreeMap::new();
        for (key, issue) in &self.issues {
            if issue.open {
                tally.owned += usize::from(!issue.assignees.is_empty());
                *people.entry(issue.assignees.first().map_or("", Untrusted::raw)).or_default() += 1;
            } else {
                tally.done += 1;
                tally.closed.extend(issue.closed);
            }
            tally.without_entry += usize::from(self.entered_of(key, issue).is_none());
        }
        for (from, ended) in self.spans() {
            tally.entered.push(from);
            tally.ended.extend(ended);
        }
        for times in [&mut tally.entered, &mut tally.ended, &mut tally.closed] {
            times.order();
        }
        tally.people = people.into_iter().map(|(name, count)| (Untrusted::from(name), count)).collect();
        // By name before, which stays the order of those who have as many.
        tally.people.order_by_key(|(_, count)| std::cmp::Reverse(*count));
        tally
    }
}

impl Tally {
    /// The pace; none when nothing is in the milestone.
    #[must_use]
    pub fn pace(&self, now: DateTime<Utc>) -> Option<Pace> {
        if self.all == 0 {
            return None;
        }
        let from = now - TimeDelta::days(WINDOW);
        let closed = until(&self.closed, |at| at <= now) - until(&self.closed, |at| at <= from);
        let left = as_f64(self.all - self.done);
        let pace = as_f64(closed) / WINDOW as f64;
        let days = self.due.map(|due| (due - now).num_minutes() as f64 / 1440.0);
        let needed = days.filter(|days| *days > 0.0).map(|days| left / days);
        let slips = days.filter(|_| pace > 0.0).map(|days| left / pace - days);
        Some(Pace { done: pace, needed, slips })
    }

    /// The burn-up over `weeks` before now and up to when it is due, in `steps` equal steps; none without issues.
    ///
    /// Scope counts an issue from the day it entered the milestone, where that is known: see [`Milestones::entered`].
    #[must_use]
    pub fn burn(&self, now: DateTime<Utc>, weeks: i64, steps: usize) -> Option<Burn> {
        let first = *self.entered.first().filter(|_| steps >= 2)?;
        let to = self.due.filter(|due| *due > now && *due - now < TimeDelta::weeks(weeks)).unwrap_or(now);
        let from = (now - TimeDelta::weeks(weeks)).max(first.min(now - TimeDelta::days(2)));
        let span = (to - from).num_minutes().max(1);
        let last = i64::try_from(steps - 1).unwrap_or(1);
        // The step that a moment falls in; what was before the first counts in the first.
        let at = |moment: DateTime<Utc>| {
            let minutes = (moment - from).num_minutes().max(0);
            let step = (minutes * last + span - 1) / span;
            usize::try_from(step.min(last)).unwrap_or(0)
        };
        let sum = |times: &[DateTime<Utc>], step| {
            u32::try_from(until(times, |moment| at(moment) <= step)).unwrap_or(u32::MAX)
        };
        let points = (0..=at(now)).map(|step| {
            let minutes = span * i64::try_from(step).unwrap_or(0) / last;
            let (scope, done) = (sum(&self.entered, step), sum(&self.ended, step));
            BurnPoint { at: from + TimeDelta::minutes(minutes), scope, done }
        });
        Some(Burn { points: points.collect(), from, to })
    }
}

/// How many moments come before the first that does not fit.
fn until(times: &[DateTime<Utc>], fits: impl Fn(DateTime<Utc>) -> bool) -> usize {
    times.partition_point(|at| fits(*at))
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
