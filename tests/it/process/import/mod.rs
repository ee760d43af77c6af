//! A written process becomes a draft that loads: every task lands once, every line is cited or listed.

use gonogo::process::{Imported, Process, import};
use std::collections::BTreeSet;

mod documents;
mod hostile;
mod property;

/// Imports a document; the draft must load.
fn imported(text: &str) -> (Imported, Process) {
    let imported = import(text, "RELEASE.md");
    match Process::parse(&imported.draft, "draft.toml") {
        Ok((process, _)) => (imported, process),
        Err(findings) => panic!("{findings:#?}\n{}", imported.draft),
    }
}

/// The numbers of lines that the comments of a draft name: after "line", in runs and lists.
fn named(draft: &str) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for line in draft.lines() {
        let Some((_, comment)) = line.split_once('#') else { continue };
        for rest in comment.split("line").skip(1) {
            let rest = rest.trim_start_matches(|c: char| !c.is_ascii_digit() && c != '"');
            for run in rest.split(", ") {
                let digits: String = run.chars().take_while(|c| c.is_ascii_digit() || *c == '-').collect();
                let (from, to) = digits.split_once('-').unwrap_or((&digits, &digits));
                let (Ok(from), Ok(to)) = (from.parse::<usize>(), to.parse::<usize>()) else { break };
                found.extend(from..=to.min(from + 100_000));
            }
        }
    }
    found
}

/// Each line with text on it is named by a comment.
fn accounted(text: &str, draft: &str) {
    let named = named(draft);
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n").replace('\r', "\n");
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let lost: Vec<_> = lines.filter(|(at, _)| !named.contains(&(at + 1))).collect();
    assert!(lost.is_empty(), "{lost:?}\n{draft}");
}

/// The stage and the line of the only item with this text.
fn only<'i>(imported: &'i Imported, text: &str) -> (&'i str, usize, Option<bool>) {
    let found: Vec<_> = imported.items.iter().filter(|item| item.text == text).collect();
    assert_eq!(found.len(), 1, "{text:?}: {found:?} of {:#?}", imported.items);
    (&found[0].stage, found[0].line, found[0].ticked)
}
