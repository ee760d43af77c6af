//! Rows of candidates: this release's tags, then the line's, then all others; drafts first of all.

use super::{Group, Row, RowId};
use crate::release::Release;
use crate::release::TagClass;
use crate::release::candidates::TagRow;
use crate::screen::Screen;

pub(crate) fn groups(release: &Release, _: &Screen) -> Vec<Group> {
    let version = release.version();
    let mut classes: Vec<(TagClass, &TagRow)> = release.classes().collect();
    classes.sort_by(|(a, _), (b, _)| b.version.cmp(&a.version).then_with(|| b.tag.cmp(&a.tag)));
    let line = version.as_ref().map(|it| (it.major(), it.minor()));
    let mut mine = vec![];
    let mut same = vec![];
    let mut rest = vec![];
    let mut other = vec![];
    for (class, row) in classes {
        let item =
            (Row::item(RowId::Tag(row.tag.clone()), false), format!("{} {}", class.tag, class.kind.word()));
        match &class.version {
            None => other.push(item),
            Some(it) if version.as_ref() == Some(&it.base()) => mine.push(item),
            Some(_) if class.line == line => same.push(item),
            Some(_) => rest.push(item),
        }
    }
    let tags = &release.candidates.tags;
    let drafts = release
        .candidates
        .releases
        .values()
        .filter(|it| !tags.keys().any(|tag| tag.as_str() == it.tag.raw()));
    let drafts =
        drafts.map(|it| (Row::item(RowId::Draft(it.id), it.draft), it.tag.raw().to_owned())).collect();
    let group = |name: &str, text: String, folded, rows| Group { name: name.to_owned(), text, folded, rows };
    let all = vec![
        group("drafts", "Drafts without a tag".to_owned(), false, drafts),
        group("mine", format!("{} so far", release.name()), false, mine),
        group("line", "Same line".to_owned(), false, same),
        group("rest", "Other lines".to_owned(), true, rest),
        group("other", "Tags that are no version of this project".to_owned(), true, other),
    ];
    all.into_iter().filter(|group| !group.rows.is_empty()).collect()
}
