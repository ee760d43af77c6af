//! What is known of the pick queues as a whole: counted when something changed, not when it is drawn.

use super::Screen;
use crate::order::Order as _;
use crate::release::Release;
use crate::release::ids::Branch;
use crate::release::picks::{CellState, PickKey};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of the pick queues as a whole.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Queues {
    /// The line that is shown; none when the release has none yet.
    pub line: Option<Branch>,
    /// The line that was counted: a prediction may begin before the line that it is of is.
    counted: Option<Branch>,
    /// How many picks are to be decided on the line that is shown.
    pub to_decide: usize,
    /// Where the release has no line yet: those that have picks to decide, the newest first, each with how many.
    pub elsewhere: Vec<(Branch, usize)>,
    /// How many decisions have something to publish.
    pub to_publish: usize,
    /// How many ticks of the checklist the tracking issue does not say yet.
    pub ticks: usize,
    /// How many picks of each state the line that is shown has.
    pub counts: BTreeMap<CellState, usize>,
    /// How many conflicts are predicted there.
    pub conflicts: usize,
    /// How many picks ring the revert alarm there.
    pub alarms: usize,
    /// Picks of the line that is shown whose prediction is under way.
    pub untold: BTreeSet<PickKey>,
    /// When the line that is shown was last predicted as a whole in this session.
    pub predicted: Option<DateTime<Utc>>,
}

impl Queues {
    /// How many picks of the line that is shown are in a state.
    #[must_use]
    pub fn count(&self, state: CellState) -> usize {
        self.counts.get(&state).copied().unwrap_or_default()
    }
}

/// Counts anew when the release changed, or another line is shown.
pub(super) fn refresh(screen: &mut Screen, release: &Release, changed: bool) {
    if changed || screen.branch.is_some() && screen.branch != screen.queues.counted {
        count(screen, release);
    }
}

fn count(screen: &mut Screen, release: &Release) {
    let picks = &release.picks;
    let queues = &mut screen.queues;
    let line = screen.branch.clone().or_else(|| release.line().map(|line| line.branch.clone()));
    queues.to_publish = release.to_publish();
    queues.ticks = release.ticks_to_publish(screen.now).len();
    queues.elsewhere = Vec::new();
    queues.counts = BTreeMap::new();
    (queues.to_decide, queues.conflicts, queues.alarms) = (0, 0, 0);
    if let Some(line) = &line {
        let board = picks.board(line);
        queues.counts.clone_from(&board.counts);
        queues.to_decide = queues.count(CellState::Proposed);
        queues.conflicts = picks.conflicts(line, &board);
        queues.alarms = board.alarms;
    } else {
        let to_decide = |line: &Branch| picks.board(line).count(CellState::Proposed);
        let others = picks.lines().into_iter().map(|it| (it.clone(), to_decide(it)));
        queues.elsewhere = others.filter(|(_, count)| *count > 0).collect();
        let at = |line: &Branch| release.lines.0.get(line).map(|line| line.at);
        queues.elsewhere.order_by_key(|(line, _)| std::cmp::Reverse(at(line)));
    }
    queues.counted.clone_from(&line);
    if queues.line != line {
        queues.untold.clear();
        queues.predicted = None;
        queues.line = line;
    }
}
