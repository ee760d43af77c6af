//! Trunk, release branch patterns and pick labels, from names.

use super::{Evidence, examples, line, quoted};
use crate::order::Order as _;
use crate::process::{LineKind, LinePattern};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The words that a release branch starts with.
const STEMS: [&str; 9] =
    ["release", "releases", "rel", "hotfix", "stable", "maint", "maintenance", "support", "branch"];

const NAMES: [&str; 3] = ["{major}", "{minor}", "{patch}"];

/// The pattern of a branch that looks like a release branch, and its numbers: `release-1.20` is
/// `release-{major}.{minor}` with 1 and 20.
pub(super) fn shape(branch: &str) -> Option<(String, Vec<u64>)> {
    let start = branch.find(|c: char| c.is_ascii_digit())?;
    let (stem, rest) = branch.split_at(start);
    let word = stem.strip_suffix('v').unwrap_or(stem);
    let word = word.trim_end_matches(['-', '/', '_', '.']);
    if !(STEMS.contains(&word.to_ascii_lowercase().as_str()) || stem == "v") {
        return None;
    }
    let mut pattern = stem.to_owned();
    let mut numbers = Vec::new();
    for (at, part) in rest.split('.').enumerate() {
        if at > 0 {
            pattern.push('.');
        }
        if part == "x" && at > 0 {
            pattern.push('x');
        } else {
            numbers.push(part.parse().ok()?);
            pattern.push_str(NAMES.get(at)?);
        }
    }
    Some((pattern, numbers))
}

/// The form of a label that names a release branch of the evidence: `backport release-1.20` is `backport {branch}`.
pub(super) fn pick_label(label: &str, evidence: &Evidence) -> Option<String> {
    let branch = evidence
        .branches
        .iter()
        .find(|branch| shape(branch).is_some() && label.ends_with(branch.as_str()))?;
    let before = &label[..label.len() - branch.len()];
    (!before.is_empty() && !before.contains(['{', '}'])).then(|| format!("{before}{{branch}}"))
}

/// Writes `[process.branches]`.
pub(super) fn write(out: &mut String, evidence: &Evidence) {
    out.push_str("\n[process.branches]\n");
    let trunk = match &evidence.trunk {
        Some((trunk, why)) => {
            line(out, why);
            trunk.as_str()
        }
        None => {
            line(out, "nothing shows the trunk branch; this is the usual name");
            "main"
        }
    };
    let _ = writeln!(out, "trunk = {}", quoted(trunk));
    let mut found: BTreeMap<String, Vec<(Vec<u64>, &str)>> = BTreeMap::new();
    for branch in &evidence.branches {
        if let Some((pattern, numbers)) = shape(branch) {
            found.entry(pattern).or_default().push((numbers, branch));
        }
    }
    let mut found: Vec<_> = found.into_iter().collect();
    found.iter_mut().for_each(|(_, branches)| branches.order());
    // The pattern of the newest line comes first: a new branch is named by it.
    found.order_by(|(_, a), (_, b)| b.last().cmp(&a.last()));
    if found.is_empty() {
        line(
            out,
            "no branch looks like a release branch; add [[process.branches.lines]] once there is one, such as",
        );
        line(out, "pattern = \"release-{major}.{minor}\" with kind = \"release\"");
    }
    for (pattern, branches) in found {
        let kind = kind_of(&pattern);
        let line_pattern = LinePattern { pattern: pattern.clone(), kind, about: String::new() };
        if line_pattern.numbers(trunk).is_some() {
            continue;
        }
        let names = examples(branches.iter().map(|(_, name)| *name));
        out.push('\n');
        let word = if branches.len() == 1 { "branch" } else { "branches" };
        line(out, &format!("{} {word}: {names}", branches.len()));
        let _ = writeln!(
            out,
            "[[process.branches.lines]]\npattern = {}\nkind = \"{}\"",
            quoted(&pattern),
            kind.word()
        );
    }
}

fn kind_of(pattern: &str) -> LineKind {
    if pattern.to_ascii_lowercase().starts_with("hotfix") {
        LineKind::Hotfix
    } else if pattern.contains("{minor}") {
        LineKind::Release
    } else {
        LineKind::LongLived
    }
}
