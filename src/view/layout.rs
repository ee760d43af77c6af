//! What stands where, by the size of the terminal.

use super::present::SPOTLIGHT;
use crate::release::Pane;
use crate::screen::{Mode, Part, Screen};
use ratatui::layout::Rect;

/// The smallest size at which the cockpit is drawn.
pub const SMALLEST: (u16, u16) = (60, 16);

/// From here on there is air above the body and the names are written out.
pub const WIDE: u16 = 100;

/// From here on there is a third pane.
pub const WIDEST: u16 = 140;

/// The least cells of a list that has a detail beside it: the verdict, the number and 40 cells of a pick's title.
const LIST: u16 = 66;

/// The rows of the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Areas {
    /// The mission bar.
    pub bar: Rect,
    /// The tabs.
    pub tabs: Rect,
    /// What is said about the mode, when there is something: grounded, or who holds the journal.
    pub banner: Option<Rect>,
    /// The panes.
    pub body: Body,
    /// What the row under the cursor is, in a sentence, while the room looks on.
    pub spotlight: Option<Rect>,
    /// The replay's timeline.
    pub replay: Option<Rect>,
    /// Jobs and notices.
    pub line: Rect,
    /// The keys.
    pub footer: Rect,
}

impl Areas {
    /// Where dialogs may float: all but the mission bar, the line of jobs and the footer.
    #[must_use]
    pub fn float(&self) -> Rect {
        Rect { y: self.tabs.y, height: self.line.y - self.tabs.y, ..self.tabs }
    }
}

/// Where the parts of a tab stand. A part that is not shown has no cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Body {
    /// All of it.
    pub all: Rect,
    /// The list, its title in the first row.
    pub list: Rect,
    /// The detail, its title in the first row.
    pub detail: Rect,
    /// The third pane.
    pub third: Option<Rect>,
    /// Whether the detail stands below the list, and not beside it.
    pub stacked: bool,
}

/// Whether the terminal is too small for the cockpit.
#[must_use]
pub fn is_small(size: Rect) -> bool {
    size.width < SMALLEST.0 || size.height < SMALLEST.1
}

/// The rows of the screen at a size. None when it is too small.
#[must_use]
pub fn areas(size: Rect, screen: &Screen) -> Option<Areas> {
    if is_small(size) {
        return None;
    }
    let row = |y: u16, height: u16| Rect { x: size.x, y: size.y + y, width: size.width, height };
    let banner = u16::try_from(super::banner::lines(screen).len()).unwrap_or(0);
    let replay = if screen.mode == Mode::Replay { 2 } else { 0 };
    let air = u16::from(size.width >= WIDE && size.height >= 24);
    let top = 2 + banner + air;
    let bottom = replay + 2;
    let height = size.height.saturating_sub(top + bottom);
    let light = if screen.options.present && height > SPOTLIGHT * 2 { SPOTLIGHT } else { 0 };
    let height = height - light;
    Some(Areas {
        bar: row(0, 1),
        tabs: row(1, 1),
        banner: (banner > 0).then(|| row(2, banner)),
        body: body(row(top, height), screen),
        spotlight: (light > 0).then(|| row(top + height, light)),
        replay: (replay > 0).then(|| row(size.height - bottom, replay)),
        line: row(size.height - 2, 1),
        footer: row(size.height - 1, 1),
    })
}

/// Where the parts of the tab stand within the body.
#[must_use]
pub fn body(all: Rect, screen: &Screen) -> Body {
    let empty = Rect { width: 0, height: 0, ..all };
    let stacked = all.width < WIDE;
    // The room sees one thing at a time.
    if screen.zoomed || screen.options.present {
        let (list, detail) = match screen.part {
            Part::List => (all, empty),
            Part::Detail => (empty, all),
        };
        return Body { all, list, detail, third: None, stacked };
    }
    if stacked {
        let below = all.height * 42 / 100;
        let list = Rect { height: all.height - below, ..all };
        let detail = Rect { y: all.y + list.height, height: below, ..all };
        return Body { all, list, detail, third: None, stacked };
    }
    let gap = 2;
    let aside = if all.width >= WIDEST { all.width * 22 / 100 } else { 0 };
    let rest = if aside > 0 { all.width - aside - gap } else { all.width };
    let wide = (rest * 74 / 120).max(LIST);
    let list = Rect { width: wide, ..all };
    let detail = Rect { x: all.x + wide + gap, width: rest - wide - gap, ..all };
    let third = (aside > 0).then(|| Rect { x: all.x + rest + gap, width: aside, ..all });
    Body { all, list, detail, third, stacked }
}

/// How many lines of a tab's list stand above its first row: the title, and the heads of the columns.
#[must_use]
pub fn head(tab: Pane) -> u16 {
    match tab {
        Pane::Overview | Pane::Checklist | Pane::Journal => 1,
        Pane::Milestone | Pane::Ci | Pane::Branches | Pane::Picks | Pane::Candidate => 2,
    }
}

/// How many rows of its list the tab shows now: what `list.scroll` needs.
#[must_use]
pub fn body_height(screen: &Screen) -> usize {
    let size = Rect::new(0, 0, screen.size.0, screen.size.1);
    let Some(areas) = areas(size, screen) else { return 1 };
    let rows = areas.body.list.height.saturating_sub(head(screen.tab));
    let rows = if screen.options.present { rows / 2 } else { rows };
    usize::from(rows.max(1))
}
