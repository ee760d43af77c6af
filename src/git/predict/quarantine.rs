//! A place for the objects of predictions, outside the repository, gone when it is dropped.
//!
//! It looks to git like one more linked worktree of the repository, which the repository knows nothing of: a git
//! directory that names the common one, an empty work tree, and an object directory of its own with the
//! repository's as alternate. So a merge sees the attributes, configuration and submodules that a cherry-pick in a
//! new worktree would see, and whatever a merge driver writes lands here.

use crate::git::{GitError, Repository};
use crate::release::text::Untrusted;
use crate::spawn::Call;
use rustix::process::Pid;
use std::ffi::{OsStr, OsString};
use std::fs::{File, TryLockError};
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// Objects that are in no repository.
#[derive(Debug)]
pub struct Quarantine {
    dir: TempDir,
    alternates: OsString,
    /// Locked for as long as it is in use, so that nobody sweeps it who does not see this process.
    _held: File,
}

/// What its directory is called before the process id and random letters.
const PREFIX: &str = "gonogo-predict-";
/// The file in it that is locked.
const HELD: &str = "held";
/// How long a directory is left alone, whoever made it.
const GRACE: Duration = Duration::from_secs(60);

impl Quarantine {
    /// An empty one beside a repository, in the system's directory for temporary files.
    ///
    /// # Errors
    /// When its directories cannot be made: the disk is full.
    pub fn new(at: &Repository) -> Result<Self, GitError> {
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let dir = tempfile::Builder::new().prefix(&prefix).tempdir();
        let dir = dir.map_err(|why| failed(&std::env::temp_dir(), why))?;
        let path = dir.path().join(HELD);
        let held = File::create_new(&path).map_err(|why| failed(&path, why))?;
        // Where files cannot be locked, the process id alone says that it is in use.
        let _unlockable = held.try_lock();
        let quarantine = Self { alternates: quoted(&at.common_dir.join("objects")), dir, _held: held };
        quarantine.furnish(at).map_err(|why| failed(quarantine.dir.path(), why))?;
        Ok(quarantine)
    }

    /// Removes what processes left in a directory for temporary files when they were killed: directories of our name
    /// and owner, a minute old, whose process is gone and which nobody holds. Gives how many.
    #[must_use]
    pub fn sweep(temporary: &Path) -> usize {
        let Ok(entries) = std::fs::read_dir(temporary) else { return 0 };
        let entries = entries.flatten().filter(|entry| is_left(entry).unwrap_or(false));
        // What cannot be removed is tried again another time.
        entries.filter(|entry| std::fs::remove_dir_all(entry.path()).is_ok()).count()
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

/// Whether a directory is one of ours that a process left behind.
fn is_left(entry: &std::fs::DirEntry) -> Option<bool> {
    let name = entry.file_name();
    let (pid, random) = name.to_str()?.strip_prefix(PREFIX)?.split_once('-')?;
    let named = pid.bytes().all(|b| b.is_ascii_digit()) && random.len() == 6;
    let pid = pid.parse().ok().filter(|_| named && random.bytes().all(|b| b.is_ascii_alphanumeric()))?;
    let pid = Pid::from_raw(pid)?;
    // Of the entry itself: a link is not followed.
    let meta = entry.metadata().ok()?;
    let ours = meta.is_dir() && meta.uid() == rustix::process::geteuid().as_raw();
    let old = meta.modified().ok()?.elapsed().is_ok_and(|age| age > GRACE);
    if !ours || !old || rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH) {
        return Some(false);
    }
    // A process that this one does not see, in another container, holds its lock all the same.
    let held = File::open(entry.path().join(HELD));
    Some(held.map_or(true, |file| !matches!(file.try_lock(), Err(TryLockError::WouldBlock))))
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
