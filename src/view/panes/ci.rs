//! The CI tab: checks by branch, required ones first; what is known of one check. Unknown, skipped and missing are
//! never green.

use super::known::{Known, known};
use super::parts::{
    Head, at_right, block, cut_to, detail, field, history, keys, list, named, named_list, paragraph, third,
};
use crate::release::checks::{Check, CheckState, LineChecks};
use crate::release::ids::{Branch, Oid};
use crate::release::looks::Topic;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::rows::{Row, RowId, ci};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::{Column, Table, last_ten};
use crate::view::theme::{Theme, Tone};
use chrono::{DateTime, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Branches beside the one that the tab is about, at most.
const BESIDE: usize = 5;

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let branch = ci::branch(release, screen);
    let known = known_of(release, screen, branch.as_ref());
    draw_list(release, screen, &ink, (branch.as_ref(), &known), body.list, frame);
    let name = match screen.list_of(Pane::Ci).cursor.as_ref() {
        Some(RowId::Check(name)) => Some(name),
        _ => None,
    };
    let (Some(branch), Some(name)) = (branch.as_ref(), name) else {
        detail(frame, body.detail, &ink, screen, "Check", &Line::default(), |cells| {
            paragraph("Move onto a check to see since when it is as it is.", ink.theme.dim(), cells)
        });
        return;
    };
    let check = release.checks.lines.get(branch).and_then(|line| line.rows.get(name));
    let right = Line::from(ink.dim(check.map(|it| run_text(&ink, it)).unwrap_or_default()));
    detail(frame, body.detail, &ink, screen, &name.line(), &right, |cells| {
        let log = if body.third.is_some() { 0 } else { 40 };
        about(release, screen, &ink, (branch, name), (cells, log))
    });
    let title = ("Log of the failed step", &Line::default());
    third(frame, body.third, &ink, title, |cells, rows| log(release, screen, &ink, check, (cells, rows)));
}

/// How well the checks of a branch are known.
fn known_of(release: &Release, screen: &Screen, branch: Option<&Branch>) -> Known {
    let scope = branch.map_or("", Branch::as_str);
    known(release, screen, |key| key.topic == Topic::Checks && *key.scope == *scope)
}

/// Whether a line warns above the rows.
pub(super) fn warns(release: &Release, screen: &Screen) -> bool {
    let branch = ci::branch(release, screen);
    let known = known_of(release, screen, branch.as_ref());
    matches!(known, Known::Stale { .. } | Known::Failed(_)) || older(release, branch.as_ref()).is_some()
}

fn run_text(ink: &Ink, check: &Check) -> String {
    let took = took(check, ink.now).map(|took| format!(" · {took}")).unwrap_or_default();
    match check.run {
        Some(run) if run.attempt > 1 => format!("run {} attempt {}{took}", run.run, run.attempt),
        Some(run) => format!("run {}{took}", run.run),
        None => took.trim_start_matches(" · ").to_owned(),
    }
}

/// How long it took, or runs for.
fn took(check: &Check, now: DateTime<Utc>) -> Option<String> {
    let end = check.ended.or_else(|| check.state.is_running().then_some(now))?;
    let seconds = (end - check.started?).num_seconds().max(0);
    Some(match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m", seconds / 60),
        _ => format!("{}h{:02}", seconds / 3600, seconds / 60 % 60),
    })
}

/// A branch's name in few cells: from its first digit on when it is too long.
fn short(branch: &Branch, cells: usize) -> String {
    let name = branch.line();
    if name.chars().count() <= cells {
        return name;
    }
    name.find(|c: char| c.is_ascii_digit()).map_or_else(|| name.clone(), |at| name[at..].to_owned())
}

fn draw_list(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (branch, known): (Option<&Branch>, &Known),
    area: Rect,
    frame: &mut Frame,
) {
    let rows = screen.list_of(Pane::Ci);
    let branches = ci::columns(release, screen);
    let line = branch.and_then(|branch| release.checks.lines.get(branch));
    let preset = if rows.preset % 2 == 1 { "not green only" } else { "" };
    let order = if rows.order % 2 == 1 { "by name" } else { "worst first" };
    let name = branch.map_or_else(|| "CI".to_owned(), |branch| format!("CI {}", branch.line()));
    let name = named_list(rows, name, &[preset, order]);
    let mut columns = vec![Column::rest("", 26), Column::is("", 15)];
    let beside: Vec<&Branch> = branches.iter().skip(1).take(BESIDE).collect();
    for at in 0..beside.len() {
        columns.push(Column::is("", 9).leaves(u8::try_from(at + 2).unwrap_or(u8::MAX)));
    }
    columns.push(Column::is("", 10).leaves(1));
    let mut heads = vec!["check  * required".to_owned()];
    heads.extend(branch.map(|it| short(it, 15)));
    heads.extend(beside.iter().map(|it| short(it, 9)));
    heads.push("last 10".to_owned());
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let said = line.map(|line| counts(ink, line)).unwrap_or_default();
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said, known),
        columns: &columns,
        heads: &heads,
        banner: banner(release, ink, branch, known),
    };
    let instead = |cells: usize| nothing(screen, ink, branch, known, cells);
    list(frame, area, ink, (screen, rows), &head, instead, |row, table| {
        cells(release, ink, (branch, &beside), row, table)
    });
}

/// Red, running, green and the rest: how many each.
pub(super) fn counts(ink: &Ink, line: &LineChecks) -> Vec<Span<'static>> {
    let [red, running, green, other] = line.counts();
    let signs = [(red, Sign::Bad), (running, Sign::Running), (green, Sign::Ok), (other, Sign::Risk)];
    let shown = signs.into_iter().filter(|(count, _)| *count > 0);
    let mut spans = vec![];
    for (count, sign) in shown {
        let space = if spans.is_empty() { "" } else { " " };
        let text = format!("{space}{count}{}", sign.glyph(ink.glyphs));
        spans.push(ink.toned(sign.tone(), text));
    }
    spans
}

/// What to be careful of: an old look, or checks of another commit than the tip.
fn banner(release: &Release, ink: &Ink, branch: Option<&Branch>, known: &Known) -> Option<Line<'static>> {
    known.banner(ink).or_else(|| {
        let (of, tip) = older(release, branch)?;
        let text = format!("checks are of {}, the tip is {}: none of them counts", of.short(), tip.short());
        Some(Line::from(ink.token(Sign::Risk, &text)))
    })
}

/// The commit that the checks are of, and the tip, when they are not the same.
fn older(release: &Release, branch: Option<&Branch>) -> Option<(Oid, Oid)> {
    let branch = branch?;
    let tip = release.lines.0.get(branch)?.tip;
    let of = release.checks.lines.get(branch)?.sha.filter(|sha| *sha != tip)?;
    Some((of, tip))
}

fn nothing(
    screen: &Screen,
    ink: &Ink,
    branch: Option<&Branch>,
    known: &Known,
    cells: usize,
) -> Vec<Line<'static>> {
    let Some(branch) = branch else {
        let mut lines =
            vec![Line::from(vec![ink.sign(Sign::Waiting), ink.strong(" no branch is known yet")])];
        let text = "Checks are shown for the release's branch, or for the trunk.";
        lines.extend(paragraph(text, ink.theme.text(), cells));
        return lines;
    };
    let next = screen.options.keymap.text(Action::NextBranch, Pane::Ci);
    let none = format!(
        "Nothing reported on the tip of {} and nothing is required there, so nothing says that it is green. {next} shows another branch.",
        branch.line()
    );
    known.instead(ink, screen, Pane::Ci, "checks", &none, cells)
}

/// A check on a branch beside: its sign, and its duration when it is green, else its word.
fn beside_cell(ink: &Ink, line: Option<&LineChecks>, name: &Untrusted) -> Line<'static> {
    let Some(line) = line else { return Line::from(ink.dim(ink.pick("–", "-"))) };
    if !line.rows.contains_key(name) && !line.is_required(name) {
        return Line::from(ink.token(Sign::Skipped, "none"));
    }
    let state = line.state(name);
    let (sign, word) = Sign::of_check(state);
    let took = line.rows.get(name).and_then(|check| took(check, ink.now));
    match took.filter(|_| state.is_green() || state == CheckState::Running) {
        Some(took) => Line::from(vec![ink.sign(sign), ink.text(format!(" {took:>5}"))]),
        None => Line::from(ink.token(sign, word)),
    }
}

fn cells(
    release: &Release,
    ink: &Ink,
    (branch, beside): (Option<&Branch>, &[&Branch]),
    row: &Row,
    _: &Table,
) -> Vec<Line<'static>> {
    let RowId::Check(name) = &row.id else { return Vec::new() };
    let line = branch.and_then(|branch| release.checks.lines.get(branch));
    let state = line.map_or(CheckState::Missing, |line| line.state(name));
    let (sign, word) = Sign::of_check(state);
    let took = line.and_then(|line| line.rows.get(name)).and_then(|check| took(check, ink.now));
    let required = branch.is_some_and(|branch| is_required(release, branch, name));
    let pad = 9usize.saturating_sub(word.chars().count());
    let mut own = vec![ink.token(sign, word)];
    if let Some(took) = took {
        own.push(ink.text(format!("{}{took:>4}", " ".repeat(pad))));
    }
    let mut cells = vec![
        Line::from(vec![ink.toned(Tone::Accent, if required { "* " } else { "" }), ink.text(name.line())]),
        Line::from(own),
    ];
    for branch in beside {
        cells.push(beside_cell(ink, release.checks.lines.get(*branch), name));
    }
    let past = line.and_then(|line| line.history.get(name)).map_or(&[][..], Vec::as_slice);
    cells.push(Line::from(last_ten(ink, past, state)));
    cells
}

/// Whether a check counts on a branch: by the branch's protection, or by the process.
fn is_required(release: &Release, branch: &Branch, name: &Untrusted) -> bool {
    let Some(line) = release.checks.lines.get(branch) else { return false };
    let patterns = release.process.iter().flat_map(|process| &process.ci.required);
    line.is_required(name) || patterns.into_iter().any(|it| crate::release::reading::matches(it, name.raw()))
}

/// Everything known of a check.
fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (branch, name): (&Branch, &Untrusted),
    (cells, log_rows): (usize, usize),
) -> Vec<Line<'static>> {
    let Some(line) = release.checks.lines.get(branch) else { return Vec::new() };
    let state = line.state(name);
    let check = line.rows.get(name);
    let mut lines = since(ink, line, name, cells);
    let protected =
        match (is_required(release, branch, name), line.is_required(name), line.required.is_some()) {
            (_, true, _) => format!("yes, by the protection of {}", branch.line()),
            (true, false, _) => "yes, by the process".to_owned(),
            (false, _, true) => "no".to_owned(),
            (false, _, false) => "not known: the protection was not read".to_owned(),
        };
    lines.extend(field(ink, "Required", &protected, ink.theme.text(), cells));
    if let Some(workflow) = check.and_then(|check| check.workflow.as_ref()) {
        lines.extend(field(ink, "Workflow", &workflow.line(), ink.theme.text(), cells));
    }
    if let Some(started) = check.and_then(|check| check.started) {
        let said = ago(screen.now, started);
        lines.extend(field(ink, "Started", &said, ink.theme.text(), cells));
    }
    lines.extend(elsewhere(release, ink, (branch, name), cells));
    lines.extend(flakes(ink, line, name, cells));
    lines.extend(super::suspect::lines(release, ink, (branch, line), name, cells));
    if log_rows > 0 && !state.is_green() {
        lines.push(Line::default());
        lines.extend(log(release, screen, ink, check, (cells, log_rows)));
    }
    let past = history(ink, release, &name.line(), 3);
    if !past.is_empty() {
        lines.extend(block(ink, "Journal"));
        lines.extend(past);
    }
    let acts = [Action::Log, Action::Rerun, Action::NextBranch, Action::Browse];
    lines.extend(keys(ink, screen, Pane::Ci, &acts, cells));
    lines
}

/// Whether it fails by chance, from the results that are known.
fn flakes(ink: &Ink, line: &LineChecks, name: &Untrusted, cells: usize) -> Vec<Line<'static>> {
    let flake = line.flake(name);
    if flake.of == 0 {
        return Vec::new();
    }
    let judged = match (flake.red, flake.is_flaky()) {
        (0, _) => "",
        (_, true) => ": flaky",
        (_, false) => ": no sign of chance",
    };
    let both = match flake.both {
        0 => String::new(),
        1 => ", one commit gave both answers".to_owned(),
        more => format!(", {more} commits gave both answers"),
    };
    let said = format!("red {} of {}{both}{judged}", flake.red, flake.of);
    let style = if flake.is_flaky() { ink.theme.warn() } else { ink.theme.text() };
    field(ink, "Flakes", &said, style, cells)
}

/// How it stands, since when, and when it was green last.
fn since(ink: &Ink, line: &LineChecks, name: &Untrusted, cells: usize) -> Vec<Line<'static>> {
    let state = line.state(name);
    let (sign, word) = Sign::of_check(state);
    let mut lines = vec![];
    match line.red_since(name).filter(|_| state.is_red()) {
        Some((count, past)) => {
            let times =
                if count == 1 { "for the first time".to_owned() } else { format!("{count} runs in a row") };
            let said = format!("{word} {times}, since {} {}", past.sha.short(), ago(ink.now, past.at));
            lines.extend(super::parts::token_lines(ink, sign, &said, cells));
        }
        None => lines.extend(super::parts::token_lines(ink, sign, &word_of(state, word), cells)),
    }
    if !state.is_green() {
        let green = match line.last_green(name) {
            Some(past) => format!("{}, {}", past.sha.short(), ago(ink.now, past.at)),
            None => "not among the last ten".to_owned(),
        };
        lines.extend(field(ink, "Last green", &green, ink.theme.text(), cells));
    }
    let past = line.history.get(name).map_or(&[][..], Vec::as_slice);
    if !past.is_empty() {
        lines.push(named(ink, "Last 10", last_ten(ink, past, line.state(name))));
    }
    lines
}

/// The word of a state, with what it means where that is not plain.
fn word_of(state: CheckState, word: &str) -> String {
    let more = match state {
        CheckState::Missing => ": required, and nothing of this name reported",
        CheckState::Unknown => ": GitHub gave an answer that is not known here",
        CheckState::Stale => ": GitHub gave up on it",
        CheckState::Skipped | CheckState::Neutral => ": it did not run, which is not green",
        CheckState::ActionRequired => ": somebody must approve the run",
        CheckState::Failed
        | CheckState::TimedOut
        | CheckState::Cancelled
        | CheckState::Running
        | CheckState::Queued
        | CheckState::Passed => "",
    };
    format!("{word}{more}")
}

/// Where else it is red.
fn elsewhere(
    release: &Release,
    ink: &Ink,
    (branch, name): (&Branch, &Untrusted),
    cells: usize,
) -> Vec<Line<'static>> {
    let red: Vec<_> = release.checks.also_red(name, branch).map(Branch::line).collect();
    if red.is_empty() && release.checks.lines.get(branch).is_some_and(|line| !line.state(name).is_red()) {
        return Vec::new();
    }
    let said = if red.is_empty() { "no other branch".to_owned() } else { red.join(", ") };
    field(ink, "Red also", &said, ink.theme.text(), cells)
}

/// The end of the failed step's log, as far as it fits; how to get it when it is not here.
fn log(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    check: Option<&Check>,
    (cells, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let key = screen.options.keymap.text(Action::Log, Pane::Ci);
    let job = check.and_then(|check| check.run).and_then(|run| run.job);
    let Some(seen) = job.and_then(|job| release.checks.logs.get(&job)) else {
        let said = match job {
            Some(_) => format!("{key} reads the end of the failed step's log."),
            None => "No workflow job stands behind it: its log is not on GitHub.".to_owned(),
        };
        return paragraph(&said, ink.theme.dim(), cells);
    };
    let step = seen.step.as_ref().map_or_else(|| "not known".to_owned(), Untrusted::line);
    let mut lines = vec![Line::from(vec![ink.dim("failed step  "), ink.toned(Tone::Bad, step)])];
    let all = seen.tail.raw().split('\n').count();
    let tail = seen.tail.lines(all).skip(all.saturating_sub(rows.saturating_sub(1)));
    let width = u16::try_from(cells).unwrap_or(u16::MAX);
    lines.extend(tail.map(|line| cut_to(&Line::from(ink.text(line)), width, ink)));
    lines
}
