//! The commits to blame for a conflict: those of either side that touched the lines which both changed.

use super::{Hunt, MOST, Search};
use crate::git::GitError;
use crate::git::predict::Predictor;
use crate::git::predict::desk::{Asked, Desk};
use crate::git::predict::lineage::{VERSIONS, lineage};
use crate::git::predict::sketch::{Clash, Text};
use crate::git::predict::touch::Side as History;
use crate::git::predict::trace::{self, Step};
use crate::release::ids::Oid;
use crate::release::predict::{Candidate, Conflict, ConflictKind, Picked, Side};
use crate::release::text::Untrusted;

/// Files of a conflict that are traced.
const FILES: usize = 8;
/// Commits of a file that cannot be traced by lines.
const WHOLE: usize = 6;

/// Adds the commits that touched what conflicts when `of` is picked, the newest first.
fn touching(desk: &mut Desk, trunk: &History, of: Oid, clashes: &[Clash], hunt: &mut Hunt) -> Asked<()> {
    hunt.cut |= clashes.len() > FILES;
    for clash in &clashes[..clashes.len().min(FILES)] {
        if hunt.is_full() {
            break;
        }
        let (mut steps, more) = lineage(desk, trunk, of, &clash.path, clash.base)?;
        hunt.cut |= more;
        let lines = match (clash.base, &clash.sides) {
            (Some(base), Some(sides)) => by_lines(desk, base, sides, &steps)?,
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

/// The commits of steps that touched the lines that both sides changed. None where there are no lines to trace.
fn by_lines(desk: &mut Desk, base: Oid, sides: &[Text; 2], steps: &[Step]) -> Asked<Option<Vec<Oid>>> {
    let Some((before, _)) = contested(desk, base, sides)? else { return Ok(None) };
    desk.ahead(trace::pairs(steps, base).into_iter().flatten())?;
    trace::trace(steps, base, before, &mut |pair| desk.diff(pair, &[]), MOST)
}

/// The same on the line, whose steps lead to the text `here`.
fn by_lines_of_ours(
    desk: &mut Desk,
    base: Oid,
    sides: &[Text; 2],
    here: Oid,
    steps: &[Step],
) -> Asked<Option<Vec<Oid>>> {
    let Some((_, after)) = contested(desk, base, sides)? else { return Ok(None) };
    let Some(last) = desk.diff([here, sides[0].id()], sides)? else { return Ok(None) };
    desk.ahead(trace::pairs(steps, here).into_iter().flatten())?;
    trace::trace(steps, here, trace::carried(&last, after), &mut |pair| desk.diff(pair, &[]), 1)
}

/// Where the changes of both sides touch: lines of the base, and lines of ours.
fn contested(
    desk: &mut Desk,
    base: Oid,
    sides: &[Text; 2],
) -> Asked<Option<(Vec<trace::Range>, Vec<trace::Range>)>> {
    let (own, picked) = (desk.diff([base, sides[0].id()], sides), desk.diff([base, sides[1].id()], sides));
    Ok(own?.zip(picked?).and_then(|(own, picked)| trace::contested(&own, &picked)))
}

impl Hunt {
    /// Whether nothing can be added to it: there is no room, and it is known that something is left out.
    pub(super) fn is_full(&self) -> bool {
        self.cut && self.found.len() >= MOST
    }
}

impl Predictor {
    /// Adds the commits that touched what conflicts when `of` is picked, the newest first.
    pub(super) async fn touching(
        &mut self,
        search: &Search<'_>,
        of: Oid,
        clashes: Vec<Clash>,
        hunt: &mut Hunt,
    ) -> Result<(), GitError> {
        if hunt.is_full() {
            return Ok(());
        }
        let (trunk, known) = (search.sides.trunk.clone(), hunt.clone());
        let work = move |desk: &mut Desk| {
            let mut hunt = known.clone();
            touching(desk, &trunk, of, &clashes, &mut hunt)?;
            Ok(hunt)
        };
        *hunt = self.at_desk(work).await?;
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

    /// The newest commit of the line alone that changed what conflicts, and the file.
    pub(super) async fn owner(
        &mut self,
        search: &Search<'_>,
        conflict: &Conflict,
    ) -> Result<Option<(Candidate, Untrusted)>, GitError> {
        for (file, clash) in conflict.files.iter().zip(self.clashes(conflict).await?).take(FILES) {
            let mut steps = search.sides.line.steps(file.path.raw()).to_vec();
            steps.truncate(VERSIONS);
            let lines = match (clash.base, clash.sides, steps.first().and_then(|step| step.new)) {
                (Some(base), Some(sides), Some(here)) => {
                    let steps = steps.clone();
                    let work = move |desk: &mut Desk| by_lines_of_ours(desk, base, &sides, here, &steps);
                    self.at_desk(work).await?
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
