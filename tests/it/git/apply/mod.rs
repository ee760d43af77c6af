//! Picks applied for real: what is made, what is left alone, and going on after every kind of stop.
mod answers;
mod basics;
mod bump;
mod crash;
mod places;
mod stops;

use super::yard::{Yard, branch, git, oid, run};
use gonogo::git::Git;
use gonogo::git::apply::{Applied, Item, Order};
use gonogo::release::ids::{Oid, OpId};
use gonogo::spawn::Cancel;
use std::path::PathBuf;

pub const OP: &str = "01K00000000000000000000001";

pub fn op() -> OpId {
    OpId::parse(OP).unwrap()
}

/// A repository with `main` checked out, a line at its first commit, and commits on main to pick.
pub struct Ground {
    pub yard: Yard,
    pub tip: Oid,
}

impl Ground {
    pub fn new() -> Self {
        Self::of(Yard::new())
    }

    pub fn of(yard: Yard) -> Self {
        yard.git(&["config", "user.name", "Rae"]);
        yard.git(&["config", "user.email", "rae@example.org"]);
        yard.commit("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "one");
        let tip = yard.commit("deep/er/b", "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "two");
        yard.git(&["branch", "line"]);
        Self { yard, tip }
    }

    pub fn root(&self) -> PathBuf {
        self.yard.root().join("state")
    }

    pub fn place(&self) -> PathBuf {
        self.root().join(format!("gonogo-picks-{OP}"))
    }

    pub fn work(&self) -> PathBuf {
        self.place().join("work")
    }

    /// Three commits that apply to the line one after the other.
    pub fn three(&self) -> Vec<Oid> {
        let top = self.yard.commit("a", "1\n2\n3\n4\n5\n6\n7\n8\nnine\n", "nine (#7)");
        let deep = self.yard.commit("deep/er/b", "one\n2\n3\n4\n5\n6\n7\n8\n9\n", "deep");
        let new = self.yard.commit("deep/new", "new\n", "new\n\nWith a body.\n");
        vec![top, deep, new]
    }

    /// A commit that conflicts on the line, which gets one of its own.
    pub fn clash(&mut self) -> Oid {
        self.yard.git(&["checkout", "-q", "line"]);
        self.tip = self.yard.commit("deep/er/b", "1\n2\n3\n4\nline\n6\n7\n8\n9\n", "of the line");
        self.yard.git(&["checkout", "-q", "main"]);
        self.yard.commit("deep/er/b", "1\n2\n3\n4\nmain\n6\n7\n8\n9\n", "of main")
    }

    pub fn order(&self, commits: &[Oid]) -> Order {
        let item = |commit: &Oid| Item { commit: *commit, mainline: None, tree: None };
        Order {
            op: op(),
            line: branch("line"),
            tip: self.tip,
            items: commits.iter().map(item).collect(),
            sign_off: false,
            markers: false,
        }
    }

    pub fn apply(&self, commits: &[Oid]) -> Applied {
        self.apply_order(&self.order(commits))
    }

    pub fn apply_order(&self, order: &Order) -> Applied {
        self.apply_by(&git(), order).unwrap()
    }

    pub fn apply_by(&self, git: &Git, order: &Order) -> Result<Applied, gonogo::git::GitError> {
        run(git.apply(&self.yard.at(), &self.root(), order, &Cancel::new()))
    }

    pub fn tree(&self, name: impl ToString) -> Oid {
        oid(&self.yard.git(&["rev-parse", &format!("{}^{{tree}}", name.to_string())]))
    }

    /// The trees that a plain cherry-pick of commits leaves, one after the other.
    pub fn plainly(&self, commits: &[Oid]) -> Vec<Oid> {
        let dir = self.yard.root().join("plain");
        let place = dir.to_str().unwrap();
        self.yard.git(&["worktree", "add", "-q", "--detach", place, &self.tip.to_string()]);
        let pick = |commit: &Oid| {
            self.yard.git_in(&dir, &["cherry-pick", "-x", &commit.to_string()]);
            oid(&self.yard.git_in(&dir, &["rev-parse", "HEAD^{tree}"]))
        };
        let trees = commits.iter().map(pick).collect();
        self.yard.git(&["worktree", "remove", "--force", place]);
        trees
    }

    /// Everything of the user's that a run must leave as it is, byte by byte where it is files.
    pub fn users(&self) -> Vec<String> {
        let bytes = |name: &str| format!("{name} {:?}", std::fs::read(self.yard.path().join(name)).ok());
        let mut all: Vec<_> =
            [".git/index", ".git/config", ".git/HEAD", ".git/logs/HEAD", "a", "deep/er/b"].map(bytes).into();
        let mut names: Vec<_> = std::fs::read_dir(self.yard.path().join(".git")).unwrap().flatten().collect();
        names.sort_by_key(std::fs::DirEntry::file_name);
        all.extend(names.iter().map(|it| it.file_name().to_string_lossy().into_owned()));
        for words in [
            &["stash", "list"][..],
            &["worktree", "list", "--porcelain"],
            &["for-each-ref", "refs/heads", "refs/remotes", "refs/tags", "refs/stash"],
            &["--no-optional-locks", "status", "--porcelain=v2"],
        ] {
            all.push(self.yard.git(words));
        }
        all
    }

    /// Subjects of the commits on top of the tip, oldest first.
    pub fn subjects(&self, tip: Oid) -> Vec<String> {
        let range = format!("{}..{tip}", self.tip);
        self.yard.git(&["log", "--reverse", "--format=%s", &range]).lines().map(str::to_owned).collect()
    }
}

/// The tip that a run came to.
pub fn done(applied: Applied) -> Oid {
    match applied {
        Applied::Done { tip, .. } => tip,
        other => panic!("{other:?}"),
    }
}
