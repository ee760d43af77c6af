//! A line to type, and one of several to choose.

use super::{first, keys, open, part, typing};
use crate::screen::dialog::{ABOUT_ROWS, Choice, Input, fitting};
use crate::view::ink::{Ink, Sign};
use crate::view::parts;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// What is asked.
pub(super) struct Question<'a> {
    pub title: &'a str,
    pub about: &'a str,
    pub input: &'a Input,
    pub refusal: Option<&'a str>,
}

/// Draws a line to type.
pub(super) fn prompt(question: Question, ink: &Ink, area: Rect, frame: &mut Frame) {
    let columns = 76.min(area.width.saturating_sub(6));
    let mut head: Vec<Line> = parts::wrap(question.about, usize::from(columns))
        .into_iter()
        .take(4)
        .map(|text| Line::from(ink.dim(text)))
        .collect();
    head.push(Line::default());
    // A refusal is said whole: what to do instead stands at its end.
    let why = question.refusal.map(|why| parts::wrap(why, usize::from(columns).saturating_sub(2)));
    let why: Vec<String> = why.unwrap_or_default().into_iter().take(4).collect();
    let said = u16::try_from(why.len()).unwrap_or(1).max(1);
    let rows = u16::try_from(head.len()).unwrap_or(4) + 3 + said;
    let inner = open(frame, area, columns, rows, question.title, ink);
    let taken = parts::lines(frame.buffer_mut(), inner, 0, &head);
    for (row, text) in why.iter().enumerate() {
        let line = refused(row, text, ink);
        parts::put(frame.buffer_mut(), inner, taken + 1 + u16::try_from(row).unwrap_or(0), &line);
    }
    let row = keys(ink, &[("enter", "go on"), ("ctrl-o", "$EDITOR"), ("esc", "leave it")]);
    parts::put(frame.buffer_mut(), inner, taken + 2 + said, &row);
    typing(frame, part(inner, taken, 1), question.input, ink);
}

/// A line of a refusal: the first has its sign.
pub(super) fn refused(row: usize, text: &str, ink: &Ink) -> Line<'static> {
    match row {
        0 => Line::from(ink.token(Sign::Bad, text)),
        _ => Line::from(ink.text(format!("  {text}"))),
    }
}

/// What there is to choose from.
pub(super) struct Several<'a> {
    pub title: &'a str,
    pub about: &'a [String],
    pub choices: &'a [Choice],
    pub input: &'a Input,
    pub cursor: usize,
    pub top: usize,
}

/// Most lines of what there is to know first.
const KNOWN: usize = ABOUT_ROWS;

/// Draws what there is to know first, and gives how many rows that took.
fn known(several: &Several, ink: &Ink, inner: Rect, frame: &mut Frame) -> u16 {
    let about = several.about;
    let top = several.top.min(about.len().saturating_sub(KNOWN));
    let mut lines: Vec<Line> =
        about.iter().skip(top).take(KNOWN).map(|text| Line::from(ink.text(text.clone()))).collect();
    if about.len() > KNOWN {
        let said = format!("rows {} to {} of {}: pgdn pgup", top + 1, top + KNOWN, about.len());
        lines.push(Line::from(ink.dim(said)));
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    parts::lines(frame.buffer_mut(), inner, 0, &lines)
}

/// Draws one of several.
pub(super) fn choose(several: &Several, ink: &Ink, area: Rect, frame: &mut Frame) {
    let Several { title, about, choices, input, cursor, .. } = *several;
    let fit = fitting(choices, &input.text);
    let known_rows = if about.is_empty() { 0 } else { about.len().min(KNOWN + 1) + 1 };
    let rows = u16::try_from(choices.len() + known_rows).unwrap_or(u16::MAX);
    let rows = rows.saturating_add(4).min(area.height.saturating_sub(4));
    let inner = open(frame, area, 70, rows, title, ink);
    let taken = known(several, ink, inner, frame);
    let inner = part(inner, taken, inner.height);
    let list = part(inner, 2, inner.height.saturating_sub(4));
    let height = usize::from(list.height);
    let cursor = cursor.min(fit.len().saturating_sub(1));
    let top = first(fit.len(), height, cursor);
    let wide = choices.iter().map(|choice| parts::width(&choice.label)).max().unwrap_or(0).clamp(8, 40);
    for (row, at) in fit.iter().enumerate().skip(top).take(height) {
        let Some(choice) = choices.get(*at) else { continue };
        let line = part(list, u16::try_from(row - top).unwrap_or(u16::MAX), 1);
        if row == cursor {
            frame.buffer_mut().set_style(line, ink.theme.selection());
        }
        let label = parts::cut(&choice.label, wide, ink);
        let pad = " ".repeat(wide - parts::width(&label) + 2);
        let note = parts::cut(&choice.note, usize::from(line.width).saturating_sub(wide + 4), ink);
        let spans = vec![ink.text(format!(" {label}{pad}")), ink.dim(note)];
        parts::put(frame.buffer_mut(), line, 0, &Line::from(spans));
    }
    if fit.is_empty() {
        parts::put(frame.buffer_mut(), list, 0, &Line::from(ink.dim("nothing fits what is typed")));
    }
    let row = keys(ink, &[("enter", "choose"), ("up down", "move"), ("esc", "leave it")]);
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
    typing(frame, part(inner, 0, 1), input, ink);
}
