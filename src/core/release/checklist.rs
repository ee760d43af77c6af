//! The checklist: what people ticked, skipped and attached. The items themselves come from the process.

use super::text::Untrusted;
use crate::process::Evidence;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The state a person gave an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemState {
    /// Nobody has decided on it.
    #[default]
    Open,
    /// Done.
    Done,
    /// Left out this time, with a reason.
    Skipped,
    /// Has no meaning for this release, with a reason.
    NotApplicable,
    /// Its own check says no, and a person said yes, with a reason.
    Overridden,
}

impl ItemState {
    /// Whether the item no longer holds anything up.
    #[must_use]
    pub fn is_settled(self) -> bool {
        self != Self::Open
    }

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Skipped => "skipped",
            Self::NotApplicable => "not applicable",
            Self::Overridden => "overridden",
        }
    }
}

/// An item changed its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticked {
    /// The item's id in the process.
    pub item: Box<str>,
    /// The state before.
    pub from: ItemState,
    /// The state after.
    pub to: ItemState,
    /// Why, where a reason is asked for or was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Untrusted>,
    /// What the item's own check said at that moment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Untrusted>,
}

/// A note or link was attached to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attached {
    /// The item's id in the process.
    pub item: Box<str>,
    /// The note or link.
    pub text: Untrusted,
}

/// Whether files that a pattern names changed on a branch since a tag.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSeen {
    /// The path, or a pattern of paths with `*`.
    pub path: Box<str>,
    /// The branch looked at.
    pub on: Box<str>,
    /// The tag compared with; none when there was none, and every file counts as changed.
    pub since: Option<Box<str>>,
    /// The paths that changed, at most five.
    pub changed: Vec<Untrusted>,
}

/// Files looked at for items that check themselves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilesSeen {
    /// All of them: small, so not only what changed.
    pub rows: Vec<FileSeen>,
}

/// What is on record of an item.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record {
    /// The state a person gave it.
    pub state: ItemState,
    /// Who gave it.
    pub by: Box<str>,
    /// When.
    pub at: Option<DateTime<Utc>>,
    /// Why.
    pub why: Option<Untrusted>,
    /// Notes and links, oldest first.
    pub notes: Vec<Untrusted>,
    /// The entry that last changed it.
    pub seq: u64,
    /// The entry that last gave it a state; 0 when none did.
    pub ticked: u64,
}

/// What is known of the checklist.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checklist {
    /// Items that something is on record of.
    pub items: BTreeMap<Box<str>, Record>,
    /// Files looked at.
    pub files: Vec<FileSeen>,
}

impl Checklist {
    /// The state a person gave an item.
    #[must_use]
    pub fn state(&self, item: &str) -> ItemState {
        self.items.get(item).map_or(ItemState::Open, |record| record.state)
    }

    /// The entry that last gave an item a state; 0 when none did.
    #[must_use]
    pub fn ticked(&self, item: &str) -> u64 {
        self.items.get(item).map_or(0, |record| record.ticked)
    }

    pub(crate) fn tick(&mut self, fact: &Ticked, by: &str, at: DateTime<Utc>, seq: u64) {
        let record = self.items.entry(fact.item.clone()).or_default();
        record.state = fact.to;
        record.by = by.into();
        record.at = Some(at);
        record.why.clone_from(&fact.why);
        (record.seq, record.ticked) = (seq, seq);
    }

    pub(crate) fn attach(&mut self, fact: &Attached, seq: u64) {
        let record = self.items.entry(fact.item.clone()).or_default();
        record.notes.push(fact.text.clone());
        record.seq = seq;
    }
}

impl super::Release {
    /// What a person must attach to an item before it may be ticked: `a link`; none when it is there.
    #[must_use]
    pub fn lacks_evidence(&self, item: &str) -> Option<&'static str> {
        let wanted = self.process.as_ref()?.item(item)?.evidence;
        let notes = self.checklist.items.get(item).map(|record| &record.notes[..]).unwrap_or_default();
        let linked = |note: &Untrusted| note.raw().contains("https://") || note.raw().contains("http://");
        match wanted {
            Evidence::None => None,
            Evidence::Link => (!notes.iter().any(linked)).then_some("a link: https://…"),
            Evidence::Note => notes.is_empty().then_some("a written note"),
            Evidence::File => notes.is_empty().then_some("a file in the repository, by its path"),
        }
    }

    /// Items settled and in all: of the stage with this id, or of the whole checklist of this release.
    #[must_use]
    pub fn progress(&self, stage: Option<&str>, now: DateTime<Utc>) -> (usize, usize) {
        let Some(process) = self.process.as_deref() else { return (0, 0) };
        let stream = self.stream().map(|stream| stream.id.as_str()).unwrap_or_default();
        let stages = process.stages.iter().filter(|it| stage.is_none_or(|stage| stage == it.id));
        let items: Vec<_> =
            stages.flat_map(|stage| process.items_for(stage, stream, self.went_wrong())).collect();
        (items.iter().filter(|item| self.is_settled(item, now)).count(), items.len())
    }
}
