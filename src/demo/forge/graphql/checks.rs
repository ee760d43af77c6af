//! Check runs, status contexts and their rollup in the graph.

use super::super::branches::protecting;
use super::super::checks as rest;
use super::super::{rules, users};
use super::query::{actor_value, repo};
use super::run::{Run, known};
use super::thing::{Fault, Found, Thing, leaf, plain};
use crate::demo::clock::stamp;
use git2::Oid;
use serde_json::{Value, json};
use std::rc::Rc;

/// The rollup of a commit, for those who may see checks; nothing when the commit has none.
pub(super) fn of_commit(run: &Run<'_>, at: usize, oid: Oid) -> Result<Found, Fault> {
    if !run.call.caller.sees_checks() {
        return Err(Fault::new("FORBIDDEN", "Resource not accessible by personal access token"));
    }
    let any = !contexts(run, at, oid).is_empty();
    Ok(Found::One(any.then_some(Thing::Rollup(at, oid))))
}

fn upper(value: &Value) -> Value {
    value.as_str().map_or(Value::Null, |text| json!(text.to_uppercase()))
}

/// Check runs first, then status contexts, each with its fields.
fn contexts(run: &Run<'_>, at: usize, oid: Oid) -> Vec<Thing> {
    let (repo, sha) = (repo(run, at), oid.to_string());
    let mut all = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for (suite, check) in rest::of_commit(&run.call.site, repo, &sha) {
        if !seen.insert((check["name"].to_string(), check["app"]["id"].to_string())) {
            continue;
        }
        let of_run = repo.runs.iter().find(|one| rest::suite_of(one.id) == suite).map(|one| {
            let workflow = repo.workflows.iter().find(|workflow| workflow.id == one.workflow);
            json!({
                "__typename": "WorkflowRun", "id": users::node("WFR", &one.id.to_string()), "databaseId": one.id,
                "runNumber": one.number, "event": one.event, "createdAt": stamp(one.created),
                "url": format!("{}/actions/runs/{}", run.call.site.html(repo), one.id),
                "workflow": { "__typename": "Workflow", "name": workflow.map(|workflow| &workflow.name) },
            })
        });
        let app = json!({ "__typename": "App", "name": check["app"]["name"], "slug": check["app"]["slug"] });
        let value = json!({
            "id": check["node_id"], "databaseId": check["id"], "name": check["name"], "status": upper(&check["status"]),
            "conclusion": upper(&check["conclusion"]), "startedAt": check["started_at"],
            "completedAt": check["completed_at"], "detailsUrl": check["details_url"], "url": check["html_url"],
            "permalink": check["html_url"], "title": check["output"]["title"], "summary": null,
            "checkSuite": {
                "__typename": "CheckSuite", "id": users::node("CS", &suite.to_string()), "databaseId": suite, "app": app,
                "workflowRun": of_run,
            },
        });
        all.push(Thing::Check(at, "CheckRun", Rc::new(value)));
    }
    for status in rest::newest(repo, &sha) {
        let value = json!({
            "id": users::node("SC", &status.id.to_string()), "context": status.context,
            "state": status.state.to_uppercase(), "description": status.description, "targetUrl": status.target,
            "createdAt": stamp(status.created), "creator": actor_value(run, &status.creator),
        });
        all.push(Thing::Check(at, "StatusContext", Rc::new(value)));
    }
    all
}

pub(super) fn rollup(run: &Run<'_>, at: usize, oid: Oid, name: &str) -> Result<Found, Fault> {
    match name {
        "id" => leaf(users::node("SCR", &oid.to_string())),
        "commit" => Ok(Found::One(Some(Thing::Commit(at, oid)))),
        "state" => {
            let mut state = "SUCCESS";
            for context in contexts(run, at, oid) {
                let Thing::Check(_, kind, value) = context else { continue };
                let word = if kind == "CheckRun" { &value["conclusion"] } else { &value["state"] };
                match word.as_str() {
                    Some("FAILURE" | "TIMED_OUT" | "CANCELLED" | "ACTION_REQUIRED" | "ERROR") => {
                        state = "FAILURE"
                    }
                    None | Some("PENDING") if state != "FAILURE" => state = "PENDING",
                    _ => {}
                }
            }
            leaf(state)
        }
        "contexts" => {
            let all = contexts(run, at, oid);
            let runs = all.iter().filter(|thing| matches!(thing, Thing::Check(_, "CheckRun", _))).count();
            let more = json!({ "checkRunCount": runs, "statusContextCount": all.len() - runs });
            Ok(Found::List("StatusCheckRollupContext", all, more))
        }
        _ => known("StatusCheckRollup", &Value::Null, name),
    }
}

pub(super) fn check(
    run: &Run<'_>,
    at: usize,
    kind: &str,
    value: &Value,
    name: &str,
    args: &Value,
) -> Result<Found, Fault> {
    if name != "isRequired" {
        return known(kind, value, name);
    }
    let repo = repo(run, at);
    let by_id = args["pullRequestId"].as_str().and_then(users::read_node);
    let by_id = by_id.and_then(|(_, key)| key.split_once(':')?.1.parse().ok());
    let number = args["pullRequestNumber"].as_u64().or(by_id);
    let pull = number.and_then(|number| repo.issues.get(&number)).and_then(|issue| issue.pull.as_ref());
    let Some(pull) = pull else {
        return Err(Fault::new(
            "ARGUMENT_ERROR",
            "Either pullRequestId or pullRequestNumber must be provided",
        ));
    };
    let context = value["name"].as_str().or(value["context"].as_str()).unwrap_or_default();
    let classic = protecting(repo, &pull.base).into_iter().flat_map(|rule| &rule.contexts);
    let sets = rules::covering(repo, &pull.base).flat_map(|set| &set.contexts);
    leaf(classic.chain(sets).any(|required| required == context))
}

/// The check suites of a commit, each with its check runs.
pub(super) fn suites(run: &Run<'_>, at: usize, oid: Oid) -> Result<Found, Fault> {
    if !run.call.caller.sees_checks() {
        return Err(Fault::new("FORBIDDEN", "Resource not accessible by personal access token"));
    }
    let mut all: Vec<Value> = Vec::new();
    for context in contexts(run, at, oid) {
        let Thing::Check(_, "CheckRun", value) = context else { continue };
        if !all.contains(&value["checkSuite"]) {
            all.push(value["checkSuite"].clone());
        }
    }
    Ok(Found::List(
        "CheckSuite",
        all.into_iter().map(|suite| plain("CheckSuite", suite)).collect(),
        json!({}),
    ))
}
