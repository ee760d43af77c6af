//! The overview tab: the go/no-go poll, what blocks in meeting order, and beside them how the release stands.

use super::parts::{above, below, cut_to, detail, field, keys, token_lines};
use crate::release::agenda::{Blocker, Subject};
use crate::release::poll::Verdict;
use crate::release::{Pane, Release};
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::list::List;
use crate::screen::rows::{Row, RowId};
use crate::screen::{Part, Screen};
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
    super::poll::draw(release, screen, &ink, places.poll, &gates, frame);
    blocking(release, screen, &ink, places.blocking, blockers, frame);
    if !screen.options.present {
        foot(screen, &ink, places.foot, frame);
    }
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

/// Rows of the milestone's part at most: a taller chart says no more.
const TALLEST: u16 = 24;

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
        let most = if screen.zoomed { all.height * 2 / 3 } else { all.height * 11 / 20 };
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
    // While the room looks on, the spotlight says more.
    let room = left.height.saturating_sub(if screen.options.present { 0 } else { MORE });
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
pub(super) fn row_at(screen: &Screen, all: Rect, column: u16, y: u16) -> Option<usize> {
    let list = screen.list_of(Pane::Overview);
    let (gates, blockers) = ranges(list);
    let places = places(screen, all, (&gates, &blockers));
    let step = if screen.options.present { 2 } else { 1 };
    let inside = |area: Rect| {
        let rows = below(area, 1);
        let line = usize::from(y.saturating_sub(rows.y) / step);
        rows.contains((column, y).into()).then_some((usize::from(rows.height / step), line))
    };
    if let Some((height, line)) = inside(places.poll) {
        return super::poll::shown(screen, &gates, height).rows.get(line).copied();
    }
    if let Some((height, line)) = inside(places.blocking) {
        return within(list, &blockers, height).nth(line);
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
        let used = milestone(release, screen, ink, above(half, (half.height / 2).min(TALLEST)), frame);
        checks(release, screen, ink, below(half, used + 1), frame);
        journal(release, screen, ink, last, frame);
    } else {
        let used = milestone(release, screen, ink, above(rest, rest.height * 2 / 5), frame);
        let rest = below(rest, used + 1);
        let used = checks(release, screen, ink, above(rest, rest.height / 2), frame);
        journal(release, screen, ink, below(rest, used + 1), frame);
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

/// What blocks the release, in the order a meeting takes it up.
fn blocking(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    area: Rect,
    range: Range<usize>,
    frame: &mut Frame,
) {
    let list = screen.list_of(Pane::Overview);
    let lines = usize::from(area.height.saturating_sub(1)) / if ink.present { 2 } else { 1 };
    let shown = within(list, &range, lines);
    let next = screen.options.keymap.text(Action::NextOpen, Pane::Overview);
    let at = list.position().filter(|at| range.contains(at)).map(|at| format!("{}/", at + 1 - range.start));
    let count = format!("{}{}", at.unwrap_or_default(), range.len());
    let right = Line::from(vec![
        ink.dim(format!("{next} next  ")),
        ink.text(count),
        ink.dim(super::poll::hidden(ink, (shown.start - range.start, range.end - shown.end))),
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
    let who = if inner.width >= 76 { 13 } else { 8 };
    let columns = [
        Column::is("", 1),
        Column::is("", 6),
        Column::rest("", 34),
        Column::is("", who).right().leaves(1),
        Column::is("", 4).right().leaves(2),
    ];
    let table = Table::fit(&columns, inner.width.saturating_sub(parts::list::INDENT));
    let focused = screen.part == Part::List;
    let rows = Rows { list, range: shown, focused, table: &table };
    parts::rows(frame, inner, ink, &rows, |row| blocker_cells(release, screen, ink, row));
}

fn blocker<'s>(screen: &'s Screen, row: &RowId) -> Option<&'s Blocker> {
    let RowId::Blocker(subject) = row else { return None };
    screen.agenda.iter().find(|blocker| blocker.subject == *subject)
}

/// The sign of what blocks: of an item the one that it has in its checklist, of all else that of its verdict.
fn blocker_sign(release: &Release, ink: &Ink, blocker: &Blocker) -> Sign {
    let item = match &blocker.subject {
        Subject::Item(id) => release.process.as_ref().and_then(|process| process.item(id)),
        Subject::Check(..) | Subject::Issue(_) | Subject::Gate(_) => None,
    };
    item.map_or_else(
        || Sign::of_verdict(blocker.verdict),
        |item| super::checklist::state(release, ink, item).0,
    )
}

fn blocker_cells(release: &Release, screen: &Screen, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let Some(blocker) = blocker(screen, &row.id) else { return Vec::new() };
    vec![
        Line::from(ink.sign(blocker_sign(release, ink, blocker))),
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
    let actions = offered(screen, id);
    if !actions.is_empty() {
        lines.extend(keys(ink, screen, Pane::Overview, actions, cells).into_iter().skip(1));
    }
    lines
}

/// What can be done about a gate from here.
fn offered(screen: &Screen, id: &RowId) -> &'static [Action] {
    let gate = screen.poll.iter().find(|it| matches!(id, RowId::Gate(gate) if it.gate == *gate));
    match gate {
        Some(it) if it.said && it.reading.verdict == Verdict::Go => &[Action::Settle],
        Some(it) if it.said => &[Action::Settle, Action::Waive],
        Some(it) if it.reading.verdict != Verdict::Go => &[Action::Waive],
        _ => &[],
    }
}
