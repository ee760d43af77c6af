//! Repositories, branches and what protects them.

use serde::Deserialize;
use std::collections::BTreeMap;

/// A repository.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Repository {
    /// `owner/name` as it is now.
    pub full_name: Option<String>,
    /// Its default branch.
    pub default_branch: Option<String>,
    /// What the viewer may do.
    pub permissions: Option<BTreeMap<String, Option<bool>>>,
}

/// A branch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Branch {
    /// Its name.
    pub name: Option<String>,
    /// Whether it is protected.
    pub protected: Option<bool>,
    /// What protects it, as far as everyone may see.
    pub protection: Option<Protection>,
}

/// Branch protection.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Protection {
    /// Whether there is any.
    pub enabled: Option<bool>,
    /// The checks it requires.
    pub required_status_checks: Option<RequiredChecks>,
}

/// The checks that branch protection requires.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RequiredChecks {
    /// `off`, `non_admins`, `everyone`.
    pub enforcement_level: Option<String>,
    /// Their contexts.
    pub contexts: Option<Vec<String>>,
    /// The same, each with the app that must report it.
    pub checks: Option<Vec<RequiredCheck>>,
}

/// A check that is required.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RequiredCheck {
    /// Its context.
    pub context: Option<String>,
}

/// A rule of a ruleset that applies to a branch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Its type: `required_status_checks`, …
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its parameters; only those of `required_status_checks` are read.
    pub parameters: Option<RuleParameters>,
}

/// Parameters of a rule.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct RuleParameters {
    /// The checks required.
    pub required_status_checks: Option<Vec<RequiredCheck>>,
}
