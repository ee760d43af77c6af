//! Whether a check fails for a reason or by chance, from its past results.

use super::checks::{Checks, LineChecks};
use super::ids::Branch;
use super::text::Untrusted;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeSet;

/// What the past of a check says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flake {
    /// Results that ended green or red.
    pub of: usize,
    /// How many of them were red.
    pub red: usize,
    /// Commits on which it was red and green: the same code, two answers.
    pub both: usize,
    /// Reds that stand alone between greens.
    pub lone: usize,
}

impl Flake {
    /// Whether chance is the better guess: the same commit gave both answers, or two reds stood alone.
    #[must_use]
    pub fn is_flaky(self) -> bool {
        self.both > 0 || self.lone > 1
    }
}

impl LineChecks {
    /// What the past of a check on this branch says.
    #[must_use]
    pub fn flake(&self, name: &Untrusted) -> Flake {
        let past = self.history.get(name).map_or(&[][..], Vec::as_slice);
        let ended: Vec<_> = past.iter().filter(|it| it.state.is_green() || it.state.is_red()).collect();
        let red: BTreeSet<_> = ended.iter().filter(|it| it.state.is_red()).map(|it| it.sha).collect();
        let green: BTreeSet<_> = ended.iter().filter(|it| it.state.is_green()).map(|it| it.sha).collect();
        let alone = |three: &&[&&super::checks::Past]| {
            three[0].state.is_green() && three[1].state.is_red() && three[2].state.is_green()
        };
        let states: Vec<_> = ended.iter().collect();
        Flake {
            of: ended.len(),
            red: ended.iter().filter(|it| it.state.is_red()).count(),
            both: red.intersection(&green).count(),
            lone: states.windows(3).filter(alone).count(),
        }
    }

    /// Red results a day on this branch, oldest first, over the last `days` days.
    #[must_use]
    pub fn red_days(&self, now: DateTime<Utc>, days: usize) -> Vec<u32> {
        let mut counts = vec![0; days];
        let first = (now - TimeDelta::days(i64::try_from(days).unwrap_or(1) - 1)).date_naive();
        for past in self.history.values().flatten().filter(|past| past.state.is_red()) {
            let day = (past.at.date_naive() - first).num_days();
            if let Some(count) = usize::try_from(day).ok().and_then(|day| counts.get_mut(day)) {
                *count += 1;
            }
        }
        counts
    }
}

impl Checks {
    /// The other branches on which a check is red now.
    pub fn also_red<'c>(&'c self, name: &'c Untrusted, but: &'c Branch) -> impl Iterator<Item = &'c Branch> {
        let red =
            move |(branch, line): &(&'c Branch, &'c LineChecks)| *branch != but && line.state(name).is_red();
        self.lines.iter().filter(red).map(|(branch, _)| branch)
    }
}
