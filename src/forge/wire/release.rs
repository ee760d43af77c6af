//! Releases.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A release.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Release {
    /// Its id.
    pub id: Option<u64>,
    /// The tag it names.
    pub tag_name: Option<String>,
    /// Its title.
    pub name: Option<String>,
    /// Whether it is a draft.
    pub draft: Option<bool>,
    /// Whether it is a prerelease.
    pub prerelease: Option<bool>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Its assets; only their number is of interest.
    pub assets: Option<Vec<serde::de::IgnoredAny>>,
}
