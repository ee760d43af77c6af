//! What is to be applied and how far it has come, on disk before anything is executed.

use super::io;
use crate::git::GitError;
use crate::release::ids::{Branch, Oid, OpId};
use crate::release::text::Untrusted;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

/// Version of the file's form.
const FORM: u32 = 1;
/// Picks that one run of git makes, at most: so often it is written down how far a run has come.
const TOGETHER: usize = 16;
/// Most bytes of the file that are read.
const LONGEST: u64 = 16 << 20;

/// A commit to pick, and what it must leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// The commit.
    pub commit: Oid,
    /// Of a merge commit, which parent its change is taken against, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mainline: Option<u8>,
    /// The tree that is predicted after it. In an order: none when nobody was shown one, and then what is predicted
    /// counts. In a record: none when it is predicted to conflict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tree: Option<Oid>,
}

/// What is to be applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The operation that it is recorded under; names the worktree and the ref.
    pub op: OpId,
    /// The branch that it is for.
    pub line: Branch,
    /// The tip that the picks go on top of.
    pub tip: Oid,
    /// The picks, in order.
    pub items: Vec<Item>,
    /// Whether each commit is signed off: `git cherry-pick -s`.
    #[serde(default)]
    pub sign_off: bool,
    /// Whether a pick that conflicts is committed with its markers: for a draft pull request.
    #[serde(default)]
    pub markers: bool,
}

/// How a pick ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// Applied, with the tree that was predicted.
    Picked,
    /// It changes nothing here: no commit was made.
    Empty,
    /// A person resolved its conflict.
    Resolved {
        /// Files changed that the pick itself does not change, at most twenty.
        beyond: Vec<Untrusted>,
    },
    /// It is committed with conflict markers in these files.
    Marked {
        /// The files that were unmerged, at most a hundred.
        files: Vec<Untrusted>,
    },
    /// A person left it out.
    Skipped,
}

/// What became of a pick.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The commit that it made; none when it made none.
    pub commit: Option<Oid>,
    /// How.
    pub how: How,
}

/// An order under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    form: u32,
    /// What is to be applied, with what is predicted now.
    pub order: Order,
    /// What became of the first picks.
    pub done: Vec<Done>,
    /// Whether the next pick has stopped at a conflict, which is a person's from then on.
    pub conflict: bool,
    /// The files of the next pick while it is being committed with its conflict markers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) marking: Vec<Untrusted>,
    /// Places of picks that are predicted to change a `.gitattributes`. Told anew in each run.
    #[serde(skip)]
    pub(super) attributes: BTreeSet<usize>,
}

impl Record {
    /// Nothing done yet.
    #[must_use]
    pub fn new(order: Order) -> Self {
        Self {
            form: FORM,
            order,
            done: Vec::new(),
            conflict: false,
            marking: Vec::new(),
            attributes: BTreeSet::new(),
        }
    }

    /// The last commit that was made, or the tip.
    #[must_use]
    pub fn head(&self) -> Oid {
        self.done.iter().rev().find_map(|done| done.commit).unwrap_or(self.order.tip)
    }

    /// The picks that are left.
    #[must_use]
    pub fn rest(&self) -> &[Item] {
        self.order.items.get(self.done.len()..).unwrap_or_default()
    }

    /// Passes over the next picks that are predicted to leave the tree as it is: they make no commit.
    pub(super) fn pass_empty(&mut self, tree: Oid) {
        while self.rest().first().is_some_and(|item| item.tree == Some(tree)) {
            self.done.push(Done { commit: None, how: How::Empty });
        }
    }

    /// The next picks that one run of git can take, on top of a tree: those before one that conflicts, that changes
    /// nothing, that is taken against another parent, or that goes by other attributes. git leaves out a commit that is
    /// named twice, so that is where they end as well.
    pub(super) fn together(&self, tree: Oid) -> Vec<Item> {
        let (mut items, mut before) = (Vec::<Item>::new(), tree);
        for (at, item) in self.rest().iter().enumerate().take(TOGETHER) {
            let goes_on = items.last().is_none_or(|last| {
                let same_way = last.tree.is_some() && item.tree.is_some() && last.mainline == item.mainline;
                let attributes = self.attributes.contains(&(self.done.len() + at - 1));
                let named = items.iter().any(|it| it.commit == item.commit);
                same_way && item.tree != Some(before) && !attributes && !named
            });
            if !goes_on {
                break;
            }
            before = item.tree.unwrap_or(before);
            items.push(*item);
        }
        items
    }

    /// Reads a record; none when there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, GitError> {
        let size = match path.metadata() {
            Ok(meta) => meta.len(),
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(why) => return Err(io(path, why)),
        };
        let wrong = |why: String| io(path, std::io::Error::new(std::io::ErrorKind::InvalidData, why));
        if size > LONGEST {
            return Err(wrong(format!("{size} bytes are more than a record has")));
        }
        let text = std::fs::read(path).map_err(|why| io(path, why))?;
        let record: Self = serde_json::from_slice(&text).map_err(|why| wrong(why.to_string()))?;
        if record.form != FORM {
            return Err(wrong(format!("form {} is of another gonogo: this one reads {FORM}", record.form)));
        }
        Ok(Some(record))
    }

    /// Writes it in place of the one before: whole, or not at all. `durable` says whether it must outlive a loss of
    /// power; between two clean picks it need not, as their trees tell where the run stood.
    pub(super) fn write(&self, path: &Path, durable: bool) -> Result<(), GitError> {
        let text = serde_json::to_vec(self).map_err(|why| io(path, why.into()))?;
        let new = path.with_extension("new");
        let put = || -> std::io::Result<()> {
            let mut file = std::fs::File::create(&new)?;
            file.write_all(&text)?;
            if durable {
                file.sync_all()?;
            }
            std::fs::rename(&new, path)?;
            if durable && let Some(dir) = path.parent() {
                std::fs::File::open(dir)?.sync_all()?;
            }
            Ok(())
        };
        put().map_err(|why| io(path, why))
    }
}
