//! Rows of the journal: entries, newest first; decisions only, or by topic.

use super::{Group, Row, RowId};
use crate::release::Release;
use crate::release::errand::Status;
use crate::release::log::About;
use crate::screen::Screen;

/// What `f` goes through.
pub const PRESETS: [(&str, Option<About>); 9] = [
    ("decisions", None),
    ("everything", None),
    ("checklist", Some(About::Checklist)),
    ("gate", Some(About::Gate)),
    ("milestone", Some(About::Milestone)),
    ("checks", Some(About::Checks)),
    ("branches", Some(About::Branches)),
    ("picks", Some(About::Picks)),
    ("session", Some(About::Session)),
];

pub(crate) fn groups(release: &Release, screen: &Screen) -> Vec<Group> {
    let list = screen.list_of(crate::release::Pane::Journal);
    let at = usize::from(list.preset) % PRESETS.len();
    let (_, about) = PRESETS[at];
    let fits = |row: &&crate::release::log::Row| match about {
        Some(about) => row.about == about,
        None => at == 1 || row.deed,
    };
    let filtering = list.is_filtered();
    let mut entries = Group::new("entries", "", false, filtering);
    for row in release.log.rows.iter().rev().filter(fits) {
        let open = matches!(row.status, Some(Status::Failed | Status::Unknown | Status::Conflict));
        entries.add(
            Row::item(RowId::Entry(row.seq), open),
            format_args!("{} by:{} {} {} {}", row.seq, row.by, row.about.word(), row.what, row.target),
        );
    }
    vec![entries]
}
