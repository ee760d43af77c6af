//! A draft of a process from a document that people wrote for people.
//!
//! Markdown is taken apart into pieces with their lines; what is recognised becomes a key with the line it comes from,
//! every other piece is listed at the end of the draft. So each line with text is either cited or listed.

mod artifacts;
mod html;
mod inline;
mod keys;
mod lengths;
mod lists;
mod markdown;
mod naming;
mod outlets;
mod people;
mod piece;
mod plan;
mod report;
mod rules;
mod stages;
mod steps;
mod tables;
mod task;
mod words;
mod write;

pub use report::{Imported, ImportedItem, Listed, Pattern};

use super::Process;
use std::collections::BTreeSet;
use write::{Fullness, Parts};

/// The longest draft that is read back as a process file, in bytes.
const MOST: usize = 1 << 20;

/// Drafts a process from Markdown; `file` is what the draft calls the document.
///
/// Facts of the document become keys, each with a comment that names its line; of two patterns for one key the first is
/// kept and the others are comments. A task becomes an item of the stage of its heading. The draft parses and has no
/// error of [`check`](super::check()); it may have warnings, which are the document's own contradictions and what it
/// leaves open. Where it would be longer than a process file may be, comments are shortened to lines, and
/// [`Imported::draft`] is longer than that only when the items alone are.
#[must_use]
pub fn import(text: &str, file: &str) -> Imported {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n").replace('\r', "\n");
    let mut document = markdown::read(&text);
    let mut parts = Parts {
        naming: naming::naming(&document),
        plan: plan::plan(&document),
        people: people::people(&document),
        outlets: outlets::outlets(&document),
        rules: rules::rules(&document),
        gates: rules::gates(&document),
        stages: Vec::new(),
        file: file.to_owned(),
    };
    let spoken: BTreeSet<usize> = parts.spoken();
    parts.stages = stages::stages(&document, &parts.plan, &parts.people, &spoken);
    let mut draft = String::new();
    for fullness in [Fullness::Whole, Fullness::Short, Fullness::Lines] {
        document.pieces.iter_mut().for_each(|piece| piece.cited = false);
        draft = write::draft(&mut document, &parts, fullness, false);
        if draft.len() <= MOST {
            break;
        }
    }
    if draft.len() <= MOST && Process::parse(&draft, file).is_err() {
        // What the document says cannot be put together as it stands: all but the checklist becomes a comment.
        document.pieces.iter_mut().for_each(|piece| piece.cited = false);
        draft = write::draft(&mut document, &parts, Fullness::Short, true);
    }
    report::imported(&document, &parts, draft)
}

/// A name from a text: its first words in small letters, with dashes between; empty where it has no ASCII.
fn slug(text: &str, words: usize) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let mut slug = parts.take(words).map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-");
    slug.truncate(48);
    slug.trim_end_matches('-').to_owned()
}
