//! A refresh of three repositories, their milestones and four branches: how many requests it takes.

use super::server::{Asked, Say, Server};
use super::{branch, checks, github, repo, setup, text};
use gonogo::forge::{Forge, Github, RefreshPlan, Seen, Setup, Source};
use gonogo::release::ids::Repo;
use gonogo::release::looks::Topic;
use gonogo::release::observe::Sighting;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

fn plan() -> RefreshPlan {
    let side = |name: &str| Repo::parse(name).expect("a repository");
    RefreshPlan {
        main: repo(),
        repos: vec![repo(), side("octo/gadget"), side("octo/docs")],
        milestone: Some(text("v1.2.0")),
        branches: ["main", "release-1.0", "release-1.1", "release-1.2"].map(branch).to_vec(),
        labels: Vec::new(),
        topics: [Topic::Milestones, Topic::Issues, Topic::Checks].into(),
    }
}

fn issues(title: &str) -> Value {
    let issue = |number: u64| {
        json!({
            "number": number, "node_id": format!("I_{number}"), "title": format!("{title} {number}"), "state": "open",
            "updated_at": "2026-11-01T00:00:00Z", "created_at": "2026-10-01T00:00:00Z",
        })
    };
    json!([issue(1), issue(2)])
}

fn answer(asked: &Asked, checks: &checks::Repository, title: &str) -> Say {
    let path = asked.path();
    if path.ends_with("/milestones") {
        let row = |number: u64, title: &str| json!({ "number": number, "title": title, "state": "open" });
        return Say::json(200, json!([row(1, "v1.2.0"), row(2, "v1.3.0"), row(3, "v1.1.0")])).tagged(asked);
    }
    if path.ends_with("/issues") {
        return Say::json(200, issues(title)).tagged(asked);
    }
    if path == "/graphql" && asked.body.contains("DEMILESTONED") {
        let ids = asked.json()["variables"]["ids"].as_array().cloned().unwrap_or_default();
        let node =
            |id: Value| json!({ "__typename": "Issue", "id": id, "timelineItems": { "totalCount": 2 } });
        return Say::json(200, json!({ "data": { "nodes": ids.into_iter().map(node).collect::<Vec<_>>() } }));
    }
    checks.answer(asked)
}

/// How many requests were sent, and how many of them cost something.
fn count(server: &Server) -> (usize, usize) {
    let asked = server.asked();
    (asked.len(), asked.iter().filter(|it| it.header("if-none-match").is_none()).count())
}

fn failures(seen: &[Seen]) -> Vec<&Sighting> {
    seen.iter().map(|it| &it.sighting).filter(|it| matches!(it, Sighting::Failed(..))).collect()
}

#[tokio::test]
async fn at_most_ten_requests_when_changed_and_none_that_costs_when_not() {
    let state = Arc::new(Mutex::new((checks::repository(), "one")));
    let told = Arc::clone(&state);
    let server = Server::start(move |asked| {
        let told = told.lock().expect("the state");
        answer(asked, &told.0, told.1)
    })
    .await;
    let forge = github(&server);
    let first = forge.refresh(&plan()).await;
    assert_eq!((first.len(), failures(&first)), (10, vec![]));
    let (sent, _) = count(&server);
    assert!(sent <= 10, "the first refresh took {sent}: {:#?}", server.lines());
    let rolls = first.iter().find_map(|it| match &it.sighting {
        Sighting::Issues(_, rows) => rows[0].rolls,
        _ => None,
    });
    assert_eq!(rolls, Some(2));

    // The second makes the ETags of the branches known.
    server.forget();
    forge.refresh(&plan()).await;
    let (_, paid) = count(&server);
    assert!(paid <= 10, "the second paid for {paid}: {:#?}", server.lines());

    server.forget();
    let third = forge.refresh(&plan()).await;
    let (sent, paid) = count(&server);
    assert_eq!(paid, 0, "nothing changed, and of {sent} these cost: {:#?}", server.lines());
    assert!(third.iter().all(|it| it.source == Source::Unchanged), "{third:?}");
    let sightings = |seen: &[Seen]| seen.iter().map(|it| it.sighting.clone()).collect::<Vec<_>>();
    assert_eq!(sightings(&first), sightings(&third));

    // Something runs: GraphQL at once, no asking whether.
    state.lock().expect("the state").0.runs[1].2 = "in_progress";
    state.lock().expect("the state").0.runs[1].3 = None;
    forge.refresh(&plan()).await;
    server.forget();
    state.lock().expect("the state").1 = "two";
    let seen = forge.refresh(&plan()).await;
    let (sent, _) = count(&server);
    assert!(sent <= 10 && failures(&seen).is_empty(), "a changed refresh took {sent}: {:#?}", server.lines());
}

#[tokio::test]
async fn a_refresh_works_by_rest_alone() {
    let it = checks::Repository { graphql: false, ..checks::repository() };
    let server = Server::start(move |asked| answer(asked, &it, "one")).await;
    let seen = github(&server).refresh(&plan()).await;
    assert_eq!((seen.len(), failures(&seen)), (10, vec![]));
    let without = Setup { token: None, ..setup(&server) };
    let seen = Github::new(without).expect("a client").refresh(&plan()).await;
    assert_eq!((seen.len(), failures(&seen)), (10, vec![]));
}

#[tokio::test]
async fn polling_pauses_below_a_tenth_and_says_until_when() {
    let reset = chrono::Utc::now().timestamp() + 900;
    let it = checks::repository();
    let server = Server::start(move |asked| {
        answer(asked, &it, "one")
            .with("x-ratelimit-limit", "5000")
            .with("x-ratelimit-remaining", "499")
            .with("x-ratelimit-reset", reset.to_string())
            .with("x-ratelimit-resource", "core")
    })
    .await;
    let forge = github(&server);
    forge.refresh(&plan()).await;
    server.forget();
    let seen = forge.refresh(&plan()).await;
    assert_eq!((server.asked().len(), failures(&seen).len()), (0, 10));
    let left = |seen: &Seen| (seen.until.expect("a time") - chrono::Utc::now()).num_seconds();
    assert!(seen.iter().all(|it| (880..=900).contains(&left(it))), "{seen:?}");
    // What a person asks for is still looked at.
    let look = gonogo::forge::Look::Milestones(repo());
    assert!(matches!(forge.look(&look).await.sighting, Sighting::Milestones(..)));
}

#[tokio::test]
async fn one_failure_spoils_no_other_look() {
    let it = checks::repository();
    let server = Server::start(move |asked| {
        if asked.path().starts_with("/repos/octo/docs/") {
            return Say::json(404, json!({ "message": "Not Found" }));
        }
        answer(asked, &it, "one")
    })
    .await;
    let seen = github(&server).refresh(&plan()).await;
    let failed: Vec<_> = failures(&seen).iter().map(|it| it.look().scope.to_string()).collect();
    assert_eq!((seen.len(), failed), (10, vec!["octo/docs".to_owned(), "octo/docs".to_owned()]));
}
