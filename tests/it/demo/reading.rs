//! Reading the forge: pages, conditional requests, what each resource says.

use super::{asked, demo, each, get, numbered, started};
use gonogo::demo::{FULL, Options};
use serde_json::{Value, json};

const REPO: &str = "/repos/octo/widget";

#[tokio::test]
async fn the_release_is_in_progress() {
    let demo = demo().await;
    assert_eq!(get(&demo, "/user").await.json()["login"], "ana-weber");
    let repo = get(&demo, REPO).await.json();
    assert_eq!((&repo["full_name"], &repo["default_branch"]), (&json!("octo/widget"), &json!("main")));
    let milestones = get(&demo, &format!("{REPO}/milestones")).await.json();
    assert_eq!(each(&milestones, "title"), ["0.6.2", "0.7.0", "Backlog"]);
    let open = milestones[0]["open_issues"].as_u64().unwrap();
    let closed = milestones[0]["closed_issues"].as_u64().unwrap();
    assert_eq!((open, closed), (8, 41), "seven issues and a pull request that does not belong there");
    let blockers = format!("{REPO}/issues?milestone=1&labels=release-blocker");
    assert_eq!(get(&demo, &blockers).await.json().as_array().unwrap().len(), 5);
    let client = get(&demo, "/repos/octo/widget-client/milestones").await.json();
    assert_eq!(client[0]["title"], "0.6.2");
}

#[tokio::test]
async fn lists_come_in_pages_that_link_to_each_other() {
    let demo = demo().await;
    let mut next = format!("{}{REPO}/issues?state=all&milestone=1&per_page=10", demo.api_url);
    let mut numbers = Vec::new();
    let mut pages = 0;
    loop {
        let answer = get(&demo, &next).await;
        numbers
            .extend(answer.json().as_array().unwrap().iter().map(|issue| issue["number"].as_u64().unwrap()));
        pages += 1;
        let link = answer.header("link").to_owned();
        let Some(to) = link.split(", ").find(|link| link.contains("rel=\"next\"")) else { break };
        next = to[1..to.find('>').unwrap()].to_owned();
    }
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!((pages, numbers.len()), (5, 49));
    let wide = get(&demo, &format!("{REPO}/issues?state=all&per_page=1000")).await.json();
    assert_eq!(wide.as_array().unwrap().len(), 100, "a page holds a hundred at most");
}

#[tokio::test]
async fn what_did_not_change_is_304_and_costs_nothing() {
    let demo = demo().await;
    let path = format!("{REPO}/milestones");
    let first = get(&demo, &path).await;
    let token = format!("Bearer {FULL}");
    let headers = [("authorization", token.as_str()), ("if-none-match", first.header("etag"))];
    let second = asked(&demo, "GET", &path, Value::Null, &headers).await.unwrap();
    assert_eq!((second.status, second.text.as_str()), (304, ""));
    assert_eq!(second.header("x-ratelimit-remaining"), first.header("x-ratelimit-remaining"));
    super::ask(&demo, "PATCH", &format!("{REPO}/milestones/1"), json!({ "description": "other" })).await;
    let third = asked(&demo, "GET", &path, Value::Null, &headers).await.unwrap();
    assert_eq!(third.status, 200);
}

#[tokio::test]
async fn the_newest_line_has_checks_of_every_kind() {
    let demo = demo().await;
    let checks = get(&demo, &format!("{REPO}/commits/release-0.6.x/check-runs")).await.json();
    let of = |name: &str| {
        let all = checks["check_runs"].as_array().unwrap();
        let found = all.iter().find(|check| check["name"] == name).unwrap();
        (found["status"].as_str().unwrap().to_owned(), found["conclusion"].as_str().map(str::to_owned))
    };
    assert_eq!(of("lint"), ("completed".into(), Some("failure".into())));
    assert_eq!(of("unit-tests (3.12)"), ("completed".into(), Some("success".into())));
    assert_eq!(of("integration"), ("in_progress".into(), None));
    assert_eq!(of("build"), ("completed".into(), Some("skipped".into())));
    let required = get(&demo, &format!("{REPO}/rules/branches/release-0.6.x")).await.json();
    assert!(required.to_string().contains("docs/build"), "{required}");
    let status = get(&demo, &format!("{REPO}/commits/release-0.6.x/status")).await.json();
    assert_eq!(status["total_count"], 0, "the required docs/build is missing");
    let trunk = get(&demo, &format!("{REPO}/branches/main/protection")).await.json();
    assert_eq!(trunk["required_status_checks"]["contexts"].as_array().unwrap().len(), 6);
}

#[tokio::test]
async fn branch_names_with_slashes_and_odd_characters_are_found() {
    let demo = started(Options { process: "monthly-trunk".into(), ..Options::default() }).await;
    for path in ["release/v1.6.0", "release%2Fv1.6.0"] {
        let branch = get(&demo, &format!("{REPO}/branches/{path}")).await.json();
        assert_eq!(branch["name"], "release/v1.6.0");
        let checks = get(&demo, &format!("{REPO}/commits/{path}/check-runs")).await;
        assert_eq!(checks.status, 200);
    }
    assert_eq!(get(&demo, &format!("{REPO}/branches/release")).await.status, 404);
}

#[tokio::test]
async fn git_facts_are_gits_own() {
    let demo = demo().await;
    let git = |args: &[&str]| super::repository::git(&demo.origin, args);
    let tag = get(&demo, &format!("{REPO}/git/ref/tags/v0.6.1")).await.json();
    assert_eq!(tag["object"]["sha"], git(&["rev-parse", "v0.6.1"]).as_str());
    let peeled =
        get(&demo, &format!("{REPO}/git/tags/{}", tag["object"]["sha"].as_str().unwrap())).await.json();
    assert_eq!(peeled["object"]["sha"], git(&["rev-parse", "v0.6.1^{commit}"]).as_str());
    let compared = get(&demo, &format!("{REPO}/compare/main...release-0.6.x")).await.json();
    let count = git(&["rev-list", "--left-right", "--count", "main...release-0.6.x"]);
    assert_eq!(format!("{}\t{}", compared["behind_by"], compared["ahead_by"]), count);
    let commit = get(&demo, &format!("{REPO}/commits/main")).await.json();
    assert_eq!(commit["sha"], git(&["rev-parse", "main"]).as_str());
    let tree = get(&demo, &format!("{REPO}/git/trees/main?recursive=1")).await.json();
    assert_eq!(tree["tree"].as_array().unwrap().len(), git(&["ls-tree", "-r", "-t", "main"]).lines().count());
    let owners = get(&demo, &format!("{REPO}/contents/.github/CODEOWNERS?ref=main")).await.json();
    assert_eq!(owners["sha"], git(&["rev-parse", "main:.github/CODEOWNERS"]).as_str());
    let tags = get(&demo, &format!("{REPO}/tags?per_page=100")).await.json();
    assert_eq!(tags.as_array().unwrap().len(), git(&["tag"]).lines().count());
    let commits = get(&demo, &format!("{REPO}/commits?sha=main&path=CHANGELOG.md")).await.json();
    assert_eq!(
        commits.as_array().unwrap().len(),
        git(&["rev-list", "main", "--", "CHANGELOG.md"]).lines().count()
    );
}

#[tokio::test]
async fn merged_pull_requests_are_those_that_subjects_name() {
    let demo = demo().await;
    let number = numbered(&demo, "支持多语言提示词模板").await;
    let pull = get(&demo, &format!("{REPO}/pulls/{number}")).await.json();
    assert_eq!((&pull["merged"], &pull["user"]["login"]), (&json!(true), &json!("li-ming")));
    let sha = pull["merge_commit_sha"].as_str().unwrap();
    let back = get(&demo, &format!("{REPO}/commits/{sha}/pulls")).await.json();
    assert_eq!(back[0]["number"], number);
    let files = get(&demo, &format!("{REPO}/pulls/{number}/files")).await.json();
    assert_eq!(files.as_array().unwrap().len(), 1);
    assert!(pull["labels"].to_string().contains("backport release-0.6.x"), "{}", pull["labels"]);
}

#[tokio::test]
async fn search_knows_the_common_qualifiers() {
    let demo = demo().await;
    let query = "repo:octo/widget is:issue is:open label:release-blocker milestone:0.6.2";
    let found = get(&demo, &format!("/search/issues?q={}", query.replace(' ', "+"))).await.json();
    assert_eq!(found["total_count"], 4);
    let none = get(&demo, "/search/issues").await;
    assert_eq!(none.status, 422);
}

#[tokio::test]
async fn hostile_titles_and_volume_come_only_when_asked_for() {
    let demo = started(Options { hostile: true, volume: 300, ..Options::default() }).await;
    assert!(
        get(&demo, &format!("{REPO}/issues?state=all&per_page=100")).await.text.contains("volume-") || {
            let found = get(&demo, "/search/issues?q=repo:octo/widget").await.json();
            found["total_count"].as_u64().unwrap() > 400
        }
    );
    let nasty = get(&demo, "/search/issues?q=owned").await.json();
    assert_eq!(nasty["items"][0]["title"], "\u{1b}]0;owned\u{7}window title");
}

#[tokio::test]
async fn a_renamed_repository_redirects_reads_and_writes() {
    let demo = demo().await;
    let read = get(&demo, "/repos/octo/old-widget/milestones?state=all").await;
    assert_eq!(read.status, 301);
    assert_eq!(get(&demo, read.header("location")).await.json().as_array().unwrap().len(), 4);
    let write = super::ask(&demo, "PATCH", "/repos/octo/old-widget/issues/1", super::nothing()).await;
    assert_eq!(write.status, 307);
}
