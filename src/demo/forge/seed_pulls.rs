//! The merged pull requests that commit subjects name.

use super::call::Refusal;
use super::objects::{self, Objects};
use super::state::{Issue, Pull, Repository};
use crate::order::Order as _;
use git2::{Commit, Oid};
use std::collections::HashSet;

/// Adds the merged pull requests from the subjects of all branches, trunk first. Every commit is read once, however
/// many branches have it.
pub(super) fn merged(objects: &Objects, repo: &mut Repository) -> Result<(), Refusal> {
    let trunk = format!("refs/heads/{}", repo.trunk);
    let mut branches = objects.refs("refs/heads/")?;
    branches.order_by_key(|(name, _)| *name != trunk);
    let mut seen = HashSet::new();
    for (name, tip) in branches {
        let branch = name.trim_start_matches("refs/heads/");
        for commit in fresh(objects, tip, &mut seen) {
            let message = objects::message(&commit);
            let subject = message.lines().next().unwrap_or_default();
            if let Some((number, head)) =
                named_pull(subject).filter(|(number, _)| (1..1_000_000).contains(number))
            {
                repo.issues.entry(number).or_insert_with(|| pull(&commit, number, head, branch, &message));
            }
        }
    }
    Ok(())
}

/// The commits of a branch that were not seen yet, newest first. What a shallow clone lacks is left out.
fn fresh<'o>(objects: &'o Objects, tip: Oid, seen: &mut HashSet<Oid>) -> Vec<Commit<'o>> {
    let (mut next, mut found) = (vec![tip], Vec::new());
    while let Some(oid) = next.pop() {
        if !seen.insert(oid) {
            continue;
        }
        if let Ok(commit) = objects.0.find_commit(oid) {
            next.extend(commit.parent_ids());
            found.push(commit);
        }
    }
    found.order_by_key(|commit| (std::cmp::Reverse(commit.time().seconds()), commit.id()));
    found
}

/// The number of the pull request that a commit subject names, and the branch it came from.
fn named_pull(subject: &str) -> Option<(u64, Option<String>)> {
    if let Some(rest) = subject.strip_prefix("Merge pull request #") {
        let (number, from) = rest.split_once(" from ")?;
        let head = from.split_once('/').map_or(from, |(_, branch)| branch);
        return Some((number.parse().ok()?, Some(head.to_owned())));
    }
    let (_, tail) = subject.trim_end().rsplit_once("(#")?;
    Some((tail.strip_suffix(')')?.parse().ok()?, None))
}

fn pull(commit: &Commit<'_>, number: u64, head: Option<String>, base: &str, message: &str) -> Issue {
    let (subject, rest) = message.split_once('\n').unwrap_or((message, ""));
    let second = commit.parent(1).ok();
    // Who opened a pull request merged by a merge commit is who wrote its last commit.
    let (_, author) = objects::author(second.as_ref().unwrap_or(commit));
    let title = match head {
        Some(_) => rest.trim_start().lines().next().unwrap_or(subject),
        None => subject.rsplit_once(" (#").map_or(subject, |(title, _)| title),
    };
    let at = commit.time().seconds();
    let mut issue = Issue::new(number, title, &author, at - 30 * 3600);
    let body: Vec<&str> = rest.lines().filter(|line| !line.starts_with("(cherry picked")).collect();
    issue.body = Some(body.join("\n").trim().to_owned());
    issue.closed = Some(at);
    issue.updated = at;
    issue.pull = Some(Pull {
        base: base.to_owned(),
        head: head.unwrap_or_else(|| format!("change-{number}")),
        head_sha: second.as_ref().unwrap_or(commit).id().to_string(),
        base_sha: commit.parent_id(0).map(|id| id.to_string()).unwrap_or_default(),
        merged: Some(at),
        merged_by: Some("ana-weber".into()),
        merge_sha: Some(commit.id().to_string()),
        ..Pull::default()
    });
    issue
}
