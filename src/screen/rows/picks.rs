//! Rows of picks: what is wanted on a line, the undecided first; or every pick, for all lines beside each other.

use super::{Group, Row, RowId};
use crate::order::Order as _;
use crate::release::ids::Branch;
use crate::release::picks::{CellState, PickKey};
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use std::collections::BTreeMap;

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
    let on = picks.on(line).into_iter();
    let mut cells: Vec<_> = on.filter_map(|key| Some((picks.cell(key, line)?.state, key))).collect();
    // What is queued stands in the order in which it would be applied.
    let queue: BTreeMap<PickKey, usize> =
        picks.queue(line).into_iter().enumerate().map(|(at, key)| (key, at)).collect();
    match list.order % 2 {
        0 => cells.order_by_key(|(_, key)| {
            (queue.get(*key).copied().unwrap_or(usize::MAX), picks.merged_at(key, line))
        }),
        _ => cells.order_by_key(|(_, key)| key.number()),
    }
    let mut groups = vec![];
    for (state, name, text) in GROUPS {
        let mut group = Group::new(name, text, false, list.is_filtered());
        for (_, key) in cells.iter().filter(|(it, _)| *it == state) {
            let open = state == CellState::Proposed || picks.alarm(key, line).is_some();
            add(&mut group, release, (key, line), open);
        }
        if !group.rows.is_empty() {
            groups.push(group);
        }
    }
    groups
}

/// Adds a row, with what a filter looks at.
fn add(group: &mut Group, release: &Release, (key, line): (&PickKey, &Branch), open: bool) {
    let picks = &release.picks;
    let title = picks.title(key, line).map_or("", Untrusted::raw);
    let author = picks.author(key, line).map_or("", Untrusted::raw);
    let queued = picks.cell(key, line).is_some_and(|cell| cell.state.is_queued());
    let outlook = if queued { picks.outlook(key, line).word() } else { "" };
    group.add(
        Row::item(RowId::Pick(key.clone(), line.clone()), open),
        format_args!("{key} {title} {author} {} {outlook}", line.as_str()),
    );
}

/// A row a pick, whatever line wants it; it stands for the line that is shown, else for the first that wants it.
fn matrix(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(Pane::Picks);
    let lines = lines(release, screen);
    let picks = &release.picks;
    let mut all: Vec<_> = picks
        .all()
        .into_iter()
        .filter_map(|key| {
            let on = lines.iter().find(|line| picks.cell(key, line).is_some())?;
            Some((key, on))
        })
        .collect();
    match list.order % 2 {
        0 => all.order_by_key(|(key, on)| std::cmp::Reverse(picks.merged_at(key, on))),
        _ => all.order_by_key(|(key, _)| key.number()),
    }
    let undecided = |key: &PickKey| {
        let state = |line: &Branch| picks.cell(key, line).map(|cell| cell.state);
        lines.iter().any(|line| state(line) == Some(CellState::Proposed))
    };
    let mut group = Group::new("matrix", "", false, list.is_filtered());
    for (key, on) in all {
        add(&mut group, release, (key, on), undecided(key));
    }
    vec![group]
}
