//! The lines of a release compared with the trunk.

use super::commit::Commit;
use super::drift::{Drift, TrunkIndex};
use super::graph::{Graph, Set};
use super::{Git, GitError, Refs, Repository};
use crate::release::ids::{Branch, Oid, RefName, Tag};
use crate::release::text::Untrusted;
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// Which lines are read, and how much of each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinesAsk {
    /// The trunk; it is read as a line too.
    pub trunk: Branch,
    /// The lines: branches that the process's patterns match.
    pub branches: Vec<Branch>,
    /// The tags that are versions, candidates included, in ascending order of version.
    pub tags: Vec<Tag>,
    /// At most this many commits of a list are read; counts are always full.
    pub list_cap: usize,
}

/// The last tag of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LastTag {
    /// The tag.
    pub tag: Tag,
    /// Its commit.
    pub commit: Oid,
    /// Commits in the line and not in the tag.
    pub distance: u32,
}

/// A branch compared with the trunk. Counts are none where they cannot be told: in a shallow clone when history is
/// cut off inside what would be counted, and when there is no trunk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The branch.
    pub branch: Branch,
    /// The full ref that was read.
    pub reference: RefName,
    /// Its tip.
    pub tip: Oid,
    /// First line of the tip's message.
    pub subject: Untrusted,
    /// When the tip was committed.
    pub committed: DateTime<Utc>,
    /// Where it is checked out on this machine.
    pub checked_out: Option<PathBuf>,
    /// The tag nearest to the tip among those it contains; among equals the highest version.
    pub last_tag: Option<LastTag>,
    /// Commits here and not on the trunk.
    pub ahead: Option<u32>,
    /// Commits on the trunk and not here.
    pub behind: Option<u32>,
    /// The best common ancestor with the trunk.
    pub merge_base: Option<Oid>,
    /// Commits since the last tag; since the beginning when there is no tag.
    pub unreleased: Option<u32>,
    /// The newest of them, newest first, up to the cap.
    pub unreleased_commits: Vec<Commit>,
    /// Commits here and not on the trunk, and what is known of their counterparts there.
    pub drift: Drift,
}

/// What the graph alone says of a line.
#[derive(Clone)]
struct Shape {
    row: super::BranchRef,
    last_tag: Option<LastTag>,
    ahead: Option<u32>,
    behind: Option<u32>,
    merge_base: Option<Oid>,
    unreleased: Option<u32>,
    unreleased_oids: Vec<Oid>,
    drift_oids: Vec<Oid>,
    drift_total: u32,
}

impl Shape {
    fn line(self, unreleased_commits: Vec<Commit>, drift: Drift) -> Line {
        Line {
            drift,
            unreleased_commits,
            branch: self.row.name,
            reference: self.row.reference,
            tip: self.row.tip,
            subject: self.row.subject,
            committed: self.row.committed,
            checked_out: self.row.checked_out,
            last_tag: self.last_tag,
            ahead: self.ahead,
            behind: self.behind,
            merge_base: self.merge_base,
            unreleased: self.unreleased,
        }
    }
}

/// The lines as the graph alone tells them, before a message was read.
pub struct Outline {
    shapes: Vec<Shape>,
    trunk: Option<Set>,
}

impl Outline {
    /// How many messages are to be read before the lists are known.
    #[must_use]
    pub fn unread(&self, graph: &Graph) -> usize {
        let listed = |shape: &Shape| shape.unreleased_oids.len() + shape.drift_oids.len();
        let sets = self.shapes.iter().filter_map(|shape| graph.set(shape.row.tip));
        let of_trunk = self.trunk.as_ref().map_or(0, |trunk| graph.trunk_only(trunk, sets).len());
        self.shapes.iter().map(listed).sum::<usize>() + of_trunk
    }

    /// The lines, with every count, and without the commits of their lists.
    #[must_use]
    pub fn lines(&self) -> Vec<Line> {
        let bare = |shape: &Shape| {
            let drift = Drift { commits: Vec::new(), total: shape.drift_total };
            shape.clone().line(Vec::new(), drift)
        };
        self.shapes.iter().map(bare).collect()
    }
}

impl Git {
    /// Reads the lines: ahead and behind, last tag, unreleased commits, drift. `graph` is kept by the caller between
    /// refreshes, so that only new commits are read again. Lines that are not in `refs` are left out.
    ///
    /// # Errors
    /// When git fails.
    pub async fn lines(
        &self,
        at: &Repository,
        graph: &mut Graph,
        refs: &Refs,
        ask: &LinesAsk,
    ) -> Result<Vec<Line>, GitError> {
        let outline = self.outline(at, graph, refs, ask).await?;
        self.dress(at, graph, outline).await
    }

    /// Reads what [`Git::lines`] reads first: who is ahead and behind, tags and counts.
    ///
    /// # Errors
    /// When git fails.
    pub async fn outline(
        &self,
        at: &Repository,
        graph: &mut Graph,
        refs: &Refs,
        ask: &LinesAsk,
    ) -> Result<Outline, GitError> {
        let mut wanted: Vec<&Branch> = std::iter::once(&ask.trunk).chain(&ask.branches).collect();
        let mut seen = HashSet::new();
        wanted.retain(|branch| seen.insert(*branch));
        let rows: Vec<_> = wanted.into_iter().filter_map(|branch| refs.branches.get(branch)).collect();
        let tips: Vec<Oid> = rows.iter().map(|row| row.tip).collect();
        graph.extend(self, at, &tips).await?;
        let tags = Tagged::of(graph, refs, &ask.tags);
        let trunk = refs.branches.get(&ask.trunk).and_then(|row| graph.set(row.tip));
        let mut memo = HashMap::new();
        let mut shapes = Vec::with_capacity(rows.len());
        for row in rows {
            shapes.extend(shape(graph, row, trunk.as_ref(), &tags, ask, &mut memo));
        }
        Ok(Outline { shapes, trunk })
    }

    /// Adds the commits of the lists: one process for their messages, one for trunk subjects not read before.
    ///
    /// # Errors
    /// When git fails.
    pub async fn dress(
        &self,
        at: &Repository,
        graph: &mut Graph,
        outline: Outline,
    ) -> Result<Vec<Line>, GitError> {
        let Outline { shapes, trunk } = outline;
        let trunk = trunk.as_ref();
        let mut oids = Vec::new();
        let mut seen = HashSet::new();
        for shape in &shapes {
            let listed = shape.unreleased_oids.iter().chain(&shape.drift_oids);
            oids.extend(listed.filter(|oid| seen.insert(**oid)));
        }
        let commits = self.commits(at, &oids).await?;
        let by_oid: HashMap<Oid, &Commit> = commits.iter().map(|commit| (commit.oid, commit)).collect();
        if let Some(trunk) = trunk.filter(|_| shapes.iter().any(|shape| !shape.drift_oids.is_empty())) {
            let common = shapes.iter().filter_map(|shape| graph.set(shape.row.tip));
            let unread = graph.trunk_only(trunk, common);
            graph.read_subjects(self, at, &unread).await?;
        }
        let list = |oids: &[Oid]| -> Vec<Commit> {
            oids.iter().filter_map(|oid| by_oid.get(oid).map(|commit| (*commit).clone())).collect()
        };
        let index = trunk.map(|trunk| TrunkIndex::of(graph, trunk));
        let line = |shape: Shape| {
            let drift = Drift::judge(index.as_ref(), shape.drift_total, list(&shape.drift_oids));
            let unreleased = list(&shape.unreleased_oids);
            shape.line(unreleased, drift)
        };
        Ok(shapes.into_iter().map(line).collect())
    }
}

/// Version tags by the place of their commit in the graph.
struct Tagged<'a> {
    /// Of each tagged commit, its highest version and that one's rank.
    at: HashMap<u32, (usize, &'a Tag)>,
}

impl<'a> Tagged<'a> {
    fn of(graph: &Graph, refs: &Refs, ascending: &'a [Tag]) -> Self {
        let mut at = HashMap::new();
        for (rank, tag) in ascending.iter().enumerate() {
            if let Some(place) = refs.tags.get(tag).and_then(|row| graph.place(row.commit)) {
                at.insert(place, (rank, tag));
            }
        }
        Self { at }
    }
}

fn shape(
    graph: &Graph,
    row: &super::BranchRef,
    trunk: Option<&Set>,
    tags: &Tagged<'_>,
    ask: &LinesAsk,
    memo: &mut HashMap<u32, Set>,
) -> Option<Shape> {
    let own = graph.set(row.tip)?;
    let (last_tag, unreleased, unreleased_oids) = since_last_tag(graph, &own, tags, ask.list_cap, memo);
    let is_trunk = row.name == ask.trunk;
    let compared = trunk.filter(|_| !is_trunk).map(|trunk| graph.compare(&own, trunk, ask.list_cap));
    let (drift_total, drift_oids) =
        compared.as_ref().map_or((0, Vec::new()), |both| (both.unmerged, both.list.clone()));
    Some(Shape {
        row: row.clone(),
        last_tag,
        ahead: compared.as_ref().and_then(|both| both.ahead),
        behind: compared.as_ref().and_then(|both| both.behind),
        merge_base: compared.as_ref().and_then(|both| both.merge_base),
        unreleased,
        unreleased_oids,
        drift_oids,
        drift_total,
    })
}

/// The nearest tag of a line, how many commits came after it, and the newest of these.
fn since_last_tag(
    graph: &Graph,
    own: &Set,
    tags: &Tagged<'_>,
    cap: usize,
    memo: &mut HashMap<u32, Set>,
) -> (Option<LastTag>, Option<u32>, Vec<Oid>) {
    // A tag behind another tag is farther away than that one, so the walk stops at each tag.
    // Without tags there is nothing to walk for.
    let frontier = if tags.at.is_empty() {
        Vec::new()
    } else {
        graph.frontier(own, |place| tags.at.contains_key(&place))
    };
    let mut best: Option<(u32, std::cmp::Reverse<usize>, u32)> = None;
    for place in frontier {
        let set = memo.entry(place).or_insert_with(|| graph.set_at(place));
        let rank = tags.at.get(&place).map_or(0, |(rank, _)| *rank);
        let candidate = (own.len() - set.len(), std::cmp::Reverse(rank), place);
        if best.as_ref().is_none_or(|best| candidate < *best) {
            best = Some(candidate);
        }
    }
    let released = best.as_ref().and_then(|(_, _, place)| memo.get(place));
    let (count, list) = graph.difference(own, released, cap);
    let last = best.and_then(|(distance, _, place)| {
        let (_, tag) = tags.at.get(&place)?;
        Some(LastTag { tag: (*tag).clone(), commit: graph.oid(place), distance })
    });
    (last, count, list)
}
