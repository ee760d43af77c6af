//! The overview tab: the go/no-go poll, what blocks in meeting order, and beside them how the release stands.

use super::parts::{above, below, cut_to, detail, field, keys, paragraph, token_lines};
use crate::release::agenda::Blocker;
use crate::release::poll::{Polled, Verdict};
use crate::release::{Pane, Release};
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::list::List;
use crate::screen::rows::{Row, RowId};
use crate::screen::{Mode, Part, Screen};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::{Body, WIDE, WIDEST};
use crate::view::parts::{self, Column, Rows, Table};
use crate::view::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use std::ops::Range;

/// Rows that say more of what is under the cursor, its rule included.
const MORE: u16 = 5;

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let all = body.all;
    if screen.zoomed && screen.part == Part::Detail {
        detail(frame, all, &ink, screen, "Under the cursor", &Line::default(), |cells| {
            more(screen, &ink, cells)
        });
        return;
    }
    let list = screen.list_of(Pane::Overview);
    let (gates, blockers) = ranges(list);
    let places = places(screen, all, (&gates, &blockers));
    poll(release, screen, &ink, places.poll, gates, frame);
    blocking(screen, &ink, places.blocking, blockers, frame);
    foot(screen, &ink, places.foot, frame);
    aside(release, screen, &ink, (all, places.rest), frame);
}

/// Where the parts of the tab stand.
struct Places {
    poll: Rect,
    blocking: Rect,
    foot: Rect,
    rest: Rect,
}

/// Cells between two columns.
const GAP: u16 = 2;

/// Rows of the summary between the poll and what blocks, where there is one column.
const STRIP: u16 = 3;

/// Rows from which on there is room for that summary.
const TALL: u16 = 14;

fn is_narrow(screen: &Screen, all: Rect) -> bool {
    screen.zoomed || all.width < WIDE
}

/// Where the parts stand: two columns, the poll above what blocks; with fewer columns what blocks is below all.
fn places(screen: &Screen, all: Rect, (gates, blockers): (&Range<usize>, &Range<usize>)) -> Places {
    let step = if screen.options.present { 2 } else { 1 };
    let wanted = |range: &Range<usize>| {
        u16::try_from(range.len().max(2)).unwrap_or(u16::MAX).saturating_mul(step).saturating_add(1)
    };
    if is_narrow(screen, all) {
        let most = if screen.zoomed { all.height * 2 / 3 } else { all.height / 2 };
        let top = above(all, wanted(gates).min(most).max(all.height.min(7)));
        let strip = if all.height >= TALL { STRIP } else { 0 };
        let rest = below(all, top.height + strip + 1);
        let rows = wanted(blockers).saturating_add(1);
        return Places {
            poll: top,
            rest: above(below(all, top.height + 1), strip.saturating_sub(1)),
            blocking: above(rest, rows),
            foot: below(rest, rows),
        };
    }
    let share = if all.width >= WIDEST { 50 } else { 74 };
    let left = Rect { width: all.width * share / 120, ..all };
    let rest = Rect { x: all.x + left.width + GAP, width: all.width - left.width - GAP, ..all };
    let room = left.height.saturating_sub(MORE);
    let least = (room / 3).min(wanted(blockers));
    let top = wanted(gates).min(room.saturating_sub(least + 1));
    let rows = wanted(blockers).min(room.saturating_sub(top + 2));
    Places {
        poll: above(left, top),
        blocking: above(below(left, top + 1), rows),
        foot: below(left, top + rows + 2),
        rest,
    }
}

/// The row under a cell, by its place in the list.
pub(super) fn row_at(screen: &Screen, all: Rect, column: u16, line: u16) -> Option<usize> {
    let list = screen.list_of(Pane::Overview);
    let (gates, blockers) = ranges(list);
    let places = places(screen, all, (&gates, &blockers));
    let step = if screen.options.present { 2 } else { 1 };
    for (area, range) in [(places.poll, gates), (places.blocking, blockers)] {
        let rows = below(area, 1);
        if rows.contains((column, line).into()) {
            let shown = within(list, &range, usize::from(rows.height / step));
            let at = shown.start + usize::from((line - rows.y) / step);
            return shown.contains(&at).then_some(at);
        }
    }
    None
}

/// The milestone, the checks and the journal beside the poll.
fn aside(release: &Release, screen: &Screen, ink: &Ink, (all, rest): (Rect, Rect), frame: &mut Frame) {
    use super::summary::{checks, journal, milestone, strip};
    if is_narrow(screen, all) {
        strip(release, screen, ink, rest, frame);
    } else if all.width >= WIDEST {
        let half = Rect { width: rest.width / 2, ..rest };
        let last = Rect { x: rest.x + half.width + GAP, width: rest.width - half.width - GAP, ..rest };
        let used = milestone(release, screen, ink, above(half, half.height / 2), frame);
        checks(release, screen, ink, below(half, used + 1), frame);
        journal(release, ink, last, frame);
    } else {
        let used = milestone(release, screen, ink, above(rest, rest.height * 2 / 5), frame);
        let rest = below(rest, used + 1);
        let used = checks(release, screen, ink, above(rest, rest.height / 2), frame);
        journal(release, ink, below(rest, used + 1), frame);
    }
}

/// More of what is under the cursor.
fn foot(screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    if area.height < 2 {
        return;
    }
    let focused = screen.part == Part::Detail;
    let inner = parts::title(frame.buffer_mut(), area, ink, focused, &under(screen), &Line::default());
    let text: Vec<_> = more(screen, ink, usize::from(inner.width));
    let text: Vec<_> = text.iter().map(|line| cut_to(line, inner.width, ink)).collect();
    parts::lines(frame.buffer_mut(), inner, usize::from(screen.detail_scroll).min(text.len()), &text);
}

/// Where the gates and the blockers stand among the rows.
fn ranges(list: &List) -> (Range<usize>, Range<usize>) {
    let gates = list.rows.iter().take_while(|row| matches!(row.id, RowId::Gate(_))).count();
    let heading = list.rows.get(gates).is_some_and(|row| row.heading.is_some());
    (0..gates, gates + usize::from(heading)..list.rows.len())
}

/// The rows of a part that are visible in so many lines: its first, moved so that the cursor is among them.
fn within(list: &List, range: &Range<usize>, height: usize) -> Range<usize> {
    let mut top = range.start;
    if let Some(at) = list.position().filter(|at| range.contains(at)) {
        top = top.max((at + 1).saturating_sub(height.max(1)));
    }
    top..range.end.min(top + height)
}

/// What is right of the title when rows are hidden.
fn hidden(ink: &Ink, shown: &Range<usize>, range: &Range<usize>) -> String {
    let (over, under) = (shown.start - range.start, range.end - shown.end);
    let arrow = |count: usize, up: &str| if count > 0 { format!("  {up}{count}") } else { String::new() };
    format!("{}{}", arrow(over, ink.pick("↑", "^")), arrow(under, ink.pick("↓", "v")))
}

/// The go/no-go poll.
fn poll(release: &Release, screen: &Screen, ink: &Ink, area: Rect, gates: Range<usize>, frame: &mut Frame) {
    let list = screen.list_of(Pane::Overview);
    let lines = usize::from(area.height.saturating_sub(1)) / if ink.present { 2 } else { 1 };
    let shown = within(list, &gates, lines);
    let required = || screen.poll.iter().filter(|polled| polled.required);
    let go = required().filter(|polled| polled.verdict == Verdict::Go).count();
    let all = required().count();
    let (sign, word) = (Sign::of_verdict(screen.verdict), screen.verdict.word());
    let mut right = vec![];
    if all > 0 {
        right.push(ink.token(sign, word));
        right.push(ink.text(format!("  {go} of {all} GO")));
        right.push(ink.dim(hidden(ink, &shown, &gates)));
    }
    let name = super::parts::named_list(list, "Go / no-go".to_owned(), &[]);
    let focused = screen.part == Part::List;
    let inner = parts::title(frame.buffer_mut(), area, ink, focused, &name, &Line::from(right));
    if gates.is_empty() {
        parts::lines(frame.buffer_mut(), inner, 0, &no_gate(release, screen, ink, usize::from(inner.width)));
        return;
    }
    let width = inner.width.saturating_sub(parts::list::INDENT);
    let wide = width >= 48;
    let columns = if wide {
        // Titles are not cut for a long reason: the lines at the foot say the whole of it.
        let room = usize::from(width.saturating_sub(FIXED));
        let title = screen.poll.iter().map(|polled| parts::width(&title(polled))).max().unwrap_or(0);
        let reason = reason_width(screen).min(room.saturating_sub(title).max(room / 3));
        let reason = u16::try_from(reason).unwrap_or(u16::MAX);
        vec![Column::is("", 7), Column::rest("", 10), Column::is("", reason), Column::is("", 1)]
    } else {
        vec![Column::is("", 7), Column::rest("", 10), Column::is("", 1)]
    };
    let table = Table::fit(&columns, width);
    let rows = Rows { list, range: shown, focused, table: &table };
    let cells = usize::from(width.saturating_sub(12));
    parts::rows(frame, inner, ink, &rows, |row| gate(screen, ink, row, (wide, cells)));
}

/// Cells of a gate's row that its title and its reason do not have: the verdict, the tab, what is between them.
const FIXED: u16 = 14;

/// What a gate asks, and whether the answer decides.
fn title(polled: &Polled) -> String {
    if polled.required { polled.title.clone() } else { format!("{} (informs)", polled.title) }
}

/// What a row says of why.
fn reason(polled: &Polled) -> String {
    match &polled.overridden {
        Some(by) => format!("overridden by {}", crate::release::text::shown(&by.by, 40)),
        None => polled.reading.reason.clone(),
    }
}

fn reason_width(screen: &Screen) -> usize {
    screen.poll.iter().map(|polled| parts::width(&reason(polled))).max().unwrap_or(0).max(10)
}

fn no_gate(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let filtered = !screen.list_of(Pane::Overview).filter.is_empty();
    if let Some(why) = release.process_error.as_ref().filter(|_| release.process.is_none()) {
        let mut lines = token_lines(ink, Sign::Bad, "the process could not be read", cells);
        lines.extend(paragraph(&crate::release::text::shown(why, 300), ink.theme.text(), cells));
        return lines;
    }
    let (head, next) = match screen.mode {
        _ if filtered => ("no gate matches the filter", "esc clears it."),
        Mode::Opening => ("reading the journal", "The poll is asked as soon as it is read."),
        _ if release.process.is_none() => {
            ("the process is not read yet", "The poll is asked as soon as it is known.")
        }
        _ if screen.poll.is_empty() => (
            "nothing is asked",
            "The process has no [[gates]], and what nobody asks is HOLD. gonogo check says more.",
        ),
        _ => ("no gate", ""),
    };
    let mut lines = vec![Line::from(vec![ink.sign(Sign::Act), ink.strong(format!(" {head}"))])];
    lines.extend(paragraph(next, ink.theme.text(), cells));
    lines
}

fn polled<'s>(screen: &'s Screen, row: &Row) -> Option<&'s Polled> {
    let RowId::Gate(id) = &row.id else { return None };
    screen.poll.iter().find(|polled| polled.gate == *id)
}

fn gate(screen: &Screen, ink: &Ink, row: &Row, (wide, cells): (bool, usize)) -> Vec<Line<'static>> {
    let Some(polled) = polled(screen, row) else { return Vec::new() };
    let (sign, word) = match (&polled.overridden, polled.verdict) {
        (Some(_), _) => (Sign::Risk, "GO"),
        (None, verdict) => (Sign::of_verdict(verdict), verdict.word()),
    };
    let why = ink.private(&reason(polled));
    // In one cell the reason matters more than the end of a long title.
    let room = if wide { usize::MAX } else { cells.saturating_sub(parts::width(&why).min(cells / 2) + 2) };
    let title = parts::cut(&title(polled), room, ink);
    let title = if polled.required { ink.text(title) } else { ink.dim(title) };
    let reason = match polled.verdict {
        Verdict::Go if polled.overridden.is_none() => ink.dim(why),
        Verdict::Go => ink.toned(Tone::Warn, why),
        Verdict::Hold | Verdict::NoGo => ink.text(why),
    };
    let tab = Line::from(ink.toned(Tone::Accent, (Screen::index(polled.pane) + 1).to_string()));
    let token = Line::from(ink.token(sign, word));
    if wide {
        vec![token, Line::from(title), Line::from(reason), tab]
    } else {
        vec![token, Line::from(vec![title, ink.dim("  "), reason]), tab]
    }
}

/// What blocks the release, in the order a meeting takes it up.
fn blocking(screen: &Screen, ink: &Ink, area: Rect, range: Range<usize>, frame: &mut Frame) {
    let list = screen.list_of(Pane::Overview);
    let lines = usize::from(area.height.saturating_sub(1)) / if ink.present { 2 } else { 1 };
    let shown = within(list, &range, lines);
    let next = screen.options.keymap.text(Action::NextOpen, Pane::Overview);
    let at = list.position().filter(|at| range.contains(at)).map(|at| format!("{}/", at + 1 - range.start));
    let count = format!("{}{}", at.unwrap_or_default(), range.len());
    let right = Line::from(vec![
        ink.dim(format!("{next} next  ")),
        ink.text(count),
        ink.dim(hidden(ink, &shown, &range)),
    ]);
    let inner = parts::title(frame.buffer_mut(), area, ink, false, "Blocking, in meeting order", &right);
    if range.is_empty() {
        let said = if screen.agenda.is_empty() && screen.verdict == Verdict::Go {
            ink.token(Sign::Ok, "nothing blocks the release")
        } else {
            ink.dim("nothing to show")
        };
        parts::put(frame.buffer_mut(), inner, 0, &Line::from(said));
        return;
    }
    let columns = [
        Column::is("", 1),
        Column::is("", 6),
        Column::rest("", 20),
        Column::is("", 8).right().leaves(1),
        Column::is("", 4).right().leaves(2),
    ];
    let table = Table::fit(&columns, inner.width.saturating_sub(parts::list::INDENT));
    let focused = screen.part == Part::List;
    let rows = Rows { list, range: shown, focused, table: &table };
    parts::rows(frame, inner, ink, &rows, |row| blocker_cells(screen, ink, row));
}

fn blocker<'s>(screen: &'s Screen, row: &RowId) -> Option<&'s Blocker> {
    let RowId::Blocker(subject) = row else { return None };
    screen.agenda.iter().find(|blocker| blocker.subject == *subject)
}

fn blocker_cells(screen: &Screen, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let Some(blocker) = blocker(screen, &row.id) else { return Vec::new() };
    let sign = Sign::of_verdict(blocker.verdict);
    vec![
        Line::from(ink.sign(sign)),
        Line::from(ink.toned(Tone::Accent, blocker.mark.clone())),
        Line::from(ink.text(blocker.text.clone())),
        if blocker.who.is_empty() {
            Line::from(ink.none())
        } else {
            Line::from(ink.dim(ink.private(&blocker.who)))
        },
        Line::from(blocker.since.map_or_else(|| ink.none(), |since| ink.age(since))),
    ]
}

/// The name of what is under the cursor.
fn under(screen: &Screen) -> String {
    match screen.list_of(Pane::Overview).cursor.as_ref() {
        Some(RowId::Gate(id)) => {
            let polled = screen.poll.iter().find(|polled| polled.gate == *id);
            polled.map_or_else(String::new, |polled| polled.title.clone())
        }
        Some(id) => blocker(screen, id).map_or_else(|| "Blocking".to_owned(), |blocker| blocker.mark.clone()),
        None => "Nothing selected".to_owned(),
    }
}

/// What is under the cursor, in full: why, who overrode it, which tab settles it.
fn more(screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let list = screen.list_of(Pane::Overview);
    let Some(id) = list.cursor.as_ref() else { return Vec::new() };
    let mut lines = vec![];
    let pane = match id {
        RowId::Gate(gate) => {
            let Some(polled) = screen.poll.iter().find(|polled| polled.gate == *gate) else { return lines };
            let word = format!("{}: {}", polled.reading.verdict.word(), polled.reading.reason);
            lines.extend(token_lines(ink, Sign::of_verdict(polled.reading.verdict), &word, cells));
            if let Some(by) = &polled.overridden {
                let who = ink.private(&crate::release::text::shown(&by.by, 40));
                let said = format!("overridden by {who}, {}: {}", ago(ink.now, by.at), by.why.line());
                lines.extend(token_lines(ink, Sign::Risk, &ink.private(&said), cells));
            }
            if let Some(until) = polled.reading.until {
                lines.extend(field(
                    ink,
                    "Until",
                    &until.format("%-d %b %H:%M UTC").to_string(),
                    ink.theme.text(),
                    cells,
                ));
            }
            polled.pane
        }
        id => {
            let Some(blocker) = blocker(screen, id) else { return lines };
            let said = format!("{}: {}", blocker.verdict.word(), blocker.text);
            lines.extend(token_lines(ink, Sign::of_verdict(blocker.verdict), &said, cells));
            blocker.pane
        }
    };
    let enter = screen.options.keymap.text(Action::Enter, Pane::Overview);
    let tab = Screen::index(pane) + 1;
    lines.push(Line::from(vec![
        ink.dim("settled in tab "),
        ink.toned(Tone::Accent, tab.to_string()),
        ink.dim(format!(": {enter} goes there")),
    ]));
    let go = matches!(id, RowId::Gate(gate) if screen.poll.iter().any(|it| it.gate == *gate && it.reading.verdict == Verdict::Go));
    if matches!(id, RowId::Gate(_)) && !go {
        lines.extend(keys(ink, screen, Pane::Overview, &[Action::Waive], cells).into_iter().skip(1));
    }
    lines
}
