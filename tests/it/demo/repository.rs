//! The repository that the demo makes.

use super::{demo, started};
use gonogo::demo::Options;
use std::path::Path;
use std::process::Command;

pub fn git(dir: &Path, args: &[&str]) -> String {
    #[expect(clippy::disallowed_methods, reason = "tests look at the repository with git itself")]
    let done = Command::new("git").current_dir(dir).args(args).output().unwrap();
    assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

#[tokio::test]
async fn the_story_has_lines_tags_and_enough_commits() {
    let demo = demo().await;
    let branches = git(&demo.origin, &["for-each-ref", "--format=%(refname:short)", "refs/heads"]);
    assert_eq!(branches, "main\nrelease-0.4.x\nrelease-0.5.x\nrelease-0.6.x");
    let tags = git(&demo.origin, &["for-each-ref", "--format=%(refname:short) %(objecttype)", "refs/tags"]);
    for tag in ["v0.4.0rc1", "v0.5.1", "v0.6.0rc2", "v0.6.0", "v0.6.1", "v0.6.2rc1"] {
        assert!(tags.contains(&format!("{tag} tag")), "{tag} is missing or no annotated tag:\n{tags}");
    }
    let commits: usize = git(&demo.origin, &["rev-list", "--count", "--all"]).parse().unwrap();
    assert!((150..260).contains(&commits), "{commits}");
    let log = git(&demo.clone, &["log", "--format=%s%n%b", "origin/main"]);
    for text in
        ["Merge pull request #", "支持多语言提示词模板 (#", "Revert \"perf: cache", "This reverts commit "]
    {
        assert!(log.contains(text), "{text} is not on trunk");
    }
    let line = git(&demo.clone, &["log", "--format=%s%n%b", "origin/release-0.6.x"]);
    assert!(line.contains("(cherry picked from commit ") && line.contains("(backport #"), "{line}");
    assert_eq!(
        git(&demo.clone, &["log", "--oneline", "v0.6.2rc1..origin/release-0.6.x"]).lines().count(),
        12
    );
    assert_eq!(git(&demo.clone, &["fsck", "--strict"]), "");
    assert_eq!(git(&demo.clone, &["status", "--porcelain"]), "");
}

#[tokio::test]
async fn the_same_moment_gives_the_same_hashes() {
    let (one, two) = (demo().await, demo().await);
    let refs = |demo: &gonogo::demo::Demo| git(&demo.origin, &["for-each-ref"]);
    assert_eq!(refs(&one), refs(&two));
}

#[tokio::test]
async fn picks_are_clean_conflict_or_need_another_as_the_story_says() {
    let demo = demo().await;
    let dir = &demo.clone;
    let sha =
        |subject: &str| git(dir, &["log", "--format=%H", "-1", &format!("--grep=^{subject}"), "origin/main"]);
    git(dir, &["checkout", "-q", "-b", "try", "origin/release-0.6.x"]);
    let pick = |sha: &str| {
        #[expect(
            clippy::disallowed_methods,
            reason = "a pick that conflicts fails, which git() does not allow"
        )]
        let done = Command::new("git").current_dir(dir).args(["cherry-pick", sha]).output().unwrap();
        if !done.status.success() {
            git(dir, &["cherry-pick", "--abort"]);
        }
        done.status.success()
    };
    assert!(!pick(&sha("fix: negotiate the protocol version")), "a release-only commit owns these lines");
    assert!(!pick(&sha("fix: add jitter to the retry backoff")), "it needs the refactoring first");
    assert!(pick(&sha("refactor: one place for the retry backoff")));
    assert!(pick(&sha("fix: add jitter to the retry backoff")));
    assert!(pick(&sha("支持多语言提示词模板")));
}

#[tokio::test]
async fn every_preset_names_its_branches_and_tags_its_own_way() {
    for (process, trunk, line, candidate) in [
        ("crossplane", "master", "release-0.6", "v0.6.2-rc.1"),
        ("dragonfly", "main", "release-2.6", "v2.6.2-rc.1"),
        ("kubesphere", "master", "release-4.6", "v4.6.2-rc.1"),
        ("monthly-trunk", "trunk", "release/v1.6.0", "v1.6.0-rc.1"),
    ] {
        let demo = started(Options { process: process.into(), ..Options::default() }).await;
        assert_eq!(git(&demo.origin, &["symbolic-ref", "--short", "HEAD"]), trunk);
        git(&demo.origin, &["rev-parse", "--verify", &format!("refs/heads/{line}")]);
        git(&demo.origin, &["merge-base", "--is-ancestor", candidate, line]);
        let builtin = gonogo::process::Process::builtin(process);
        assert!(builtin.is_some(), "{process} is no preset");
    }
}

#[tokio::test]
async fn another_clone_is_served_with_its_own_facts() {
    let first = demo().await;
    let options = Options { repo: Some(first.clone.clone()), ..Options::default() };
    let second = started(options).await;
    let tip = git(&first.origin, &["rev-parse", "main"]);
    let branch = super::get(&second, &format!("/repos/{}/branches/main", second.repo.as_str())).await.json();
    assert_eq!(branch["commit"]["sha"], tip.as_str());
    let pulls =
        super::get(&second, &format!("/repos/{}/pulls?state=closed", second.repo.as_str())).await.json();
    assert_eq!(pulls.as_array().unwrap().len(), 30);
    git(&second.clone, &["commit", "-q", "--allow-empty", "-m", "here"]);
    git(&second.clone, &["push", "-q", "origin", "HEAD"]);
    assert_eq!(
        git(&first.origin, &["rev-parse", "main"]),
        tip,
        "the clone that is served is never written to"
    );
}

#[tokio::test]
async fn the_story_is_one_pack() {
    let demo = demo().await;
    let counts = git(&demo.origin, &["count-objects", "-v"]);
    assert!(counts.contains("packs: 1"), "{counts}");
    let loose: usize = counts.lines().next().unwrap().trim_start_matches("count: ").parse().unwrap();
    assert!(loose < 100, "{loose} loose objects: only the open pull requests' are");
}
