//! The train: lines side by side, one column a day, with the days on which something came in or was tagged.

use crate::order::Order as _;
use crate::release::Release;
use crate::release::branches::Line as Branch;
use crate::screen::Screen;
use crate::version::{TagKind, Version};
use crate::view::ink::Ink;
use crate::view::parts;
use crate::view::theme::Tone;
use chrono::{DateTime, TimeDelta, Utc};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Rows that the train takes at least: title, three lines, days, legend.
pub(super) const HEIGHT: u16 = 6;

/// Cells before the first day: the line's name.
const NAME: usize = 14;

/// What happened on a day, the stronger one is drawn.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Day {
    Quiet,
    Commit,
    Candidate,
    Final,
}

/// Draws the train of the lines that are listed first.
pub(super) fn draw(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let right = Line::from(ink.dim("one column a day"));
    let inner = parts::title(frame.buffer_mut(), area, ink, false, "Train", &right);
    let days = usize::from(inner.width).saturating_sub(NAME + 2);
    if days < 14 || inner.height < 3 {
        return;
    }
    let rows = &screen.list_of(crate::release::Pane::Branches).rows;
    let lines = rows.iter().filter_map(|row| match &row.id {
        crate::screen::rows::RowId::Line(branch) => release.lines.0.get(branch),
        _ => None,
    });
    let mut lines: Vec<&Branch> = lines.take(usize::from(inner.height) - 2).collect();
    // The trunk is drawn first, as the others leave it.
    lines.order_by_key(|line| line.kind != crate::release::branches::LineKind::Trunk);
    let tags = tags(release);
    let mut out: Vec<Line<'static>> =
        lines.iter().map(|line| row(release, ink, (line, &tags), days)).collect();
    out.push(scale(ink, days));
    out.push(legend(ink));
    parts::lines(frame.buffer_mut(), inner, 0, &out);
}

/// A candidate or release, and when it was tagged.
type Tagged = (Version, Day, DateTime<Utc>);

/// Candidates and releases, each classified once.
fn tags(release: &Release) -> Vec<Tagged> {
    let day = |kind: &TagKind| match kind {
        TagKind::Final => Some(Day::Final),
        TagKind::Candidate(_) => Some(Day::Candidate),
        TagKind::Prerelease(_) | TagKind::Describe | TagKind::Other { .. } => None,
    };
    let one = |(class, row): (crate::version::TagClass, &crate::release::candidates::TagRow)| {
        Some((class.version?.base(), day(&class.kind)?, row.at?))
    };
    release.classes().filter_map(one).collect()
}

fn row(release: &Release, ink: &Ink, (line, tags): (&Branch, &[Tagged]), days: usize) -> Line<'static> {
    let mut marks = vec![Day::Quiet; days];
    let today = ink.now.date_naive();
    let mut put = |at: DateTime<Utc>, day: Day| {
        let back = usize::try_from((today - at.date_naive()).num_days()).unwrap_or(usize::MAX);
        if let Some(place) = days.checked_sub(1 + back.min(days)).filter(|_| back < days) {
            marks[place] = marks[place].max(day);
        }
    };
    put(line.at, Day::Commit);
    for commit in &line.commits {
        put(commit.at, Day::Commit);
    }
    let process = release.process.as_ref();
    let parsed = process.and_then(|process| process.line_of(line.branch.as_str()));
    for (version, day, at) in tags {
        if parsed.is_some_and(|parsed| parsed.holds(version)) {
            put(*at, *day);
        }
    }
    let name = parts::cut(&line.branch.line(), NAME - 1, ink);
    let pad = " ".repeat(NAME.saturating_sub(parts::width(&name)));
    let mut spans = vec![ink.text(format!("{name}{pad}"))];
    spans.extend(marks.into_iter().map(|day| symbol(ink, day)));
    spans.push(ink.dim(ink.pick("▶", ">")));
    Line::from(spans)
}

fn symbol(ink: &Ink, day: Day) -> Span<'static> {
    match day {
        Day::Quiet => Span::styled(ink.pick("─", "-"), ink.theme.rule()),
        Day::Commit => ink.toned(Tone::Run, ink.pick("●", "o")),
        Day::Candidate => ink.toned(Tone::Warn, ink.pick("◇", "c")),
        Day::Final => ink.toned(Tone::Ok, ink.pick("◆", "F")),
    }
}

/// The first day of each week, under its column.
fn scale(ink: &Ink, days: usize) -> Line<'static> {
    let mut text = " ".repeat(NAME);
    let mut at = 0;
    while at < days {
        let day = ink.now - TimeDelta::days(i64::try_from(days - 1 - at).unwrap_or(0));
        let label = day.format("%-d %b").to_string();
        if at + label.len() > days {
            break;
        }
        text.push_str(&format!("{label:<14}"));
        at += 14;
    }
    Line::from(ink.dim(text))
}

fn legend(ink: &Ink) -> Line<'static> {
    let word = |day, word: &'static str| [symbol(ink, day), ink.dim(word)];
    let mut spans = vec![];
    spans.extend(word(Day::Commit, " commits   "));
    spans.extend(word(Day::Candidate, " candidate   "));
    spans.extend(word(Day::Final, " release"));
    Line::from(spans)
}
