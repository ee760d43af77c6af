//! Every pick on every line: how far each has come where.

use super::super::known::Known;
use super::super::parts::{Head, at_right, list, named_list};
use super::{is_fresh, said, sign};
use crate::release::ids::Branch;
use crate::release::picks::{CellState, PickKey};
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::rows::{Row, RowId, picks as rows};
use crate::view::ink::{Ink, Sign};
use crate::view::parts::Column;
use crate::view::theme::Tone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Cells of a line's column: "✗ CONFLICT", "– not needed".
const CELLS: u16 = 13;
/// Fewest cells of the title.
const TITLE: u16 = 18;

/// Draws the matrix. Lines that have no room leave at the right, the oldest first; the detail says all of them.
pub(super) fn draw(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    known: &Known,
    area: Rect,
    frame: &mut Frame,
) {
    let rows_of = screen.list_of(Pane::Picks);
    let mut lines = rows::lines(release, screen);
    let room = area.width.saturating_sub(2 + 2 + 7 + 2 + TITLE);
    let fits = usize::from(room / (CELLS + 2)).max(1);
    let hidden = lines.len().saturating_sub(fits);
    lines.truncate(fits);
    let more = if hidden > 0 { format!("{hidden} more in the detail") } else { String::new() };
    let name = named_list(rows_of, "Picks on every line".to_owned(), &[&more]);
    let mut columns = vec![Column::is("", 7).right(), Column::rest("", TITLE)];
    let names: Vec<String> = lines.iter().map(|line| line.line()).collect();
    let mut heads = vec!["PR", "title"];
    for name in &names {
        columns.push(Column::is("", CELLS));
        heads.push(name);
    }
    let head = Head {
        title: &name,
        right: at_right(ink, rows_of, said(screen, ink), known),
        columns: &columns,
        heads: &heads,
        banner: known.banner(ink),
    };
    let instead = |cells: usize| {
        let none = "Nothing is wanted on any line.";
        known.instead(ink, screen, Pane::Picks, "picks", none, cells)
    };
    let cells = |row: &Row| cells(release, screen, ink, (row, &lines));
    list(frame, area, ink, (screen, rows_of), &head, instead, |row, _| cells(row));
}

fn cells(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (row, lines): (&Row, &[Branch]),
) -> Vec<Line<'static>> {
    let RowId::Pick(key, on) = &row.id else { return Vec::new() };
    let name = key.number().map_or_else(|| key.short(), |number| number.to_string());
    let title = release.picks.title(key, on).map(Untrusted::line).unwrap_or_default();
    let mut out = vec![Line::from(ink.toned(Tone::Accent, name)), Line::from(ink.text(title))];
    out.extend(lines.iter().map(|line| Line::from(cell(release, screen, ink, (key, line)))));
    out
}

/// What stands of a pick on a line, in a word.
pub(super) fn cell(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, line): (&PickKey, &Branch),
) -> Span<'static> {
    let Some(told) = release.picks.told(key, line) else { return ink.none() };
    let state = release.picks.cell(key, line).map_or(CellState::Proposed, |cell| cell.state);
    if told.conflict && is_fresh(release, screen, key, line) {
        return ink.token(Sign::Bad, "CONFLICT");
    }
    ink.token(sign(state), &told.word)
}
