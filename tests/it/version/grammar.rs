//! The grammar: what is written is read back as the same version.

use super::classify::grammar;
use gonogo::version::{CandidateForm, Grammar, Style, TagKind, Version, VersionError, classify};
use proptest::prelude::*;

fn grammars() -> impl Strategy<Value = Grammar> {
    let semver =
        prop_oneof![Just("-rc.{n}"), Just("-rc{n}"), Just("-RC{n}"), Just("-beta.{n}"), Just("-c.{n}")];
    let pep440 = prop_oneof![Just("rc{n}"), Just("-rc.{n}"), Just(".rc{n}"), Just("c{n}")];
    let prefix = prop_oneof![Just(""), Just("v"), Just("release-"), Just("gonogo/v")];
    let of = |style| move |(form, prefix): (&str, &str)| grammar(style, prefix, form);
    prop_oneof![
        (semver, prefix.clone()).prop_map(of(Style::Semver)),
        (pep440, prefix).prop_map(of(Style::Pep440)),
    ]
}

proptest! {
    #[test]
    fn a_final_tag_reads_back(grammar in grammars(), major in 0u64..500, minor in 0u64..500, patch in 0u64..500) {
        let version = Version::of(grammar.style, major, minor, patch);
        let tag = grammar.tag(&version);
        prop_assert_eq!(grammar.parse(&tag), Ok(version.clone()));
        let class = classify(&grammar, &tag);
        prop_assert_eq!(class.kind, TagKind::Final);
        prop_assert_eq!(class.version, Some(version));
        prop_assert_eq!((class.line, class.note), (Some((major, minor)), None));
    }

    #[test]
    fn a_candidate_tag_reads_back(grammar in grammars(), major in 0u64..50, minor in 0u64..50, n in 0u64..5000) {
        let version = Version::of(grammar.style, major, minor, 0);
        let tag = grammar.candidate_tag(&version, n).expect("the form fits");
        let class = classify(&grammar, &tag);
        prop_assert_eq!(class.kind, TagKind::Candidate(n));
        prop_assert_eq!(class.note, None);
        let candidate = class.version.expect("a version");
        prop_assert_eq!(candidate.base(), version);
        prop_assert_eq!(grammar.tag(&candidate), tag);
    }

    #[test]
    fn any_text_gets_a_class(grammar in grammars(), tag in "\\PC{0,40}") {
        let class = classify(&grammar, &tag);
        prop_assert_eq!(class.version.is_none(), matches!(class.kind, TagKind::Other { .. }));
        prop_assert_eq!(class.tag, tag);
    }

    #[test]
    fn any_shape_of_version_gets_a_class(
        grammar in grammars(),
        tag in "v?[0-9]{1,3}(\\.[0-9]{1,20}){0,4}([-+.](rc|dev|alpha|post|g)?[.-]?[0-9a-f]{0,9}){0,3}",
    ) {
        let class = classify(&grammar, &tag);
        let json = serde_json::to_string(&class).expect("it is written");
        let back: gonogo::version::TagClass = serde_json::from_str(&json).expect("it is read");
        prop_assert_eq!(back, class);
    }
}

#[test]
fn without_a_form_no_candidate_is_named() {
    let grammar = Grammar::new(Style::Semver, "v");
    let error = grammar.candidate_tag(&Version::of(Style::Semver, 1, 2, 0), 1).unwrap_err();
    assert_eq!(error, VersionError::NoCandidateForm);
    assert!(error.to_string().contains("version.candidate"), "{error}");
    assert!(error.to_string().contains("-rc.{n}"), "{error}");
}

#[test]
fn a_form_that_does_not_fit_the_style_is_refused() {
    let version = |style| Version::of(style, 1, 2, 0);
    for (style, form) in [
        (Style::Semver, "rc{n}"),
        (Style::Semver, "+rc.{n}"),
        (Style::Semver, "-rc.{n}.x"),
        (Style::Pep440, "-nightly.{n}"),
        (Style::Pep440, ".post{n}"),
        (Style::Pep440, "rc{n}.dev1"),
    ] {
        let error = grammar(style, "v", form).candidate_tag(&version(style), 1).unwrap_err();
        assert!(matches!(error, VersionError::CandidateForm { .. }), "{form}: {error}");
    }
}

#[test]
fn a_form_needs_one_number_and_a_word() {
    for form in ["", "-rc.1", "-rc.{n}.{n}", "{n}", "-{n}", "-rc.{N}"] {
        assert!(CandidateForm::parse(form).is_err(), "{form}");
    }
}

#[test]
fn parse_takes_the_configured_form_only() {
    let grammar = grammar(Style::Semver, "v", "-rc.{n}");
    assert!(matches!(grammar.parse("1.2.0"), Err(VersionError::Prefix { .. })));
    assert!(matches!(grammar.parse("v1.2"), Err(VersionError::Number { .. })));
    assert!(grammar.parse("v1.2.0-rc.1").is_ok());
}

#[test]
fn a_described_version_survives_a_journal() {
    let grammar = grammar(Style::Semver, "v", "-rc.{n}");
    let version = classify(&grammar, "v0.3.0-rc.1-96-g9c48bb1").version.unwrap();
    let json = serde_json::to_string(&version).unwrap();
    assert_eq!(json, r#"{"style":"semver","text":"0.3.0-rc.1-96-g9c48bb1"}"#);
    assert_eq!(serde_json::from_str::<Version>(&json).unwrap(), version);
}
