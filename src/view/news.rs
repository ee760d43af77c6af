//! The line above the footer: the job under way, what just happened, or the filter being typed.

use super::ink::{Ink, Sign};
use super::motion;
use super::parts;
use super::theme::Tone as Shade;
use crate::screen::Screen;
use crate::screen::keymap::Action;
use crate::screen::notice::{Job, Notice, Tone};
use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// The jobs that run long enough to be shown, oldest first.
pub fn jobs(screen: &Screen) -> impl Iterator<Item = &Job> {
    let shown = TimeDelta::milliseconds(motion::SHOWN_AFTER);
    screen.jobs.iter().filter(move |job| screen.now - job.since >= shown)
}

/// The notice to show now: the newest.
#[must_use]
pub fn notice(screen: &Screen) -> Option<&Notice> {
    screen.notices.iter().rev().find(|notice| notice.until > screen.now)
}

/// The sign and the shade of a notice.
#[must_use]
pub fn sign(tone: Tone) -> (Sign, Shade) {
    match tone {
        Tone::Good => (Sign::Ok, Shade::Ok),
        Tone::Plain => (Sign::Landed, Shade::Plain),
        Tone::Faint => (Sign::Landed, Shade::Dim),
        Tone::Warn => (Sign::Risk, Shade::Warn),
        Tone::Bad => (Sign::Bad, Shade::Bad),
    }
}

/// Draws the line.
pub fn draw(frame: &mut Frame, area: Rect, screen: &Screen, ink: &Ink) {
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let list = screen.list();
    // A filter that stands is in the title of its list too; what just happened is said nowhere else.
    if list.typing || (!list.filter.is_empty() && notice(screen).is_none()) {
        return filter(frame, inner, screen, ink);
    }
    let left = job(screen, ink, usize::from(inner.width));
    let notice = notice(screen).map(|notice| {
        let (sign, shade) = sign(notice.tone);
        (sign, shade, notice.text.clone())
    });
    let Some((sign, shade, text)) = notice else {
        if let Some(left) = left {
            parts::put(frame.buffer_mut(), inner, 0, &left);
        }
        return;
    };
    // Both when there is room for both, else what just happened.
    let left_cells = left.as_ref().map_or(0, |left| left.width() + 3);
    let all = usize::from(inner.width);
    let (at, cells) = match left {
        Some(left) if left_cells + 24 <= all => {
            parts::put(frame.buffer_mut(), inner, 0, &left);
            (left_cells, all - left_cells)
        }
        _ => (0, all),
    };
    let said = Line::from(vec![
        Span::styled(sign.glyph(ink.glyphs), ink.theme.tone(shade)),
        Span::raw(" "),
        Span::styled(parts::cut(&text, cells.saturating_sub(2), ink), ink.theme.tone(shade)),
    ]);
    let indent = u16::try_from(at).unwrap_or(0);
    let place = Rect { x: inner.x + indent, width: inner.width - indent, ..inner };
    parts::put(frame.buffer_mut(), place, 0, &said);
}

/// The oldest job: its text is cut before how far it is and the key that stops it are.
fn job(screen: &Screen, ink: &Ink, cells: usize) -> Option<Line<'static>> {
    let mut jobs = jobs(screen);
    let job = jobs.next()?;
    let more = jobs.count();
    let mut spans = vec![];
    if let (Some((done, all)), Some(said)) = (job.progress, job.done("/")) {
        spans.push(ink.strong(format!(" {said} ")));
        spans.extend(parts::bar(ink, done, all, 10));
    }
    if more > 0 {
        spans.push(ink.dim(format!("  and {more} more")));
    }
    if job.cancel {
        let key = screen.options.keymap.text(Action::Cancel, screen.tab);
        spans.extend([Span::raw("  "), Span::styled(key, ink.theme.key()), ink.text(" cancel")]);
    }
    let rest: usize = spans.iter().map(Span::width).sum();
    let text = parts::cut(&ink.ours(&job.text), cells.saturating_sub(rest + 2).max(12), ink);
    let busy = motion::busy(screen, ink, job.since);
    spans.splice(0..0, [ink.toned(Shade::Run, busy), ink.text(format!(" {text}"))]);
    Some(Line::from(spans))
}

/// Draws the filter as typed, how many rows it lets through, and the cursor in it.
fn filter(frame: &mut Frame, area: Rect, screen: &Screen, ink: &Ink) {
    let list = screen.list();
    let items = list.rows.iter().filter(|row| row.id.is_item()).count();
    let right = Line::from(vec![
        ink.strong(format!("{items} of {}", list.all)),
        Span::raw("  "),
        Span::styled(if list.typing { "enter" } else { "n" }, ink.theme.key()),
        ink.text(if list.typing { " keep  " } else { " next  " }),
        Span::styled("esc", ink.theme.key()),
        ink.text(" clear"),
    ]);
    let cells = u16::try_from(right.width()).unwrap_or(0).min(area.width);
    let room = usize::from(area.width - cells).saturating_sub(4);
    let text = parts::cut(&crate::release::text::shown(&list.filter, 200), room, ink);
    let left = Line::from(vec![Span::styled("/", ink.theme.key()), ink.strong(text)]);
    parts::put(frame.buffer_mut(), area, 0, &left);
    parts::put(frame.buffer_mut(), Rect { x: area.right() - cells, width: cells, ..area }, 0, &right);
    if list.typing && screen.dialogs.is_empty() {
        let x = area.x + u16::try_from(left.width()).unwrap_or(0);
        frame.set_cursor_position((x.min(area.right().saturating_sub(1)), area.y));
    }
}
