//! The lists of the draft: stages, gates, artifacts, announcements, and what was not understood.

use super::piece::Kind;
use super::stages::{Item, Stage};
use super::write::{Fullness, Out, Parts, clean, numbers, quoted, span};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// `[[stages]]`.
pub(super) fn stages(out: &mut Out<'_>, parts: &Parts, bare: bool) {
    if parts.stages.is_empty() {
        out.line("");
        out.note("the document has no task list, and no list that looks like steps");
    }
    for stage in &parts.stages {
        out.line("");
        let above: Vec<usize> =
            out.document.above(stage.section).filter_map(|section| section.heading).collect();
        for (at, heading) in above.into_iter().enumerate() {
            out.cite_as(heading, "", if at == 0 { "" } else { "below" });
        }
        out.line(&format!("[[stages]]\nid = {}\ntitle = {}", quoted(&stage.id), quoted(&stage.title)));
        if !bare {
            conditions(out, stage);
        }
        if stage.numbered && stage.items.len() > 1 {
            out.note(
                "ordered = true, if nothing may be done before what stands above it: the list is numbered",
            );
        }
        out.line("items = [");
        for item in &stage.items {
            self::item(out, item, bare);
        }
        out.line("]");
    }
}

fn conditions(out: &mut Out<'_>, stage: &Stage) {
    if let Some(phase) = &stage.phase {
        out.line(&format!("phase = {}", quoted(phase)));
    }
    if !stage.streams.is_empty() {
        let list: Vec<String> = stage.streams.iter().map(|id| quoted(id)).collect();
        out.line(&format!("streams = [{}]", list.join(", ")));
    }
    if let Some(when) = stage.when {
        out.line(&format!("when = \"{when}\""));
    }
}

fn item(out: &mut Out<'_>, item: &Item, bare: bool) {
    for piece in &item.group {
        out.cite_as(*piece, "  ", "");
    }
    let Some(entry) = out.document.entry_of(item.source) else { return };
    entry.text.iter().for_each(|piece| out.mark(*piece));
    let text_lines: Vec<(usize, usize)> =
        entry.text.iter().filter_map(|at| out.document.pieces.get(*at)).map(|it| it.lines).collect();
    let first = text_lines.iter().map(|lines| lines.0).min().unwrap_or(entry.lines.0);
    let last = text_lines.iter().map(|lines| lines.1).max().unwrap_or(first);
    let mut said = span((first, last));
    if out.fullness < Fullness::Lines {
        let parts = [
            (entry.task == Some(true)).then_some("ticked in the document"),
            (!item.proposed.is_empty()).then_some(item.proposed),
            (!entry.note.is_empty()).then_some(entry.note),
        ];
        for part in parts.into_iter().flatten() {
            let _ = write!(said, ", {part}");
        }
        if !item.proposed.is_empty() {
            said.insert_str(0, "proposed: ");
        }
        if let Some(under) = &item.under {
            let _ = write!(said, ", below {}", clean(under));
        }
        let quote = out.document.quote_of(&entry);
        if quote != item.text && quote.contains('<') {
            let quote = out.cut(&quote);
            let _ = writeln!(out.text, "  # {}: \"{quote}\"", span((first, last)));
        }
    }
    let role = item
        .role
        .as_ref()
        .filter(|_| !bare)
        .map(|role| format!(", role = {}", quoted(role)))
        .unwrap_or_default();
    let _ = writeln!(
        out.text,
        "  {{ id = {}, text = {}{role} }}, # {said}",
        quoted(&item.id),
        quoted(&item.text)
    );
    details(out, item);
}

fn details(out: &mut Out<'_>, item: &Item) {
    let mut details = item.details.clone();
    details.sort_by_key(|at| out.document.pieces.get(*at).map(|piece| piece.lines));
    details.dedup();
    if out.fullness == Fullness::Lines {
        let lines: BTreeSet<usize> = details.iter().map(|at| out.at(*at)).collect();
        details.iter().for_each(|at| out.mark(*at));
        if !lines.is_empty() {
            let lines: Vec<usize> = lines.into_iter().collect();
            let _ = writeln!(out.text, "    # with it: line {}", numbers(&lines));
        }
        return;
    }
    for detail in details {
        out.cite_as(detail, "    ", "");
    }
}

/// What gates could ask: for a person to choose.
pub(super) fn gates(out: &mut Out<'_>, parts: &Parts) {
    let tasks =
        |stage: &&Stage| stage.when.is_none() && stage.items.iter().any(|item| item.proposed.is_empty());
    let signs = !parts.people.signs.is_empty();
    if parts.gates.is_empty() && !signs && !parts.stages.iter().any(|stage| tasks(&stage)) {
        return;
    }
    out.line("");
    out.note("Gates: which of these stop a release is for you to say. Take away the # of those that do.");
    for asked in &parts.gates {
        out.cite(asked.by);
        gate(out, &format!("\"{}\"", asked.id), asked.kind);
    }
    if signs {
        gate(out, "\"sign-offs\"", "{ sign-offs = {} }");
    }
    for stage in parts.stages.iter().filter(tasks) {
        let id = quoted(&stage.id);
        gate(out, &id, &format!("{{ stage = {{ stage = {id} }} }}"));
    }
}

fn gate(out: &mut Out<'_>, id: &str, kind: &str) {
    out.note("[[gates]]");
    out.note(&format!("id = {id}"));
    out.note(&format!("kind = {kind}"));
}

/// `[[artifacts]]`.
pub(super) fn artifacts(out: &mut Out<'_>, parts: &Parts) {
    let mut ids = super::people::Ids::default();
    for artifact in parts.outlets.artifacts.all() {
        out.line("");
        match &artifact.at {
            Some(at) => {
                out.cite(artifact.by);
                let name = at.split('"').nth(1).filter(|_| at.contains("= \"")).unwrap_or_default();
                let base = super::slug(&format!("{} {}", artifact.title, name), 8);
                if !artifact.also.is_empty() {
                    out.note(&format!("also at line {}", numbers(&artifact.also)));
                }
                out.line("[[artifacts]]");
                let title = if name.is_empty() {
                    artifact.title.clone()
                } else {
                    format!("{name} ({})", artifact.title)
                };
                out.line(&format!(
                    "id = {}\ntitle = {}\nat = {at}",
                    quoted(&ids.fresh(&base)),
                    quoted(&title)
                ));
            }
            None => {
                let lines: Vec<usize> =
                    std::iter::once(out.at(artifact.by)).chain(artifact.also.iter().copied()).collect();
                let title = &artifact.title;
                out.note(&format!("{title} is named at line {}, without what is published there: an [[artifacts]] with at = …", numbers(&lines)));
            }
        }
    }
}

/// `[[announcements]]`: the outlets that something is announced in; the others are named.
pub(super) fn announcements(out: &mut Out<'_>, parts: &Parts) {
    let mut ids = super::people::Ids::default();
    for outlet in &parts.outlets.outlets {
        out.line("");
        let mut lines = vec![out.at(outlet.by)];
        lines.extend(outlet.also.iter().copied());
        lines.dedup();
        match outlet.announces.filter(|_| !outlet.key.is_empty()) {
            Some(by) => {
                out.cite(by);
                if lines.len() > 1 {
                    out.note(&format!("named at line {}", numbers(&lines)));
                }
                let slug = super::slug(&format!("{} {}", outlet.key, outlet.name), 6);
                out.line(&format!("[[announcements]]\nid = {}", quoted(&ids.fresh(&slug))));
                out.line(&format!("to = {{ {} = {} }}", outlet.key, quoted(&outlet.name)));
            }
            None => {
                let kind = if outlet.key.is_empty() { "a channel" } else { outlet.key };
                out.note(&format!(
                    "{} ({kind}) is named at line {}; nothing says that releases are announced there",
                    outlet.name,
                    numbers(&lines)
                ));
            }
        }
    }
}

/// `[[meetings]]`.
pub(super) fn meetings(out: &mut Out<'_>, parts: &Parts) {
    for meeting in &parts.plan.meetings {
        out.line("");
        out.cite(meeting.by);
        let id = super::slug(&meeting.title, 4);
        let id = if id.is_empty() { "meeting".to_owned() } else { id };
        out.line(&format!(
            "[[meetings]]\nid = {}\ntitle = {}\nevery = \"{}\"",
            quoted(&id),
            quoted(&meeting.title),
            meeting.every
        ));
    }
}

/// Everything that nothing was made of.
pub(super) fn rest(out: &mut Out<'_>, parts: &Parts) {
    out.line("");
    headings(out);
    addresses(out);
    let pieces = &out.document.pieces;
    let mut left: Vec<usize> =
        (0..pieces.len()).filter(|at| pieces.get(*at).is_some_and(|it| !it.cited)).collect();
    left.sort_by_key(|at| pieces.get(*at).map(|piece| (piece.lines, *at)));
    let (count, file) = (parts_of(left.len()), clean(&parts.file));
    out.note(&format!(
        "Not understood: {count} of {file}, as they stand there. Nothing above comes from these lines."
    ));
    if out.fullness == Fullness::Lines {
        ranges(out, &left);
    } else {
        left.iter().for_each(|at| listed(out, *at));
    }
    if !out.document.structure.is_empty() {
        let ranges = runs(out.document.structure.iter().map(|line| (*line, *line)));
        for (at, chunk) in ranges.chunks(24).enumerate() {
            let start =
                if at == 0 { "Separators, and lines that hold tags alone: lines" } else { "and lines" };
            out.note(&format!("{start} {}", chunk.join(", ")));
        }
    }
}

/// Headings and heads of tables above something that is cited, which say no more than that.
fn headings(out: &mut Out<'_>) {
    let sections: BTreeSet<usize> =
        out.document.pieces.iter().filter(|piece| piece.cited).map(|piece| piece.section).collect();
    let above: BTreeSet<usize> = sections
        .iter()
        .flat_map(|at| out.document.above(*at))
        .filter_map(|section| section.heading)
        .collect();
    let pieces = out.document.pieces.iter().enumerate().filter(|(_, piece)| !piece.cited);
    let found: Vec<usize> = pieces
        .filter(|(at, piece)| {
            above.contains(at) || (piece.kind == Kind::Head && sections.contains(&piece.section))
        })
        .map(|(at, _)| at)
        .collect();
    if !found.is_empty() {
        out.note("Headings, and heads of tables, of what is cited above:");
        found.into_iter().for_each(|at| out.cite(at));
        out.line("");
    }
}

/// Lines that say where links go which are quoted above.
fn addresses(out: &mut Out<'_>) {
    let cited = out.document.pieces.iter().filter(|piece| piece.cited);
    let links: BTreeSet<String> = cited.flat_map(|piece| piece.links.iter().cloned()).collect();
    let used = |piece: &super::piece::Piece| {
        piece.kind == Kind::Definition && !piece.cited && piece.links.iter().all(|link| links.contains(link))
    };
    let mut found: Vec<usize> =
        (0..out.document.pieces.len()).filter(|at| out.document.pieces.get(*at).is_some_and(used)).collect();
    found.sort_by_key(|at| out.document.pieces.get(*at).map(|piece| piece.lines));
    if found.is_empty() {
        return;
    }
    found.iter().for_each(|at| out.mark(*at));
    let lines = runs(found.iter().filter_map(|at| out.document.pieces.get(*at)).map(|piece| piece.lines));
    out.note(&format!("Addresses of links that are quoted above: line {}", lines.join(", ")));
    out.line("");
}

fn parts_of(count: usize) -> String {
    if count == 1 { "one part".to_owned() } else { format!("{count} parts") }
}

fn listed(out: &mut Out<'_>, at: usize) {
    let Some(piece) = out.document.pieces.get(at) else { return };
    let (lines, kind, quote) = (span(piece.lines), piece.kind, piece.quote.clone());
    let word = kind.word();
    let word = if word.is_empty() { String::new() } else { format!(", {word}") };
    let count = quote.lines().count();
    if !matches!(kind, Kind::Code | Kind::Comment) || count <= 1 {
        let quote = out.cut(&quote);
        return out.note(&format!("{lines}{word}: \"{quote}\""));
    }
    out.note(&format!("{lines}{word}, {count} lines:"));
    let most = if out.fullness == Fullness::Whole { usize::MAX } else { 3 };
    for line in quote.lines().take(most) {
        let _ = writeln!(out.text, "#   {}", clean(line).trim_end());
    }
}

/// Lines in runs, without what they say.
fn ranges(out: &mut Out<'_>, left: &[usize]) {
    let spans: Vec<(usize, usize)> =
        left.iter().filter_map(|at| out.document.pieces.get(*at)).map(|it| it.lines).collect();
    for chunk in runs(spans.into_iter()).chunks(12) {
        out.note(&format!("lines {}", chunk.join(", ")));
    }
}

/// Runs of lines that follow each other: `4-6`.
pub(super) fn runs(spans: impl Iterator<Item = (usize, usize)>) -> Vec<String> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for (from, to) in spans {
        match joined.last_mut() {
            Some(last) if from <= last.1 + 1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
        .into_iter()
        .map(|(from, to)| if from == to { from.to_string() } else { format!("{from}-{to}") })
        .collect()
}
