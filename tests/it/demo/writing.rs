//! Writing to the forge, and reading it back.

use super::{ask, demo, each, get, nothing, numbered, started};
use base64::Engine as _;
use gonogo::demo::Options;
use serde_json::{Value, json};

const REPO: &str = "/repos/octo/widget";

#[tokio::test]
async fn an_issue_moves_with_a_trace_in_its_timeline() {
    let demo = demo().await;
    let number = numbered(&demo, "Streaming responses").await;
    let path = format!("{REPO}/issues/{number}");
    let moved = ask(&demo, "PATCH", &path, json!({ "milestone": 2 })).await;
    assert_eq!((moved.status, &moved.json()["milestone"]["title"]), (200, &json!("0.7.0")));
    let timeline = get(&demo, &format!("{path}/timeline?per_page=100")).await.json();
    let events = each(&timeline, "event");
    assert_eq!(events[events.len() - 2..], [&json!("demilestoned"), &json!("milestoned")]);
    let cleared = ask(&demo, "PATCH", &path, json!({ "milestone": null })).await.json();
    assert_eq!(cleared["milestone"], Value::Null);
    let wrong = ask(&demo, "PATCH", &path, json!({ "milestone": 99 })).await;
    assert_eq!((wrong.status, &wrong.json()["errors"][0]["field"]), (422, &json!("milestone")));
}

#[tokio::test]
async fn issues_close_reopen_and_take_labels_assignees_and_comments() {
    let demo = demo().await;
    let made =
        ask(&demo, "POST", &format!("{REPO}/issues"), json!({ "title": "New", "labels": ["bug", "own"] }))
            .await;
    assert_eq!(made.status, 201);
    let path = format!("{REPO}/issues/{}", made.json()["number"]);
    let closed =
        ask(&demo, "PATCH", &path, json!({ "state": "closed", "state_reason": "not_planned" })).await.json();
    assert_eq!((&closed["state"], &closed["state_reason"]), (&json!("closed"), &json!("not_planned")));
    let open = ask(&demo, "PATCH", &path, json!({ "state": "open" })).await.json();
    assert_eq!((&open["state_reason"], &open["closed_at"]), (&json!("reopened"), &Value::Null));
    let labels =
        ask(&demo, "POST", &format!("{path}/labels"), json!({ "labels": ["security"] })).await.json();
    assert_eq!(each(&labels, "name"), ["bug", "own", "security"]);
    let labels = ask(&demo, "DELETE", &format!("{path}/labels/bug"), Value::Null).await.json();
    assert_eq!(each(&labels, "name"), ["own", "security"]);
    assert_eq!(ask(&demo, "DELETE", &format!("{path}/labels/bug"), Value::Null).await.status, 404);
    let put = ask(&demo, "PUT", &format!("{path}/labels"), json!({ "labels": ["bug"] })).await.json();
    assert_eq!(each(&put, "name"), ["bug"]);
    let assigned = ask(&demo, "POST", &format!("{path}/assignees"), json!({ "assignees": ["danap"] })).await;
    assert_eq!((assigned.status, &assigned.json()["assignee"]["login"]), (201, &json!("danap")));
    let body = json!({ "body": "why <!-- gonogo:op=01J -->" });
    let comment = ask(&demo, "POST", &format!("{path}/comments"), body).await;
    assert_eq!(comment.status, 201);
    let listed = get(&demo, &format!("{path}/comments?since=2026-11-21T08:00:00Z")).await.json();
    assert_eq!(listed[0]["body"], "why <!-- gonogo:op=01J -->");
    let url = format!("{REPO}/issues/comments/{}", comment.json()["id"]);
    assert_eq!(ask(&demo, "PATCH", &url, json!({ "body": "other" })).await.json()["body"], "other");
    assert_eq!(ask(&demo, "DELETE", &url, Value::Null).await.status, 204);
    assert_eq!(get(&demo, &url).await.status, 404);
}

#[tokio::test]
async fn milestones_are_made_changed_and_deleted() {
    let demo = demo().await;
    let path = format!("{REPO}/milestones");
    let body = json!({ "title": "0.8.0", "due_on": "2027-02-01T00:00:00Z" });
    let made = ask(&demo, "POST", &path, body.clone()).await;
    assert_eq!(made.status, 201);
    let again = ask(&demo, "POST", &path, body).await;
    assert_eq!((again.status, &again.json()["errors"][0]["code"]), (422, &json!("already_exists")));
    let one = format!("{path}/{}", made.json()["number"]);
    let closed = ask(&demo, "PATCH", &one, json!({ "state": "closed" })).await.json();
    assert_eq!(closed["closed_at"], "2026-11-21T08:00:00Z");
    assert_eq!(ask(&demo, "DELETE", &one, Value::Null).await.status, 204);
    assert_eq!(get(&demo, &one).await.status, 404);
}

#[tokio::test]
async fn refs_made_through_the_api_are_in_origin() {
    let demo = demo().await;
    let git = |args: &[&str]| super::repository::git(&demo.origin, args);
    let sha = git(&["rev-parse", "main"]);
    let path = format!("{REPO}/git/refs");
    let body = json!({ "ref": "refs/heads/release-0.7.x", "sha": sha });
    assert_eq!(ask(&demo, "POST", &path, body.clone()).await.status, 201);
    assert_eq!(git(&["rev-parse", "release-0.7.x"]), sha);
    let again = ask(&demo, "POST", &path, body).await;
    assert_eq!((again.status, &again.json()["message"]), (422, &json!("Reference already exists")));
    let old = git(&["rev-parse", "main~1"]);
    let back = ask(&demo, "PATCH", &format!("{path}/heads/release-0.7.x"), json!({ "sha": old })).await;
    assert_eq!((back.status, &back.json()["message"]), (422, &json!("Update is not a fast forward")));
    let body = json!({ "tag": "v0.7.0rc1", "message": "first\n", "object": sha, "type": "commit" });
    let tag = ask(&demo, "POST", &format!("{REPO}/git/tags"), body).await.json();
    let body = json!({ "ref": "refs/tags/v0.7.0rc1", "sha": tag["sha"] });
    assert_eq!(ask(&demo, "POST", &path, body).await.status, 201);
    assert_eq!(git(&["cat-file", "-t", "v0.7.0rc1"]), "tag");
    let refused = ask(&demo, "DELETE", &format!("{path}/tags/v0.7.0rc1"), Value::Null).await;
    assert_eq!(refused.status, 422, "a ruleset forbids to delete tags");
    assert_eq!(ask(&demo, "DELETE", &format!("{path}/heads/release-0.7.x"), Value::Null).await.status, 204);
}

#[tokio::test]
async fn files_are_committed_and_a_lost_race_is_a_conflict() {
    let demo = demo().await;
    let path = format!("{REPO}/contents/docs/notes%20one.md");
    let packed = |text: &str| base64::prelude::BASE64_STANDARD.encode(text);
    let body = json!({ "message": "docs: notes", "content": packed("one\n"), "branch": "main" });
    let made = ask(&demo, "PUT", &path, body.clone()).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(ask(&demo, "PUT", &path, body).await.status, 422, "the sha is missing");
    let sha = made.json()["content"]["sha"].clone();
    let body = json!({ "message": "docs: more", "content": packed("two\n"), "branch": "main", "sha": sha });
    assert_eq!(ask(&demo, "PUT", &path, body.clone()).await.status, 200);
    assert_eq!(ask(&demo, "PUT", &path, body).await.status, 409, "somebody else was faster");
    assert_eq!(super::repository::git(&demo.origin, &["show", "main:docs/notes one.md"]), "two");
}

#[tokio::test]
async fn trees_and_commits_are_made_of_parts() {
    let demo = demo().await;
    let git = |args: &[&str]| super::repository::git(&demo.origin, args);
    let blob = ask(&demo, "POST", &format!("{REPO}/git/blobs"), json!({ "content": "hi\n" })).await.json();
    let entry = json!({ "path": "a/b.txt", "mode": "100644", "type": "blob", "sha": blob["sha"] });
    let body = json!({ "base_tree": git(&["rev-parse", "main^{tree}"]), "tree": [entry] });
    let tree = ask(&demo, "POST", &format!("{REPO}/git/trees"), body).await.json();
    let body = json!({ "message": "one", "tree": tree["sha"], "parents": [git(&["rev-parse", "main"])] });
    let commit = ask(&demo, "POST", &format!("{REPO}/git/commits"), body).await;
    assert_eq!(commit.status, 201, "{}", commit.text);
    let sha = commit.json()["sha"].as_str().unwrap().to_owned();
    assert_eq!(git(&["show", &format!("{sha}:a/b.txt")]), "hi");
    let read = get(&demo, &format!("{REPO}/git/commits/{sha}")).await.json();
    assert_eq!(read["tree"]["sha"], tree["sha"]);
}

#[tokio::test]
async fn a_release_goes_from_draft_over_assets_to_published() {
    let demo = demo().await;
    let git = |args: &[&str]| super::repository::git(&demo.origin, args);
    let path = format!("{REPO}/releases");
    let body = json!({ "tag_name": "v0.6.2rc2", "target_commitish": "release-0.6.x", "draft": true, "prerelease": true });
    let made = ask(&demo, "POST", &path, body).await.json();
    let one = format!("{path}/{}", made["id"]);
    assert_eq!(get(&demo, &format!("{path}/tags/v0.6.2rc2")).await.status, 404, "a draft is hidden");
    let upload =
        made["upload_url"].as_str().unwrap().split('{').next().unwrap().to_owned() + "?name=w.tar.gz";
    let asset = ask(&demo, "POST", &upload, json!("bytes")).await;
    assert_eq!((asset.status, &asset.json()["size"]), (201, &json!(7)));
    assert_eq!(ask(&demo, "POST", &upload, json!("bytes")).await.status, 422);
    let published = ask(&demo, "PATCH", &one, json!({ "draft": false })).await.json();
    assert_eq!((&published["draft"], published["assets"].as_array().unwrap().len()), (&json!(false), 1));
    assert_eq!(git(&["rev-parse", "v0.6.2rc2"]), git(&["rev-parse", "release-0.6.x"]));
    let latest = get(&demo, &format!("{path}/latest")).await.json();
    assert_eq!(latest["tag_name"], "v0.6.1", "a prerelease is never the latest");
    let body = json!({ "tag_name": "v0.6.2rc2", "previous_tag_name": "v0.6.2rc1" });
    let notes = ask(&demo, "POST", &format!("{path}/generate-notes"), body).await.json();
    assert!(notes["body"].as_str().unwrap().contains("/compare/v0.6.2rc1...v0.6.2rc2"), "{notes}");
    assert_eq!(ask(&demo, "DELETE", &one, Value::Null).await.status, 204);
    assert_eq!(get(&demo, &one).await.status, 404);
}

#[tokio::test]
async fn the_latest_release_is_the_one_that_was_made_it() {
    let demo = demo().await;
    let path = format!("{REPO}/releases");
    let latest = || async { get(&demo, &format!("{path}/latest")).await.json()["tag_name"].clone() };
    let make = |tag: &str, more: Value| {
        let mut body = json!({ "tag_name": tag, "target_commitish": "main" });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let (demo, path) = (&demo, path.clone());
        async move { ask(demo, "POST", &path, body).await }
    };
    let before = latest().await;
    for more in [
        json!({ "prerelease": true, "make_latest": "true" }),
        json!({ "draft": true, "make_latest": "true" }),
        json!({ "make_latest": "perhaps" }),
    ] {
        assert_eq!(make("v7.0.0", more.clone()).await.status, 422, "{more}");
    }
    assert_eq!(make("v7.0.0", json!({ "make_latest": "false" })).await.status, 201);
    assert_eq!(latest().await, before);
    let made = make("v7.0.1", json!({})).await.json();
    assert_eq!(latest().await, "v7.0.1", "unless it is said, a release is the latest");
    let one = format!("{path}/{}", made["id"]);
    ask(&demo, "PATCH", &one, json!({ "prerelease": true })).await;
    assert_eq!(latest().await, "v7.0.0", "a prerelease is not: the newest other is");
    assert_eq!(make("v7.0.1", json!({})).await.status, 422, "its tag has a release");
}

#[tokio::test]
async fn a_pull_request_is_opened_reviewed_and_merged() {
    let demo = demo().await;
    let git = |args: &[&str]| super::repository::git(&demo.clone, args);
    git(&["checkout", "-q", "-b", "topic", "origin/release-0.6.x"]);
    git(&["commit", "-q", "--allow-empty", "-m", "topic"]);
    git(&["push", "-q", "origin", "topic"]);
    let path = format!("{REPO}/pulls");
    let body = json!({ "title": "Backport", "head": "octo:topic", "base": "release-0.6.x", "body": "why" });
    let made = ask(&demo, "POST", &path, body.clone()).await;
    assert_eq!((made.status, &made.json()["mergeable"]), (201, &json!(true)));
    assert_eq!(ask(&demo, "POST", &path, body).await.status, 422, "it is open already");
    let found = get(&demo, &format!("{path}?head=octo:topic&base=release-0.6.x&state=all")).await.json();
    assert_eq!(found.as_array().unwrap().len(), 1);
    let one = format!("{path}/{}", made.json()["number"]);
    let asked =
        ask(&demo, "POST", &format!("{one}/requested_reviewers"), json!({ "reviewers": ["danap"] })).await;
    assert_eq!(asked.status, 201);
    let review =
        ask(&demo, "POST", &format!("{one}/reviews"), json!({ "event": "APPROVE", "body": "good" })).await;
    assert_eq!(review.json()["state"], "APPROVED");
    assert_eq!(get(&demo, &format!("{one}/merge")).await.status, 404);
    let merged = ask(&demo, "PUT", &format!("{one}/merge"), json!({ "merge_method": "merge" })).await;
    assert_eq!(merged.status, 200, "{}", merged.text);
    git(&["fetch", "-q", "origin"]);
    assert_eq!(git(&["rev-parse", "origin/release-0.6.x"]), merged.json()["sha"].as_str().unwrap());
    assert_eq!(get(&demo, &format!("{one}/merge")).await.status, 204);
    assert_eq!(ask(&demo, "PUT", &format!("{one}/merge"), nothing()).await.status, 405);
}

#[tokio::test]
async fn what_was_written_shows_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let options = || Options { dir: Some(dir.path().to_owned()), ..Options::default() };
    let first = started(options()).await;
    let number = numbered(&first, "Token refresh").await;
    let path = format!("{REPO}/issues/{number}");
    ask(&first, "PATCH", &path, json!({ "title": "Renamed" })).await;
    drop(first);
    let second = started(options()).await;
    assert_eq!(get(&second, &path).await.json()["title"], "Renamed");
}

#[tokio::test]
async fn a_team_is_read_and_joined() {
    let demo = demo().await;
    let path = "/orgs/octo/teams/release-team";
    assert_eq!(get(&demo, &format!("{path}/members")).await.json().as_array().unwrap().len(), 3);
    assert_eq!(ask(&demo, "PUT", &format!("{path}/memberships/faridh"), nothing()).await.status, 200);
    assert_eq!(get(&demo, &format!("{path}/members")).await.json().as_array().unwrap().len(), 4);
}
