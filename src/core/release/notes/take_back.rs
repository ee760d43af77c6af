//! Reverts inside a range: what was made and taken back again is no news.

use super::{Change, Gathered};
use crate::release::text::shown;
use std::collections::HashSet;

/// A change that a later one of the same range takes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cancelled {
    /// What was taken back, safe to show.
    pub change: String,
    /// By what, safe to show.
    pub by: String,
}

fn named(change: &Change) -> String {
    format!("{} {}", change.oid.short(), shown(change.subject.raw(), 100))
}

/// Whether a revert means a change. An id is meant before a number, and a number before a quoted subject.
fn means(revert: &Change, change: &Change) -> bool {
    let said = &revert.reverts;
    if !said.commits.is_empty() {
        let is_named = |oid| said.commits.contains(oid);
        let names = change.merge.iter().chain(&change.picked_from);
        return is_named(&change.oid) || names.into_iter().any(is_named);
    }
    if let Some(number) = said.pull {
        return change.pull == Some(number) || change.of.contains(&number);
    }
    said.subject.as_deref().is_some_and(|subject| change.subject.raw() == subject)
}

/// The changes that stand, and those that were taken back inside the range. Newest first, so that a revert that was
/// itself taken back takes nothing back.
pub(super) fn standing(gathered: &Gathered) -> (Vec<&Change>, Vec<Cancelled>) {
    let mut gone: HashSet<usize> = HashSet::new();
    let mut cancelled = vec![];
    let all = &gathered.changes;
    for (at, revert) in all.iter().enumerate() {
        if gone.contains(&at) || !revert.is_revert() {
            continue;
        }
        let older = all.iter().enumerate().skip(at + 1);
        let mut meant: Vec<_> =
            older.filter(|(place, it)| !gone.contains(place) && means(revert, it)).collect();
        // A quoted subject means one commit: the newest that is called so.
        if revert.reverts.commits.is_empty() && revert.reverts.pull.is_none() {
            meant.truncate(1);
        }
        if meant.is_empty() {
            continue;
        }
        for (place, change) in meant {
            gone.insert(place);
            cancelled.push(Cancelled { change: named(change), by: named(revert) });
        }
        gone.insert(at);
    }
    let stands = all.iter().enumerate().filter(|(at, _)| !gone.contains(at)).map(|(_, it)| it);
    (stands.collect(), cancelled)
}
