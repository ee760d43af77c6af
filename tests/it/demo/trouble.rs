//! Trouble on demand.

use super::{ask, asked, demo, get, numbered};
use gonogo::demo::{FULL, Fault};
use serde_json::{Value, json};

const REPO: &str = "/repos/octo/widget";

#[tokio::test]
async fn statuses_and_limits_come_as_often_as_planned() {
    let demo = demo().await;
    demo.faults().next(2, "GET", "/milestones", Fault::Status(502));
    let path = format!("{REPO}/milestones");
    for expected in [502, 502, 200] {
        assert_eq!(get(&demo, &path).await.status, expected);
    }
    demo.faults().next(1, "*", "/issues", Fault::SecondaryLimit(42));
    let limited = get(&demo, &format!("{REPO}/issues")).await;
    assert_eq!((limited.status, limited.header("retry-after")), (403, "42"));
    demo.faults().next(1, "*", "/issues", Fault::RateLimited(90));
    let limited = get(&demo, &format!("{REPO}/issues")).await;
    assert_eq!((limited.status, limited.header("x-ratelimit-remaining")), (403, "0"));
}

#[tokio::test]
async fn a_lost_reply_has_done_its_work_and_a_dropped_request_has_not() {
    let demo = demo().await;
    let number = numbered(&demo, "Memory grows").await;
    let path = format!("{REPO}/issues/{number}/comments");
    let before = get(&demo, &path).await.json().as_array().unwrap().len();
    let token = format!("Bearer {FULL}");
    for (fault, added) in [(Fault::Drop, 0), (Fault::LostReply, 1)] {
        demo.faults().next(1, "POST", "/comments", fault);
        let headers = [("authorization", token.as_str())];
        assert!(asked(&demo, "POST", &path, json!({ "body": "once" }), &headers).await.is_err());
        assert_eq!(get(&demo, &path).await.json().as_array().unwrap().len(), before + added);
    }
}

#[tokio::test]
async fn replies_can_be_no_json_or_full_of_nulls() {
    let demo = demo().await;
    demo.faults().next(1, "PATCH", "/issues/", Fault::NotJson);
    let number = numbered(&demo, "Memory grows").await;
    let path = format!("{REPO}/issues/{number}");
    let odd = ask(&demo, "PATCH", &path, json!({ "title": "Done all the same" })).await;
    assert!(odd.status == 200 && serde_json::from_str::<Value>(&odd.text).is_err());
    assert_eq!(get(&demo, &path).await.json()["title"], "Done all the same");
    demo.faults().next(1, "GET", "/actions/runs", Fault::Nulls);
    let runs = get(&demo, &format!("{REPO}/actions/runs")).await.json();
    let run = &runs["workflow_runs"][0];
    assert!(run["id"].is_number() && run["name"].is_null() && run["head_branch"].is_null(), "{run}");
}
