//! What would make a conflicting pick apply: commits of the trunk put before it, verified by replay.
//!
//! The lines that both sides changed are traced back through the commits that the pick's side has and the line has not.
//! Those that touched them are put before the pick, oldest first; what conflicts among them is traced in turn. All this
//! is tried file by file in memory first ([`super::sketch`]), and by git's merge where that cannot tell. When the pick is
//! clean then, what can be spared is taken away, and what is left is replayed by git's merge as it is said. When it is
//! not, the lines are traced on the line's own side.

mod blame;
mod guess;

use super::Predictor;
use super::queue::Tried;
use super::touch::{Reach, Sides};
use crate::git::GitError;
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::predict::{Candidate, Conflict, ConflictFile, Missing, Picked, Remedy};
use crate::release::text::Untrusted;
use crate::spawn::Cancel;
use guess::Guess;
use std::collections::HashSet;

/// How often what conflicts is traced again after what was found is put before it.
const ROUNDS: usize = 4;
/// Commits that are put before a pick.
const MOST: usize = 16;
/// Of them, how many may conflict themselves before the others are not tried any more.
const CONFLICTS: usize = 6;
/// Merges for one pick beyond those that are remembered.
const MERGES: u64 = 40;
/// Picks that are tried as the only need.
const ONES: usize = 4;

/// Gives all commits of the pick that a commit belongs to, in their order; none when it is known to belong to none, and
/// stands for itself.
pub type Whole<'a> = dyn Fn(Oid) -> Vec<Picked> + Send + Sync + 'a;

/// What is put before a pick.
struct Put {
    /// What applies, in order.
    applied: Vec<Vec<Picked>>,
    /// What conflicts.
    conflicts: Vec<(Picked, Conflict)>,
    /// The tree after them.
    tree: Oid,
}

/// What was found so far.
#[derive(Clone, Default)]
struct Hunt {
    /// Commits that touched what conflicts.
    found: Vec<Oid>,
    /// Commits of which it was traced what is in their way.
    traced: HashSet<Oid>,
    /// Whether something was left out: there may be others that help.
    cut: bool,
}

/// What a search is about.
struct Search<'a> {
    sides: Sides,
    whole: &'a Whole<'a>,
    picks: &'a [Picked],
    onto: Oid,
    /// How many merges there may be at its end.
    last: u64,
}

/// A pick that conflicts where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stuck {
    /// The tree that it was tried on.
    pub onto: Oid,
    /// Its commits, in order: all of them apply, or it does not.
    pub picks: Vec<Picked>,
}

/// Gets the number of each pick that is stuck with its remedy, as soon as it is known.
pub type Remedied<'a> = dyn FnMut(usize, &Remedy) + Send + 'a;

impl Predictor {
    /// The history that matters to picks which were learnt.
    fn reach(&self, tip: Oid, picks: &[Picked]) -> Reach {
        let known = |commit: &Oid| self.objects.known(*commit).is_ok();
        Reach::of(picks.iter().map(|pick| pick.commit).filter(known).collect(), tip)
    }

    /// Begins to read the history that conflicts of a queue will be traced in, while the rest of it is tried.
    pub(super) fn begin_walk(&mut self, tip: Oid, queue: &[Picked]) {
        self.touches.begin(&self.place, self.reach(tip, queue));
    }

    /// Looks for what would make conflicting picks apply, each where it stands. `tip` is the commit that the queue was
    /// predicted on. What is said was replayed on the tree on which the pick conflicts.
    ///
    /// # Errors
    /// When git cannot be started, or `cancel` says so.
    pub async fn remedies(
        &mut self,
        tip: Oid,
        stuck: &[Stuck],
        whole: &Whole<'_>,
        cancel: &Cancel,
        heard: &mut Remedied<'_>,
    ) -> Result<(), GitError> {
        if stuck.is_empty() {
            return Ok(());
        }
        self.refresh(cancel).await?;
        if self.refused().is_some() {
            return Ok(());
        }
        let picks: Vec<Picked> = stuck.iter().flat_map(|it| it.picks.clone()).collect();
        self.learn(&picks).await?;
        let reach = self.reach(tip, &picks);
        let mut conflicts = Vec::with_capacity(stuck.len());
        for it in stuck {
            conflicts.push(match self.whole(it.onto, &it.picks).await? {
                Tried::Conflicts(pick, conflict) => Some((pick, conflict)),
                Tried::Applies(_) | Tried::Same | Tried::Unknown => None,
            });
        }
        if conflicts.iter().all(Option::is_none) {
            return Ok(());
        }
        let sides = self.touches.read(&self.place, reach).await?;
        self.desk.open(&self.place);
        for (number, (it, conflict)) in stuck.iter().zip(conflicts).enumerate() {
            let Some((pick, conflict)) = conflict else { continue };
            let (sides, last) = (sides.clone(), self.memo.made() + MERGES);
            let search = Search { sides, whole, picks: &it.picks, onto: it.onto, last };
            let remedy = self.search_remedy(&search, pick, *conflict).await?;
            heard(number, &remedy);
        }
        Ok(())
    }

    async fn search_remedy(
        &mut self,
        search: &Search<'_>,
        first: Picked,
        conflict: Conflict,
    ) -> Result<Remedy, GitError> {
        let mut hunt = Hunt { cut: !search.sides.trunk.is_whole(), ..Hunt::default() };
        let guess = self.sketched(search, (first, &conflict), &mut hunt).await?;
        if let Some(Guess::First(set)) = &guess
            && self.makes_clean(search, set).await?
        {
            return self.smallest(search, set.clone(), false).await;
        }
        if let Some(Guess::Stuck(units, paths)) = guess {
            let put = self.put_before(search, &units).await?;
            if matches!(self.whole(put.tree, search.picks).await?, Tried::Applies(_)) {
                return self.smallest(search, put.applied, true).await;
            }
            let mut left = conflict;
            let named = |file: &ConflictFile| paths.iter().any(|path| **path == *file.path.raw());
            if left.files.iter().any(named) {
                left.files.retain(named);
            }
            // It was not traced what is in the way of what looked as if it applied.
            let cut = hunt.cut || !put.conflicts.is_empty() || self.memo.made() > search.last;
            return self.unhelped(search, &put, &left, cut).await;
        }
        self.search_by_merges(search, first, conflict).await
    }

    /// The same by git's merge alone.
    async fn search_by_merges(
        &mut self,
        search: &Search<'_>,
        first: Picked,
        mut left: Conflict,
    ) -> Result<Remedy, GitError> {
        let mut hunt = Hunt { cut: !search.sides.trunk.is_whole(), ..Hunt::default() };
        let mut open = vec![(first, left.clone())];
        let mut put = Put { applied: vec![], conflicts: vec![], tree: search.onto };
        for round in 0..=ROUNDS {
            let before = hunt.found.len();
            for (of, conflict) in std::mem::take(&mut open) {
                hunt.traced.insert(of.commit);
                let clashes = self.clashes(&conflict).await?;
                self.touching(search, of.commit, clashes, &mut hunt).await?;
            }
            if hunt.found.len() == before {
                break;
            }
            if round == ROUNDS || self.memo.made() > search.last {
                hunt.cut = true;
                break;
            }
            let units = units(search, &hunt.found);
            if round == 0 && units.len() > 1 {
                // Most picks need one other, and that is most often the last that changed the same lines.
                let newest = &units[units.len() - 1..];
                if self.makes_clean(search, newest).await? {
                    return self.smallest(search, newest.to_vec(), true).await;
                }
            }
            put = self.put_before(search, &units).await?;
            hunt.cut |= put.applied.len() + put.conflicts.len() < units.len();
            match self.whole(put.tree, search.picks).await? {
                Tried::Applies(_) => return self.smallest(search, put.applied, true).await,
                Tried::Conflicts(pick, conflict) => {
                    left = (*conflict).clone();
                    open.push((pick, *conflict));
                }
                Tried::Same | Tried::Unknown => break,
            }
            let conflicts = std::mem::take(&mut put.conflicts).into_iter();
            open.extend(conflicts.filter(|(pick, _)| !hunt.traced.contains(&pick.commit)));
        }
        self.unhelped(search, &put, &left, hunt.cut).await
    }

    /// Nothing that was found helps: whether a commit of the line alone is in the way.
    async fn unhelped(
        &mut self,
        search: &Search<'_>,
        put: &Put,
        left: &Conflict,
        cut: bool,
    ) -> Result<Remedy, GitError> {
        let tried = put.applied.iter().flatten().map(|pick| self.candidate(*pick)).collect();
        Ok(match self.owner(search, left).await? {
            Some((by, path)) => Remedy::Owned { by, path, tried },
            None => Remedy::Nothing { tried, whole: !cut },
        })
    }

    fn candidate(&self, pick: Picked) -> Candidate {
        let subject = self.objects.known(pick.commit).map_or("", |facts| &facts.subject);
        Candidate { pick, subject: Untrusted::from(subject) }
    }

    /// Puts picks on the tree, each on top of those that apply.
    async fn put_before(&mut self, search: &Search<'_>, units: &[Vec<Picked>]) -> Result<Put, GitError> {
        let commits: Vec<Picked> = units.iter().flatten().copied().collect();
        self.learn(&commits).await?;
        let mut put = Put { applied: vec![], conflicts: vec![], tree: search.onto };
        for unit in units {
            if self.memo.made() > search.last || put.conflicts.len() >= CONFLICTS {
                break;
            }
            match self.whole(put.tree, unit).await? {
                Tried::Applies(tree) => {
                    put.tree = tree;
                    put.applied.push(unit.clone());
                }
                Tried::Conflicts(pick, conflict) => put.conflicts.push((pick, *conflict)),
                Tried::Same | Tried::Unknown => {}
            }
        }
        Ok(put)
    }

    /// Takes away what can be spared of what makes a pick clean, and replays what is left.
    async fn smallest(
        &mut self,
        search: &Search<'_>,
        mut set: Vec<Vec<Picked>>,
        ones: bool,
    ) -> Result<Remedy, GitError> {
        for at in (0..set.len()).rev().take(if ones { ONES } else { 0 }) {
            if set.len() > 1 && self.makes_clean(search, &set[at..=at]).await? {
                set = vec![set.swap_remove(at)];
            }
        }
        let mut minimal = true;
        loop {
            let (mut spared, mut at) = (false, 0);
            while at < set.len() && set.len() > 1 && minimal {
                minimal = self.memo.made() <= search.last;
                let mut fewer = set.clone();
                fewer.remove(at);
                if self.makes_clean(search, &fewer).await? {
                    (set, spared) = (fewer, true);
                } else {
                    at += 1;
                }
            }
            if !spared || !minimal {
                break;
            }
        }
        // What is said is what was replayed last, whole.
        if !self.makes_clean(search, &set).await? {
            return Ok(Remedy::Nothing { tried: vec![], whole: false });
        }
        let picks = set.iter().flatten().map(|pick| self.candidate(*pick)).collect();
        Ok(Remedy::First(Missing { picks, minimal }))
    }

    /// Whether a pick is clean after others, each of which applies.
    async fn makes_clean(&mut self, search: &Search<'_>, set: &[Vec<Picked>]) -> Result<bool, GitError> {
        let commits: Vec<Picked> = set.iter().flatten().copied().collect();
        self.learn(&commits).await?;
        let mut ours = search.onto;
        for unit in set {
            let Tried::Applies(tree) = self.whole(ours, unit).await? else { return Ok(false) };
            ours = tree;
        }
        Ok(matches!(self.whole(ours, search.picks).await?, Tried::Applies(_)))
    }
}

/// Commits as the picks that they belong to, the oldest first.
fn units(search: &Search<'_>, found: &[Oid]) -> Vec<Vec<Picked>> {
    let side = &search.sides.trunk;
    let mut found = found.to_vec();
    found.order_by_key(|oid| side.place(*oid));
    let mut units: Vec<Vec<Picked>> = vec![];
    for oid in found {
        let mut unit = (search.whole)(oid);
        if unit.is_empty() {
            unit = vec![Picked::from(oid)];
        }
        let has = |commit: Oid| unit.iter().any(|it| it.commit == commit);
        let own = search.picks.iter().any(|pick| has(pick.commit));
        if has(oid) && !own && !units.contains(&unit) {
            units.push(unit);
        }
    }
    units
}
