//! What would make a pick apply, guessed in memory: git's merge has the last word.

use super::{Hunt, ROUNDS, Search, units};
use crate::git::GitError;
use crate::git::predict::Predictor;
use crate::git::predict::sketch::{Clash, Drawn, Scope, Sketch, Tell, draw};
use crate::release::ids::Oid;
use crate::release::predict::{Conflict, Picked};
use std::sync::Arc;

/// What a sketch says would come of it.
pub(super) enum Guess {
    /// With these put before it, it is clean.
    First(Vec<Vec<Picked>>),
    /// With these put before it, it still conflicts, in these files.
    Stuck(Vec<Vec<Picked>>, Vec<Arc<str>>),
}

/// Commits put on a sketch, each on top of those that apply.
struct Draft {
    sketch: Sketch,
    /// What applies, in order.
    applied: Vec<Vec<Picked>>,
    /// What conflicts, and how.
    open: Vec<(Oid, Vec<Clash>)>,
}

impl Predictor {
    /// Picks commits onto a sketch, one after the other.
    async fn draw(
        &mut self,
        search: &Search<'_>,
        (sketch, scope): (&Sketch, &Arc<Scope>),
        commits: Vec<Oid>,
        tell: Tell,
    ) -> Result<Drawn, GitError> {
        let (sides, sketch, scope) = (search.sides.clone(), sketch.clone(), scope.clone());
        self.at_desk(move |desk| draw(desk, (&sides, &scope), &sketch, &commits, tell)).await
    }

    /// What would help, tried in memory; none when that cannot tell.
    pub(super) async fn sketched(
        &mut self,
        search: &Search<'_>,
        (first, conflict): (Picked, &Conflict),
        hunt: &mut Hunt,
    ) -> Result<Option<Guess>, GitError> {
        let bare = Sketch::of(search.onto);
        let own: Vec<Oid> = search.picks.iter().map(|pick| pick.commit).collect();
        let scope = |units: &[Vec<Picked>]| {
            let paths = conflict.files.iter().map(|file| file.path.raw());
            let commits = own.iter().copied().chain(units.iter().flatten().map(|pick| pick.commit));
            Arc::new(Scope::of(&search.sides, paths, commits))
        };
        let drawn = self.draw(search, (&bare, &scope(&[])), own.clone(), Tell::All).await?;
        let Drawn::Clashes(mut left) = drawn else { return Ok(None) };
        let (mut open, mut applied) = (vec![(first.commit, left.clone())], vec![]);
        for round in 0..=ROUNDS {
            let before = hunt.found.len();
            for (of, clashes) in std::mem::take(&mut open) {
                hunt.traced.insert(of);
                self.touching(search, of, clashes, hunt).await?;
            }
            if hunt.found.len() == before {
                break;
            }
            if round == ROUNDS {
                hunt.cut = true;
                break;
            }
            let units = units(search, &hunt.found);
            // Where nothing more can be found, it does not matter how the others conflict.
            let tell = if hunt.is_full() { Tell::One } else { Tell::All };
            let scope = scope(&units);
            let draft = self.drafted(search, (&bare, &scope), &units, tell).await?;
            let Some(draft) = draft else { return Ok(None) };
            (applied, open) = (draft.applied, draft.open);
            match self.draw(search, (&draft.sketch, &scope), own.clone(), Tell::All).await? {
                Drawn::Applies(_) => return self.spared(search, &scope, applied).await.map(Some),
                Drawn::Clashes(clashes) => {
                    left.clone_from(&clashes);
                    open.insert(0, (first.commit, clashes));
                }
                Drawn::Unknown => return Ok(None),
            }
            open.retain(|(of, _)| *of == first.commit || !hunt.traced.contains(of));
        }
        Ok(Some(Guess::Stuck(applied, left.into_iter().map(|clash| clash.path).collect())))
    }

    /// Puts commits on a sketch; none when it cannot tell what comes of one.
    async fn drafted(
        &mut self,
        search: &Search<'_>,
        (bare, scope): (&Sketch, &Arc<Scope>),
        units: &[Vec<Picked>],
        tell: Tell,
    ) -> Result<Option<Draft>, GitError> {
        let mut draft = Draft { sketch: bare.clone(), applied: vec![], open: vec![] };
        for unit in units {
            if unit.iter().any(|pick| pick.mainline.is_some()) {
                return Ok(None);
            }
            let commits = unit.iter().map(|pick| pick.commit).collect();
            match self.draw(search, (&draft.sketch, scope), commits, tell).await? {
                Drawn::Applies(more) => {
                    draft.sketch = more;
                    draft.applied.push(unit.clone());
                }
                Drawn::Clashes(clashes) => {
                    draft.open.extend(unit.first().map(|pick| (pick.commit, clashes)));
                }
                Drawn::Unknown => return Ok(None),
            }
        }
        Ok(Some(draft))
    }

    /// Takes away what can be spared, tried in memory.
    async fn spared(
        &mut self,
        search: &Search<'_>,
        scope: &Arc<Scope>,
        mut set: Vec<Vec<Picked>>,
    ) -> Result<Guess, GitError> {
        let mut at = set.len();
        while at > 0 && set.len() > 1 {
            at -= 1;
            let mut fewer = set.clone();
            fewer.remove(at);
            let all = fewer.iter().flatten().chain(search.picks).map(|pick| pick.commit);
            let bare = Sketch::of(search.onto);
            let drawn = self.draw(search, (&bare, scope), all.collect(), Tell::One).await?;
            if matches!(drawn, Drawn::Applies(_)) {
                set = fewer;
            }
        }
        Ok(Guess::First(set))
    }
}
