//! What comes next, and why.

use super::classify::grammar;
use gonogo::version::{
    Bump, Grammar, Proposal, Style, TagClass, Version, VersionError, classify, next_candidate, next_final,
};
use std::collections::BTreeSet;

fn known(grammar: &Grammar, tags: &[&str]) -> Vec<TagClass> {
    tags.iter().map(|tag| classify(grammar, tag)).collect()
}

fn semver() -> Grammar {
    grammar(Style::Semver, "v", "-rc.{n}")
}

fn said(proposal: &Proposal, words: &str) {
    assert!(proposal.reasons.iter().any(|reason| reason.contains(words)), "{words}: {:?}", proposal.reasons);
}

fn finals(tags: &[&str], burned: &[&str], line: Option<(u64, u64)>, bump: Bump) -> Proposal {
    let grammar = semver();
    let burned: Vec<Version> = burned.iter().map(|tag| grammar.parse(tag).expect("a version")).collect();
    next_final(&grammar, &known(&grammar, tags), &burned, line, bump).expect("a proposal")
}

#[test]
fn each_bump_raises_its_number() {
    let tags = ["v1.2.3", "v1.10.0", "v1.9.7", "apis/v9.0.0", "stable"];
    assert_eq!(finals(&tags, &[], None, Bump::Patch).tag, "v1.10.1");
    assert_eq!(finals(&tags, &[], None, Bump::Minor).tag, "v1.11.0");
    let major = finals(&tags, &[], None, Bump::Major);
    assert_eq!(major.tag, "v2.0.0");
    said(&major, "the last final version is v1.10.0");
    said(&major, "a major release");
}

#[test]
fn a_line_counts_its_own_tags() {
    let tags = ["v1.2.3", "v1.10.0"];
    assert_eq!(finals(&tags, &[], Some((1, 2)), Bump::Patch).tag, "v1.2.4");
    let first = finals(&tags, &[], Some((1, 11)), Bump::Patch);
    assert_eq!(first.tag, "v1.11.0");
    said(&first, "line 1.11 has no final version yet");
}

#[test]
fn a_number_is_used_once() {
    let proposal = finals(&["v1.2.3"], &["v1.2.4", "v1.2.5"], None, Bump::Patch);
    assert_eq!(proposal.tag, "v1.2.6");
    said(&proposal, "v1.2.4 was used before");
    said(&proposal, "v1.2.5 was used before");
    // On a new line a burned x.y.0 is followed by x.y.1.
    assert_eq!(finals(&[], &["v1.3.0"], Some((1, 3)), Bump::Minor).tag, "v1.3.1");
}

#[test]
fn an_open_candidate_is_mentioned() {
    let proposal = finals(&["v1.2.3", "v1.3.0-rc.1", "v1.3.0-rc.10", "v1.3.0-rc.9"], &[], None, Bump::Minor);
    assert_eq!(proposal.tag, "v1.3.0");
    said(&proposal, "v1.3.0-rc.10 is a candidate of it");
}

#[test]
fn an_empty_history_starts_somewhere_and_says_so() {
    let proposal = finals(&["stable"], &[], None, Bump::Minor);
    assert_eq!(proposal.tag, "v0.1.0");
    said(&proposal, "no final version yet");
}

#[test]
fn four_numbers_are_followed_by_three() {
    let grammar = grammar(Style::Pep440, "v", "rc{n}");
    let known = known(&grammar, &["v0.1.5", "v0.1.5.1"]);
    assert_eq!(next_final(&grammar, &known, &[], None, Bump::Patch).expect("a proposal").tag, "v0.1.6");
}

#[test]
fn no_number_above_the_largest() {
    let grammar = semver();
    let known = known(&grammar, &["v1.2.18446744073709551615"]);
    let error = next_final(&grammar, &known, &[], None, Bump::Patch).unwrap_err();
    assert!(matches!(error, VersionError::NoNumberLeft(_)), "{error}");
}

fn candidate(tags: &[&str], burned: &[u64]) -> Proposal {
    let grammar = semver();
    let target = Version::of(Style::Semver, 1, 3, 0);
    let burned: BTreeSet<u64> = burned.iter().copied().collect();
    next_candidate(&grammar, &known(&grammar, tags), &target, &burned).expect("a proposal")
}

#[test]
fn the_next_candidate_is_above_every_used_number() {
    let first = candidate(&["v1.2.0", "v1.2.0-rc.7"], &[]);
    assert_eq!(first.tag, "v1.3.0-rc.1");
    said(&first, "v1.3.0 has no candidate yet");
    let next = candidate(&["v1.3.0-rc.9", "v1.3.0-rc.10", "v1.3.0-rc.2"], &[3]);
    assert_eq!(next.tag, "v1.3.0-rc.11");
    said(&next, "the last candidate is v1.3.0-rc.10");
    let burned = candidate(&["v1.3.0-rc.1"], &[2, 4]);
    assert_eq!(burned.tag, "v1.3.0-rc.5");
    said(&burned, "number 4 was used and is burned");
}

#[test]
fn a_candidate_in_another_form_counts() {
    assert_eq!(candidate(&["v1.3.0rc2"], &[]).tag, "v1.3.0-rc.3");
}

#[test]
fn the_first_candidate_may_be_zero() {
    let grammar = Grammar { first_candidate: 0, ..semver() };
    let target = Version::of(Style::Semver, 1, 3, 0);
    let proposal = next_candidate(&grammar, &[], &target, &BTreeSet::new()).expect("a proposal");
    assert_eq!(proposal.tag, "v1.3.0-rc.0");
}

#[test]
fn nothing_is_guessed_without_a_form() {
    let grammar = Grammar::new(Style::Semver, "v");
    let target = Version::of(Style::Semver, 1, 3, 0);
    let error = next_candidate(&grammar, &[], &target, &BTreeSet::new()).unwrap_err();
    assert_eq!(error, VersionError::NoCandidateForm);
}
