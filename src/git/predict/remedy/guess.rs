//! What would make a pick apply, guessed in memory: git's merge has the last word.

use super::{Hunt, ROUNDS, Search};
use crate::git::GitError;
use crate::git::predict::Predictor;
use crate::git::predict::sketch::{Clash, Drawn, Sketch};
use crate::release::ids::Oid;
use crate::release::predict::Picked;
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
    /// What would help, tried in memory; none when that cannot tell.
    pub(super) async fn sketched(
        &mut self,
        search: &Search<'_>,
        first: Picked,
        hunt: &mut Hunt,
    ) -> Result<Option<Guess>, GitError> {
        let sides = [&search.trunk, &search.line];
        let bare = Sketch::of(search.onto);
        let own = || search.picks.iter().map(|pick| pick.commit);
        self.read_ahead(&search.trunk, search.onto, own()).await?;
        let Drawn::Clashes(mut left) = self.draw(sides, &bare, own()).await? else { return Ok(None) };
        let (mut open, mut applied) = (vec![(first.commit, left.clone())], vec![]);
        for round in 0..=ROUNDS {
            let before = hunt.found.len();
            for (of, clashes) in std::mem::take(&mut open) {
                hunt.traced.insert(of);
                self.touching(&search.trunk, of, &clashes, hunt).await?;
            }
            if hunt.found.len() == before {
                break;
            }
            if round == ROUNDS {
                hunt.cut = true;
                break;
            }
            let units = self.units(search, &hunt.found);
            let Some(draft) = self.drafted(search, &bare, &units).await? else { return Ok(None) };
            (applied, open) = (draft.applied, draft.open);
            match self.draw(sides, &draft.sketch, own()).await? {
                Drawn::Applies(_) => return self.spared(search, applied).await.map(Some),
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
        bare: &Sketch,
        units: &[Vec<Picked>],
    ) -> Result<Option<Draft>, GitError> {
        let sides = [&search.trunk, &search.line];
        let mut draft = Draft { sketch: bare.clone(), applied: vec![], open: vec![] };
        let commits = units.iter().flatten().map(|pick| pick.commit);
        self.read_ahead(&search.trunk, search.onto, commits).await?;
        for unit in units {
            if unit.iter().any(|pick| pick.mainline.is_some()) {
                return Ok(None);
            }
            match self.draw(sides, &draft.sketch, unit.iter().map(|pick| pick.commit)).await? {
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
    async fn spared(&mut self, search: &Search<'_>, mut set: Vec<Vec<Picked>>) -> Result<Guess, GitError> {
        let sides = [&search.trunk, &search.line];
        let mut at = set.len();
        while at > 0 && set.len() > 1 {
            at -= 1;
            let mut fewer = set.clone();
            fewer.remove(at);
            let all = fewer.iter().flatten().chain(search.picks).map(|pick| pick.commit);
            let drawn = self.draw(sides, &Sketch::of(search.onto), all).await?;
            if matches!(drawn, Drawn::Applies(_)) {
                set = fewer;
            }
        }
        Ok(Guess::First(set))
    }
}
