//! Every tag and branch of two real histories, as committed facts say they are.

use gonogo::process::Process;
use gonogo::version::{TagKind, Version, classify};
use serde::Deserialize;
use std::path::Path;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct History {
    source: String,
    process: String,
    versions: Vec<Fact>,
    others: Vec<String>,
    lines: Vec<Line>,
    branches: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    tag: String,
    kind: String,
    version: String,
    line: String,
    candidate: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    branch: String,
    line: String,
}

fn history(name: &str) -> (History, Process) {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/histories").join(format!("tags-{name}.toml"));
    let text = std::fs::read_to_string(&path).expect("the history is committed");
    let history: History = toml::from_str(&text).expect("the history parses");
    let (process, _) = crate::process::presets::preset(&history.process);
    (history, process)
}

fn every_tag_is_classified(name: &str, tags: usize) {
    let (history, process) = history(name);
    assert!(history.source.starts_with("https://github.com/"));
    assert_eq!(history.versions.len() + history.others.len(), tags);
    let mut found: Vec<(Version, &str)> = Vec::new();
    for fact in &history.versions {
        let class = classify(&process.version, &fact.tag);
        assert_eq!(class.kind.word(), fact.kind, "{class:?}");
        let version = class.version.expect("a version");
        assert_eq!(version.to_string(), fact.version, "{}", fact.tag);
        let (major, minor) = class.line.expect("a line");
        assert_eq!(format!("{major}.{minor}"), fact.line, "{}", fact.tag);
        let candidate = match class.kind {
            TagKind::Candidate(n) => Some(n),
            TagKind::Final | TagKind::Prerelease(_) | TagKind::Describe | TagKind::Other { .. } => None,
        };
        assert_eq!(candidate, fact.candidate, "{}", fact.tag);
        found.push((version, &fact.tag));
    }
    // The facts are listed in their order; sorting what was read must give the same list, from any start.
    let listed: Vec<&str> = history.versions.iter().map(|fact| fact.tag.as_str()).collect();
    found.sort_by_key(|(_, tag)| std::cmp::Reverse(*tag));
    found.sort();
    assert_eq!(found.iter().map(|(_, tag)| *tag).collect::<Vec<_>>(), listed);
    for tag in &history.others {
        let class = classify(&process.version, tag);
        assert!(matches!(&class.kind, TagKind::Other { why } if !why.is_empty()), "{class:?}");
        assert_eq!((class.version, class.line, class.tag.as_str()), (None, None, tag.as_str()));
    }
}

fn every_branch_is_known(name: &str) {
    let (history, process) = history(name);
    for fact in &history.lines {
        let line = process.line_of(&fact.branch).unwrap_or_else(|| panic!("{} is a line", fact.branch));
        let minor = line.minor.map(|n| format!(".{n}")).unwrap_or_default();
        let patch = line.patch.map_or_else(
            || if fact.line.ends_with('x') { ".x".into() } else { String::new() },
            |n| format!(".{n}"),
        );
        assert_eq!(format!("{}{minor}{patch}", line.major), fact.line, "{}", fact.branch);
    }
    for branch in &history.branches {
        assert_eq!(process.line_of(branch), None, "{branch}");
    }
}

#[test]
fn llama_stack() {
    every_tag_is_classified("llama-stack", 187);
    every_branch_is_known("llama-stack");
}

#[test]
fn crossplane() {
    every_tag_is_classified("crossplane", 221);
    every_branch_is_known("crossplane");
}

#[test]
fn tags_of_a_part_of_the_repository_say_whose_they_are() {
    let (history, process) = history("crossplane");
    let apis: Vec<_> = history.others.iter().filter(|tag| tag.starts_with("apis/")).collect();
    assert!(apis.len() >= 6);
    for tag in apis {
        let class = classify(&process.version, tag);
        assert!(matches!(&class.kind, TagKind::Other { why } if why.contains("\"apis\"")), "{class:?}");
    }
}
