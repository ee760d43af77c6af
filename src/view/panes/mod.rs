//! The eight tabs, a file each.

pub mod branches;
pub mod candidate;
pub mod checklist;
pub mod ci;
pub mod journal;
mod known;
pub mod milestone;
pub mod overview;
mod parts;
pub mod picks;
mod summary;
mod train;

use super::layout::Body;
use super::theme::Theme;
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
