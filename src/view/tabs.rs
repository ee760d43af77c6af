//! The tabs with their counters, the same on each of them.

use super::ink::{Ink, Sign};
use super::layout::WIDE;
use super::parts;
use super::theme::Tone;
use crate::release::{Pane, Release};
use crate::screen::{Mode, Screen, TABS};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

/// The name of a tab, in full and short.
#[must_use]
pub fn names(tab: Pane) -> [&'static str; 2] {
    match tab {
        Pane::Overview => ["Overview", "Ovw"],
        Pane::Milestone => ["Milestone", "Mile"],
        Pane::Ci => ["CI", "CI"],
        Pane::Branches => ["Branches", "Brch"],
        Pane::Picks => ["Picks", "Pick"],
        Pane::Checklist => ["Checklist", "Chk"],
        Pane::Candidate => ["RC", "RC"],
        Pane::Journal => ["Journal", "Jrnl"],
    }
}

/// The counter of a tab: what is left to do there. Empty when nothing is.
#[must_use]
pub fn counter(release: &Release, screen: &Screen, tab: Pane, ink: &Ink) -> Option<(Tone, String)> {
    if screen.mode == Mode::Opening {
        return None;
    }
    let some = |tone, count: usize| (count > 0).then(|| (tone, count.to_string()));
    match tab {
        Pane::Milestone => some(Tone::Warn, screen.tally.all - screen.tally.done),
        Pane::Ci => {
            let line = crate::screen::rows::ci::branch(release, screen)
                .and_then(|branch| release.checks.lines.get(&branch))?;
            let [red, running, ..] = line.counts();
            let glyph = |sign: Sign, count: usize| format!("{count}{}", sign.glyph(ink.glyphs));
            match (red, running) {
                (0, 0) => None,
                (0, _) => Some((Tone::Run, glyph(Sign::Running, running))),
                _ => Some((Tone::Bad, glyph(Sign::Bad, red))),
            }
        }
        Pane::Picks if screen.queues.to_decide == 0 && screen.queues.conflicts + screen.queues.alarms > 0 => {
            let bad = screen.queues.conflicts + screen.queues.alarms;
            Some((Tone::Bad, format!("{bad}{}", Sign::Bad.glyph(ink.glyphs))))
        }
        Pane::Picks => some(Tone::Warn, screen.queues.to_decide),
        Pane::Checklist => {
            let process = release.process.as_ref()?;
            let stream = release.stream().map(|stream| stream.id.clone()).unwrap_or_default();
            let items = || {
                process
                    .stages
                    .iter()
                    .flat_map(|stage| process.items_for(stage, &stream, release.went_wrong()))
            };
            let all = items().count();
            let settled = items().filter(|item| release.is_settled(item, screen.now)).count();
            let tone = if settled == all { Tone::Ok } else { Tone::Warn };
            (all > 0).then(|| (tone, format!("{settled}/{all}")))
        }
        // What the release's own line has and the trunk has not: other lines drift for good reasons of their own.
        Pane::Branches => {
            let drifting = release.line().and_then(|line| line.drifting).unwrap_or_default();
            some(Tone::Warn, drifting as usize).map(|(tone, count)| (tone, format!("{count}!")))
        }
        Pane::Overview | Pane::Candidate | Pane::Journal => None,
    }
}

/// The tabs in their places: the first cell and the cells of each, and what is written.
fn lay(release: &Release, screen: &Screen, ink: &Ink, cells: u16) -> Vec<(Pane, u16, Line<'static>)> {
    let build = |short: bool, gap: usize, counted: bool| -> Vec<(Pane, u16, Line<'static>)> {
        let mut x = 0;
        TABS.iter()
            .enumerate()
            .map(|(at, tab)| {
                let active = *tab == screen.tab;
                let style = if active {
                    ink.theme.title(true).add_modifier(Modifier::UNDERLINED)
                } else {
                    ink.theme.dim()
                };
                let bracket = |text| Span::styled(if active { text } else { " " }, ink.theme.title(true));
                let name = names(*tab)[usize::from(short)];
                let mut spans = vec![bracket("["), Span::styled(format!("{} {name}", at + 1), style)];
                if let Some((tone, text)) = counter(release, screen, *tab, ink).filter(|_| counted) {
                    spans.push(Span::styled(" ", Style::new()));
                    spans.push(ink.toned(tone, text));
                }
                spans.push(bracket("]"));
                let line = Line::from(spans);
                let here = x;
                x += u16::try_from(line.width() + gap).unwrap_or(u16::MAX);
                (*tab, here, line)
            })
            .collect()
    };
    let fits = |tabs: &[(Pane, u16, Line)]| {
        tabs.last().is_some_and(|(_, x, line)| usize::from(*x) + line.width() <= usize::from(cells))
    };
    // A tab that cannot be seen is worse than a counter that cannot.
    let wide = [(false, 2, true), (false, 1, true), (true, 1, true), (true, 0, true)];
    let narrow = [(false, 1, true), (true, 1, true), (true, 0, true), (true, 0, false)];
    let mut last = vec![];
    for (short, gap, counted) in if cells >= WIDE { wide } else { narrow } {
        last = build(short, gap, counted);
        if fits(&last) {
            break;
        }
    }
    last
}

/// Draws the tabs.
pub fn draw(buffer: &mut Buffer, area: Rect, release: &Release, screen: &Screen, ink: &Ink) {
    for (_, x, line) in lay(release, screen, ink, area.width) {
        if x < area.width {
            parts::put(buffer, Rect { x: area.x + x, width: area.width - x, ..area }, 0, &line);
        }
    }
}

/// The tab at a column of the row of tabs.
#[must_use]
pub fn at(release: &Release, screen: &Screen, ink: &Ink, cells: u16, column: u16) -> Option<Pane> {
    let tabs = lay(release, screen, ink, cells);
    tabs.into_iter()
        .find(|(_, x, line)| (*x..*x + u16::try_from(line.width()).unwrap_or(0)).contains(&column))
        .map(|(tab, ..)| tab)
}
