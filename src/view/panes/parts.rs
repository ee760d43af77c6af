//! Parts that all tabs share: the detail, keys that act, paragraphs, words for a status.

use crate::release::Pane;
use crate::screen::keymap::{Action, Reach};
use crate::screen::list::List;
use crate::screen::rows::Row;
use crate::screen::{Mode, Part, Screen};
use crate::view::ink::{Ink, Sign};
use crate::view::parts::{Column, Rows, Table, cut, lines, put, rows, title, width, window, wrap};
use crate::view::theme::Tone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// What stands above and in a list.
pub(super) struct Head<'a> {
    /// The title.
    pub title: &'a str,
    /// What stands at the right of it.
    pub right: Line<'a>,
    /// The columns.
    pub columns: &'a [Column],
    /// Their heads; none when they need none.
    pub heads: &'a [&'a str],
    /// A line that warns, above the rows; what is said instead of rows says it by itself.
    pub banner: Option<Line<'static>>,
}

/// Draws a list under its title: only the visible rows are made. Without rows it says what `instead` gives. Says
/// where the rows stand and which they are.
pub(super) fn list(
    frame: &mut Frame,
    area: Rect,
    ink: &Ink,
    (screen, list): (&Screen, &List),
    head: &Head,
    instead: impl FnOnce(usize) -> Vec<Line<'static>>,
    cells: impl FnMut(&Row, &Table) -> Vec<Line<'static>>,
) -> Option<(Rect, Range<usize>)> {
    let mut cells = cells;
    if area.is_empty() {
        return None;
    }
    let focused = screen.part == Part::List;
    // The title says how many rows are above and below those that are shown.
    let over = 1 + u16::from(head.banner.is_some()) + u16::from(!head.heads.is_empty());
    let height = area.height.saturating_sub(over);
    let range = window(list, usize::from(height) / if ink.present { 2 } else { 1 });
    let right = said_at_right(ink, area, head, (range.start, list.rows.len() - range.end));
    let mut inner = title(frame.buffer_mut(), area, ink, focused, head.title, &right);
    if let Some(banner) = head.banner.as_ref().filter(|_| !list.rows.is_empty()) {
        put(frame.buffer_mut(), inner, 0, &cut_to(banner, inner.width, ink));
        inner = below(inner, 1);
    }
    if list.rows.is_empty() {
        let text = if list.filter.is_empty() {
            instead(usize::from(inner.width))
        } else {
            no_match(ink, screen, list)
        };
        lines(frame.buffer_mut(), below(inner, 1), 0, &text);
        return None;
    }
    let shift = crate::view::parts::list::INDENT;
    let table = Table::fit(head.columns, inner.width.saturating_sub(shift));
    if !head.heads.is_empty() {
        let place = Rect { x: inner.x + shift, width: inner.width.saturating_sub(shift), ..inner };
        let names: Vec<_> = head.heads.iter().map(|name| Line::from(ink.dim(*name))).collect();
        table.row(frame.buffer_mut(), place, ink, &names);
        inner = below(inner, 1);
    }
    let drawn = Rows { list, range: range.clone(), focused, table: &table };
    rows(frame, inner, ink, &drawn, |row| cells(row, &table));
    Some((inner, range))
}

/// What a list says of itself at the right of its title, with how many rows are hidden above and below it where there is
/// room: what the list is of matters more.
fn said_at_right<'a>(ink: &Ink, area: Rect, head: &Head<'a>, hidden: (usize, usize)) -> Line<'a> {
    let mut right = head.right.clone();
    let hidden = super::poll::hidden(ink, hidden);
    let taken = width(head.title) + right.width() + width(&hidden);
    if !hidden.is_empty() && taken + 5 <= usize::from(area.width) {
        right.spans.insert(0, ink.dim(hidden.trim_start().to_owned() + "  "));
    }
    right
}

fn no_match(ink: &Ink, screen: &Screen, list: &List) -> Vec<Line<'static>> {
    let esc = screen.options.keymap.text(Action::Back, screen.tab);
    vec![
        Line::from(vec![
            ink.sign(Sign::Skipped),
            ink.strong(format!(" nothing matches “{}”", crate::release::text::shown(&list.filter, 60))),
        ]),
        Line::from(ink.text(format!("{} without the filter; {esc} clears it.", count(list.all, "row")))),
    ]
}

/// The area below its first rows.
pub(super) fn below(area: Rect, rows: u16) -> Rect {
    let rows = rows.min(area.height);
    Rect { y: area.y + rows, height: area.height - rows, ..area }
}

/// The first rows of an area.
pub(super) fn above(area: Rect, rows: u16) -> Rect {
    Rect { height: area.height.min(rows), ..area }
}

/// A line cut to a width.
pub(super) fn cut_to(line: &Line, cells: u16, ink: &Ink) -> Line<'static> {
    let cells = usize::from(cells);
    if line.width() <= cells {
        let own = |span: &Span| Span::styled(span.content.to_string(), line.style.patch(span.style));
        return Line::from(line.spans.iter().map(own).collect::<Vec<_>>());
    }
    crate::view::parts::table::cut_line(line, cells, ink)
}

/// Draws a detail under its title, scrolled, with how much is left below. Long lines are cut.
pub(super) fn detail(
    frame: &mut Frame,
    area: Rect,
    ink: &Ink,
    screen: &Screen,
    name: &str,
    right: &Line,
    make: impl FnOnce(usize) -> Vec<Line<'static>>,
) {
    if area.is_empty() {
        return;
    }
    let focused = screen.part == Part::Detail;
    let inner = title(frame.buffer_mut(), area, ink, focused, name, right);
    let text = make(usize::from(inner.width));
    scrolled(frame, inner, ink, screen, &text);
}

/// Draws lines from where the detail is scrolled to, with how many are left below.
fn scrolled(frame: &mut Frame, inner: Rect, ink: &Ink, screen: &Screen, text: &[Line<'static>]) {
    let height = usize::from(inner.height);
    let most = text.len().saturating_sub(height);
    let top = usize::from(screen.detail_scroll).min(most);
    let shown: Vec<_> =
        text.iter().skip(top).take(height).map(|line| cut_to(line, inner.width, ink)).collect();
    lines(frame.buffer_mut(), inner, 0, &shown);
    let hidden = most - top;
    if hidden > 0 && height > 3 {
        let said = format!(" {}{hidden} more ", ink.pick("↓ ", "v "));
        let wide = u16::try_from(width(&said)).unwrap_or(0).min(inner.width);
        let corner =
            Rect { x: inner.x + inner.width - wide, y: inner.y + inner.height - 1, width: wide, height: 1 };
        put(frame.buffer_mut(), corner, 0, &Line::from(ink.toned(Tone::Accent, said)));
    }
}

/// Draws a third pane, when there is room for one.
pub(super) fn third(
    frame: &mut Frame,
    area: Option<Rect>,
    ink: &Ink,
    (name, right): (&str, &Line),
    make: impl FnOnce(usize, usize) -> Vec<Line<'static>>,
) {
    let Some(area) = area.filter(|area| !area.is_empty()) else { return };
    let inner = title(frame.buffer_mut(), area, ink, false, name, right);
    let text = make(usize::from(inner.width), usize::from(inner.height));
    let text: Vec<_> = text.iter().map(|line| cut_to(line, inner.width, ink)).collect();
    lines(frame.buffer_mut(), inner, 0, &text);
}

/// Draws a third pane that scrolls with the detail, with how much is left below.
pub(super) fn third_scrolled(
    frame: &mut Frame,
    area: Option<Rect>,
    (ink, screen): (&Ink, &Screen),
    name: &str,
    make: impl FnOnce(usize) -> Vec<Line<'static>>,
) {
    let Some(area) = area.filter(|area| !area.is_empty()) else { return };
    let inner = title(frame.buffer_mut(), area, ink, false, name, &Line::default());
    scrolled(frame, inner, ink, screen, &make(usize::from(inner.width)));
}

/// A paragraph in lines.
pub(super) fn paragraph(text: &str, style: Style, cells: usize) -> Vec<Line<'static>> {
    wrap(text, cells).into_iter().map(|line| Line::styled(line, style)).collect()
}

/// A name and its value; a long value goes on under itself.
pub(super) fn field(ink: &Ink, name: &str, value: &str, style: Style, cells: usize) -> Vec<Line<'static>> {
    let label = |at: usize| {
        let name = if at == 0 { cut(name, LABEL - 1, ink) } else { String::new() };
        let pad = LABEL.saturating_sub(width(&name));
        Span::styled(format!("{name}{}", " ".repeat(pad)), ink.theme.head())
    };
    let values = wrap(value, cells.saturating_sub(LABEL));
    values
        .into_iter()
        .enumerate()
        .map(|(at, line)| Line::from(vec![label(at), Span::styled(line, style)]))
        .collect()
}

/// Cells that the name of a value takes in a detail.
pub(super) const LABEL: usize = 11;

/// A name and what stands beside it, on one line.
pub(super) fn named(ink: &Ink, name: &str, value: impl Into<Vec<Span<'static>>>) -> Line<'static> {
    crate::view::parts::pair(ink, name, LABEL - 1, value)
}

/// The heading of a block in a detail, with a blank line before it.
pub(super) fn block(ink: &Ink, name: &str) -> [Line<'static>; 2] {
    [Line::default(), heading_line(ink, name)]
}

/// The heading of a block in a detail.
pub(super) fn heading_line(ink: &Ink, name: &str) -> Line<'static> {
    Line::from(Span::styled(name.to_owned(), ink.theme.heading()))
}

/// The keys that act on what is under the cursor; what cannot be done now says why. In a replay nothing acts.
pub(super) fn keys(
    ink: &Ink,
    screen: &Screen,
    tab: Pane,
    actions: &[Action],
    cells: usize,
) -> Vec<Line<'static>> {
    let mut out: Vec<Line<'static>> = vec![Line::default()];
    let mut line: Vec<Span<'static>> = vec![];
    let mut used = 0;
    let replay = screen.mode == Mode::Replay;
    let mut whys: Vec<&str> = vec![];
    for action in actions.iter().filter(|action| !replay || action.def().reach == Reach::Eye) {
        let def = action.def();
        let text = screen.options.keymap.text(*action, tab);
        let Some(key) = text.split(" or ").next().filter(|key| !key.is_empty()) else { continue };
        let why = screen.why_not(*action);
        if let Some(why) = why.filter(|why| !whys.contains(why)) {
            whys.push(why);
        }
        let wide = width(key) + 1 + width(def.label);
        if used > 0 && used + wide > cells {
            out.push(Line::from(std::mem::take(&mut line)));
            used = 0;
        }
        used += wide + 3;
        let style = if why.is_none() { ink.theme.key() } else { ink.theme.dim() };
        line.push(Span::styled(key.to_owned(), style));
        line.push(if why.is_none() {
            ink.text(format!(" {}   ", def.label))
        } else {
            ink.dim(format!(" {}   ", def.label))
        });
    }
    out.push(Line::from(line));
    // The gap after the last key of a line is not cut with a sign of its own.
    for line in &mut out {
        if let Some(last) = line.spans.last_mut() {
            last.content = last.content.trim_end().to_owned().into();
        }
    }
    out.extend(whys.into_iter().take(2).flat_map(|why| paragraph(why, ink.theme.dim(), cells)));
    out
}

/// A login, or a dash.
pub(super) fn or_dash(text: Option<String>, ink: &Ink) -> String {
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| ink.pick("–", "-").to_owned())
}

/// How much is done in percent; none when there is nothing to do.
pub(super) fn percent(done: usize, all: usize) -> Option<String> {
    (done * 100).checked_div(all).map(|percent| format!("{percent}%"))
}

/// A count with its noun.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {}", crate::release::log::plural(number, noun))
}

/// The name of a list with what is set on it: the filter, the order, the preset.
pub(super) fn named_list(list: &List, name: String, set: &[&str]) -> String {
    let mut out = name;
    for word in set.iter().filter(|word| !word.is_empty()) {
        out.push_str(" · ");
        out.push_str(word);
    }
    if list.typing || !list.filter.is_empty() {
        out.push_str(&format!("  /{}", crate::release::text::shown(&list.filter, 60)));
        if list.typing {
            out.push('_');
        }
    }
    out
}

/// What stands at the right of a list's title: marked rows, a count, how fresh it is.
pub(super) fn at_right(
    ink: &Ink,
    list: &List,
    said: Vec<Span<'static>>,
    known: &super::known::Known,
) -> Line<'static> {
    let mut spans = vec![];
    if !list.marks.is_empty() {
        spans.push(ink.toned(Tone::Accent, format!("{} marked  ", list.marks.len())));
    }
    spans.extend(said);
    let age = known.said(ink);
    if !age.content.is_empty() {
        spans.push(ink.dim("  "));
        spans.push(age);
    }
    Line::from(spans)
}

/// The last entries of the journal about something, newest first.
pub(super) fn history(
    ink: &Ink,
    release: &crate::release::Release,
    target: &str,
    most: usize,
) -> Vec<Line<'static>> {
    let about = release.log.rows.iter().rev().filter(|row| row.deed && &*row.target == target);
    // What was sent is said by what came of it, unless nothing has yet.
    let about = about.enumerate().filter(|(at, row)| *at == 0 || !row.kind.ends_with(".intent"));
    let about = about.map(|(_, row)| row).take(most);
    let line = |row: &crate::release::log::Row| {
        let mut spans = vec![
            ink.dim(format!("{:>4}  ", crate::screen::fresh::age(ink.now, row.ts))),
            ink.toned(Tone::Accent, format!("{} ", ink.private(&crate::release::text::shown(&row.by, 20)))),
            ink.text(row.what.to_string()),
        ];
        if let Some(status) = row.status {
            let (sign, word) = Sign::of_status(status);
            spans.push(ink.text(" "));
            spans.push(ink.token(sign, word));
        }
        if let Some(why) = &row.why {
            spans.push(ink.dim(format!(" “{}”", why.line())));
        }
        Line::from(spans)
    };
    about.map(line).collect()
}

/// A sign and a text of its tone, that goes on under itself.
pub(super) fn token_lines(ink: &Ink, sign: Sign, text: &str, cells: usize) -> Vec<Line<'static>> {
    let style = ink.theme.tone(sign.tone());
    let first = |at: usize| if at == 0 { sign.glyph(ink.glyphs) } else { " " };
    let lines = wrap(text, cells.saturating_sub(2)).into_iter().enumerate();
    lines.map(|(at, line)| Line::styled(format!("{} {line}", first(at)), style)).collect()
}

/// A point of a list, in a sentence that goes on under itself.
pub(super) fn bullet(ink: &Ink, text: &str, cells: usize) -> Vec<Line<'static>> {
    let first = |at: usize| if at == 0 { ink.pick("·", "-") } else { " " };
    let lines = wrap(text, cells.saturating_sub(2)).into_iter().enumerate();
    lines.map(|(at, line)| Line::from(vec![ink.dim(format!("{} ", first(at))), ink.text(line)])).collect()
}
