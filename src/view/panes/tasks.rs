//! An item on the tracking issue: who ticked it there, whether that counts, what waits to be published, what is at odds.

use super::parts::{bullet, field, named, paragraph};
use crate::process::Item;
use crate::release::Release;
use crate::release::tasks::{Place, Task};
use crate::release::text::{Untrusted, shown};
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::view::ink::{Ink, Sign};
use crate::view::theme::Tone;
use ratatui::text::Line;

/// Who changed the tick of a line last: the login where the forge tells it, `GitHub` where it does not.
pub(super) fn whose(task: &Task) -> String {
    task.by.as_ref().map_or_else(|| "GitHub".to_owned(), |by| shown(by.raw(), 40))
}

/// What is known of an item's line; nothing where there is none and was none.
pub(super) fn about(release: &Release, ink: &Ink, item: &Item, cells: usize) -> Vec<Line<'static>> {
    let Some(task) = release.tasks.rows.get(item.id.as_str()) else { return Vec::new() };
    let by = |verb: &str| {
        let when = task.at.map(|at| format!(", {}", ago(ink.now, at))).unwrap_or_default();
        let who = task.by.as_ref().map(|by| format!(" by {}", ink.private(&shown(by.raw(), 40))));
        format!("{verb} on GitHub{}{when}", who.unwrap_or_default())
    };
    let mut lines = vec![];
    let state = match (task.on, task.ours, task.flip) {
        (true, false, _) => by("ticked"),
        (false, false, 1..) => by("unticked"),
        (true, true, _) => "ticked on GitHub from here".to_owned(),
        (false, _, _) => "open on GitHub".to_owned(),
    };
    match task.place {
        Place::Once => lines.extend(field(ink, "Issue", &state, ink.theme.text(), cells)),
        Place::Twice => {
            lines.push(named(ink, "Issue", vec![ink.token(Sign::Risk, "more than one line there")]))
        }
        Place::Gone if task.on => {
            let said = format!("{state}; its line is gone");
            lines.extend(field(ink, "Issue", &said, ink.theme.warn(), cells));
        }
        Place::Gone => lines.push(named(ink, "Issue", vec![ink.token(Sign::Skipped, "no line there")])),
    }
    if let Some(text) = task.reworded.as_ref().filter(|_| task.place == Place::Once) {
        let said = format!("its line says: {}", Untrusted::line(text));
        lines.extend(paragraph(&said, ink.theme.warn(), cells));
    }
    if let Some(why) = release.why_not_there(item, ink.now) {
        lines.extend(paragraph(
            &format!("the tick there does not settle it: {why}"),
            ink.theme.warn(),
            cells,
        ));
    }
    if release.unticked_there(&item.id).is_some() {
        let said =
            "ticked here and unticked there: untick it here too, or untick and tick it here and publish that";
        lines.extend(paragraph(said, ink.theme.warn(), cells));
    }
    lines
}

/// What is to be known of the task list as a whole, below the stages.
pub(super) fn notes(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let Some(issue) = release.tasks.issue.as_ref().filter(|_| release.tracking_issue().is_some()) else {
        return Vec::new();
    };
    let mut lines = vec![Line::default()];
    let said = match screen.queues.ticks {
        0 => format!("issue #{}", issue.number),
        count => format!("issue #{}: to publish ({count})", issue.number),
    };
    let tone = if screen.queues.ticks > 0 { Tone::Accent } else { Tone::Plain };
    lines.push(Line::from(ink.toned(tone, said)));
    lines.extend(release.task_notes().iter().flat_map(|note| bullet(ink, note, cells)));
    lines
}
