//! What was read before, by ETag: transport only, so that an unchanged reply costs nothing. No pane reads it.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A reply as it was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// The first line of a file; its body follows as it came, so that it is read without a second copy.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    key: Cow<'a, str>,
    etag: Cow<'a, str>,
    link: Option<Cow<'a, str>>,
    /// Bytes of the body.
    length: u64,
}

/// Longest body that is held in memory where it lies on disk as well, in bytes: a page of 100 issues is longer.
const HELD: usize = 32 * 1024;

/// Longest first line, in bytes.
const HEAD_CAP: u64 = 64 * 1024;

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
        Self { memory: 256 * 1024, disk: 64 * 1024 * 1024 }
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
        let kept = read(&path).filter(|kept| kept.key == key)?;
        // The time of use is the time of the file: what is oldest goes first.
        let _ = std::fs::File::open(&path).and_then(|file| file.set_modified(std::time::SystemTime::now()));
        let kept = Arc::new(kept);
        self.hold(key, &kept);
        Some(kept)
    }

    /// Keeps a reply. A disk that is full or gone is no error: the next read costs a request.
    pub(crate) fn put(&self, key: &str, etag: &str, link: Option<&str>, body: &str) {
        if self.holds(body) {
            let (key, etag, link) = (key.to_owned(), etag.to_owned(), link.map(str::to_owned));
            let kept = Arc::new(Kept { key, etag, link, body: body.to_owned() });
            self.hold(&kept.key, &kept);
        } else {
            self.inner.lock().unwrap_or_else(PoisonError::into_inner).forget(key);
        }
        let length = body.len() as u64;
        let head = Head { key: key.into(), etag: etag.into(), link: link.map(Into::into), length };
        if let Some(Ok(written)) = self.path(key).map(|path| write(&path, &head, body)) {
            self.spend(written);
        }
    }

    /// Whether a body is held in memory.
    fn holds(&self, body: &str) -> bool {
        let most = if self.dir.is_some() { self.size.memory.min(HELD) } else { self.size.memory };
        body.len() <= most
    }

    fn path(&self, key: &str) -> Option<PathBuf> {
        let name: String = Sha256::digest(key.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        self.dir.as_ref().map(|dir| dir.join(name))
    }

    fn hold(&self, key: &str, kept: &Arc<Kept>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.forget(key);
        if !self.holds(&kept.body) {
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

/// Reads a file, none when it is damaged.
fn read(path: &Path) -> Option<Kept> {
    let file = std::fs::File::open(path).ok()?;
    let size = file.metadata().ok()?.len();
    let mut file = BufReader::with_capacity(4096, file);
    let mut line = String::new();
    let taken = file.by_ref().take(size.min(HEAD_CAP)).read_line(&mut line).ok()?;
    let head: Head = serde_json::from_str(&line).ok()?;
    if size.checked_sub(taken as u64) != Some(head.length) {
        return None;
    }
    let mut body = String::with_capacity(usize::try_from(head.length).ok()?);
    file.take(head.length).read_to_string(&mut body).ok()?;
    let link = head.link.map(Cow::into_owned);
    Some(Kept { key: head.key.into_owned(), etag: head.etag.into_owned(), link, body })
}

/// Writes a file that only its owner reads, whole or not at all.
fn write(path: &Path, head: &Head, body: &str) -> std::io::Result<u64> {
    let dir = path.parent().ok_or(std::io::ErrorKind::NotFound)?;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)?;
    let mut tag = [0_u8; 6];
    getrandom::fill(&mut tag).map_err(|_| std::io::ErrorKind::Other)?;
    let tag: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    let draft = path.with_extension(format!("{tag}.new"));
    let mut line = serde_json::to_vec(head)?;
    line.push(b'\n');
    let wrote = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&draft)
        .and_then(|mut file| file.write_all(&line).and_then(|()| file.write_all(body.as_bytes())))
        .and_then(|()| std::fs::rename(&draft, path));
    if wrote.is_err() {
        let _ = std::fs::remove_file(&draft);
    }
    wrote.map(|()| (line.len() + body.len()) as u64)
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
