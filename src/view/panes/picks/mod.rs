//! The picks tab: the queue of a line with what would come of it, or every pick on every line.

mod detail;
mod matrix;
mod needs;
mod people;
mod plan;
mod resolving;
mod risk;

use super::known::{Known, topics};
use super::parts::{
    Head, at_right, count, detail as draw_detail, list, named_list, or_dash, paragraph, third,
};
use crate::release::ids::Branch;
use crate::release::looks::Topic;
use crate::release::picks::{CellState, Outlook, PickKey};
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::keymap::Action;
use crate::screen::rows::{Row, RowId};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::Column;
use crate::view::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let known = topics(release, screen, &[Topic::Picks]);
    if screen.matrix {
        matrix::draw(release, screen, &ink, &known, body.list, frame);
    } else {
        draw_list(release, screen, &ink, &known, body.list, frame);
    }
    let found = match screen.list_of(Pane::Picks).cursor.as_ref() {
        Some(RowId::Pick(key, on)) if release.picks.cell(key, on).is_some() => Some((key, on)),
        _ => None,
    };
    let (name, right) = found.map_or_else(
        || ("Pick".to_owned(), Line::default()),
        |(key, on)| (key.short(), Line::from(detail::size(release, &ink, key, on))),
    );
    draw_detail(frame, body.detail, &ink, screen, &name, &right, |cells| match found {
        Some(place) => detail::about(release, screen, &ink, place, (cells, body)),
        None => paragraph("Move onto a pick to see what would come of it.", ink.theme.dim(), cells),
    });
    let said = plan::name(screen);
    let right = Line::from(ink.dim(plan::count(release, screen)));
    third(frame, body.third, &ink, (&said, &right), |cells, rows| {
        plan::lines(release, screen, &ink, (cells, rows))
    });
}

fn draw_list(release: &Release, screen: &Screen, ink: &Ink, known: &Known, area: Rect, frame: &mut Frame) {
    let rows = screen.list_of(Pane::Picks);
    let order = if rows.order % 2 == 1 { "by number" } else { "" };
    let line = screen.queues.line.as_ref();
    let to = line.map_or_else(|| "no line yet".to_owned(), Branch::line);
    let name = named_list(rows, format!("Picks {} {to}", ink.pick("→", "->")), &[order]);
    let mut columns = vec![
        Column::is("", 12),
        Column::is("", 7).right(),
        Column::rest("", 40),
        Column::is("", 10).right().leaves(3),
        Column::is("", 4).right().leaves(1),
    ];
    let mut heads = vec!["predict", "PR", "title", "author", "age"];
    if !ink.present {
        columns.push(Column::is("", 5).right().leaves(2));
        heads.push("size");
    }
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said(screen, ink), known),
        columns: &columns,
        heads: &heads,
        banner: known.banner(ink),
    };
    let instead = |cells: usize| nothing(release, screen, ink, (line, known), cells);
    list(frame, area, ink, (screen, rows), &head, instead, |row, _| cells(release, screen, ink, row));
}

/// What the line comes to, for the right end of the title.
fn said(screen: &Screen, ink: &Ink) -> Vec<Span<'static>> {
    let queues = &screen.queues;
    let mut said = vec![];
    let mut say = |tone: Tone, text: String| {
        if !said.is_empty() {
            said.push(ink.text("  "));
        }
        said.push(ink.toned(tone, text));
    };
    if queues.to_publish > 0 {
        say(Tone::Accent, format!("to publish ({})", queues.to_publish));
    }
    if queues.alarms > 0 {
        say(Tone::Bad, format!("{} reverted", queues.alarms));
    }
    if queues.conflicts > 0 {
        say(Tone::Bad, count(queues.conflicts, "conflict"));
    }
    let decide = queues.count(CellState::Proposed);
    say(if decide > 0 { Tone::Warn } else { Tone::Dim }, format!("{decide} to decide"));
    // What is done makes room for what is not.
    if queues.to_publish + queues.alarms + queues.conflicts == 0 {
        say(Tone::Dim, format!("{} landed", queues.count(CellState::Landed)));
    }
    said
}

fn nothing(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (line, known): (Option<&Branch>, &Known),
    cells: usize,
) -> Vec<Line<'static>> {
    let lines = topics(release, screen, &[Topic::Git]);
    let told = !matches!(lines, Known::Unread | Known::Reading) && !matches!(known, Known::Failed(_));
    if line.is_none() && told {
        return lineless(release, screen, ink, &lines, cells);
    }
    let labels: Vec<String> = release
        .process
        .iter()
        .flat_map(|process| &process.picks.labels)
        .map(|label| crate::release::text::shown(label, 60))
        .collect();
    let key = |action| screen.options.keymap.text(action, Pane::Picks);
    let next =
        format!("{} adds one by hand, {} shows another line.", key(Action::AddPick), key(Action::NextBranch));
    let none = if labels.is_empty() {
        let set = "set picks.labels in gonogo.toml";
        format!("The process names no label that proposes a pick: {set}. {next}")
    } else {
        let on = line.map(Branch::line).unwrap_or_default();
        format!("No pull request is labelled {} for {on}. {next}", labels.join(" or "))
    };
    known.instead(ink, screen, Pane::Picks, "picks", &none, cells)
}

/// Why there is no release line that a pick could go to, and what to do.
fn lineless(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    lines: &Known,
    cells: usize,
) -> Vec<Line<'static>> {
    let patterns: Vec<String> = release
        .process
        .iter()
        .flat_map(|process| &process.branches.lines)
        .map(|line| crate::release::text::shown(&line.pattern, 60))
        .collect();
    let key = |action| screen.options.keymap.text(action, Pane::Picks);
    let none = if patterns.is_empty() {
        "The process has no pattern of release branches: add [[process.branches.lines]] to gonogo.toml with a \
         pattern such as \"release-{major}.{minor}\"."
            .to_owned()
    } else {
        no_line_yet(release, screen).unwrap_or_else(|| format!(
            "A pick goes to a release branch, and no branch here is named {}. {} fetches, {} shows the branches, \
             where one is created; other names are set under [[process.branches.lines]] in gonogo.toml.",
            patterns.join(" or "),
            key(Action::Refresh),
            key(Action::Tab4),
        ))
    };
    lines.instead(ink, screen, Pane::Picks, "release lines", &none, cells)
}

/// That the release's own line is still to be cut, and what other lines have to decide; none while there is no line at
/// all.
fn no_line_yet(release: &Release, screen: &Screen) -> Option<String> {
    use crate::release::branches::LineKind;
    if release.lines.0.values().all(|line| line.kind == LineKind::Trunk) {
        return None;
    }
    let key = |action| screen.options.keymap.text(action, Pane::Picks);
    let own = release.line_name().map_or_else(|| "the release branch".to_owned(), |own| own.line());
    let mut said = format!(
        "A pick goes to a release branch, and {own} is not there yet: {} shows the branches, where it is created.",
        key(Action::Tab4),
    );
    let elsewhere = &screen.queues.elsewhere;
    if !elsewhere.is_empty() {
        let named: Vec<_> =
            elsewhere.iter().take(3).map(|(line, count)| format!("{count} on {}", line.line())).collect();
        let more = if elsewhere.len() > 3 { " and more" } else { "" };
        let next = key(Action::NextBranch);
        said += &format!(" To decide on other lines: {}{more}. {next} shows them.", named.join(", "));
    }
    Some(said)
}

/// The sign of a state.
fn sign(state: CellState) -> Sign {
    match state {
        CellState::Proposed => Sign::Act,
        CellState::Approved | CellState::NotMerged => Sign::Waiting,
        CellState::OpenPull => Sign::Running,
        CellState::Reverted => Sign::Bad,
        CellState::Rejected | CellState::Deferred | CellState::NotNeeded | CellState::Asked => Sign::Skipped,
        CellState::Landed => Sign::Landed,
    }
}

/// The sign and the word of what is to be known first of a queued pick.
fn outlook(outlook: &Outlook) -> (Sign, String) {
    let sign = match outlook {
        Outlook::Reverted(_) | Outlook::Conflict(_) => Sign::Bad,
        Outlook::Empty(_) => Sign::Landed,
        Outlook::Likely(_) | Outlook::Unknown(_) => Sign::Risk,
        Outlook::CleanAfter(_) | Outlook::Clean => Sign::Ok,
        Outlook::Untried => Sign::Waiting,
    };
    let word = match outlook {
        Outlook::CleanAfter(picks) => {
            let first = picks.first().map(PickKey::short).unwrap_or_default();
            format!("after {}", first.trim_start_matches('#'))
        }
        other => other.word().to_owned(),
    };
    (sign, word)
}

/// Whether what is predicted of a pick is of the branch as it is, and no run is on its way to say something else.
fn is_fresh(release: &Release, screen: &Screen, key: &PickKey, on: &Branch) -> bool {
    let tip = release.lines.0.get(on).map(|line| line.tip);
    let known = release.picks.predictions.get(on);
    let of_tip = tip.zip(known).is_some_and(|(tip, known)| known.is_of(key, tip));
    of_tip && !(screen.queues.line.as_ref() == Some(on) && screen.queues.untold.contains(key))
}

/// The first column of a pick: what would come of it while it is queued, and how far it has come otherwise.
fn token(release: &Release, screen: &Screen, ink: &Ink, (key, on): (&PickKey, &Branch)) -> Span<'static> {
    let picks = &release.picks;
    let Some(cell) = picks.cell(key, on) else { return ink.none() };
    if let Some(token) = resolving::token(release, ink, key, on) {
        return token;
    }
    let against = cell.record.map(|record| record.decision).filter(|decision| decision.is_against());
    if let (CellState::OpenPull, Some(decision)) = (cell.state, against) {
        return ink.token(Sign::Risk, decision.word());
    }
    if !cell.state.is_queued() {
        return ink.token(sign(cell.state), cell.state.word());
    }
    let first = picks.outlook(key, on);
    let (sign, word) = outlook(&first);
    // What the predictor says is of a moment; what the clone shows is not.
    let predicted = !matches!(first, Outlook::Reverted(_) | Outlook::Likely(_) | Outlook::Untried);
    if predicted && !is_fresh(release, screen, key, on) {
        return ink.dim(format!("{} {}?", Sign::Waiting.glyph(ink.glyphs), word.to_lowercase()));
    }
    ink.token(sign, &word)
}

fn cells(release: &Release, screen: &Screen, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let RowId::Pick(key, on) = &row.id else { return Vec::new() };
    let picks = &release.picks;
    let author = or_dash(picks.author(key, on).map(|it| ink.private(&it.line())), ink);
    let name = key.number().map_or_else(|| key.short(), |number| number.to_string());
    vec![
        Line::from(token(release, screen, ink, (key, on))),
        Line::from(ink.toned(Tone::Accent, name)),
        Line::from(title_spans(release, ink, key, on)),
        Line::from(ink.dim(author)),
        Line::from(picks.merged_at(key, on).map_or_else(|| ink.none(), |at| ink.age(at))),
        Line::from(picks.changes.get(key).filter(|it| it.files > 0).map_or_else(
            || ink.none(),
            |it| {
                let minus = ink.pick("−", "-");
                let (sign, lines) = if it.removed > it.added { (minus, it.removed) } else { ("+", it.added) };
                ink.dim(format!("{sign}{lines}"))
            },
        )),
    ]
}

/// The title, after a word in red where it was reverted somewhere and lives on elsewhere.
fn title_spans(release: &Release, ink: &Ink, key: &PickKey, on: &Branch) -> Vec<Span<'static>> {
    let picks = &release.picks;
    let title = picks.title(key, on).map(Untrusted::line).unwrap_or_default();
    let mut spans = vec![];
    let queued = picks.cell(key, on).is_some_and(|cell| cell.state.is_queued());
    if picks.alarm(key, on).is_some() {
        let word = if queued { "reverted, still queued: " } else { "reverted on trunk, alive: " };
        spans.push(ink.toned(Tone::Bad, word));
    }
    spans.push(ink.text(title));
    spans
}
