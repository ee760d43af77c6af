//! A push to origin is seen by the API.

use super::{demo, get};

const REPO: &str = "/repos/octo/widget";

#[tokio::test]
async fn pushed_commits_branches_and_tags_show_at_once() {
    let demo = demo().await;
    let git = |args: &[&str]| super::repository::git(&demo.clone, args);
    git(&["commit", "-q", "--allow-empty", "-m", "pushed"]);
    git(&["tag", "-a", "v0.9.0rc1", "-m", "candidate"]);
    git(&["push", "-q", "--atomic", "origin", "HEAD:refs/heads/release-0.9.x", "v0.9.0rc1"]);
    let tip = git(&["rev-parse", "HEAD"]);
    let branch = get(&demo, &format!("{REPO}/branches/release-0.9.x")).await.json();
    assert_eq!(branch["commit"]["sha"], tip.as_str());
    let tag = get(&demo, &format!("{REPO}/git/matching-refs/tags/v0.9")).await.json();
    assert_eq!(tag[0]["object"]["sha"], git(&["rev-parse", "v0.9.0rc1"]).as_str());
}
