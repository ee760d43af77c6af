//! The commits to blame for a conflict: those of either side that touched the lines which both changed.

use super::{Hunt, MOST, Search};
use crate::git::GitError;
use crate::git::predict::Predictor;
use crate::git::predict::lineage::VERSIONS;
use crate::git::predict::sketch::{Clash, Text};
use crate::git::predict::touch::Range;
use crate::git::predict::trace::{self, Step};
use crate::release::ids::Oid;
use crate::release::predict::{Candidate, Conflict, ConflictKind, Picked, Side};
use crate::release::text::Untrusted;

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
        let clashes = &clashes[..clashes.len().min(FILES)];
        let (mut known, mut pairs) = (Vec::with_capacity(clashes.len()), vec![]);
        for clash in clashes {
            let (steps, more) = self.lineage(trunk, of, &clash.path, clash.base).await?;
            hunt.cut |= more;
            if let (Some(base), Some(sides)) = (clash.base, &clash.sides) {
                pairs.extend(sides.iter().map(|side| [base, side.id()]));
                pairs.extend(trace::pairs(&steps, base));
            }
            known.push(steps);
        }
        // All at once: below, each finds what it asks for.
        let made: Vec<_> = clashes.iter().filter_map(|clash| clash.sides.clone()).flatten().collect();
        self.diffs(pairs, &made).await?;
        for (clash, mut steps) in clashes.iter().zip(known) {
            let lines = match (clash.base, &clash.sides) {
                (Some(base), Some(sides)) => self.by_lines(base, sides, &steps).await?,
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
                sides = Some([ours, theirs].map(|side| Text::Blob(side.oid)));
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
        sides: &[Text; 2],
        steps: &[Step],
    ) -> Result<Option<Vec<Oid>>, GitError> {
        let Some((before, _)) = self.contested(base, sides).await? else { return Ok(None) };
        let diffs = self.diffs(trace::pairs(steps, base), &[]).await?;
        Ok(trace::trace(steps, base, before, &diffs, MOST))
    }

    /// The same on the line, whose steps lead to the text `here`.
    async fn by_lines_of_ours(
        &mut self,
        base: Oid,
        sides: &[Text; 2],
        here: Oid,
        steps: &[Step],
    ) -> Result<Option<Vec<Oid>>, GitError> {
        let Some((_, after)) = self.contested(base, sides).await? else { return Ok(None) };
        let to = [here, sides[0].id()];
        let pairs = trace::pairs(steps, here).into_iter().chain([to]).collect();
        let diffs = self.diffs(pairs, sides).await?;
        let Some(Some(last)) = diffs.get(&to) else { return Ok(None) };
        Ok(trace::trace(steps, here, trace::carried(last, after), &diffs, 1))
    }

    /// Where the changes of both sides touch: lines of the base, and lines of ours.
    async fn contested(
        &mut self,
        base: Oid,
        sides: &[Text; 2],
    ) -> Result<Option<(Vec<trace::Range>, Vec<trace::Range>)>, GitError> {
        let pairs = [0, 1].map(|side: usize| [base, sides[side].id()]);
        let diffs = self.diffs(pairs.to_vec(), sides).await?;
        Ok(match pairs.map(|pair| diffs.get(&pair)) {
            [Some(Some(own)), Some(Some(picked))] => trace::contested(own, picked),
            _ => None,
        })
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
                    self.by_lines_of_ours(base, &sides, here, &steps).await?
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
