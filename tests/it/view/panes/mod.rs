//! Tests of the panes: what each shows in each state, at each size.
mod artifacts;
mod clicks;
mod drift;
mod glance;
mod large;
mod never_green;
mod picks;
mod safe;
mod states;

use super::paper::dark;
use gonogo::release::{Pane, Release};
use gonogo::screen::{Screen, rows};
use gonogo::view::{layout, panes};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

/// Draws a tab's panes alone, over a whole terminal of the screen's size.
pub fn draw(release: &Release, screen: &Screen) -> Buffer {
    let (columns, height) = screen.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, height)).expect("a terminal");
    let body = layout::body(Rect::new(0, 0, columns, height), screen);
    let theme = dark();
    terminal
        .draw(|frame| {
            frame.buffer_mut().set_style(Rect::new(0, 0, columns, height), theme.ground());
            panes::draw(release, screen, &theme, &body, frame);
        })
        .expect("a frame");
    terminal.backend().buffer().clone()
}

/// The screen on a tab, its rows made anew.
pub fn on(mut screen: Screen, release: &Release, tab: Pane) -> Screen {
    screen.tab = tab;
    rows::remake(&mut screen, release);
    screen
}

/// The text of a tab.
pub fn text(release: &Release, screen: &Screen) -> String {
    super::paper::text(&draw(release, screen))
}
