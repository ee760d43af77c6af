//! The journal tab: when things happened, who did what with which result, and what was before and after.

use super::known::Known;
use super::parts::{
    Head, above, at_right, below, block, detail, field, keys, list, named, named_list, paragraph, third,
};
use crate::release::log::Row as Entry;
use crate::release::text::{Untrusted, shown};
use crate::release::{Pane, Release};
use crate::screen::keymap::Action;
use crate::screen::rows::{Row, RowId, journal};
use crate::screen::timeline::Timeline;
use crate::screen::{Mode, Screen};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::{self, Column};
use crate::view::theme::{Theme, Tone};
use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use std::fmt::Write as _;

/// Rows of the strip: its title, the bars, the days, a blank.
const STRIP: u16 = 4;

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let area = list_area(release, body);
    if area.y > body.list.y {
        draw_strip(release, screen, &ink, above(body.list, STRIP), frame);
    }
    draw_list(release, screen, &ink, area, frame);
    let entry = match screen.list_of(Pane::Journal).cursor.as_ref() {
        Some(RowId::Entry(seq)) => entry(release, *seq),
        _ => None,
    };
    let name = entry.map_or_else(|| "Entry".to_owned(), |entry| format!("#{}", entry.seq));
    let right =
        entry.map(|entry| Line::from(ink.dim(format!("sha256 {}…", hex(&entry.hash))))).unwrap_or_default();
    detail(frame, body.detail, &ink, screen, &name, &right, |cells| match entry {
        Some(entry) => about(release, screen, &ink, entry, (cells, body.third.is_some())),
        None => paragraph("Move onto an entry to see what it changed.", ink.theme.dim(), cells),
    });
    third(frame, body.third, &ink, ("Around it", &Line::default()), |_, rows| {
        around(release, &ink, entry, rows)
    });
}

/// Where the list stands: below the strip, when there is room for one.
pub(super) fn list_area(release: &Release, body: &Body) -> Rect {
    let strip = body.list.height >= 14 && !release.log.rows.is_empty();
    if strip { below(body.list, STRIP) } else { body.list }
}

/// The entry of a number: they are in order, so it is found by halving.
fn entry(release: &Release, seq: u64) -> Option<&Entry> {
    let rows = &release.log.rows;
    rows.binary_search_by_key(&seq, |row| row.seq).ok().and_then(|at| rows.get(at))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Entries by time, with where a replay stands.
fn draw_strip(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let rows = &release.log.rows;
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else { return };
    let timeline = screen.timeline.as_ref();
    let (from, to) = timeline.and_then(|it| it.span).unwrap_or((first.ts, last.ts));
    let right = match timeline {
        Some(it) => {
            let sign = if it.holds { Sign::Ok } else { Sign::Bad };
            Line::from(vec![
                ink.text(format!("entry {} of {}  ", it.at, it.last)),
                ink.token(sign, &shown(&it.chain, 40)),
            ])
        }
        None => Line::from(ink.dim(format!("{} entries", rows.len()))),
    };
    let name = format!("{}  {} – {}", release.name(), moment(from), moment(to));
    let inner = parts::title(frame.buffer_mut(), area, ink, false, &name, &right);
    let wide = usize::from(inner.width);
    let counts = match timeline {
        Some(it) if !it.density.is_empty() => gather(&it.density, wide),
        _ => density(rows, (from, to), wide),
    };
    parts::put(frame.buffer_mut(), inner, 0, &Line::from(bars(ink, &counts)));
    let marks = timeline.map_or_else(String::new, |it| position(it, (from, to), wide));
    let days = days((from, to), wide);
    let line =
        if marks.is_empty() { Line::from(ink.dim(days)) } else { Line::from(ink.toned(Tone::Accent, marks)) };
    parts::put(frame.buffer_mut(), inner, 1, &line);
}

/// A bar a column; nothing where nothing happened.
fn bars(ink: &Ink, counts: &[u32]) -> Vec<Span<'static>> {
    let most = counts.iter().copied().max().unwrap_or(0);
    let one = |count: &u32| match count {
        0 => ink.dim(" "),
        count => parts::spark(ink, &[*count, most], 2)
            .content
            .chars()
            .next()
            .map_or_else(|| ink.dim(" "), |bar| ink.toned(Tone::Run, bar.to_string())),
    };
    counts.iter().map(one).collect()
}

/// A share of the time in columns.
fn column(at: DateTime<Utc>, (from, to): (DateTime<Utc>, DateTime<Utc>), wide: usize) -> usize {
    let span = (to - from).num_seconds().max(1);
    let into = (at - from).num_seconds().clamp(0, span);
    let place = into * i64::try_from(wide.saturating_sub(1)).unwrap_or(0) / span;
    usize::try_from(place).unwrap_or(0)
}

fn density(rows: &[Entry], span: (DateTime<Utc>, DateTime<Utc>), wide: usize) -> Vec<u32> {
    let mut counts = vec![0; wide];
    for row in rows {
        if let Some(count) = counts.get_mut(column(row.ts, span, wide)) {
            *count += 1;
        }
    }
    counts
}

/// Counts of more or fewer parts than columns, spread over the columns.
fn gather(values: &[u32], wide: usize) -> Vec<u32> {
    let mut out = vec![0; wide];
    for (at, value) in values.iter().enumerate() {
        if let Some(slot) = out.get_mut(at * wide / values.len()) {
            *slot += value;
        }
    }
    out
}

/// Where the replay stands, under the strip.
fn position(timeline: &Timeline, span: (DateTime<Utc>, DateTime<Utc>), wide: usize) -> String {
    let Some(ts) = timeline.ts else { return String::new() };
    let at = column(ts, span, wide);
    let label = ts.format("%H:%M:%S").to_string();
    if at + label.len() + 2 < wide {
        format!("{}^ {label}", " ".repeat(at))
    } else {
        format!("{}{label} ^", " ".repeat(at.saturating_sub(label.len() + 1)))
    }
}

/// The days under the strip, each where it begins.
fn days((from, to): (DateTime<Utc>, DateTime<Utc>), wide: usize) -> String {
    let mut out = String::new();
    let mut day = from;
    while day <= to && out.len() < wide {
        let at = column(day, (from, to), wide);
        let label = day.format("%-d %b").to_string();
        if at >= out.len() && at + label.len() <= wide {
            out.push_str(&" ".repeat(at - out.len()));
            out.push_str(&label);
            out.push_str("  ");
        }
        let next = day.date_naive().succ_opt().map(|next| next.and_time(chrono::NaiveTime::MIN).and_utc());
        let Some(next) = next else { break };
        day = next;
    }
    out
}

fn moment(at: DateTime<Utc>) -> String {
    at.format("%-d %b %H:%M").to_string()
}

fn draw_list(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let rows = screen.list_of(Pane::Journal);
    let preset = journal::PRESETS[usize::from(rows.preset) % journal::PRESETS.len()].0;
    let name = named_list(rows, "Journal".to_owned(), &[preset]);
    let said = vec![ink.text(format!("{} of {}", rows.rows.len(), release.log.rows.len()))];
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said, &Known::Read(None)),
        columns: &[
            Column::is("", 12),
            Column::is("", 9),
            Column::is("", 9).leaves(1),
            Column::rest("", 32),
            Column::is("", 11).right(),
        ],
        heads: &[],
        banner: None,
    };
    let instead = |cells: usize| nothing(release, screen, ink, cells);
    list(frame, area, ink, (screen, rows), &head, instead, |row, _| cells(release, ink, row));
}

fn nothing(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let key = screen.options.keymap.text(Action::Preset, Pane::Journal);
    let (head, next) = match (release.log.rows.is_empty(), screen.mode) {
        (true, Mode::Opening) => {
            ("the journal is being read", "Entries appear as they are verified.".to_owned())
        }
        (true, Mode::Replay) => ("before the first entry", "Step on to see it grow.".to_owned()),
        (true, _) => {
            ("nothing has happened yet", "Every decision and every errand is written here first.".to_owned())
        }
        (false, _) => {
            let all = release.log.rows.len();
            ("no entry of this kind", format!("{all} others: {key} goes through the kinds."))
        }
    };
    let mut lines = vec![Line::from(vec![ink.sign(Sign::Waiting), ink.strong(format!(" {head}"))])];
    lines.extend(paragraph(&next, ink.theme.text(), cells));
    lines
}

/// What became of it: an errand's status, or what it is now.
fn result(ink: &Ink, entry: &Entry) -> Line<'static> {
    match (entry.status, &entry.after) {
        (Some(status), _) => {
            let (sign, word) = Sign::of_status(status);
            Line::from(ink.token(sign, word))
        }
        (None, Some(after)) => Line::from(ink.dim(after.to_string())),
        (None, None) if entry.kind.ends_with(".intent") => Line::from(ink.token(Sign::Running, "sent")),
        (None, None) => Line::default(),
    }
}

fn cells(release: &Release, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let RowId::Entry(seq) = &row.id else { return Vec::new() };
    let Some(entry) = entry(release, *seq) else { return Vec::new() };
    let by = ink.private(&shown(&entry.by, 40));
    let what = if entry.deed { ink.text(entry.what.to_string()) } else { ink.dim(entry.what.to_string()) };
    vec![
        Line::from(ink.dim(stamp(ink, entry.ts))),
        Line::from(ink.toned(Tone::Accent, by)),
        Line::from(ink.dim(entry.about.word())),
        Line::from(what),
        result(ink, entry),
    ]
}

/// The time of day, with the day when it is not today.
fn stamp(ink: &Ink, at: DateTime<Utc>) -> String {
    let at = ink.zoned(at);
    let today = at.date_naive() == ink.zoned(ink.now).date_naive();
    if today { at.format("    %H:%M:%S").to_string() } else { at.format("%d %b %H:%M").to_string() }
}

/// Everything an entry says.
fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    entry: &Entry,
    (cells, aside): (usize, bool),
) -> Vec<Line<'static>> {
    let mut lines = paragraph(&entry.what, ink.theme.strong(), cells);
    let by = ink.private(&shown(&entry.by, 60));
    lines.extend(field(ink, "By", &by, ink.theme.accent(), cells));
    let at = entry.ts.format("%-d %b %Y %H:%M:%S UTC").to_string();
    lines.extend(field(ink, "At", &at, ink.theme.text(), cells));
    if !entry.target.is_empty() {
        lines.extend(field(ink, "About", &shown(&entry.target, 200), ink.theme.text(), cells));
    }
    let kind = Untrusted::from(&*entry.kind).line();
    lines.extend(field(ink, "Kind", &kind, ink.theme.dim(), cells));
    if let Some(status) = entry.status {
        let (sign, word) = Sign::of_status(status);
        lines.push(named(ink, "Result", vec![ink.token(sign, word)]));
    }
    if let (Some(before), Some(after)) = (&entry.before, &entry.after) {
        lines.push(Line::default());
        lines.extend(field(ink, "Before", &shown(before, 300), ink.theme.dim(), cells));
        lines.extend(field(ink, "After", &shown(after, 300), ink.theme.strong(), cells));
    }
    if let Some(why) = &entry.why {
        lines.extend(block(ink, "Why"));
        lines.extend(paragraph(&ink.private(&why.line()), ink.theme.warn(), cells));
    }
    let others =
        release.log.rows.iter().filter(|row| !entry.target.is_empty() && row.target == entry.target).count();
    if others > 1 && !aside {
        lines.extend(block(ink, &format!("All about it: {others}")));
        lines.extend(super::parts::history(ink, release, &entry.target, 8));
    }
    let acts = [Action::Preset, Action::Filter, Action::CopyHash, Action::CopyMarkdown];
    lines.extend(keys(ink, screen, Pane::Journal, &acts, cells));
    lines
}

/// What happened before and after an entry, everything included.
fn around(release: &Release, ink: &Ink, entry: Option<&Entry>, rows: usize) -> Vec<Line<'static>> {
    let Some(entry) = entry else { return Vec::new() };
    let all = &release.log.rows;
    let at = all.binary_search_by_key(&entry.seq, |row| row.seq).unwrap_or(0);
    let from = at.saturating_sub(rows / 2);
    let line = |row: &Entry| {
        let here = row.seq == entry.seq;
        let mark = if here { ink.pick("› ", "> ") } else { "  " };
        let text = format!("{mark}{} {}", ink.zoned(row.ts).format("%H:%M:%S"), row.what);
        Line::from(if here { ink.strong(text) } else { ink.dim(text) })
    };
    all.iter().skip(from).take(rows).map(line).collect()
}
