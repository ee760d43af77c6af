//! Rows of candidates: this release's tags, then the line's, then all others; drafts first of all.

use super::{Group, Row, RowId};
use crate::order::Order as _;
use crate::release::Release;
use crate::release::TagClass;
use crate::release::candidates::TagRow;
use crate::screen::Screen;

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let filtering = screen.list_of(crate::release::Pane::Candidate).is_filtered();
    let version = release.version();
    let mut classes: Vec<(TagClass, &TagRow)> = release.classes().collect();
    classes.order_by(|(a, _), (b, _)| b.version.cmp(&a.version).then_with(|| b.tag.cmp(&a.tag)));
    let line = version.as_ref().map(|it| (it.major(), it.minor()));
    let mut drafts = Group::new("drafts", "Drafts without a tag", false, filtering);
    let mut mine = Group::new("mine", format!("{} so far", release.name()), false, filtering);
    let mut same = Group::new("line", "Same line", false, filtering);
    let mut rest = Group::new("rest", "Other lines", true, filtering);
    let mut other = Group::new("other", "Tags that are no version of this project", true, filtering);
    let tags = &release.candidates.tags;
    let untagged = |tag: &str| !tags.keys().any(|it| it.as_str() == tag);
    for it in release.candidates.releases.values().filter(|it| untagged(it.tag.raw())) {
        drafts.add(Row::item(RowId::Draft(it.id), it.draft), format_args!("{}", it.tag.raw()));
    }
    for (class, row) in classes {
        let group = match &class.version {
            None => &mut other,
            Some(it) if version.as_ref() == Some(&it.base()) => &mut mine,
            Some(_) if class.line == line => &mut same,
            Some(_) => &mut rest,
        };
        group.add(
            Row::item(RowId::Tag(row.tag.clone()), false),
            format_args!("{} {}", class.tag, class.kind.word()),
        );
    }
    [drafts, mine, same, rest, other].into_iter().filter(|group| !group.rows.is_empty()).collect()
}
