//! Large texts beside a journal, named by their hash: the process profile, CI logs, diffs.

use super::JournalError;
use super::dir::{self, Dir};
use super::line::{Hash, hex, sha256};

/// Largest blob, in bytes.
pub const BLOB_CAP: u64 = 16 * 1024 * 1024;
/// Bytes of salt before a salted blob's text.
const SALT: usize = 16;

/// The blobs of a journal.
#[derive(Debug)]
pub struct Blobs {
    dir: Dir,
}

impl Blobs {
    /// The blobs in a journal's directory, made if missing.
    ///
    /// # Errors
    /// When the directory is not safe to use.
    pub fn of(journal: &Dir) -> Result<Self, JournalError> {
        Ok(Self { dir: journal.sub("blobs")? })
    }

    /// Keeps a text and returns its hash. What is kept already is not written again.
    ///
    /// # Errors
    /// When it is too large or cannot be made durable.
    pub fn put(&self, bytes: &[u8]) -> Result<Hash, JournalError> {
        let hash = sha256(bytes);
        if bytes.len() as u64 > BLOB_CAP {
            let path = self.dir.path().to_owned();
            return Err(JournalError::Unsafe { path, why: "a blob is larger than 16 MiB".into() });
        }
        let name = hex(&hash);
        let shelf = self.dir.sub(&name[..2])?;
        if shelf.slurp(&name, BLOB_CAP)?.is_none_or(|kept| sha256(&kept) != hash) {
            shelf.replace(&name, bytes)?;
        }
        Ok(hash)
    }

    /// Keeps a text that may have to be removed one day, behind a random salt: its hash tells nothing of it.
    ///
    /// # Errors
    /// As [`Blobs::put`].
    pub fn put_salted(&self, text: &[u8]) -> Result<Hash, JournalError> {
        let mut bytes = Vec::with_capacity(SALT + text.len());
        for _ in 0..SALT / 8 {
            bytes.extend_from_slice(&dir::random()?.to_le_bytes());
        }
        bytes.extend_from_slice(text);
        self.put(&bytes)
    }

    /// The text with this hash; nothing when it was removed, or is no longer what was kept.
    ///
    /// # Errors
    /// When the file is not safe to read.
    pub fn get(&self, hash: &Hash) -> Result<Option<Vec<u8>>, JournalError> {
        let name = hex(hash);
        let Some(shelf) = self.dir.existing(&name[..2])? else { return Ok(None) };
        Ok(shelf.slurp(&name, BLOB_CAP)?.filter(|bytes| sha256(bytes) == *hash))
    }

    /// The text of a salted blob, without its salt.
    ///
    /// # Errors
    /// As [`Blobs::get`].
    pub fn get_salted(&self, hash: &Hash) -> Result<Option<Vec<u8>>, JournalError> {
        Ok(self.get(hash)?.and_then(|bytes| bytes.get(SALT..).map(<[u8]>::to_vec)))
    }
}
