//! Small charts: a bar, a sparkline, the last ten, a burn-up. The number always stands beside them.

use super::text::put;
use crate::release::checks::{CheckState, Past};
use crate::release::milestone::BurnPoint;
use crate::screen::Glyphs;
use crate::view::ink::{Ink, Sign};
use chrono::{DateTime, Utc};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

const EIGHTHS: [&str; 8] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];
/// The steps of a sparkline, the lowest first.
pub const BARS: [&str; 8] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const ASCII_BARS: [&str; 8] = ["_", ".", "-", "-", "=", "=", "#", "#"];

/// A bar of `cells`, filled as `done` is to `all`, to an eighth of a cell; whole cells in ASCII.
#[must_use]
pub fn bar(ink: &Ink, done: usize, all: usize, cells: usize) -> Vec<Span<'static>> {
    let eighths = (cells * 8 * done.min(all)).checked_div(all).unwrap_or(0);
    let (full, part) = (eighths / 8, eighths % 8);
    if ink.glyphs == Glyphs::Ascii {
        return vec![
            Span::styled("#".repeat(full), ink.theme.filled()),
            Span::styled(".".repeat(cells - full), ink.theme.hollow()),
        ];
    }
    let mut filled = "█".repeat(full);
    let mut rest = cells - full;
    if part > 0 {
        filled.push_str(EIGHTHS[part - 1]);
        rest -= 1;
    }
    vec![Span::styled(filled, ink.theme.filled()), Span::styled("░".repeat(rest), ink.theme.hollow())]
}

/// A sparkline of the newest values that fit, oldest first.
#[must_use]
pub fn spark(ink: &Ink, values: &[u32], cells: usize) -> Span<'static> {
    let shown = &values[values.len().saturating_sub(cells)..];
    let most = shown.iter().copied().max().unwrap_or(0).max(1);
    let steps = if ink.glyphs == Glyphs::Ascii { ASCII_BARS } else { BARS };
    let step = |value: &u32| steps[usize::try_from(u64::from(*value) * 7 / u64::from(most)).unwrap_or(0)];
    Span::styled(shown.iter().map(step).collect::<String>(), ink.theme.run())
}

/// The last ten states of a check, oldest first, one glyph each; `past` is newest first.
#[must_use]
pub fn last_ten(ink: &Ink, past: &[Past], now: CheckState) -> Vec<Span<'static>> {
    // What has not ended is no part of the past, and what is missing now must not read as its last green.
    let told = past.first().is_some_and(|it| !it.state.has_ended());
    let going = [now].into_iter().filter(|now| !told && !now.has_ended());
    let newest: Vec<CheckState> = going.chain(past.iter().map(|it| it.state)).take(10).collect();
    let mut spans = vec![Span::raw(" ".repeat(10 - newest.len()))];
    spans.extend(newest.into_iter().rev().map(|state| ink.sign(Sign::of_check(state).0)));
    spans
}

/// Draws a burn-up: the scope and what is done, by day, up to `until`; with braille, or with plain characters.
pub fn burn(buffer: &mut Buffer, area: Rect, ink: &Ink, points: &[BurnPoint], until: Option<DateTime<Utc>>) {
    let (Some(first), true) = (points.first(), area.width > 6 && area.height > 1) else { return };
    let end = until.into_iter().chain([ink.now]).max().unwrap_or(ink.now);
    let most = points.iter().map(|point| point.scope.max(point.done)).max().unwrap_or(1).max(1);
    let label = most.to_string();
    let left = u16::try_from(label.len()).unwrap_or(1) + 1;
    let plot = Rect { x: area.x + left, width: area.width - left.min(area.width), ..area };
    put(buffer, area, 0, &Line::from(Span::styled(label, ink.theme.dim())));
    put(buffer, area, area.height - 1, &Line::from(Span::styled("0", ink.theme.dim())));
    let dots = if ink.glyphs == Glyphs::Ascii { (1, 1) } else { (2, 4) };
    let (columns, levels) = (usize::from(plot.width) * dots.0, usize::from(plot.height) * dots.1);
    let span = (end - first.at).num_seconds().max(1);
    let mut cells = vec![(0u8, false); usize::from(plot.width) * usize::from(plot.height)];
    for column in 0..columns {
        let at = first.at
            + chrono::TimeDelta::seconds(
                span * i64::try_from(column).unwrap_or(0) / i64::try_from(columns).unwrap_or(1),
            );
        if at > ink.now {
            break;
        }
        let Some(point) = points.iter().take_while(|point| point.at <= at).last() else { continue };
        for (value, done) in [(point.scope, false), (point.done, true)] {
            let level =
                usize::try_from(value).unwrap_or(0) * (levels - 1) / usize::try_from(most).unwrap_or(1);
            let (x, y) = (column / dots.0, (levels - 1 - level) / dots.1);
            let cell = &mut cells[y * usize::from(plot.width) + x];
            cell.0 |= braille_dot(column % 2, (levels - 1 - level) % 4);
            cell.1 |= done;
        }
    }
    for (at, (dots, done)) in cells.into_iter().enumerate().filter(|(_, (dots, _))| *dots != 0) {
        let symbol = match ink.glyphs {
            Glyphs::Ascii => if done { '#' } else { '.' }.to_string(),
            Glyphs::Unicode | Glyphs::Nerd => {
                char::from_u32(0x2800 + u32::from(dots)).unwrap_or(' ').to_string()
            }
        };
        let style = if done { ink.theme.ok() } else { ink.theme.dim() };
        let x = plot.x + u16::try_from(at % usize::from(plot.width)).unwrap_or(0);
        let y = plot.y + u16::try_from(at / usize::from(plot.width)).unwrap_or(0);
        buffer.set_string(x, y, symbol, style);
    }
}

/// The bit of a dot in a braille cell, by its column and its row from the top. Source: Unicode, Braille Patterns.
fn braille_dot(x: usize, y: usize) -> u8 {
    [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]][y][x]
}
