//! Rows of picks: what is wanted on a line, the undecided first; or every pick, for all lines beside each other.

use super::{Group, Row, RowId};
use crate::order::Order as _;
use crate::release::ids::Branch;
use crate::release::picks::{CellState, PickKey, Seat};
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;

const GROUPS: [(CellState, &str, &str); 10] = [
    (CellState::Proposed, "proposed", "To decide"),
    (CellState::Approved, "accepted", "Accepted, to apply"),
    (CellState::OpenPull, "open", "Backport pull request open"),
    (CellState::Reverted, "reverted", "Reverted on the line"),
    (CellState::Asked, "asked", "Asked for by others"),
    (CellState::NotMerged, "not-merged", "Not merged on the trunk yet"),
    (CellState::Deferred, "deferred", "Deferred"),
    (CellState::Rejected, "rejected", "Rejected"),
    (CellState::NotNeeded, "not-needed", "Not needed"),
    (CellState::Landed, "landed", "Landed"),
];

/// The lines that something is wanted on and that of the release, it first, then the newest.
#[must_use]
pub fn lines(release: &Release, screen: &Screen) -> Vec<Branch> {
    let own = screen.branch.clone().or_else(|| release.line().map(|line| line.branch.clone()));
    let mut lines: Vec<Branch> = release.picks.lines().into_iter().cloned().collect();
    lines.extend(own.clone().filter(|own| !lines.contains(own)));
    let at = |line: &Branch| release.lines.0.get(line).map(|line| line.at);
    lines.order_by_key(|line| (own.as_ref() != Some(line), std::cmp::Reverse(at(line))));
    lines
}

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    if screen.matrix {
        return matrix(release, screen);
    }
    let list = screen.list_of(Pane::Picks);
    let line = screen.branch.clone().or_else(|| release.line().map(|line| line.branch.clone()));
    // A release without a line has an empty queue: what others have to decide stands under their names.
    let Some(line) = line.as_ref() else { return Vec::new() };
    let picks = &release.picks;
    let board = picks.board(line);
    // What is queued stands in the order in which it would be applied.
    let mut cells: Vec<(&PickKey, &Seat)> =
        board.order.iter().filter_map(|key| board.seats.get_key_value(key)).collect();
    if list.order % 2 == 1 {
        cells.order_by_key(|(key, _)| key.number());
    }
    let mut groups = vec![];
    for (state, name, text) in GROUPS {
        let mut group = Group::new(name, text, false, list.is_filtered());
        for (key, seat) in cells.iter().filter(|(_, seat)| seat.state == state) {
            add(&mut group, release, (key, line), (state == CellState::Proposed || seat.alarm, state));
        }
        if !group.rows.is_empty() {
            groups.push(group);
        }
    }
    groups
}

/// Adds a row, with what a filter looks at: for it alone that is looked up.
fn add(
    group: &mut Group,
    release: &Release,
    (key, line): (&PickKey, &Branch),
    (open, state): (bool, CellState),
) {
    let picks = &release.picks;
    let row = Row::item(RowId::Pick(key.clone(), line.clone()), open);
    if !group.is_filtering() {
        return group.add(row, format_args!(""));
    }
    let title = picks.title(key, line).map_or("", Untrusted::raw);
    let author = picks.author(key, line).map_or("", Untrusted::raw);
    let outlook = if state.is_queued() { picks.outlook(key, line).word() } else { "" };
    group.add(row, format_args!("{key} {title} {author} {} {outlook}", line.as_str()));
}

/// A row a pick, whatever line wants it; it stands for the line that is shown, else for the first that wants it.
fn matrix(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(Pane::Picks);
    let lines = lines(release, screen);
    let picks = &release.picks;
    let boards: Vec<_> = lines.iter().map(|line| (line, picks.board(line))).collect();
    let first =
        |key: &PickKey| boards.iter().find_map(|(line, board)| Some((*line, board.seats.get(key)?.state)));
    let mut all: Vec<_> = picks
        .all()
        .into_iter()
        .filter_map(|key| first(key).map(|(line, state)| (key, line, state)))
        .collect();
    match list.order % 2 {
        0 => all.order_by_key(|(key, on, _)| std::cmp::Reverse(picks.merged_at(key, on))),
        _ => all.order_by_key(|(key, ..)| key.number()),
    }
    let proposed = |seat: &Seat| seat.state == CellState::Proposed;
    let undecided =
        |key: &PickKey| boards.iter().any(|(_, board)| board.seats.get(key).is_some_and(proposed));
    let mut group = Group::new("matrix", "", false, list.is_filtered());
    for (key, on, state) in all {
        add(&mut group, release, (key, on), (undecided(key), state));
    }
    vec![group]
}
