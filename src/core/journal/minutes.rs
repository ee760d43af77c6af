//! The minutes of a release in Markdown: who decided what, why, and what came of it.

use super::chain::Verdict;
use super::disk::Source;
use super::line::{EXPUNGED, Line, hex};
use super::read::read_all;
use super::spoken::spoken;
use crate::order::Order as _;
use crate::release::text::markdown;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;

/// Longest field in a row, in characters.
const FIELD_CAP: usize = 300;
/// Where the thing that an entry is about stands in its body, in order of preference.
const SUBJECTS: &[&str] = &[
    "item",
    "gate",
    "report",
    "window",
    "tracker",
    "candidate",
    "commit",
    "target",
    "ref",
    "what",
    "tag",
    "branch",
    "issue",
    "pr",
    "job",
    "name",
];
/// Where a person's words to it stand.
const SAID: &[&str] = &["why", "note", "link", "text"];
/// Where its new value stands.
const VALUES: &[&str] = &["to", "vote", "word", "open"];

/// The minutes of a journal. Equal journals give equal bytes, whatever the time, zone or locale.
///
/// # Errors
/// When the source cannot be read.
pub fn minutes(source: &dyn Source) -> io::Result<String> {
    let mut minutes = Minutes::default();
    let walked = read_all(source, &mut |line, _| minutes.take(&line))?;
    Ok(minutes.finish(walked.chain.seq, &hex(&walked.chain.head), &walked.verdict))
}

#[derive(Default)]
struct Minutes {
    release: String,
    repo: String,
    writer: String,
    rows: Vec<(u64, String)>,
    intents: BTreeMap<String, Intent>,
    first: Option<DateTime<Utc>>,
    last: Option<DateTime<Utc>>,
    sessions: u64,
    remote: u64,
    probed: u64,
    refused: u64,
    expunged: u64,
    observed: u64,
    waits: Vec<TimeDelta>,
}

struct Intent {
    seq: u64,
    ts: DateTime<Utc>,
    by: String,
    what: String,
    why: String,
}

type Body = Map<String, Value>;

impl Minutes {
    fn take(&mut self, line: &Line) {
        if line.kind == EXPUNGED {
            self.expunged += 1;
            let row = format!("| {} | | | content removed | see the journal.expunge record |", line.seq);
            self.rows.push((line.seq, row));
            return;
        }
        self.first.get_or_insert(line.ts);
        self.last = Some(line.ts);
        let body: Body = line.read().unwrap_or_default();
        let name = line.kind.split('@').next().unwrap_or_default();
        match (name.strip_suffix(".intent"), name.strip_suffix(".outcome"), &line.op) {
            (Some(deed), _, Some(op)) => {
                self.remote += 1;
                let intent = Intent {
                    seq: line.seq,
                    ts: line.ts,
                    by: line.by.line(),
                    what: paired(deed, &body),
                    why: field(&body, &["why"]),
                };
                self.intents.insert(op.as_str().to_owned(), intent);
            }
            (_, Some(deed), Some(op)) => self.outcome(line, deed, op.as_str(), &body),
            _ if name.starts_with("obs.") || name.starts_with("ui.") => self.observed += 1,
            _ => self.local(line, name, &body),
        }
    }

    fn outcome(&mut self, line: &Line, deed: &str, op: &str, body: &Body) {
        let status = field(body, &["status"]);
        let intent = self.intents.remove(op);
        if let Some(intent) = &intent {
            self.waits.push(line.ts - intent.ts);
        }
        self.refused += u64::from(status == "refused");
        let (what, asked) = intent.map_or_else(|| (paired(deed, body), String::new()), |i| (i.what, i.why));
        let mut why = asked;
        let _ = write!(why, " **{status}**");
        let answer = field(body, &["why"]);
        if !answer.is_empty() {
            let _ = write!(why, " {answer}");
        }
        if body.get("by").and_then(Value::as_str) == Some("probe") {
            self.probed += 1;
            why.push_str(" (found by looking, after a crash)");
        }
        self.row(line, &what, why.trim());
    }

    fn local(&mut self, line: &Line, name: &str, body: &Body) {
        let mut what = escape(spoken(name));
        if name == "journal.open" {
            let fresh = |old: &mut String, key| {
                if old.is_empty() {
                    *old = field(body, &[key]);
                }
            };
            fresh(&mut self.release, "release");
            fresh(&mut self.repo, "repo");
            fresh(&mut self.writer, "writer");
        } else if name == "session.start" {
            self.sessions += 1;
            what.push_str(resumed(body));
        } else if name == "sign.off" {
            let of = |key| field(body, &[key]);
            let _ =
                write!(what, ": {} {} {} for {}", of("person"), of("stand"), of("candidate"), of("signoff"));
        } else {
            let (subject, value) = (subject(body), field(body, VALUES));
            let _ = match (subject.is_empty(), value.is_empty()) {
                (true, true) => Ok(()),
                (false, true) => write!(what, ": {subject}"),
                (true, false) => write!(what, ": {value}"),
                (false, false) => write!(what, ": {subject} = {value}"),
            };
        }
        if body.get("status").and_then(Value::as_str) == Some("refused") {
            self.refused += 1;
        }
        self.row(line, &what, &field(body, SAID));
    }

    fn row(&mut self, line: &Line, what: &str, why: &str) {
        let row =
            format!("| {} | {} | {} | {what} | {why} |", line.seq, time(line.ts), escape(&line.by.line()));
        self.rows.push((line.seq, row));
    }

    fn finish(mut self, entries: u64, head: &str, verdict: &Verdict) -> String {
        for intent in self.intents.values() {
            let Intent { seq, ts, by, what, why } = intent;
            let row = format!("| {seq} | {} | {} | {what} | {why} **in doubt** |", time(*ts), escape(by));
            self.rows.push((*seq, row));
        }
        self.rows.order_by_key(|(seq, _)| *seq);
        let mut text = format!("# {} - release minutes\n\n", self.release);
        let _ = writeln!(
            text,
            "Repository {}, journal {}, entries 1-{entries}, head `{}`\n",
            if self.repo.is_empty() { "on no forge" } else { &self.repo },
            self.writer,
            &head[..16]
        );
        if !matches!(verdict, Verdict::Clean) {
            let _ = writeln!(text, "**The journal is not whole: {}.**\n", escape(&verdict.to_string()));
        }
        text.push_str("| # | UTC | who | what | why / result |\n|--|--|--|--|--|\n");
        for (_, row) in &self.rows {
            text.push_str(row);
            text.push('\n');
        }
        self.metrics(&mut text);
        text
    }

    fn metrics(&mut self, text: &mut String) {
        let wall = match (self.first, self.last) {
            (Some(first), Some(last)) => tenths((last - first).num_milliseconds(), 60_000),
            _ => "0.0".to_owned(),
        };
        self.waits.order();
        let median = self
            .waits
            .get(self.waits.len() / 2)
            .map_or("-".to_owned(), |wait| format!("{} s", tenths(wait.num_milliseconds(), 1000)));
        let _ = write!(
            text,
            "\n## Metrics\n\n- wall time {wall} min; sessions {}; actions with remote effect {}; median \
             intent-to-outcome {median}\n- resolved by looking after a crash {}; refused {}; still in doubt {}; \
             expunged {}; observations not listed {}\n",
            self.sessions,
            self.remote,
            self.probed,
            self.refused,
            self.intents.len(),
            self.expunged,
            self.observed
        );
    }
}

/// A number of milliseconds in units, with one decimal, cut and not rounded, so that no float is involved.
fn tenths(ms: i64, unit: i64) -> String {
    let tenths = ms * 10 / unit;
    format!("{}.{}", tenths / 10, (tenths % 10).abs())
}

fn time(ts: DateTime<Utc>) -> String {
    ts.format("%Y-%m-%d %H:%M:%S").to_string()
}

fn resumed(body: &Body) -> &'static str {
    let unfinished = body.get("in_doubt").and_then(Value::as_array).is_some_and(|ops| !ops.is_empty());
    let torn = body.get("tail").and_then(Value::as_str).is_some_and(|tail| tail != "clean");
    match body.get("resumed").and_then(Value::as_bool) {
        Some(true) if unfinished || torn => " (resumed after a crash)",
        Some(true) => " (resumed)",
        Some(false) | None => "",
    }
}

fn paired(deed: &str, body: &Body) -> String {
    let (subject, value) = (subject(body), field(body, VALUES));
    let arrow = if value.is_empty() { String::new() } else { format!(" -> {value}") };
    format!("{} {subject}{arrow}", escape(spoken(deed))).trim_end().to_owned()
}

fn subject(body: &Body) -> String {
    match body.get("commit").and_then(Value::as_str) {
        Some(commit) if !body.contains_key("item") && !body.contains_key("gate") => {
            escape(commit.get(..8).unwrap_or(commit))
        }
        _ => field(body, SUBJECTS),
    }
}

/// The first of some fields that holds a text or a number, safe to stand in a table.
fn field(body: &Body, names: &[&str]) -> String {
    let found = names.iter().find_map(|name| match body.get(*name) {
        Some(Value::String(text)) => Some(text.clone()),
        Some(Value::Number(number)) => Some(number.to_string()),
        Some(Value::Bool(yes)) => Some(yes.to_string()),
        Some(Value::Null | Value::Array(_) | Value::Object(_)) | None => None,
    });
    found.map(|text| escape(&text)).unwrap_or_default()
}

/// Text from outside as Markdown that shows it and does nothing else: see [`markdown`].
#[must_use]
pub fn escape(text: &str) -> String {
    markdown(text, FIELD_CAP)
}
