//! State to cells: the only room that knows widgets.
//!
//! [`render`] draws a [`Release`] and a [`Screen`] with a [`theme::Theme`]: the mission bar, the tabs, the body of the
//! tab, jobs and notices, the footer, and what floats. It changes nothing and reads no clock: ages are counted from
//! `screen.now`. Text from outside has passed `line()` or `shown()` before it gets here.

pub mod banner;
pub mod bar;
pub mod base16;
pub mod colour;
pub mod dialogs;
pub mod footer;
pub mod hit;
pub mod ink;
pub mod layout;
pub mod motion;
pub mod news;
pub mod opening;
pub mod palette;
pub mod panes;
pub mod parts;
pub mod plain;
pub mod present;
pub mod say;
pub mod set;
pub mod tabs;
pub mod theme;
pub mod timeline;

use crate::release::Release;
use crate::screen::{Glyphs, Mode, Screen};
use ink::Ink;
use layout::Areas;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use theme::Theme;

/// Draws the cockpit.
pub fn render(release: &Release, screen: &Screen, theme: &Theme, frame: &mut Frame) {
    let size = frame.area();
    let ink = Ink::new(screen, theme);
    frame.buffer_mut().set_style(size, ink.theme.ground());
    match layout::areas(size, screen) {
        None => opening::small(frame.buffer_mut(), size, release, screen, &ink),
        Some(areas) => whole(release, screen, &ink, &areas, frame),
    }
    if ink.present {
        present::mask_all(frame.buffer_mut(), &ink);
    }
    if ink.glyphs == Glyphs::Ascii {
        plain_signs(frame.buffer_mut());
    }
}

/// Replaces the signs of punctuation that our own words are written with, so that no pane can forget to. Letters of
/// any script stay: they are somebody's words.
fn plain_signs(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        let plain = match cell.symbol() {
            "…" => "~",
            "·" | "–" | "—" | "−" | "•" => "-",
            "“" | "”" => "\"",
            "‘" | "’" => "'",
            "→" | "›" => ">",
            "×" => "x",
            _ => continue,
        };
        cell.set_symbol(plain);
    }
}

fn whole(release: &Release, screen: &Screen, ink: &Ink, areas: &Areas, frame: &mut Frame) {
    bar::draw(frame.buffer_mut(), areas.bar, release, screen, ink);
    tabs::draw(frame.buffer_mut(), areas.tabs, release, screen, ink);
    if let Some(area) = areas.banner {
        banner::draw(frame.buffer_mut(), area, screen, ink);
    }
    if screen.mode == Mode::Opening {
        opening::draw(frame.buffer_mut(), areas.body.all, release, screen, ink);
    } else {
        panes::draw(release, screen, ink.theme, &areas.body, frame);
        if let Some(spotlight) = areas.spotlight {
            present::spotlight(frame.buffer_mut(), spotlight, release, screen, ink);
        }
    }
    if let (Some(area), Some(timeline)) = (areas.replay, &screen.timeline) {
        timeline::draw(frame.buffer_mut(), area, timeline, ink);
    }
    news::draw(frame, areas.line, screen, ink);
    footer::draw(frame.buffer_mut(), areas.footer, screen, ink);
    dialogs::draw(release, screen, ink, areas.float(), frame);
    if ink.present {
        present::pressed(frame, areas.float(), screen, ink);
    }
}
