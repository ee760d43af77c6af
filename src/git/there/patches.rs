//! Patch equivalence: which files each commit changes, and the stable patch ids of those that may be equal.

use super::cache::PatchCache;
use crate::git::GitError;
use crate::git::find::Repository;
use crate::git::run::{Git, checked, lossy};
use crate::release::ids::Oid;
use crate::spawn::Cancel;
use sha2::{Digest as _, Sha256};
use std::collections::{HashMap, HashSet};

/// Commits that one process is asked about; what it says is kept before the next is asked.
const BATCH: usize = 4_000;

/// The header of a commit that changes nothing.
pub(super) const NOTHING: [u8; 8] = [0; 8];

/// What makes the text of a patch the same on every machine and with every configuration.
const PLAIN: &[&str] = &[
    "--no-ext-diff",
    "--no-textconv",
    "--no-renames",
    "--no-color",
    "--full-index",
    "--unified=3",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--submodule=short",
    "--ignore-submodules=none",
    "--src-prefix=a/",
    "--dst-prefix=b/",
];

impl Git {
    /// Reads which files commits change, as far as the cache does not know. Merges change nothing here.
    pub(super) async fn read_headers(
        &self,
        at: &Repository,
        cache: &mut PatchCache,
        commits: &[Oid],
        cancel: &Cancel,
    ) -> Result<(), GitError> {
        if commits.iter().any(|oid| cache.header(oid).is_none()) {
            cache.refresh().await;
        }
        let unknown: Vec<Oid> = commits.iter().copied().filter(|oid| cache.header(oid).is_none()).collect();
        for batch in unknown.chunks(BATCH) {
            let asked: String = batch.iter().map(|oid| format!("{oid}\n")).collect();
            let call = self
                .plain(at, "diff-tree")
                .args(["--stdin", "-r", "--root", "-z", "--name-status", "--no-renames"])
                .args(["--ignore-submodules=none"])
                .stdin(asked);
            let answer = checked(call.run(cancel).await?, "diff-tree")?;
            cache.add_headers(headers(&answer, batch)?);
        }
        Ok(())
    }

    /// A read of objects as they are, without replacements, so that what is kept of an id is true for ever.
    fn plain(&self, at: &Repository, command: &str) -> crate::spawn::Call {
        self.read(at, command).env("GIT_NO_REPLACE_OBJECTS", "1")
    }

    /// Computes the stable patch ids of commits, in the cache from then on. Gives how many could not be computed,
    /// with why: objects that are not in a partial clone.
    pub(super) async fn read_patches(
        &self,
        at: &Repository,
        cache: &mut PatchCache,
        commits: &[Oid],
        cancel: &Cancel,
    ) -> Result<usize, GitError> {
        let mut missing = 0;
        for batch in commits.chunks(BATCH) {
            let asked: String = batch.iter().map(|oid| format!("{oid}\n")).collect();
            let diffs = self.plain(at, "diff-tree").args(["--stdin", "-p", "-r", "--root"]).args(PLAIN);
            let ids = self.plain(at, "patch-id").arg("--stable");
            let (status, output) = diffs.stdin(asked).run_into(&ids, cancel).await?;
            let answer = lossy(checked(output, "patch-id")?);
            let mut pairs = Vec::new();
            for line in answer.lines() {
                let Some((patch, commit)) = line.split_once(' ') else { continue };
                pairs.push((Oid::parse(commit)?, Oid::parse(patch)?));
            }
            if !status.success() {
                // The diff broke off in the middle of the commit that came last.
                pairs.pop();
                missing += batch.len() - pairs.len();
            }
            let told: HashSet<Oid> = pairs.iter().map(|(commit, _)| *commit).collect();
            for (commit, patch) in pairs {
                let mut id = [0; 20];
                id.copy_from_slice(&patch.bytes()[..20]);
                cache.set_patch(&commit, Some(id));
            }
            if !status.success() {
                if !at.partial {
                    let why = "a commit could not be compared: the clone lacks objects, see git fsck";
                    return Err(GitError::Unreadable { command: "diff-tree".into(), why: why.into() });
                }
                continue;
            }
            // Commits that have no diff have no patch id either.
            for commit in batch.iter().filter(|oid| !told.contains(*oid)) {
                cache.set_patch(commit, None);
            }
        }
        Ok(missing)
    }
}

/// Reads `<commit> NUL (<status> NUL <path> NUL)*` of `diff-tree --stdin -z --name-status`, and gives `each` every
/// commit with a path of it, none for the commit alone. A status is never as long as an id, so no file name can pass
/// for a commit.
pub(super) fn names(answer: &[u8], mut each: impl FnMut(Oid, Option<&[u8]>)) -> Result<(), GitError> {
    let bad = |why: &str| GitError::Unreadable { command: "diff-tree".to_owned(), why: why.to_owned() };
    let mut fields = answer.split(|byte| *byte == 0);
    let mut now = None;
    while let Some(field) = fields.next() {
        if field.is_empty() {
            continue;
        }
        if field.len() >= 40 {
            let oid = Oid::parse(std::str::from_utf8(field).map_err(|_| bad("no commit"))?)?;
            now = Some(oid);
            each(oid, None);
            continue;
        }
        match (fields.next(), now) {
            (Some(path), Some(oid)) => each(oid, Some(path)),
            _ => return Err(bad("a status without a file")),
        }
    }
    Ok(())
}

/// The header of each commit that was asked: a hash of the names of its files.
fn headers(answer: &[u8], asked: &[Oid]) -> Result<Vec<(Oid, [u8; 8])>, GitError> {
    let mut sums: HashMap<Oid, Sha256> = HashMap::with_capacity(asked.len());
    names(answer, |oid, path| {
        if let Some(path) = path {
            let sum = sums.entry(oid).or_default();
            sum.update(path);
            sum.update([0]);
        }
    })?;
    let header = |oid: &Oid| {
        let mut header = NOTHING;
        if let Some(sum) = sums.get(oid) {
            header.copy_from_slice(&sum.clone().finalize()[..8]);
        }
        (*oid, header)
    };
    Ok(asked.iter().map(header).collect())
}

/// The commits whose patches must be computed, given which are of the trunk: those that change the same files as one
/// of the other side. With `loose`, those of the lines are compared with each other too.
pub(super) fn colliding(cache: &PatchCache, commits: &[(Oid, bool)], loose: bool) -> Vec<Oid> {
    let mut sides: HashMap<[u8; 8], (u32, u32)> = HashMap::new();
    for (oid, trunk) in commits {
        if let Some(header) = cache.header(oid).filter(|header| *header != NOTHING) {
            let side = sides.entry(header).or_default();
            if *trunk { side.0 += 1 } else { side.1 += 1 }
        }
    }
    let meets = |oid: &Oid| {
        let sides = cache.header(oid).and_then(|it| sides.get(&it));
        sides.is_some_and(|(trunk, lines)| *lines > 0 && (*trunk > 0 || loose && *lines > 1))
    };
    let unread = |oid: &Oid| cache.patch(oid) == Some(super::cache::Patch::Unread);
    commits.iter().map(|(oid, _)| *oid).filter(|oid| meets(oid) && unread(oid)).collect()
}
