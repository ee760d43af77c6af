//! The checklist tab: stages with their progress, items with who settled them or what their own check says now.

use super::known::{Known, topics};
use super::parts::{
    Head, at_right, block, bullet, detail, field, history, keys, list, named, named_list, paragraph, percent,
    third, token_lines,
};
use crate::process::{Evidence, Item, Occasion, Stage};
use crate::release::checklist::{ItemState, Record};
use crate::release::looks::Topic;
use crate::release::poll::{Reading, Verdict};
use crate::release::text::shown;
use crate::release::{Pane, Release};
use crate::screen::Screen;
use crate::screen::fresh::ago;
use crate::screen::keymap::Action;
use crate::screen::rows::{Row, RowId};
use crate::view::ink::{Ink, Sign};
use crate::view::layout::Body;
use crate::view::parts::{self, Column};
use crate::view::theme::{Theme, Tone};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

/// Draws the tab.
pub fn draw(release: &Release, screen: &Screen, theme: &Theme, body: &Body, frame: &mut Frame) {
    let ink = Ink::new(screen, theme);
    draw_list(release, screen, &ink, body.list, frame);
    let id = match screen.list_of(Pane::Checklist).cursor.as_ref() {
        Some(RowId::Item(id)) => Some(id),
        _ => None,
    };
    let found = id.and_then(|id| found(release, id));
    let name = found.map_or_else(|| "Item".to_owned(), |(at, _, _)| format!("Item {at}"));
    let right = found.map(|(_, _, item)| Line::from(ink.dim(kind_words(item)))).unwrap_or_default();
    detail(frame, body.detail, &ink, screen, &name, &right, |cells| match found {
        Some((_, stage, item)) => about(release, screen, &ink, (stage, item), cells),
        None => stage_about(release, screen, &ink, cells),
    });
    third(frame, body.third, &ink, ("Stages", &Line::default()), |cells, _| {
        stages(release, screen, &ink, cells)
    });
}

fn kind_words(item: &Item) -> String {
    let check = if item.check.is_some() { "checks itself" } else { "by hand" };
    let required = if item.required { "required" } else { "optional" };
    format!("{check} · {required}")
}

/// An item with its stage and its number among the items of this release.
fn found<'r>(release: &'r Release, id: &str) -> Option<(usize, &'r Stage, &'r Item)> {
    let process = release.process.as_deref()?;
    let stream = release.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
    let mut number = 0;
    for stage in &process.stages {
        for item in process.items_for(stage, stream, release.went_wrong()) {
            number += 1;
            if item.id == id {
                return Some((number, stage, item));
            }
        }
    }
    None
}

fn draw_list(release: &Release, screen: &Screen, ink: &Ink, area: Rect, frame: &mut Frame) {
    let rows = screen.list_of(Pane::Checklist);
    let preset = if rows.preset % 2 == 1 { "open only" } else { "" };
    let title = match &release.process {
        Some(process) => format!("Checklist {}", shown(&process.name, 30)),
        None => "Checklist".to_owned(),
    };
    let name = named_list(rows, title, &[preset]);
    let (done, all) = release.progress(None, ink.now);
    let mut said: Vec<Span<'static>> = vec![];
    if screen.queues.ticks > 0 {
        said.push(ink.toned(Tone::Accent, format!("to publish ({})  ", screen.queues.ticks)));
    }
    if let Some(percent) = percent(done, all) {
        said.extend(parts::bar(ink, done, all, 12));
        said.push(ink.text(format!(" {done}/{all} · {percent}")));
    }
    let known = Known::Read(None);
    let head = Head {
        title: &name,
        right: at_right(ink, rows, said, &known),
        columns: &[
            Column::is("", 10),
            // The number stands before the text.
            Column::rest("", 43),
            Column::is("", who_width(release)).right().leaves(1),
        ],
        heads: &[],
        banner: topics(release, screen, &[Topic::Files]).banner(ink),
    };
    let instead = |cells: usize| nothing(release, ink, cells);
    let drawn = list(frame, area, ink, (screen, rows), &head, instead, |row, _| cells(release, ink, row));
    if let Some((inner, range)) = drawn {
        headings(release, ink, rows.rows.get(range).unwrap_or_default(), inner, frame);
    }
}

/// Cells for who settles or settled the items: enough for each of the roles, within reason.
fn who_width(release: &Release) -> u16 {
    let roles = release.process.iter().flat_map(|process| &process.roles);
    let names = roles.map(|role| parts::width(if role.title.is_empty() { &role.id } else { &role.title }));
    u16::try_from(names.max().unwrap_or(0).clamp(12, 13)).unwrap_or(13)
}

/// The progress of each stage, at the right of its heading.
fn headings(release: &Release, ink: &Ink, rows: &[Row], inner: Rect, frame: &mut Frame) {
    let step = if ink.present { 2 } else { 1 };
    for (at, row) in rows.iter().enumerate() {
        let RowId::Heading(id) = &row.id else { continue };
        let Some(stage) = release.process.as_ref().and_then(|process| process.stage(id)) else { continue };
        let (done, all) = release.progress(Some(&stage.id), ink.now);
        let sign = if done == all { Sign::Ok } else { Sign::Waiting };
        let line = Line::from(ink.toned(sign.tone(), format!(" {done}/{all} settled")));
        let wide = u16::try_from(line.width()).unwrap_or(0).min(inner.width);
        let place = Rect { x: inner.x + inner.width - wide, width: wide, ..inner };
        parts::put(frame.buffer_mut(), place, u16::try_from(at * step).unwrap_or(u16::MAX), &line);
    }
}

fn nothing(release: &Release, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    if let Some(why) = &release.process_error {
        let mut lines = token_lines(ink, Sign::Bad, "the process could not be read", cells);
        lines.extend(paragraph(&shown(why, 300), ink.theme.text(), cells));
        lines.extend(paragraph("gonogo check shows where.", ink.theme.text(), cells));
        return lines;
    }
    let Some(process) = &release.process else {
        return token_lines(ink, Sign::Waiting, "the process is not read yet", cells);
    };
    let mut lines = token_lines(ink, Sign::Skipped, "no items", cells);
    let said =
        format!("{} has no checklist for this release: add [[stages]] to it.", shown(&process.name, 40));
    lines.extend(paragraph(&said, ink.theme.text(), cells));
    lines
}

/// How an item stands: its sign, its word.
pub(super) fn state(release: &Release, ink: &Ink, item: &Item) -> (Sign, &'static str) {
    let record = release.item_state(item, ink.now);
    let reading = release.self_check(&item.id, ink.now);
    match (record, reading.map(|reading| reading.verdict)) {
        (ItemState::Skipped, _) => (Sign::Skipped, "skipped"),
        (ItemState::NotApplicable, _) => (Sign::Skipped, "n/a"),
        (ItemState::Overridden, _) => (Sign::Risk, "waived"),
        (ItemState::Done, _) if release.unticked_there(&item.id).is_some() => (Sign::Risk, "at odds"),
        (ItemState::Done, None) | (_, Some(Verdict::Go)) => (Sign::Ok, "done"),
        (ItemState::Done, Some(_)) => (Sign::Bad, "lapsed"),
        (ItemState::Open, Some(Verdict::NoGo)) => (Sign::Bad, "not yet"),
        (ItemState::Open, Some(Verdict::Hold)) => (Sign::Waiting, "waits"),
        (ItemState::Open, None) if item.required => (Sign::Act, "open"),
        (ItemState::Open, None) => (Sign::Waiting, "optional"),
    }
}

/// Who does it, by title.
fn role(release: &Release, item: &Item) -> String {
    let process = release.process.as_deref();
    let role = item.role.as_deref().map(|id| process.map_or(id, |process| process.role_title(id)));
    role.or(item.group.as_deref()).map(|text| shown(text, 60)).unwrap_or_default()
}

fn cells(release: &Release, ink: &Ink, row: &Row) -> Vec<Line<'static>> {
    let RowId::Item(id) = &row.id else { return Vec::new() };
    let Some((number, _, item)) = found(release, id) else { return Vec::new() };
    let (sign, word) = state(release, ink, item);
    let record = release.checklist.items.get(id.as_str());
    let ticked = record.filter(|record| record.state.is_settled());
    let checks = release.self_check(id, ink.now).is_some();
    let there = release.ticked_there(id).filter(|_| ticked.is_none());
    let (who, when) = match (ticked, checks) {
        (None, _) if there.is_some() => {
            there.map_or_else(Default::default, |task| (ink.private(&super::tasks::whose(task)), task.at))
        }
        (Some(record), _) => (ink.private(&shown(&record.by, 40)), record.at),
        (None, true) => ("auto".to_owned(), None),
        (None, false) => {
            let role = role(release, item);
            (if role.is_empty() { "anybody".to_owned() } else { role }, None)
        }
    };
    let when = when.map(|at| crate::screen::fresh::age(ink.now, at)).unwrap_or_default();
    // Names stand under each other, an age beside them or not, as long as both fit.
    let who = if parts::width(&who) < 8 || !when.is_empty() {
        format!("{} {when:>4}", parts::cut(&who, 8, ink))
    } else {
        who
    };
    let settled = release.is_settled(item, ink.now);
    let text = shown(&item.text, 300);
    vec![
        Line::from(ink.token(sign, word)),
        Line::from(vec![
            ink.dim(format!("{number:>2} ")),
            if settled { ink.dim(text) } else { ink.text(text) },
        ]),
        Line::from(ink.dim(who)),
    ]
}

/// Who does it, by title and by name.
fn whose(release: &Release, ink: &Ink, item: &Item) -> String {
    let role = role(release, item);
    let role = if role.is_empty() { "anybody".to_owned() } else { role };
    let held = item.role.as_deref().map(|id| release.roles.of(id)).unwrap_or_default();
    let names: Vec<_> = held.iter().map(|it| ink.private(&shown(it.login.as_str(), 40))).collect();
    if names.is_empty() { role } else { format!("{role}: {}", names.join(", ")) }
}

/// Everything known of an item.
fn about(
    release: &Release,
    screen: &Screen,
    ink: &Ink,
    (stage, item): (&Stage, &Item),
    cells: usize,
) -> Vec<Line<'static>> {
    let (sign, word) = state(release, ink, item);
    let record = release.checklist.items.get(item.id.as_str());
    let more = if word == "lapsed" { ": ticked, but its own check does not agree" } else { "" };
    let mut lines = token_lines(ink, sign, &format!("{word}{more}"), cells);
    lines.extend(paragraph(&shown(&item.text, 500), ink.theme.strong(), cells));
    let title = if stage.title.is_empty() { &stage.id } else { &stage.title };
    lines.extend(field(ink, "Stage", &shown(title, 80), ink.theme.text(), cells));
    lines.extend(field(ink, "Role", &whose(release, ink, item), ink.theme.text(), cells));
    if let Some(reading) = release.self_check(&item.id, ink.now) {
        lines.extend(says_now(ink, &reading, cells));
    }
    let wanted = match item.evidence {
        Evidence::None => None,
        Evidence::Note => Some("a written note"),
        Evidence::Link => Some("a link"),
        Evidence::File => Some("a file in the repository"),
    };
    if let Some(wanted) = wanted {
        let given = record.is_some_and(|record| !record.notes.is_empty());
        let sign = if given { Sign::Ok } else { Sign::Act };
        lines.push(named(ink, "Evidence", vec![ink.token(sign, wanted)]));
    }
    lines.extend(record.into_iter().flat_map(|record| settled_by(ink, record, cells)));
    lines.extend(super::tasks::about(release, ink, item, cells));
    lines.extend(super::steps::about(release, ink, item, cells));
    lines.extend(warnings(ink, item, cells));
    let past = history(ink, release, &item.id, 5);
    if !past.is_empty() {
        lines.extend(block(ink, "Journal"));
        lines.extend(past);
    }
    let mut acts = vec![Action::Tick];
    if item.act.is_some() {
        acts.insert(0, Action::DoStep);
    }
    if release.self_check(&item.id, ink.now).is_some() {
        acts.push(Action::Waive);
    }
    acts.extend([Action::Skip, Action::NotApplicable, Action::Attach]);
    lines.extend(keys(ink, screen, Pane::Checklist, &acts, cells));
    lines
}

/// What the item's own check says at this moment.
fn says_now(ink: &Ink, reading: &Reading, cells: usize) -> Vec<Line<'static>> {
    // As in the row: what waits by itself is nobody's to do.
    let sign = match reading.verdict {
        Verdict::Hold => Sign::Waiting,
        other => Sign::of_verdict(other),
    };
    let lines = parts::wrap(&reading.reason, cells.saturating_sub(super::parts::LABEL + 2));
    let style = ink.theme.tone(sign.tone());
    let line = |(at, text): (usize, String)| {
        let name = if at == 0 { "Says now" } else { "" };
        let glyph = if at == 0 { sign.glyph(ink.glyphs) } else { " " };
        named(ink, name, vec![Span::styled(format!("{glyph} {text}"), style)])
    };
    lines.into_iter().enumerate().map(line).collect()
}

/// Who settled it, when, why, and what was attached.
fn settled_by(ink: &Ink, record: &Record, cells: usize) -> Vec<Line<'static>> {
    let mut lines = vec![];
    if record.state.is_settled() {
        let when = record.at.map(|at| format!(", {}", ago(ink.now, at))).unwrap_or_default();
        let said = format!("{} by {}{when}", record.state.word(), ink.private(&shown(&record.by, 40)));
        lines.extend(field(ink, "Settled", &said, ink.theme.text(), cells));
    }
    if let Some(why) = &record.why {
        lines.extend(field(ink, "Reason", &why.line(), ink.theme.warn(), cells));
    }
    for (at, note) in record.notes.iter().enumerate() {
        let name = if at == 0 { "Notes" } else { "" };
        lines.extend(field(ink, name, &ink.private(&note.line()), ink.theme.accent(), cells));
    }
    lines
}

/// Traps, conditions and what cannot be taken back.
fn warnings(ink: &Ink, item: &Item, cells: usize) -> Vec<Line<'static>> {
    let said = [
        (Sign::Risk, "cannot be taken back", &item.irreversible),
        (Sign::Risk, "beware", &item.quirk),
        (Sign::Skipped, "only if", &item.only_if),
        (Sign::Skipped, "only when this fails", &item.fallback_for),
    ];
    let some = said.into_iter().filter_map(|(sign, name, text)| text.as_ref().map(|text| (sign, name, text)));
    some.flat_map(|(sign, name, text)| {
        token_lines(ink, sign, &format!("{name}: {}", shown(text, 300)), cells)
    })
    .collect()
}

/// What the stage under the cursor is about.
fn stage_about(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let id = match screen.list_of(Pane::Checklist).cursor.as_ref() {
        Some(RowId::Heading(id)) => id.as_str(),
        _ => return paragraph("Move onto an item to see what it asks for.", ink.theme.dim(), cells),
    };
    let Some(stage) = release.process.as_ref().and_then(|process| process.stage(id)) else {
        return Vec::new();
    };
    let (done, all) = release.progress(Some(&stage.id), ink.now);
    let title = if stage.title.is_empty() { &stage.id } else { &stage.title };
    let mut lines = paragraph(&shown(title, 80), ink.theme.strong(), cells);
    let mut bar = parts::bar(ink, done, all, cells.saturating_sub(12).min(30));
    bar.push(ink.text(format!(" {done}/{all}")));
    lines.push(Line::from(bar));
    lines.extend(paragraph(&shown(&stage.about, 500), ink.theme.text(), cells));
    if stage.ordered {
        lines.extend(bullet(ink, "in order: an item only after the one before it", cells));
    }
    match stage.when {
        Occasion::Always => {}
        Occasion::Hotfix => lines.extend(bullet(ink, "only for a fix of a released version", cells)),
        Occasion::Rollback => lines.extend(bullet(ink, "only when the release is taken back", cells)),
    }
    lines.extend(keys(ink, screen, Pane::Checklist, &[Action::Enter], cells));
    lines
}

/// All stages with their bars.
fn stages(release: &Release, screen: &Screen, ink: &Ink, cells: usize) -> Vec<Line<'static>> {
    let Some(process) = release.process.as_deref() else { return Vec::new() };
    let mut lines = vec![];
    for stage in &process.stages {
        let (done, all) = release.progress(Some(&stage.id), ink.now);
        if all == 0 {
            continue;
        }
        let sign = if done == all { Sign::Ok } else { Sign::Waiting };
        let title = if stage.title.is_empty() { &stage.id } else { &stage.title };
        let title = parts::cut(&shown(title, 80), cells.saturating_sub(10), ink);
        let pad = cells.saturating_sub(parts::width(&title) + 9);
        lines.push(Line::from(vec![
            ink.sign(sign),
            ink.text(format!(" {title}{}{:>6}", " ".repeat(pad), format!("{done}/{all}"))),
        ]));
        lines.push(Line::from(parts::bar(ink, done, all, cells.saturating_sub(1))));
    }
    lines.extend(super::tasks::notes(release, screen, ink, cells));
    lines
}
