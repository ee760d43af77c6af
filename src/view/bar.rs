//! The mission bar: one answer first. Which release, its verdict, what blocks, the time to the cut, how fresh it is.

use super::ink::{Ink, Sign};
use super::layout::WIDE;
use super::parts;
use super::theme::Tone;
use crate::release::Release;
use crate::release::looks::{LookKey, Topic};
use crate::release::poll::Verdict;
use crate::release::scope::days;
use crate::screen::fresh::{Source, age};
use crate::screen::{Mode, Screen, set};
use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

/// A part of the bar, and when it leaves for want of room: the highest first, 0 never.
type Part = (u8, Vec<Span<'static>>);

/// Draws the mission bar.
pub fn draw(buffer: &mut Buffer, area: Rect, release: &Release, screen: &Screen, ink: &Ink) {
    let alarm = match screen.mode {
        Mode::Grounded => Some(ink.theme.badge(Tone::Bad)),
        Mode::Replay => Some(ink.theme.badge(Tone::Hold)),
        Mode::Opening | Mode::Live | Mode::Demo | Mode::ReadOnly => None,
    };
    buffer.set_style(area, alarm.unwrap_or_else(|| ink.theme.panel()));
    let (mut left, mut right) = (name(release, ink, area.width < WIDE), vec![]);
    // Before the journal is read to its end there is no verdict.
    if screen.mode != Mode::Opening {
        left.extend(verdict(screen, ink));
        left.extend(set_words(release, screen).map(|words| (5, vec![ink.dim(words)])));
        right.extend(cut(release, screen, ink));
    }
    right.extend(mode(screen, ink));
    if screen.mode != Mode::Replay && screen.mode != Mode::Opening {
        right.extend(freshness(screen, ink));
        right.extend(api(release, screen, ink));
    }
    fit(&mut left, &mut right, usize::from(area.width).saturating_sub(2));
    let inner = Rect { x: area.x + 1, width: area.width.saturating_sub(2), ..area };
    let plain = |mut line: Line<'static>| {
        // On an alarm's colour only its own text can be read.
        if alarm.is_some() {
            line.spans.iter_mut().for_each(|span| span.style = Style::new());
        }
        line
    };
    let left = plain(join(left, 2));
    let right = plain(join(right, 2));
    parts::put(buffer, inner, 0, &left);
    let cells = u16::try_from(right.width()).unwrap_or(0).min(inner.width);
    let place = Rect { x: inner.right() - cells, width: cells, ..inner };
    parts::put(buffer, place, 0, &right);
}

/// Drops parts, those that leave first, until both sides fit.
fn fit(left: &mut Vec<Part>, right: &mut Vec<Part>, cells: usize) {
    loop {
        let wide = |parts: &[Part]| -> usize {
            parts.iter().map(|(_, spans)| spans.iter().map(Span::width).sum::<usize>() + 2).sum()
        };
        let worst = left.iter().chain(right.iter()).map(|(rank, _)| *rank).max().unwrap_or(0);
        if wide(left) + wide(right) <= cells + 2 || worst == 0 {
            return;
        }
        left.retain(|(rank, _)| *rank != worst);
        right.retain(|(rank, _)| *rank != worst);
    }
}

fn join(parts: Vec<Part>, gap: usize) -> Line<'static> {
    let mut spans = vec![];
    for (_, part) in parts {
        if !spans.is_empty() {
            spans.push(Span::raw(" ".repeat(gap)));
        }
        spans.extend(part);
    }
    Line::from(spans)
}

fn name(release: &Release, ink: &Ink, short: bool) -> Vec<Part> {
    let mut parts = vec![];
    if let Some(repo) = release.opened.as_ref().and_then(|opened| opened.repo.as_ref()) {
        let name = if short { repo.name() } else { repo.as_str() };
        parts.push((6, vec![ink.strong(name)]));
    }
    let mut spans = vec![];
    if let Some(line) = release.line_name() {
        parts.push((8, vec![ink.dim(format!("{} {}", line.line(), ink.pick("→", "->")))]));
    }
    spans.push(Span::styled(release.name(), ink.theme.title(true)));
    parts.push((0, spans));
    parts
}

/// The word for the verdict, in a block of its colour.
#[must_use]
pub fn verdict_badge(verdict: Verdict, ink: &Ink) -> Span<'static> {
    let sign = Sign::of_verdict(verdict);
    let text = format!(" {} {} ", sign.glyph(ink.glyphs), verdict.word());
    Span::styled(text, ink.theme.badge(sign.tone()))
}

/// The release's place in its set, in words.
#[must_use]
pub fn set_words(release: &Release, screen: &Screen) -> Option<String> {
    set::place(release, screen).map(|(at, all)| format!("{at} of {all} in the set"))
}

fn verdict(screen: &Screen, ink: &Ink) -> Vec<Part> {
    let mut parts = vec![(0, vec![verdict_badge(screen.verdict, ink)])];
    let count = screen.agenda.len();
    if count > 0 {
        let tone = Sign::of_verdict(screen.verdict).tone();
        let text = format!("{count} {}", if count == 1 { "blocker" } else { "blockers" });
        parts.push((2, vec![ink.toned(tone, text)]));
    }
    parts
}

/// The time to the cut, in words.
#[must_use]
pub fn to_cut(release: &Release, screen: &Screen) -> Option<(bool, String)> {
    let due = release.milestones.due()?;
    let left = due - screen.now;
    Some(if left >= TimeDelta::zero() { (false, days(left)) } else { (true, days(-left)) })
}

fn cut(release: &Release, screen: &Screen, ink: &Ink) -> Vec<Part> {
    match to_cut(release, screen) {
        None => vec![],
        Some((true, late)) => vec![(1, vec![ink.toned(Tone::Bad, format!("cut {late} late"))])],
        Some((false, left)) => vec![(1, vec![ink.dim("cut in "), ink.strong(left)])],
    }
}

fn mode(screen: &Screen, ink: &Ink) -> Vec<Part> {
    let badge = |tone, text: String| vec![Span::styled(format!(" {text} "), ink.theme.badge(tone))];
    let mode = match screen.mode {
        Mode::Opening => vec![ink.toned(Tone::Run, "OPENING")],
        Mode::Live if screen.options.read_only => badge(Tone::Warn, "READ-ONLY".to_owned()),
        Mode::Demo if screen.options.read_only => badge(Tone::Warn, "DEMO READ-ONLY".to_owned()),
        Mode::Live => vec![ink.toned(Tone::Ok, "LIVE")],
        Mode::Demo => badge(Tone::Accent, "DEMO".to_owned()),
        Mode::ReadOnly => badge(Tone::Warn, "READ-ONLY".to_owned()),
        Mode::Grounded => badge(Tone::Bad, "GROUNDED".to_owned()),
        Mode::Replay => {
            let place = screen.timeline.as_ref().map(|it| {
                let at = it.ts.map_or_else(String::new, |ts| ts.format(" %H:%M:%SZ").to_string());
                format!("{at} {}/{}", it.at, it.last)
            });
            badge(Tone::Hold, format!("REPLAY{}", place.unwrap_or_default()))
        }
    };
    let mut parts = vec![(0, mode)];
    if screen.unrecorded.seen {
        parts.push((0, badge(Tone::Bad, "UNRECORDED".to_owned())));
    }
    if screen.options.dry_run {
        parts.push((0, badge(Tone::Warn, "DRY-RUN".to_owned())));
    }
    parts
}

/// How fresh what is shown is: its oldest look, or that none answers.
#[must_use]
pub fn freshness_words(screen: &Screen) -> (Tone, String) {
    // Registries are asked at their own pace: what they say has its age beside it.
    let own = |key: &LookKey| key.topic != Topic::Artifacts;
    let looks: Vec<_> = screen.fresh.0.iter().filter(|(key, _)| own(key)).map(|(_, look)| look).collect();
    let failing = looks.iter().filter(|look| look.error.is_some()).count();
    let seen = |look: &crate::screen::fresh::Look| look.at.map(|at| age(screen.now, at));
    match screen.fresh.worst(own) {
        None => (Tone::Dim, "not read yet".to_owned()),
        Some(look) if failing > 0 => {
            let word = if failing == looks.len() { "offline" } else { "stale" };
            (
                Tone::Warn,
                seen(look).map_or_else(|| format!("{word}, never read"), |age| format!("{word} {age}")),
            )
        }
        Some(look) => match (seen(look), look.source) {
            (None, _) => (Tone::Run, "reading".to_owned()),
            (Some(age), Source::Journal) => (Tone::Warn, format!("from the journal, {age}")),
            (Some(age), Source::Live | Source::Unchanged) if screen.options.poll.is_none() => {
                (Tone::Warn, format!("{age}, paused"))
            }
            (Some(age), Source::Live | Source::Unchanged) => (Tone::Dim, age),
        },
    }
}

fn freshness(screen: &Screen, ink: &Ink) -> Vec<Part> {
    let (tone, words) = freshness_words(screen);
    vec![(4, vec![ink.toned(tone, format!("{} {words}", ink.pick("⟳", "~")))])]
}

/// What is left of the forge's limit, when it starts anew once nothing is, or that there is no token or no forge.
#[must_use]
pub fn api_words(release: &Release, screen: &Screen) -> Option<(Tone, String)> {
    let auth = release.session.as_ref().map(|session| &*session.auth);
    if release.is_on_no_forge() {
        return Some((Tone::Warn, "no forge".to_owned()));
    }
    if let Some(left) = screen.held_for() {
        return Some((Tone::Bad, format!("api held {left}")));
    }
    if let Some(rate) = screen.rate {
        if rate.left == 0 && rate.reset > screen.now {
            return Some((
                Tone::Bad,
                format!("api used up, {} left", crate::screen::soon(rate.reset - screen.now)),
            ));
        }
        let tone = if rate.left < rate.limit / 10 { Tone::Warn } else { Tone::Dim };
        return Some((tone, format!("api {}/{}", rate.left, rate.limit)));
    }
    (auth == Some("none")).then(|| (Tone::Warn, "no token".to_owned()))
}

fn api(release: &Release, screen: &Screen, ink: &Ink) -> Vec<Part> {
    let Some((tone, words)) = api_words(release, screen) else { return vec![] };
    let rank = if tone == Tone::Dim { 7 } else { 3 };
    vec![(rank, vec![ink.toned(tone, words)])]
}
