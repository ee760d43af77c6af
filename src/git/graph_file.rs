//! The commit graph on disk, so that a new process reads only commits that are new.
//!
//! A commit never changes its parents, so what is kept is true for ever, of whatever repository. Where git is told
//! otherwise (a shallow clone, `info/grafts`, replaced objects), or where that cannot be seen without git (a reftable),
//! nothing is kept.

use super::find::Repository;
use super::graph::Graph;
use super::store;
use crate::release::ids::Oid;
use std::path::Path;

/// The first bytes of the file: its form and version.
const MAGIC: &[u8; 16] = b"gonogo-history/1";

/// What makes git tell other parents than commits name; empty where nothing does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Altered {
    /// The content of the `shallow` file, which cuts parents off.
    pub shallow: Vec<u8>,
    grafts: Vec<u8>,
    /// The refs of replaced objects, with what is in their place.
    replaced: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Altered {
    pub(super) fn of(at: &Repository) -> Self {
        let read = |name: &str| std::fs::read(at.common_dir.join(name)).unwrap_or_default();
        let mut replaced = Vec::new();
        for entry in std::fs::read_dir(at.common_dir.join("refs/replace")).into_iter().flatten().flatten() {
            let target = std::fs::read(entry.path()).unwrap_or_default();
            replaced.push((entry.file_name().into_encoded_bytes(), target));
        }
        let packed = read("packed-refs");
        for line in packed.split(|byte| *byte == b'\n') {
            let mut words = line.splitn(2, |byte| *byte == b' ');
            if let (Some(target), Some(name)) = (words.next(), words.next())
                && let Some(name) = name.strip_prefix(b"refs/replace/")
            {
                replaced.push((name.to_vec(), target.to_vec()));
            }
        }
        replaced.sort_unstable();
        let shallow = if at.shallow { read("shallow") } else { Vec::new() };
        Self { shallow, grafts: read("info/grafts"), replaced }
    }

    /// Whether objects are replaced, as far as refs can be seen without git.
    pub(super) fn replaces(&self) -> bool {
        !self.replaced.is_empty()
    }
}

impl Graph {
    /// The graph of a repository as a directory keeps it; empty when there is none yet, or when it is damaged. Without
    /// a directory it lives in memory.
    #[must_use]
    pub fn open(dir: Option<&Path>, at: &Repository) -> Self {
        let Some(dir) = dir.filter(|_| !at.reftable) else { return Self::default() };
        let file = store::file_of(dir, at);
        let altered = Altered::of(at);
        let known = || decode(&std::fs::read(&file).ok()?);
        let mut graph =
            if altered == Altered::default() { known().unwrap_or_default() } else { Self::default() };
        graph.altered = altered;
        graph.file = Some(file);
        graph
    }

    /// Writes its file, if it has one: a new file, readable to its owner alone, put in the place of the old.
    ///
    /// # Errors
    /// What the system says. Nothing is lost: the next process reads again.
    pub fn save(&self) -> std::io::Result<()> {
        let Some(file) = self.file.as_deref().filter(|_| self.altered == Altered::default()) else {
            return Ok(());
        };
        encode(self).map_or(Ok(()), |bytes| store::replace(file, bytes))
    }
}

/// The length of an id, how many commits, their ids; then of each the time since the one before, how many parents, and
/// how far off each is. None when a commit was named and not read.
fn encode(graph: &Graph) -> Option<Vec<u8>> {
    let size = graph.oids.first()?.bytes().len();
    let mut bytes = Vec::with_capacity(MAGIC.len() + 8 + graph.oids.len() * (size + 10));
    bytes.extend_from_slice(MAGIC);
    bytes.push(u8::try_from(size).ok()?);
    number(&mut bytes, graph.oids.len() as u64);
    for oid in &graph.oids {
        let oid = oid.bytes();
        (oid.len() == size).then(|| bytes.extend_from_slice(oid))?;
    }
    let mut before = 0;
    for place in 0..graph.oids.len() {
        graph.read[place].then_some(())?;
        signed(&mut bytes, graph.times[place].wrapping_sub(before));
        before = graph.times[place];
        let own = u32::try_from(place).ok()?;
        let parents = graph.parents_of(own);
        number(&mut bytes, parents.len() as u64);
        for parent in parents {
            signed(&mut bytes, i64::from(*parent) - i64::from(own));
        }
    }
    Some(bytes)
}

fn decode(bytes: &[u8]) -> Option<Graph> {
    let body = store::unseal(bytes, MAGIC)?;
    let (size, body) = body.split_first()?;
    let size = usize::from(*size);
    let mut rest = body;
    let count = usize::try_from(take(&mut rest)?).ok()?;
    let (oids, mut rest) = rest.split_at_checked(count.checked_mul(size)?)?;
    let mut graph = Graph::with_capacity(count);
    for oid in oids.chunks_exact(size) {
        let place = graph.oids.len();
        (graph.settle(Oid::from_bytes(oid)?) as usize == place).then_some(())?;
    }
    let mut has_child = vec![false; count];
    let mut time = 0i64;
    for place in 0..count {
        time = time.wrapping_add(unsigned(take(&mut rest)?));
        graph.times[place] = time;
        let parents = usize::try_from(take(&mut rest)?).ok()?;
        let start = graph.flat.len();
        for _ in 0..parents {
            let off = unsigned(take(&mut rest)?);
            let parent = usize::try_from(i64::try_from(place).ok()?.checked_add(off)?).ok()?;
            *has_child.get_mut(parent)? = true;
            graph.flat.push(u32::try_from(parent).ok()?);
        }
        graph.parents[place] = (u32::try_from(start).ok()?, u32::try_from(parents).ok()?);
        graph.read[place] = true;
    }
    graph.tips = (0..count).filter(|place| !has_child[*place]).map(|place| graph.oids[place]).collect();
    rest.is_empty().then_some(graph)
}

/// Seven bits a byte, the lowest first, the eighth set where more follow.
fn number(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

/// Small distances either way are short.
fn signed(bytes: &mut Vec<u8>, value: i64) {
    number(bytes, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

fn unsigned(value: u64) -> i64 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

fn take(rest: &mut &[u8]) -> Option<u64> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let (byte, after) = rest.split_first()?;
        *rest = after;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
