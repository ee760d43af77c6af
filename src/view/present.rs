//! Presentation mode: what the room sees that the manager does not need.

use super::ink::{Ink, mask};
use super::layout::WIDEST;
use super::say;
use super::{parts, theme::Tone};
use crate::release::Release;
use crate::release::agenda::Subject;
use crate::screen::Screen;
use crate::screen::rows::RowId;
use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget};

/// How many rows the spotlight takes below the body.
pub const SPOTLIGHT: u16 = 7;

/// How long a pressed key is shown.
const PRESSED: TimeDelta = TimeDelta::seconds(2);

/// Draws the spotlight: what the row under the cursor is, in plain English, and how far the list is gone through.
pub fn spotlight(buffer: &mut Buffer, area: Rect, release: &Release, screen: &Screen, ink: &Ink) {
    let inner = Rect { x: area.x + 3.min(area.width), width: area.width.saturating_sub(6), ..area };
    if inner.width < 20 || area.height < 3 {
        return;
    }
    let rule = ink.pick("─", "-").repeat(usize::from(inner.width));
    let mut lines = vec![Line::from(Span::styled(rule, ink.theme.rule()))];
    let list = screen.list();
    let here = list.position().and_then(|at| list.rows.get(at));
    let said =
        here.map_or_else(|| "Nothing is listed here.".to_owned(), |row| say::row(release, screen, row));
    let most = usize::from(area.height - 2);
    let mut wrapped = parts::wrap(&said, usize::from(inner.width));
    if wrapped.len() > most {
        wrapped.truncate(most);
        if let Some(last) = wrapped.last_mut() {
            last.push_str(ink.pick(" …", " ~"));
        }
    }
    lines.extend(wrapped.into_iter().map(|text| Line::from(ink.strong(text))));
    parts::lines(buffer, inner, 0, &lines);
    let items: Vec<_> = list.rows.iter().filter(|row| row.id.is_item()).collect();
    let at = items.iter().position(|row| list.cursor.as_ref() == Some(&row.id));
    let mut said = vec![];
    if let Some((at, all)) = here.and_then(|row| agenda_place(release, screen, &row.id)) {
        said.push(format!("agenda {at} of {all}"));
    }
    if let Some(at) = at {
        said.push(format!("row {} of {}", at + 1, items.len()));
    }
    if let Some(minutes) = screen.minutes_used() {
        said.push(format!("{minutes} min used"));
    }
    let mut foot = vec![ink.text(said.join("      "))];
    if screen.size.0 > WIDEST {
        foot.push(
            ink.toned(Tone::Warn, "   zoom your terminal to about 100x30: the room reads larger letters"),
        );
    }
    parts::put(buffer, inner, area.height - 1, &Line::from(foot));
}

/// Which of the things that block the release a row is, and how many there are.
fn agenda_place(release: &Release, screen: &Screen, row: &RowId) -> Option<(usize, usize)> {
    let subject = match row {
        RowId::Blocker(subject) => subject.clone(),
        RowId::Gate(id) => Subject::Gate(id.as_str().into()),
        RowId::Issue(key) => Subject::Issue(key.clone()),
        RowId::Item(id) => Subject::Item(id.as_str().into()),
        RowId::Check(name) => Subject::Check(crate::screen::rows::ci::branch(release, screen)?, name.clone()),
        _ => return None,
    };
    let at = screen.agenda.iter().position(|blocker| blocker.subject == subject)?;
    Some((at + 1, screen.agenda.len()))
}

/// Draws the keys pressed in the last two seconds, with what they do, in the corner above the footer.
pub fn pressed(frame: &mut Frame, area: Rect, screen: &Screen, ink: &Ink) {
    let keys: Vec<_> =
        screen.pressed.iter().filter(|key| screen.now - key.at < PRESSED).rev().take(3).collect();
    if keys.is_empty() {
        return;
    }
    let lines: Vec<Line> = keys
        .iter()
        .rev()
        .map(|key| {
            Line::from(vec![
                Span::styled(key.key.clone(), ink.theme.key()),
                ink.strong(format!("  {}", key.label)),
            ])
        })
        .collect();
    let wide = lines.iter().map(Line::width).max().unwrap_or(0).max(12);
    let width = u16::try_from(wide).unwrap_or(u16::MAX).saturating_add(4).min(area.width);
    let height = u16::try_from(lines.len()).unwrap_or(3).saturating_add(2).min(area.height);
    let place = Rect {
        x: area.right().saturating_sub(width + 2).max(area.x),
        y: area.bottom().saturating_sub(height),
        width,
        height,
    };
    Clear.render(place, frame.buffer_mut());
    let inner = super::dialogs::frame(frame.buffer_mut(), place, "keys", ink);
    parts::lines(frame.buffer_mut(), inner, 0, &lines);
}

/// Masks what is private in everything that was drawn, so that no pane can forget to.
pub fn mask_all(buffer: &mut Buffer, ink: &Ink) {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        let mut x = area.left();
        while x < area.right() {
            let start = x;
            let mut word = String::new();
            while x < area.right() && buffer[(x, y)].symbol() != " " {
                word.push_str(buffer[(x, y)].symbol());
                x += 1;
            }
            if !word.is_empty() && mask(&word) != word {
                for cell in start..x {
                    buffer.set_string(cell, y, ink.pick("•", "*"), buffer[(cell, y)].style());
                }
            }
            x += 1;
        }
    }
}
