//! The text: headings, lines, who is new, the whole list of changes; and what should be looked at.

use super::entry::{Entries, entries};
use super::missing::{FULL, TO_WRITE};
use super::section::{Section, sections};
use super::{Entry, Gathered, MOST_BYTES, Pull};
use crate::process::{Audience, NotesFrom, Process};
use crate::release::log::plural;
use crate::release::text::{markdown, shown};
use std::collections::{BTreeMap, BTreeSet};

/// What notes are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The process: its sections, its way.
    pub process: &'a Process,
    /// The changes.
    pub gathered: &'a Gathered,
    /// What the forge told of pull requests.
    pub pulls: &'a BTreeMap<u64, Pull>,
    /// The version before.
    pub since: Option<&'a str>,
    /// The version that they are of.
    pub tag: &'a str,
    /// Who reads them.
    pub audience: Audience,
    /// The repository for browsers: `https://github.com/owner/name`.
    pub web: Option<&'a str>,
}

/// Notes as they were made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The text, Markdown.
    pub text: String,
    /// The sections that it shows.
    pub sections: Vec<Section>,
    /// What should be looked at, a line each, safe to show.
    pub warnings: Vec<String>,
    /// Required sections with nothing in them: what blocks publishing.
    pub missing: Vec<String>,
}

/// Makes notes.
#[must_use]
pub fn draft(wanted: &Wanted<'_>) -> Draft {
    let process = wanted.process;
    let Entries { all, mut warnings } = entries(process, wanted.gathered, wanted.pulls);
    let kept = for_audience(wanted, all, &mut warnings);
    let mut shown: Vec<Section> = sections(process, kept);
    shown.retain(|it| wanted.audience == Audience::Internal || it.audience == Audience::External);
    let missing: Vec<_> =
        shown.iter().filter(|it| it.required && it.entries.is_empty()).map(|it| it.title.clone()).collect();
    let mut said = of_gathering(wanted);
    if !missing.is_empty() {
        said.push(format!("nothing is published before it is written: {}", missing.join(", ")));
    }
    said.append(&mut warnings);
    let mut text = written(wanted, &shown);
    if text.len() > MOST_BYTES {
        let (kept, left) = cut(&text);
        said.insert(
            0,
            format!("the text is longer than {} KiB: {left} lines are left out", MOST_BYTES / 1024),
        );
        text = kept;
    }
    Draft { text, sections: shown, warnings: said, missing }
}

/// The entries that may be told: where a part of the notes is for the house alone, what the forge did not tell the
/// labels of is told to nobody else.
fn for_audience(wanted: &Wanted<'_>, all: Vec<Entry>, warnings: &mut Vec<String>) -> Vec<Entry> {
    if wanted.audience == Audience::Internal || !wanted.process.notes.has_internal() {
        return all;
    }
    let is_known = |it: &Entry| it.labels.is_some() || it.pulls.is_empty();
    let (kept, held): (Vec<_>, Vec<_>) = all.into_iter().partition(is_known);
    if !held.is_empty() {
        let names: Vec<_> = held.iter().take(10).map(Entry::named).collect();
        let more = if held.len() > names.len() { ", …" } else { "" };
        warnings.push(format!(
            "{} {} left out of the text for everybody: the labels are not known, and some are internal: {}{more}",
            held.len(),
            if held.len() == 1 { "change is" } else { "changes are" },
            names.join(", "),
        ));
    }
    kept
}

/// What is said of how the changes were gathered.
fn of_gathering(wanted: &Wanted<'_>) -> Vec<String> {
    let gathered = wanted.gathered;
    let mut said = vec![];
    let since = shown(wanted.since.unwrap_or("the start"), 60);
    let mut count = |n: usize, why: String| {
        if n > 0 {
            said.push(format!("{n} {} left out: {why}", plural(n, "commit")));
        }
    };
    count(gathered.same_patch, format!("{since} has the same patch"));
    count(gathered.said_there, format!("a commit of {since} says that it brings it"));
    if gathered.is_cut {
        said.push("the range is longer than what is read: the oldest commits are left out".to_owned());
    }
    if gathered.is_shallow {
        said.push(
            "the clone is shallow: who is new cannot be told, and older commits may be missing".to_owned(),
        );
    }
    let numbers = gathered.pulls();
    let unknown = numbers.iter().filter(|number| !wanted.pulls.contains_key(number)).count();
    if unknown > 0 && wanted.process.notes.from != NotesFrom::Commits {
        said.push(format!(
            "{unknown} of {} pull {} not read from the forge: title and author are those of git, labels are not known",
            numbers.len(),
            if numbers.len() == 1 { "request is" } else { "requests are" },
        ));
    }
    said
}

fn written(wanted: &Wanted<'_>, sections: &[Section]) -> String {
    let mut out = String::new();
    for section in sections {
        out.push_str(&format!("## {}\n\n", markdown(&section.title, 120)));
        if section.entries.is_empty() {
            out.push_str(TO_WRITE);
            out.push('\n');
        }
        for entry in &section.entries {
            out.push_str(&entry.line());
            out.push('\n');
        }
        out.push('\n');
    }
    if sections.is_empty() {
        out.push_str("No changes.\n\n");
    }
    let new = first_contributions(sections);
    if !new.is_empty() {
        out.push_str("## First contributions\n\n");
        new.iter().for_each(|line| out.push_str(&format!("- {line}\n")));
        out.push('\n');
    }
    out.push_str(&full_changelog(wanted));
    out
}

/// Who is new, each with the first thing that was made.
fn first_contributions(sections: &[Section]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let entries = sections.iter().flat_map(|it| &it.entries).filter(|it| it.is_new && !it.is_by_bot());
    let mut new: Vec<_> = entries.map(|it| (it.who(), it.pulls.first().copied(), it.named())).collect();
    new.sort_by(|a, b| (a.1.unwrap_or(u64::MAX), &a.0).cmp(&(b.1.unwrap_or(u64::MAX), &b.0)));
    new.retain(|(who, ..)| !who.is_empty() && seen.insert(who.clone()));
    new.iter().map(|(who, _, what)| format!("{who} in {what}")).collect()
}

fn full_changelog(wanted: &Wanted<'_>) -> String {
    let Some(since) = wanted.since else {
        return format!("First version: {}\n", markdown(wanted.tag, 120));
    };
    let range = format!("{since}...{}", wanted.tag);
    let text = markdown(&range, 240);
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/".contains(c);
    match wanted.web.filter(|_| range.chars().all(plain)) {
        Some(web) => format!("{FULL}[{text}]({web}/compare/{range})\n"),
        None => format!("{FULL}{text}\n"),
    }
}

/// Whole lines of a text, as many as are taken, and how many are left out.
fn cut(text: &str) -> (String, usize) {
    let end = "\n(cut: the notes are longer than what is kept)\n";
    let mut kept = String::new();
    let mut lines = text.lines();
    for line in lines.by_ref() {
        if kept.len() + line.len() + 1 + end.len() > MOST_BYTES {
            kept.push_str(end);
            return (kept, lines.count() + 1);
        }
        kept.push_str(line);
        kept.push('\n');
    }
    (kept, 0)
}
