//! What floats over the body: the only things with a border.

mod ask;
mod meeting;
mod notes;
mod offers;
mod paging;
mod papers;
mod plan;
mod set;

use super::ink::Ink;
use super::parts;
use crate::release::Release;
use crate::screen::dialog::{Dialog, Input};
use crate::screen::paging::Page;
use crate::screen::{Glyphs, Screen};
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::symbols::border;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

const ASCII: border::Set = border::Set {
    top_left: "+",
    top_right: "+",
    bottom_left: "+",
    bottom_right: "+",
    vertical_left: "|",
    vertical_right: "|",
    horizontal_top: "-",
    horizontal_bottom: "-",
};

/// Fewer cells than these at the sides of a dialog show nothing that can be read.
const SLIVER: u16 = 3;

/// Draws the dialogs, the topmost last.
pub fn draw(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    for dialog in &screen.dialogs {
        match dialog {
            Dialog::Plan { plan, paging, top, .. } if paging.page(plan) != Page::Go => {
                paging::draw(plan, paging, *top, ink, area, frame);
            }
            Dialog::Plan { plan, go, typed, top, refusal, paging } => {
                let refusal = refusal.as_deref();
                let sheet = plan::Sheet { plan, go: *go, typed, top: *top, refusal, paging };
                plan::draw(&sheet, screen, ink, area, frame);
            }
            Dialog::Prompt { title, about, input, refusal, .. } => {
                ask::prompt(
                    ask::Question { title, about, input, refusal: refusal.as_deref() },
                    ink,
                    area,
                    frame,
                );
            }
            Dialog::Choose { title, about, choices, input, cursor, top, .. } => {
                let choice = ask::Several { title, about, choices, input, cursor: *cursor, top: *top };
                ask::choose(&choice, ink, area, frame);
            }
            Dialog::Help { all, input, cursor } => {
                offers::help(screen, *all, input, *cursor, ink, area, frame)
            }
            Dialog::Palette { input, cursor } => offers::palette(screen, input, *cursor, ink, area, frame),
            Dialog::WhichKey { prefix } => offers::which_key(screen, prefix, ink, area, frame),
            Dialog::Ran { top } => papers::ran(release, *top, ink, area, frame),
            Dialog::Jobs { cursor } => papers::jobs(release, screen, *cursor, ink, area, frame),
            Dialog::Notes { tag, audience, part, top } => {
                let sheet = notes::Sheet { tag, audience: *audience, part: *part, top: *top };
                notes::draw(&sheet, release, screen, ink, area, frame);
            }
            Dialog::Meet { top } => meeting::draw(*top, release, screen, ink, area, frame),
            Dialog::Minutes(it) => meeting::paper(*it, release, screen, ink, area, frame),
            Dialog::Set(at) => set::draw(at, release, screen, ink, area, frame),
            Dialog::Text { title, lines, top } => papers::text(title, lines, *top, ink, area, frame),
            Dialog::Quit => papers::quit(ink, area, frame),
        }
    }
}

/// Draws a border with a title and gives the area inside it, a blank cell at each side.
pub fn frame(buffer: &mut Buffer, area: Rect, title: &str, ink: &Ink) -> Rect {
    let set = match ink.glyphs {
        Glyphs::Ascii => ASCII,
        Glyphs::Unicode | Glyphs::Nerd => border::PLAIN,
    };
    let title = parts::cut(title, usize::from(area.width.saturating_sub(6)), ink);
    let block = Block::bordered()
        .border_set(set)
        .border_style(ink.theme.accent())
        .style(ink.theme.panel())
        .title(Line::from(Span::styled(format!(" {title} "), ink.theme.title(true))));
    let inner = block.inner(area);
    block.render(area, buffer);
    Rect { x: inner.x + 1.min(inner.width), width: inner.width.saturating_sub(2), ..inner }
}

/// Opens a box of about `columns` by at most `rows` in the middle of an area, and gives what is inside it. As much
/// shows at its left as at its right; where that would be a sliver, the box is as wide as the area.
fn open(frame: &mut Frame, area: Rect, columns: u16, rows: u16, title: &str, ink: &Ink) -> Rect {
    let width = (columns + 4).min(area.width);
    let left = (area.width - width) / 2;
    let width = if left < SLIVER { area.width } else { area.width - 2 * left };
    let height = (rows + 2).min(area.height);
    let place =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    Clear.render(place, frame.buffer_mut());
    self::frame(frame.buffer_mut(), place, title, ink)
}

/// The keys of a dialog, as its last line.
fn keys(ink: &Ink, keys: &[(&str, &str)]) -> Line<'static> {
    let mut spans = vec![];
    for (key, label) in keys {
        if !spans.is_empty() {
            spans.push(Span::raw("   "));
        }
        spans.push(Span::styled((*key).to_owned(), ink.theme.key()));
        spans.push(ink.dim(format!(" {label}")));
    }
    Line::from(spans)
}

/// Draws a line being typed on the first row of an area, its end in sight, the hardware cursor in it.
fn typing(frame: &mut Frame, area: Rect, input: &Input, ink: &Ink) {
    let room = usize::from(area.width).saturating_sub(3);
    let before = crate::release::text::shown(input.text.get(..input.at).unwrap_or_default(), 8192);
    let after = crate::release::text::shown(input.text.get(input.at..).unwrap_or_default(), 8192);
    // What does not fit leaves at the left, so that the cursor stays in sight.
    let mut shown = before.as_str();
    while parts::width(shown) > room {
        let Some(first) = shown.chars().next() else { break };
        shown = &shown[first.len_utf8()..];
    }
    let cursor = u16::try_from(parts::width(shown)).unwrap_or(0);
    let rest = parts::cut(&after, room.saturating_sub(usize::from(cursor)), ink);
    let line = Line::from(vec![
        Span::styled(format!("{} ", ink.pick("›", ">")), ink.theme.key()),
        ink.strong(format!("{shown}{rest}")),
    ]);
    parts::put(frame.buffer_mut(), area, 0, &line);
    if area.width > 0 && area.height > 0 {
        frame.set_cursor_position(((area.x + 2 + cursor).min(area.right() - 1), area.y));
    }
}

/// A part of an area: so many rows from a row on.
fn part(area: Rect, row: u16, rows: u16) -> Rect {
    let row = row.min(area.height);
    Rect { y: area.y + row, height: rows.min(area.height - row), ..area }
}

/// The first of `count` rows to show in `height`, so that `cursor` is among them.
fn first(count: usize, height: usize, cursor: usize) -> usize {
    let height = height.max(1);
    (cursor + 1).saturating_sub(height).min(count.saturating_sub(height))
}
