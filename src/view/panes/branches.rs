//! The branches tab: the trunk and the release lines compared; what is known of one, and a train of its days.

use super::known::{Known, topics};
use super::parts::{
    Head, at_right, block, count, detail, field, history, keys, list, named_list, paragraph, third,
};
use crate::release::branches::{Commit, Line as Branch, LineKind};
use crate::release::looks::Topic;
use crate::release::next::{Known as Tags, Supported};
use crate::release::picks::CellState;
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::{age, ago};
use crate::screen::keymap::Action;
use crate::screen::rows::{Row, RowId};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::{self, Column};
use crate::view::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Commits of a line alone that are shown beside it; all that are known are listed by a key.
const SHOWN: usize = 8;

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let known = topics(release, screen, &[Topic::Git]);
    let tags = release.known();
    let train = train_area(body, screen.list_of(Pane::Branches).rows.len());
    draw_list(release, screen, &ink, (&known, &tags), list_area(screen, body), frame);
    if let Some(area) = train {
        super::train::draw(release, screen, &ink, area, frame);
    }
    let line = match screen.list_of(Pane::Branches).cursor.as_ref() {
        Some(RowId::Line(branch)) => release.lines.0.get(branch),
        _ => None,
    };
    let Some(line) = line else {
        detail(frame, body.detail, &ink, screen, "Branch", &Line::default(), |cells| {
            paragraph("Move onto a branch to see what is on it.", ink.theme.dim(), cells)
        });
        return;
    };
    let right = Line::from(ink.dim(format!("{} · {}", line.tip.short(), ago(screen.now, line.at))));
    detail(frame, body.detail, &ink, screen, &line.branch.line(), &right, |cells| {
        about(release, screen, &ink, (line, &tags), (cells, body.third.is_some()))
    });
    let title =
        format!("Since {}", line.last_tag.as_ref().map_or_else(|| "the start".to_owned(), |tag| tag.line()));
    let right = Line::from(ink.dim(line.unreleased.map(|it| it.to_string()).unwrap_or_default()));
    third(frame, body.third, &ink, (&title, &right), |cells, rows| {
        commits(&ink, &line.commits, (cells, rows))
    });
}

/// Where the list stands: above the train.
pub(super) fn list_area(screen: &Screen, body: &Body) -> Rect {
    let train = train_area(body, screen.list_of(Pane::Branches).rows.len());
    Rect { height: body.list.height - train.map_or(0, |area| area.height + 1), ..body.list }
}

/// Where the train stands: below the rows, when there is room for both.
fn train_area(body: &Body, rows: usize) -> Option<Rect> {
    let taken = u16::try_from(rows.max(4)).unwrap_or(u16::MAX).saturating_add(3);
    let room = body.list.height.checked_sub(taken)?;
    let height = super::train::HEIGHT;
    (room > height && rows > 0 && !body.stacked).then(|| Rect {
        y: body.list.y + body.list.height - room.min(height + room / 4),
        height: room.min(height + room / 4),
        ..body.list
    })
}

fn draw_list(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (known, tags): (&Known, &Tags),
    area: Rect,
    frame: &mut Frame,
) {
    let rows = screen.list_of(Pane::Branches);
    let preset = if rows.preset % 2 == 1 { "drift only" } else { "" };
    let order = if rows.order % 2 == 1 { "newest first" } else { "" };
    let name = named_list(rows, "Branches".to_owned(), &[preset, order]);
    // Names that begin alike are told apart by their ends: the tags leave what they do not need.
    let tag = release.lines.0.values().filter_map(|line| line.last_tag.as_ref());
    let widest = tag.map(|tag| parts::width(&tag.line())).max().unwrap_or_default();
    let columns = [
        Column::rest("", 15),
        Column::is("", u16::try_from(widest).unwrap_or(u16::MAX).clamp(8, 11)),
        Column::is("", 12).right().leaves(1),
        Column::is("", 4).right(),
        Column::is("", 5).right(),
        Column::is("", 3).right(),
        Column::is("", 8),
    ];
    let said = vec![ink.text(count(rows.all, "line"))];
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said, known),
        columns: &columns,
        heads: &["branch", "last tag", "ahead behind", "new", "drift", "CI", "next"],
        banner: known.banner(ink),
    };
    let instead = |cells: usize| nothing(release, screen, ink, known, cells);
    list(frame, area, ink, (screen, rows), &head, instead, |row, _| cells(release, ink, tags, row));
}

fn nothing(release: &Release, screen: &Screen, ink: &Ink, known: &Known, cells: usize) -> Vec<Line<'static>> {
    let trunk = release.trunk().map_or_else(|| "the trunk".to_owned(), |trunk| trunk.line());
    let none = format!(
        "Neither {trunk} nor a branch that the process's patterns match is in this clone. Fetch, or set [branches] in gonogo.toml."
    );
    known.instead(ink, screen, Pane::Branches, "branches", &none, cells)
}

/// The sign and the word of a line as a whole.
fn state(release: &Release, line: &Branch, support: &Supported) -> (Sign, String) {
    let counts = release.checks.lines.get(&line.branch).map(|checks| checks.counts());
    if let Supported::Ended(_) = support {
        return (Sign::Blocked, "not supported any more".to_owned());
    }
    if let Some(drift) = line.drifting.filter(|drift| *drift > 0) {
        let said = format!("{} not on the trunk", count(drift as usize, "commit"));
        let red = counts.is_some_and(|[red, ..]| red > 0);
        return (if red { Sign::Bad } else { Sign::Risk }, said);
    }
    match counts {
        None => (Sign::Waiting, "checks not read".to_owned()),
        Some([0, 0, green, 0]) if green > 0 => (Sign::Ok, format!("{green} green")),
        Some([0, 0, ..]) => (Sign::Risk, "checks not green".to_owned()),
        Some([0, running, ..]) => (Sign::Running, format!("{running} running")),
        Some([red, ..]) => (Sign::Bad, format!("{red} red")),
    }
}

/// A number in so many cells, a dash for none.
fn number(ink: &Ink, value: Option<u32>, cells: usize) -> String {
    let text = value.map_or_else(|| ink.pick("–", "-").to_owned(), |value| value.to_string());
    format!("{text:>cells$}")
}

fn cells(release: &Release, ink: &Ink, tags: &Tags, row: &Row) -> Vec<Line<'static>> {
    let RowId::Line(branch) = &row.id else { return Vec::new() };
    let Some(line) = release.lines.0.get(branch) else { return Vec::new() };
    let support = release.support_of(branch, tags, ink.now);
    let (sign, _) = state(release, line, &support);
    let drift = match line.drifting {
        None => ink.none(),
        Some(0) => ink.dim("0"),
        Some(drift) => ink.toned(Tone::Warn, format!("!{drift}")),
    };
    let tag = line.last_tag.as_ref().map_or_else(|| ink.none(), |tag| ink.text(tag.line()));
    vec![
        Line::from(vec![ink.sign(sign), ink.text(format!(" {}", branch.line()))]),
        Line::from(tag),
        Line::from(ink.text(format!("{} {}", number(ink, line.ahead, 5), number(ink, line.behind, 6)))),
        Line::from(ink.text(number(ink, line.unreleased, 1))),
        Line::from(drift),
        checks_cell(release, ink, line),
        Line::from(next_cell(release, ink, (line, tags), &support)),
    ]
}

/// Red, running or green in three cells.
fn checks_cell(release: &Release, ink: &Ink, line: &Branch) -> Line<'static> {
    let Some(checks) = release.checks.lines.get(&line.branch) else { return Line::from(ink.dim("?")) };
    let [red, running, green, other] = checks.counts();
    let (sign, count) = match (red, running, other, green) {
        (1.., ..) => (Sign::Bad, red),
        (0, 1.., ..) => (Sign::Running, running),
        (0, 0, 1.., _) => (Sign::Risk, other),
        (0, 0, 0, 1..) => return Line::from(ink.sign(Sign::Ok)),
        (0, 0, 0, 0) => return Line::from(ink.none()),
    };
    Line::from(ink.toned(sign.tone(), format!("{count}{}", sign.glyph(ink.glyphs))))
}

/// What comes next in eight cells: the candidate's word, the version, or that nothing does.
fn next_cell(
    release: &Release,
    ink: &Ink,
    (line, tags): (&Branch, &Tags),
    support: &Supported,
) -> ratatui::text::Span<'static> {
    if let Supported::Ended(_) = support {
        return ink.toned(Tone::Hold, "ended");
    }
    let Some(next) = release.next_of(line, tags) else { return ink.none() };
    let version = next.proposal.version;
    let (written, stage) = (version.to_string(), version.stage());
    let text = if version.is_final() || stage.is_empty() { written } else { stage };
    let style = if *support == Supported::InProgress { Tone::Accent } else { Tone::Plain };
    ink.toned(style, parts::cut(&text, 8, ink))
}

/// Everything known of a line.
fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (line, tags): (&Branch, &Tags),
    (cells, aside): (usize, bool),
) -> Vec<Line<'static>> {
    let support = release.support_of(&line.branch, tags, ink.now);
    let (sign, said) = state(release, line, &support);
    let mut lines = super::parts::token_lines(ink, sign, &said, cells);
    lines.extend(field(ink, "Tip", &line.subject.line(), ink.theme.text(), cells));
    lines.extend(field(ink, "Kind", kind_word(line.kind), ink.theme.text(), cells));
    lines.extend(field(ink, "Support", &support_text(&support), ink.theme.text(), cells));
    let ended = matches!(support, Supported::Ended(_));
    if let Some(next) = release.next_of(line, tags).filter(|_| !ended) {
        lines.extend(field(ink, "Next", &next.proposal.tag, ink.theme.accent(), cells));
        lines.extend(field(ink, "", &next.proposal.reasons.join("; "), ink.theme.dim(), cells));
        for finding in next.findings {
            lines.extend(field(ink, "", &format!("! {finding}"), ink.theme.warn(), cells));
        }
    }
    lines.extend(protection(release, ink, line, cells));
    lines.extend(drift(ink, screen, line, cells));
    lines.extend(wanted(release, ink, line));
    if !aside {
        let since = line.last_tag.as_ref().map_or_else(|| "the start".to_owned(), |tag| tag.line());
        let said = match line.unreleased {
            Some(new) => format!("{} since {since}{}", count(new as usize, "commit"), people(&line.commits)),
            None => format!("Commits since {since} could not be counted"),
        };
        lines.extend(block(ink, &said));
        lines.extend(commits(ink, &line.commits, (cells, 12)));
    }
    let past = history(ink, release, &line.branch.line(), 3);
    if !past.is_empty() {
        lines.extend(block(ink, "Journal"));
        lines.extend(past);
    }
    let acts = [Action::Compare, Action::CreateBranch, Action::Browse];
    lines.extend(keys(ink, screen, Pane::Branches, &acts, cells));
    lines
}

fn kind_word(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Trunk => "trunk: where development happens",
        LineKind::Release => "release line",
        LineKind::LongLived => "long-lived line: outlives its releases",
        LineKind::Hotfix => "hotfix: goes back to its line",
    }
}

fn support_text(support: &Supported) -> String {
    let day = |day: &chrono::NaiveDate| day.format("%-d %b %Y").to_string();
    match support {
        Supported::Unsaid => "the process does not say".to_owned(),
        Supported::InProgress => "the release that is open comes from here".to_owned(),
        Supported::Yes { status, until } => {
            let status = if status.is_empty() { "supported" } else { status };
            until
                .as_ref()
                .map_or_else(|| status.to_owned(), |until| format!("{status}, until {}", day(until)))
        }
        Supported::Ended(until) => {
            until.as_ref().map_or_else(|| "ended".to_owned(), |until| format!("ended {}", day(until)))
        }
    }
}

fn people(commits: &[Commit]) -> String {
    let who: std::collections::BTreeSet<_> = commits.iter().map(|commit| commit.author.raw()).collect();
    match who.len() {
        0 => String::new(),
        1 => " (1 person)".to_owned(),
        more => format!(" ({more} people)"),
    }
}

/// Whether the branch is protected, and how its required checks stand.
fn protection(release: &Release, ink: &Ink, line: &Branch, cells: usize) -> Vec<Line<'static>> {
    let checks = release.checks.lines.get(&line.branch);
    let said = match checks.and_then(|checks| checks.protected) {
        None => "not read".to_owned(),
        Some(false) => "no".to_owned(),
        Some(true) => "yes".to_owned(),
    };
    let mut lines = field(ink, "Protected", &said, ink.theme.text(), cells);
    let names = checks.and_then(|_| release.required_checks(&line.branch));
    if let (Some(checks), Some(names)) = (checks, names) {
        let red = names.iter().filter(|name| checks.state(name).is_red()).count();
        let green = names.iter().filter(|name| checks.state(name).is_green()).count();
        let said = if names.is_empty() {
            "none".to_owned()
        } else {
            format!("{}, {green} green, {red} red", names.len())
        };
        let style = if red > 0 { ink.theme.bad() } else { ink.theme.text() };
        lines.extend(field(ink, "Required", &said, style, cells));
    }
    lines
}

/// Commits here of which nothing was found on the trunk.
fn drift(ink: &Ink, screen: &Screen, line: &Branch, cells: usize) -> Vec<Line<'static>> {
    if line.kind == LineKind::Trunk {
        return Vec::new();
    }
    let mut lines = match (line.drifting, line.ahead) {
        (None, None) => {
            return field(ink, "Drift", "not told: the clone may be shallow", ink.theme.warn(), cells);
        }
        (None, Some(ahead)) if line.drift.is_empty() => {
            let said =
                format!("not told yet: {} here are still to be compared", count(ahead as usize, "commit"));
            return field(ink, "Drift", &said, ink.theme.warn(), cells);
        }
        (Some(0), _) => {
            return field(ink, "Drift", "none: all of it is on the trunk", ink.theme.text(), cells);
        }
        (Some(drifting), _) => block(ink, &format!("Here, not on the trunk: {drifting}")).to_vec(),
        (None, Some(ahead)) => {
            let said = format!("Here, not on the trunk, of the newest of {ahead}");
            block(ink, &said).to_vec()
        }
    };
    lines.extend(paragraph("no -x line, number or patch leads there", ink.theme.dim(), cells));
    let shown = line.drift.len().min(SHOWN);
    let all = line.drifting.map_or_else(|| "?".to_owned(), |all| all.to_string());
    if line.drifting != u32::try_from(shown).ok() {
        let press = screen.options.keymap.text(Action::Compare, Pane::Branches);
        let listed = line.drift.len();
        let said = format!("{shown} of {all} shown; {press} lists {listed}, the newest first");
        lines.extend(paragraph(&said, ink.theme.dim(), cells));
    }
    for commit in line.drift.iter().take(SHOWN) {
        lines.extend(commits(ink, std::slice::from_ref(commit), (cells, 1)));
        if let Some((_, there)) = line.alike.iter().find(|(oid, _)| *oid == commit.oid) {
            let said = format!("{} there has its subject, not its patch", there.short());
            lines.extend(paragraph(&said, ink.theme.dim(), cells));
        }
    }
    lines
}

/// Picks proposed for this line that have not landed.
fn wanted(release: &Release, ink: &Ink, line: &Branch) -> Vec<Line<'static>> {
    let picks = &release.picks;
    let board = picks.board(&line.branch);
    let waiting = || board.seats.iter().filter(|(_, seat)| !seat.state.is_settled());
    let all = waiting().count();
    if all == 0 {
        return Vec::new();
    }
    let mut lines = block(ink, &format!("Wanted here, not landed: {all}")).to_vec();
    lines.extend(waiting().take(6).map(|(key, seat)| {
        let sign = if seat.state == CellState::Proposed { Sign::Act } else { Sign::Waiting };
        let number = ink.toned(Tone::Accent, format!(" {} ", key.short()));
        let title = picks.title(key, &line.branch).map(Untrusted::line).unwrap_or_default();
        Line::from(vec![ink.sign(sign), number, ink.text(title)])
    }));
    lines
}

/// Commits, one a line: short hash, age, author, subject.
fn commits(ink: &Ink, commits: &[Commit], (cells, rows): (usize, usize)) -> Vec<Line<'static>> {
    let wide = cells >= 60;
    let line = |commit: &Commit| {
        let mut spans = vec![
            ink.toned(Tone::Accent, commit.oid.short()),
            ink.dim(format!(" {:>3} ", age(ink.now, commit.at))),
            ink.text(commit.subject.line()),
        ];
        if wide {
            spans.push(ink.dim(format!("  {}", ink.private(&commit.author.line()))));
        }
        Line::from(spans)
    };
    commits.iter().take(rows).map(line).collect()
}
