//! The meeting: one item of the agenda, large enough to be read in the room, and the way through the rest.

use super::{first, keys, part};
use crate::release::Release;
use crate::release::meeting::{Held, Ruling, Topic};
use crate::screen::Screen;
use crate::screen::meeting::{Paper, agenda, position, present, said};
use crate::view::ink::{Ink, Sign};
use crate::view::theme::Tone;
use crate::view::{dialogs, parts};
use chrono::TimeDelta;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Clear, Widget as _};

/// Cells of the agenda at the right, where there is room.
const AGENDA: u16 = 38;
/// So wide that the agenda stands at the right.
const WIDE: u16 = 100;

/// A time on the clock of a meeting: minutes, since seconds would tick.
fn clock(time: TimeDelta) -> String {
    match time.num_minutes() {
        0 => "under a minute".to_owned(),
        minutes => format!("{minutes} min"),
    }
}

/// Draws the meeting over the whole body.
pub(super) fn draw(top: usize, release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let Some(held) = release.meetings.now() else { return };
    let topics = agenda(release, screen);
    let (at, all) = (position(held, &topics), topics.len());
    Clear.render(area, frame.buffer_mut());
    let name = release.name();
    let title = format!(
        "{} · {name} · item {} of {all} · {}",
        held.opened.title.line(),
        at + 1,
        clock(held.time(screen.now))
    );
    let inner = dialogs::frame(frame.buffer_mut(), area, &title, ink);
    let wide = inner.width >= WIDE;
    let side = if wide { AGENDA } else { 0 };
    let body = Rect { width: inner.width - side, ..part(inner, 0, inner.height.saturating_sub(3)) };
    let lines = item((held, topics.get(at)), release, screen, ink, usize::from(body.width.saturating_sub(3)));
    let most = lines.len().saturating_sub(usize::from(body.height));
    parts::lines(frame.buffer_mut(), body, top.min(most), &lines);
    if wide {
        let place = Rect { x: body.right() + 1, width: side - 1, ..body };
        let rows = rows(held, at, &topics, ink, usize::from(place.width));
        let top = first(rows.len(), usize::from(place.height), at + 2);
        parts::lines(frame.buffer_mut(), place, top, &rows);
    }
    let acts = [("g", "GO"), ("h", "HOLD"), ("x", "NO-GO"), ("d", "defer"), ("i", "note"), ("a", "assign")];
    let ways =
        [("n p", "next, back"), ("t", "who is there"), ("space", "done"), ("m", "minutes"), ("e", "end")];
    let ways = [&ways[..], &[("esc", "leave")]].concat();
    for (row, foot) in [(2, keys(ink, &acts)), (1, keys(ink, &ways))] {
        parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(row), &foot);
    }
}

/// The item that is taken up: what it is, what is known of it, what was said.
fn item(
    (held, topic): (&Held, Option<&Topic>),
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    cells: usize,
) -> Vec<Line<'static>> {
    let mut lines =
        vec![Line::from(vec![ink.dim("there: "), ink.text(ink.private(&present(held)))]), Line::default()];
    let Some(topic) = topic else { return lines };
    for text in parts::wrap(&topic.title, cells) {
        lines.push(Line::from(Span::styled(text, ink.theme.title(true))));
    }
    let taken = clock(held.time_of(&topic.key, screen.now));
    lines.push(Line::from(ink.dim(format!("taken up for {taken}"))));
    lines.push(Line::default());
    for line in &topic.lines {
        for (nth, text) in parts::wrap(line, cells.saturating_sub(2)).into_iter().enumerate() {
            let mark = if nth == 0 { ink.pick("· ", "- ") } else { "  " };
            lines.push(Line::from(vec![ink.dim(mark), ink.text(ink.private(&text))]));
        }
    }
    let said = said(release, held, &topic.key);
    if !said.is_empty() {
        lines.push(Line::default());
    }
    for (ruling, line) in said {
        let sign = match ruling {
            Some(Ruling::Go) => Sign::Ok,
            Some(Ruling::NoGo) => Sign::Bad,
            Some(Ruling::Hold) => Sign::Act,
            Some(Ruling::Defer) | None => Sign::Waiting,
        };
        for (nth, text) in parts::wrap(&ink.private(&line), cells.saturating_sub(2)).into_iter().enumerate() {
            lines.push(match nth {
                0 if ruling.is_some_and(|it| it != Ruling::Defer) => Line::from(ink.token(sign, &text)),
                0 => Line::from(vec![ink.dim(ink.pick("› ", "> ")), ink.strong(text)]),
                _ => Line::from(ink.strong(format!("  {text}"))),
            });
        }
    }
    lines
}

/// The agenda: what was taken up, what is, what comes.
fn rows(held: &Held, at: usize, topics: &[Topic], ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(ink.dim("Agenda")), Line::default()];
    for (nth, topic) in topics.iter().enumerate() {
        let ruled = held.ruled.iter().rev().find(|it| *it.item == *topic.key);
        let was = held.turns.iter().any(|turn| turn.what.item.as_deref() == Some(&*topic.key));
        let mark = match (nth == at, ruled.is_some(), was) {
            (true, ..) => ink.pick("▸", ">"),
            (_, true, _) => ink.pick("✓", "x"),
            (_, _, true) => ink.pick("·", "."),
            _ => " ",
        };
        let word = ruled.map_or(String::new(), |it| format!(" {}", it.ruling.word()));
        let room = cells.saturating_sub(2 + parts::width(&word));
        let title = parts::cut(&topic.title, room, ink);
        let title = if nth == at { ink.strong(title) } else { ink.text(title) };
        let mark = Span::styled(format!("{mark} "), ink.theme.key());
        lines.push(Line::from(vec![mark, title, ink.toned(Tone::Accent, word)]));
    }
    lines
}

/// Draws the minutes, or the status, as they would be posted.
pub(super) fn paper(
    paper: Paper,
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    area: Rect,
    frame: &mut Frame,
) {
    let text = paper.text(release, screen.now).unwrap_or_else(|| "No meeting was held yet.".to_owned());
    let (title, other) =
        if paper.status { ("Status update", "minutes") } else { ("Minutes", "status update") };
    let inner = dialogs::open(frame, area, 116, area.height.saturating_sub(2), title, ink);
    let list = part(inner, 0, inner.height.saturating_sub(2));
    let wrapped: Vec<Line> = text
        .lines()
        .flat_map(|line| {
            parts::wrap(
                &crate::release::text::shown(&line.replace('\u{2060}', ""), 2000),
                usize::from(list.width),
            )
        })
        // What keeps a posted text from calling people is not for the eye.
        .map(|line| Line::from(ink.text(ink.private(&line))))
        .collect();
    let top = paper.top.min(wrapped.len().saturating_sub(usize::from(list.height)));
    parts::lines(frame.buffer_mut(), list, top, &wrapped);
    let row = keys(
        ink,
        &[
            ("j k", "scroll"),
            ("s", other),
            ("P", "Post on the tracking issue…"),
            ("y", "copy"),
            ("esc", "close"),
        ],
    );
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
}
