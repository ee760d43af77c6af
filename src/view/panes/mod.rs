//! The eight tabs, a file each.

pub mod branches;
pub mod candidate;
pub mod checklist;
pub mod ci;
pub mod journal;
pub mod milestone;
pub mod overview;
pub mod picks;

use super::ink::Ink;
use super::layout::Body;
use super::parts::{self, Column, Rows, Table};
use super::theme::Theme;
use crate::release::{Pane, Release};
use crate::screen::{Part, Screen};
use ratatui::Frame;
use ratatui::text::Line;

/// Draws the tab that is shown.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, area: &Body, frame: &mut Frame) {
    let pane = match screen.tab {
        Pane::Overview => overview::draw,
        Pane::Milestone => milestone::draw,
        Pane::Ci => ci::draw,
        Pane::Branches => branches::draw,
        Pane::Picks => picks::draw,
        Pane::Checklist => checklist::draw,
        Pane::Candidate => candidate::draw,
        Pane::Journal => journal::draw,
    };
    pane(release, screen, theme, area, frame);
}

/// Draws the ids of the rows alone.
fn ids(_: &Release, screen: &Screen, theme: &Theme, area: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let focused = screen.part == Part::List;
    let inner = parts::title(
        frame.buffer_mut(),
        area.list,
        &ink,
        focused,
        &format!("{:?}", screen.tab),
        &Line::default(),
    );
    let table = Table::fit(&[Column::rest("id", 10)], inner.width);
    let list = screen.list();
    let rows = Rows { list, range: parts::window(list, usize::from(inner.height)), focused, table: &table };
    parts::rows(frame, inner, &ink, &rows, |row| vec![Line::from(ink.text(format!("{:?}", row.id)))]);
}
