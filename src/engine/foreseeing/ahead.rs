//! What would make more of a queue apply: what conflicting picks need, and a better order.

use super::{Predictors, Run, Saying, short};
use crate::git::GitError;
use crate::git::predict::{Stand, Stuck};
use crate::release::ids::Oid;
use crate::release::picks::{BetterOrder, ChangeCommit, Foreseen, Needed, PickKey, QueueAsk, Remedy, Tally};
use crate::release::predict::{self, Candidate, Picked};
use crate::release::text::Untrusted;
use crate::turn::Event;

/// Remedies that are remembered.
const REMEDIES: usize = 2_000;

impl Predictors {
    /// Looks for what would make conflicting picks apply, each where it stands.
    pub(super) async fn remedy(
        &mut self,
        ask: &QueueAsk,
        run: &Run,
        saying: &mut Saying<'_>,
    ) -> Result<(), GitError> {
        let Some((predictor, _)) = self.lines.get_mut(&ask.line) else { return Ok(()) };
        let Some(tree) = predictor.tree_of(ask.tip, &run.cancel).await? else { return Ok(()) };
        let (mut ours, mut keys, mut stuck) = (tree, vec![], vec![]);
        for (key, commits) in &ask.queue {
            match saying.said.get(key) {
                Some(Foreseen::Conflict { .. }) => {
                    let picks: Vec<Picked> = commits.iter().map(picked).collect();
                    let at = (ask.tip, ours, picks.iter().map(|pick| pick.commit).collect::<Vec<_>>());
                    match self.remedies.get(&at) {
                        Some(known) => saying.remedied(key, known.clone()),
                        None => {
                            stuck.push(Stuck { onto: ours, picks });
                            keys.push((key, at));
                        }
                    }
                }
                Some(_) => ours = saying.trees.get(key).copied().unwrap_or(ours),
                None => {}
            }
        }
        let whole = |commit: Oid| {
            let has =
                |(_, commits): &&(PickKey, Vec<ChangeCommit>)| commits.iter().any(|it| it.oid == commit);
            let known = ask.queue.iter().chain(&ask.beside).find(has);
            known.map_or_else(Vec::new, |(_, commits)| commits.iter().map(picked).collect())
        };
        let remedies = &mut self.remedies;
        let mut heard = |number: usize, found: &predict::Remedy| {
            let Some((key, at)) = keys.get(number) else { return };
            let remedy = as_remedy(ask, found);
            remedies.insert(at.clone(), remedy.clone());
            saying.remedied(key, remedy);
        };
        predictor.remedies(ask.tip, &stuck, &whole, &run.cancel, &mut heard).await?;
        while self.remedies.len() > REMEDIES {
            self.remedies.pop_first();
        }
        Ok(())
    }

    /// Looks for an order of a queue in which more of it applies.
    pub async fn order(&mut self, ask: QueueAsk, run: &Run) {
        if run.cancel.is_cancelled() {
            return;
        }
        let found = self.better(&ask, run).await;
        if run.cancel.is_cancelled() {
            return;
        }
        let found = found.map_err(|why| Untrusted::from(why.to_string()));
        let _ = run.inbox.send(Event::Ordered(run.generation, Box::new(found)));
    }

    async fn better(&mut self, ask: &QueueAsk, run: &Run) -> Result<BetterOrder, GitError> {
        self.open(ask).await?;
        let Some((predictor, _)) = self.lines.get_mut(&ask.line) else { return Err(GitError::Missing) };
        let queue: Vec<Vec<Picked>> =
            ask.queue.iter().map(|(_, commits)| commits.iter().map(picked).collect()).collect();
        let found = predictor.order(ask.tip, &queue, &run.cancel).await?;
        let key = |at: &usize| ask.queue.get(*at).map(|(key, _)| key.clone());
        Ok(BetterOrder {
            line: ask.line.clone(),
            tip: ask.tip,
            moved: moved(&found.order)
                .into_iter()
                .filter_map(|(at, on)| Some((key(&at)?, on.as_ref().and_then(key))))
                .collect(),
            order: found.order.iter().filter_map(key).collect(),
            before: tally(&found.before),
            after: tally(&found.stands),
            whole: found.whole,
        })
    }
}

/// A commit of a pick, to be tried.
pub(super) fn picked(commit: &ChangeCommit) -> Picked {
    Picked { commit: commit.oid, mainline: commit.mainline }
}

/// What moved in an order of `0..n`, each with what it follows now: all but the longest run that kept its order.
fn moved(order: &[usize]) -> Vec<(usize, Option<usize>)> {
    // The length of the longest ascending run that ends at each place, and the place before it.
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(order.len());
    for (at, value) in order.iter().enumerate() {
        let before = (0..at).filter(|other| order[*other] < *value).max_by_key(|other| best[*other].0);
        best.push((before.map_or(1, |other| best[other].0 + 1), before));
    }
    let mut kept = vec![false; order.len()];
    let mut now = (0..order.len()).max_by_key(|at| (best[*at].0, std::cmp::Reverse(*at)));
    while let Some(at) = now {
        kept[at] = true;
        now = best[at].1;
    }
    let follows = |at: usize| at.checked_sub(1).map(|before| order[before]);
    (0..order.len()).filter(|at| !kept[*at]).map(|at| (order[at], follows(at))).collect()
}

fn tally(stands: &[Stand]) -> Tally {
    let count = |of: Stand| stands.iter().filter(|stand| **stand == of).count();
    Tally {
        applies: count(Stand::Applies),
        empty: count(Stand::Empty),
        conflicts: count(Stand::Conflicts),
        unknown: count(Stand::Unknown),
    }
}

/// A remedy as it is kept: commits as the picks that the queue knows them by.
fn as_remedy(ask: &QueueAsk, found: &predict::Remedy) -> Remedy {
    let count = |tried: &Vec<Candidate>| u32::try_from(tried.len()).unwrap_or(u32::MAX);
    match found {
        predict::Remedy::First(missing) => {
            let mut picks: Vec<Needed> = vec![];
            for it in &missing.picks {
                let commit = it.pick.commit;
                let has =
                    |(_, commits): &&(PickKey, Vec<ChangeCommit>)| commits.iter().any(|at| at.oid == commit);
                let known = ask.queue.iter().chain(&ask.beside).find(has);
                let pick = known.map_or(PickKey::Commit(commit), |(key, _)| key.clone());
                picks.retain(|known| known.pick != pick);
                picks.push(Needed { pick, commit, subject: short(&it.subject, 200) });
            }
            Remedy::First { picks, minimal: missing.minimal }
        }
        predict::Remedy::Owned { by, path, tried } => Remedy::Owned {
            commit: by.pick.commit,
            subject: short(&by.subject, 200),
            path: short(path, 300),
            tried: count(tried),
        },
        predict::Remedy::Nothing { tried, whole } => {
            Remedy::Nothing { tried: count(tried), given_up: !whole }
        }
    }
}
