//! State to cells: the only room that knows widgets.
//!
//! [`render`] draws a [`Release`] and a [`Screen`] with a [`theme::Theme`]: the mission bar, the tabs, the body of the
//! tab, jobs and notices, the footer, and what floats. It changes nothing and reads no clock: ages are counted from
//! `screen.now`. Text from outside has passed `line()` or `shown()` before it gets here.

pub mod colour;
pub mod ink;
pub mod layout;
pub mod palette;
pub mod panes;
pub mod parts;
pub mod theme;

use crate::release::Release;
use crate::screen::Screen;
use ink::Ink;
use ratatui::Frame;
use theme::Theme;

/// Draws the cockpit.
pub fn render(release: &Release, screen: &Screen, theme: &Theme, frame: &mut Frame) {
    let size = frame.area();
    let ink = Ink::new(screen, theme);
    frame.buffer_mut().set_style(size, ink.theme.ground());
    let Some(areas) = layout::areas(size, screen) else { return };
    panes::draw(release, screen, theme, &areas.body, frame);
}
