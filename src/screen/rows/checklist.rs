//! Rows of the checklist: items under their stages.

use super::{Group, Row, RowId};
use crate::release::Release;
use crate::release::text::shown;
use crate::screen::Screen;

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let Some(process) = release.process.clone() else { return Vec::new() };
    let list = screen.list_of(crate::release::Pane::Checklist);
    let open_only = list.preset % 2 == 1;
    let stream = release.stream().map(|stream| stream.id.clone()).unwrap_or_default();
    let mut groups = vec![];
    for stage in &process.stages {
        let items: Vec<_> = process.items_for(stage, &stream).collect();
        let settled = items.iter().filter(|item| release.is_settled(item, screen.now)).count();
        let title = if stage.title.is_empty() { &stage.id } else { &stage.title };
        let rows: Vec<_> = items
            .iter()
            .filter(|item| !open_only || !release.is_settled(item, screen.now))
            .map(|item| {
                let open = item.required && !release.is_settled(item, screen.now);
                let text = format!("{} {} {}", item.id, item.text, item.role.as_deref().unwrap_or_default());
                (Row::item(RowId::Item(item.id.clone()), open), text)
            })
            .collect();
        if !rows.is_empty() {
            let text = shown(title, 80);
            let folded = settled == items.len();
            groups.push(Group { name: stage.id.clone(), text, folded, rows });
        }
    }
    groups
}
