//! What is drawn before the journal is read, and where there is no room: never nothing.

use super::bar;
use super::ink::Ink;
use super::layout::SMALLEST;
use super::parts;
use crate::release::Release;
use crate::release::log::plural;
use crate::screen::Screen;
use crate::screen::keymap::Action;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws how far the journal is read.
pub fn draw(buffer: &mut Buffer, area: Rect, release: &Release, screen: &Screen, ink: &Ink) {
    let name = if release.opened.is_some() { release.name() } else { "the release".to_owned() };
    let mut lines = vec![
        Line::from(Span::styled(format!("Opening {name}"), ink.theme.title(true))),
        Line::default(),
        Line::from(ink.text("Every line of the journal is checked against the one before it.")),
    ];
    match screen.opening {
        Some((done, all)) => {
            let cells = usize::from(area.width).saturating_sub(4).min(50);
            // A thousandth is finer than the bar.
            let part =
                usize::try_from(u128::from(done) * 1000 / u128::from(all.max(1))).unwrap_or(0).min(1000);
            let mut spans = parts::bar(ink, part, 1000, cells);
            spans.push(ink.strong(format!(" {:>3} %", part / 10)));
            lines.push(Line::from(spans));
            let said =
                format!("{} of {} verified, {} entries", bytes(done), bytes(all), release.log.rows.len());
            lines.push(Line::from(ink.dim(said)));
        }
        None => lines.push(Line::from(ink.dim("Looking for the journal"))),
    }
    let top = area.height.saturating_sub(6) / 3;
    let inner = Rect {
        x: area.x + 2.min(area.width),
        y: area.y + top,
        width: area.width.saturating_sub(4),
        height: area.height - top,
    };
    parts::lines(buffer, inner, 0, &lines);
}

fn bytes(count: u64) -> String {
    match count {
        0..1024 => format!("{count} B"),
        1024..1_048_576 => format!("{} KB", count / 1024),
        _ => format!("{}.{} MB", count / 1_048_576, count % 1_048_576 * 10 / 1_048_576),
    }
}

/// Draws what fits where the cockpit does not: the verdict, what blocks, and the size that it takes.
pub fn small(buffer: &mut Buffer, area: Rect, release: &Release, screen: &Screen, ink: &Ink) {
    let cut = bar::to_cut(release, screen)
        .map(|(late, text)| if late { format!(", cut {text} late") } else { format!(", cut in {text}") });
    let quit = screen.options.keymap.text(Action::Quit, screen.tab);
    let lines = [
        Line::from(vec![bar::verdict_badge(screen.verdict, ink), ink.strong(format!(" {}", release.name()))]),
        Line::from(ink.text(format!(
            "{} {}{}",
            screen.agenda.len(),
            plural(screen.agenda.len(), "blocker"),
            cut.unwrap_or_default()
        ))),
        Line::from(
            ink.dim(format!("need {}x{}, have {}x{}", SMALLEST.0, SMALLEST.1, area.width, area.height)),
        ),
        Line::from(vec![Span::styled(quit, ink.theme.key()), ink.text(" quit")]),
    ];
    parts::lines(buffer, area, 0, &lines);
}
