//! Rows of picks: what is proposed for a line, the undecided first.

use super::{Group, Row, RowId};
use crate::release::Release;
use crate::release::picks::PickState;
use crate::screen::Screen;

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(crate::release::Pane::Picks);
    let line = screen.branch.clone().or_else(|| release.line().map(|line| line.branch.clone()));
    let states = [
        (PickState::Proposed, "proposed", "To decide"),
        (PickState::NotMerged, "not-merged", "Not merged on the trunk yet"),
        (PickState::Landed, "landed", "Landed"),
    ];
    let mut groups = vec![];
    for (state, name, text) in states {
        let mut picks: Vec<_> = release
            .picks
            .0
            .iter()
            .filter(|((_, on), pick)| pick.state == state && line.as_ref().is_none_or(|line| line == on))
            .collect();
        match list.order % 2 {
            0 => picks.sort_by_key(|(_, pick)| pick.at),
            _ => picks.sort_by_key(|(_, pick)| pick.number),
        }
        let rows: Vec<_> = picks
            .into_iter()
            .map(|((key, on), pick)| {
                let open = state == PickState::Proposed;
                let author = pick.author.as_ref().map_or("", |author| author.raw());
                let text = format!("{key} {} {author} {}", pick.title.raw(), on.as_str());
                (Row::item(RowId::Pick(key.clone(), on.clone()), open), text)
            })
            .collect();
        if !rows.is_empty() {
            groups.push(Group { name: name.to_owned(), text: text.to_owned(), folded: false, rows });
        }
    }
    groups
}
