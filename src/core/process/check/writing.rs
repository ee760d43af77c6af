//! Branch patterns, the version grammar and the streams: what is written must be readable again.

use super::List;
use crate::process::lines::{Piece, pieces};
use crate::process::{LineKind, On};
use crate::version::{Style, Version};

/// Patterns that are none, that trunk matches, or that match each other's branches.
pub(super) fn branches(list: &mut List<'_>) {
    let p = list.process;
    if p.branches.trunk.trim().is_empty() {
        list.error("branches.trunk", "branches.trunk is empty", "name the branch, such as \"main\"");
    }
    for (at, line) in p.branches.lines.iter().enumerate() {
        let path = format!("branches.lines[{at}].pattern");
        match pieces(&line.pattern) {
            Err(why) => list.error(&path, format!("{:?} is no branch pattern: {why}", line.pattern), EXAMPLE),
            Ok(parts) => {
                if line.kind == LineKind::Hotfix && !parts.contains(&Piece::Number(2)) {
                    let message = format!("the hotfix pattern {:?} has no {{patch}}", line.pattern);
                    list.warn(&path, message, "two fixes of one line would share a branch");
                }
            }
        }
        if line.numbers(&p.branches.trunk).is_some() {
            let message = format!("trunk {:?} matches the pattern {:?}", p.branches.trunk, line.pattern);
            list.error(&path, message, "trunk is no release branch");
        }
        overlaps(list, at);
    }
}

const EXAMPLE: &str = "such as \"release-{major}.{minor}\"";

/// Tries each pattern on branch names that the later pattern makes.
fn overlaps(list: &mut List<'_>, later: usize) {
    let p = list.process;
    let Some(line) = p.branches.lines.get(later) else { return };
    let samples: Vec<String> = [(1, 2, 3), (10, 20, 30), (2, 0, 0), (1, 0, 0), (0, 1, 0)]
        .map(|(major, minor, patch)| line.branch(&Version::of(Style::Semver, major, minor, patch)))
        .to_vec();
    for earlier in p.branches.lines.iter().take(later) {
        let taken = samples.iter().filter(|branch| earlier.numbers(branch).is_some()).count();
        let path = format!("branches.lines[{later}].pattern");
        let both = format!("patterns {:?} and {:?} match the same branch", earlier.pattern, line.pattern);
        if taken == samples.len() {
            list.error(&path, both, "the first wins, so the second can never match: change one of them");
        } else if taken > 0 {
            list.warn(&path, both, "the first wins where both match");
        }
    }
}

/// A candidate form that is missing or does not fit.
pub(super) fn versions(list: &mut List<'_>) {
    let p = list.process;
    let with: Vec<&str> = p.streams.iter().filter(|s| s.candidates).map(|s| s.id.as_str()).collect();
    if p.version.candidate.is_none() {
        if !with.is_empty() {
            let message = format!(
                "the process makes candidates ({}) and does not say how one is written",
                with.join(", ")
            );
            let hint = "set version.candidate, such as \"-rc.{n}\" or \"rc{n}\"; until then none is named";
            list.warn("version", message, hint);
        }
    } else if let Err(why) = p.version.candidate(&Version::of(p.version.style, 1, 2, 3), 4) {
        list.error("version.candidate", why.to_string(), "SemVer takes \"-rc.{n}\", PEP 440 takes \"rc{n}\"");
    }
    if p.version.prefix.ends_with(|c: char| c.is_ascii_digit()) {
        let message = format!("version.prefix {:?} ends with a digit", p.version.prefix);
        list.error("version.prefix", message, "the number could not be told from the prefix");
    }
}

/// Streams whose keys contradict each other.
pub(super) fn streams(list: &mut List<'_>) {
    let p = list.process;
    for (at, stream) in p.streams.iter().enumerate() {
        let path = |key: &str| format!("streams[{at}].{key}");
        let id = &stream.id;
        if stream.testing.is_some() && !stream.candidates {
            let message = format!("stream {id} has a testing time and makes no candidate to test");
            list.warn(&path("testing"), message, "set candidates = true, or drop testing");
        }
        if stream.min_candidates > 0 && !stream.candidates {
            let message = format!("stream {id} wants {} candidates and makes none", stream.min_candidates);
            list.error(&path("min_candidates"), message, "set candidates = true, or drop min_candidates");
        }
        if stream.milestone && p.milestone.title.is_none() {
            let message =
                format!("stream {id} has a milestone and the process does not say how one is called");
            list.warn(&path("milestone"), message, "set milestone.title, such as \"{version}\"");
        }
        if stream.from_line && p.branches.lines.is_empty() {
            let message =
                format!("stream {id} is made from a release branch, and there is no branch pattern");
            list.error(&path("from_line"), message, "add [[branches.lines]]");
        }
    }
    let none = p.streams.iter().all(|stream| !stream.candidates);
    for (at, suite) in p.ci.suites.iter().enumerate() {
        let path = format!("ci.suites[{at}]");
        if suite.on == On::Candidate && none {
            let message = format!("suite {} runs on a candidate, and no stream makes candidates", suite.id);
            list.warn(&format!("{path}.on"), message, "set on = \"line\"");
        }
        if suite.checks.is_empty() {
            let message = format!("suite {} names no check", suite.id);
            list.warn(&format!("{path}.checks"), message, "without one it is never green");
        }
    }
    for (at, repository) in p.milestone.repositories.iter().enumerate() {
        repository_name(list, &format!("milestone.repositories[{at}]"), repository);
    }
    for (at, group) in p.groups.iter().enumerate() {
        for (place, repository) in group.repositories.iter().enumerate() {
            repository_name(list, &format!("groups[{at}].repositories[{place}]"), repository);
        }
    }
}

fn repository_name(list: &mut List<'_>, path: &str, name: &str) {
    let fine = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    if !name.split_once('/').is_some_and(|(owner, name)| fine(owner) && fine(name)) {
        list.error(path, format!("{name:?} is no repository"), "write owner/name");
    }
}

/// Patterns of files that lead out of the directory, or could not be a path in it.
pub(super) fn assets(list: &mut List<'_>) {
    for (at, pattern) in list.process.cut.assets.iter().enumerate() {
        let path = format!("cut.assets[{at}]");
        let out = |part: &str| matches!(part, "" | "." | "..") || part.eq_ignore_ascii_case(".git");
        if pattern.split('/').any(out) || pattern.chars().any(char::is_control) {
            let message = format!("{pattern:?} is no path below the clone");
            list.error(&path, message, "such as \"dist/*.whl\" or \"out/{version}/widget.tar.gz\"");
        } else if pattern.contains("**") {
            list.error(&path, format!("{pattern:?} holds **"), "each * stands for characters of one name");
        }
    }
}
