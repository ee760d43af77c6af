//! Real cherry-picks in a worktree of a scratch repository that borrows the objects of a clone.

use crate::chains::Chain;
use gonogo::git::{Git, Repository};
use gonogo::release::ids::Oid;
use gonogo::release::predict::{Picked, Prediction, Verdict};
use gonogo::spawn::{Call, Cancel, Output};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What came of a pick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Real {
    Clean(Oid, Vec<String>),
    Conflict(Vec<String>),
    Empty,
    Failed(String),
}

impl Real {
    pub fn of(prediction: &Prediction) -> Self {
        match &prediction.verdict {
            Verdict::Clean(applied) | Verdict::CleanAfter(applied, _) => Self::Clean(
                applied.tree,
                applied.files.iter().map(|file| file.path.raw().to_owned()).collect(),
            ),
            Verdict::Conflict(conflict) => {
                Self::Conflict(conflict.files.iter().map(|file| file.path.raw().to_owned()).collect())
            }
            Verdict::Empty(_) => Self::Empty,
            Verdict::Unknown(why) => Self::Failed(why.line()),
        }
    }
}

/// A git that reads no configuration of the machine.
pub fn plain(git: Git) -> Git {
    git.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1")
}

pub struct Scratch {
    git: Git,
    dir: TempDir,
}

impl Scratch {
    /// One for the first chain whose start can be checked out.
    pub async fn of_first(git: &Git, at: &Repository, chains: &[Chain]) -> Option<Self> {
        for chain in chains {
            if let Ok(scratch) = Self::new(git, at, chain.onto).await {
                return Some(scratch);
            }
        }
        None
    }

    /// A repository whose objects are those of the clone, with a full worktree of a commit.
    async fn new(git: &Git, at: &Repository, onto: Oid) -> anyhow::Result<Self> {
        let scratch = Self { git: git.clone(), dir: TempDir::new()? };
        let root = scratch.dir.path().to_owned();
        scratch.must(&root, &["init", "-q", "repository"]).await?;
        let objects = at.common_dir.join("objects");
        std::fs::write(
            scratch.repository().join(".git/objects/info/alternates"),
            format!("{}\n", objects.display()),
        )?;
        let place = scratch.work().display().to_string();
        scratch
            .must(&scratch.repository(), &["worktree", "add", "-q", "--detach", &place, &onto.to_string()])
            .await?;
        Ok(scratch)
    }

    pub fn repository(&self) -> PathBuf {
        self.dir.path().join("repository")
    }

    fn work(&self) -> PathBuf {
        self.dir.path().join("work")
    }

    pub async fn run(&self, dir: &Path, words: &[&str]) -> anyhow::Result<Output> {
        let mut call = Call::new(self.git.program()).dir(dir).args([
            "-c",
            "gc.auto=0",
            "-c",
            "core.hooksPath=/dev/null",
        ]);
        for who in ["AUTHOR", "COMMITTER"]
            .into_iter()
            .flat_map(|it| [(it, "NAME", "Cy"), (it, "EMAIL", "cy@example.org")])
        {
            call = call.env(format!("GIT_{}_{}", who.0, who.1), who.2);
        }
        let call = call.args(words).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        Ok(call.env("LC_ALL", "C").env("GIT_EDITOR", "true").run(&Cancel::new()).await?)
    }

    async fn must(&self, dir: &Path, words: &[&str]) -> anyhow::Result<String> {
        let output = self.run(dir, words).await?;
        let said = String::from_utf8_lossy(&output.stderr);
        anyhow::ensure!(output.status.success(), "git {words:?}: {said}");
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    pub async fn check_out(&self, onto: Oid) -> anyhow::Result<()> {
        self.must(&self.work(), &["checkout", "-q", "-f", "--detach", &onto.to_string()]).await?;
        Ok(())
    }

    pub async fn pick(&self, pick: Picked) -> anyhow::Result<Output> {
        let mainline = pick.mainline.map(|number| format!("-m{number}"));
        let commit = pick.commit.to_string();
        let mut words = vec!["cherry-pick"];
        words.extend(mainline.as_deref());
        words.push(&commit);
        self.run(&self.work(), &words).await
    }

    /// What a pick came to, and the worktree as it was before when it did not apply.
    pub async fn outcome(&self, output: &Output) -> anyhow::Result<Real> {
        let work = self.work();
        if output.status.success() {
            let tree = Oid::parse(self.must(&work, &["rev-parse", "HEAD^{tree}"]).await?.trim())?;
            let files = ["diff-tree", "-r", "-z", "--name-only", "--no-renames", "HEAD^", "HEAD"];
            let files = self.must(&work, &files).await?;
            return Ok(Real::Clean(tree, sorted(files.split_terminator('\0'))));
        }
        let unmerged = self.must(&work, &["ls-files", "-u", "-z"]).await?;
        let unmerged = sorted(unmerged.split_terminator('\0').filter_map(|it| Some(it.split_once('\t')?.1)));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        self.must(&work, &["reset", "-q", "--hard"]).await?;
        self.must(&work, &["clean", "-q", "-ffdx"]).await?;
        Ok(if !unmerged.is_empty() || said.contains("could not apply") {
            Real::Conflict(unmerged)
        } else if said.contains("is now empty") {
            Real::Empty
        } else {
            Real::Failed(said)
        })
    }
}

fn sorted<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut paths: Vec<_> = paths.map(str::to_owned).collect();
    paths.sort();
    paths.dedup();
    paths
}
