//! What would be applied, in the order of the queue: the marked picks, or all that are accepted.

use super::token;
use crate::release::picks::{CellState, PickKey};
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::rows::RowId;
use crate::view::ink::Ink;
use crate::view::panes::parts::paragraph;
use crate::view::parts::{cut, width};
use ratatui::text::{Line, Span};

/// Whether picks are marked.
pub(super) fn is_marked(screen: &Screen) -> bool {
    !screen.list_of(Pane::Picks).marks.is_empty()
}

/// What the plan is of.
pub(super) fn name(screen: &Screen) -> String {
    if is_marked(screen) { "Marked, in order".to_owned() } else { "Accepted, in order".to_owned() }
}

/// How many there are.
pub(super) fn count(release: &Release, screen: &Screen) -> String {
    format!("{}", picks(release, screen).len())
}

fn picks(release: &Release, screen: &Screen) -> Vec<PickKey> {
    let Some(line) = &screen.queues.line else { return Vec::new() };
    let marks = &screen.list_of(Pane::Picks).marks;
    let board = release.picks.board(line);
    let wanted = |key: &&PickKey| match is_marked(screen) {
        true => marks.contains(&RowId::Pick((*key).clone(), line.clone())),
        false => board.seats.get(*key).is_some_and(|seat| seat.state == CellState::Approved),
    };
    board.queue().iter().filter(wanted).cloned().collect()
}

/// The picks with what would come of each where it stands in the whole queue.
pub(super) fn lines(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (cells, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let Some(line) = &screen.queues.line else { return Vec::new() };
    let picks = picks(release, screen);
    if picks.is_empty() {
        let said = "Nothing of it waits to be applied: a accepts a pick, space marks it.";
        return paragraph(said, ink.theme.dim(), cells);
    }
    let room = rows.saturating_sub(3).max(1);
    let mut out: Vec<Line<'static>> = vec![];
    for (at, key) in picks.iter().take(room).enumerate() {
        let token = token(release, screen, ink, (key, line));
        let pad = " ".repeat(13usize.saturating_sub(width(&token.content)));
        let name = format!("{:>2} ", at + 1);
        let title = release.picks.title(key, line).map(Untrusted::line).unwrap_or_default();
        let number = format!("{:<8}", key.short());
        let left = cells.saturating_sub(3 + 13 + 8);
        let mut spans = vec![ink.dim(name), token, Span::raw(pad), ink.text(number)];
        if left > 8 {
            spans.push(ink.dim(cut(&title, left, ink)));
        }
        out.push(Line::from(spans));
    }
    if picks.len() > room {
        out.push(Line::from(ink.dim(format!("   and {} more", picks.len() - room))));
    }
    out.push(Line::default());
    let said = "Each as predicted in the whole queue, on top of those before it.";
    out.extend(paragraph(said, ink.theme.dim(), cells));
    out
}
