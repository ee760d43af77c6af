//! The releases of the set, the lowest first, and what is known of each: read from their journals beside the loop.

use super::Screen;
use crate::release::Release;
use crate::release::ids::ReleaseName;
use crate::release::looks::Topic;
use crate::release::set::Standing;
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What the journal of a release says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stand {
    /// It could not be read, with why, safe to show.
    Unread(String),
    /// Nobody has looked at the world for it yet. Since when it is in the set, where that is on record in it.
    Unopened(Option<DateTime<Utc>>),
    /// Where the release stands.
    Known(Box<Standing>),
}

/// What is known of a release of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// What its journal says.
    pub stand: Stand,
    /// Which other cockpit has it open, safe to show.
    pub held: Option<String>,
    /// Why the set is not on record in its journal, safe to show.
    pub lacks: Option<String>,
}

/// What is known of the releases of the set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Members {
    /// The set that was asked for, while none is on record: who only looks on records nothing.
    pub asked: Vec<ReleaseName>,
    /// What the journals of the others say.
    pub known: BTreeMap<ReleaseName, Member>,
    /// When the world was last looked at for a release that was driven in this sitting.
    pub seen: BTreeMap<ReleaseName, DateTime<Utc>>,
    /// Since when the journals are being read.
    pub reading: Option<DateTime<Utc>>,
    /// Whether they are to be read once more when that has ended.
    pub again: bool,
    /// When they were last read.
    pub read: Option<DateTime<Utc>>,
}

/// A release of the set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'a> {
    /// Its name.
    pub name: &'a ReleaseName,
    /// Whether it is the one that is open here.
    pub here: bool,
    /// What is known of it; none while its journal was not read yet.
    pub member: Option<Cow<'a, Member>>,
    /// When the world was last looked at for it; none when that is not known.
    pub seen: Option<DateTime<Utc>>,
}

/// The releases of the set: those on record, else those that were asked for.
#[must_use]
pub fn names<'a>(release: &'a Release, screen: &'a Screen) -> &'a [ReleaseName] {
    if release.set.releases.is_empty() { &screen.set.asked } else { &release.set.releases }
}

/// The place of the release that is open among those of its set, from 1, and how many there are.
#[must_use]
pub fn place(release: &Release, screen: &Screen) -> Option<(usize, usize)> {
    let own = &release.opened.as_ref()?.release;
    let names = names(release, screen);
    Some((names.iter().position(|it| it == own)? + 1, names.len()))
}

/// The rows of the overview, the lowest first.
#[must_use]
pub fn rows<'a>(release: &'a Release, screen: &'a Screen) -> Vec<Row<'a>> {
    let own = release.opened.as_ref().map(|opened| &opened.release);
    let row = |name: &'a ReleaseName| {
        if own == Some(name) {
            let stand = Stand::Known(Box::new(release.standing(screen.now)));
            let member = Some(Cow::Owned(Member { stand, held: None, lacks: None }));
            return Row { name, here: true, member, seen: seen(screen) };
        }
        let member = screen.set.known.get(name);
        Row { name, here: false, member: member.map(Cow::Borrowed), seen: seen_of(screen, name) }
    };
    names(release, screen).iter().map(row).collect()
}

/// When the world was last looked at for each release of the set.
pub fn times<'a>(release: &'a Release, screen: &'a Screen) -> impl Iterator<Item = DateTime<Utc>> {
    let own = release.opened.as_ref().map(|opened| &opened.release);
    let of = move |name| if own == Some(name) { seen(screen) } else { seen_of(screen, name) };
    names(release, screen).iter().filter_map(of)
}

/// The same of a release that is not the one that is open: as this sitting saw it, or as its journal says.
fn seen_of(screen: &Screen, name: &ReleaseName) -> Option<DateTime<Utc>> {
    let journaled = screen.set.known.get(name).and_then(|member| match &member.stand {
        Stand::Known(standing) => standing.seen,
        Stand::Unread(_) | Stand::Unopened(_) => None,
    });
    screen.set.seen.get(name).copied().max(journaled)
}

/// When the oldest look at the world answered for the release that is open; none while one never did.
#[must_use]
pub fn seen(screen: &Screen) -> Option<DateTime<Utc>> {
    screen.fresh.worst(|key| !matches!(key.topic, Topic::Artifacts | Topic::Log)).and_then(|look| look.at)
}
