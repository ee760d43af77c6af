//! What would come of applying the queue of a line, as it was predicted: journaled as changes, bounded in size.

use super::{CellState, ChangeCommit, PickKey, Picks, Seat};
use crate::release::entry::{Entry, Note};
use crate::release::groups::groups;
use crate::release::ids::{Branch, Oid};
use crate::release::looks::{LookKey, Topic};
use crate::release::text::Untrusted;
use crate::release::{Fact, Release};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What would come of a pick where it stands in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Foreseen {
    /// It applies.
    Clean,
    /// It applies here, and conflicts alone on the tip: it needs these of the queue first.
    CleanAfter {
        /// The picks that it needs, in the order of the queue.
        picks: Vec<PickKey>,
    },
    /// It conflicts, and is left out of what follows.
    Conflict {
        /// What conflicts, at most twelve files.
        files: Vec<Clash>,
        /// How many more files conflict.
        #[serde(default)]
        more: u32,
    },
    /// It changes nothing: what it does is there already, or it does nothing.
    Empty {
        /// Whether what it changes is on the line already.
        there: bool,
    },
    /// It cannot be told, and is left out of what follows.
    Unknown {
        /// Why, with what to do.
        why: Untrusted,
    },
}

/// A file that cannot be merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clash {
    /// Its path.
    pub path: Untrusted,
    /// What is the matter, in git's words: "content", "modify/delete".
    pub kind: Untrusted,
    /// How many places conflict; none when it has no lines to compare, or they were not read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hunks: Option<u32>,
    /// The first places, with both sides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Hunk>,
    /// Whether `git rerere` knows how it was resolved before.
    #[serde(default)]
    pub recorded: bool,
}

/// A place in a file that both sides changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// Number of the line where it starts, from 1.
    pub at: u32,
    /// The lines on the branch, at most eight.
    pub ours: Vec<Untrusted>,
    /// The lines of the pick, at most eight.
    pub theirs: Vec<Untrusted>,
}

/// One pick of the queue, predicted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Predicted {
    /// The pick.
    pub pick: PickKey,
    /// What would come of it.
    pub verdict: Foreseen,
    /// The tree that the line would have after it, where it applies: an executed pick must leave the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<Oid>,
    /// Where it conflicts, what would make it apply; none while that was not looked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
}

/// What would make a conflicting pick apply where it stands. Nothing is said that was not replayed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Remedy {
    /// With these of the trunk right before it, each of which applies, it is clean.
    First {
        /// What is needed, in the order in which it is to be picked.
        picks: Vec<Needed>,
        /// Whether none of them can be spared, each tried.
        #[serde(default)]
        minimal: bool,
    },
    /// A commit that the line alone has changed the lines in question, and with what of the trunk changed them and
    /// applies put before it, it still conflicts.
    Owned {
        /// The newest such commit.
        commit: Oid,
        /// The first line of its message.
        subject: Untrusted,
        /// The file.
        path: Untrusted,
        /// How many commits of the trunk were put before it.
        #[serde(default)]
        tried: u32,
    },
    /// With what of the trunk changed the lines in question and applies put before it, it still conflicts.
    Nothing {
        /// How many commits of the trunk were put before it.
        #[serde(default)]
        tried: u32,
        /// Whether the search was given up before its end: others may help.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        given_up: bool,
    },
}

/// A pick that another needs before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needed {
    /// The pick: one that the queue knows, or the commit.
    pub pick: PickKey,
    /// Its last commit.
    pub commit: Oid,
    /// The first line of its message.
    pub subject: Untrusted,
}

/// Predictions of a line's queue: new and changed, and those of picks that left it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredictionsSeen {
    /// The line.
    pub line: Branch,
    /// Its tip, on which the queue was tried.
    pub tip: Oid,
    /// How it was predicted: git's version and what of it was used.
    pub tier: Untrusted,
    /// New and changed.
    pub rows: Vec<Predicted>,
    /// Picks that are in the queue no longer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<PickKey>,
    /// Whether with these every pick of the queue was tried on this tip.
    #[serde(default)]
    pub whole: bool,
}

/// What is predicted of a line's queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Predictions {
    /// The tip on which every pick was tried, none before the first run was whole.
    pub tip: Option<Oid>,
    /// How it was predicted.
    pub tier: Untrusted,
    /// When it last changed.
    pub at: Option<DateTime<Utc>>,
    /// Each pick with the tip that it was tried on.
    pub rows: BTreeMap<PickKey, (Predicted, Oid)>,
}

impl Predictions {
    pub(super) fn take(&mut self, fact: &PredictionsSeen, entry: &Entry) {
        for row in &fact.rows {
            self.rows.insert(row.pick.clone(), (row.clone(), fact.tip));
        }
        for key in &fact.gone {
            self.rows.remove(key);
        }
        if fact.whole {
            self.tip = Some(fact.tip);
        }
        self.tier.clone_from(&fact.tier);
        self.at = Some(entry.ts);
    }

    /// Whether what is predicted of a pick is of this tip.
    #[must_use]
    pub fn is_of(&self, pick: &PickKey, tip: Oid) -> bool {
        self.tip == Some(tip) || self.rows.get(pick).is_some_and(|(_, on)| *on == tip)
    }
}

/// A queue to be predicted: each pick with its commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueAsk {
    /// The line.
    pub line: Branch,
    /// Its tip.
    pub tip: Oid,
    /// The picks in order, each with its commits; none when its commits are not known.
    pub queue: Vec<(PickKey, Vec<ChangeCommit>)>,
    /// Picks that are wanted on the line and not queued, with their commits: what a conflict needs may be one.
    pub beside: Vec<(PickKey, Vec<ChangeCommit>)>,
    /// Why the commits of a pick are not known, where that was said.
    pub problems: BTreeMap<PickKey, Untrusted>,
    /// Whether the repository's own merge drivers may run.
    pub trusted: bool,
}

/// An order of a line's queue that was looked for and tried as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BetterOrder {
    /// The line.
    pub line: Branch,
    /// The tip that it was tried on.
    pub tip: Oid,
    /// The queue in the order that was found.
    pub order: Vec<PickKey>,
    /// Picks that stand elsewhere in it, each with the one that it now follows; none for the first.
    pub moved: Vec<(PickKey, Option<PickKey>)>,
    /// What the queue comes to as it is.
    pub before: Tally,
    /// What it comes to in this order.
    pub after: Tally,
    /// Whether the search came to its end.
    pub whole: bool,
}

/// How many picks of a queue are what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// They apply.
    pub applies: usize,
    /// They change nothing.
    pub empty: usize,
    /// They conflict.
    pub conflicts: usize,
    /// It cannot be told.
    pub unknown: usize,
}

/// A part of a prediction, as it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foresight {
    /// The line.
    pub line: Branch,
    /// The tip.
    pub tip: Oid,
    /// How it is predicted.
    pub tier: Untrusted,
    /// What is known since the last part.
    pub rows: Vec<Predicted>,
    /// How many picks were tried so far.
    pub done: usize,
    /// At the end: every pick of the queue.
    pub whole: Option<Vec<PickKey>>,
}

impl Picks {
    /// The commits of a pick, in the order in which they are picked; empty when they are not known.
    #[must_use]
    pub fn commits(&self, key: &PickKey, line: &Branch) -> Vec<ChangeCommit> {
        if let Some(change) = self.changes.get(key) {
            return change.commits.clone();
        }
        self.commit(key, line).map(|oid| ChangeCommit { oid, mainline: None }).into_iter().collect()
    }
}

impl Release {
    /// The queue of a line, ready to be predicted; none while its tip is not known, nothing is queued, or the clone
    /// was not asked yet which commits the picks are.
    #[must_use]
    pub fn queue_ask(&self, line: &Branch) -> Option<QueueAsk> {
        let tip = self.lines.0.get(line)?.tip;
        self.looks.get(&LookKey::new(Topic::Landings, ""))?;
        let board = self.picks.board(line);
        let with = |key: &PickKey| (key.clone(), self.picks.commits(key, line));
        let queue: Vec<_> = board.queue().iter().map(with).collect();
        let is_beside = |seat: &Seat| !seat.state.is_queued() && seat.state != CellState::Landed;
        let beside = board.seats.iter().filter(|(_, seat)| is_beside(seat)).map(|(key, _)| with(key));
        let beside = beside.filter(|(_, commits)| !commits.is_empty()).collect();
        let problem = |key: &PickKey| Some((key.clone(), self.picks.changes.get(key)?.problem.clone()?));
        let problems = queue.iter().filter_map(|(key, _)| problem(key)).collect();
        let known = self.picks.predictions.get(line).is_some_and(|known| !known.rows.is_empty());
        (!queue.is_empty() || known).then_some(QueueAsk {
            line: line.clone(),
            tip,
            queue,
            beside,
            problems,
            trusted: self.trusted,
        })
    }

    /// Takes in a part of a prediction: the facts that it adds to what is known. Nothing new gives none.
    #[must_use]
    pub fn foresee(&self, part: Foresight) -> Vec<Note> {
        let known = self.picks.predictions.get(&part.line);
        // A conflict that is known with its remedy is the same while that is looked for again.
        let same = |row: &Predicted| {
            let before = known.and_then(|known| known.rows.get(&row.pick));
            before.is_some_and(|(before, on)| {
                let looking = row.remedy.is_none() && *on == part.tip && before.verdict == row.verdict;
                before == row || looking && before.tree == row.tree
            })
        };
        let rows: Vec<_> = part.rows.into_iter().filter(|row| !same(row)).collect();
        let gone: Vec<PickKey> = match &part.whole {
            Some(queue) => {
                let left = known.into_iter().flat_map(|known| known.rows.keys());
                left.filter(|key| !queue.contains(key)).cloned().collect()
            }
            None => Vec::new(),
        };
        let whole = part.whole.is_some();
        let moved = whole && known.is_none_or(|known| known.tip != Some(part.tip) || known.tier != part.tier);
        if rows.is_empty() && gone.is_empty() && !moved {
            return Vec::new();
        }
        let make = |rows, gone, whole| -> Note {
            let (line, tip, tier) = (part.line.clone(), part.tip, part.tier.clone());
            Fact::from(PredictionsSeen { line, tip, tier, rows, gone, whole }).into()
        };
        let mut notes: Vec<Note> = groups(rows).into_iter().map(|rows| make(rows, vec![], false)).collect();
        let mut gone = groups(gone);
        let last = gone.pop().unwrap_or_default();
        notes.extend(gone.into_iter().map(|gone| make(vec![], gone, false)));
        if whole || !last.is_empty() {
            notes.push(make(vec![], last, whole));
        }
        notes
    }
}
