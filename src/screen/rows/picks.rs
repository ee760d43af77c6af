//! Rows of picks: what is wanted on a line, the undecided first.

use super::{Group, Row, RowId};
use crate::release::picks::CellState;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;

const GROUPS: [(CellState, &str, &str); 9] = [
    (CellState::Proposed, "proposed", "To decide"),
    (CellState::Approved, "approved", "Approved, to apply"),
    (CellState::OpenPull, "open", "Backport pull request open"),
    (CellState::Reverted, "reverted", "Reverted on the line"),
    (CellState::NotMerged, "not-merged", "Not merged on the trunk yet"),
    (CellState::Deferred, "deferred", "Deferred"),
    (CellState::Rejected, "rejected", "Rejected"),
    (CellState::NotNeeded, "not-needed", "Not needed"),
    (CellState::Landed, "landed", "Landed"),
];

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(Pane::Picks);
    let line = screen.branch.clone().or_else(|| release.line().map(|line| line.branch.clone()));
    let picks = &release.picks;
    let lines = line.as_ref().map_or_else(|| picks.lines(), |line| [line].into());
    let mut cells: Vec<_> = lines
        .into_iter()
        .flat_map(|line| {
            let on = picks.on(line).into_iter();
            on.filter_map(move |key| Some((picks.cell(key, line)?.state, key, line)))
        })
        .collect();
    match list.order % 2 {
        0 => cells.sort_by_cached_key(|(_, key, line)| picks.merged_at(key, line)),
        _ => cells.sort_by_key(|(_, key, _)| key.number()),
    }
    let mut groups = vec![];
    for (state, name, text) in GROUPS {
        let mut group = Group::new(name, text, false, list.is_filtered());
        for (_, key, line) in cells.iter().filter(|(it, ..)| *it == state) {
            let title = picks.title(key, line).map_or("", Untrusted::raw);
            let author = picks.author(key, line).map_or("", Untrusted::raw);
            group.add(
                Row::item(RowId::Pick((*key).clone(), (*line).clone()), state == CellState::Proposed),
                format_args!("{key} {title} {author} {}", line.as_str()),
            );
        }
        if !group.rows.is_empty() {
            groups.push(group);
        }
    }
    groups
}
