//! What a conflicting pick needs before it, and which picks need this one.

use super::super::parts::{block, field, paragraph};
use super::sign;
use crate::release::ids::Branch;
use crate::release::log::plural;
use crate::release::picks::{Needed, Outlook, PickKey, Remedy};
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::keymap::Action;
use crate::view::ink::{Ink, Sign};
use crate::view::parts::{cut, width};
use ratatui::text::{Line, Span};

/// What it needs, as far as it was replayed, and what needs it.
pub(super) fn lines(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on): (&PickKey, &Branch),
    cells: usize,
) -> Vec<Line<'static>> {
    let mut lines = vec![];
    if let Outlook::Conflict(row) = release.picks.outlook(key, on)
        && let Some(remedy) = &row.remedy
    {
        lines.extend(block(ink, "Needs first"));
        lines.extend(remedy_lines(release, screen, ink, (key, on, remedy), cells));
    }
    let needed: Vec<String> =
        release.picks.needed_by(key, on).into_iter().map(PickKey::short).take(12).collect();
    if !needed.is_empty() {
        if lines.is_empty() {
            lines.push(Line::default());
        }
        lines.extend(field(ink, "Needed by", &needed.join(", "), ink.theme.text(), cells));
    }
    lines
}

fn remedy_lines(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on, remedy): (&PickKey, &Branch, &Remedy),
    cells: usize,
) -> Vec<Line<'static>> {
    let put = |tried: u32| match tried {
        0 => "no commit of the trunk that is missing here changed them and applies".to_owned(),
        1 => "the one of the trunk that changed them put first, it still conflicts (replayed)".to_owned(),
        many => format!("the {many} of the trunk that changed them put first, it still conflicts (replayed)"),
    };
    match remedy {
        Remedy::First { picks, minimal } => {
            let mut lines: Vec<_> =
                picks.iter().map(|need| need_line(release, ink, (need, on), cells)).collect();
            let them = if picks.len() == 1 { "it" } else { "them" };
            let spare = if *minimal { "" } else { "; there may be a smaller set" };
            let said = format!("With {them} right before it, {} is clean (replayed){spare}.", key.short());
            lines.extend(paragraph(&said, ink.theme.text(), cells));
            let press = screen.options.keymap.text(Action::NeedsFirst, Pane::Picks);
            let said = format!("{press} puts {them} there, and the queue is predicted again.");
            lines.extend(paragraph(&said, ink.theme.dim(), cells));
            lines
        }
        Remedy::Owned { commit, subject, path, tried } => {
            let said = format!(
                "No prerequisite that was tried helps: {} of {} alone changed the lines in {}: {}.",
                commit.short(),
                on.line(),
                path.line(),
                subject.line()
            );
            let mut lines = paragraph(&said, ink.theme.text(), cells);
            let with = if *tried > 0 { "With " } else { "" };
            lines.extend(paragraph(&sentence(&format!("{with}{}", put(*tried))), ink.theme.dim(), cells));
            lines
        }
        Remedy::Nothing { tried, given_up: true } => {
            let with = if *tried > 0 { format!(" With {}.", put(*tried)) } else { String::new() };
            let said = format!("Not known: the search was given up before its end.{with}");
            paragraph(&said, ink.theme.dim(), cells)
        }
        Remedy::Nothing { tried, given_up: false } => {
            let with = if *tried > 0 { "with " } else { "" };
            let said = format!("No {} was found: {with}{}.", plural(1, "prerequisite"), put(*tried));
            paragraph(&said, ink.theme.dim(), cells)
        }
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", letters.as_str())
}

/// A pick that is needed, with how far it has come on the line.
fn need_line(release: &Release, ink: &Ink, (need, on): (&Needed, &Branch), cells: usize) -> Line<'static> {
    let state = release.picks.cell(&need.pick, on).map(|cell| cell.state);
    let token = match state {
        Some(state) => ink.token(sign(state), state.word()),
        None => ink.token(Sign::Bad, "not wanted here"),
    };
    let name = match need.pick.number() {
        Some(_) => format!("{} {}", need.pick.short(), need.commit.short()),
        None => need.commit.short(),
    };
    let room = cells.saturating_sub(width(&name) + width(&token.content) + 4);
    Line::from(vec![
        token,
        Span::raw("  "),
        ink.text(name),
        Span::raw("  "),
        ink.dim(cut(&need.subject.line(), room, ink)),
    ])
}
