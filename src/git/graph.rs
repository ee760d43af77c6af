//! The commit graph in memory: who descends from whom, counted for all lines from one `git rev-list`.
//!
//! libgit2 1.9.7 rejects git's commit-graph file and walks 27 times slower, so git walks and we keep the answer. Where
//! git keeps a commit-graph, that is where it begins. A refresh reads only commits that are new since the last one.

use super::by_id::ById;
use super::find::Repository;
use super::graph_file::Altered;
use super::read::Fields;
use super::run::{Git, lossy};
use super::{GitError, run};
use crate::release::ids::Oid;
use std::collections::{BinaryHeap, HashMap};
use std::path::PathBuf;

/// Commits and their parents, by place.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    pub(super) oids: Vec<Oid>,
    places: HashMap<Oid, u32, ById>,
    /// Commit time in seconds since 1970, for the order of lists.
    pub(super) times: Vec<i64>,
    /// Where the parents of each place start in `flat`, and how many they are.
    pub(super) parents: Vec<(u32, u32)>,
    pub(super) flat: Vec<u32>,
    /// Whether the commit itself was read, not only named as a parent.
    pub(super) read: Vec<bool>,
    /// Commits whose whole history is known.
    pub(super) tips: Vec<Oid>,
    pub(super) altered: Altered,
    pub(super) cut: Vec<u32>,
    pub(super) subjects: HashMap<u32, super::drift::TrunkSubject>,
    /// Where it is kept on disk.
    pub(super) file: Option<PathBuf>,
}

/// A commit and its ancestors.
#[derive(Debug, Clone)]
pub(super) struct Set {
    bits: Vec<u64>,
    len: u32,
    tip: u32,
}

impl Set {
    pub(super) fn has(&self, place: u32) -> bool {
        self.bits.get(place as usize / 64).is_some_and(|word| word >> (place % 64) & 1 == 1)
    }

    /// How many commits it holds.
    pub(super) fn len(&self) -> u32 {
        self.len
    }
}

/// Two sets compared.
pub(super) struct Compared {
    /// Commits of the first alone; none when history is cut off among them.
    pub(super) ahead: Option<u32>,
    /// Commits of the second alone.
    pub(super) behind: Option<u32>,
    /// The best common ancestor, the newest of several.
    pub(super) merge_base: Option<Oid>,
    /// The newest commits of the first alone, without merges.
    pub(super) list: Vec<Oid>,
    /// How many there are of these.
    pub(super) unmerged: u32,
}

impl Graph {
    /// An empty graph.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// How many commits are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.oids.len()
    }

    /// Whether no commit is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.oids.is_empty()
    }

    /// An empty graph, of a repository where git is told other parents or is not, that is kept in a file or is not.
    pub(super) fn nothing(altered: Altered, file: Option<PathBuf>) -> Self {
        Self { altered, file, ..Self::default() }
    }

    /// An empty graph with room for so many commits.
    pub(super) fn with_capacity(count: usize) -> Self {
        Self {
            oids: Vec::with_capacity(count),
            places: HashMap::with_capacity_and_hasher(count, ById::default()),
            times: Vec::with_capacity(count),
            parents: Vec::with_capacity(count),
            flat: Vec::with_capacity(count + count / 4),
            read: Vec::with_capacity(count),
            ..Self::default()
        }
    }

    pub(super) fn settle(&mut self, oid: Oid) -> u32 {
        if let Some(place) = self.places.get(&oid) {
            return *place;
        }
        let place = narrow(self.oids.len());
        self.places.insert(oid, place);
        self.oids.push(oid);
        self.times.push(0);
        self.parents.push((0, 0));
        self.read.push(false);
        place
    }

    pub(super) fn place(&self, oid: Oid) -> Option<u32> {
        self.places.get(&oid).copied()
    }

    pub(super) fn oid(&self, place: u32) -> Oid {
        self.oids[place as usize]
    }

    pub(super) fn parents_of(&self, place: u32) -> &[u32] {
        let (start, count) = self.parents[place as usize];
        &self.flat[start as usize..(start + count) as usize]
    }

    /// A commit and its ancestors; none when it is not known.
    pub(super) fn set(&self, tip: Oid) -> Option<Set> {
        let place = self.place(tip)?;
        self.read[place as usize].then(|| self.set_at(place))
    }

    pub(super) fn set_at(&self, tip: u32) -> Set {
        let mut set = Set { bits: vec![0; self.oids.len().div_ceil(64)], len: 0, tip };
        let mut stack = vec![tip];
        while let Some(place) = stack.pop() {
            let word = &mut set.bits[place as usize / 64];
            if *word >> (place % 64) & 1 == 1 {
                continue;
            }
            *word |= 1 << (place % 64);
            set.len += 1;
            stack.extend_from_slice(self.parents_of(place));
        }
        set
    }

    /// The commits that `stop` holds for, and that a walk from the tip meets first.
    pub(super) fn frontier(&self, set: &Set, stop: impl Fn(u32) -> bool) -> Vec<u32> {
        let (mut stack, mut found) = (vec![set.tip], Vec::new());
        let mut seen = vec![0u64; self.oids.len().div_ceil(64)];
        while let Some(place) = stack.pop() {
            let word = &mut seen[place as usize / 64];
            if *word >> (place % 64) & 1 == 1 {
                continue;
            }
            *word |= 1 << (place % 64);
            if stop(place) {
                found.push(place);
            } else {
                stack.extend_from_slice(self.parents_of(place));
            }
        }
        found
    }

    /// How many commits `own` has beyond `other` (all of them when there is no other), and the newest of them in
    /// the order of `git log`. The count is none when history is cut off among them.
    pub(super) fn difference(&self, own: &Set, other: Option<&Set>, cap: usize) -> (Option<u32>, Vec<Oid>) {
        let outside = |place: u32| other.is_some_and(|other| other.has(place));
        let count = own.len() - other.map_or(0, |other| common(own, other));
        let list = self.newest(own.tip, &outside).take(cap).map(|place| self.oid(place)).collect();
        (self.uncut(own, other).then_some(count), list)
    }

    /// Compares a line with the trunk.
    pub(super) fn compare(&self, own: &Set, trunk: &Set, cap: usize) -> Compared {
        let shared = common(own, trunk);
        let (mut list, mut unmerged) = (Vec::new(), 0);
        for place in self.newest(own.tip, &|place| trunk.has(place)) {
            if self.parents_of(place).len() < 2 {
                unmerged += 1;
                if list.len() < cap {
                    list.push(self.oid(place));
                }
            }
        }
        let told = self.uncut(own, Some(trunk))
            && self.uncut(trunk, Some(own))
            && (shared > 0 || self.cut.is_empty());
        Compared {
            ahead: told.then(|| own.len() - shared),
            behind: told.then(|| trunk.len() - shared),
            merge_base: self.merge_base(own, trunk),
            list,
            unmerged,
        }
    }

    /// Whether history is whole among the commits of `own` that `other` does not have: then what is hidden behind
    /// a cut is behind both, and counts are right.
    fn uncut(&self, own: &Set, other: Option<&Set>) -> bool {
        self.cut.iter().all(|place| !own.has(*place) || other.is_some_and(|other| other.has(*place)))
    }

    /// The newest of the common ancestors that are no ancestor of another common one, as `git merge-base` prints.
    fn merge_base(&self, one: &Set, two: &Set) -> Option<Oid> {
        // The best ones are met first by a walk from a tip. Where that meets one alone, there is no other.
        let met = self.frontier(one, |place| two.has(place));
        if met.len() < 2 {
            return met.first().map(|place| self.oid(*place));
        }
        let both = |word: usize| one.bits[word] & two.bits[word];
        let mut best = vec![0u64; one.bits.len().min(two.bits.len())];
        (0..best.len()).for_each(|word| best[word] = both(word));
        for place in members(&best.clone()) {
            for parent in self.parents_of(place) {
                best[*parent as usize / 64] &= !(1 << (parent % 64));
            }
        }
        members(&best).max_by_key(|place| self.times[*place as usize]).map(|place| self.oid(place))
    }

    /// Places from a tip down, newest first, children before parents, `outside` and what is behind it left out.
    fn newest<'a>(&'a self, tip: u32, outside: &'a dyn Fn(u32) -> bool) -> impl Iterator<Item = u32> + 'a {
        let mut heap = BinaryHeap::new();
        let mut seen = std::collections::HashSet::new();
        let mut order = 0u64;
        if !outside(tip) {
            seen.insert(tip);
            heap.push((self.times[tip as usize], std::cmp::Reverse(order), tip));
        }
        std::iter::from_fn(move || {
            let (_, _, place) = heap.pop()?;
            for parent in self.parents_of(place) {
                if !outside(*parent) && seen.insert(*parent) {
                    order += 1;
                    heap.push((self.times[*parent as usize], std::cmp::Reverse(order), *parent));
                }
            }
            Some(place)
        })
    }

    /// Commits of the trunk that one of the lines at least does not have.
    pub(super) fn trunk_only(&self, trunk: &Set, lines: impl Iterator<Item = Set>) -> Vec<u32> {
        let mut in_all = trunk.bits.clone();
        for line in lines {
            in_all.iter_mut().zip(&line.bits).for_each(|(word, other)| *word &= other);
        }
        let bits: Vec<u64> = trunk.bits.iter().zip(&in_all).map(|(own, all)| own & !all).collect();
        members(&bits).filter(|place| !self.subjects.contains_key(place)).collect()
    }

    /// Reads the subjects of commits and keeps of each what tells a backport of it.
    pub(super) async fn read_subjects(
        &mut self,
        git: &Git,
        at: &Repository,
        places: &[u32],
    ) -> Result<(), GitError> {
        if places.is_empty() {
            return Ok(());
        }
        let asked: String = places.iter().map(|place| format!("{}\n", self.oid(*place))).collect();
        let call = git
            .read(at, "log")
            .args(["--no-walk=unsorted", "--stdin", "--no-show-signature", "--no-patch", "--no-notes"])
            .arg("--format=%H%x00%s%x00")
            .stdin(asked);
        let answer = lossy(run::stdout(&call, "log").await?);
        let mut fields = Fields::of(&answer, "log");
        while fields.more() {
            let (oid, subject) = (fields.oid()?, fields.next()?);
            if let Some(place) = self.place(oid) {
                self.subjects.insert(place, super::drift::TrunkSubject::of(subject));
            }
        }
        Ok(())
    }

    /// When a commit was committed, in seconds since 1970.
    pub(super) fn time(&self, place: u32) -> i64 {
        self.times[place as usize]
    }

    /// The commits that one of the lines and the trunk do not share, in no order.
    pub(super) fn unshared<'a>(&self, trunk: &Set, lines: impl Iterator<Item = &'a Set>) -> Vec<u32> {
        let mut bits = vec![0u64; trunk.bits.len()];
        for line in lines {
            for (at, word) in bits.iter_mut().enumerate() {
                *word |= trunk.bits[at] ^ line.bits.get(at).copied().unwrap_or_default();
            }
        }
        members(&bits).filter(|place| self.read[*place as usize]).collect()
    }

    /// Whether its parents are known to git and cut off here, so that its own change cannot be told.
    pub(super) fn is_cut(&self, place: u32) -> bool {
        self.cut.contains(&place)
    }

    pub(super) fn is_merge(&self, place: u32) -> bool {
        self.parents_of(place).len() > 1
    }
}

fn common(one: &Set, two: &Set) -> u32 {
    one.bits.iter().zip(&two.bits).map(|(one, two)| (one & two).count_ones()).sum()
}

fn members(bits: &[u64]) -> impl Iterator<Item = u32> + '_ {
    bits.iter().enumerate().flat_map(|(at, word)| {
        (0..64).filter(move |bit| word >> bit & 1 == 1).map(move |bit| narrow(at * 64) + bit)
    })
}

/// Histories have far fewer commits than four thousand million; git's own graph file counts them in 32 bits too.
pub(super) fn narrow(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
