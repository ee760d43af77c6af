//! Walking the chain: each pick on top of those before it.

use super::memo::Outcome;
use super::{Heard, Predictor};
use crate::git::run::text;
use crate::git::{GitError, Repository};
use crate::release::ids::Oid;
use crate::release::predict::{Applied, Conflict, Emptiness, Picked, Prediction, Verdict, Why};
use std::sync::Arc;

fn empty_tree(at: &Repository) -> Result<Oid, Why> {
    at.empty_tree().map_err(|why| Why::Failed(why.to_string().into()))
}

/// What came of trying all commits of a pick.
pub(super) enum Tried {
    /// It applies, and leaves this tree.
    Applies(Oid),
    /// It changes nothing.
    Same,
    /// This commit conflicts.
    Conflicts(Picked, Box<Conflict>),
    /// It cannot be told.
    Unknown,
}

impl Predictor {
    /// Tries a queue in order on a tree, and says each verdict. With the tip that the tree is of, the history that
    /// conflicts are traced in is read meanwhile.
    pub(super) async fn chain(
        &mut self,
        (tree, tip): (Oid, Option<Oid>),
        queue: &[Picked],
        heard: &mut Heard<'_>,
    ) -> Result<Vec<Prediction>, GitError> {
        self.learn(queue).await?;
        let mut ours = tree;
        let mut all = Vec::with_capacity(queue.len());
        for (number, pick) in queue.iter().enumerate() {
            let made = self.memo.made();
            let verdict = self.step(ours, *pick).await?;
            // A conflict that was known was traced before.
            if let (Some(tip), Verdict::Conflict(_)) = (tip, &verdict)
                && self.memo.made() > made
            {
                self.begin_walk(tip, queue);
            }
            let tried = !matches!(&verdict, Verdict::Unknown(_));
            let prediction = Prediction { pick: *pick, onto: tried.then_some(ours), verdict };
            ours = prediction.after().unwrap_or(ours);
            heard(number, &prediction);
            all.push(prediction);
        }
        Ok(all)
    }

    /// Reads what the commits of a queue are made of, all at once.
    pub(super) async fn learn(&mut self, queue: &[Picked]) -> Result<(), GitError> {
        let commits: Vec<_> = queue.iter().map(|pick| pick.commit).collect();
        self.objects.facts(&self.place, &commits).await?;
        let parents = queue.iter().filter_map(|pick| {
            let facts = self.objects.known(pick.commit).ok()?;
            let place = usize::from(pick.mainline.unwrap_or(1)).checked_sub(1)?;
            facts.parents.get(place).copied()
        });
        let parents: Vec<_> = parents.collect();
        self.objects.trees_of(&self.place, &parents).await
    }

    /// Base and theirs of a pick that was learnt.
    fn sides(&self, pick: Picked) -> Result<[Oid; 2], Why> {
        let facts = self.objects.known(pick.commit)?;
        let parents = facts.parents.len();
        let place = match pick.mainline {
            None if parents == 0 => return Ok([empty_tree(&self.place.at)?, facts.tree]),
            None if parents == 1 => Some(0),
            None => return Err(Why::NeedsMainline(parents)),
            Some(number) => usize::from(number).checked_sub(1),
        };
        let parent = place.and_then(|place| facts.parents.get(place)).ok_or(Why::NoSuchParent(parents))?;
        let missing = || Why::MissingObject(format!("its parent {parent}").into());
        Ok([self.objects.tree_known(*parent).ok_or_else(missing)?, facts.tree])
    }

    /// Tries one pick that was learnt on a tree.
    pub(super) async fn step(&mut self, ours: Oid, pick: Picked) -> Result<Verdict, GitError> {
        if let Some(why) = &self.place.settings.refused {
            return Ok(Verdict::Unknown(why.clone()));
        }
        let [base, theirs] = match self.sides(pick) {
            Ok(sides) => sides,
            Err(why) => return Ok(Verdict::Unknown(why)),
        };
        if base == theirs {
            return Ok(Verdict::Empty(Emptiness::NoChange));
        }
        let key = [ours, base, theirs];
        let outcome = match self.memo.get(&key) {
            Some(outcome) => outcome,
            None => match self.merge(key).await? {
                Ok(outcome) => {
                    self.memo.put(key, outcome.clone());
                    outcome
                }
                Err(why) => return Ok(Verdict::Unknown(why)),
            },
        };
        Ok(match outcome {
            Outcome::Applied(applied) => Verdict::Clean((*applied).clone()),
            Outcome::Same => Verdict::Empty(Emptiness::AlreadyThere),
            Outcome::Conflict(conflict) => {
                let mut conflict = (*conflict).clone();
                self.note_resolved(&mut conflict).await?;
                self.name_pick(&mut conflict, pick, theirs).await?;
                Verdict::Conflict(conflict)
            }
        })
    }

    /// Tries all commits of a pick on a tree: all of them apply, or it does not.
    pub(super) async fn whole(&mut self, tree: Oid, unit: &[Picked]) -> Result<Tried, GitError> {
        let mut ours = tree;
        for pick in unit {
            match self.step(ours, *pick).await? {
                Verdict::Clean(applied) | Verdict::CleanAfter(applied, _) => ours = applied.tree,
                Verdict::Empty(_) => {}
                Verdict::Conflict(conflict) => return Ok(Tried::Conflicts(*pick, Box::new(conflict))),
                Verdict::Unknown(_) => return Ok(Tried::Unknown),
            }
        }
        Ok(if ours == tree { Tried::Same } else { Tried::Applies(ours) })
    }

    async fn merge(&mut self, key: [Oid; 3]) -> Result<Result<Outcome, Why>, GitError> {
        let ours = key[0];
        let reads = (&mut self.objects, &mut self.changes);
        let answer = match self.merges.merge(&self.place, reads, key).await {
            Ok(Ok((answer, called))) => {
                // As a cherry-pick calls them; the pick itself is named later, since many have the same tree.
                let labels =
                    [[called[0].to_string(), "HEAD".into()], [called[1].to_string(), key[2].to_string()]];
                if !answer.clean {
                    return Ok(Ok(Outcome::Conflict(Arc::new(answer.conflict(&labels)))));
                }
                answer
            }
            Ok(Err(why)) => return Ok(Err(why)),
            Err(GitError::Failed { said, .. }) => {
                return Ok(Err(super::merge::reason(said.raw().as_bytes())));
            }
            Err(why) => return Err(why),
        };
        let tree = answer.tree;
        if tree == ours {
            return Ok(Ok(Outcome::Same));
        }
        match self.changes.between(&self.place, ours, tree).await {
            Ok(changed) => {
                if !changed.attributes {
                    self.merges.attributes.carry_over(ours, tree);
                }
                Ok(Ok(Outcome::Applied(Arc::new(Applied { tree, files: changed.files }))))
            }
            Err(GitError::Failed { said, .. }) => Ok(Err(super::merge::reason(said.raw().as_bytes()))),
            Err(why) => Err(why),
        }
    }

    /// Calls the pick by its id and subject, as a cherry-pick does, where the merge called it by its tree.
    async fn name_pick(
        &mut self,
        conflict: &mut Conflict,
        pick: Picked,
        theirs: Oid,
    ) -> Result<(), GitError> {
        let tree = theirs.to_string();
        let subject = self.objects.known(pick.commit).map_or("", |facts| &facts.subject).to_owned();
        let words = format!("{} ({subject})", pick.commit.short());
        for file in &mut conflict.files {
            if file.path.raw().contains(&tree) {
                let call = self.place.read("rev-parse").args(["--short", "--end-of-options"]);
                let short = text(&call.arg(pick.commit.to_string()), "rev-parse").await?;
                let short = short.lines().last().unwrap_or_default();
                // A path has no slash that is not its own: merge-ort puts an underscore.
                let name = format!("{short} ({subject})").replace('/', "_");
                file.path = file.path.raw().replace(&tree, &name).into();
            }
            for said in file.said.iter_mut().filter(|said| said.raw().contains(&tree)) {
                *said = said.raw().replace(&tree, &words).into();
            }
        }
        for said in conflict.said.iter_mut().filter(|said| said.raw().contains(&tree)) {
            *said = said.raw().replace(&tree, &words).into();
        }
        Ok(())
    }
}
