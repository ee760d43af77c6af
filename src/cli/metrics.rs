//! `gonogo metrics`: release over release, from the journals of this clone; asks neither forge nor git.

use super::args::{MetricsArgs, Target};
use super::exit::{Exit, Said};
use super::setup::{Setup, no_repository};
use crate::engine::entries::entry;
use crate::journal::dir::Dir;
use crate::journal::files::Files;
use crate::journal::{Blobs, JournalError, Place, Verdict, read_all};
use crate::order::Order as _;
use crate::release::Release;
use crate::release::ids::ReleaseName;
use crate::release::metrics::{COLUMNS, Figures, Gauge, Value};
use crate::release::text::shown;
use crate::view::parts::{chart, width};
use chrono::{NaiveDate, SecondsFormat};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

/// Most releases that a table for people names, the newest.
const NAMED: usize = 6;
/// Most releases that a trend goes back over.
const TREND: usize = 16;

/// How the command ends, for its help.
pub(super) const EXITS: &str = "\
Exit codes: 0 done, 2 wrong arguments or no git repository there, 3 no journal could be read. A journal that is damaged \
is named on standard error and left out.";

/// A release and what it came to.
struct Row {
    name: ReleaseName,
    figures: Figures,
}

/// What was read.
#[derive(Default)]
struct Found {
    /// Releases, the oldest first; those without a final tag last.
    rows: Vec<Row>,
    /// Journals that were left out, each with why.
    unread: Vec<(String, String)>,
    /// Journals that were read up to where their end was torn.
    torn: Vec<(String, String)>,
}

/// Prints the metrics of every release that this clone has a journal of.
pub fn metrics(args: &MetricsArgs) -> Said {
    let found = match read(args.path.as_deref()) {
        Ok(found) => found,
        Err(said) => return said,
    };
    let mut err = String::new();
    for (name, why) in &found.unread {
        let _ = writeln!(err, "{name} is left out: {why}");
    }
    for (name, why) in &found.torn {
        let _ = writeln!(err, "{name}: {why}");
    }
    if found.rows.is_empty() {
        if found.unread.is_empty() {
            err.push_str("this repository has no journal yet: gonogo makes one when a release is opened\n");
        }
        return Said { out: String::new(), err, exit: Exit::Unread };
    }
    let since = |row: &&Row| args.since.is_none_or(|since| row.figures.day().is_some_and(|day| day >= since));
    let rows: Vec<&Row> = found.rows.iter().filter(since).collect();
    let out = match (args.json, args.csv) {
        (true, _) => as_json(&rows, &found, args.since),
        (_, true) => as_csv(&rows),
        _ => as_table(&rows),
    };
    Said { out, err, exit: Exit::Ok }
}

/// Each value with what it says and from which kinds of lines, for the long help.
pub(super) fn legend() -> String {
    let mut out = EXITS.to_owned()
        + "\n\nWhat each value says, and the kinds of lines of the journal that it is computed from \
                   (`gonogo journal show --kind KIND`), beside \
                   journal.open, process.changed, obs.complete and obs.branches. What no line says is null, and never 0:\n";
    for column in COLUMNS {
        let kinds = if column.kinds.is_empty() { "all".to_owned() } else { column.kinds.join(", ") };
        let _ = write!(out, "\n  {}: {}\n      {kinds}", column.key, column.says);
    }
    out
}

fn read(path: Option<&Path>) -> Result<Found, Said> {
    let setup = Setup::of(path, &Target::default(), Vec::new())?;
    let repository = setup.repository.map_err(|why| Said::err(no_repository(&why), why.to_string()))?;
    gathered(&repository.common_dir).map_err(|why| Said::err(Exit::Unread, shown(&why.to_string(), 2000)))
}

/// Reads the journals that the state directory has of a clone.
fn gathered(git_dir: &Path) -> Result<Found, JournalError> {
    let mut found = Found::default();
    let root = Place::default_root()?;
    // Looking must not make the directory.
    if root.symlink_metadata().is_err() {
        return Ok(found);
    }
    let place = Place::at(&root)?;
    let Some(clone) = place.lookup_clone(git_dir)? else { return Ok(found) };
    for name in place.releases(&clone.repo, &clone.writer)? {
        let told = match place.existing(&clone.repo, &name, &clone.writer) {
            Ok(None) => continue,
            Ok(Some(dir)) => measured(dir.path()),
            Err(why) => Err(why.to_string()),
        };
        match told {
            Ok((figures, torn)) => {
                found.torn.extend(torn.map(|why| (name.line(), why)));
                found.rows.push(Row { name, figures });
            }
            Err(why) => found.unread.push((name.line(), shown(&why, 400))),
        }
    }
    found.rows.order_by_key(|row| (row.figures.actual.is_none(), row.figures.day(), row.name.line()));
    Ok(found)
}

/// What a journal comes to, and where its end is torn; why not, when a part of it cannot be trusted or read.
fn measured(path: &Path) -> Result<(Figures, Option<String>), String> {
    let files = Files::at(path).map_err(|why| format!("it cannot be read: {why}"))?;
    // The profile lies beside the journal; without it, what only the process says stays unknown.
    let has_blobs = path.join("blobs").is_dir();
    let blobs = Dir::root(path).ok().filter(|_| has_blobs).and_then(|dir| Blobs::of(&dir).ok());
    let (mut release, mut gauge) = (Release::default(), Gauge::default());
    let walked = read_all(&files, &mut |line, _| {
        let entry = entry(&line, blobs.as_ref());
        release.apply(&entry);
        gauge.take(&release, &entry);
    });
    let verdict = walked.map_err(|why| format!("it cannot be read: {why}"))?.verdict;
    let torn = match verdict {
        Verdict::Clean => None,
        Verdict::Torn { .. } => Some(verdict.to_string()),
        _ => return Err(verdict.to_string()),
    };
    if release.opened.is_none() {
        return Err("it does not say of which release it is".to_owned());
    }
    Ok((gauge.figures(&release), torn))
}

fn as_json(rows: &[&Row], found: &Found, since: Option<NaiveDate>) -> String {
    let row = |row: &&Row| {
        let mut value = json!({ "release": row.name });
        for column in COLUMNS {
            value[column.key] = match (column.value)(&row.figures) {
                Value::Text(it) => json!(it),
                Value::Day(it) => json!(it),
                Value::Time(it) => json!(it),
                Value::Whole(it) => json!(it),
                Value::Hours(it) => json!(it),
                Value::Each(it) => json!(it),
            };
        }
        value
    };
    let unread = |(name, why): &(String, String)| json!({ "release": name, "why": why });
    let value = json!({
        "since": since,
        "releases": rows.iter().map(row).collect::<Vec<_>>(),
        "unread": found.unread.iter().map(unread).collect::<Vec<_>>(),
    });
    format!("{value:#}\n")
}

/// A text as a field of CSV (RFC 4180, section 2). A spreadsheet takes what begins with one of `= + - @`, a tab or a
/// carriage return for a formula: an apostrophe before it makes it a text.
fn text_field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\r', '\n']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

fn as_csv(rows: &[&Row]) -> String {
    let keys: Vec<&str> = COLUMNS.iter().map(|column| column.key).collect();
    let mut out = format!("release,{}\r\n", keys.join(","));
    for row in rows {
        out.push_str(&text_field(&row.name.line()));
        for column in COLUMNS {
            out.push(',');
            match (column.value)(&row.figures) {
                Value::Text(it) => {
                    out.push_str(&it.map_or_else(String::new, |it| text_field(&shown(&it, 200))))
                }
                Value::Each(it) => out.push_str(&text_field(&each(&it))),
                Value::Day(it) => out.push_str(&it.map_or_else(String::new, |it| it.to_string())),
                Value::Time(it) => out.push_str(
                    &it.map_or_else(String::new, |it| it.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
                ),
                Value::Whole(it) => out.push_str(&it.map_or_else(String::new, |it| it.to_string())),
                Value::Hours(it) => out.push_str(&it.map_or_else(String::new, |it| it.to_string())),
            }
        }
        out.push_str("\r\n");
    }
    out
}

/// `lead=2; qa=1`
fn each(counts: &BTreeMap<Box<str>, u64>) -> String {
    let each = counts.iter().map(|(name, count)| format!("{}={count}", shown(name, 40)));
    each.collect::<Vec<_>>().join("; ")
}

/// A line of the table: what a number is called, its trend, and what it is at each release that is named.
struct Line {
    head: String,
    trend: String,
    cells: Vec<String>,
}

fn as_table(rows: &[&Row]) -> String {
    if rows.is_empty() {
        return "no release since then\n".to_owned();
    }
    let newest = &rows[rows.len().saturating_sub(NAMED)..];
    let mut lines = vec![Line {
        head: String::new(),
        trend: if rows.len() > 1 { "trend".to_owned() } else { String::new() },
        cells: newest.iter().map(|row| shown(&row.name.line(), 24)).collect(),
    }];
    for column in COLUMNS {
        let Some(head) = column.head else { continue };
        let values: Vec<Value> = rows.iter().map(|row| (column.value)(&row.figures)).collect();
        if values.iter().any(|value| matches!(value, Value::Each(_))) {
            lines.extend(by_name(head, &values, newest.len()));
        } else {
            lines.push(line(head.to_owned(), &values, newest.len()));
        }
    }
    let mut out = aligned(&lines);
    out.push_str("\n– the journal does not say");
    out.push_str(if rows.len() > 1 {
        "; the trend goes from the oldest release to the newest\n"
    } else {
        "\n"
    });
    if newest.len() < rows.len() {
        let _ = writeln!(out, "the newest {} of {} releases; --csv prints all", newest.len(), rows.len());
    }
    out
}

fn line(head: String, values: &[Value], named: usize) -> Line {
    let numbers: Vec<Option<f64>> = values.iter().map(number).collect();
    let cells = values[values.len() - named..].iter().map(cell).collect();
    Line { head, trend: trend(&numbers[numbers.len().saturating_sub(TREND)..]), cells }
}

/// A line for each name that any release has.
fn by_name(head: &str, values: &[Value], named: usize) -> Vec<Line> {
    let each = |value: &Value| if let Value::Each(it) = value { it.clone() } else { BTreeMap::new() };
    let all: Vec<BTreeMap<Box<str>, u64>> = values.iter().map(each).collect();
    let names: BTreeSet<&str> = all.iter().flat_map(|it| it.keys().map(|name| &**name)).collect();
    let of = |name: &str| {
        let count = |it: &BTreeMap<Box<str>, u64>| it.get(name).and_then(|it| i64::try_from(*it).ok());
        let counts: Vec<Value> = all.iter().map(|it| Value::Whole(count(it))).collect();
        line(format!("{head}: {}", shown(name, 24)), &counts, named)
    };
    names.into_iter().map(of).collect()
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Whole(it) => it.and_then(|it| i32::try_from(it).ok()).map(f64::from),
        Value::Hours(it) => *it,
        Value::Text(_) | Value::Day(_) | Value::Time(_) | Value::Each(_) => None,
    }
}

fn cell(value: &Value) -> String {
    let said = match value {
        Value::Text(it) => it.as_ref().map(|it| shown(it, 24)),
        Value::Day(it) => it.map(|it| it.to_string()),
        Value::Time(it) => it.map(|it| it.to_rfc3339_opts(SecondsFormat::Secs, true)),
        Value::Whole(it) => it.map(|it| it.to_string()),
        Value::Hours(it) => {
            it.map(|it| if it < 48.0 { format!("{it:.1} h") } else { format!("{:.1} d", it / 24.0) })
        }
        Value::Each(it) => Some(each(it)),
    };
    said.unwrap_or_else(|| "–".to_owned())
}

/// A sparkline from 0, or from the lowest where that is below; a dot where nothing is known. Empty where fewer than
/// two values make no history.
fn trend(values: &[Option<f64>]) -> String {
    let known = || values.iter().flatten().copied();
    if known().count() < 2 {
        return String::new();
    }
    let (low, high) = (known().fold(0.0, f64::min), known().fold(0.0, f64::max));
    let step = |value: f64| {
        // How many of the seven steps above the lowest it reaches.
        let reached = |step: &u8| high > low && (value - low) * 7.0 >= f64::from(*step) * (high - low);
        chart::BARS[(1..=7u8).filter(reached).count()]
    };
    values.iter().map(|value| value.map_or("·", step)).collect()
}

/// Lines with what they are called to the left and values to the right, by the cells that a terminal gives them.
fn aligned(lines: &[Line]) -> String {
    let widest = |of: &dyn Fn(&Line) -> usize| lines.iter().map(of).max().unwrap_or(0);
    let (head, trend) = (widest(&|it| width(&it.head)), widest(&|it| width(&it.trend)));
    let columns = lines.first().map_or(0, |it| it.cells.len());
    let wide: Vec<usize> = (0..columns).map(|at| widest(&|it| width(&it.cells[at]))).collect();
    let blank = |text: &str, cells: usize| " ".repeat(cells.saturating_sub(width(text)));
    let mut out = String::new();
    for line in lines {
        let mut text = format!("{}{}", line.head, blank(&line.head, head));
        if trend > 0 {
            let _ = write!(text, "  {}{}", line.trend, blank(&line.trend, trend));
        }
        for (cell, cells) in line.cells.iter().zip(&wide) {
            let _ = write!(text, "  {}{cell}", blank(cell, *cells));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}
