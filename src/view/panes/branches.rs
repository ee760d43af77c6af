//! The branches tab.

use crate::release::Release;
use crate::screen::Screen;
use crate::view::layout::Body;
use crate::view::theme::Theme;
use ratatui::Frame;

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, area: &Body, frame: &mut Frame) {
    super::ids(release, screen, theme, area, frame);
}
