//! The reading of the picks gate: what of the release's line is not settled, and what is wrong with it.

use super::{Board, CellState, PickKey, Picks};
use crate::release::Release;
use crate::release::branches::LinesSeen;
use crate::release::ids::{Branch, Repo};
use crate::release::looks::{LookKey, Topic};
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
        if let Some(unread) = self.unread_on(&line.branch, repo, &board) {
            return unread;
        }
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
        let looked = self.looks.get(&LookKey::new(Topic::Picks, repo.as_str()));
        let partly = looked.and_then(|known| known.partly.as_ref());
        let lacks = partly.map(|why| format!("; {}", why.line())).unwrap_or_default();
        if !waiting.is_empty() {
            let waiting = waiting.join(", ");
            Reading::no_go(format!("{waiting}{conflicts}, {landed} landed{alarms}{lacks}"))
        } else if partly.is_some() {
            Reading::hold(format!("{landed} landed{alarms}{lacks}"))
        } else {
            Reading::go(format!("{landed} landed{alarms}"))
        }
    }

    /// What the poll rests on: with the same of it, every gate would be read the same at the same time. Of predictions
    /// gates say how many conflicts there are, and nothing else.
    pub fn poll_basis(&self) -> (u64, usize) {
        let line = self.line().map(|line| &line.branch);
        let conflicts = line.map(|line| self.picks.conflicts(line, &self.picks.board(line)));
        (self.steady, conflicts.unwrap_or_default())
    }

    /// HOLD while the line itself, or every pick that is left to be done on it, came after the looks were asked that
    /// would show what has landed there: a line that was just made has all of its trunk.
    fn unread_on(&self, line: &Branch, repo: &Repo, board: &Board) -> Option<Reading> {
        let upto = |topic, scope: &str| self.looks.get(&LookKey::new(topic, scope)).and_then(|it| it.upto);
        let hold = |what: &str| Some(Reading::hold(format!("{what} of {} not read yet", line.line())));
        let came = self.picks.came_in(line);
        if upto(Topic::Picks, repo.as_str()).is_some_and(|upto| came > Some(upto)) {
            return hold("picks");
        }
        let upto = upto(Topic::Landings, "")?;
        let is_new = |key: &PickKey| {
            self.picks.came.get(&(key.clone(), line.clone())).is_some_and(|came| *came > upto)
        };
        let mut left = board.seats.iter().filter(|(_, seat)| !seat.state.is_settled()).peekable();
        let all_new = left.peek().is_some() && left.all(|(key, _)| is_new(key));
        if came > Some(upto) || all_new { hold("landings") } else { None }
    }

    /// Whether a look at picks or their landings was asked later than the one on record, so that it read more, although
    /// it brought nothing new.
    pub(in crate::release) fn reads_more(&self, look: &LookKey, upto: Option<u64>) -> bool {
        let before = self.looks.get(look).and_then(|known| known.upto);
        let places = self.picks.came.values().filter(|_| look.topic == Topic::Landings);
        let newest = self.picks.lines_came.values().chain(places).max();
        upto > before && before.is_some_and(|before| newest.is_some_and(|newest| *newest > before))
    }
}

impl Picks {
    /// Lines were seen, in the entry of this number.
    pub(in crate::release) fn meet(&mut self, seen: &LinesSeen, seq: u64) {
        for row in &seen.rows {
            self.lines_came.entry(row.branch.clone()).or_insert(seq);
        }
        for branch in &seen.gone {
            self.lines_came.remove(branch);
        }
    }

    /// The entry that first showed a line.
    pub fn came_in(&self, line: &Branch) -> Option<u64> {
        self.lines_came.get(line).copied()
    }
}
