//! Columns of fixed width: numbers at the right, the title takes what is left, columns leave in a fixed order.

use super::text::{put, width};
use crate::view::ink::Ink;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Where a cell's text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left.
    Left,
    /// At the right, for numbers, ages and names before an age.
    Right,
}

/// How wide a column is, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// So many.
    Is(u16),
    /// What is left, and columns leave before it falls under this.
    Least(u16),
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its head.
    pub head: &'static str,
    /// How wide it is.
    pub width: Width,
    /// Where its text stands.
    pub align: Align,
    /// When it leaves: the highest first, 0 never.
    pub leaves: u8,
}

impl Column {
    /// A column of so many cells, at the left, that stays.
    #[must_use]
    pub const fn is(head: &'static str, cells: u16) -> Self {
        Self { head, width: Width::Is(cells), align: Align::Left, leaves: 0 }
    }

    /// The column that takes what is left.
    #[must_use]
    pub const fn rest(head: &'static str, least: u16) -> Self {
        Self { head, width: Width::Least(least), align: Align::Left, leaves: 0 }
    }

    /// The same, its text at the right.
    #[must_use]
    pub const fn right(self) -> Self {
        Self { align: Align::Right, ..self }
    }

    /// The same, leaving when the room is small: the highest first.
    #[must_use]
    pub const fn leaves(self, rank: u8) -> Self {
        Self { leaves: rank, ..self }
    }
}

/// Columns in their places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    columns: Vec<(usize, Column, u16, u16)>,
}

/// Cells between two columns.
const GAP: u16 = 2;

impl Table {
    /// Puts columns into a width. Those that leave first are left out until the rest fits.
    #[must_use]
    pub fn fit(columns: &[Column], cells: u16) -> Self {
        let mut kept: Vec<(usize, Column)> = columns.iter().copied().enumerate().collect();
        loop {
            let gaps = GAP * u16::try_from(kept.len().saturating_sub(1)).unwrap_or_default();
            let wanted: u16 = kept
                .iter()
                .map(|(_, column)| match column.width {
                    Width::Is(cells) | Width::Least(cells) => cells,
                })
                .sum();
            let most = kept.iter().enumerate().max_by_key(|(_, (_, column))| column.leaves);
            match most.map(|(at, (_, column))| (at, column.leaves)) {
                Some((at, 1..)) if wanted + gaps > cells => {
                    kept.remove(at);
                }
                _ => return Self::place(kept, cells, wanted + gaps),
            }
        }
    }

    fn place(kept: Vec<(usize, Column)>, cells: u16, wanted: u16) -> Self {
        let spare = cells.saturating_sub(wanted);
        let mut x = 0;
        let mut columns = vec![];
        for (at, column) in kept {
            let wide = match column.width {
                Width::Is(cells) => cells,
                // Below its least the rest shrinks with the room that there is.
                Width::Least(least) => (least + spare).saturating_sub(wanted.saturating_sub(cells)),
            };
            columns.push((at, column, x, wide));
            x += wide + GAP;
        }
        Self { columns }
    }

    /// The cells that a column got, by its place in what was given; none when it left.
    #[must_use]
    pub fn cells(&self, column: usize) -> Option<u16> {
        self.columns.iter().find(|(at, ..)| *at == column).map(|(.., wide)| *wide)
    }

    /// Draws the heads of the columns on the first row of an area.
    pub fn head(&self, buffer: &mut Buffer, area: Rect, ink: &Ink) {
        for (_, column, x, wide) in &self.columns {
            let cell = Line::from(Span::styled(column.head, ink.theme.head()));
            draw(buffer, area, *x, *wide, column.align, &cell, ink);
        }
    }

    /// Draws a row on the first row of an area: a cell a column, in the order that the columns were given.
    pub fn row(&self, buffer: &mut Buffer, area: Rect, ink: &Ink, cells: &[Line]) {
        for (at, column, x, wide) in &self.columns {
            if let Some(cell) = cells.get(*at) {
                draw(buffer, area, *x, *wide, column.align, cell, ink);
            }
        }
    }
}

/// Draws a cell, its end cut off with `…` when it is too long.
fn draw(buffer: &mut Buffer, area: Rect, x: u16, wide: u16, align: Align, cell: &Line, ink: &Ink) {
    let Some(room) = area.width.checked_sub(x).map(|room| room.min(wide)).filter(|room| *room > 0) else {
        return;
    };
    let cells = cell.width();
    let place = |indent: u16| Rect { x: area.x + x + indent, width: room - indent, ..area };
    if cells <= usize::from(room) {
        let indent = match align {
            Align::Left => 0,
            Align::Right => room - u16::try_from(cells).unwrap_or(room),
        };
        put(buffer, place(indent), 0, cell);
    } else {
        put(buffer, place(0), 0, &cut_line(cell, usize::from(room), ink));
    }
}

/// A line of spans that takes at most `cells`, its end replaced by `…`.
#[must_use]
pub fn cut_line(line: &Line, cells: usize, ink: &Ink) -> Line<'static> {
    let mut out = vec![];
    let mut left = cells.saturating_sub(1);
    for span in &line.spans {
        let mut text = String::new();
        let wide = width(&span.content);
        let whole = wide <= left;
        if whole {
            left -= wide;
            text.push_str(&span.content);
        } else {
            for grapheme in span.content.graphemes(true) {
                let Some(rest) = left.checked_sub(grapheme.width()) else { break };
                left = rest;
                text.push_str(grapheme);
            }
        }
        out.push(Span::styled(text, line.style.patch(span.style)));
        if !whole {
            break;
        }
    }
    let style = out.last().map(|span| span.style).unwrap_or_default();
    out.push(Span::styled(ink.pick("…", "~"), style));
    Line::from(out)
}
