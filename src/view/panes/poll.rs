//! The go/no-go poll of the overview: each gate with what it says and why.

use super::parts::{below, paragraph, token_lines};
use crate::release::poll::{Polled, Verdict};
use crate::release::{Pane, Release};
use crate::screen::rows::{Row, RowId};
use crate::screen::{Mode, Part, Screen};
use crate::view::ink::{Ink, Sign};
use crate::view::parts::{self, Column, Rows, Table};
use crate::view::theme::Tone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;
use std::ops::Range;

/// The gates that are drawn, by their places in the list.
pub(super) struct Shown {
    /// Their places.
    pub rows: Vec<usize>,
    /// How many that are GO stand as one line after them.
    pub folded: usize,
    /// Rows above and below that are not drawn.
    hidden: (usize, usize),
}

/// The gates that are drawn in so many lines. Where they do not all fit, those that are GO become one line, but for
/// the one under the cursor.
pub(super) fn shown(screen: &Screen, gates: &Range<usize>, lines: usize) -> Shown {
    let list = screen.list_of(Pane::Overview);
    let here = list.position();
    let folds = gates.len() > lines;
    let quiet = |at: &usize| {
        let polled = list.rows.get(*at).and_then(|row| polled(screen, row));
        polled.is_some_and(|it| it.verdict == Verdict::Go && it.overridden.is_none())
    };
    let mut rows: Vec<usize> = gates.clone().filter(|at| !folds || here == Some(*at) || !quiet(at)).collect();
    let folded = gates.len() - rows.len();
    let room = lines.saturating_sub(usize::from(folded > 0)).max(1);
    let cursor = here.and_then(|here| rows.iter().position(|at| *at == here));
    let top = cursor.map_or(0, |at| (at + 1).saturating_sub(room));
    let under = rows.len().saturating_sub(top + room);
    rows.truncate(top + room);
    Shown { rows: rows.split_off(top), folded, hidden: (top, under) }
}

/// Draws the go/no-go poll.
pub(super) fn draw(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    area: Rect,
    gates: &Range<usize>,
    frame: &mut Frame,
) {
    let list = screen.list_of(Pane::Overview);
    let step = if ink.present { 2 } else { 1 };
    let shown = shown(screen, gates, usize::from(area.height.saturating_sub(1) / step));
    let focused = screen.part == Part::List;
    let name = super::parts::named_list(list, "Go / no-go".to_owned(), &[]);
    let right = counted(screen, ink, &shown);
    let inner = parts::title(frame.buffer_mut(), area, ink, focused, &name, &right);
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
    let cells = usize::from(width.saturating_sub(12));
    let mut place = inner;
    for at in shown.rows {
        let rows = Rows { list, range: at..at + 1, focused, table: &table };
        parts::rows(frame, Rect { height: place.height.min(1), ..place }, ink, &rows, |row| {
            gate(screen, ink, row, (wide, cells))
        });
        place = below(place, step);
    }
    if shown.folded > 0 {
        let gates = if shown.folded == 1 { "gate is" } else { "gates are" };
        let said = ink.token(Sign::Ok, &format!("{} more {gates} GO", shown.folded));
        let place = Rect { x: place.x + parts::list::INDENT.min(place.width), ..place };
        parts::put(frame.buffer_mut(), place, 0, &Line::from(said));
    }
}

/// The verdict, how many gates are GO, and what is hidden.
fn counted(screen: &Screen, ink: &Ink, shown: &Shown) -> Line<'static> {
    let required = || screen.poll.iter().filter(|polled| polled.required);
    let go = required().filter(|polled| polled.verdict == Verdict::Go).count();
    let all = required().count();
    if all == 0 {
        return Line::default();
    }
    let (sign, word) = (Sign::of_verdict(screen.verdict), screen.verdict.word());
    Line::from(vec![
        ink.token(sign, word),
        ink.text(format!("  {go} of {all} GO")),
        ink.dim(hidden(ink, shown.hidden)),
    ])
}

/// What is right of the title when rows are hidden above and below.
pub(super) fn hidden(ink: &Ink, (over, under): (usize, usize)) -> String {
    let arrow = |count: usize, up: &str| if count > 0 { format!("  {up}{count}") } else { String::new() };
    format!("{}{}", arrow(over, ink.pick("↑", "^")), arrow(under, ink.pick("↓", "v")))
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
