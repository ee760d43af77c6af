//! The first `gonogo.toml` of a repository.

use gonogo::process::{LineKind, Process, RepositoryEvidence as Evidence, Resolved, draft, resolve};
use gonogo::version::Style;
use proptest::prelude::*;

fn texts(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn written(evidence: &Evidence) -> (String, Resolved) {
    let text = draft(evidence);
    let none = |_: &str| Err("no file".to_owned());
    match resolve(&text, "gonogo.toml", &none) {
        Ok(resolved) => (text, resolved),
        Err(found) => panic!("{text}\n{found:#?}"),
    }
}

fn history(name: &str) -> Evidence {
    let path = format!("{}/tests/histories/tags-{name}.toml", env!("CARGO_MANIFEST_DIR"));
    let facts: toml::Table = std::fs::read_to_string(path).expect("committed").parse().expect("TOML");
    let column = |list: &str, key: &str| -> Vec<String> {
        let rows = facts[list].as_array().expect("a list").iter();
        rows.map(|row| row.get(key).unwrap_or(row).as_str().expect("a text").to_owned()).collect()
    };
    Evidence {
        trunk: Some(("main".into(), "origin/HEAD points to it".into())),
        tags: [column("versions", "tag"), column("others", "")].concat(),
        branches: [column("lines", "branch"), column("branches", "")].concat(),
        ..Evidence::default()
    }
}

#[test]
fn nothing_is_known() {
    let (text, resolved) = written(&Evidence::default());
    assert_eq!(resolved.findings, []);
    assert!(text.contains("nothing shows the trunk branch"), "{text}");
    assert!(text.contains("# candidate = \"-rc.{n}\""), "{text}");
    assert!(resolved.process.version.candidate.is_none(), "nothing is guessed");
}

#[test]
fn llama_stack_from_its_history() {
    let mut evidence = history("llama-stack");
    let (text, resolved) = written(&evidence);
    let process = &resolved.process;
    assert_eq!(process.version.style, Style::Pep440);
    assert_eq!(process.version.prefix, "v");
    let version = process.version.parse("v0.9.0").unwrap();
    assert_eq!(process.version.candidate_tag(&version, 2).unwrap(), "v0.9.0rc2");
    assert_eq!(process.branch_for(&version).unwrap(), "release-0.9.x");
    assert_eq!(process.version.first_candidate, 1);
    assert!(text.contains("the preset that fits best is \"llama-stack\""), "{text}");
    assert!(text.contains("# 185 of 187 tags start with \"v\" and a number"), "{text}");
    assert!(text.contains("2 of 187 tags are no version by this: "), "{text}");
    evidence.repository = Some("llamastack/llama-stack".into());
    let (text, resolved) = written(&evidence);
    assert_eq!(resolved.preset.as_deref(), Some("llama-stack"), "{text}");
}

#[test]
fn crossplane_from_its_history() {
    let mut evidence = history("crossplane");
    evidence.labels =
        texts(&["backport release-1.20", "backport release-2.0", "bug", "enhancement", "odd\u{202e}"]);
    let (text, resolved) = written(&evidence);
    let process = &resolved.process;
    let version = process.version.parse("v2.5.0").unwrap();
    assert_eq!(process.version.candidate_tag(&version, 0).unwrap(), "v2.5.0-rc.0");
    assert_eq!(process.version.first_candidate, 0);
    assert_eq!(process.branch_for(&version).unwrap(), "release-2.5");
    assert_eq!(process.picks.labels, ["backport {branch}"]);
    assert_eq!((process.labels.bugs.as_slice(), process.labels.features.len()), (&texts(&["bug"])[..], 1));
    assert!(
        text.contains("fits best is \"dragonfly\"") && text.contains("; \"crossplane\" fits as well"),
        "{text}"
    );
    assert!(text.contains("# 39 branches: release-2.3, release-2.2, release-2.1"), "{text}");
    evidence.repository = Some("crossplane/crossplane".into());
    let (text, resolved) = written(&evidence);
    assert_eq!(resolved.preset.as_deref(), Some("crossplane"));
    assert_eq!(
        resolved.process.branches.trunk, "main",
        "the preset says master, the repository main: {text}"
    );
}

#[test]
fn a_project_with_three_kinds_of_branches() {
    let evidence = Evidence {
        repository: Some("octo/widget".into()),
        trunk: Some(("trunk".into(), "the remote's default branch".into())),
        branches: texts(&[
            "trunk",
            "release/v1.x",
            "release/v1.2.0",
            "hotfix/v1.2.1",
            "backport-12-to-release-1.2",
        ]),
        tags: texts(&["v1.1.0", "v1.2.0"]),
        workflows: texts(&["ci.yml", "release.yml"]),
        required_checks: texts(&["build \"all\""]),
        milestones: texts(&["v1.3.0"]),
        codeowners: Some(".github/CODEOWNERS".into()),
        labels: texts(&["Release-Blocker"]),
    };
    let (text, resolved) = written(&evidence);
    let process = &resolved.process;
    assert_eq!((process.name.as_str(), resolved.findings.len()), ("widget", 0), "{:?}", resolved.findings);
    let kind = |branch: &str| process.line_of(branch).map(|line| line.kind);
    assert_eq!(kind("release/v2.x"), Some(LineKind::LongLived));
    assert_eq!(kind("release/v2.0.0"), Some(LineKind::Release));
    assert_eq!(kind("hotfix/v2.0.1"), Some(LineKind::Hotfix));
    assert_eq!(kind("backport-12-to-release-1.2"), None);
    assert_eq!(process.ci.required, ["build \"all\""]);
    assert_eq!(process.labels.blockers, ["Release-Blocker"]);
    assert_eq!(process.milestone.title.as_deref(), Some("v{major}.{minor}.{patch}"));
    assert!(text.contains("workflows that may publish: release.yml"), "{text}");
    assert!(process.gate("blockers").is_some() && process.gate("milestone").is_some());
    assert!(text.contains("# the remote's default branch\ntrunk = \"trunk\""), "{text}");
}

#[test]
fn another_project_gets_no_checklists_of_a_preset() {
    let evidence = Evidence { repository: Some("octo/widget".into()), ..history("llama-stack") };
    let (text, resolved) = written(&evidence);
    assert_eq!(resolved.preset, None);
    assert_eq!(resolved.process.name, "widget");
    assert!(resolved.process.artifacts.is_empty());
    assert!(text.contains("# preset = \"llama-stack\""), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_evidence_gives_a_file_that_parses(
        trunk in proptest::option::of(("\\PC{0,12}", "\\PC{0,12}")),
        branches in proptest::collection::vec("(release|hotfix|rel|v|release/v|\\PC{0,4})[-/]?[0-9x]{0,2}(\\.[0-9x]{1,2}){0,3}", 0..8),
        tags in proptest::collection::vec("(v|)[0-9]{1,2}(\\.[0-9]{1,2}){0,3}([-.]?(rc|alpha|dev|\\PC)[.]?[0-9]{0,2})?", 0..8),
        labels in proptest::collection::vec(prop_oneof!["\\PC{0,10}", Just("blocker".to_owned()), "backport (release|rel)-[0-9]\\.[0-9]"], 0..6),
        names in proptest::collection::vec(".{0,10}", 0..4),
    ) {
        let evidence = Evidence {
            repository: names.first().map(|name| format!("octo/{name}")),
            trunk,
            branches,
            tags,
            labels,
            workflows: names.clone(),
            required_checks: names.clone(),
            milestones: names.clone(),
            codeowners: names.first().cloned(),
        };
        let (_, resolved) = written(&evidence);
        prop_assert!(Process::parse(&resolved.text, "again").is_ok());
    }
}
