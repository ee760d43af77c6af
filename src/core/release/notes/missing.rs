//! Sections that a process asks for and that a text does not have.

use crate::process::{Audience, Process};

/// What stands in a section that somebody has to write.
pub(super) const TO_WRITE: &str = concat!("TO", "DO");

/// The titles of the required sections that a text has not, or in which nothing is written yet. Of a text for the
/// house all sections count, of one for everybody those that are for everybody.
#[must_use]
pub fn missing<'p>(process: &'p Process, audience: Audience, text: &str) -> Vec<&'p str> {
    let written = written(text);
    let asked = process.notes.sections.iter().filter(|section| {
        section.required && (audience == Audience::Internal || section.audience == Audience::External)
    });
    let is_there = |title: &str| written.iter().any(|it| *it == plain(title));
    asked.map(|section| section.title.as_str()).filter(|title| !is_there(title)).collect()
}

/// A heading as it is compared: without escapes, closing marks and case.
fn plain(title: &str) -> String {
    let title = title.trim().trim_end_matches('#').trim().trim_matches('*');
    title.replace('\\', "").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How the line begins that names the whole list of changes: it belongs to no section.
pub(super) const FULL: &str = "**Full changelog**: ";

/// The headings below which something is written, and nothing is left to write (ATX headings of CommonMark 0.31,
/// section 4.2).
fn written(text: &str) -> Vec<String> {
    let mut open: Vec<(usize, String)> = vec![];
    let (mut found, mut left): (Vec<String>, Vec<String>) = (vec![], vec![]);
    let (mut fenced, mut hidden) = (false, false);
    for line in text.lines() {
        let line = line.trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            fenced = !fenced;
            continue;
        }
        let level = line.bytes().take_while(|b| *b == b'#').count();
        let is_heading =
            (1..=6).contains(&level) && line[level..].starts_with([' ', '\t']) && !fenced && !hidden;
        if is_heading {
            open.retain(|(of, _)| *of < level);
            open.push((level, plain(&line[level..])));
            continue;
        }
        let said = without_comments(line, &mut hidden);
        if said.trim().is_empty() || said.starts_with(FULL) {
            continue;
        }
        let to_write = said.trim_start_matches(['-', '*', ' ']).starts_with(TO_WRITE);
        let into = if to_write { &mut left } else { &mut found };
        into.extend(open.iter().map(|(_, title)| title.clone()));
    }
    found.retain(|title| !left.contains(title));
    found
}

/// A line without its HTML comments; `hidden` says whether one goes on.
fn without_comments(line: &str, hidden: &mut bool) -> String {
    let (mut out, mut rest) = (String::new(), line);
    while !rest.is_empty() {
        let mark = if *hidden { "-->" } else { "<!--" };
        let (before, after) = rest.split_once(mark).unwrap_or((rest, ""));
        if !*hidden {
            out.push_str(before);
        }
        if before.len() == rest.len() {
            break;
        }
        *hidden = !*hidden;
        rest = after;
    }
    out
}
