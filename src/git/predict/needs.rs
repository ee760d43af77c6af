//! Which picks of the queue a clean one needs before it, verified by replay.

use super::{Heard, Predictor};
use crate::git::GitError;
use crate::release::ids::Oid;
use crate::release::predict::{Conflict, Needs, Picked, Prediction, Verdict};
use crate::release::text::Untrusted;
use std::collections::{BTreeSet, HashSet};

/// Replays that the search for the smallest set of one pick may take.
const REPLAYS: usize = 96;

/// A set of picks that suffices, by their numbers in the queue, and whether none can be spared.
struct Found {
    set: Vec<usize>,
    minimal: bool,
}

impl Predictor {
    /// Tries each clean pick alone on the tip, and says again, with what it needs, each that conflicts there.
    pub(super) async fn relate(
        &mut self,
        tip: Oid,
        all: &mut [Prediction],
        heard: &mut Heard<'_>,
    ) -> Result<(), GitError> {
        for number in 0..all.len() {
            let Prediction { pick, onto: Some(onto), verdict: Verdict::Clean(applied) } = &all[number] else {
                continue;
            };
            if *onto == tip {
                continue;
            }
            let (pick, applied) = (*pick, applied.clone());
            let Verdict::Conflict(alone) = self.step(tip, pick).await? else { continue };
            let found = self.search(tip, &all[..number], pick, &touched(&alone, &applied.files)).await?;
            let picks = found.set.iter().map(|at| all[*at].pick.commit).collect();
            let alone = alone.files.into_iter().map(|file| file.path).collect();
            let needs = Needs { picks, minimal: found.minimal, alone };
            all[number].verdict = Verdict::CleanAfter(applied, needs);
            heard(number, &all[number]);
        }
        Ok(())
    }

    async fn search(
        &mut self,
        tip: Oid,
        before: &[Prediction],
        pick: Picked,
        paths: &HashSet<Untrusted>,
    ) -> Result<Found, GitError> {
        let applied: Vec<_> =
            (0..before.len()).filter(|at| before[*at].verdict.applied().is_some()).collect();
        let likely = with_their_needs(before, &applied, paths);
        let mut left = REPLAYS;
        let mut set = applied;
        if likely.len() < set.len() && self.suffices(tip, before, &likely, pick, &mut left).await? {
            set = likely;
        }
        // Larger pieces first, so that a long queue is cut down quickly; then each alone, until none can be spared.
        let mut piece = set.len().div_ceil(2);
        loop {
            let (mut spared, mut from) = (false, 0);
            while from < set.len() && left > 0 {
                let mut fewer = set.clone();
                fewer.drain(from..(from + piece).min(set.len()));
                if self.suffices(tip, before, &fewer, pick, &mut left).await? {
                    (set, spared) = (fewer, true);
                } else {
                    from += piece;
                }
            }
            if left == 0 {
                return Ok(Found { set, minimal: false });
            }
            if piece == 1 && !spared {
                return Ok(Found { set, minimal: true });
            }
            piece = piece.div_ceil(2).max(1);
        }
    }

    /// Whether a pick is clean on the tip after some of those before it, which must apply themselves.
    async fn suffices(
        &mut self,
        tip: Oid,
        before: &[Prediction],
        set: &[usize],
        pick: Picked,
        left: &mut usize,
    ) -> Result<bool, GitError> {
        *left = left.saturating_sub(1);
        let mut ours = tip;
        for at in set {
            match self.step(ours, before[*at].pick).await? {
                Verdict::Clean(applied) => ours = applied.tree,
                Verdict::Empty(_) => {}
                _ => return Ok(false),
            }
        }
        Ok(matches!(self.step(ours, pick).await?, Verdict::Clean(_)))
    }
}

/// The paths that a pick changes, and those that conflict.
fn touched(alone: &Conflict, files: &[crate::release::predict::FileChange]) -> HashSet<Untrusted> {
    let conflicting = alone.files.iter().map(|file| file.path.clone());
    conflicting.chain(files.iter().map(|file| file.path.clone())).collect()
}

/// The applied picks that change one of the paths, and what they need in turn.
fn with_their_needs(before: &[Prediction], applied: &[usize], paths: &HashSet<Untrusted>) -> Vec<usize> {
    let changes = |at: &usize| {
        let files = before[*at].verdict.applied().map(|applied| &applied.files);
        files.is_some_and(|files| files.iter().any(|file| paths.contains(&file.path)))
    };
    let mut set: BTreeSet<usize> = applied.iter().copied().filter(changes).collect();
    // A need stands before what needs it, so one walk from the back finds all.
    for at in (0..before.len()).rev() {
        if let (true, Verdict::CleanAfter(_, needs)) = (set.contains(&at), &before[at].verdict) {
            set.extend((0..at).filter(|other| needs.picks.contains(&before[*other].pick.commit)));
        }
    }
    set.into_iter().collect()
}
