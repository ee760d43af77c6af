//! A step that the cockpit does itself: what is run or asked exactly, how it ended last, the end of what it printed.

use super::parts::{block, field, named, paragraph};
use crate::process::{Act, Item};
use crate::release::Release;
use crate::release::errand::Status;
use crate::release::steps::{Doing, duration};
use crate::release::text::shown;
use crate::screen::fresh::ago;
use crate::view::ink::{Ink, Sign};
use ratatui::text::Line;

/// Lines of the end of an output that are shown.
const SHOWN: usize = 12;

/// What is known of an item's step; nothing where a person does it.
pub(super) fn about(release: &Release, ink: &Ink, item: &Item, cells: usize) -> Vec<Line<'static>> {
    let mut lines = match &item.act {
        Some(Act::Command { argv, timeout, repeatable, .. }) => {
            let mut lines = field(ink, "Runs", &shown(&argv.join(" "), 300), ink.theme.text(), cells);
            let again = if *repeatable { "may be run again" } else { "is run once" };
            let said = format!("no shell, at most {}, {again}", duration(timeout.seconds));
            lines.extend(field(ink, "", &said, ink.theme.dim(), cells));
            lines
        }
        Some(Act::Probe { url, status, contains, .. }) => {
            let with = contains.as_ref().map_or(String::new(), |text| format!(" with “{}”", shown(text, 60)));
            let said = format!("{} for {status}{with}", shown(url, 200));
            field(ink, "Asks", &said, ink.theme.text(), cells)
        }
        _ => return Vec::new(),
    };
    match release.doing(&item.id) {
        Some(Doing::Going) => lines.push(named(ink, "Now", vec![ink.token(Sign::Running, "under way")])),
        Some(Doing::InDoubt) => {
            lines.push(named(ink, "Now", vec![ink.token(Sign::Act, "may have been run: gu says")]));
        }
        Some(Doing::Stopped) => {
            lines.push(named(ink, "Now", vec![ink.token(Sign::Act, "stands still: gu goes on")]));
        }
        None => {}
    }
    if let Some(last) = release.steps.last.get(item.id.as_str()) {
        let sign = if last.status == Status::Ok { Sign::Ok } else { Sign::Bad };
        let by = ink.private(&shown(&last.by, 40));
        let said = format!("{}, {} by {by}", shown(last.said.raw(), 200), ago(ink.now, last.at));
        lines.extend(field(ink, "Last", &said, ink.theme.tone(sign.tone()), cells));
        if let Some(tail) = &last.tail {
            lines.extend(block(ink, "Printed last"));
            let all: Vec<String> = tail.lines(60).collect();
            for line in &all[all.len().saturating_sub(SHOWN)..] {
                lines.extend(paragraph(line, ink.theme.dim(), cells));
            }
        }
    }
    lines
}
