//! Text in cells: cut, wrapped, put in place, under a title.

use crate::view::ink::Ink;
use crate::view::theme::Tone;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// How many cells a text takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// A text that takes at most `cells`, its end replaced by `…` when it is longer.
#[must_use]
pub fn cut(text: &str, cells: usize, ink: &Ink) -> String {
    if width(text) <= cells {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut taken = 0;
    for grapheme in text.graphemes(true) {
        taken += grapheme.width();
        if taken + 1 > cells {
            break;
        }
        out.push_str(grapheme);
    }
    if cells > 0 {
        out.push_str(ink.pick("…", "~"));
    }
    out
}

/// A text as lines of at most `cells`, broken between words where it can be.
#[must_use]
pub fn wrap(text: &str, cells: usize) -> Vec<String> {
    let cells = cells.max(1);
    let mut lines = vec![];
    let mut line = String::new();
    let mut taken = 0;
    for word in text.split(' ') {
        let wide = width(word);
        if taken > 0 && taken + 1 + wide <= cells {
            line.push(' ');
            line.push_str(word);
            taken += 1 + wide;
            continue;
        }
        if taken > 0 {
            lines.push(std::mem::take(&mut line));
            taken = 0;
        }
        for grapheme in word.graphemes(true) {
            if taken + grapheme.width() > cells && taken > 0 {
                lines.push(std::mem::take(&mut line));
                taken = 0;
            }
            line.push_str(grapheme);
            taken += grapheme.width();
        }
    }
    lines.push(line);
    lines
}

/// Draws a line at a row of an area, cut at its right edge. Rows outside the area are not drawn.
pub fn put(buffer: &mut Buffer, area: Rect, row: u16, line: &Line) {
    if row < area.height && area.width > 0 {
        buffer.set_line(area.x, area.y + row, line, area.width);
    }
}

/// Draws lines from the `skip`-th on, one a row, and says how many rows were taken.
pub fn lines(buffer: &mut Buffer, area: Rect, skip: usize, lines: &[Line]) -> u16 {
    let mut row = 0;
    for line in lines.iter().skip(skip).take(usize::from(area.height)) {
        put(buffer, area, row, line);
        row += 1;
    }
    row
}

/// A name and its value, the values of several lines under each other.
#[must_use]
pub fn pair(ink: &Ink, name: &str, cells: usize, value: impl Into<Vec<Span<'static>>>) -> Line<'static> {
    let pad = " ".repeat(cells.saturating_sub(width(name)) + 1);
    let mut spans = vec![Span::styled(format!("{name}{pad}"), ink.theme.head())];
    spans.extend(value.into());
    Line::from(spans)
}

/// Draws the title of a pane on the first row of its area: `▌` when it has the keys, the title, one thin rule, and
/// what stands at the right. Gives the area below it, two cells in.
pub fn title(buffer: &mut Buffer, area: Rect, ink: &Ink, focused: bool, text: &str, right: &Line) -> Rect {
    if area.height == 0 || area.width == 0 {
        return Rect { height: 0, ..area };
    }
    let mark = if focused { ink.pick("▌", ">") } else { " " };
    let room = usize::from(area.width).saturating_sub(2);
    let right_cells = right.width();
    let shows_right = right_cells > 0 && right_cells + 8 <= room;
    let for_title = if shows_right { room - right_cells - 2 } else { room };
    let said = if ink.unrecorded { " UNRECORDED" } else { "" };
    let text = cut(text, for_title.saturating_sub(width(said)), ink);
    let rule = for_title.saturating_sub(width(&text) + width(said) + 1);
    let mut spans = vec![
        Span::styled(mark, ink.theme.title(true)),
        Span::raw(" "),
        Span::styled(text, ink.theme.title(focused)),
        Span::styled(said, ink.theme.tone(Tone::Bad)),
        Span::raw(" "),
        Span::styled(ink.pick("─", "-").repeat(rule), ink.theme.rule()),
    ];
    if shows_right {
        spans.push(Span::raw(" "));
        spans.extend(right.spans.iter().cloned());
    }
    put(buffer, area, 0, &Line::from(spans));
    Rect {
        x: area.x + 2.min(area.width),
        y: area.y + 1,
        width: area.width.saturating_sub(2),
        height: area.height - 1,
    }
}
