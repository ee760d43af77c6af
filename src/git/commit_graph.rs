//! git's own commit-graph, where there is one: who descends from whom, without git and without unpacking a commit.
//!
//! The form is that of gitformat-commit-graph(5). git believes these files as they are, and so does this, but for
//! numbers that lead outside of them: then nothing of it is taken, and git is asked instead.

use super::graph::Graph;
use crate::release::ids::Oid;
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;

/// A parent that there is none of.
const NO_PARENT: u32 = 0x7000_0000;
/// Marks the last of several parents, and that there are more than two.
const LAST: u32 = 0x8000_0000;
/// The largest part that is read of one file, in bytes.
const MOST: u64 = 2 << 30;

/// One file: the parts of it that matter.
struct Layer {
    /// Bytes of an id.
    size: usize,
    oids: Vec<u8>,
    commits: Vec<u8>,
    edges: Vec<u8>,
}

/// The history that git keeps in an object directory; none where it keeps none, or it cannot be read.
pub(super) fn read(objects: &Path) -> Option<Graph> {
    let info = objects.join("info");
    let layers = match Layer::read(&info.join("commit-graph")) {
        Some(layer) => vec![layer],
        None => chain(&info.join("commit-graphs"))?,
    };
    graph(&layers)
}

/// The files of a chain, the lowest first.
fn chain(dir: &Path) -> Option<Vec<Layer>> {
    let names = std::fs::read_to_string(dir.join("commit-graph-chain")).ok()?;
    let is_hash = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    names
        .lines()
        .map(|name| is_hash(name).then(|| Layer::read(&dir.join(format!("graph-{name}.graph"))))?)
        .collect()
}

impl Layer {
    fn read(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let mut head = [0; 8];
        file.read_exact_at(&mut head, 0).ok()?;
        let [b'C', b'G', b'P', b'H', 1, hash, count, _base] = head else { return None };
        let size = match hash {
            1 => 20,
            2 => 32,
            _ => return None,
        };
        // Each chunk reaches to where the next begins; the last entry is where the last one ends.
        let mut table = vec![0; (usize::from(count) + 1) * 12];
        file.read_exact_at(&mut table, 8).ok()?;
        let entries: Vec<(&[u8], u64)> =
            table.chunks_exact(12).filter_map(|row| Some((&row[..4], long(row.get(4..12)?)?))).collect();
        let chunk = |name: &[u8; 4]| {
            let at = entries.iter().take(usize::from(count)).position(|(id, _)| id == name)?;
            let (from, to) = (entries.get(at)?.1, entries.get(at + 1)?.1);
            let length = to.checked_sub(from).filter(|length| *length <= MOST)?;
            let mut bytes = vec![0; usize::try_from(length).ok()?];
            file.metadata().ok().filter(|meta| meta.len() >= to)?;
            file.read_exact_at(&mut bytes, from).ok()?;
            Some(bytes)
        };
        let (oids, commits) = (chunk(b"OIDL")?, chunk(b"CDAT")?);
        let fits = oids.len() % size == 0 && oids.len() / size * (size + 16) == commits.len();
        fits.then(|| Self { size, oids, commits, edges: chunk(b"EDGE").unwrap_or_default() })
    }
}

fn graph(layers: &[Layer]) -> Option<Graph> {
    let size = layers.first()?.size;
    let count: usize = layers.iter().map(|layer| layer.oids.len() / size).sum();
    let mut graph = Graph::with_capacity(count);
    for layer in layers {
        (layer.size == size).then_some(())?;
        for oid in layer.oids.chunks_exact(size) {
            let place = graph.oids.len();
            (graph.settle(Oid::from_bytes(oid)?) as usize == place).then_some(())?;
        }
    }
    let mut has_child = vec![false; count];
    let rows = layers
        .iter()
        .flat_map(|layer| layer.commits.chunks_exact(size + 16).map(move |row| (&row[size..], &layer.edges)));
    for (place, (row, edges)) in rows.enumerate() {
        let start = graph.flat.len();
        parents(row, edges, &mut graph.flat)?;
        for parent in &graph.flat[start..] {
            *has_child.get_mut(*parent as usize)? = true;
        }
        graph.parents[place] = (u32::try_from(start).ok()?, u32::try_from(graph.flat.len() - start).ok()?);
        // 30 bits of generation number, then 34 of time.
        graph.times[place] = i64::try_from(long(row.get(8..16)?)? & 0x3_ffff_ffff).ok()?;
        graph.read[place] = true;
    }
    graph.tips = (0..count).filter(|place| !has_child[*place]).map(|place| graph.oids[place]).collect();
    Some(graph)
}

/// Adds the parents of a commit, by place.
fn parents(row: &[u8], edges: &[u8], flat: &mut Vec<u32>) -> Option<()> {
    let (first, second) = (short(row.get(..4)?)?, short(row.get(4..8)?)?);
    if first != NO_PARENT {
        flat.push(first);
    }
    if second == NO_PARENT {
        return Some(());
    }
    if second & LAST == 0 {
        flat.push(second);
        return Some(());
    }
    let from = usize::try_from(second & !LAST).ok()?;
    for row in edges.chunks_exact(4).skip(from) {
        let edge = short(row)?;
        flat.push(edge & !LAST);
        if edge & LAST != 0 {
            return Some(());
        }
    }
    None
}

fn short(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

fn long(bytes: &[u8]) -> Option<u64> {
    Some(u64::from_be_bytes(bytes.try_into().ok()?))
}
