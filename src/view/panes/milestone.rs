//! The milestone tab: issues by what they mean for the release, the burn-up, everything known of one issue.

use super::known::{Known, topics};
use super::parts::{
    Head, at_right, block, count, cut_to, detail, field, history, keys, list, named_list, or_dash, paragraph,
    percent, third,
};
use crate::release::ids::IssueKey;
use crate::release::looks::Topic;
use crate::release::milestone::Issue;
use crate::release::pace::{Burn, Pace};
use crate::release::reading::matches;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::rows::milestone::ORDERS;
use crate::screen::rows::{Row, RowId};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::{self, Column};
use crate::view::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// What leads to the rows.
const LOOKS: [Topic; 2] = [Topic::Milestones, Topic::Issues];

/// Rows of the detail that the burn-up takes, its number line included.
const CHART: u16 = 9;

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let known = topics(release, screen, &LOOKS);
    draw_list(release, screen, &ink, &known, body.list, frame);
    let mut area = body.detail;
    if body.third.is_none() && !body.stacked && area.height >= CHART + 14 {
        draw_burn(release, screen, &ink, super::parts::above(area, CHART), frame);
        area = super::parts::below(area, CHART + 1);
    }
    if let Some(place) = body.third {
        draw_burn(release, screen, &ink, super::parts::above(place, CHART + 4), frame);
        let place = super::parts::below(place, CHART + 5);
        let name = ("By person", &Line::default());
        third(frame, Some(place), &ink, name, |cells, rows| people(screen, &ink, cells, rows));
    }
    let issue = screen.list_of(Pane::Milestone).cursor.as_ref().and_then(|id| issue(release, id));
    let (name, right) = match issue {
        Some((key, issue)) => {
            let by = or_dash(issue.author.as_ref().map(|it| ink.private(&it.line())), &ink);
            let opened = ago(screen.now, issue.created);
            (id_text(release, key), Line::from(ink.dim(format!("opened {opened} by {by}"))))
        }
        None => ("Issue".to_owned(), Line::default()),
    };
    detail(frame, area, &ink, screen, &name, &right, |cells| match issue {
        Some((key, issue)) => about(release, screen, &ink, (key, issue), cells, body.stacked),
        None => paragraph("Move onto an issue to see everything known of it.", ink.theme.dim(), cells),
    });
}

/// Whether a line warns above the rows.
pub(super) fn warns(release: &Release, screen: &Screen) -> bool {
    super::known::warns(release, screen, &LOOKS)
}

fn draw_list(release: &Release, screen: &Screen, ink: &Ink, known: &Known, area: Rect, frame: &mut Frame) {
    let rows = screen.list_of(Pane::Milestone);
    let chosen = release.milestones.chosen.as_ref().map(Untrusted::line);
    let order = if rows.order.is_multiple_of(3) { "" } else { ORDERS[usize::from(rows.order % 3)] };
    let preset = if rows.preset % 2 == 1 { "open only" } else { "" };
    let name = format!("Milestone {}", chosen.as_deref().unwrap_or_default());
    let name = named_list(rows, name.trim_end().to_owned(), &[preset, order]);
    let (all, done) = (screen.tally.all, screen.tally.done);
    let said = percent(done, all).map(|percent| ink.text(format!("{done}/{all} · {percent}")));
    let said: Vec<_> = said.into_iter().collect();
    let several = release.repositories().len() > 1;
    let columns = [
        Column::is("", 9),
        Column::is("", if several { 16 } else { 6 }),
        Column::rest("", 40),
        Column::is("", 9).right().leaves(1),
        Column::is("", 4).right().leaves(2),
    ];
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said, known),
        columns: &columns,
        heads: &["state", "id", "title", "owner", "age"],
        banner: known.banner(ink),
    };
    let instead = |cells: usize| nothing(release, screen, ink, known, cells);
    list(frame, area, ink, (screen, rows), &head, instead, |row, _| cells(release, ink, row));
}

/// What to say where issues would be.
pub(super) fn nothing(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    known: &Known,
    cells: usize,
) -> Vec<Line<'static>> {
    let key = screen.options.keymap.text(Action::ChooseMilestone, Pane::Milestone);
    if release.milestones.chosen.is_none() {
        let wanted = release.milestone_title();
        let said = wanted.map(|it| format!(" This release would be driven by “{it}”.")).unwrap_or_default();
        let mut lines = vec![Line::from(vec![ink.sign(Sign::Act), ink.strong(" no milestone is chosen")])];
        lines.extend(paragraph(&format!("{key} chooses one.{said}"), ink.theme.text(), cells));
        if let Known::Failed(why) | Known::Stale { why, .. } = known {
            lines.extend(paragraph(&format!("Milestones could not be read: {why}"), ink.theme.bad(), cells));
        }
        return lines;
    }
    let none =
        format!("The milestone is empty. {key} chooses another; issues put into it on GitHub appear here.");
    known.instead(ink, screen, Pane::Milestone, "issues", &none, cells)
}

/// The issue of a row.
fn issue<'r>(release: &'r Release, id: &RowId) -> Option<(&'r IssueKey, &'r Issue)> {
    let RowId::Issue(key) = id else { return None };
    let here = release.milestones.issues.get_key_value(key);
    here.or_else(|| release.milestones.left.get_key_value(key).map(|(key, (_, issue))| (key, issue)))
}

/// The sign and the word of an issue's state.
fn state(release: &Release, key: &IssueKey, issue: &Issue) -> (Sign, &'static str) {
    let process = release.process.as_ref();
    let has = |patterns: &[String]| {
        patterns.iter().any(|it| issue.labels.iter().any(|label| matches(it, label.raw())))
    };
    let target = key.to_string();
    let sending = || release.outbox.open.values().any(|open| open.errand.target() == target);
    if !release.outbox.open.is_empty() && sending() {
        (Sign::Running, "sending")
    } else if release.milestones.left.contains_key(key) {
        (Sign::Skipped, "left")
    } else if issue.pull && process.is_some_and(|it| it.milestone.issues_only) {
        if issue.open && release.is_blocker(issue) {
            (Sign::Bad, "PR blocks")
        } else {
            (Sign::Risk, "is a PR")
        }
    } else if !issue.open {
        (Sign::Ok, "done")
    } else if release.is_blocker(issue) {
        (Sign::Bad, "blocks")
    } else if process.is_some_and(|it| has(&it.labels.triage)) {
        (Sign::Act, "triage")
    } else if issue.assignees.is_empty() {
        (Sign::Waiting, "open")
    } else {
        (Sign::Running, "owned")
    }
}

/// `#5748`, with the repository's name when there are several.
fn id_text(release: &Release, key: &IssueKey) -> String {
    if release.repositories().len() > 1 {
        format!("{}#{}", key.repo.name(), key.number)
    } else {
        format!("#{}", key.number)
    }
}

fn cells(release: &Release, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let Some((key, issue)) = issue(release, &row.id) else { return Vec::new() };
    let (sign, word) = state(release, key, issue);
    let title = if issue.open { ink.text(issue.title.line()) } else { ink.dim(issue.title.line()) };
    let mut named = note(release, ink, key);
    named.push(title);
    let shown = issue.closed.filter(|_| !issue.open).unwrap_or(issue.created);
    vec![
        Line::from(ink.token(sign, word)),
        Line::from(ink.toned(Tone::Accent, id_text(release, key))),
        Line::from(named),
        Line::from(ink.dim(owner(ink, issue))),
        Line::from(ink.age(shown)),
    ]
}

/// What is to be noticed: added after the scope was read first, moved on from earlier milestones.
fn note(release: &Release, ink: &Ink, key: &IssueKey) -> Vec<Span<'static>> {
    let mut spans = vec![];
    if release.milestones.added.contains(key) {
        spans.push(ink.toned(Tone::Warn, "new "));
    }
    let rolls = release.milestones.rolls(key);
    if rolls > 0 {
        spans.push(ink.toned(Tone::Hold, format!("{}{rolls} ", ink.pick("×", "x"))));
    }
    spans
}

fn owner(ink: &Ink, issue: &Issue) -> String {
    match &issue.assignees[..] {
        [] => ink.pick("–", "-").to_owned(),
        [one] => ink.private(&one.line()),
        [one, more @ ..] => format!("{} +{}", ink.private(&one.line()), more.len()),
    }
}

/// Everything known of an issue.
fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, issue): (&IssueKey, &Issue),
    cells: usize,
    stacked: bool,
) -> Vec<Line<'static>> {
    let (sign, word) = state(release, key, issue);
    let open = if issue.open { "open" } else { "closed" };
    let kind = if issue.pull { "pull request" } else { "issue" };
    let mut lines = vec![Line::from(vec![ink.token(sign, word), ink.dim(format!(" · {open} {kind}"))])];
    lines.extend(paragraph(&issue.title.line(), ink.theme.strong(), cells));
    let labels: Vec<_> = issue.labels.iter().map(Untrusted::line).collect();
    if !labels.is_empty() {
        lines.extend(field(ink, "Labels", &labels.join(", "), ink.theme.hold(), cells));
    }
    let owners: Vec<_> = issue.assignees.iter().map(|it| ink.private(&it.line())).collect();
    let owners = if owners.is_empty() { "nobody".to_owned() } else { owners.join(", ") };
    lines.extend(field(ink, "Owner", &owners, ink.theme.text(), cells));
    if release.repositories().len() > 1 {
        lines.extend(field(ink, "Repository", key.repo.as_str(), ink.theme.text(), cells));
    }
    let moved = ago(screen.now, issue.updated);
    let mut times = format!("changed {moved}, {}", count(issue.comments as usize, "comment"));
    if let Some(closed) = issue.closed.filter(|_| !issue.open) {
        times = format!("closed {}, {times}", ago(screen.now, closed));
    }
    lines.extend(field(ink, "Activity", &times, ink.theme.text(), cells));
    lines.extend(scope(release, ink, key, cells));
    if stacked {
        lines.extend(pace(screen, ink));
    }
    let past = history(ink, release, &key.to_string(), 4);
    if !past.is_empty() {
        lines.extend(block(ink, "Journal"));
        lines.extend(past);
    }
    let state = if issue.open { [Action::Close, Action::CloseNotPlanned] } else { [Action::Reopen; 2] };
    let mut acts = vec![Action::Move, Action::Drop, Action::Assign, Action::Label, Action::Comment];
    acts.extend(if issue.open { &state[..] } else { &state[..1] });
    acts.push(Action::Browse);
    lines.extend(keys(ink, screen, Pane::Milestone, &acts, cells));
    lines
}

/// How it came into the scope, or left it.
fn scope(release: &Release, ink: &Ink, key: &IssueKey, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![];
    if release.milestones.added.contains(key) {
        lines.extend(field(ink, "Scope", "added after the scope was first read", ink.theme.warn(), cells));
    }
    if let Some((at, _)) = release.milestones.left.get(key) {
        let said = format!("left the milestone {}", ago(ink.now, *at));
        lines.extend(field(ink, "Scope", &said, ink.theme.warn(), cells));
    }
    let rolls = release.milestones.rolls(key);
    if rolls > 0 {
        let times = if rolls == 1 { "once".to_owned() } else { format!("{rolls} times") };
        let said = format!("moved on from an earlier milestone {times}");
        lines.extend(field(ink, "Rolls", &said, ink.theme.hold(), cells));
    }
    lines
}

/// The burn-up with its title, the pace under it.
fn draw_burn(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let added = release.milestones.added.len();
    let left = release.milestones.left.len();
    let all = screen.tally.all;
    let right = Line::from(ink.dim(format!("scope {all}  +{added} {}{left}", ink.pick("−", "-"))));
    let inner = parts::title(frame.buffer_mut(), area, ink, false, "Burn-up", &right);
    let chart = super::parts::above(inner, inner.height.saturating_sub(2));
    chart_of(screen, ink, chart, frame);
    let pace = pace(screen, ink).map(|line| cut_to(&line, inner.width, ink));
    let counted = (all > 0).then(|| cut_to(&Line::from(ink.dim(since_when(screen, all))), inner.width, ink));
    let said: Vec<_> = pace.into_iter().chain(counted).collect();
    parts::lines(frame.buffer_mut(), super::parts::below(inner, chart.height), 0, &said);
}

/// From which day on an issue counts as scope.
fn since_when(screen: &Screen, all: usize) -> String {
    match screen.tally.without_entry {
        0 => "scope from the day each entered".to_owned(),
        some if some == all => "scope from the day each was opened".to_owned(),
        some => format!("scope by entry, {some} by opening"),
    }
}

/// The burn-up alone; what to say when there is none.
pub(super) fn chart_of(screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let steps = usize::from(area.width) * 2;
    match screen.tally.burn(screen.now, 6, steps) {
        Some(burn) => {
            let axis = u16::from(area.height >= 6);
            let plot = super::parts::above(area, area.height - axis);
            parts::burn(frame.buffer_mut(), plot, ink, &burn.points, Some(burn.to));
            if axis > 0 {
                draw_axis(ink, &burn, super::parts::below(area, plot.height), frame);
            }
        }
        None => parts::put(frame.buffer_mut(), area, 0, &Line::from(ink.dim("no issue yet"))),
    }
}

/// What the chart's days are: the first, now, and the cut where there is one.
fn draw_axis(ink: &Ink, burn: &Burn, area: Rect, frame: &mut Frame) {
    let day = |at: chrono::DateTime<chrono::Utc>| ink.zoned(at).format("%-d %b").to_string();
    let most = burn.points.iter().map(|point| point.scope.max(point.done)).max().unwrap_or(1);
    let left = u16::try_from(most.to_string().len() + 1).unwrap_or(area.width).min(area.width);
    let place = Rect { x: area.x + left, width: area.width - left, height: area.height.min(1), ..area };
    let put = |frame: &mut Frame, at: u16, text: &str| {
        let place = Rect { x: place.x + at, width: place.width.saturating_sub(at), ..place };
        parts::put(frame.buffer_mut(), place, 0, &Line::from(ink.dim(text)));
    };
    let cells = |text: &str| u16::try_from(parts::width(text)).unwrap_or(u16::MAX);
    let (first, last) =
        (day(burn.from), if burn.to > ink.now { format!("cut {}", day(burn.to)) } else { "now".to_owned() });
    let end = place.width.saturating_sub(cells(&last));
    if end <= cells(&first) + 1 {
        return;
    }
    put(frame, 0, &first);
    put(frame, end, &last);
    let span = (burn.to - burn.from).num_minutes().max(1);
    let at = i64::from(place.width) * (ink.now - burn.from).num_minutes() / span;
    let at = u16::try_from(at).unwrap_or(0).saturating_sub(1);
    if burn.to > ink.now && at > cells(&first) && at + 4 < end {
        put(frame, at, "now");
    }
}

/// What the pace leads to, then the pace: a narrow pane cuts what matters less.
pub(super) fn pace(screen: &Screen, ink: &Ink) -> Option<Line<'static>> {
    let pace = screen.tally.pace(ink.now)?;
    let mut spans: Vec<Span<'static>> = slip(ink, pace).into_iter().collect();
    if !spans.is_empty() {
        spans.push(ink.text("  "));
    }
    spans.extend([ink.dim("pace "), ink.text(format!("{:.1}/day", pace.done))]);
    if let Some(needed) = pace.needed {
        spans.extend([ink.dim("  need "), ink.text(format!("{needed:.1}/day"))]);
    }
    Some(Line::from(spans))
}

/// By how much the milestone slips, or that it is in time; nothing when neither can be told.
pub(super) fn slip(ink: &Ink, pace: Pace) -> Option<Span<'static>> {
    Some(match pace.slips? {
        days if days >= 99.95 => ink.toned(Tone::Warn, format!("! slips {days:.0} d")),
        days if days > 0.05 => ink.toned(Tone::Warn, format!("! slips {days:.1} d")),
        _ => ink.token(Sign::Ok, "in time"),
    })
}

/// Open issues by who owns them, the most first.
fn people(screen: &Screen, ink: &Ink, cells: usize, rows: usize) -> Vec<Line<'static>> {
    let by = &screen.tally.people;
    let most = by.first().map_or(1, |(_, count)| *count);
    let line = |(name, count): &(Untrusted, usize)| {
        let count = *count;
        let name = if name.raw().is_empty() { "nobody".to_owned() } else { ink.private(&name.line()) };
        let name = parts::cut(&name, 14, ink);
        let pad = " ".repeat(15usize.saturating_sub(parts::width(&name)));
        let mut spans = vec![ink.text(format!("{name}{pad}")), ink.text(format!("{count:>4} "))];
        spans.extend(parts::bar(ink, count, most, cells.saturating_sub(22)));
        Line::from(spans)
    };
    by.iter().take(rows).map(line).collect()
}
