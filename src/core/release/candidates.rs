//! Candidates and releases: the tags so far, and what the forge published of them.

use super::ids::{Oid, Tag};
use super::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A tag of the repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagRow {
    /// Its name.
    pub tag: Tag,
    /// The commit it names, peeled.
    pub oid: Oid,
    /// Whether it is an annotated tag.
    pub annotated: bool,
    /// When it was made: the tagger's date, or the commit's for a lightweight tag.
    pub at: Option<DateTime<Utc>>,
}

/// Tags seen: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagsSeen {
    /// New and changed.
    pub rows: Vec<TagRow>,
    /// Tags that are gone. Their numbers stay burned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Tag>,
}

/// A release of the forge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgeRelease {
    /// Its id.
    pub id: u64,
    /// The tag it names; a draft's need not exist yet.
    pub tag: Untrusted,
    /// Its title.
    pub name: Option<Untrusted>,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether it is a prerelease.
    pub prerelease: bool,
    /// When it was published.
    pub published: Option<DateTime<Utc>>,
    /// How many assets it has.
    pub assets: u32,
}

/// Releases seen: new and changed, and those that are gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleasesSeen {
    /// New and changed.
    pub rows: Vec<ForgeRelease>,
    /// Ids that are gone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<u64>,
}

/// What is known of tags and releases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Candidates {
    /// Tags by name.
    pub tags: BTreeMap<Tag, TagRow>,
    /// Tags that were here once: their numbers are burned.
    pub burned: BTreeMap<Tag, TagRow>,
    /// Releases by id.
    pub releases: BTreeMap<u64, ForgeRelease>,
}

impl Candidates {
    /// The forge's release of a tag.
    #[must_use]
    pub fn release_of(&self, tag: &Tag) -> Option<&ForgeRelease> {
        self.releases.values().find(|release| release.tag.raw() == tag.as_str())
    }

    pub(crate) fn see_tags(&mut self, fact: &TagsSeen) {
        for row in &fact.rows {
            self.burned.remove(&row.tag);
            self.tags.insert(row.tag.clone(), row.clone());
        }
        for tag in &fact.gone {
            if let Some(row) = self.tags.remove(tag) {
                self.burned.insert(tag.clone(), row);
            }
        }
    }

    pub(crate) fn see_releases(&mut self, fact: &ReleasesSeen) {
        for row in &fact.rows {
            self.releases.insert(row.id, row.clone());
        }
        for id in &fact.gone {
            self.releases.remove(id);
        }
    }
}
