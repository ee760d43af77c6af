//! What is under a cell of the terminal: where a click goes.

use super::colour::Depth;
use super::ink::Ink;
use super::palette::Ground;
use super::theme::Theme;
use super::{layout, render, tabs};
use crate::release::{Pane, Release};
use crate::screen::{Part, Screen};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::{Position, Rect};
use ratatui::style::Modifier;

/// What a click means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hit {
    /// A tab.
    Tab(Pane),
    /// A row of the list, by its place.
    Row(usize),
}

/// What is at a cell, none where a click means nothing. While a dialog is open nothing is.
#[must_use]
pub fn hit(release: &Release, screen: &Screen, cell: Position) -> Option<Hit> {
    let size = Rect::new(0, 0, screen.size.0, screen.size.1);
    let areas = layout::areas(size, screen).filter(|_| screen.dialogs.is_empty())?;
    if areas.tabs.contains(cell) {
        let theme = Theme::built_in("mono", Depth::Mono, Ground::Unknown);
        let ink = Ink::new(screen, &theme);
        return tabs::at(release, screen, &ink, areas.tabs.width, cell.x - areas.tabs.x).map(Hit::Tab);
    }
    if screen.tab == Pane::Overview {
        return drawn(release, screen, cell).map(Hit::Row);
    }
    let list = areas.body.list;
    let first = cursor(release, screen)?;
    let step = if screen.options.present { 2 } else { 1 };
    let lines = (i32::from(cell.y) - i32::from(first.y)).div_euclid(step);
    let at = screen.list().position()?.checked_add_signed(isize::try_from(lines).ok()?)?;
    let above = cell.y < list.y + layout::head(screen.tab);
    (list.contains(cell) && !above && at < screen.list().rows.len()).then_some(Hit::Row(at))
}

/// Where the row under the cursor is drawn.
fn cursor(release: &Release, screen: &Screen) -> Option<Position> {
    let theme = Theme::built_in("mono", Depth::Mono, Ground::Unknown);
    let mut terminal = Terminal::new(TestBackend::new(screen.size.0, screen.size.1)).ok()?;
    let mut alone = screen.clone();
    alone.part = Part::List;
    alone.pressed.clear();
    terminal.draw(|frame| render(release, &alone, &theme, frame)).ok()?;
    terminal.get_cursor_position().ok()
}

/// The row that is drawn at a cell, for a list whose parts stand in several places: the one row whose selection is
/// there. It draws the screen once a row, which a click has time for.
fn drawn(release: &Release, screen: &Screen, cell: Position) -> Option<usize> {
    let theme = Theme::built_in("mono", Depth::Mono, Ground::Unknown);
    let mut terminal = Terminal::new(TestBackend::new(screen.size.0, screen.size.1)).ok()?;
    let mut tried = screen.clone();
    tried.part = Part::List;
    let mut selected = |at: usize| {
        tried.list_mut().go(at);
        let drawn = terminal.draw(|frame| render(release, &tried, &theme, frame)).ok()?;
        // Without colours the row under the cursor is reversed over its whole width.
        Some(drawn.buffer.cell(cell)?.modifier.contains(Modifier::REVERSED))
    };
    let rows = screen.list().rows.len();
    let hits: Vec<usize> = (0..rows).filter(|at| selected(*at) == Some(true)).collect();
    // What is reversed whichever row is selected is no row.
    if hits.len() < rows { hits.first().copied() } else { None }
}
