//! The reading of the picks gate: what of the release's line is not settled, and what is wrong with it.

use super::CellState;
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
        let board = self.picks.board(&line.branch);
        let landed = board.count(CellState::Landed);
        let waiting: Vec<_> = board
            .counts
            .iter()
            .filter(|(state, _)| !state.is_settled())
            .map(|(state, count)| format!("{count} {}", state.word()))
            .collect();
        let conflicts = match self.picks.conflicts(&line.branch, &board) {
            0 => String::new(),
            some => format!(" ({some} in conflict)"),
        };
        let alarms = match board.alarms {
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
