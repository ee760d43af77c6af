//! Where a journal lies, by names that cannot leave the state directory.

use super::JournalError;
use super::dir::{self, Dir};
use super::line::{hex, sha256};
use crate::release::ids::ReleaseName;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Longest name of a directory or file that is made, in bytes; file systems take 255.
const NAME_CAP: usize = 160;
/// Names that Windows keeps for devices, with or without an extension.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "clock$", "conin$", "conout$"];
/// Largest entry of the index of clones.
const CLONE_CAP: u64 = 16 * 1024;

type Result<T> = std::result::Result<T, JournalError>;

/// The directory of all journals of this user.
#[derive(Debug)]
pub struct Place {
    root: Dir,
}

/// What is remembered of a clone, so that the next start asks git nothing before the first frame.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clone {
    /// Names the repository: see [`repo_id`].
    pub repo: String,
    /// Names the writer: this machine and this clone.
    pub writer: String,
    /// The release that was open last.
    pub release: Option<ReleaseName>,
    /// The remote's URL, without user and password.
    pub remote: Option<String>,
}

impl Place {
    /// `GONOGO_STATE_DIR`, or the user's state directory, or where the system has none, the local data.
    ///
    /// # Errors
    /// When no home directory is known.
    pub fn default_root() -> Result<PathBuf> {
        if let Some(path) = std::env::var_os("GONOGO_STATE_DIR").filter(|path| !path.is_empty()) {
            return Ok(path.into());
        }
        let dirs = directories::ProjectDirs::from("", "", "gonogo").ok_or(JournalError::NoPlace)?;
        Ok(dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned())
    }

    /// Opens the directory of all journals, made if missing.
    ///
    /// # Errors
    /// When it is not safe to use.
    pub fn at(root: &Path) -> Result<Self> {
        Ok(Self { root: Dir::root(root)? })
    }

    /// The kind of network file system the journals lie on: locks and durability cannot be promised there.
    #[must_use]
    pub fn network(&self) -> Option<&'static str> {
        self.root.network()
    }

    /// The directory of one writer's journal of one release, made if missing.
    ///
    /// # Errors
    /// When a part of the way is not safe to use.
    pub fn journal(&self, repo: &str, release: &ReleaseName, writer: &str) -> Result<Dir> {
        self.root.sub(&part(repo))?.sub(&part(release.as_str()))?.sub(&part(writer))
    }

    /// The same if it is there already.
    ///
    /// # Errors
    /// As [`Place::journal`].
    pub fn existing(&self, repo: &str, release: &ReleaseName, writer: &str) -> Result<Option<Dir>> {
        let Some(repo) = self.root.existing(&part(repo))? else { return Ok(None) };
        let Some(release) = repo.existing(&part(release.as_str()))? else { return Ok(None) };
        release.existing(&part(writer))
    }

    /// The releases of a repository that have a journal of this writer, as far as their names can be read back.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub fn releases(&self, repo: &str, writer: &str) -> Result<Vec<ReleaseName>> {
        let Some(dir) = self.root.existing(&part(repo))? else { return Ok(Vec::new()) };
        let mut releases = Vec::new();
        for name in dir.names()? {
            let text = percent_encoding::percent_decode_str(&name).decode_utf8_lossy().into_owned();
            if let Ok(release) = ReleaseName::parse(&text)
                && part(&text) == name
                && dir.existing(&name)?.is_some_and(|d| matches!(d.existing(&part(writer)), Ok(Some(_))))
            {
                releases.push(release);
            }
        }
        Ok(releases)
    }

    /// What is remembered of the clone with this git directory (its canonical path).
    ///
    /// # Errors
    /// When the index is not safe to read.
    pub fn lookup_clone(&self, git_dir: &Path) -> Result<Option<Clone>> {
        let Some(clones) = self.root.existing("clones")? else { return Ok(None) };
        let bytes = clones.slurp(&clone_name(git_dir), CLONE_CAP)?;
        // An entry that cannot be read is an index to be made anew, not an error.
        Ok(bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
    }

    /// Remembers a clone, in place of what was known of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn remember_clone(&self, git_dir: &Path, clone: &Clone) -> Result<()> {
        let clones = self.root.sub("clones")?;
        let text = serde_json::to_vec(clone).map_err(|e| JournalError::io("write", clones.path(), e))?;
        clones.replace(&clone_name(git_dir), &text)
    }
}

fn clone_name(git_dir: &Path) -> String {
    format!("{}.json", hex(&sha256(git_dir.as_os_str().as_encoded_bytes())))
}

/// The id of a repository: `host/owner/name`, and the start of its root commit, so that another repository
/// under an old name is another one.
#[must_use]
pub fn repo_id(host: &str, owner_and_name: &str, root_commit: &str) -> String {
    format!("{host}/{owner_and_name}-{}", root_commit.get(..8).unwrap_or("00000000"))
}

/// A new writer id, for a machine and clone that has none.
///
/// # Errors
/// When the system has no randomness.
pub fn new_writer() -> Result<String> {
    Ok(format!("w-{:010x}", dir::random()? >> 24))
}

/// A name as one part of a path: safe on every file system, and another name gives another part even where
/// upper and lower case are the same.
#[must_use]
pub fn part(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let stem = name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |d: &str| {
        stem.strip_prefix(d)
            .is_some_and(|n| n.chars().count() == 1 && n.chars().all(|c| "0123456789¹²³".contains(c)))
    };
    let device = DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt");
    for (at, byte) in name.bytes().enumerate() {
        let edge = at == 0 || at + 1 == name.len();
        let plain = match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'_' => !(device && at == 0),
            b'.' | b'-' => !edge,
            _ => false,
        };
        if plain {
            out.push(char::from(byte));
        } else {
            out.push_str(percent_encoding::percent_encode_byte(byte));
        }
    }
    if out.is_empty() {
        return "~".to_owned();
    }
    if out.len() > NAME_CAP {
        // `~` stands in no encoded name, so a shortened one meets no other.
        out.truncate(NAME_CAP - 65);
        out.push('~');
        out.push_str(&hex(&sha256(name.as_bytes())));
    }
    out
}
