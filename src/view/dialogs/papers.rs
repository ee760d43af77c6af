//! What is only read: what ran, jobs and errors, a log, and the question before leaving.

use super::{first, keys, open, part};
use crate::release::Release;
use crate::screen::keymap::Action;
use crate::screen::{Mode, Screen};
use crate::view::ink::{Ink, Sign};
use crate::view::theme::Tone;
use crate::view::{motion, parts};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the tail of the journal, the newest first.
pub(super) fn ran(release: &Release, top: usize, ink: &Ink, area: Rect, frame: &mut Frame) {
    let rows = &release.log.rows;
    let inner = open(frame, area, 108, area.height.saturating_sub(4), "What ran", ink);
    let list = part(inner, 0, inner.height.saturating_sub(2));
    let height = usize::from(list.height);
    let top = top.min(rows.len().saturating_sub(height));
    for (at, row) in rows.iter().rev().skip(top).take(height).enumerate() {
        let mut spans = vec![
            ink.dim(format!("{:>5} {} ", row.seq, ink.zoned(row.ts).format("%H:%M:%S"))),
            ink.toned(
                Tone::Accent,
                format!("{:<10} ", parts::cut(&crate::release::text::shown(&row.by, 40), 10, ink)),
            ),
            ink.dim(format!("{:<9} ", row.about.word())),
        ];
        if let Some(status) = row.status {
            let (sign, word) = Sign::of_status(status);
            spans.extend([ink.token(sign, word), Span::raw(" ")]);
        }
        spans.push(if row.deed { ink.text(&*row.what) } else { ink.dim(&*row.what) });
        let line = Line::from(spans);
        let line = if line.width() > usize::from(list.width) {
            parts::table::cut_line(&line, usize::from(list.width), ink)
        } else {
            line
        };
        parts::put(frame.buffer_mut(), list, u16::try_from(at).unwrap_or(u16::MAX), &line);
    }
    scroll_keys(inner, ink, frame);
}

fn scroll_keys(inner: Rect, ink: &Ink, frame: &mut Frame) {
    let row = keys(ink, &[("j k", "scroll"), ("g G", "top, bottom"), ("esc", "close")]);
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
}

/// Draws jobs under way, errors, plans that stand still and errands in doubt.
pub(super) fn jobs(
    release: &Release,
    screen: &Screen,
    cursor: usize,
    ink: &Ink,
    area: Rect,
    frame: &mut Frame,
) {
    let cells = usize::from(area.width.min(100).saturating_sub(4));
    let lines = job_lines(release, screen, ink, cells);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2).clamp(6, area.height.max(6));
    let inner = open(frame, area, 100, rows, "Jobs and errors", ink);
    let list = part(inner, 0, inner.height.saturating_sub(2));
    let top = first(lines.len(), usize::from(list.height), cursor);
    parts::lines(frame.buffer_mut(), list, top, &lines);
    let go = screen.options.keymap.text(Action::Unfinished, screen.tab);
    let cancel = screen.options.keymap.text(Action::Cancel, screen.tab);
    let row = keys(ink, &[(&go, "settle what is unfinished"), (&cancel, "cancel"), ("esc", "close")]);
    parts::put(frame.buffer_mut(), inner, inner.height.saturating_sub(1), &row);
}

fn job_lines(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![];
    journal(screen, (ink, cells), &mut lines);
    for job in &screen.jobs {
        let mut spans = vec![
            ink.toned(Tone::Run, motion::busy(screen, ink, job.since)),
            ink.text(format!(" {}", job.text)),
        ];
        if let (Some((done, all)), Some(said)) = (job.progress, job.done(" of ")) {
            spans.push(ink.strong(format!("  {said} ")));
            spans.extend(parts::bar(ink, done, all, 20));
        }
        spans.push(ink.dim(format!("  started {}", crate::screen::fresh::ago(screen.now, job.since))));
        lines.push(Line::from(spans));
    }
    for plan in &release.outbox.plans {
        let said = format!("{}: {} of {} done", plan.title.line(), plan.done, plan.total);
        match &plan.stopped {
            Some(why) => {
                say(&mut lines, (ink, cells), Sign::Act, &format!("{said}, stands still: {}", why.line()))
            }
            None => say(&mut lines, (ink, cells), Sign::Running, &said),
        }
    }
    for open in release.outbox.in_doubt() {
        let said = format!("in doubt, it may have happened: {}", open.errand.line());
        say(&mut lines, (ink, cells), Sign::Act, &said);
    }
    failures(release, screen, (ink, cells), &mut lines);
    if lines.is_empty() {
        lines.push(Line::from(ink.token(Sign::Ok, "nothing is under way, and nothing went wrong")));
    }
    lines
}

/// A sentence behind its sign, wrapped: why something failed is read here, so it is never cut.
fn say(lines: &mut Vec<Line<'static>>, (ink, cells): (&Ink, usize), sign: Sign, said: &str) {
    let mut wrapped = parts::wrap(said, cells.saturating_sub(2)).into_iter();
    if let Some(first) = wrapped.next() {
        lines.push(Line::from(ink.token(sign, &first)));
    }
    lines.extend(wrapped.map(|more| Line::from(ink.text(format!("  {more}")))));
}

/// Why the journal is only read, or not whole: the line under the tabs is cut where this is not.
fn journal(screen: &Screen, at: (&Ink, usize), lines: &mut Vec<Line<'static>>) {
    let keys = screen.options.keymap.text(Action::Refresh, screen.tab);
    match (screen.mode, screen.mode_note.as_deref(), &screen.timeline) {
        (Mode::Grounded, note, _) => {
            let note = note.unwrap_or("the journal cannot be written");
            let said = format!("grounded: {note}; nothing is recorded, nothing leaves; {keys} tries again");
            say(lines, at, Sign::Bad, &said);
        }
        (Mode::ReadOnly, Some(note), _) => say(lines, at, Sign::Act, &format!("read-only: {note}")),
        (Mode::Replay, _, Some(timeline)) if !timeline.holds => {
            let chain = crate::release::text::shown(&timeline.chain, 1000);
            let said = format!("{chain}; what follows is not shown; gonogo journal verify says more");
            say(lines, at, Sign::Bad, &said);
        }
        (_, Some(note), _) => say(lines, at, Sign::Act, note),
        _ => {}
    }
}

/// Steps that failed, and what could not be read.
fn failures(release: &Release, screen: &Screen, (ink, cells): (&Ink, usize), lines: &mut Vec<Line<'static>>) {
    for (plan, (step, why)) in
        release.outbox.ended.iter().flat_map(|plan| plan.failed.iter().map(move |it| (plan, it)))
    {
        let said = format!("{}: {step}: {}", plan.title.line(), why.line());
        say(lines, (ink, cells), Sign::Bad, &said);
    }
    for (key, look) in &screen.fresh.0 {
        if let Some(error) = &look.error {
            let scope = crate::release::text::shown(&key.scope, 60);
            let what = format!("{:?} {scope}", key.topic).to_lowercase();
            say(lines, (ink, cells), Sign::Bad, &format!("{}: {error}", what.trim()));
        }
    }
}

/// Draws a long text.
pub(super) fn text(title: &str, lines: &[String], top: usize, ink: &Ink, area: Rect, frame: &mut Frame) {
    let inner = open(frame, area, 116, area.height.saturating_sub(2), title, ink);
    let list = part(inner, 0, inner.height.saturating_sub(2));
    let wrapped: Vec<Line> = lines
        .iter()
        .flat_map(|line| parts::wrap(line, usize::from(list.width)))
        .map(|line| Line::from(ink.text(line)))
        .collect();
    let top = top.min(wrapped.len().saturating_sub(usize::from(list.height)));
    parts::lines(frame.buffer_mut(), list, top, &wrapped);
    scroll_keys(inner, ink, frame);
}

/// Draws the question before leaving while a write is under way.
pub(super) fn quit(ink: &Ink, area: Rect, frame: &mut Frame) {
    let inner = open(frame, area, 66, 5, "A write is under way", ink);
    let lines = [
        Line::from(ink.text("What was sent stays sent; what waits stays in the journal")),
        Line::from(ink.text("and is offered again when the release is next opened.")),
        Line::default(),
        keys(ink, &[("q", "leave now"), ("esc", "stay")]),
    ];
    parts::lines(frame.buffer_mut(), inner, 0, &lines);
}
