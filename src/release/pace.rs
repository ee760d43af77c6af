//! The pace of a milestone: how many issues a day are closed, how many need to be, by how much it slips; and the
//! burn-up in a fixed number of steps.

use super::milestone::{BurnPoint, Milestones};
use chrono::{DateTime, TimeDelta, Utc};

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

impl Milestones {
    /// How many issues there are, and how many of them are closed.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let done = self.issues.values().filter(|issue| !issue.open).count();
        (self.issues.len(), done)
    }

    /// The pace; none when nothing is in the milestone.
    #[must_use]
    pub fn pace(&self, now: DateTime<Utc>) -> Option<Pace> {
        let (all, done) = self.counts();
        if all == 0 {
            return None;
        }
        let from = now - TimeDelta::days(WINDOW);
        let lately = |closed: DateTime<Utc>| closed > from && closed <= now;
        let closed = self.issues.values().filter(|it| !it.open && it.closed.is_some_and(lately)).count();
        let left = as_f64(all - done);
        let pace = as_f64(closed) / WINDOW as f64;
        let days = self.due().map(|due| (due - now).num_minutes() as f64 / 1440.0);
        let needed = days.filter(|days| *days > 0.0).map(|days| left / days);
        let slips = days.filter(|_| pace > 0.0).map(|days| left / pace - days);
        Some(Pace { done: pace, needed, slips })
    }

    /// The burn-up over `weeks` before now and up to when it is due, in `steps` equal steps; none without issues.
    ///
    /// Scope counts an issue from the day it entered the milestone, where that is known: see [`Milestones::entered`].
    #[must_use]
    pub fn burn(&self, now: DateTime<Utc>, weeks: i64, steps: usize) -> Option<Burn> {
        if self.issues.is_empty() || steps < 2 {
            return None;
        }
        let to = self.due().filter(|due| *due > now && *due - now < TimeDelta::weeks(weeks)).unwrap_or(now);
        let first = self.spans().map(|(from, _)| from).min().unwrap_or(now);
        let from = (now - TimeDelta::weeks(weeks)).max(first.min(now - TimeDelta::days(2)));
        let span = (to - from).num_minutes().max(1);
        let last = i64::try_from(steps - 1).unwrap_or(1);
        // The step that a moment falls in; what was before the first counts in the first.
        let at = |moment: DateTime<Utc>| {
            let minutes = (moment - from).num_minutes().max(0);
            let step = (minutes * last + span - 1) / span;
            usize::try_from(step.min(last)).unwrap_or(0)
        };
        let mut opened = vec![0u32; steps];
        let mut closed = vec![0u32; steps];
        for (from, done) in self.spans() {
            opened[at(from)] += 1;
            if let Some(moment) = done {
                closed[at(moment)] += 1;
            }
        }
        let mut sum = (0, 0);
        let points = (0..=at(now)).map(|step| {
            sum = (sum.0 + opened[step], sum.1 + closed[step]);
            let minutes = span * i64::try_from(step).unwrap_or(0) / last;
            BurnPoint { at: from + TimeDelta::minutes(minutes), scope: sum.0, done: sum.1 }
        });
        Some(Burn { points: points.collect(), from, to })
    }
}

fn as_f64(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
