//! A list of rows by id: only what is visible is drawn.

use super::table::Table;
use super::text::{cut, put};
use crate::screen::list::List;
use crate::screen::rows::{Heading, Row, RowId};
use crate::view::ink::Ink;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// What a list is drawn with.
#[derive(Debug, Clone)]
pub struct Rows<'a> {
    /// The list.
    pub list: &'a List,
    /// The rows of it that are drawn here, as [`window`] or a part of the list gives them.
    pub range: Range<usize>,
    /// Whether this part has the keys.
    pub focused: bool,
    /// The columns.
    pub table: &'a Table,
}

/// How many cells of a row come before its first column: the mark, and a blank.
pub const INDENT: u16 = 2;

/// The rows that are visible in so many lines: from the list's own first row, moved so that the cursor is among them.
#[must_use]
pub fn window(list: &List, height: usize) -> Range<usize> {
    let last = list.rows.len();
    let mut top = list.top.min(last.saturating_sub(height));
    if let Some(at) = list.position() {
        if at < top {
            top = at;
        } else if at >= top + height.max(1) {
            top = at + 1 - height.max(1);
        }
    }
    top..last.min(top + height)
}

/// Draws rows, one a line (every other line when the room looks on): a heading with its count, or the cells that
/// `cells` gives. The row under the cursor has the selection and the hardware cursor. Says how many lines it took.
pub fn rows(
    frame: &mut Frame,
    area: Rect,
    ink: &Ink,
    rows: &Rows,
    mut cells: impl FnMut(&Row) -> Vec<Line<'static>>,
) -> u16 {
    let step = if ink.present { 2 } else { 1 };
    let mut y = 0;
    for row in rows.list.rows.get(rows.range.clone()).unwrap_or_default() {
        if y >= area.height {
            break;
        }
        let line = Rect { y: area.y + y, height: 1, ..area };
        let here = rows.list.cursor.as_ref() == Some(&row.id);
        if here {
            frame.buffer_mut().set_style(line, ink.theme.selection());
            if rows.focused {
                frame.set_cursor_position((line.x, line.y));
            }
        }
        mark(frame, line, ink, rows.list, &row.id);
        let inner =
            Rect { x: line.x + INDENT.min(line.width), width: line.width.saturating_sub(INDENT), ..line };
        match &row.heading {
            Some(heading) => put(frame.buffer_mut(), line, 0, &heading_line(ink, heading, line.width)),
            None => rows.table.row(frame.buffer_mut(), inner, ink, &cells(row)),
        }
        y += step;
    }
    y.min(area.height)
}

/// Draws what stands before a row: marked, or come in since the cursor last moved.
fn mark(frame: &mut Frame, line: Rect, ink: &Ink, list: &List, id: &RowId) {
    let span = if list.marks.contains(id) {
        Span::styled(ink.pick("▌", "*"), ink.theme.accent())
    } else if list.fresh.contains(id) {
        Span::styled(ink.pick("›", "+"), ink.theme.warn())
    } else {
        return;
    };
    put(frame.buffer_mut(), line, 0, &Line::from(span));
}

fn heading_line(ink: &Ink, heading: &Heading, cells: u16) -> Line<'static> {
    let arrow = if heading.folded { ink.pick("▸", ">") } else { ink.pick("▾", "v") };
    let text = cut(&heading.text, usize::from(cells).saturating_sub(8), ink);
    Line::from(vec![
        Span::styled(format!("{arrow} {text}"), ink.theme.heading()),
        Span::styled(format!(" {}", heading.count), ink.theme.dim()),
    ])
}
