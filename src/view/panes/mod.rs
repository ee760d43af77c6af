//! The eight tabs, a file each.

mod artifacts;
pub mod branches;
pub mod candidate;
pub mod checklist;
pub mod ci;
mod cutting;
pub mod journal;
mod known;
pub mod milestone;
pub mod overview;
mod parts;
pub mod picks;
mod poll;
mod steps;
mod summary;
mod suspect;
mod tasks;
mod train;

use super::layout::Body;
use super::theme::Theme;
use crate::release::looks::Topic;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use ratatui::Frame;

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

/// The row of the tab's list under a cell, by its place in the list; none where no row stands.
#[must_use]
pub fn row_at(release: &Release, screen: &Screen, body: &Body, column: u16, line: u16) -> Option<usize> {
    if screen.tab == Pane::Overview {
        return overview::row_at(screen, body.all, column, line);
    }
    let (area, banner) = match screen.tab {
        Pane::Overview => return None,
        Pane::Milestone => (body.list, milestone::warns(release, screen)),
        Pane::Ci => (body.list, ci::warns(release, screen)),
        Pane::Branches => (branches::list_area(screen, body), known::warns(release, screen, &[Topic::Git])),
        Pane::Picks => (body.list, known::warns(release, screen, &[Topic::Picks])),
        Pane::Checklist => (body.list, known::warns(release, screen, &[Topic::Files])),
        Pane::Candidate => (body.list, candidate::warns(release, screen)),
        Pane::Journal => (journal::list_area(release, body), false),
    };
    let rows = parts::below(area, super::layout::head(screen.tab) + u16::from(banner));
    if !rows.contains((column, line).into()) {
        return None;
    }
    let step = if screen.options.present { 2 } else { 1 };
    let range = super::parts::window(screen.list(), usize::from(rows.height) / usize::from(step));
    let at = range.start + usize::from((line - rows.y) / step);
    range.contains(&at).then_some(at)
}
