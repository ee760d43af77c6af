//! Picks that have stopped on their way to a line: what stopped them, where, and what waits behind.

use super::super::parts::{count, field, paragraph, token_lines};
use crate::release::Release;
use crate::release::ids::Branch;
use crate::release::picks::{PickKey, Resolving};
use crate::release::text::Untrusted;
use crate::screen::Screen;
use crate::screen::keymap::Action;
use crate::view::ink::{Ink, Sign};
use crate::view::parts::cut;
use crate::view::theme::Tone;
use ratatui::text::{Line, Span};

/// Files that are named.
const NAMED: usize = 8;

/// Where a pick stands among those that have stopped.
enum Part<'a> {
    /// It is the one that stopped.
    Stopped(&'a Resolving),
    /// It waits behind the one that stopped.
    Behind(&'a Resolving),
}

fn part<'a>(release: &'a Release, key: &PickKey, on: &Branch) -> Option<Part<'a>> {
    let it = release.picks.resolving.get(on)?;
    if it.pick() == Some(key) {
        Some(Part::Stopped(it))
    } else {
        it.is_behind(key).then_some(Part::Behind(it))
    }
}

/// The first column of a pick that has stopped, or waits behind one.
pub(super) fn token(release: &Release, ink: &Ink, key: &PickKey, on: &Branch) -> Option<Span<'static>> {
    Some(match part(release, key, on)? {
        Part::Stopped(it) if it.files.is_empty() => ink.token(Sign::Act, "stopped"),
        Part::Stopped(_) => ink.token(Sign::Act, "resolving"),
        Part::Behind(_) => ink.token(Sign::Waiting, "waits"),
    })
}

/// What a pick that has stopped is about, for the detail.
pub(super) fn lines(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on): (&PickKey, &Branch),
    cells: usize,
) -> Vec<Line<'static>> {
    let it = match part(release, key, on) {
        None => return Vec::new(),
        Some(Part::Behind(it)) => {
            let first = it.pick().map(PickKey::short).unwrap_or_default();
            let said = format!("waits behind {first}, which has stopped on its way to {}", on.line());
            return token_lines(ink, Sign::Waiting, &said, cells);
        }
        Some(Part::Stopped(it)) => it,
    };
    let said = if it.files.is_empty() {
        "stopped, worktree kept".to_owned()
    } else {
        format!("resolving: conflict in {}, worktree kept", count(it.count, "file"))
    };
    let mut lines = token_lines(ink, Sign::Act, &said, cells);
    let mut behind: Vec<String> = vec![];
    for pick in it.picks.iter().skip(it.at).filter(|pick| *pick != key) {
        let name = pick.short();
        if behind.last() != Some(&name) {
            behind.push(name);
        }
    }
    let waits = match behind.len() {
        0 => "nothing waits behind it".to_owned(),
        many => format!("behind it {} {}", if many == 1 { "waits" } else { "wait" }, behind.join(", ")),
    };
    let said = format!("commit {} of {}; {waits}", it.at, it.all);
    lines.extend(paragraph(&said, ink.theme.dim(), cells));
    if it.files.is_empty() {
        lines.extend(paragraph(&it.why.line(), ink.theme.bad(), cells));
    }
    lines.extend(files(ink, it, cells));
    let place = Untrusted::line(&it.worktree);
    lines.extend(field(ink, "Worktree", &place, ink.theme.dim(), cells));
    let keys = screen.options.keymap.text(Action::ResolvePicks, crate::release::Pane::Picks);
    let said = format!("{keys} edits it, goes on, leaves it out or calls all of it off");
    lines.extend(paragraph(&said, ink.theme.accent(), cells));
    lines.push(Line::default());
    lines
}

/// The files that are unmerged, with how many places of each conflict.
fn files(ink: &Ink, it: &Resolving, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![];
    for (at, file) in it.files.iter().take(NAMED).enumerate() {
        let places = it.places.get(at).map(|places| count(*places as usize, "hunk")).unwrap_or_default();
        let room = cells.saturating_sub(places.len() + 4);
        lines.push(Line::from(vec![
            ink.sign(Sign::Bad),
            ink.text(format!(" {}", cut(&file.line(), room, ink))),
            ink.toned(Tone::Bad, format!("  {places}")),
        ]));
    }
    if it.count > NAMED.min(it.files.len()) {
        let more = it.count - NAMED.min(it.files.len());
        lines.push(Line::from(ink.dim(format!("  and {}", count(more, "more file")))));
    }
    lines
}
