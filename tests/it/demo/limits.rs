//! Tokens, permissions and limits.

use super::{asked, demo, get};
use gonogo::demo::{FINE_GRAINED, READ_ONLY};
use serde_json::{Value, json};

const REPO: &str = "/repos/octo/widget";

#[tokio::test]
async fn a_token_may_do_what_its_kind_may() {
    let demo = demo().await;
    let with = async |token: &str, method: &str, path: &str, body: Value| {
        let token = format!("Bearer {token}");
        asked(&demo, method, path, body, &[("authorization", &token)]).await.unwrap()
    };
    assert_eq!(with("wrong", "GET", "/user", Value::Null).await.status, 401);
    let path = format!("{REPO}/issues/1/comments");
    let refused = with(READ_ONLY, "POST", &path, json!({ "body": "x" })).await;
    assert_eq!(refused.status, 403);
    assert_eq!(refused.header("x-accepted-github-permissions"), "issues=write");
    let checks = format!("{REPO}/commits/main/check-runs");
    assert_eq!(with(FINE_GRAINED, "GET", &checks, Value::Null).await.status, 403);
    assert_eq!(with(FINE_GRAINED, "GET", &format!("{REPO}/actions/runs"), Value::Null).await.status, 200);
    assert_eq!(with(READ_ONLY, "GET", &checks, Value::Null).await.status, 200);
    let anonymous = asked(&demo, "GET", REPO, Value::Null, &[]).await.unwrap();
    assert_eq!((anonymous.status, anonymous.header("x-ratelimit-limit")), (200, "60"));
    assert_eq!(asked(&demo, "GET", "/user", Value::Null, &[]).await.unwrap().status, 401);
}

#[tokio::test]
async fn the_hour_is_used_up_and_starts_again() {
    let demo = demo().await;
    let look = async || asked(&demo, "GET", REPO, Value::Null, &[]).await.unwrap();
    for left in (0..60).rev() {
        assert_eq!(look().await.header("x-ratelimit-remaining"), left.to_string());
    }
    let refused = look().await;
    assert_eq!((refused.status, refused.header("x-ratelimit-remaining")), (403, "0"));
    demo.clock().advance(3600);
    assert_eq!(look().await.status, 200);
    let limits = get(&demo, "/rate_limit").await.json();
    assert_eq!(limits["resources"]["core"]["limit"], 5000);
}

#[tokio::test]
async fn what_is_not_there_is_404_and_other_versions_are_refused() {
    let demo = demo().await;
    for path in
        ["/nothing", "/repos/octo/none", "/repos/octo/widget/issues/999999", "/repos/octo/widget/issues/x"]
    {
        assert_eq!(get(&demo, path).await.status, 404, "{path}");
    }
    let old =
        asked(&demo, "GET", REPO, Value::Null, &[("x-github-api-version", "1999-01-01")]).await.unwrap();
    assert_eq!(old.status, 400);
    let answer = get(&demo, REPO).await;
    assert!(!answer.header("x-github-request-id").is_empty() && !answer.header("date").is_empty());
}
