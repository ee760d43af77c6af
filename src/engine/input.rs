//! What the terminal reports, as events of the ring.

use super::decode::Report;
use crate::release::Release;
use crate::screen::Screen;
use crate::turn::Event;
use crate::view::hit::{Hit, hit};
use ratatui::layout::Position;

/// The event of a report; none for what the cockpit does not use.
pub(super) fn event(report: Report, release: &Release, screen: &Screen) -> Option<Event> {
    match report {
        Report::Key(key) => Some(Event::Key(key)),
        Report::Paste(text) => Some(Event::Paste(text)),
        Report::Focus(here) => Some(Event::Focus(here)),
        Report::Wheel(rows) => Some(Event::Wheel(rows)),
        Report::Click(column, row) => match hit(release, screen, Position::new(column, row))? {
            Hit::Tab(tab) => Some(Event::ClickTab(tab)),
            Hit::Row(at) => Some(Event::ClickRow(at)),
        },
        Report::Background(_) | Report::Attributes => None,
    }
}
