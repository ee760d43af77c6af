//! What is said about how the cockpit runs, under the tabs: that nothing can be recorded, or who holds the journal.

use super::ink::Ink;
use super::parts;
use super::theme::Tone;
use crate::screen::keymap::Action;
use crate::screen::{Mode, Screen};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// Most lines of it.
const MOST: usize = 3;

/// The lines, the weightiest first.
#[must_use]
pub fn lines(screen: &Screen) -> Vec<(Tone, String)> {
    let note = screen.mode_note.as_deref();
    let mut lines: Vec<(Tone, String)> = match screen.mode {
        Mode::Opening | Mode::Replay => return vec![],
        Mode::Grounded => {
            let note = note.unwrap_or("the journal cannot be written");
            let keys = screen.options.keymap.text(Action::Refresh, screen.tab);
            let seen = if screen.unrecorded.seen { ", what is shown is UNRECORDED" } else { "" };
            let text =
                format!("GROUNDED, {keys} tries again: {note}; nothing is recorded, nothing leaves{seen}");
            vec![(Tone::Bad, text)]
        }
        Mode::ReadOnly => note.map(|note| (Tone::Warn, format!("READ-ONLY: {note}"))).into_iter().collect(),
        Mode::Live | Mode::Demo => note.map(|note| (Tone::Warn, note.to_owned())).into_iter().collect(),
    };
    if let Some(said) = &screen.setback {
        let keys = screen.options.keymap.text(Action::Setback, screen.tab);
        lines.push((Tone::Bad, format!("WENT WRONG: {said} ({keys} says how it ended)")));
    }
    if let Some(offer) = &screen.offer {
        let count = offer.differences.len();
        let keys = screen.options.keymap.text(Action::Process, screen.tab);
        let noun = crate::release::log::plural(count, "difference");
        let source = &offer.source;
        let text = format!(
            "{source} is not the process of this release: {count} {noun}, {keys} decides; it goes on under the recorded one"
        );
        lines.push((Tone::Warn, text));
    }
    let happened = &screen.unrecorded.outcomes;
    let room = MOST - lines.len().min(MOST);
    let more = happened.len().saturating_sub(room);
    for (at, outcome) in happened.iter().take(room).enumerate() {
        let rest = if at + 1 == room && more > 0 { format!(" (and {more} more)") } else { String::new() };
        lines.push((Tone::Bad, format!("HAPPENED AND NOT ON RECORD: {outcome}{rest}")));
    }
    lines
}

/// Draws the lines.
pub fn draw(buffer: &mut Buffer, area: Rect, screen: &Screen, ink: &Ink) {
    for ((tone, text), y) in lines(screen).into_iter().zip(area.y..area.bottom()) {
        let row = Rect { y, height: 1, ..area };
        buffer.set_style(row, ink.theme.badge(tone));
        let inner = Rect { x: row.x + 1, width: row.width.saturating_sub(2), ..row };
        let text = parts::cut(&text, usize::from(inner.width), ink);
        parts::put(buffer, inner, 0, &Line::from(Span::styled(text, Style::new())));
    }
}
