//! The picks tab: what is proposed for a line, how far it has come, and what shows it. Read only.

use super::known::{Known, topics};
use super::parts::{
    Head, at_right, count, detail, field, history, keys, list, named_list, or_dash, paragraph,
};
use crate::release::ids::{Branch, IssueKey};
use crate::release::looks::Topic;
use crate::release::picks::{Pick, PickState};
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
        Some(RowId::Pick(key, on)) => release.picks.0.get(&(key.clone(), on.clone())).map(|pick| (key, pick)),
        _ => None,
    };
    let name = found.map_or_else(|| "Pick".to_owned(), |(_, pick)| format!("#{}", pick.number));
    let merged = found.and_then(|(_, pick)| pick.merged).map(|oid| oid.short()).unwrap_or_default();
    detail(frame, body.detail, &ink, screen, &name, &Line::from(ink.dim(merged)), |cells| match found {
        Some((key, pick)) => about(release, screen, &ink, (key, pick), cells),
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
    let mine = || release.picks.0.values().filter(|pick| line.is_none_or(|line| *line == pick.line));
    let decide = mine().filter(|pick| pick.state == PickState::Proposed).count();
    let landed = mine().filter(|pick| pick.state == PickState::Landed).count();
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

fn state(pick: &Pick) -> (Sign, &'static str) {
    match pick.state {
        PickState::Proposed => (Sign::Act, "to decide"),
        PickState::NotMerged => (Sign::Waiting, "not merged"),
        PickState::Landed => (Sign::Landed, "landed"),
    }
}

fn cells(release: &Release, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let RowId::Pick(key, on) = &row.id else { return Vec::new() };
    let Some(pick) = release.picks.0.get(&(key.clone(), on.clone())) else { return Vec::new() };
    let (sign, word) = state(pick);
    let author = or_dash(pick.author.as_ref().map(|it| ink.private(&it.line())), ink);
    vec![
        Line::from(ink.token(sign, word)),
        Line::from(ink.toned(Tone::Accent, pick.number.to_string())),
        Line::from(ink.text(pick.title.line())),
        Line::from(ink.dim(author)),
        Line::from(pick.at.map_or_else(|| ink.none(), |at| ink.age(at))),
    ]
}

fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (key, pick): (&IssueKey, &Pick),
    cells: usize,
) -> Vec<Line<'static>> {
    let (sign, word) = state(pick);
    let mut lines = super::parts::token_lines(ink, sign, &format!("{word} on {}", pick.line.line()), cells);
    lines.extend(paragraph(&pick.title.line(), ink.theme.strong(), cells));
    let author = or_dash(pick.author.as_ref().map(|it| ink.private(&it.line())), ink);
    lines.extend(field(ink, "Author", &author, ink.theme.text(), cells));
    lines.extend(field(ink, "Proposed", &format!("by label {}", pick.label.line()), ink.theme.text(), cells));
    let merged = match (pick.merged, pick.at) {
        (Some(oid), Some(at)) => format!("{} on the trunk, {}", oid.short(), ago(screen.now, at)),
        (Some(oid), None) => format!("{} on the trunk", oid.short()),
        (None, _) => "not yet".to_owned(),
    };
    lines.extend(field(ink, "Merged", &merged, ink.theme.text(), cells));
    let shown = match (pick.state, pick.evidence.as_ref().map(Untrusted::line)) {
        (_, Some(evidence)) => evidence,
        (PickState::Landed, None) => "not told".to_owned(),
        (PickState::Proposed | PickState::NotMerged, None) => {
            format!("no commit on {} names it", pick.line.line())
        }
    };
    lines.extend(field(ink, "Evidence", &shown, ink.theme.text(), cells));
    let other: Vec<_> =
        release.picks.0.iter().filter(|((it, on), _)| it == key && *on != pick.line).collect();
    if !other.is_empty() {
        let said: Vec<_> =
            other.iter().map(|((_, on), it)| format!("{} {}", on.line(), state(it).1)).collect();
        lines.extend(field(ink, &count(other.len(), "line"), &said.join(", "), ink.theme.text(), cells));
    }
    lines.extend(history(ink, release, &key.to_string(), 3));
    lines.extend(keys(ink, screen, Pane::Picks, &[Action::NextBranch, Action::Browse], cells));
    lines
}
