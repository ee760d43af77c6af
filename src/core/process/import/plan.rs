//! Streams, cycle, phases, testing time, support: what a document says of time.

mod phases;
mod support;

use super::lengths::{Length, lengths};
use super::piece::{Document, Kind, Piece, has};
use crate::process::{Span, Unit};

/// A stream that the document speaks of.
#[derive(Clone, Default, Debug)]
pub(super) struct Stream {
    /// `major`, `minor` or `patch`.
    pub id: &'static str,
    /// The piece that names it first.
    pub by: usize,
    pub every: Option<(Span, usize)>,
    pub testing: Option<(Span, usize)>,
    pub candidates: Option<usize>,
    pub milestone: Option<usize>,
    pub from_line: Option<usize>,
    pub belongs: Option<(Vec<String>, usize)>,
}

/// A phase.
#[derive(Clone, Debug)]
pub(super) struct Phase {
    pub title: String,
    /// How long it takes; none for an event of a week that is named.
    pub lasts: Option<Span>,
    pub by: usize,
    /// Other mentions, with the length they give.
    pub other: Vec<(Option<Span>, usize)>,
    pub freeze: bool,
}

/// A regular meeting.
#[derive(Clone, Debug)]
pub(super) struct Meeting {
    pub title: String,
    pub every: Span,
    pub by: usize,
}

/// A line that is declared as supported, or with its end.
#[derive(Clone, Debug)]
pub(super) struct Supported {
    pub line: String,
    pub status: String,
    /// The day its support ends, `2026-12-31`.
    pub until: Option<String>,
    pub by: usize,
}

/// What a document says of time.
#[derive(Default, Debug)]
pub(super) struct Plan {
    pub streams: Vec<Stream>,
    /// How often a release is due.
    pub cycle: Option<(Span, usize)>,
    /// Other lengths that are called so.
    pub cycles: Vec<(Span, usize)>,
    pub phases: Vec<Phase>,
    pub meetings: Vec<Meeting>,
    /// How many lines are supported.
    pub latest: Option<(u32, usize)>,
    pub supported: Vec<Supported>,
    /// Lengths that belong to nothing that is known: the length and its piece.
    pub loose: Vec<(String, usize)>,
}

/// The words of each stream.
const STREAMS: [(&str, &[&str]); 3] = [
    ("major", &["major", "x-stream", "主版本", "大版本"]),
    ("minor", &["minor", "y-stream", "次版本", "小版本", "feature release", "feature releases"]),
    (
        "patch",
        &[
            "patch",
            "patches",
            "z-stream",
            "bugfix release",
            "bugfix releases",
            "hotfix release",
            "hotfix releases",
            "补丁",
            "修订版",
            "修复版本",
        ],
    ),
];

/// The streams that a text names.
pub(super) fn streams_in(text: &str) -> Vec<&'static str> {
    STREAMS.iter().filter(|(_, words)| has(text, words)).map(|(id, _)| *id).collect()
}

const RELEASE: [&str; 12] = [
    "release",
    "releases",
    "released",
    "releasing",
    "ship",
    "cycle",
    "cycles",
    "cadence",
    "发布",
    "发版",
    "周期",
    "迭代",
];
/// What a length that comes again is the length of.
const CYCLE: [&str; 7] = ["cycle", "cycles", "cadence", "timeline", "period", "schedule", "train"];
const MEETING: [&str; 13] = [
    "meeting",
    "meetings",
    "standup",
    "standups",
    "stand-up",
    "stand-ups",
    "sync",
    "call",
    "calls",
    "session",
    "sessions",
    "例会",
    "会议",
];
const TESTING: [&str; 10] = [
    "testing window",
    "testing period",
    "test period",
    "test window",
    "soak",
    "community testing",
    "bake",
    "burn-in",
    "测试窗口",
    "测试期",
];

/// Looks at every piece that says something.
pub(super) fn plan(document: &Document) -> Plan {
    let mut plan = Plan::default();
    for (at, piece) in document.said() {
        streams(&mut plan, piece, at);
    }
    for (at, piece) in document.said() {
        let mut found = lengths(&piece.text);
        let lower = piece.text.to_lowercase();
        stream_flags(&mut plan, piece, &lower, at);
        support::latest(&mut plan, &lower, at);
        if support::row(&mut plan, piece, at) || found.is_empty() {
            continue;
        }
        if testing(&mut plan, document, piece, (&lower, &mut found), at)
            || phases::phase(&mut plan, document, piece, &found, at)
        {
            continue;
        }
        place(&mut plan, document, piece, (&lower, &found), at);
    }
    plan
}

fn streams(plan: &mut Plan, piece: &Piece, at: usize) {
    let first = piece.cells.first().map_or(piece.text.as_str(), String::as_str);
    let lower = first.to_lowercase();
    for id in streams_in(&lower) {
        let kind = ["release", "releases", "version", "versions", "milestone", "stream", "版本", "发布"];
        // "A major bug" speaks of no stream.
        let words = STREAMS.iter().filter(|(it, _)| *it == id).flat_map(|(_, words)| words.iter());
        let named = words.into_iter().filter(|word| has(&lower, &[word])).any(|word| {
            !word.is_ascii()
                || word.contains([' ', '-'])
                || kind.iter().any(|kind| lower.contains(&format!("{word} {kind}")))
        });
        let several = streams_in(&lower).len() > 1 && has(&lower, &kind);
        let cell =
            !piece.cells.is_empty() && piece.kind == Kind::Row && first.split_whitespace().count() <= 4;
        let label = piece.bold > 0 && lower.starts_with(id);
        if (named || several || cell || label) && !plan.streams.iter().any(|stream| stream.id == id) {
            plan.streams.push(Stream { id, by: at, ..Stream::default() });
        }
    }
    let order = |id: &str| STREAMS.iter().position(|(known, _)| *known == id);
    plan.streams.sort_by_key(|stream| order(stream.id));
}

impl Plan {
    /// Does something to each of these streams.
    fn each(&mut self, ids: &[&str], act: impl FnMut(&mut Stream)) {
        self.streams.iter_mut().filter(|stream| ids.contains(&stream.id)).for_each(act);
    }

    fn any(&self, ids: &[&str], test: impl Fn(&Stream) -> bool) -> bool {
        self.streams.iter().any(|stream| ids.contains(&stream.id) && test(stream))
    }

    fn loose(&mut self, piece: &Piece, length: &Length, at: usize) {
        self.loose.push((piece.text.get(length.at.0..length.at.1).unwrap_or_default().to_owned(), at));
    }

    /// The id of each phase, in order.
    pub fn phase_ids(&self) -> Vec<String> {
        let mut ids = super::people::Ids::default();
        let each = self.phases.iter().enumerate().map(|(at, phase)| {
            let slug = super::slug(&phase.title, 5);
            if slug.len() < 2 { format!("phase-{}", at + 1) } else { slug }
        });
        each.map(|slug| ids.fresh(&slug)).collect()
    }
}

/// What a sentence says of the streams that it names.
fn stream_flags(plan: &mut Plan, piece: &Piece, lower: &str, at: usize) {
    let ids = streams_in(lower);
    if ids.is_empty() {
        return;
    }
    let candidate = has(lower, &["release candidate", "release candidates", "rc", "rcs", "候选版本", "候选"]);
    let made = [
        "published",
        "publish",
        "made",
        "created",
        "cut",
        "have",
        "has",
        "get",
        "before",
        "only",
        "tagged",
        "发布",
    ];
    if candidate && has(lower, &made) && !has(lower, &["no", "not", "without", "never"]) {
        plan.each(&ids, |stream| stream.candidates = stream.candidates.or(Some(at)));
    }
    let each = ["create", "for each", "planned", "every", "each"];
    if has(lower, &["milestone", "milestones", "里程碑"]) && has(lower, &each) {
        plan.each(&ids, |stream| stream.milestone = stream.milestone.or(Some(at)));
    }
    let from =
        ["from release branches", "from the release branch", "from a release branch", "from release branch"];
    if has(lower, &from) && ids.contains(&"patch") {
        plan.each(&["patch"], |stream| stream.from_line = stream.from_line.or(Some(at)));
    }
    let columns = ["description", "content", "contents", "contains", "scope", "what", "内容", "说明"];
    let column = piece.columns.iter().position(|name| has(&name.to_lowercase(), &columns));
    let what = column.and_then(|column| piece.cells.get(column)).filter(|cell| !cell.trim().is_empty());
    let first = piece.cells.first().map(|cell| streams_in(&cell.to_lowercase())).unwrap_or_default();
    if let (Kind::Row, [id], Some(what)) = (piece.kind, first.as_slice(), what) {
        let list: Vec<String> =
            what.split([',', '，', '、', ';']).map(|part| part.trim().to_owned()).collect();
        plan.each(&[*id], |stream| {
            stream.belongs.get_or_insert_with(|| (list.clone(), at));
        });
    }
}

/// The streams of the nearest heading above that names any.
fn streams_above(document: &Document, piece: &Piece, how_far: usize) -> Vec<&'static str> {
    let mut titles =
        document.above(piece.section).take(how_far).map(|it| streams_in(&it.title.to_lowercase()));
    titles.find(|ids| !ids.is_empty()).unwrap_or_default()
}

/// How long a candidate is tested.
fn testing(
    plan: &mut Plan,
    document: &Document,
    piece: &Piece,
    (lower, found): (&str, &mut Vec<Length>),
    at: usize,
) -> bool {
    let Some(first) =
        found.iter().position(|length| !length.every && !length.position).filter(|_| has(lower, &TESTING))
    else {
        return false;
    };
    let mut ids = streams_in(lower);
    if ids.is_empty() {
        ids = streams_above(document, piece, 6);
    }
    if !plan.any(&ids, |stream| stream.testing.is_none()) {
        return false;
    }
    let length = found.remove(first);
    plan.each(&ids, |stream| {
        stream.testing.get_or_insert((length.span, at));
    });
    found.is_empty()
}

/// Gives each length to what it is the length of.
fn place(plan: &mut Plan, document: &Document, piece: &Piece, (lower, found): (&str, &[Length]), at: usize) {
    let title = document.sections.get(piece.section).map(|it| it.title.to_lowercase()).unwrap_or_default();
    let first = piece.cells.first().map(|cell| cell.to_lowercase()).filter(|_| piece.kind == Kind::Row);
    let mut ids = streams_in(first.as_deref().unwrap_or(lower));
    if ids.is_empty() && piece.kind != Kind::Row {
        ids = streams_above(document, piece, 1);
    }
    let reports = ["report", "reports", "reporting", "build", "builds", "nightly", "周报"];
    let mut due: Vec<&Length> = Vec::new();
    for length in found {
        if length.every && has(lower, &MEETING) {
            meeting(plan, piece, lower, length, at);
        } else if length.every && has(lower, &reports) {
            plan.loose(piece, length, at);
        } else if let Some(id) = stream_of(lower, length, &ids).filter(|_| length.every)
            && plan.any(&[id], |stream| stream.every.is_none())
        {
            plan.each(&[id], |stream| stream.every = Some((length.span, at)));
        } else if (length.every && length.span.unit != Unit::Days && of_releases(piece, lower, &title))
            || is_cycle(lower, length)
        {
            due.push(length);
        } else {
            plan.loose(piece, length, at);
        }
    }
    // "Four in a year, one in each quarter": the shortest is the one that is meant.
    due.sort_by_key(|length| length.span.min_hours());
    if let Some(length) = due.first() {
        match plan.cycle {
            None => plan.cycle = Some((length.span, at)),
            Some(_) => plan.cycles.push((length.span, at)),
        }
    }
}

/// The stream of a length: the only one of its clause, or of its sentence.
fn stream_of(lower: &str, length: &Length, sentence: &[&'static str]) -> Option<&'static str> {
    let marks = [',', '，', ';', '；', '、', '|'];
    let start = lower.get(..length.at.0)?.rfind(marks).map_or(0, |at| at + 1);
    let end = lower.get(length.at.1..)?.find(marks).map_or(lower.len(), |at| length.at.1 + at);
    match (lower.get(start..end).map(streams_in).unwrap_or_default().as_slice(), sentence) {
        ([id], _) | (_, [id]) => Some(*id),
        _ => None,
    }
}

fn of_releases(piece: &Piece, lower: &str, title: &str) -> bool {
    let heading = ["cadence", "release schedule", "release cycle", "frequency", "发布周期"];
    has(lower, &RELEASE) || (piece.kind != Kind::Row && has(title, &heading))
}

/// Whether a length is called a cycle: `a 26-week (6-month) timeline`.
fn is_cycle(lower: &str, length: &Length) -> bool {
    if length.every || length.position {
        return false;
    }
    let after = lower.get(length.at.1..).unwrap_or_default();
    let words = after.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let near: Vec<&str> = words.take(4).collect();
    let named = near.iter().position(|word| CYCLE.contains(word));
    let phase = |word: &&str| phases::PHASE.contains(word);
    let takes =
        ["release takes", "release lasts", "release follows", "release spans", "release goes through"];
    let chinese = has(lower, &takes) || after.chars().take(6).collect::<String>().contains("周期");
    named.is_some_and(|at| !near.iter().take(at).any(phase)) || chinese
}

fn meeting(plan: &mut Plan, piece: &Piece, lower: &str, length: &Length, at: usize) {
    let names = [
        "release meeting",
        "release meetings",
        "planning meeting",
        "triage meeting",
        "community meeting",
        "community call",
        "standup",
        "stand-up",
        "例会",
    ];
    let title = names.into_iter().find(|name| has(lower, &[name])).unwrap_or("meeting").trim_end_matches('s');
    if plan.meetings.iter().any(|known| known.title == title) {
        return plan.loose(piece, length, at);
    }
    plan.meetings.push(Meeting { title: title.to_owned(), every: length.span, by: at });
}
