//! GitHub's own recorded replies parse: `@octokit/fixtures` and `@octokit/webhooks-examples`.
//!
//! They are npm packages, so this runs where `GONOGO_FIXTURES` names a `node_modules` with both in it:
//! `GONOGO_FIXTURES=…/node_modules cargo test --test it forge::recorded -- --ignored`.

use gonogo::forge::wire::{User, check, issue, pull, release, repo};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Parses a value as a resource, and again with each of its fields null, one at a time and all together.
fn parse<T: serde::de::DeserializeOwned>(
    name: &str,
    value: &Value,
    counts: &mut BTreeMap<String, (usize, usize)>,
) {
    let try_it = |value: &Value| {
        serde_json::from_value::<T>(value.clone()).unwrap_or_else(|err| panic!("{name}: {err}: {value}"));
    };
    try_it(value);
    let fields: Vec<_> = value.as_object().map(|it| it.keys().cloned().collect()).unwrap_or_default();
    let mut all = value.clone();
    for field in &fields {
        let mut nulled = value.clone();
        nulled[field] = Value::Null;
        all[field] = Value::Null;
        try_it(&nulled);
    }
    try_it(&all);
    let count = counts.entry(name.to_owned()).or_default();
    *count = (count.0 + 1, count.1 + fields.len() + 1);
}

/// Which resource an object is, by the fields that only it has.
fn sort(value: &Value, counts: &mut BTreeMap<String, (usize, usize)>) {
    let has = |names: &[&str]| names.iter().all(|name| value.get(name).is_some());
    match value {
        Value::Array(rows) => rows.iter().for_each(|it| sort(it, counts)),
        Value::Object(fields) => {
            if has(&["login", "type"]) {
                parse::<User>("user", value, counts);
            }
            if has(&["open_issues", "closed_issues", "due_on"]) {
                parse::<issue::Milestone>("milestone", value, counts);
            }
            if has(&["number", "title", "state", "user", "labels"]) {
                parse::<issue::Issue>("issue", value, counts);
            }
            if has(&["number", "merge_commit_sha"]) {
                parse::<pull::Pull>("pull", value, counts);
            }
            if has(&["issue_url", "body"]) {
                parse::<issue::Comment>("comment", value, counts);
            }
            if has(&["check_suite", "details_url", "conclusion"]) {
                parse::<check::CheckRun>("check run", value, counts);
            }
            if has(&["run_attempt", "workflow_id"]) {
                parse::<check::Run>("run", value, counts);
            }
            if has(&["steps", "run_id"]) {
                parse::<check::Job>("job", value, counts);
            }
            if has(&["context", "state", "target_url"]) {
                parse::<check::Status>("status", value, counts);
            }
            if has(&["sha", "commit", "parents"]) {
                parse::<check::Commit>("commit", value, counts);
            }
            if has(&["tag_name", "draft"]) {
                parse::<release::Release>("release", value, counts);
            }
            if has(&["full_name", "default_branch"]) {
                parse::<repo::Repository>("repository", value, counts);
            }
            if has(&["name", "protected", "commit"]) {
                parse::<repo::Branch>("branch", value, counts);
            }
            fields.values().for_each(|it| sort(it, counts));
        }
        _ => {}
    }
}

fn json_files(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap_or_else(|err| panic!("{}: {err}", dir.display())).flatten() {
        let path = entry.path();
        if path.is_dir() {
            json_files(&path, found);
        } else if path.extension().is_some_and(|it| it == "json") && !path.ends_with("package.json") {
            found.push(path);
        }
    }
}

#[test]
#[ignore = "needs GONOGO_FIXTURES, a node_modules with @octokit/fixtures and @octokit/webhooks-examples"]
fn recorded_replies_and_events_parse() {
    let modules = std::env::var("GONOGO_FIXTURES").expect("GONOGO_FIXTURES names a node_modules directory");
    let mut counts = BTreeMap::new();
    let mut files = Vec::new();
    for package in ["@octokit/fixtures/scenarios", "@octokit/webhooks-examples"] {
        json_files(&Path::new(&modules).join(package), &mut files);
    }
    for file in &files {
        let text = std::fs::read_to_string(file).expect("a file");
        sort(
            &serde_json::from_str(&text).unwrap_or_else(|err| panic!("{}: {err}", file.display())),
            &mut counts,
        );
    }
    println!("{} files", files.len());
    for (name, (objects, nulled)) in &counts {
        println!("{objects:6} {name}, {nulled} with fields nulled");
    }
    assert!(files.len() >= 20, "{} files", files.len());
    for name in [
        "user",
        "milestone",
        "issue",
        "pull",
        "comment",
        "check run",
        "run",
        "job",
        "status",
        "release",
        "repository",
    ] {
        assert!(counts.contains_key(name), "no {name} among the recorded replies: {counts:?}");
    }
}
