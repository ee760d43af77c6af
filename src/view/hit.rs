//! What is under a cell of the terminal: where a click goes.

use super::colour::Depth;
use super::ink::Ink;
use super::palette::Ground;
use super::theme::Theme;
use super::{layout, panes, tabs};
use crate::release::{Pane, Release};
use crate::screen::Screen;
use ratatui::layout::{Position, Rect};

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
    panes::row_at(release, screen, &areas.body, cell.x, cell.y).map(Hit::Row)
}
