//! Lists come whole or not at all.

use super::server::{Asked, Say, Server};
use super::{github, repo, text};
use gonogo::forge::{Forge, Look, Source};
use gonogo::release::observe::Sighting;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

fn issue(number: u64) -> Value {
    json!({
        "number": number, "title": format!("issue {number}"), "state": if number.is_multiple_of(3) { "closed" } else { "open" },
        "user": { "login": "ada" }, "labels": [{ "name": "bug" }], "assignees": [], "milestone": { "number": 7 },
        "created_at": "2026-01-02T03:04:05Z", "updated_at": "2026-01-02T03:04:05Z", "comments": 2,
        "body": "x".repeat(500),
    })
}

/// A page of a hundred issues out of `total`, with the `Link` header as GitHub writes it.
fn page(asked: &Asked, total: u64, origin: &str) -> Say {
    if asked.path().ends_with("/milestones") {
        return Say::json(200, json!([{ "number": 7, "title": "v1.2.0", "state": "open" }])).tagged(asked);
    }
    let page: u64 = asked.query("page").and_then(|it| it.parse().ok()).unwrap_or(1);
    let last = total.div_ceil(100);
    let rows: Vec<_> = ((page - 1) * 100 + 1..=(page * 100).min(total)).map(issue).collect();
    let say = Say::json(200, json!(rows));
    let base = format!("{origin}{}", asked.target.split("&page=").next().unwrap_or_default());
    let link = format!("<{base}&page=1>; rel=\"first\", <{base}&page={}>; rel=\"next\"", page + 1);
    let say = if page < last { say.with("link", link) } else { say };
    say.tagged(asked)
}

fn look() -> Look {
    Look::Issues { repo: repo(), milestone: text("v1.2.0") }
}

/// A server of pages; its own address is known only after it listens.
async fn pages(total: u64, broken: Option<u64>) -> Server {
    let origin: Arc<Mutex<String>> = Arc::default();
    let known = Arc::clone(&origin);
    let server = Server::start(move |asked| {
        if broken.is_some() && asked.query("page").and_then(|it| it.parse().ok()) == broken {
            return Say::json(500, json!({ "message": "oops" }));
        }
        page(asked, total, &known.lock().expect("the origin"))
    })
    .await;
    server.url.clone_into(&mut origin.lock().expect("the origin"));
    server
}

#[tokio::test]
async fn ten_thousand_issues_over_a_hundred_pages() {
    let server = pages(10_000, None).await;
    let forge = github(&server);
    let seen = forge.look(&look()).await;
    let Sighting::Issues(_, rows) = &seen.sighting else { panic!("{seen:?}") };
    assert_eq!(
        (rows.len(), rows[0].number, rows[9_999].number, seen.source),
        (10_000, 1, 10_000, Source::Live)
    );
    assert_eq!(rows.iter().filter(|it| !it.open).count(), 3_333);
    assert_eq!(server.asked().len(), 101);
}

#[tokio::test]
async fn labels_that_are_not_said_fail_the_look() {
    for (labels, whole) in [
        (json!([]), true),
        (json!(["bug", { "name": "blocker" }]), true),
        (json!(null), false),
        (json!([{ "name": "bug" }, { "name": null }]), false),
        (json!([{ "name": "bug" }, null]), false),
    ] {
        let server = Server::start(move |asked| {
            let mut row = issue(301);
            row["labels"].clone_from(&labels);
            let of_milestones = asked.path().ends_with("/milestones");
            if of_milestones { page(asked, 1, "") } else { Say::json(200, json!([row])) }
        })
        .await;
        match github(&server).look(&look()).await.sighting {
            Sighting::Issues(_, rows) => assert!(whole, "one that is not known may block: {rows:?}"),
            Sighting::Failed(_, why) => {
                assert!(!whole && why.line().contains("the labels of #301"), "{why:?}")
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_page_that_is_missing_fails_the_look() {
    let server = pages(500, Some(4)).await;
    let seen = github(&server).look(&look()).await;
    let Sighting::Failed(key, why) = &seen.sighting else { panic!("a short list: {seen:?}") };
    assert_eq!(*key, look().key());
    assert!(why.line().contains("HTTP 500"), "{why:?}");
}

#[tokio::test]
async fn a_count_that_is_not_reached_fails_the_look() {
    let server = Server::start(|asked| match asked.path() {
        path if path.ends_with("/status") => {
            Say::json(200, json!({ "sha": "a".repeat(40), "total_count": 0, "statuses": [] }))
        }
        path if path.ends_with("/check-runs") => {
            Say::json(200, json!({ "total_count": 3, "check_runs": [{ "id": 1, "name": "unit" }] }))
        }
        _ => Say::json(404, json!({ "message": "Not Found" })),
    })
    .await;
    let seen = github(&server).look(&Look::Checks { repo: repo(), branch: super::branch("main") }).await;
    let Sighting::Failed(_, why) = &seen.sighting else { panic!("a short list: {seen:?}") };
    assert!(why.line().contains("1 of 3 rows"), "{why:?}");
}

#[tokio::test]
async fn a_next_page_on_another_host_is_not_followed() {
    let evil = Server::start(|_| Say::json(200, json!([]))).await;
    let url = format!("<{}/repos/octo/widget/milestones?page=2>; rel=\"next\"", evil.url);
    let server = Server::start(move |_| Say::json(200, json!([])).with("link", url.clone())).await;
    let seen = github(&server).look(&Look::Milestones(repo())).await;
    let Sighting::Failed(_, why) = &seen.sighting else { panic!("a short list: {seen:?}") };
    assert!(why.line().contains("another host"), "{why:?}");
    assert!(evil.asked().is_empty(), "the token must not travel: {:?}", evil.lines());
}

#[tokio::test]
async fn a_renamed_repository_is_followed_on_its_host_only() {
    let server = Server::start(|asked| match asked.path() {
        "/repos/octo/widget/milestones" => Say::json(301, json!({ "message": "Moved Permanently" }))
            .with("location", "/repositories/42/milestones?state=all"),
        "/repositories/42/milestones" => {
            Say::json(200, json!([{ "number": 1, "title": "v1", "state": "open" }]))
        }
        _ => Say::json(404, json!({})),
    })
    .await;
    let seen = github(&server).look(&Look::Milestones(repo())).await;
    assert!(
        matches!(&seen.sighting, Sighting::Milestones(at, rows) if *at == repo() && rows.len() == 1),
        "{seen:?}"
    );

    let evil = Server::start(|_| Say::json(200, json!([]))).await;
    let to = format!("{}/repos/octo/widget/milestones", evil.url);
    let server = Server::start(move |_| Say::json(302, json!({})).with("location", to.clone())).await;
    let seen = github(&server).look(&Look::Milestones(repo())).await;
    assert!(
        matches!(&seen.sighting, Sighting::Failed(_, why) if why.line().contains("another host")),
        "{seen:?}"
    );
    assert!(evil.asked().is_empty());

    let server =
        Server::start(|asked| Say::json(302, json!({})).with("location", asked.target.clone())).await;
    let seen = github(&server).look(&Look::Milestones(repo())).await;
    assert!(matches!(&seen.sighting, Sighting::Failed(_, why) if why.line().contains("circle")), "{seen:?}");
}

#[tokio::test]
async fn a_second_look_costs_nothing_and_brings_the_same() {
    let server = pages(250, None).await;
    let forge = github(&server);
    let first = forge.look(&look()).await;
    server.forget();
    let second = forge.look(&look()).await;
    assert_eq!((first.source, second.source), (Source::Live, Source::Unchanged));
    assert_eq!(first.sighting, second.sighting);
    assert_eq!(server.asked().len(), 4);
    assert!(server.asked().iter().all(|it| it.header("if-none-match").is_some()));
}

#[tokio::test]
async fn a_milestone_that_a_repository_does_not_have_has_no_issues() {
    let server = pages(250, None).await;
    let seen = github(&server).look(&Look::Issues { repo: repo(), milestone: text("v9") }).await;
    assert_eq!(seen.sighting, Sighting::Issues(repo(), Vec::new()));
}
