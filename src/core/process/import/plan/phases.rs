//! Phases: a short title with one length, among phases or called like one.

use super::{Phase, Plan};
use crate::process::import::lengths::{Length, lengths};
use crate::process::import::piece::{Document, Kind, Piece, has};
use crate::process::import::slug;

/// Words that a phase is called by.
pub(super) const PHASE: [&str; 25] = [
    "phase",
    "phases",
    "freeze",
    "stabilization",
    "stabilisation",
    "definition",
    "development",
    "implementation",
    "planning",
    "testing",
    "hardening",
    "stage",
    "endgame",
    "soak",
    "maintenance",
    "design",
    "feature",
    "week",
    "阶段",
    "冻结",
    "开发",
    "测试",
    "稳定",
    "规划",
    "封版",
];
/// Headings and labels below which phases are listed.
const AMONG: [&str; 13] = [
    "phase",
    "phases",
    "timeline",
    "schedule",
    "lifecycle",
    "cycle",
    "milestone",
    "calendar",
    "cadence",
    "阶段",
    "周期",
    "时间表",
    "流程",
];

/// Takes a piece as a phase; whether it is one.
pub(super) fn phase(
    plan: &mut Plan,
    document: &Document,
    piece: &Piece,
    found: &[Length],
    at: usize,
) -> bool {
    let [length] = found else { return false };
    if length.every || piece.kind == Kind::Head || plan.phases.len() >= 100 {
        return false;
    }
    let Some((title, event)) = title(piece, length) else { return false };
    let lower = title.to_lowercase();
    if !fits(document, piece, has(&lower, &PHASE) || length.position) {
        return false;
    }
    let short = |text: &str| slug(&text.to_lowercase().replace("phase", ""), 6);
    let same = |known: &&mut Phase| {
        let (a, b) = (short(&known.title), short(&title));
        known.title == title || (!a.is_empty() && a == b)
    };
    let lasts = (!event).then_some(length.span);
    match plan.phases.iter_mut().find(same) {
        Some(known) => known.other.push((lasts, at)),
        None => {
            let until = has(&lower, &["up to", "until", "before", "after", "to"]);
            let freeze = has(&lower, &["freeze", "冻结", "封版"]) && !until;
            plan.phases.push(Phase { title, lasts, by: at, other: Vec::new(), freeze });
        }
    }
    true
}

/// Whether a phase may stand here; `own` when it is called like one.
fn fits(document: &Document, piece: &Piece, own: bool) -> bool {
    let entry = piece.entry.and_then(|at| document.entries.get(at));
    let label = entry.and_then(|entry| entry.label).and_then(|at| document.pieces.get(at));
    let introduced = label.is_some_and(|label| has(&label.text.to_lowercase(), &AMONG));
    let among = document.above(piece.section).take(2).any(|it| has(&it.title.to_lowercase(), &AMONG));
    let columns = ["phase", "stage", "duration", "length", "weeks", "阶段", "时长", "周期"];
    match piece.kind {
        Kind::Heading => own,
        Kind::Row => piece.columns.iter().any(|name| has(&name.to_lowercase(), &columns)),
        _ => entry.is_some_and(|entry| entry.task.is_none()) && (introduced || among || own),
    }
}

/// What a phase is called, its text without the length, and whether it is an event of a week; none when that is no title.
fn title(piece: &Piece, length: &Length) -> Option<(String, bool)> {
    if piece.kind == Kind::Row {
        let first = piece.cells.first()?.trim().to_owned();
        let fine = !first.is_empty() && lengths(&first).iter().all(|it| it.position);
        return fine.then_some((first, false));
    }
    let (before, after) = (piece.text.get(..length.at.0)?, piece.text.get(length.at.1..)?);
    if length.position && !before.contains(char::is_alphanumeric) {
        let rest = after.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
        let title = if rest.is_empty() { piece.text.trim() } else { rest };
        let fine = title.split_whitespace().count() <= 8 && title.chars().count() <= 60;
        return fine.then(|| (title.to_owned(), false));
    }
    let title = bare(before);
    let rest = after.trim_matches(|c: char| c.is_whitespace() || ")]）:：.,;*".contains(c));
    let words = title.split_whitespace().count();
    let stop = title.ends_with(|c: char| c.is_alphanumeric() || c == ')');
    let gap = before.get(title.len()..)?;
    let joined = gap.contains(['(', '（', ':', '：', '-', '–', '—', '约', '~']);
    let short =
        rest.split_whitespace().count() <= 3 || rest.len() + title.len() < 60 || piece.kind == Kind::Heading;
    let fine = stop && joined && words <= 8 && title.chars().count() <= 60 && short;
    let event = length.position && length.span.max == 1;
    fine.then(|| (title.to_owned(), event))
}

/// A title without the words and signs in front of its length.
fn bare(before: &str) -> &str {
    const FILLERS: [&str; 14] = [
        "about",
        "approximately",
        "approx",
        "roughly",
        "around",
        "for",
        "lasts",
        "takes",
        "约",
        "为期",
        "大约",
        "持续",
        "~",
        "≈",
    ];
    let mut title = before.trim_end();
    loop {
        let cut = title.trim_end_matches(|c: char| c.is_whitespace() || "([（:：-–—~≈*.".contains(c));
        let apart = |rest: &&str| !rest.ends_with(|c: char| c.is_ascii_alphanumeric());
        let cut = FILLERS.iter().find_map(|word| cut.strip_suffix(word).filter(apart)).unwrap_or(cut);
        if cut == title {
            return title;
        }
        title = cut;
    }
}
