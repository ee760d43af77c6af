//! What makes a pick a risk: its size, what it touches, the checks of its merge, a freeze.

use super::super::parts::{block, count, field};
use crate::release::Release;
use crate::release::ids::Branch;
use crate::release::picks::PickKey;
use crate::release::text::{Untrusted, shown};
use crate::release::votes::FrozenBy;
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::view::ink::Ink;
use ratatui::text::Line;

/// What makes it a risk: size, paths, owners, a revert, the checks of its merge; and whether features are frozen.
pub(super) fn risk(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on): (&PickKey, &Branch),
    cells: usize,
) -> Vec<Line<'static>> {
    let text = ink.theme.text();
    let mut lines = vec![];
    if let Some(it) = release.picks.changes.get(key) {
        if it.files > 0 {
            let minus = ink.pick("−", "-");
            let said = format!("+{} {minus}{} in {}", it.added, it.removed, count(it.files as usize, "file"));
            lines.extend(field(ink, "Size", &said, text, cells));
        }
        let paths: Vec<_> = it.paths.iter().take(6).map(Untrusted::line).collect();
        if !paths.is_empty() {
            let rest = (it.files as usize).saturating_sub(paths.len());
            let rest = if rest > 0 { format!(", {rest} more") } else { String::new() };
            lines.extend(field(ink, "Touches", &format!("{}{rest}", paths.join(", ")), text, cells));
        }
        let owners: Vec<_> = it.owners.iter().map(|it| ink.private(&it.line())).collect();
        if !owners.is_empty() {
            lines.extend(field(ink, "Owners", &owners.join(", "), text, cells));
        }
        if let Some(problem) = &it.problem {
            lines.extend(field(ink, "Problem", &problem.line(), ink.theme.bad(), cells));
        }
    }
    lines.extend(by_forge(release, ink, (key, on), cells));
    if let Some(frozen) = release.frozen(screen.now) {
        let said = freeze(screen, ink, &frozen);
        let (said, style) = if is_feature(release, (key, on)) {
            (format!("{said}; its title says it is a feature"), ink.theme.warn())
        } else {
            (said, text)
        };
        lines.extend(field(ink, "Freeze", &said, style, cells));
    }
    if !lines.is_empty() {
        let [gap, head] = block(ink, "Risk");
        lines.splice(0..0, [gap, head]);
    }
    lines
}

/// What the forge knows that is a risk: its size where the clone does not say, what cannot be read, the checks of its
/// merge.
fn by_forge(
    release: &Release,
    ink: &Ink,
    (key, on): (&PickKey, &Branch),
    cells: usize,
) -> Vec<Line<'static>> {
    let text = ink.theme.text();
    let mut lines = vec![];
    let facts = release.picks.pulls.get(&(key.clone(), on.clone())).and_then(|pull| pull.facts.as_ref());
    let sized = release.picks.changes.get(key).is_some_and(|it| it.files > 0);
    if let Some((added, removed, files)) =
        facts.filter(|_| !sized).and_then(|it| Some((it.added?, it.removed?, it.files?)))
    {
        let said = format!(
            "+{added} {}{removed} in {}, as the forge says",
            ink.pick("−", "-"),
            count(files as usize, "file")
        );
        lines.extend(field(ink, "Size", &said, text, cells));
    }
    for what in facts.iter().flat_map(|facts| &facts.unread) {
        let said = format!("{} cannot be read: not known, which is not clean", what.line());
        lines.extend(field(ink, "Unknown", &said, ink.theme.warn(), cells));
    }
    if let Some(checks) = facts.and_then(|facts| facts.checks.as_ref()) {
        let word = checks.line().to_lowercase();
        let style = if word == "success" { text } else { ink.theme.warn() };
        lines.extend(field(ink, "Merge CI", &word, style, cells));
    }
    lines
}

/// Why features are frozen, in words.
fn freeze(screen: &Screen, ink: &Ink, frozen: &FrozenBy<'_>) -> String {
    match frozen {
        FrozenBy::Phase(phase) => format!("{}: features are frozen", shown(&phase.title, 40)),
        FrozenBy::Person(said) => {
            let why = match said.what.why.line() {
                why if why.is_empty() => String::new(),
                why => format!(": {why}"),
            };
            let by = ink.private(&shown(&said.by, 40));
            format!("features are frozen, declared by {by} {}{why}", ago(screen.now, said.at))
        }
    }
}

/// Whether the title says that a pick is a feature, as conventional commits do: `feat: …`, `feat(api)!: …`.
fn is_feature(release: &Release, (key, on): (&PickKey, &Branch)) -> bool {
    let title = release.picks.title(key, on).map(Untrusted::raw).unwrap_or_default();
    title.starts_with("feat") && title.contains(':')
}
