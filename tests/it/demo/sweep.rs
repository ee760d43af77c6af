//! Every route of the forge is walked once, so that each is among the recorded exchanges.

use super::{ask, demo, get, nothing, numbered};
use serde_json::{Value, json};

const REPO: &str = "/repos/octo/widget";

#[tokio::test]
async fn every_read_answers() {
    let demo = demo().await;
    let blocker = numbered(&demo, "Streaming responses").await;
    let open = get(&demo, &format!("{REPO}/pulls")).await.json()[0]["number"].clone();
    let tip = get(&demo, &format!("{REPO}/git/ref/heads/release-0.6.x")).await.json();
    let sha = tip["object"]["sha"].as_str().unwrap().to_owned();
    let suites = get(&demo, &format!("{REPO}/commits/{sha}/check-suites")).await.json();
    let suite = suites["check_suites"][0]["id"].clone();
    let checks = get(&demo, &format!("{REPO}/commits/{sha}/check-runs")).await.json();
    let (check, job) = (checks["check_runs"][0]["id"].clone(), checks["check_runs"][1]["id"].clone());
    let runs = get(&demo, &format!("{REPO}/actions/workflows/ci.yml/runs?branch=release-0.6.x")).await.json();
    let run = runs["workflow_runs"][0]["id"].clone();
    let set = get(&demo, &format!("{REPO}/rulesets")).await.json()[0]["id"].clone();
    let release = get(&demo, &format!("{REPO}/releases")).await.json()[1]["id"].clone();
    let tree = get(&demo, &format!("{REPO}/git/commits/{sha}")).await.json()["tree"]["sha"].clone();
    let listed = get(&demo, &format!("{REPO}/git/trees/{}", tree.as_str().unwrap())).await.json();
    let blob =
        listed["tree"].as_array().unwrap().iter().find(|entry| entry["type"] == "blob").unwrap()["sha"]
            .clone();
    let paths = [
        "/meta".to_owned(),
        "/rate_limit".to_owned(),
        "/users/danap".to_owned(),
        format!("{REPO}/collaborators/danap/permission"),
        format!("{REPO}/milestones/1"),
        format!("{REPO}/labels"),
        format!("{REPO}/labels/release-blocker"),
        format!("{REPO}/issues/comments"),
        format!("{REPO}/issues/{blocker}"),
        format!("{REPO}/issues/{blocker}/labels"),
        format!("{REPO}/issues/{blocker}/events"),
        format!("{REPO}/issues/{blocker}/timeline"),
        format!("{REPO}/issues?assignee=none&sort=updated&direction=asc"),
        format!("{REPO}/pulls/{open}"),
        format!("{REPO}/pulls/{open}/commits"),
        format!("{REPO}/pulls/{open}/files"),
        format!("{REPO}/pulls/{open}/reviews"),
        format!("{REPO}/pulls/{open}/requested_reviewers"),
        format!("{REPO}/branches"),
        format!("{REPO}/rulesets/{set}"),
        format!("{REPO}/rules/branches/main"),
        format!("{REPO}/git/blobs/{}", blob.as_str().unwrap()),
        format!("{REPO}/commits?per_page=5"),
        format!("{REPO}/commits/{sha}/statuses"),
        format!("{REPO}/commits/main/statuses"),
        format!("{REPO}/commits/main/status"),
        format!("{REPO}/check-runs/{check}"),
        format!("{REPO}/check-suites/{suite}/check-runs"),
        format!("{REPO}/actions/workflows"),
        format!("{REPO}/actions/workflows/ci.yml"),
        format!("{REPO}/actions/runs/{run}/attempts/1/jobs"),
        format!("{REPO}/actions/jobs/{job}"),
        format!("{REPO}/releases"),
        format!("{REPO}/releases/{release}"),
        format!("{REPO}/releases/{release}/assets"),
        format!("{REPO}/releases/tags/v0.6.1"),
        format!("{REPO}/contents/docs?ref={sha}"),
        format!("{REPO}/contents/src?ref=main"),
    ];
    for path in paths {
        let answer = get(&demo, &path).await;
        let expected = if path.contains("/contents/docs") { 404 } else { 200 };
        assert_eq!(answer.status, expected, "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn the_writes_that_no_story_needs_answer_too() {
    let demo = demo().await;
    let label =
        ask(&demo, "POST", &format!("{REPO}/labels"), json!({ "name": "own", "color": "ff0000" })).await;
    assert_eq!(label.status, 201);
    let again = ask(&demo, "POST", &format!("{REPO}/labels"), json!({ "name": "own" })).await;
    assert_eq!(again.status, 422);
    let blocker = numbered(&demo, "Streaming responses").await;
    let path = format!("{REPO}/issues/{blocker}");
    assert_eq!(ask(&demo, "DELETE", &format!("{path}/labels"), Value::Null).await.status, 204);
    let assignees = json!({ "assignees": ["danap"] });
    assert_eq!(ask(&demo, "DELETE", &format!("{path}/assignees"), assignees).await.status, 200);
    let open = get(&demo, &format!("{REPO}/pulls")).await.json()[0]["number"].clone();
    let changed = ask(&demo, "PATCH", &format!("{REPO}/pulls/{open}"), json!({ "title": "Other" })).await;
    assert_eq!((changed.status, &changed.json()["title"]), (200, &json!("Other")));
    let sha = get(&demo, &format!("{REPO}/branches/release-0.6.x")).await.json()["commit"]["sha"].clone();
    let body = json!({ "state": "success", "context": "docs/build" });
    let status = ask(&demo, "POST", &format!("{REPO}/statuses/{}", sha.as_str().unwrap()), body).await;
    assert_eq!(status.status, 201);
    let asset = get(&demo, &format!("{REPO}/releases/tags/v0.6.1")).await.json()["assets"][0]["id"].clone();
    assert_eq!(
        ask(&demo, "DELETE", &format!("{REPO}/releases/assets/{asset}"), Value::Null).await.status,
        204
    );
    let done = get(&demo, &format!("{REPO}/actions/runs?branch=main&status=completed")).await.json();
    let run = done["workflow_runs"][0]["id"].clone();
    assert_eq!(ask(&demo, "POST", &format!("{REPO}/actions/runs/{run}/rerun"), nothing()).await.status, 201);
}
