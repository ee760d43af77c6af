//! What is cut next, what must hold before, and how far the version that is being cut has come.

use super::parts::{block, bullet, keys, token_lines};
use crate::release::cut::{Condition, Ready, Stage, Standing, What};
use crate::release::poll::Verdict;
use crate::release::text::shown;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::keymap::Action;
use crate::view::ink::{Ink, Sign};
use crate::view::theme::Tone;
use ratatui::text::Line;

/// The steps of the version that is being cut.
pub(super) fn steps(screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let Some((tag, stages)) = screen.cut.as_ref().and_then(|cut| cut.under_way.as_ref()) else {
        return vec![];
    };
    let [_, head] = block(ink, &tag.line());
    let mut lines = vec![head];
    for stage in stages {
        lines.extend(stage_lines(ink, stage, cells));
    }
    lines
}

fn stage_lines(ink: &Ink, stage: &Stage, cells: usize) -> Vec<Line<'static>> {
    let sign = match stage.standing {
        Standing::Done => Sign::Ok,
        Standing::Going => Sign::Running,
        Standing::Stopped => Sign::Act,
        Standing::Later => Sign::Waiting,
    };
    let said = if stage.said.is_empty() { String::new() } else { format!("  {}", stage.said) };
    token_lines(ink, sign, &format!("{:<10}{said}", stage.title), cells)
}

/// What may be cut now, and what is in the way of it.
pub(super) fn next(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let mut lines: Vec<Line<'static>> = vec![];
    if release.process.is_none() {
        return token_lines(ink, Sign::Risk, "no process: the next version is not known", cells);
    }
    let Some(cut) = &screen.cut else { return lines };
    if let Some(tag) = &cut.out {
        let said = format!("{} is tagged: nothing is left to cut", tag.line());
        lines.push(Line::from(ink.token(Sign::Ok, &said)));
        return lines;
    }
    // What holds a candidate holds the final version too, and is said once.
    let mut told: Vec<Condition> = vec![];
    for (what, action) in [(What::Candidate, Action::CutCandidate), (What::Final, Action::CutFinal)] {
        match cut.ready(what) {
            Ok(ready) => {
                let mut ready = ready.clone();
                let before = ready.conditions.len();
                ready.conditions.retain(|it| !told.contains(it));
                let more = before > ready.conditions.len();
                told.extend(ready.conditions.iter().cloned());
                lines.extend(ready_lines(ink, &ready, more, cells));
            }
            Err(refusal) => {
                let hint = refusal.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
                let said = format!("no {}: {}{hint}", what.word(), refusal.why);
                lines.extend(token_lines(ink, Sign::Skipped, &said, cells));
            }
        }
        lines.extend(keys(ink, screen, Pane::Candidate, &[action], cells));
    }
    if !release.candidates.burned.is_empty() {
        let burned: Vec<_> = release.candidates.burned.keys().map(|tag| tag.line()).collect();
        let said = format!("burned, never used again: {}", burned.join(", "));
        lines.extend(token_lines(ink, Sign::Blocked, &said, cells));
    }
    lines
}

fn ready_lines(ink: &Ink, ready: &Ready, more: bool, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::from(vec![
        ink.dim(format!("next {}  ", ready.what.word())),
        ink.toned(Tone::Accent, ready.tag.line()),
    ])];
    let (at, line) = (ready.at.short(), ready.line.line());
    let place = if ready.is_head { format!("at {at}, the head of {line}") } else { format!("at {at}") };
    lines.extend(bullet(ink, &place, cells));
    for why in &ready.reasons {
        lines.extend(bullet(ink, why, cells));
    }
    let open: Vec<_> = ready.open().collect();
    let all = ready.conditions.len();
    if more {
        lines.extend(bullet(ink, "waits for what the candidate waits for, and:", cells));
    } else if open.is_empty() {
        lines.push(Line::from(ink.token(Sign::Ok, &format!("all {all} conditions hold{}", ready.waived()))));
    }
    for it in open {
        let waive = if it.gate.is_some() { "" } else { " (cannot be waived)" };
        let said = format!("{} {}: {}{waive}", it.verdict.word(), it.title, shown(&it.reason, 90));
        lines.extend(token_lines(ink, sign(it.verdict), &said, cells));
    }
    for it in ready.conditions.iter().filter(|it| it.verdict == Verdict::Go && it.gate.is_none()) {
        let said = format!("{}: {}", it.title, it.reason);
        lines.extend(token_lines(ink, Sign::Ok, &said, cells));
    }
    lines
}

fn sign(verdict: Verdict) -> Sign {
    Sign::of_verdict(verdict)
}
