//! Milestones, issues and pull requests in the graph.

use super::super::state::{Edit, Happening, Issue, Label, Pull, Review};
use super::super::{issues, pulls, pulls_write, users};
use super::query::{actor, actor_value, open, repo};
use super::run::{Run, known};
use super::thing::{Fault, Found, Thing, leaf, plain};
use crate::demo::clock::stamp;
use git2::Oid;
use serde_json::{Value, json};

/// A list of names in the arguments, also when only one is given.
pub(super) fn words(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(all) => all.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn state(issue: &Issue) -> &'static str {
    match (&issue.pull, issue.open()) {
        (Some(pull), _) if pull.merged.is_some() => "MERGED",
        (_, true) => "OPEN",
        (_, false) => "CLOSED",
    }
}

pub(super) fn label(label: &Label) -> Thing {
    let id = users::node("LA", &label.id.to_string());
    plain(
        "Label",
        json!({ "id": id, "name": label.name, "color": label.color, "description": label.description }),
    )
}

pub(super) fn milestone(
    run: &Run<'_>,
    at: usize,
    number: u64,
    name: &str,
    args: &Value,
) -> Result<Found, Fault> {
    let repo = repo(run, at);
    let Some(milestone) = repo.milestone(number) else { return Ok(Found::Leaf(Value::Null)) };
    match name {
        "id" => leaf(users::node("MI", &format!("{}:{number}", repo.id))),
        "number" => leaf(number),
        "title" => leaf(milestone.title.as_str()),
        "description" => leaf(milestone.description.clone()),
        "state" => leaf(if milestone.closed.is_none() { "OPEN" } else { "CLOSED" }),
        "closed" => leaf(milestone.closed.is_some()),
        "url" => leaf(format!("{}/milestone/{number}", run.call.site.html(repo))),
        "dueOn" => leaf(milestone.due.map(stamp)),
        "createdAt" => leaf(stamp(milestone.created)),
        "updatedAt" => leaf(stamp(milestone.updated)),
        "closedAt" => leaf(milestone.closed.map(stamp)),
        "creator" => Ok(Found::One(Some(actor(run, &milestone.creator)))),
        "repository" => Ok(Found::One(Some(Thing::Repository(at)))),
        "progressPercentage" => {
            let held: Vec<&Issue> =
                repo.issues.values().filter(|issue| issue.milestone == Some(number)).collect();
            let done = held.iter().filter(|issue| !issue.open()).count();
            leaf(if held.is_empty() { 0.0 } else { done as f64 * 100.0 / held.len() as f64 })
        }
        "issues" => {
            Ok(Found::List("Issue", super::query::issues(repo, at, args, false, Some(number)), json!({})))
        }
        "pullRequests" => Ok(Found::List(
            "PullRequest",
            super::query::issues(repo, at, args, true, Some(number)),
            json!({}),
        )),
        _ => known("Milestone", &Value::Null, name),
    }
}

pub(super) fn issue(run: &Run<'_>, at: usize, number: u64, name: &str, args: &Value) -> Result<Found, Fault> {
    let repo = repo(run, at);
    let Some(issue) = repo.issues.get(&number) else { return Ok(Found::Leaf(Value::Null)) };
    match name {
        "id" => leaf(issues::node(repo, issue)),
        "databaseId" => leaf(number),
        "number" => leaf(number),
        "title" => leaf(issue.title.as_str()),
        "body" | "bodyText" => leaf(issue.body.clone().unwrap_or_default()),
        "state" => leaf(state(issue)),
        "stateReason" => leaf(issue.reason.as_ref().map(|reason| reason.to_uppercase())),
        "url" => leaf(issues::html(&run.call.site, repo, issue)),
        "createdAt" => leaf(stamp(issue.created)),
        "updatedAt" => leaf(stamp(issue.updated)),
        "closedAt" => leaf(issue.closed.map(stamp)),
        "closed" => leaf(!issue.open()),
        "locked" => leaf(issue.locked),
        "authorAssociation" => leaf(issues::association(&issue.author)),
        _ => near(run, at, issue, name, args),
    }
}

/// What an issue leads to.
fn near(run: &Run<'_>, at: usize, issue: &Issue, name: &str, args: &Value) -> Result<Found, Fault> {
    let (repo, number) = (repo(run, at), issue.number);
    match name {
        "author" => Ok(Found::One(Some(actor(run, &issue.author)))),
        "repository" => Ok(Found::One(Some(Thing::Repository(at)))),
        "milestone" => Ok(Found::One(issue.milestone.map(|number| Thing::Milestone(at, number)))),
        "labels" => {
            let of = |wanted: &String| repo.labels.iter().find(|label| label.name == *wanted).map(label);
            Ok(Found::List("Label", issue.labels.iter().filter_map(of).collect(), json!({})))
        }
        "assignees" => {
            let all = issue.assignees.iter().map(|login| actor(run, login)).collect();
            Ok(Found::List("User", all, json!({})))
        }
        "comments" => {
            let said = repo.comments.iter().filter(|comment| comment.issue == number);
            let all = said.map(|comment| {
                plain(
                    "IssueComment",
                    json!({
                        "id": users::node("IC", &comment.id.to_string()), "databaseId": comment.id, "body": comment.body,
                        "author": actor_value(run, &comment.author), "createdAt": stamp(comment.created),
                        "authorAssociation": issues::association(&comment.author),
                        "updatedAt": stamp(comment.updated),
                        "url": format!("{}#issuecomment-{}", issues::html(&run.call.site, repo, issue), comment.id),
                    }),
                )
            });
            Ok(Found::List("IssueComment", all.collect(), json!({})))
        }
        "userContentEdits" => Ok(Found::List("UserContentEdit", edits(run, repo.id, issue), json!({}))),
        "timelineItems" => {
            let wanted = words(&args["itemTypes"]);
            let happened = repo.events.iter().filter(|event| event.issue == number);
            let all = happened.filter_map(|event| entry(run, event)).filter(|(kind, _)| {
                wanted.is_empty()
                    || wanted.iter().any(|word| word.replace('_', "").eq_ignore_ascii_case(kind))
            });
            let all: Vec<Thing> = all.map(|(_, thing)| thing).collect();
            let more = json!({ "filteredCount": all.len(), "updatedAt": stamp(issue.updated) });
            Ok(Found::List(
                if issue.pull.is_some() { "PullRequestTimelineItems" } else { "IssueTimelineItems" },
                all,
                more,
            ))
        }
        _ => pull(run, at, issue, name),
    }
}

/// The edits of an issue's text, the newest first, each with the whole text that it left.
fn edits(run: &Run<'_>, repo: u64, issue: &Issue) -> Vec<Thing> {
    let edit = |edit: &Edit| {
        let id = users::node("UCE", &format!("{repo}:{}:{}", issue.number, edit.id));
        let (at, editor) = (stamp(edit.at), actor_value(run, &edit.by));
        let value = json!({
            "id": id, "createdAt": at, "editedAt": at, "updatedAt": at, "diff": edit.body, "editor": editor,
            "deletedAt": null, "deletedBy": null,
        });
        plain("UserContentEdit", value)
    };
    issue.edits.iter().rev().map(edit).collect()
}

/// A timeline event by GitHub's name of its type.
fn entry(run: &Run<'_>, event: &Happening) -> Option<(&'static str, Thing)> {
    let mut value = json!({
        "id": users::node("EV", &event.id.to_string()), "createdAt": stamp(event.at),
        "actor": actor_value(run, &event.actor),
    });
    let kind = match event.kind.as_str() {
        "milestoned" => "MilestonedEvent",
        "demilestoned" => "DemilestonedEvent",
        "labeled" => "LabeledEvent",
        "unlabeled" => "UnlabeledEvent",
        "assigned" => "AssignedEvent",
        "closed" => "ClosedEvent",
        "reopened" => "ReopenedEvent",
        "merged" => "MergedEvent",
        _ => return None,
    };
    match kind {
        "MilestonedEvent" | "DemilestonedEvent" => value["milestoneTitle"] = json!(event.detail),
        "LabeledEvent" | "UnlabeledEvent" => value["label"] = json!({ "name": event.detail }),
        "AssignedEvent" => value["assignee"] = actor_value(run, &event.detail),
        _ => {}
    }
    Some((kind, plain(kind, value)))
}

/// What git knows of a pull request.
fn size(run: &Run<'_>, at: usize, pull: &Pull, name: &str) -> Result<Found, Fault> {
    let objects = open(run, at)?;
    if name == "commits" {
        // Made-up pull requests have no commits behind them.
        let commits = pulls::between(&objects, pull).unwrap_or_default();
        let commit = |oid: Oid| {
            let value =
                json!({ "id": users::node("PRC", &oid.to_string()), "commit": { "oid": oid.to_string() } });
            plain("PullRequestCommit", value)
        };
        return Ok(Found::List("PullRequestCommit", commits.into_iter().map(commit).collect(), json!({})));
    }
    if name == "mergeable" {
        let clean = pulls_write::merges(&objects, pull).is_ok();
        return leaf(if clean { "MERGEABLE" } else { "CONFLICTING" });
    }
    let files = pulls::changed(&objects, pull).unwrap_or_default();
    leaf(match name {
        "additions" => files.iter().map(|file| file.added).sum::<usize>(),
        "deletions" => files.iter().map(|file| file.removed).sum::<usize>(),
        _ => files.len(),
    })
}

/// The latest review of each reviewer that says more than a comment.
fn opinions(run: &Run<'_>, pull: &Pull) -> Found {
    let mut latest: Vec<&Review> = Vec::new();
    for review in pull.reviews.iter().filter(|review| review.state != "COMMENTED") {
        latest.retain(|known| known.author != review.author);
        latest.push(review);
    }
    let review = |review: &Review| {
        let (id, author) = (users::node("PRR", &review.id.to_string()), actor_value(run, &review.author));
        let value = json!({
            "id": id, "state": review.state, "body": review.body, "author": author, "submittedAt": stamp(review.at),
        });
        plain("PullRequestReview", value)
    };
    Found::List("PullRequestReview", latest.into_iter().map(review).collect(), json!({}))
}

fn pull(run: &Run<'_>, at: usize, issue: &Issue, name: &str) -> Result<Found, Fault> {
    let Some(pull) = &issue.pull else { return known("Issue", &Value::Null, name) };
    let commit = |sha: &str| Oid::from_str(sha).ok().map(|oid| Thing::Commit(at, oid));
    match name {
        "isDraft" => leaf(pull.draft),
        "merged" => leaf(pull.merged.is_some()),
        "mergedAt" => leaf(pull.merged.map(stamp)),
        "mergedBy" => Ok(Found::One(pull.merged_by.as_ref().map(|login| actor(run, login)))),
        "mergeCommit" => Ok(Found::One(pull.merge_sha.as_deref().and_then(commit))),
        "mergeable" if pull.merged.is_some() || !issue.open() => leaf("UNKNOWN"),
        "additions" | "deletions" | "changedFiles" | "commits" | "mergeable" => size(run, at, pull, name),
        "latestOpinionatedReviews" => Ok(opinions(run, pull)),
        "isCrossRepository" => leaf(pull.fork.is_some()),
        "baseRefName" => leaf(pull.base.as_str()),
        "headRefName" => leaf(pull.head.as_str()),
        "baseRefOid" => leaf(pull.base_sha.as_str()),
        "headRefOid" => leaf(pull.head_sha.as_str()),
        "reviewDecision" => {
            let last = pull.reviews.iter().rev().find(|review| review.state != "COMMENTED");
            leaf(last.map_or("REVIEW_REQUIRED", |review| match review.state.as_str() {
                "APPROVED" => "APPROVED",
                _ => "CHANGES_REQUESTED",
            }))
        }
        "statusCheckRollup" => match Oid::from_str(&pull.head_sha) {
            Ok(oid) => super::checks::of_commit(run, at, oid),
            Err(_) => Ok(Found::One(None)),
        },
        _ => known("PullRequest", &Value::Null, name),
    }
}
