//! The end of a failed step's log.

use super::server::{Say, Server};
use super::{SECRET, github, repo};
use gonogo::forge::{Forge, Look};
use gonogo::release::checks::LogSeen;
use gonogo::release::observe::Sighting;
use serde_json::{Value, json};

const LOG: &str = "\u{feff}2026-11-20T10:00:01.1000000Z ##[group]Run actions/checkout
2026-11-20T10:00:02.2000000Z checked out
2026-11-20T10:00:10.0000000Z ##[group]Run cargo test
2026-11-20T10:00:11.0000000Z \u{1b}[31mtest a ... FAILED\u{1b}[0m
2026-11-20T10:00:12.5000000Z ##[error]Process completed with exit code 101.
2026-11-20T10:00:12.9000000Z Post job cleanup.
2026-11-20T10:00:13.1000000Z done
";

fn job() -> Value {
    json!({ "id": 9, "steps": [
        { "name": "checkout", "conclusion": "success", "started_at": "2026-11-20T10:00:01Z", "completed_at": "2026-11-20T10:00:03Z" },
        { "name": "test", "conclusion": "failure", "started_at": "2026-11-20T10:00:10Z", "completed_at": "2026-11-20T10:00:12Z" },
        { "name": "post", "conclusion": "success", "started_at": "2026-11-20T10:00:13Z", "completed_at": null },
    ] })
}

/// The sighting when the log lies on another host, and what that host was asked.
async fn seen(job: Value, log: String) -> (Sighting, Server) {
    let storage = Server::start(move |_| Say::text(200, "text/plain", &log)).await;
    let to = format!("{}/blob?sig=abc", storage.url);
    let server = Server::start(move |asked| match asked.path() {
        "/repos/octo/widget/actions/jobs/9" => Say::json(200, job.clone()),
        "/repos/octo/widget/actions/jobs/9/logs" => Say::json(302, json!({})).with("location", to.clone()),
        other => panic!("{other}"),
    })
    .await;
    let seen = github(&server).look(&Look::Log { repo: repo(), job: 9 }).await.sighting;
    (seen, storage)
}

fn log(sighting: Sighting) -> LogSeen {
    match sighting {
        Sighting::Log(it) => it,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_failed_step_and_its_last_lines() {
    let (seen, storage) = seen(job(), LOG.to_owned()).await;
    let seen = log(seen);
    assert_eq!(seen.step.map(|it| it.line()).as_deref(), Some("test"));
    let expected = "##[group]Run cargo test\n\u{1b}[31mtest a ... FAILED\u{1b}[0m\n##[error]Process completed with exit code 101.";
    assert_eq!(seen.tail.raw(), expected);
    assert!(seen.tail.lines(9).all(|line| !line.contains('\u{1b}')), "colours are shown, not obeyed");
    let asked = storage.asked();
    assert_eq!((asked.len(), asked[0].header("authorization")), (1, None), "the token stays with the API");
    assert!(!format!("{asked:?}").contains(SECRET));
}

#[tokio::test]
async fn without_times_the_end_of_the_log_is_shown() {
    let (seen, _) = seen(json!({ "id": 9, "steps": null }), "one\ntwo\nthree\n".to_owned()).await;
    assert_eq!(log(seen).tail.raw(), "one\ntwo\nthree");
}

#[tokio::test]
async fn a_long_log_is_cut_to_what_a_journal_entry_holds() {
    let lines: String = (0..5_000).map(|at| format!("line {at}\n")).collect();
    let (first, _) = seen(json!({ "id": 9 }), lines).await;
    let tail = log(first).tail;
    assert!(tail.raw().ends_with("line 4999") && tail.raw().lines().count() == 120, "{}", tail.raw());
    let (second, _) = seen(json!({ "id": 9 }), "\u{1b}".repeat(1_000_000)).await;
    let tail = log(second).tail;
    assert!(!tail.is_empty() && serde_json::to_string(&tail).expect("JSON").len() < 30 * 1024);
}

#[tokio::test]
async fn a_log_that_is_gone_is_explained() {
    for status in [404, 410] {
        let server = Server::start(move |asked| match asked.path() {
            "/repos/octo/widget/actions/jobs/9" => Say::json(200, job()),
            _ => Say::json(status, json!({ "message": "Not Found" })),
        })
        .await;
        let seen = github(&server).look(&Look::Log { repo: repo(), job: 9 }).await.sighting;
        let Sighting::Failed(_, why) = seen else { panic!("the error as a log: {seen:?}") };
        assert!(why.line().contains("the log is gone"), "{why:?}");
    }
}
