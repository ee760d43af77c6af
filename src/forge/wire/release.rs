//! Releases.

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A release with its files.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Tagged {
    /// Whether it is a draft.
    pub draft: Option<bool>,
    /// Whether it is a prerelease.
    pub prerelease: Option<bool>,
    /// Its files.
    pub assets: Option<Vec<Asset>>,
}

/// A file of a release.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asset {
    /// Its id.
    pub id: Option<u64>,
    /// Its name.
    pub name: Option<String>,
    /// Bytes.
    pub size: Option<u64>,
    /// `sha256:…`; none for files of before June 2025.
    pub digest: Option<String>,
    /// `uploaded`, or `starter` and `open` while it is not whole.
    pub state: Option<String>,
}

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
    /// What it says.
    pub body: Option<String>,
    /// Where its files are sent to, with `{?name,label}` behind.
    pub upload_url: Option<String>,
    /// Where GitHub shows it.
    pub html_url: Option<String>,
    /// Whether it is a draft.
    pub draft: Option<bool>,
    /// Whether it is a prerelease.
    pub prerelease: Option<bool>,
    /// When it was published.
    pub published_at: Option<DateTime<Utc>>,
    /// Its assets; only their number is of interest.
    pub assets: Option<Vec<serde::de::IgnoredAny>>,
}

/// What a ref or a tag object names.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Named {
    /// The object.
    pub object: Option<Object>,
}

/// A git object.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Object {
    /// `commit`, `tag`, `tree`, `blob`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its id.
    pub sha: Option<String>,
}

/// Notes that GitHub wrote.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Notes {
    /// A title.
    pub name: Option<String>,
    /// The text.
    pub body: Option<String>,
}
