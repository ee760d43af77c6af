//! Every pick of one line, joined: what is counted, ordered and shown of all of them is made when they change, not with
//! every frame.

use super::{CellState, Foreseen, PickKey, Picks, Standing};
use crate::order::Order as _;
use crate::release::ids::Branch;
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Where a pick stands on the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seat {
    /// How far it has come.
    pub state: CellState,
    /// Whether it was taken back in one place, and lives on in another.
    pub alarm: bool,
    /// Whether the trunk has taken it back.
    pub reverted: bool,
}

/// The picks of a line. What is predicted of them is no part of it: that changes pick by pick while they stay.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Board {
    /// Where each stands.
    pub seats: BTreeMap<PickKey, Seat>,
    /// All of them: those that are queued in the order in which they would be applied, then the others, oldest on the
    /// trunk first.
    pub order: Vec<PickKey>,
    /// How many are queued: the first of the order.
    queued: usize,
    /// How many are in each state.
    pub counts: BTreeMap<CellState, usize>,
    /// How many ring the revert alarm.
    pub alarms: usize,
}

impl Board {
    /// The picks that are to be applied, in order.
    #[must_use]
    pub fn queue(&self) -> &[PickKey] {
        self.order.get(..self.queued).unwrap_or_default()
    }

    /// How many picks are in a state.
    #[must_use]
    pub fn count(&self, state: CellState) -> usize {
        self.counts.get(&state).copied().unwrap_or_default()
    }

    /// Makes the board of a line anew.
    #[must_use]
    pub fn of(picks: &Picks, line: &Branch) -> Self {
        let ordered = picks.order.get(line).map(Vec::as_slice).unwrap_or_default();
        // Where a pick is named twice, the first place counts.
        let places: BTreeMap<&PickKey, usize> =
            ordered.iter().enumerate().rev().map(|(at, key)| (key, at)).collect();
        let mut board = Self::default();
        let mut order: Vec<(Place<'_>, &PickKey)> = vec![];
        for key in picks.on(line) {
            let Some(cell) = picks.cell(key, line) else { continue };
            let seat = picks.seat(key, &cell);
            board.alarms += usize::from(seat.alarm);
            *board.counts.entry(seat.state).or_default() += 1;
            let at = picks.merged_at(key, line);
            let queued = seat.state.is_queued();
            board.queued += usize::from(queued);
            let place = places.get(key).copied().unwrap_or(usize::MAX);
            // What is queued and not known to have a date goes last, not first.
            let first = if queued { (place, at.is_none()) } else { (0, false) };
            order.push(((!queued, first, at, key), key));
            board.seats.insert(key.clone(), seat);
        }
        order.order_by(|one, two| one.0.cmp(&two.0));
        board.order = order.into_iter().map(|(_, key)| key.clone()).collect();
        board
    }
}

/// What a pick is ordered by: whether it is not queued, where people put it, when it came to the trunk, its name.
type Place<'a> = (bool, (usize, bool), Option<DateTime<Utc>>, &'a PickKey);

/// The boards that are at hand: made of what is known, and gone when that changes.
#[derive(Clone, Default)]
pub(crate) struct Boards(BTreeMap<Branch, Board>);

impl PartialEq for Boards {
    /// They say nothing that the picks do not say.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Boards {}

impl std::fmt::Debug for Boards {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Boards")
    }
}

impl Boards {
    /// Says that the picks are not what the boards were made of.
    pub(super) fn forget(&mut self) {
        self.0.clear();
    }
}

impl Picks {
    /// The board of a line: that at hand, else one that is made now.
    #[must_use]
    pub fn board(&self, line: &Branch) -> Cow<'_, Board> {
        self.boards.0.get(line).map_or_else(|| Cow::Owned(Board::of(self, line)), Cow::Borrowed)
    }

    /// Makes the boards of some lines, where they are not at hand, so that they are until the picks change.
    pub fn join<'a>(&mut self, lines: impl IntoIterator<Item = &'a Branch>) {
        for line in lines {
            if !self.boards.0.contains_key(line) {
                let board = Board::of(self, line);
                self.boards.0.insert(line.clone(), board);
            }
        }
    }

    /// How many of the picks that are queued on a line are predicted to conflict.
    #[must_use]
    pub fn conflicts(&self, line: &Branch, board: &Board) -> usize {
        let rows = self.predictions.get(line).into_iter().flat_map(|known| &known.rows);
        let clashes = rows.filter(|(_, (row, _))| matches!(row.verdict, Foreseen::Conflict { .. }));
        let seats = clashes.filter_map(|(key, _)| board.seats.get(key));
        seats.filter(|seat| seat.state.is_queued() && !seat.reverted).count()
    }

    fn seat(&self, key: &PickKey, cell: &Standing<'_>) -> Seat {
        let reverted = self.changes.get(key).and_then(|change| change.reverted);
        Seat { state: cell.state, alarm: cell.alarm(reverted).is_some(), reverted: reverted.is_some() }
    }
}
