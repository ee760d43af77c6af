//! The commits to blame for a conflict: those of either side that touched the lines which both changed.

use super::{Hunt, MOST, Search};
use crate::git::GitError;
use crate::git::predict::Predictor;
use crate::git::predict::lineage::VERSIONS;
use crate::git::predict::sketch::Clash;
use crate::git::predict::touch::Range;
use crate::git::predict::trace::{self, Step};
use crate::release::ids::Oid;
use crate::release::predict::{Candidate, Conflict, ConflictKind, Picked, Side};
use crate::release::text::Untrusted;
use std::sync::Arc;

/// Files of a conflict that are traced.
const FILES: usize = 8;
/// Commits of a file that cannot be traced by lines.
const WHOLE: usize = 6;

impl Predictor {
    /// Adds the commits that touched what conflicts when `of` is picked, the newest first.
    pub(super) async fn touching(
        &mut self,
        trunk: &Range,
        of: Oid,
        clashes: &[Clash],
        hunt: &mut Hunt,
    ) -> Result<(), GitError> {
        hunt.cut |= clashes.len() > FILES;
        for clash in clashes.iter().take(FILES) {
            let (mut steps, more) = self.lineage(trunk, of, &clash.path, clash.base).await?;
            hunt.cut |= more;
            let lines = match (clash.base, &clash.sides) {
                (Some(base), Some(sides)) => self.by_lines(base, sides.clone(), steps.clone()).await?,
                _ => None,
            };
            let touched = lines.unwrap_or_else(|| {
                hunt.cut |= steps.len() > WHOLE;
                steps.truncate(WHOLE);
                steps.iter().map(|step| step.commit).collect()
            });
            for commit in touched {
                if hunt.found.contains(&commit) {
                    continue;
                }
                if hunt.found.len() < MOST {
                    hunt.found.push(commit);
                } else {
                    hunt.cut = true;
                }
            }
        }
        Ok(())
    }

    /// What conflicts, with its lines.
    pub(super) async fn clashes(&mut self, conflict: &Conflict) -> Result<Vec<Clash>, GitError> {
        let mut clashes = Vec::with_capacity(conflict.files.len());
        for file in &conflict.files {
            let is_file = |side: Side| side.mode & 0o170_000 == 0o100_000;
            let mut sides = None;
            if let ([Some(ours), Some(theirs)], ConflictKind::Content) = ([file.ours, file.theirs], file.kind)
                && is_file(ours)
                && is_file(theirs)
            {
                let texts = self.texts(vec![ours.oid, theirs.oid]).await?;
                if let (Some(ours), Some(theirs)) = (texts.get(&ours.oid), texts.get(&theirs.oid)) {
                    sides = Some([ours.clone(), theirs.clone()]);
                }
            }
            let base = file.base.map(|base| base.oid);
            clashes.push(Clash { path: file.path.raw().into(), base, sides });
        }
        Ok(clashes)
    }

    /// The commits of steps that touched the lines that both sides changed. None where there are no lines to trace.
    async fn by_lines(
        &mut self,
        base: Oid,
        [ours, theirs]: [Arc<[u8]>; 2],
        steps: Vec<Step>,
    ) -> Result<Option<Vec<Oid>>, GitError> {
        let blobs = steps.iter().flat_map(|step| [step.old, step.new]).flatten();
        let texts = self.texts(blobs.chain([base]).collect()).await?;
        traced(move || {
            let (before, _) = trace::contested(texts.get(&base)?, &ours, &theirs)?;
            trace::trace(&steps, base, before, &texts, MOST)
        })
        .await
    }

    /// The same on the line, whose steps lead to the text `here`.
    async fn by_lines_of_ours(
        &mut self,
        base: Oid,
        [ours, theirs]: [Arc<[u8]>; 2],
        here: Oid,
        steps: Vec<Step>,
    ) -> Result<Option<Vec<Oid>>, GitError> {
        let blobs = steps.iter().flat_map(|step| [step.old, step.new]).flatten();
        let texts = self.texts(blobs.chain([base, here]).collect()).await?;
        traced(move || {
            let (_, after) = trace::contested(texts.get(&base)?, &ours, &theirs)?;
            let ranges = trace::carried(texts.get(&here)?, &ours, after)?;
            trace::trace(&steps, here, ranges, &texts, 1)
        })
        .await
    }

    /// The newest commit of the line alone that changed what conflicts, and the file.
    pub(super) async fn owner(
        &mut self,
        search: &Search<'_>,
        conflict: &Conflict,
    ) -> Result<Option<(Candidate, Untrusted)>, GitError> {
        for (file, clash) in conflict.files.iter().zip(self.clashes(conflict).await?).take(FILES) {
            let mut steps = self.touches.side(&search.line).steps(file.path.raw()).to_vec();
            steps.truncate(VERSIONS);
            let lines = match (clash.base, clash.sides, steps.first().and_then(|step| step.new)) {
                (Some(base), Some(sides), Some(here)) => {
                    self.by_lines_of_ours(base, sides, here, steps.clone()).await?
                }
                _ => None,
            };
            let all = || steps.iter().map(|step| step.commit).collect();
            if let Some(by) = lines.unwrap_or_else(all).first() {
                let pick = Picked::from(*by);
                self.learn(&[pick]).await?;
                return Ok(Some((self.candidate(pick), file.path.clone())));
            }
        }
        Ok(None)
    }
}

/// Compares texts beside the rest: that may take a while.
async fn traced<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, GitError> {
    let why = "the tracing of lines broke off";
    let broke = |_| GitError::Unreadable { command: "predict".into(), why: why.into() };
    tokio::task::spawn_blocking(work).await.map_err(broke)
}
