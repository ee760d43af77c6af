//! What would make a conflicting pick apply: commits of the trunk put before it, verified by replay.
//!
//! The lines that both sides changed are traced back through the commits that the pick's side has and the line has not.
//! Those that touched them are put before the pick, oldest first; what conflicts among them is traced in turn. When
//! the pick is clean then, what can be spared is taken away, and what is left is replayed as it is said. When it is not,
//! the lines are traced on the line's own side.

use super::Predictor;
use super::objects::Found;
use super::queue::Tried;
use super::touch::{Range, Side as History};
use super::trace::{self, Step, Texts};
use crate::git::GitError;
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::predict::{
    Candidate, Conflict, ConflictFile, ConflictKind, Missing, Picked, Remedy, Side,
};
use crate::release::text::Untrusted;
use crate::spawn::Cancel;
use std::collections::HashSet;

/// How often what conflicts is traced again after what was found is put before it.
const ROUNDS: usize = 4;
/// Commits that are put before a pick.
const MOST: usize = 12;
/// Of them, how many may conflict themselves before the others are not tried any more.
const CONFLICTS: usize = 6;
/// Merges for one pick beyond those that are remembered.
const MERGES: u64 = 40;
/// Picks that are tried as the only need.
const ONES: usize = 4;
/// Files of a conflict that are traced, versions of each, and commits of a file that cannot be traced by lines.
const FILES: usize = 8;
const VERSIONS: usize = 24;
const WHOLE: usize = 6;
/// The largest text that is compared by lines, in bytes.
const TEXT: u64 = 512 << 10;

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

/// What a search is about.
struct Search<'a> {
    /// What the trunk has and the line has not.
    trunk: Range,
    /// What the line has and the trunk has not.
    line: Range,
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
        let picks: Vec<Picked> = stuck.iter().flat_map(|it| it.picks.clone()).collect();
        self.learn(&picks).await?;
        let mut heads: Vec<Oid> = picks.iter().map(|pick| pick.commit).collect();
        heads.retain(|commit| self.objects.known(*commit).is_ok());
        heads.order();
        heads.dedup();
        let trunk = Range { of: heads.clone(), without: vec![tip] };
        let line = Range { of: vec![tip], without: heads };
        let mut conflicts = Vec::with_capacity(stuck.len());
        for it in stuck {
            conflicts.push(match self.whole(it.onto, &it.picks).await? {
                Tried::Conflicts(pick, conflict) => Some((pick, conflict)),
                Tried::Applies(_) | Tried::Same | Tried::Unknown => None,
            });
        }
        // One walk for all: it costs much the same for one file and for a hundred.
        let paths = conflicts.iter().flatten().flat_map(|(_, conflict)| paths_of(conflict));
        self.touches.read(&self.place, &trunk, paths).await?;
        for (number, (it, conflict)) in stuck.iter().zip(conflicts).enumerate() {
            let Some((pick, conflict)) = conflict else { continue };
            let (trunk, line) = (trunk.clone(), line.clone());
            let last = self.memo.made() + MERGES;
            let search = Search { trunk, line, whole, picks: &it.picks, onto: it.onto, last };
            let remedy = self.search_remedy(&search, pick, *conflict).await?;
            heard(number, &remedy);
        }
        Ok(())
    }

    async fn search_remedy(
        &mut self,
        search: &Search<'_>,
        first: Picked,
        mut left: Conflict,
    ) -> Result<Remedy, GitError> {
        let (mut found, mut traced) = (Vec::<Oid>::new(), HashSet::new());
        let mut open = vec![(first, left.clone())];
        let mut put = Put { applied: vec![], conflicts: vec![], tree: search.onto };
        for round in 0..ROUNDS {
            let paths = open.iter().flat_map(|(_, conflict)| paths_of(conflict));
            self.touches.read(&self.place, &search.trunk, paths).await?;
            let before = found.len();
            for (of, conflict) in std::mem::take(&mut open) {
                traced.insert(of.commit);
                self.touching(&search.trunk, of.commit, &conflict, &mut found).await?;
            }
            if found.len() == before || self.memo.made() > search.last {
                break;
            }
            let units = self.units(search, &found);
            let commits: Vec<Picked> = units.iter().flatten().copied().collect();
            self.learn(&commits).await?;
            if round == 0 && units.len() > 1 {
                // Most picks need one other, and that is most often the last that changed the same lines.
                let newest = &units[units.len() - 1..];
                if self.makes_clean(search, newest).await? {
                    return self.smallest(search, newest.to_vec()).await;
                }
            }
            put = self.put_before(search, &units).await?;
            match self.whole(put.tree, search.picks).await? {
                Tried::Applies(_) => return self.smallest(search, put.applied).await,
                Tried::Conflicts(pick, conflict) => {
                    left = (*conflict).clone();
                    open.push((pick, *conflict));
                }
                Tried::Same | Tried::Unknown => break,
            }
            let conflicts = std::mem::take(&mut put.conflicts).into_iter();
            open.extend(conflicts.filter(|(pick, _)| !traced.contains(&pick.commit)));
        }
        let tried = put.applied.iter().flatten().map(|pick| self.candidate(*pick)).collect();
        Ok(match self.owner(search, &left).await? {
            Some((by, path)) => Remedy::Owned { by, path, tried },
            None => Remedy::Nothing { tried },
        })
    }

    fn candidate(&self, pick: Picked) -> Candidate {
        let subject = self.objects.known(pick.commit).map_or("", |facts| &facts.subject);
        Candidate { pick, subject: Untrusted::from(subject) }
    }

    /// Puts picks on the tree, each on top of those that apply.
    async fn put_before(&mut self, search: &Search<'_>, units: &[Vec<Picked>]) -> Result<Put, GitError> {
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
    async fn smallest(&mut self, search: &Search<'_>, mut set: Vec<Vec<Picked>>) -> Result<Remedy, GitError> {
        for at in (0..set.len()).rev().take(ONES) {
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
            return Ok(Remedy::Nothing { tried: vec![] });
        }
        let picks = set.iter().flatten().map(|pick| self.candidate(*pick)).collect();
        Ok(Remedy::First(Missing { picks, minimal }))
    }

    /// Whether a pick is clean after others, each of which applies.
    async fn makes_clean(&mut self, search: &Search<'_>, set: &[Vec<Picked>]) -> Result<bool, GitError> {
        let mut ours = search.onto;
        for unit in set {
            let Tried::Applies(tree) = self.whole(ours, unit).await? else { return Ok(false) };
            ours = tree;
        }
        Ok(matches!(self.whole(ours, search.picks).await?, Tried::Applies(_)))
    }

    /// Adds the commits that touched what conflicts when `of` is picked, the newest first.
    async fn touching(
        &mut self,
        trunk: &Range,
        of: Oid,
        conflict: &Conflict,
        found: &mut Vec<Oid>,
    ) -> Result<(), GitError> {
        for file in conflict.files.iter().take(FILES) {
            let side = self.touches.side(trunk);
            let own = side.place(of);
            // What a pick did itself is in its way in no case, nor is what came later.
            let is_older = |step: &&Step| step.commit != of && side.place(step.commit) <= own;
            let steps: Vec<Step> = side.steps(file.path.raw()).iter().filter(is_older).copied().collect();
            let lines = match file.base {
                Some(base) => self.by_lines(file, base.oid, steps.clone(), base.oid, true).await?,
                None => None,
            };
            let all = || steps.iter().take(WHOLE).map(|step| step.commit).collect();
            for commit in lines.unwrap_or_else(all) {
                if found.len() < MOST && !found.contains(&commit) {
                    found.push(commit);
                }
            }
        }
        Ok(())
    }

    /// Commits as the picks that they belong to, the oldest first.
    fn units(&mut self, search: &Search<'_>, found: &[Oid]) -> Vec<Vec<Picked>> {
        let side: &History = self.touches.side(&search.trunk);
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

    /// Traces the lines that both sides changed, from the base or from ours back to where `steps` begin. None where there
    /// are no lines to trace.
    async fn by_lines(
        &mut self,
        file: &ConflictFile,
        base: Oid,
        mut steps: Vec<Step>,
        from: Oid,
        of_base: bool,
    ) -> Result<Option<Vec<Oid>>, GitError> {
        let ([Some(ours), Some(theirs)], ConflictKind::Content) = ([file.ours, file.theirs], file.kind)
        else {
            return Ok(None);
        };
        let is_file = |side: &Side| side.mode & 0o170_000 == 0o100_000;
        if ![ours, theirs].iter().all(is_file) {
            return Ok(None);
        }
        let mut now = Some(from);
        steps.retain(|step| {
            let leads = now.is_some() && step.new == now;
            if leads {
                now = step.old;
            }
            leads
        });
        steps.truncate(VERSIONS);
        let mut wanted = vec![base, ours.oid, theirs.oid, from];
        wanted.extend(steps.iter().flat_map(|step| [step.old, step.new]).flatten());
        let Some(texts) = self.texts(wanted).await? else { return Ok(None) };
        let ours = ours.oid;
        let theirs = theirs.oid;
        let traced = tokio::task::spawn_blocking(move || {
            let (before, after) =
                trace::contested(texts.get(&base)?, texts.get(&ours)?, texts.get(&theirs)?)?;
            let ranges =
                if of_base { before } else { trace::carried(texts.get(&from)?, texts.get(&ours)?, after)? };
            trace::trace(&steps, from, ranges, &texts, MOST)
        });
        traced.await.map_err(|_| GitError::Unreadable {
            command: "predict".into(),
            why: "the tracing of lines broke off".into(),
        })
    }

    /// The texts of blobs; none when one is missing, large or has no lines.
    async fn texts(&mut self, mut wanted: Vec<Oid>) -> Result<Option<Texts>, GitError> {
        wanted.order();
        wanted.dedup();
        let names: Vec<_> = wanted.iter().map(Oid::to_string).collect();
        let sizes = self.objects.read(&self.place, "info", &names).await?;
        let fits = |found: &Found| matches!(found, Found::Here { size, .. } if *size <= TEXT);
        if !sizes.iter().all(fits) {
            return Ok(None);
        }
        let mut texts = Texts::new();
        for (oid, found) in wanted.into_iter().zip(self.objects.read(&self.place, "contents", &names).await?)
        {
            match found {
                Found::Here { bytes, .. } if !bytes.contains(&0) => texts.insert(oid, bytes),
                _ => return Ok(None),
            };
        }
        Ok(Some(texts))
    }

    /// The newest commit of the line alone that changed what conflicts, and the file.
    async fn owner(
        &mut self,
        search: &Search<'_>,
        conflict: &Conflict,
    ) -> Result<Option<(Candidate, Untrusted)>, GitError> {
        self.touches.read(&self.place, &search.line, paths_of(conflict)).await?;
        for file in conflict.files.iter().take(FILES) {
            let steps = self.touches.side(&search.line).steps(file.path.raw()).to_vec();
            let lines = match (file.base, steps.first().and_then(|step| step.new)) {
                (Some(base), Some(here)) => self.by_lines(file, base.oid, steps.clone(), here, false).await?,
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

/// The files of a conflict, as git takes them a line each.
fn paths_of(conflict: &Conflict) -> impl Iterator<Item = &str> {
    let paths = conflict.files.iter().take(FILES).map(|file| file.path.raw());
    paths.filter(|path| !path.contains('\n'))
}
