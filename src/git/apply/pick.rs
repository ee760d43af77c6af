//! One pick: `git cherry-pick` in the worktree, and what it left.

use super::record::{Item, Order};
use super::worktree::Workplace;
use crate::git::GitError;
use crate::git::run::said;
use crate::release::ids::Oid;
use crate::release::text::Untrusted;
use crate::spawn::{Cancel, SpawnError};
use std::time::Duration;

/// How long one pick may take: hooks and filters may be slow.
const LONG: Duration = Duration::from_secs(10 * 60);

/// How picking ended.
#[derive(Debug)]
pub(super) enum Left {
    /// Each pick is committed.
    Commits,
    /// The next pick has nothing to commit.
    Nothing,
    /// The next pick has files that are unmerged.
    Unmerged,
    /// git stopped at the next pick for another reason; nothing of it is left.
    Failed(Untrusted),
}

/// A commit of the worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Made {
    pub oid: Oid,
    pub tree: Oid,
    pub parents: Vec<Oid>,
}

impl Workplace {
    /// Picks commits on top of what is there, in one run of git: what it committed, oldest first, and how it ended.
    /// All are taken against the same parent, and by the attributes of the tree before the first.
    pub(super) async fn pick(
        &self,
        order: &Order,
        items: &[Item],
        before: &Made,
        cancel: &Cancel,
    ) -> Result<(Vec<Made>, Left), GitError> {
        let mut options = vec![];
        if self.git.tier().attr_source {
            options.push(format!("--attr-source={}", before.tree));
        }
        let many = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let mut call = self.call(&options).args(["cherry-pick", "-x"]).timeout(LONG.saturating_mul(many));
        if order.sign_off {
            call = call.arg("--signoff");
        }
        if let Some(number) = items.first().and_then(|item| item.mainline) {
            call = call.arg(format!("--mainline={number}"));
        }
        let call = call.args(items.iter().map(|item| item.commit.to_string()));
        let output = match self.finish(&call, cancel).await {
            Ok(output) => output,
            Err(late @ SpawnError::TimedOut { .. }) => {
                let made = self.since(before.oid, &Cancel::new()).await?;
                self.clean(made.last().unwrap_or(before).oid).await?;
                return Ok((made, Left::Failed(late.to_string().into())));
            }
            Err(why) => return Err(why.into()),
        };
        let mut made = self.since(before.oid, cancel).await?;
        if items.len() == 1 && made.len() > 1 {
            // A hook committed more: what counts is what is there at the end.
            made.drain(..made.len() - 1);
        }
        if output.status.success() && !made.is_empty() {
            return Ok((made, Left::Commits));
        }
        if !self.unmerged(cancel).await?.is_empty() {
            return Ok((made, Left::Unmerged));
        }
        let empty = self.run(&["diff-index", "--cached", "--quiet", "HEAD", "--"], cancel).await?;
        // Told by git's exit status alone, a veto of a hook would look like a pick that changes nothing.
        let begun = self.run(&["rev-parse", "--quiet", "--verify", "CHERRY_PICK_HEAD"], cancel).await?;
        let nothing = empty.status.success() && begun.status.success();
        self.clean(made.last().unwrap_or(before).oid).await?;
        let left = if nothing { Left::Nothing } else { Left::Failed(said(&output.stderr).into()) };
        Ok((made, left))
    }

    /// The files that are unmerged.
    pub(super) async fn unmerged(&self, cancel: &Cancel) -> Result<Vec<Untrusted>, GitError> {
        let answer = self.said(&["ls-files", "--unmerged", "-z"], cancel).await?;
        let paths = answer.split(|b| *b == 0).filter_map(|entry| {
            let tab = entry.iter().position(|b| *b == b'\t')?;
            Some(String::from_utf8_lossy(&entry[tab + 1..]).into_owned())
        });
        let mut paths: Vec<_> = paths.collect();
        paths.dedup();
        Ok(paths.into_iter().map(Untrusted::from).collect())
    }

    /// A commit, by any name that git takes in the worktree.
    pub(super) async fn made(&self, name: &str, cancel: &Cancel) -> Result<Made, GitError> {
        let words = ["log", "-1", "--no-show-signature", "--format=%H %T %P", "--end-of-options", name, "--"];
        let text = String::from_utf8_lossy(&self.said(&words, cancel).await?).into_owned();
        made(text.trim()).ok_or_else(|| unreadable(&text))
    }

    /// The commits on top of `from`, oldest first, along first parents.
    pub(super) async fn since(&self, from: Oid, cancel: &Cancel) -> Result<Vec<Made>, GitError> {
        let range = format!("{from}..HEAD");
        let words = ["log", "--reverse", "--first-parent", "--no-show-signature", "--format=%H %T %P"];
        let call = self.call(&[]).args(words).args(["--end-of-options", &range, "--"]);
        let answer = crate::git::run::checked(call.run(cancel).await?, "log")?;
        let text = String::from_utf8_lossy(&answer).into_owned();
        text.lines().map(|line| made(line).ok_or_else(|| unreadable(line))).collect()
    }

    /// Puts index and files back to a commit, and forgets a pick that was begun. A lock that a killed git left in
    /// our own git directory is nobody's: this process holds the place.
    pub(super) async fn clean(&self, head: Oid) -> Result<(), GitError> {
        self.unlock();
        let cancel = Cancel::new();
        self.run(&["cherry-pick", "--quit"], &cancel).await?;
        let _none = std::fs::remove_file(self.git_dir().join("CHERRY_PICK_HEAD"));
        self.said(&["reset", "-q", "--hard", &head.to_string()], &cancel).await?;
        // A reset leaves files checked out that a conflict had brought, and with them git writes the next conflict
        // into no file at all: so all is taken away, and what belongs there is put there as at the beginning.
        self.empty().map_err(|why| super::io(&self.work(), why))?;
        self.said(&["read-tree", "-m", "-u", "HEAD"], &cancel).await.map(|_| ())
    }

    /// Takes away the index and every file of the worktree but the one that says where its git directory is.
    fn empty(&self) -> std::io::Result<()> {
        for entry in self.work().read_dir()? {
            let entry = entry?;
            if entry.file_name() == ".git" {
                continue;
            }
            if entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
        match std::fs::remove_file(self.git_dir().join("index")) {
            Err(why) if why.kind() != std::io::ErrorKind::NotFound => Err(why),
            _ => Ok(()),
        }
    }
}

impl Workplace {
    /// Removes the locks that a killed git left at the top of our git directory.
    pub(super) fn unlock(&self) {
        for entry in self.git_dir().read_dir().into_iter().flatten().flatten() {
            if entry.path().extension().is_some_and(|end| end == "lock") {
                let _gone = std::fs::remove_file(entry.path());
            }
        }
    }
}

fn made(line: &str) -> Option<Made> {
    let mut oids = line.split(' ').filter(|hex| !hex.is_empty()).map(Oid::parse);
    let (oid, tree) = (oids.next()?.ok()?, oids.next()?.ok()?);
    let parents = oids.collect::<Result<_, _>>().ok()?;
    Some(Made { oid, tree, parents })
}

fn unreadable(text: &str) -> GitError {
    GitError::Unreadable { command: "log".into(), why: Untrusted::from(text).line() }
}
