//! What a line has and the trunk has not, compared by patch: as `git cherry` tells it.

use super::cache::PatchCache;
use super::patches::colliding;
use crate::git::drift::{Equivalent, Evidence};
use crate::git::graph::{Graph, Set};
use crate::git::lines::Line;
use crate::git::{Git, GitError, Repository};
use crate::release::ids::Oid;
use crate::spawn::Cancel;
use std::collections::HashMap;

/// Whether a commit of a line is still to be compared: a name that it shows is surer than a patch, a subject is not.
fn is_open(evidence: Option<&Equivalent>) -> bool {
    evidence.is_none_or(|it| it.evidence == Evidence::Subject)
}

/// The commits that are compared, each with whether it is of the trunk: those of the lines without sure evidence, and
/// all of the trunk that one of these lines does not have. Merges have no patch, and what stands at the cut of a
/// shallow clone would show the whole tree.
fn sides(graph: &Graph, trunk: &Set, lines: &[Line]) -> Vec<(Oid, bool)> {
    let plain = |place: u32| !graph.is_merge(place) && !graph.is_cut(place);
    let mut own: Vec<Oid> = Vec::new();
    let mut sets = Vec::new();
    for line in lines {
        let open = line.drift.commits.iter().filter(|row| is_open(row.on_trunk.as_ref()));
        let open: Vec<Oid> =
            open.map(|row| row.commit.oid).filter(|oid| graph.place(*oid).is_some_and(plain)).collect();
        if !open.is_empty() {
            sets.extend(graph.set(line.tip));
            own.extend(open);
        }
    }
    own.sort_unstable();
    own.dedup();
    let unshared = graph.unshared(trunk, sets.iter()).into_iter();
    let of_trunk = unshared.filter(|place| trunk.has(*place) && plain(*place));
    let of_trunk: Vec<_> = of_trunk.map(|place| (graph.oid(place), true)).collect();
    own.into_iter().map(|oid| (oid, false)).chain(of_trunk).collect()
}

impl PatchCache {
    /// How many commits must be read before the drift of lines can be compared with the trunk by patch.
    #[must_use]
    pub fn unread_for(&self, graph: &Graph, trunk: Oid, lines: &[Line]) -> usize {
        let Some(trunk) = graph.set(trunk) else { return 0 };
        sides(graph, &trunk, lines).iter().filter(|(oid, _)| self.header(oid).is_none()).count()
    }
}

impl Git {
    /// Finds counterparts by patch for what lines have and nothing surer shows to be on the trunk: a commit of the
    /// trunk that the line does not have, and that changes the same in the same way. What `git cherry` marks with `-`.
    ///
    /// # Errors
    /// When git fails or is cancelled. What a partial clone lacks is not compared, and stays as it was.
    pub async fn compare_drift(
        &self,
        at: &Repository,
        graph: &Graph,
        trunk: Oid,
        lines: &mut [Line],
        cache: &mut PatchCache,
        cancel: &Cancel,
    ) -> Result<(), GitError> {
        let Some(trunk) = graph.set(trunk) else { return Ok(()) };
        let sides = sides(graph, &trunk, lines);
        if sides.first().is_none_or(|(_, of_trunk)| *of_trunk) {
            return Ok(());
        }
        let all: Vec<Oid> = sides.iter().map(|(oid, _)| *oid).collect();
        let read = async {
            self.read_headers(at, cache, &all, cancel).await?;
            let asked = colliding(cache, &sides, false);
            self.read_patches(at, cache, &asked, cancel).await
        };
        match read.await {
            Ok(_) => {}
            Err(_) if at.partial && !cancel.is_cancelled() => {}
            Err(why) => return Err(why),
        }
        // Where it cannot be written, the next start reads it again.
        let _unkept = cache.save().await;
        let mut by_patch: HashMap<[u8; 20], Vec<u32>> = HashMap::new();
        for (oid, _) in sides.iter().filter(|(_, of_trunk)| *of_trunk) {
            if let (Some(patch), Some(place)) = (cache.id(oid), graph.place(*oid)) {
                by_patch.entry(patch).or_default().push(place);
            }
        }
        for line in lines {
            let Some(own) = graph.set(line.tip) else { continue };
            for row in line.drift.commits.iter_mut().filter(|row| is_open(row.on_trunk.as_ref())) {
                let equal = cache.id(&row.commit.oid).and_then(|patch| by_patch.get(&patch));
                // What both have was taken over from one to the other in the graph: it says nothing of a second one.
                let equal = equal.into_iter().flatten().filter(|place| !own.has(**place));
                if let Some(oid) = equal.map(|place| graph.oid(*place)).min() {
                    row.on_trunk = Some(Equivalent { oid, evidence: Evidence::Patch });
                }
            }
        }
        Ok(())
    }
}
