//! The releases of the set, the lowest first: where each stands, and how old is what is known of it.

use super::{SLIVER, first, keys, open, part};
use crate::release::Release;
use crate::release::ids::ReleaseName;
use crate::screen::Screen;
use crate::screen::set::{Row, Stand, rows};
use crate::view::ink::{Ink, Sign};
use crate::view::parts::table::{Column, Table, cut_line};
use crate::view::theme::Tone;
use crate::view::{parts, set};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// The columns of a release's first row; its second says what else is known.
const COLUMNS: [Column; 4] = [
    Column::is("release", 13),
    Column::rest("poll", 24),
    Column::is("cut", 14),
    Column::is("read", 11).right(),
];

/// Cells before the second row of a release.
const INDENT: u16 = 17;

/// Cells of the overview where there is room for more.
const COLUMNS_WIDE: u16 = 112;

/// Rows of what is said of the release under the cursor, at most.
const WHOLE: u16 = 8;

/// Draws the overview.
pub(super) fn draw(
    at: &ReleaseName,
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    area: Rect,
    frame: &mut Frame,
) {
    let rows = rows(release, screen);
    let wide = area.width < COLUMNS_WIDE + 4 + 2 * SLIVER;
    let cells = if wide { area.width.saturating_sub(4) } else { COLUMNS_WIDE };
    let whole = rows.iter().find(|row| row.name == at).map(|row| whole(row, ink, cells));
    let whole = whole.unwrap_or_default();
    let said = u16::try_from(whole.len()).unwrap_or(WHOLE).min(WHOLE);
    let wanted = u16::try_from(rows.len() * 2).unwrap_or(u16::MAX).saturating_add(said + 4);
    let inner =
        open(frame, area, COLUMNS_WIDE, wanted.min(area.height.saturating_sub(2)), &title(&rows), ink);
    let table = Table::fit(&COLUMNS, inner.width.saturating_sub(2));
    let inside = Rect { x: inner.x + 2.min(inner.width), width: inner.width.saturating_sub(2), ..inner };
    table.head(frame.buffer_mut(), inside, ink);
    let list = part(inner, 1, inner.height.saturating_sub(said + 4));
    let height = usize::from(list.height / 2).max(1);
    let cursor = rows.iter().position(|row| row.name == at).unwrap_or(0);
    for (place, row) in rows.iter().enumerate().skip(first(rows.len(), height, cursor)).take(height) {
        let top = place - first(rows.len(), height, cursor);
        let place = part(list, u16::try_from(top * 2).unwrap_or(u16::MAX), 2);
        one(&table, row, (row.name == at, place), screen, ink, frame);
    }
    let below = part(inner, inner.height.saturating_sub(said + 2), said);
    parts::lines(frame.buffer_mut(), below, 0, &whole);
    let row = keys(ink, &[("enter", "go to it"), ("j k", "move"), ("r", "read again"), ("esc", "close")]);
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
}

/// How many there are, and how many are final.
fn title(rows: &[Row]) -> String {
    let is_out = |row: &&Row| matches!(row.member.as_deref().map(|it| &it.stand), Some(Stand::Known(it)) if it.out.is_some());
    let out = rows.iter().filter(is_out).count();
    let is_up = |row: &&Row| matches!(row.member.as_deref().map(|it| &it.stand), Some(Stand::Known(it)) if it.given_up.is_some());
    let up = rows.iter().filter(is_up).count();
    let up = if up > 0 { format!(", {up} given up") } else { String::new() };
    format!("Set of {} releases, the lowest first: {out} final{up}", rows.len())
}

/// Draws a release on two rows.
fn one(table: &Table, row: &Row, (here, place): (bool, Rect), screen: &Screen, ink: &Ink, frame: &mut Frame) {
    if here {
        frame.buffer_mut().set_style(place, ink.theme.selection());
    }
    let inside = Rect { x: place.x + 2.min(place.width), width: place.width.saturating_sub(2), ..place };
    if row.here {
        let mark = Line::from(ink.toned(Tone::Accent, ink.pick("›", ">")));
        parts::put(frame.buffer_mut(), place, 0, &mark);
    }
    let (sign, word, why) = set::poll(row);
    let mut poll = vec![ink.token(sign, word)];
    if !why.is_empty() {
        poll.push(ink.text(if word.is_empty() { why } else { format!("  {why}") }));
    }
    let cut = match row.member.as_deref().map(|it| &it.stand) {
        Some(Stand::Known(it)) if it.out.is_some() => ink.token(Sign::Ok, "final"),
        Some(Stand::Known(it)) => ink.text(set::cut(it)),
        Some(Stand::Unread(_) | Stand::Unopened(_)) | None => ink.dim("–"),
    };
    let name = ink.strong(row.name.line());
    let known = ink.dim(set::known(row, screen.now));
    table.row(frame.buffer_mut(), inside, ink, &[name.into(), Line::from(poll), cut.into(), known.into()]);
    let beside = Line::from(ink.dim(set::beside(row)));
    let cells = place.width.saturating_sub(INDENT + 2);
    let beside =
        if beside.width() > usize::from(cells) { cut_line(&beside, usize::from(cells), ink) } else { beside };
    let second = Rect { x: place.x + INDENT.min(place.width), width: cells, ..part(place, 1, 1) };
    parts::put(frame.buffer_mut(), second, 0, &beside);
}

/// All that is known of the release under the cursor: what its rows cut off is read here.
fn whole(row: &Row, ink: &Ink, cells: u16) -> Vec<Line<'static>> {
    let cells = usize::from(cells);
    let rule = Line::from(Span::styled(ink.pick("─", "-").repeat(cells), ink.theme.dim()));
    let mut lines = vec![rule];
    let (sign, word, why) = set::poll(row);
    let said = if word.is_empty() { why } else { format!("{word}  {why}") };
    let mut wrapped = parts::wrap(&said, cells.saturating_sub(2)).into_iter().take(3);
    if let Some(first) = wrapped.next() {
        lines.push(Line::from(ink.token(sign, &first)));
    }
    lines.extend(wrapped.map(|more| Line::from(ink.text(format!("  {more}")))));
    let beside = parts::wrap(&set::beside(row), cells);
    lines.extend(beside.into_iter().take(3).map(|text| Line::from(ink.text(text))));
    lines
}
