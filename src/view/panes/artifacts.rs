//! The block of artifacts: each with what its registry says, how old that is, and how often it was asked for.

use super::parts::{heading_line, paragraph, token_lines};
use crate::order::Order as _;
use crate::process::Artifact;
use crate::release::Release;
use crate::release::artifacts::artifact_title;
use crate::release::ids::Tag;
use crate::release::looks::{LookKey, Topic};
use crate::release::poll::{Reading, Verdict};
use crate::screen::Screen;
use crate::screen::fresh::age;
use crate::view::ink::{Ink, Sign};
use crate::view::parts::{cut, width};
use ratatui::text::Line;

/// Whether artifacts are asked for by this tag.
pub(super) fn is_of(release: &Release, tag: &Tag) -> bool {
    release.artifacts_wanted().any(|artifact| release.artifact_tag(artifact).is_ok_and(|row| row.tag == *tag))
}

/// How many artifacts are there, in a line; none where the process wants none.
pub(super) fn glance(release: &Release, ink: &Ink) -> Option<Line<'static>> {
    let read: Vec<_> = release.artifacts_wanted().map(|it| release.read_artifact(&it.id)).collect();
    let there = read.iter().filter(|it| it.verdict == Verdict::Go).count();
    let worst = read.iter().map(|it| it.verdict).max()?;
    let sign = ink.sign(Sign::of_verdict(worst));
    Some(Line::from(vec![sign, ink.text(format!(" artifacts: {there} of {} there, below", read.len()))]))
}

/// The block; nothing where the process wants no artifact.
pub(super) fn lines(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let wanted: Vec<_> = release.artifacts_wanted().collect();
    if wanted.is_empty() {
        return Vec::new();
    }
    let read: Vec<_> = wanted.iter().map(|it| release.read_artifact(&it.id)).collect();
    let there = read.iter().filter(|it| it.verdict == Verdict::Go).count();
    let mut lines = vec![heading_line(ink, &format!("Artifacts: {there} of {} there", read.len()))];
    // What waits for one and the same tag says so once.
    let mut untagged: Vec<(String, Vec<String>)> = vec![];
    let mut all: Vec<_> = wanted.into_iter().zip(read).collect();
    // What is in the way stands first: a small terminal shows the first few.
    all.order_by_key(|(_, reading)| std::cmp::Reverse(reading.verdict));
    for (artifact, reading) in all {
        if release.artifact_tag(artifact).is_ok() {
            lines.extend(row(release, screen, ink, cells, (artifact, &reading)));
            continue;
        }
        let title = artifact_title(artifact);
        match untagged.iter_mut().find(|(why, _)| *why == reading.reason) {
            Some((_, titles)) => titles.push(title),
            None => untagged.push((reading.reason, vec![title])),
        }
    }
    for (why, titles) in untagged {
        lines.extend(token_lines(ink, Sign::Waiting, &why, cells));
        lines.extend(indented(ink, &titles.join(", "), cells));
    }
    lines
}

/// An artifact that is asked for: its title with its age, and below it what shows that it is there or not.
fn row(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    cells: usize,
    (artifact, reading): (&Artifact, &Reading),
) -> Vec<Line<'static>> {
    let key = LookKey::new(Topic::Artifacts, artifact.id.as_str());
    let when = seen(release, screen, &key).unwrap_or_default();
    let mut title = artifact_title(artifact);
    if !artifact.required {
        title.push_str(" (not required)");
    }
    let title = cut(&title, cells.saturating_sub(3 + width(&when)), ink);
    let pad = cells.saturating_sub(2 + width(&title) + width(&when));
    let is_asked = screen.fresh.0.get(&key).is_some_and(|look| look.asked.is_some());
    let sign = match reading.verdict {
        Verdict::Go => Sign::Ok,
        _ if is_asked => Sign::Running,
        other => Sign::of_verdict(other),
    };
    let head = [ink.sign(sign), ink.text(format!(" {title}{}", " ".repeat(pad))), ink.dim(when)];
    let mut said = reading.reason.clone();
    if let Some(progress) = progress(screen, &key).filter(|_| reading.verdict != Verdict::Go) {
        said.push_str(&format!("; {progress}"));
    }
    let mut lines = vec![Line::from(head.to_vec())];
    lines.extend(indented(ink, &said, cells));
    lines
}

/// A text under a title.
fn indented(ink: &Ink, text: &str, cells: usize) -> Vec<Line<'static>> {
    let mut lines = paragraph(text, ink.theme.dim(), cells.saturating_sub(2));
    lines.iter_mut().for_each(|line| line.spans.insert(0, ink.dim("  ")));
    lines
}

/// How old what is known of an artifact is.
fn seen(release: &Release, screen: &Screen, key: &LookKey) -> Option<String> {
    let live = screen.fresh.0.get(key).and_then(|look| look.at);
    let kept = release.artifacts.rows.get(&key.scope).map(|known| known.since);
    live.or(kept).map(|at| age(screen.now, at))
}

/// How often it was asked for in this session, where that is more than once.
fn progress(screen: &Screen, key: &LookKey) -> Option<String> {
    let tries = screen.tries.get(key).filter(|it| it.times > 1)?;
    Some(format!("asked {} times in {}", tries.times, crate::release::scope::days(screen.now - tries.since)))
}
