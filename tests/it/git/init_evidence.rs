//! What a repository shows of its process.

use super::yard::{Yard, branch, git, run};
use gonogo::git::{InitEvidence, TrunkEvidence};

fn evidence(yard: &Yard) -> InitEvidence {
    run(git().init_evidence(&yard.at(), &yard.refs())).unwrap()
}

#[test]
fn an_empty_repository_shows_nothing() {
    assert_eq!(evidence(&Yard::new()), InitEvidence::default());
}

#[test]
fn the_trunk_and_why() {
    let trunk = |yard: &Yard| evidence(yard).trunk.unwrap();
    let yard = Yard::new();
    yard.commit("a", "1", "one");
    yard.git(&["branch", "-m", "main", "next"]);
    assert_eq!(trunk(&yard), (branch("next"), TrunkEvidence::Only));
    yard.git(&["branch", "other"]);
    assert_eq!(trunk(&yard), (branch("next"), TrunkEvidence::CheckedOut));
    yard.git(&["branch", "master"]);
    assert_eq!(trunk(&yard), (branch("master"), TrunkEvidence::UsualName));
    yard.with_origin();
    yard.git(&["remote", "set-head", "origin", "next"]);
    let reference = "refs/remotes/origin/HEAD".to_owned();
    assert_eq!(trunk(&yard), (branch("next"), TrunkEvidence::RemoteHead { reference }));
}

#[test]
fn workflows_owners_and_documents_are_read_from_the_trunk() {
    let yard = Yard::new();
    yard.commit(".github/workflows/ci.yml", "# comment\nname: \"CI: all\" # x\non: push\n", "one");
    yard.commit(".github/workflows/release.yaml", "name: Release # now\non: push\n", "two");
    yard.commit(".github/workflows/odd.yml", "on: push\njobs:\n  a:\n    name: no\n", "three");
    yard.commit(".github/workflows/README.md", "name: none", "four");
    yard.commit("docs/CODEOWNERS", "* @octo/all", "five");
    yard.commit("docs/RELEASING.md", "how", "six");
    yard.commit("docs/deep/release.md", "how", "seven");
    yard.commit("RELEASE_NOTES.md", "what", "eight");
    yard.git(&["tag", "v0.1.0", "HEAD~3"]);
    yard.git(&["tag", "v0.2.0"]);
    yard.git(&["branch", "release-0.2"]);
    std::fs::write(yard.path().join(".github/workflows/untracked.yml"), "name: no").unwrap();
    let seen = evidence(&yard);
    let workflows: Vec<_> =
        seen.workflows.iter().map(|it| (it.path.raw(), it.name.as_ref().map(|name| name.raw()))).collect();
    assert_eq!(
        workflows,
        [
            (".github/workflows/ci.yml", Some("CI: all")),
            (".github/workflows/odd.yml", None),
            (".github/workflows/release.yaml", Some("Release")),
        ]
    );
    assert!(seen.workflows[1].text.as_ref().unwrap().raw().starts_with("on: push"));
    assert_eq!(seen.codeowners, Some("docs/CODEOWNERS"));
    assert_eq!(seen.release_documents.iter().map(|it| it.raw()).collect::<Vec<_>>(), ["docs/RELEASING.md"]);
    assert_eq!(
        seen.tags.iter().map(|it| it.as_str()).collect::<Vec<_>>(),
        ["v0.2.0", "v0.1.0"],
        "newest first"
    );
    assert_eq!(seen.branches, [branch("main"), branch("release-0.2")]);
    assert_eq!(seen.trunk_tip, Some(yard.head()));
    yard.commit(".github/CODEOWNERS", "* @octo/all", "nine");
    assert_eq!(evidence(&yard).codeowners, Some(".github/CODEOWNERS"));
}
