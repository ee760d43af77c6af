//! What was read before, by ETag: transport only, so that an unchanged reply costs nothing. No pane reads it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A reply as it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// What the request was, so that a collision of names is no wrong answer.
    pub key: String,
    /// Its ETag.
    pub etag: String,
    /// Its `Link` header: a 304 need not repeat it.
    pub link: Option<String>,
    /// Its body.
    pub body: String,
}

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CacheSize {
    /// Bytes of bodies in memory.
    pub memory: usize,
    /// Bytes of files on disk.
    pub disk: u64,
}

impl Default for CacheSize {
    fn default() -> Self {
        Self { memory: 1024 * 1024, disk: 64 * 1024 * 1024 }
    }
}

/// Replies by request: the newest in memory, all on disk when there is a directory.
pub(crate) struct Cache {
    dir: Option<PathBuf>,
    size: CacheSize,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    tick: u64,
    held: usize,
    rows: HashMap<String, (u64, Arc<Kept>)>,
    /// Bytes on disk since the directory was last measured; none before.
    on_disk: Option<u64>,
}

impl Cache {
    /// A cache; without a directory in memory only, with room for what would lie on disk.
    pub(crate) fn new(dir: Option<PathBuf>, size: CacheSize) -> Self {
        let memory = if dir.is_some() { size.memory } else { size.memory.max(16 * 1024 * 1024) };
        Self { dir, size: CacheSize { memory, ..size }, inner: Mutex::default() }
    }

    /// The name of a request: everything that its reply depends on, and no secret.
    pub(crate) fn key(fingerprint: &str, accept: &str, url: &str) -> String {
        format!("{fingerprint} {accept} {url}")
    }

    /// What was kept of a request.
    pub(crate) fn get(&self, key: &str) -> Option<Arc<Kept>> {
        if let Some(kept) = self.inner.lock().unwrap_or_else(PoisonError::into_inner).touch(key) {
            return Some(kept);
        }
        let path = self.path(key)?;
        let kept: Kept = serde_json::from_slice(&std::fs::read(&path).ok()?).ok()?;
        if kept.key != key {
            return None;
        }
        // The time of use is the time of the file: what is oldest goes first.
        let _ = std::fs::File::open(&path).and_then(|file| file.set_modified(std::time::SystemTime::now()));
        let kept = Arc::new(kept);
        self.hold(key, &kept);
        Some(kept)
    }

    /// Keeps a reply. A disk that is full or gone is no error: the next read costs a request.
    pub(crate) fn put(&self, kept: Kept) {
        let kept = Arc::new(kept);
        self.hold(&kept.key, &kept);
        if let Some(Ok(written)) = self.path(&kept.key).map(|path| write(&path, &kept)) {
            self.spend(written);
        }
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        let name: String = Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        self.dir.as_ref().map(|dir| dir.join(name))
    }

    fn hold(&self, key: &str, kept: &Arc<Kept>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.forget(key);
        if kept.body.len() > self.size.memory {
            return;
        }
        inner.tick += 1;
        let tick = inner.tick;
        inner.held += kept.body.len();
        inner.rows.insert(key.to_owned(), (tick, Arc::clone(kept)));
        while inner.held > self.size.memory {
            let Some(oldest) =
                inner.rows.iter().min_by_key(|(_, (tick, _))| *tick).map(|(key, _)| key.clone())
            else {
                break;
            };
            inner.forget(&oldest);
        }
    }

    /// Counts what was written, and measures and trims the directory when it may be over its size.
    fn spend(&self, written: u64) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let over = inner.on_disk.is_none_or(|bytes| bytes + written > self.size.disk);
        if !over {
            inner.on_disk = inner.on_disk.map(|bytes| bytes + written);
            return;
        }
        inner.on_disk = self.dir.as_deref().and_then(|dir| trim(dir, self.size.disk).ok());
    }
}

impl Inner {
    fn touch(&mut self, key: &str) -> Option<Arc<Kept>> {
        self.tick += 1;
        let tick = self.tick;
        let row = self.rows.get_mut(key)?;
        row.0 = tick;
        Some(Arc::clone(&row.1))
    }

    fn forget(&mut self, key: &str) {
        if let Some((_, kept)) = self.rows.remove(key) {
            self.held = self.held.saturating_sub(kept.body.len());
        }
    }
}

/// Writes a file that only its owner reads, whole or not at all.
fn write(path: &Path, kept: &Kept) -> std::io::Result<u64> {
    let dir = path.parent().ok_or(std::io::ErrorKind::NotFound)?;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let mut tag = [0_u8; 6];
    getrandom::fill(&mut tag).map_err(|_| std::io::ErrorKind::Other)?;
    let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = path.with_extension(format!("{tag}.new"));
    let body = serde_json::to_vec(kept)?;
    let wrote = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(&body))
        .and_then(|()| std::fs::rename(&draft, path));
    if wrote.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    wrote.map(|()| body.len() as u64)
}

/// Removes the files that were not used for longest until the rest fits three quarters of the cap.
fn trim(dir: &Path, cap: u64) -> std::io::Result<u64> {
    let mut files = BTreeMap::new();
    let mut sum = 0;
    for entry in std::fs::read_dir(dir)? {
        let entry = entry?;
        let meta = entry.metadata()?;
        if meta.is_file() {
            sum += meta.len();
            files.insert((meta.modified()?, entry.file_name()), meta.len());
        }
    }
    if sum <= cap {
        return Ok(sum);
    }
    for ((_, name), length) in files {
        if sum <= cap / 4 * 3 {
            break;
        }
        if std::fs::remove_file(dir.join(name)).is_ok() {
            sum -= length;
        }
    }
    Ok(sum)
}
