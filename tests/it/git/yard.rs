//! A yard to build repositories in: temporary, by real git, with pinned dates, so that hashes never change.

use gonogo::git::{Git, Graph, Line, LinesAsk, Refs, Repository, find};
use gonogo::release::ids::{Branch, Oid, Tag};
use gonogo::spawn::{Call, Cancel, Output, Program};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Seconds since 1970 of the first commit: 2024-01-01 00:00 UTC. Each one after it is a minute later.
pub const FIRST: i64 = 1_704_067_200;

pub struct Yard {
    dir: TempDir,
    clock: Cell<i64>,
    program: Program,
}

pub fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(work)
}

/// A git that reads no configuration of the machine.
pub fn git() -> Git {
    let git = run(Git::locate()).unwrap();
    git.with_env("GIT_CONFIG_GLOBAL", "/dev/null").with_env("GIT_CONFIG_NOSYSTEM", "1")
}

pub fn branch(name: &str) -> Branch {
    Branch::parse(name).unwrap()
}

pub fn tag(name: &str) -> Tag {
    Tag::parse(name).unwrap()
}

pub fn oid(hex: &str) -> Oid {
    Oid::parse(hex.trim()).unwrap()
}

impl Yard {
    /// A repository `repo` with the branch `main` and no commit.
    pub fn new() -> Self {
        Self::with(&["--initial-branch=main"])
    }

    pub fn with(init: &[&str]) -> Self {
        let dir = TempDir::new().unwrap();
        let yard = Self { dir, clock: Cell::new(FIRST), program: Program::find("git").unwrap() };
        let mut words = vec!["init", "-q"];
        words.extend(init);
        words.push("repo");
        assert!(yard.raw(yard.dir.path(), &words, b"").status.success());
        yard
    }

    pub fn root(&self) -> &Path {
        self.dir.path()
    }

    pub fn path(&self) -> PathBuf {
        self.root().join("repo")
    }

    pub fn at(&self) -> Repository {
        find(&self.path()).unwrap()
    }

    /// Runs git in a directory, whatever comes of it.
    pub fn raw(&self, dir: &Path, words: &[&str], stdin: &[u8]) -> Output {
        let date = format!("{} +0000", self.clock.get());
        let call = Call::new(&self.program)
            .dir(dir)
            .args([
                "-c",
                "commit.gpgsign=false",
                "-c",
                "tag.gpgsign=false",
                "-c",
                "protocol.file.allow=always",
            ])
            .args(words)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_NAME", "Ada")
            .env("GIT_AUTHOR_EMAIL", "ada@example.org")
            .env("GIT_COMMITTER_NAME", "Cy")
            .env("GIT_COMMITTER_EMAIL", "cy@example.org")
            .env("GIT_AUTHOR_DATE", &date)
            .env("GIT_COMMITTER_DATE", &date)
            .env("LC_ALL", "C")
            .stdin(stdin);
        run(call.run(&Cancel::new())).unwrap()
    }

    /// Runs git in `repo`, which must succeed, and gives what it wrote without the last line feed.
    pub fn git(&self, words: &[&str]) -> String {
        self.git_in(&self.path(), words)
    }

    pub fn git_in(&self, dir: &Path, words: &[&str]) -> String {
        let output = self.raw(dir, words, b"");
        assert!(output.status.success(), "git {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim_end_matches('\n').to_owned()
    }

    pub fn tick(&self) {
        self.clock.set(self.clock.get() + 60);
    }

    /// Writes a file and commits it.
    pub fn commit(&self, file: &str, text: &str, message: &str) -> Oid {
        let path = self.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self.git(&["add", "--", file]);
        self.git(&["commit", "-q", "-m", message]);
        self.tick();
        self.head()
    }

    pub fn head(&self) -> Oid {
        oid(&self.git(&["rev-parse", "HEAD"]))
    }

    /// A bare `origin.git` beside it, with everything pushed, and the remote-tracking refs of a clone.
    pub fn with_origin(&self) -> PathBuf {
        let bare = self.root().join("origin.git");
        let format = format!("--object-format={}", self.git(&["rev-parse", "--show-object-format"]));
        let words = ["init", "-q", "--bare", "--initial-branch=main", &format, "origin.git"];
        self.git_in(self.root(), &words);
        self.git(&["remote", "add", "origin", bare.to_str().unwrap()]);
        self.git(&["push", "-q", "origin", "--all"]);
        self.git(&["push", "-q", "origin", "--tags"]);
        self.git(&["fetch", "-q", "origin"]);
        bare
    }

    pub fn refs(&self) -> Refs {
        run(git().refs(&self.at())).unwrap()
    }

    /// All lines but the trunk `main`, compared.
    pub fn lines(&self, tags: &[&str]) -> Vec<Line> {
        let (git, at, refs) = (git(), self.at(), self.refs());
        let ask = ask(&refs, tags);
        run(git.lines(&at, &mut Graph::new(), &refs, &ask)).unwrap()
    }

    /// An executable shell script beside the repository, and its path.
    pub fn script(&self, name: &str, body: &str) -> String {
        let path = self.root().join(name);
        put_script(&path, body);
        path.to_str().unwrap().to_owned()
    }

    /// A script that leaves a mark when it is run, and its path.
    pub fn trap(&self, name: &str) -> String {
        self.script(name, &format!("echo {name} \"$@\" >> '{}'", self.root().join("marker").display()))
    }

    /// What the traps wrote.
    pub fn sprung(&self) -> String {
        std::fs::read_to_string(self.root().join("marker")).unwrap_or_default()
    }
}

pub fn ask(refs: &Refs, tags: &[&str]) -> LinesAsk {
    let trunk = branch("main");
    let branches = refs.branches.keys().filter(|name| **name != trunk).cloned().collect();
    LinesAsk { trunk, branches, tags: tags.iter().map(|name| tag(name)).collect(), list_cap: 50 }
}

/// Writes an executable shell script.
///
/// Another process writes it: what a test beside this one starts at this moment would inherit the open file from this
/// one for a moment, and no file that is open for writing can be run ("Text file busy", execve(2)).
pub fn put_script(path: &Path, body: &str) {
    use std::io::Write as _;
    #[expect(clippy::disallowed_methods, reason = "a test sets its ground up")]
    let mut shell = std::process::Command::new("/bin/sh");
    shell.args(["-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh"]).arg(path);
    let mut writer = shell.stdin(std::process::Stdio::piped()).spawn().unwrap();
    writer.stdin.take().unwrap().write_all(format!("#!/bin/sh\n{body}\n").as_bytes()).unwrap();
    assert!(writer.wait().unwrap().success());
}
