//! The pick queue from labels.

use super::server::{Say, Server};
use super::{branch, github, oid, repo, text};
use gonogo::forge::{Forge, Look, Source};
use gonogo::release::observe::Sighting;
use gonogo::release::picks::{Pick, PickState};
use serde_json::{Value, json};

fn pull(number: u64, state: &str, merged: Option<&str>) -> Value {
    json!({
        "number": number, "node_id": format!("PR_{number}"), "title": format!("fix {number}"), "state": state,
        "user": { "login": "ada" }, "pull_request": { "merged_at": merged }, "updated_at": "2026-11-01T00:00:00Z",
    })
}

async fn server(graphql: bool) -> Server {
    Server::start(move |asked| match (&*asked.method, asked.path()) {
        ("POST", "/graphql") if graphql => {
            let ids = asked.json()["variables"]["ids"].as_array().cloned().unwrap_or_default();
            let node = |id: Value| json!({ "__typename": "PullRequest", "id": id, "mergeCommit": { "oid": oid('a').to_string() } });
            Say::json(200, json!({ "data": { "nodes": ids.into_iter().map(node).collect::<Vec<_>>() } }))
        }
        ("POST", "/graphql") => Say::json(404, json!({ "message": "Not Found" })),
        ("GET", "/repos/octo/widget/pulls/1") => {
            Say::json(200, json!({ "number": 1, "merge_commit_sha": oid('a').to_string() }))
        }
        ("GET", "/repos/octo/widget/issues") => {
            let rows = match asked.query("labels") {
                Some("backport%201.2") => json!([
                    pull(1, "closed", Some("2026-11-02T00:00:00Z")),
                    pull(2, "open", None),
                    pull(3, "closed", None),
                    { "number": 4, "title": "an issue", "state": "open" },
                ]),
                Some("backport%201.1") => json!([pull(1, "closed", Some("2026-11-02T00:00:00Z"))]),
                other => panic!("{other:?}"),
            };
            Say::json(200, rows).tagged(asked)
        }
        other => panic!("{other:?}"),
    })
    .await
}

fn look() -> Look {
    let labels =
        vec![(text("backport 1.2"), branch("release-1.2")), (text("backport 1.1"), branch("release-1.1"))];
    Look::Picks { repo: repo(), labels }
}

fn picks(sighting: &Sighting) -> &[Pick] {
    match sighting {
        Sighting::Picks(_, rows) => rows,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn merged_and_open_ones_are_proposed_for_their_lines() {
    for graphql in [true, false] {
        let server = server(graphql).await;
        let seen = github(&server).look(&look()).await;
        let rows: Vec<_> = picks(&seen.sighting)
            .iter()
            .map(|it| (it.number, it.line.as_str(), it.label.raw(), it.state, it.merged))
            .collect();
        let expected = [
            (1, "release-1.1", "backport 1.1", PickState::Proposed, Some(oid('a'))),
            (1, "release-1.2", "backport 1.2", PickState::Proposed, Some(oid('a'))),
            (2, "release-1.2", "backport 1.2", PickState::NotMerged, None),
        ];
        assert_eq!(rows, expected, "GraphQL: {graphql}");
    }
}

#[tokio::test]
async fn merge_commits_are_asked_for_once() {
    let server = server(true).await;
    let forge = github(&server);
    let first = forge.look(&look()).await;
    server.forget();
    let second = forge.look(&look()).await;
    assert_eq!((first.sighting, second.source), (second.sighting, Source::Unchanged));
    assert_eq!(server.asked().len(), 2, "{:?}", server.lines());
}
