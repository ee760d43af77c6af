//! Notes as they are on record: what was written, what was drafted since which version, what should be looked at.

use super::{keys, open, part};
use crate::process::Audience;
use crate::release::Release;
use crate::release::ids::Tag;
use crate::release::text::Untrusted;
use crate::screen::Screen;
use crate::screen::notice::JobKind;
use crate::view::ink::{Ink, Sign};
use crate::view::parts;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Most lines that are shown.
const LINES: usize = 4000;

/// What is shown.
pub(super) struct Sheet<'a> {
    pub tag: &'a Tag,
    pub audience: Audience,
    pub part: usize,
    pub top: usize,
}

/// Draws the dialog.
pub(super) fn draw(
    sheet: &Sheet<'_>,
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    area: Rect,
    frame: &mut Frame,
) {
    let who = match sheet.audience {
        Audience::External => "for everybody",
        Audience::Internal => "for the house alone",
    };
    let title = format!("Notes of {}, {who}", sheet.tag.line());
    let inner = open(frame, area, 116, area.height.saturating_sub(2), &title, ink);
    let list = part(inner, 0, inner.height.saturating_sub(2));
    let lines = lines(sheet, release, screen, ink, usize::from(list.width));
    let top = sheet.top.min(lines.len().saturating_sub(usize::from(list.height)));
    parts::lines(frame.buffer_mut(), list, top, &lines);
    let row = keys(
        ink,
        &[
            ("tab", "other range"),
            ("a", "audience"),
            ("enter", "edit"),
            ("r", "draft again"),
            ("j k", "scroll"),
            ("esc", "close"),
        ],
    );
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
}

fn lines(
    sheet: &Sheet<'_>,
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    cells: usize,
) -> Vec<Line<'static>> {
    let (said, text) = said(sheet, release, screen);
    let mut lines: Vec<Line<'static>> = said.iter().flat_map(|it| wrapped(it, ink, cells)).collect();
    let Some(text) = text else {
        lines.push(Line::from(ink.text("There is no draft yet.")));
        return lines;
    };
    lines.push(Line::default());
    for line in text.lines(LINES) {
        lines.extend(parts::wrap(&line, cells).iter().map(|more| Line::from(ink.text(more))));
    }
    lines
}

/// A sentence behind its sign.
fn wrapped((sign, text): &(Option<Sign>, String), ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let indent = if sign.is_some() { 2 } else { 0 };
    let rows = parts::wrap(text, cells.saturating_sub(indent));
    let row = |(at, more): (usize, &String)| match (sign, at) {
        (Some(sign), 0) => Line::from(ink.token(*sign, more)),
        _ => Line::from(ink.text(format!("{:indent$}{more}", ""))),
    };
    rows.iter().enumerate().map(row).collect()
}

/// What is said above the text, and the text.
fn said<'r>(
    sheet: &Sheet<'_>,
    release: &'r Release,
    screen: &Screen,
) -> (Vec<(Option<Sign>, String)>, Option<&'r Untrusted>) {
    let key = (sheet.tag.clone(), sheet.audience);
    let written = release.notes.written.get(&key);
    let drafted = release.notes.drafts.get(&key);
    let mut said = vec![];
    if screen.jobs.iter().any(|job| job.kind == JobKind::Notes) {
        said.push((Some(Sign::Running), "being drafted".to_owned()));
    }
    let at = sheet.part.checked_sub(usize::from(written.is_some()));
    let text = match (at, drafted) {
        (None, _) => {
            said.push((Some(Sign::Ok), "written; the drafts are behind it".to_owned()));
            written
        }
        (Some(at), Some(drafted)) => drafted.parts.get(at).map(|part| {
            let from = part.from.as_ref().map_or(String::new(), |tag| format!(", {}", tag.line()));
            let (at, since) = (drafted.at.short(), part.since.word());
            said.push((None, format!("drafted at {at}, since {since}{from}: {}", part.count)));
            said.extend(part.warnings.iter().map(|warning| (Some(Sign::Act), warning.line())));
            &part.text
        }),
        _ => None,
    };
    if let Some(text) = text.filter(|_| sheet.audience == Audience::External) {
        let lacks = release.notes_lack(text).into_iter();
        said.extend(lacks.map(|section| {
            (Some(Sign::Bad), format!("nothing is written under {section}, which the process asks for"))
        }));
    }
    (said, text)
}
