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
        let items: Vec<_> = process.items_for(stage, &stream, release.went_wrong()).collect();
        let settled = items.iter().filter(|item| release.is_settled(item, screen.now)).count();
        let title = if stage.title.is_empty() { &stage.id } else { &stage.title };
        let folded = settled == items.len();
        let mut group = Group::new(&stage.id, shown(title, 80), folded, list.is_filtered());
        for item in items {
            let settled = release.is_settled(item, screen.now);
            if open_only && settled {
                continue;
            }
            let role = item.role.as_deref().unwrap_or_default();
            group.add(
                Row::item(RowId::Item(item.id.clone()), item.required && !settled),
                format_args!("{} {} {role}", item.id, item.text),
            );
        }
        if !group.rows.is_empty() {
            groups.push(group);
        }
    }
    groups
}
