//! Which picks of the queue a clean one needs before it, verified by replay.

use super::{Heard, Predictor};
use crate::git::GitError;
use crate::release::ids::Oid;
use crate::release::predict::{Conflict, Needs, Picked, Prediction, Verdict};
use crate::release::text::Untrusted;
use std::collections::{BTreeSet, HashSet};

/// Merges that the search for the smallest set of one pick may take beyond those that are remembered.
const MERGES: u64 = 64;
/// Picks that are tried as the only need.
const ONES: usize = 12;

/// A set of picks that suffices, by their numbers in the queue, and whether none can be spared.
struct Found {
    set: Vec<usize>,
    minimal: bool,
}

/// What was found of a queue. What a pick needs is decided by the tip, by the verdicts up to it and by what those
/// before it need, so it holds for every queue that begins in the same way.
#[derive(Debug, Default)]
pub(super) struct Related {
    tip: Option<Oid>,
    /// As the chain said it.
    chain: Vec<Prediction>,
    /// As it was said with what each needs.
    told: Vec<Prediction>,
}

impl Related {
    /// How many picks at the start of a queue are known.
    fn known(&self, tip: Oid, chain: &[Prediction]) -> usize {
        if self.tip != Some(tip) {
            return 0;
        }
        self.chain.iter().zip(chain).take_while(|(known, now)| known == now).count()
    }
}

impl Predictor {
    /// Tries each clean pick alone on the tip, and says again, with what it needs, each that conflicts there.
    pub(super) async fn relate(
        &mut self,
        tip: Oid,
        all: &mut [Prediction],
        heard: &mut Heard<'_>,
    ) -> Result<(), GitError> {
        let chain = all.to_vec();
        let known = self.related.known(tip, &chain);
        for (number, told) in self.related.told.iter().take(known).enumerate() {
            if *told != all[number] {
                all[number] = told.clone();
                heard(number, told);
            }
        }
        self.relate_from(known, tip, all, heard).await?;
        self.related = Related { tip: Some(tip), chain, told: all.to_vec() };
        Ok(())
    }

    async fn relate_from(
        &mut self,
        first: usize,
        tip: Oid,
        all: &mut [Prediction],
        heard: &mut Heard<'_>,
    ) -> Result<(), GitError> {
        for number in first..all.len() {
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
        let last = self.memo.made() + MERGES;
        let applied: Vec<_> =
            (0..before.len()).filter(|at| before[*at].verdict.applied().is_some()).collect();
        let likely: Vec<_> = applied.iter().copied().filter(|at| changes(&before[*at], paths)).collect();
        // Most picks need one other, and that is most often the last that changed the same files.
        let ones = likely.iter().rev().take(ONES).map(|at| with_their_needs(before, &[*at]));
        for set in ones.chain([with_their_needs(before, &likely)]) {
            if set.len() < applied.len() && self.suffices(tip, before, &set, pick).await? {
                return self.shrink(tip, before, pick, set, last).await;
            }
        }
        // The whole chain suffices: that is how the pick was found to be clean.
        self.shrink(tip, before, pick, applied, last).await
    }

    /// Takes away what can be spared: larger pieces first, so that a long queue is cut down quickly, then each alone.
    async fn shrink(
        &mut self,
        tip: Oid,
        before: &[Prediction],
        pick: Picked,
        mut set: Vec<usize>,
        last: u64,
    ) -> Result<Found, GitError> {
        let mut piece = set.len().div_ceil(2);
        loop {
            let (mut spared, mut from) = (false, 0);
            while from < set.len() && set.len() > 1 {
                if self.memo.made() > last {
                    return Ok(Found { set, minimal: false });
                }
                let mut fewer = set.clone();
                fewer.drain(from..(from + piece).min(set.len()));
                // Without any it conflicts, which is why it is looked for what it needs.
                if !fewer.is_empty() && self.suffices(tip, before, &fewer, pick).await? {
                    (set, spared) = (fewer, true);
                } else {
                    from += piece;
                }
            }
            if piece == 1 && !spared {
                return Ok(Found { set, minimal: true });
            }
            piece = piece.div_ceil(2).max(1);
            if set.len() == 1 {
                return Ok(Found { set, minimal: true });
            }
        }
    }

    /// Whether a pick is clean on the tip after some of those before it, which must apply themselves.
    async fn suffices(
        &mut self,
        tip: Oid,
        before: &[Prediction],
        set: &[usize],
        pick: Picked,
    ) -> Result<bool, GitError> {
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

fn changes(prediction: &Prediction, paths: &HashSet<Untrusted>) -> bool {
    let files = prediction.verdict.applied().map(|applied| &applied.files);
    files.is_some_and(|files| files.iter().any(|file| paths.contains(&file.path)))
}

/// Picks, and what they need in turn, in the order of the queue.
fn with_their_needs(before: &[Prediction], picks: &[usize]) -> Vec<usize> {
    let mut set: BTreeSet<usize> = picks.iter().copied().collect();
    // A need stands before what needs it, so one walk from the back finds all.
    for at in (0..before.len()).rev() {
        if let (true, Verdict::CleanAfter(_, needs)) = (set.contains(&at), &before[at].verdict) {
            set.extend((0..at).filter(|other| needs.picks.contains(&before[*other].pick.commit)));
        }
    }
    set.into_iter().collect()
}
