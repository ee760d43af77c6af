//! A place for the objects of predictions, outside the repository, gone when it is dropped.
//!
//! It looks to git like one more linked worktree of the repository, which the repository knows nothing of: a git
//! directory that names the common one, an empty work tree, and an object directory of its own with the
//! repository's as alternate. So a merge sees the attributes, configuration and submodules that a cherry-pick in a
//! new worktree would see, and whatever a merge driver writes lands here.

use crate::git::{GitError, Repository};
use crate::release::text::Untrusted;
use crate::spawn::Call;
use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Objects that are in no repository.
#[derive(Debug)]
pub struct Quarantine {
    dir: TempDir,
    alternates: OsString,
}

impl Quarantine {
    /// An empty one beside a repository, in the system's directory for temporary files.
    ///
    /// # Errors
    /// When its directories cannot be made: the disk is full.
    pub fn new(at: &Repository) -> Result<Self, GitError> {
        let prefix = format!("gonogo-predict-{}-", std::process::id());
        let dir = tempfile::Builder::new().prefix(&prefix).tempdir();
        let dir = dir.map_err(|why| failed(&std::env::temp_dir(), why))?;
        let quarantine = Self { alternates: quoted(&at.common_dir.join("objects")), dir };
        quarantine.furnish(at).map_err(|why| failed(quarantine.dir.path(), why))?;
        Ok(quarantine)
    }

    fn furnish(&self, at: &Repository) -> std::io::Result<()> {
        let (git, work) = (self.dir.path().join("git"), self.work());
        for dir in [&git, &work, &self.objects()] {
            std::fs::create_dir(dir)?;
        }
        let line = |start: &[u8], path: &Path| [start, path.as_os_str().as_bytes(), b"\n"].concat();
        std::fs::write(git.join("commondir"), line(b"", &at.common_dir))?;
        // A branch that is not born: HEAD is not read, but without it this is no git directory.
        std::fs::write(git.join("HEAD"), "ref: refs/heads/.predict\n")?;
        std::fs::write(git.join("gitdir"), line(b"", &work.join(".git")))?;
        std::fs::write(work.join(".git"), line(b"gitdir: ", &git))
    }

    /// Where its objects are: loose, in the format of an object directory. Who applies a prediction may migrate them.
    #[must_use]
    pub fn objects(&self) -> PathBuf {
        self.dir.path().join("objects")
    }

    /// The directory that git is run in.
    #[must_use]
    pub fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    /// A file in it that git does not know of.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Whether it is still there: somebody may have cleaned up the directory for temporary files.
    pub(super) fn is_there(&self) -> bool {
        self.objects().is_dir() && self.work().join(".git").is_file()
    }

    /// The same call, run here: it reads the repository's objects and these, and writes only these.
    pub(super) fn call(&self, call: Call) -> Call {
        call.dir(&self.work())
            .env("GIT_OBJECT_DIRECTORY", self.objects())
            .env("GIT_ALTERNATE_OBJECT_DIRECTORIES", &self.alternates)
    }
}

/// A path for a list that colons separate, in the form of git(1), `GIT_ALTERNATE_OBJECT_DIRECTORIES`.
fn quoted(path: &Path) -> OsString {
    let bytes = path.as_os_str().as_bytes();
    if !bytes.iter().any(|b| matches!(b, b':' | b'"' | b'\\' | b'\n' | b'#')) {
        return OsStr::from_bytes(bytes).to_owned();
    }
    let mut out = vec![b'"'];
    for byte in bytes {
        match byte {
            b'"' | b'\\' => out.extend([b'\\', *byte]),
            b'\n' => out.extend(b"\\n"),
            _ => out.push(*byte),
        }
    }
    out.push(b'"');
    OsString::from_vec(out)
}

fn failed(path: &Path, why: std::io::Error) -> GitError {
    GitError::File { path: Untrusted::from(path.display().to_string()).line(), why }
}
