//! Required checks, labelled pull requests and releases as GraphQL tells them.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// One page of a list.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page<T> {
    /// Whether there are more.
    pub page_info: PageInfo,
    /// Its rows.
    pub nodes: Option<Vec<T>>,
}

/// Where a page stands.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PageInfo {
    /// Whether another page follows.
    pub has_next_page: Option<bool>,
}

/// A branch with what protects it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// Its branch protection, as everyone may see it.
    pub ref_update_rule: Option<UpdateRule>,
    /// Rules of rulesets that apply to it.
    pub rules: Option<Page<Rule>>,
}

/// Branch protection.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct UpdateRule {
    /// The checks it requires.
    pub required_status_check_contexts: Option<Vec<Option<String>>>,
}

/// A rule of a ruleset.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// `REQUIRED_STATUS_CHECKS`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its parameters; only those of required checks are asked for.
    pub parameters: Option<Parameters>,
}

/// Parameters of a rule that requires checks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Parameters {
    /// The checks.
    pub required_status_checks: Option<Vec<super::repo::RequiredCheck>>,
}

/// A pull request with a label.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Labelled {
    /// Its number.
    pub number: Option<u64>,
    /// Its title.
    pub title: Option<String>,
    /// Who opened it.
    pub author: Option<Found>,
    /// When it was merged.
    pub merged_at: Option<DateTime<Utc>>,
    /// What it was merged as.
    pub merge_commit: Option<Commit>,
}

/// An account.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Found {
    /// `User`, `Bot`, …
    #[serde(rename = "__typename")]
    pub kind: Option<String>,
    /// Its login.
    pub login: Option<String>,
}

/// A commit.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Commit {
    /// Its id.
    pub oid: Option<String>,
}

/// A release.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Release {
    /// Its id.
    pub database_id: Option<u64>,
    /// Its tag.
    pub tag_name: Option<String>,
    /// Its title.
    pub name: Option<String>,
    /// Whether it is a draft.
    pub is_draft: Option<bool>,
    /// Whether it is a prerelease.
    pub is_prerelease: Option<bool>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Its assets.
    pub release_assets: Option<Count>,
}

/// How many there are.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Count {
    /// In all.
    pub total_count: Option<u32>,
}
