//! The candidate tab: the tags so far, what GitHub published of them, and what the next would be, with the reasons.
//! The plan of a cut is in its dialog.

use super::known::{Known, topics};
use super::parts::{
    Head, at_right, count, detail, field, keys, list, named_list, paragraph, third_scrolled, token_lines,
};
use crate::release::candidates::{ForgeRelease, TagRow};
use crate::release::ids::Tag;
use crate::release::looks::Topic;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::rows::{Row, RowId};
use crate::version::{TagClass, TagKind, classify};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::Column;
use crate::view::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let known = topics(release, screen, &[Topic::Git]);
    let published = topics(release, screen, &[Topic::Releases]);
    draw_list(release, screen, &ink, (&known, &published), body.list, frame);
    let cursor = screen.list_of(Pane::Candidate).cursor.as_ref();
    let name = match cursor {
        Some(RowId::Tag(tag)) => tag.line(),
        Some(RowId::Draft(id)) => {
            release.candidates.releases.get(id).map_or_else(|| "Draft".to_owned(), |it| it.tag.line())
        }
        _ => "Candidate".to_owned(),
    };
    detail(frame, body.detail, &ink, screen, &name, &Line::default(), |cells| {
        let mut lines = match cursor {
            Some(RowId::Tag(tag)) => about_tag(release, screen, &ink, tag, &published, cells),
            Some(RowId::Draft(id)) => about_draft(release, &ink, *id, cells),
            _ => Vec::new(),
        };
        if body.third.is_none() {
            lines = beside(release, screen, &ink, cells, lines);
        }
        let acts =
            [Action::Notes, Action::PublishRelease, Action::Browse, Action::CopyHash, Action::CopyNumber];
        lines.extend(keys(&ink, screen, Pane::Candidate, &acts, cells));
        lines
    });
    third_scrolled(frame, body.third, (&ink, screen), "Next", |cells| {
        beside(release, screen, &ink, cells, Vec::new())
    });
}

/// What stands beside the row under the cursor: what comes next, and the artifacts. They come first where the row is
/// what they are asked for by: its own line says the rest.
fn beside(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    cells: usize,
    about: Vec<Line<'static>>,
) -> Vec<Line<'static>> {
    let artifacts = super::artifacts::lines(release, screen, ink, cells);
    let first = match screen.list_of(Pane::Candidate).cursor.as_ref() {
        Some(RowId::Tag(tag)) if !about.is_empty() => super::artifacts::is_of(release, tag),
        _ => about.is_empty() && release.final_tag().is_some(),
    };
    let next = next(release, screen, ink, cells);
    let blocks = if first { [artifacts, about, next] } else { [about, next, artifacts] };
    let mut lines: Vec<Line<'static>> = Vec::new();
    // How many are there is said in sight where they stand below all else.
    let glance = super::artifacts::glance(release, ink).filter(|_| !first);
    for block in blocks.into_iter().filter(|block| !block.is_empty()) {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(block);
    }
    lines.splice(0..0, glance);
    lines
}

/// Whether a line warns above the rows.
pub(super) fn warns(release: &Release, screen: &Screen) -> bool {
    [Topic::Git, Topic::Releases].iter().any(|topic| super::known::warns(release, screen, &[*topic]))
}

fn draw_list(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (known, published): (&Known, &Known),
    area: Rect,
    frame: &mut Frame,
) {
    let rows = screen.list_of(Pane::Candidate);
    let name = named_list(rows, format!("Tags of {}", release.name()), &[]);
    let so_far = release.candidates_so_far().len();
    let all = release.candidates.tags.len();
    let said = vec![
        ink.text(format!("{} so far", count(so_far, "candidate"))),
        ink.dim(format!("  {} in all", count(all, "tag"))),
    ];
    let columns = [
        Column::rest("", 14),
        Column::is("", 9),
        Column::is("", 10).leaves(2),
        Column::is("", 7).leaves(1),
        Column::is("", 21),
    ];
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said, known),
        columns: &columns,
        heads: &["tag", "class", "date", "commit", "on GitHub"],
        banner: known.banner(ink).or_else(|| published.banner(ink)),
    };
    let none =
        "Nothing is tagged in this clone. If the remote has tags, fetch them: a shallow clone brings none.";
    let instead = |cells: usize| known.instead(ink, screen, Pane::Candidate, "tags", none, cells);
    list(frame, area, ink, (screen, rows), &head, instead, |row, _| cells(release, ink, row, published));
}

/// The class of a tag by the process's grammar.
fn class(release: &Release, tag: &Tag) -> Option<TagClass> {
    release.process.as_ref().map(|process| classify(&process.version, tag.as_str()))
}

/// The sign and the word of a class.
fn class_token(ink: &Ink, class: Option<&TagClass>) -> Span<'static> {
    match class.map(|class| &class.kind) {
        Some(TagKind::Final) => ink.token(Sign::Ok, "final"),
        Some(TagKind::Candidate(number)) => ink.toned(Tone::Accent, format!("  rc {number}")),
        Some(TagKind::Prerelease(stage)) => {
            ink.toned(Tone::Hold, format!("  {}", crate::release::text::shown(stage, 20)))
        }
        Some(TagKind::Describe) => ink.dim("  build"),
        Some(TagKind::Other { .. }) => ink.token(Sign::Skipped, "other"),
        None => ink.token(Sign::Risk, "unknown"),
    }
}

/// What GitHub says of a release.
fn forge_token(ink: &Ink, found: Option<&ForgeRelease>, published: &Known) -> Span<'static> {
    match (found, published) {
        (Some(it), _) if it.draft => ink.token(Sign::Act, &format!("draft, {}", assets(it))),
        (Some(it), _) if it.prerelease => ink.token(Sign::Ok, &format!("prerelease, {}", assets(it))),
        (Some(it), _) => ink.token(Sign::Ok, &format!("published, {}", assets(it))),
        (None, Known::Read(_) | Known::Stale { .. }) => ink.token(Sign::Skipped, "not published"),
        (None, Known::Failed(_)) => ink.token(Sign::Risk, "not readable"),
        (None, Known::NoForge) => ink.token(Sign::Skipped, "no forge"),
        (None, Known::Unread | Known::Reading) => ink.token(Sign::Waiting, "not read"),
    }
}

fn assets(release: &ForgeRelease) -> String {
    count(release.assets as usize, "file")
}

fn cells(release: &Release, ink: &Ink, row: &Row, published: &Known) -> Vec<Line<'static>> {
    match &row.id {
        RowId::Tag(tag) => {
            let Some(row) = release.candidates.tags.get(tag) else { return Vec::new() };
            let day = row.at.map_or_else(|| ink.none(), |at| ink.dim(at.format("%Y-%m-%d").to_string()));
            vec![
                Line::from(ink.text(tag.line())),
                Line::from(class_token(ink, class(release, tag).as_ref())),
                Line::from(day),
                Line::from(ink.toned(Tone::Accent, row.oid.short())),
                Line::from(forge_token(ink, release.candidates.release_of(tag), published)),
            ]
        }
        RowId::Draft(id) => {
            let Some(draft) = release.candidates.releases.get(id) else { return Vec::new() };
            vec![
                Line::from(ink.text(draft.tag.line())),
                Line::from(ink.token(Sign::Waiting, "no tag")),
                Line::default(),
                Line::default(),
                Line::from(forge_token(ink, Some(draft), published)),
            ]
        }
        _ => Vec::new(),
    }
}

/// Everything known of a tag.
fn about_tag(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    tag: &Tag,
    published: &Known,
    cells: usize,
) -> Vec<Line<'static>> {
    let Some(row) = release.candidates.tags.get(tag) else { return Vec::new() };
    let class = class(release, tag);
    let mut lines = vec![Line::from(class_token(ink, class.as_ref()))];
    if let Some(TagKind::Other { why }) = class.as_ref().map(|class| &class.kind) {
        lines.extend(paragraph(&crate::release::text::shown(why, 200), ink.theme.text(), cells));
    }
    if let Some(note) = class.as_ref().and_then(|class| class.note.as_ref()) {
        lines.extend(token_lines(ink, Sign::Risk, &crate::release::text::shown(note, 200), cells));
    }
    lines.extend(tag_fields(release, screen, ink, row, cells));
    let found = release.candidates.release_of(tag);
    lines.push(super::parts::named(ink, "GitHub", vec![forge_token(ink, found, published)]));
    if let Some(found) = found {
        if let Some(name) = &found.name {
            lines.extend(field(ink, "Title", &name.line(), ink.theme.text(), cells));
        }
        if let Some(at) = found.published {
            lines.extend(field(ink, "Published", &ago(screen.now, at), ink.theme.text(), cells));
        }
    }
    lines
}

fn tag_fields(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    row: &TagRow,
    cells: usize,
) -> Vec<Line<'static>> {
    let kind = if row.annotated { "annotated" } else { "lightweight: it names nobody and no date" };
    let mut lines = field(ink, "Tag", kind, ink.theme.text(), cells);
    if let Some(at) = row.at {
        let said = format!("{}, {}", at.format("%-d %b %Y %H:%M UTC"), ago(screen.now, at));
        lines.extend(field(ink, "Made", &said, ink.theme.text(), cells));
    }
    let on: Vec<_> =
        release.lines.0.values().filter(|line| line.tip == row.oid).map(|line| line.branch.line()).collect();
    let at = if on.is_empty() { String::new() } else { format!(", the tip of {}", on.join(", ")) };
    lines.extend(field(ink, "Commit", &format!("{}{at}", row.oid.short()), ink.theme.text(), cells));
    lines
}

fn about_draft(release: &Release, ink: &Ink, id: u64, cells: usize) -> Vec<Line<'static>> {
    let Some(draft) = release.candidates.releases.get(&id) else { return Vec::new() };
    let said =
        format!("{} names a tag that does not exist", if draft.draft { "a draft" } else { "a release" });
    let mut lines = token_lines(ink, Sign::Act, &said, cells);
    let name = draft.name.as_ref().map(Untrusted::line).unwrap_or_default();
    lines.extend(field(ink, "Title", &name, ink.theme.text(), cells));
    lines.extend(field(ink, "Files", &draft.assets.to_string(), ink.theme.text(), cells));
    lines
}

/// How far the version that is being cut has come, and what comes next.
fn next(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let mut lines = super::cutting::steps(screen, ink, cells);
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines.extend(super::cutting::next(release, screen, ink, cells));
    lines
}
