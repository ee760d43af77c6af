//! Patch ids on disk: a flat, sorted table, 48 bytes a commit, that is thrown away rather than trusted when damaged.

use crate::git::find::Repository;
use crate::git::store;
use crate::release::ids::Oid;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The first bytes of the file: its form and version.
const MAGIC: &[u8; 16] = b"gonogo-patches/1";
/// Bytes of a row: 20 of the commit's id, 20 of the patch id, 8 of the header.
pub const ROW: usize = 48;

/// What is known of the patch of a commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patch {
    /// Not computed: no other commit changes the same files, so none can be equal.
    Unread,
    /// It changes nothing.
    Empty,
    /// Its stable patch id, the first 20 bytes.
    Id([u8; 20]),
}

#[derive(Debug, Clone, Copy)]
struct Row {
    commit: [u8; 20],
    patch: [u8; 20],
    header: [u8; 8],
}

/// The first 20 bytes of an id: all of a SHA-1; enough of a SHA-256 to tell commits apart.
fn stem(oid: &Oid) -> [u8; 20] {
    let mut stem = [0; 20];
    stem.copy_from_slice(&oid.bytes()[..20]);
    stem
}

/// Patch ids by commit, with the file they are kept in.
#[derive(Debug, Clone, Default)]
pub struct PatchCache {
    rows: Vec<Row>,
    file: Option<PathBuf>,
    /// The file as it was read last.
    read: Option<Stand>,
    /// Whether there is something that the file does not have.
    dirty: bool,
}

impl PatchCache {
    /// The cache of a repository in a directory; empty when there is none yet, or when it is damaged. Without a
    /// directory it lives in memory.
    pub async fn open(dir: Option<&Path>, repository: &Repository) -> Self {
        let Some(dir) = dir else { return Self::default() };
        let file = store::file_of(dir, repository);
        let mut cache = Self { file: Some(file), ..Self::default() };
        cache.refresh().await;
        cache
    }

    /// Takes in what another holder of the file has written since it was read: nothing is computed twice. It is read
    /// beside the loop that draws: a disk may take its time. Who breaks off loses nothing.
    pub(super) async fn refresh(&mut self) {
        let (Some(file), read) = (self.file.clone(), self.read) else { return };
        let found = tokio::task::spawn_blocking(move || changed(&file, read)).await;
        let Ok(Some((now, rows))) = found else { return };
        self.read = Some(now);
        let Some(rows) = rows else { return };
        if self.rows.is_empty() {
            self.rows = rows;
            return;
        }
        self.rows.extend(rows);
        // Of two rows of a commit the one with a patch says more.
        self.rows.sort_unstable_by_key(|row| (row.commit, row.patch == [0; 20]));
        self.rows.dedup_by_key(|row| row.commit);
    }

    /// How many commits it knows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether it knows none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The file it is kept in.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        self.file.as_deref()
    }

    fn row(&self, oid: &Oid) -> Option<&Row> {
        let at = self.rows.binary_search_by_key(&stem(oid), |row| row.commit).ok()?;
        self.rows.get(at)
    }

    /// What files a commit changes, as a hash of their names.
    pub(super) fn header(&self, oid: &Oid) -> Option<[u8; 8]> {
        self.row(oid).map(|row| row.header)
    }

    /// What is known of the patch of a commit; none when the commit itself is not known.
    #[must_use]
    pub fn patch(&self, oid: &Oid) -> Option<Patch> {
        self.row(oid).map(|row| match row.patch {
            patch if patch == [0; 20] => Patch::Unread,
            patch if patch == [0xff; 20] => Patch::Empty,
            patch => Patch::Id(patch),
        })
    }

    /// The patch id of a commit, where it was computed and is not that of nothing.
    pub(super) fn id(&self, oid: &Oid) -> Option<[u8; 20]> {
        match self.patch(oid) {
            Some(Patch::Id(id)) => Some(id),
            _ => None,
        }
    }

    /// Adds commits by their headers.
    pub(super) fn add_headers(&mut self, mut new: Vec<(Oid, [u8; 8])>) {
        new.retain(|(oid, _)| self.row(oid).is_none());
        if new.is_empty() {
            return;
        }
        let row = |(oid, header): (Oid, [u8; 8])| Row { commit: stem(&oid), patch: [0; 20], header };
        self.rows.extend(new.into_iter().map(row));
        self.rows.sort_unstable_by_key(|row| row.commit);
        self.rows.dedup_by_key(|row| row.commit);
        self.dirty = true;
    }

    /// Sets the patch of a commit whose header is known.
    pub(super) fn set_patch(&mut self, oid: &Oid, patch: Option<[u8; 20]>) {
        let Ok(at) = self.rows.binary_search_by_key(&stem(oid), |row| row.commit) else { return };
        self.rows[at].patch = patch.unwrap_or([0xff; 20]);
        self.dirty = true;
    }

    /// Writes what the file does not have yet: a new file, readable to its owner alone, put in the place of the old.
    ///
    /// # Errors
    /// What the system says. Nothing is lost: the next look computes again.
    pub async fn save(&mut self) -> std::io::Result<()> {
        if !self.dirty {
            return Ok(());
        }
        self.refresh().await;
        let Some(file) = self.file.clone() else { return Ok(()) };
        let rows = self.rows.clone();
        let written = tokio::task::spawn_blocking(move || store::replace(&file, encode(&rows))).await;
        written.map_err(std::io::Error::other)??;
        self.dirty = false;
        Ok(())
    }
}

/// A file as it stands: its length and when it was written.
type Stand = (u64, SystemTime);

/// How a file stands and its rows, where it is not as it was read; no rows when it is damaged.
fn changed(file: &Path, read: Option<Stand>) -> Option<(Stand, Option<Vec<Row>>)> {
    let meta = std::fs::metadata(file).ok()?;
    let now = (meta.len(), meta.modified().ok()?);
    let rows = || std::fs::read(file).ok().and_then(|bytes| decode(&bytes));
    (read != Some(now)).then(|| (now, rows()))
}

fn encode(rows: &[Row]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(MAGIC.len() + rows.len() * ROW);
    bytes.extend_from_slice(MAGIC);
    for row in rows {
        bytes.extend_from_slice(&row.commit);
        bytes.extend_from_slice(&row.patch);
        bytes.extend_from_slice(&row.header);
    }
    bytes
}

/// The rows of a file; none when a byte of it is not as it was written.
fn decode(bytes: &[u8]) -> Option<Vec<Row>> {
    let body = store::unseal(bytes, MAGIC)?;
    if body.len() % ROW != 0 {
        return None;
    }
    let row = |chunk: &[u8]| {
        let mut row = Row { commit: [0; 20], patch: [0; 20], header: [0; 8] };
        row.commit.copy_from_slice(&chunk[..20]);
        row.patch.copy_from_slice(&chunk[20..40]);
        row.header.copy_from_slice(&chunk[40..]);
        row
    };
    let rows: Vec<Row> = body.chunks_exact(ROW).map(row).collect();
    rows.is_sorted_by(|one, two| one.commit < two.commit).then_some(rows)
}
