//! The changes of a file on one side of the history, followed across its renames.

use super::Predictor;
use super::sketch::name;
use super::touch::{Range, Side};
use super::trace::{self, Step};
use crate::git::GitError;
use crate::order::Order as _;
use crate::release::ids::Oid;
use std::sync::Arc;

/// Versions of a file that are followed.
pub(super) const VERSIONS: usize = 24;
/// Files of the same commit that are compared to find what a file was called before.
const RENAMED: usize = 8;

impl Predictor {
    /// The changes of a file that lead to a text of it and are older than a commit, the newest first, also from before
    /// it was renamed; and whether there are more.
    pub(super) async fn lineage(
        &mut self,
        range: &Range,
        of: Oid,
        path: &str,
        blob: Option<Oid>,
    ) -> Result<(Vec<Step>, bool), GitError> {
        let side = self.touches.side(range);
        let own = side.place(of);
        let (mut path, mut steps): (Arc<str>, Vec<Step>) = (path.into(), vec![]);
        // What a pick did itself is in its way in no case, nor is what came later.
        let is_older = |step: &&Step, side: &Side| step.commit != of && side.place(step.commit) <= own;
        let newest = side.steps(&path).iter().find(|step| is_older(step, side));
        if newest.is_none_or(|step| step.new.is_none())
            && let Some(other) = blob.and_then(|blob| side.holding(blob))
        {
            path = other;
        }
        let mut last = None;
        loop {
            let side = self.touches.side(range);
            let before = |step: &&Step| last.is_none_or(|last| side.place(step.commit) < side.place(last));
            let older: Vec<Step> =
                side.steps(&path).iter().filter(|it| is_older(it, side) && before(it)).copied().collect();
            let Some(made) = older.iter().position(|step| step.old.is_none()) else {
                steps.extend(older);
                break;
            };
            steps.extend(&older[..made]);
            let (made, is_last) = (older[made], steps.len() >= VERSIONS);
            match if is_last { None } else { self.renamed(range, &path, made).await? } {
                Some((from, old)) => {
                    steps.push(Step { old: Some(old), ..made });
                    (path, last) = (from, Some(made.commit));
                }
                None => {
                    steps.push(made);
                    break;
                }
            }
        }
        let more = steps.len() > VERSIONS;
        steps.truncate(VERSIONS);
        Ok((steps, more))
    }

    /// What a file that a commit made was before, under another name.
    pub(super) async fn renamed(
        &mut self,
        range: &Range,
        path: &str,
        made: Step,
    ) -> Result<Option<(Arc<str>, Oid)>, GitError> {
        let Some(new) = made.new else { return Ok(None) };
        let side = self.touches.side(range);
        let with = side.changes(made.commit).unwrap_or_default();
        let mut gone: Vec<(Arc<str>, Oid)> = with
            .iter()
            .filter(|it| it.new.is_none() && it.plain)
            .filter_map(|it| Some((it.path.clone(), it.old?)))
            .collect();
        gone.order_by_key(|(other, old)| (*old != new, name(other) != name(path)));
        gone.truncate(RENAMED);
        if let Some((other, old)) = gone.first().filter(|(_, old)| *old == new) {
            return Ok(Some((other.clone(), *old)));
        }
        for (other, old) in gone {
            if self.is_akin(old, new).await? {
                return Ok(Some((other, old)));
            }
        }
        Ok(None)
    }

    /// Whether a text was made of another, as far as can be told.
    async fn is_akin(&mut self, old: Oid, new: Oid) -> Result<bool, GitError> {
        if let Some(known) = self.read.akin.get(&[old, new]) {
            return Ok(*known);
        }
        let diffs = self.diffs(vec![[old, new]], &[]).await?;
        let texts = self.texts(vec![old, new]).await?;
        let both = (texts.get(&old), texts.get(&new), diffs.get(&[old, new]));
        let akin =
            matches!(both, (Some(old), Some(new), Some(Some(hunks))) if trace::is_akin(old, new, hunks));
        self.read.akin.insert([old, new], akin);
        Ok(akin)
    }
}
