//! The order of versions.

use gonogo::version::{Style, Version};
use proptest::prelude::*;
use std::cmp::Ordering;

fn ascending(style: Style, texts: &[&str]) {
    let versions: Vec<Version> = texts.iter().map(|text| Version::parse(style, text).expect(text)).collect();
    for (at, one) in versions.iter().enumerate() {
        for (other_at, other) in versions.iter().enumerate() {
            assert_eq!(one.cmp(other), at.cmp(&other_at), "{one} against {other}");
        }
    }
}

#[test]
fn semver_as_section_11_orders_it() {
    let texts = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2"];
    let rest = ["1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.1.0", "1.10.0", "2.0.0"];
    ascending(Style::Semver, &[&texts[..], &rest[..]].concat());
}

#[test]
fn ten_comes_after_nine() {
    ascending(Style::Semver, &["1.0.0-rc.9", "1.0.0-rc.10", "1.0.0-rc.100", "1.0.0"]);
    // SemVer compares these as text, which puts rc10 before rc9; nobody means that.
    ascending(Style::Semver, &["1.0.0-rc9", "1.0.0-rc10", "1.0.0-rc100", "1.0.0"]);
    ascending(Style::Pep440, &["1.0.0rc9", "1.0.0rc10", "1.0.0rc100", "1.0.0"]);
}

#[test]
fn pep_440_as_its_summary_orders_it() {
    let texts =
        ["1.dev0", "1.0.dev456", "1.0a1", "1.0a2.dev456", "1.0a12.dev456", "1.0a12", "1.0b1.dev456", "1.0b2"];
    let rest =
        ["1.0b2.post345.dev456", "1.0b2.post345", "1.0rc1.dev456", "1.0rc1", "1.0", "1.0.post456.dev34"];
    let last = ["1.0.post456", "1.0.15", "1.1.dev1", "1.1.0.1", "1!0.1"];
    ascending(Style::Pep440, &[&texts[..], &rest[..], &last[..]].concat());
}

#[test]
fn a_fourth_number_comes_between() {
    ascending(Style::Pep440, &["0.1.5", "0.1.5.1rc1", "0.1.5.1", "0.1.6.dev3", "0.1.6rc1", "0.1.6"]);
}

#[test]
fn equal_pep_440_versions_are_equal() {
    let parse = |text| Version::parse(Style::Pep440, text).expect(text);
    assert_eq!(parse("1.0"), parse("1.0.0"));
    assert_eq!(parse("1.0-rc.1"), parse("1.0c1"));
}

fn versions() -> impl Strategy<Value = Version> {
    let semver = "[0-2]\\.[0-2]\\.[0-2](-(rc|alpha|rc\\.|x-)?[1-9]?[0-9]?(\\.[1-9])?)?(\\+b[1-2])?";
    let pep440 = "([1-2]!)?[0-2](\\.[0-2]){0,3}((a|b|rc)[0-9]{1,2})?(\\.post[0-9])?(\\.dev[0-9]{1,2})?";
    let ahead = proptest::option::of((1u64..20, "[0-9a-f]{7}"));
    let one = prop_oneof![
        semver.prop_filter_map("a version", |text| Version::parse(Style::Semver, &text).ok()),
        pep440.prop_filter_map("a version", |text| Version::parse(Style::Pep440, &text).ok()),
    ];
    (one, ahead).prop_map(|(version, ahead)| match ahead {
        Some((commits, short)) => version.with_ahead(commits, &short),
        None => version,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_order_is_total(a in versions(), b in versions(), c in versions()) {
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
        if a <= b && b <= c {
            prop_assert!(a <= c, "{} <= {} <= {}", a, b, c);
        }
    }

    #[test]
    fn a_prerelease_comes_before_its_final_version(version in versions()) {
        // A dev release of a post release is unfinished, and still comes after what it repairs.
        let post = version.to_string().contains("post");
        if version.ahead().is_none() && !version.is_final() && !post {
            prop_assert!(version < version.base(), "{}", version);
        }
        prop_assert!(version.base().is_final());
    }

    #[test]
    fn commits_after_a_tag_come_after_it(version in versions(), commits in 1u64..1000) {
        if version.ahead().is_none() {
            let build = version.clone().with_ahead(commits, "abcdef0");
            prop_assert!(build > version);
            prop_assert!(build < version.clone().with_ahead(commits + 1, "0abcdef"));
        }
    }

    #[test]
    fn a_bump_goes_up(version in versions()) {
        use gonogo::version::Bump;
        let next = [Bump::Patch, Bump::Minor, Bump::Major].map(|bump| version.bump(bump));
        prop_assert!(next[0] > version.base(), "{}", version);
        prop_assert!(next[0] < next[1] && next[1] < next[2]);
    }

    #[test]
    fn semver_agrees_with_its_crate_where_no_number_is_glued_to_a_word(
        a in "[0-9]\\.[0-9]\\.[0-9](-(rc|alpha|[1-9]|x)(\\.(rc|[1-9]?[1-9]|y)){0,2})?",
        b in "[0-9]\\.[0-9]\\.[0-9](-(rc|alpha|[1-9]|x)(\\.(rc|[1-9]?[1-9]|y)){0,2})?",
    ) {
        let ours = |text: &str| Version::parse(Style::Semver, text).expect("a version");
        let theirs = |text: &str| semver::Version::parse(text).expect("a version");
        prop_assert_eq!(ours(&a).cmp(&ours(&b)), theirs(&a).cmp(&theirs(&b)));
    }
}
