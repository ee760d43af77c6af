//! What artifacts come to: a reading each, and the gate over them.

use super::{ArtifactState, ArtifactsSeen, Place, artifact_title};
use crate::process::{Artifact, ArtifactKind, SelfCheck};
use crate::release::Release;
use crate::release::ids::Tag;
use crate::release::looks::{LookKey, Topic};
use crate::release::poll::{Reading, Verdict};
use crate::release::reading::NO_FORGE;
use crate::release::text::{Untrusted, shown};
use crate::release::words::{Words, counted};

impl Release {
    /// What an artifact's gate says: GO only when it is there.
    #[must_use]
    pub fn read_artifact(&self, id: &str) -> Reading {
        let Some(artifact) = self.artifact(id) else {
            return Reading::hold(format!("the process has no artifact {}", shown(id, 40)));
        };
        let tag = match self.artifact_tag(artifact) {
            Ok(row) => row,
            Err(why) => return self.unread(Topic::Git, "").unwrap_or_else(|| Reading::hold(why)),
        };
        match &artifact.at {
            ArtifactKind::Tag => Reading::go(format!("{} at {}", tag.tag.line(), tag.oid.short())),
            ArtifactKind::Branch => self.read_branch(),
            ArtifactKind::Attested => self.read_attested(artifact),
            _ => self.read_asked(id, &tag.tag),
        }
    }

    /// What the outside said of an artifact.
    fn read_asked(&self, id: &str, tag: &Tag) -> Reading {
        let known = self.artifacts.of(id, tag);
        let failed = self.looks.get(&LookKey::new(Topic::Artifacts, id)).and_then(|it| it.failed.as_ref());
        if self.artifact_ask(id).is_none() {
            let why = if self.is_on_no_forge() { NO_FORGE } else { "it names no repository" };
            return Reading::hold(format!("cannot be asked for: {why}"));
        }
        match (known, failed) {
            (None, Some((_, why))) => Reading::hold(format!("could not be read: {}", why.line())),
            (None, None) => Reading::hold(format!("not asked for by {} yet", tag.line())),
            (Some(known), Some((_, why))) => Reading::hold(format!(
                "could not be read: {}; before: {}",
                why.line(),
                known.row.evidence.line()
            )),
            (Some(known), None) => match (known.row.state, &known.seen) {
                (ArtifactState::Present, _) => Reading::go(known.row.evidence.line()),
                (ArtifactState::Wrong, _) => Reading::no_go(known.row.evidence.line()),
                (ArtifactState::Absent, None) if self.is_drafted(id, tag) => {
                    Reading::no_go("a draft, not published")
                }
                (ArtifactState::Absent, None) => {
                    Reading::no_go(format!("not there yet: {}", known.row.evidence.line()))
                }
                (ArtifactState::Absent, Some((at, before))) => Reading::no_go(format!(
                    "gone: {}; on {} it was {}",
                    known.row.evidence.line(),
                    at.format("%-d %b %H:%M UTC"),
                    before.line()
                )),
            },
        }
    }

    /// Whether an artifact is a release of the open repository that is there as a draft: the forge hides those from who
    /// asks by the tag.
    fn is_drafted(&self, id: &str, tag: &Tag) -> bool {
        let own = self.opened.as_ref().and_then(|opened| opened.repo.as_ref());
        let here = matches!(
            self.artifact_ask(id).map(|ask| ask.place), Some(Place::Release { repo, .. }) if Some(&repo) == own
        );
        here && self.candidates.release_of(tag).is_some_and(|release| release.draft)
    }

    /// Whether a person left a link on an item that checks the artifact.
    fn read_attested(&self, artifact: &Artifact) -> Reading {
        let checks = |check: &Option<SelfCheck>| matches!(check, Some(SelfCheck::Artifact { id }) if *id == artifact.id);
        let items = self.process.iter().flat_map(|process| process.items());
        let link = |text: &&Untrusted| ["https://", "http://"].iter().any(|it| text.raw().contains(it));
        let found = items
            .filter(|(_, item)| checks(&item.check))
            .find_map(|(_, item)| self.checklist.items.get(item.id.as_str())?.notes.iter().rev().find(link));
        match found {
            Some(note) => Reading::go(format!("attested: {}", note.line())),
            None => Reading::hold("nobody attests it with a link"),
        }
    }

    /// What a gate over artifacts says: the worst of those that are required.
    pub(crate) fn read_artifacts(&self, ids: &[String]) -> Reading {
        match &self.process {
            None => return Reading::hold("no process"),
            Some(process) if process.artifacts.is_empty() => {
                return Reading::hold("the process names no artifact");
            }
            Some(_) => {}
        }
        let asked = |it: &&Artifact| it.required && (ids.is_empty() || ids.contains(&it.id));
        let read: Vec<_> =
            self.artifacts_wanted().filter(asked).map(|it| (it, self.read_artifact(&it.id))).collect();
        let Some((worst, reading)) = read.iter().rev().max_by_key(|(_, reading)| reading.verdict) else {
            return Reading::go("none asked for");
        };
        let there = read.iter().filter(|(_, it)| it.verdict == Verdict::Go).count();
        if reading.verdict == Verdict::Go {
            return Reading::go(format!("{there} of {} there", read.len()));
        }
        if read.iter().all(|(_, it)| it.reason == reading.reason) {
            return reading.clone();
        }
        let said = format!("{there} of {} there; {}: {}", read.len(), artifact_title(worst), reading.reason);
        Reading { reason: said, ..reading.clone() }
    }

    pub(crate) fn artifact_words(&self, seen: &ArtifactsSeen) -> Words {
        let [row] = &seen.rows[..] else {
            let first = seen.rows.first().map(|row| shown(&row.id, 60));
            return counted("artifact", seen.rows.len(), 0, first);
        };
        let word = match row.state {
            ArtifactState::Present => "is there",
            ArtifactState::Absent => "is not there",
            ArtifactState::Wrong => "is not as it should be",
        };
        let title = self.artifact(&row.id).map_or_else(|| shown(&row.id, 60), artifact_title);
        let what = format!("{title} {word} for {}", row.tag.line());
        Words::about(what, row.id.to_string()).why(Some(row.evidence.clone()))
    }
}
