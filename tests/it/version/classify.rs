//! Tags as they are found: forms that differ, tags that are no version.

use gonogo::version::{CandidateForm, Grammar, Style, TagClass, TagKind, classify};

pub fn grammar(style: Style, prefix: &str, form: &str) -> Grammar {
    Grammar { candidate: Some(CandidateForm::parse(form).expect("a form")), ..Grammar::new(style, prefix) }
}

fn semver(tag: &str) -> TagClass {
    classify(&grammar(Style::Semver, "v", "-rc.{n}"), tag)
}

fn pep440(tag: &str) -> TagClass {
    classify(&grammar(Style::Pep440, "v", "rc{n}"), tag)
}

fn text(class: &TagClass) -> String {
    class.version.as_ref().map(ToString::to_string).unwrap_or_default()
}

fn why(class: &TagClass) -> &str {
    match &class.kind {
        TagKind::Other { why } => why,
        kind => panic!("{} is {kind:?}", class.tag),
    }
}

#[test]
fn the_configured_form_needs_no_note() {
    for class in [semver("v1.2.0-rc.10"), pep440("v1.2.0rc10")] {
        assert_eq!(class.kind, TagKind::Candidate(10));
        assert_eq!(class.line, Some((1, 2)));
        assert_eq!(class.note, None, "{class:?}");
    }
}

#[test]
fn a_candidate_in_the_other_style_is_recognised_and_noted() {
    let class = semver("v0.1.0rc1");
    assert_eq!((text(&class).as_str(), &class.kind), ("0.1.0-rc.1", &TagKind::Candidate(1)));
    assert!(class.note.is_some());
    let class = pep440("v0.1.0-rc.1");
    assert_eq!((text(&class).as_str(), &class.kind), ("0.1.0rc1", &TagKind::Candidate(1)));
    assert_eq!(class.note.as_deref(), Some("the configured form would be v0.1.0rc1"));
    assert_eq!(semver("v0.1.0-rc1").kind, TagKind::Candidate(1));
}

#[test]
fn both_forms_in_one_history_are_one_candidate() {
    let (one, two) = (semver("v0.1.0rc1"), semver("v0.1.0-rc.1"));
    assert_eq!(one.version, two.version);
}

#[test]
fn a_candidate_without_a_number_comes_before_the_numbered_ones() {
    let (none, first) = (semver("v1.1.0-rc"), semver("v1.1.0-rc.1"));
    assert_eq!(none.kind, TagKind::Candidate(0));
    assert!(none.version < first.version);
}

#[test]
fn a_missing_or_another_prefix_is_noted() {
    let class = semver("1.2.0");
    assert_eq!((text(&class).as_str(), &class.kind), ("1.2.0", &TagKind::Final));
    assert_eq!(class.note.as_deref(), Some("written without the prefix \"v\""));
    let class = classify(&Grammar::new(Style::Semver, ""), "v1.2.0");
    assert_eq!(class.kind, TagKind::Final);
    assert_eq!(class.note.as_deref(), Some("written with the prefix \"v\""));
    let class = classify(&Grammar::new(Style::Semver, "release-"), "v1.2.0");
    assert_eq!(class.note.as_deref(), Some("written with \"v\" in place of the prefix \"release-\""));
}

#[test]
fn a_prefix_may_hold_a_slash() {
    let class = classify(&Grammar::new(Style::Semver, "gonogo/v"), "gonogo/v1.2.0");
    assert_eq!((class.kind, class.note), (TagKind::Final, None));
}

#[test]
fn prereleases_that_are_no_candidate_keep_their_stage() {
    assert_eq!(semver("v2.0.0-preview.0").kind, TagKind::Prerelease("preview.0".into()));
    assert_eq!(semver("v1.15.0-alpha.5").kind, TagKind::Prerelease("alpha.5".into()));
    assert_eq!(semver("v2.0.1-a-rc1").kind, TagKind::Prerelease("a-rc1".into()));
    assert_eq!(semver("v1.0.0-rc.1.2").kind, TagKind::Prerelease("rc.1.2".into()));
    assert_eq!(pep440("v0.2.21-dev.20250915").kind, TagKind::Prerelease("dev20250915".into()));
    assert_eq!(pep440("v0.5.0-dev").kind, TagKind::Prerelease("dev0".into()));
    assert_eq!(pep440("v1.0rc1.dev2").kind, TagKind::Prerelease("rc1.dev2".into()));
    // PEP 440 reads "preview" as a candidate; whoever wrote the word meant a preview.
    assert_eq!(pep440("v2.0.0-preview.1").kind, TagKind::Prerelease("preview.1".into()));
}

#[test]
fn final_versions_of_every_shape() {
    assert_eq!(pep440("v0.1.5.1").kind, TagKind::Final);
    assert_eq!(pep440("v1.0.post1").kind, TagKind::Final);
    assert_eq!(semver("v1.0.0+build.5").kind, TagKind::Final);
    assert_eq!(pep440("v1").line, Some((1, 0)));
}

#[test]
fn builds_between_tags_belong_after_their_tag() {
    for tag in ["v0.3.0-96.g9c48bb1", "v0.3.0-96-g9c48bb1", "v0.3.0-96-g9c48bb1-dirty"] {
        let class = semver(tag);
        assert_eq!(class.kind, TagKind::Describe, "{tag}");
        let version = class.version.expect("a version");
        assert_eq!(version.ahead(), Some((96, "9c48bb1")));
        assert!(Some(&version) > semver("v0.3.0").version.as_ref());
        assert!(Some(&version) < semver("v0.3.1-rc.0").version.as_ref());
    }
    let class = semver("v0.3.0-rc.1-4-gabc1234");
    assert_eq!((class.kind, class.line), (TagKind::Describe, Some((0, 3))));
    // Without the g and hexadecimal digits it is a prerelease like any other.
    assert_eq!(semver("v0.3.0-96.x9c48bb1").kind, TagKind::Prerelease("96.x9c48bb1".into()));
}

#[test]
fn what_is_no_version_says_why() {
    assert!(why(&semver("apis/v0.1.0")).contains("\"apis\""));
    assert!(why(&semver("docs/latest")).contains("slash"));
    assert!(why(&semver("stable")).contains("not \"v\" and a number"));
    assert!(why(&semver("advanced-1.0.0")).contains("not \"v\" and a number"));
    assert!(why(&semver("helm-chart-1.1.2")).contains("not \"v\" and a number"));
    assert!(why(&semver("v1.2")).contains("2 numbers in place of three"));
    assert!(why(&semver("v0.1.5.1")).contains("4 numbers in place of three"));
    assert!(why(&semver("v1.02.0")).contains("no SemVer version"));
    assert!(why(&pep440("v1.0.0-nightly.3")).contains("no PEP 440 version"));
    for tag in ["", "v", "-", "/", "v/", "v1.2.0/", "中文", "v1.2.0-发布", "v18446744073709551616.0.0"] {
        why(&semver(tag));
    }
}

#[test]
fn another_word_for_a_candidate_comes_from_the_process() {
    let class = classify(&grammar(Style::Semver, "", "-beta.{n}"), "1.0.0-beta.3");
    assert_eq!((class.kind, class.note), (TagKind::Candidate(3), None));
}
