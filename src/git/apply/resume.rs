//! Where a run stands: told by the record, and by what the worktree holds beyond it.

use super::pick::Made;
use super::record::{Done, How, Record};
use super::worktree::Workplace;
use crate::git::GitError;
use crate::release::ids::Oid;
use crate::release::text::Untrusted;
use crate::spawn::Cancel;

/// Whether a run can go on.
pub(super) enum Standing {
    /// At the first pick that is left, on a clean worktree.
    Clean,
    /// At a conflict that is a person's.
    Conflict,
    /// At a conflict that a person has committed.
    Committed(Made),
    /// Nowhere that the record knows.
    Strange(Untrusted),
}

impl Workplace {
    /// Finds where the run stood, and takes in what was done and not written down: a commit with the predicted tree
    /// on top of the last one is the pick that was next. What was half done is put back.
    pub(super) async fn standing(&self, record: &mut Record, cancel: &Cancel) -> Result<Standing, GitError> {
        if !self.is_ready() {
            // Lost, or never made to its end. Its commits are kept by the ref, so it is made where it stood.
            self.make(record.head(), cancel).await?;
            record.conflict = false;
            return Ok(Standing::Clean);
        }
        self.unlock();
        let head = self.made("HEAD", cancel).await?;
        if head.oid == record.head() {
            if record.conflict {
                return Ok(Standing::Conflict);
            }
            self.clean(head.oid).await?;
            return Ok(Standing::Clean);
        }
        let before = self.made(&record.head().to_string(), cancel).await?;
        let mut last = before.clone();
        for commit in self.since(before.oid, cancel).await? {
            record.pass_empty(last.tree);
            let next = record.rest().first().copied();
            let fits = commit.parents == [last.oid]
                && match next {
                    Some(item) if item.tree == Some(commit.tree) => self.names(&commit, item.commit).await?,
                    _ => false,
                };
            if !fits && !record.marking.is_empty() && commit.parents == [last.oid] {
                let files = std::mem::take(&mut record.marking);
                record.done.push(Done { commit: Some(commit.oid), how: How::Marked { files } });
                last = commit;
                continue;
            }
            if !fits && record.conflict && last == before && commit.parents == [last.oid] {
                return Ok(Standing::Committed(commit));
            }
            if !fits {
                return Ok(strange(&head, &last));
            }
            record.done.push(Done { commit: Some(commit.oid), how: How::Picked });
            last = commit;
        }
        if last.oid != head.oid {
            return Ok(strange(&head, &last));
        }
        record.conflict = false;
        record.write(&self.record(), true)?;
        self.clean(last.oid).await?;
        Ok(Standing::Clean)
    }

    /// Whether a commit says that it was picked from another.
    pub(super) async fn names(&self, commit: &Made, from: Oid) -> Result<bool, GitError> {
        let oid = commit.oid.to_string();
        let words = ["log", "-1", "--no-show-signature", "--format=%B", "--end-of-options", &oid, "--"];
        let message = self.said(&words, &Cancel::new()).await?;
        let line = format!("(cherry picked from commit {from})");
        Ok(String::from_utf8_lossy(&message).contains(&line))
    }
}

fn strange(head: &Made, last: &Made) -> Standing {
    let (head, last) = (head.oid.short(), last.oid.short());
    let said = format!(
        "the worktree is at {head}, which is not what the plan makes of {last}: nothing is taken from there"
    );
    Standing::Strange(said.into())
}
