//! GitHub's replies as gonogo reads them: only what it needs, and everything may be absent or null.
//!
//! A field that is missing or null costs that field, never the reply; a word that is not known is `Unknown` further
//! up, never green. Source of the fields: GitHub's OpenAPI description, version 2022-11-28.

pub mod asked;
pub mod check;
pub mod issue;
pub mod overview;
pub mod pull;
pub mod release;
pub mod repo;

use serde::Deserialize;

/// A user or app; null for an account that is gone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct User {
    /// Its login.
    pub login: Option<String>,
}

/// A list inside an object, under whichever name the endpoint uses.
#[derive(Debug, Clone, Deserialize)]
pub struct Listed<T> {
    /// How many there are over all pages.
    pub total_count: Option<u64>,
    /// The commit, in a combined status.
    pub sha: Option<String>,
    /// The rows of this page.
    #[serde(alias = "check_runs", alias = "workflow_runs", alias = "jobs", alias = "statuses")]
    pub rows: Option<Vec<T>>,
}
