//! The picks tab: what is proposed for a line, how far it has come, and what shows it. Read only.

use super::known::{Known, topics};
use super::parts::{
    Head, at_right, count, detail, field, history, keys, list, named_list, or_dash, paragraph,
};
use crate::release::ids::Branch;
use crate::release::looks::Topic;
use crate::release::picks::{CellState, PickKey, Standing};
use crate::release::text::Untrusted;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::rows::{Row, RowId};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::Column;
use crate::view::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    let known = topics(release, screen, &[Topic::Picks]);
    let line = screen.branch.clone().or_else(|| release.line().map(|line| line.branch.clone()));
    draw_list(release, screen, &ink, (line.as_ref(), &known), body.list, frame);
    let found = match screen.list_of(Pane::Picks).cursor.as_ref() {
        Some(RowId::Pick(key, on)) => release.picks.cell(key, on).map(|cell| (key, on, cell)),
        _ => None,
    };
    let name = found.as_ref().map_or_else(|| "Pick".to_owned(), |(key, ..)| key.short());
    let merged = found.as_ref().and_then(|(key, on, _)| release.picks.commit(key, on));
    let merged = merged.map(|oid| oid.short()).unwrap_or_default();
    detail(frame, body.detail, &ink, screen, &name, &Line::from(ink.dim(merged)), |cells| match &found {
        Some((key, on, cell)) => about(release, screen, &ink, (key, on, cell), cells),
        None => paragraph("Move onto a pick to see what proposes it.", ink.theme.dim(), cells),
    });
}

fn draw_list(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (line, known): (Option<&Branch>, &Known),
    area: Rect,
    frame: &mut Frame,
) {
    let rows = screen.list_of(Pane::Picks);
    let order = if rows.order % 2 == 1 { "by number" } else { "" };
    let to = line.map_or_else(|| "every line".to_owned(), Branch::line);
    let name = named_list(rows, format!("Picks {} {to}", ink.pick("→", "->")), &[order]);
    let picks = &release.picks;
    let lines = line.map_or_else(|| picks.lines(), |line| [line].into());
    let counts: Vec<_> = lines.into_iter().map(|line| picks.counts(line)).collect();
    let count_of = |state| counts.iter().filter_map(|counts| counts.get(&state)).sum::<usize>();
    let (decide, landed) = (count_of(CellState::Proposed), count_of(CellState::Landed));
    let said = vec![
        if decide > 0 {
            ink.toned(Tone::Warn, format!("{decide} to decide"))
        } else {
            ink.dim("0 to decide")
        },
        ink.dim(format!("  {landed} landed")),
    ];
    let columns = [
        Column::is("", 12),
        Column::is("", 6).right(),
        Column::rest("", 20),
        Column::is("", 10).right().leaves(1),
        Column::is("", 4).right().leaves(2),
    ];
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said, known),
        columns: &columns,
        heads: &["state", "PR", "title", "author", "age"],
        banner: known.banner(ink),
    };
    let instead = |cells: usize| nothing(release, screen, ink, (line, known), cells);
    list(frame, area, ink, (screen, rows), &head, instead, |row, _| cells(release, ink, row));
}

fn nothing(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (line, known): (Option<&Branch>, &Known),
    cells: usize,
) -> Vec<Line<'static>> {
    let labels: Vec<String> = release
        .process
        .iter()
        .flat_map(|process| &process.picks.labels)
        .map(|label| crate::release::text::shown(label, 60))
        .collect();
    let next = screen.options.keymap.text(Action::NextBranch, Pane::Picks);
    let none = if labels.is_empty() {
        "The process names no label that proposes a pick: set picks.labels in gonogo.toml.".to_owned()
    } else {
        let on = line.map_or_else(|| "a line".to_owned(), Branch::line);
        format!("No pull request is labelled {} for {on}. {next} shows another line.", labels.join(" or "))
    };
    known.instead(ink, screen, Pane::Picks, "picks", &none, cells)
}

fn sign(state: CellState) -> Sign {
    match state {
        CellState::Proposed => Sign::Act,
        CellState::Approved | CellState::NotMerged => Sign::Waiting,
        CellState::OpenPull => Sign::Running,
        CellState::Reverted => Sign::Bad,
        CellState::Rejected | CellState::Deferred | CellState::NotNeeded => Sign::Skipped,
        CellState::Landed => Sign::Landed,
    }
}

fn cells(release: &Release, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let RowId::Pick(key, on) = &row.id else { return Vec::new() };
    let picks = &release.picks;
    let Some(cell) = picks.cell(key, on) else { return Vec::new() };
    let author = or_dash(picks.author(key, on).map(|it| ink.private(&it.line())), ink);
    let name = key.number().map_or_else(|| key.short(), |number| number.to_string());
    vec![
        Line::from(ink.token(sign(cell.state), cell.state.word())),
        Line::from(ink.toned(Tone::Accent, name)),
        Line::from(ink.text(picks.title(key, on).map(Untrusted::line).unwrap_or_default())),
        Line::from(ink.dim(author)),
        Line::from(picks.merged_at(key, on).map_or_else(|| ink.none(), |at| ink.age(at))),
    ]
}

fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, on, cell): (&PickKey, &Branch, &Standing),
    cells: usize,
) -> Vec<Line<'static>> {
    let picks = &release.picks;
    let state = cell.state.word();
    let mut lines =
        super::parts::token_lines(ink, sign(cell.state), &format!("{state} on {}", on.line()), cells);
    let title = picks.title(key, on).map(Untrusted::line).unwrap_or_default();
    lines.extend(paragraph(&title, ink.theme.strong(), cells));
    let author = or_dash(picks.author(key, on).map(|it| ink.private(&it.line())), ink);
    lines.extend(field(ink, "Author", &author, ink.theme.text(), cells));
    let pull = picks.pulls.get(&(key.clone(), on.clone()));
    if let Some(label) = pull.map(|pull| &pull.label).filter(|label| !label.is_empty()) {
        lines.extend(field(ink, "Proposed", &format!("by label {}", label.line()), ink.theme.text(), cells));
    }
    let merged = match (picks.commit(key, on), picks.merged_at(key, on)) {
        (Some(oid), Some(at)) => format!("{} on the trunk, {}", oid.short(), ago(screen.now, at)),
        (Some(oid), None) => format!("{} on the trunk", oid.short()),
        (None, _) => "not yet".to_owned(),
    };
    lines.extend(field(ink, "Merged", &merged, ink.theme.text(), cells));
    let evidence = match (cell.landing, pull.and_then(|pull| pull.evidence.as_ref())) {
        (Some(landing), _) => format!("{} in {}", landing.grade.word(), landing.commit.short()),
        (None, Some(evidence)) => evidence.line(),
        (None, None) => format!("no commit on {} names it", on.line()),
    };
    lines.extend(field(ink, "Evidence", &evidence, ink.theme.text(), cells));
    let said: Vec<_> = picks
        .lines()
        .into_iter()
        .filter(|other| *other != on)
        .filter_map(|other| Some(format!("{} {}", other.line(), picks.cell(key, other)?.state.word())))
        .collect();
    if !said.is_empty() {
        lines.extend(field(ink, &count(said.len(), "line"), &said.join(", "), ink.theme.text(), cells));
    }
    lines.extend(history(ink, release, &key.to_string(), 3));
    lines.extend(keys(ink, screen, Pane::Picks, &[Action::NextBranch, Action::Browse], cells));
    lines
}
