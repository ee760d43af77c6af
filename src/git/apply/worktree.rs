//! The worktree that picks are applied in: ours alone, sparse, detached.
//!
//! It looks to git like one more linked worktree, and lies outside the repository, whose list of worktrees does not
//! name it: so nothing of the repository is written but objects and [`keep_ref`]. What is in it is set by the
//! environment, never by the configuration. Only files at the top are checked out; what a pick merges below is merged
//! in the index.

use super::io;
use super::record::Record;
use crate::git::run::{Access, checked};
use crate::git::{Git, GitError, Repository, Trust};
use crate::release::ids::{Oid, OpId};
use crate::spawn::{Call, Cancel, Output, SpawnError};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// How the directories of worktrees begin.
const PREFIX: &str = "gonogo-picks-";

/// Settings of every git process in it.
const SET: &[(&str, &str)] = &[
    ("core.sparseCheckoutCone", "false"),
    ("core.fsmonitor", "false"),
    ("core.untrackedCache", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    ("index.sparse", "false"),
    ("submodule.recurse", "false"),
    ("status.showUntrackedFiles", "all"),
    ("mergetool.keepBackup", "false"),
];

/// The ref that keeps the commits of an operation until they have landed.
#[must_use]
pub fn keep_ref(op: &OpId) -> String {
    format!("refs/gonogo/picks/{}", op.as_str())
}

/// A worktree of ours, held by this process as long as the value lives.
#[derive(Debug)]
pub struct Workplace {
    pub(super) git: Git,
    pub(super) at: Repository,
    dir: PathBuf,
    /// The lock, freed when the process ends, however it ends.
    held: std::fs::File,
}

impl Workplace {
    /// Opens the place of an operation below `root`; it is made when it is not there.
    ///
    /// # Errors
    /// When another process works in it, or it cannot be made.
    pub fn open(git: &Git, at: &Repository, root: &Path, op: &OpId) -> Result<Self, GitError> {
        let dir = root.join(format!("{PREFIX}{}", op.as_str()));
        std::fs::create_dir_all(&dir).map_err(|why| io(&dir, why))?;
        let held = hold(&dir)?;
        Ok(Self { git: git.clone(), at: at.clone(), dir, held })
    }

    /// Where the files are.
    #[must_use]
    pub fn work(&self) -> PathBuf {
        self.dir.join("work")
    }

    /// Its git directory.
    #[must_use]
    pub fn git_dir(&self) -> PathBuf {
        self.dir.join("git")
    }

    pub(super) fn record(&self) -> PathBuf {
        self.dir.join("plan.json")
    }

    /// Whether it was made to its end.
    pub(super) fn is_ready(&self) -> bool {
        self.dir.join("ready").is_file() && self.work().join(".git").is_file()
    }

    /// Makes it anew at a commit. Whatever was there is gone.
    pub(super) async fn make(&self, head: Oid, cancel: &Cancel) -> Result<(), GitError> {
        let furnish = || -> std::io::Result<()> {
            let (git, work) = (self.git_dir(), self.work());
            for dir in [&git, &work] {
                match std::fs::remove_dir_all(dir) {
                    Err(why) if why.kind() != std::io::ErrorKind::NotFound => return Err(why),
                    _ => std::fs::create_dir_all(dir)?,
                }
            }
            let line = |start: &[u8], path: &Path| [start, path.as_os_str().as_bytes(), b"\n"].concat();
            std::fs::write(git.join("commondir"), line(b"", &self.at.common_dir))?;
            if self.at.reftable {
                // What stands in its place is read by nobody: HEAD is in the table, which git fills.
                std::fs::write(git.join("HEAD"), "ref: refs/heads/.invalid\n")?;
                std::fs::create_dir(git.join("refs"))?;
                std::fs::write(git.join("refs/heads"), "this repository uses the reftable format\n")?;
                std::fs::create_dir(git.join("reftable"))?;
                std::fs::write(git.join("reftable/tables.list"), "")?;
            } else {
                std::fs::write(git.join("HEAD"), format!("{head}\n"))?;
            }
            std::fs::write(git.join("gitdir"), line(b"", &work.join(".git")))?;
            std::fs::create_dir(git.join("info"))?;
            std::fs::write(git.join("info/sparse-checkout"), "/*\n!/*/\n")?;
            std::fs::write(work.join(".git"), line(b"gitdir: ", &git))
        };
        furnish().map_err(|why| io(&self.dir, why))?;
        if self.at.reftable {
            self.said(&["update-ref", "--no-deref", "HEAD", &head.to_string()], cancel).await?;
        }
        let call = self.call(&[]).args(["read-tree", "-m", "-u", "HEAD"]);
        checked(call.run(cancel).await?, "read-tree")?;
        let ready = self.dir.join("ready");
        std::fs::write(&ready, "").map_err(|why| io(&ready, why))
    }

    /// Takes it away: the worktree, and the ref that kept the commits. The branch has them, or nobody wants them.
    ///
    /// # Errors
    /// When it cannot be taken away.
    pub async fn remove(self, op: &OpId) -> Result<(), GitError> {
        let delete = self.git.call(&self.at, Access::Remote(Trust::Given));
        let output = delete.args(["update-ref", "-d", &keep_ref(op)]).run(&Cancel::new()).await?;
        checked(output, "update-ref")?;
        std::fs::remove_dir_all(&self.dir).map_err(|why| io(&self.dir, why))
    }

    /// Removes the places of operations that are over: what a crash left after its plan had ended. One in which a
    /// process works, or that is of another repository, stays; nothing else is looked at. The directories that are
    /// gone.
    ///
    /// # Errors
    /// When git fails.
    pub async fn sweep(
        git: &Git,
        at: &Repository,
        root: &Path,
        over: &[OpId],
    ) -> Result<Vec<PathBuf>, GitError> {
        let mut gone = vec![];
        for op in over {
            let dir = root.join(format!("{PREFIX}{}", op.as_str()));
            if !dir.is_dir() || Record::read(&dir.join("plan.json")).is_err() || !is_of(&dir, at) {
                continue;
            }
            if let Ok(place) = Self::open(git, at, root, op) {
                place.remove(op).await?;
                gone.push(dir);
            }
        }
        Ok(gone)
    }

    /// A git process in it. Hooks, filters, merge drivers, identity and signing are as configured.
    pub(super) fn call(&self, options: &[String]) -> Call {
        self.told(options, true)
    }

    /// The same, and all files are out: for what a person starts there.
    pub(super) fn told(&self, options: &[String], sparse: bool) -> Call {
        let mut call = self.git.call(&self.at, Access::Remote(Trust::Given)).dir(&self.work());
        let sparse = ("core.sparseCheckout", if sparse { "true" } else { "false" });
        let set = || SET.iter().copied().chain([sparse]);
        call = call.env("GIT_CONFIG_COUNT", set().count().to_string());
        for (number, (key, value)) in set().enumerate() {
            call = call
                .env(format!("GIT_CONFIG_KEY_{number}"), key)
                .env(format!("GIT_CONFIG_VALUE_{number}"), value);
        }
        // A passphrase is asked for on a terminal that is lent, never on the one that shows the cockpit.
        if !self.git.is_attended() {
            call = call.env("GPG_TTY", "");
        }
        call.env("GIT_EDITOR", ":").env("GIT_LFS_SKIP_SMUDGE", "1").args(options)
    }

    /// Runs a git process that makes a commit: on the terminal when it is lent, since signing may ask.
    pub(super) async fn finish(&self, call: &Call, cancel: &Cancel) -> Result<Output, SpawnError> {
        if self.git.is_attended() { call.attended_heard().await } else { call.run(cancel).await }
    }

    /// Runs a git process in it, whatever comes of it.
    pub(super) async fn run(&self, words: &[&str], cancel: &Cancel) -> Result<Output, GitError> {
        Ok(self.call(&[]).args(words).run(cancel).await?)
    }

    /// Runs a git process in it that must succeed, and gives what it wrote.
    pub(super) async fn said(&self, words: &[&str], cancel: &Cancel) -> Result<Vec<u8>, GitError> {
        checked(self.run(words, cancel).await?, words.first().unwrap_or(&""))
    }

    /// Keeps a commit by the ref of an operation.
    pub(super) async fn keep(&self, op: &OpId, head: Oid) -> Result<(), GitError> {
        let (name, hex) = (keep_ref(op), head.to_string());
        self.said(&["update-ref", "--no-deref", &name, &hex], &Cancel::new()).await.map(|_| ())
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        // Closing is not enough: a process that another thread is just starting may hold the file a moment longer.
        let _freed = self.held.unlock();
    }
}

/// Whether a directory of ours is of this repository, or of none because it was not made to its end.
fn is_of(dir: &Path, at: &Repository) -> bool {
    let named = std::fs::read(dir.join("git/commondir")).unwrap_or_default();
    let path = named.strip_suffix(b"\n").unwrap_or_default();
    path.is_empty() || path == at.common_dir.as_os_str().as_bytes()
}

/// Takes the lock of a directory.
fn hold(dir: &Path) -> Result<std::fs::File, GitError> {
    let path = dir.join("lock");
    let file = std::fs::File::options().create(true).append(true).open(&path);
    let file = file.map_err(|why| io(&path, why))?;
    // A process that is just being started has a copy of every open file until it becomes another program, the lock
    // of one that was given up a moment ago among them.
    for _ in 0..25 {
        if file.try_lock().is_ok() {
            return Ok(file);
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    file.try_lock().map_err(|why| match why {
        std::fs::TryLockError::Error(why) => io(&path, why),
        std::fs::TryLockError::WouldBlock => {
            let why = "another gonogo is applying these picks";
            io(&path, std::io::Error::new(std::io::ErrorKind::WouldBlock, why))
        }
    })?;
    Ok(file)
}
