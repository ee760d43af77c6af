//! The replay's timeline: how dense the journal is over its time, its marks, and where the replay stands.

use super::ink::Ink;
use super::parts;
use super::theme::Tone;
use crate::screen::timeline::{MarkKind, Timeline};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the strip and what is said below it.
pub fn draw(buffer: &mut Buffer, area: Rect, timeline: &Timeline, ink: &Ink) {
    buffer.set_style(area, ink.theme.panel());
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    if inner.width < 10 {
        return;
    }
    let cells = usize::from(inner.width);
    let strip = parts::spark(ink, &spread(&timeline.density, cells), cells);
    parts::put(buffer, inner, 0, &Line::from(strip));
    let last = timeline.last.max(1);
    let place = |seq: u64| {
        let at = u128::from(seq.min(last)) * u128::from(inner.width - 1) / u128::from(last);
        inner.x + u16::try_from(at).unwrap_or(0)
    };
    for mark in &timeline.marks {
        let (glyph, style) = match mark.kind {
            MarkKind::Tag => (ink.pick("◇", "T"), ink.theme.accent()),
            MarkKind::Failure | MarkKind::Refusal => (ink.pick("✗", "x"), ink.theme.bad()),
            MarkKind::Session | MarkKind::Decision => continue,
        };
        buffer.set_string(place(mark.seq), inner.y, glyph, style);
    }
    let here = place(timeline.at);
    buffer.set_string(here, inner.y, ink.pick("▲", "^"), ink.theme.badge(Tone::Hold));
    let moment = timeline
        .ts
        .map_or_else(|| "before the first".to_owned(), |ts| ts.format("%d %b %H:%M:%SZ").to_string());
    let playing = if timeline.playing { format!("playing {}x", timeline.speed) } else { "paused".to_owned() };
    let chain = if timeline.holds { Tone::Ok } else { Tone::Bad };
    let line = Line::from(vec![
        Span::styled(format!(" REPLAY {} of {} ", timeline.at, timeline.last), ink.theme.badge(Tone::Hold)),
        ink.strong(format!("  {moment}  ")),
        ink.toned(Tone::Run, playing),
        Span::raw("  "),
        ink.toned(chain, timeline.chain.clone()),
    ]);
    let rest = "  nothing can be changed here";
    let mut line = line;
    if line.width() + rest.len() <= usize::from(inner.width) {
        line.spans.push(ink.dim(rest));
    }
    if area.height > 1 {
        parts::put(buffer, Rect { y: inner.y + 1, height: 1, ..inner }, 0, &line);
    }
}

/// The density over so many cells: several values a cell are summed, one value may fill several cells.
fn spread(density: &[u32], cells: usize) -> Vec<u32> {
    if density.is_empty() {
        return vec![0; cells];
    }
    let mut out = vec![0; cells];
    for (at, cell) in out.iter_mut().enumerate() {
        let from = at * density.len() / cells;
        let to = ((at + 1) * density.len() / cells).max(from + 1).min(density.len());
        *cell = density[from..to].iter().sum();
    }
    out
}
