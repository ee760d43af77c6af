//! Artifacts: what the process wants published of this release, where it is asked for, and what was said.

mod assets;
mod place;
mod reading;

pub use assets::{Asset, Published, SUMS, is_sums, judge, sums};
pub use place::{ArtifactAsk, Place};

use super::Release;
use super::candidates::TagRow;
use super::ids::Tag;
use super::looks::{LookKey, Topic};
use super::text::{Untrusted, shown};
use crate::process::{Artifact, ArtifactKind, Of, applies};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is found where an artifact should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArtifactState {
    /// It is published.
    Present,
    /// Nothing is there.
    Absent,
    /// Something is there, and it is not as it should be: another digest, a platform missing, yanked.
    Wrong,
}

/// An artifact as it was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactRow {
    /// Its id in the process.
    pub id: Box<str>,
    /// The tag that it was asked for.
    pub tag: Tag,
    /// What was found.
    pub state: ArtifactState,
    /// What shows it: digests, files, platforms; or what is wrong, or how it was told that nothing is there.
    pub evidence: Untrusted,
}

/// Artifacts seen: new and changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ArtifactsSeen {
    /// New and changed.
    pub rows: Vec<ArtifactRow>,
}

/// What is known of an artifact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// As it was seen last.
    pub row: ArtifactRow,
    /// When it was first asked for by this tag.
    pub first: DateTime<Utc>,
    /// Since when it is as it is.
    pub since: DateTime<Utc>,
    /// When it was last seen to be published by this tag, and what showed it.
    pub seen: Option<(DateTime<Utc>, Untrusted)>,
}

/// What is known of all artifacts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Artifacts {
    /// As they were seen, by their ids.
    pub rows: BTreeMap<Box<str>, Known>,
    /// The tag of the final version and that of the last candidate, found anew when tags or the process change: every
    /// turn asks for them, and a repository may have thousands of tags.
    tags: [Option<Tag>; 2],
}

impl Artifacts {
    /// What is known of an artifact of a tag.
    #[must_use]
    pub fn of(&self, id: &str, tag: &Tag) -> Option<&Known> {
        self.rows.get(id).filter(|known| known.row.tag == *tag)
    }

    pub(crate) fn see(&mut self, fact: &ArtifactsSeen, at: DateTime<Utc>) {
        for row in &fact.rows {
            let before = self.of(&row.id, &row.tag);
            let first = before.map_or(at, |known| known.first);
            let shown = (row.state == ArtifactState::Present).then(|| (at, row.evidence.clone()));
            let seen = shown.or_else(|| before.and_then(|known| known.seen.clone()));
            self.rows.insert(row.id.clone(), Known { row: row.clone(), first, since: at, seen });
        }
    }
}

/// Seconds until an artifact is asked for again, by what was seen of it and how long it has been asked for: every 30
/// seconds for ten minutes, every two minutes for an hour, every ten minutes for a day, then hourly; hourly too once
/// it is there.
#[must_use]
pub fn wait(state: ArtifactState, waited: TimeDelta) -> i64 {
    match (state, waited.num_minutes()) {
        (ArtifactState::Present, _) => 3600,
        (_, ..10) => 30,
        (_, ..60) => 120,
        (_, ..1440) => 600,
        _ => 3600,
    }
}

impl Release {
    /// The artifacts that the process wants of this release.
    pub fn artifacts_wanted(&self) -> impl Iterator<Item = &Artifact> {
        let stream = self.stream().map(|stream| stream.id.as_str());
        let all = self.process.iter().flat_map(|process| &process.artifacts);
        all.filter(move |artifact| stream.is_none_or(|stream| applies(&artifact.streams, stream)))
    }

    fn artifact(&self, id: &str) -> Option<&Artifact> {
        self.process.as_ref()?.artifacts.iter().find(|artifact| artifact.id == id)
    }

    /// The tag that an artifact is made of, or what is not tagged yet.
    ///
    /// # Errors
    /// In words, when there is no such tag.
    pub fn artifact_tag(&self, artifact: &Artifact) -> Result<&TagRow, String> {
        let [last, candidate] = &self.artifacts.tags;
        let tag = match artifact.of {
            Of::Final => last,
            Of::Candidate => candidate,
        };
        let row = tag.as_ref().and_then(|tag| self.candidates.tags.get(tag));
        row.ok_or_else(|| match artifact.of {
            Of::Final => {
                let named = self.process.as_ref().zip(self.version());
                let name = named.map(|(process, version)| process.version.tag(&version));
                let name = name.map_or_else(|| self.name(), |name| shown(&name, 60));
                format!("{name} is not tagged yet")
            }
            Of::Candidate => "no candidate is tagged yet".to_owned(),
        })
    }

    /// Finds the tags that artifacts are asked for by: after tags or the process changed.
    pub(crate) fn find_artifact_tags(&mut self) {
        let last = self.final_tag().map(|row| row.tag.clone());
        let candidate = self.candidates_so_far().pop().map(|(_, row)| row.tag.clone());
        self.artifacts.tags = [last, candidate];
    }

    /// The looks at all artifacts that are asked for now.
    pub fn artifact_looks(&self) -> impl Iterator<Item = LookKey> {
        let asked = self.artifacts_wanted().filter(|it| self.artifact_tag(it).is_ok() && self.is_outside(it));
        asked.map(|artifact| LookKey::new(Topic::Artifacts, artifact.id.as_str()))
    }

    /// Whether the outside is asked about an artifact, and neither the clone nor a person.
    fn is_outside(&self, artifact: &Artifact) -> bool {
        match &artifact.at {
            ArtifactKind::Branch | ArtifactKind::Tag | ArtifactKind::Attested => false,
            ArtifactKind::GithubRelease { repository: None, .. } => {
                self.opened.as_ref().is_some_and(|opened| opened.repo.is_some())
            }
            _ => true,
        }
    }
}

/// An artifact's title, or its id.
#[must_use]
pub fn artifact_title(artifact: &Artifact) -> String {
    shown(if artifact.title.is_empty() { &artifact.id } else { &artifact.title }, 60)
}
