//! A history with a queue of picks, made for a measurement, and the git that makes it.

use gonogo::git::Git;
use gonogo::release::ids::Oid;
use gonogo::release::predict::Picked;
use gonogo::spawn::{Call, Cancel, Output};
use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

/// Whatever goes wrong ends a measurement.
pub type Anything<T> = Result<T, Box<dyn Error>>;

/// Files of the tree, picks of the queue, rounds of which the best counts.
pub struct Size {
    /// Files.
    pub files: usize,
    /// Picks.
    pub picks: usize,
    /// Rounds.
    pub rounds: usize,
}

/// The best of all rounds.
#[derive(Default)]
pub struct Best(Option<Duration>);

impl Best {
    /// Takes a round that started then and ends now.
    pub fn take(&mut self, start: Instant) {
        self.put(start.elapsed());
    }

    /// Takes a round that took so long.
    pub fn put(&mut self, took: Duration) {
        self.0 = Some(self.0.map_or(took, |best| best.min(took)));
    }

    /// The best, in milliseconds.
    pub fn ms(&self) -> f64 {
        self.0.unwrap_or_default().as_secs_f64() * 1000.0
    }
}

/// Runs git, whatever comes of it.
async fn run(git: &Git, dir: &Path, words: &[&str], stdin: &str) -> Anything<Output> {
    let mut call =
        Call::new(git.program()).dir(dir).args(["-c", "gc.auto=0", "-c", "maintenance.auto=false"]);
    for who in ["AUTHOR", "COMMITTER"] {
        call = call.env(format!("GIT_{who}_NAME"), "Cy").env(format!("GIT_{who}_EMAIL"), "cy@example.org");
    }
    let call = call.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").args(words);
    Ok(call.stdin(stdin).run(&Cancel::new()).await?)
}

/// Runs git, which must succeed, and gives what it wrote.
pub async fn must(git: &Git, dir: &Path, words: &[&str]) -> Anything<String> {
    let output = run(git, dir, words, "").await?;
    if !output.status.success() {
        return Err(format!("git {words:?}: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A tree of files in directories as projects have them, a line that went its own way, and changes of two files
/// each on the trunk, every tenth on top of the one before.
pub async fn history(git: &Git, dir: &Path, size: &Size) -> Anything<(Oid, Vec<Picked>)> {
    must(git, dir, &["init", "-q", "--initial-branch=main"]).await?;
    let path = |n: usize| format!("src/part{}/area{}/file{n}.rs", n % 20, n % 150);
    let text = |n: usize, change: &[(usize, usize)]| {
        let line = |at: usize| match change.iter().rev().find(|(line, _)| *line == at) {
            Some((_, by)) => format!("    changed({by});\n"),
            None => format!("    call_{n}_{at}();\n"),
        };
        (0..60).map(line).collect::<String>()
    };
    let mut stream = String::new();
    let mut commit = |branch: &str, mark: usize, from: Option<usize>, files: &[(String, String)]| {
        let _ = write!(
            stream,
            "commit refs/heads/{branch}\nmark :{mark}\ncommitter Cy <cy@example.org> {} +0000\n",
            1_704_067_200 + mark
        );
        let _ = write!(stream, "data 6\nChange\n");
        if let Some(from) = from {
            let _ = writeln!(stream, "from :{from}");
        }
        for (name, text) in files {
            let _ = write!(stream, "M 100644 inline {name}\ndata {}\n{text}\n", text.len());
        }
    };
    let start: Vec<_> = (0..size.files).map(|n| (path(n), text(n, &[]))).collect();
    commit("main", 1, None, &start);
    let mut mark = 1;
    let mut own = Some(1);
    for n in 0..size.picks / 2 {
        mark += 1;
        let file = (n * 31 + 7) % size.files;
        commit("release", mark, own.take(), &[(path(file), text(file, &[(50, n)]))]);
    }
    let (mut from, mut made) = (Some(1), Vec::new());
    for n in 0..size.picks {
        mark += 1;
        let one = (n - usize::from(n % 10 == 9)) * 37 % size.files;
        let two = (n * 53 + 11) % size.files;
        let lines: &[_] = if n % 10 == 9 { &[(5, n - 1), (6, n)] } else { &[(5, n)] };
        commit(
            "main",
            mark,
            from.take(),
            &[(path(one), text(one, lines)), (path(two), text(two, &[(30, n)]))],
        );
        made.push(mark);
    }
    let output = run(git, dir, &["fast-import", "--quiet"], &stream).await?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tip = Oid::parse(must(git, dir, &["rev-parse", "release"]).await?.trim())?;
    let list = must(git, dir, &["rev-list", "--reverse", &format!("-{}", made.len()), "main"]).await?;
    let queue = list.lines().map(|hex| Ok(Picked::from(Oid::parse(hex)?))).collect::<Anything<Vec<_>>>()?;
    Ok((tip, queue))
}
