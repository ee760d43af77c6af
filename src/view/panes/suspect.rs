//! The commits that may have turned a check red: those after the last green result, up to the first red one.

use super::parts::{count, field};
use crate::release::Release;
use crate::release::branches::Commit;
use crate::release::checks::LineChecks;
use crate::release::ids::Branch;
use crate::release::text::Untrusted;
use crate::view::ink::Ink;
use ratatui::text::Line;

/// How many of them are named.
const NAMED: usize = 3;

/// What is said of them; nothing when the check is not red, fails by chance, or none of them is known.
pub(super) fn lines(
    release: &Release,
    ink: &Ink,
    (branch, line): (&Branch, &LineChecks),
    name: &Untrusted,
    cells: usize,
) -> Vec<Line<'static>> {
    if !line.state(name).is_red() || line.flake(name).is_flaky() {
        return Vec::new();
    }
    let commits = release.lines.0.get(branch).map_or(&[][..], |line| &line.commits);
    let found = between(commits, line, name);
    let one = |commit: &Commit| {
        let by = ink.private(&commit.author.line());
        format!("{} {}, by {by}", commit.oid.short(), commit.subject.line())
    };
    let mut out = vec![];
    if found.len() > NAMED {
        out.extend(field(ink, "Suspects", &count(found.len(), "commit"), ink.theme.text(), cells));
    }
    for (at, commit) in found.iter().take(NAMED).enumerate() {
        let label = if at == 0 && found.len() <= NAMED { "Suspect" } else { "" };
        out.extend(field(ink, label, &one(commit), ink.theme.text(), cells));
    }
    out
}

/// The commits after the last green result up to the first red one, the newest first, of commits in that order.
fn between<'c>(commits: &'c [Commit], line: &LineChecks, name: &Untrusted) -> &'c [Commit] {
    let place = |oid| commits.iter().position(|commit| commit.oid == oid);
    let Some(red) = line.red_since(name).and_then(|(_, past)| place(past.sha)) else { return &[] };
    match line.last_green(name).and_then(|past| place(past.sha)) {
        Some(green) => commits.get(red..green).unwrap_or_default(),
        // Without the green one among them there may be more: only the red one is sure to be one.
        None => &commits[red..=red],
    }
}
