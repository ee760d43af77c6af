//! An order of a queue in which more of it applies, found by trying.

use super::Predictor;
use super::queue::Tried;
use crate::git::GitError;
use crate::git::run::{checked, lossy};
use crate::order::Order as _;
use crate::release::ids::Oid;
use crate::release::predict::Picked;
use crate::spawn::Cancel;
use std::collections::HashMap;

/// Merges beyond those that are remembered.
const MERGES: u64 = 3_000;

/// What would come of a pick in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stand {
    /// It applies.
    Applies,
    /// It changes nothing.
    Empty,
    /// It conflicts.
    Conflicts,
    /// It cannot be told.
    Unknown,
}

/// An order of a queue, each pick by its number in the queue as it was given, tried as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The order.
    pub order: Vec<usize>,
    /// What would come of each pick in it, in this order.
    pub stands: Vec<Stand>,
    /// What would come of each in the order that was given.
    pub before: Vec<Stand>,
    /// Whether the search came to its end, and was not given up.
    pub whole: bool,
}

/// An order that was tried: the tree before each pick, and the one after the last.
#[derive(Clone)]
struct Walk {
    order: Vec<usize>,
    stands: Vec<Stand>,
    trees: Vec<Oid>,
}

impl Walk {
    fn applied(&self) -> usize {
        self.stands.iter().filter(|stand| **stand == Stand::Applies).count()
    }

    fn conflicts(&self) -> usize {
        self.stands.iter().filter(|stand| **stand == Stand::Conflicts).count()
    }

    /// More of it applies, or as much and less of it conflicts.
    fn is_better_than(&self, other: &Self) -> bool {
        (self.applied(), other.conflicts()) > (other.applied(), self.conflicts())
    }
}

impl Predictor {
    /// Looks for an order in which more picks apply: each conflicting one is moved behind what it needs or before what
    /// is in its way, from the order that was given and from that of the trunk. Of orders that are as good the one that
    /// was given wins, then what starts from it. Picks of several commits apply whole or not at all.
    ///
    /// # Errors
    /// As [`Predictor::predict`].
    pub async fn order(
        &mut self,
        tip: Oid,
        queue: &[Vec<Picked>],
        cancel: &Cancel,
    ) -> Result<Found, GitError> {
        self.refresh(cancel).await?;
        let tree = self.known_tree(tip).await?;
        let all: Vec<Picked> = queue.iter().flatten().copied().collect();
        self.learn(&all).await?;
        let given: Vec<usize> = (0..queue.len()).collect();
        let last = self.memo.made() + MERGES;
        let given = self.walk(tree, given, queue).await?;
        let mut best = given.clone();
        if given.conflicts() > 0 {
            best = self.climb(given.clone(), queue, last).await?;
            if best.conflicts() > 0 && self.memo.made() <= last {
                let trunk = self.trunk_order(tip, queue).await?;
                let trunk = self.walk(tree, trunk, queue).await?;
                let other = self.climb(trunk, queue, last).await?;
                if other.is_better_than(&best) {
                    best = other;
                }
            }
        }
        let whole = self.memo.made() <= last;
        Ok(Found { order: best.order, stands: best.stands, before: given.stands, whole })
    }

    async fn walk(&mut self, tree: Oid, order: Vec<usize>, queue: &[Vec<Picked>]) -> Result<Walk, GitError> {
        let mut walk = Walk { order, stands: vec![], trees: vec![tree] };
        let mut ours = tree;
        for at in &walk.order {
            let stand = match self.whole(ours, &queue[*at]).await? {
                _ if queue[*at].is_empty() => Stand::Unknown,
                Tried::Applies(tree) => {
                    ours = tree;
                    Stand::Applies
                }
                Tried::Same => Stand::Empty,
                Tried::Conflicts(..) => Stand::Conflicts,
                Tried::Unknown => Stand::Unknown,
            };
            walk.stands.push(stand);
            walk.trees.push(ours);
        }
        Ok(walk)
    }

    /// Moves conflicting picks, one after the other, as long as that makes the order better.
    async fn climb(&mut self, start: Walk, queue: &[Vec<Picked>], last: u64) -> Result<Walk, GitError> {
        let mut best = start;
        'again: loop {
            let blocked: Vec<usize> =
                (0..best.order.len()).filter(|at| best.stands[*at] == Stand::Conflicts).collect();
            for from in blocked {
                // Behind what it needs: the first place further down where it applies. Else before what is in its way:
                // the last place further up.
                let down = from + 1..best.order.len();
                for to in down.chain((0..from).rev()) {
                    if self.memo.made() > last {
                        return Ok(best);
                    }
                    // The tree that the pick would be tried on, standing behind or before the one at `to`.
                    let onto = if to > from { best.trees[to + 1] } else { best.trees[to] };
                    let met = if to > from { best.trees[to] } else { best.trees[to + 1] };
                    if onto == met {
                        continue;
                    }
                    if !matches!(self.whole(onto, &queue[best.order[from]]).await?, Tried::Applies(_)) {
                        continue;
                    }
                    let mut order = best.order.clone();
                    let moved = order.remove(from);
                    order.insert(to, moved);
                    let walk = self.walk(best.trees[0], order, queue).await?;
                    if walk.is_better_than(&best) {
                        best = walk;
                        continue 'again;
                    }
                }
            }
            return Ok(best);
        }
    }

    /// The queue in the order of the trunk, parents first; what is not above the tip keeps its place behind the others.
    async fn trunk_order(&mut self, tip: Oid, queue: &[Vec<Picked>]) -> Result<Vec<usize>, GitError> {
        let known = queue.iter().flatten().filter(|pick| self.objects.known(pick.commit).is_ok());
        let mut asked: String = known.map(|pick| format!("{}\n", pick.commit)).collect();
        asked.push_str(&format!("^{tip}\n"));
        let call = self.place.read("rev-list").args(["--topo-order", "--reverse", "--stdin"]);
        let output = call.stdin(asked).run(&self.place.cancel).await?;
        let answer = match checked(output, "rev-list") {
            Ok(answer) => lossy(answer),
            // Where history cannot be walked, there is no other order to try.
            Err(GitError::Failed { .. } | GitError::TooLong(_)) => String::new(),
            Err(why) => return Err(why),
        };
        let places: HashMap<&str, usize> = answer.lines().zip(0..).collect();
        let place = |at: &usize| {
            let last = queue[*at].last().map(|pick| pick.commit.to_string()).unwrap_or_default();
            places.get(last.as_str()).copied().unwrap_or(usize::MAX)
        };
        let mut order: Vec<usize> = (0..queue.len()).collect();
        order.order_by_key(place);
        Ok(order)
    }
}
