//! When artifacts are asked for: soon after their tag, ever more slowly until they are there, and then hourly.

use super::State;
use crate::release::Release;
use crate::release::artifacts::{ArtifactRow, ArtifactState, wait};
use crate::release::fact::{self, Fact};
use crate::release::looks::{LookKey, Topic};
use crate::screen::fresh::Tries;
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// Seconds until an artifact is asked for again, by what is on record of it.
pub(super) fn pace(release: &Release, key: &LookKey, now: DateTime<Utc>) -> i64 {
    let known = release.artifact_ask(&key.scope).and_then(|ask| release.artifacts.of(&ask.id, &ask.tag));
    known.map_or(60, |known| wait(known.row.state, now - known.first))
}

/// Seconds until an artifact is asked for again after an answer that is not on record yet.
pub(super) fn next(release: &Release, row: &ArtifactRow, now: DateTime<Utc>) -> i64 {
    // Another tag was made while it was asked for.
    if release.artifact_ask(&row.id).is_some_and(|ask| ask.tag != row.tag) {
        return 0;
    }
    let first = release.artifacts.of(&row.id, &row.tag).map_or(now, |known| known.first);
    wait(row.state, now - first)
}

/// Seconds until an artifact is asked for again that could not be read, by how long that has been so: its gate holds
/// meanwhile, also when it was seen before.
pub(super) fn again(release: &Release, key: &LookKey, now: DateTime<Utc>) -> i64 {
    let failed = release.looks.get(key).and_then(|known| known.failed.as_ref());
    let since = failed.map_or(now, |(since, _)| *since);
    wait(ArtifactState::Absent, now - since).max(60)
}

/// Counts that an artifact is asked for.
pub(super) fn tried(
    release: &Release,
    tries: &mut BTreeMap<LookKey, Tries>,
    key: &LookKey,
    now: DateTime<Utc>,
) {
    let Some(ask) = release.artifact_ask(&key.scope).filter(|_| key.topic == Topic::Artifacts) else {
        return;
    };
    match tries.get_mut(key).filter(|it| it.tag == ask.tag) {
        Some(it) => it.times += 1,
        None => drop(tries.insert(key.clone(), Tries { tag: ask.tag, since: now, times: 1 })),
    }
}

/// Asks now for what another tag is asked of since a fact: the next candidate, the final version.
pub(super) fn after_fact(state: &mut State, fact: &Fact) {
    match fact {
        Fact::Candidates(fact::Candidates::Tags(_)) => {}
        Fact::Outcome { kind, .. } if kind.starts_with("tag.") => {}
        _ => return,
    }
    let now = state.screen.now;
    let (release, screen) = state.split();
    for ask in release.artifact_asks() {
        if release.artifacts.of(&ask.id, &ask.tag).is_none()
            && let Some(look) = screen.fresh.0.get_mut(&ask.key()).filter(|look| look.asked.is_none())
        {
            look.due = Some(now);
        }
    }
}
