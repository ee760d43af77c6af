//! Summaries beside the poll: the milestone and the cut, the checks of the release's line, the journal's tail, what
//! changed since the last session.

use super::known::{Known, known, topics};
use super::milestone::{chart_of, pace, slip};
use super::parts::{above, below, cut_to, paragraph, percent};
use crate::order::Order as _;
use crate::release::Release;
use crate::release::checks::{CheckState, LineChecks};
use crate::release::looks::Topic;
use crate::release::scope::days;
use crate::release::text::{Untrusted, shown};
use crate::screen::Screen;
use crate::screen::fresh::{age, ago};
use crate::view::ink::{Ink, Sign};
use crate::view::parts;
use crate::view::theme::Tone;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws lines cut to the area; says how many rows they took.
fn draw(frame: &mut Frame, area: Rect, ink: &Ink, lines: &[Line<'static>]) -> u16 {
    let cut: Vec<_> = lines.iter().map(|line| cut_to(line, area.width, ink)).collect();
    parts::lines(frame.buffer_mut(), area, 0, &cut)
}

/// The milestone: how far it is, the phase, the cut, the burn-up. Says how many rows it took.
pub(super) fn milestone(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) -> u16 {
    let inner = milestone_title(release, screen, ink, area, frame);
    let mut lines = progress(release, screen, ink, usize::from(inner.width));
    lines.extend(calendar(release, ink, usize::from(inner.width)));
    let used = draw(frame, inner, ink, &lines);
    let chart = below(inner, used);
    if chart.height < 4 || release.milestones.issues.is_empty() {
        return used + 1;
    }
    let plot = above(chart, chart.height - 1);
    chart_of(screen, ink, plot, frame);
    let pace: Vec<_> = pace(screen, ink).into_iter().collect();
    draw(frame, below(chart, plot.height), ink, &pace);
    area.height
}

fn milestone_title(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) -> Rect {
    let title = release.milestones.chosen.as_ref().map_or_else(String::new, |it| format!(" {}", it.line()));
    let (all, done) = (screen.tally.all, screen.tally.done);
    let known = topics(release, screen, &[Topic::Milestones, Topic::Issues]);
    let mut right = vec![];
    if let Some(percent) = percent(done, all) {
        right.push(ink.text(format!("{done}/{all} · {percent}")));
    }
    if !matches!(known, Known::Read(_)) {
        if !right.is_empty() {
            right.push(ink.text("  "));
        }
        right.push(known.said(ink));
    }
    parts::title(frame.buffer_mut(), area, ink, false, &format!("Milestone{title}"), &Line::from(right))
}

/// The bar and the counts, or why there is none.
fn progress(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let (all, done) = (screen.tally.all, screen.tally.done);
    if all == 0 {
        let known = topics(release, screen, &[Topic::Milestones, Topic::Issues]);
        return super::milestone::nothing(release, screen, ink, &known, cells);
    }
    let owned = screen.tally.owned;
    let counts = vec![
        ink.token(Sign::Ok, &format!("{done} done")),
        ink.text("  "),
        ink.token(Sign::Running, &format!("{owned} owned")),
        ink.text("  "),
        ink.token(Sign::Waiting, &format!("{} unowned", all - done - owned)),
    ];
    vec![Line::from(parts::bar(ink, done, all, cells)), Line::from(counts)]
}

/// The phase, and how long it is to the cut.
fn calendar(release: &Release, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let phase = release.phase(ink.now).map(|phase| {
        let title = if phase.title.is_empty() { &phase.id } else { &phase.title };
        shown(title, 40)
    });
    let mut first: Vec<Span<'static>> = vec![];
    if let Some(phase) = phase {
        first.extend([ink.dim("phase "), ink.text(phase)]);
    }
    let mut spans: Vec<Span<'static>> = vec![];
    match release.milestones.due() {
        Some(due) if due >= ink.now => {
            spans.extend([ink.dim("cut in "), ink.strong(days(due - ink.now))]);
            spans.push(ink.dim(format!("  {}", due.format("%a %-d %b"))));
        }
        Some(due) => spans.push(ink.toned(Tone::Warn, format!("! {} over the date", days(ink.now - due)))),
        None if release.milestones.chosen.is_some() => spans.push(ink.dim("the milestone has no due date")),
        None => {}
    }
    two(ink, first, spans, cells)
}

/// Two groups of words on one line, or on two where they do not fit.
fn two(ink: &Ink, first: Vec<Span<'static>>, then: Vec<Span<'static>>, cells: usize) -> Vec<Line<'static>> {
    let (one, other) = (Line::from(first), Line::from(then));
    if one.width() > 0 && other.width() > 0 && one.width() + 3 + other.width() <= cells {
        let mut spans = one.spans;
        spans.push(ink.text("   "));
        spans.extend(other.spans);
        return vec![Line::from(spans)];
    }
    [one, other].into_iter().filter(|line| line.width() > 0).collect()
}

/// The checks of the release's line, the worst first, and red results a day. Says how many rows it took.
pub(super) fn checks(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) -> u16 {
    let branch = release.line_name().or_else(|| release.trunk());
    let name = branch.as_ref().map_or_else(|| "CI".to_owned(), |branch| format!("CI {}", branch.line()));
    let line = branch.as_ref().and_then(|branch| release.checks.lines.get(branch));
    let right = line.map(|line| super::ci::counts(ink, line)).unwrap_or_default();
    let inner = parts::title(frame.buffer_mut(), area, ink, false, &name, &Line::from(right));
    let (Some(branch), Some(line)) = (branch, line) else {
        let known = known(release, screen, |key| key.topic == Topic::Checks);
        let none = "Nothing is known of the checks of this branch.";
        let said = known.instead(ink, screen, screen.tab, "checks", none, usize::from(inner.width));
        return draw(frame, inner, ink, &said) + 1;
    };
    let mut names = release.required_checks(&branch).unwrap_or_default();
    names.extend(line.rows.keys().filter(|name| line.state(name).is_red()).cloned());
    names.order_by_key(|name| (line.state(name), name.clone()));
    names.dedup();
    let of = known(release, screen, |key| key.topic == Topic::Checks && *key.scope == *branch.as_str());
    let cells = usize::from(inner.width);
    // What is required may be known while the checks are not: nothing is said of them then.
    if line.rows.is_empty() && !matches!(of, Known::Read(_) | Known::Stale { .. }) {
        let said = of.instead(ink, screen, screen.tab, "checks", "", cells);
        return draw(frame, inner, ink, &said) + 1;
    }
    if names.is_empty() {
        let none = if line.rows.is_empty() {
            "Nothing reported on its tip, and nothing is required."
        } else {
            "No check is required here, and none is red."
        };
        let mut said: Vec<_> = of.banner(ink).into_iter().collect();
        said.extend(paragraph(none, ink.theme.text(), cells));
        return draw(frame, inner, ink, &said) + 1;
    }
    let room = usize::from(inner.height.saturating_sub(1));
    let mut lines: Vec<_> = names.iter().take(room).map(|name| check(ink, line, name, cells)).collect();
    let days = line.red_days(ink.now, 28);
    let worst = days.iter().copied().max().unwrap_or(0);
    if worst > 0 {
        lines.push(Line::from(vec![
            ink.dim("red/day  "),
            parts::spark(ink, &days, cells.saturating_sub(19).min(28)),
            ink.dim(format!("  worst {worst}")),
        ]));
    }
    draw(frame, inner, ink, &lines) + 1
}

/// One check: sign, name, the last ten.
fn check(ink: &Ink, line: &LineChecks, name: &Untrusted, cells: usize) -> Line<'static> {
    let state = line.state(name);
    let (sign, word) = Sign::of_check(state);
    let label = if state == CheckState::Passed { String::new() } else { format!("  {word}") };
    let wide = cells.saturating_sub(13);
    let text = parts::cut(&format!("{}{label}", name.line()), wide, ink);
    let pad = " ".repeat(wide.saturating_sub(parts::width(&text)) + 1);
    let mut spans = vec![ink.sign(sign), ink.text(format!(" {text}{pad}"))];
    let past = line.history.get(name).map_or(&[][..], Vec::as_slice);
    spans.extend(parts::last_ten(ink, past, state));
    Line::from(spans)
}

/// What changed since the last session, then the newest entries.
pub(super) fn journal(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let since = since(screen, ink);
    let rows = since.as_ref().map_or(0, |(_, lines)| u16::try_from(lines.len()).unwrap_or(0) + 2);
    let tail = above(area, area.height.saturating_sub(rows));
    // What was sent shows as what came of it, and as "sent" in the journal's own tab.
    let deeds = release.log.rows.iter().rev().filter(|row| row.deed && !row.kind.ends_with(".intent"));
    let right = Line::from(ink.dim(format!("{} entries", release.log.rows.len())));
    let inner = parts::title(frame.buffer_mut(), tail, &ink.recorded(), false, "Journal", &right);
    let line = |row: &crate::release::log::Row| {
        let by = parts::cut(&ink.private(&shown(&row.by, 40)), 9, ink);
        let mut spans = vec![
            ink.dim(format!("{:>3} ", age(ink.now, row.ts))),
            ink.toned(Tone::Accent, format!("{by}{}", " ".repeat(10usize.saturating_sub(parts::width(&by))))),
        ];
        if let Some(status) = row.status {
            let (sign, _) = Sign::of_status(status);
            spans.extend([ink.sign(sign), ink.text(" ")]);
        }
        spans.push(ink.text(row.what.to_string()));
        Line::from(spans)
    };
    let lines: Vec<_> = deeds.take(usize::from(inner.height)).map(line).collect();
    let lines =
        if lines.is_empty() { vec![Line::from(ink.dim("nothing has been decided yet"))] } else { lines };
    let used = draw(frame, inner, ink, &lines) + 1;
    if let Some((head, lines)) = since {
        let place = below(area, used + 1);
        let inner = parts::title(frame.buffer_mut(), place, ink, false, &head, &Line::default());
        draw(frame, inner, ink, &lines);
    }
}

/// What changed since the session before this one; none in the first.
fn since(screen: &Screen, ink: &Ink) -> Option<(String, Vec<Line<'static>>)> {
    let since = screen.since.as_ref()?;
    let head = format!("Since the last session, {}", ago(ink.now, since.at));
    if since.is_quiet() {
        return Some((head, vec![Line::from(ink.dim("nothing changed that is known here"))]));
    }
    let mut spans: Vec<Span<'static>> = vec![];
    let counts = [
        (since.closed, Sign::Ok, "closed"),
        (since.opened, Sign::Waiting, "opened"),
        (since.left, Sign::Skipped, "moved out"),
        (since.commits, Sign::Landed, "commits on the line"),
    ];
    for (count, sign, word) in counts.into_iter().filter(|(count, ..)| *count > 0) {
        spans.extend([ink.token(sign, &format!("{count} {word}")), ink.text("   ")]);
    }
    let mut lines = vec![Line::from(spans)];
    if !since.tags.is_empty() {
        let names: Vec<_> = since.tags.iter().take(3).map(crate::release::ids::Tag::line).collect();
        lines.push(Line::from(vec![ink.dim("tagged "), ink.toned(Tone::Accent, names.join(", "))]));
    }
    Some((head, lines))
}

/// The milestone in a line, the checks in a line: for few columns.
pub(super) fn strip(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let (all, done) = (screen.tally.all, screen.tally.done);
    let mut first = match (&release.milestones.chosen, percent(done, all)) {
        (Some(title), Some(percent)) => {
            let mut spans = vec![
                ink.strong(format!("Milestone {}  ", parts::cut(&title.line(), 16, ink))),
                ink.text(format!("{done}/{all} · {percent}  ")),
            ];
            spans.extend(parts::bar(ink, done, all, 12));
            spans
        }
        (Some(title), None) => vec![ink.strong(format!("Milestone {}", parts::cut(&title.line(), 40, ink)))],
        (None, _) => vec![ink.strong("Milestone  "), ink.token(Sign::Act, "none is chosen")],
    };
    let known = topics(release, screen, &[Topic::Milestones, Topic::Issues]);
    if !matches!(known, Known::Read(_)) {
        first.extend([ink.text("  "), known.said(ink)]);
    }
    if let Some(slip) = screen.tally.pace(ink.now).and_then(|pace| slip(ink, pace)) {
        first.extend([ink.text("  "), slip]);
    }
    let mut lines = vec![Line::from(first)];
    if let Some(branch) = release.line_name().or_else(|| release.trunk()) {
        let mut spans = vec![ink.strong(format!("CI {}  ", parts::cut(&branch.line(), 24, ink)))];
        match release.checks.lines.get(&branch) {
            Some(line) if !line.rows.is_empty() => {
                spans.extend(super::ci::counts(ink, line));
                let days = line.red_days(ink.now, 28);
                if days.iter().any(|count| *count > 0) {
                    spans.extend([ink.text("  "), parts::spark(ink, &days, 28), ink.dim(" red a day")]);
                }
            }
            _ => spans.push(known_checks(release, screen, ink)),
        }
        lines.push(Line::from(spans));
    }
    let inset = 2.min(area.width);
    draw(frame, Rect { x: area.x + inset, width: area.width - inset, ..area }, ink, &lines);
}

/// Why nothing is said of the checks.
fn known_checks(release: &Release, screen: &Screen, ink: &Ink) -> Span<'static> {
    match known(release, screen, |key| key.topic == Topic::Checks) {
        Known::Read(_) => ink.dim("nothing is known of its checks"),
        known => known.said(ink),
    }
}
