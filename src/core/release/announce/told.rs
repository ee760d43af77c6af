//! What is on record of announcements.

use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// That something was said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Box<str>,
    /// Where it is read.
    pub link: Option<Untrusted>,
    /// What was said.
    pub text: Option<Untrusted>,
}

/// What is on record of an announcement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// That it was posted from here.
    pub sent: Option<Mark>,
    /// That a person vouches for it.
    pub vouched: Option<Mark>,
}

impl Told {
    /// The first that says it was made.
    #[must_use]
    pub fn mark(&self) -> Option<&Mark> {
        self.sent.as_ref().or(self.vouched.as_ref())
    }

    /// Where it is read; what a person says comes first.
    #[must_use]
    pub fn link(&self) -> Option<&Untrusted> {
        [&self.vouched, &self.sent].into_iter().flatten().find_map(|mark| mark.link.as_ref())
    }

    /// What was said.
    #[must_use]
    pub fn text(&self) -> Option<&Untrusted> {
        [&self.sent, &self.vouched].into_iter().flatten().find_map(|mark| mark.text.as_ref())
    }
}

/// Announcements that something is on record of, by id, and by the tag of the candidate where one is about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Announcements(pub BTreeMap<(Box<str>, Option<Untrusted>), Told>);

impl Announcements {
    /// What is on record, when it was made; of the candidate with a tag, where it is about one.
    #[must_use]
    pub fn made(&self, id: &str, candidate: Option<&str>) -> Option<&Told> {
        self.0.get(&(id.into(), candidate.map(Untrusted::from))).filter(|told| told.mark().is_some())
    }
}

/// How far an announcement has come, while its errand is under way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Underway {
    /// It waits in a plan, or is being posted.
    Going,
    /// It may have been posted: a person says.
    InDoubt,
}
