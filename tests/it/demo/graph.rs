//! GraphQL over the forge's state.

use super::{Answer, ask, asked, demo, each, get, nothing};
use gonogo::demo::{Demo, FINE_GRAINED};
use serde_json::{Value, json};

async fn query(demo: &Demo, text: &str, variables: Value) -> Value {
    let answer = ask(demo, "POST", "/graphql", json!({ "query": text, "variables": variables })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

#[tokio::test]
async fn aliases_variables_fragments_and_typenames_work() {
    let demo = demo().await;
    let text = "query Two($owner: String!, $name: String = \"widget\", $more: Boolean!) {
      a: repository(owner: $owner, name: $name) { ...facts }
      b: repository(owner: $owner, name: \"widget-client\") { ...facts url @include(if: $more) }
      viewer { login __typename ... on User { name } }
      rateLimit { cost remaining resetAt }
    }
    fragment facts on Repository { nameWithOwner defaultBranchRef { name target { __typename oid } } }";
    let found = query(&demo, text, json!({ "owner": "octo", "more": false })).await;
    assert_eq!(found["errors"], Value::Null);
    let data = &found["data"];
    assert_eq!(data["a"]["nameWithOwner"], "octo/widget");
    assert_eq!(
        data["b"],
        json!({
            "nameWithOwner": "octo/widget-client",
            "defaultBranchRef": { "name": "main", "target": data["b"]["defaultBranchRef"]["target"] },
        })
    );
    let tip = get(&demo, "/repos/octo/widget/branches/main").await.json();
    assert_eq!(data["a"]["defaultBranchRef"]["target"]["oid"], tip["commit"]["sha"]);
    assert_eq!(data["viewer"], json!({ "login": "ana-weber", "__typename": "User", "name": "Ana Weber" }));
    assert_eq!(data["rateLimit"]["remaining"], 4999);
}

#[tokio::test]
async fn pages_follow_their_cursors_to_the_end_and_back() {
    let demo = demo().await;
    let text = "query($after: String) { repository(owner: \"octo\", name: \"widget\") { milestone(number: 1) {
      title progressPercentage pullRequests(first: 5) { totalCount nodes { number state isDraft } }
      issues(first: 20, after: $after, states: [OPEN, CLOSED]) { totalCount nodes { number } edges { cursor node { number } }
        pageInfo { hasNextPage endCursor } } } } }";
    let (mut after, mut numbers) = (Value::Null, Vec::new());
    loop {
        let found = query(&demo, text, json!({ "after": after })).await;
        assert_eq!(found["errors"], Value::Null);
        let milestone = &found["data"]["repository"]["milestone"];
        assert_eq!(milestone["pullRequests"]["totalCount"], 1);
        let issues = &milestone["issues"];
        assert_eq!(issues["totalCount"], 48);
        numbers.extend(each(&issues["nodes"], "number").into_iter().map(|n| n.as_u64().unwrap()));
        assert_eq!(issues["edges"][0]["node"], issues["nodes"][0]);
        if issues["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = issues["pageInfo"]["endCursor"].clone();
    }
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), 48);
    let last = "{ repository(owner: \"octo\", name: \"widget\") { refs(refPrefix: \"refs/heads/\", last: 1) {
      nodes { name } pageInfo { hasPreviousPage } } } }";
    let found = query(&demo, last, nothing()).await;
    assert_eq!(found["data"]["repository"]["refs"]["nodes"], json!([{ "name": "release-0.6.x" }]));
}

const ROLLUP: &str = "{ repository(owner: \"octo\", name: \"widget\") { ref(qualifiedName: \"refs/heads/release-0.6.x\") {
  name target { ... on Commit { oid history(first: 3) { nodes { messageHeadline author { user { login } } } }
    checkSuites(first: 5) { nodes { app { slug } } }
    statusCheckRollup { state contexts(first: 50) { totalCount checkRunCount nodes { __typename
      ... on CheckRun { name status conclusion checkSuite { app { name } workflowRun { runNumber workflow { name } } } }
      ... on StatusContext { context state } } } } } } } } }";

#[tokio::test]
async fn the_rollup_is_red_with_its_contexts() {
    let demo = demo().await;
    let found = query(&demo, ROLLUP, nothing()).await;
    assert_eq!(found["errors"], Value::Null, "{found}");
    let target = &found["data"]["repository"]["ref"]["target"];
    assert_eq!(target["statusCheckRollup"]["state"], "FAILURE");
    assert_eq!(target["history"]["nodes"].as_array().unwrap().len(), 3);
    let contexts = &target["statusCheckRollup"]["contexts"];
    assert!(each(&contexts["nodes"], "name").contains(&&json!("unit-tests (3.13)")));
}

#[tokio::test]
async fn a_token_without_checks_gets_a_hole_and_an_error_that_says_where() {
    let demo = demo().await;
    let token = format!("Bearer {FINE_GRAINED}");
    let headers = [("authorization", token.as_str())];
    let answer: Answer =
        asked(&demo, "POST", "/graphql", json!({ "query": ROLLUP }), &headers).await.unwrap();
    let found = answer.json();
    let target = &found["data"]["repository"]["ref"]["target"];
    assert!(target["oid"].is_string() && target["statusCheckRollup"].is_null());
    let forbidden = found["errors"]
        .as_array()
        .unwrap()
        .iter()
        .find(|error| error["path"] == json!(["repository", "ref", "target", "statusCheckRollup"]));
    assert_eq!(forbidden.unwrap()["type"], "FORBIDDEN");
}

#[tokio::test]
async fn what_is_missing_or_unknown_is_an_error_with_a_path() {
    let demo = demo().await;
    let text = "{ gone: repository(owner: \"octo\", name: \"none\") { name }
      here: repository(owner: \"octo\", name: \"widget\") { name issue(number: 999999) { title } issues { totalCount } } }";
    let found = query(&demo, text, nothing()).await;
    let kinds: Vec<(&Value, &Value)> =
        found["errors"].as_array().unwrap().iter().map(|error| (&error["type"], &error["path"])).collect();
    assert_eq!(
        kinds,
        [
            (&json!("NOT_FOUND"), &json!(["gone"])),
            (&json!("NOT_FOUND"), &json!(["here", "issue"])),
            (&json!("MISSING_PAGINATION_BOUNDARIES"), &json!(["here", "issues"])),
        ]
    );
    assert_eq!(found["data"]["here"], Value::Null, "issues are never null, so that the repository is");
    let broken = query(&demo, "{ viewer {", nothing()).await;
    assert!(broken["errors"][0]["message"].as_str().unwrap().starts_with("Parse error"));
    let unknown = query(&demo, "{ viewer { nonsense } }", nothing()).await;
    assert_eq!(unknown["errors"][0]["message"], "Field 'nonsense' doesn't exist on type 'User'");
}

#[tokio::test]
async fn issues_tell_their_timeline_and_nodes_are_found_by_id() {
    let demo = demo().await;
    let text = "{ repository(owner: \"octo\", name: \"widget\") {
      branch: ref(qualifiedName: \"main\") { branchProtectionRule { pattern requiredStatusCheckContexts } }
      tag: ref(qualifiedName: \"refs/tags/v0.6.1\") { target { ... on Tag { name message target { oid } } } }
      releases(first: 3) { nodes { tagName isDraft isPrerelease } }
      milestones(first: 10, states: OPEN) { nodes { id title dueOn } }
      pullRequests(first: 3, states: OPEN) { nodes { number baseRefName headRefName mergeable reviewDecision
        mergeCommit { oid } } }
      issues(first: 5, states: OPEN, labels: [\"release-blocker\"], orderBy: { field: CREATED_AT, direction: DESC }) {
        nodes { id number title state stateReason url createdAt author { login } milestone { title }
          labels(first: 10) { nodes { name color } } assignees(first: 5) { nodes { login } }
          comments(last: 1) { totalCount nodes { body author { login } } }
          timelineItems(first: 20, itemTypes: [MILESTONED_EVENT, LABELED_EVENT]) { totalCount nodes { __typename
            ... on MilestonedEvent { milestoneTitle createdAt actor { login } } } } } } } }";
    let found = query(&demo, text, nothing()).await;
    assert_eq!(found["errors"], Value::Null, "{found}");
    let repo = &found["data"]["repository"];
    assert_eq!(repo["branch"]["branchProtectionRule"]["pattern"], "main");
    assert_eq!(repo["issues"]["nodes"].as_array().unwrap().len(), 4);
    let issue = &repo["issues"]["nodes"][0];
    assert!(issue["timelineItems"].to_string().contains("\"milestoneTitle\":\"0.6.2\""), "{issue}");
    let by_id = "query($id: ID!) { node(id: $id) { __typename id ... on Issue { number } } }";
    let node = query(&demo, by_id, json!({ "id": issue["id"] })).await;
    assert_eq!(node["data"]["node"]["number"], issue["number"]);
}
