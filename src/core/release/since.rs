//! What changed since the session before this one: the first thing that a meeting asks.

use super::Release;
use super::ids::Tag;
use crate::order::Order as _;
use chrono::{DateTime, Utc};

/// What changed since the session before this one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Since {
    /// When that session ended: the time of its last entry.
    pub at: DateTime<Utc>,
    /// Issues of the milestone closed since.
    pub closed: usize,
    /// Issues of the milestone opened since.
    pub opened: usize,
    /// Issues that left the milestone since.
    pub left: usize,
    /// Commits on the release's line since, of those that are known.
    pub commits: usize,
    /// Tags made since, newest first.
    pub tags: Vec<Tag>,
}

/// Kinds that say nothing of the world: a session with these alone was none.
const BEGUN: [&str; 4] = ["journal.open", "session.start", "set.choose", "journal.seal"];

impl Since {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.closed + self.opened + self.left + self.commits + self.tags.len() == 0
    }
}

impl Release {
    /// When the session before this one ended: none in the first session.
    #[must_use]
    pub fn session_before(&self) -> Option<DateTime<Utc>> {
        let rows = &self.log.rows;
        let started = rows.iter().rposition(|row| &*row.kind == "session.start")?;
        // A journal that a set was put on record in, and nothing else, tells of no session.
        let only_begun = |kind: &str| BEGUN.contains(&kind);
        rows[..started].iter().find(|row| !only_begun(&row.kind))?;
        let before = rows[..started].iter().rev().find(|row| &*row.kind != "journal.open")?;
        Some(before.ts)
    }

    /// What changed since the session before this one; none in the first session.
    #[must_use]
    pub fn since_last_session(&self) -> Option<Since> {
        let at = self.session_before()?;
        let issues = || self.milestones.issues.values();
        let line = self.line();
        let commits = line.iter().flat_map(|line| &line.commits).filter(|commit| commit.at > at).count();
        let mut tags: Vec<_> =
            self.candidates.tags.values().filter(|row| row.at.is_some_and(|made| made > at)).collect();
        tags.order_by_key(|row| std::cmp::Reverse(row.at));
        Some(Since {
            at,
            closed: issues().filter(|it| !it.open && it.closed.is_some_and(|closed| closed > at)).count(),
            opened: issues().filter(|it| it.created > at).count(),
            left: self.milestones.left.values().filter(|(left, _)| *left > at).count(),
            commits,
            tags: tags.into_iter().map(|row| row.tag.clone()).collect(),
        })
    }
}
