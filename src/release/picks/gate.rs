//! The reading of the picks gate: what of the release's line is not settled, and what is wrong with it.

use super::{CellState, Outlook, PickKey};
use crate::release::Release;
use crate::release::looks::Topic;
use crate::release::poll::Reading;

impl Release {
    pub(crate) fn read_picks(&self) -> Reading {
        let Some(line) = self.line() else {
            let none = || Reading::hold("the release branch does not exist");
            return self.unread(Topic::Git, "").unwrap_or_else(none);
        };
        let repos = self.repositories();
        let Some(repo) = repos.first() else { return Reading::hold("this repository is on no forge") };
        if let Some(unread) = self.unread(Topic::Picks, repo.as_str()) {
            return unread;
        }
        // What is there already is for the clone to show: without it nothing is known to have landed.
        if let Some(unread) = self.unread(Topic::Landings, "") {
            return unread;
        }
        let counts = self.picks.counts(&line.branch);
        let landed = counts.get(&CellState::Landed).copied().unwrap_or_default();
        let waiting: Vec<_> = counts
            .iter()
            .filter(|(state, _)| !state.is_settled())
            .map(|(state, count)| format!("{count} {}", state.word()))
            .collect();
        let on = self.picks.on(&line.branch);
        let conflict = |key: &&&PickKey| {
            let queued = self.picks.cell(key, &line.branch).is_some_and(|cell| cell.state.is_queued());
            queued && matches!(self.picks.outlook(key, &line.branch), Outlook::Conflict(_))
        };
        let conflicts = match on.iter().filter(conflict).count() {
            0 => String::new(),
            some => format!(" ({some} in conflict)"),
        };
        let alarms = match on.iter().filter(|key| self.picks.alarm(key, &line.branch).is_some()).count() {
            0 => String::new(),
            some => format!(", {some} reverted elsewhere"),
        };
        if waiting.is_empty() {
            Reading::go(format!("{landed} landed{alarms}"))
        } else {
            Reading::no_go(format!("{}{conflicts}, {landed} landed{alarms}", waiting.join(", ")))
        }
    }
}
