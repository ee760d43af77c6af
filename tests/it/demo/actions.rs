//! Workflow runs that go on with the clock.

use super::{ask, asked, demo, get, nothing};
use serde_json::{Value, json};

const REPO: &str = "/repos/octo/widget";

#[tokio::test]
async fn a_dispatched_run_is_queued_runs_and_completes() {
    let demo = demo().await;
    let path = format!("{REPO}/actions/workflows/release.yml/dispatches");
    let inputs = json!({ "version": "0.6.2", "commit": "release-0.6.x" });
    let body = json!({ "ref": "main", "inputs": inputs.clone(), "return_run_details": true });
    let made = ask(&demo, "POST", &path, body).await;
    assert_eq!(made.status, 200, "{}", made.text);
    let run = format!("{REPO}/actions/runs/{}", made.json()["workflow_run_id"]);
    let mut seen = Vec::new();
    for _ in 0..30 {
        let now = get(&demo, &run).await.json();
        let state =
            (now["status"].as_str().unwrap().to_owned(), now["conclusion"].as_str().map(str::to_owned));
        if seen.last() != Some(&state) {
            seen.push(state);
        }
        demo.clock().advance(10);
    }
    let expected: Vec<(String, Option<String>)> = vec![
        ("queued".into(), None),
        ("in_progress".into(), None),
        ("completed".into(), Some("success".into())),
    ];
    assert_eq!(seen, expected);
    let plain = ask(&demo, "POST", &path, json!({ "ref": "main", "inputs": inputs })).await;
    assert_eq!((plain.status, plain.text.as_str()), (204, ""));
    for (inputs, words) in [
        (json!({}), "Required input 'commit' not provided"),
        (json!({ "version": "1", "commit": "2", "colour": "3" }), "Unexpected inputs provided: [\"colour\"]"),
    ] {
        let refused = ask(&demo, "POST", &path, json!({ "ref": "main", "inputs": inputs })).await;
        assert_eq!((refused.status, &refused.json()["message"]), (422, &json!(words)));
    }
    let wrong = format!("{REPO}/actions/workflows/ci.yml/dispatches");
    assert_eq!(ask(&demo, "POST", &wrong, json!({ "ref": "main" })).await.status, 422);
}

#[tokio::test]
async fn failed_jobs_run_again_and_their_logs_say_why() {
    let demo = demo().await;
    let runs = get(&demo, &format!("{REPO}/actions/runs?branch=release-0.6.x&status=failure")).await.json();
    let run = runs["workflow_runs"].as_array().unwrap().iter().find(|run| run["event"] == "push").unwrap();
    let path = format!("{REPO}/actions/runs/{}", run["id"]);
    let jobs = get(&demo, &format!("{path}/jobs")).await.json();
    let failed = jobs["jobs"].as_array().unwrap().iter().find(|job| job["conclusion"] == "failure").unwrap();
    let link = get(&demo, &format!("{REPO}/actions/jobs/{}/logs", failed["id"])).await;
    assert_eq!(link.status, 302);
    let log = asked(&demo, "GET", link.header("location"), Value::Null, &[]).await.unwrap();
    assert!(log.text.contains("##[error]Process completed with exit code 1."), "{}", log.text);
    assert_eq!(ask(&demo, "POST", &format!("{path}/rerun-failed-jobs"), nothing()).await.status, 201);
    let again = get(&demo, &path).await.json();
    assert_eq!((&again["run_attempt"], &again["status"]), (&json!(2), &json!("queued")));
    let busy = ask(&demo, "POST", &format!("{path}/rerun"), nothing()).await;
    assert_eq!(busy.status, 403);
    demo.clock().advance(3600);
    assert_eq!(get(&demo, &path).await.json()["conclusion"], "success");
}

#[tokio::test]
async fn a_running_run_is_cancelled_once() {
    let demo = demo().await;
    let runs = get(&demo, &format!("{REPO}/actions/runs?status=in_progress")).await.json();
    let path = format!("{REPO}/actions/runs/{}", runs["workflow_runs"][0]["id"]);
    assert_eq!(ask(&demo, "POST", &format!("{path}/cancel"), nothing()).await.status, 202);
    let run = get(&demo, &path).await.json();
    assert_eq!(run["status"], "completed");
    assert_eq!(ask(&demo, "POST", &format!("{path}/cancel"), nothing()).await.status, 409);
}

#[tokio::test]
async fn every_workflow_that_a_preset_names_is_there_and_starts() {
    for (name, _, text) in gonogo::process::PRESETS {
        let (process, _) = gonogo::process::Process::parse(text, name).unwrap();
        let options =
            gonogo::demo::Options { process: (*name).to_owned(), ..gonogo::demo::Options::default() };
        let demo = gonogo::demo::start(options).await.unwrap();
        let acts = process.items().filter_map(|(_, item)| match &item.act {
            Some(gonogo::process::Act::Workflow { file, inputs }) => {
                Some((file.clone(), inputs.keys().cloned().collect::<Vec<_>>()))
            }
            _ => None,
        });
        let usual = || vec!["channel".to_owned(), "version".to_owned()];
        let promoted = process.channels.iter().filter_map(|channel| {
            let keys: Vec<_> = channel.inputs.keys().cloned().collect();
            Some((channel.workflow.clone()?, if keys.is_empty() { usual() } else { keys }))
        });
        for (file, inputs) in acts.chain(promoted) {
            let path = format!("/repos/octo/widget/actions/workflows/{file}");
            assert_eq!(get(&demo, &path).await.status, 200, "{name}: {file}");
            let tip = get(&demo, "/repos/octo/widget").await.json()["default_branch"].clone();
            let value = |key: &String| match key.as_str() {
                "commit" => (key.clone(), json!("HEAD")),
                _ => (key.clone(), json!("v9.9.9")),
            };
            let inputs: serde_json::Map<_, _> = inputs.iter().map(value).collect();
            let body = json!({ "ref": tip, "inputs": inputs });
            let answer = ask(&demo, "POST", &format!("{path}/dispatches"), body).await;
            assert_eq!(answer.status, 204, "{name}: {file}: {}", answer.text);
        }
    }
}
